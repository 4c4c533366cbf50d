//! `get_clause`: a clause whole.

use serde_json::Value;

use super::argument::Arguments;
use super::text::{Lines, count, quote};
use super::{Told, tell};
use crate::answer::{AnswerError, ClauseRecord, Desk};

/// Answers with a clause.
pub(super) async fn get_clause(desk: &Desk, mut arguments: Arguments) -> Result<Told, AnswerError> {
    let id = arguments.take_required("clause_id")?;
    read_clause(desk, &id).await
}

/// A clause whole, as data and as text.
pub(super) async fn read_clause(desk: &Desk, id: &str) -> Result<Told, AnswerError> {
    check_id(id)?;
    let clause = desk.read_clause(id).await?;
    tell(write_clause(&clause), &clause)
}

/// Fails for the name of a wording, which citations have, where a clause's id is asked for.
///
/// # Errors
/// [`AnswerError::InvalidValue`], which suggests the id.
pub(super) fn check_id(id: &str) -> Result<(), AnswerError> {
    let Some((clause, _)) = id.split_once('@') else {
        return Ok(());
    };
    Err(AnswerError::InvalidValue {
        name: "clause_id".to_owned(),
        value: id.chars().take(250).collect(),
        suggestion: Some(clause.chars().take(250).collect()),
        expected:
            "the id of a clause is asked for, not the name of a wording; compare_clauses takes wordings"
                .to_owned(),
        allowed: Vec::new(),
    })
}

fn write_clause(clause: &ClauseRecord) -> Lines {
    let record = &clause.record;
    let text = |path: &str| -> Option<&str> {
        let mut keys = path.split('.');
        let mut value = record.get(keys.next()?)?;
        for key in keys {
            value = value.get(key)?;
        }
        value.as_str()
    };
    let list = |value: Option<&Value>| -> String {
        let words = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        words.collect::<Vec<_>>().join(", ")
    };
    let mut lines = Lines::default();
    let title = text("title").map(|title| format!(": “{title}”")).unwrap_or_default();
    lines.add(format!(
        "{}, {}{title}",
        text("platform.name").unwrap_or_default(),
        text("document.title").unwrap_or_default()
    ));
    lines.add(format!(
        "{} · {} · severity {} · categories: {} · language {}",
        clause.citation.wording,
        text("clause_type").unwrap_or_default(),
        text("severity").unwrap_or_default(),
        list(record.get("categories")),
        text("language").unwrap_or_default(),
    ));
    let inferred = list(record.get("classified").and_then(|classified| classified.get("fields")));
    if !inferred.is_empty() {
        lines.add(format!("Inferred by rules, not given by anyone: {inferred}"));
    }
    lines.skip();
    lines.add(quote("> ", text("text").unwrap_or_default(), false));
    lines.skip();
    for (label, value) in [
        ("Why it matters, says an analyst", text("why_it_matters")),
        ("Consumer impact, says an analyst", text("consumer_impact")),
    ] {
        if let Some(value) = value {
            lines.add(format!("{label}: {value}"));
        }
    }
    let regulations = list(record.get("regulations"));
    if !regulations.is_empty() {
        lines.add(format!("Regulations given or named: {regulations}"));
    }
    lines.add(if clause.unique {
        format!(
            "No comparable clause of another platform was found among {}. That is not proof that there is none.",
            count(clause.counts.platforms_tracked, "tracked platform")
        )
    } else {
        format!(
            "Comparable: {} of {}, of {}; find_comparables lists them.",
            count(clause.counts.clauses, "clause"),
            count(clause.counts.platforms, "platform"),
            count(clause.counts.platforms_tracked, "tracked platform")
        )
    });
    lines.add(write_stability(clause));
    lines.add(format!("Cite as: {}", clause.citation.text));
    let terms = ["collection.id", "collection.license", "collection.attribution", "collection.url"];
    let terms: Vec<&str> = terms.iter().filter_map(|path| text(path)).collect();
    if !terms.is_empty() {
        lines.add(format!("Collection: {}", terms.join(", ")));
    }
    lines.add(format!("Generation {}", clause.generation));
    lines
}

fn write_stability(clause: &ClauseRecord) -> String {
    let stability = &clause.stability;
    let mut parts = vec![
        format!("{} recorded", count(stability.wordings, "wording")),
        format!("{} by the platform", count(stability.changes, "change")),
    ];
    let dates = [
        ("first seen", &stability.first_seen),
        ("last seen", &stability.last_seen),
        ("last changed", &stability.changed_on),
    ];
    parts.extend(
        dates.into_iter().filter_map(|(label, date)| date.as_ref().map(|date| format!("{label} {date}"))),
    );
    if stability.flaps {
        parts.push("the page serves several texts in turn".to_owned());
    }
    parts.join(", ")
}
