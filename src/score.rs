//! The score: weights of a source's terms, impacts of a clause's, the share, and the sum.
//!
//! Whole numbers throughout, so that neither segments nor threads nor the choice of engine can
//! change a score, a tie or a count. The shape is BM25's (Robertson and Zaragoza, 2009), divided
//! by what the source reaches against itself.

use std::collections::BTreeMap;

use crate::search_schema::{ImpactSchema, SearchSchema, interpolate};
use crate::statistics::Statistics;

/// The greatest sum there is: that of equal wording.
pub const GREATEST_SUM: u32 = (1 << 24) - 1;

/// A whole share, in 65,536ths.
pub const WHOLE_SHARE: u32 = 65_536;

/// Frequencies above this count as this in an impact.
const FREQUENCY_CAP: usize = 32;

/// The one-byte code of a length: exact to 39, then within an eighth (a 4-bit mantissa).
#[must_use]
pub fn encode_length(length: u32) -> u8 {
    if length < 24 {
        return u8::try_from(length).unwrap_or(u8::MAX);
    }
    let rest = length - 24;
    let bits = 32 - rest.leading_zeros();
    let code = if bits < 4 {
        rest
    } else {
        let shift = bits - 4;
        ((rest >> shift) & 7) | ((shift + 1) << 3)
    };
    u8::try_from(24 + code).unwrap_or(u8::MAX)
}

/// The least length that has a code.
#[must_use]
pub fn decode_length(code: u8) -> u32 {
    if code < 24 {
        return u32::from(code);
    }
    let code = u32::from(code) - 24;
    let (mantissa, exponent) = (code & 7, code >> 3);
    let rest = if exponent == 0 { mantissa } else { (mantissa | 8) << (exponent - 1) };
    24 + rest
}

/// Impacts by frequency and length code, 1 to 255, for one mean length.
#[derive(Debug, Clone)]
pub struct ImpactTable {
    /// One row of frequencies (1 to the cap) a length code.
    rows: Vec<[u8; FREQUENCY_CAP]>,
}

impl ImpactTable {
    /// Computes the table for a collection of `clauses` clauses with `total_length` terms.
    #[must_use]
    pub fn new(schema: ImpactSchema, clauses: u64, total_length: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts below 2^53 are exact")]
        let mean = if clauses == 0 { 1.0 } else { (total_length as f64 / clauses as f64).max(1.0) };
        let rows = (0..=u8::MAX)
            .map(|code| {
                let norm = schema.k1 * (1.0 - schema.b + schema.b * f64::from(decode_length(code)) / mean);
                let mut row = [1; FREQUENCY_CAP];
                let mut frequency = 1.0;
                for slot in &mut row {
                    let impact = (255.0 * frequency / (frequency + norm)).round().clamp(1.0, 255.0);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "clamped to 1..=255"
                    )]
                    {
                        *slot = impact as u8;
                    }
                    frequency += 1.0;
                }
                row
            })
            .collect();
        Self { rows }
    }

    /// The impact of a term that occurs `frequency` times (at least 1) in a clause of this length.
    #[must_use]
    pub fn impact(&self, frequency: u32, length_code: u8) -> u32 {
        let place = (frequency.max(1) as usize).min(FREQUENCY_CAP) - 1;
        self.rows
            .get(usize::from(length_code))
            .and_then(|row| row.get(place))
            .map_or(1, |&impact| u32::from(impact))
    }
}

/// A term of a source with its weight, 1 to 255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedTerm {
    /// The term.
    pub term: String,
    /// Its weight.
    pub weight: u32,
}

/// The weight of a term in a source, 0 to 255, from its rarity and its frequency there.
#[must_use]
pub fn weigh_term(schema: &SearchSchema, statistics: &Statistics, term: &str, frequency: u32) -> u32 {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53 are exact")]
    let clauses = statistics.clauses.max(1) as f64;
    let rarity_of = |df: f64| libm::log(1.0 + (clauses - df + 0.5) / (df + 0.5));
    let df = f64::from(statistics.document_frequency(term)).min(clauses);
    let k3 = schema.source.k3;
    let frequency = f64::from(frequency.max(1));
    // The greatest weight is that of a term of one clause, met so often that frequency saturates
    // at twice the weight of a single occurrence.
    let saturation = (frequency * (k3 + 1.0) / (frequency + k3)).min(2.0) / 2.0;
    let weight = 255.0 * rarity_of(df) / rarity_of(1.0) * saturation;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255")]
    {
        weight.round().clamp(0.0, 255.0) as u32
    }
}

