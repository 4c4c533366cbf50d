//! The record store in one SQLite file.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, Params, Row};
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::sqlite_unit::SqliteUnit;
use super::{
    Change, ClauseHistory, Counted, Generation, HeldDocument, RecordStore, RecordedNews, StoreError,
    WriteUnit,
};
use crate::clause::{Clause, ClauseId, Document, DocumentId, Platform, PlatformId};
use crate::statistics::Statistics;

/// The version of the database's own schema.
const SCHEMA_VERSION: i64 = 3;

/// How long a statement waits for another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many idle connections are kept for readers.
const IDLE_READERS: usize = 16;

/// A record store in one SQLite file, in write-ahead mode: readers are never blocked.
pub struct SqliteStore {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the store in a file, and makes it if it is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be used, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let store = Self { path: path.to_owned(), idle: Mutex::new(Vec::new()) };
        let mut connection = store.connect()?;
        store.migrate(&mut connection)?;
        store.put_back(connection);
        Ok(store)
    }

    pub(super) fn fail(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database { path: self.path.clone(), source: Box::new(source) }
    }

    pub(super) fn corrupt(
        &self,
        what: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> StoreError {
        StoreError::Corrupt { path: self.path.clone(), what: what.into(), source: source.into() }
    }

    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        let connect = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(&self.path)?;
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            // Every commit reaches the disk: an acknowledged ingest survives a power cut.
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
            connection.pragma_update(None, "cache_size", -65_536)?;
            connection.set_prepared_statement_cache_capacity(64);
            Ok(connection)
        };
        connect().map_err(|error| self.fail(error))
    }

    fn migrate(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let read_version = |connection: &Connection| -> rusqlite::Result<i64> {
            connection.pragma_query_value(None, "user_version", |row| row.get(0))
        };
        let found = read_version(connection).map_err(|error| self.fail(error))?;
        if found > SCHEMA_VERSION {
            return Err(StoreError::Newer { path: self.path.clone(), found, known: SCHEMA_VERSION });
        }
        if found == SCHEMA_VERSION {
            return Ok(());
        }
        let mut create = || -> rusqlite::Result<()> {
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            // Another process may have been first.
            let version = read_version(&transaction)?;
            if version == 0 {
                transaction.execute_batch(include_str!("schema.sql"))?;
                transaction
                    .execute("INSERT INTO generation VALUES (0, 0, 0, '', NULL, 0, ?1)", [format_now()])?;
            }
            if version < 2 {
                transaction.execute_batch(include_str!("migrate-2.sql"))?;
            }
            if version < 3 {
                transaction.execute_batch(include_str!("migrate-3.sql"))?;
            }
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            transaction.commit()
        };
        create().map_err(|error| self.fail(error))
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
    }

    pub(super) fn read<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.connect(), Ok)?;
        let result = job(&connection);
        self.put_back(connection);
        result
    }

    pub(super) fn query<T>(
        &self,
        connection: &Connection,
        sql: &str,
        params: impl Params,
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = connection.prepare_cached(sql).map_err(|error| self.fail(error))?;
        let mut rows = statement.query(params).map_err(|error| self.fail(error))?;
        let mut values = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.fail(error))? {
            values.push(map(row)?);
        }
        Ok(values)
    }

    pub(super) fn get<T: rusqlite::types::FromSql>(
        &self,
        row: &Row<'_>,
        column: usize,
    ) -> Result<T, StoreError> {
        row.get(column).map_err(|error| self.fail(error))
    }

    pub(super) fn get_count(&self, row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
        let number: i64 = self.get(row, column)?;
        u64::try_from(number).map_err(|error| self.corrupt("a negative number", error))
    }

    pub(super) fn get_json<T: DeserializeOwned>(
        &self,
        row: &Row<'_>,
        column: usize,
    ) -> Result<T, StoreError> {
        let text = row
            .get_ref(column)
            .map_err(|error| self.fail(error))?
            .as_str()
            .map_err(|error| self.corrupt("a record", error))?;
        serde_json::from_str(text).map_err(|error| self.corrupt("a record", error))
    }

    pub(super) fn get_clause_id(&self, row: &Row<'_>, column: usize) -> Result<ClauseId, StoreError> {
        ClauseId::new(self.get::<String>(row, column)?).map_err(|error| self.corrupt("a clause id", error))
    }

    pub(super) fn get_platform_id(&self, row: &Row<'_>, column: usize) -> Result<PlatformId, StoreError> {
        PlatformId::new(self.get::<String>(row, column)?)
            .map_err(|error| self.corrupt("a platform id", error))
    }

    pub(super) fn get_document_id(&self, row: &Row<'_>, column: usize) -> Result<DocumentId, StoreError> {
        DocumentId::new(self.get::<String>(row, column)?)
            .map_err(|error| self.corrupt("a document id", error))
    }

    pub(super) fn read_generation(&self, row: &Row<'_>) -> Result<Generation, StoreError> {
        Ok(Generation {
            number: self.get_count(row, 0)?,
            position: self.get_count(row, 1)?,
            statistics: self.get_count(row, 2)?,
            taxonomy: self.get(row, 3)?,
            vectors: self.get(row, 4)?,
            live: self.get_count(row, 5)?,
            recorded_at: self.get(row, 6)?,
        })
    }

    /// Columns from `first`: id, name, parent, domain.
    pub(super) fn read_platform(&self, row: &Row<'_>, first: usize) -> Result<Platform, StoreError> {
        Ok(Platform {
            id: self.get_platform_id(row, first)?,
            name: self.get(row, first + 1)?,
            parent: self.get(row, first + 2)?,
            domain: self.get(row, first + 3)?,
        })
    }

    /// Columns from `first`: id, title, type, url, updated_on.
    pub(super) fn read_document(&self, row: &Row<'_>, first: usize) -> Result<Document, StoreError> {
        Ok(Document {
            id: self.get_document_id(row, first)?,
            title: self.get(row, first + 1)?,
            document_type: self.get(row, first + 2)?,
            url: self.get(row, first + 3)?,
            updated_on: self.get(row, first + 4)?,
        })
    }

    /// Columns of `CLAUSE_COLUMNS`.
    pub(super) fn read_clause(&self, row: &Row<'_>) -> Result<Clause, StoreError> {
        Ok(Clause {
            id: self.get_clause_id(row, 1)?,
            version: self.get_count(row, 2)?,
            wording: self.get_count(row, 3)?,
            text: self.get(row, 4)?,
            recorded_at: self.get(row, 5)?,
            given: self.get_json(row, 6)?,
            annotation: self.get_json(row, 7)?,
            inferred: self.get_json(row, 8)?,
            platform: self.read_platform(row, 9)?,
            document: self.read_document(row, 13)?,
        })
    }
}

