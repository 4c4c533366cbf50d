//! The records of one source, put into a unit one by one; what is rejected is told and left out.

use serde_json::Value;

use super::parallel::{Work, work_in_order};
use super::source::{Item, Raw, Source};
use super::{IngestError, IngestUnit, Reject};
use crate::clause::ClauseId;

/// How many lines are prepared at a time, at most, and from how many bytes on no more are added.
const ITEMS: usize = 128;
const BYTES: usize = 256 << 10;

/// A source, and the name by which rejects tell it from others, where there are several.
pub struct Input<'a> {
    /// The source.
    pub source: &'a mut Source,
    /// The name.
    pub file: Option<&'a str>,
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
    /// Reads an input to its end. What `begin` makes
    /// for each of `workers` threads checks and prepares values, or says why one is rejected; `put` puts
    /// them into the unit, in their order; `reject` hears of every line that is not taken.
    ///
    /// # Errors
    /// [`IngestError`] if the source or the store fails, or what `put` and `reject` say.
    pub fn read<'a, P: Send + 'a>(
        &mut self,
        unit: &mut IngestUnit<'_>,
        input: Input<'_>,
        workers: usize,
        begin: impl Fn() -> Work<'a, Value, Result<P, String>> + Sync,
        mut put: impl FnMut(&mut IngestUnit<'_>, P) -> Result<Result<(), String>, IngestError>,
        mut reject: impl FnMut(Reject) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let Input { source, file } = input;
        let next = || {
            let items = source.next_items(ITEMS, BYTES)?;
            Ok((!items.is_empty()).then_some(items))
        };
        let prepare_all = || -> Work<'a, Vec<Raw>, Vec<Ready<P>>> {
            let mut prepare = begin();
            Box::new(move |items| items.into_iter().map(|item| make_ready(item, &mut prepare)).collect())
        };
        work_in_order(workers, next, prepare_all, |items: Vec<Ready<P>>| {
            for Ready { line, text, id, prepared } in items {
                let fault = match prepared {
                    Ok(prepared) => put(unit, prepared)?.err(),
                    Err(reason) => {
                        self.nameless += u64::from(id.is_none());
                        unit.note_reject(id);
                        Some(reason)
                    }
                };
                if let Some(reason) = fault {
                    let told = Reject { file: file.map(str::to_owned), line, reason, text };
                    self.first.get_or_insert_with(|| told.clone());
                    reject(told)?;
                }
            }
            Ok(())
        })
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

/// A line, prepared for the unit or rejected; then with the clause that it is about, if that can be told.
struct Ready<P> {
    line: u64,
    text: String,
    id: Option<ClauseId>,
    prepared: Result<P, String>,
}

fn make_ready<P>(item: Raw, prepare: &mut Work<'_, Value, Result<P, String>>) -> Ready<P> {
    let Item { line, text, value } = item.read();
    let (id, prepared) = match value {
        Err(reason) => (None, Err(reason)),
        Ok(value) => {
            let id = read_id(&value);
            let prepared = prepare(value);
            (id.filter(|_| prepared.is_err()), prepared)
        }
    };
    Ready { line, text, id, prepared }
}

fn read_id(value: &Value) -> Option<ClauseId> {
    value.get("id").and_then(Value::as_str).and_then(|id| ClauseId::new(id).ok())
}