/// The terms of a source: those of greatest weight (ties by bytes), at most as many as the schema
/// says. A weight that rounds to 0 makes no term.
#[must_use]
pub fn weigh_source(
    schema: &SearchSchema,
    statistics: &Statistics,
    frequencies: &BTreeMap<&str, u32>,
) -> Vec<WeightedTerm> {
    let mut terms: Vec<WeightedTerm> = frequencies
        .iter()
        .map(|(term, &frequency)| WeightedTerm {
            term: (*term).to_owned(),
            weight: weigh_term(schema, statistics, term, frequency),
        })
        .filter(|term| term.weight > 0)
        .collect();
    terms.sort_by(|one, two| two.weight.cmp(&one.weight).then_with(|| one.term.cmp(&two.term)));
    terms.truncate(schema.source.terms);
    terms
}

/// `S(source, source)`: what a source reaches against itself, over the terms that it keeps.
#[must_use]
pub fn measure_source(
    terms: &[WeightedTerm],
    frequencies: &BTreeMap<&str, u32>,
    length: u32,
    impacts: &ImpactTable,
) -> u32 {
    let code = encode_length(length);
    terms
        .iter()
        .map(|term| {
            let frequency = frequencies.get(term.term.as_str()).copied().unwrap_or(1);
            term.weight * impacts.impact(frequency, code)
        })
        .sum()
}

/// How much of the source a clause holds, in 65,536ths, rounded down, at most a whole.
#[must_use]
pub fn share(similarity: u32, self_similarity: u32) -> u32 {
    if self_similarity == 0 {
        return 0;
    }
    let share = u64::from(similarity) * u64::from(WHOLE_SHARE) / u64::from(self_similarity);
    u32::try_from(share).unwrap_or(u32::MAX).min(WHOLE_SHARE)
}

/// How share, closeness and agreement become one sum. Data that goes to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumRule {
    /// What one 65,536th of share adds.
    pub share_weight: u32,
    /// What one 65,536th of closeness adds.
    pub closeness_weight: u32,
    /// Share to the closeness that stands in where there is no vector.
    pub closeness_stand_in: Vec<(u32, u32)>,
}

impl SumRule {
    /// The rule of a search schema.
    #[must_use]
    pub fn of_schema(schema: &SearchSchema) -> Self {
        Self {
            share_weight: schema.comparables.share_weight,
            closeness_weight: schema.comparables.closeness_weight,
            closeness_stand_in: schema.comparables.closeness_stand_in.clone(),
        }
    }

    /// The sum of a clause that is not of equal wording. `closeness` is `None` where one of the
    /// two has no vector.
    #[must_use]
    pub fn sum(&self, share: u32, closeness: Option<u32>, agreement: u32) -> u32 {
        let closeness = closeness.unwrap_or_else(|| self.stand_in(share));
        share * self.share_weight + closeness * self.closeness_weight + agreement
    }

    /// The least closeness that makes a sum of at least `least_sum`; more than a whole if none does.
    #[must_use]
    pub fn least_closeness(&self, share: u32, agreement: u32, least_sum: u32) -> u32 {
        let missing = least_sum.saturating_sub(share * self.share_weight + agreement);
        match self.closeness_weight {
            _ if missing == 0 => 0,
            0 => u32::MAX,
            weight => missing.div_ceil(weight),
        }
    }

    /// The closeness that stands in, by the share, where one of the two has no vector.
    #[must_use]
    pub fn stand_in(&self, share: u32) -> u32 {
        interpolate(&self.closeness_stand_in, share)
    }
}

