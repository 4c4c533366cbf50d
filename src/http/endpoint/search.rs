//! Clauses by words, and counts.

use axum::extract::State;
use axum::response::Response;

use crate::answer::{Desk, SearchAnswer, StatsAnswer};
use crate::http::answer::{ask, write_dated, write_page};
use crate::http::describe::{ListProblems, StatsProblems};
use crate::http::extract::Asked;
use crate::http::parameter::{FilterParams, SearchParams, StatsParams};
use crate::http::problem::Problem;

/// Clauses by words
///
/// Ranked clauses with exact counts and facets. Without `q`, everything that passes the filters.
#[utoipa::path(
    get, path = "/v1/search", tag = "search",
    params(FilterParams, SearchParams),
    responses((status = 200, description = "The clauses.", body = SearchAnswer), ListProblems)
)]
pub(in crate::http) async fn search_clauses(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer = ask(desk, async move |desk: &Desk| desk.search(params).await).await?;
    Ok(write_page(&answer))
}

/// Counts for dashboards
///
/// How many clauses, of how many platforms, have each value, or each pair of values, among the
/// clauses that pass the filters.
#[utoipa::path(
    get, path = "/v1/stats", tag = "search",
    params(FilterParams, StatsParams),
    responses((status = 200, description = "The counts.", body = StatsAnswer), StatsProblems)
)]
pub(in crate::http) async fn count_clauses(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer = ask(desk, async move |desk: &Desk| desk.count_by(params).await).await?;
    Ok(write_dated(&answer))
}
