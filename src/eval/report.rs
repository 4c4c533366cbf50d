//! Figures of judged sets: means with their intervals, label by label and query by query.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How many results count.
pub(super) const DEPTH: usize = 10;

/// How often queries are drawn again for an interval.
const RESAMPLES: usize = 1_000;

/// What came of one query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueryFigures {
    /// The query's id: a clause's, or a search's.
    pub query: String,
    /// nDCG@10.
    pub ndcg_at_10: f64,
    /// Gain of the first result.
    pub gain_at_1: f64,
    /// Mean gain of the first three.
    pub gain_at_3: f64,
}

impl QueryFigures {
    /// The figures of a query, from the gains of its results in order and of the best possible ones.
    pub(super) fn of_gains(query: &str, gains: &[f64], ideal: &[f64]) -> Self {
        let best = discount(ideal);
        Self {
            query: query.to_owned(),
            ndcg_at_10: if best > 0.0 { discount(gains) / best } else { 0.0 },
            gain_at_1: gains.first().copied().unwrap_or(0.0),
            gain_at_3: gains.iter().take(3).sum::<f64>() / 3.0,
        }
    }
}

/// A mean over queries, with the interval in which 95 % of the means of queries drawn again fall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl fmt::Display for Mean {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.4} ({:.3} to {:.3})", self.mean, self.low, self.high)
    }
}

/// The three figures of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// Whose order it is: `crossclause`, or a baseline's name.
    pub name: String,
    /// Mean nDCG@10.
    pub ndcg_at_10: Mean,
    /// Mean gain of the first result.
    pub gain_at_1: Mean,
    /// Mean of the mean gain of the first three.
    pub gain_at_3: Mean,
    /// Query by query.
    pub queries: Vec<QueryFigures>,
}

impl Ranking {
    /// The means over queries.
    pub(super) fn new(name: &str, queries: Vec<QueryFigures>) -> Self {
        let over =
            |figure: fn(&QueryFigures) -> f64| resample(&queries.iter().map(figure).collect::<Vec<f64>>());
        Self {
            name: name.to_owned(),
            ndcg_at_10: over(|query| query.ndcg_at_10),
            gain_at_1: over(|query| query.gain_at_1),
            gain_at_3: over(|query| query.gain_at_3),
            queries,
        }
    }
}

impl fmt::Display for Ranking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "  {:<12} nDCG@10 {}  gain@1 {}  gain@3 {}",
            self.name, self.ndcg_at_10, self.gain_at_1, self.gain_at_3
        )
    }
}

/// The figures of the queries of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelFigures {
    /// The label.
    pub label: String,
    /// Queries that have it.
    pub queries: u64,
    /// Their mean nDCG@10.
    pub ndcg_at_10: f64,
    /// Their mean gain of the first result.
    pub gain_at_1: f64,
}

/// Figures of each label, those of the lowest nDCG first.
pub(super) fn count_labels<'a>(
    queries: &[QueryFigures],
    labels_of: impl Fn(&str) -> &'a [String],
) -> Vec<LabelFigures> {
    let mut by_label: BTreeMap<&str, Vec<&QueryFigures>> = BTreeMap::new();
    for query in queries {
        for label in labels_of(&query.query) {
            by_label.entry(label).or_default().push(query);
        }
    }
    let mut labels: Vec<LabelFigures> = by_label
        .into_iter()
        .map(|(label, of_label)| LabelFigures {
            label: label.to_owned(),
            queries: of_label.len() as u64,
            ndcg_at_10: mean(of_label.iter().map(|query| query.ndcg_at_10)),
            gain_at_1: mean(of_label.iter().map(|query| query.gain_at_1)),
        })
        .collect();
    labels.sort_by(|one, two| {
        one.ndcg_at_10.total_cmp(&two.ndcg_at_10).then_with(|| one.label.cmp(&two.label))
    });
    labels
}

/// Cards of one tier among the first three of each query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TierFigures {
    /// The tier.
    pub tier: String,
    /// Cards shown.
    pub cards: u64,
    /// Their mean gain: the share that is right.
    pub right: f64,
}

/// What the default floor lets through, of the queries that have a right answer on another platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FloorFigures {
    /// Queries that have a right answer.
    pub queries: u64,
    /// The share of them that gets a card.
    pub coverage: f64,
    /// Cards among the first three of a query.
    pub cards: u64,
    /// Their mean gain: the share that is right.
    pub precision: f64,
    /// The same, tier by tier.
    pub tiers: Vec<TierFigures>,
}

/// Counts the first three cards of queries that have a right answer.
#[derive(Debug, Default)]
pub(super) struct FloorCount {
    queries: u64,
    answered: u64,
    tiers: BTreeMap<String, Vec<f64>>,
}

impl FloorCount {
    /// Counts one query's cards, each with its tier and gain.
    pub(super) fn add(&mut self, cards: impl IntoIterator<Item = (String, f64)>) {
        self.queries += 1;
        let mut is_answered = false;
        for (tier, gain) in cards {
            is_answered = true;
            self.tiers.entry(tier).or_default().push(gain);
        }
        self.answered += u64::from(is_answered);
    }

