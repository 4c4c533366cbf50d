//! Our own statistics of a collection: how many clauses, how long, and which terms in how many.
//!
//! They are counted over live clauses, kept beside the records, and renewed only when the contract
//! says so; no engine keeps statistics of its own, so no engine can disagree.

mod counter;
mod nearest;
mod prefix;
mod tally;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use counter::{Counter, Reading};
pub use nearest::{edit_distance, find_containing, suggest_word};

use crate::text::language::primary_language;
use crate::text::term::{ClauseTerms, Token};

/// Statistics over the live clauses at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Their version: 0 for none, then 1, 2, … with every renewal.
    pub version: u64,
    /// How many clauses were counted.
    pub clauses: u64,
    /// The sum of their lengths, in terms.
    pub total_length: u64,
    /// Terms, and in how many clauses each occurs.
    pub document_frequencies: HashMap<String, u32>,
    /// The vocabulary: folded words as they are spelled, and in how many clauses each occurs.
    pub vocabulary: HashMap<String, u32>,
    /// Languages (primary tags), and how many clauses are in each.
    pub languages: BTreeMap<String, u64>,
}

impl Statistics {
    /// Counts one clause in, by the tokens of its text and title.
    pub fn add(&mut self, text: Vec<Token>, title: Vec<Token>, language: &str, title_factor: u32) {
        self.clauses += 1;
        *self.languages.entry(primary_language(language)).or_insert(0) += 1;
        let words: HashSet<&str> =
            text.iter().chain(&title).filter_map(|token| token.word.as_deref()).collect();
        for word in words {
            count_one(&mut self.vocabulary, word);
        }
        let terms = ClauseTerms::of_tokens(text, title);
        self.total_length += u64::from(terms.length(title_factor));
        for term in terms.frequencies(title_factor).into_keys() {
            count_one(&mut self.document_frequencies, term);
        }
    }

    /// Takes out what another count found, which this one holds.
    pub fn subtract(&mut self, other: &Self) {
        fn reduce<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, u32>, less: &HashMap<K, u32>) {
            for (key, count) in less {
                if let Some(held) = counts.get_mut(key) {
                    *held = held.saturating_sub(*count);
                    if *held == 0 {
                        counts.remove(key);
                    }
                }
            }
        }
        self.clauses = self.clauses.saturating_sub(other.clauses);
        self.total_length = self.total_length.saturating_sub(other.total_length);
        for (language, count) in &other.languages {
            if let Some(held) = self.languages.get_mut(language) {
                *held = held.saturating_sub(*count);
            }
        }
        self.languages.retain(|_, count| *count > 0);
        reduce(&mut self.document_frequencies, &other.document_frequencies);
        reduce(&mut self.vocabulary, &other.vocabulary);
    }

    /// Adds what another count found; the order of additions does not matter.
    pub fn merge(&mut self, other: Self) {
        self.clauses += other.clauses;
        self.total_length += other.total_length;
        for (language, count) in other.languages {
            *self.languages.entry(language).or_insert(0) += count;
        }
        for (term, count) in other.document_frequencies {
            *self.document_frequencies.entry(term).or_insert(0) += count;
        }
        for (word, count) in other.vocabulary {
            *self.vocabulary.entry(word).or_insert(0) += count;
        }
    }

    /// In how many clauses a term occurs; 1 for a term that the statistics lack.
    #[must_use]
    pub fn document_frequency(&self, term: &str) -> u32 {
        self.document_frequencies.get(term).copied().unwrap_or(1)
    }

    /// Whether a term occurs in any clause counted.
    #[must_use]
    pub fn knows_term(&self, term: &str) -> bool {
        self.document_frequencies.contains_key(term)
    }

    /// Whether a term tells clauses apart: it occurs in at most a tenth of them. Commoner ones
    /// ("your", "may") count in the score, and marked they would only blur what is shown.
    #[must_use]
    pub fn is_telling(&self, term: &str) -> bool {
        u64::from(self.document_frequency(term)) * 10 <= self.clauses
    }

    /// Languages that have over 5 % of the clauses, in the order of their tags.
    #[must_use]
    pub fn common_languages(&self) -> Vec<&str> {
        self.languages
            .iter()
            .filter(|(_, count)| **count * 20 > self.clauses)
            .map(|(language, _)| language.as_str())
            .collect()
    }
}

/// Whether an ingest that leaves `live` clauses renews statistics that counted `counted`: the number
/// differs by a fifth of what was counted or more.
#[must_use]
pub fn is_outdated(counted: u64, live: u64) -> bool {
    live != counted && live.abs_diff(counted) * 5 >= counted
}

fn count_one(counts: &mut HashMap<String, u32>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_renews() {
        for (live, outdated) in [(100, false), (119, false), (120, true), (81, false), (80, true), (0, true)]
        {
            assert_eq!(is_outdated(100, live), outdated, "{live}");
        }
        assert!(!is_outdated(0, 0));
        assert!(is_outdated(0, 1));
    }
}
