//! One question in one pass over windows of postings.

use std::time::Instant;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Term};

use super::facet::FacetCounter;
use super::mapping::decode_stood;
use super::phrase::find_phrase;
use super::snapshot::{Segment, Snapshot};
use crate::clause::{Day, Severity};
use crate::engine::order::sort_key;
use crate::engine::{Answer, Attribute, Condition, Facet, Membership, Question};
use crate::score::{GREATEST_SUM, share};

/// Documents scored at a time: their sums fit the processor's first cache.
const WINDOW: u32 = 4096;

/// Why there is no answer.
pub(super) enum Failure {
    Deadline,
    Index(tantivy::TantivyError),
}

impl<E: Into<tantivy::TantivyError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Index(error.into())
    }
}

/// A member, small: what is ordered and counted, and where the rest stands.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) sort_key: i64,
    pub(super) wording: u64,
    pub(super) sum: u32,
    pub(super) held: u32,
    pub(super) platform: u32,
    pub(super) segment: u32,
    pub(super) doc: DocId,
    pub(super) severity: Severity,
}

/// Answers a question from a snapshot.
pub(super) fn answer(snapshot: &Snapshot, question: &Question) -> Result<Answer, Failure> {
    let mut pass = Pass::new(snapshot, question);
    for (place, segment) in snapshot.segments.iter().enumerate() {
        pass.read_segment(place, segment)?;
    }
    pass.finish()
}

pub(super) struct Pass<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) question: &'a Question,
    deadline: Option<Instant>,
    severities: Vec<Severity>,
    left_out: Vec<bool>,
    filters: Vec<CompiledFilter>,
    agreements: Vec<(Attribute, Vec<bool>, u32)>,
    pub(super) counters: Vec<FacetCounter>,
    pub(super) members: Vec<Member>,
}

/// A filter over the snapshot's ordinals.
struct CompiledFilter {
    condition: Compiled,
    lifted_by: Option<Facet>,
}

enum Compiled {
    AnyOf(Attribute, Vec<bool>),
    NoneOf(Attribute, Vec<bool>),
    SeenAfter(i64),
    SeenBefore(i64),
    StoodOn(Day),
}

impl Compiled {
    fn passes(&self, segment: &Segment, doc: DocId) -> bool {
        match self {
            Self::AnyOf(attribute, wanted) => has_any(segment, doc, *attribute, wanted),
            Self::NoneOf(attribute, unwanted) => !has_any(segment, doc, *attribute, unwanted),
            Self::SeenAfter(day) => segment
                .last_seen
                .as_ref()
                .and_then(|column| column.first(doc))
                .is_some_and(|seen| seen >= *day),
            Self::SeenBefore(day) => segment
                .first_seen
                .as_ref()
                .and_then(|column| column.first(doc))
                .is_some_and(|seen| seen <= *day),
            Self::StoodOn(day) => segment.stood.as_ref().is_some_and(|column| {
                column.values_for_doc(doc).map(decode_stood).any(|(from, to)| from <= *day && *day < to)
            }),
        }
    }
}

fn has_any(segment: &Segment, doc: DocId, attribute: Attribute, wanted: &[bool]) -> bool {
    segment.ordinals(attribute, doc).any(|value| wanted.get(value as usize) == Some(&true))
}

fn mark_values(snapshot: &Snapshot, attribute: Attribute, values: &[String]) -> Vec<bool> {
    let mut marks = vec![false; snapshot.values(attribute).len()];
    for value in values {
        let place = snapshot.find_value(attribute, value);
        if let Some(mark) = place.and_then(|place| marks.get_mut(place as usize)) {
            *mark = true;
        }
    }
    marks
}

/// The postings of one slot, in step with the windows.
struct SlotPostings {
    weight: u32,
    postings: Vec<SegmentPostings>,
}

/// The accumulators of one window.
struct Accumulators {
    first: DocId,
    sums: Vec<u32>,
    held: Vec<u32>,
    /// The best impact of a slot with several terms.
    best: Vec<u32>,
}

