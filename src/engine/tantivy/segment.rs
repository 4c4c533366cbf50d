//! A segment of the index as generations share it: columns laid out for reading, ids, vectors.
//!
//! Nothing here depends on a generation but the impacts, and these change only with the statistics;
//! so a segment that outlives its generation is opened, and its lists decoded, once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{SegmentId, SegmentReader};
use tantivy::schema::Field;
use tantivy::{DocId, InvertedIndexReader, TantivyError};

use super::closeness::Vectors;
use super::head::Heads;
use super::mapping::Mapping;
use super::window::WINDOW;
use crate::engine::Attribute;
use crate::score::ImpactTable;

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
    pub(super) vectors: Vectors,
    heads: OnceLock<Heads>,
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
            heads: OnceLock::new(),
            vectors: Vectors::new(columns.column_opt("profile")?, documents),
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
    pub(super) fn heads(&self) -> &Heads {
        self.heads.get_or_init(|| Heads::read(self))
    }

    /// Lays out what every question needs.
    pub(super) fn warm(&self) {
        self.heads();
        self.flat(Attribute::Severity);
        self.clause_id(0);
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
