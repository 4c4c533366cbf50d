//! `find_comparables`: how other platforms handle what a clause or a text says.

use serde::Serialize;
use utoipa::ToSchema;

use super::argument::{Arguments, reject};
use super::clause::check_id;
use super::found::{FoundClause, collect_found, tell_nothing, write_found};
use super::text::Lines;
use super::{Told, tell};
use crate::answer::{AnswerError, Counts, Desk, NoMatch, Source, SourceView};

/// How other platforms handle this.
#[derive(Serialize, ToSchema)]
pub(super) struct ComparablesFound {
    /// The published state of the collection that this comes from.
    generation: u64,
    /// What comparables were looked for; of a pasted text type and severity are inferred.
    source: SourceView,
    /// Exact counts of all that was found, not only of what is listed.
    counts: Counts,
    /// This page of what was found: the best clause of each platform, best first.
    results: Vec<FoundClause>,
    /// Why nothing was found; null if something was.
    no_match: Option<NoMatch>,
    /// If nothing was found: what that does and does not say.
    note: Option<String>,
    /// The cursor of the next page; null on the last.
    next_cursor: Option<String>,
}

/// Answers with comparables.
pub(super) async fn find_comparables(desk: &Desk, mut arguments: Arguments) -> Result<Told, AnswerError> {
    let id = arguments.take_text("clause_id")?;
    let text = arguments.take_text("text")?;
    let platform = arguments.take_text("text_platform")?;
    let language = arguments.take_text("text_language")?;
    let params = arguments.into_params(&[])?;
    let source = match (&id, &text) {
        (Some(id), None) => {
            for (name, value) in [("text_platform", &platform), ("text_language", &language)] {
                if value.is_some() {
                    return Err(reject(name, "goes with `text`, not with `clause_id`"));
                }
            }
            check_id(id)?;
            Source::Clause(id)
        }
        (None, Some(text)) => {
            Source::Text { text, platform: platform.as_deref(), language: language.as_deref() }
        }
        (Some(_), Some(_)) => return Err(reject("text", "and `clause_id` cannot both be given")),
        (None, None) => return Err(reject("clause_id", "is missing; give it, or `text`")),
    };
    let answer = desk.find_comparables(source, params).await;
    let answer = answer.map_err(|error| name_platform(error, platform.as_deref()))?;
    let note = tell_nothing(answer.no_match.as_ref());
    let found = ComparablesFound {
        generation: answer.generation,
        source: answer.source,
        counts: answer.counts,
        results: collect_found(answer.cards, answer.hits),
        no_match: answer.no_match,
        note,
        next_cursor: answer.next_cursor,
    };
    let mut lines = Lines::default();
    lines.add(tell_what(&found.source));
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

fn tell_what(source: &SourceView) -> String {
    let what = match (&source.id, &source.platform) {
        (Some(id), Some(platform)) => format!("clause {id} of {}", platform.name),
        (Some(id), None) => format!("clause {id}"),
        (None, Some(platform)) => format!("the pasted text of {}", platform.name),
        (None, None) => "the pasted text".to_owned(),
    };
    let title = source.title.as_ref().map(|title| format!(" “{title}”")).unwrap_or_default();
    let inferred = if source.id.is_none() { ", inferred" } else { "" };
    format!("Comparables of {what}{title} ({}, severity {}{inferred}).", source.clause_type, source.severity)
}

/// Names the platform of a text in an error as the tool does: the desk calls it as the filter.
fn name_platform(error: AnswerError, of_text: Option<&str>) -> AnswerError {
    match error {
        AnswerError::InvalidValue { name, value, suggestion, expected, allowed }
            if name == "platform" && of_text.is_some_and(|platform| platform.starts_with(&value)) =>
        {
            AnswerError::InvalidValue {
                name: "text_platform".to_owned(),
                value,
                suggestion,
                expected,
                allowed,
            }
        }
        error => error,
    }
}