impl<'a> Pass<'a> {
    fn new(snapshot: &'a Snapshot, question: &'a Question) -> Self {
        let compile = |condition: &Condition| match condition {
            Condition::AnyOf(attribute, values) => {
                Compiled::AnyOf(*attribute, mark_values(snapshot, *attribute, values))
            }
            Condition::NoneOf(attribute, values) => {
                Compiled::NoneOf(*attribute, mark_values(snapshot, *attribute, values))
            }
            Condition::SeenAfter(Day(day)) => Compiled::SeenAfter(i64::from(*day)),
            Condition::SeenBefore(Day(day)) => Compiled::SeenBefore(i64::from(*day)),
            Condition::StoodOn(day) => Compiled::StoodOn(*day),
        };
        let agreements = match &question.membership {
            Membership::Comparables { agreement, .. } => agreement
                .iter()
                .map(|agreement| {
                    let marks = mark_values(snapshot, agreement.attribute, &agreement.values);
                    (agreement.attribute, marks, agreement.weight)
                })
                .collect(),
            _ => Vec::new(),
        };
        Self {
            snapshot,
            question,
            deadline: question.time_limit.map(|limit| Instant::now() + limit),
            severities: snapshot
                .values(Attribute::Severity)
                .iter()
                .map(|value| Severity::parse(value).unwrap_or(Severity::Unrated))
                .collect(),
            left_out: mark_values(snapshot, Attribute::Platform, &question.left_out),
            filters: question
                .filters
                .iter()
                .map(|filter| CompiledFilter {
                    condition: compile(&filter.condition),
                    lifted_by: filter.lifted_by,
                })
                .collect(),
            agreements,
            counters: question.facets.iter().map(|&facet| FacetCounter::new(snapshot, facet)).collect(),
            members: Vec::new(),
        }
    }

