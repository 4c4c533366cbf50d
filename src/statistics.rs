//! Our own statistics of a collection: how many clauses, how long, and which terms in how many.
//!
//! They are counted over live clauses, kept beside the records, and renewed only when the contract
//! says so; no engine keeps statistics of its own, so no engine can disagree.

mod nearest;

use std::collections::{BTreeMap, HashMap};

pub use nearest::edit_distance;

use crate::text::term::ClauseTerms;

/// Statistics over the live clauses at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Their version: 0 for none, then 1, 2, … with every renewal.
    pub version: u64,
    /// How many clauses were counted.
    pub clauses: u64,
    /// The sum of their lengths, in terms.
    pub total_length: u64,
    /// Terms, and in how many clauses each occurs. The keys are the vocabulary.
    pub document_frequencies: HashMap<String, u32>,
    /// Languages (primary tags), and how many clauses are in each.
    pub languages: BTreeMap<String, u64>,
}

impl Statistics {
    /// Counts one clause in.
    pub fn add(&mut self, terms: &ClauseTerms, language: &str, title_factor: u32) {
        self.clauses += 1;
        self.total_length += u64::from(terms.length(title_factor));
        *self.languages.entry(crate::text::language::primary_language(language)).or_insert(0) += 1;
        for term in terms.frequencies(title_factor).into_keys() {
            match self.document_frequencies.get_mut(term) {
                Some(count) => *count += 1,
                None => {
                    self.document_frequencies.insert(term.to_owned(), 1);
                }
            }
        }
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
    }

    /// In how many clauses a term occurs; 1 for a term that the statistics lack.
    #[must_use]
    pub fn document_frequency(&self, term: &str) -> u32 {
        self.document_frequencies.get(term).copied().unwrap_or(1)
    }

    /// Whether the vocabulary has a term.
    #[must_use]
    pub fn knows(&self, term: &str) -> bool {
        self.document_frequencies.contains_key(term)
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

    /// Whether an ingest that leaves `live` clauses renews the statistics: the count differs from
    /// that at the last renewal by a fifth of it or more.
    #[must_use]
    pub fn is_outdated(&self, live: u64) -> bool {
        live != self.clauses && live.abs_diff(self.clauses) * 5 >= self.clauses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_renews() {
        let statistics = Statistics { clauses: 100, ..Statistics::default() };
        for (live, outdated) in [(100, false), (119, false), (120, true), (81, false), (80, true), (0, true)]
        {
            assert_eq!(statistics.is_outdated(live), outdated, "{live}");
        }
        assert!(!Statistics::default().is_outdated(0));
        assert!(Statistics::default().is_outdated(1));
    }
}
