//! A unit of writing: one SQLite transaction.

use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde_json::{Map, Value};

use super::sqlite::{SqliteStore, format_now, signed};
use super::sqlite_history::SPAN;
use super::{FirstVersion, Generation, HeldClause, HeldDocument, StoreError, WriteUnit};
use crate::clause::{Cause, ClauseId, DocumentId, News, Platform, PlatformId, Span};
use crate::statistics::Statistics;

pub(super) struct SqliteUnit<'a> {
    pub(super) store: &'a SqliteStore,
    pub(super) connection: Connection,
    before: Generation,
    pub(super) statistics: u64,
    pub(super) changed: bool,
    /// Live clauses: counted on from the generation before, as counting them anew reads them all.
    pub(super) live: u64,
    pub(super) now: String,
    committed: bool,
}

/// A clause's latest version with its wording.
const HELD: &str = "SELECT c.key, c.id, v.version, v.to_generation IS NULL, v.platform, v.document,
           v.wording, w.text, v.given, v.annotation, v.inferred
    FROM clause c
    JOIN clause_version v ON v.clause = c.key
    JOIN wording w ON w.clause = v.clause AND w.number = v.wording";

impl<'a> SqliteUnit<'a> {
    pub(super) fn begin(store: &'a SqliteStore) -> Result<Self, StoreError> {
        let connection = store.connect()?;
        // What is read through a mapping stays in memory as long as there is room; a cache has a limit.
        connection
            .execute_batch("PRAGMA mmap_size = 0; BEGIN IMMEDIATE")
            .map_err(|error| store.fail(error))?;
        let sql = "SELECT * FROM generation ORDER BY number DESC LIMIT 1";
        let newest = store.query(&connection, sql, [], |row| store.read_generation(row))?;
        let before =
            newest.into_iter().next().ok_or_else(|| store.corrupt("no generation", "the table is empty"))?;
        Ok(Self {
            store,
            connection,
            statistics: before.statistics,
            live: before.live,
            before,
            changed: false,
            now: format_now(),
            committed: false,
        })
    }

    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .map_err(|error| self.store.fail(error))
    }

    fn query_one<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.store.query(&self.connection, sql, params, map)?.into_iter().next())
    }

    fn read_held(&self, row: &Row<'_>) -> Result<HeldClause, StoreError> {
        let store = self.store;
        Ok(HeldClause {
            id: store.get_clause_id(row, 1)?,
            version: store.get_count(row, 2)?,
            live: store.get(row, 3)?,
            platform: store.get_platform_id(row, 4)?,
            document: store.get_document_id(row, 5)?,
            wording: store.get_count(row, 6)?,
            text: store.get(row, 7)?,
            given: store.get_json(row, 8)?,
            annotation: store.get_json(row, 9)?,
            inferred: store.get_json(row, 10)?,
        })
    }

    fn find_key(&self, id: &ClauseId) -> Result<Option<i64>, StoreError> {
        self.connection
            .prepare_cached("SELECT key FROM clause WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.as_str()], |row| row.get(0)).optional())
            .map_err(|error| self.store.fail(error))
    }

    fn find_ids(&self, sql: &str, of: &str) -> Result<Vec<ClauseId>, StoreError> {
        self.store.query(&self.connection, sql, [of], |row| self.store.get_clause_id(row, 0))
    }

    /// The key of a clause. Of one that is `likely_new` it is asked only if it cannot be made.
    pub(super) fn find_or_make_key(&mut self, id: &ClauseId, likely_new: bool) -> Result<i64, StoreError> {
        if !likely_new && let Some(key) = self.find_key(id)? {
            return Ok(key);
        }
        if self.execute("INSERT OR IGNORE INTO clause (id) VALUES (?1)", [id.as_str()])? > 0 {
            return Ok(self.connection.last_insert_rowid());
        }
        self.find_key(id)?.ok_or_else(|| self.store.corrupt("a clause", "its key is gone"))
    }

    /// Writes a version, and its wording if that is new. With an end, it does not stand.
    fn insert_version(&mut self, key: i64, clause: &HeldClause, end: Option<u64>) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR IGNORE INTO wording VALUES (?1, ?2, ?3, ?4)",
            (key, signed(clause.wording), &clause.text, &self.now),
        )?;
        let collection = clause
            .given
            .get("collection")
            .and_then(|collection| collection.get("id"))
            .and_then(Value::as_str);
        self.execute(
            "INSERT INTO clause_version VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            (
                key,
                signed(clause.version),
                signed(self.generation()),
                end.map(signed),
                signed(clause.wording),
                clause.platform.as_str(),
                clause.document.as_str(),
                collection,
                to_json(&clause.given),
                to_json(&clause.annotation),
                to_json(&clause.inferred),
            ),
        )?;
        Ok(())
    }

    fn note_change(&mut self, key: i64, version: Option<u64>) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO change (generation, clause, version) VALUES (?1, ?2, ?3)",
            (signed(self.generation()), key, version.map(signed)),
        )?;
        self.changed = true;
        Ok(())
    }
}

