//! Which documents of a segment hold a phrase.

use std::time::Instant;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Term};

use super::evaluate::{Failure, check_time};
use super::list::ListCache;
use super::segment::SegmentData;
use crate::engine::Phrase;

/// After how many documents the time is looked at.
const DOCUMENTS: usize = 1024;

/// The documents of a segment that hold a phrase, ascending. An empty phrase is held by none.
///
/// Positions are read only of documents that hold a term of every place.
pub(super) fn find_phrase(
    lists: &ListCache,
    segment: &SegmentData,
    phrase: &Phrase,
    deadline: Option<Instant>,
) -> Result<Vec<DocId>, Failure> {
    let mut held = Vec::with_capacity(phrase.len());
    for terms in phrase {
        let Some(list) = lists.find(segment, terms)? else {
            return Ok(Vec::new());
        };
        held.push(list);
    }
    held.sort_by_key(|list| list.count());
    let Some((rarest, others)) = held.split_first() else {
        return Ok(Vec::new());
    };
    let mut docs: Vec<DocId> = rarest.docs(segment.windows()).collect();
    for list in others {
        docs.retain(|&doc| list.holds(doc));
    }
    if phrase.len() == 1 {
        return Ok(docs);
    }
    let mut places = Vec::with_capacity(phrase.len());
    for terms in phrase {
        let mut postings = Vec::with_capacity(terms.len());
        for term in terms {
            let term = Term::from_field_text(segment.terms, term);
            let option = IndexRecordOption::WithFreqsAndPositions;
            postings.extend(segment.postings.read_postings(&term, option)?);
        }
        places.push(postings);
    }
    let mut matched = Vec::new();
    for docs in docs.chunks(DOCUMENTS) {
        check_time(deadline)?;
        matched.extend(docs.iter().copied().filter(|&doc| stand_together(&mut places, doc)));
    }
    Ok(matched)
}

/// Whether terms of all places stand one after the other somewhere in a document. Documents are
/// asked for in ascending order.
fn stand_together(places: &mut [Vec<SegmentPostings>], doc: DocId) -> bool {
    let mut starts: Vec<u32> = Vec::new();
    let mut read = Vec::new();
    for (place, postings) in (0_u32..).zip(places) {
        let mut reached = Vec::new();
        for postings in postings {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() == doc {
                postings.positions(&mut read);
                let at = read.iter().filter_map(|position| position.checked_sub(place));
                reached.extend(at.filter(|start| place == 0 || starts.binary_search(start).is_ok()));
            }
        }
        if reached.is_empty() {
            return false;
        }
        reached.sort_unstable();
        starts = reached;
    }
    true
}
