//! What all engines are given: the same clauses as the same terms, the same questions, the same filters.
//!
//! A folder of tables, tabs between columns and spaces within them, so that each engine reads them
//! in its own language:
//!
//! - `documents.tsv`: id, platform, severity, categories, terms (those of the title as often as they
//!   count, then those of the text)
//! - `queries.tsv`: the source's id, platforms left out, its terms by weight, its terms in order
//! - `settings.tsv`: `category` and `severity` with the values of the two filters, `contiguous`:
//!   whether the clauses of every platform stand together, and `clauses`: how many there are

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use crossclause::answer::{Desk, Params, Source};
use crossclause::collection::make_entry;
use crossclause::taxonomy::UNTYPED;

use crate::random::Random;

/// How many terms the queries have that do not have all.
pub const FEW_TERMS: usize = 25;

/// How many categories the filter lets through.
const CATEGORIES: usize = 3;

/// Severities that the filter lets through.
const SEVERITIES: &str = "high medium";

/// Sources have at least this many terms.
const LEAST_TERMS: usize = 5;

/// How many clauses are read at a time.
const BATCH: usize = 2_000;

/// A clause as every engine indexes it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its platform's id.
    pub platform: &'a str,
    /// Its severity.
    pub severity: &'a str,
    /// Its categories, spaces between.
    pub categories: &'a str,
    /// Its terms, spaces between.
    pub terms: &'a str,
}

/// A question that every engine is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The source's id.
    pub id: String,
    /// Platforms that are not in the answer: its own, and those of the same company.
    pub left_out: Vec<String>,
    /// Its terms, the heaviest first.
    pub terms: Vec<String>,
}

impl Asked {
    /// The heaviest terms, or all.
    #[must_use]
    pub fn some(&self, few: bool) -> &[String] {
        if few { &self.terms[..self.terms.len().min(FEW_TERMS)] } else { &self.terms }
    }
}

/// The folder, opened.
#[derive(Debug, Clone)]
pub struct Work {
    /// Where it is.
    pub path: PathBuf,
    /// The questions.
    pub asked: Vec<Asked>,
    /// Categories that the filter lets through.
    pub categories: Vec<String>,
    /// Severities that the filter lets through.
    pub severities: Vec<String>,
    /// Clauses in all.
    pub clauses: u64,
}

impl Work {
    /// Opens a folder that [`prepare`] wrote.
    ///
    /// # Errors
    /// If a table cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let read = |name: &str| {
            let file = path.join(name);
            std::fs::read_to_string(&file).with_context(|| format!("{}: run `prepare` first", file.display()))
        };
        let split = |joined: &str| joined.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut asked = Vec::new();
        for line in read("queries.tsv")?.lines() {
            let mut parts = line.split('\t');
            let (Some(id), Some(left_out), Some(terms)) = (parts.next(), parts.next(), parts.next()) else {
                bail!("queries.tsv has a line of fewer than three columns");
            };
            asked.push(Asked { id: id.to_owned(), left_out: split(left_out), terms: split(terms) });
        }
        let settings: HashMap<String, Vec<String>> = read("settings.tsv")?
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(key, values)| (key.to_owned(), split(values)))
            .collect();
        let setting = |key: &str| settings.get(key).cloned().unwrap_or_default();
        Ok(Self {
            path: path.to_owned(),
            asked,
            categories: setting("category"),
            severities: setting("severity"),
            clauses: setting("clauses").first().and_then(|count| count.parse().ok()).unwrap_or(0),
        })
    }

    /// Calls `take` for every clause.
    ///
    /// # Errors
    /// If the table cannot be read, or `take` fails.
    pub fn read_documents(&self, mut take: impl FnMut(Document<'_>) -> Result<()>) -> Result<()> {
        for line in BufReader::with_capacity(1 << 20, File::open(self.path.join("documents.tsv"))?).lines() {
            let line = line?;
            let mut parts = line.split('\t');
            let mut next = || parts.next().context("documents.tsv has a short line");
            let document = Document {
                id: next()?,
                platform: next()?,
                severity: next()?,
                categories: next()?,
                terms: next()?,
            };
            take(document)?;
        }
        Ok(())
    }
}

