//! One ingest: all of it stands afterwards, or nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::IngestError;
use super::statistics::count_statistics;
use super::summary::{Outcome, Summary};
use crate::classify::Classifier;
use crate::clause::{
    Annotation, ClauseId, Document, DocumentId, Given, Inferred, Platform, PlatformId, Record, merge_patch,
};
use crate::search_schema::SearchSchema;
use crate::statistics::is_outdated;
use crate::store::{Generation, HeldClause, HeldDocument, WriteUnit};
use crate::taxonomy::Taxonomy;
use crate::text::language::detect_language;

/// What an ingest goes by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The taxonomy in force.
    pub taxonomy: &'a Taxonomy,
    /// Its rules, ready to be applied.
    pub classifier: &'a Classifier,
    /// The search schema, for the statistics.
    pub schema: &'a SearchSchema,
}

/// A unit of ingest over the record store.
pub struct IngestUnit<'a> {
    unit: Box<dyn WriteUnit + 'a>,
    rules: Rules<'a>,
    /// Platforms met, as stored and as they will be: written once at the end, so that records
    /// that contradict each other change nothing when they come again.
    platforms: HashMap<PlatformId, Entity<Platform>>,
    documents: HashMap<DocumentId, Entity<HeldDocument>>,
    /// Clauses that the input names, whether or not their records were taken.
    met: HashSet<ClauseId>,
    /// Clauses of which a record was taken.
    taken: HashSet<ClauseId>,
    /// Clauses of which it has written a version.
    written: HashSet<ClauseId>,
    summary: Summary,
}

struct Entity<T> {
    stored: Option<T>,
    now: T,
    /// Whether a record names it that says nothing new of its clause: if the entity changes, so
    /// does that record's count.
    by_unchanged: bool,
}

/// Reads what a held clause was given.
pub(super) fn read_given(clause: &HeldClause) -> Result<Given, IngestError> {
    read_map(&clause.id, clause.given.clone())
}

fn read_map<T: DeserializeOwned>(id: &ClauseId, map: Map<String, Value>) -> Result<T, IngestError> {
    serde_json::from_value(Value::Object(map))
        .map_err(|source| IngestError::Stored { id: id.to_string(), source })
}

fn write_map<T: Serialize>(id: &ClauseId, value: &T) -> Result<Map<String, Value>, IngestError> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Ok(Map::new()),
        Err(source) => Err(IngestError::Stored { id: id.to_string(), source }),
    }
}

