//! One question in one pass over windows of postings.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::time::Instant;

use rustc_hash::FxHashMap;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Term};

use super::facet::FacetCounter;
use super::mapping::decode_stood;
use super::phrase::find_phrase;
use super::snapshot::{Segment, Snapshot};
use crate::clause::{ClauseId, Day, Severity};
use crate::engine::order::sort_key;
use crate::engine::{
    Answer, Attribute, Condition, Facet, Found, Membership, PlatformRow, Question, SameWording,
};
use crate::score::{GREATEST_SUM, share};

/// Documents scored at a time: their sums fit the processor's first cache.
const WINDOW: u32 = 4096;

/// How many of a platform's best members its row keeps.
const BEST: usize = 3;

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
struct Member {
    sort_key: i64,
    wording: u64,
    sum: u32,
    held: u32,
    platform: u32,
    segment: u32,
    doc: DocId,
    severity: Severity,
}

/// Answers a question from a snapshot.
pub(super) fn answer(snapshot: &Snapshot, question: &Question) -> Result<Answer, Failure> {
    let mut pass = Pass::new(snapshot, question);
    for (place, segment) in snapshot.segments.iter().enumerate() {
        pass.read_segment(place, segment)?;
    }
    pass.finish()
}

struct Pass<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    deadline: Option<Instant>,
    severities: Vec<Severity>,
    left_out: Vec<bool>,
    filters: Vec<CompiledFilter>,
    agreements: Vec<(Attribute, Vec<bool>, u32)>,
    counters: Vec<FacetCounter>,
    members: Vec<Member>,
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
struct Window {
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
            phrases.push(find_phrase(self.snapshot, segment, phrase)?);
        }
        let mut exclusions = Vec::with_capacity(self.question.exclusions.len());
        for phrase in &self.question.exclusions {
            exclusions.push(find_phrase(self.snapshot, segment, phrase)?);
        }
        let size = WINDOW as usize;
        let mut window = Window { first: 0, sums: vec![0; size], held: vec![0; size], best: vec![0; size] };
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

    fn score_slot(&self, segment: &Segment, slot: &mut SlotPostings, window: &mut Window, past: DocId) {
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
                    let closeness =
                        vector.as_ref().and_then(|vector| segment.closeness(doc, vector));
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

    /// The order of [`crate::engine::order::compare_found`], over ordinals.
    fn compare(&self, one: &Member, two: &Member) -> Ordering {
        two.sort_key
            .cmp(&one.sort_key)
            .then_with(|| two.sum.cmp(&one.sum))
            .then_with(|| one.severity.rank().cmp(&two.severity.rank()))
            .then_with(|| one.platform.cmp(&two.platform))
            .then_with(|| {
                self.snapshot.compare_ids((one.segment as usize, one.doc), (two.segment as usize, two.doc))
            })
    }

    fn finish(mut self) -> Result<Answer, Failure> {
        let mut members = std::mem::take(&mut self.members);
        let counters = std::mem::take(&mut self.counters);
        let rows = self.fill_rows(&members);
        let clauses = members.len() as u64;
        let platforms = rows.len() as u64;
        let counts = self.count_wordings_of(&members, &rows);

        let page = self.question.page;
        let wanted = page.skip.saturating_add(page.take).min(members.len());
        if page.take == 0 || page.skip >= members.len() {
            members.clear();
        } else {
            if wanted < members.len() {
                members.select_nth_unstable_by(wanted, |one, two| self.compare(one, two));
                members.truncate(wanted);
            }
            members.sort_unstable_by(|one, two| self.compare(one, two));
            members.drain(..page.skip);
        }
        // The page's wordings are counted apart: its clauses need not be among a platform's best.
        let hits = members
            .iter()
            .map(|member| self.find(member, &counts))
            .collect::<Result<Vec<Found>, Failure>>()?;
        let mut table = Vec::new();
        if self.question.platforms {
            let mut rows: Vec<(u64, Vec<Member>)> = rows.into_values().collect();
            rows.sort_unstable_by(|one, two| match (one.1.first(), two.1.first()) {
                (Some(one), Some(two)) => self.compare(one, two),
                (one, two) => one.is_none().cmp(&two.is_none()),
            });
            for (members, best) in rows {
                let best = best
                    .iter()
                    .map(|member| self.find(member, &counts))
                    .collect::<Result<Vec<Found>, Failure>>()?;
                let platform = best.first().map(|found| found.platform.clone()).unwrap_or_default();
                table.push(PlatformRow { platform, members, best });
            }
        }
        let facets = counters.into_iter().map(|counter| counter.finish(self.snapshot)).collect();
        Ok(Answer { clauses, platforms, hits, table, facets })
    }

    /// Each platform's number of members and, if the table is wanted, the best of them in order.
    fn fill_rows(&self, members: &[Member]) -> FxHashMap<u32, (u64, Vec<Member>)> {
        let mut rows: FxHashMap<u32, (u64, Vec<Member>)> = FxHashMap::default();
        for member in members {
            let (count, best) = rows.entry(member.platform).or_default();
            *count += 1;
            if !self.question.platforms {
                continue;
            }
            let place = best.iter().take_while(|held| self.compare(held, member) == Ordering::Less).count();
            if place < BEST {
                best.insert(place, *member);
                best.truncate(BEST);
            }
        }
        rows
    }

    /// How many members share each wording. Counted for all wordings at once: which of them will
    /// be shown depends on the order, and counting is cheaper than asking twice.
    fn count_wordings_of(
        &self,
        members: &[Member],
        rows: &FxHashMap<u32, (u64, Vec<Member>)>,
    ) -> HashMap<u64, SameWording> {
        let mut pairs: Vec<(u64, u32)> =
            members.iter().map(|member| (member.wording, member.platform)).collect();
        pairs.sort_unstable();
        let mut counts: HashMap<u64, SameWording> = HashMap::with_capacity(rows.len());
        let mut last = None;
        for pair in pairs {
            let count = counts.entry(pair.0).or_default();
            count.clauses += 1;
            if last != Some(pair) {
                count.platforms += 1;
            }
            last = Some(pair);
        }
        counts
    }

    fn find(&self, member: &Member, counts: &HashMap<u64, SameWording>) -> Result<Found, Failure> {
        let missing = || tantivy::TantivyError::InternalError("a member points to no clause".to_owned());
        let segment = self.snapshot.segments.get(member.segment as usize).ok_or_else(missing)?;
        let platforms = self.snapshot.values(Attribute::Platform);
        Ok(Found {
            id: ClauseId::new(segment.clause_id(member.doc)).map_err(|_| missing())?,
            version: segment.version.first(member.doc).unwrap_or(0),
            platform: platforms.get(member.platform as usize).cloned().unwrap_or_default(),
            severity: member.severity,
            sort_key: member.sort_key,
            sum: member.sum,
            held: member.held,
            wording: member.wording,
            same_wording: counts.get(&member.wording).copied().unwrap_or_default(),
        })
    }
}
