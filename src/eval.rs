//! Relevance of the running configuration on judged sets.
//!
//! A set is a directory with `clauses.ndjson` (records without labels) and `labels.json`; with
//! `queries.json` that maps ids to words it is a set of *queries*, else one of *peers*. Figures:
//! nDCG@10 with linear gain and a log2 discount, gain of the first and mean gain of the first
//! three, each a mean over queries. Grades are divided by the greatest in the set, so that a gain
//! is 0 to 1.

mod judgement;
pub mod types;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

use self::judgement::{JudgedSet, Question};
use crate::answer::{AnswerError, Desk, Params, Source};
use crate::collection::{Collection, CollectionError, EngineChoice, Knowledge};
use crate::ingest::{IngestError, RecordChecker, SourceError};

/// How many results count.
const DEPTH: usize = 10;

/// How many hits of a search are looked through for judged ones.
const SEARCH_DEPTH: usize = 1_000;

/// Why a set cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file of it cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A file of it has not the form of one.
    #[error("{}: {reason}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What to change.
        reason: String,
    },
    /// Its clauses cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// They cannot be taken in.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// A question failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

impl From<IngestError> for EvalError {
    fn from(error: IngestError) -> Self {
        Self::Collection(error.into())
    }
}

/// Figures of one set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The set's directory.
    pub set: String,
    /// `peers` or `queries`.
    pub kind: &'static str,
    /// Clauses in it.
    pub clauses: u64,
    /// Queries asked.
    pub queries: u64,
    /// Mean nDCG@10.
    pub ndcg_at_10: f64,
    /// Mean gain of the first result.
    pub gain_at_1: f64,
    /// Mean of the mean gain of the first three.
    pub gain_at_3: f64,
    /// Median time of a query, in milliseconds, with everything that an answer shows.
    pub median_milliseconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({}, {} clauses, {} queries)\n  nDCG@10 {:.4}  gain@1 {:.4}  gain@3 {:.4}  median {:.2} ms",
            self.set,
            self.kind,
            self.clauses,
            self.queries,
            self.ndcg_at_10,
            self.gain_at_1,
            self.gain_at_3,
            self.median_milliseconds
        )
    }
}

