//! SQLite's FTS5: BM25, and the rest of the answer in SQL.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::timing::{COUNTED, Stopwatch, Told};
use crate::work::{Asked, Work};

/// Signs that are no letters and digits in ASCII: FTS5 would cut terms at them. Its `ascii`
/// tokenizer takes all others for letters.
const SIGNS: &str = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~";

/// Indexes and measures.
///
/// # Errors
/// If the database cannot be written or read.
pub fn measure(work: &Work, seconds: f64) -> Result<()> {
    let path = work.path.join("sqlite.db");
    if !work.path.join("sqlite.complete").exists() {
        let begin = Instant::now();
        write_database(work, &path)?;
        std::fs::write(work.path.join("sqlite.complete"), "")?;
        eprintln!("sqlite: indexed in {:.1} s", begin.elapsed().as_secs_f64());
    }
    let database = Connection::open(&path)?;
    database.execute_batch(
        "PRAGMA mmap_size = 17179869184; PRAGMA cache_size = -524288; PRAGMA temp_store = memory;",
    )?;
    let mut stopwatch = Stopwatch::new("sqlite", work, seconds)?;
    for (name, few) in [("25", true), ("all", false)] {
        let sql = "SELECT clause.id FROM (SELECT rowid AS clause FROM terms WHERE terms MATCH ?1 ORDER BY rank LIMIT 10) \
                   AS found JOIN clause ON clause.rowid = found.clause";
        stopwatch.measure(
            &format!("plain-{name}"),
            |asked| {
                let mut found = database.prepare_cached(sql)?;
                let ids = found.query_map([any_of(asked, few)], |row| row.get::<_, String>(0))?;
                Ok((ids.collect::<rusqlite::Result<Vec<_>>>()?, None))
            },
            |ids| Ok(Told { ids, ..Told::default() }),
        )?;
    }
    for (name, few, filtered) in COUNTED {
        stopwatch.measure(name, |asked| Ok((answer(&database, work, asked, few, filtered)?, None)), Ok)?;
    }
    Ok(())
}

fn write_database(work: &Work, path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    let mut database = Connection::open(path)?;
    database
        .execute_batch("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -524288;")?;
    let signs = SIGNS.replace('"', "\"\"");
    database.execute_batch(&format!(
        "CREATE VIRTUAL TABLE terms USING fts5(held, content='', tokenize=\"ascii tokenchars '{signs}'\");
         CREATE TABLE clause(rowid INTEGER PRIMARY KEY, id TEXT, platform TEXT, severity TEXT);
         CREATE TABLE category(clause INTEGER, category TEXT, PRIMARY KEY(clause, category)) WITHOUT ROWID;"
    ))?;
    let transaction = database.transaction()?;
    {
        let mut terms = transaction.prepare("INSERT INTO terms(rowid, held) VALUES (?1, ?2)")?;
        let mut clauses = transaction.prepare("INSERT INTO clause VALUES (?1, ?2, ?3, ?4)")?;
        let mut categories = transaction.prepare("INSERT INTO category VALUES (?1, ?2)")?;
        let mut row = 0_i64;
        work.read_documents(|clause| {
            row += 1;
            terms.execute(params![row, encode(clause.terms)])?;
            clauses.execute(params![row, clause.id, clause.platform, clause.severity])?;
            for category in clause.categories.split(' ') {
                categories.execute(params![row, category])?;
            }
            Ok(())
        })?;
    }
    transaction.execute("INSERT INTO terms(terms) VALUES ('optimize')", [])?;
    transaction.commit()?;
    database.execute_batch("ANALYZE")?;
    Ok(())
}

/// Apostrophes end the list of signs and cannot stand in it: another letter stands for them.
fn encode(terms: &str) -> String {
    terms.replace('\'', "\u{2bc}")
}

fn any_of(asked: &Asked, few: bool) -> String {
    let quoted: Vec<String> =
        asked.some(few).iter().map(|term| format!("\"{}\"", encode(term).replace('"', "\"\""))).collect();
    quoted.join(" OR ")
}

fn quote(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    quoted.join(", ")
}

/// All of the answer from one list of all that matches, made once.
fn answer(database: &Connection, work: &Work, asked: &Asked, few: bool, filtered: bool) -> Result<Told> {
    let (of_category, of_severity) = if filtered {
        let (categories, severities) = (quote(&work.categories), quote(&work.severities));
        (
            format!(
                "EXISTS (SELECT 1 FROM category AS k WHERE k.clause = terms.rowid AND k.category IN ({categories}))"
            ),
            format!("clause.severity IN ({severities})"),
        )
    } else {
        ("1".to_owned(), "1".to_owned())
    };
    let sql = format!(
        "WITH found AS MATERIALIZED (
           SELECT terms.rowid AS clause, bm25(terms) AS score, clause.id, clause.platform, clause.severity,
                  {of_category} AS in_category, {of_severity} AS in_severity
           FROM terms JOIN clause ON clause.rowid = terms.rowid
           WHERE terms MATCH ?1 AND clause.platform NOT IN ({left_out}))
         SELECT 'best', id, 0, 0 FROM (
           SELECT id, min(score) AS score FROM found WHERE in_category AND in_severity
           GROUP BY platform ORDER BY 2 LIMIT 10)
         UNION ALL SELECT 'all', '', count(*), count(DISTINCT platform) FROM found WHERE in_category AND in_severity
         UNION ALL SELECT 'category', k.category, count(*), count(DISTINCT platform)
           FROM found JOIN category AS k ON k.clause = found.clause WHERE in_severity GROUP BY 2
         UNION ALL SELECT 'severity', severity, count(*), count(DISTINCT platform)
           FROM found WHERE in_category GROUP BY 2",
        left_out = quote(&asked.left_out),
    );
    let mut found = database.prepare(&sql)?;
    let mut rows = found.query([any_of(asked, few)])?;
    let mut told = Told::default();
    while let Some(row) = rows.next()? {
        let (kind, value): (String, String) = (row.get(0)?, row.get(1)?);
        let (clauses, platforms): (i64, i64) = (row.get(2)?, row.get(3)?);
        match kind.as_str() {
            "best" => told.ids.push(value),
            "all" => told.counts = Some((clauses as u64, platforms as u64)),
            facet => told.count(facet, &value, clauses as u64, platforms as u64),
        }
    }
    Ok(told)
}
