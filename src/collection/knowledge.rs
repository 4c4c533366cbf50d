//! What a collection is read with: taxonomy, aspects, search schema, weights of the ranking and table
//! of vectors.

use std::sync::Arc;

use crate::rank::{RankingSchema, RankingSchemaError};
use crate::search_schema::{SearchSchema, SearchSchemaError};
use crate::taxonomy::{Aspects, Taxonomy, TaxonomyError};
use crate::vector::{VectorTable, VectorTableError};

/// The definitions in force. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// The taxonomy.
    pub taxonomy: Arc<Taxonomy>,
    /// The search schema.
    pub schema: Arc<SearchSchema>,
    /// The weights of the ranking.
    pub ranking: Arc<RankingSchema>,
    /// The table of vectors.
    pub vectors: Arc<VectorTable>,
    /// The aspects in which two clauses may differ.
    pub aspects: Arc<Aspects>,
}

/// Why definitions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The taxonomy.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyError),
    /// The search schema.
    #[error(transparent)]
    Schema(#[from] SearchSchemaError),
    /// The weights of the ranking.
    #[error(transparent)]
    Ranking(#[from] RankingSchemaError),
    /// The table of vectors.
    #[error(transparent)]
    Vectors(#[from] VectorTableError),
}

impl Knowledge {
    /// What the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same files.
    pub fn bundled() -> Result<Self, KnowledgeError> {
        Ok(Self {
            taxonomy: Arc::new(Taxonomy::bundled()?),
            schema: Arc::new(SearchSchema::bundled()?),
            ranking: Arc::new(RankingSchema::bundled()?),
            vectors: Arc::new(VectorTable::bundled()?),
            aspects: Arc::new(Aspects::bundled()?),
        })
    }
}
