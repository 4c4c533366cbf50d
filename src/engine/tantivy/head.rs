//! What is asked of every document that is judged, side by side in memory.

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::segment::SegmentData;
use crate::engine::Attribute;

/// The attributes by which documents are of one kind.
pub(super) const OF_A_KIND: [Attribute; 3] =
    [Attribute::ClauseType, Attribute::Category, Attribute::DocumentType];

/// The head of a document.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// The ordinal of its platform in the segment.
    pub(super) platform: u32,
    /// Its kind: documents of one kind have the same values of [`OF_A_KIND`].
    pub(super) kind: u32,
    /// The lower half of its wording's key.
    wording: u32,
}

impl Head {
    /// Whether it may have a wording, by half of its key.
    pub(super) fn may_have(self, wording: u64) -> bool {
        self.wording == halve(wording)
    }
}

/// The heads of a segment's documents.
pub(super) struct Heads {
    heads: Box<[Head]>,
    /// A document of each kind.
    examples: Box<[DocId]>,
}

impl Heads {
    pub(super) fn read(segment: &SegmentData) -> Self {
        let platforms = segment.flat(Attribute::Platform);
        let flats = OF_A_KIND.map(|attribute| segment.flat(attribute));
        let mut kinds: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let (mut examples, mut values) = (Vec::new(), Vec::new());
        let heads = (0..segment.documents()).map(|doc| {
            values.clear();
            for flat in flats.iter().flatten() {
                values.extend_from_slice(flat.get(doc));
                values.push(u32::MAX);
            }
            let kind = kinds.get(&values).copied().unwrap_or_else(|| {
                let kind = u32::try_from(examples.len()).unwrap_or(u32::MAX);
                examples.push(doc);
                kinds.insert(values.clone(), kind);
                kind
            });
            Head {
                platform: platforms.and_then(|flat| flat.get(doc).first().copied()).unwrap_or(u32::MAX),
                kind,
                wording: halve(segment.wording.first(doc).unwrap_or(0)),
            }
        });
        Self { heads: heads.collect(), examples: examples.into_boxed_slice() }
    }

    /// The head of a document.
    pub(super) fn get(&self, doc: DocId) -> Option<Head> {
        self.heads.get(doc as usize).copied()
    }

    /// A document of each kind, by the kind's number.
    pub(super) fn examples(&self) -> &[DocId] {
        &self.examples
    }
}

/// The lower half of a key.
fn halve(key: u64) -> u32 {
    u32::try_from(key & 0xffff_ffff).unwrap_or(0)
}
