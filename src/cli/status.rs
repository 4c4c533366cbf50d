//! `status` and `reindex`.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::output::{print, print_json};
use super::progress::Progress;
use super::{Ending, Global};
use crate::answer::Versions;

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReindexArgs {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// What a data directory holds.
#[derive(Debug, Serialize)]
struct Status {
    data_directory: String,
    generation: u64,
    recorded_at: String,
    clauses: u64,
    platforms: usize,
    documents: usize,
    versions: Versions,
    /// The taxonomy that the next ingest or `reindex` infers by.
    taxonomy_in_force: String,
    engine: &'static str,
    /// `None` if there is no index, as always in memory before the first question.
    index_generation: Option<u64>,
}

/// What `reindex` did.
#[derive(Debug, Serialize)]
struct ReindexReport {
    /// Clauses of which something was inferred anew.
    changed: u64,
    clauses: u64,
    generation: u64,
}

/// Tells what the data directory holds. It changes nothing: an index that lags behind stays so.
pub(super) fn tell_status(global: &Global, args: &StatusArgs) -> anyhow::Result<Ending> {
    let collection = global.open_collection(false)?;
    let store = collection.store();
    let newest = store.newest_generation()?;
    let status = Status {
        data_directory: std::path::absolute(collection.directory())?.display().to_string(),
        generation: newest.number,
        recorded_at: newest.recorded_at,
        clauses: newest.live,
        platforms: store.platforms(newest.number)?.len(),
        documents: store.documents(newest.number)?.len(),
        versions: Versions {
            taxonomy: newest.taxonomy,
            statistics: newest.statistics,
            vectors: newest.vectors,
        },
        taxonomy_in_force: collection.taxonomy().version().to_owned(),
        engine: collection.engine().name(),
        index_generation: collection.engine().open_newest()?.map(|state| state.generation),
    };
    if args.json {
        print_json(&status)?
    } else {
        print(&status.describe()?)?
    }
    Ok(Ending::Done)
}

impl Status {
    fn describe(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        writeln!(text, "data directory  {}", self.data_directory)?;
        writeln!(text, "generation      {} ({})", self.generation, self.recorded_at)?;
        writeln!(text, "clauses         {}", self.clauses)?;
        writeln!(text, "platforms       {}", self.platforms)?;
        writeln!(text, "documents       {}", self.documents)?;
        writeln!(text, "statistics      {}", self.versions.statistics)?;
        write!(text, "taxonomy        {}", self.versions.taxonomy)?;
        if self.versions.taxonomy != self.taxonomy_in_force {
            write!(text, " (in force is {}; `crossclause reindex` infers by it)", self.taxonomy_in_force)?;
        }
        write!(text, "\nengine          {}\nindex           ", self.engine)?;
        match self.index_generation {
            Some(number) if number == self.generation => write!(text, "generation {number}")?,
            Some(number) => write!(text, "generation {number} (the next command brings it up)")?,
            None => text.push_str("none (the next command builds it)"),
        }
        Ok(text)
    }
}

/// Infers again for every clause, renews the statistics and builds the index anew.
pub(super) fn reindex_collection(global: &Global, args: &ReindexArgs) -> anyhow::Result<Ending> {
    let collection = global.open_collection(false)?;
    let progress = Progress::without_end("building the index");
    let reindexed = collection.reindex();
    progress.finish();
    let (summary, published) = reindexed?;
    let generation = &published.generation;
    let report =
        ReindexReport { changed: summary.changed, clauses: generation.live, generation: generation.number };
    if args.json {
        print_json(&report)?;
    } else {
        print(&format!(
            "indexed {}, changed {}, generation {}",
            report.clauses, report.changed, report.generation
        ))?;
    }
    Ok(Ending::Done)
}
