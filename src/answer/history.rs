//! How a clause stood: its wordings, their times, and how stable it is.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence};
use super::comparables::next_cursor;
use super::params::Params;
use super::source::view_platform;
use super::view::{ClauseView, EvidenceView, PlatformView};
use super::{AnswerError, Desk};
use crate::clause::{Cause, Clause, ClauseId, Day, FLAPS_FROM, Span, count_returns, list_changes};
use crate::collection::Published;
use crate::store::ClauseHistory;
use crate::text::mask::Mask;
use crate::text::term::key_wording;

/// How many times of one wording are listed, at most.
const SPANS: usize = 100;

/// How a clause has stood. Every number is defined in `docs/api.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stability {
    /// How many wordings are recorded.
    pub wordings: u64,
    /// How often the platform put other words in place of those that stood; punctuation, case and spaces
    /// alone are no change.
    pub changes: u64,
    /// How often the platform went back to what stood before.
    pub returns: u64,
    /// Whether it went back so often that the page serves several texts in turn; such returns are no
    /// changes.
    pub flaps: bool,
    /// When the clause was first seen; null if nobody knows.
    #[schema(required)]
    pub first_seen: Option<String>,
    /// When the wording that stands, or stood last, was last seen; null if nobody knows.
    #[schema(required)]
    pub last_seen: Option<String>,
    /// Whole months from the one to the other; null if one is not known.
    #[schema(required)]
    pub months_observed: Option<u64>,
    /// When the latest of the changes was first seen; null if there is none.
    #[schema(required)]
    pub changed_on: Option<String>,
    /// When the wording that stands, or stood last, was recorded here.
    pub recorded_at: String,
}

impl Stability {
    /// Measures it.
    #[must_use]
    pub fn of_history(history: &ClauseHistory) -> Self {
        let spans = &history.spans;
        let last = last_wording(history);
        let first_seen = spans.first().and_then(|span| span.began_at.as_deref()).map(day_of);
        let last_seen = last.and_then(|clause| clause.given.observed.last_seen.clone());
        let keys: HashMap<u64, u64> = history
            .wordings
            .iter()
            .map(|clause| (clause.wording, key_wording(&clause.text, &Mask::default())))
            .collect();
        let words = |wording: u64| keys.get(&wording).copied().unwrap_or(wording);
        let returns = count_returns(spans, words);
        let changes = list_changes(spans, words);
        Self {
            wordings: history.wordings.len() as u64,
            changes: changes.len() as u64,
            returns: returns as u64,
            flaps: returns >= FLAPS_FROM,
            months_observed: first_seen
                .as_deref()
                .zip(last_seen.as_deref())
                .and_then(|(first, last)| count_months(first, last)),
            changed_on: changes.last().and_then(|span| span.began_at.as_deref()).map(day_of),
            first_seen,
            last_seen,
            recorded_at: last.map(|clause| clause.recorded_at.clone()).unwrap_or_default(),
        }
    }
}

/// The wording that stands, or stood last.
fn last_wording(history: &ClauseHistory) -> Option<&Clause> {
    let number = history.spans.last().map(|span| span.wording);
    history.wordings.iter().find(|clause| Some(clause.wording) == number).or(history.wordings.last())
}

fn day_of(moment: &str) -> String {
    Day::parse(moment).map_or_else(|| moment.to_owned(), |day| day.to_string())
}

/// Whole months from one date to another: from 15 January to 14 March it is one.
fn count_months(first: &str, last: &str) -> Option<u64> {
    let read = |date: &str| -> Option<(i64, i64)> {
        let day = Day::parse(date)?.to_string();
        let mut parts = day.splitn(3, '-').map(str::parse::<i64>);
        let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        Some((year * 12 + month, day))
    };
    let ((from, from_day), (to, to_day)) = (read(first)?, read(last)?);
    u64::try_from(to - from - i64::from(to_day < from_day)).ok()
}

/// A time in which a wording stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpanView {
    /// When it was first seen to stand; null if nobody knows.
    #[schema(required)]
    pub began_at: Option<String>,
    /// Who made it begin: `first` (it stood when its document was first looked at), `platform`,
    /// `archive` (the page was read in another way) or `record` (who gave the record does not say).
    pub began_by: Cause,
    /// When it was first seen to stand no more; null while it stands.
    #[schema(required)]
    pub ended_at: Option<String>,
    /// Who made it end; null while it stands.
    #[schema(required)]
    pub ended_by: Option<Cause>,
}

/// A wording of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordingView {
    /// Its name: `ID@N`.
    pub name: String,
    /// Its number: wordings are numbered as they are recorded; the times tell their order.
    pub number: u64,
    /// Whether it stands.
    pub live: bool,
    /// Its text.
    pub text: String,
    /// When it was first seen; null if nobody knows.
    #[schema(required)]
    pub first_seen: Option<String>,
    /// When it was last seen; null if nobody knows.
    #[schema(required)]
    pub last_seen: Option<String>,
    /// When it was recorded here.
    pub recorded_at: String,
    /// The times in which it stood, oldest first.
    pub spans: Vec<SpanView>,
    /// How many such times there are: `spans` lists the latest hundred.
    pub spans_total: u64,
    /// The clause as it was with this wording.
    pub clause: ClauseView,
    /// Where it was found.
    pub evidence: EvidenceView,
}

