//! ToS;DR's cases and ratings in the taxonomy's words. Data in `index-schema/tosdr-cases-v1.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use super::{Taxonomy, TaxonomyError};
use crate::clause::Severity;

const BUNDLED: &str = include_str!("../../index-schema/tosdr-cases-v1.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesFile {
    version: String,
    rating: Vec<Rating>,
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rating {
    id: String,
    severity: Severity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    types: Vec<String>,
}

/// From ToS;DR's cases and ratings to clause types and severities.
#[derive(Debug)]
pub struct TosdrCases {
    version: String,
    types: HashMap<String, Vec<String>>,
    severities: HashMap<String, Severity>,
}

impl TosdrCases {
    /// The mapping that the binary carries, checked against a taxonomy.
    ///
    /// # Errors
    /// [`TaxonomyError`] if it names a clause type that the taxonomy has not, or a case twice.
    pub fn bundled(taxonomy: &Taxonomy) -> Result<Self, TaxonomyError> {
        Self::parse(BUNDLED, taxonomy)
    }

    fn parse(text: &str, taxonomy: &Taxonomy) -> Result<Self, TaxonomyError> {
        let file: CasesFile = toml::from_str(text)?;
        let mut types = HashMap::new();
        for case in file.case {
            if let Some(missing) = case.types.iter().find(|id| taxonomy.clause_type(id).is_none()) {
                return Err(TaxonomyError::Missing {
                    kind: "case of ToS;DR",
                    id: case.title,
                    wanted: "clause type",
                    missing: missing.clone(),
                });
            }
            if types.insert(case.title.clone(), case.types).is_some() {
                return Err(TaxonomyError::Twice { kind: "case of ToS;DR", id: case.title });
            }
        }
        let severities = file.rating.into_iter().map(|rating| (rating.id, rating.severity)).collect();
        Ok(Self { version: file.version, types, severities })
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The clause types of a case, by its title: the first is the best, the others are as right for some
    /// quotes. `None` for a case that is not known, empty for one that speaks of no type.
    #[must_use]
    pub fn types(&self, title: &str) -> Option<&[String]> {
        self.types.get(title.trim()).map(Vec::as_slice)
    }

    /// The severity that a rating stands for: `blocker`, `bad`, `neutral` or `good`, in any case.
    #[must_use]
    pub fn severity(&self, rating: &str) -> Option<Severity> {
        self.severities.get(&rating.trim().to_ascii_lowercase()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_and_ratings_are_mapped() {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let cases = TosdrCases::bundled(&taxonomy).expect("sound");
        let check = |title: &str, expected: Option<&str>| {
            let found = cases.types(title).and_then(|types| types.first());
            assert_eq!(found.map(String::as_str), expected, "{title}");
        };
        check("You waive your right to a class action.", Some("class-action-waiver"));
        check("The terms for this service are easy to read", None);
        check("No such case", None);
        assert_eq!(cases.severity("Blocker"), Some(Severity::High));
        assert_eq!(cases.severity("good"), Some(Severity::Low));
        assert_eq!(cases.severity("great"), None);
        assert!(!cases.version().is_empty());
    }

    #[test]
    fn a_case_of_no_type_we_have_is_named() {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let broken = BUNDLED.replacen("types = [\"", "types = [\"no-such-", 1);
        let error = TosdrCases::parse(&broken, &taxonomy).expect_err("broken");
        assert!(error.to_string().contains("no-such-"), "{error}");
    }
}
