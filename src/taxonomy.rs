//! The taxonomy: categories, clause types, severities, document types and regulations, with the
//! cues that betray a clause type. Data in `index-schema/taxonomy-v1.toml`; this module reads it,
//! checks that it hangs together, and answers look-ups.

mod aspect;
mod company;
mod inference;
mod tosdr;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use aspect::{Aspect, AspectGroup, Aspects};
pub use company::{Companies, CompanyError};
pub use inference::{Inference, Modifier};
pub use tosdr::TosdrCases;

use crate::text::fold::fold_word;
use crate::text::language::stem_word;

/// The id that stands where no clause type or category is known.
pub const UNTYPED: &str = "untyped";

/// The taxonomy that the binary carries.
pub const BUNDLED: &str = include_str!("../index-schema/taxonomy-v1.toml");

/// A severity and what it means.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityEntry {
    /// `low`, `medium` or `high`.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// What it means, one sentence.
    pub definition: String,
}

/// A category: the coarse grouping that people filter by.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// What belongs to it, one sentence.
    pub definition: String,
}

/// A kind of document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentType {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// Open Terms Archive's terms types that it corresponds to.
    #[serde(default)]
    pub ota: Vec<String>,
    /// Lower-case titles, or parts of them, by which such a document is recognised.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// A law or rule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Regulation {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// Its full name.
    pub name: String,
    /// ISO 3166-1 or 3166-2 code of where it holds; `EU` for the Union.
    pub jurisdiction: String,
    /// Phrases by which a text names it.
    #[serde(default)]
    pub named_by: Vec<String>,
}

/// What a clause is about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseType {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// What it is, one sentence.
    pub definition: String,
    /// The category that it belongs to.
    pub category: String,
    /// Its default severity.
    pub severity: String,
    /// Why that is its default severity.
    pub severity_reason: String,
    /// Phrases of which one is enough to betray it.
    #[serde(default)]
    pub cues: Vec<String>,
    /// The same for French clauses.
    #[serde(default)]
    pub cues_fr: Vec<String>,
    /// The same for German clauses.
    #[serde(default)]
    pub cues_de: Vec<String>,
    /// The same for Spanish clauses.
    #[serde(default)]
    pub cues_es: Vec<String>,
    /// The same for Dutch clauses.
    #[serde(default)]
    pub cues_nl: Vec<String>,
    /// Phrases of which two are needed.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Phrases that look like it and are not.
    #[serde(default)]
    pub near_misses: Vec<String>,
    /// Groups of single words that mean the same in a search.
    #[serde(default)]
    pub same: Vec<Vec<String>>,
    /// `company` if only the platform can do what it is about: a clause that forbids it to people is
    /// about something else.
    #[serde(default)]
    pub actor: String,
    /// `promise` if a clause that denies what it is about works in the person's favour.
    #[serde(default)]
    pub denial: String,
    /// Regulations that are often relevant to it.
    #[serde(default)]
    pub regulations: Vec<String>,
    /// Document types in which one would expect it.
    #[serde(default)]
    pub documents: Vec<String>,
    /// Open Terms Archive's names for it.
    #[serde(default)]
    pub ota: Vec<String>,
    /// OPP-115's practices.
    #[serde(default)]
    pub opp115: Vec<String>,
    /// ToS;DR's cases or topics.
    #[serde(default)]
    pub tosdr: Vec<String>,
    /// CUAD's clause types.
    #[serde(default)]
    pub cuad: Vec<String>,
    /// UNFAIR-ToS's categories.
    #[serde(default)]
    pub unfair_tos: Vec<String>,
}

/// The file as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxonomyFile {
    /// Its version, named in every answer.
    pub version: String,
    /// Severities.
    pub severity: Vec<SeverityEntry>,
    /// Categories.
    pub category: Vec<Category>,
    /// Document types.
    pub document_type: Vec<DocumentType>,
    /// Regulations.
    pub regulation: Vec<Regulation>,
    /// How types are inferred from what matches.
    #[serde(default)]
    pub inference: Inference,
    /// What raises or lowers severity.
    #[serde(default)]
    pub modifier: Vec<Modifier>,
    /// Clause types.
    pub clause_type: Vec<ClauseType>,
}

