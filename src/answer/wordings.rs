//! How a clause type is mostly worded, and how else: clauses nearest to and farthest from the mean of
//! their vectors. Whole numbers, so that the same generation always names the same clauses.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence};
use super::source::view_platform;
use super::view::{ClauseView, EvidenceView, ExcerptView, PlatformView};
use super::{AnswerError, Desk};
use crate::clause::{Clause, ClauseId};
use crate::collection::{Published, Vantage, read_clause};
use crate::text::excerpt::cut_excerpt;
use crate::text::mask::Mask;
use crate::text::term::analyze;
use crate::vector::Vector;

/// How many clauses of a type are read, at most; of each platform as many as of any other.
const READ: usize = 5_000;

/// The least length of a text that is compared, in words: what is shorter is hardly a wording.
const LEAST_WORDS: usize = 25;

/// The least confidence of an inferred type, in percent; a type that somebody gave has 100.
const LEAST_CONFIDENCE: u8 = 60;

/// The same of a clause that is called unusual: the farthest from the mean are not to be those that are
/// wrongly typed.
const SURE: u8 = 85;

/// How many unusual wordings are named, at most.
const UNUSUAL: usize = 3;

/// Of how many platforms there must be clauses before any is called unusual: of fewer, none is usual.
const LEAST_PLATFORMS: usize = 4;

/// How many types' findings are kept.
const KEPT: usize = 1_000;

/// Units of a number of a platform's mean.
const UNIT: i64 = 1_024;

/// A clause as an example of how a type is worded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypeWording {
    /// The clause.
    pub clause: ClauseView,
    /// Its platform.
    pub platform: PlatformView,
    /// What is shown of it.
    pub excerpt: ExcerptView,
    /// Where it was found.
    pub evidence: EvidenceView,
    /// How near its vector is to the mean, in 65,536ths.
    pub closeness_to_mean: u32,
}

/// How a clause type is worded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypeWordings {
    /// How many clauses were compared: those whose main type this is, given or inferred
    /// with a confidence of 60 or more, of at least 25 words, and with a vector.
    pub clauses: u64,
    /// Their platforms, each of which counts the same in the mean.
    pub platforms: u64,
    /// The clause nearest to the mean; null where none was compared.
    #[schema(required)]
    pub typical: Option<TypeWording>,
    /// The clauses farthest from the mean whose type was given or inferred with a confidence of 85 or more,
    /// the farthest first: of platforms other than the typical
    /// clause's, one a platform, at most three. Empty where fewer than four platforms were compared.
    pub unusual: Vec<TypeWording>,
}

/// What was found, once somebody looked; whoever asks meanwhile waits.
pub(super) type WordingsHeld = Arc<Mutex<Option<Arc<WordingsFound>>>>;

/// Which clauses are examples.
#[derive(Debug, Default)]
pub(super) struct WordingsFound {
    clauses: u64,
    platforms: u64,
    /// The typical one first, with their closeness.
    examples: Vec<(ClauseId, u64, u32)>,
}

/// A clause that is compared.
struct Compared {
    id: ClauseId,
    version: u64,
    vector: Vector,
    /// Whether its type is as good as certain.
    sure: bool,
}

impl Desk {
    /// How a type is worded: looked for once a generation.
    pub(super) fn find_wordings(
        &self,
        published: &Published,
        clause_type: &str,
    ) -> Result<TypeWordings, AnswerError> {
        let found = self.hold_wordings(published, clause_type)?;
        let keys: Vec<_> = found.examples.iter().map(|(id, version, _)| (id.clone(), *version)).collect();
        let clauses = self.collection.store().find_versions(published.generation.number, &keys)?;
        let mut shown = found.examples.iter().filter_map(|(id, _, closeness)| {
            let clause = clauses.iter().find(|clause| clause.id == *id)?;
            Some(self.show_wording(clause, clause_type, *closeness))
        });
        Ok(TypeWordings {
            clauses: found.clauses,
            platforms: found.platforms,
            typical: shown.next(),
            unusual: shown.collect(),
        })
    }

