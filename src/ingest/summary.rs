//! What an ingest did.

use serde::Serialize;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The clause is new, or back.
    Added,
    /// Something about it is new.
    Changed,
    /// All of it was known.
    Unchanged,
}

/// What became of all records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Records read, the rejected among them.
    pub read: u64,
    /// Clauses added.
    pub added: u64,
    /// Clauses changed.
    pub changed: u64,
    /// Clauses that stayed as they were.
    pub unchanged: u64,
    /// Clauses removed.
    pub removed: u64,
    /// Records rejected.
    pub rejected: u64,
}

impl Summary {
    /// Something about a platform or document is new: one of the records that say so changed it.
    pub(super) fn count_renamed(&mut self) {
        if self.unchanged > 0 {
            self.unchanged -= 1;
            self.changed += 1;
        }
    }

    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}
