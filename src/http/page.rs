//! The pages: server-rendered. Scripts improve what works without them.

mod chart;
mod cite;
pub(super) mod clause;
mod clause_type;
mod compare;
mod docs;
mod document;
mod entity;
pub(super) mod entry;
mod facet;
pub(super) mod label;
pub(super) mod layout;
mod nothing;
mod overview;
mod paste;
pub(super) mod place;
mod platform;
mod search;
mod timeline;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::embed::show_builder;
use super::extract::MAX_FORM_BYTES;
use super::problem::Problem;
use super::served::Served;

/// The style sheet: one design, its parts by what they dress.
const STYLE: &str = concat!(
    include_str!("page/style/base.css"),
    include_str!("page/style/box.css"),
    include_str!("page/style/answer.css"),
    include_str!("page/style/clause.css"),
    include_str!("page/style/chart.css"),
    include_str!("page/style/docs.css"),
    include_str!("page/style/print.css"),
);

/// How long browsers keep styles and scripts without asking.
const CACHED: &str = "public, max-age=300";

/// The routes of pages and of what dresses them.
pub(super) fn collect_routes() -> Router<Served> {
    let box_of_pages = get(search::show_page).post(paste::show_pasted);
    Router::new()
        .route("/", box_of_pages.layer(DefaultBodyLimit::max(MAX_FORM_BYTES)))
        .route("/clauses/{id}", get(clause::show_clause))
        .route("/clause-types", get(clause_type::show_clause_types))
        .route("/clause-types/{id}", get(clause_type::show_clause_type))
        .route("/platforms/{id}", get(platform::show_platform))
        .route("/documents/{id}", get(document::show_document))
        .route("/overview", get(overview::show_overview))
        .route("/compare", get(compare::show_compare))
        .route("/embed/builder", get(show_builder))
        .route("/docs", get(docs::show_docs))
        .route("/docs/schemas", get(docs::show_schemas))
        .route("/docs/errors", get(docs::show_errors))
        .route("/assets/style.css", get(read_style))
        .route("/assets/page.js", get(read_script))
        .route("/assets/icon.svg", get(read_icon))
        // Browsers ask for it beside what is no page.
        .route("/favicon.ico", get(read_icon))
}

/// What is at no path: a page for browsers that look for one, and else a problem.
pub(super) async fn show_missing(uri: Uri, headers: HeaderMap) -> Response {
    let is_page = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    if is_page && !uri.path().starts_with("/v1/") {
        return layout::write_problem(&Problem::of_status(StatusCode::NOT_FOUND));
    }
    StatusCode::NOT_FOUND.into_response()
}

async fn read_style() -> Response {
    write_asset("text/css; charset=utf-8", STYLE)
}

async fn read_script() -> Response {
    write_asset("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

async fn read_icon() -> Response {
    write_asset("image/svg+xml", include_str!("page/icon.svg"))
}

fn write_asset(media_type: &'static str, asset: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static(CACHED)),
    ];
    (headers, asset).into_response()
}