/// Which clauses are asked about.
#[derive(Debug, Clone)]
pub enum Choice {
    /// So many, drawn by a seed.
    Drawn(usize, u64),
    /// These.
    Named(Vec<String>),
}

/// Writes what all engines are given.
///
/// # Errors
/// If the collection cannot be read or the folder not be written.
pub fn prepare(desk: &Desk, choice: &Choice, path: &Path) -> Result<()> {
    let collection = desk.collection();
    let generation = collection.synchronize()?.generation.number;
    let factor = collection.schema().title_factor() as usize;
    std::fs::create_dir_all(path)?;
    let create = |name: &str| -> Result<_> { Ok(BufWriter::new(File::create(path.join(name))?)) };
    let mut out = create("documents.tsv")?;
    let (mut drawn, mut seen) = (Vec::new(), 0_usize);
    let wanted: HashSet<&str> = match choice {
        Choice::Named(ids) => ids.iter().map(String::as_str).collect(),
        Choice::Drawn(..) => HashSet::new(),
    };
    let mut random = Random::new(if let Choice::Drawn(_, seed) = choice { *seed } else { 0 }, 0);
    let mut in_category: BTreeMap<String, usize> = BTreeMap::new();
    let mut platforms: HashSet<String> = HashSet::new();
    let (mut platform, mut contiguous) = (String::new(), true);
    let (mut after, mut clauses) = (0, 0_u64);
    loop {
        let batch = collection.store().live_clauses(generation, after, BATCH)?;
        let Some((last, _)) = batch.last() else { break };
        after = *last;
        clauses += batch.len() as u64;
        for (_, clause) in &batch {
            let entry = make_entry(clause, collection.knowledge());
            let title = entry.terms.title().flatten().flat_map(|term| std::iter::repeat_n(term, factor));
            let terms: Vec<&str> = title.chain(entry.terms.text().flatten()).collect();
            let categories = entry.categories.join(" ");
            let severity = entry.severity.as_str();
            let (id, terms_joined) = (entry.id.as_str(), terms.join(" "));
            writeln!(out, "{id}\t{}\t{severity}\t{categories}\t{terms_joined}", entry.platform)?;
            for category in entry.categories.into_iter().filter(|category| category != UNTYPED) {
                *in_category.entry(category).or_default() += 1;
            }
            if entry.platform != platform {
                contiguous &= platforms.insert(entry.platform.clone());
                platform = entry.platform;
            }
            match choice {
                Choice::Named(_) if wanted.contains(id) => drawn.push((id.to_owned(), terms_joined)),
                // Each clause so far is among the drawn with the same chance (Vitter, 1985).
                Choice::Drawn(count, _) if terms.len() >= LEAST_TERMS => {
                    seen += 1;
                    if drawn.len() < *count {
                        drawn.push((id.to_owned(), terms_joined));
                    } else if let Some(slot) = drawn.get_mut(random.place(seen)) {
                        *slot = (id.to_owned(), terms_joined);
                    }
                }
                _ => {}
            }
        }
    }
    out.flush()?;
    let mut out = create("queries.tsv")?;
    for (id, terms) in drawn {
        let question = desk.pose_comparables(Source::Clause(&id), Params::new([]))?;
        let slots: Vec<&str> =
            question.slots.iter().filter_map(|slot| slot.terms.first()).map(String::as_str).collect();
        if !slots.is_empty() {
            writeln!(out, "{id}\t{}\t{}\t{terms}", question.left_out.join(" "), slots.join(" "))?;
        }
    }
    out.flush()?;
    let mut common: Vec<(&String, &usize)> = in_category.iter().collect();
    common.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let common: Vec<&str> = common.into_iter().take(CATEGORIES).map(|(id, _)| id.as_str()).collect();
    let mut out = create("settings.tsv")?;
    writeln!(out, "category\t{}", common.join(" "))?;
    writeln!(out, "severity\t{SEVERITIES}")?;
    writeln!(out, "clauses\t{clauses}")?;
    writeln!(out, "contiguous\t{}", if contiguous { "yes" } else { "no" })?;
    out.flush()?;
    Ok(())
}
