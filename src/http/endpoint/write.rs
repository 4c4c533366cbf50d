//! Writes, for those who have a key.

use std::io::Cursor;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::Response;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::answer::{Desk, Params};
use crate::collection::{CollectionError, Received, Receiving};
use crate::http::answer::{ask, write_json};
use crate::http::describe::{RemoveProblems, WriteProblems};
use crate::http::extract::{Asked, ClauseName, NoParams, read_word};
use crate::http::key::MayWrite;
use crate::http::parameter::{ClausePath, WriteParams};
use crate::http::problem::{Code, Problem};
use crate::http::served::Served;

/// Media types of records, one a line.
const RECORDS: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json"];

/// How long a client may take to send its records.
const BODY_WAITS: Duration = Duration::from_secs(300);

/// What a write did.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WriteAnswer {
    /// The generation that holds it.
    generation: u64,
    /// Records read, the rejected among them.
    read: u64,
    /// Clauses added.
    added: u64,
    /// Clauses changed.
    changed: u64,
    /// Clauses that stayed as they were.
    unchanged: u64,
    /// Clauses removed.
    removed: u64,
    /// Records rejected.
    rejected: u64,
    /// The rejected lines with their reasons, at most 1,000.
    rejects: Vec<RejectView>,
    /// With `complete=true`: whether the clauses that are missing were removed. They are not where a
    /// rejected line does not say which clause it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    completed: Option<bool>,
}

/// A line that was not taken.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RejectView {
    /// Its number, from 1.
    line: u64,
    /// What to change.
    reason: String,
}

impl From<Received> for WriteAnswer {
    fn from(received: Received) -> Self {
        let Received { summary, rejects, completed: _, published } = received;
        Self {
            generation: published.generation.number,
            read: summary.read,
            added: summary.added,
            changed: summary.changed,
            unchanged: summary.unchanged,
            removed: summary.removed,
            rejected: summary.rejected,
            rejects: rejects
                .into_iter()
                .map(|reject| RejectView { line: reject.line, reason: reject.reason })
                .collect(),
            completed: None,
        }
    }
}

/// Write records
///
/// Records as NDJSON, as `crossclause ingest` takes them from a file: one unit, of which good lines are
/// kept and bad ones told. The answer comes when all is published.
#[utoipa::path(
    post, path = "/v1/clauses", tag = "writes", params(WriteParams), security(("key" = [])),
    request_body(
        content = String, content_type = "application/x-ndjson",
        description = "One record a line: `crossclause schema` prints the definition."
    ),
    responses((status = 200, description = "What was written.", body = WriteAnswer), WriteProblems)
)]
pub(in crate::http) async fn write_clauses(
    State(served): State<Served>,
    _: MayWrite,
    Asked(params): Asked,
    request: Request,
) -> Result<Response, Problem> {
    let (strict, complete) = read_params(params)?;
    let body = read_records(request, served.options.write_body_limit).await?;
    let how = Receiving { strict, complete };
    let received =
        write(served, move |served| served.desk.collection().receive(Box::new(Cursor::new(body)), how))
            .await?;
    let completed = complete.then_some(received.completed);
    Ok(write_json(&WriteAnswer { completed, ..WriteAnswer::from(received) }))
}

/// Remove a clause
///
/// It keeps its id and its wordings, and its history stays.
#[utoipa::path(
    delete, path = "/v1/clauses/{id}", tag = "writes", security(("key" = [])),
    params(ClausePath),
    responses((status = 200, description = "It is removed.", body = WriteAnswer), RemoveProblems)
)]
pub(in crate::http) async fn remove_clause(
    State(served): State<Served>,
    _: MayWrite,
    ClauseName(id): ClauseName,
    _: NoParams,
) -> Result<Response, Problem> {
    // Says whether it never was or is gone already.
    let id = ask(served.desk.clone(), async move |desk: &Desk| desk.check_clause(&id)).await?;
    let received = write(served, move |served| served.desk.collection().remove(&id)).await?;
    Ok(write_json(&WriteAnswer::from(received)))
}

fn read_params(mut params: Params) -> Result<(bool, bool), Problem> {
    let strict = params.take_flag("strict")?;
    let complete = params.take_flag("complete")?;
    params.finish()?;
    Ok((strict, complete))
}

async fn read_records(request: Request, limit: usize) -> Result<Vec<u8>, Problem> {
    let media_type = read_word(request.headers(), CONTENT_TYPE);
    let encoding = read_word(request.headers(), CONTENT_ENCODING);
    if !RECORDS.contains(&media_type.as_str()) {
        return Err(Problem::other_media_type(RECORDS[0]));
    }
    if !["", "identity"].contains(&encoding.as_str()) {
        let detail = "Send the records without a Content-Encoding.";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let arriving = timeout(BODY_WAITS, to_bytes(request.into_body(), limit)).await;
    let late = |_| Problem::new(Code::InvalidBody, "The body did not arrive in time; send less at a time.");
    let body = arriving.map_err(late)?.map_err(|_| {
        let detail =
            format!("The body did not arrive whole, or has more than {limit} bytes; send less at a time.");
        Problem::new(Code::BodyTooLarge, detail)
    })?;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(Code::InvalidBody, "The body is empty; send one record a line."));
    }
    Ok(body.into())
}

/// Writes on a thread that may block, one write after the other.
async fn write<T: Send + 'static>(
    served: Served,
    job: impl FnOnce(&Served) -> Result<T, CollectionError> + Send + 'static,
) -> Result<T, Problem> {
    let turn = served.writes.wait().await?;
    let written = spawn_blocking(move || {
        let _turn = turn;
        job(&served)
    });
    match written.await {
        Ok(written) => Ok(written?),
        Err(failed) => Err(Problem::internal(&failed)),
    }
}
