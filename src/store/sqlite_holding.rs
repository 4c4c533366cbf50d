//! What platforms hold: counted by an index, and read without texts.

use rusqlite::Connection;

use super::sqlite::{CLAUSE, STANDS, SqliteStore, signed};
use super::{Counted, Generation, HeldDocument, StoreError};
use crate::clause::{Clause, DocumentId, Platform, PlatformId};

/// [`CLAUSE`] without the wording.
fn bare_clause() -> String {
    CLAUSE
        .replace("w.text, w.recorded_at", "'', ''")
        .replace("JOIN wording w ON w.clause = v.clause AND w.number = v.wording", "")
}

/// Documents that stand in generation `?1` with their clauses that do. Of the newest generation an index
/// tells it all; of one before it, which readers hold for a minute, all versions are looked at.
fn held(newest: bool) -> String {
    let counts = if newest {
        "SELECT document, count(*) AS clauses FROM clause_version WHERE to_generation IS NULL GROUP BY document"
            .to_owned()
    } else {
        format!(
            "SELECT v.document, count(*) AS clauses FROM clause_version v WHERE {STANDS} GROUP BY v.document"
        )
    };
    format!(
        "({counts}) n JOIN document d ON d.id = n.document AND d.from_generation <= ?1
             AND (d.to_generation IS NULL OR d.to_generation > ?1)"
    )
}

