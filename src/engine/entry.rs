//! What an engine holds of a clause.

use super::Condition;
use crate::clause::{ClauseId, Day, Severity};
use crate::profile::Profile;
use crate::text::term::ClauseTerms;

/// What clauses are filtered, faceted and agree by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The platform's id.
    Platform,
    /// The severity.
    Severity,
    /// Categories.
    Category,
    /// Clause types, the main and the others.
    ClauseType,
    /// The document's type.
    DocumentType,
    /// Regulations given or named.
    Regulation,
    /// Jurisdictions of those regulations, with what encloses them.
    Jurisdiction,
    /// BCP 47 language tag, with its primary part, in lower case.
    Language,
}

impl Attribute {
    /// All attributes.
    pub const ALL: [Self; 8] = [
        Self::Platform,
        Self::Severity,
        Self::Category,
        Self::ClauseType,
        Self::DocumentType,
        Self::Regulation,
        Self::Jurisdiction,
        Self::Language,
    ];

    /// Its name in `search-v1.json` and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Severity => "severity",
            Self::Category => "category",
            Self::ClauseType => "clause_type",
            Self::DocumentType => "document_type",
            Self::Regulation => "regulation",
            Self::Jurisdiction => "jurisdiction",
            Self::Language => "language",
        }
    }
}

/// A clause as an engine takes it: terms, never text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The clause's id.
    pub id: ClauseId,
    /// The version that it stands for.
    pub version: u64,
    /// Its terms.
    pub terms: ClauseTerms,
    /// The platform's id.
    pub platform: String,
    /// Its severity.
    pub severity: Severity,
    /// Its categories, or `untyped`.
    pub categories: Vec<String>,
    /// Its clause types, the main one first, or `untyped`.
    pub clause_types: Vec<String>,
    /// Its document's type, if one is known.
    pub document_type: Option<String>,
    /// Regulations given or named.
    pub regulations: Vec<String>,
    /// Their jurisdictions, with what encloses them.
    pub jurisdictions: Vec<String>,
    /// Its language tag in lower case and, if that is longer, its primary part.
    pub languages: Vec<String>,
    /// First seen, if known.
    pub first_seen: Option<Day>,
    /// Last seen, if known.
    pub last_seen: Option<Day>,
    /// Day of the live wording, for `sort=recent`.
    pub wording_day: Day,
    /// What ranking knows of it, with its vector.
    pub profile: Profile,
    /// Key of the masked text: equal for equal wordings.
    pub wording: u64,
    /// In an index of the past: the days on whose end it stood, from the first to before the
    /// second. Else empty.
    pub stood: Vec<(Day, Day)>,
}

impl Entry {
    /// Whether it meets a condition.
    #[must_use]
    pub fn meets(&self, condition: &Condition) -> bool {
        let has_any = |attribute: Attribute, values: &[String]| {
            self.values(attribute).iter().any(|value| values.iter().any(|wanted| wanted == value))
        };
        match condition {
            Condition::AnyOf(attribute, values) => has_any(*attribute, values),
            Condition::NoneOf(attribute, values) => !has_any(*attribute, values),
            Condition::SeenAfter(day) => self.last_seen.is_some_and(|seen| seen >= *day),
            Condition::SeenBefore(day) => self.first_seen.is_some_and(|seen| seen <= *day),
            Condition::StoodOn(day) => self.stood.iter().any(|(from, to)| from <= day && day < to),
        }
    }

    /// The values of an attribute.
    #[must_use]
    pub fn values(&self, attribute: Attribute) -> Vec<&str> {
        fn all(values: &[String]) -> Vec<&str> {
            values.iter().map(String::as_str).collect()
        }
        match attribute {
            Attribute::Platform => vec![&self.platform],
            Attribute::Severity => vec![self.severity.as_str()],
            Attribute::Category => all(&self.categories),
            Attribute::ClauseType => all(&self.clause_types),
            Attribute::DocumentType => self.document_type.as_deref().into_iter().collect(),
            Attribute::Regulation => all(&self.regulations),
            Attribute::Jurisdiction => all(&self.jurisdictions),
            Attribute::Language => all(&self.languages),
        }
    }
}
