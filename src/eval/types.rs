//! How often inferred clause types are right, on a set of peers whose labels are ToS;DR's cases.
//!
//! A quote's case says which clause types are right for it ([`TosdrCases`]). Services fall into two
//! halves by the SHA-256 of their id: cues are written and words learned on the *dev* half, with an even
//! first digit; the other, *unread*, tells how good they are.

mod learn;
mod quote;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use self::quote::{Quote, read_quotes};
use super::EvalError;
use crate::classify::Classifier;
use crate::taxonomy::{Taxonomy, TosdrCases};

pub use learn::{Example, learn};
pub use quote::{Fold, learn_words, measure_folds};

/// Right, given and expected, of a type, a category or all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Clauses that were given it.
    pub given: u64,
    /// Clauses that should have it.
    pub expected: u64,
    /// Clauses that were given it and should.
    pub right: u64,
    /// Right of those given.
    pub precision: f64,
    /// Right of those expected.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
}

impl Figures {
    fn new(given: u64, expected: u64, right: u64) -> Self {
        let share = |of: u64| {
            #[expect(clippy::cast_precision_loss, reason = "counts of clauses are small")]
            if of == 0 { 0.0 } else { right as f64 / of as f64 }
        };
        let (precision, recall) = (share(given), share(expected));
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        Self { given, expected, right, precision, recall, f1 }
    }
}

/// Figures of one half.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HalfReport {
    /// `dev` or `unread`.
    pub half: &'static str,
    /// Clauses in it.
    pub clauses: u64,
    /// Main types, on clauses whose case maps to exactly one type.
    pub main: Figures,
    /// The same, a clause being right also if one of its other types is.
    pub with_others: Figures,
    /// Main types, on all clauses whose case maps to types: any of them is right.
    pub any: Figures,
    /// Categories of main types, on clauses whose case maps to exactly one type.
    pub category: Figures,
    /// By clause type.
    pub types: BTreeMap<String, Figures>,
    /// By category.
    pub categories: BTreeMap<String, Figures>,
}

/// How often inferred types are right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypesReport {
    /// The set's directory.
    pub set: String,
    /// The taxonomy's version.
    pub taxonomy: String,
    /// Dev, then unread.
    pub halves: Vec<HalfReport>,
}

#[derive(Default)]
struct Counts {
    given: u64,
    expected: u64,
    right: u64,
}

impl Counts {
    fn figures(&self) -> Figures {
        Figures::new(self.given, self.expected, self.right)
    }
}

/// Judges the types that a taxonomy's rules infer for the clauses of a set.
///
/// # Errors
/// [`EvalError`] if the set cannot be read, or its labels are no cases of ToS;DR.
pub fn judge(set: &Path, taxonomy: &Taxonomy) -> Result<TypesReport, EvalError> {
    let form = |reason: String| EvalError::Form { path: set.join("labels.json"), reason };
    let cases = TosdrCases::bundled(taxonomy).map_err(|error| form(error.to_string()))?;
    let quotes = read_quotes(set, &cases)?;
    let classifier = Classifier::new(taxonomy);
    let halves = [("dev", true), ("unread", false)].map(|(half, dev)| {
        judge_half(half, quotes.iter().filter(|quote| quote.dev == dev), &classifier, taxonomy)
    });
    Ok(TypesReport {
        set: set.display().to_string(),
        taxonomy: taxonomy.version().to_owned(),
        halves: halves.into(),
    })
}

fn judge_half<'a>(
    half: &'static str,
    quotes: impl Iterator<Item = &'a Quote>,
    classifier: &Classifier,
    taxonomy: &Taxonomy,
) -> HalfReport {
    let category_of = |id: &str| taxonomy.clause_type(id).map(|entry| entry.category.clone());
    let mut clauses = 0;
    let [mut main, mut with_others, mut any, mut category] = <[Counts; 4]>::default();
    let mut types: BTreeMap<String, Counts> = BTreeMap::new();
    let mut categories: BTreeMap<String, Counts> = BTreeMap::new();
    for quote in quotes {
        clauses += 1;
        let inferred = quote.infer(classifier);
        let given = inferred.labels.clause_type.as_deref();
        if !quote.right.is_empty() {
            any.expected += 1;
            any.given += u64::from(given.is_some());
            any.right += u64::from(given.is_some_and(|given| quote.right.iter().any(|id| id == given)));
        }
        let [right] = quote.right.as_slice() else { continue };
        let others = inferred.labels.other_clause_types.as_deref().unwrap_or(&[]);
        let is_right = given == Some(right);
        main.expected += 1;
        with_others.expected += 1;
        category.expected += 1;
        types.entry(right.clone()).or_default().expected += 1;
        let right_category = category_of(right).unwrap_or_default();
        categories.entry(right_category.clone()).or_default().expected += 1;
        let Some(given) = given else { continue };
        main.given += 1;
        main.right += u64::from(is_right);
        with_others.given += 1;
        with_others.right += u64::from(is_right || others.contains(right));
        let of_type = types.entry(given.to_owned()).or_default();
        of_type.given += 1;
        of_type.right += u64::from(is_right);
        let given_category = category_of(given).unwrap_or_default();
        let same = given_category == right_category;
        category.given += 1;
        category.right += u64::from(same);
        let of_category = categories.entry(given_category).or_default();
        of_category.given += 1;
        of_category.right += u64::from(same);
    }
    let by_id =
        |map: BTreeMap<String, Counts>| map.into_iter().map(|(id, one)| (id, one.figures())).collect();
    HalfReport {
        half,
        clauses,
        main: main.figures(),
        with_others: with_others.figures(),
        any: any.figures(),
        category: category.figures(),
        types: by_id(types),
        categories: by_id(categories),
    }
}

impl fmt::Display for TypesReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (clause types, taxonomy {})", self.set, self.taxonomy)?;
        for half in &self.halves {
            write!(formatter, "\n\n{} half, {} clauses", half.half, half.clauses)?;
            let mut line = |name: &str, figures: &Figures| {
                write!(
                    formatter,
                    "\n  {name:<32} {:5} given {:5} expected  precision {:.3}  recall {:.3}  F1 {:.3}",
                    figures.given, figures.expected, figures.precision, figures.recall, figures.f1
                )
            };
            line("main type", &half.main)?;
            line("main or other type", &half.with_others)?;
            line("any type of the case", &half.any)?;
            line("category", &half.category)?;
            for map in [&half.categories, &half.types] {
                for (id, figures) in map.iter().filter(|(_, figures)| figures.expected > 0) {
                    line(id, figures)?;
                }
            }
        }
        Ok(())
    }
}
