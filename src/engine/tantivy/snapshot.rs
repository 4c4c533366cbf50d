//! One generation of the index, opened for reading.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::thread;

use tantivy::index::SegmentReader;
use tantivy::{DocId, Searcher};

use super::list::ListCache;
use super::mapping::Mapping;
use super::segment::SegmentData;
use crate::engine::{Attribute, IndexState};
use crate::score::ImpactTable;
use crate::search_schema::SearchSchema;

/// From how many documents on a segment is large.
const LARGE: u32 = 10_000;

/// One generation, with tables that make the ordinals of all segments one.
pub(super) struct Snapshot {
    pub(super) state: IndexState,
    pub(super) segments: Vec<Segment>,
    pub(super) lists: Arc<ListCache>,
    /// The values of each attribute, by bytes; a value's place is its ordinal.
    values: HashMap<Attribute, Vec<String>>,
}

/// A segment as one generation sees it: some of its documents may be deleted.
pub(super) struct Segment {
    pub(super) data: Arc<SegmentData>,
    pub(super) reader: SegmentReader,
    /// For each attribute the snapshot's ordinal of each ordinal of the segment.
    to_snapshot: HashMap<Attribute, Vec<u32>>,
}

impl Segment {
    /// The snapshot's ordinal for each of the segment's ordinals of an attribute.
    pub(super) fn to_snapshot(&self, attribute: Attribute) -> &[u32] {
        self.to_snapshot.get(&attribute).map_or(&[], Vec::as_slice)
    }
}

impl Snapshot {
    /// Opens a generation. What `before` has opened of the same segments is shared.
    pub(super) fn open(
        searcher: &Searcher,
        state: IndexState,
        schema: &SearchSchema,
        mapping: &Mapping,
        before: Option<&Self>,
        lists: &Arc<ListCache>,
    ) -> tantivy::Result<Self> {
        // Impacts hang on these two numbers: with others, no list is worth keeping.
        let before = before.filter(|before| {
            (before.state.clauses, before.state.total_length) == (state.clauses, state.total_length)
        });
        let opened = before.map_or(&[][..], |before| &before.segments);
        let impacts = match opened.first() {
            Some(segment) => Arc::clone(&segment.data.impacts),
            None => Arc::new(ImpactTable::new(schema.impact, state.clauses, state.total_length)),
        };
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let data = match opened.iter().find(|segment| segment.data.id == reader.segment_id()) {
                Some(segment) => Arc::clone(&segment.data),
                None => open_data(reader, mapping, &impacts)?,
            };
            segments.push(Segment { data, reader: reader.clone(), to_snapshot: HashMap::new() });
        }
        let mut values = HashMap::new();
        for attribute in Attribute::ALL {
            let all: BTreeSet<&String> =
                segments.iter().flat_map(|segment| segment.data.values(attribute)).collect();
            let all: Vec<String> = all.into_iter().cloned().collect();
            for segment in &mut segments {
                let own = segment.data.values(attribute).iter();
                let own = own.map(|value| find_ordinal(&all, value).unwrap_or(0)).collect();
                segment.to_snapshot.insert(attribute, own);
            }
            values.insert(attribute, all);
        }
        Ok(Self { state, segments, lists: Arc::clone(lists), values })
    }

    /// The values of an attribute, in the order of their ordinals.
    pub(super) fn values(&self, attribute: Attribute) -> &[String] {
        self.values.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// Compares two clauses by the bytes of their ids.
    pub(super) fn compare_ids(&self, one: (u32, DocId), two: (u32, DocId)) -> Ordering {
        let of = |segment: u32| self.segments.get(segment as usize).map(|segment| &segment.data);
        let (Some(first), Some(second)) = (of(one.0), of(two.0)) else {
            return one.cmp(&two);
        };
        if one.0 == two.0 {
            return first.clause_ordinal(one.1).cmp(&second.clause_ordinal(two.1));
        }
        first.clause_id(one.1).as_bytes().cmp(second.clause_id(two.1).as_bytes())
    }
}

/// Opens a segment. What every question needs of a large one is laid out in the background: the first
/// question would wait for it half a second, of a million clauses.
fn open_data(
    reader: &SegmentReader,
    mapping: &Mapping,
    impacts: &Arc<ImpactTable>,
) -> tantivy::Result<Arc<SegmentData>> {
    let data = Arc::new(SegmentData::open(reader, mapping, impacts)?);
    if data.documents() >= LARGE {
        let warmed = Arc::clone(&data);
        // Without a thread for it, the first question does it.
        let _ = thread::Builder::new().name("warm".to_owned()).spawn(move || warmed.warm());
    }
    Ok(data)
}

fn find_ordinal(values: &[String], value: &str) -> Option<u32> {
    values
        .binary_search_by(|candidate| candidate.as_str().cmp(value))
        .ok()
        .and_then(|place| u32::try_from(place).ok())
}
