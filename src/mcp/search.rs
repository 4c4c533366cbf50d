//! `search_clauses`: clauses by words.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::argument::Arguments;
use super::found::{FoundClause, collect_found, tell_nothing, write_found};
use super::text::Lines;
use super::{Told, tell};
use crate::answer::{AnswerError, Counts, Desk, NoMatch};

/// The parameter of the desk that the argument `query` is.
const QUERY: (&str, &str) = ("query", "q");

/// Clauses by words.
#[derive(Serialize, ToSchema)]
pub(super) struct SearchFound {
    /// The published state of the collection that this comes from.
    generation: u64,
    /// Exact counts of all that was found, not only of what is listed.
    counts: Counts,
    /// Words of the query that no clause has, and what stood in for them.
    corrections: BTreeMap<String, String>,
    /// This page of what was found, best first.
    results: Vec<FoundClause>,
    /// Why nothing was found; null if something was.
    no_match: Option<NoMatch>,
    /// If nothing was found: what that does and does not say.
    note: Option<String>,
    /// The cursor of the next page; null on the last.
    next_cursor: Option<String>,
}

/// Answers a search.
pub(super) async fn search_clauses(desk: &Desk, arguments: Arguments) -> Result<Told, AnswerError> {
    let params = arguments.into_params(&[QUERY])?;
    let answer = desk.search(params).await.map_err(name_query)?;
    let note = tell_nothing(answer.no_match.as_ref());
    let found = SearchFound {
        generation: answer.generation,
        counts: answer.counts,
        corrections: answer.corrections,
        results: collect_found(answer.cards, answer.hits),
        no_match: answer.no_match,
        note,
        next_cursor: answer.next_cursor,
    };
    let mut lines = Lines::default();
    for (typed, taken) in &found.corrections {
        lines.add(format!("No clause has the word “{typed}”; “{taken}” was taken for it."));
    }
    write_found(
        &mut lines,
        found.generation,
        &found.counts,
        &found.results,
        found.note.as_deref(),
        found.next_cursor.as_deref(),
    );
    tell(lines, &found)
}

/// Names the query in an error as the tool does.
fn name_query(error: AnswerError) -> AnswerError {
    match error {
        AnswerError::BadParameter { name, problem } if name == QUERY.1 => {
            AnswerError::BadParameter { name: QUERY.0.to_owned(), problem }
        }
        error => error,
    }
}