    fn hold_wordings(
        &self,
        published: &Published,
        clause_type: &str,
    ) -> Result<Arc<WordingsFound>, AnswerError> {
        let key = (published.generation.number, clause_type.to_owned());
        let held = {
            let mut all = self.surveys.wordings.lock().unwrap_or_else(PoisonError::into_inner);
            if !all.contains_key(&key) {
                // What older generations knew is hardly asked for any more.
                all.retain(|(generation, _), _| *generation >= key.0);
                if all.len() >= KEPT {
                    all.clear();
                }
            }
            Arc::clone(all.entry(key).or_default())
        };
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held.as_ref() {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(compare(&self.read_vectors(published, clause_type)?));
        *held = Some(Arc::clone(&found));
        Ok(found)
    }

    /// The clauses that are compared, by platform.
    fn read_vectors(
        &self,
        published: &Published,
        clause_type: &str,
    ) -> Result<BTreeMap<String, Vec<Compared>>, AnswerError> {
        let survey = self.survey(published)?;
        let typed = |platform: &str| survey.platforms.get(platform)?.main_types.get(clause_type);
        let platforms: Vec<&str> =
            survey.platforms.keys().map(String::as_str).filter(|id| typed(id).is_some()).take(READ).collect();
        let each = (READ / platforms.len().max(1)).max(1);
        let generation = published.generation.number;
        let mut read: BTreeMap<String, Vec<Compared>> = BTreeMap::new();
        for platform in platforms {
            for place in typed(platform).into_iter().flatten().take(each) {
                let found = self.collection.store().live_clauses(generation, place.saturating_sub(1), 1)?;
                let compared = found.into_iter().filter_map(|(_, clause)| self.read_vector(&clause));
                read.entry(platform.to_owned()).or_default().extend(compared);
            }
        }
        read.retain(|_, compared| !compared.is_empty());
        Ok(read)
    }

    fn read_vector(&self, clause: &Clause) -> Option<Compared> {
        if clause.text.split_whitespace().count() < LEAST_WORDS {
            return None;
        }
        let vantage = Vantage::of_clause(clause, self.collection.taxonomy());
        let mask = Mask::of_platform(&clause.platform);
        let (_, profile) = read_clause(clause, &vantage, &mask, self.collection.knowledge());
        let vector = profile.vector.filter(|_| profile.confidence >= LEAST_CONFIDENCE)?;
        let sure = profile.confidence >= SURE;
        Some(Compared { id: clause.id.clone(), version: clause.version, vector, sure })
    }

    fn show_wording(&self, clause: &Clause, clause_type: &str, closeness: u32) -> TypeWording {
        let tokens = analyze(&clause.text, clause.language(), &Mask::default());
        let cues = list_cues(clause, clause_type);
        let excerpt = cut_excerpt(&clause.text, &tokens, |term| u32::from(cues.contains(term)), |_| false);
        TypeWording {
            clause: view_clause(clause, &self.collection),
            platform: view_platform(&clause.platform),
            // Nothing was asked for, so nothing is marked.
            excerpt: ExcerptView { text: excerpt.text, highlights: Vec::new(), truncated: excerpt.truncated },
            evidence: view_evidence(clause),
            closeness_to_mean: closeness,
        }
    }
}

/// The terms in the cues by which the type was inferred: what is shown of a clause is to hold them.
fn list_cues(clause: &Clause, clause_type: &str) -> HashSet<String> {
    let named =
        clause.inferred.matched.iter().filter_map(|line| line.strip_prefix(clause_type)?.strip_prefix(": "));
    named
        .filter(|cue| !cue.starts_with("learned words"))
        .flat_map(|cue| analyze(cue, clause.language(), &Mask::default()))
        .filter_map(|token| token.term)
        .collect()
}

/// The clause nearest to the mean, and the farthest ones; ties by bytes of their ids.
fn compare(read: &BTreeMap<String, Vec<Compared>>) -> WordingsFound {
    let Some(mean) = find_mean(read) else { return WordingsFound::default() };
    let mut near: Vec<(u32, &str, &Compared)> = Vec::new();
    for (platform, compared) in read {
        near.extend(compared.iter().map(|one| (mean.closeness_to(&one.vector), platform.as_str(), one)));
    }
    near.sort_by(|one, two| two.0.cmp(&one.0).then_with(|| one.2.id.cmp(&two.2.id)));
    let mut seen: HashSet<&str> = HashSet::new();
    let mut examples = Vec::new();
    if let Some(typical) = near.first() {
        seen.insert(typical.1);
        examples.push((typical.2.id.clone(), typical.2.version, typical.0));
    }
    near.sort_by(|one, two| one.0.cmp(&two.0).then_with(|| one.2.id.cmp(&two.2.id)));
    for (closeness, platform, one) in &near {
        if examples.len() > UNUSUAL || read.len() < LEAST_PLATFORMS {
            break;
        }
        if one.sure && seen.insert(platform) {
            examples.push((one.id.clone(), one.version, *closeness));
        }
    }
    WordingsFound { clauses: near.len() as u64, platforms: read.len() as u64, examples }
}

/// The mean of the platforms' means, scaled to the length of a vector.
fn find_mean(read: &BTreeMap<String, Vec<Compared>>) -> Option<Vector> {
    let mut sum: Vec<i64> = Vec::new();
    for compared in read.values() {
        let mut own: Vec<i64> = Vec::new();
        for one in compared {
            add(&mut own, one.vector.numbers().iter().map(|&number| i64::from(number)));
        }
        let count = i64::try_from(compared.len()).unwrap_or(i64::MAX).max(1);
        add(&mut sum, own.iter().map(|number| number * UNIT / count));
    }
    let bound =
        |number: &i64| i32::try_from(*number).unwrap_or(if *number < 0 { i32::MIN } else { i32::MAX });
    Vector::of_sum(&sum.iter().map(bound).collect::<Vec<_>>())
}

fn add(sum: &mut Vec<i64>, numbers: impl ExactSizeIterator<Item = i64>) {
    sum.resize(sum.len().max(numbers.len()), 0);
    for (total, number) in sum.iter_mut().zip(numbers) {
        *total += number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clauses by platform, id and direction in a plane.
    fn check(clauses: &[(&str, &str, [i32; 2])], expected: &[&str]) {
        let mut read: BTreeMap<String, Vec<Compared>> = BTreeMap::new();
        for (platform, id, direction) in clauses {
            read.entry((*platform).to_owned()).or_default().push(Compared {
                id: ClauseId::new(*id).expect("an id"),
                version: 1,
                vector: Vector::of_sum(&[[direction[0]; 4], [direction[1]; 4]].concat())
                    .expect("a direction"),
                sure: !id.ends_with('~'),
            });
        }
        let found = compare(&read);
        let named: Vec<&str> = found.examples.iter().map(|(id, _, _)| id.as_str()).collect();
        assert_eq!(named, expected, "{clauses:?}");
        assert_eq!((found.clauses, found.platforms), (clauses.len() as u64, read.len() as u64));
    }

    #[test]
    fn the_nearest_is_typical_and_the_farthest_are_unusual() {
        check(&[], &[]);
        check(&[("a", "a1", [1, 0])], &["a1"]);
        check(&[("a", "a1", [9, 1]), ("b", "b1", [9, 2]), ("c", "c1", [9, 3])], &["b1"]);
        check(
            &[("a", "a1", [9, 1]), ("b", "b1", [9, 2]), ("c", "c1", [9, 3]), ("d", "d1", [0, 1])],
            &["c1", "d1", "a1", "b1"],
        );
        // One a platform, none of the typical one's, and no more than three.
        let mut clauses = vec![("a", "a1", [9, 4]), ("a", "a2", [-9, 1])];
        clauses.extend([("b", "b1", [9, 0]), ("b", "b2", [9, 1]), ("c", "c1", [9, 8]), ("c", "c2", [0, 9])]);
        clauses.extend([("d", "d1", [9, 3]), ("e", "e1", [0, 9]), ("f", "f1", [9, 6])]);
        check(&clauses, &["c1", "a2", "e1", "b1"]);
        // What may be of another type is usual at most.
        check(
            &[("a", "a1", [9, 1]), ("b", "b1", [9, 2]), ("c", "c1", [9, 3]), ("d", "d1~", [0, 1])],
            &["c1", "a1", "b1"],
        );
        // Ties go by id.
        check(
            &[("a", "a1", [1, 1]), ("b", "b1", [1, 1]), ("c", "c1", [1, 1]), ("d", "d1", [1, 1])],
            &["a1", "b1", "c1", "d1"],
        );
    }

    #[test]
    fn each_platform_counts_the_same() {
        let mut clauses = vec![("b", "b1", [0, 1]), ("c", "c1", [0, 1]), ("d", "d1", [0, 1])];
        let many: Vec<String> = (0..40).map(|number| format!("a{number:02}")).collect();
        clauses.extend(many.iter().map(|id| ("a", id.as_str(), [1, 0])));
        check(&clauses, &["b1", "a00", "c1", "d1"]);
    }
}
