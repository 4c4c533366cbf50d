//! A platform: its clauses by category and severity, its documents, and what only it says.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::thread;

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_versions};
use super::comparables::Source;
use super::error::Thing;
use super::params::Params;
use super::survey::{HeldDocumentView, PlatformSurvey};
use super::view::{ClauseView, Versions};
use super::{AnswerError, Desk};
use crate::clause::{ClauseId, Severity};
use crate::collection::Published;

/// How many clauses that only a platform has are named, at most.
const ONLY_HERE: usize = 20;

/// How many platforms' findings are kept.
const KEPT: usize = 1_000;

/// Clauses of a category by severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformCell {
    /// The category, or `untyped`.
    pub category: String,
    /// Its clauses.
    pub clauses: u64,
    /// Them by severity; all four, adding up to `clauses`.
    pub severity: BTreeMap<String, u64>,
}

/// Clauses of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformType {
    /// The clause type, or `untyped`.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// Its clauses, main or other.
    pub clauses: u64,
}

/// How far the search for what only a platform says has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnlyHereState {
    /// It is done.
    Ready,
    /// It is under way: ask again in a while.
    Computing,
}

/// What only a platform says: typed clauses that no other platform has a comparable of, at the default
/// floor, affiliates aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnlyHere {
    /// Whether it is known yet.
    pub state: OnlyHereState,
    /// How many such clauses there are; null while that is not known.
    #[schema(required)]
    pub total: Option<u64>,
    /// At most 20 of them: by severity, high first, then by id.
    pub clauses: Vec<ClauseView>,
}

/// What was found, or that it is being looked for.
#[derive(Debug, Clone)]
pub(super) enum OnlyHereFound {
    Computing,
    Ready(Arc<(u64, Vec<(ClauseId, u64)>)>),
}

/// A platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The versions in force.
    pub versions: Versions,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The company it belongs to.
    #[schema(required)]
    pub parent: Option<String>,
    /// Its domain.
    #[schema(required)]
    pub domain: Option<String>,
    /// Ids of the other platforms of that company.
    pub affiliates: Vec<String>,
    /// Its clauses.
    pub clauses: u64,
    /// Its clauses by severity; all four, adding up to `clauses`.
    pub severity: BTreeMap<String, u64>,
    /// Its clauses by category, in the taxonomy's order. A clause has several categories, so they do not
    /// add up.
    pub categories: Vec<PlatformCell>,
    /// Its clauses by type, those with most clauses first. Main and other types count.
    pub clause_types: Vec<PlatformType>,
    /// Its documents, by id.
    pub documents: Vec<HeldDocumentView>,
    /// What only this platform says.
    pub only_here: OnlyHere,
}

impl Desk {
    /// A platform. What only it says is looked for in the background, once a generation.
    ///
    /// # Errors
    /// [`AnswerError::UnknownThing`] for a platform without a live clause.
    pub fn read_platform(&self, id: &str, params: Params) -> Result<PlatformAnswer, AnswerError> {
        params.finish()?;
        let published = self.newest()?;
        let unknown =
            || AnswerError::unknown(Thing::Platform, id, published.platforms.keys().map(String::as_str));
        let counted = published.platforms.get(id).ok_or_else(unknown)?;
        let survey = self.survey(&published)?;
        let read = survey.platforms.get(id).ok_or_else(unknown)?;
        let platform = &counted.item;
        let others = published.platforms.values().map(|counted| &counted.item);
        Ok(PlatformAnswer {
            generation: published.generation.number,
            versions: view_versions(&published),
            id: platform.id.to_string(),
            name: platform.name.clone(),
            parent: platform.parent.clone(),
            domain: platform.domain.clone(),
            affiliates: others
                .filter(|other| other.is_affiliate_of(platform))
                .map(|other| other.id.to_string())
                .collect(),
            clauses: counted.clauses,
            severity: count_severities(|severity| read.severities.get(&severity).copied()),
            categories: self.list_cells(read),
            clause_types: self.list_types(read),
            documents: read.documents.values().map(|document| document.view.clone()).collect(),
            only_here: self.find_only_here(&published, id)?,
        })
    }

    fn list_cells(&self, read: &PlatformSurvey) -> Vec<PlatformCell> {
        let known = self.collection.taxonomy().file().category.iter().map(|entry| entry.id.as_str());
        known
            .chain([crate::taxonomy::UNTYPED])
            .filter_map(|category| {
                let severity =
                    count_severities(|severity| read.cells.get(&(category.to_owned(), severity)).copied());
                let clauses = severity.values().sum();
                (clauses > 0).then(|| PlatformCell { category: category.to_owned(), clauses, severity })
            })
            .collect()
    }

