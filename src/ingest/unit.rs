//! One ingest: all of it stands afterwards, or nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::IngestError;
use super::entity::Entity;
use super::statistics::count_statistics;
use super::summary::{Outcome, Summary};
use crate::classify::Classifier;
use crate::clause::{
    Annotation, Cause, ClauseId, DocumentId, Given, Inferred, News, NewsKind, Platform, PlatformId, Record,
    Span, merge_patch,
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
    /// Clauses that the input names, whether or not their records were taken.
    pub(super) met: HashSet<ClauseId>,
    /// Clauses of which a record was taken.
    pub(super) taken: HashSet<ClauseId>,
    /// Clauses of which it has written a version.
    pub(super) written: HashSet<ClauseId>,
    /// Whether what it does is told as news.
    announces: bool,
    pub(super) summary: Summary,
}

/// A clause as it is, and as a record makes it.
pub(super) struct Prepared {
    pub(super) held: Option<HeldClause>,
    pub(super) next: HeldClause,
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
            met: HashSet::new(),
            taken: HashSet::new(),
            written: HashSet::new(),
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
        let prepared = match self.prepare(record)? {
            Ok(prepared) => prepared,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut spans = self.unit.spans(&prepared.next.id)?;
        let news = self.follow_record(&prepared, &mut spans);
        let outcome = self.write_prepared(&prepared)?;
        if outcome != Outcome::Unchanged {
            self.unit.write_spans(&prepared.next.id, &spans)?;
        }
        if let Some(news) = news {
            self.tell(&prepared.next.id, &news)?;
        }
        Ok(Ok(outcome))
    }

    /// What a record makes of its clause; the inner error is a reason to reject it.
    pub(super) fn prepare(&mut self, record: Record) -> Result<Result<Prepared, String>, IngestError> {
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
        let (last_version, last_wording) = self.unit.last_numbers(&id)?;
        let wording = match &held {
            Some(held) if same_text => held.wording,
            // A text that stood before is that wording again.
            Some(_) => self.unit.find_wording(&id, &text)?.unwrap_or(last_wording + 1),
            None => last_wording + 1,
        };
        let next = HeldClause {
            version: last_version + 1,
            live: true,
            platform: platform_id,
            document: document_id,
            wording,
            text,
            given: write_map(&id, &typed)?,
            annotation,
            inferred,
            id,
        };
        Ok(Ok(Prepared { held, next }))
    }

    /// Writes what was prepared, unless it says nothing new.
    pub(super) fn write_prepared(&mut self, prepared: &Prepared) -> Result<Outcome, IngestError> {
        let Prepared { held, next } = prepared;
        let held = held.as_ref().filter(|held| held.live);
        if held.is_some_and(|held| HeldClause { version: next.version, ..held.clone() } == *next) {
            self.note_unchanged(next);
            return Ok(Outcome::Unchanged);
        }
        self.unit.write_clause(next)?;
        self.written.insert(next.id.clone());
        Ok(if held.is_some() { Outcome::Changed } else { Outcome::Added })
    }

    /// Continues the times of a clause by a record of it, and says what is news in it.
    fn follow_record(&self, prepared: &Prepared, spans: &mut Vec<Span>) -> Option<News> {
        let Prepared { held, next } = prepared;
        let observed = next.given.get("observed").and_then(|observed| observed.get("first_seen"));
        let first_seen = observed.and_then(Value::as_str).map(str::to_owned);
        let before = held.as_ref().filter(|held| held.live).map(|held| held.wording);
        if before == Some(next.wording) {
            if let Some(open) = spans.last_mut()
                && first_seen.is_some()
            {
                open.began_at = first_seen;
            }
            return None;
        }
        if let Some(open) = spans.last_mut()
            && open.ended_at.is_none()
        {
            open.ended_at = Some(first_seen.clone().unwrap_or_else(|| self.unit.now().to_owned()));
            open.ended_by = Some(Cause::Record);
        }
        spans.push(Span {
            wording: next.wording,
            began_at: first_seen.clone(),
            began_by: if held.is_some() { Cause::Record } else { Cause::First },
            ended_at: None,
            ended_by: None,
            replaced_by: None,
        });
        Some(News {
            kind: if before.is_some() { NewsKind::Changed } else { NewsKind::Added },
            observed_at: first_seen,
            by: Cause::Record,
            wording_before: before,
            wording: Some(next.wording),
        })
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

    pub(super) fn infer(
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
            let (version, _) = self.unit.last_numbers(id)?;
            self.unit.write_clause(&HeldClause { version: version + 1, annotation, inferred, ..held })?;
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
                let inferred = self.infer(&held.id, &held.text, &given, &held.annotation)?;
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
    pub fn commit(mut self) -> Result<(Summary, Option<Generation>), IngestError> {
        self.write_entities()?;
        let live = self.unit.count_live()?;
        let counted = self.unit.counted_clauses()?;
        if is_outdated(counted, live) {
            self.renew_statistics()?;
        }
        let generation = self.unit.commit(self.rules.taxonomy.version(), self.rules.vectors)?;
        Ok((self.summary, generation))
    }
}
