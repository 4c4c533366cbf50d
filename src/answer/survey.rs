//! What platforms hold and say: documents with their dates, and how many clauses there are of each type,
//! category and severity. Read once, without texts; of a generation after that only the platforms are read
//! of which something changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use super::platform::OnlyHereFound;
use super::suggest::fold_text;
use super::wordings::WordingsHeld;
use super::{AnswerError, Desk};
use crate::clause::{Clause, Severity, take_later};
use crate::collection::{Published, Vantage};
use crate::store::{Generation, StoreError};
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
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DocumentSurvey {
    pub(super) view: HeldDocumentView,
    pub(super) languages: BTreeSet<String>,
    /// Where each of its clauses stands in the store, in their order.
    pub(super) places: Vec<u64>,
    pub(super) severities: BTreeMap<Severity, u64>,
    pub(super) types: BTreeMap<String, u64>,
}

/// A platform, read.
#[derive(Debug, Default, PartialEq)]
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
    /// Clauses of each title.
    titles: BTreeMap<String, u64>,
}

/// A title of clauses.
#[derive(Debug, PartialEq)]
pub(super) struct TitleSurvey {
    pub(super) title: String,
    pub(super) folded: String,
    pub(super) clauses: u64,
}

/// Counts over all platforms.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Totals {
    /// Clauses by category and severity; a clause counts in each of its categories.
    pub(super) cells: BTreeMap<(String, Severity), u64>,
    pub(super) severities: BTreeMap<Severity, u64>,
    /// Platforms with a clause of each type, main or other.
    pub(super) found: BTreeMap<String, u64>,
}

/// A generation, read.
#[derive(Debug)]
pub(super) struct Survey {
    generation: Generation,
    pub(super) platforms: BTreeMap<String, Arc<PlatformSurvey>>,
    /// What is counted of a platform, over all of them.
    pub(super) totals: Totals,
    /// Made when they are first asked for.
    titles: OnceLock<Vec<TitleSurvey>>,
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
        if let Some(survey) = newest.as_ref().filter(|survey| survey.generation.number == number) {
            return Ok(Arc::clone(survey));
        }
        let before = newest.as_ref().filter(|held| held.generation.number < number);
        let survey = Arc::new(match before {
            Some(before) => self.renew_survey(before, published)?,
            None => self.read_survey(published)?,
        });
        // A page of an older generation does not push the newest out.
        if newest.as_ref().is_none_or(|held| held.generation.number < number) {
            *newest = Some(Arc::clone(&survey));
        }
        Ok(survey)
    }

    /// Makes ready what the first question for a survey or a suggestion would wait for.
    ///
    /// # Errors
    /// [`AnswerError`] if the store cannot be read.
    pub(super) fn prepare_survey(&self, published: &Published) -> Result<(), AnswerError> {
        self.survey(published)?.titles();
        Ok(())
    }

    /// Reads all clauses.
    fn read_survey(&self, published: &Published) -> Result<Survey, StoreError> {
        let mut platforms: BTreeMap<String, PlatformSurvey> = BTreeMap::new();
        let mut after = 0;
        loop {
            let batch = self.collection.store().bare_clauses(published.generation.number, after, BATCH)?;
            let Some((last, _)) = batch.last() else { break };
            after = *last;
            for (place, clause) in batch {
                let platform = platforms.entry(clause.platform.id.to_string()).or_default();
                platform.take(place, &clause, self.collection.taxonomy());
            }
        }
        let platforms = platforms.into_iter().map(|(id, mut platform)| {
            platform.finish();
            (id, Arc::new(platform))
        });
        Ok(Survey::of_platforms(published, platforms.collect()))
    }

    /// Reads the clauses of those platforms of which something changed since another survey.
    fn renew_survey(&self, before: &Survey, published: &Published) -> Result<Survey, StoreError> {
        let store = self.collection.store();
        let changed = store.changed_platforms(&before.generation, &published.generation)?;
        let clauses_of = |id: &str| published.platforms.get(id).map_or(0, |counted| counted.clauses);
        let clauses: u64 = changed.iter().map(|id| clauses_of(id.as_str())).sum();
        if clauses * 2 > published.generation.live {
            return self.read_survey(published);
        }
        let mut platforms = before.platforms.clone();
        for id in &changed {
            platforms.remove(id.as_str());
            let mut platform = PlatformSurvey::default();
            let all = published.documents.values().map(|counted| &counted.item);
            for held in all.filter(|held| held.platform == *id) {
                let number = published.generation.number;
                for (place, clause) in store.bare_clauses_of_document(number, &held.document.id)? {
                    platform.take(place, &clause, self.collection.taxonomy());
                }
            }
            if !platform.documents.is_empty() {
                platform.finish();
                platforms.insert(id.to_string(), Arc::new(platform));
            }
        }
        Ok(Survey::of_platforms(published, platforms))
    }
}

