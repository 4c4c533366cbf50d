//! Compares engines on the same clauses, terms and questions. `benches/compare/run` calls it step by step.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use crossclause::answer::Desk;
use crossclause_compare::judge::Peers;
use crossclause_compare::work::{Choice, Work, prepare};
use crossclause_compare::{ingest, ours, postgres, report, sqlite, stock};

/// Compares engines on the same clauses, terms and questions.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Ingest records with our binary and with tantivy by itself, and note what both took.
    Ingest {
        /// Our binary.
        binary: PathBuf,
        /// The records, NDJSON.
        records: PathBuf,
        /// The data directory to make.
        data: PathBuf,
        /// The work folder.
        work: PathBuf,
    },
    /// Index records with tantivy by itself.
    StockIngest {
        /// The records, NDJSON.
        records: PathBuf,
        /// The index to make.
        out: PathBuf,
    },
    /// Write a collection's terms, and questions, as all engines get them.
    Prepare {
        /// The data directory.
        data: PathBuf,
        /// The work folder.
        work: PathBuf,
        /// How many questions are drawn.
        #[arg(long, default_value_t = 200)]
        queries: usize,
        /// The seed by which they are drawn.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// A judged set of peers: its questions are asked, so many of them.
        #[arg(long)]
        set: Option<PathBuf>,
    },
    /// Measure ours.
    Crossclause {
        /// The data directory.
        data: PathBuf,
        /// The work folder.
        work: PathBuf,
        /// Seconds for each way of asking; 0 asks every question once.
        seconds: f64,
    },
    /// Measure tantivy by itself.
    Tantivy {
        /// The work folder.
        work: PathBuf,
        /// Seconds for each way of asking; 0 asks every question once.
        seconds: f64,
    },
    /// Measure SQLite's FTS5.
    Sqlite {
        /// The work folder.
        work: PathBuf,
        /// Seconds for each way of asking; 0 asks every question once.
        seconds: f64,
    },
    /// Measure PostgreSQL's full text search.
    Postgres {
        /// The work folder.
        work: PathBuf,
        /// Seconds for each way of asking; 0 asks every question once.
        seconds: f64,
        /// The folder of the server's socket.
        socket: PathBuf,
    },
    /// Print the tables of what was measured.
    Report {
        /// The work folder.
        work: PathBuf,
        /// The work folder of a judged set, and the set.
        #[arg(long, num_args = 2, value_names = ["WORK", "SET"])]
        judged: Vec<PathBuf>,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().step {
        Step::Ingest { binary, records, data, work } => ingest::compare(&binary, &records, &data, &work),
        Step::StockIngest { records, out } => ingest::index_stock(&records, &out),
        Step::Prepare { data, work, queries, seed, set } => {
            let choice = match set {
                Some(set) => Choice::Named(Peers::read(&set)?.draw(queries)),
                None => Choice::Drawn(queries, seed),
            };
            prepare(&Desk::new(ours::open(&data)?), &choice, &work)
        }
        Step::Crossclause { data, work, seconds } => ours::measure(&Work::open(&work)?, &data, seconds),
        Step::Tantivy { work, seconds } => stock::measure(&Work::open(&work)?, seconds),
        Step::Sqlite { work, seconds } => sqlite::measure(&Work::open(&work)?, seconds),
        Step::Postgres { work, seconds, socket } => postgres::measure(&Work::open(&work)?, &socket, seconds),
        Step::Report { work, judged } => {
            let judged = match &judged[..] {
                [judged, set] => Some((judged.as_path(), set.as_path())),
                _ => None,
            };
            print!("{}", report::report(&work, judged)?);
            Ok(())
        }
    }
}
