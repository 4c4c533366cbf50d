//! Entries into an index.

use std::num::NonZeroUsize;
use std::thread;

use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{Index, IndexWriter as Writer, TantivyDocument, Term};

use super::TantivyEngine;
use super::mapping::{TOKENIZER, encode_stood};
use crate::clause::ClauseId;
use crate::engine::{Attribute, EngineError, Entry, IndexState, IndexWriter};
use crate::text::term::ClauseTerms;

/// Most threads that index, and most segments of an index that is built at once.
const MOST_THREADS: usize = 4;

/// What all of them hold before it is written, in bytes.
const BUFFER_BYTES: usize = 128 << 20;

/// Deleted documents are merged away once they are this share of a segment.
const DELETED_SHARE: f32 = 0.2;

pub(super) struct TantivyWriter<'a> {
    engine: &'a TantivyEngine,
    writer: Writer,
    rebuild: bool,
}

impl<'a> TantivyWriter<'a> {
    pub(super) fn begin(engine: &'a TantivyEngine, index: &Index, rebuild: bool) -> tantivy::Result<Self> {
        index.tokenizers().register(TOKENIZER, TextAnalyzer::builder(Ended::default()).build());
        let writer: Writer = index.writer_with_num_threads(count_threads(), BUFFER_BYTES)?;
        if rebuild {
            writer.delete_all_documents()?;
            // Merged once, at the end: else what is read then would be written several times before.
            writer.set_merge_policy(Box::new(NoMergePolicy));
        } else {
            let mut policy = LogMergePolicy::default();
            policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
            writer.set_merge_policy(Box::new(policy));
        }
        Ok(Self { engine, writer, rebuild })
    }

    fn document(&self, entry: &Entry) -> TantivyDocument {
        let mapping = &self.engine.mapping;
        let mut document = TantivyDocument::new();
        document.add_text(mapping.terms, join_terms(entry, self.engine.schema.title_factor()));
        if let Some(field) = mapping.field("clause") {
            document.add_text(field, entry.id.as_str());
        }
        for (name, number) in [("version", entry.version), ("wording", entry.wording)] {
            if let Some(field) = mapping.field(name) {
                document.add_u64(field, number);
            }
        }
        let days = [
            ("first_seen", entry.first_seen),
            ("last_seen", entry.last_seen),
            ("wording_day", Some(entry.wording_day)),
        ];
        for (name, day) in days {
            if let (Some(field), Some(day)) = (mapping.field(name), day) {
                document.add_i64(field, i64::from(day.0));
            }
        }
        if let Some(field) = mapping.field("stood") {
            for days in &entry.stood {
                document.add_u64(field, encode_stood(*days));
            }
        }
        if let Some(field) = mapping.field("profile") {
            for number in entry.profile.encode() {
                document.add_u64(field, number);
            }
        }
        for attribute in Attribute::ALL {
            if let Some(field) = mapping.attribute(attribute) {
                for value in entry.values(attribute) {
                    document.add_text(field, value);
                }
            }
        }
        document
    }

    fn id_term(&self, id: &ClauseId) -> Option<Term> {
        self.engine.mapping.field("clause").map(|field| Term::from_field_text(field, id.as_str()))
    }
}

fn count_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MOST_THREADS)
}

/// The terms of text and title as one text for [`Ended`]: the title is written as often as one of its
/// occurrences counts, so that tantivy's frequency and length are the contract's. An empty place keeps
/// phrases from reaching across a mask or the end of the text.
fn join_terms(entry: &Entry, title_factor: u32) -> String {
    let (text, title) = entry.terms.joined();
    let factor = usize::try_from(title_factor).unwrap_or(0);
    let mut joined = String::with_capacity(text.len() + 1 + (title.len() + 1) * factor);
    joined.push_str(text);
    joined.push(ClauseTerms::END);
    for _ in 0..factor {
        joined.push_str(title);
        joined.push(ClauseTerms::END);
    }
    joined
}

/// Cuts terms at their ends. An empty one is a place without a token.
#[derive(Clone, Default)]
struct Ended {
    token: Token,
}

impl Tokenizer for Ended {
    type TokenStream<'a> = EndedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> EndedStream<'a> {
        self.token.reset();
        EndedStream { rest: text, position: 0, token: &mut self.token }
    }
}

struct EndedStream<'a> {
    rest: &'a str,
    position: usize,
    token: &'a mut Token,
}

impl TokenStream for EndedStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some((term, rest)) = self.rest.split_once(ClauseTerms::END) {
            self.rest = rest;
            self.position += 1;
            if !term.is_empty() {
                self.token.text.clear();
                self.token.text.push_str(term);
                self.token.position = self.position - 1;
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Merges the segments of a new index into as many as there are threads to read them, one after the
/// other, each of neighbours that together hold their share.
fn merge_segments(engine_index: &Index, writer: &mut Writer) -> tantivy::Result<()> {
    let segments = engine_index.searchable_segment_metas()?;
    let all: u64 = segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
    let share = all.div_ceil(count_threads() as u64);
    let mut groups: Vec<(u64, Vec<_>)> = Vec::new();
    for segment in &segments {
        let documents = u64::from(segment.num_docs());
        match groups.last_mut() {
            Some((held, group)) if *held + documents / 2 <= share => {
                *held += documents;
                group.push(segment.id());
            }
            _ => groups.push((documents, vec![segment.id()])),
        }
    }
    for (_, group) in groups.iter().filter(|(_, group)| group.len() > 1) {
        writer.merge(group).wait()?;
    }
    Ok(())
}

impl IndexWriter for TantivyWriter<'_> {
    fn put(&mut self, entry: Entry) -> Result<(), EngineError> {
        self.put_wordings(&entry.id.clone(), vec![entry])
    }

    fn put_wordings(&mut self, id: &ClauseId, entries: Vec<Entry>) -> Result<(), EngineError> {
        if !self.rebuild {
            self.remove(id)?;
        }
        for entry in entries {
            let document = self.document(&entry);
            self.writer.add_document(document).map_err(|error| self.engine.storage_error(error))?;
        }
        Ok(())
    }

    fn remove(&mut self, id: &ClauseId) -> Result<(), EngineError> {
        if let Some(term) = self.id_term(id) {
            self.writer.delete_term(term);
        }
        Ok(())
    }

    fn commit(self: Box<Self>, state: IndexState) -> Result<(), EngineError> {
        let Self { engine, mut writer, rebuild } = *self;
        let payload = serde_json::to_string(&state).map_err(|error| engine.storage_error(error))?;
        let commit = || -> tantivy::Result<()> {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()?;
            if rebuild {
                let index = writer.index().clone();
                merge_segments(&index, &mut writer)?;
                writer.garbage_collect_files().wait()?;
            }
            writer.wait_merging_threads()
        };
        commit().map_err(|error| engine.storage_error(error))
    }
}
