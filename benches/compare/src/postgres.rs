//! PostgreSQL's full text search: a GIN index, `ts_rank`, and the rest of the answer in SQL.
//!
//! Spoken to through `psql`, whose `\timing` tells what each statement took. The server is started
//! by `run`.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::timing::{COUNTED, Stopwatch, Told};
use crate::work::{Asked, Work};

/// What marks the end of the rows of a statement.
const END: &str = "<end>";

/// A statement that takes longer is given up, and this is told as its time.
const LIMIT_SECONDS: u32 = 20;

/// Positions that a `tsvector` can hold.
const MOST_POSITIONS: usize = 16_383;
const MOST_OF_TERM: usize = 255;

/// Indexes and measures.
///
/// # Errors
/// If the server cannot be spoken to.
pub fn measure(work: &Work, socket: &Path, seconds: f64) -> Result<()> {
    if !work.path.join("postgres.complete").exists() {
        let begin = Instant::now();
        write_table(work, socket)?;
        std::fs::write(work.path.join("postgres.complete"), "")?;
        eprintln!("postgres: indexed in {:.1} s", begin.elapsed().as_secs_f64());
    }
    let mut session = Session::open(socket)?;
    session.run(&format!("SET statement_timeout = '{LIMIT_SECONDS}s'"))?;
    session.run("SET max_parallel_workers_per_gather = 0")?;
    session.run("SET jit = off")?;
    session.run("SET work_mem = '512MB'")?;
    let mut stopwatch = Stopwatch::new("postgres", work, seconds)?;
    for (name, few) in [("25", true), ("all", false)] {
        stopwatch.measure(
            &format!("plain-{name}"),
            |asked| {
                let query = any_of(asked, few);
                let sql = format!(
                    "SELECT 'best', id, 0, 0 FROM clause WHERE terms @@ {query} ORDER BY ts_rank(terms, {query}, 1) DESC LIMIT 10"
                );
                session.ask(&sql)
            },
            Ok,
        )?;
    }
    for (name, few, filtered) in COUNTED {
        stopwatch.measure(name, |asked| session.ask(&make_statement(work, asked, few, filtered)), Ok)?;
    }
    Ok(())
}

fn start(socket: &Path) -> Result<Child> {
    Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--field-separator=\t",
            "--set=ON_ERROR_STOP=0",
        ])
        .args(["--username=bench", "--dbname=postgres", "--host"])
        .arg(socket)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("psql")
}

fn write_table(work: &Work, socket: &Path) -> Result<()> {
    let mut child = start(socket)?;
    let mut input = BufWriter::with_capacity(1 << 20, child.stdin.take().context("a pipe")?);
    writeln!(input, "\\set ON_ERROR_STOP 1\nDROP TABLE IF EXISTS clause;")?;
    writeln!(
        input,
        "CREATE UNLOGGED TABLE clause(id text, platform text, severity text, categories text[], terms tsvector);"
    )?;
    writeln!(input, "COPY clause FROM STDIN;")?;
    work.read_documents(|clause| {
        let categories = clause.categories.replace(' ', ",");
        let terms = make_vector(clause.terms);
        writeln!(
            input,
            "{}\t{}\t{}\t{{{categories}}}\t{terms}",
            clause.id, clause.platform, clause.severity
        )?;
        Ok(())
    })?;
    writeln!(input, "\\.\nSET maintenance_work_mem = '1GB';")?;
    writeln!(
        input,
        "CREATE INDEX ON clause USING gin(terms) WITH (fastupdate = off);\nVACUUM ANALYZE clause;"
    )?;
    input.flush()?;
    drop(input);
    if !child.wait()?.success() {
        bail!("psql could not fill the table");
    }
    Ok(())
}

/// A `tsvector` as COPY reads it: terms quoted, with their positions.
fn make_vector(terms: &str) -> String {
    let mut positions: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    for (place, term) in terms.split(' ').filter(|term| !term.is_empty()).enumerate() {
        let of_term = positions.entry(term).or_default();
        if of_term.len() < MOST_OF_TERM {
            of_term.push((place + 1).min(MOST_POSITIONS));
        }
    }
    let quoted = positions.into_iter().map(|(term, places)| {
        let places: Vec<String> = places.into_iter().map(|place| place.to_string()).collect();
        format!("{}:{}", quote_term(term), places.join(","))
    });
    // COPY takes a backslash for the beginning of an escape.
    quoted.collect::<Vec<_>>().join(" ").replace('\\', "\\\\")
}

