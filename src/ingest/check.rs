//! A line of JSON becomes a checked record, or a reason that says what to change.

use std::fmt::Write as _;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};

use crate::clause::{ClauseId, Day, DocumentId, PlatformId, Record, Severity, hash_text};
use crate::statistics::suggest_word;
use crate::taxonomy::Taxonomy;

/// The definition of a record, JSON Schema 2020-12.
pub const CLAUSE_SCHEMA: &str = include_str!("../../index-schema/clause-v1.schema.json");

/// How many faults of one line are told.
const FAULTS_TOLD: usize = 5;

/// Checks records against the schema and the taxonomy.
pub struct RecordChecker<'a> {
    validator: Validator,
    taxonomy: &'a Taxonomy,
}

impl<'a> RecordChecker<'a> {
    /// A checker for a taxonomy.
    ///
    /// # Errors
    /// Never in a tested build: the schema is part of it.
    pub fn new(taxonomy: &'a Taxonomy) -> Result<Self, serde_json::Error> {
        let schema: Value = serde_json::from_str(CLAUSE_SCHEMA)?;
        let validator = jsonschema::validator_for(&schema)
            .map_err(|error| serde::de::Error::custom(format!("clause-v1.schema.json: {error}")))?;
        Ok(Self { validator, taxonomy })
    }

    /// Checks one record.
    ///
    /// # Errors
    /// The reason why it is rejected, in words that say where and what to change.
    pub fn check(&self, value: Value) -> Result<Record, String> {
        // To say yes takes a tenth of the time of looking for faults.
        if !self.validator.is_valid(&value) {
            let faults: Vec<String> = self
                .validator
                .iter_errors(&value)
                .take(FAULTS_TOLD)
                .map(|error| describe_fault(error.instance_path().as_str(), error.kind(), error.instance()))
                .collect();
            return Err(faults.join("; "));
        }
        let Value::Object(mut given) = value else {
            return Err("a record must be a JSON object".to_owned());
        };
        let id = take_string(&mut given, "id")?;
        let text = take_string(&mut given, "text")?;
        let platform = take_object(&mut given, "platform")?;
        let mut document = take_object(&mut given, "document")?;
        self.fold_labels(&mut given)?;
        if let Some(Value::String(kind)) = document.get("type") {
            let known = self.taxonomy.document_type(kind).map(|entry| entry.id.clone());
            let kind = known.ok_or_else(|| self.unknown("document.type", "document type", kind))?;
            document.insert("type".to_owned(), Value::String(kind));
        }
        check_dates(&given, &document)?;
        check_evidence(&mut given, &text)?;
        let record_id =
            |map: &Map<String, Value>| map.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        Ok(Record {
            id: ClauseId::new(id).map_err(|error| error.to_string())?,
            platform_id: PlatformId::new(record_id(&platform)).map_err(|error| error.to_string())?,
            document_id: DocumentId::new(record_id(&document)).map_err(|error| error.to_string())?,
            platform,
            document,
            text,
            given,
        })
    }

    /// Brings the taxonomy's ids of a record into the taxonomy's spelling.
    pub(super) fn fold_labels(&self, given: &mut Map<String, Value>) -> Result<(), String> {
        let taxonomy = self.taxonomy;
        let clause_type = |id: &str| taxonomy.clause_type(id).map(|entry| entry.id.clone());
        let category = |id: &str| taxonomy.category(id).map(|entry| entry.id.clone());
        let regulation = |id: &str| taxonomy.regulation(id).map(|entry| entry.id.clone());
        let severity = |id: &str| {
            Severity::parse(id)
                .filter(|severity| *severity != Severity::Unrated)
                .map(|severity| severity.as_str().to_owned())
        };
        self.fold_ids(given, "clause_type", "clause type", &clause_type)?;
        self.fold_ids(given, "other_clause_types", "clause type", &clause_type)?;
        self.fold_ids(given, "categories", "category", &category)?;
        self.fold_ids(given, "regulations", "regulation", &regulation)?;
        self.fold_ids(given, "severity", "severity", &severity)
    }

