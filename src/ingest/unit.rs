//! One ingest: all of it stands afterwards, or nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::IngestError;
use super::entity::Entity;
use super::foresee::read_annotation;
use super::met::{Met, NAMED, TAKEN, WRITTEN};
use super::statistics::count_statistics;
use super::summary::{Outcome, Summary};
use crate::classify::Classifier;
use crate::clause::{Cause, ClauseId, DocumentId, Given, News, NewsKind, Platform, PlatformId, merge_patch};
use crate::search_schema::SearchSchema;
use crate::statistics::{Statistics, is_outdated};
use crate::store::{Generation, HeldClause, HeldDocument, WriteUnit};
use crate::taxonomy::Taxonomy;

/// What an ingest goes by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The taxonomy in force.
    pub taxonomy: &'a Taxonomy,
    /// Its rules, ready to be applied.
    pub classifier: &'a Classifier,
    /// The search schema, for the statistics.
    pub schema: &'a SearchSchema,
    /// The version of the table of vectors in force.
    pub vectors: &'a str,
}

/// A unit of ingest over the record store.
pub struct IngestUnit<'a> {
    pub(super) unit: Box<dyn WriteUnit + 'a>,
    pub(super) rules: Rules<'a>,
    /// Platforms met, as stored and as they will be: written once at the end, so that records
    /// that contradict each other change nothing when they come again.
    pub(super) platforms: HashMap<PlatformId, Entity<Platform>>,
    pub(super) documents: HashMap<DocumentId, Entity<HeldDocument>>,
    /// Documents that were left as they are.
    pub(super) kept: HashSet<DocumentId>,
    /// What became of the clauses met.
    pub(super) met: Met,
    /// Whether what it does is told as news.
    pub(super) announces: bool,
    pub(super) summary: Summary,
}

/// Reads what a held clause was given.
pub(super) fn read_given(clause: &HeldClause) -> Result<Given, IngestError> {
    read_map(&clause.id, clause.given.clone())
}

pub(super) fn read_map<T: DeserializeOwned>(
    id: &ClauseId,
    map: Map<String, Value>,
) -> Result<T, IngestError> {
    serde_json::from_value(Value::Object(map))
        .map_err(|source| IngestError::Stored { id: id.to_string(), source })
}

pub(super) fn write_map<T: Serialize>(id: &ClauseId, value: &T) -> Result<Map<String, Value>, IngestError> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Ok(Map::new()),
        Err(source) => Err(IngestError::Stored { id: id.to_string(), source }),
    }
}

impl<'a> IngestUnit<'a> {
    /// Begins a unit.
    #[must_use]
    pub fn new(unit: Box<dyn WriteUnit + 'a>, rules: Rules<'a>) -> Self {
        Self {
            unit,
            rules,
            platforms: HashMap::new(),
            documents: HashMap::new(),
            kept: HashSet::new(),
            met: Met::new(),
            announces: true,
            summary: Summary::default(),
        }
    }

    /// What has been done so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Counts a record that was rejected before it came here. If its id is known, the clause counts
    /// as met, so that [`IngestUnit::remove_missing`] leaves it alone.
    pub fn note_reject(&mut self, id: Option<ClauseId>) {
        self.summary.read += 1;
        self.summary.rejected += 1;
        if let Some(id) = id {
            self.met.mark(&id, NAMED);
        }
    }

    /// Tells news, unless this unit keeps quiet.
    pub(super) fn tell(&mut self, id: &ClauseId, news: &News) -> Result<(), IngestError> {
        if self.announces {
            self.unit.write_news(id, news)?;
        }
        Ok(())
    }

    /// Keeps quiet from now on: what is written is recorded, and is no news.
    pub fn keep_quiet(&mut self) {
        self.announces = false;
    }

