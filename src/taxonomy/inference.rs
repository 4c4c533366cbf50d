//! How strong a type is and how sure, and what changes severity: numbers and phrases of the
//! taxonomy, none of them in code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From points and learned words to a type's strength, and from strengths to confidence.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Inference {
    /// A main type below this confidence is not given, percent.
    pub least_confidence: u8,
    /// What a point of a cue adds to a type's strength, in hundredths.
    pub point: i32,
    /// Points above this add nothing.
    pub most_points: u32,
    /// In a text of more words than this, points count less, by the square root.
    pub long: usize,
    /// Odds, in hundredths, that it is none of the types that cues speak for.
    pub background: i32,
    /// Pairs of a type's share of the odds and of how many main types of such a share were
    /// right, both in percent; straight between two pairs, flat outside.
    #[schema(value_type = Vec<Vec<u8>>)]
    pub calibration: Vec<(u8, u8)>,
}

impl Default for Inference {
    fn default() -> Self {
        Self {
            least_confidence: 0,
            point: 40,
            most_points: 8,
            long: 120,
            background: 300,
            calibration: Vec::new(),
        }
    }
}

impl Inference {
    /// The strength of each type in hundredths: what its points add, and what its learned words
    /// weigh over the square root of the text's length in words.
    #[must_use]
    pub fn weigh(&self, points: &[u32], words_weigh: &[i32], length: usize) -> Vec<i32> {
        let root = libm::sqrt(to_float(length.max(1)));
        let long = libm::sqrt((to_float(self.long.max(1)) / to_float(length.max(1))).min(1.0));
        points
            .iter()
            .zip(words_weigh)
            .map(|(points, weigh)| {
                let by_points = f64::from(self.point) * f64::from((*points).min(self.most_points)) * long;
                round(by_points + f64::from(*weigh) / root)
            })
            .collect()
    }

    /// How often a main type of such strength among such rivals was right, in percent. `strengths` are
    /// those of all types that cues speak for, its own among them.
    #[must_use]
    pub fn confidence(&self, own: i32, strengths: impl Iterator<Item = i32>) -> u8 {
        let odds = |strength: i32| libm::exp(f64::from(strength) / 100.0);
        let all = strengths.map(odds).sum::<f64>() + f64::from(self.background) / 100.0;
        self.calibrate(100.0 * odds(own) / all)
    }

    fn calibrate(&self, share: f64) -> u8 {
        let mut before: Option<(f64, f64)> = None;
        for &(from, to) in &self.calibration {
            let (from, to) = (f64::from(from), f64::from(to));
            if share < from {
                let value = before.map_or(to, |(x, y)| y + (to - y) * (share - x) / (from - x));
                return to_percent(value);
            }
            before = Some((from, to));
        }
        to_percent(before.map_or(share, |(_, last)| last))
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of clauses are small")]
fn to_float(length: usize) -> f64 {
    length as f64
}

#[expect(clippy::cast_possible_truncation, reason = "strengths are small")]
fn round(value: f64) -> i32 {
    libm::round(value) as i32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn to_percent(value: f64) -> u8 {
    libm::round(value.clamp(0.0, 100.0)) as u8
}

/// Words that make a clause weigh more or less.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Modifier {
    /// Its id.
    pub id: String,
    /// `raise`, `lower`, or `except`: it takes something out of a promise.
    pub effect: String,
    /// Why it does.
    pub reason: String,
    /// Categories and clause types that it is for; none: all.
    #[serde(default)]
    pub of: Vec<String>,
    /// English phrases, written like cues.
    pub phrases: Vec<String>,
    /// French phrases.
    #[serde(default)]
    pub phrases_fr: Vec<String>,
    /// German phrases.
    #[serde(default)]
    pub phrases_de: Vec<String>,
}

impl Modifier {
    /// Its phrases in a language.
    #[must_use]
    pub fn phrases_in(&self, language: &str) -> &[String] {
        match language {
            "en" => &self.phrases,
            "fr" => &self.phrases_fr,
            "de" => &self.phrases_de,
            _ => &[],
        }
    }

    /// What it does to severity, as a reason says it.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self.effect.as_str() {
            "raise" => "raised",
            "lower" => "lowered",
            _ => "limited",
        }
    }
}
