//! What words weigh for a clause type, learned from judged quotes.
//!
//! A line of the file is a clause type, a tab, and `term weight` pairs with commas between them. A
//! term is a stem, or two neighbouring stems joined by `_`. What a clause has of them is summed,
//! each term once, and divided by the square root of its number of words.

use rustc_hash::{FxHashMap, FxHashSet};

use unicode_segmentation::UnicodeSegmentation;

use crate::phrase::{UNKNOWN, Vocabulary, Word};
use crate::text::fold::fold_word;
use crate::text::language::stem_word;
use crate::text::sentence::split_sentences;

/// The table that the binary carries.
pub(super) const BUNDLED: &str = include_str!("../../index-schema/type-words-v1.tsv");

/// The distinct terms of a text in order, as a table names them.
pub(super) fn list_terms(text: &str, language: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for range in split_sentences(text) {
        let mut before: Option<String> = None;
        for word in text.get(range).unwrap_or("").unicode_words() {
            let stem = stem_word(&fold_word(word), language);
            // What separates the entries of a table is in no term.
            if stem.contains([',', ' ', '_']) {
                before = None;
                continue;
            }
            terms.extend(before.map(|before| format!("{before}_{stem}")));
            terms.push(stem.clone());
            before = Some(stem);
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Weights by stem and by pair of stems: the place of a clause type, and hundredths.
#[derive(Debug, Default)]
pub(super) struct Learned {
    single: FxHashMap<u32, Vec<(usize, i32)>>,
    pair: FxHashMap<(u32, u32), Vec<(usize, i32)>>,
}

impl Learned {
    /// Reads a table. Lines of types that are not known, and pairs without a number, are left out.
    pub(super) fn read(table: &str, type_ids: &[String], vocabulary: &mut Vocabulary) -> Self {
        let mut learned = Self::default();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let Some((id, terms)) = line.split_once('\t') else { continue };
            let Some(place) = type_ids.iter().position(|known| known == id) else { continue };
            for entry in terms.split(',') {
                let Some((term, weight)) = entry.rsplit_once(' ') else { continue };
                let Ok(weight) = weight.parse::<i32>() else { continue };
                match term.split_once('_') {
                    Some((one, two)) => {
                        let key = (vocabulary.learn(one), vocabulary.learn(two));
                        learned.pair.entry(key).or_default().push((place, weight));
                    }
                    None => {
                        let key = vocabulary.learn(term);
                        learned.single.entry(key).or_default().push((place, weight));
                    }
                }
            }
        }
        learned
    }

    /// Each distinct term of some sentences that has weights, in their order.
    pub(super) fn hear(&self, sentences: &[Vec<Word>]) -> Vec<Heard<'_>> {
        let mut heard = Vec::new();
        let mut met = FxHashSet::default();
        for words in sentences {
            let mut before = UNKNOWN;
            for word in words {
                if word.stem != UNKNOWN {
                    let single = self.single.get(&word.stem).map(|weights| (UNKNOWN, weights));
                    let pair = if before == UNKNOWN { None } else { self.pair.get(&(before, word.stem)) };
                    for (before, weights) in single.into_iter().chain(pair.map(|weights| (before, weights))) {
                        if met.insert((before, word.stem)) {
                            heard.push(Heard { before, stem: word.stem, weights });
                        }
                    }
                }
                before = word.stem;
            }
        }
        heard
    }
}

/// A term that has weights.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    /// The stem before it in a pair, or [`UNKNOWN`].
    before: u32,
    stem: u32,
    weights: &'a [(usize, i32)],
}

/// Adds to each type's sum what terms weigh for it, in hundredths.
pub(super) fn weigh(heard: &[Heard<'_>], sums: &mut [i32]) {
    for term in heard {
        add(term.weights, sums);
    }
}

/// The terms that weigh the most for a type, heaviest first, at most `count`; a pair of stems has a
/// space between them.
pub(super) fn name_heaviest(
    heard: &[Heard<'_>],
    place: usize,
    vocabulary: &Vocabulary,
    count: usize,
) -> Vec<String> {
    let weight_of =
        |term: &Heard<'_>| term.weights.iter().find(|(of, _)| *of == place).map(|(_, weight)| *weight);
    let mut weights: Vec<i32> = heard.iter().filter_map(weight_of).filter(|weight| *weight > 0).collect();
    weights.sort_unstable_by(|one, two| two.cmp(one));
    // Names are made only of terms that may be among the first.
    let least = weights.get(count.saturating_sub(1)).copied().unwrap_or(1);
    let weighty = heard.iter().filter_map(|term| {
        let weight = weight_of(term).filter(|weight| *weight >= least)?;
        let stem = vocabulary.stem(term.stem);
        let name = match term.before {
            UNKNOWN => stem.to_owned(),
            before => format!("{} {stem}", vocabulary.stem(before)),
        };
        Some((weight, name))
    });
    let mut terms: Vec<(i32, String)> = weighty.collect();
    terms.sort_by(|one, two| two.0.cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    terms.into_iter().take(count).map(|(_, term)| term).collect()
}

fn add(weights: &[(usize, i32)], sums: &mut [i32]) {
    for &(place, weight) in weights {
        if let Some(sum) = sums.get_mut(place) {
            *sum = sum.saturating_add(weight);
        }
    }
}