fn quote_term(term: &str) -> String {
    format!("'{}'", term.replace('\\', "\\\\").replace('\'', "''"))
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn any_of(asked: &Asked, few: bool) -> String {
    let any: Vec<String> = asked.some(few).iter().map(|term| quote_term(term)).collect();
    format!("{}::tsquery", quote(&any.join(" | ")))
}

fn list(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| quote(value)).collect();
    format!("ARRAY[{}]::text[]", quoted.join(", "))
}

/// All of the answer from one list of all that matches, made once.
fn make_statement(work: &Work, asked: &Asked, few: bool, filtered: bool) -> String {
    let (of_category, of_severity) = if filtered {
        (
            format!("categories && {}", list(&work.categories)),
            format!("severity = ANY({})", list(&work.severities)),
        )
    } else {
        ("true".to_owned(), "true".to_owned())
    };
    let query = any_of(asked, few);
    format!(
        "WITH found AS MATERIALIZED (
           SELECT id, platform, severity, categories, ts_rank(terms, {query}, 1) AS score,
                  {of_category} AS in_category, {of_severity} AS in_severity
           FROM clause WHERE terms @@ {query} AND platform <> ALL({left_out}))
         (SELECT 'best', id, 0, 0 FROM (
           SELECT DISTINCT ON (platform) id, score FROM found WHERE in_category AND in_severity
           ORDER BY platform, score DESC) AS best ORDER BY score DESC LIMIT 10)
         UNION ALL SELECT 'all', '', count(*), count(DISTINCT platform) FROM found WHERE in_category AND in_severity
         UNION ALL SELECT 'category', category, count(*), count(DISTINCT platform)
           FROM found, unnest(categories) AS category WHERE in_severity GROUP BY category
         UNION ALL SELECT 'severity', severity, count(*), count(DISTINCT platform)
           FROM found WHERE in_category GROUP BY severity",
        left_out = list(&asked.left_out),
    )
}

/// A session of psql that is fed statement by statement.
struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn open(socket: &Path) -> Result<Self> {
        let mut child = start(socket)?;
        let mut input = child.stdin.take().context("a pipe")?;
        writeln!(input, "\\timing on")?;
        let output = BufReader::new(child.stdout.take().context("a pipe")?);
        Ok(Self { child, input: Some(input), output })
    }

    /// Runs a statement: its rows, and what it took in milliseconds.
    fn run(&mut self, sql: &str) -> Result<(Vec<String>, Option<f64>)> {
        let input = self.input.as_mut().context("an open session")?;
        writeln!(input, "{sql};\n\\echo {END}")?;
        input.flush()?;
        let (mut rows, mut taken) = (Vec::new(), None);
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                bail!("psql ended");
            }
            let line = line.trim_end_matches('\n');
            if line == END {
                return Ok((rows, taken));
            }
            match line.strip_prefix("Time: ").and_then(|rest| rest.split(' ').next()) {
                Some(milliseconds) => taken = Some(milliseconds.parse()?),
                None => rows.push(line.to_owned()),
            }
        }
    }

    fn ask(&mut self, sql: &str) -> Result<(Told, Option<f64>)> {
        let (rows, taken) = self.run(sql)?;
        let mut told = Told::default();
        for row in &rows {
            let parts: Vec<&str> = row.split('\t').collect();
            let [kind, value, clauses, platforms] = parts[..] else { continue };
            let (clauses, platforms) = (clauses.parse()?, platforms.parse()?);
            match kind {
                "best" => told.ids.push(value.to_owned()),
                "all" => told.counts = Some((clauses, platforms)),
                facet => told.count(facet, value, clauses, platforms),
            }
        }
        Ok((told, taken))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // psql ends when its input does; what it then says concerns nobody.
        self.input = None;
        let _ = self.child.wait();
    }
}
