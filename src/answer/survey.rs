//! What platforms hold and say, read once a generation: documents with their dates, and how many
//! clauses there are of each type, category and severity.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use super::platform::OnlyHereFound;
use super::suggest::fold_text;
use super::wordings::WordingsHeld;
use super::{AnswerError, Desk};
use crate::clause::{Clause, Severity, take_later};
use crate::collection::{Published, Vantage};
use crate::store::StoreError;
use crate::taxonomy::Taxonomy;
use crate::text::language::primary_language;

/// How many clauses are read at a time.
const BATCH: usize = 2_000;

/// How many different titles are kept for suggestions, the commonest.
const TITLES: usize = 100_000;

/// A document as it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldDocumentView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its document type.
    #[serde(rename = "type")]
    #[schema(required)]
    pub document_type: Option<String>,
    /// When the platform last updated it, as it says.
    #[schema(required)]
    pub updated_on: Option<String>,
    /// When the newest copy of one of its clauses was taken, RFC 3339; null if nobody says.
    #[schema(required)]
    pub captured_at: Option<String>,
    /// The languages of its clauses, without regions.
    pub languages: Vec<String>,
    /// Its live clauses.
    pub clauses: u64,
}

/// A document, read.
#[derive(Debug, Clone)]
pub(super) struct DocumentSurvey {
    pub(super) view: HeldDocumentView,
    pub(super) languages: BTreeSet<String>,
    /// Where each of its clauses stands in the store, in their order.
    pub(super) places: Vec<u64>,
    pub(super) severities: BTreeMap<Severity, u64>,
    pub(super) types: BTreeMap<String, u64>,
}

/// A platform, read.
#[derive(Debug, Default)]
pub(super) struct PlatformSurvey {
    pub(super) documents: BTreeMap<String, DocumentSurvey>,
    /// Clauses by category and severity; a clause counts in each of its categories.
    pub(super) cells: BTreeMap<(String, Severity), u64>,
    pub(super) severities: BTreeMap<Severity, u64>,
    /// Clauses of each type, main or other.
    pub(super) types: BTreeMap<String, u64>,
    /// Where the clauses of each main type stand in the store, in their order.
    pub(super) main_types: BTreeMap<String, Vec<u64>>,
    /// Types that untyped clauses may be of.
    pub(super) unsure: BTreeSet<String>,
}

/// A title of clauses.
#[derive(Debug)]
pub(super) struct TitleSurvey {
    pub(super) title: String,
    pub(super) folded: String,
    pub(super) clauses: u64,
}

/// Counts over all platforms.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Clauses by category and severity; a clause counts in each of its categories.
    pub(super) cells: BTreeMap<(String, Severity), u64>,
    pub(super) severities: BTreeMap<Severity, u64>,
    /// Platforms with a clause of each type, main or other.
    pub(super) found: BTreeMap<String, u64>,
}

/// A generation, read.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) generation: u64,
    pub(super) platforms: BTreeMap<String, PlatformSurvey>,
    /// What is counted of a platform, over all of them.
    pub(super) totals: Totals,
    /// Titles, the commonest first, then by bytes.
    pub(super) titles: Vec<TitleSurvey>,
}

/// The newest survey, and what is being looked for in the background.
#[derive(Debug, Default)]
pub(super) struct Surveys {
    newest: Mutex<Option<Arc<Survey>>>,
    pub(super) only_here: Mutex<HashMap<(u64, String), OnlyHereFound>>,
    pub(super) wordings: Mutex<HashMap<(u64, String), WordingsHeld>>,
}

impl Desk {
    /// The survey of a generation. Whoever asks first waits until it is read; others wait with them.
    ///
    /// # Errors
    /// [`AnswerError`] if the store cannot be read.
    pub(super) fn survey(&self, published: &Published) -> Result<Arc<Survey>, AnswerError> {
        let mut newest = self.surveys.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let number = published.generation.number;
        if let Some(survey) = newest.as_ref().filter(|survey| survey.generation == number) {
            return Ok(Arc::clone(survey));
        }
        let survey = Arc::new(self.read_survey(number)?);
        // A page of an older generation does not push the newest out.
        if newest.as_ref().is_none_or(|held| held.generation < number) {
            *newest = Some(Arc::clone(&survey));
        }
        Ok(survey)
    }

