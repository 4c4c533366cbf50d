//! An analyst's words: NDJSON of `{id, clause_type?, …}`, checked like records.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::check::{CLAUSE_SCHEMA, RecordChecker, describe_fault};
use crate::clause::ClauseId;

/// What an analyst may say of a clause.
const KEYS: [&str; 7] = [
    "clause_type",
    "other_clause_types",
    "categories",
    "severity",
    "regulations",
    "why_it_matters",
    "consumer_impact",
];

/// Checks annotations.
pub struct AnnotationChecker<'a> {
    records: &'a RecordChecker<'a>,
    validator: Validator,
}

impl<'a> AnnotationChecker<'a> {
    /// A checker that goes by the record's own schema, restricted to an analyst's keys.
    ///
    /// # Errors
    /// Never in a tested build: the schema is part of it.
    pub fn new(records: &'a RecordChecker<'a>) -> Result<Self, serde_json::Error> {
        let mut schema: Value = serde_json::from_str(CLAUSE_SCHEMA)?;
        schema["required"] = Value::from(vec!["id"]);
        if let Some(object) = schema.as_object_mut() {
            object.remove("patternProperties");
        }
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|key, _| key == "id" || KEYS.contains(&key.as_str()));
        }
        let validator = jsonschema::validator_for(&schema)
            .map_err(|error| serde::de::Error::custom(format!("clause-v1.schema.json: {error}")))?;
        Ok(Self { records, validator })
    }

    /// Checks one annotation and returns the clause and the patch to lay over it.
    ///
    /// # Errors
    /// The reason why it is rejected, in words that say what to change.
    pub fn check(&self, value: Value) -> Result<(ClauseId, Map<String, Value>), String> {
        let faults: Vec<String> = self
            .validator
            .iter_errors(&value)
            .take(5)
            .map(|error| describe_fault(error.instance_path().as_str(), error.kind(), error.instance()))
            .collect();
        if !faults.is_empty() {
            let hint = if faults.iter().any(|fault| fault.starts_with("unknown key")) {
                format!("; an annotation may have id, {}", KEYS.join(", "))
            } else {
                String::new()
            };
            return Err(faults.join("; ") + &hint);
        }
        let Value::Object(mut patch) = value else {
            return Err("an annotation must be a JSON object".to_owned());
        };
        let id = patch.remove("id").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        let id = ClauseId::new(id).map_err(|error| error.to_string())?;
        self.records.fold_labels(&mut patch)?;
        if patch.is_empty() {
            return Err(
                "the annotation says nothing: give at least one value, or null to clear one".to_owned()
            );
        }
        Ok((id, patch))
    }
}