impl Survey {
    fn of_platforms(published: &Published, platforms: BTreeMap<String, Arc<PlatformSurvey>>) -> Self {
        Self {
            generation: published.generation.clone(),
            totals: Totals::of_platforms(platforms.values().map(|platform| &**platform)),
            platforms,
            titles: OnceLock::new(),
        }
    }

    /// Titles, the commonest first, then by bytes.
    pub(super) fn titles(&self) -> &[TitleSurvey] {
        self.titles.get_or_init(|| {
            let mut titles: HashMap<&str, u64> = HashMap::new();
            for (title, clauses) in self.platforms.values().flat_map(|platform| &platform.titles) {
                *titles.entry(title).or_insert(0) += clauses;
            }
            let mut titles: Vec<(&str, u64)> = titles.into_iter().collect();
            titles.sort_unstable_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(two.0)));
            titles.truncate(TITLES);
            let view = |(title, clauses): (&str, u64)| TitleSurvey {
                folded: fold_text(title),
                title: title.to_owned(),
                clauses,
            };
            titles.into_iter().map(view).collect()
        })
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
        if let Some(title) = &clause.given.title {
            match self.titles.get_mut(title) {
                Some(clauses) => *clauses += 1,
                None => drop(self.titles.insert(title.clone(), 1)),
            }
        }
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

    /// What is known when all clauses are read, which may be in any order.
    fn finish(&mut self) {
        for document in self.documents.values_mut() {
            document.view.languages = document.languages.iter().cloned().collect();
            document.view.clauses = document.places.len() as u64;
        }
        self.main_types.values_mut().for_each(|places| places.sort_unstable());
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::clause::ClauseId;
    use crate::collection::{Collection, CollectionError, EngineChoice, Knowledge};
    use crate::ingest::{IngestUnit, RecordChecker};

    fn open(directory: &Path) -> Desk {
        let knowledge = Knowledge::bundled().expect("the definitions");
        let collection = Collection::open(directory, EngineChoice::Naive, knowledge, true);
        Desk::new(Arc::new(collection.expect("a collection")))
    }

    fn write(desk: &Desk, work: impl FnOnce(&mut IngestUnit<'_>) -> Result<(), CollectionError>) {
        desk.collection.write(work).expect("written");
    }

    fn put(desk: &Desk, unit: &mut IngestUnit<'_>, platform: usize, number: usize, title: &str) {
        let checker = RecordChecker::new(desk.collection.taxonomy()).expect("a checker");
        let document = number % 2;
        let record = json!({
            "id": format!("p{platform}.{number}"),
            "platform": {"id": format!("p{platform}"), "name": format!("Platform {platform}")},
            "document": {"id": format!("p{platform}.d{document}"), "title": format!("Terms {document}")},
            "title": title,
            "text": "Every dispute is settled by binding arbitration.",
            "severity": if number.is_multiple_of(3) { "high" } else { "low" },
            "clause_type": if number.is_multiple_of(4) { "binding-arbitration" } else { "class-action-waiver" },
        });
        let record = checker.check(record).expect("a record");
        unit.put(record).expect("a store").expect("accepted");
    }

    #[test]
    fn a_survey_that_is_renewed_is_as_if_it_were_read() {
        let folder = tempfile::tempdir().expect("a directory");
        let desk = open(folder.path());
        write(&desk, |unit| {
            for number in 0..60 {
                put(&desk, unit, number % 6, number, "Disputes");
            }
            Ok(())
        });
        let check = |renewed: usize| {
            let published = desk.newest().expect("published");
            let before = desk.surveys.newest.lock().expect("a lock").clone();
            let survey = desk.survey(&published).expect("a survey");
            let whole = desk.read_survey(&published).expect("a survey");
            assert_eq!(survey.platforms, whole.platforms);
            assert_eq!(survey.totals, whole.totals);
            assert_eq!(survey.titles(), whole.titles());
            let kept = before.map_or(0, |before| {
                let same = |(id, platform): (&String, &Arc<PlatformSurvey>)| {
                    before.platforms.get(id).is_some_and(|held| Arc::ptr_eq(held, platform))
                };
                survey.platforms.iter().filter(|one| same(*one)).count()
            });
            assert_eq!(survey.platforms.len() - kept, renewed, "platforms that were read");
        };
        check(6);
        // New clauses, another title, a platform that is new, one of which a document is named anew.
        write(&desk, |unit| {
            put(&desk, unit, 0, 100, "Courts");
            put(&desk, unit, 6, 101, "Courts");
            put(&desk, unit, 1, 1, "Judges");
            Ok(())
        });
        check(3);
        // What is gone takes its platform along.
        write(&desk, |unit| {
            for id in ["p6.101", "p2.2"] {
                unit.remove(&ClauseId::new(id).expect("an id"))?;
            }
            Ok(())
        });
        check(1);
        // Most of it: then all is read.
        write(&desk, |unit| {
            for platform in 0..4 {
                put(&desk, unit, platform, 200, "Appeals");
            }
            Ok(())
        });
        check(6);
    }
}
