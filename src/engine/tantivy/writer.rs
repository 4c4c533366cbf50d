//! Entries into an index.

use tantivy::indexer::LogMergePolicy;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter as Writer, TantivyDocument, Term};

use super::TantivyEngine;
use super::mapping::encode_stood;
use crate::clause::ClauseId;
use crate::engine::{Attribute, EngineError, Entry, IndexState, IndexWriter};

const THREADS: usize = 2;
const BUFFER_BYTES: usize = 256 << 20;

/// Deleted documents are merged away once they are this share of a segment.
const DELETED_SHARE: f32 = 0.2;

pub(super) struct TantivyWriter<'a> {
    engine: &'a TantivyEngine,
    writer: Writer,
    rebuild: bool,
}

impl<'a> TantivyWriter<'a> {
    pub(super) fn begin(engine: &'a TantivyEngine, index: &Index, rebuild: bool) -> tantivy::Result<Self> {
        let writer: Writer = index.writer_with_num_threads(THREADS, BUFFER_BYTES)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
        writer.set_merge_policy(Box::new(policy));
        if rebuild {
            writer.delete_all_documents()?;
        }
        Ok(Self { engine, writer, rebuild })
    }

    fn document(&self, entry: &Entry) -> TantivyDocument {
        let mapping = &self.engine.mapping;
        let mut document = TantivyDocument::new();
        document.add_pre_tokenized_text(
            mapping.terms,
            PreTokenizedString {
                text: String::new(),
                tokens: place_tokens(entry, self.engine.schema.title_factor()),
            },
        );
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

/// The terms of text and title as tokens of one field: the title is written as often as one of its
/// occurrences counts, so that tantivy's frequency and length are the contract's. A gap in the
/// positions keeps phrases from reaching across a mask or the end of the text.
fn place_tokens(entry: &Entry, title_factor: u32) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(entry.terms.text.len());
    let mut position = 0;
    let titles = (0..title_factor).map(|_| &entry.terms.title);
    for terms in std::iter::once(&entry.terms.text).chain(titles) {
        for term in terms {
            if let Some(term) = term {
                tokens.push(Token { position, text: term.clone(), ..Token::default() });
            }
            position += 1;
        }
        position += 1;
    }
    tokens
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
        let Self { engine, mut writer, .. } = *self;
        let payload = serde_json::to_string(&state).map_err(|error| engine.storage_error(error))?;
        let commit = || -> tantivy::Result<()> {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()?;
            writer.wait_merging_threads()
        };
        commit().map_err(|error| engine.storage_error(error))
    }
}
