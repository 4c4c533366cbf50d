//! oEmbed 1.0 (oembed.com): from the address of a clause's page to a frame.

use std::io;

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use serde::Serialize;
use utoipa::ToSchema;

use super::size::{estimate_height, hold};
use super::{Embed, FILTERS, LAYOUT, MOST_CARDS, SANDBOX, Theme};
use crate::answer::Desk;
use crate::clause::Collection;
use crate::http::answer::write_json;
use crate::http::describe::OembedProblems;
use crate::http::extract::Asked;
use crate::http::feed::write_text;
use crate::http::origin::Origin;
use crate::http::page::layout::Alternate;
use crate::http::pair::{Pair, decode, read_pairs, write_pairs};
use crate::http::parameter::OembedParams;
use crate::http::problem::{Code, Problem};

/// For how many seconds a consumer may keep an answer.
const CACHE_AGE: u32 = 3_600;

/// The width of a frame whose consumer sets no limit, in pixels.
pub(super) const WIDTH: usize = 640;

/// The largest width and height that mean anything.
const MOST_PIXELS: usize = 100_000;

/// The formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Format {
    Json,
    Xml,
}

/// What to put into a page in place of a link to a clause: oEmbed 1.0, type `rich`.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OembedAnswer {
    /// Always `rich`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Always `1.0`.
    version: &'static str,
    /// Platform and title of the clause.
    title: String,
    /// The platform whose clause it is.
    author_name: String,
    /// Its clauses.
    author_url: String,
    /// Always `Crossclause`.
    provider_name: &'static str,
    /// This server.
    provider_url: String,
    /// For how many seconds this may be kept.
    cache_age: u32,
    /// The frame, sandboxed.
    html: String,
    /// Its width in pixels.
    width: usize,
    /// Its height in pixels, estimated from the texts.
    height: usize,
    /// The collection that the clause comes from, with licence and attribution: no part of oEmbed. The frame
    /// names that of every text that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    collection: Option<Collection>,
}

/// The address of a page's oEmbed.
pub(in crate::http) fn link_oembed(origin: &Origin, page: &str, format: Format) -> Alternate {
    let (format, media_type) = match format {
        Format::Json => ("json", "application/json+oembed"),
        Format::Xml => ("xml", "text/xml+oembed"),
    };
    let query = write_pairs([("url", origin.link(page).as_str()), ("format", format)]);
    Alternate { href: origin.link(&format!("/oembed?{query}")), media_type }
}

