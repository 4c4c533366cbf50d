//! Clauses of a new version of a document, aligned with those held of an earlier one.

use std::collections::{HashMap, HashSet};

use crate::clause::ClauseId;
use crate::store::HeldClause;
use crate::text::fold::fold_word;
use crate::text::split::SplitClause;
use unicode_segmentation::UnicodeSegmentation;

/// The least share of words in common (of those of both) for a text to be a new wording.
const LEAST_COMMON: f64 = 0.3;

/// Under the same heading half of that is enough.
const LEAST_COMMON_UNDER_HEADING: f64 = 0.15;

/// How far from its neighbours a clause is looked for, in clauses: a document that was written
/// anew would else compare everything with everything.
const REACH: usize = 300;

/// What becomes of the clauses of a document.
pub(super) struct Alignment {
    /// For each new clause the id of the held one that it is, if it is one.
    pub(super) ids: Vec<Option<ClauseId>>,
    /// Held clauses that are no more.
    pub(super) gone: Vec<ClauseId>,
}

/// Aligns by the same text first (under the same heading before elsewhere), then, among what is
/// left, by heading path and place, as far as the texts have words in common.
pub(super) fn align_clauses(held: &[HeldClause], found: &[SplitClause]) -> Alignment {
    let mut held: Vec<&HeldClause> = held.iter().collect();
    held.sort_by_key(|clause| (place_of(clause), clause.id.clone()));
    let mut ids: Vec<Option<ClauseId>> = vec![None; found.len()];
    let mut free: HashSet<usize> = (0..held.len()).collect();

    let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, clause) in held.iter().enumerate() {
        by_text.entry(clause.text.as_str()).or_default().push(place);
    }
    for same_title in [true, false] {
        for (clause, id) in found.iter().zip(&mut ids) {
            if id.is_some() {
                continue;
            }
            let same = by_text.get(clause.text.as_str()).into_iter().flatten().find(|place| {
                free.contains(place)
                    && held
                        .get(**place)
                        .is_some_and(|held| !same_title || title_of(held) == clause.title().as_deref())
            });
            if let Some(&place) = same {
                free.remove(&place);
                *id = held.get(place).map(|held| held.id.clone());
            }
        }
    }

    let words: HashMap<usize, HashSet<String>> =
        free.iter().filter_map(|&place| Some((place, list_words(&held.get(place)?.text)))).collect();
    let mut last = 0;
    for (clause, id) in found.iter().zip(&mut ids) {
        if let Some(id) = id {
            if let Some(place) = held.iter().position(|held| held.id == *id) {
                last = place;
            }
            continue;
        }
        let own = list_words(&clause.text);
        let title = clause.title();
        let best = free
            .iter()
            .filter(|place| place.abs_diff(last) <= REACH)
            .filter_map(|&place| {
                let same_title = held.get(place).is_some_and(|held| title_of(held) == title.as_deref());
                let common = measure_common(&own, words.get(&place)?);
                let least = if same_title { LEAST_COMMON_UNDER_HEADING } else { LEAST_COMMON };
                (common >= least).then_some((same_title, common, place))
            })
            .max_by(|one, two| {
                // The same heading first, then more in common, then nearer to what came before.
                one.0
                    .cmp(&two.0)
                    .then(one.1.total_cmp(&two.1))
                    .then(two.2.abs_diff(last).cmp(&one.2.abs_diff(last)))
                    .then(two.2.cmp(&one.2))
            });
        if let Some((_, _, place)) = best {
            free.remove(&place);
            *id = held.get(place).map(|held| held.id.clone());
            last = place;
        }
    }
    let mut gone: Vec<ClauseId> =
        free.into_iter().filter_map(|place| held.get(place).map(|held| held.id.clone())).collect();
    gone.sort();
    Alignment { ids, gone }
}

fn title_of(held: &HeldClause) -> Option<&str> {
    held.given.get("title").and_then(serde_json::Value::as_str)
}

fn place_of(held: &HeldClause) -> u64 {
    let range = held.given.get("evidence").and_then(|evidence| evidence.get("byte_range"));
    range.and_then(|range| range.get(0)).and_then(serde_json::Value::as_u64).unwrap_or(0)
}

fn list_words(text: &str) -> HashSet<String> {
    text.unicode_words().map(fold_word).collect()
}

/// The share of words that two texts have in common (Jaccard's index).
fn measure_common(one: &HashSet<String>, two: &HashSet<String>) -> f64 {
    let common = one.intersection(two).count();
    let all = one.len() + two.len() - common;
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}