/// The score of a sum, in thousandths: 1,000 for equal wording, else 0 to 990.
#[must_use]
pub fn score_of_sum(schema: &SearchSchema, sum: u32) -> u32 {
    if sum >= GREATEST_SUM {
        return 1000;
    }
    interpolate(&schema.comparables.score, sum)
}

/// The least sum whose score reaches `thousandths`.
#[must_use]
pub fn least_sum_of_score(schema: &SearchSchema, thousandths: u32) -> u32 {
    let (mut low, mut high) = (0, GREATEST_SUM);
    while low < high {
        let middle = low + (high - low) / 2;
        if score_of_sum(schema, middle) >= thousandths {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// A floor of 0 to 1 in thousandths, rounded up.
#[must_use]
pub fn floor_in_thousandths(floor: f64) -> u32 {
    // A decimal like 0.3 is a hair above its thousandths in binary: that hair is no thousandth.
    let thousandths = (floor.clamp(0.0, 1.0) * 1000.0 - 1e-9).ceil().max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
    {
        thousandths as u32
    }
}

/// The tier of a score in thousandths; `None` below the last one.
#[must_use]
pub fn tier_of_score(schema: &SearchSchema, thousandths: u32) -> Option<&str> {
    if thousandths >= 1000 {
        return Some("identical-wording");
    }
    schema
        .comparables
        .tiers
        .iter()
        .find(|tier| thousandths >= floor_in_thousandths(tier.from))
        .map(|tier| tier.tier.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_codes_round_down_and_never_fall() {
        let mut last = 0;
        for length in (0..100_000).chain([1 << 20, 1 << 30, u32::MAX]) {
            let code = encode_length(length);
            assert!(code >= last, "{length}");
            assert!(decode_length(code) <= length, "{length}");
            if length < 40 {
                assert_eq!(decode_length(code), length);
            }
            assert_eq!(encode_length(decode_length(code)), code, "{length}");
            last = code;
        }
    }

    #[test]
    fn impacts_rise_with_frequency_and_fall_with_length() {
        let schema = SearchSchema::bundled().expect("sound");
        let table = ImpactTable::new(schema.impact, 10, 500);
        for code in [1, 30, 90] {
            for frequency in 1..40 {
                assert!(table.impact(frequency + 1, code) >= table.impact(frequency, code));
                assert!(table.impact(frequency, code + 1) <= table.impact(frequency, code));
            }
        }
    }

    #[test]
    fn the_largest_similarity_stays_below_two_to_the_24() {
        const { assert!(256 * 255 * 255 < GREATEST_SUM) };
        assert_eq!(share(GREATEST_SUM, 1), WHOLE_SHARE);
        assert_eq!(share(5, 0), 0);
    }

    #[test]
    fn the_least_closeness_is_the_least() {
        let schema = SearchSchema::bundled().expect("sound");
        let rule = SumRule::of_schema(&schema);
        for (share, agreement, least_sum) in
            [(13_107, 0, 3_600_000), (40_000, 900_000, 3_600_000), (65_536, 1_000_000, 1)]
        {
            let least = rule.least_closeness(share, agreement, least_sum);
            assert!(rule.sum(share, Some(least), agreement) >= least_sum);
            assert!(least == 0 || rule.sum(share, Some(least - 1), agreement) < least_sum);
        }
        let rule = SumRule { closeness_weight: 0, ..rule };
        assert_eq!(rule.least_closeness(1, 0, 1_000), u32::MAX);
        assert_eq!(rule.least_closeness(1_000, 0, 1_000), 0);
    }

    #[test]
    fn scores_and_sums_agree() {
        let schema = SearchSchema::bundled().expect("sound");
        for thousandths in [0, 1, 250, 300, 777, 990, 1000] {
            let sum = least_sum_of_score(&schema, thousandths);
            assert!(score_of_sum(&schema, sum) >= thousandths);
            assert!(sum == 0 || score_of_sum(&schema, sum - 1) < thousandths, "{thousandths}");
        }
        assert_eq!(floor_in_thousandths(0.3), 300);
        assert_eq!(floor_in_thousandths(0.3001), 301);
        assert_eq!(tier_of_score(&schema, 1000), Some("identical-wording"));
        assert_eq!(tier_of_score(&schema, 0), None);
    }
}