/// A clause's page as oEmbed
///
/// A sandboxed frame for a clause's page of this server, with the filters in its address: oEmbed 1.0. Clause
/// pages name this address in a `link` element and in the header `Link`. Other parameters than these are
/// ignored, since consumers send some of their own.
#[utoipa::path(
    get, path = "/oembed", tag = "embeds",
    params(
        ("url" = String, Query, description = "The address of a clause's page of this server."),
        OembedParams
    ),
    responses(
        (status = 200, description = "The frame.", content((OembedAnswer = "application/json"), (String = "text/xml"))),
        OembedProblems
    )
)]
pub(super) async fn read_oembed(
    State(desk): State<Desk>,
    origin: Origin,
    Asked(mut params): Asked,
) -> Result<Response, Problem> {
    let url = params
        .take_one("url")?
        .ok_or_else(|| Problem::bad_parameter("url", "is missing; give the address of a clause's page"))?;
    let format = match params.take_one("format")?.as_deref() {
        None | Some("json") => Format::Json,
        Some("xml") => Format::Xml,
        Some(_) => {
            let allowed = vec!["json".to_owned(), "xml".to_owned()];
            let problem = Problem::new(Code::FormatNotProvided, "`format` can be json or xml.");
            return Err(Problem { parameter: Some("format".into()), allowed, ..problem });
        }
    };
    let widest = params.take_number("maxwidth", 1..=MOST_PIXELS, WIDTH)?;
    let highest = params.take_number("maxheight", 1..=MOST_PIXELS, MOST_PIXELS)?;
    let theme = Theme::take(&mut params)?;
    let (id, mut pairs) = read_url(&origin, &url)?;
    pairs.push(("theme".to_owned(), theme.as_str().to_owned()));
    let embed = Embed::read(desk, id, pairs).await.map_err(|problem| match problem.code {
        Code::InvalidValue | Code::BadParameter => not_found(&problem.detail),
        _ => problem,
    })?;
    let width = widest.min(WIDTH);
    let height = hold(estimate_height(&embed, width), highest);
    let answer = describe_frame(&embed, &origin, width, height);
    match format {
        Format::Json => Ok(write_json(&answer)),
        Format::Xml => {
            let text = write_xml(&answer).map_err(|error| Problem::internal(&error))?;
            Ok(([(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"))], text).into_response())
        }
    }
}

fn not_found(problem: &str) -> Problem {
    let detail =
        format!("{problem}: give the address of a clause's page of this server, as the page has it.");
    Problem { parameter: Some("url".into()), ..Problem::new(Code::UrlNotFound, detail) }
}

/// The clause of a page, and what of its parameters an embed takes.
fn read_url(origin: &Origin, url: &str) -> Result<(String, Vec<Pair>), Problem> {
    let (path, query) =
        origin.find_path(url).ok_or_else(|| not_found("`url` is no address of this server"))?;
    let id = path.strip_prefix("/clauses/").filter(|id| !id.is_empty() && !id.contains('/'));
    let id = id.ok_or_else(|| not_found("`url` is no page of a clause"))?;
    let taken = |name: &str| name != "theme" && (FILTERS.contains(&name) || LAYOUT.contains(&name));
    let unread = |problem: Problem| not_found(&problem.detail);
    let mut pairs = read_pairs(&query).map_err(unread)?;
    pairs.retain(|(name, value)| taken(name) && !value.is_empty());
    for (name, value) in &mut pairs {
        // A page has more entries than an embed.
        if name == "limit" && value.parse::<usize>().is_ok_and(|limit| limit > MOST_CARDS) {
            *value = MOST_CARDS.to_string();
        }
    }
    Ok((decode(id).map_err(unread)?, pairs))
}

fn describe_frame(embed: &Embed, origin: &Origin, width: usize, height: usize) -> OembedAnswer {
    let record = &embed.record;
    let text = |path: &[&str]| record.find_text(path).unwrap_or_default().to_owned();
    let collection = record.record.get("collection").cloned().map(serde_json::from_value);
    OembedAnswer {
        kind: "rich",
        version: "1.0",
        title: super::card::name_clause(record),
        author_name: text(&["platform", "name"]),
        author_url: origin
            .link(&format!("/?{}", write_pairs([("platform", text(&["platform", "id"]).as_str())]))),
        provider_name: "Crossclause",
        provider_url: origin.link("/"),
        cache_age: CACHE_AGE,
        html: render_frame(embed, &origin.link(&embed.link()), width, height).into_string(),
        width,
        height,
        collection: collection.and_then(Result::ok),
    }
}

/// A frame for an embed: narrower where its place is.
pub(super) fn render_frame(embed: &Embed, address: &str, width: usize, height: usize) -> Markup {
    html! {
        iframe src=(address) title=(embed.title()) width=(width) height=(height) loading="lazy"
            style="border:0;max-width:100%" sandbox=(SANDBOX) {}
    }
}

fn write_xml(answer: &OembedAnswer) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), Some("yes"))))?;
    writer.create_element("oembed").write_inner_content(|writer| {
        for (name, text) in [
            ("type", answer.kind),
            ("version", answer.version),
            ("title", &answer.title),
            ("author_name", &answer.author_name),
            ("author_url", &answer.author_url),
            ("provider_name", answer.provider_name),
            ("provider_url", &answer.provider_url),
            ("cache_age", &answer.cache_age.to_string()),
            ("html", &answer.html),
            ("width", &answer.width.to_string()),
            ("height", &answer.height.to_string()),
        ] {
            write_text(writer, name, text)?;
        }
        let Some(Collection { id, license, attribution, url }) = &answer.collection else { return Ok(()) };
        writer.create_element("collection").write_inner_content(|writer| {
            write_text(writer, "id", id)?;
            for (name, text) in [("license", license), ("attribution", attribution), ("url", url)] {
                if let Some(text) = text {
                    write_text(writer, name, text)?;
                }
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(writer.into_inner())
}
