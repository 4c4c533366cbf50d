//! Which documents of a segment hold a phrase.

use std::collections::BTreeMap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::snapshot::{Segment, Snapshot};
use crate::engine::Phrase;

/// The documents of a segment that hold a phrase, ascending. An empty phrase is held by none.
pub(super) fn find_phrase(
    snapshot: &Snapshot,
    segment: &Segment,
    phrase: &Phrase,
) -> tantivy::Result<Vec<DocId>> {
    let mut starts: BTreeMap<DocId, Vec<u32>> = BTreeMap::new();
    let mut read = Vec::new();
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
                if place == 0 {
                    postings.positions(&mut read);
                    next.entry(doc).or_default().extend(&read);
                } else if let Some(held) = starts.get(&doc) {
                    postings.positions(&mut read);
                    let reached = read.iter().filter_map(|position| position.checked_sub(place));
                    let matched: Vec<u32> = reached.filter(|start| held.contains(start)).collect();
                    if !matched.is_empty() {
                        next.entry(doc).or_default().extend(matched);
                    }
                }
                doc = postings.advance();
            }
        }
        starts = next;
    }
    Ok(starts.into_keys().collect())
}
