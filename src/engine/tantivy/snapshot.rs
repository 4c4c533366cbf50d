//! One generation of the index, opened for reading.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::schema::Field;
use tantivy::{DocId, InvertedIndexReader, Searcher, TantivyError};

use super::mapping::Mapping;
use crate::engine::{Attribute, IndexState};
use crate::profile::{MAX_WORDS, Profile};
use crate::score::ImpactTable;
use crate::search_schema::SearchSchema;
use crate::vector::Vector;

/// One generation, with tables that make the ordinals of all segments one.
pub(super) struct Snapshot {
    pub(super) state: IndexState,
    pub(super) impacts: ImpactTable,
    pub(super) terms: Field,
    pub(super) segments: Vec<Segment>,
    /// The values of each attribute, by bytes; a value's place is its ordinal.
    values: HashMap<Attribute, Vec<String>>,
}

/// A segment with its columns.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    pub(super) postings: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
    clause: StrColumn,
    ids: OnceLock<IdTable>,
    pub(super) version: Column<u64>,
    pub(super) wording: Column<u64>,
    pub(super) first_seen: Option<Column<i64>>,
    pub(super) last_seen: Option<Column<i64>>,
    pub(super) wording_day: Option<Column<i64>>,
    pub(super) stood: Option<Column<u64>>,
    profile: Option<Column<u64>>,
    keywords: HashMap<Attribute, Keyword>,
}

/// A keyword column, with the snapshot's ordinal for each ordinal of the segment.
struct Keyword {
    ordinals: Column<u64>,
    to_snapshot: Vec<u32>,
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

impl Segment {
    fn open(reader: &SegmentReader, terms: Field) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let clause = columns
            .str("clause")?
            .ok_or_else(|| TantivyError::SchemaError("the column of clause ids is missing".to_owned()))?;
        let mut keywords = HashMap::new();
        for attribute in Attribute::ALL {
            if let Some(column) = columns.str(attribute.as_str())? {
                keywords
                    .insert(attribute, Keyword { ordinals: column.ords().clone(), to_snapshot: Vec::new() });
            }
        }
        Ok(Self {
            postings: reader.inverted_index(terms)?,
            lengths: reader.get_fieldnorms_reader(terms)?,
            clause,
            ids: OnceLock::new(),
            version: columns.u64("version")?,
            wording: columns.u64("wording")?,
            first_seen: columns.column_opt("first_seen")?,
            last_seen: columns.column_opt("last_seen")?,
            wording_day: columns.column_opt("wording_day")?,
            stood: columns.column_opt("stood")?,
            profile: columns.column_opt("profile")?,
            keywords,
            reader: reader.clone(),
        })
    }

    fn read_values(&self, attribute: Attribute) -> tantivy::Result<Vec<String>> {
        let mut values = Vec::new();
        if let Some(column) = self.reader.fast_fields().str(attribute.as_str())? {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                values.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
        }
        Ok(values)
    }

    /// The snapshot's ordinals of a clause's values.
    pub(super) fn ordinals(&self, attribute: Attribute, doc: DocId) -> impl Iterator<Item = u32> + '_ {
        self.keywords.get(&attribute).into_iter().flat_map(move |keyword| {
            keyword
                .ordinals
                .values_for_doc(doc)
                .filter_map(|ordinal| keyword.to_snapshot.get(usize::try_from(ordinal).ok()?).copied())
        })
    }

    /// The ordinal of a clause's only value, or 0.
    pub(super) fn ordinal(&self, attribute: Attribute, doc: DocId) -> u32 {
        self.ordinals(attribute, doc).next().unwrap_or(0)
    }

    /// How near a clause is to a vector; `None` where it has none of its own.
    pub(super) fn closeness(&self, doc: DocId, vector: &Vector) -> Option<u32> {
        let mut words = [0; MAX_WORDS];
        let length = self.read_profile(doc, &mut words);
        Profile::closeness_of(words.get(..length)?, vector)
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

    fn clause_ordinal(&self, doc: DocId) -> u64 {
        self.clause.ords().first(doc).unwrap_or(0)
    }

    /// The id of a clause.
    pub(super) fn clause_id(&self, doc: DocId) -> &str {
        let ids = self.ids.get_or_init(|| IdTable::read(&self.clause).unwrap_or_default());
        ids.get(self.clause_ordinal(doc))
    }
}

impl Snapshot {
    pub(super) fn open(
        searcher: &Searcher,
        state: IndexState,
        schema: &SearchSchema,
        mapping: &Mapping,
    ) -> tantivy::Result<Self> {
        let mut segments = searcher
            .segment_readers()
            .iter()
            .map(|reader| Segment::open(reader, mapping.terms))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let mut values = HashMap::new();
        for attribute in Attribute::ALL {
            let mut of_segments = Vec::with_capacity(segments.len());
            for segment in &segments {
                of_segments.push(segment.read_values(attribute)?);
            }
            let all: BTreeSet<&String> = of_segments.iter().flatten().collect();
            let all: Vec<String> = all.into_iter().cloned().collect();
            for (segment, own) in segments.iter_mut().zip(&of_segments) {
                if let Some(keyword) = segment.keywords.get_mut(&attribute) {
                    keyword.to_snapshot =
                        own.iter().map(|value| find_ordinal(&all, value).unwrap_or(0)).collect();
                }
            }
            values.insert(attribute, all);
        }
        Ok(Self {
            impacts: ImpactTable::new(schema.impact, state.clauses, state.total_length),
            state,
            terms: mapping.terms,
            segments,
            values,
        })
    }

    /// The values of an attribute, in the order of their ordinals.
    pub(super) fn values(&self, attribute: Attribute) -> &[String] {
        self.values.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The ordinal of a value, if any clause has it.
    pub(super) fn find_value(&self, attribute: Attribute, value: &str) -> Option<u32> {
        find_ordinal(self.values(attribute), value)
    }

    /// Compares two clauses by the bytes of their ids.
    pub(super) fn compare_ids(&self, one: (usize, DocId), two: (usize, DocId)) -> Ordering {
        let (Some(first), Some(second)) = (self.segments.get(one.0), self.segments.get(two.0)) else {
            return one.cmp(&two);
        };
        if one.0 == two.0 {
            return first.clause_ordinal(one.1).cmp(&second.clause_ordinal(two.1));
        }
        first.clause_id(one.1).as_bytes().cmp(second.clause_id(two.1).as_bytes())
    }
}

fn find_ordinal(values: &[String], value: &str) -> Option<u32> {
    values
        .binary_search_by(|candidate| candidate.as_str().cmp(value))
        .ok()
        .and_then(|place| u32::try_from(place).ok())
}
