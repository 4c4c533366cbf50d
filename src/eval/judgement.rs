//! A judged set as its files have it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::EvalError;
use super::report::DEPTH;

/// On how many platforms a label must occur for its clauses to be asked for.
const LEAST_PLATFORMS: usize = 4;

/// Something to ask for.
pub(super) enum Question {
    /// The comparables of a clause.
    Clause(String),
    /// A search: the query's id and its words.
    Words(String, String),
}

impl Question {
    /// The id of the query: the clause's, or the search's.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Clause(id) | Self::Words(id, _) => id,
        }
    }
}

/// What was judged.
pub(super) enum Judged {
    /// Labels of clauses.
    Peers(HashMap<String, Vec<String>>),
    /// Grades by query and clause, and the greatest of all.
    Queries(HashMap<String, HashMap<String, f64>>, f64),
}

/// A set, read.
pub(super) struct JudgedSet {
    pub(super) clauses: Vec<Value>,
    pub(super) questions: Vec<Question>,
    judged: Judged,
    platforms: HashMap<String, String>,
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, EvalError> {
    let text =
        fs::read_to_string(path).map_err(|source| EvalError::Read { path: path.to_owned(), source })?;
    serde_json::from_str(&text)
        .map_err(|error| EvalError::Form { path: path.to_owned(), reason: error.to_string() })
}

impl JudgedSet {
    /// Reads a set from its directory.
    pub(super) fn read(directory: &Path) -> Result<Self, EvalError> {
        let path = directory.join("clauses.ndjson");
        let text =
            fs::read_to_string(&path).map_err(|source| EvalError::Read { path: path.clone(), source })?;
        let mut clauses: Vec<Value> = Vec::new();
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let reason = |error| EvalError::Form {
                path: path.clone(),
                reason: format!("line {}: {error}", place + 1),
            };
            clauses.push(serde_json::from_str(line).map_err(reason)?);
        }
        let id_of = |value: &Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
        let platforms: HashMap<String, String> = clauses
            .iter()
            .filter_map(|clause| Some((id_of(clause)?, id_of(clause.get("platform")?)?)))
            .collect();
        let labels_path = directory.join("labels.json");
        let labels: BTreeMap<String, Value> = read_json(&labels_path)?;
        let queries_path = directory.join("queries.json");
        let queries: Option<Value> =
            if queries_path.exists() { Some(read_json(&queries_path)?) } else { None };
        let form =
            |path: &Path, reason: &str| EvalError::Form { path: path.to_owned(), reason: reason.to_owned() };

        if let Some(Value::Object(queries)) = queries {
            let mut grades = HashMap::new();
            let mut greatest = 0.0_f64;
            for (query, value) in labels {
                let map = value
                    .as_object()
                    .ok_or_else(|| form(&labels_path, "a query's labels must be an object"))?;
                let of_query: HashMap<String, f64> =
                    map.iter().filter_map(|(id, grade)| Some((id.clone(), grade.as_f64()?))).collect();
                greatest = of_query.values().copied().fold(greatest, f64::max);
                grades.insert(query, of_query);
            }
            let words = |value: Value| value.as_str().map(str::to_owned);
            let questions = queries
                .into_iter()
                .map(|(id, value)| Some(Question::Words(id, words(value)?)))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| form(&queries_path, "a query must be a string of words"))?;
            return Ok(Self { clauses, questions, judged: Judged::Queries(grades, greatest), platforms });
        }

        let labels: HashMap<String, Vec<String>> = labels
            .into_iter()
            .map(|(id, value)| {
                let list = match value {
                    Value::String(label) => Some(vec![label]),
                    Value::Array(labels) => {
                        labels.iter().map(|label| label.as_str().map(str::to_owned)).collect()
                    }
                    _ => None,
                };
                list.map(|list| (id, list))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| form(&labels_path, "a clause's label must be a string or a list of strings"))?;
        let asked: Vec<String> = match queries {
            Some(Value::Array(ids)) => ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect(),
            Some(_) => return Err(form(&queries_path, "must be a list of ids or an object of words")),
            None => choose_clauses(&clauses, &labels, &platforms),
        };
        let questions = asked.into_iter().map(Question::Clause).collect();
        Ok(Self { clauses, questions, judged: Judged::Peers(labels), platforms })
    }

