//! The tantivy engine: one pass over windows of impacts, with scores of our own.
//!
//! tantivy gives the inverted index, fast columns, segments and merges. Its scoring, collectors
//! and aggregations are not used: they know neither the whole numbers nor the exact counts that
//! the contract asks for. This folder is the only one that names the crate.

mod closeness;
mod evaluate;
mod facet;
mod filter;
mod gather;
mod head;
mod list;
mod mapping;
mod phrase;
mod segment;
mod snapshot;
mod window;
mod writer;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::available_parallelism;

use ::tantivy::{Index, IndexReader, ReloadPolicy};

use self::list::ListCache;
use self::mapping::Mapping;
use self::snapshot::Snapshot;
use self::writer::TantivyWriter;
use super::{Engine, EngineError, IndexState, IndexWriter, PendingAnswer, Question};
use crate::search_schema::SearchSchema;

/// The engine over an index in a directory.
pub struct TantivyEngine {
    directory: PathBuf,
    schema: Arc<SearchSchema>,
    mapping: Mapping,
    open: Mutex<Option<Open>>,
    snapshots: RwLock<BTreeMap<u64, Arc<Snapshot>>>,
    lists: Arc<ListCache>,
    cores: usize,
    /// How many questions are being answered.
    running: AtomicUsize,
}

/// Counts a question as one that is being answered, until dropped.
struct Running<'a>(&'a AtomicUsize);

impl<'a> Running<'a> {
    fn begin(running: &'a AtomicUsize) -> (Self, usize) {
        let before = running.fetch_add(1, Ordering::Relaxed);
        (Self(running), before)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Open {
    index: Index,
    reader: IndexReader,
}

impl TantivyEngine {
    /// An engine over the index in `directory`, which is made when something is written.
    #[must_use]
    pub fn new(directory: &Path, schema: Arc<SearchSchema>) -> Self {
        Self {
            directory: directory.to_owned(),
            mapping: Mapping::of_schema(&schema),
            schema,
            open: Mutex::new(None),
            snapshots: RwLock::default(),
            lists: Arc::new(ListCache::new()),
            cores: available_parallelism().map_or(1, NonZero::get),
            running: AtomicUsize::new(0),
        }
    }

    fn storage_error(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EngineError {
        EngineError::Storage { path: self.directory.clone(), source: source.into() }
    }

    /// The index as it is on disk, if it is there and of our mapping.
    fn open_index(&self) -> ::tantivy::Result<Option<Open>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.directory.join("meta.json").exists() {
            *open = None;
            return Ok(None);
        }
        if let Some(open) = &*open {
            return Ok(Some(open.clone()));
        }
        let index = Index::open_in_dir(&self.directory)?;
        if index.schema() != self.mapping.schema {
            return Ok(None);
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Some(open.insert(Open { index, reader }).clone()))
    }

    fn open_snapshot(&self) -> ::tantivy::Result<Option<Arc<Snapshot>>> {
        let Some(open) = self.open_index()? else {
            return Ok(None);
        };
        // A commit of another process may fall between the payload and the segments: read until
        // both belong together.
        for _ in 0..100 {
            let before = open.index.load_metas()?;
            open.reader.reload()?;
            let after = open.index.load_metas()?;
            if before.opstamp != after.opstamp || before.payload != after.payload {
                continue;
            }
            let Some(state) =
                after.payload.as_deref().and_then(|text| serde_json::from_str::<IndexState>(text).ok())
            else {
                return Ok(None);
            };
            let held = self.snapshots.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(snapshot) = held.get(&state.generation)
                && snapshot.state == state
            {
                return Ok(Some(Arc::clone(snapshot)));
            }
            let before = held.last_key_value().map(|(_, snapshot)| Arc::clone(snapshot));
            drop(held);
            let (searcher, before) = (open.reader.searcher(), before.as_deref());
            let snapshot =
                Snapshot::open(&searcher, state, &self.schema, &self.mapping, before, &self.lists)?;
            return Ok(Some(Arc::new(snapshot)));
        }
        Ok(None)
    }

    fn find_snapshot(&self, generation: u64) -> Result<Arc<Snapshot>, EngineError> {
        let snapshots = self.snapshots.read().unwrap_or_else(PoisonError::into_inner);
        snapshots.get(&generation).map(Arc::clone).ok_or(EngineError::GenerationGone { generation })
    }

    fn forget_index(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Engine for TantivyEngine {
    fn name(&self) -> &'static str {
        "tantivy"
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn open_newest(&self) -> Result<Option<IndexState>, EngineError> {
        match self.open_snapshot() {
            Ok(Some(snapshot)) => {
                let state = snapshot.state.clone();
                let mut snapshots = self.snapshots.write().unwrap_or_else(PoisonError::into_inner);
                snapshots.insert(state.generation, snapshot);
                Ok(Some(state))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                // A torn index is no failure: it is built anew from the records.
                tracing::warn!(directory = %self.directory.display(), %error, "the index cannot be read");
                self.forget_index();
                Ok(None)
            }
        }
    }

    fn release(&self, generation: u64) {
        self.snapshots.write().unwrap_or_else(PoisonError::into_inner).remove(&generation);
    }

    fn begin(&self, rebuild: bool) -> Result<Box<dyn IndexWriter + '_>, EngineError> {
        let open = match self.open_index() {
            Ok(Some(open)) => open,
            Ok(None) | Err(_) if rebuild => self.create_index()?,
            Ok(None) => return Err(self.storage_error("there is no index to add to")),
            Err(error) => return Err(self.storage_error(error)),
        };
        let begun = TantivyWriter::begin(self, &open.index, rebuild);
        match begun {
            Ok(writer) => Ok(Box::new(writer)),
            Err(_) if rebuild => {
                // What can be opened and not written is torn: begin with an empty directory.
                let open = self.create_index()?;
                let writer = TantivyWriter::begin(self, &open.index, rebuild);
                Ok(Box::new(writer.map_err(|error| self.storage_error(error))?))
            }
            Err(error) => Err(self.storage_error(error)),
        }
    }

    /// Answers on the thread that asks, and on cores that no other question keeps busy.
    fn answer<'a>(&'a self, question: &'a Question) -> PendingAnswer<'a> {
        Box::pin(async move {
            let snapshot = self.find_snapshot(question.generation)?;
            let (_running, others) = Running::begin(&self.running);
            let threads = self.cores.saturating_sub(others).max(1);
            evaluate::answer(&snapshot, question, threads).map_err(|failure| match failure {
                evaluate::Failure::Deadline => EngineError::Deadline,
                evaluate::Failure::Index(error) => self.storage_error(error),
            })
        })
    }
}

impl TantivyEngine {
    fn create_index(&self) -> Result<Open, EngineError> {
        self.forget_index();
        match std::fs::remove_dir_all(&self.directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(self.storage_error(error));
            }
            _ => {}
        }
        std::fs::create_dir_all(&self.directory).map_err(|error| self.storage_error(error))?;
        let create = || -> ::tantivy::Result<Option<Open>> {
            Index::create_in_dir(&self.directory, self.mapping.schema.clone())?;
            self.open_index()
        };
        match create() {
            Ok(Some(open)) => Ok(open),
            Ok(None) => Err(self.storage_error("the index that was made is not there")),
            Err(error) => Err(self.storage_error(error)),
        }
    }
}
