//! The same as flat rows: CSV, and all records.

use std::io;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::answer::{Desk, Params, Row, RowReader, Rows};
use crate::http::answer::ask;
use crate::http::csv::Table;
use crate::http::describe::{ComparablesProblems, ListProblems, PlainProblems, StatsProblems};
use crate::http::extract::{Asked, ClauseName, NoParams};
use crate::http::parameter::{ClausePath, ComparablesRowParams, FilterParams, SearchRowParams, StatsParams};
use crate::http::problem::Problem;
use crate::http::served::StreamTurn;
use crate::http::stream::{Streamed, stream};

const CSV: &str = "text/csv; charset=utf-8; header=present";

/// About how many bytes of records make a piece.
const PIECE: usize = 64 << 10;

/// Clauses by words, as CSV
///
/// The same as `/v1/search`, a row a clause (or a card), up to `limit` rows. `x-total-rows` tells how many
/// there are. UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula begins with
/// an apostrophe.
#[utoipa::path(
    get, path = "/v1/search.csv", tag = "tables", params(FilterParams, SearchRowParams),
    responses(
        (status = 200, description = "The rows.", body = String, content_type = "text/csv",
            headers(("X-Total-Rows" = u64, description = "How many rows there are, written or not."))), ListProblems
    )
)]
pub(in crate::http) async fn search_rows(
    State(desk): State<Desk>,
    turn: StreamTurn,
    uri: Uri,
    headers: HeaderMap,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    write_rows(desk, turn, Rows::Search, params, "search.csv", &uri, &headers).await
}

/// How other platforms handle this, as CSV
///
/// The same as `/v1/clauses/{id}/comparables`, a row a card (or a clause), up to `limit` rows.
#[utoipa::path(
    get, path = "/v1/clauses/{id}/comparables.csv", tag = "tables",
    params(ClausePath, FilterParams, ComparablesRowParams),
    responses(
        (status = 200, description = "The rows.", body = String, content_type = "text/csv",
            headers(("X-Total-Rows" = u64, description = "How many rows there are, written or not."))), ComparablesProblems
    )
)]
pub(in crate::http) async fn comparables_rows(
    State(desk): State<Desk>,
    turn: StreamTurn,
    ClauseName(id): ClauseName,
    uri: Uri,
    headers: HeaderMap,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    write_rows(desk, turn, Rows::Comparables(id), params, "comparables.csv", &uri, &headers).await
}

async fn write_rows(
    desk: Desk,
    turn: StreamTurn,
    rows: Rows,
    params: Params,
    file_name: &'static str,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let mut reader: RowReader =
        ask(desk.clone(), async move |desk: &Desk| desk.read_rows(rows, params).await).await?;
    let streamed =
        Streamed { media_type: CSV, file_name, generation: reader.generation(), total: Some(reader.total()) };
    let table = Table::of_fields::<Row>().map_err(|error| Problem::internal(&error))?;
    Ok(stream(&streamed, turn, uri, headers, move |pieces, runtime| {
        pieces.send(table.write_head()?)?;
        loop {
            let next = async {
                let _turn = desk.queue().wait().await?;
                reader.next_rows().await
            };
            let rows = runtime.block_on(next).map_err(io::Error::other)?;
            if rows.is_empty() {
                return Ok(());
            }
            pieces.send(table.write_rows(&rows)?)?;
        }
    }))
}

/// Counts for dashboards, as CSV
///
/// The same as `/v1/stats`, a row a combination of values.
#[utoipa::path(
    get, path = "/v1/stats.csv", tag = "tables", params(FilterParams, StatsParams),
    responses(
        (status = 200, description = "The rows.", body = String, content_type = "text/csv",
            headers(("X-Total-Rows" = u64, description = "How many rows there are, written or not."))), StatsProblems
    )
)]
pub(in crate::http) async fn count_rows(
    State(desk): State<Desk>,
    turn: StreamTurn,
    uri: Uri,
    headers: HeaderMap,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer = ask(desk, async move |desk: &Desk| desk.count_by(params).await).await?;
    let streamed = Streamed {
        media_type: CSV,
        file_name: "stats.csv",
        generation: answer.generation,
        total: Some(answer.rows.len() as u64),
    };
    let columns = answer.by.iter().cloned().chain(["clauses".to_owned(), "platforms".to_owned()]);
    let table = Table::of_columns(columns.collect());
    Ok(stream(&streamed, turn, &uri, &headers, move |pieces, _| {
        pieces.send(table.write_head()?)?;
        pieces.send(table.write_rows(&answer.rows)?)
    }))
}

/// All records
///
/// Every live clause of the newest generation, one JSON object a line, as `crossclause ingest` takes them,
/// with licence and attribution of the collection that each comes from.
#[utoipa::path(
    get, path = "/v1/export.ndjson", tag = "tables",
    responses(
        (status = 200, description = "The records.", body = String, content_type = "application/x-ndjson",
            headers(("X-Total-Rows" = u64, description = "How many records there are."))),
        PlainProblems
    )
)]
pub(in crate::http) async fn export_records(
    State(desk): State<Desk>,
    turn: StreamTurn,
    uri: Uri,
    headers: HeaderMap,
    _: NoParams,
) -> Result<Response, Problem> {
    let published = desk.newest()?;
    let streamed = Streamed {
        media_type: "application/x-ndjson",
        file_name: "clauses.ndjson",
        generation: published.generation.number,
        total: Some(published.generation.live),
    };
    Ok(stream(&streamed, turn, &uri, &headers, move |pieces, _| {
        let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
        let written = desk.export_of(&published, |record| -> io::Result<()> {
            serde_json::to_writer(&mut piece, &record)?;
            piece.push(b'\n');
            if piece.len() >= PIECE {
                pieces.send(std::mem::take(&mut piece))?;
            }
            Ok(())
        });
        written.map_err(io::Error::other)??;
        pieces.send(piece)
    }))
}
