//! Quotes of a set, and what is learned from those of the dev half.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::learn::{Example, learn};
use crate::classify::{Classifier, Measured};
use crate::clause::{Given, Inferred, Labels};
use crate::eval::EvalError;
use crate::eval::judgement::JudgedSet;
use crate::taxonomy::{Taxonomy, TosdrCases};
use crate::text::language::detect_language;

/// Of a type with fewer quotes than this, clauses under telling headings are learned from too.
const FEW: usize = 5;

/// How many clauses under telling headings a type is learned from, at most.
const MOST_UNDER_HEADINGS: usize = 15;

/// Into how many parts the dev half falls for measuring what was learned.
const FOLDS: usize = 5;

/// A judged clause.
pub(super) struct Quote {
    text: String,
    language: Option<String>,
    platform: [u8; 2],
    /// The clause types that are right for it.
    pub(super) right: Vec<String>,
    /// Whether it is of the dev half.
    pub(super) dev: bool,
}

impl Quote {
    fn language(&self) -> &str {
        self.language.as_deref().unwrap_or_else(|| detect_language(&self.text))
    }

    /// What is inferred of it, as at ingest.
    pub(super) fn infer(&self, classifier: &Classifier) -> Inferred {
        classifier.infer(&self.text, &Given::default(), &Labels::default(), self.language())
    }
}

/// The first two bytes of a digest.
fn digest(text: &str) -> [u8; 2] {
    let digest = Sha256::digest(text.as_bytes());
    [digest.first().copied().unwrap_or(0), digest.get(1).copied().unwrap_or(0)]
}

pub(super) fn read_quotes(set: &Path, cases: &TosdrCases) -> Result<Vec<Quote>, EvalError> {
    let judged = JudgedSet::read(set)?;
    let mut quotes = Vec::new();
    for clause in &judged.clauses {
        let string = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let platform = clause.get("platform").and_then(|platform| string(platform, "id"));
        let (Some(id), Some(text), Some(platform)) = (string(clause, "id"), string(clause, "text"), platform)
        else {
            continue;
        };
        let mut right: Vec<String> = Vec::new();
        for label in judged.labels(&id) {
            let types = cases.types(label).ok_or_else(|| EvalError::Form {
                path: set.join("labels.json"),
                reason: format!("`{label}` is no case of ToS;DR in index-schema/tosdr-cases-v1.toml"),
            })?;
            right.extend(types.iter().cloned());
        }
        let platform = digest(&platform);
        let dev = (platform[0] >> 4).is_multiple_of(2);
        quotes.push(Quote { text, language: string(clause, "language"), platform, right, dev });
    }
    Ok(quotes)
}

fn make_example(measured: Measured, right: Vec<usize>) -> Example {
    Example { terms: measured.terms, length: measured.length, points: measured.points, right }
}

/// What is learned from: examples of the dev half, each with its fold, and examples under headings.
struct Lesson {
    quotes: Vec<(Example, usize, Quote)>,
    headings: Vec<Example>,
    type_ids: Vec<String>,
}

impl Lesson {
    fn prepare(set: &Path, headings: Option<&Path>, taxonomy: &Taxonomy) -> Result<Self, EvalError> {
        let form = |reason: String| EvalError::Form { path: set.join("labels.json"), reason };
        let cases = TosdrCases::bundled(taxonomy).map_err(|error| form(error.to_string()))?;
        let classifier = Classifier::with_words(taxonomy, "");
        let type_ids: Vec<String> =
            taxonomy.file().clause_type.iter().map(|entry| entry.id.clone()).collect();
        let place = |id: &String| type_ids.iter().position(|known| known == id);
        let mut quotes = Vec::new();
        for quote in read_quotes(set, &cases)? {
            if quote.dev && !quote.right.is_empty() && quote.language() == "en" {
                let right = quote.right.iter().filter_map(place).collect();
                let fold = usize::from(quote.platform[1]) % FOLDS;
                quotes.push((make_example(classifier.measure(&quote.text), right), fold, quote));
            }
        }
        let mut counts = vec![0; type_ids.len()];
        for place in quotes.iter().flat_map(|(example, _, _)| &example.right) {
            if let Some(count) = counts.get_mut(*place) {
                *count += 1;
            }
        }
        let headings = match headings {
            Some(path) => read_headings(path, &classifier, &type_ids, &counts)?,
            None => Vec::new(),
        };
        Ok(Self { quotes, headings, type_ids })
    }

    /// The table that is learned without one fold, or from all.
    fn learn(&self, taxonomy: &Taxonomy, without: Option<usize>) -> String {
        let quotes = self.quotes.iter().filter(|(_, fold, _)| Some(*fold) != without);
        let examples: Vec<&Example> = quotes.map(|(example, _, _)| example).chain(&self.headings).collect();
        learn(&examples, &self.type_ids, &taxonomy.file().inference)
    }
}

