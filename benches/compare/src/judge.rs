//! nDCG@10 of the answers of every engine on a set of peers: the first ten platforms' best clauses, linear
//! gain, log2 discount, a mean over queries. The set's form is that of `crossclause eval`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::record::read_lines;

/// How many results count.
const DEPTH: usize = 10;

/// On how many platforms a label must occur for its clauses to be asked for.
const LEAST_PLATFORMS: usize = 4;

/// A set of peers.
pub struct Peers {
    labels: HashMap<String, HashSet<String>>,
    platforms: HashMap<String, String>,
    /// Clauses that are asked for.
    pub queries: Vec<String>,
}

impl Peers {
    /// Reads a set from its directory.
    ///
    /// # Errors
    /// If a file is missing or has another form.
    pub fn read(directory: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = directory.join(name);
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let given: BTreeMap<String, Value> = serde_json::from_str(&read("labels.json")?)?;
        let labels: HashMap<String, HashSet<String>> = given
            .into_iter()
            .map(|(id, label)| {
                let all = match label {
                    Value::Array(all) => all,
                    one => vec![one],
                };
                (id, all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            })
            .collect();
        let mut platforms = HashMap::new();
        let mut order = Vec::new();
        for line in read("clauses.ndjson")?.lines().filter(|line| !line.trim().is_empty()) {
            let value: Value = serde_json::from_str(line)?;
            let id = value["id"].as_str().context("an id")?.to_owned();
            let platform = value["platform"]["id"].as_str().context("a platform")?.to_owned();
            order.push(id.clone());
            platforms.insert(id, platform);
        }
        let mut spread: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (id, of_clause) in &labels {
            for label in of_clause {
                spread.entry(label).or_default().extend(platforms.get(id).map(String::as_str));
            }
        }
        let is_wide =
            |label: &String| spread.get(label.as_str()).is_some_and(|on| on.len() >= LEAST_PLATFORMS);
        let queries: Vec<String> = order
            .into_iter()
            .filter(|id| labels.get(id).is_some_and(|labels| labels.iter().any(is_wide)))
            .collect();
        Ok(Self { labels, platforms, queries })
    }

    /// So many of the queries, evenly spread.
    #[must_use]
    pub fn draw(&self, count: usize) -> Vec<String> {
        let all = self.queries.len();
        let drawn = count.min(all);
        (0..drawn).filter_map(|place| self.queries.get(place * all / drawn.max(1)).cloned()).collect()
    }

    fn gain(&self, source: &str, clause: &str) -> f64 {
        let (Some(one), Some(two)) = (self.labels.get(source), self.labels.get(clause)) else { return 0.0 };
        one.intersection(two).count() as f64 / one.union(two).count().max(1) as f64
    }

    fn ideal(&self, source: &str) -> f64 {
        let own = self.platforms.get(source);
        let mut best: HashMap<&str, f64> = HashMap::new();
        for clause in self.labels.keys() {
            if let Some(platform) = self.platforms.get(clause).filter(|platform| Some(*platform) != own) {
                let slot = best.entry(platform).or_default();
                *slot = slot.max(self.gain(source, clause));
            }
        }
        let mut gains: Vec<f64> = best.into_values().collect();
        gains.sort_by(|one, two| two.total_cmp(one));
        discount(&gains)
    }

    /// nDCG@10 of one answer; `ideals` keeps what was computed for another engine.
    #[must_use]
    pub fn judge(&self, source: &str, ids: &[&str], ideals: &mut HashMap<String, f64>) -> f64 {
        let ideal = *ideals.entry(source.to_owned()).or_insert_with(|| self.ideal(source));
        let gains: Vec<f64> = ids.iter().map(|id| self.gain(source, id)).collect();
        if ideal > 0.0 { discount(&gains) / ideal } else { 0.0 }
    }
}

fn discount(gains: &[f64]) -> f64 {
    gains.iter().take(DEPTH).enumerate().map(|(place, gain)| gain / (place as f64 + 2.0).log2()).sum()
}

/// How many clauses a file of records has, and how many bytes of text.
///
/// # Errors
/// If it cannot be read.
pub fn weigh_records(path: &Path) -> Result<(u64, u64)> {
    let (mut clauses, mut bytes) = (0, 0);
    read_lines(std::io::BufReader::new(std::fs::File::open(path)?), |line| {
        clauses += 1;
        bytes += line.text.len() as u64 + line.title.map_or(0, |title| title.len() as u64);
        Ok(())
    })?;
    Ok((clauses, bytes))
}