    /// The labels of a clause in a set of peers; else none.
    pub(super) fn labels(&self, clause: &str) -> &[String] {
        match &self.judged {
            Judged::Peers(labels) => labels.get(clause).map_or(&[], Vec::as_slice),
            Judged::Queries(..) => &[],
        }
    }

    /// The platform of a clause.
    pub(super) fn platform(&self, clause: &str) -> Option<&str> {
        self.platforms.get(clause).map(String::as_str)
    }

    /// `peers` or `queries`.
    pub(super) fn kind(&self) -> &'static str {
        match self.judged {
            Judged::Peers(_) => "peers",
            Judged::Queries(..) => "queries",
        }
    }

    /// The gain of a clause, 0 to 1; `None` if it was not judged for the query.
    pub(super) fn gain(&self, question: &Question, clause: &str) -> Option<f64> {
        match (&self.judged, question) {
            (Judged::Peers(labels), Question::Clause(source)) => {
                Some(compare_labels(labels.get(source)?, labels.get(clause)?))
            }
            (Judged::Queries(grades, greatest), Question::Words(query, _)) => {
                let grade = grades.get(query)?.get(clause)?;
                Some(if *greatest > 0.0 { grade / greatest } else { 0.0 })
            }
            _ => None,
        }
    }

    /// The gains of the best possible answer, best first.
    pub(super) fn ideal_gains(&self, question: &Question) -> Vec<f64> {
        let mut gains: Vec<f64> = match (&self.judged, question) {
            (Judged::Peers(labels), Question::Clause(source)) => {
                let own = self.platforms.get(source);
                let mut best: HashMap<&str, f64> = HashMap::new();
                for clause in labels.keys() {
                    let Some(platform) = self.platforms.get(clause).filter(|platform| Some(*platform) != own)
                    else {
                        continue;
                    };
                    let gain = self.gain(question, clause).unwrap_or(0.0);
                    let slot = best.entry(platform.as_str()).or_insert(0.0);
                    *slot = gain.max(*slot);
                }
                best.into_values().collect()
            }
            (Judged::Queries(grades, _), Question::Words(query, _)) => {
                let judged = grades.get(query).into_iter().flat_map(HashMap::keys);
                judged.filter_map(|clause| self.gain(question, clause)).collect()
            }
            _ => Vec::new(),
        };
        gains.sort_by(|one, two| two.total_cmp(one));
        gains.truncate(DEPTH);
        gains
    }
}

/// 1 for the same label; of lists the share that both have (Jaccard's index).
fn compare_labels(one: &[String], two: &[String]) -> f64 {
    let (one, two): (HashSet<&String>, HashSet<&String>) = (one.iter().collect(), two.iter().collect());
    let all = one.union(&two).count();
    #[expect(clippy::cast_precision_loss, reason = "labels are few")]
    if all == 0 { 0.0 } else { one.intersection(&two).count() as f64 / all as f64 }
}

/// Clauses of which a label occurs on enough platforms, in the order of the file.
fn choose_clauses(
    clauses: &[Value],
    labels: &HashMap<String, Vec<String>>,
    platforms: &HashMap<String, String>,
) -> Vec<String> {
    let mut spread: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (id, of_clause) in labels {
        if let Some(platform) = platforms.get(id) {
            for label in of_clause {
                spread.entry(label).or_default().insert(platform);
            }
        }
    }
    let wide = |label: &String| spread.get(label.as_str()).is_some_and(|on| on.len() >= LEAST_PLATFORMS);
    clauses
        .iter()
        .filter_map(|clause| clause.get("id").and_then(Value::as_str))
        .filter(|id| labels.get(*id).is_some_and(|labels| labels.iter().any(wide)))
        .map(str::to_owned)
        .collect()
}