/// Takes a set into a temporary collection and asks all its queries.
///
/// # Errors
/// [`EvalError`] if the set cannot be read or a question fails.
pub async fn run(
    set: &Path,
    engine: EngineChoice,
    knowledge: Knowledge,
) -> Result<Report, EvalError> {
    let judged = JudgedSet::read(set)?;
    let directory =
        tempfile::tempdir().map_err(|source| EvalError::Read { path: std::env::temp_dir(), source })?;
    let collection = Collection::open(directory.path(), engine, knowledge, true)?;
    let (summary, _) = {
        let checker = RecordChecker::new(collection.taxonomy())
            .map_err(|error| EvalError::Form { path: set.to_owned(), reason: error.to_string() })?;
        collection.write(|unit| -> Result<(), EvalError> {
            for (place, value) in judged.clauses.iter().enumerate() {
                let taken = checker.check(value.clone());
                let reason = match taken {
                    Ok(record) => unit.put(record)?.err(),
                    Err(reason) => Some(reason),
                };
                if let Some(reason) = reason {
                    let reason = format!("clause {}: {reason}", place + 1);
                    return Err(EvalError::Form { path: set.join("clauses.ndjson"), reason });
                }
            }
            Ok(())
        })?
    };
    let desk = Desk::new(Arc::new(collection));
    let mut figures = Figures::default();
    for question in &judged.questions {
        let begin = Instant::now();
        let gains = ask(&desk, &judged, question).await?;
        figures.add(&gains, &judged.ideal_gains(question), begin.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(figures.report(set, judged.kind(), summary.added))
}

/// The gains of the first results, in order.
async fn ask(desk: &Desk, judged: &JudgedSet, question: &Question) -> Result<Vec<f64>, EvalError> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match question {
        Question::Clause(id) => {
            let params = Params::new([pair("min_score", "0"), pair("limit", "10")]);
            let answer = desk.find_comparables(Source::Clause(id), params).await?;
            let cards = answer.cards.unwrap_or_default();
            Ok(cards.iter().map(|card| judged.gain(question, &card.clause.id).unwrap_or(0.0)).collect())
        }
        Question::Words(_, words) => {
            let mut gains = Vec::new();
            let mut cursor: Option<String> = None;
            for _ in 0..SEARCH_DEPTH / 100 {
                let params = [pair("q", words), pair("min_score", "0"), pair("limit", "100")];
                let cursor_pair = cursor.as_deref().map(|cursor| pair("cursor", cursor));
                let answer = desk.search(Params::new(params.into_iter().chain(cursor_pair))).await?;
                let hits = answer.hits.unwrap_or_default();
                gains.extend(hits.iter().filter_map(|hit| judged.gain(question, &hit.clause.id)));
                cursor = answer.next_cursor;
                if gains.len() >= DEPTH || cursor.is_none() {
                    break;
                }
            }
            gains.truncate(DEPTH);
            Ok(gains)
        }
    }
}

#[derive(Default)]
struct Figures {
    ndcg: Vec<f64>,
    gain_at_1: Vec<f64>,
    gain_at_3: Vec<f64>,
    milliseconds: Vec<f64>,
}

fn discount(gains: &[f64]) -> f64 {
    let mut rank = 1.0_f64;
    let mut sum = 0.0;
    for gain in gains.iter().take(DEPTH) {
        rank += 1.0;
        sum += gain / rank.log2();
    }
    sum
}

fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of queries are small")]
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

impl Figures {
    fn add(&mut self, gains: &[f64], ideal: &[f64], milliseconds: f64) {
        let best = discount(ideal);
        self.ndcg.push(if best > 0.0 { discount(gains) / best } else { 0.0 });
        self.gain_at_1.push(gains.first().copied().unwrap_or(0.0));
        self.gain_at_3.push(gains.iter().take(3).sum::<f64>() / 3.0);
        self.milliseconds.push(milliseconds);
    }

    fn report(mut self, set: &Path, kind: &'static str, clauses: u64) -> Report {
        self.milliseconds.sort_by(f64::total_cmp);
        Report {
            set: set.display().to_string(),
            kind,
            clauses,
            queries: self.ndcg.len() as u64,
            ndcg_at_10: mean(&self.ndcg),
            gain_at_1: mean(&self.gain_at_1),
            gain_at_3: mean(&self.gain_at_3),
            median_milliseconds: self.milliseconds.get(self.milliseconds.len() / 2).copied().unwrap_or(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_discount_falls_with_the_rank() {
        assert!((discount(&[1.0]) - 1.0).abs() < 1e-12);
        assert!((discount(&[0.0, 1.0]) - 1.0 / 3.0_f64.log2()).abs() < 1e-12);
        assert!((discount(&[0.0; 10]) - 0.0).abs() < 1e-12);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_invented_set_has_the_figures_computed_by_hand() {
        let directory = tempfile::tempdir().expect("a directory");
        // The first result has the source's wording and another label; the rest is right.
        let texts = [
            ("a1", "a", "the fox jumps over the fence at night", "fox"),
            ("b1", "b", "a fox jumps over some fence by day", "fox"),
            ("c1", "c", "one fox by the fence jumps", "fox"),
            ("d1", "d", "fence, fox and jumps in the evening", "fox"),
            ("e1", "e", "The fox jumps over the fence at night.", "fence"),
            ("f1", "f", "rain falls upon my roof", "rain"),
        ];
        let mut clauses = String::new();
        let mut labels = serde_json::Map::new();
        for (id, platform, text, label) in texts {
            let record = json!({
                "id": id, "platform": {"id": platform, "name": platform.to_uppercase()},
                "document": {"id": format!("{platform}.d"), "title": "D"}, "text": text, "language": "en"
            });
            clauses.push_str(&format!("{record}\n"));
            labels.insert(id.to_owned(), json!(label));
        }
        std::fs::write(directory.path().join("clauses.ndjson"), clauses).expect("written");
        std::fs::write(directory.path().join("labels.json"), json!(labels).to_string()).expect("written");
        std::fs::write(directory.path().join("queries.json"), "[\"a1\"]").expect("written");
        let knowledge = Knowledge::bundled().expect("sound");
        let report = run(directory.path(), EngineChoice::Tantivy, knowledge).await.expect("a report");
        assert_eq!((report.kind, report.queries, report.clauses), ("peers", 1, 6));
        let close = |one: f64, two: f64| (one - two).abs() < 1e-9;
        let (second, third, fourth) = (1.0 / 3.0_f64.log2(), 0.5, 1.0 / 5.0_f64.log2());
        assert!(close(report.gain_at_1, 0.0) && close(report.gain_at_3, 2.0 / 3.0), "{report}");
        assert!(close(report.ndcg_at_10, (second + third + fourth) / (1.0 + second + third)), "{report}");
    }
}