fn to_json(map: &Map<String, Value>) -> String {
    serde_json::to_string(map).unwrap_or_else(|_| "{}".to_owned())
}

impl WriteUnit for SqliteUnit<'_> {
    fn generation(&self) -> u64 {
        self.before.number + 1
    }

    fn before(&self) -> &Generation {
        &self.before
    }

    fn now(&self) -> &str {
        &self.now
    }

    fn find_clause(&self, id: &ClauseId) -> Result<Option<HeldClause>, StoreError> {
        // The version that stands; of a clause that is gone, the newest.
        let sql =
            format!("{HELD} WHERE c.id = ?1 ORDER BY v.to_generation IS NULL DESC, v.version DESC LIMIT 1");
        self.query_one(&sql, [id.as_str()], |row| self.read_held(row))
    }

    fn find_platform(&self, id: &PlatformId) -> Result<Option<Platform>, StoreError> {
        let sql = "SELECT id, name, parent, domain FROM platform WHERE id = ?1 AND to_generation IS NULL";
        self.query_one(sql, [id.as_str()], |row| self.store.read_platform(row, 0))
    }

    fn find_document(&self, id: &DocumentId) -> Result<Option<HeldDocument>, StoreError> {
        let sql = "SELECT platform, id, title, type, url, updated_on FROM document
            WHERE id = ?1 AND to_generation IS NULL";
        self.query_one(sql, [id.as_str()], |row| {
            Ok(HeldDocument {
                platform: self.store.get_platform_id(row, 0)?,
                document: self.store.read_document(row, 1)?,
            })
        })
    }

    fn clauses_of_document(&self, id: &DocumentId) -> Result<Vec<ClauseId>, StoreError> {
        let sql = "SELECT c.id FROM clause_version v JOIN clause c ON c.key = v.clause
            WHERE v.document = ?1 AND v.to_generation IS NULL ORDER BY c.id";
        self.find_ids(sql, id.as_str())
    }

    fn clauses_ever_of_document(&self, id: &DocumentId) -> Result<Vec<ClauseId>, StoreError> {
        let sql = "SELECT DISTINCT c.id FROM clause_version v JOIN clause c ON c.key = v.clause
            WHERE v.document = ?1 ORDER BY c.id";
        self.find_ids(sql, id.as_str())
    }

    fn wordings(&self, id: &ClauseId) -> Result<Vec<(u64, String)>, StoreError> {
        let sql = "SELECT w.number, w.text FROM wording w JOIN clause c ON c.key = w.clause
            WHERE c.id = ?1 ORDER BY w.number";
        self.store.query(&self.connection, sql, [id.as_str()], |row| {
            Ok((self.store.get_count(row, 0)?, self.store.get(row, 1)?))
        })
    }

    fn find_wording(&self, id: &ClauseId, text: &str) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT w.number FROM wording w JOIN clause c ON c.key = w.clause
            WHERE c.id = ?1 AND w.text = ?2 LIMIT 1";
        self.query_one(sql, (id.as_str(), text), |row| self.store.get_count(row, 0))
    }

    fn last_numbers(&self, id: &ClauseId) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT coalesce((SELECT max(version) FROM clause_version WHERE clause = c.key), 0),
                coalesce((SELECT max(number) FROM wording WHERE clause = c.key), 0)
            FROM clause c WHERE c.id = ?1";
        let found = self.query_one(sql, [id.as_str()], |row| {
            Ok((self.store.get_count(row, 0)?, self.store.get_count(row, 1)?))
        })?;
        Ok(found.unwrap_or((0, 0)))
    }

    fn spans(&self, id: &ClauseId) -> Result<Vec<Span>, StoreError> {
        let sql = format!(
            "{SPAN} JOIN clause c ON c.key = s.clause
             WHERE c.id = ?1 AND s.to_generation IS NULL ORDER BY s.number"
        );
        self.store.query(&self.connection, &sql, [id.as_str()], |row| self.store.read_span(row))
    }

    fn find_mark(&self, id: &DocumentId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT mark FROM mark WHERE document = ?1";
        self.query_one(sql, [id.as_str()], |row| self.store.get(row, 0))
    }

    fn clauses_of_platform(&self, id: &PlatformId) -> Result<Vec<ClauseId>, StoreError> {
        let sql = "SELECT c.id FROM clause_version v JOIN clause c ON c.key = v.clause
            WHERE v.platform = ?1 AND v.to_generation IS NULL ORDER BY c.id";
        self.find_ids(sql, id.as_str())
    }

    fn documents_of_collection(&self, collection: &str) -> Result<Vec<DocumentId>, StoreError> {
        let sql = "SELECT DISTINCT document FROM clause_version
            WHERE collection = ?1 AND to_generation IS NULL ORDER BY document";
        self.store.query(&self.connection, sql, [collection], |row| self.store.get_document_id(row, 0))
    }

    fn live_clauses(&self, after: u64, limit: usize) -> Result<Vec<(u64, HeldClause)>, StoreError> {
        let sql =
            format!("{HELD} WHERE v.clause > ?1 AND v.to_generation IS NULL ORDER BY v.clause LIMIT ?2");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.store.query(&self.connection, &sql, (signed(after), limit), |row| {
            Ok((self.store.get_count(row, 0)?, self.read_held(row)?))
        })
    }

    fn count_live(&self) -> Result<u64, StoreError> {
        Ok(self.live)
    }

    fn write_platform(&mut self, platform: &Platform) -> Result<(), StoreError> {
        let generation = signed(self.generation());
        self.execute(
            "UPDATE platform SET to_generation = ?2 WHERE id = ?1 AND to_generation IS NULL",
            (platform.id.as_str(), generation),
        )?;
        self.execute(
            "INSERT INTO platform VALUES (?1, ?2, NULL, ?3, ?4, ?5)",
            (platform.id.as_str(), generation, &platform.name, &platform.parent, &platform.domain),
        )?;
        self.changed = true;
        Ok(())
    }

    fn write_document(&mut self, held: &HeldDocument) -> Result<(), StoreError> {
        let generation = signed(self.generation());
        let document = &held.document;
        self.execute(
            "UPDATE document SET to_generation = ?2 WHERE id = ?1 AND to_generation IS NULL",
            (document.id.as_str(), generation),
        )?;
        self.execute(
            "INSERT INTO document VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7)",
            (
                document.id.as_str(),
                generation,
                held.platform.as_str(),
                &document.title,
                &document.document_type,
                &document.url,
                &document.updated_on,
            ),
        )?;
        self.changed = true;
        Ok(())
    }

    fn write_clause(&mut self, clause: &HeldClause) -> Result<(), StoreError> {
        let generation = self.generation();
        let key = self.find_or_make_key(&clause.id, false)?;
        let ended = self.execute(
            "UPDATE clause_version SET to_generation = ?2 WHERE clause = ?1 AND to_generation IS NULL",
            (key, signed(generation)),
        )?;
        self.live += u64::from(ended == 0);
        self.insert_version(key, clause, None)?;
        self.note_change(key, Some(clause.version))
    }

    fn write_first(&mut self, clause: &FirstVersion<'_>) -> Result<(), StoreError> {
        self.insert_first(clause)
    }

    fn write_past_wording(&mut self, clause: &HeldClause) -> Result<(), StoreError> {
        let key = self.find_or_make_key(&clause.id, false)?;
        self.insert_version(key, clause, Some(self.generation()))?;
        let live = "SELECT version FROM clause_version WHERE clause = ?1 AND to_generation IS NULL";
        let live = self.query_one(live, [key], |row| self.store.get_count(row, 0))?;
        self.note_change(key, live)
    }

    fn write_spans(&mut self, id: &ClauseId, spans: &[Span]) -> Result<(), StoreError> {
        let held = self.spans(id)?;
        if held == spans {
            return Ok(());
        }
        let key = self.find_or_make_key(id, false)?;
        let generation = signed(self.generation());
        for number in 0..held.len().max(spans.len()) {
            let (old, new) = (held.get(number), spans.get(number));
            if old == new {
                continue;
            }
            let number = signed(number as u64 + 1);
            // What this unit wrote itself is replaced; what readers may hold is ended.
            self.execute(
                "DELETE FROM span WHERE clause = ?1 AND number = ?2 AND from_generation = ?3",
                (key, number, generation),
            )?;
            self.execute(
                "UPDATE span SET to_generation = ?3 WHERE clause = ?1 AND number = ?2 AND to_generation IS NULL",
                (key, number, generation),
            )?;
            if let Some(span) = new {
                self.execute(
                    "INSERT INTO span VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6, ?7, ?8, ?9)",
                    (
                        key,
                        number,
                        generation,
                        signed(span.wording),
                        &span.began_at,
                        span.began_by.as_str(),
                        &span.ended_at,
                        span.ended_by.map(Cause::as_str),
                        span.replaced_by.as_ref().map(ClauseId::as_str),
                    ),
                )?;
            }
        }
        self.changed = true;
        Ok(())
    }

    fn write_news(&mut self, id: &ClauseId, news: &News) -> Result<(), StoreError> {
        let key = self.find_or_make_key(id, false)?;
        self.execute(
            "INSERT INTO news (generation, clause, kind, observed_at, by, wording_before, wording)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                signed(self.generation()),
                key,
                news.kind.as_str(),
                &news.observed_at,
                news.by.as_str(),
                news.wording_before.map(signed),
                news.wording.map(signed),
            ),
        )?;
        self.changed = true;
        Ok(())
    }

    fn write_mark(&mut self, id: &DocumentId, mark: &str) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO mark VALUES (?1, ?2) ON CONFLICT (document) DO UPDATE SET mark = excluded.mark";
        self.execute(sql, (id.as_str(), mark))?;
        Ok(())
    }

    fn remove_clause(&mut self, id: &ClauseId) -> Result<(), StoreError> {
        let Some(key) = self.find_key(id)? else {
            return Ok(());
        };
        let removed = self.execute(
            "UPDATE clause_version SET to_generation = ?2 WHERE clause = ?1 AND to_generation IS NULL",
            (key, signed(self.generation())),
        )?;
        if removed > 0 {
            self.live = self.live.saturating_sub(1);
            self.note_change(key, None)?;
        }
        Ok(())
    }

    fn counted_clauses(&self) -> Result<u64, StoreError> {
        Ok(self.store.read_totals(&self.connection, self.statistics)?.0)
    }

    fn write_statistics(&mut self, statistics: &Statistics) -> Result<(), StoreError> {
        self.insert_statistics(statistics)
    }

    fn renew_generation(&mut self) {
        self.changed = true;
    }

    fn commit(mut self: Box<Self>, taxonomy: &str, vectors: &str) -> Result<Option<Generation>, StoreError> {
        if !self.changed {
            return Ok(None);
        }
        let position = self
            .query_one("SELECT coalesce(max(position), 0) FROM change", [], |row| {
                self.store.get_count(row, 0)
            })?
            .unwrap_or(0);
        let generation = Generation {
            number: self.generation(),
            position,
            statistics: self.statistics,
            taxonomy: taxonomy.to_owned(),
            vectors: Some(vectors.to_owned()),
            live: self.count_live()?,
            recorded_at: self.now.clone(),
        };
        self.execute(
            "INSERT INTO generation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                signed(generation.number),
                signed(generation.position),
                signed(generation.statistics),
                &generation.taxonomy,
                &generation.vectors,
                signed(generation.live),
                &generation.recorded_at,
            ),
        )?;
        self.connection.execute_batch("COMMIT").map_err(|error| self.store.fail(error))?;
        self.committed = true;
        // Moving the log into the file is house-keeping: it may be busy, and then waits.
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
        Ok(Some(generation))
    }
}

impl Drop for SqliteUnit<'_> {
    fn drop(&mut self) {
        if !self.committed {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
