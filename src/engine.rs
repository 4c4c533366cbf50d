//! The seam between questions and engines.
//!
//! What an engine is asked is data ([`Question`]); what it answers is data ([`Answer`]). No
//! closure, collector or type of an engine crosses it. Every engine answers the same bytes: the
//! [`naive`] one scores every clause in memory and is the reference, [`tantivy`] reads postings.

pub mod answer;
pub mod entry;
pub mod naive;
pub mod order;
pub mod question;
pub mod tantivy;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

pub use answer::{
    Answer, AttributeCount, BEST_OF_PLATFORM, Contender, FacetCounts, Found, PlatformRow, SameWording,
};
pub use entry::{Attribute, Entry};
pub use question::{
    Agreement, Condition, Facet, Filter, Membership, Page, Phrase, Question, Slot, Sort, Window,
};

use crate::clause::ClauseId;

/// The state that an engine holds: what it was given with its last commit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexState {
    /// The generation.
    pub generation: u64,
    /// The position in the store's change log up to which it has read.
    pub position: u64,
    /// Number of clauses at the last renewal of the statistics.
    pub clauses: u64,
    /// Sum of their lengths then. With `clauses` it fixes the impacts.
    pub total_length: u64,
    /// What made the entries: another value means that the index is built anew.
    pub format: String,
}

/// Why an engine gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The generation asked for is not held any more, or not yet.
    #[error("generation {generation} is not held by the index")]
    GenerationGone {
        /// The generation asked for.
        generation: u64,
    },
    /// The time allowed for the question was up.
    #[error("the time allowed for the question was up")]
    Deadline,
    /// A file of the index cannot be read or written.
    #[error("the index in {} cannot be used: {source}", path.display())]
    Storage {
        /// Where the index is.
        path: PathBuf,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// An answer on its way.
pub type PendingAnswer<'a> = Pin<Box<dyn Future<Output = Result<Answer, EngineError>> + Send + 'a>>;

/// A search engine behind the seam.
pub trait Engine: Send + Sync {
    /// Its name, as the configuration writes it.
    fn name(&self) -> &'static str;

    /// Whether its index is shared by processes, so that writing it needs the writer's lock.
    fn is_shared(&self) -> bool;

    /// Opens the newest state that the engine holds, and keeps it answerable until it is released.
    /// `None` if there is no index, or one that cannot be read.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the place of the index cannot be used at all.
    fn open_newest(&self) -> Result<Option<IndexState>, EngineError>;

    /// Lets go of a generation; questions about it fail from now on.
    fn release(&self, generation: u64);

    /// Begins to write. With `rebuild`, what is held is replaced by what is put until the commit;
    /// readers see the old state until then.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the index cannot be written.
    fn begin(&self, rebuild: bool) -> Result<Box<dyn IndexWriter + '_>, EngineError>;

    /// Answers a question.
    fn answer<'a>(&'a self, question: &'a Question) -> PendingAnswer<'a>;
}

/// One unit of writing: all of it is seen after the commit, or nothing.
pub trait IndexWriter {
    /// Puts a clause, in place of any other version of it.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the index cannot be written.
    fn put(&mut self, entry: Entry) -> Result<(), EngineError>;

    /// Puts wordings of one clause, each an entry with a version of its own, in place of all that is
    /// held of it.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the index cannot be written.
    fn put_wordings(&mut self, id: &ClauseId, entries: Vec<Entry>) -> Result<(), EngineError>;

    /// Removes a clause, if it is there.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the index cannot be written.
    fn remove(&mut self, id: &ClauseId) -> Result<(), EngineError>;

    /// Makes it last, with the state that it is now in.
    ///
    /// # Errors
    /// [`EngineError::Storage`] if the index cannot be written.
    fn commit(self: Box<Self>, state: IndexState) -> Result<(), EngineError>;
}
