//! What can be told of a record before it is known what is held of its clause: on any thread.

use serde_json::{Map, Value};

use super::IngestError;
use super::unit::{Rules, read_map, write_map};
use crate::clause::{Annotation, ClauseId, Given, Inferred, Record, merge_patch};
use crate::text::language::detect_language;

/// What a record comes to if nothing is held of its clause, which most often is so or changes nothing:
/// the unit makes anew what comes out otherwise.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// What is given.
    pub given: Given,
    /// What is inferred.
    pub inferred: Inferred,
    pub(super) given_map: Map<String, Value>,
    pub(super) inferred_map: Map<String, Value>,
    pub(super) given_json: String,
    pub(super) inferred_json: String,
}

impl Rules<'_> {
    /// Foresees what a record comes to.
    ///
    /// # Errors
    /// [`IngestError::Stored`] if what it gives cannot be read, which checked records rule out.
    pub fn foresee(&self, record: &Record) -> Result<Foreseen, IngestError> {
        let id = &record.id;
        let given: Given = read_map(id, lay_over(Map::new(), record.given.clone()))?;
        let inferred = self.infer(&record.text, &given, &Annotation::default());
        let (given_map, inferred_map) = (write_map(id, &given)?, write_map(id, &inferred)?);
        let fail = |source| IngestError::Stored { id: id.to_string(), source };
        Ok(Foreseen {
            given_json: serde_json::to_string(&given_map).map_err(fail)?,
            inferred_json: serde_json::to_string(&inferred_map).map_err(fail)?,
            given,
            inferred,
            given_map,
            inferred_map,
        })
    }

    /// Infers what neither a record nor an analyst says.
    pub(super) fn infer(&self, text: &str, given: &Given, said: &Annotation) -> Inferred {
        let detected = given.language.is_none().then(|| detect_language(text));
        let language = given.language.as_deref().or(detected).unwrap_or("en");
        let mut inferred: Inferred = self.classifier.infer(text, given, &said.labels, language);
        inferred.language = detected.map(str::to_owned);
        inferred
    }
}

/// Lays a record's patch over what is given. What users keep under `x_` is theirs: it is replaced whole,
/// never merged.
pub(super) fn lay_over(mut given: Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    let (own, patch): (Map<String, Value>, Map<String, Value>) =
        patch.into_iter().partition(|(key, value)| key.starts_with("x_") && !value.is_null());
    given.extend(own);
    merge_patch(&mut given, patch);
    given
}

/// Reads an analyst's words.
pub(super) fn read_annotation(
    id: &ClauseId,
    annotation: &Map<String, Value>,
) -> Result<Annotation, IngestError> {
    if annotation.is_empty() {
        return Ok(Annotation::default());
    }
    read_map(id, annotation.clone())
}
