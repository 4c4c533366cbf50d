use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a clause can cost the person who accepts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It gives up rights, takes data, puts money at stake or leaves no way out.
    High,
    /// It costs something, within limits.
    Medium,
    /// It costs little.
    Low,
    /// Nobody said, and nothing was inferred.
    Unrated,
}

impl Severity {
    /// All values, in the order of answers: high first, unrated last.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Unrated];

    /// The value as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unrated => "unrated",
        }
    }

    /// Reads a severity without regard to case. `None` for any other word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str().eq_ignore_ascii_case(text))
    }

    /// 0 for high to 3 for unrated: ties of a ranking fall to the lower rank.
    #[must_use]
    pub fn rank(self) -> u8 {
        self as u8
    }
}

/// What is said about a clause in the taxonomy's words. An absent value was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// The main clause type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause_type: Option<String>,
    /// Further clause types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_clause_types: Option<Vec<String>>,
    /// Categories, where they are not simply those of the types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// Severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Regulations given, or named in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulations: Option<Vec<String>>,
}

/// What was inferred about a clause, and why. It never looks like an analyst's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inferred {
    /// The inferred values.
    #[serde(flatten)]
    pub labels: Labels,
    /// The detected language, a BCP 47 tag, where the record gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The rule set that inferred them, such as `taxonomy 1.0.0`.
    #[serde(default)]
    pub by: String,
    /// The words and rules that matched.
    #[serde(default)]
    pub matched: Vec<String>,
    /// The inferred types with what speaks for each, the main one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<InferredType>,
    /// Of a clause left untyped: the type that it may be of, which was not sure enough to be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsure: Option<String>,
}

/// What speaks for an inferred type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InferredType {
    /// The clause type.
    pub clause_type: String,
    /// What its cues and hints are worth.
    pub points: u32,
    /// Of the main type: how often one of such strength was right, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// Whether the clause denies what the type is about.
    #[serde(default)]
    pub denied: bool,
}
