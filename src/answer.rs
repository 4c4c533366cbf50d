//! Questions of people and programs, answered from a published generation.
//!
//! Parameters become a question to the engine; what it finds becomes cards, hits, counts and
//! facets. Nothing here knows HTTP or a terminal.

mod analysis;
mod cards;
mod changes;
mod citation;
mod clause_type;
mod comparables;
mod comparison;
mod contrast;
mod cursor;
mod diff;
mod document;
mod document_check;
mod error;
mod export;
mod field;
mod filter;
mod follow;
mod history;
mod listing;
mod order;
mod overview;
mod params;
mod platform;
mod query;
mod queue;
mod record;
mod row;
mod search;
mod source;
mod suggest;
mod survey;
mod view;
mod wordings;
mod written;

use std::sync::Arc;

pub use crate::contrast::Statement;
pub use crate::engine::Attribute;
pub use analysis::{Analysis, Names, PlainText, analyze_text};
pub use changes::{ChangeView, ChangesAnswer};
pub use citation::{Citation, CslDate, CslItem, CslName};
pub use clause_type::{
    Adoption, ClauseTypeAnswer, ClauseTypeDetail, PlatformStanding, Standing, StandingCounts, StandingGroup,
};
pub use comparables::Source;
pub use comparison::{ClauseComparison, ComparedClause};
pub use contrast::ContrastView;
pub use diff::{DiffAnswer, DiffPart, DiffSide, Op};
pub use document::{DocumentAnswer, DocumentClause, DocumentDetail};
pub use document_check::{CheckedClause, DocumentCheck, pick_clause};
pub use error::{AnswerError, Thing, tell_chain};
pub use filter::list_values;
pub use history::{HistoryAnswer, SpanView, Stability, WordingView};
pub use listing::{
    ClauseTypeList, ClauseTypeRow, CountedValues, PlatformList, PlatformRowView, StatsAnswer, StatsRow,
};
pub use overview::{OverviewAnswer, OverviewRow};
pub use params::{FILTERS, MAX_VALUES, Params};
pub use platform::{
    MissingType, OnlyHere, OnlyHereState, PlatformAnswer, PlatformCell, PlatformType, ShareView,
};
pub use query::{QueryField, QueryView, QueryWord};
pub use queue::{Limits, Queue, Turn};
pub use record::ClauseRecord;
pub use row::{MAX_ROWS, Row, RowReader, Rows};
pub use suggest::{MAX_SUGGEST_CHARACTERS, SuggestAnswer, Suggestion, SuggestionKind};
pub use survey::HeldDocumentView;
pub use view::{
    Card, ClauseView, ComparablesAnswer, Counts, DocumentView, EvidenceView, ExcerptView, ExplainView,
    FacetValue, FacetView, FeatureView, Hit, MatchView, More, NoMatch, NoMatchReason, OrderView,
    PlatformView, SameWordingView, SearchAnswer, SourceView, Versions,
};
pub use wordings::{TypeWording, TypeWordings};
pub use written::{Classified, WrittenRecord};

use self::filter::FilterSet;
use self::survey::Surveys;
use crate::clause::{Clause, ClauseId, Day};
use crate::collection::{Collection, Published, make_past_entries};
use crate::engine::{Answer, Condition, EngineError, Question};

/// Answers questions about a collection.
#[derive(Clone)]
pub struct Desk {
    collection: Arc<Collection>,
    surveys: Arc<Surveys>,
    queue: Arc<Queue>,
}

impl Desk {
    /// A desk over an open collection.
    #[must_use]
    pub fn new(collection: Arc<Collection>) -> Self {
        Self { collection, surveys: Arc::default(), queue: Arc::new(Queue::new(Limits::default())) }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { queue: Arc::new(Queue::new(limits)), ..self }
    }

    /// The queue of those who ask: whoever serves several at once takes a turn for each question.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
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

    /// Asks the engine: that of the past if a day of the past is asked about.
    async fn ask(
        &self,
        published: &Published,
        as_of: Option<Day>,
        question: &Question,
    ) -> Result<Answer, AnswerError> {
        if as_of.is_none() {
            return Ok(self.collection.engine().answer(question).await?);
        }
        match self.collection.past().answer(question).await {
            Err(EngineError::GenerationGone { .. }) => {
                self.collection.bring_past_to(&published.generation)?;
                Ok(self.collection.past().answer(question).await?)
            }
            answer => Ok(answer?),
        }
    }

    /// How many platforms have a clause: today, or on the day asked about.
    async fn count_tracked(&self, published: &Published, filters: &FilterSet) -> Result<u64, AnswerError> {
        if filters.as_of.is_none() {
            return Ok(published.platforms.len() as u64);
        }
        let everything = Question::counting(published.generation.number, filters.of_the_day());
        Ok(self.ask(published, filters.as_of, &everything).await?.platforms)
    }

    /// Makes sure that a clause stands in the newest generation.
    ///
    /// # Errors
    /// [`AnswerError`] if it never was, or is gone.
    pub fn check_clause(&self, id: &str) -> Result<ClauseId, AnswerError> {
        let published = self.newest()?;
        Ok(self.find_clause(&published, id)?.id)
    }

    /// The clause that stands.
    fn find_clause(&self, published: &Published, id: &str) -> Result<Clause, AnswerError> {
        let missing = || AnswerError::UnknownClause { id: id.to_owned() };
        let id = ClauseId::new(id).map_err(|_| missing())?;
        let generation = published.generation.number;
        match self.collection.store().find_clause(generation, &id)? {
            Some(clause) => Ok(clause),
            None => {
                let history = self.collection.store().find_history(generation, &id)?;
                Err(history.map_or_else(missing, |history| AnswerError::gone(&history)))
            }
        }
    }

    /// The wording that stood on a day; where none did, the one that stands.
    fn find_clause_of(
        &self,
        published: &Published,
        id: &str,
        as_of: Option<Day>,
    ) -> Result<Clause, AnswerError> {
        if let (Some(day), Ok(parsed)) = (as_of, ClauseId::new(id))
            && let Some(history) =
                self.collection.store().find_history(published.generation.number, &parsed)?
        {
            let stood = make_past_entries(&history, self.collection.knowledge())
                .into_iter()
                .find(|entry| entry.meets(&Condition::StoodOn(day)));
            if let Some(stood) = stood {
                let wordings = history.wordings.into_iter();
                if let Some(clause) = wordings.into_iter().find(|one| one.version == stood.version) {
                    return Ok(clause);
                }
            }
        }
        self.find_clause(published, id)
    }
}