fn patch_entity<T: Serialize + DeserializeOwned>(
    id: &ClauseId,
    now: Option<&T>,
    patch: Map<String, Value>,
) -> Result<T, IngestError> {
    let mut map = match now {
        Some(now) => write_map(id, now)?,
        None => Map::new(),
    };
    merge_patch(&mut map, patch);
    read_map(id, map)
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
            met: HashSet::new(),
            taken: HashSet::new(),
            written: HashSet::new(),
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
        self.met.extend(id);
    }

    /// Puts a record. The inner error is the reason why it is rejected; the unit goes on.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn put(&mut self, record: Record) -> Result<Result<Outcome, String>, IngestError> {
        self.summary.read += 1;
        let id = record.id.clone();
        let result = self.put_record(record)?;
        // A rejected record still names its clause: what is stored of it is not missing.
        self.met.insert(id.clone());
        match &result {
            Ok(outcome) => {
                self.taken.insert(id);
                self.summary.count(*outcome);
            }
            Err(_) => self.summary.rejected += 1,
        }
        Ok(result)
    }

    fn put_record(&mut self, record: Record) -> Result<Result<Outcome, String>, IngestError> {
        let Record { id, platform, platform_id, document, document_id, text, given: patch } = record;
        if self.taken.contains(&id) {
            return Ok(Err(format!("`id` {id} stands in this input twice; the first was kept")));
        }
        let held = self.unit.find_clause(&id)?;
        if let Some(held) = &held
            && held.platform != platform_id
        {
            let owner = &held.platform;
            return Ok(Err(format!(
                "`id` {id} belongs to a clause of platform {owner}; an id never changes hands"
            )));
        }
        if let Err(reason) = self.note_document(&id, &platform_id, &document_id, document)? {
            return Ok(Err(reason));
        }
        self.note_platform(&id, &platform_id, platform)?;

        let same_text = held.as_ref().is_some_and(|held| held.text == text);
        let mut given = held.as_ref().map(|held| held.given.clone()).unwrap_or_default();
        if !same_text {
            // Evidence and dates are those of a wording: a new one begins without.
            given.remove("evidence");
            given.remove("observed");
        }
        // What users keep under `x_` is theirs: it is replaced whole, never merged.
        let (own, patch): (Map<String, Value>, Map<String, Value>) =
            patch.into_iter().partition(|(key, value)| key.starts_with("x_") && !value.is_null());
        given.extend(own);
        merge_patch(&mut given, patch);
        let annotation = held.as_ref().map(|held| held.annotation.clone()).unwrap_or_default();
        let typed: Given = read_map(&id, given)?;
        let inferred = self.infer(&id, &text, &typed, &annotation)?;
        let next = HeldClause {
            version: held.as_ref().map_or(1, |held| held.version + 1),
            live: true,
            platform: platform_id,
            document: document_id,
            wording: match &held {
                Some(held) if same_text => held.wording,
                Some(held) => held.wording + 1,
                None => 1,
            },
            text,
            given: write_map(&id, &typed)?,
            annotation,
            inferred,
            id,
        };
        let was_live = held.as_ref().is_some_and(|held| held.live);
        if was_live && held.is_some_and(|held| HeldClause { version: next.version, ..held } == next) {
            if let Some(entity) = self.platforms.get_mut(&next.platform) {
                entity.by_unchanged = true;
            }
            if let Some(entity) = self.documents.get_mut(&next.document) {
                entity.by_unchanged = true;
            }
            return Ok(Ok(Outcome::Unchanged));
        }
        self.unit.write_clause(&next)?;
        self.written.insert(next.id);
        Ok(Ok(if was_live { Outcome::Changed } else { Outcome::Added }))
    }

    fn note_platform(
        &mut self,
        clause: &ClauseId,
        id: &PlatformId,
        patch: Map<String, Value>,
    ) -> Result<(), IngestError> {
        match self.platforms.get_mut(id) {
            Some(entity) => entity.now = patch_entity(clause, Some(&entity.now), patch)?,
            None => {
                let stored = self.unit.find_platform(id)?;
                let now = patch_entity(clause, stored.as_ref(), patch)?;
                self.platforms.insert(id.clone(), Entity { stored, now, by_unchanged: false });
            }
        }
        Ok(())
    }

    /// Notes a document; the inner error is a reason to reject the record.
    fn note_document(
        &mut self,
        clause: &ClauseId,
        platform: &PlatformId,
        id: &DocumentId,
        patch: Map<String, Value>,
    ) -> Result<Result<(), String>, IngestError> {
        if !self.documents.contains_key(id) {
            let stored = self.unit.find_document(id)?;
            if let Some(stored) = &stored
                && stored.platform != *platform
            {
                return Ok(Err(format!("`document.id` {id} belongs to platform {}", stored.platform)));
            }
            let document: Document =
                patch_entity(clause, stored.as_ref().map(|stored| &stored.document), patch)?;
            let now = HeldDocument { platform: platform.clone(), document };
            self.documents.insert(id.clone(), Entity { stored, now, by_unchanged: false });
            return Ok(Ok(()));
        }
        let Some(entity) = self.documents.get_mut(id) else {
            return Ok(Ok(()));
        };
        if entity.now.platform != *platform {
            return Ok(Err(format!("`document.id` {id} belongs to platform {}", entity.now.platform)));
        }
        entity.now.document = patch_entity(clause, Some(&entity.now.document), patch)?;
        Ok(Ok(()))
    }

    fn infer(
        &self,
        id: &ClauseId,
        text: &str,
        given: &Given,
        annotation: &Map<String, Value>,
    ) -> Result<Map<String, Value>, IngestError> {
        let said: Annotation = read_map(id, annotation.clone())?;
        let detected = given.language.is_none().then(|| detect_language(text));
        let language = given.language.as_deref().or(detected).unwrap_or("en");
        let mut inferred: Inferred = self.rules.classifier.infer(text, given, &said.labels, language);
        inferred.language = detected.map(str::to_owned);
        write_map(id, &inferred)
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
        if self.taken.contains(id) {
            self.summary.rejected += 1;
            return reject(format!("`id` {id} stands in this input twice; the first was kept"));
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
            let inferred = self.infer(id, &held.text, &given, &annotation)?;
            self.unit.write_clause(&HeldClause {
                version: held.version + 1,
                annotation,
                inferred,
                ..held
            })?;
            self.written.insert(id.clone());
            Outcome::Changed
        };
        self.taken.insert(id.clone());
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

    /// The live clauses of a document, as the unit sees them.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn clauses_of_document(&self, id: &DocumentId) -> Result<Vec<HeldClause>, IngestError> {
        let mut clauses = Vec::new();
        for id in self.unit.clauses_of_document(id)? {
            clauses.extend(self.unit.find_clause(&id)?);
        }
        Ok(clauses)
    }

    /// Removes a live clause.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn remove(&mut self, id: &ClauseId) -> Result<(), IngestError> {
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
                if !self.met.contains(&id) {
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
            if !self.documents.contains_key(&document) {
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
                let inferred = self.infer(&held.id, &held.text, &given, &held.annotation)?;
                if inferred != held.inferred {
                    self.unit.write_clause(&HeldClause { version: held.version + 1, inferred, ..held })?;
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
    pub fn commit(mut self) -> Result<(Summary, Option<Generation>), IngestError> {
        self.write_entities()?;
        let live = self.unit.count_live()?;
        let counted = self.unit.counted_clauses()?;
        if is_outdated(counted, live) {
            self.renew_statistics()?;
        }
        let generation = self.unit.commit(self.rules.taxonomy.version())?;
        Ok((self.summary, generation))
    }

    fn write_entities(&mut self) -> Result<(), IngestError> {
        let mut touched: BTreeSet<ClauseId> = BTreeSet::new();
        for (id, entity) in &self.platforms {
            if entity.stored.as_ref() == Some(&entity.now) {
                continue;
            }
            if entity.stored.is_some() && entity.by_unchanged {
                self.summary.count_renamed();
            }
            self.unit.write_platform(&entity.now)?;
            // The names are masked in every clause of the platform.
            let same_names = entity
                .stored
                .as_ref()
                .is_none_or(|stored| stored.name == entity.now.name && stored.parent == entity.now.parent);
            if !same_names {
                touched.extend(self.unit.clauses_of_platform(id)?);
            }
        }
        for (id, entity) in &self.documents {
            if entity.stored.as_ref() == Some(&entity.now) {
                continue;
            }
            if entity.stored.is_some() && entity.by_unchanged {
                self.summary.count_renamed();
            }
            self.unit.write_document(&entity.now)?;
            let same_type = entity
                .stored
                .as_ref()
                .is_none_or(|stored| stored.document.document_type == entity.now.document.document_type);
            if !same_type {
                touched.extend(self.unit.clauses_of_document(id)?);
            }
        }
        for id in touched {
            if !self.written.contains(&id)
                && let Some(held) = self.unit.find_clause(&id)?
            {
                self.unit.write_clause(&HeldClause { version: held.version + 1, ..held })?;
            }
        }
        Ok(())
    }
}
