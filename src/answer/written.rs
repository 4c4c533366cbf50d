//! The keys of a whole clause, for the description: an answer writes them as a map, with what the record
//! gave beside them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clause::{Collection, Document, Evidence, InferredType, Observed, Platform};

/// A record as `clause-v1.schema.json` has it, with what is in force.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WrittenRecord {
    /// Its id; it never changes.
    pub id: String,
    /// The platform.
    pub platform: Platform,
    /// The document that it stands in.
    pub document: Document,
    /// The live wording, verbatim.
    pub text: String,
    /// Its title.
    #[schema(required)]
    pub title: Option<String>,
    /// Its language, BCP 47.
    pub language: String,
    /// Its main clause type, or `untyped`.
    pub clause_type: String,
    /// Its other clause types.
    pub other_clause_types: Vec<String>,
    /// Its categories, or `untyped`.
    pub categories: Vec<String>,
    /// `high`, `medium`, `low` or `unrated`.
    pub severity: String,
    /// Regulations that were given or that the text names.
    pub regulations: Vec<String>,
    /// Regulations that often matter to clauses of its type; null where the type is not known. That one applies
    /// is not said.
    #[schema(required)]
    pub regulations_often_relevant: Option<Vec<String>>,
    /// An analyst's words on why it matters.
    #[schema(required)]
    pub why_it_matters: Option<String>,
    /// An analyst's words on what it does to consumers.
    #[schema(required)]
    pub consumer_impact: Option<String>,
    /// Where the live wording was found.
    pub evidence: Evidence,
    /// When the live wording stood in the world.
    pub observed: Observed,
    /// Where the record comes from, and under which terms: to be shown wherever the text is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// The number of its version: one more with every change of anything.
    pub version: u64,
    /// The number of its live wording.
    pub wording: u64,
    /// When this version was recorded here, RFC 3339.
    pub recorded_at: String,
    /// What was inferred, and why; null if nothing was.
    #[schema(required)]
    pub classified: Option<Classified>,
    /// Keys that begin with `x_`, as the record gave them.
    #[serde(flatten)]
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    pub extra: serde_json::Map<String, Value>,
}

/// What rules inferred of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Classified {
    /// The rules.
    pub by: String,
    /// The keys whose values were inferred.
    pub fields: Vec<String>,
    /// The phrases and words behind each value.
    pub matched: Vec<String>,
    /// The inferred types with what speaks for each, the main one first.
    pub types: Vec<InferredType>,
}
