//! The API's description, OpenAPI 3.1, from the routes themselves.

mod complete;
mod example;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::StatusCode;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Description, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi, PartialSchema as _};

use super::problem::{Code, ProblemView};
use crate::taxonomy::Taxonomy;

pub(super) use example::show_problem;

/// What is the same for all of it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Crossclause",
        description = "A search engine for what platforms make people agree to: clauses, and how other platforms handle the same thing. Every number is defined in docs/api.md. Parameters are never ignored: one that does not exist, or a value that it does not take, is a 400; values are taken without regard to case. A path that does not exist is a 404 `not_found`, a method that a path does not take a 405 `method_not_allowed`, with the header `Allow`. HEAD works wherever GET does. Nothing here is legal advice.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "Where this description is served.")),
    components(schemas(ProblemView<'static>)),
    modifiers(&Keys),
    tags(
        (name = "clauses", description = "Clauses, and how other platforms handle the same thing."),
        (name = "history", description = "Wordings of the past, and what changed."),
        (name = "search", description = "Clauses by words, and counts."),
        (name = "tables", description = "Flat rows, streamed."),
        (name = "lists", description = "What there is."),
        (name = "writes", description = "For those who have a key."),
        (name = "embeds", description = "Clauses on other people's pages."),
        (name = "operations", description = "For those who run it."),
    ),
)]
pub(super) struct Api;

/// How writers say who they are.
struct Keys;

impl Modify for Keys {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A write key of this server: `crossclause config --new-key NAME` makes one."));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer.build()));
    }
}

/// The description, with the values of a taxonomy.
pub(super) fn describe_api(taxonomy: &Taxonomy) -> Description {
    let mut description = super::collect_routes().into_openapi();
    complete::complete(&mut description, taxonomy);
    description
}

/// The description, pretty-printed.
pub(super) fn write_description(taxonomy: &Taxonomy) -> String {
    let mut text = describe_api(taxonomy).to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The description of a server, once somebody has asked for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Described(Arc<(OnceLock<Bytes>, OnceLock<Value>)>);

impl Described {
    /// It as it is served.
    pub(super) fn text(&self, taxonomy: &Taxonomy) -> Bytes {
        self.0.0.get_or_init(|| Bytes::from(write_description(taxonomy))).clone()
    }

    /// It to be shown.
    pub(super) fn value(&self, taxonomy: &Taxonomy) -> &Value {
        self.0.1.get_or_init(|| serde_json::from_slice(&self.text(taxonomy)).unwrap_or_default())
    }
}

macro_rules! problems {
    ($($(#[$meta:meta])* $name:ident = $($code:ident)*;)*) => {$(
        $(#[$meta])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                describe_problems(&[$(Code::$code),*])
            }
        }
    )*};
}

problems! {
    /// Of what takes no parameter.
    PlainProblems = UnknownParameter BadParameter NotReady Internal;
    /// Of measures.
    MetricsProblems = UnknownParameter BadParameter;
    /// Of readiness.
    ReadyProblems = NotReady;
    /// Of a clause.
    ClauseProblems = UnknownParameter BadParameter ClauseNotFound ClauseGone NotReady DeadlineExceeded Internal;
    /// Of counts.
    StatsProblems = UnknownParameter InvalidValue BadParameter NotReady DeadlineExceeded Internal;
    /// Of lists with pages.
    ListProblems = UnknownParameter InvalidValue BadParameter InvalidCursor CursorExpired NotReady
        DeadlineExceeded Internal;
    /// Of a platform.
    PlatformProblems = UnknownParameter BadParameter PlatformNotFound NotFound NotReady Internal;
    /// Of a document.
    DocumentProblems = UnknownParameter InvalidValue BadParameter InvalidCursor CursorExpired DocumentNotFound
        NotFound NotReady Internal;
    /// Of a clause type.
    ClauseTypeProblems = UnknownParameter InvalidValue BadParameter InvalidCursor CursorExpired
        ClauseTypeNotFound NotFound NotReady DeadlineExceeded Internal;
    /// Of suggestions.
    SuggestProblems = UnknownParameter InvalidValue BadParameter NotReady Internal;
    /// Of a clause's comparables.
    ComparablesProblems = UnknownParameter InvalidValue BadParameter InvalidCursor ClauseNotFound ClauseGone
        CursorExpired NotReady DeadlineExceeded Internal;
    /// Of a clause's history.
    HistoryProblems = UnknownParameter InvalidValue BadParameter InvalidCursor ClauseNotFound CursorExpired
        NotReady Internal;
    /// Of a comparison of two wordings.
    DiffProblems = UnknownParameter BadParameter ClauseNotFound ClauseGone WordingNotFound NotReady Internal;
    /// Of writing.
    WriteProblems = UnknownParameter InvalidValue BadParameter InvalidBody BodyTooLarge UnsupportedMediaType
        Unauthorized WritesDisabled RecordRejected NotReady WriteInProgress Internal;
    /// Of removing.
    RemoveProblems = UnknownParameter BadParameter Unauthorized WritesDisabled ClauseNotFound ClauseGone NotReady
        WriteInProgress Internal;
    /// Of oEmbed.
    OembedProblems = InvalidValue BadParameter UrlNotFound ClauseNotFound ClauseGone FormatNotProvided NotReady
        DeadlineExceeded Internal;
    /// Of a badge.
    BadgeProblems = UnknownParameter InvalidValue BadParameter NotFound ClauseNotFound ClauseGone NotReady
        DeadlineExceeded Internal;
    /// Of a pasted text's comparables.
    PastedProblems = UnknownParameter InvalidValue BadParameter InvalidCursor InvalidBody CursorExpired
        BodyTooLarge UnsupportedMediaType NotReady DeadlineExceeded Internal;
}

/// Of a page in a frame, where problems are told in HTML.
pub(super) struct FrameProblems;

impl IntoResponses for FrameProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = ComparablesProblems::responses();
        for response in responses.values_mut() {
            if let RefOr::T(response) = response {
                let page = ContentBuilder::new().schema(Some(String::schema())).build();
                response.content = [("text/html".to_owned(), page.into())].into_iter().collect();
            }
        }
        responses
    }
}

fn describe_problems(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<StatusCode, Vec<&Code>> = BTreeMap::new();
    // Whatever reads the collection takes its turn, and every address has its rate.
    let turned = codes.contains(&Code::Internal).then_some(&Code::Overloaded);
    let mut codes: Vec<&Code> = codes.iter().chain(turned).chain([&Code::RateLimited]).collect();
    codes.dedup();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status
        .into_iter()
        .map(|(status, codes)| {
            let lines: Vec<String> =
                codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
            let example = |code: &Code| {
                (code.as_str(), RefOr::Ref(Ref::new(format!("#/components/examples/{}", code.as_str()))))
            };
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .examples_from_iter(codes.iter().map(|code| example(code)))
                .build();
            let response = ResponseBuilder::new()
                .description(lines.join("\n"))
                .content("application/problem+json", content)
                .build();
            (status.as_str().to_owned(), response.into())
        })
        .collect()
}
