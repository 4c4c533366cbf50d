//! One question in one pass over the windows of all segments.
//!
//! The threshold of the windows is what membership asks for: of comparables the guard's share, of a
//! search the least weight held. Whoever reaches it is judged once, with everything that counts it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use tantivy::DocId;
use tantivy::columnar::Column;

use super::closeness::{Closeness, SourceVector};
use super::facet::{FacetCounter, FacetValues};
use super::filter::{Filters, Marks, Verdict};
use super::head::{Head, Heads, OF_A_KIND};
use super::list::List;
use super::phrase::find_phrase;
use super::segment::SegmentData;
use super::snapshot::{Segment, Snapshot};
use super::window::{Plan, Sum, WINDOW, Window};
use crate::clause::{Day, Severity};
use crate::engine::order::sort_key;
use crate::engine::{Agreement, Answer, Attribute, Facet, Membership, Question};
use crate::score::{GREATEST_SUM, SumRule, WHOLE_SHARE, share};
use crate::vector::WHOLE_CLOSENESS;

/// Windows that a thread takes at a time.
const BLOCK: usize = 8;

/// A thread is worth its start for so many blocks.
const LEAST_BLOCKS: usize = 4;

/// Documents whose vectors are fetched at a time: as many as a processor waits for at once, about.
const FETCHED: usize = 32;

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

/// What a thread has found and counted.
pub(super) struct Tally {
    pub(super) members: Vec<Member>,
    pub(super) counters: Vec<FacetCounter>,
}

/// Answers a question from a snapshot, on as many threads as are to spare, this one included.
pub(super) fn answer(snapshot: &Snapshot, question: &Question, threads: usize) -> Result<Answer, Failure> {
    let deadline = question.time_limit.map(|limit| Instant::now() + limit);
    let tally = match &question.membership {
        Membership::Comparables { self_similarity, guard, .. } => {
            // The least similarity whose share, rounded down, reaches the guard; a term at least.
            let least = u64::from(*guard) * u64::from(*self_similarity);
            let least = least.div_ceil(u64::from(WHOLE_SHARE)).max(1);
            let least = u32::try_from(least).unwrap_or(u32::MAX);
            Pass::new(snapshot, question, deadline, least)?.read(threads)
        }
        Membership::Search { least_held } => {
            Pass::new(snapshot, question, deadline, u64::from(*least_held) << 32)?.read(threads)
        }
        Membership::All => Pass::new(snapshot, question, deadline, 0_u64)?.read(threads),
    }?;
    super::gather::finish(snapshot, question, tally)
}

/// Fails once the time is up.
pub(super) fn check_time(deadline: Option<Instant>) -> Result<(), Failure> {
    match deadline {
        Some(deadline) if Instant::now() > deadline => Err(Failure::Deadline),
        _ => Ok(()),
    }
}

/// A question that is being answered.
struct Pass<'a, S> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    deadline: Option<Instant>,
    severities: Vec<Severity>,
    least: S,
    /// For each segment the lists of the words that it has.
    lists: Vec<Vec<(Arc<List>, u32)>>,
    /// For each segment the documents of each phrase and of each exclusion.
    phrases: Vec<Phrases>,
}

#[derive(Default)]
struct Phrases {
    wanted: Vec<Vec<DocId>>,
    unwanted: Vec<Vec<DocId>>,
}

impl<'a, S: Sum> Pass<'a, S> {
    fn new(
        snapshot: &'a Snapshot,
        question: &'a Question,
        deadline: Option<Instant>,
        least: S,
    ) -> Result<Self, Failure> {
        let (mut lists, mut phrases) = (Vec::new(), Vec::new());
        for segment in &snapshot.segments {
            let mut held = Vec::with_capacity(question.slots.len());
            for slot in &question.slots {
                let list = snapshot.lists.find(&segment.data, &slot.terms)?;
                held.extend(list.map(|list| (list, slot.weight)));
                check_time(deadline)?;
            }
            lists.push(held);
            let mut of_segment = Phrases::default();
            for (phrases, docs) in [
                (&question.phrases, &mut of_segment.wanted),
                (&question.exclusions, &mut of_segment.unwanted),
            ] {
                for phrase in phrases {
                    docs.push(find_phrase(&snapshot.lists, &segment.data, phrase, deadline)?);
                }
            }
            phrases.push(of_segment);
        }
        let severities = snapshot.values(Attribute::Severity).iter();
        let severities = severities.map(|value| Severity::parse(value).unwrap_or(Severity::Unrated));
        let severities = severities.collect();
        Ok(Self { snapshot, question, deadline, severities, least, lists, phrases })
    }