/// Why a taxonomy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyError {
    /// It is no TOML of the expected form.
    #[error("the taxonomy cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// An entry refers to an id that no entry has.
    #[error("taxonomy: {kind} `{id}` refers to {wanted} `{missing}`, which is not defined")]
    Missing {
        /// What refers.
        kind: &'static str,
        /// Its id.
        id: String,
        /// What is referred to.
        wanted: &'static str,
        /// The id that is not defined.
        missing: String,
    },
    /// Two entries have one id.
    #[error("taxonomy: {kind} `{id}` is defined twice")]
    Twice {
        /// Which list.
        kind: &'static str,
        /// The id.
        id: String,
    },
}

/// A checked taxonomy.
#[derive(Debug, Clone)]
pub struct Taxonomy {
    file: TaxonomyFile,
    version: String,
    clause_types: HashMap<String, usize>,
    categories: HashMap<String, usize>,
    document_types: HashMap<String, usize>,
    regulations: HashMap<String, usize>,
    equivalents: HashMap<String, Vec<String>>,
}

fn index_by_id<'a>(
    kind: &'static str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, usize>, TaxonomyError> {
    let mut map = HashMap::new();
    for (position, id) in ids.enumerate() {
        if map.insert(id.to_ascii_lowercase(), position).is_some() {
            return Err(TaxonomyError::Twice { kind, id: id.to_owned() });
        }
    }
    Ok(map)
}

impl Taxonomy {
    /// Reads and checks a taxonomy in TOML.
    ///
    /// # Errors
    /// [`TaxonomyError`] if the form is wrong, an id is defined twice or a reference goes nowhere.
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let file: TaxonomyFile = toml::from_str(text)?;
        let taxonomy = Self {
            clause_types: index_by_id("clause type", file.clause_type.iter().map(|t| t.id.as_str()))?,
            categories: index_by_id("category", file.category.iter().map(|c| c.id.as_str()))?,
            document_types: index_by_id("document type", file.document_type.iter().map(|d| d.id.as_str()))?,
            regulations: index_by_id("regulation", file.regulation.iter().map(|r| r.id.as_str()))?,
            equivalents: collect_equivalents(&file.clause_type),
            version: file.version.clone(),
            file,
        };
        taxonomy.check_references()?;
        Ok(taxonomy)
    }

    /// The taxonomy that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, TaxonomyError> {
        Self::parse(BUNDLED)
    }

    fn check_references(&self) -> Result<(), TaxonomyError> {
        let missing = |kind, id: &str, wanted, missing: &str| TaxonomyError::Missing {
            kind,
            id: id.to_owned(),
            wanted,
            missing: missing.to_owned(),
        };
        for entry in &self.file.clause_type {
            let kind = "clause type";
            if !self.categories.contains_key(&entry.category.to_ascii_lowercase()) {
                return Err(missing(kind, &entry.id, "category", &entry.category));
            }
            if !self.file.severity.iter().any(|s| s.id == entry.severity) {
                return Err(missing(kind, &entry.id, "severity", &entry.severity));
            }
            for id in &entry.regulations {
                if !self.regulations.contains_key(&id.to_ascii_lowercase()) {
                    return Err(missing(kind, &entry.id, "regulation", id));
                }
            }
            for id in &entry.documents {
                if !self.document_types.contains_key(&id.to_ascii_lowercase()) {
                    return Err(missing(kind, &entry.id, "document type", id));
                }
            }
        }
        Ok(())
    }

    /// Its version, as answers name it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Everything in it, as the file has it.
    #[must_use]
    pub fn file(&self) -> &TaxonomyFile {
        &self.file
    }

    /// The clause type of this id, in any case.
    #[must_use]
    pub fn clause_type(&self, id: &str) -> Option<&ClauseType> {
        self.clause_types
            .get(&id.to_ascii_lowercase())
            .and_then(|&position| self.file.clause_type.get(position))
    }

    /// The place of a clause type in the taxonomy, from 0.
    #[must_use]
    pub fn place_of_type(&self, id: &str) -> Option<u16> {
        self.clause_types.get(&id.to_ascii_lowercase()).and_then(|&place| u16::try_from(place).ok())
    }

    /// The category of this id, in any case.
    #[must_use]
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.get(&id.to_ascii_lowercase()).and_then(|&position| self.file.category.get(position))
    }

    /// The document type of this id, in any case.
    #[must_use]
    pub fn document_type(&self, id: &str) -> Option<&DocumentType> {
        self.document_types
            .get(&id.to_ascii_lowercase())
            .and_then(|&position| self.file.document_type.get(position))
    }

    /// The regulation of this id, in any case.
    #[must_use]
    pub fn regulation(&self, id: &str) -> Option<&Regulation> {
        self.regulations
            .get(&id.to_ascii_lowercase())
            .and_then(|&position| self.file.regulation.get(position))
    }

    /// The document type that Open Terms Archive's terms type, or a title, speaks of.
    #[must_use]
    pub fn recognise_document(&self, title: &str) -> Option<&DocumentType> {
        let folded = title.to_lowercase();
        self.file
            .document_type
            .iter()
            .find(|entry| entry.ota.iter().any(|name| name.eq_ignore_ascii_case(title)))
            .or_else(|| {
                self.file
                    .document_type
                    .iter()
                    .flat_map(|entry| entry.titles.iter().map(move |part| (part, entry)))
                    .filter(|(part, _)| folded.contains(part.as_str()))
                    .max_by_key(|(part, entry)| (part.len(), std::cmp::Reverse(&entry.id)))
                    .map(|(_, entry)| entry)
            })
    }

    /// The categories of clause types, in the taxonomy's order, each once.
    #[must_use]
    pub fn categories_of<'a>(&'a self, types: impl Iterator<Item = &'a str>) -> Vec<String> {
        let wanted: HashSet<&str> =
            types.filter_map(|id| self.clause_type(id)).map(|entry| entry.category.as_str()).collect();
        self.file
            .category
            .iter()
            .filter(|category| wanted.contains(category.id.as_str()))
            .map(|category| category.id.clone())
            .collect()
    }

    /// Words that mean the same as a folded word in a search, found by its English stem.
    #[must_use]
    pub fn equivalents(&self, word: &str) -> &[String] {
        self.equivalents.get(&stem_word(word, "en")).map_or(&[], Vec::as_slice)
    }
}