/// Now, RFC 3339 in UTC, to the second.
pub(super) fn format_now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

/// SQLite's whole numbers are signed; ours stay far below 2^63.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A clause version with its wording, platform and document as of generation `?1`.
pub(super) const CLAUSE: &str = "SELECT v.clause, c.id, v.version, v.wording, w.text, w.recorded_at,
           v.given, v.annotation, v.inferred,
           p.id, p.name, p.parent, p.domain, d.id, d.title, d.type, d.url, d.updated_on
    FROM clause_version v
    JOIN clause c ON c.key = v.clause
    JOIN wording w ON w.clause = v.clause AND w.number = v.wording
    JOIN platform p ON p.id = v.platform AND p.from_generation <= ?1
        AND (p.to_generation IS NULL OR p.to_generation > ?1)
    JOIN document d ON d.id = v.document AND d.from_generation <= ?1
        AND (d.to_generation IS NULL OR d.to_generation > ?1)";

/// Restricts clause versions to those that stand in generation `?1`.
pub(super) const STANDS: &str =
    "v.from_generation <= ?1 AND (v.to_generation IS NULL OR v.to_generation > ?1)";

impl RecordStore for SqliteStore {
    fn back_up(&self, file: &Path) -> Result<Generation, StoreError> {
        let name = file.to_str().ok_or_else(|| self.corrupt("a path", "it is no UTF-8"))?;
        self.read(|connection| {
            connection.execute("VACUUM INTO ?1", [name]).map_err(|error| self.fail(error))
        })?;
        SqliteStore::open(file)?.newest_generation()
    }

    fn newest_generation(&self) -> Result<Generation, StoreError> {
        let sql = "SELECT * FROM generation ORDER BY number DESC LIMIT 1";
        self.read(|connection| {
            let found = self.query(connection, sql, [], |row| self.read_generation(row))?;
            found.into_iter().next().ok_or_else(|| self.corrupt("no generation", "the table is empty"))
        })
    }

    fn generation(&self, number: u64) -> Result<Option<Generation>, StoreError> {
        let sql = "SELECT * FROM generation WHERE number = ?1";
        self.read(|connection| {
            Ok(self
                .query(connection, sql, [signed(number)], |row| self.read_generation(row))?
                .into_iter()
                .next())
        })
    }