    pub(super) fn figures(self) -> Option<FloorFigures> {
        let all: Vec<f64> = self.tiers.values().flatten().copied().collect();
        (self.queries > 0).then(|| FloorFigures {
            queries: self.queries,
            coverage: divide(self.answered, self.queries),
            cards: all.len() as u64,
            precision: mean(all.iter().copied()),
            tiers: self
                .tiers
                .into_iter()
                .map(|(tier, gains)| TierFigures {
                    tier,
                    cards: gains.len() as u64,
                    right: mean(gains.into_iter()),
                })
                .collect(),
        })
    }
}

/// Queries that one report answers better or worse than another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Queries in both reports.
    pub queries: u64,
    /// Mean difference of nDCG@10, with its interval: of the same queries, so narrower than those of
    /// the two means.
    pub difference: Mean,
    /// Queries answered better, those that gained most first: id and difference of nDCG@10.
    pub won: Vec<(String, f64)>,
    /// Queries answered worse, those that lost most first.
    pub lost: Vec<(String, f64)>,
}

/// Compares two rankings of the same set, query by query.
#[must_use]
pub fn compare_rankings(before: &Ranking, after: &Ranking) -> Comparison {
    let old: BTreeMap<&str, f64> =
        before.queries.iter().map(|query| (query.query.as_str(), query.ndcg_at_10)).collect();
    let mut differences: Vec<(String, f64)> = after
        .queries
        .iter()
        .filter_map(|query| {
            let before = old.get(query.query.as_str())?;
            Some((query.query.clone(), query.ndcg_at_10 - before))
        })
        .collect();
    let difference = resample(&differences.iter().map(|(_, change)| *change).collect::<Vec<f64>>());
    let queries = differences.len() as u64;
    differences.sort_by(|one, two| two.1.total_cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
    let won = differences.iter().filter(|(_, change)| *change > 1e-9).cloned().collect();
    let lost = differences.iter().rev().filter(|(_, change)| *change < -1e-9).cloned().collect();
    Comparison { queries, difference, won, lost }
}

/// DCG of the first results: the gain of rank r counts 1 / log2(r + 1).
fn discount(gains: &[f64]) -> f64 {
    let mut rank = 1.0_f64;
    let mut sum = 0.0;
    for gain in gains.iter().take(DEPTH) {
        rank += 1.0;
        sum += gain / rank.log2();
    }
    sum
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of queries are small")]
    let count = values.len() as f64;
    if count > 0.0 { values.sum::<f64>() / count } else { 0.0 }
}

fn divide(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of queries are small")]
    {
        part as f64 / whole.max(1) as f64
    }
}

/// The mean of values and its 95 % interval by the percentile bootstrap (Efron, 1979): values drawn
/// with replacement, always the same way.
fn resample(values: &[f64]) -> Mean {
    let middle = mean(values.iter().copied());
    if values.is_empty() {
        return Mean { mean: middle, low: middle, high: middle };
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % values.len()
    };
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<f64> =
                (0..values.len()).map(|_| values.get(next()).copied().unwrap_or(0.0)).collect();
            mean(drawn.into_iter())
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |place: usize| means.get(place).copied().unwrap_or(middle);
    Mean { mean: middle, low: at(RESAMPLES / 40), high: at(RESAMPLES - 1 - RESAMPLES / 40) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discount_falls_with_the_rank() {
        assert!((discount(&[1.0]) - 1.0).abs() < 1e-12);
        assert!((discount(&[0.0, 1.0]) - 1.0 / 3.0_f64.log2()).abs() < 1e-12);
        let eleventh = [vec![0.0; DEPTH], vec![1.0]].concat();
        assert!(discount(&eleventh).abs() < 1e-12);
    }

    #[test]
    fn an_interval_holds_the_mean() {
        let values: Vec<f64> = (0..200).map(|place| f64::from(place % 2)).collect();
        let mean = resample(&values);
        assert!((mean.mean - 0.5).abs() < 1e-12);
        assert!(mean.low < 0.46 && mean.low > 0.40, "{mean}");
        assert!(mean.high > 0.54 && mean.high < 0.60, "{mean}");
        assert_eq!(resample(&values), mean);
    }

    #[test]
    fn comparisons_name_the_queries() {
        let ranking = |figures: &[(&str, f64)]| {
            let query = |(query, ndcg_at_10): &(&str, f64)| QueryFigures {
                query: (*query).to_owned(),
                ndcg_at_10: *ndcg_at_10,
                gain_at_1: 0.0,
                gain_at_3: 0.0,
            };
            Ranking::new("test", figures.iter().map(query).collect())
        };
        let before = ranking(&[("a", 0.5), ("b", 0.5), ("c", 0.5), ("gone", 1.0)]);
        let after = ranking(&[("a", 0.5), ("b", 0.9), ("c", 0.2)]);
        let comparison = compare_rankings(&before, &after);
        assert_eq!(comparison.queries, 3);
        assert_eq!(comparison.won.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(comparison.lost.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["c"]);
        assert!((comparison.difference.mean - 0.1 / 3.0).abs() < 1e-9);
    }
}
