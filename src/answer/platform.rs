//! A platform: its clauses by category and severity, its documents, and what only it says.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::thread;

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_versions};
use super::clause_type::{Standing, judge};
use super::comparables::Source;
use super::error::Thing;
use super::params::Params;
use super::survey::{HeldDocumentView, PlatformSurvey, Survey};
use super::view::{ClauseView, Versions};
use super::{AnswerError, Desk};
use crate::clause::{ClauseId, Severity};
use crate::collection::Published;

/// How many clauses that only a platform has are named, at most.
const ONLY_HERE: usize = 20;

/// How many types that only others have are named, at most.
const MISSING: usize = 50;

/// How many platforms' findings are kept.
const KEPT: usize = 1_000;

/// What part of the clauses something is, here and elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ShareView {
    /// Of this platform's clauses, 0 to 1 in thousandths.
    pub here: f64,
    /// Of the clauses of all other platforms taken together; null where there are none.
    #[schema(required)]
    pub elsewhere: Option<f64>,
}

/// Clauses of a category by severity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlatformCell {
    /// The category, or `untyped`.
    pub category: String,
    /// Its clauses.
    pub clauses: u64,
    /// Them by severity; all four, adding up to `clauses`.
    pub severity: BTreeMap<String, u64>,
    /// What part of all clauses they are.
    pub share: ShareView,
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

/// A clause type that most others have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingType {
    /// The clause type.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// Other platforms that have one.
    pub platforms: u64,
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
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
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
    /// What part of its clauses each severity is.
    pub severity_shares: BTreeMap<String, ShareView>,
    /// Its clauses by category, in the taxonomy's order. A clause has several categories, so they do not
    /// add up.
    pub categories: Vec<PlatformCell>,
    /// Its clauses by type, those with most clauses first. Main and other types count.
    pub clause_types: Vec<PlatformType>,
    /// Clause types that more than half of the other platforms have and of which none was found in the
    /// documents that are held of this one: those that most have first. At most 50.
    pub none_found: Vec<MissingType>,
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
            severity_shares: share_severities(&survey, read),
            categories: self.list_cells(&survey, read),
            clause_types: self.list_types(read),
            none_found: self.list_missing(&survey, read),
            documents: read.documents.values().map(|document| document.view.clone()).collect(),
            only_here: self.find_only_here(&published, id)?,
        })
    }

    fn list_cells(&self, survey: &Survey, read: &PlatformSurvey) -> Vec<PlatformCell> {
        let (here, all) = (sum(&read.severities), sum(&survey.totals.severities));
        self.list_categories()
            .filter_map(|category| {
                let count = |cells: &BTreeMap<(String, Severity), u64>| {
                    count_severities(|severity| cells.get(&(category.to_owned(), severity)).copied())
                };
                let severity = count(&read.cells);
                let clauses = severity.values().sum();
                let everywhere: u64 = count(&survey.totals.cells).values().sum();
                (clauses > 0).then(|| PlatformCell {
                    category: category.to_owned(),
                    clauses,
                    severity,
                    share: ShareView::of_counts((clauses, here), (everywhere, all)),
                })
            })
            .collect()
    }

    /// Categories in the taxonomy's order, and `untyped` last.
    pub(super) fn list_categories(&self) -> impl Iterator<Item = &str> {
        let known = self.collection.taxonomy().file().category.iter().map(|entry| entry.id.as_str());
        known.chain([crate::taxonomy::UNTYPED])
    }

    fn list_missing(&self, survey: &Survey, read: &PlatformSurvey) -> Vec<MissingType> {
        let others = survey.platforms.len().saturating_sub(1) as u64;
        let known = self.collection.taxonomy().file().clause_type.iter();
        let mut missing: Vec<MissingType> = known
            .filter(|entry| !read.types.contains_key(&entry.id))
            .filter_map(|entry| {
                let platforms = survey.totals.found.get(&entry.id).copied().unwrap_or(0);
                let is_usual = platforms * 2 > others;
                (is_usual && judge(read, entry).0 == Standing::NoneFound).then(|| MissingType {
                    id: entry.id.clone(),
                    label: entry.label.clone(),
                    platforms,
                })
            })
            .collect();
        missing.sort_by(|one, two| two.platforms.cmp(&one.platforms).then_with(|| one.id.cmp(&two.id)));
        missing.truncate(MISSING);
        missing
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

impl ShareView {
    /// Of a count over a whole here, and over all platforms.
    fn of_counts((part, whole): (u64, u64), (all_parts, all): (u64, u64)) -> Self {
        Self {
            here: share_of(part, whole).unwrap_or(0.0),
            elsewhere: share_of(all_parts.saturating_sub(part), all.saturating_sub(whole)),
        }
    }
}

/// A part of a whole in thousandths, rounded half up; none of nothing.
pub(super) fn share_of(part: u64, whole: u64) -> Option<f64> {
    let thousandths = (part * 1_000 + whole / 2).checked_div(whole)?;
    Some(f64::from(u32::try_from(thousandths).unwrap_or(1_000)) / 1_000.0)
}

fn sum(counts: &BTreeMap<Severity, u64>) -> u64 {
    counts.values().sum()
}

fn share_severities(survey: &Survey, read: &PlatformSurvey) -> BTreeMap<String, ShareView> {
    let totals = &survey.totals.severities;
    let count = |counts: &BTreeMap<Severity, u64>, severity| counts.get(&severity).copied().unwrap_or(0);
    Severity::ALL
        .into_iter()
        .map(|severity| {
            let here = (count(&read.severities, severity), sum(&read.severities));
            let all = (count(totals, severity), sum(totals));
            (severity.as_str().to_owned(), ShareView::of_counts(here, all))
        })
        .collect()
}

/// A number for every severity, 0 where there is none.
pub(super) fn count_severities(count: impl Fn(Severity) -> Option<u64>) -> BTreeMap<String, u64> {
    let all = Severity::ALL.into_iter();
    all.map(|severity| (severity.as_str().to_owned(), count(severity).unwrap_or(0))).collect()
}
