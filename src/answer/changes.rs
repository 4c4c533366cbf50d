//! What was added, changed or removed, newest recorded first.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence};
use super::cursor::Cursor;
use super::filter::FilterSet;
use super::params::Params;
use super::source::view_platform;
use super::view::{ClauseView, EvidenceView, ExcerptView, PlatformView};
use super::{AnswerError, Desk};
use crate::clause::{Cause, Clause, Day, NewsKind};
use crate::collection::make_entry;
use crate::store::RecordedNews;
use crate::text::excerpt::cut_excerpt;
use crate::text::mask::Mask;
use crate::text::term::analyze;

/// How many changes are looked through for one page, at most. Behind filters that few of them pass,
/// a page may hold less than it could, and still have a next one.
const LOOKED_THROUGH: usize = 5_000;

/// How many are read at a time.
const BATCH: usize = 200;

/// Something that happened to a clause.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number, in the order of recording; it never changes.
    pub number: u64,
    /// `added`, `changed` or `removed`.
    pub kind: NewsKind,
    /// When it was recorded here.
    pub recorded_at: String,
    /// When it was observed in the world; null if nobody said.
    #[schema(required)]
    pub observed_at: Option<String>,
    /// Who did it: `platform`, `first` (its document was first looked at) or `record` (who gave the
    /// record does not say).
    pub by: Cause,
    /// The clause, as it was afterwards; of a removal as it was before.
    pub clause: ClauseView,
    /// Its platform.
    pub platform: PlatformView,
    /// What is shown of it: of a changed clause what is new.
    pub excerpt: ExcerptView,
    /// The name of the wording before, `ID@N`; null for an addition.
    #[schema(required)]
    pub wording_before: Option<String>,
    /// The name of the wording since, `ID@N`; null for a removal.
    #[schema(required)]
    pub wording: Option<String>,
    /// Of a removal: the clause that says the same now, if one does.
    #[schema(required)]
    pub replaced_by: Option<String>,
    /// Where it was found.
    pub evidence: EvidenceView,
}

/// Changes, newest recorded first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangesAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// This page of them.
    pub changes: Vec<ChangeView>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl Desk {
    /// What was added, changed or removed, of the clauses that pass the filters. With `as_of`, what
    /// was observed (or else recorded) up to that day.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known or an expired cursor.
    pub fn list_changes(&self, params: Params) -> Result<ChangesAnswer, AnswerError> {
        let fingerprint = format!("changes\n{}", params.fingerprint(&["cursor", "limit"]));
        let mut params = params;
        let cursor =
            params.take_one("cursor")?.map(|text| Cursor::decode(&text, &fingerprint)).transpose()?;
        let published = self.pin(cursor.as_ref())?;
        let filters = FilterSet::take(&mut params, &self.collection, &published)?;
        let limit = params.take_number("limit", 1..=100, 10)?;
        params.finish()?;
        let generation = published.generation.number;
        // A cursor holds the number before which to go on.
        let mut before = cursor.map_or(i64::MAX.unsigned_abs(), |cursor| cursor.position as u64);
        let mut looked = 0;
        let mut changes = Vec::new();
        let mut more = true;
        'pages: while more && looked < LOOKED_THROUGH {
            let batch = self.collection.store().news(generation, before, BATCH)?;
            more = batch.len() == BATCH;
            for recorded in batch {
                if changes.len() == limit {
                    more = true;
                    break 'pages;
                }
                before = recorded.position;
                looked += 1;
                if let Some(view) = self.view_change(generation, &recorded, &filters)? {
                    changes.push(view);
                }
            }
        }
        let position = usize::try_from(before).unwrap_or(usize::MAX);
        let next_cursor = more.then(|| Cursor::new(generation, position, &fingerprint).encode());
        Ok(ChangesAnswer { generation, changes, next_cursor })
    }

    fn view_change(
        &self,
        generation: u64,
        recorded: &RecordedNews,
        filters: &FilterSet,
    ) -> Result<Option<ChangeView>, AnswerError> {
        let news = &recorded.news;
        if let Some(as_of) = filters.as_of {
            let day = Day::parse(news.observed_at.as_deref().unwrap_or(&recorded.recorded_at));
            if day.is_none_or(|day| day > as_of) {
                return Ok(None);
            }
        }
        let Some(history) = self.collection.store().find_history(generation, &recorded.id)? else {
            return Ok(None);
        };
        let find =
            |number: Option<u64>| history.wordings.iter().find(|clause| Some(clause.wording) == number);
        let (before, after) = (find(news.wording_before), find(news.wording));
        let Some(shown) = after.or(before) else {
            return Ok(None);
        };
        if !filters.pass(&make_entry(shown, self.collection.knowledge())) {
            return Ok(None);
        }
        let name = |clause: &Clause| format!("{}@{}", clause.id, clause.wording);
        let end = history.spans.iter().rev().find(|span| span.ended_at == news.observed_at);
        Ok(Some(ChangeView {
            number: recorded.position,
            kind: news.kind,
            recorded_at: recorded.recorded_at.clone(),
            observed_at: news.observed_at.clone(),
            by: news.by,
            clause: view_clause(shown, &self.collection),
            platform: view_platform(&shown.platform),
            excerpt: show_news(shown, after.and(before)),
            wording_before: before.map(name),
            wording: after.map(name),
            replaced_by: end
                .filter(|_| news.kind == NewsKind::Removed)
                .and_then(|span| span.replaced_by.as_ref())
                .map(ToString::to_string),
            evidence: view_evidence(shown),
        }))
    }
}

/// What is shown of a clause: the sentences that hold the most words that it did not have before.
fn show_news(clause: &Clause, before: Option<&Clause>) -> ExcerptView {
    let nothing = Mask::default();
    let tokens = analyze(&clause.text, clause.language(), &nothing);
    let known: HashSet<String> = before
        .map(|before| analyze(&before.text, before.language(), &nothing))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|token| token.term)
        .collect();
    let weigh = |term: &str| u32::from(before.is_some() && !known.contains(term));
    let excerpt = cut_excerpt(&clause.text, &tokens, weigh, |_| true);
    ExcerptView { text: excerpt.text, highlights: excerpt.highlights, truncated: excerpt.truncated }
}
