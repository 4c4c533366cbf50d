//! A collection in its data directory: record store, index, and the generations between them.
//!
//! A generation is published when store and index both hold it, and stays servable for a while
//! after its successor. Whoever opens the collection brings the index up to the store: that is how
//! an ingest that was killed completes.

mod backup;
mod entry;
mod intake;
mod knowledge;
mod lock;
mod past;
mod publish;
mod receive;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::thread;

use entry::EntryMaker;
pub use entry::{Vantage, make_entry, make_past_entries, read_clause};
pub use intake::Intake;
pub use knowledge::{Knowledge, KnowledgeError};
pub use lock::WriterLock;
pub use publish::{Published, SERVABLE_AFTER};
pub use receive::{Received, Receiving};

use crate::classify::Classifier;
use crate::clause::{Clause, ClauseId};
use crate::contrast::Contraster;
use crate::engine::naive::NaiveEngine;
use crate::engine::tantivy::TantivyEngine;
use crate::engine::{Engine, EngineError, Entry, IndexState, IndexWriter};
use crate::ingest::{IngestError, IngestUnit, Rules, Summary, Work, count_workers, work_in_order};
use crate::search_schema::SearchSchema;
use crate::statistics::Statistics;
use crate::store::{Generation, RecordStore, SqliteStore, StoreError};
use crate::taxonomy::{ClauseType, Taxonomy};
use crate::text::mask::Mask;
use crate::text::term::{ANALYSIS_VERSION, analyze};
use crate::vector::Concepts;

/// The file of the record store in a data directory.
const RECORDS: &str = "records.sqlite";

/// How many clauses are read and analysed at a time when the index is written.
const BATCH: usize = 500;

/// The language that labels and definitions are in.
const TAXONOMY_LANGUAGE: &str = "en";

/// Which engine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// tantivy, with an index on disk.
    #[default]
    Tantivy,
    /// The reference: every clause in memory.
    Naive,
}