    /// Lays an analyst's words over a clause. The inner error is the reason for a reject.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn annotate(
        &mut self,
        id: &ClauseId,
        patch: Map<String, Value>,
    ) -> Result<Result<Outcome, String>, IngestError> {
        self.summary.read += 1;
        let reject = |reason: String| Ok(Err(reason));
        if let Err(reason) = self.refuse_twice(id) {
            self.summary.rejected += 1;
            return reject(reason);
        }
        let Some(held) = self.unit.find_clause(id)?.filter(|held| held.live) else {
            self.summary.rejected += 1;
            return reject(format!("there is no clause `{id}`; ingest or import it first"));
        };
        let mut annotation = held.annotation.clone();
        merge_patch(&mut annotation, patch);
        let outcome = if annotation == held.annotation {
            Outcome::Unchanged
        } else {
            let given = read_given(&held)?;
            let said = read_annotation(id, &annotation)?;
            let inferred = write_map(id, &self.rules.infer(&held.text, &given, &said))?;
            let (version, _) = self.unit.last_numbers(id)?;
            self.unit.write_clause(&HeldClause { version: version + 1, annotation, inferred, ..held })?;
            self.met.mark(id, WRITTEN);
            Outcome::Changed
        };
        self.met.mark(id, TAKEN);
        self.summary.count(outcome);
        Ok(Ok(outcome))
    }

    /// A clause as the unit sees it: its latest version, live or removed.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn find_clause(&self, id: &ClauseId) -> Result<Option<HeldClause>, IngestError> {
        Ok(self.unit.find_clause(id)?)
    }

    /// A platform as it is stored.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn find_platform(&self, id: &PlatformId) -> Result<Option<Platform>, IngestError> {
        Ok(self.unit.find_platform(id)?)
    }

    /// A document as it is stored.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn find_document(&self, id: &DocumentId) -> Result<Option<HeldDocument>, IngestError> {
        Ok(self.unit.find_document(id)?)
    }

    /// Removes a live clause.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn remove(&mut self, id: &ClauseId) -> Result<(), IngestError> {
        let mut spans = self.unit.spans(id)?;
        let mut before = None;
        if let Some(open) = spans.last_mut().filter(|span| span.ended_at.is_none()) {
            open.ended_at = Some(self.unit.now().to_owned());
            open.ended_by = Some(Cause::Record);
            before = Some(open.wording);
        }
        self.unit.write_spans(id, &spans)?;
        let observed_at = None;
        let kind = NewsKind::Removed;
        self.tell(id, &News { kind, observed_at, by: Cause::Record, wording_before: before, wording: None })?;
        self.unit.remove_clause(id)?;
        self.summary.removed += 1;
        Ok(())
    }

    /// Removes the live clauses of the documents met that were not met themselves: the input holds
    /// its documents whole.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn remove_missing(&mut self) -> Result<(), IngestError> {
        let documents: BTreeSet<DocumentId> = self.documents.keys().cloned().collect();
        for document in documents {
            for id in self.unit.clauses_of_document(&document)? {
                if !self.met.has(&id, NAMED) {
                    self.remove(&id)?;
                }
            }
        }
        Ok(())
    }

    /// Removes all clauses of the documents of a collection that were not met: they are gone from it.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn remove_missing_documents(&mut self, collection: &str) -> Result<(), IngestError> {
        for document in self.unit.documents_of_collection(collection)? {
            if !self.documents.contains_key(&document) && !self.kept.contains(&document) {
                for id in self.unit.clauses_of_document(&document)? {
                    self.remove(&id)?;
                }
            }
        }
        Ok(())
    }

    /// Infers again for every live clause, and renews the statistics.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn renew(&mut self) -> Result<(), IngestError> {
        let mut after = 0;
        loop {
            let batch = self.unit.live_clauses(after, 1_000)?;
            let Some((last, _)) = batch.last() else { break };
            after = *last;
            for (_, held) in batch {
                let given = read_given(&held)?;
                let said = read_annotation(&held.id, &held.annotation)?;
                let inferred = write_map(&held.id, &self.rules.infer(&held.text, &given, &said))?;
                if inferred != held.inferred {
                    let (version, _) = self.unit.last_numbers(&held.id)?;
                    self.unit.write_clause(&HeldClause { version: version + 1, inferred, ..held })?;
                    self.summary.changed += 1;
                }
            }
        }
        self.renew_statistics()
    }

    fn renew_statistics(&mut self) -> Result<(), IngestError> {
        let platforms = self.platforms.iter().map(|(id, entity)| (id.clone(), entity.now.clone())).collect();
        let statistics = count_statistics(&*self.unit, &platforms, self.rules.schema.title_factor())?;
        self.unit.write_statistics(&statistics)?;
        Ok(())
    }

    /// Writes what is left and makes the unit last. `None` if nothing changed: no generation then.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn commit(self) -> Result<(Summary, Option<Generation>), IngestError> {
        self.commit_counted(None)
    }

    /// The same where the statistics of all that stands were counted while it was put.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn commit_counted(
        mut self,
        counted: Option<&Statistics>,
    ) -> Result<(Summary, Option<Generation>), IngestError> {
        self.write_entities()?;
        let live = self.unit.count_live()?;
        if is_outdated(self.unit.counted_clauses()?, live) {
            match counted.filter(|counted| counted.clauses == live) {
                Some(counted) => self.unit.write_statistics(counted)?,
                None => self.renew_statistics()?,
            }
        }
        let generation = self.unit.commit(self.rules.taxonomy.version(), self.rules.vectors)?;
        Ok((self.summary, generation))
    }
}