/// A jurisdiction and those that include it: `US-CO` is in `US-CO` and in `US`.
#[must_use]
pub fn enclosing_jurisdictions(code: &str) -> Vec<String> {
    let mut codes = vec![code.to_owned()];
    if let Some((country, _)) = code.split_once('-') {
        codes.push(country.to_owned());
    }
    codes
}

fn collect_equivalents(types: &[ClauseType]) -> HashMap<String, Vec<String>> {
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for group in types.iter().flat_map(|entry| &entry.same) {
        for word in group {
            let others = all.entry(stem_word(&fold_word(word), "en")).or_default();
            for other in group.iter().filter(|other| *other != word) {
                let other = fold_word(other);
                if !others.contains(&other) {
                    others.push(other);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_taxonomy_hangs_together() {
        let taxonomy = Taxonomy::bundled().expect("the bundled taxonomy is sound");
        assert!(taxonomy.file().category.len() >= 20);
        assert!(taxonomy.file().clause_type.len() >= 90);
        let training = taxonomy.clause_type("AI-Training").expect("known in any case");
        assert_eq!(training.category, "ai-and-automated-decisions");
        for category in &taxonomy.file().category {
            assert!(
                taxonomy.file().clause_type.iter().any(|entry| entry.category == category.id),
                "{} has no clause type",
                category.id
            );
        }
    }

    #[test]
    fn jurisdictions_enclose() {
        assert_eq!(enclosing_jurisdictions("US-CO"), ["US-CO", "US"]);
        assert_eq!(enclosing_jurisdictions("EU"), ["EU"]);
    }

    #[test]
    fn a_reference_to_nowhere_is_named() {
        let broken = BUNDLED.replacen("category = \"", "category = \"no-such-", 1);
        let error = Taxonomy::parse(&broken).expect_err("broken");
        assert!(error.to_string().contains("no-such-"), "{error}");
    }
}
