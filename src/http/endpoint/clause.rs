//! Clauses, and how other platforms handle the same thing.

use axum::extract::{Request, State};
use axum::response::Response;

use crate::answer::{ClauseRecord, ComparablesAnswer, Desk, Params, Source};
use crate::http::answer::{ask, write_dated, write_page};
use crate::http::body::Pasted;
use crate::http::describe::{ClauseProblems, ComparablesProblems, PastedProblems};
use crate::http::extract::{Asked, ClauseName, NoParams, read_body};
use crate::http::parameter::{ClausePath, ComparablesParams, ComparablesRequest, FilterParams};
use crate::http::problem::Problem;

/// A clause whole
///
/// The record, its citation, its stability, and how many other clauses are comparable.
#[utoipa::path(
    get, path = "/v1/clauses/{id}", tag = "clauses",
    params(ClausePath),
    responses((status = 200, description = "The clause.", body = ClauseRecord), ClauseProblems)
)]
pub(in crate::http) async fn read_clause(
    State(desk): State<Desk>,
    ClauseName(id): ClauseName,
    _: NoParams,
) -> Result<Response, Problem> {
    let clause = ask(desk, async move |desk: &Desk| desk.read_clause(&id).await).await?;
    Ok(write_dated(&clause))
}

/// How other platforms handle this
///
/// Comparable clauses of other platforms: one card a platform, best first, with exact counts and
/// facets. Where there is none, `no_match` says why.
#[utoipa::path(
    get, path = "/v1/clauses/{id}/comparables", tag = "clauses",
    params(ClausePath, FilterParams, ComparablesParams),
    responses((status = 200, description = "The comparables.", body = ComparablesAnswer), ComparablesProblems)
)]
pub(in crate::http) async fn find_comparables(
    State(desk): State<Desk>,
    ClauseName(id): ClauseName,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer =
        ask(desk, async move |desk: &Desk| desk.find_comparables(Source::Clause(&id), params).await).await?;
    Ok(write_page(&answer))
}

/// How platforms handle what a pasted text says
///
/// The same for a text that is not in the collection. It is not kept, not logged and never part of
/// a URL or a cursor. The query string takes nothing: all parameters stand in the body.
#[utoipa::path(
    post, path = "/v1/comparables", tag = "clauses",
    request_body = ComparablesRequest,
    responses((status = 200, description = "The comparables.", body = ComparablesAnswer), PastedProblems)
)]
pub(in crate::http) async fn compare_text(
    State(desk): State<Desk>,
    _: NoParams,
    request: Request,
) -> Result<Response, Problem> {
    let body = read_body(request, "application/json").await?;
    let answer = compare_pasted(desk, Pasted::read(&body)?).await?;
    Ok(write_page(&answer))
}

/// The comparables of a pasted text.
pub(in crate::http) async fn compare_pasted(
    desk: Desk,
    pasted: Pasted,
) -> Result<ComparablesAnswer, Problem> {
    ask(desk, async move |desk: &Desk| {
        let Pasted { text, platform, language, pairs } = pasted;
        let source =
            Source::Text { text: &text, platform: platform.as_deref(), language: language.as_deref() };
        desk.find_comparables(source, Params::new(pairs)).await
    })
    .await
}