    fn list_types(&self, read: &PlatformSurvey) -> Vec<PlatformType> {
        let label = |id: &str| {
            let entry = self.collection.taxonomy().clause_type(id);
            entry.map_or_else(|| "Untyped".to_owned(), |entry| entry.label.clone())
        };
        let mut types: Vec<PlatformType> = read
            .types
            .iter()
            .map(|(id, &clauses)| PlatformType { id: id.clone(), label: label(id), clauses })
            .collect();
        types.sort_by(|one, two| two.clauses.cmp(&one.clauses).then_with(|| one.id.cmp(&two.id)));
        types
    }

    fn find_only_here(&self, published: &Arc<Published>, id: &str) -> Result<OnlyHere, AnswerError> {
        let key = (published.generation.number, id.to_owned());
        let found = {
            let mut held = self.surveys.only_here.lock().unwrap_or_else(PoisonError::into_inner);
            match held.get(&key) {
                Some(found) => found.clone(),
                None => {
                    // What older generations knew is not asked for any more.
                    held.retain(|(generation, _), _| *generation >= key.0);
                    if held.len() >= KEPT {
                        held.retain(|_, found| matches!(found, OnlyHereFound::Computing));
                    }
                    held.insert(key.clone(), OnlyHereFound::Computing);
                    let (desk, published) = (self.clone(), Arc::clone(published));
                    thread::spawn(move || desk.compute_only_here(published, key));
                    OnlyHereFound::Computing
                }
            }
        };
        let OnlyHereFound::Ready(ready) = found else {
            return Ok(OnlyHere { state: OnlyHereState::Computing, total: None, clauses: Vec::new() });
        };
        let clauses = self.collection.store().find_versions(published.generation.number, &ready.1)?;
        Ok(OnlyHere {
            state: OnlyHereState::Ready,
            total: Some(ready.0),
            clauses: clauses.iter().map(|clause| view_clause(clause, &self.collection)).collect(),
        })
    }

    /// Looks for it; a failure is forgotten, so that the next question begins anew.
    fn compute_only_here(&self, published: Arc<Published>, key: (u64, String)) {
        let found = self.search_only_here(&published, &key.1);
        let mut held = self.surveys.only_here.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(found) => {
                held.insert(key, OnlyHereFound::Ready(Arc::new(found)));
            }
            Err(error) => {
                tracing::warn!(platform = key.1, "what only a platform says is not known: {error}");
                held.remove(&key);
            }
        }
    }

    fn search_only_here(
        &self,
        published: &Arc<Published>,
        platform: &str,
    ) -> Result<(u64, Vec<(ClauseId, u64)>), AnswerError> {
        let survey = self.survey(published)?;
        let generation = published.generation.number;
        let documents = survey.platforms.get(platform).into_iter().flat_map(|read| read.documents.values());
        let mut found: Vec<(Severity, ClauseId, u64)> = Vec::new();
        // Questions to an engine in this process never wait: a runtime of this thread is enough.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|source| AnswerError::Background { source })?;
        for &place in documents.flat_map(|document| &document.places) {
            let batch = self.collection.store().live_clauses(generation, place.saturating_sub(1), 1)?;
            for (_, clause) in batch {
                if clause.clause_type().is_none() {
                    continue;
                }
                let params = Params::new([("limit".to_owned(), "1".to_owned())]);
                let source = Source::Clause(clause.id.as_str());
                let asked = self.find_comparables_in(Some(Arc::clone(published)), source, params);
                if runtime.block_on(asked)?.counts.platforms == 0 {
                    found.push((clause.severity(), clause.id, clause.version));
                }
            }
        }
        found.sort();
        let total = found.len() as u64;
        found.truncate(ONLY_HERE);
        Ok((total, found.into_iter().map(|(_, id, version)| (id, version)).collect()))
    }
}

/// A number for every severity, 0 where there is none.
pub(super) fn count_severities(count: impl Fn(Severity) -> Option<u64>) -> BTreeMap<String, u64> {
    let all = Severity::ALL.into_iter();
    all.map(|severity| (severity.as_str().to_owned(), count(severity).unwrap_or(0))).collect()
}
