//! Fields of a query: filters, and clauses named by their ids.

use std::collections::BTreeMap;

use super::filter::{Choices, FilterSet};
use super::params::shorten;
use super::query::QueryField;
use super::{AnswerError, Desk};
use crate::clause::{ClauseId, Day};
use crate::collection::{Published, make_entry, make_past_entries};
use crate::engine::naive::NaiveEngine;
use crate::engine::{Attribute, Engine, Entry, IndexState};
use crate::text::query::{Field, ParsedQuery};

/// The field that names clauses.
const ID: &str = "id";

/// What the fields of a query came to.
#[derive(Debug, Default)]
pub(super) struct ReadFields {
    /// Clauses that the query names: it is about no others.
    pub(super) named: Option<BTreeMap<ClauseId, Vec<Entry>>>,
    /// Fields that were understood.
    pub(super) taken: Vec<QueryField>,
    /// What was read otherwise than it was written.
    pub(super) notes: Vec<String>,
}

/// Reads clauses and filters by what a generation has.
#[derive(Clone, Copy)]
pub(super) struct FieldReader<'a> {
    pub(super) desk: &'a Desk,
    pub(super) published: &'a Published,
    pub(super) as_of: Option<Day>,
}

impl FieldReader<'_> {
    /// Takes the fields out of a query: those that mean something become filters or named clauses,
    /// the others words. Several values of one field are any of them; what is excluded is all of it.
    pub(super) fn take(
        self,
        parsed: &mut ParsedQuery,
        filters: &mut FilterSet,
    ) -> Result<ReadFields, AnswerError> {
        let mut read = ReadFields::default();
        let mut taken: BTreeMap<(&str, bool), Vec<String>> = BTreeMap::new();
        for field in std::mem::take(&mut parsed.fields) {
            match self.find_values(&field, &mut read)? {
                Ok(values) => {
                    let held = taken.entry((field.name, field.excluded)).or_default();
                    for value in values {
                        if !held.contains(&value) {
                            held.push(value);
                        }
                    }
                }
                Err(problem) => {
                    read.notes.push(format!("`{}` was read as words: {problem}", shorten(&field.typed)));
                    parsed.read_as_words(&field);
                }
            }
        }
        for ((name, excluded), values) in taken {
            if let Some(attribute) = find_attribute(name) {
                if excluded {
                    filters.exclude(attribute, values.clone());
                } else {
                    filters.require(attribute, values.clone());
                }
            }
            read.taken.push(QueryField { field: name.to_owned(), values, excluded });
        }
        Ok(read)
    }

    /// All values of a field, or why it is none.
    fn find_values(
        self,
        field: &Field,
        read: &mut ReadFields,
    ) -> Result<Result<Vec<String>, String>, AnswerError> {
        let Some(attribute) = find_attribute(field.name) else {
            return self.find_named(field, read);
        };
        let Self { desk, published, as_of } = self;
        let choices = Choices { collection: desk.collection(), published, as_of };
        let mut values = Vec::new();
        for value in &field.values {
            let found = choices.find_typed(attribute, value)?;
            if found.is_empty() {
                return Ok(Err(format!("no {} is called `{}`", field.name, shorten(value))));
            }
            values.extend(found);
        }
        Ok(Ok(values))
    }

    fn find_named(
        self,
        field: &Field,
        read: &mut ReadFields,
    ) -> Result<Result<Vec<String>, String>, AnswerError> {
        if field.excluded {
            return Ok(Err("a clause cannot be excluded by its id".to_owned()));
        }
        let mut found = Vec::new();
        for value in &field.values {
            match self.find_entries(value)? {
                Some(named) => found.push(named),
                None => return Ok(Err(format!("there is no clause `{}`", shorten(value)))),
            }
        }
        read.named.get_or_insert_default().extend(found);
        Ok(Ok(field.values.clone()))
    }

    /// A clause's id, and what an engine would hold of the clause, if it is there: on the day asked
    /// about, on any day.
    pub(super) fn find_entries(self, id: &str) -> Result<Option<(ClauseId, Vec<Entry>)>, AnswerError> {
        let Ok(id) = ClauseId::new(id) else {
            return Ok(None);
        };
        let collection = self.desk.collection();
        let (store, generation) = (collection.store(), self.published.generation.number);
        let entries = if self.as_of.is_some() {
            let history = store.find_history(generation, &id)?;
            history.map(|history| make_past_entries(&history, collection.knowledge()))
        } else {
            let clause = store.find_clause(generation, &id)?;
            clause.map(|clause| vec![make_entry(&clause, collection.knowledge())])
        };
        Ok(entries.map(|entries| (id, entries)))
    }

    /// An engine over some clauses alone, so that what is asked of them is judged and counted as it
    /// is everywhere.
    pub(super) fn open_engine(
        self,
        named: BTreeMap<ClauseId, Vec<Entry>>,
    ) -> Result<NaiveEngine, AnswerError> {
        let engine = NaiveEngine::new(self.desk.collection().knowledge().schema.clone());
        let mut writer = engine.begin(true)?;
        for (id, entries) in named {
            writer.put_wordings(&id, entries)?;
        }
        writer.commit(IndexState {
            generation: self.published.generation.number,
            position: self.published.generation.position,
            clauses: self.published.statistics.clauses,
            total_length: self.published.statistics.total_length,
            format: ID.to_owned(),
        })?;
        Ok(engine)
    }
}

fn find_attribute(name: &str) -> Option<Attribute> {
    Attribute::ALL.into_iter().find(|attribute| attribute.as_str() == name)
}