impl SqliteStore {
    /// Reads all of one state of the store: also what another process commits meanwhile is not seen.
    fn read_at_once<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read(|connection| {
            let transaction = connection.unchecked_transaction().map_err(|error| self.fail(error))?;
            let found = read(&transaction)?;
            transaction.commit().map_err(|error| self.fail(error))?;
            Ok(found)
        })
    }

    fn is_newest(&self, connection: &Connection, generation: u64) -> Result<bool, StoreError> {
        let sql = "SELECT max(number) FROM generation";
        let newest = self.query(connection, sql, [], |row| self.get_count(row, 0))?;
        Ok(newest.first() == Some(&generation))
    }

    pub(super) fn read_platforms(&self, generation: u64) -> Result<Vec<Counted<Platform>>, StoreError> {
        self.read_at_once(|connection| {
            let newest = self.is_newest(connection, generation)?;
            self.count_platforms(connection, generation, newest)
        })
    }

    fn count_platforms(
        &self,
        connection: &Connection,
        generation: u64,
        newest: bool,
    ) -> Result<Vec<Counted<Platform>>, StoreError> {
        let sql = format!(
            "SELECT p.id, p.name, p.parent, p.domain, sum(n.clauses) FROM {}
             JOIN platform p ON p.id = d.platform AND p.from_generation <= ?1
                 AND (p.to_generation IS NULL OR p.to_generation > ?1)
             GROUP BY p.id ORDER BY p.id",
            held(newest)
        );
        self.query(connection, &sql, [signed(generation)], |row| {
            Ok(Counted { item: self.read_platform(row, 0)?, clauses: self.get_count(row, 4)? })
        })
    }

    pub(super) fn read_documents(&self, generation: u64) -> Result<Vec<Counted<HeldDocument>>, StoreError> {
        self.read_at_once(|connection| {
            let newest = self.is_newest(connection, generation)?;
            self.count_documents(connection, generation, newest)
        })
    }

    fn count_documents(
        &self,
        connection: &Connection,
        generation: u64,
        newest: bool,
    ) -> Result<Vec<Counted<HeldDocument>>, StoreError> {
        let sql = format!(
            "SELECT d.platform, d.id, d.title, d.type, d.url, d.updated_on, n.clauses FROM {} ORDER BY d.id",
            held(newest)
        );
        self.query(connection, &sql, [signed(generation)], |row| {
            let item = HeldDocument {
                platform: self.get_platform_id(row, 0)?,
                document: self.read_document(row, 1)?,
            };
            Ok(Counted { item, clauses: self.get_count(row, 6)? })
        })
    }

    pub(super) fn read_bare_clauses(
        &self,
        generation: u64,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Clause)>, StoreError> {
        let sql = format!("{} WHERE v.clause > ?2 AND {STANDS} ORDER BY v.clause LIMIT ?3", bare_clause());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            self.query(connection, &sql, (signed(generation), signed(after), limit), |row| {
                Ok((self.get_count(row, 0)?, self.read_clause(row)?))
            })
        })
    }

    pub(super) fn read_bare_clauses_of_document(
        &self,
        generation: u64,
        document: &DocumentId,
    ) -> Result<Vec<(u64, Clause)>, StoreError> {
        let sql = format!("{} WHERE v.document = ?2 AND {STANDS} ORDER BY v.clause", bare_clause());
        self.read(|connection| {
            self.query(connection, &sql, (signed(generation), document.as_str()), |row| {
                Ok((self.get_count(row, 0)?, self.read_clause(row)?))
            })
        })
    }

    pub(super) fn read_changed_platforms(
        &self,
        from: &Generation,
        to: &Generation,
    ) -> Result<Vec<PlatformId>, StoreError> {
        // Of a clause that changed, the platforms of all its versions: it may have moved.
        let sql = "SELECT v.platform FROM change h JOIN clause_version v ON v.clause = h.clause
                WHERE h.position > ?1 AND h.position <= ?2
            UNION SELECT platform FROM document WHERE from_generation > ?3 AND from_generation <= ?4
            UNION SELECT platform FROM document WHERE to_generation > ?3 AND to_generation <= ?4
            ORDER BY 1";
        let params = (signed(from.position), signed(to.position), signed(from.number), signed(to.number));
        self.read(|connection| self.query(connection, sql, params, |row| self.get_platform_id(row, 0)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what must hold")]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Map, Value};

    use super::*;
    use crate::clause::{ClauseId, Document};
    use crate::store::{HeldClause, RecordStore, WriteUnit};

    fn hold(id: &str, version: u64, platform: &str, document: &str) -> HeldClause {
        let Value::Object(given) = serde_json::json!({"title": "T", "language": "en"}) else {
            unreachable!()
        };
        HeldClause {
            id: ClauseId::new(id).unwrap(),
            version,
            live: true,
            platform: PlatformId::new(platform).unwrap(),
            document: DocumentId::new(document).unwrap(),
            wording: 1,
            text: format!("The words of {id}."),
            given,
            annotation: Map::new(),
            inferred: Map::new(),
        }
    }

    fn write(store: &SqliteStore, work: impl FnOnce(&mut dyn WriteUnit)) -> Generation {
        let mut unit = store.begin().unwrap();
        work(&mut *unit);
        unit.commit("1", "1").unwrap().unwrap()
    }

    fn name(unit: &mut dyn WriteUnit, platform: &str, document: &str, title: &str) {
        let id = PlatformId::new(platform).unwrap();
        let named = Platform { id: id.clone(), name: platform.to_owned(), parent: None, domain: None };
        unit.write_platform(&named).unwrap();
        let document = Document {
            id: DocumentId::new(document).unwrap(),
            title: title.to_owned(),
            document_type: None,
            url: None,
            updated_on: None,
        };
        unit.write_document(&HeldDocument { platform: id, document }).unwrap();
    }

    /// What is counted is what is there, in any generation.
    fn check(store: &SqliteStore, newest: &Generation, expected: &[(&str, u64)]) {
        let told: Vec<_> = store.documents(newest.number).unwrap();
        let told: Vec<_> = told.iter().map(|held| (held.item.document.id.as_str(), held.clauses)).collect();
        assert_eq!(told, expected);
        for number in 0..=newest.number {
            let mut documents: BTreeMap<String, u64> = BTreeMap::new();
            let mut platforms: BTreeMap<String, u64> = BTreeMap::new();
            for (_, clause) in store.live_clauses(number, 0, 1_000).unwrap() {
                *documents.entry(clause.document.id.to_string()).or_insert(0) += 1;
                *platforms.entry(clause.platform.id.to_string()).or_insert(0) += 1;
            }
            let held = store.documents(number).unwrap().into_iter();
            let held = held.map(|held| (held.item.document.id.to_string(), held.clauses));
            assert_eq!(held.collect::<BTreeMap<_, _>>(), documents, "generation {number}");
            let held = store.platforms(number).unwrap().into_iter();
            let held = held.map(|held| (held.item.id.to_string(), held.clauses));
            assert_eq!(held.collect::<BTreeMap<_, _>>(), platforms, "generation {number}");
        }
        let again = |newest_too: bool| {
            store.read(|connection| store.count_documents(connection, newest.number, newest_too)).unwrap()
        };
        assert_eq!(again(true), again(false));
    }

    #[test]
    fn what_is_held_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("records.sqlite")).unwrap();
        let first = write(&store, |unit| {
            name(unit, "p", "p.d", "D");
            name(unit, "q", "q.d", "D");
            for number in 1..=60 {
                unit.write_clause(&hold(&format!("p.{number}"), 1, "p", "p.d")).unwrap();
            }
            unit.write_clause(&hold("q.1", 1, "q", "q.d")).unwrap();
        });
        check(&store, &first, &[("p.d", 60), ("q.d", 1)]);
        // A new version counts once, one that never stood not at all, one that moved elsewhere.
        let second = write(&store, |unit| {
            unit.write_clause(&hold("p.1", 2, "p", "p.d")).unwrap();
            unit.write_clause(&hold("p.1", 3, "p", "p.d")).unwrap();
            unit.write_past_wording(&hold("p.2", 2, "p", "p.d")).unwrap();
            unit.write_clause(&hold("p.3", 2, "q", "q.d")).unwrap();
        });
        check(&store, &second, &[("p.d", 59), ("q.d", 2)]);
        let third = write(&store, |unit| {
            for clause in ["q.1", "p.3", "p.3"] {
                unit.remove_clause(&ClauseId::new(clause).unwrap()).unwrap();
            }
            name(unit, "r", "r.d", "D");
        });
        check(&store, &third, &[("p.d", 59)]);
        // Most of it changes.
        let fourth = write(&store, |unit| {
            for number in 1..=30 {
                unit.remove_clause(&ClauseId::new(format!("p.{number}")).unwrap()).unwrap();
            }
        });
        check(&store, &fourth, &[("p.d", 30)]);
        // Nothing does, but there is a generation.
        let fifth = write(&store, |unit| unit.renew_generation());
        check(&store, &fifth, &[("p.d", 30)]);
        // What a unit that is dropped wrote is not counted.
        store.begin().unwrap().write_clause(&hold("p.99", 1, "p", "p.d")).unwrap();
        check(&store, &fifth, &[("p.d", 30)]);
    }

    #[test]
    fn platforms_that_changed_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("records.sqlite")).unwrap();
        let before = store.newest_generation().unwrap();
        let first = write(&store, |unit| {
            for (platform, document) in [("p", "p.d"), ("q", "q.d"), ("r", "r.d")] {
                name(unit, platform, document, "D");
                unit.write_clause(&hold(&format!("{platform}.1"), 1, platform, document)).unwrap();
            }
        });
        let changed = |from: &Generation, to: &Generation| -> Vec<String> {
            let found = store.changed_platforms(from, to).unwrap();
            found.iter().map(ToString::to_string).collect()
        };
        assert_eq!(changed(&before, &first), ["p", "q", "r"]);
        let second = write(&store, |unit| unit.write_clause(&hold("p.1", 2, "q", "q.d")).unwrap());
        assert_eq!(changed(&first, &second), ["p", "q"]);
        let third = write(&store, |unit| name(unit, "r", "r.d", "Other"));
        assert_eq!(changed(&second, &third), ["r"]);
        assert_eq!(changed(&first, &third), ["p", "q", "r"]);
        assert_eq!(changed(&third, &third), [""; 0]);
        // Texts are left out, and the rest is as it is.
        let all = store.live_clauses(third.number, 0, 10).unwrap();
        let bare = store.bare_clauses(third.number, 0, 10).unwrap();
        assert_eq!(bare.len(), 3);
        for ((place, clause), (bare_place, bare)) in all.iter().zip(&bare) {
            assert_eq!((place, bare.text.as_str()), (bare_place, ""));
            let text = clause.text.clone();
            assert_eq!(*clause, Clause { text, recorded_at: clause.recorded_at.clone(), ..bare.clone() });
        }
        let of_document =
            store.bare_clauses_of_document(third.number, &DocumentId::new("q.d").unwrap()).unwrap();
        assert_eq!(of_document, bare[..2]);
    }

    #[test]
    fn what_stands_is_counted_by_an_index_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("records.sqlite")).unwrap();
        let everything = "SELECT count(*) FROM clause_version WHERE to_generation IS NULL".to_owned();
        for sql in [everything, format!("SELECT n.clauses FROM {}", held(true))] {
            let plan = store.read(|connection| {
                let generation = sql.contains("?1").then_some(1_i64);
                let params = rusqlite::params_from_iter(generation);
                store.query(connection, &format!("EXPLAIN QUERY PLAN {sql}"), params, |row| {
                    store.get::<String>(row, 3)
                })
            });
            let plan = plan.unwrap().join(", ");
            assert!(plan.contains("USING COVERING INDEX live_clause_of_"), "{sql}: {plan}");
        }
    }
}
