use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{ClauseId, Day, DocumentId, Inferred, Labels, PlatformId, Severity};

/// The longest text of a clause, in Unicode code points.
pub const MAX_TEXT_CHARACTERS: usize = 20_000;

/// A service whose terms are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Platform {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PlatformId,
    /// Its name, as people know it.
    pub name: String,
    /// The company it belongs to. Platforms of one parent are affiliates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its internet domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

/// One text of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its document type, an id of the taxonomy.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub document_type: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When the platform last updated it, as it says, an RFC 3339 date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_on: Option<String>,
}

/// Where a wording was found, and how to check it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// The page that it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// An archived copy of that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_url: Option<String>,
    /// When the copy was taken, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<String>,
    /// When someone last checked it, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<String>,
    /// SHA-256 of the document, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<String>,
    /// SHA-256 of the wording's UTF-8 text, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_sha256: Option<String>,
    /// Half-open range of the wording in the document, in UTF-8 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<u64>>)]
    pub byte_range: Option<[u64; 2]>,
}

/// When a wording stood in the world; what was not given stays null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Observed {
    /// First seen on, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// Last seen on, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
}

/// Where a record comes from, and under which terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Collection {
    /// The collection's id.
    pub id: String,
    /// Its licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whom to name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a record says of its clause beside platform, document and text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The clause's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Clause types, categories, severity and regulations as they were given.
    #[serde(flatten)]
    pub labels: Labels,
    /// An analyst's words on why it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_it_matters: Option<String>,
    /// An analyst's words on what it does to consumers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_impact: Option<String>,
    /// Where the live wording was found.
    #[serde(default)]
    pub evidence: Evidence,
    /// When the live wording stood.
    #[serde(default)]
    pub observed: Observed,
    /// The collection that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// Keys that begin with `x_`: kept, returned, not indexed.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A checked record on its way in: what to change of a clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The clause's id.
    pub id: ClauseId,
    /// The platform: `id` and `name`, and a patch of the rest.
    pub platform: Map<String, Value>,
    /// The platform's id.
    pub platform_id: PlatformId,
    /// The document: `id` and `title`, and a patch of the rest.
    pub document: Map<String, Value>,
    /// The document's id.
    pub document_id: DocumentId,
    /// The verbatim text.
    pub text: String,
    /// A patch (RFC 7396) of [`Given`].
    pub given: Map<String, Value>,
}

/// An analyst's words laid over a clause; they win over what was imported or inferred.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Clause type, categories, severity and regulations.
    #[serde(flatten)]
    pub labels: Labels,
    /// On why it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_it_matters: Option<String>,
    /// On what it does to consumers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_impact: Option<String>,
}

/// One version of a clause as the collection holds it: immutable, named by id and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its id.
    pub id: ClauseId,
    /// Its version: 1, 2, … with every change of anything about it.
    pub version: u64,
    /// The platform, as it stood when the clause was read.
    pub platform: Platform,
    /// The document, as it stood when the clause was read.
    pub document: Document,
    /// Number of the wording, from 1.
    pub wording: u64,
    /// The wording's text.
    pub text: String,
    /// When this wording was recorded here, RFC 3339 UTC.
    pub recorded_at: String,
    /// What was given.
    pub given: Given,
    /// What an analyst laid over it.
    pub annotation: Annotation,
    /// What was inferred.
    pub inferred: Inferred,
}

impl Clause {
    /// The language in force: the given, else the detected one.
    #[must_use]
    pub fn language(&self) -> &str {
        let detected = self.inferred.language.as_deref();
        self.given.language.as_deref().or(detected).unwrap_or("en")
    }

    /// The main clause type in force: an analyst's, else the given, else the inferred one.
    #[must_use]
    pub fn clause_type(&self) -> Option<&str> {
        self.layers().find_map(|layer| layer.clause_type.as_deref())
    }

    /// The other clause types in force, without the main one. They come from the same layer as
    /// the main type unless a higher layer gives them, so that inference adds nothing to an
    /// analyst's typing.
    #[must_use]
    pub fn other_clause_types(&self) -> &[String] {
        for layer in self.layers() {
            if let Some(others) = &layer.other_clause_types {
                return others;
            }
            if layer.clause_type.is_some() {
                break;
            }
        }
        &[]
    }

    /// The severity in force, `Unrated` where none is known.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.layers().find_map(|layer| layer.severity).unwrap_or(Severity::Unrated)
    }

    /// The categories given by an analyst or the record, if any were.
    #[must_use]
    pub fn given_categories(&self) -> Option<&[String]> {
        self.layers().find_map(|layer| layer.categories.as_deref())
    }

    /// The regulations given, else those named in the text.
    #[must_use]
    pub fn regulations(&self) -> &[String] {
        self.layers().find_map(|layer| layer.regulations.as_deref()).unwrap_or(&[])
    }

    /// Names of the values in force that were inferred.
    #[must_use]
    pub fn inferred_fields(&self) -> Vec<&'static str> {
        let said = [&self.annotation.labels, &self.given.labels];
        let typed = said.iter().any(|layer| layer.clause_type.is_some());
        let inferred = &self.inferred.labels;
        let mut fields = Vec::new();
        if inferred.clause_type.is_some() && !typed {
            fields.push("clause_type");
        }
        if inferred.other_clause_types.is_some()
            && !typed
            && said.iter().all(|layer| layer.other_clause_types.is_none())
        {
            fields.push("other_clause_types");
        }
        if inferred.severity.is_some() && said.iter().all(|layer| layer.severity.is_none()) {
            fields.push("severity");
        }
        if inferred.regulations.is_some() && said.iter().all(|layer| layer.regulations.is_none()) {
            fields.push("regulations");
        }
        fields
    }

    /// The day of the live wording for `sort=recent`: first seen, else recorded here.
    #[must_use]
    pub fn wording_day(&self) -> Day {
        self.given
            .observed
            .first_seen
            .as_deref()
            .and_then(Day::parse)
            .or_else(|| Day::parse(&self.recorded_at))
            .unwrap_or(Day(0))
    }

    fn layers(&self) -> impl Iterator<Item = &Labels> {
        [&self.annotation.labels, &self.given.labels, &self.inferred.labels].into_iter()
    }
}

impl Platform {
    /// Whether both are of the same parent, and not the same.
    #[must_use]
    pub fn is_affiliate_of(&self, other: &Self) -> bool {
        match (&self.parent, &other.parent) {
            (Some(one), Some(two)) => {
                self.id != other.id && (one == two || fold_parent(one) == fold_parent(two))
            }
            _ => false,
        }
    }
}

/// Parents compared without regard to case and space.
#[must_use]
pub fn fold_parent(parent: &str) -> String {
    parent.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn hash_text(text: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