    fn fold_ids(
        &self,
        given: &mut Map<String, Value>,
        key: &str,
        kind: &'static str,
        find: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), String> {
        match given.get_mut(key) {
            Some(Value::String(id)) => {
                *id = find(id).ok_or_else(|| self.unknown(key, kind, id))?;
            }
            Some(Value::Array(ids)) => {
                let mut folded: Vec<Value> = Vec::with_capacity(ids.len());
                for id in ids.iter() {
                    let id = id.as_str().unwrap_or("");
                    let found = Value::String(find(id).ok_or_else(|| self.unknown(key, kind, id))?);
                    if !folded.contains(&found) {
                        folded.push(found);
                    }
                }
                *ids = folded;
            }
            _ => {}
        }
        Ok(())
    }

    fn unknown(&self, key: &str, kind: &'static str, id: &str) -> String {
        let file = self.taxonomy.file();
        let known: Vec<&str> = match kind {
            "clause type" => file.clause_type.iter().map(|entry| entry.id.as_str()).collect(),
            "category" => file.category.iter().map(|entry| entry.id.as_str()).collect(),
            "regulation" => file.regulation.iter().map(|entry| entry.id.as_str()).collect(),
            "document type" => file.document_type.iter().map(|entry| entry.id.as_str()).collect(),
            _ => vec!["low", "medium", "high"],
        };
        let mut message = format!("`{key}`: the taxonomy {} has no {kind} `{id}`", self.taxonomy.version());
        match suggest_word(id, &known) {
            Some(near) => {
                let _ = write!(message, "; did you mean `{near}`?");
            }
            None if known.len() <= 5 => {
                let _ = write!(message, "; allowed are {}", known.join(", "));
            }
            None => message.push_str("; `crossclause schema taxonomy` lists what it has"),
        }
        message
    }
}

fn take_string(map: &mut Map<String, Value>, key: &str) -> Result<String, String> {
    match map.remove(key) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("`{key}` must be a string")),
    }
}

fn take_object(map: &mut Map<String, Value>, key: &str) -> Result<Map<String, Value>, String> {
    match map.remove(key) {
        Some(Value::Object(object)) => Ok(object),
        _ => Err(format!("`{key}` must be an object")),
    }
}

fn check_dates(given: &Map<String, Value>, document: &Map<String, Value>) -> Result<(), String> {
    let inner = |key: &str, name: &str| given.get(key).and_then(|object| object.get(name));
    let dates = [
        ("observed.first_seen", inner("observed", "first_seen")),
        ("observed.last_seen", inner("observed", "last_seen")),
        ("evidence.captured_at", inner("evidence", "captured_at")),
        ("evidence.verified_at", inner("evidence", "verified_at")),
        ("document.updated_on", document.get("updated_on")),
    ];
    for (path, date) in dates {
        if let Some(Value::String(date)) = date
            && Day::parse(date).is_none()
        {
            return Err(format!("`{path}`: `{date}` is no day of the calendar (RFC 3339, like 2026-05-04)"));
        }
    }
    let day = |name| inner("observed", name).and_then(Value::as_str).and_then(Day::parse);
    if let (Some(first), Some(last)) = (day("first_seen"), day("last_seen"))
        && first > last
    {
        return Err(format!("`observed.last_seen` ({last}) is before `observed.first_seen` ({first})"));
    }
    Ok(())
}

/// Checks the hash and the range, and adds the hash where it is missing.
fn check_evidence(given: &mut Map<String, Value>, text: &str) -> Result<(), String> {
    let hash = hash_text(text.as_bytes());
    let evidence = given.entry("evidence").or_insert_with(|| Value::Object(Map::new()));
    if evidence.is_null() {
        // The text keeps its hash; everything else about its evidence is cleared.
        let cleared =
            ["source_url", "archive_url", "captured_at", "verified_at", "document_sha256", "byte_range"];
        *evidence = cleared.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
    }
    let Value::Object(evidence) = evidence else {
        return Ok(());
    };
    match evidence.get("text_sha256") {
        Some(Value::String(stated)) if !stated.eq_ignore_ascii_case(&hash) => {
            return Err(format!(
                "`evidence.text_sha256` is {stated}, but the text's SHA-256 is {hash}; correct the one or the other, or leave it out"
            ));
        }
        _ => evidence.insert("text_sha256".to_owned(), Value::String(hash)),
    };
    if let Some(Value::Array(range)) = evidence.get("byte_range")
        && let [from, to] = range.as_slice()
        && from.as_u64() >= to.as_u64()
    {
        return Err("`evidence.byte_range` must end after it begins".to_owned());
    }
    Ok(())
}

