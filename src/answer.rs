//! Questions of people and programs, answered from a published generation.
//!
//! Parameters become a question to the engine; what it finds becomes cards, hits, counts and
//! facets. Nothing here knows HTTP or a terminal.

mod cards;
mod comparables;
mod cursor;
mod error;
mod filter;
mod listing;
mod params;
mod record;
mod search;
mod source;
mod view;

use std::sync::Arc;
use std::time::Duration;

pub use comparables::Source;
pub use error::AnswerError;
pub use listing::{ClauseTypeList, ClauseTypeRow, PlatformList, PlatformRowView, StatsAnswer, StatsRow};
pub use params::{FILTERS, Params};
pub use record::{Citation, ClauseRecord, Stability};
pub use view::{
    Card, ClauseView, ComparablesAnswer, Counts, DocumentView, EvidenceView, ExcerptView, FacetValue,
    FacetView, Hit, MatchView, More, NoMatch, NoMatchReason, PlatformView, SameWordingView, SearchAnswer,
    SourceView, Versions,
};

use crate::clause::ClauseId;
use crate::collection::{Collection, Published};

/// How long one question may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Answers questions about a collection.
#[derive(Clone)]
pub struct Desk {
    collection: Arc<Collection>,
}

impl Desk {
    /// A desk over an open collection.
    #[must_use]
    pub fn new(collection: Arc<Collection>) -> Self {
        Self { collection }
    }

    /// The collection.
    #[must_use]
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The generation to answer from.
    ///
    /// # Errors
    /// [`AnswerError::NotReady`] if none is published yet.
    pub fn newest(&self) -> Result<Arc<Published>, AnswerError> {
        self.collection.newest_published().ok_or(AnswerError::NotReady)
    }

    /// The generation that a cursor is bound to, or the newest.
    fn pin(&self, cursor: Option<&cursor::Cursor>) -> Result<Arc<Published>, AnswerError> {
        match cursor {
            Some(cursor) => {
                self.collection.find_published(cursor.generation).ok_or(AnswerError::CursorExpired)
            }
            None => self.newest(),
        }
    }

    fn find_clause(&self, published: &Published, id: &str) -> Result<crate::clause::Clause, AnswerError> {
        let missing = || AnswerError::UnknownClause { id: id.to_owned() };
        let id = ClauseId::new(id).map_err(|_| missing())?;
        let found = self.collection.store().find_clause(published.generation.number, &id)?;
        found.ok_or_else(missing)
    }
}
