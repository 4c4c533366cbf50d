//! The records of one source, put into a unit one by one; what is rejected is told and left out.

use serde_json::Value;

use super::source::Source;
use super::{IngestError, IngestUnit, Reject};
use crate::clause::ClauseId;

/// Why a record is not taken.
#[derive(Debug)]
pub enum Fault {
    /// The unit does not know of it yet.
    Fresh(String),
    /// The unit said so, and has counted it.
    Counted(String),
}

/// What the sources of one unit came to, beside what the unit counts.
#[derive(Debug, Default)]
pub struct Batch {
    /// The first reject.
    pub first: Option<Reject>,
    /// Rejects that do not say which clause they were about.
    pub nameless: u64,
}

impl Batch {
    /// Reads a source to its end. `file` names it in rejects, where there are several; `put` puts a value
    /// into the unit; `reject` hears of every line that is not taken.
    ///
    /// # Errors
    /// [`IngestError`] if the source or the store fails, or what `put` and `reject` say.
    pub fn read(
        &mut self,
        unit: &mut IngestUnit<'_>,
        source: &mut Source,
        file: Option<&str>,
        put: impl Fn(&mut IngestUnit<'_>, Value) -> Result<Result<(), Fault>, IngestError>,
        mut reject: impl FnMut(Reject) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        while let Some(item) = source.next_item()? {
            let id = item.value.as_ref().ok().and_then(read_id);
            let fault = match item.value {
                Ok(value) => put(unit, value)?.err(),
                Err(reason) => Some(Fault::Fresh(reason)),
            };
            let reason = match fault {
                None => continue,
                Some(Fault::Counted(reason)) => reason,
                Some(Fault::Fresh(reason)) => {
                    self.nameless += u64::from(id.is_none());
                    unit.note_reject(id);
                    reason
                }
            };
            let told = Reject { file: file.map(str::to_owned), line: item.line, reason, text: item.text };
            self.first.get_or_insert_with(|| told.clone());
            reject(told)?;
        }
        Ok(())
    }

    /// Ends the reading: with `complete` the clauses are removed that are missing from the documents met.
    /// Says whether that could be done: where a reject does not say which clause it was about, nobody
    /// knows which are missing.
    ///
    /// # Errors
    /// If the store fails.
    pub fn finish(&self, unit: &mut IngestUnit<'_>, complete: bool) -> Result<bool, IngestError> {
        if complete && self.nameless == 0 {
            unit.remove_missing()?;
        }
        Ok(self.nameless == 0)
    }
}

fn read_id(value: &Value) -> Option<ClauseId> {
    value.get("id").and_then(Value::as_str).and_then(|id| ClauseId::new(id).ok())
}
