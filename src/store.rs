//! The record store: the truth, of which the index is derived.
//!
//! Platforms, documents, clauses with every wording, annotations and the collection's statistics,
//! behind an interface that names no SQL. Versions of a clause are immutable and carry the
//! generations from which and to which they stand, so a read pinned to a generation sees that
//! generation whatever is written meanwhile.

mod history;
mod sqlite;
mod sqlite_first;
mod sqlite_history;
mod sqlite_holding;
mod sqlite_unit;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub use history::{ClauseHistory, RecordedNews};
pub use sqlite::SqliteStore;

use crate::clause::{Clause, ClauseId, Document, DocumentId, News, Platform, PlatformId, Span};
use crate::statistics::Statistics;

/// One published state of the collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its number: 0 is the empty store.
    pub number: u64,
    /// The position in the change log that it reaches.
    pub position: u64,
    /// The version of the statistics in force.
    pub statistics: u64,
    /// The version of the taxonomy that inferred what was inferred.
    pub taxonomy: String,
    /// The version of the table of vectors, if one is in force.
    pub vectors: Option<String>,
    /// Live clauses.
    pub live: u64,
    /// When it was recorded, RFC 3339 UTC.
    pub recorded_at: String,
}

/// An entry of the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its position, from 1.
    pub position: u64,
    /// The clause.
    pub id: ClauseId,
    /// The version that stands since; `None` for a removal.
    pub version: Option<u64>,
}

/// A platform or document with its live clauses counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted<T> {
    /// What is counted.
    pub item: T,
    /// Its live clauses.
    pub clauses: u64,
}

/// A document and the platform whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldDocument {
    /// The platform.
    pub platform: PlatformId,
    /// The document.
    pub document: Document,
}

/// A clause as a writer reads and writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldClause {
    /// Its id.
    pub id: ClauseId,
    /// Its latest version.
    pub version: u64,
    /// Whether that version stands; a removed clause keeps its id and wordings.
    pub live: bool,
    /// Its platform.
    pub platform: PlatformId,
    /// Its document.
    pub document: DocumentId,
    /// The number of its latest wording.
    pub wording: u64,
    /// That wording's text.
    pub text: String,
    /// What was given, as JSON.
    pub given: Map<String, Value>,
    /// What an analyst laid over it, as JSON.
    pub annotation: Map<String, Value>,
    /// What was inferred, as JSON.
    pub inferred: Map<String, Value>,
}

/// A clause that the store has never held: its first version, with its first wording.
#[derive(Debug, Clone, Copy)]
pub struct FirstVersion<'a> {
    /// Its id.
    pub id: &'a ClauseId,
    /// Its platform.
    pub platform: &'a PlatformId,
    /// Its document.
    pub document: &'a DocumentId,
    /// Its text.
    pub text: &'a str,
    /// What was given, as JSON.
    pub given: &'a str,
    /// What was inferred, as JSON.
    pub inferred: &'a str,
    /// The collection that it comes from.
    pub collection: Option<&'a str>,
    /// When its wording was first seen, if known.
    pub first_seen: Option<&'a str>,
    /// Whether that is told as news.
    pub announced: bool,
}

