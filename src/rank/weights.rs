//! What features are worth: a file of weights.

use serde::Deserialize;

use super::Features;
use crate::vector::{Expansion, WHOLE_CLOSENESS};

/// The weights that the binary carries.
const BUNDLED: &str = include_str!("../../index-schema/ranking-v1.json");

/// The greatest weight, so that no value overflows.
const MOST: u64 = 1_000_000;

/// Of how many first candidates the middle is taken, at most.
const MOST_FIRST: usize = 100;

/// What features are worth in one kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Of [`Features::share`].
    pub share: i64,
    /// Of [`Features::density`].
    pub density: i64,
    /// Of [`Features::closeness`].
    pub closeness: i64,
    /// Of [`Features::consensus`].
    pub consensus: i64,
    /// Of [`Features::same_type`].
    pub same_type: i64,
    /// Of [`Features::shared_type`].
    pub shared_type: i64,
    /// Of [`Features::other_type`].
    pub other_type: i64,
    /// Of how many first candidates the middle is taken.
    pub first: usize,
}

impl Weights {
    /// Names and weights, in the order of [`Features::list`].
    #[must_use]
    pub fn list(&self) -> [(&'static str, i64); 7] {
        let features = Features {
            share: self.share,
            density: self.density,
            closeness: self.closeness,
            consensus: self.consensus,
            same_type: self.same_type,
            shared_type: self.shared_type,
            other_type: self.other_type,
        };
        features.list()
    }

    /// The sum of features times their weights.
    #[must_use]
    pub fn value(&self, features: &Features) -> i64 {
        self.list().iter().zip(features.list()).map(|((_, weight), (_, value))| weight * value).sum()
    }
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingSchema {
    /// Its version.
    pub version: String,
    /// For comparables.
    pub comparables: Weights,
    /// For a search.
    pub search: Weights,
    /// What is added to the vector of a search.
    pub expansion: Expansion,
}

/// Why weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RankingSchemaError {
    /// They are no JSON of the expected form.
    #[error("the weights of the ranking cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// One is out of range.
    #[error("the weights of the ranking: `{0}` is not within a million of 0")]
    Range(&'static str),
    /// Another number is out of range.
    #[error("the weights of the ranking: `{0}` is over {1}")]
    Most(&'static str, usize),
}

impl RankingSchema {
    /// Reads and checks weights.
    ///
    /// # Errors
    /// [`RankingSchemaError`] if the form is wrong or a weight out of range.
    pub fn parse(text: &str) -> Result<Self, RankingSchemaError> {
        let schema: Self = serde_json::from_str(text)?;
        for (name, weight) in [schema.comparables, schema.search].iter().flat_map(Weights::list) {
            if weight.unsigned_abs() > MOST {
                return Err(RankingSchemaError::Range(name));
            }
        }
        let expansion = schema.expansion;
        for (name, number, most) in [
            ("first", schema.comparables.first.max(schema.search.first), MOST_FIRST),
            ("expansion.least", expansion.least as usize, WHOLE_CLOSENESS as usize),
            ("expansion.weight", expansion.weight as usize, 1_000),
            ("expansion.most", expansion.most, MOST_FIRST),
        ] {
            if number > most {
                return Err(RankingSchemaError::Most(name, most));
            }
        }
        Ok(schema)
    }

    /// The weights that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, RankingSchemaError> {
        Self::parse(BUNDLED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_weights_are_sound() {
        RankingSchema::bundled().expect("sound");
        for (from, to, expected) in [
            ("\"closeness\": ", "\"closeness\": 9999999", "`closeness` is not within a million of 0"),
            (
                "\"density\": 100",
                "\"density\": -9223372036854775808",
                "`density` is not within a million of 0",
            ),
            ("\"first\": 5", "\"first\": 999999999999", "`first` is over 100"),
            ("\"weight\": 300", "\"weight\": 1001", "`expansion.weight` is over 1000"),
            ("\"least\": 32768", "\"least\": 65537", "`expansion.least` is over 65536"),
        ] {
            let error = RankingSchema::parse(&BUNDLED.replacen(from, to, 1)).expect_err(to);
            assert!(error.to_string().ends_with(expected), "{error}");
        }
    }
}
