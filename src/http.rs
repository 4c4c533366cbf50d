//! The HTTP API and the page, over the [`Desk`] that answers everything.
//!
//! A route and its entry in the API's description are one line, so that they cannot drift apart.
//! What stands around every answer (the request's id, problems, entity tags, links) is made in one
//! place and not by handlers.

mod address;
mod answer;
mod body;
mod cache;
mod csv;
mod describe;
mod embed;
mod encoding;
mod endpoint;
mod extract;
mod feed;
mod frame;
mod front;
mod key;
mod listen;
mod mcp;
mod metrics;
mod origin;
mod page;
mod pair;
mod parameter;
mod problem;
mod served;
mod stream;
mod value;

use std::future::Future;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, ETAG, LINK, RETRY_AFTER};
use axum::{Extension, middleware};
use tokio::net::TcpListener;
use tower_http::cors::{Any, CorsLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use address::{Network, Rate};
pub use front::Front;
pub use key::WriteKey;
pub use origin::Origin;
pub use problem::Code;
pub use served::Options;

use crate::answer::Desk;
use crate::taxonomy::Taxonomy;
use describe::Api;
use endpoint::{clause, history, listing, operation, search, table, write};
use listen::serve_connections;
use served::Served;

/// How long browsers may remember what CORS allows.
const CORS_MAX_AGE: Duration = Duration::from_secs(3_600);

/// The routes of the API with their description.
fn collect_routes() -> OpenApiRouter<Served> {
    let read = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(clause::read_clause))
        .routes(routes!(write::remove_clause))
        .routes(routes!(clause::find_comparables))
        .routes(routes!(history::read_history))
        .routes(routes!(history::compare_wordings))
        .routes(routes!(history::list_changes))
        .routes(routes!(history::feed_changes))
        .routes(routes!(search::search_clauses))
        .routes(routes!(listing::list_platforms))
        .routes(routes!(listing::read_platform))
        .routes(routes!(listing::read_document))
        .routes(routes!(listing::list_clause_types))
        .routes(routes!(listing::read_clause_type))
        .routes(routes!(listing::suggest))
        .routes(routes!(listing::read_taxonomy))
        .routes(routes!(search::count_clauses))
        .routes(routes!(operation::read_openapi))
        .merge(embed::collect_routes())
        .layer(middleware::from_fn(frame::validate_answer))
        .routes(routes!(table::search_rows))
        .routes(routes!(table::comparables_rows))
        .routes(routes!(table::count_rows))
        .routes(routes!(table::export_records))
        .routes(routes!(operation::check_health))
        .routes(routes!(operation::check_readiness))
        .routes(routes!(metrics::read_metrics))
        .fallback(page::show_missing)
        .layer(allow_origins([Method::GET, Method::HEAD]));
    let posted = OpenApiRouter::new()
        .routes(routes!(clause::compare_text))
        .layer(middleware::from_fn(frame::validate_answer))
        .layer(allow_origins([Method::POST]));
    let written = OpenApiRouter::new()
        .routes(routes!(write::write_clauses))
        .layer(middleware::from_fn(frame::validate_answer));
    read.merge(posted).merge(written)
}

fn allow_origins<const N: usize>(methods: [Method; N]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(methods)
        .allow_headers(Any)
        .expose_headers([CONTENT_TYPE, ETAG, LINK, RETRY_AFTER, frame::REQUEST_ID, stream::TOTAL_ROWS])
        .max_age(CORS_MAX_AGE)
}

/// Everything that is served, over a desk.
#[must_use]
pub fn build_front(desk: Desk, options: Options) -> Front {
    let (api, _) = collect_routes().split_for_parts();
    let mcp = mcp::serve_mcp(desk.clone());
    let served = Served::new(desk, options);
    let router = api
        .merge(page::collect_routes())
        .layer(Extension(describe::Described::default()))
        .route("/mcp", mcp)
        .layer(DefaultBodyLimit::max(extract::MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(served.clone(), address::limit_rate))
        .layer(middleware::from_fn_with_state(served.clone(), frame::name_request))
        .with_state(served.clone());
    Front::new(router, served)
}

/// The API's description, OpenAPI 3.1, pretty-printed: what `/v1/openapi.json` serves where the bundled
/// taxonomy is in force.
#[must_use]
pub fn openapi_json() -> String {
    Taxonomy::bundled().map(|taxonomy| describe::write_description(&taxonomy)).unwrap_or_default()
}

/// Serves a desk until `shutdown` is done, and answers what is under way then. Meanwhile the
/// collection follows what other processes write to it.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    options: Options,
    shutdown: impl Future<Output = ()> + Send,
) {
    let following = tokio::spawn(desk.clone().follow_collection());
    let (connections, wait) = (options.connections, options.shutdown_wait);
    serve_connections(listener, build_front(desk, options), connections, wait, shutdown).await;
    following.abort();
}
