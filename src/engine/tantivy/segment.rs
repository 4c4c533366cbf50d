//! A segment of the index as generations share it: columns laid out for reading, ids, vectors.
//!
//! Nothing here depends on a generation but the impacts, and these change only with the statistics;
//! so a segment that outlives its generation is opened, and its lists decoded, once.

use std::hint::black_box;
use std::iter::repeat;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::schema::Field;
use tantivy::{DocId, InvertedIndexReader, TantivyError};

use super::mapping::Mapping;
use super::window::WINDOW;
use crate::engine::Attribute;
use crate::profile::{MAX_WORDS, Profile, vector_numbers};
use crate::score::ImpactTable;
use crate::vector::Vector;

/// Documents whose vectors are unpacked at a time.
const BLOCK: u32 = 1024;

/// Numbers segments as they are opened: no two are ever taken for one another.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// A segment with its columns.
pub(super) struct SegmentData {
    pub(super) id: SegmentId,
    pub(super) number: u64,
    pub(super) terms: Field,
    pub(super) postings: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
    pub(super) impacts: Arc<ImpactTable>,
    pub(super) version: Column<u64>,
    pub(super) wording: Column<u64>,
    pub(super) first_seen: Option<Column<i64>>,
    pub(super) last_seen: Option<Column<i64>>,
    pub(super) wording_day: Option<Column<i64>>,
    pub(super) stood: Option<Column<u64>>,
    documents: u32,
    clause: StrColumn,
    ids: OnceLock<IdTable>,
    profile: Option<Column<u64>>,
    vectors: Box<[OnceLock<VectorBlock>]>,
    heads: OnceLock<Box<[Head]>>,
    keywords: Vec<(Attribute, Keyword)>,
}

/// The values of an attribute.
struct Keyword {
    column: Column<u64>,
    values: Vec<String>,
    flat: OnceLock<Flat>,
}

/// The ordinals of an attribute's values by document, without the packing of the column.
pub(super) struct Flat {
    ordinals: Box<[u32]>,
    /// Where each document's begin; without it every document has one.
    starts: Option<Box<[u32]>>,
}

impl Flat {
    fn read(column: &Column<u64>, documents: u32) -> Self {
        let mut ordinals = Vec::with_capacity(documents as usize);
        let mut starts = Vec::with_capacity(documents as usize + 1);
        let mut single = true;
        let end_of = |ordinals: &Vec<u32>| u32::try_from(ordinals.len()).unwrap_or(u32::MAX);
        for doc in 0..documents {
            let start = end_of(&ordinals);
            starts.push(start);
            ordinals.extend(column.values_for_doc(doc).filter_map(|ordinal| u32::try_from(ordinal).ok()));
            single &= end_of(&ordinals) == start + 1;
        }
        starts.push(end_of(&ordinals));
        Self { ordinals: ordinals.into_boxed_slice(), starts: (!single).then(|| starts.into_boxed_slice()) }
    }

    /// The ordinals of a document's values.
    pub(super) fn get(&self, doc: DocId) -> &[u32] {
        let doc = doc as usize;
        let range = match &self.starts {
            None => doc..doc + 1,
            Some(starts) => match starts.get(doc..doc + 2) {
                Some(&[start, end]) => start as usize..end as usize,
                _ => 0..0,
            },
        };
        self.ordinals.get(range).unwrap_or_default()
    }
}

/// What is asked of every document that is judged, side by side in memory.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// The ordinal of its platform in the segment.
    pub(super) platform: u32,
    /// The lower half of its wording's key.
    wording: u32,
}

/// The lower half of a key.
fn halve(key: u64) -> u32 {
    u32::try_from(key & 0xffff_ffff).unwrap_or(0)
}

/// The vectors of some documents, each as long as the longest: zeros add nothing to a product.
struct VectorBlock {
    numbers: Box<[i8]>,
    length: usize,
    /// Which documents have one.
    held: Box<[bool]>,
}

impl VectorBlock {
    fn get(&self, place: usize) -> Option<&[i8]> {
        let held = *self.held.get(place)?;
        let start = place * self.length;
        if held { self.numbers.get(start..start + self.length) } else { None }
    }
}

/// The ids of a segment's clauses by ordinal, end to end. The dictionary on disk is compressed in
/// blocks, and looking one id up costs as much as scoring a thousand clauses.
#[derive(Default)]
struct IdTable {
    text: String,
    ends: Vec<u32>,
}

impl IdTable {
    fn read(column: &StrColumn) -> tantivy::Result<Self> {
        let mut table = Self::default();
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            table.text.push_str(&String::from_utf8_lossy(stream.key()));
            table.ends.push(u32::try_from(table.text.len()).unwrap_or(u32::MAX));
        }
        Ok(table)
    }

    fn get(&self, ordinal: u64) -> &str {
        let end_of = |place: usize| self.ends.get(place).map(|end| *end as usize);
        let place = usize::try_from(ordinal).unwrap_or(usize::MAX);
        let start = place.checked_sub(1).and_then(end_of).unwrap_or(0);
        end_of(place).and_then(|end| self.text.get(start..end)).unwrap_or("")
    }
}

