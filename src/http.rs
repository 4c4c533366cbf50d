//! The HTTP API and the page, over the [`Desk`] that answers everything.
//!
//! A route and its entry in the API's description are one line, so that they cannot drift apart.
//! What stands around every answer (the request's id, problems, entity tags, links) is made in one
//! place and not by handlers.

mod answer;
mod body;
mod csv;
mod describe;
mod endpoint;
mod extract;
mod feed;
mod frame;
mod mcp;
mod page;
mod pair;
mod parameter;
mod problem;
mod stream;

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::header::{CONTENT_TYPE, ETAG, LINK};
use axum::http::{Method, StatusCode};
use axum::routing::get;
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use problem::Code;

use crate::answer::Desk;
use describe::Api;
use endpoint::{clause, history, listing, operation, search, table};

/// How long a shutdown waits for answers under way: a little longer than one may take.
const SHUTDOWN_WAITS: Duration = Duration::from_secs(12);

/// How long browsers may remember what CORS allows.
const CORS_MAX_AGE: Duration = Duration::from_secs(3_600);

/// The routes of the API with their description.
fn collect_routes() -> OpenApiRouter<Desk> {
    let read = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(clause::read_clause))
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
        .layer(middleware::from_fn(frame::validate_answer))
        .routes(routes!(table::search_rows))
        .routes(routes!(table::comparables_rows))
        .routes(routes!(table::count_rows))
        .routes(routes!(table::export_records))
        .routes(routes!(operation::check_health))
        .routes(routes!(operation::check_readiness))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(allow_origins([Method::GET, Method::HEAD]));
    let posted = OpenApiRouter::new()
        .routes(routes!(clause::compare_text))
        .layer(middleware::from_fn(frame::validate_answer))
        .layer(allow_origins([Method::POST]));
    read.merge(posted)
}

fn allow_origins<const N: usize>(methods: [Method; N]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(methods)
        .allow_headers(Any)
        .expose_headers([CONTENT_TYPE, ETAG, LINK, frame::REQUEST_ID])
        .max_age(CORS_MAX_AGE)
}

/// Everything that is served, over a desk.
pub fn build_router(desk: Desk) -> Router {
    let (api, _) = collect_routes().split_for_parts();
    api.route("/", get(page::show_page).post(page::show_pasted))
        .route("/docs/errors", get(page::show_errors))
        .route("/assets/style.css", get(page::read_style))
        .route("/mcp", mcp::serve_mcp(desk.clone()))
        .layer(DefaultBodyLimit::max(extract::MAX_BODY_BYTES))
        .layer(middleware::from_fn(frame::name_request))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(frame::tag_encoding))
        .with_state(desk)
}

/// The API's description, OpenAPI 3.1, pretty-printed: what `/v1/openapi.json` serves.
#[must_use]
pub fn openapi_json() -> String {
    describe::describe_api().to_owned()
}

/// Serves a desk until `shutdown` is done, and answers what is under way then. Meanwhile the
/// collection follows what other processes write to it.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let following = tokio::spawn(desk.clone().follow_collection());
    let (stop, stopping) = oneshot::channel();
    let signal = async move {
        shutdown.await;
        // The other end is gone only when serving is over.
        let _ = stop.send(());
    };
    let serving = axum::serve(listener, build_router(desk)).with_graceful_shutdown(signal);
    let served = tokio::select! {
        served = async { serving.await } => served,
        () = give_up(stopping) => Ok(()),
    };
    following.abort();
    served
}

/// A client that reads slowly must not keep the process alive.
async fn give_up(stopping: oneshot::Receiver<()>) {
    if stopping.await.is_err() {
        std::future::pending::<()>().await;
    }
    sleep(SHUTDOWN_WAITS).await;
    tracing::warn!("answers were still under way when the server stopped");
}