/// Why the store cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the record store {} failed: {source}", path.display())]
    Database {
        /// Where it is.
        path: PathBuf,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was written by a newer program.
    #[error("the record store {} has version {found}, and this program reads up to {known}; use a newer one", path.display())]
    Newer {
        /// Where it is.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// Something stored cannot be read back.
    #[error("the record store {} holds {what} that cannot be read: {source}", path.display())]
    Corrupt {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        what: String,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The record store.
pub trait RecordStore: Send + Sync {
    /// Writes a copy of all of it to a file that is not there yet, as it stands at one moment, and says
    /// which generation that is.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read or the file not written.
    fn back_up(&self, file: &Path) -> Result<Generation, StoreError>;

    /// The newest generation that the store holds; the index may not hold it yet.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn newest_generation(&self) -> Result<Generation, StoreError>;

    /// A generation by its number.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn generation(&self, number: u64) -> Result<Option<Generation>, StoreError>;

    /// Changes after a position up to another, in order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn changes(&self, after: u64, up_to: u64, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Live clauses of a generation, at most `limit`, after a cursor (0 to begin); each with the
    /// cursor that continues after it.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn live_clauses(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Clause)>, StoreError>;

    /// The clause that stands in a generation.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn find_clause(&self, generation: u64, id: &ClauseId) -> Result<Option<Clause>, StoreError>;

    /// Versions of clauses, with platform and document as of a generation, in the order asked for;
    /// those that do not exist are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn find_versions(&self, generation: u64, keys: &[(ClauseId, u64)]) -> Result<Vec<Clause>, StoreError>;

    /// A clause with all its wordings, live or gone, as a generation knows them.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn find_history(&self, generation: u64, id: &ClauseId) -> Result<Option<ClauseHistory>, StoreError>;

    /// All clauses that a generation knows, live or gone, with all their wordings: at most `limit`
    /// after a cursor (0 to begin), each with the cursor that continues after it.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn histories(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ClauseHistory)>, StoreError>;

    /// News that a generation knows, newest first: at most `limit` of a position before `before`.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn news(&self, generation: u64, before: u64, limit: usize) -> Result<Vec<RecordedNews>, StoreError>;

    /// All platforms that a generation knows, with or without a live clause, by id.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn known_platforms(&self, generation: u64) -> Result<Vec<Platform>, StoreError>;

    /// Platforms with a live clause in a generation, by id.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn platforms(&self, generation: u64) -> Result<Vec<Counted<Platform>>, StoreError>;

    /// Documents with a live clause in a generation, by id.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn documents(&self, generation: u64) -> Result<Vec<Counted<HeldDocument>>, StoreError>;

    /// As [`RecordStore::live_clauses`], but nothing of the wording is read: text and date are empty.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn bare_clauses(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Clause)>, StoreError>;

    /// The same of one document, all of its clauses.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn bare_clauses_of_document(
        &self,
        generation: u64,
        document: &DocumentId,
    ) -> Result<Vec<(u64, Clause)>, StoreError>;

    /// Platforms of which a clause or a document changed after one generation and up to another, by id;
    /// perhaps some more.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn changed_platforms(&self, from: &Generation, to: &Generation) -> Result<Vec<PlatformId>, StoreError>;

    /// Statistics of a version; version 0 is empty.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn statistics(&self, version: u64) -> Result<Statistics, StoreError>;

    /// Number of clauses and sum of lengths of a version of the statistics.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn statistics_totals(&self, version: u64) -> Result<(u64, u64), StoreError>;

    /// Begins a unit of writing. Readers go on; another writer waits or fails.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be written.
    fn begin(&self) -> Result<Box<dyn WriteUnit + '_>, StoreError>;
}

/// A unit of writing: all of it stands after the commit, or nothing. Dropped, it changes nothing.
///
/// Every method fails with [`StoreError`] if the store cannot be read or written.
pub trait WriteUnit {
    /// The number of the generation that the commit makes.
    fn generation(&self) -> u64;

    /// The generation before it.
    fn before(&self) -> &Generation;

    /// When the unit began, RFC 3339 in UTC: what it writes was recorded then.
    fn now(&self) -> &str;

    /// A clause's latest version, live or removed.
    ///
    /// # Errors
    /// As the trait says.
    fn find_clause(&self, id: &ClauseId) -> Result<Option<HeldClause>, StoreError>;

    /// A platform as it stands.
    ///
    /// # Errors
    /// As the trait says.
    fn find_platform(&self, id: &PlatformId) -> Result<Option<Platform>, StoreError>;

    /// A document as it stands.
    ///
    /// # Errors
    /// As the trait says.
    fn find_document(&self, id: &DocumentId) -> Result<Option<HeldDocument>, StoreError>;

    /// Ids of the live clauses of a document, in order.
    ///
    /// # Errors
    /// As the trait says.
    fn clauses_of_document(&self, id: &DocumentId) -> Result<Vec<ClauseId>, StoreError>;

    /// Ids of the clauses that a document has or had, in order.
    ///
    /// # Errors
    /// As the trait says.
    fn clauses_ever_of_document(&self, id: &DocumentId) -> Result<Vec<ClauseId>, StoreError>;

    /// The wordings of a clause: number and text, by number.
    ///
    /// # Errors
    /// As the trait says.
    fn wordings(&self, id: &ClauseId) -> Result<Vec<(u64, String)>, StoreError>;

    /// The number of the wording of this text that a clause has, if it has one.
    ///
    /// # Errors
    /// As the trait says.
    fn find_wording(&self, id: &ClauseId, text: &str) -> Result<Option<u64>, StoreError>;

    /// The greatest version and wording of a clause, 0 and 0 if there is none.
    ///
    /// # Errors
    /// As the trait says.
    fn last_numbers(&self, id: &ClauseId) -> Result<(u64, u64), StoreError>;

    /// The times in which the wordings of a clause stood.
    ///
    /// # Errors
    /// As the trait says.
    fn spans(&self, id: &ClauseId) -> Result<Vec<Span>, StoreError>;

    /// What an importer noted of a document, if it did.
    ///
    /// # Errors
    /// As the trait says.
    fn find_mark(&self, id: &DocumentId) -> Result<Option<String>, StoreError>;

    /// Ids of the live clauses of a platform, in order.
    ///
    /// # Errors
    /// As the trait says.
    fn clauses_of_platform(&self, id: &PlatformId) -> Result<Vec<ClauseId>, StoreError>;

    /// Ids of documents that have a live clause from a collection, in order.
    ///
    /// # Errors
    /// As the trait says.
    fn documents_of_collection(&self, collection: &str) -> Result<Vec<DocumentId>, StoreError>;

    /// Live clauses after a cursor (0 to begin), at most `limit`, each with its cursor.
    ///
    /// # Errors
    /// As the trait says.
    fn live_clauses(&self, after: u64, limit: usize) -> Result<Vec<(u64, HeldClause)>, StoreError>;

    /// How many clauses are live.
    ///
    /// # Errors
    /// As the trait says.
    fn count_live(&self) -> Result<u64, StoreError>;

    /// Writes a platform as it stands from this generation on.
    ///
    /// # Errors
    /// As the trait says.
    fn write_platform(&mut self, platform: &Platform) -> Result<(), StoreError>;

    /// Writes a document as it stands from this generation on.
    ///
    /// # Errors
    /// As the trait says.
    fn write_document(&mut self, document: &HeldDocument) -> Result<(), StoreError>;

    /// Writes a version of a clause, which stands from this generation on in place of the one
    /// before. A wording number that the clause does not have yet makes a new wording of its text.
    ///
    /// # Errors
    /// As the trait says.
    fn write_clause(&mut self, clause: &HeldClause) -> Result<(), StoreError>;

    /// Writes a clause that the store has never held, with the time from which its wording stands and,
    /// if it is to be announced, the news of it.
    ///
    /// # Errors
    /// As the trait says; also if the store holds a clause of this id.
    fn write_first(&mut self, clause: &FirstVersion<'_>) -> Result<(), StoreError>;

    /// Writes a version of a clause that does not stand: of a wording that stood before.
    ///
    /// # Errors
    /// As the trait says.
    fn write_past_wording(&mut self, clause: &HeldClause) -> Result<(), StoreError>;

    /// Writes the times in which the wordings of a clause stood, all of them.
    ///
    /// # Errors
    /// As the trait says.
    fn write_spans(&mut self, id: &ClauseId, spans: &[Span]) -> Result<(), StoreError>;

    /// Tells news of a clause.
    ///
    /// # Errors
    /// As the trait says.
    fn write_news(&mut self, id: &ClauseId, news: &News) -> Result<(), StoreError>;

    /// Notes where an importer stands with a document. Alone it makes no generation.
    ///
    /// # Errors
    /// As the trait says.
    fn write_mark(&mut self, id: &DocumentId, mark: &str) -> Result<(), StoreError>;

    /// Removes a live clause; it keeps its id and its wordings.
    ///
    /// # Errors
    /// As the trait says.
    fn remove_clause(&mut self, id: &ClauseId) -> Result<(), StoreError>;

    /// How many clauses the statistics in force counted.
    ///
    /// # Errors
    /// As the trait says.
    fn counted_clauses(&self) -> Result<u64, StoreError>;

    /// Puts new statistics in force with this generation.
    ///
    /// # Errors
    /// As the trait says.
    fn write_statistics(&mut self, statistics: &Statistics) -> Result<(), StoreError>;

    /// Asks for a generation even if nothing is written: something else that it names is new.
    fn renew_generation(&mut self);

    /// Makes it last, with the versions of taxonomy and table of vectors in force. Without a change nothing is
    /// recorded and no generation made.
    ///
    /// # Errors
    /// As the trait says.
    fn commit(self: Box<Self>, taxonomy: &str, vectors: &str) -> Result<Option<Generation>, StoreError>;
}
