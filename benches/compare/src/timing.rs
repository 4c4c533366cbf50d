//! How every engine is timed, `Lucene.java` included: one first pass over the questions warms, and
//! says how many of them fit into a third of the time; then passes over these until the time is up.
//! The pass with the least median counts. With no time at all every question is asked once.
//! Java's compiler is warmed for a quarter of the time before that.

use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::time::Instant;

use anyhow::Result;

use crate::work::{Asked, Work};

/// Questions that are asked however long they take.
const LEAST_QUERIES: usize = 5;

/// The ways of asking that group and count: their names, whether only the heaviest terms are asked
/// for, and whether filters are set.
pub const COUNTED: [(&str, bool, bool); 4] = [
    ("full-25", true, false),
    ("full-all", false, false),
    ("filtered-25", true, true),
    ("filtered-all", false, true),
];

/// What an engine answered, to be compared with the others'.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The first clauses.
    pub ids: Vec<String>,
    /// Clauses and platforms, where they were counted.
    pub counts: Option<(u64, u64)>,
    /// Clauses and platforms by facet and value.
    pub facets: BTreeMap<String, (u64, u64)>,
}

impl Told {
    /// The counts of a value of a facet.
    pub fn count(&mut self, facet: &str, value: &str, clauses: u64, platforms: u64) {
        if clauses > 0 {
            self.facets.insert(format!("{facet}:{value}"), (clauses, platforms));
        }
    }
}

/// Measures the ways of one engine.
pub struct Stopwatch<'a> {
    name: String,
    work: &'a Work,
    seconds: f64,
    times: BufWriter<File>,
    answers: BufWriter<File>,
}

impl<'a> Stopwatch<'a> {
    /// Writes to `NAME.times.tsv` and `NAME.answers.tsv`; every way gets so many seconds.
    ///
    /// # Errors
    /// If the files cannot be written.
    pub fn new(name: &str, work: &'a Work, seconds: f64) -> Result<Self> {
        let create = |what: &str| File::create(work.path.join(format!("{name}.{what}.tsv")));
        Ok(Self {
            name: name.to_owned(),
            work,
            seconds,
            times: BufWriter::new(create("times")?),
            answers: BufWriter::new(create("answers")?),
        })
    }

    /// Measures one way. `ask` is timed, unless it says itself how many milliseconds it took;
    /// `tell` is not.
    ///
    /// # Errors
    /// What `ask` and `tell` say.
    pub fn measure<A>(
        &mut self,
        mode: &str,
        mut ask: impl FnMut(&Asked) -> Result<(A, Option<f64>)>,
        mut tell: impl FnMut(A) -> Result<Told>,
    ) -> Result<()> {
        let mut time = |asked: &Asked| -> Result<(A, f64)> {
            let start = Instant::now();
            let (answer, own) = black_box(ask(asked)?);
            let taken = start.elapsed().as_secs_f64() * 1_000.0;
            Ok((answer, own.unwrap_or(taken)))
        };
        let begin = Instant::now();
        let elapsed = || begin.elapsed().as_secs_f64();
        let mut best = Vec::new();
        for asked in &self.work.asked {
            if self.seconds > 0.0 && best.len() >= LEAST_QUERIES && elapsed() >= self.seconds / 3.0 {
                break;
            }
            let (answer, taken) = time(asked)?;
            best.push(taken);
            let told = tell(answer)?;
            let (clauses, platforms) = told.counts.map_or((-1, -1), |(c, p)| (c as i64, p as i64));
            let facets: Vec<String> =
                told.facets.iter().map(|(key, (c, p))| format!("{key}={c}/{p}")).collect();
            let (facets, ids) = (facets.join(" "), told.ids.join(" "));
            writeln!(self.answers, "{mode}\t{}\t{clauses}\t{platforms}\t{facets}\t{ids}", asked.id)?;
        }
        let count = best.len();
        best.sort_by(f64::total_cmp);
        let mut passes = 1;
        while elapsed() < self.seconds && count > 0 {
            let mut pass = Vec::with_capacity(count);
            for asked in &self.work.asked[..count] {
                pass.push(time(asked)?.1);
            }
            pass.sort_by(f64::total_cmp);
            passes += 1;
            if pass[count / 2] < best[count / 2] {
                best = pass;
            }
        }
        let at = |percent: usize| best.get((count * percent / 100).min(count.saturating_sub(1))).copied();
        let [p50, p95, p99] = [50, 95, 99].map(|percent| at(percent).unwrap_or(0.0));
        writeln!(self.times, "{mode}\t{count}\t{passes}\t{p50:.4}\t{p95:.4}\t{p99:.4}")?;
        self.times.flush()?;
        self.answers.flush()?;
        eprintln!(
            "{} {mode}: median {p50:.3} ms, p95 {p95:.3} ms ({count} queries, {passes} passes)",
            self.name
        );
        Ok(())
    }
}
