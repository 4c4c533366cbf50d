//! Exact counts by attribute, of clauses and of platforms.

use tantivy::DocId;

use super::segment::Flat;
use super::snapshot::{Segment, Snapshot};
use crate::engine::{AttributeCount, Facet, FacetCounts};

/// Counts of one facet as they grow. Platforms are told apart by one bit a value and platform.
pub(super) struct FacetCounter {
    pub(super) facet: Facet,
    clauses: Vec<u64>,
    platforms: Vec<Vec<u64>>,
}

/// The values of a facet in one segment.
pub(super) struct FacetValues<'a> {
    flat: Option<&'a Flat>,
    to_snapshot: &'a [u32],
}

impl<'a> FacetValues<'a> {
    pub(super) fn new(segment: &'a Segment, facet: Facet) -> Self {
        Self { flat: segment.data.flat(facet), to_snapshot: segment.to_snapshot(facet) }
    }

    /// The snapshot's ordinals of a document's values.
    pub(super) fn get(&self, doc: DocId) -> impl Iterator<Item = u32> + '_ {
        let own = self.flat.map_or(&[][..], |flat| flat.get(doc));
        own.iter().filter_map(|value| self.to_snapshot.get(*value as usize).copied())
    }
}

impl FacetCounter {
    pub(super) fn new(snapshot: &Snapshot, facet: Facet) -> Self {
        let values = snapshot.values(facet).len();
        Self { facet, clauses: vec![0; values], platforms: vec![Vec::new(); values] }
    }

    /// Counts a clause in.
    pub(super) fn add(&mut self, values: &FacetValues<'_>, doc: DocId, platform: u32) {
        let (word, bit) = (platform as usize / 64, platform % 64);
        for value in values.get(doc) {
            let value = value as usize;
            let (Some(clauses), Some(seen)) = (self.clauses.get_mut(value), self.platforms.get_mut(value))
            else {
                continue;
            };
            *clauses += 1;
            if seen.len() <= word {
                seen.resize(word + 1, 0);
            }
            if let Some(seen) = seen.get_mut(word) {
                *seen |= 1 << bit;
            }
        }
    }

    /// Takes in what another counter of the same facet has counted.
    pub(super) fn merge(&mut self, other: Self) {
        for (own, more) in self.clauses.iter_mut().zip(other.clauses) {
            *own += more;
        }
        for (own, mut more) in self.platforms.iter_mut().zip(other.platforms) {
            if own.len() < more.len() {
                std::mem::swap(own, &mut more);
            }
            own.iter_mut().zip(more).for_each(|(own, more)| *own |= more);
        }
    }

    /// The counts, by clauses falling, then by value; zeros left out.
    pub(super) fn finish(self, snapshot: &Snapshot) -> FacetCounts {
        let mut values: Vec<AttributeCount> = snapshot
            .values(self.facet)
            .iter()
            .zip(self.clauses)
            .zip(self.platforms)
            .filter(|((_, clauses), _)| *clauses > 0)
            .map(|((value, clauses), seen)| AttributeCount {
                value: value.clone(),
                platforms: seen.iter().map(|word| u64::from(word.count_ones())).sum(),
                clauses,
            })
            .collect();
        values.sort_by(|one, two| two.clauses.cmp(&one.clauses).then_with(|| one.value.cmp(&two.value)));
        FacetCounts { facet: self.facet, values }
    }
}