/// Why a collection cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// The data directory cannot be used.
    #[error("the data directory {} cannot be used: {source}", path.display())]
    Directory {
        /// Where it is.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A backup cannot be written or used.
    #[error("the backup {}: {source}", path.display())]
    Backup {
        /// Where it is, or was to be.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// There is no collection.
    #[error("there is no collection in {}; `crossclause ingest` or `crossclause import` makes one, `--data` names another directory", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Another process is writing.
    #[error("another process is writing to {}; try again when it is done", path.display())]
    Locked {
        /// The data directory.
        path: PathBuf,
    },
    /// A record is rejected where all were to be taken.
    #[error("line {line}: {reason}")]
    Rejected {
        /// Its line, from 1.
        line: u64,
        /// What to change.
        reason: String,
    },
    /// The index is being built by another process, and there is none to answer from yet.
    #[error("the index in {} is being built by another process; try again in a moment", path.display())]
    NotReady {
        /// The data directory.
        path: PathBuf,
    },
    /// The record store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The ingest failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

/// A collection that is open.
pub struct Collection {
    directory: PathBuf,
    store: Box<dyn RecordStore>,
    engine: Box<dyn Engine>,
    /// The index of all wordings, which questions about a day of the past are asked.
    past: Box<dyn Engine>,
    past_writing: Mutex<()>,
    knowledge: Knowledge,
    /// Made when it is first needed: most commands never classify.
    classifier: OnceLock<Classifier>,
    /// The same of what finds the aspects.
    contraster: OnceLock<Contraster>,
    /// Clause types by what the taxonomy says of them, made when a search first needs them.
    concepts: OnceLock<Concepts>,
    format: String,
    published: RwLock<Vec<Arc<Published>>>,
}

impl Collection {
    /// Opens the collection in a directory, and makes it if `create` says so. A backup in place of a
    /// directory is restored to one beside it. Nothing is published yet: [`Collection::synchronize`]
    /// does that.
    ///
    /// # Errors
    /// [`CollectionError`] if the directory or the store cannot be used, or there is none.
    pub fn open(
        directory: &Path,
        engine: EngineChoice,
        knowledge: Knowledge,
        create: bool,
    ) -> Result<Self, CollectionError> {
        let restored = if directory.is_file() { Some(backup::restore(directory)?) } else { None };
        let directory = restored.as_deref().unwrap_or(directory);
        let fail = |source| CollectionError::Directory { path: directory.to_owned(), source };
        let records = directory.join(RECORDS);
        if create {
            std::fs::create_dir_all(directory).map_err(fail)?;
        } else if !records.exists() {
            return Err(CollectionError::Missing { path: directory.to_owned() });
        }
        let store = SqliteStore::open(&records)?;
        let make_engine = |folder: &str| -> Box<dyn Engine> {
            match engine {
                EngineChoice::Tantivy => {
                    Box::new(TantivyEngine::new(&directory.join(folder), Arc::clone(&knowledge.schema)))
                }
                EngineChoice::Naive => Box::new(NaiveEngine::new(Arc::clone(&knowledge.schema))),
            }
        };
        let format = describe_format(&knowledge);
        Ok(Self {
            directory: directory.to_owned(),
            store: Box::new(store),
            engine: make_engine("index"),
            past: make_engine("past"),
            past_writing: Mutex::new(()),
            classifier: OnceLock::new(),
            contraster: OnceLock::new(),
            concepts: OnceLock::new(),
            knowledge,
            format,
            published: RwLock::new(Vec::new()),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The record store.
    #[must_use]
    pub fn store(&self) -> &dyn RecordStore {
        &*self.store
    }

    /// The engine that answers.
    #[must_use]
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// The definitions in force.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The taxonomy in force.
    #[must_use]
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.knowledge.taxonomy
    }

    /// The taxonomy's rules. The first call makes them ready, which takes some 30 ms.
    #[must_use]
    pub fn classifier(&self) -> &Classifier {
        self.classifier.get_or_init(|| Classifier::new(&self.knowledge.taxonomy))
    }

    /// What finds the aspects of a text. The first call makes it ready.
    #[must_use]
    pub fn contraster(&self) -> &Contraster {
        self.contraster.get_or_init(|| Contraster::new(&self.knowledge.aspects))
    }

    /// The clause types as concepts that a query's vector can be turned towards. The first call makes
    /// them, which takes some milliseconds.
    #[must_use]
    pub fn concepts(&self) -> &Concepts {
        self.concepts.get_or_init(|| {
            let make = |entry: &ClauseType| {
                let text = format!("{}. {}", entry.label, entry.definition);
                let tokens = analyze(&text, TAXONOMY_LANGUAGE, &Mask::default());
                let vector = self.knowledge.vectors.make_vector(&text, &tokens, &[], TAXONOMY_LANGUAGE)?;
                Some((entry.id.clone(), vector))
            };
            Concepts::new(self.taxonomy().file().clause_type.iter().filter_map(make).collect())
        })
    }

    /// Makes ready what is else made when it is first needed.
    pub fn warm_up(&self) {
        let _ = (self.classifier(), self.contraster(), self.concepts());
    }

    /// The search schema.
    #[must_use]
    pub fn schema(&self) -> &SearchSchema {
        &self.knowledge.schema
    }

    /// Runs one unit of writing: takes the writer's lock, lets `work` put and remove, commits to the
    /// store, and brings the index up to it. If `work` fails, nothing has changed.
    ///
    /// # Errors
    /// What `work` says, or [`CollectionError`]: [`CollectionError::Locked`] while another process
    /// writes.
    pub fn write<E: From<CollectionError>>(
        &self,
        work: impl FnOnce(&mut IngestUnit<'_>) -> Result<(), E>,
    ) -> Result<(Summary, Arc<Published>), E> {
        let lock = WriterLock::wait(&self.directory)?;
        let rules = self.rules();
        let mut unit = IngestUnit::new(self.store.begin().map_err(CollectionError::from)?, rules);
        work(&mut unit)?;
        let (summary, _) = unit.commit().map_err(CollectionError::from)?;
        let published = self.catch_up(&lock)?;
        Ok((summary, published))
    }

    /// Infers again for every clause, renews the statistics and builds the index anew.
    ///
    /// # Errors
    /// [`CollectionError`], as [`Collection::write`].
    pub fn reindex(&self) -> Result<(Summary, Arc<Published>), CollectionError> {
        let lock = WriterLock::wait(&self.directory)?;
        let rules = self.rules();
        let mut unit = IngestUnit::new(self.store.begin()?, rules);
        unit.renew()?;
        let (summary, _) = unit.commit()?;
        let generation = self.store.newest_generation()?;
        self.rebuild(&generation, &lock)?;
        let published = self.publish(generation)?;
        Ok((summary, published))
    }

    /// Publishes the newest generation that store and index both hold. If the index lags behind and
    /// nobody else writes, it is brought up first.
    ///
    /// # Errors
    /// [`CollectionError::NotReady`] if there is no index yet and another process builds it.
    pub fn synchronize(&self) -> Result<Arc<Published>, CollectionError> {
        let newest = self.store.newest_generation()?;
        if let Some(published) = self.newest_published()
            && published.generation.number == newest.number
        {
            return Ok(published);
        }
        let state = self.open_index()?;
        let has_vectors = newest.vectors.as_ref() == Some(&self.knowledge.vectors.header().version);
        if has_vectors && state.as_ref().is_some_and(|state| state.generation == newest.number) {
            return self.publish(newest);
        }
        let lock = if self.engine.is_shared() {
            WriterLock::try_now(&self.directory)?
        } else {
            Some(WriterLock::not_needed())
        };
        if let Some(lock) = lock {
            return self.catch_up(&lock);
        }
        if let Some(state) = state
            && let Some(generation) = self.store.generation(state.generation)?
        {
            return self.publish(generation);
        }
        self.newest_published().ok_or_else(|| CollectionError::NotReady { path: self.directory.clone() })
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            taxonomy: &self.knowledge.taxonomy,
            classifier: self.classifier(),
            schema: &self.knowledge.schema,
            vectors: &self.knowledge.vectors.header().version,
        }
    }

    /// The state of the index, if what made it is what would make it now.
    fn open_index(&self) -> Result<Option<IndexState>, CollectionError> {
        Ok(self.engine.open_newest()?.filter(|state| state.format == self.format))
    }

    /// Brings the index up to the store and publishes.
    fn catch_up(&self, lock: &WriterLock) -> Result<Arc<Published>, CollectionError> {
        let newest = self.bring_up(lock)?;
        self.publish(newest)
    }

    /// Brings the index up to the store.
    fn bring_up(&self, lock: &WriterLock) -> Result<Generation, CollectionError> {
        let mut newest = self.store.newest_generation()?;
        let vectors = &self.knowledge.vectors.header().version;
        if newest.number > 0 && newest.vectors.as_ref() != Some(vectors) {
            let mut unit = self.store.begin()?;
            unit.renew_generation();
            newest = unit.commit(&newest.taxonomy, vectors)?.unwrap_or(newest);
        }
        match self.open_index()? {
            Some(state) if state.generation == newest.number => {}
            // Most of it changed: a new index is less work than deleting and adding.
            Some(state)
                if state.generation < newest.number
                    && state.position <= newest.position
                    && (newest.position - state.position) * 2 < newest.live =>
            {
                self.replay(&state, &newest)?;
            }
            Some(state) if state.generation < newest.number => {
                tracing::debug!(
                    from = state.generation,
                    to = newest.number,
                    "most clauses changed: rebuilding the index"
                );
                self.rebuild(&newest, lock)?;
            }
            found => {
                if newest.number > 0 && self.engine.is_shared() {
                    let reason =
                        if found.is_some() { "is ahead of the records" } else { "is missing, older or torn" };
                    tracing::info!(
                        generation = newest.number,
                        "the index {reason}: rebuilding it from the records"
                    );
                }
                self.rebuild(&newest, lock)?;
            }
        }
        Ok(newest)
    }

    fn next_state(&self, generation: &Generation) -> Result<IndexState, CollectionError> {
        let statistics = self.store.statistics_totals(generation.statistics)?;
        Ok(IndexState {
            generation: generation.number,
            position: generation.position,
            clauses: statistics.0,
            total_length: statistics.1,
            format: self.format.clone(),
        })
    }

    fn replay(&self, from: &IndexState, to: &Generation) -> Result<(), CollectionError> {
        let last = self.read_changes(from.position, to.position)?;
        let state = self.next_state(to)?;
        let mut writer = self.engine.begin(false)?;
        let mut keys = Vec::new();
        for (id, version) in last {
            match version {
                Some(version) => keys.push((id, version)),
                None => writer.remove(&id)?,
            }
        }
        let mut keys = keys.chunks(BATCH);
        self.put_entries(&mut *writer, || match keys.next() {
            Some(keys) => Ok(Some(self.store.find_versions(to.number, keys)?)),
            None => Ok(None),
        })?;
        Ok(writer.commit(state)?)
    }

    /// The clauses that changed between two positions, each with the version that stands now.
    fn read_changes(&self, from: u64, to: u64) -> Result<BTreeMap<ClauseId, Option<u64>>, CollectionError> {
        let mut last = BTreeMap::new();
        let mut position = from;
        loop {
            let changes = self.store.changes(position, to, BATCH)?;
            let Some(change) = changes.last() else {
                return Ok(last);
            };
            position = change.position;
            last.extend(changes.into_iter().map(|change| (change.id, change.version)));
        }
    }

    fn rebuild(&self, to: &Generation, _lock: &WriterLock) -> Result<(), CollectionError> {
        let state = self.next_state(to)?;
        let mut writer = self.engine.begin(true)?;
        let mut after = 0;
        self.put_entries(&mut *writer, || {
            let batch = self.store.live_clauses(to.number, after, BATCH)?;
            after = batch.last().map_or(after, |(cursor, _)| *cursor);
            let clauses: Vec<Clause> = batch.into_iter().map(|(_, clause)| clause).collect();
            Ok((!clauses.is_empty()).then_some(clauses))
        })?;
        Ok(writer.commit(state)?)
    }

    /// Makes the entries of clauses, a batch at a time, on several threads, and puts them in order.
    fn put_entries(
        &self,
        writer: &mut dyn IndexWriter,
        next: impl FnMut() -> Result<Option<Vec<Clause>>, CollectionError>,
    ) -> Result<(), CollectionError> {
        let not_needed = Mutex::new(Statistics::default());
        let begin = || -> Work<'_, Vec<Clause>, Vec<Entry>> {
            let mut maker = EntryMaker::new(&self.knowledge, &not_needed);
            Box::new(move |clauses| clauses.iter().map(|clause| maker.make(clause)).collect())
        };
        work_in_order(count_workers(), next, begin, |entries: Vec<Entry>| {
            entries.into_iter().try_for_each(|entry| Ok(writer.put(entry)?))
        })
    }
}

/// Makes something of each item, on two threads, in the order of the items.
fn make_in_halves<T: Sync, U: Send>(items: &[T], make: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let (one, two) = items.split_at(items.len().div_ceil(2));
    thread::scope(|scope| {
        let other = scope.spawn(|| two.iter().map(&make).collect::<Vec<U>>());
        let mut made: Vec<U> = one.iter().map(&make).collect();
        match other.join() {
            Ok(more) => made.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        made
    })
}

/// What entries depend on beside the records: an index of another format is built anew.
fn describe_format(knowledge: &Knowledge) -> String {
    let fields: Vec<String> = knowledge
        .schema
        .fields
        .iter()
        .map(|field| format!("{} {:?} {:?}", field.field, field.kind, field.weight))
        .collect();
    let taxonomy = serde_json::to_string(knowledge.taxonomy.file()).unwrap_or_default();
    let made_by = format!("{}\n{taxonomy}", fields.join("\n"));
    let hash = crate::clause::hash_text(made_by.as_bytes());
    let vectors = &knowledge.vectors.header().version;
    format!("analysis {ANALYSIS_VERSION}, vectors {vectors}, entries {}", hash.get(..16).unwrap_or(&hash))
}