    /// Reads all segments.
    fn read(&self, threads: usize) -> Result<Tally, Failure> {
        let segments: Vec<Reading<'_, S>> = (0..)
            .zip(&self.snapshot.segments)
            .zip(self.lists.iter().zip(&self.phrases))
            .map(|((place, segment), (lists, phrases))| Reading::new(self, place, segment, lists, phrases))
            .collect();
        let mut blocks: Vec<(&Reading<'_, S>, Range<usize>)> = Vec::new();
        for segment in &segments {
            let windows = segment.segment.data.windows();
            let firsts = (0..windows).step_by(BLOCK);
            blocks.extend(firsts.map(|first| (segment, first..windows.min(first + BLOCK))));
        }
        let threads = threads.min(blocks.len() / LEAST_BLOCKS).max(1);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut tally = Tally::new(self.snapshot, self.question);
            let mut window = Window::new();
            while let Some((segment, windows)) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                for number in windows.clone() {
                    check_time(self.deadline)?;
                    segment.read(number, &mut window, &mut tally);
                }
            }
            Ok(tally)
        };
        let (mut tally, others) = thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                // A thread that cannot be had is done without.
                .filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
                .collect();
            let tally = work();
            let others: Vec<_> = others.into_iter().map(thread::ScopedJoinHandle::join).collect();
            (tally, others)
        });
        for other in others {
            match other {
                Ok(other) => tally = Ok(tally?.merge(other?)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        tally
    }
}

impl Tally {
    fn new(snapshot: &Snapshot, question: &Question) -> Self {
        let counters = question.facets.iter().map(|&facet| FacetCounter::new(snapshot, facet));
        Self { members: Vec::new(), counters: counters.collect() }
    }

    fn merge(mut self, other: Self) -> Self {
        self.members.extend(other.members);
        for (own, more) in self.counters.iter_mut().zip(other.counters) {
            own.merge(more);
        }
        self
    }
}

/// A question made ready for one segment.
struct Reading<'a, S> {
    pass: &'a Pass<'a, S>,
    place: u32,
    segment: &'a Segment,
    plan: Plan<'a, S>,
    phrases: &'a Phrases,
    heads: &'a Heads,
    /// The snapshot's ordinals of the segment's platforms, and which of them are left out.
    platforms: &'a [u32],
    left_out: Vec<bool>,
    severity_of: FacetValues<'a>,
    filters: Filters<'a>,
    rule: Option<Comparables<'a>>,
    facets: Vec<(Facet, FacetValues<'a>)>,
    wording_day: Option<&'a Column<i64>>,
}

/// What makes the sum of a comparable.
struct Comparables<'a> {
    self_similarity: u32,
    guard: u32,
    least_sum: u32,
    rule: &'a SumRule,
    vector: Option<SourceVector<'a>>,
    wording: u64,
    /// Agreement in attributes that are the same for all documents of a kind, and in others.
    of_kinds: Vec<(Marks<'a>, u32)>,
    of_documents: Vec<(Marks<'a>, u32)>,
    examples: &'a [DocId],
    /// What the agreement of each kind is worth, once it was asked for.
    kinds: Vec<AtomicU32>,
}

/// Of a kind whose agreement nobody has asked for.
const UNKNOWN: u32 = u32::MAX;

impl<'a, S: Sum> Reading<'a, S> {
    fn new(
        pass: &'a Pass<'a, S>,
        place: u32,
        segment: &'a Segment,
        lists: &'a [(Arc<List>, u32)],
        phrases: &'a Phrases,
    ) -> Self {
        let (question, data) = (pass.question, &*segment.data);
        let rule = match &question.membership {
            Membership::Comparables {
                self_similarity,
                guard,
                least_sum,
                rule,
                agreement,
                vector,
                wording,
            } => {
                let (of_kinds, of_documents) =
                    agreement.iter().partition::<Vec<_>, _>(|one| OF_A_KIND.contains(&one.attribute));
                let mark = |agreement: Vec<&Agreement>| -> Vec<(Marks<'a>, u32)> {
                    let mark = |one: &&Agreement| (Marks::new(data, one.attribute, &one.values), one.weight);
                    agreement.iter().map(mark).collect()
                };
                let examples = data.heads().examples();
                Some(Comparables {
                    self_similarity: *self_similarity,
                    guard: *guard,
                    least_sum: *least_sum,
                    rule,
                    vector: vector.as_ref().map(SourceVector::new),
                    wording: *wording,
                    of_kinds: mark(of_kinds),
                    of_documents: mark(of_documents),
                    examples,
                    kinds: examples.iter().map(|_| AtomicU32::new(UNKNOWN)).collect(),
                })
            }
            _ => None,
        };
        Self {
            pass,
            place,
            segment,
            plan: Plan::new(lists.iter().map(|(list, weight)| (&**list, *weight)).collect(), pass.least),
            phrases,
            heads: data.heads(),
            platforms: segment.to_snapshot(Attribute::Platform),
            left_out: data
                .values(Attribute::Platform)
                .iter()
                .map(|platform| question.left_out.contains(platform))
                .collect(),
            severity_of: FacetValues::new(segment, Attribute::Severity),
            filters: Filters::new(data, &question.filters),
            rule,
            facets: question.facets.iter().map(|&facet| (facet, FacetValues::new(segment, facet))).collect(),
            wording_day: data.wording_day.as_ref(),
        }
    }

    fn read(&self, number: usize, window: &mut Window<S>, tally: &mut Tally) {
        let first = number * WINDOW;
        let documents = self.segment.data.documents() as usize;
        window.read(&self.plan, number, documents.saturating_sub(first).min(WINDOW));
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let with_vectors = self.rule.as_ref().is_some_and(|rule| rule.vector.is_some());
        for found in window.found.chunks(FETCHED) {
            if with_vectors {
                self.segment.data.vectors.fetch(found.iter().map(|(place, _)| first + u32::from(*place)));
            }
            for (place, sum) in found {
                self.judge(first + u32::from(*place), *sum, tally);
            }
        }
    }

    /// Judges a document, cheap things first, and counts it where it belongs.
    fn judge(&self, doc: DocId, sum: S, tally: &mut Tally) {
        let Some(head) = self.heads.get(doc) else {
            return;
        };
        if self.left_out.get(head.platform as usize) == Some(&true) || self.segment.reader.is_deleted(doc) {
            return;
        }
        let verdict = self.filters.judge(doc);
        if verdict == Verdict::Out {
            return;
        }
        let (sum, held) = sum.split();
        let (sum, held) = match &self.rule {
            None => (sum, held),
            Some(rule) => match rule.judge(&self.segment.data, head, doc, sum) {
                None => return,
                Some(judged) => judged,
            },
        };
        if !self.phrases.wanted.iter().all(|docs| docs.binary_search(&doc).is_ok())
            || self.phrases.unwanted.iter().any(|docs| docs.binary_search(&doc).is_ok())
        {
            return;
        }
        let platform = self.platforms.get(head.platform as usize).copied().unwrap_or(0);
        for (counter, (facet, values)) in tally.counters.iter_mut().zip(&self.facets) {
            if verdict == Verdict::Passes || verdict == Verdict::OnlyIn(*facet) {
                counter.add(values, doc, platform);
            }
        }
        if verdict != Verdict::Passes {
            return;
        }
        let severity = self.severity_of.get(doc).next().unwrap_or(0);
        let severity = self.pass.severities.get(severity as usize).copied().unwrap_or(Severity::Unrated);
        let day = self.wording_day.and_then(|column| column.first(doc)).unwrap_or(0);
        tally.members.push(Member {
            sort_key: sort_key(self.pass.question.sort, severity, Day(i32::try_from(day).unwrap_or(0))),
            wording: self.segment.data.wording.first(doc).unwrap_or(0),
            sum,
            held,
            platform,
            segment: self.place,
            doc,
            severity,
        });
    }
}

impl Comparables<'_> {
    /// The sum and the share of a clause that is a member.
    fn judge(&self, segment: &SegmentData, head: Head, doc: DocId, similarity: u32) -> Option<(u32, u32)> {
        let share = share(similarity, self.self_similarity);
        if similarity == 0 || share < self.guard {
            return None;
        }
        if head.may_have(self.wording) && segment.wording.first(doc) == Some(self.wording) {
            return Some((GREATEST_SUM, share));
        }
        let agreed = self.agree(head, doc);
        let least = self.rule.least_closeness(share, agreed, self.least_sum);
        // What cannot be a member, however near, is not looked at further.
        if least > WHOLE_CLOSENESS {
            return None;
        }
        let closeness = match &self.vector {
            None => Closeness::Unknown,
            Some(vector) => segment.vectors.measure(doc, vector, least),
        };
        let sum = match closeness {
            Closeness::Less => return None,
            Closeness::Unknown => self.rule.sum(share, None, agreed),
            Closeness::Is(closeness) => self.rule.sum(share, Some(closeness), agreed),
        };
        (sum >= self.least_sum).then_some((sum, share))
    }

    /// What agreement adds.
    fn agree(&self, head: Head, doc: DocId) -> u32 {
        let add = |agreements: &[(Marks<'_>, u32)], doc| -> u32 {
            agreements.iter().filter(|(marks, _)| marks.hold(doc)).map(|(_, weight)| weight).sum()
        };
        let kind = head.kind as usize;
        let known = self.kinds.get(kind).map_or(UNKNOWN, |known| known.load(Ordering::Relaxed));
        let of_kind = if known == UNKNOWN {
            let worth = self.examples.get(kind).map_or(0, |&example| add(&self.of_kinds, example));
            if let Some(known) = self.kinds.get(kind) {
                known.store(worth, Ordering::Relaxed);
            }
            worth
        } else {
            known
        };
        of_kind + add(&self.of_documents, doc)
    }
}
