//! Which clauses a unit has met: many, so each is kept as 128 bits of a keyed hash of its id.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, RandomState};

use rustc_hash::FxHasher;

use crate::clause::ClauseId;

/// The input names the clause, whether or not its record was taken.
pub(super) const NAMED: u8 = 1;

/// A record of the clause was taken.
pub(super) const TAKEN: u8 = 2;

/// The unit has written a version of the clause.
pub(super) const WRITTEN: u8 = 4;

/// What became of the clauses that a unit has met.
pub(super) struct Met {
    states: [RandomState; 2],
    marks: HashMap<[u32; 4], u8, BuildHasherDefault<FxHasher>>,
}

impl Met {
    pub(super) fn new() -> Self {
        Self { states: [RandomState::new(), RandomState::new()], marks: HashMap::default() }
    }

    fn key(&self, id: &ClauseId) -> [u32; 4] {
        let [one, two] = self.states.each_ref().map(|state| state.hash_one(id.as_str()));
        let half = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or(0);
        [half(one), half(one >> 32), half(two), half(two >> 32)]
    }

    /// Adds marks to those of a clause.
    pub(super) fn mark(&mut self, id: &ClauseId, marks: u8) {
        *self.marks.entry(self.key(id)).or_insert(0) |= marks;
    }

    /// Whether a clause has one of some marks.
    pub(super) fn has(&self, id: &ClauseId, marks: u8) -> bool {
        self.marks.get(&self.key(id)).is_some_and(|held| held & marks != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_add_up() {
        let mut met = Met::new();
        let [one, other] = ["p.a.1", "p.a.2"].map(|id| ClauseId::new(id.to_owned()).expect("an id"));
        met.mark(&one, NAMED);
        met.mark(&one, WRITTEN);
        assert!(met.has(&one, NAMED) && met.has(&one, WRITTEN) && !met.has(&one, TAKEN));
        assert!(!met.has(&other, NAMED | TAKEN | WRITTEN));
    }
}
