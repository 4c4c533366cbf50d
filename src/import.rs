//! Collections of others become clauses.
//!
//! Every importer finds documents and divides them in its own way; [`document`] is the one way from
//! there to the store.

mod align;
mod document;
pub mod documents;
pub mod open_terms_archive;
mod slug;
pub mod tosdr;
mod tracker;

use serde::Serialize;

use self::open_terms_archive::git::GitError;
use crate::collection::CollectionError;
use crate::ingest::{IngestError, Summary};
use crate::taxonomy::TaxonomyError;

/// Why something cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The repository cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// It holds no document.
    #[error("{path} holds no document named `SERVICE/TERMS TYPE.md`; is it a collection of versions?")]
    Empty {
        /// Where it is.
        path: String,
    },
    /// The folder cannot be read.
    #[error("{path}: {source}")]
    Folder {
        /// Where it is.
        path: String,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The folder holds no document.
    #[error(
        "{path} holds no document named PLATFORM/TITLE.md, .html or .txt{}",
        warnings.iter().map(|warning| format!("\n  {warning}")).collect::<String>()
    )]
    NoDocuments {
        /// Where it is.
        path: String,
        /// What was passed over, and why.
        warnings: Vec<String>,
    },
    /// The folder is no data of ToS;DR.
    #[error(
        "{path} has not the form of ToS;DR's data: the folders src/points, src/cases and src/services, with points in src/points/ID.json"
    )]
    NotTosdr {
        /// Where it is.
        path: String,
    },
    /// The mapping of ToS;DR's cases is broken: never in a tested build.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyError),
    /// The collection cannot be written.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// The record's schema is broken.
    #[error("clause-v1.schema.json: {0}")]
    Schema(serde_json::Error),
}

impl From<IngestError> for ImportError {
    fn from(error: IngestError) -> Self {
        Self::Collection(error.into())
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The collection's id.
    pub collection: String,
    /// Documents that it holds.
    pub documents: u64,
    /// Versions of them that were read.
    pub versions: u64,
    /// Clauses in their latest versions.
    pub clauses: u64,
    /// Wordings that were recorded, the live ones among them.
    pub wordings: u64,
    /// What was left out, and why.
    pub warnings: Vec<String>,
    /// What became of the live clauses.
    pub summary: Summary,
    /// The generation that holds them.
    pub generation: u64,
}