/// The wordings of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The clause's id.
    pub id: String,
    /// Its platform.
    pub platform: PlatformView,
    /// Whether it stands.
    pub live: bool,
    /// Of a clause that is gone: the one that says the same now, if one does.
    #[schema(required)]
    pub replaced_by: Option<String>,
    /// How it has stood.
    pub stability: Stability,
    /// How many wordings there are in all.
    pub total: u64,
    /// This page of them, the one that began last first.
    pub wordings: Vec<WordingView>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl Desk {
    /// The wordings of a clause, live or gone.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known, an unknown clause or an expired cursor.
    pub fn read_history(&self, id: &str, params: Params) -> Result<HistoryAnswer, AnswerError> {
        let (published, layout, fingerprint) = self.take_page(params, &format!("history of {id}"))?;
        let history = find_history(self, &published, id)?;
        let live = history.spans.last().is_some_and(|span| span.ended_at.is_none());
        let last = last_wording(&history).ok_or_else(|| unknown(id))?;
        let mut order: Vec<&Clause> = history.wordings.iter().collect();
        order.sort_by_key(|clause| {
            let latest = history.spans.iter().rposition(|span| span.wording == clause.wording);
            (std::cmp::Reverse(latest), std::cmp::Reverse(clause.wording))
        });
        let total = order.len() as u64;
        let wordings = order
            .into_iter()
            .skip(layout.skip)
            .take(layout.limit)
            .map(|clause| self.view_wording(clause, &history.spans, live && clause.wording == last.wording))
            .collect();
        Ok(HistoryAnswer {
            generation: published.generation.number,
            id: last.id.to_string(),
            platform: view_platform(&last.platform),
            live,
            replaced_by: history
                .spans
                .last()
                .and_then(|span| span.replaced_by.as_ref())
                .map(ToString::to_string),
            stability: Stability::of_history(&history),
            total,
            wordings,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }

    fn view_wording(&self, clause: &Clause, spans: &[Span], live: bool) -> WordingView {
        let own: Vec<&Span> = spans.iter().filter(|span| span.wording == clause.wording).collect();
        let shown = own.get(own.len().saturating_sub(SPANS)..).unwrap_or(&[]);
        WordingView {
            name: format!("{}@{}", clause.id, clause.wording),
            number: clause.wording,
            live,
            text: clause.text.clone(),
            first_seen: own.first().and_then(|span| span.began_at.as_deref()).map(day_of),
            last_seen: clause.given.observed.last_seen.clone(),
            recorded_at: clause.recorded_at.clone(),
            spans: shown
                .iter()
                .map(|span| SpanView {
                    began_at: span.began_at.clone(),
                    began_by: span.began_by,
                    ended_at: span.ended_at.clone(),
                    ended_by: span.ended_by,
                })
                .collect(),
            spans_total: own.len() as u64,
            clause: view_clause(clause, &self.collection),
            evidence: view_evidence(clause),
        }
    }
}

fn unknown(id: &str) -> AnswerError {
    AnswerError::UnknownClause { id: id.to_owned() }
}

/// A clause with all its wordings, live or gone.
pub(super) fn find_history(
    desk: &Desk,
    published: &Published,
    id: &str,
) -> Result<ClauseHistory, AnswerError> {
    let parsed = ClauseId::new(id).map_err(|_| unknown(id))?;
    let found = desk.collection.store().find_history(published.generation.number, &parsed)?;
    found.ok_or_else(|| unknown(id))
}

/// The wording that `ID@N` names, or the one that stands of the clause `ID`.
pub(super) fn find_wording(desk: &Desk, published: &Published, named: &str) -> Result<Clause, AnswerError> {
    let Some((id, number)) = named.split_once('@') else {
        return desk.find_clause(published, named);
    };
    let history = find_history(desk, published, id)?;
    let last = history.wordings.last().map_or(0, |clause| clause.wording);
    let wanted = number.parse::<u64>().ok();
    let mut wordings = history.wordings.into_iter();
    wordings.find(|clause| Some(clause.wording) == wanted).ok_or_else(|| AnswerError::UnknownWording {
        id: id.to_owned(),
        number: super::params::shorten(number),
        last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_whole() {
        let check = |first: &str, last: &str, months: Option<u64>| {
            assert_eq!(count_months(first, last), months, "{first} to {last}");
        };
        check("2024-01-15", "2024-01-15", Some(0));
        check("2024-01-15", "2024-03-14", Some(1));
        check("2024-01-15", "2024-03-15", Some(2));
        check("2023-12-31", "2024-12-31T23:00:00Z", Some(12));
        check("2024-03-01", "2024-01-01", None);
        check("once", "2024-01-01", None);
    }
}