    fn read_survey(&self, generation: u64) -> Result<Survey, StoreError> {
        let mut survey = Survey { generation, ..Survey::default() };
        let mut titles: HashMap<String, u64> = HashMap::new();
        let mut after = 0;
        loop {
            let batch = self.collection.store().live_clauses(generation, after, BATCH)?;
            let Some((last, _)) = batch.last() else { break };
            after = *last;
            for (place, clause) in batch {
                if let Some(title) = &clause.given.title {
                    *titles.entry(title.clone()).or_insert(0) += 1;
                }
                let platform = survey.platforms.entry(clause.platform.id.to_string()).or_default();
                platform.take(place, &clause, self.collection.taxonomy());
            }
        }
        for document in survey.platforms.values_mut().flat_map(|platform| platform.documents.values_mut()) {
            document.view.languages = document.languages.iter().cloned().collect();
            document.view.clauses = document.places.len() as u64;
        }
        survey.totals = Totals::of_platforms(survey.platforms.values());
        let mut titles: Vec<(String, u64)> = titles.into_iter().collect();
        titles.sort_unstable_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
        titles.truncate(TITLES);
        survey.titles = titles
            .into_iter()
            .map(|(title, clauses)| TitleSurvey { folded: fold_text(&title), title, clauses })
            .collect();
        Ok(survey)
    }
}

impl Totals {
    fn of_platforms<'a>(platforms: impl Iterator<Item = &'a PlatformSurvey>) -> Self {
        let mut totals = Self::default();
        for platform in platforms {
            for (cell, clauses) in &platform.cells {
                *totals.cells.entry(cell.clone()).or_insert(0) += clauses;
            }
            for (severity, clauses) in &platform.severities {
                *totals.severities.entry(*severity).or_insert(0) += clauses;
            }
            for id in platform.types.keys() {
                *totals.found.entry(id.clone()).or_insert(0) += 1;
            }
        }
        totals
    }
}

impl PlatformSurvey {
    fn take(&mut self, place: u64, clause: &Clause, taxonomy: &Taxonomy) {
        let vantage = Vantage::of_clause(clause, taxonomy);
        let severity = clause.severity();
        for category in vantage.categories {
            *self.cells.entry((category, severity)).or_insert(0) += 1;
        }
        *self.severities.entry(severity).or_insert(0) += 1;
        if clause.clause_type().is_none() {
            self.unsure.extend(clause.inferred.unsure.clone());
        }
        let document = &clause.document;
        let held = self.documents.entry(document.id.to_string()).or_insert_with(|| DocumentSurvey {
            view: HeldDocumentView {
                id: document.id.to_string(),
                title: document.title.clone(),
                document_type: document.document_type.clone(),
                updated_on: document.updated_on.clone(),
                captured_at: None,
                languages: Vec::new(),
                clauses: 0,
            },
            languages: BTreeSet::new(),
            places: Vec::new(),
            severities: BTreeMap::new(),
            types: BTreeMap::new(),
        });
        held.languages.insert(primary_language(&clause.language().to_ascii_lowercase()));
        let captured = clause.given.evidence.captured_at.as_deref();
        held.view.captured_at = take_later(held.view.captured_at.take(), captured);
        held.places.push(place);
        *held.severities.entry(severity).or_insert(0) += 1;
        if let Some(id) = clause.clause_type() {
            self.main_types.entry(id.to_owned()).or_default().push(place);
        }
        for id in vantage.clause_types {
            *held.types.entry(id.clone()).or_insert(0) += 1;
            *self.types.entry(id).or_insert(0) += 1;
        }
    }
}
