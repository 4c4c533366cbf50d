//! All clauses as records that can be taken in again.

use serde_json::{Map, Value, json};

use super::{AnswerError, Desk};
use crate::clause::Clause;
use crate::collection::Published;

/// How many clauses are read at a time.
const BATCH: usize = 500;

impl Desk {
    /// Hands every live clause of the newest generation to `take` as a record, as
    /// `clause-v1.schema.json` has it: what was given, under what an analyst said. What was inferred is
    /// left out: it is inferred again. Stops when `take` fails.
    ///
    /// # Errors
    /// [`AnswerError`] if the records cannot be read; the inner error is that of `take`.
    pub fn export<E>(&self, take: impl FnMut(Value) -> Result<(), E>) -> Result<Result<(), E>, AnswerError> {
        self.export_of(&*self.newest()?, take)
    }

    /// The same of a generation that is published.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub fn export_of<E>(
        &self,
        published: &Published,
        mut take: impl FnMut(Value) -> Result<(), E>,
    ) -> Result<Result<(), E>, AnswerError> {
        let generation = published.generation.number;
        let mut after = 0;
        loop {
            let batch = self.collection.store().live_clauses(generation, after, BATCH)?;
            let Some((last, _)) = batch.last() else {
                return Ok(Ok(()));
            };
            after = *last;
            for (_, clause) in &batch {
                if let Err(error) = take(write_record(clause)) {
                    return Ok(Err(error));
                }
            }
        }
    }
}

fn write_record(clause: &Clause) -> Value {
    let mut record = Map::new();
    for (key, value) in [
        ("id", json!(clause.id)),
        ("platform", json!(clause.platform)),
        ("document", json!(clause.document)),
        ("text", json!(clause.text)),
    ] {
        record.insert(key.to_owned(), value);
    }
    for layer in [json!(clause.given), json!(clause.annotation)] {
        if let Value::Object(layer) = layer {
            record.extend(layer);
        }
    }
    Value::Object(record)
}
