//! For those who run it, and its own description.

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Desk;
use crate::http::answer::write_json;
use crate::http::describe::{Described, PlainProblems, ReadyProblems};
use crate::http::extract::NoParams;
use crate::http::problem::Problem;

/// That the process answers.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// That questions can be answered.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Readiness {
    /// Always `ready`.
    status: &'static str,
    /// The newest generation.
    generation: u64,
}

/// Whether the process answers
///
/// It does as soon as it listens, whatever the state of the collection.
#[utoipa::path(
    get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "It does.", body = Health))
)]
pub(in crate::http) async fn check_health() -> Response {
    write_json(&Health { status: "ok" })
}

/// Whether questions can be answered
///
/// Not while the index is built for the first time or anew.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses((status = 200, description = "They can.", body = Readiness), ReadyProblems)
)]
pub(in crate::http) async fn check_readiness(State(desk): State<Desk>) -> Result<Response, Problem> {
    let generation = desk.newest()?.generation.number;
    Ok(write_json(&Readiness { status: "ready", generation }))
}

/// This description
///
/// OpenAPI 3.1, with the values of the taxonomy in force. It is the same while the server runs.
#[utoipa::path(
    get, path = "/v1/openapi.json", tag = "operations",
    responses((status = 200, description = "The description.", body = Object), PlainProblems)
)]
pub(in crate::http) async fn read_openapi(
    State(desk): State<Desk>,
    Extension(described): Extension<Described>,
    _: NoParams,
) -> Response {
    let text = described.text(desk.collection().taxonomy());
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}
