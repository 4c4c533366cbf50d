//! Records on their way in: read, checked, classified, and written as one unit.

mod annotation;
mod batch;
mod check;
mod entity;
mod foresee;
mod line;
mod met;
mod parallel;
mod put;
mod reject;
mod source;
mod statistics;
mod summary;
mod table;
mod timeline;
mod unit;

use std::io;
use std::path::PathBuf;

pub use annotation::AnnotationChecker;
pub use batch::{Batch, Input};
pub use check::{CLAUSE_SCHEMA, RecordChecker};
pub use foresee::Foreseen;
pub use line::{Line, LineReader, MAX_LINE_BYTES};
pub use parallel::{Work, count_workers, work_in_order};
pub use put::Put;
pub use reject::{Reject, RejectWriter};
pub use source::{Format, Source, SourceError};
pub use summary::{Outcome, Summary};
pub use table::TableError;
pub use timeline::{HeldHistory, Timeline, TimelineWording};
pub use unit::{IngestUnit, Rules};

use crate::store::StoreError;

/// Why an ingest cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The record store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The input cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The rejects file cannot be written.
    #[error("the rejects file {} cannot be written: {source}", path.display())]
    Rejects {
        /// Where it is.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The definition of a record cannot be read.
    #[error("the definition of a record cannot be read: {0}")]
    Definition(#[from] serde_json::Error),
    /// Something stored is no record any more.
    #[error("clause {id} cannot be read back: {source}")]
    Stored {
        /// The clause.
        id: String,
        /// What went wrong.
        source: serde_json::Error,
    },
    /// A line was rejected and the ingest was to be strict.
    #[error("line {line}: {reason} (nothing was changed, as --strict asks)")]
    Strict {
        /// Its number, from 1.
        line: u64,
        /// What to change.
        reason: String,
    },
}
