//! What a unit writes in bulk: clauses that the store has never held, and statistics.

use super::sqlite::signed;
use super::sqlite_unit::SqliteUnit;
use super::{FirstVersion, StoreError, WriteUnit};
use crate::clause::{Cause, NewsKind};
use crate::statistics::Statistics;

/// How many versions of the statistics are kept for generations that readers may still hold.
const STATISTICS_KEPT: u64 = 3;

impl SqliteUnit<'_> {
    /// Nothing of the clause is looked up: that the store has never held it is known.
    pub(super) fn insert_first(&mut self, clause: &FirstVersion<'_>) -> Result<(), StoreError> {
        let generation = signed(self.generation());
        let key = self.find_or_make_key(clause.id, true)?;
        self.execute("INSERT INTO wording VALUES (?1, 1, ?2, ?3)", (key, clause.text, &self.now))?;
        self.execute(
            "INSERT INTO clause_version VALUES (?1, 1, ?2, NULL, 1, ?3, ?4, ?5, ?6, '{}', ?7)",
            (
                key,
                generation,
                clause.platform.as_str(),
                clause.document.as_str(),
                clause.collection,
                clause.given,
                clause.inferred,
            ),
        )?;
        self.execute(
            "INSERT INTO change (generation, clause, version) VALUES (?1, ?2, 1)",
            (generation, key),
        )?;
        self.execute(
            "INSERT INTO span VALUES (?1, 1, ?2, NULL, 1, ?3, ?4, NULL, NULL, NULL)",
            (key, generation, clause.first_seen, Cause::First.as_str()),
        )?;
        if clause.announced {
            self.execute(
                "INSERT INTO news (generation, clause, kind, observed_at, by, wording_before, wording)
                 VALUES (?1, ?2, ?3, ?4, ?5, NULL, 1)",
                (generation, key, NewsKind::Added.as_str(), clause.first_seen, Cause::Record.as_str()),
            )?;
        }
        self.live += 1;
        self.changed = true;
        Ok(())
    }

    pub(super) fn insert_statistics(&mut self, statistics: &Statistics) -> Result<(), StoreError> {
        let version = self.statistics + 1;
        self.execute(
            "INSERT INTO statistics VALUES (?1, ?2, ?3)",
            (signed(version), signed(statistics.clauses), signed(statistics.total_length)),
        )?;
        for (language, clauses) in &statistics.languages {
            self.execute(
                "INSERT INTO statistics_language VALUES (?1, ?2, ?3)",
                (signed(version), language, signed(*clauses)),
            )?;
        }
        let counts = [
            ("INSERT INTO statistics_term VALUES (?1, ?2, ?3)", &statistics.document_frequencies),
            ("INSERT INTO statistics_word VALUES (?1, ?2, ?3)", &statistics.vocabulary),
        ];
        for (sql, counts) in counts {
            // In the order of the key, so that the table is written from end to end.
            let mut counts: Vec<(&String, &u32)> = counts.iter().collect();
            counts.sort_unstable();
            for (key, clauses) in counts {
                self.execute(sql, (signed(version), key, clauses))?;
            }
        }
        if let Some(swept) = version.checked_sub(STATISTICS_KEPT) {
            for table in ["statistics", "statistics_language", "statistics_term", "statistics_word"] {
                self.execute(&format!("DELETE FROM {table} WHERE version <= ?1"), [signed(swept)])?;
            }
        }
        self.statistics = version;
        self.changed = true;
        Ok(())
    }
}
