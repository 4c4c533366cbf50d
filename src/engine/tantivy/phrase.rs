//! Which documents of a segment hold a phrase.

use std::collections::BTreeMap;
use std::time::Instant;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::evaluate::Failure;
use super::snapshot::{Segment, Snapshot};
use crate::engine::Phrase;

/// After how many documents the time is looked at.
const DOCUMENTS: u32 = 1024;

/// The documents of a segment that hold a phrase, ascending. An empty phrase is held by none.
pub(super) fn find_phrase(
    snapshot: &Snapshot,
    segment: &Segment,
    phrase: &Phrase,
    deadline: Option<Instant>,
) -> Result<Vec<DocId>, Failure> {
    let mut starts: BTreeMap<DocId, Vec<u32>> = BTreeMap::new();
    let mut read = Vec::new();
    let mut turn = 0_u32;
    for (place, terms) in phrase.iter().enumerate() {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let mut next: BTreeMap<DocId, Vec<u32>> = BTreeMap::new();
        for term in terms {
            let term = Term::from_field_text(snapshot.terms, term);
            let option = IndexRecordOption::WithFreqsAndPositions;
            let Some(mut postings): Option<SegmentPostings> =
                segment.postings.read_postings(&term, option)?
            else {
                continue;
            };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                turn = turn.wrapping_add(1);
                if turn.is_multiple_of(DOCUMENTS)
                    && deadline.is_some_and(|deadline| Instant::now() > deadline)
                {
                    return Err(Failure::Deadline);
                }
                if place == 0 {
                    postings.positions(&mut read);
                    next.entry(doc).or_default().extend(&read);
                } else if let Some(held) = starts.get(&doc) {
                    postings.positions(&mut read);
                    let reached = read.iter().filter_map(|position| position.checked_sub(place));
                    let matched: Vec<u32> =
                        reached.filter(|start| held.binary_search(start).is_ok()).collect();
                    if !matched.is_empty() {
                        next.entry(doc).or_default().extend(matched);
                    }
                }
                doc = postings.advance();
            }
        }
        if terms.len() > 1 {
            for held in next.values_mut() {
                held.sort_unstable();
                held.dedup();
            }
        }
        if next.is_empty() {
            return Ok(Vec::new());
        }
        starts = next;
    }
    Ok(starts.into_keys().collect())
}