/// Says where a fault is and what to change.
pub(super) fn describe_fault(pointer: &str, kind: &ValidationErrorKind, instance: &Value) -> String {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    let place = if path.is_empty() { "the record".to_owned() } else { format!("`{path}`") };
    let within = |key: &str| if path.is_empty() { format!("`{key}`") } else { format!("`{path}.{key}`") };
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let keys: Vec<String> = unexpected.iter().map(|key| within(key)).collect();
            format!("unknown key {}: remove it, or let it begin with `x_`", keys.join(", "))
        }
        ValidationErrorKind::Required { property } => {
            format!("{} is missing", within(property.as_str().unwrap_or("")))
        }
        ValidationErrorKind::Type { .. } => {
            let found = match instance {
                Value::Null => "null",
                Value::Bool(_) => "true or false",
                Value::Number(_) => "a number",
                Value::String(_) => "a string",
                Value::Array(_) => "a list",
                Value::Object(_) => "an object",
            };
            format!("{place} has the wrong type: it is {found}")
        }
        ValidationErrorKind::MaxLength { limit } => {
            let length = instance.as_str().map_or(0, |text| text.chars().count());
            format!("{place} has {length} characters; at most {limit} are allowed")
        }
        ValidationErrorKind::MinLength { .. } => format!("{place} is empty"),
        ValidationErrorKind::Pattern { pattern } => {
            let value: String = instance.as_str().unwrap_or("").chars().take(80).collect();
            format!("{place}: `{value}` does not match {pattern}")
        }
        ValidationErrorKind::MaxItems { limit } => format!("{place} has more than {limit} items"),
        ValidationErrorKind::MinItems { limit } => format!("{place} has fewer than {limit} items"),
        _ => format!("{place} is not as the schema says"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(change: Value, expected: &str) {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let checker = RecordChecker::new(&taxonomy).expect("sound");
        let mut record = json!({
            "id": "a", "platform": {"id": "p", "name": "P"}, "document": {"id": "d", "title": "D"}, "text": "T."
        });
        for (key, value) in change.as_object().expect("an object") {
            record[key] = value.clone();
        }
        match checker.check(record) {
            Ok(record) => assert_eq!(expected, "", "{record:?}"),
            Err(reason) => assert!(!expected.is_empty() && reason.contains(expected), "{reason}"),
        }
    }

    #[test]
    fn reasons_say_what_to_change() {
        check(json!({}), "");
        check(json!({"x_note": [1, {"a": 2}]}), "");
        check(json!({"severity": "High", "clause_type": "AI-TRAINING"}), "");
        check(json!({"title": null}), "");
        check(json!({"foo": 1}), "unknown key `foo`");
        check(json!({"platform": {"id": "p"}}), "`platform.name` is missing");
        check(json!({"platform": {"id": "p q", "name": "P"}}), "`platform.id`");
        check(json!({"severity": "hihg"}), "did you mean `high`?");
        check(json!({"severity": "unrated"}), "severity");
        check(json!({"clause_type": "ai-trainin"}), "did you mean `ai-training`?");
        check(json!({"text": ""}), "`text` is empty");
        check(json!({"text": "x".repeat(20_001)}), "at most 20000");
        check(json!({"text": 5}), "wrong type: it is a number");
        check(json!({"observed": {"first_seen": "2026-02-30"}}), "no day of the calendar");
        check(json!({"observed": {"first_seen": "2026-02-03", "last_seen": "2026-02-01"}}), "is before");
        check(json!({"evidence": {"text_sha256": "0".repeat(64)}}), "SHA-256 is");
        check(json!({"evidence": {"byte_range": [5, 5]}}), "end after it begins");
        check(json!({"document": {"id": "d", "title": "D", "type": "recipe"}}), "document type");
    }

    #[test]
    fn ids_are_stored_as_the_taxonomy_writes_them() {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let checker = RecordChecker::new(&taxonomy).expect("sound");
        let record = checker
            .check(json!({
                "id": "a", "platform": {"id": "p", "name": "P"}, "text": "T.",
                "document": {"id": "d", "title": "D", "type": "Privacy-Policy"},
                "severity": "HIGH", "regulations": ["GDPR", "gdpr"]
            }))
            .expect("sound");
        assert_eq!(record.given.get("severity"), Some(&json!("high")));
        assert_eq!(record.given.get("regulations"), Some(&json!(["gdpr"])));
        assert_eq!(record.document.get("type"), Some(&json!("privacy-policy")));
        assert_eq!(record.given["evidence"]["text_sha256"], json!(hash_text(b"T.")));
    }
}
