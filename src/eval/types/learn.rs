//! What words weigh for a clause type, learned from quotes of which the type is known.
//!
//! A multinomial logistic regression over the terms of a text, on top of what its cues are worth,
//! which stays as it is: words learn only what cues do not say. AdaGrad, one example after the other in
//! a fixed order, so that the same quotes give the same table.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::taxonomy::Inference;

/// Terms of fewer examples are left out, and so are terms with digits.
const LEAST_EXAMPLES: usize = 4;

/// How often every example is gone through.
const ROUNDS: usize = 12;

const RATE: f64 = 0.5;

/// How strongly weights are drawn to nothing.
const DECAY: f64 = 0.0006;

/// How many terms a type keeps for each of its examples, those of greatest weight.
const TERMS_PER_EXAMPLE: usize = 6;

/// How many terms a type keeps, at least and at most.
const TERMS_KEPT: (usize, usize) = (60, 280);

/// Weights under this many hundredths are left out.
const LEAST_WEIGHT: i32 = 20;

/// The head of a table: whose texts it was learned from.
const HEAD: &str = "\
# What words weigh for a clause type, in hundredths. Learned from quotes of one half of the services of ToS;DR
# (ToS;DR contributors, CC BY-SA 3.0) and, for types that it has no quotes of, from clauses with a telling heading
# in collections of Open Terms Archive (ODC-BY 1.0); made by `crossclause eval --types` (docs/relevance.md).
";

/// A text of which the types are known.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its distinct terms.
    pub terms: Vec<String>,
    /// Its words.
    pub length: usize,
    /// What its cues are worth, by place of the clause type.
    pub points: Vec<u32>,
    /// Places of the types that are right.
    pub right: Vec<usize>,
}

/// Learns from examples; the table is in the form of `index-schema/type-words-v1.tsv`.
#[must_use]
pub fn learn(examples: &[&Example], type_ids: &[String], inference: &Inference) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let terms = examples.iter().flat_map(|example| &example.terms);
    for term in terms.filter(|term| !term.contains(|sign: char| sign.is_ascii_digit())) {
        *counts.entry(term).or_insert(0) += 1;
    }
    let kept: Vec<&str> =
        counts.into_iter().filter(|(_, count)| *count >= LEAST_EXAMPLES).map(|(term, _)| term).collect();
    let places: HashMap<&str, usize> = kept.iter().enumerate().map(|(place, term)| (*term, place)).collect();
    let width = type_ids.len();
    let mut weights = vec![0.0_f64; kept.len() * width];
    let mut squares = vec![1e-3_f64; kept.len() * width];
    let rows: Vec<Vec<usize>> = examples
        .iter()
        .map(|example| example.terms.iter().filter_map(|term| places.get(term.as_str()).copied()).collect())
        .collect();
    let none = vec![0; width];
    for _ in 0..ROUNDS {
        for (example, row) in examples.iter().zip(&rows) {
            if example.right.is_empty() {
                continue;
            }
            let input = 1.0 / libm::sqrt(to_float(example.length.max(1)));
            let mut scores: Vec<f64> = inference
                .weigh(&example.points, &none, example.length)
                .into_iter()
                .map(|hundredths| f64::from(hundredths) / 100.0)
                .collect();
            for &term in row {
                let own = weights.get(term * width..(term + 1) * width).unwrap_or(&[]);
                for (score, weight) in scores.iter_mut().zip(own) {
                    *score += weight * input;
                }
            }
            let errors = find_errors(&scores, &example.right);
            for &term in row {
                let own = term * width..(term + 1) * width;
                let (Some(own), Some(squares)) = (weights.get_mut(own.clone()), squares.get_mut(own)) else {
                    continue;
                };
                for ((weight, square), error) in own.iter_mut().zip(squares).zip(&errors) {
                    let slope = error * input + DECAY * *weight;
                    *square += slope * slope;
                    *weight -= RATE * slope / libm::sqrt(*square);
                }
            }
        }
    }
    let examples_of = |place: &usize| examples.iter().filter(|example| example.right.contains(place)).count();
    let sizes: Vec<usize> = (0..width).map(|place| examples_of(&place)).collect();
    write_table(&kept, &weights, type_ids, &sizes)
}

/// By type: the odds that the scores give it, less what is right.
fn find_errors(scores: &[f64], right: &[usize]) -> Vec<f64> {
    let greatest = scores.iter().copied().fold(f64::MIN, f64::max);
    let mut errors: Vec<f64> = scores.iter().map(|score| libm::exp(score - greatest)).collect();
    let sum: f64 = errors.iter().sum();
    for error in &mut errors {
        *error /= sum;
    }
    for place in right {
        if let Some(error) = errors.get_mut(*place) {
            *error -= 1.0 / to_float(right.len());
        }
    }
    errors
}

fn write_table(terms: &[&str], weights: &[f64], type_ids: &[String], sizes: &[usize]) -> String {
    let width = type_ids.len();
    let mut table = HEAD.to_owned();
    for ((place, id), size) in type_ids.iter().enumerate().zip(sizes) {
        let mut entries: Vec<(i32, &str)> = terms
            .iter()
            .enumerate()
            .filter_map(|(row, term)| Some((round(100.0 * weights.get(row * width + place)?), *term)))
            .filter(|(weight, _)| weight.abs() >= LEAST_WEIGHT)
            .collect();
        entries.sort_by_key(|(weight, term)| (std::cmp::Reverse(weight.abs()), *term));
        entries.truncate((size * TERMS_PER_EXAMPLE).clamp(TERMS_KEPT.0, TERMS_KEPT.1));
        entries.sort_by_key(|(weight, term)| (std::cmp::Reverse(*weight), *term));
        if !entries.is_empty() {
            let entries: Vec<String> =
                entries.iter().map(|(weight, term)| format!("{term} {weight}")).collect();
            let _ = writeln!(table, "{id}\t{}", entries.join(","));
        }
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are small")]
fn to_float(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
fn round(value: f64) -> i32 {
    libm::round(value) as i32
}
