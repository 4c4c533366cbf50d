//! Which clause of a new version of a document is which of the version before, where their texts
//! differ.
//!
//! Pairs are weighed by the words that both texts have (Jaccard's index), those of three letters and
//! fewer left out: any two texts share them. A common heading counts beside it. The best pair is
//! taken first; of equal ones that of the least distance in place.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::fold::fold_word;

/// The least share of words in common (of those of both) for a text to be a new wording.
const LEAST_COMMON: f64 = 0.3;

/// Under the same heading less is enough.
const LEAST_COMMON_UNDER_HEADING: f64 = 0.2;

/// The least length of a word that counts, in bytes; in scripts other than Latin every one does.
const LEAST_WORD: usize = 4;

/// What a common heading adds to the share of words.
const HEADING_BONUS: f64 = 0.15;

/// How far apart two clauses may stand, in clauses: a document that was written anew would else
/// compare everything with everything.
const REACH: usize = 300;

/// The least share of a clause's words that another must have to have taken its place.
const LEAST_CONTAINED: f64 = 0.5;

/// A clause to be aligned.
pub(super) struct Alignable {
    /// Its place in the document.
    pub(super) place: usize,
    title: Option<String>,
    words: HashSet<String>,
}

impl Alignable {
    pub(super) fn new(place: usize, title: Option<String>, text: &str) -> Self {
        let words = text.unicode_words().map(fold_word);
        let words = words.filter(|word| word.len() >= LEAST_WORD || !word.is_ascii()).collect();
        Self { place, title, words }
    }
}

/// Pairs of clauses, each as a place in `before` and one in `after`; no clause is in two.
pub(super) fn align(before: &[Alignable], after: &[Alignable]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (one, old) in before.iter().enumerate() {
        for (two, new) in after.iter().enumerate() {
            let distance = old.place.abs_diff(new.place);
            if distance > REACH {
                continue;
            }
            let same_title = old.title == new.title;
            let common = measure_common(&old.words, &new.words);
            let least = if same_title { LEAST_COMMON_UNDER_HEADING } else { LEAST_COMMON };
            if common >= least {
                let weight = common + if same_title { HEADING_BONUS } else { 0.0 };
                pairs.push((weight, distance, one, two));
            }
        }
    }
    pairs.sort_by(|one, two| {
        two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)).then((one.2, one.3).cmp(&(two.2, two.3)))
    });
    let (mut used_before, mut used_after) = (HashSet::new(), HashSet::new());
    let mut aligned = Vec::new();
    for (_, _, one, two) in pairs {
        if !used_before.contains(&one) && !used_after.contains(&two) {
            used_before.insert(one);
            used_after.insert(two);
            aligned.push((one, two));
        }
    }
    aligned
}

/// Which of some clauses says now what a clause said that is gone, if one does: a place in `now`.
pub(super) fn find_successor(gone: &Alignable, now: &[&Alignable]) -> Option<usize> {
    now.iter()
        .enumerate()
        .map(|(place, clause)| (measure_contained(&gone.words, &clause.words), place))
        .filter(|(contained, _)| *contained >= LEAST_CONTAINED)
        .max_by(|one, two| one.0.total_cmp(&two.0).then(two.1.cmp(&one.1)))
        .map(|(_, place)| place)
}

/// The share of words that two texts have in common (Jaccard's index).
fn measure_common(one: &HashSet<String>, two: &HashSet<String>) -> f64 {
    let (small, large) = if one.len() < two.len() { (one, two) } else { (two, one) };
    // What cannot reach the least is not counted.
    if small.len() * 5 < large.len() {
        return 0.0;
    }
    let common = small.iter().filter(|word| large.contains(*word)).count();
    share(common, one.len() + two.len() - common)
}

fn measure_contained(inner: &HashSet<String>, outer: &HashSet<String>) -> f64 {
    share(inner.iter().filter(|word| outer.contains(*word)).count(), inner.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[(&str, &str)]) -> Vec<Alignable> {
        let make = |(place, (title, text)): (usize, &(&str, &str))| {
            Alignable::new(place, Some((*title).to_owned()), text)
        };
        texts.iter().enumerate().map(make).collect()
    }

    fn check(before: &[(&str, &str)], after: &[(&str, &str)], expected: &[(usize, usize)]) {
        let mut aligned = align(&list(before), &list(after));
        aligned.sort_unstable();
        assert_eq!(aligned, expected);
    }

    #[test]
    fn the_best_pair_is_taken_first() {
        // The first new clause has something of both old ones; the second is plainly the first old.
        check(
            &[
                ("Fees", "we charge a fee for each sale on the market"),
                ("Fees", "we refund a fee after a return"),
            ],
            &[("Fees", "we charge no fee after a return"), ("Fees", "we charge a fee for each sale there")],
            &[(0, 1), (1, 0)],
        );
        check(&[("A", "apples and pears")], &[("B", "cars, trains, planes")], &[]);
        check(&[], &[("B", "cars")], &[]);
    }

    #[test]
    fn a_clause_that_went_into_another_is_found_there() {
        let gone = Alignable::new(0, None, "you may cancel at any time");
        let now = list(&[
            ("A", "we keep your data for a year"),
            ("B", "you may cancel at any time, and we refund what is left"),
        ]);
        assert_eq!(find_successor(&gone, &now.iter().collect::<Vec<_>>()), Some(1));
        let other = Alignable::new(0, None, "disputes are settled by arbitration");
        assert_eq!(find_successor(&other, &now.iter().collect::<Vec<_>>()), None);
    }
}
