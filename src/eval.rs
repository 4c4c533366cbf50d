//! Relevance of the running configuration on judged sets.
//!
//! A set is a directory with `clauses.ndjson` (records without labels) and `labels.json`; with
//! `queries.json` that maps ids to words it is a set of *queries*, else one of *peers*. Figures:
//! nDCG@10 with linear gain and a log2 discount, gain of the first and mean gain of the first
//! three, each a mean over queries. Grades are divided by the greatest in the set, so that a gain
//! is 0 to 1.

mod baseline;
mod feature;
mod judgement;
mod report;
pub mod types;

pub use report::{
    Comparison, FloorFigures, LabelFigures, Mean, QueryFigures, Ranking, TierFigures, compare_rankings,
};

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use self::baseline::Bm25;
use self::judgement::{JudgedSet, Question};
use self::report::{DEPTH, FloorCount};
use crate::answer::{AnswerError, Desk, Params, Source};
use crate::collection::{Collection, CollectionError, EngineChoice, Knowledge};
use crate::ingest::{IngestError, RecordChecker, SourceError};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The set's directory.
    pub set: String,
    /// `peers` or `queries`.
    pub kind: String,
    /// Clauses in it.
    pub clauses: u64,
    /// Our ranking first, then the baselines asked for.
    pub rankings: Vec<Ranking>,
    /// Of peers: what the default floor lets through.
    pub floor: Option<FloorFigures>,
    /// Of peers: our figures by label, the lowest nDCG first.
    pub labels: Vec<LabelFigures>,
    /// Median time of a query, in milliseconds, with everything that an answer shows.
    pub median_milliseconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queries = self.rankings.first().map_or(0, |ranking| ranking.queries.len());
        write!(
            formatter,
            "{} ({}, {} clauses, {queries} queries, median {:.2} ms)",
            self.set, self.kind, self.clauses, self.median_milliseconds
        )?;
        for ranking in &self.rankings {
            write!(formatter, "\n{ranking}")?;
        }
        if let Some(floor) = &self.floor {
            write!(
                formatter,
                "\n  default floor: {:.1} % of {} queries that have a right answer get a card; of the first three cards, {}, {:.1} % are right",
                floor.coverage * 100.0,
                floor.queries,
                floor.cards,
                floor.precision * 100.0
            )?;
            for tier in &floor.tiers {
                write!(
                    formatter,
                    "\n    {:<18} {:>6} cards, {:.1} % right",
                    tier.tier,
                    tier.cards,
                    tier.right * 100.0
                )?;
            }
        }
        Ok(())
    }
}

/// How sets are evaluated.
#[derive(Default)]
pub struct Options<'a> {
    /// Rank by BM25 as well.
    pub bm25: bool,
    /// Where the features of results are written, a line of JSON for each query.
    pub features: Option<&'a mut (dyn io::Write + Send)>,
}

/// Takes a set into a temporary collection and asks all its queries.
///
/// # Errors
/// [`EvalError`] if the set cannot be read or a question fails.
pub async fn run(
    set: &Path,
    engine: EngineChoice,
    knowledge: Knowledge,
    options: Options<'_>,
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
    let mut queries = Vec::with_capacity(judged.questions.len());
    let mut floor = FloorCount::default();
    let mut milliseconds = Vec::with_capacity(judged.questions.len());
    for question in &judged.questions {
        let begin = Instant::now();
        let gains = ask(&desk, &judged, question).await?;
        milliseconds.push(begin.elapsed().as_secs_f64() * 1000.0);
        let ideal = judged.ideal_gains(question);
        queries.push(QueryFigures::of_gains(question.id(), &gains, &ideal));
        if let Question::Clause(id) = question
            && ideal.first().is_some_and(|best| *best > 0.0)
        {
            floor.add(ask_floor(&desk, &judged, question, id).await?);
        }
    }
    if let Some(out) = options.features {
        feature::write_features(&desk, &set.display().to_string(), &judged, out).await?;
    }
    let labels = report::count_labels(&queries, |id| judged.labels(id));
    let mut rankings = vec![Ranking::new("crossclause", queries)];
    if options.bm25 {
        let bm25 = Bm25::of_set(&judged);
        let figures = |question: &Question| {
            let ideal = judged.ideal_gains(question);
            QueryFigures::of_gains(question.id(), &bm25.gains(&judged, question), &ideal)
        };
        rankings.push(Ranking::new("bm25", judged.questions.iter().map(figures).collect()));
    }
    milliseconds.sort_by(f64::total_cmp);
    Ok(Report {
        set: set.display().to_string(),
        kind: judged.kind().to_owned(),
        clauses: summary.added,
        rankings,
        floor: floor.figures(),
        labels,
        median_milliseconds: milliseconds.get(milliseconds.len() / 2).copied().unwrap_or(0.0),
    })
}

/// The first three cards at the default floor, each with its tier and its gain.
async fn ask_floor(
    desk: &Desk,
    judged: &JudgedSet,
    question: &Question,
    id: &str,
) -> Result<Vec<(String, f64)>, EvalError> {
    let params = Params::new([("limit".to_owned(), "3".to_owned())]);
    let cards = desk.find_comparables(Source::Clause(id), params).await?.cards.unwrap_or_default();
    let tier = |tier: &Option<String>| tier.clone().unwrap_or_default();
    Ok(cards
        .iter()
        .map(|card| (tier(&card.matching.tier), judged.gain(question, &card.clause.id).unwrap_or(0.0)))
        .collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        let report =
            run(directory.path(), EngineChoice::Tantivy, knowledge, Options { bm25: true, features: None })
                .await
                .expect("a report");
        let ours = report.rankings.first().expect("ours");
        assert_eq!((report.kind.as_str(), ours.queries.len(), report.clauses), ("peers", 1, 6));
        let close = |one: f64, two: f64| (one - two).abs() < 1e-9;
        let (second, third, fourth) = (1.0 / 3.0_f64.log2(), 0.5, 1.0 / 5.0_f64.log2());
        assert!(close(ours.gain_at_1.mean, 0.0) && close(ours.gain_at_3.mean, 2.0 / 3.0), "{report}");
        assert!(close(ours.ndcg_at_10.mean, (second + third + fourth) / (1.0 + second + third)), "{report}");
    }
}
