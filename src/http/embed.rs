//! What other people's pages show of a clause: a frame, a web component, a badge, and oEmbed, by which
//! they learn of the frame.

mod badge;
mod builder;
mod card;
pub(super) mod oembed;
mod script;
mod size;

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::ask;
use super::describe::FrameProblems;
use super::extract::ClauseName;
use super::page::place::link_clause;
use super::pair::{Pair, read_pairs, write_pairs};
use super::parameter::{ClausePath, EmbedParams, FilterParams};
use super::problem::Problem;
use super::served::Served;
use crate::answer::{ClauseRecord, ComparablesAnswer, Desk, FILTERS, Params};
pub(super) use builder::show_builder;
pub(super) use oembed::{MAX_URL_CHARACTERS, MOST_PIXELS, WIDTH};

/// What a frame may do: load its style sheet. Any page may frame it.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// What a snippet allows its frame beside that: to open a link in another tab.
const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox";

const STYLE: &str = include_str!("embed/embed.css");

/// What the embeds take beside filters. A frame shows no facets, no pages and no numbers behind scores.
const LAYOUT: [&str; 5] = ["limit", "theme", "min_score", "include_affiliates", "fold"];

/// How many cards an embed has, at most and by default.
pub(super) const MOST_CARDS: usize = 10;
pub(super) const CARDS: usize = 3;

/// Whom other origins' pages may load it into, where those are isolated.
const CROSS_ORIGIN: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));

/// The routes of embeds, with their description.
pub(super) fn collect_routes() -> OpenApiRouter<Served> {
    OpenApiRouter::new()
        .routes(routes!(show_embed))
        .routes(routes!(oembed::read_oembed))
        .routes(routes!(script::read_script))
        .merge(badge::collect_routes())
        .route("/assets/embed.css", get(read_style))
        .route("/assets/builder.js", get(script::read_builder_script))
}

/// Colours of an embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    /// By the reader's setting.
    Auto,
    Light,
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn take(params: &mut Params) -> Result<Self, Problem> {
        let choices = Self::ALL.map(|theme| (theme.as_str(), theme));
        Ok(params.take_choice("theme", &choices, Self::Auto)?)
    }
}

/// A clause with the comparables that an embed shows.
struct Embed {
    id: String,
    /// What was asked for, the theme aside.
    pairs: Vec<Pair>,
    theme: Theme,
    record: ClauseRecord,
    answer: ComparablesAnswer,
}

impl Embed {
    /// Reads what an embed with these parameters shows.
    async fn read(desk: Desk, id: String, mut pairs: Vec<Pair>) -> Result<Self, Problem> {
        let mut params = Params::new(pairs.clone());
        params.restrict(&FILTERS.iter().chain(&LAYOUT).copied().collect::<Vec<_>>())?;
        let theme = Theme::take(&mut params)?;
        let limit = params.take_number("limit", 1..=MOST_CARDS, CARDS)?;
        params.set("limit", limit.to_string());
        pairs.retain(|(name, _)| name != "theme");
        let named = id.clone();
        let (record, answer) =
            ask(desk, async move |desk: &Desk| desk.read_with_comparables(&named, params).await).await?;
        Ok(Self { id, pairs, theme, record, answer })
    }

    /// Where it is.
    fn link(&self) -> String {
        let theme = (self.theme != Theme::Auto).then_some(("theme", self.theme.as_str()));
        let query = write_pairs(self.pairs().chain(theme));
        format!("/embed/clauses/{}{}{query}", self.id, if query.is_empty() { "" } else { "?" })
    }

    /// The clause's page, with the same filters.
    fn link_page(&self) -> String {
        link_clause(&self.id, self.pairs().filter(|(name, _)| *name != "limit"))
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What a screen reader calls its frame.
    fn title(&self) -> String {
        format!("{}: how other platforms handle this", card::name_clause(&self.record))
    }
}

/// A clause and how other platforms handle it, for a frame
///
/// HTML without scripts, for other people's pages. Problems are told in HTML, too.
#[utoipa::path(
    get, path = "/embed/clauses/{id}", tag = "embeds",
    params(ClausePath, FilterParams, EmbedParams),
    responses(
        (status = 200, description = "The frame's page.", body = String, content_type = "text/html"),
        FrameProblems
    )
)]
async fn show_embed(State(desk): State<Desk>, name: Result<ClauseName, Problem>, uri: Uri) -> Response {
    let embed = match (name, read_pairs(uri.query().unwrap_or(""))) {
        (Ok(ClauseName(id)), Ok(pairs)) => Embed::read(desk, id, pairs).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    match embed {
        Ok(embed) => (headers, Html(card::render_embed(&embed).into_string())).into_response(),
        Err(problem) => {
            let page = card::render_problem(&problem).into_string();
            let mut response = (problem.code.status(), headers, Html(page)).into_response();
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // The request's frame logs it.
            response.extensions_mut().insert(problem);
            response
        }
    }
}

async fn read_style() -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        CROSS_ORIGIN,
    ];
    (headers, STYLE).into_response()
}
