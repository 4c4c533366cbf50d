//! Wordings of the past, the times in which they stood, and news.

use rusqlite::{Connection, Row};

use super::sqlite::{CLAUSE, SqliteStore, signed};
use super::{ClauseHistory, RecordedNews, StoreError};
use crate::clause::{Cause, Clause, ClauseId, News, NewsKind, Span};

/// Columns of a span, as [`SqliteStore::read_span`] reads them.
pub(super) const SPAN: &str =
    "SELECT s.wording, s.began_at, s.began_by, s.ended_at, s.ended_by, s.replaced_by, s.number FROM span s";

impl SqliteStore {
    fn get_cause(&self, row: &Row<'_>, column: usize) -> Result<Option<Cause>, StoreError> {
        let text: Option<String> = self.get(row, column)?;
        text.map(|text| {
            Cause::parse(&text).ok_or_else(|| self.corrupt("a cause", format!("`{text}` is none")))
        })
        .transpose()
    }

    /// Columns of [`SPAN`].
    pub(super) fn read_span(&self, row: &Row<'_>) -> Result<Span, StoreError> {
        let replaced_by: Option<String> = self.get(row, 5)?;
        Ok(Span {
            wording: self.get_count(row, 0)?,
            began_at: self.get(row, 1)?,
            began_by: self.get_cause(row, 2)?.unwrap_or(Cause::First),
            ended_at: self.get(row, 3)?,
            ended_by: self.get_cause(row, 4)?,
            replaced_by: replaced_by
                .map(ClauseId::new)
                .transpose()
                .map_err(|error| self.corrupt("a clause id", error))?,
        })
    }

    fn read_spans(
        &self,
        connection: &Connection,
        generation: u64,
        key: u64,
    ) -> Result<Vec<Span>, StoreError> {
        let sql = format!(
            "{SPAN} WHERE s.clause = ?2 AND s.from_generation <= ?1
             AND (s.to_generation IS NULL OR s.to_generation > ?1) ORDER BY s.number"
        );
        self.query(connection, &sql, (signed(generation), signed(key)), |row| self.read_span(row))
    }

    pub(super) fn read_history(
        &self,
        generation: u64,
        id: &ClauseId,
    ) -> Result<Option<ClauseHistory>, StoreError> {
        let sql = format!(
            "{CLAUSE} WHERE c.id = ?2 AND v.from_generation <= ?1 ORDER BY v.wording, v.version DESC"
        );
        self.read(|connection| {
            let rows = self.query(connection, &sql, (signed(generation), id.as_str()), |row| {
                Ok((self.get_count(row, 0)?, self.read_clause(row)?))
            })?;
            let Some(&(key, _)) = rows.first() else {
                return Ok(None);
            };
            let spans = self.read_spans(connection, generation, key)?;
            Ok(Some(ClauseHistory {
                wordings: keep_newest(rows.into_iter().map(|(_, clause)| clause)),
                spans,
            }))
        })
    }

    pub(super) fn read_histories(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ClauseHistory)>, StoreError> {
        let keys = "SELECT c.key FROM clause c WHERE c.key > ?2 AND EXISTS
            (SELECT 1 FROM clause_version v WHERE v.clause = c.key AND v.from_generation <= ?1)
            ORDER BY c.key LIMIT ?3";
        let versions = format!(
            "{CLAUSE} WHERE v.clause = ?2 AND v.from_generation <= ?1 ORDER BY v.wording, v.version DESC"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let params = (signed(generation), signed(after), limit);
            let keys = self.query(connection, keys, params, |row| self.get_count(row, 0))?;
            let mut histories = Vec::with_capacity(keys.len());
            for key in keys {
                let params = (signed(generation), signed(key));
                let rows = self.query(connection, &versions, params, |row| self.read_clause(row))?;
                let spans = self.read_spans(connection, generation, key)?;
                histories.push((key, ClauseHistory { wordings: keep_newest(rows), spans }));
            }
            Ok(histories)
        })
    }

    pub(super) fn read_news(
        &self,
        generation: u64,
        before: u64,
        limit: usize,
    ) -> Result<Vec<RecordedNews>, StoreError> {
        let sql =
            "SELECT n.position, c.id, g.recorded_at, n.kind, n.observed_at, n.by, n.wording_before, n.wording
            FROM news n JOIN clause c ON c.key = n.clause JOIN generation g ON g.number = n.generation
            WHERE n.position < ?2 AND n.generation <= ?1 ORDER BY n.position DESC LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            self.query(connection, sql, (signed(generation), signed(before), limit), |row| {
                let kind: String = self.get(row, 3)?;
                let number = |column| -> Result<Option<u64>, StoreError> {
                    let number: Option<i64> = self.get(row, column)?;
                    Ok(number.and_then(|number| u64::try_from(number).ok()))
                };
                Ok(RecordedNews {
                    position: self.get_count(row, 0)?,
                    id: self.get_clause_id(row, 1)?,
                    recorded_at: self.get(row, 2)?,
                    news: News {
                        kind: NewsKind::parse(&kind)
                            .ok_or_else(|| self.corrupt("news", format!("`{kind}` is no kind")))?,
                        observed_at: self.get(row, 4)?,
                        by: self.get_cause(row, 5)?.unwrap_or(Cause::Record),
                        wording_before: number(6)?,
                        wording: number(7)?,
                    },
                })
            })
        })
    }
}

/// Of versions by wording, newest first, the newest of each.
fn keep_newest(versions: impl IntoIterator<Item = Clause>) -> Vec<Clause> {
    let mut newest: Vec<Clause> = Vec::new();
    for clause in versions {
        if newest.last().is_none_or(|last| last.wording != clause.wording) {
            newest.push(clause);
        }
    }
    newest
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what must hold")]
mod tests {
    use crate::store::RecordStore;

    use super::*;

    #[test]
    fn a_store_of_version_1_learns_when_its_wordings_stood() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.sqlite");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        connection
            .execute_batch(
                r#"INSERT INTO generation VALUES (1, 1, 0, '1.0.0', NULL, 1, '2026-01-02T00:00:00Z');
                INSERT INTO platform VALUES ('p', 1, NULL, 'P', NULL, NULL);
                INSERT INTO document VALUES ('p.d', 1, NULL, 'p', 'D', NULL, NULL, NULL);
                INSERT INTO clause VALUES (1, 'p.d.1');
                INSERT INTO wording VALUES (1, 1, 'We fly.', '2026-01-02T00:00:00Z');
                INSERT INTO clause_version VALUES
                    (1, 1, 1, NULL, 1, 'p', 'p.d', NULL, '{"observed": {"first_seen": "2025-12-24"}}', '{}', '{}');
                PRAGMA user_version = 1;"#,
            )
            .unwrap();
        drop(connection);
        let store = SqliteStore::open(&path).unwrap();
        let history = store.find_history(1, &ClauseId::new("p.d.1").unwrap()).unwrap().unwrap();
        let spans: Vec<_> =
            history.spans.iter().map(|span| (span.wording, span.began_at.as_deref())).collect();
        assert_eq!(spans, [(1, Some("2025-12-24"))]);
        assert_eq!(history.wordings.len(), 1);
        // Version 3 counts what stands.
        let held = store.documents(1).unwrap();
        assert_eq!(held.iter().map(|held| held.clauses).collect::<Vec<_>>(), [1]);
        drop(store);
        assert!(SqliteStore::open(&path).is_ok(), "it is of version 3 now");
    }
}