    fn changes(&self, after: u64, up_to: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        let sql = "SELECT h.position, c.id, h.version FROM change h JOIN clause c ON c.key = h.clause
            WHERE h.position > ?1 AND h.position <= ?2 ORDER BY h.position LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            self.query(connection, sql, (signed(after), signed(up_to), limit), |row| {
                let version: Option<i64> = self.get(row, 2)?;
                Ok(Change {
                    position: self.get_count(row, 0)?,
                    id: self.get_clause_id(row, 1)?,
                    version: version.and_then(|version| u64::try_from(version).ok()),
                })
            })
        })
    }

    fn live_clauses(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Clause)>, StoreError> {
        let sql = format!("{CLAUSE} WHERE v.clause > ?2 AND {STANDS} ORDER BY v.clause LIMIT ?3");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            self.query(connection, &sql, (signed(generation), signed(after), limit), |row| {
                Ok((self.get_count(row, 0)?, self.read_clause(row)?))
            })
        })
    }

    fn find_clause(&self, generation: u64, id: &ClauseId) -> Result<Option<Clause>, StoreError> {
        let sql = format!("{CLAUSE} WHERE c.id = ?2 AND {STANDS}");
        self.read(|connection| {
            let found =
                self.query(connection, &sql, (signed(generation), id.as_str()), |row| self.read_clause(row))?;
            Ok(found.into_iter().next())
        })
    }

    fn find_versions(&self, generation: u64, keys: &[(ClauseId, u64)]) -> Result<Vec<Clause>, StoreError> {
        let sql = format!("{CLAUSE} WHERE c.id = ?2 AND v.version = ?3");
        self.read(|connection| {
            let mut clauses = Vec::with_capacity(keys.len());
            for (id, version) in keys {
                let params = (signed(generation), id.as_str(), signed(*version));
                clauses.extend(self.query(connection, &sql, params, |row| self.read_clause(row))?);
            }
            Ok(clauses)
        })
    }

    fn find_history(&self, generation: u64, id: &ClauseId) -> Result<Option<ClauseHistory>, StoreError> {
        self.read_history(generation, id)
    }

    fn histories(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ClauseHistory)>, StoreError> {
        self.read_histories(generation, after, limit)
    }

    fn news(&self, generation: u64, before: u64, limit: usize) -> Result<Vec<RecordedNews>, StoreError> {
        self.read_news(generation, before, limit)
    }

    fn known_platforms(&self, generation: u64) -> Result<Vec<Platform>, StoreError> {
        let sql = "SELECT p.id, p.name, p.parent, p.domain FROM platform p
            WHERE p.from_generation <= ?1 AND (p.to_generation IS NULL OR p.to_generation > ?1) ORDER BY p.id";
        self.read(|connection| {
            self.query(connection, sql, [signed(generation)], |row| self.read_platform(row, 0))
        })
    }

    fn platforms(&self, generation: u64) -> Result<Vec<Counted<Platform>>, StoreError> {
        self.read_platforms(generation)
    }

    fn documents(&self, generation: u64) -> Result<Vec<Counted<HeldDocument>>, StoreError> {
        self.read_documents(generation)
    }

    fn bare_clauses(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Clause)>, StoreError> {
        self.read_bare_clauses(generation, after, limit)
    }

    fn bare_clauses_of_document(
        &self,
        generation: u64,
        document: &DocumentId,
    ) -> Result<Vec<(u64, Clause)>, StoreError> {
        self.read_bare_clauses_of_document(generation, document)
    }

    fn changed_platforms(&self, from: &Generation, to: &Generation) -> Result<Vec<PlatformId>, StoreError> {
        self.read_changed_platforms(from, to)
    }

    fn statistics(&self, version: u64) -> Result<Statistics, StoreError> {
        // Most of what opening a collection takes: both halves are read at once.
        thread::scope(|scope| {
            let words = "SELECT word, clauses FROM statistics_word WHERE version = ?1";
            let words = scope.spawn(|| self.read(|connection| self.read_counts(connection, words, version)));
            let statistics = self.read(|connection| self.read_statistics(connection, version))?;
            let vocabulary = words.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            Ok(Statistics { vocabulary, ..statistics })
        })
    }

    fn statistics_totals(&self, version: u64) -> Result<(u64, u64), StoreError> {
        self.read(|connection| self.read_totals(connection, version))
    }

    fn begin(&self) -> Result<Box<dyn WriteUnit + '_>, StoreError> {
        Ok(Box::new(SqliteUnit::begin(self)?))
    }
}

impl SqliteStore {
    pub(super) fn read_totals(
        &self,
        connection: &Connection,
        version: u64,
    ) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT clauses, total_length FROM statistics WHERE version = ?1";
        let found = self.query(connection, sql, [signed(version)], |row| {
            Ok((self.get_count(row, 0)?, self.get_count(row, 1)?))
        })?;
        match found.into_iter().next() {
            Some(totals) => Ok(totals),
            None if version == 0 => Ok((0, 0)),
            None => Err(self.corrupt(format!("no statistics of version {version}"), "they were swept")),
        }
    }

    /// All but the vocabulary.
    fn read_statistics(&self, connection: &Connection, version: u64) -> Result<Statistics, StoreError> {
        let (clauses, total_length) = self.read_totals(connection, version)?;
        let languages = "SELECT language, clauses FROM statistics_language WHERE version = ?1";
        let languages = self
            .query(connection, languages, [signed(version)], |row| {
                Ok((self.get(row, 0)?, self.get_count(row, 1)?))
            })?
            .into_iter()
            .collect();
        let terms = "SELECT term, clauses FROM statistics_term WHERE version = ?1";
        Ok(Statistics {
            version,
            clauses,
            total_length,
            languages,
            document_frequencies: self.read_counts(connection, terms, version)?,
            ..Statistics::default()
        })
    }

    fn read_counts(
        &self,
        connection: &Connection,
        sql: &str,
        version: u64,
    ) -> Result<HashMap<String, u32>, StoreError> {
        let counts =
            self.query(connection, sql, [signed(version)], |row| Ok((self.get(row, 0)?, self.get(row, 1)?)))?;
        Ok(counts.into_iter().collect())
    }
}