    fn read_segment(&mut self, place: usize, segment: &Segment) -> Result<(), Failure> {
        let mut slots = self.open_slots(segment)?;
        let mut phrases = Vec::with_capacity(self.question.phrases.len());
        for phrase in &self.question.phrases {
            phrases.push(find_phrase(self.snapshot, segment, phrase, self.deadline)?);
        }
        let mut exclusions = Vec::with_capacity(self.question.exclusions.len());
        for phrase in &self.question.exclusions {
            exclusions.push(find_phrase(self.snapshot, segment, phrase, self.deadline)?);
        }
        let size = WINDOW as usize;
        let mut window =
            Accumulators { first: 0, sums: vec![0; size], held: vec![0; size], best: vec![0; size] };
        let end = segment.reader.max_doc();
        while window.first < end {
            if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
                return Err(Failure::Deadline);
            }
            let past = window.first.saturating_add(WINDOW).min(end);
            for slot in &mut slots {
                self.score_slot(segment, slot, &mut window, past);
            }
            for doc in window.first..past {
                let at = (doc - window.first) as usize;
                let (Some(sum), Some(held)) = (window.sums.get_mut(at), window.held.get_mut(at)) else {
                    continue;
                };
                let (similarity, held) = (std::mem::take(sum), std::mem::take(held));
                if let Some((sum, held)) = self.judge(segment, doc, similarity, held)
                    && !segment.reader.is_deleted(doc)
                    && phrases.iter().all(|docs| docs.binary_search(&doc).is_ok())
                    && !exclusions.iter().any(|docs| docs.binary_search(&doc).is_ok())
                {
                    self.count(place, segment, doc, sum, held);
                }
            }
            window.first = past;
        }
        Ok(())
    }

    fn open_slots(&self, segment: &Segment) -> Result<Vec<SlotPostings>, Failure> {
        let mut slots = Vec::with_capacity(self.question.slots.len());
        for slot in &self.question.slots {
            let mut postings = Vec::with_capacity(slot.terms.len());
            for term in &slot.terms {
                let term = Term::from_field_text(self.snapshot.terms, term);
                postings.extend(segment.postings.read_postings(&term, IndexRecordOption::WithFreqs)?);
            }
            if !postings.is_empty() {
                slots.push(SlotPostings { weight: slot.weight, postings });
            }
        }
        Ok(slots)
    }

    fn score_slot(&self, segment: &Segment, slot: &mut SlotPostings, window: &mut Accumulators, past: DocId) {
        let impacts = &self.snapshot.impacts;
        let impact_of = |postings: &SegmentPostings, doc| {
            impacts.impact(postings.term_freq(), segment.lengths.fieldnorm_id(doc))
        };
        if let [postings] = slot.postings.as_mut_slice() {
            let mut doc = postings.doc();
            while doc < past {
                let at = (doc - window.first) as usize;
                if let (Some(sum), Some(held)) = (window.sums.get_mut(at), window.held.get_mut(at)) {
                    *sum += slot.weight * impact_of(postings, doc);
                    *held += slot.weight;
                }
                doc = postings.advance();
            }
            return;
        }
        for postings in &mut slot.postings {
            let mut doc = postings.doc();
            while doc < past {
                if let Some(best) = window.best.get_mut((doc - window.first) as usize) {
                    *best = (*best).max(impact_of(postings, doc));
                }
                doc = postings.advance();
            }
        }
        for ((best, sum), held) in window.best.iter_mut().zip(&mut window.sums).zip(&mut window.held) {
            if *best > 0 {
                *sum += slot.weight * *best;
                *held += slot.weight;
                *best = 0;
            }
        }
    }

    /// The sum of a clause that is a member as far as words and scores go, and what it holds.
    fn judge(&self, segment: &Segment, doc: DocId, similarity: u32, held: u32) -> Option<(u32, u32)> {
        match &self.question.membership {
            Membership::All => Some((similarity, held)),
            Membership::Search { least_held } => (held >= *least_held).then_some((similarity, held)),
            Membership::Comparables { self_similarity, guard, least_sum, rule, vector, wording, .. } => {
                let share = share(similarity, *self_similarity);
                if similarity == 0 || share < *guard {
                    return None;
                }
                let sum = if segment.wording.first(doc) == Some(*wording) {
                    GREATEST_SUM
                } else {
                    let agreed = self
                        .agreements
                        .iter()
                        .filter(|(attribute, marks, _)| has_any(segment, doc, *attribute, marks))
                        .map(|(_, _, weight)| weight)
                        .sum();
                    let closeness = vector.as_ref().and_then(|vector| segment.closeness(doc, vector));
                    rule.sum(share, closeness, agreed)
                };
                (sum >= *least_sum).then_some((sum, share))
            }
        }
    }

    fn count(&mut self, place: usize, segment: &Segment, doc: DocId, sum: u32, held: u32) {
        let platform = segment.ordinal(Attribute::Platform, doc);
        if self.left_out.get(platform as usize) == Some(&true) {
            return;
        }
        // One failed filter still counts in the facet that lifts it; two of different facets do not.
        let mut failed = 0;
        let mut lifted_by = None;
        for filter in &self.filters {
            if !filter.condition.passes(segment, doc) {
                if failed > 0 && lifted_by != filter.lifted_by {
                    return;
                }
                lifted_by = filter.lifted_by;
                if lifted_by.is_none() {
                    return;
                }
                failed += 1;
            }
        }
        for counter in &mut self.counters {
            if failed == 0 || lifted_by == Some(counter.facet) {
                counter.add(segment, doc, platform);
            }
        }
        if failed > 0 {
            return;
        }
        let severity = segment.ordinal(Attribute::Severity, doc);
        let severity = self.severities.get(severity as usize).copied().unwrap_or(Severity::Unrated);
        let day = segment.wording_day.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
        self.members.push(Member {
            sort_key: sort_key(self.question.sort, severity, Day(i32::try_from(day).unwrap_or(0))),
            wording: segment.wording.first(doc).unwrap_or(0),
            sum,
            held,
            platform,
            segment: u32::try_from(place).unwrap_or(u32::MAX),
            doc,
            severity,
        });
    }
}
