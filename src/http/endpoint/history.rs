//! The past of clauses, and what changed.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::answer::{ChangesAnswer, Desk, DiffAnswer, HistoryAnswer};
use crate::http::answer::{ask, write_json, write_page};
use crate::http::describe::{DiffProblems, HistoryProblems, ListProblems};
use crate::http::extract::{Asked, ClauseName};
use crate::http::feed::write_feed;
use crate::http::origin::Origin;
use crate::http::parameter::{ClausePath, DiffParams, FilterParams, PageParams};
use crate::http::problem::Problem;

/// The wordings of a clause
///
/// Every wording that is recorded, the one that began last first, each with the times in which it
/// stood and where it was found. Also for a clause that is gone.
#[utoipa::path(
    get, path = "/v1/clauses/{id}/history", tag = "history",
    params(ClausePath, PageParams),
    responses((status = 200, description = "The wordings.", body = HistoryAnswer), HistoryProblems)
)]
pub(in crate::http) async fn read_history(
    State(desk): State<Desk>,
    ClauseName(id): ClauseName,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let history = ask(desk, async move |desk: &Desk| desk.read_history(&id, params)).await?;
    Ok(write_page(&history))
}

/// A word diff
///
/// Two wordings of a clause, or two clauses, word by word.
#[utoipa::path(
    get, path = "/v1/diff", tag = "history", params(DiffParams),
    responses((status = 200, description = "The parts of both texts.", body = DiffAnswer), DiffProblems)
)]
pub(in crate::http) async fn compare_wordings(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let diff = ask(desk, async move |desk: &Desk| desk.compare_wordings(params)).await?;
    Ok(write_json(&diff))
}

/// What changed
///
/// What was added, changed or removed, newest recorded first. What a first import brings is
/// recorded and is no news; nor is what an archive did, or a page that serves several texts in turn.
/// Behind filters that few changes pass, a page may hold fewer than `limit` and still have a next one.
#[utoipa::path(
    get, path = "/v1/changes", tag = "history", params(FilterParams, PageParams),
    responses((status = 200, description = "The changes.", body = ChangesAnswer), ListProblems)
)]
pub(in crate::http) async fn list_changes(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let changes = ask(desk, async move |desk: &Desk| desk.list_changes(params)).await?;
    Ok(write_page(&changes))
}

/// What changed, as a feed
///
/// The same as an Atom feed (RFC 4287), with the same parameters.
#[utoipa::path(
    get, path = "/feeds/changes.atom", tag = "history", params(FilterParams, PageParams),
    responses(
        (status = 200, description = "The feed.", body = String, content_type = "application/atom+xml"),
        ListProblems
    )
)]
pub(in crate::http) async fn feed_changes(
    State(desk): State<Desk>,
    origin: Origin,
    uri: axum::http::Uri,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let (changes, recorded_at) = ask(desk, async move |desk: &Desk| {
        let changes = desk.list_changes(params)?;
        Ok((changes, desk.newest()?.generation.recorded_at.clone()))
    })
    .await?;
    let feed =
        write_feed(&changes, &origin, &uri, &recorded_at).map_err(|error| Problem::internal(&error))?;
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind)], feed).into_response())
}
