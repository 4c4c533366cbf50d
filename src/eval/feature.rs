//! The features of what a query found, for a fit of the ranking's weights.

use std::io::{self, Write};

use serde::Serialize;

use super::EvalError;
use super::judgement::{JudgedSet, Question};
use crate::answer::{Desk, Hit, Params, Source};

/// How many results of a query are told.
const DEPTH: usize = 300;

/// How many are asked for at a time.
const PAGE: usize = 100;

/// A query with what it found.
#[derive(Debug, Serialize)]
struct QueryFeatures<'a> {
    set: &'a str,
    query: &'a str,
    /// Of peers: its labels.
    labels: &'a [String],
    /// Of peers: its platform.
    platform: Option<&'a str>,
    /// The gains of the best possible answer, best first.
    ideal: Vec<f64>,
    results: Vec<ResultFeatures>,
}

/// A result in ranking order.
#[derive(Debug, Serialize)]
struct ResultFeatures {
    platform: String,
    /// `None` if it was not judged.
    gain: Option<f64>,
    sum: u32,
    /// The values of its features by name; empty outside the window.
    features: std::collections::BTreeMap<String, i64>,
}

/// Writes a line of JSON for each query of a set: the first 300 results, floor off, with features,
/// sum and gain.
///
/// # Errors
/// [`EvalError`] if a question fails or nothing can be written.
pub(super) async fn write_features(
    desk: &Desk,
    set: &str,
    judged: &JudgedSet,
    out: &mut (dyn Write + Send),
) -> Result<(), EvalError> {
    for question in &judged.questions {
        let hits = list_hits(desk, question).await?;
        let line = QueryFeatures {
            set,
            query: question.id(),
            labels: judged.labels(question.id()),
            platform: judged.platform(question.id()),
            ideal: judged.ideal_gains(question),
            results: hits.into_iter().map(|hit| read_hit(judged, question, hit)).collect(),
        };
        let line = serde_json::to_string(&line).map_err(io::Error::from);
        line.and_then(|line| writeln!(out, "{line}"))
            .map_err(|source| EvalError::Read { path: "the file of features".into(), source })?;
    }
    Ok(())
}

async fn list_hits(desk: &Desk, question: &Question) -> Result<Vec<Hit>, EvalError> {
    let mut hits = Vec::new();
    let mut cursor: Option<String> = None;
    while hits.len() < DEPTH {
        let fixed = [("min_score", "0"), ("explain", "true"), ("facets", "severity"), ("group_by", "none")];
        let mut pairs: Vec<(String, String)> =
            fixed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        pairs.push(("limit".to_owned(), PAGE.to_string()));
        pairs.extend(cursor.map(|cursor| ("cursor".to_owned(), cursor)));
        let (page, next) = match question {
            Question::Clause(id) => {
                let answer = desk.find_comparables(Source::Clause(id), Params::new(pairs)).await?;
                (answer.hits, answer.next_cursor)
            }
            Question::Words(_, words) => {
                pairs.push(("q".to_owned(), words.clone()));
                let answer = desk.search(Params::new(pairs)).await?;
                (answer.hits, answer.next_cursor)
            }
        };
        hits.extend(page.unwrap_or_default());
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(hits)
}

fn read_hit(judged: &JudgedSet, question: &Question, hit: Hit) -> ResultFeatures {
    let explain = hit.matching.explain;
    let order = explain.as_ref().and_then(|explain| explain.order.as_ref());
    ResultFeatures {
        gain: judged.gain(question, &hit.clause.id),
        sum: explain.as_ref().map_or(0, |explain| explain.sum),
        features: order
            .map(|order| order.features.iter().map(|(name, one)| (name.clone(), one.value)).collect())
            .unwrap_or_default(),
        platform: hit.platform.id,
    }
}