/// Clauses of which the own heading names a type, or else the cues only one, for types with few quotes;
/// in the order of the digests of their ids.
fn read_headings(
    path: &Path,
    classifier: &Classifier,
    type_ids: &[String],
    counts: &[usize],
) -> Result<Vec<Example>, EvalError> {
    let text =
        fs::read_to_string(path).map_err(|source| EvalError::Read { path: path.to_owned(), source })?;
    let mut records: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let key = |record: &Value| {
        let id = record.get("id").and_then(Value::as_str).unwrap_or("");
        Sha256::digest(id.as_bytes()).to_vec()
    };
    records.sort_by_cached_key(key);
    let mut taken: HashMap<usize, usize> = HashMap::new();
    let mut examples = Vec::new();
    for by_heading in [true, false] {
        for record in &records {
            let string = |key: &str| record.get(key).and_then(Value::as_str);
            let text = string("text").unwrap_or("");
            if text.len() < 80 || (!by_heading && text.len() > 1_200) || string("language") != Some("en") {
                continue;
            }
            let measured = classifier.measure(text);
            let found = if by_heading {
                let heading = string("title").and_then(|title| title.rsplit(" › ").next()).unwrap_or("");
                find_by_heading(classifier, heading, type_ids)
                    .filter(|place| measured.points.get(*place).is_some_and(|points| *points >= 2))
            } else {
                find_by_points(&measured.points)
            };
            let Some(place) = found.filter(|place| counts.get(*place).is_some_and(|count| *count < FEW))
            else {
                continue;
            };
            let slot = taken.entry(place).or_insert(0);
            if *slot < MOST_UNDER_HEADINGS {
                *slot += 1;
                examples.push(make_example(measured, vec![place]));
            }
        }
    }
    Ok(examples)
}

/// The one type that a short heading has a cue of.
fn find_by_heading(classifier: &Classifier, heading: &str, type_ids: &[String]) -> Option<usize> {
    if heading.split_whitespace().count() > 12 {
        return None;
    }
    let found = classifier.classify("", Some(heading), "en");
    let mut named = found.types.iter().filter(|matching| matching.points >= 3);
    let (only, None) = (named.next()?, named.next()) else {
        return None;
    };
    type_ids.iter().position(|id| *id == only.id)
}

/// The one type that has the most points, and at least four.
fn find_by_points(points: &[u32]) -> Option<usize> {
    let most = points.iter().copied().max().filter(|most| *most >= 4)?;
    let mut places = points.iter().enumerate().filter(|(_, points)| **points == most);
    let (only, None) = (places.next()?, places.next()) else {
        return None;
    };
    Some(only.0)
}

/// Learns from the dev half of a set, and of clauses with headings (NDJSON of records) for types of which it
/// has few quotes. The table is in the form of `index-schema/type-words-v1.tsv`.
///
/// # Errors
/// [`EvalError`] if a file cannot be read.
pub fn learn_words(set: &Path, headings: Option<&Path>, taxonomy: &Taxonomy) -> Result<String, EvalError> {
    Ok(Lesson::prepare(set, headings, taxonomy)?.learn(taxonomy, None))
}

/// Main types of a share of the odds, a percentage rounded down to a multiple of 5, and how many of them
/// were right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Fold {
    /// The share, percent.
    pub share: u8,
    /// Main types.
    pub given: u64,
    /// Of them, right.
    pub right: u64,
}

/// Measures on the dev half what the share of the odds is worth: each fold with words that were learned
/// without it. `inference.calibration` is drawn by hand from what this gives.
///
/// # Errors
/// [`EvalError`] if a file cannot be read.
pub fn measure_folds(
    set: &Path,
    headings: Option<&Path>,
    taxonomy: &Taxonomy,
) -> Result<Vec<Fold>, EvalError> {
    let lesson = Lesson::prepare(set, headings, taxonomy)?;
    let mut bins: Vec<Fold> = (0..20).map(|bin| Fold { share: bin * 5, ..Fold::default() }).collect();
    for fold in 0..FOLDS {
        let classifier = Classifier::with_words(taxonomy, &lesson.learn(taxonomy, Some(fold))).uncalibrated();
        for (_, _, quote) in lesson.quotes.iter().filter(|(_, of, _)| *of == fold) {
            let [right] = quote.right.as_slice() else { continue };
            let found = classifier.classify(&quote.text, None, "en");
            let Some(main) = classifier.main_type(&found) else { continue };
            if let Some(bin) = bins.get_mut(usize::from(main.confidence / 5).min(19)) {
                bin.given += 1;
                bin.right += u64::from(main.id == *right);
            }
        }
    }
    Ok(bins)
}