impl SegmentData {
    pub(super) fn open(
        reader: &SegmentReader,
        mapping: &Mapping,
        impacts: &Arc<ImpactTable>,
    ) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let clause = columns
            .str("clause")?
            .ok_or_else(|| TantivyError::SchemaError("the column of clause ids is missing".to_owned()))?;
        let mut keywords = Vec::new();
        for attribute in Attribute::ALL {
            if let Some(column) = columns.str(attribute.as_str())? {
                let values = read_values(&column)?;
                let column = column.ords().clone();
                keywords.push((attribute, Keyword { column, values, flat: OnceLock::new() }));
            }
        }
        let documents = reader.max_doc();
        Ok(Self {
            id: reader.segment_id(),
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            terms: mapping.terms,
            postings: reader.inverted_index(mapping.terms)?,
            lengths: reader.get_fieldnorms_reader(mapping.terms)?,
            impacts: Arc::clone(impacts),
            version: columns.u64("version")?,
            wording: columns.u64("wording")?,
            first_seen: columns.column_opt("first_seen")?,
            last_seen: columns.column_opt("last_seen")?,
            wording_day: columns.column_opt("wording_day")?,
            stood: columns.column_opt("stood")?,
            documents,
            clause,
            ids: OnceLock::new(),
            profile: columns.column_opt("profile")?,
            heads: OnceLock::new(),
            vectors: (0..documents.div_ceil(BLOCK)).map(|_| OnceLock::new()).collect(),
            keywords,
        })
    }

    /// How many documents it has, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.documents
    }

    /// How many windows it has.
    pub(super) fn windows(&self) -> usize {
        (self.documents as usize).div_ceil(WINDOW)
    }

    /// The values of an attribute in the order of their ordinals here.
    pub(super) fn values(&self, attribute: Attribute) -> &[String] {
        self.keyword(attribute).map_or(&[], |keyword| &keyword.values)
    }

    /// The ordinals of an attribute by document; `None` if no document has a value.
    pub(super) fn flat(&self, attribute: Attribute) -> Option<&Flat> {
        let keyword = self.keyword(attribute)?;
        Some(keyword.flat.get_or_init(|| Flat::read(&keyword.column, self.documents)))
    }

    fn keyword(&self, attribute: Attribute) -> Option<&Keyword> {
        self.keywords.iter().find(|(held, _)| *held == attribute).map(|(_, keyword)| keyword)
    }

    /// The heads of all documents.
    pub(super) fn heads(&self) -> &[Head] {
        self.heads.get_or_init(|| {
            let platforms = self.flat(Attribute::Platform);
            let head = |doc| Head {
                platform: platforms.and_then(|flat| flat.get(doc).first().copied()).unwrap_or(u32::MAX),
                wording: halve(self.wording.first(doc).unwrap_or(0)),
            };
            (0..self.documents).map(head).collect()
        })
    }

    /// Whether a document has a wording.
    pub(super) fn has_wording(&self, head: Head, doc: DocId, wording: u64) -> bool {
        head.wording == halve(wording) && self.wording.first(doc) == Some(wording)
    }

    /// How near a clause is to a vector; `None` where it has none of its own.
    pub(super) fn closeness(&self, doc: DocId, vector: &Vector) -> Option<u32> {
        Some(vector.closeness(self.vector(doc)?))
    }

    /// Begins to fetch the heads and the vectors of documents from memory, all at once. Waiting for
    /// one after the other is most of what closeness costs: 177 ns each of 100,000, and 38 with this
    /// before.
    pub(super) fn fetch_vectors(&self, docs: impl Iterator<Item = DocId>) {
        const CACHE_LINE: usize = 64;
        let heads = self.heads();
        let docs = docs.inspect(|doc| {
            black_box(heads.get(*doc as usize).map(|head| head.platform));
        });
        let numbers =
            docs.filter_map(|doc| self.vector(doc)).flat_map(|vector| vector.iter().step_by(CACHE_LINE));
        black_box(numbers.fold(0, |seen, number| seen ^ number));
    }

    fn vector(&self, doc: DocId) -> Option<&[i8]> {
        let block = self.vectors.get((doc / BLOCK) as usize)?;
        block.get_or_init(|| self.read_vectors(doc / BLOCK * BLOCK)).get((doc % BLOCK) as usize)
    }

    fn read_vectors(&self, first: DocId) -> VectorBlock {
        let docs = first..(first + BLOCK).min(self.documents);
        let vectors = docs.map(|doc| {
            let mut words = [0; MAX_WORDS];
            let length = self.read_profile(doc, &mut words);
            vector_numbers(words.get(..length).unwrap_or_default()).collect::<Vec<i8>>()
        });
        let vectors: Vec<Vec<i8>> = vectors.collect();
        let length = vectors.iter().map(Vec::len).max().unwrap_or(0);
        let padded = vectors.iter().flat_map(|vector| vector.iter().copied().chain(repeat(0)).take(length));
        VectorBlock {
            numbers: padded.collect(),
            length,
            held: vectors.iter().map(|vector| !vector.is_empty()).collect(),
        }
    }

    /// The profile of a clause.
    pub(super) fn profile(&self, doc: DocId) -> Profile {
        let mut words = [0; MAX_WORDS];
        let length = self.read_profile(doc, &mut words);
        words.get(..length).and_then(Profile::decode).unwrap_or_default()
    }

    fn read_profile(&self, doc: DocId, words: &mut [u64]) -> usize {
        let numbers = self.profile.iter().flat_map(|column| column.values_for_doc(doc));
        words.iter_mut().zip(numbers).map(|(word, number)| *word = number).count()
    }

    /// The place of a clause's id among those of the segment.
    pub(super) fn clause_ordinal(&self, doc: DocId) -> u64 {
        self.clause.ords().first(doc).unwrap_or(0)
    }

    /// The id of a clause.
    pub(super) fn clause_id(&self, doc: DocId) -> &str {
        let ids = self.ids.get_or_init(|| IdTable::read(&self.clause).unwrap_or_default());
        ids.get(self.clause_ordinal(doc))
    }
}

fn read_values(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let mut values = Vec::new();
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        values.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(values)
}
