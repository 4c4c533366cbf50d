//! `import`: collections of others.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::ingest::describe_summary;
use super::output::{print, print_json, tell};
use super::progress::Progress;
use super::{Ending, Global};
use crate::import::open_terms_archive::{ArchiveOptions, import_repository};
use crate::taxonomy::Companies;

/// Which collection.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// A git clone (work tree or bare) of an Open Terms Archive collection
    OpenTermsArchive(OpenTermsArchiveArgs),
}

#[derive(Debug, Args)]
pub(super) struct OpenTermsArchiveArgs {
    /// The clone
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// More companies and their services, TOML, over the bundled ones
    #[arg(long, value_name = "FILE")]
    companies: Option<PathBuf>,
    /// Read every version of every document, not only the latest
    #[arg(long)]
    history: bool,
    /// Where refused clauses go, with their reasons [default: rejects.ndjson in the data directory]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Reads a collection of others.
pub(super) fn import_collection(global: &Global, command: &ImportCommand) -> anyhow::Result<Ending> {
    match command {
        ImportCommand::OpenTermsArchive(args) => import_open_terms_archive(global, args),
    }
}

fn import_open_terms_archive(global: &Global, args: &OpenTermsArchiveArgs) -> anyhow::Result<Ending> {
    let mut companies = Companies::bundled()?;
    if let Some(path) = &args.companies {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the companies file {} cannot be read", path.display()))?;
        companies.add(&text).with_context(|| path.display().to_string())?;
    }
    let collection = global.open_collection(true)?;
    let rejects = args.rejects.clone().unwrap_or_else(|| collection.directory().join("rejects.ndjson"));
    let progress = Progress::without_end("reading the archive");
    let options = ArchiveOptions { history: args.history };
    let imported = import_repository(&collection, &args.repository, &companies, options, &rejects);
    progress.finish();
    let report = imported?;
    for warning in &report.warnings {
        tell(&format!("warning: {warning}"));
    }
    if args.json {
        print_json(&report)?;
    } else {
        print(&format!(
            "documents {}, versions read {}, clauses {}, wordings recorded {}: {}, generation {}",
            report.documents,
            report.versions,
            report.clauses,
            report.wordings,
            describe_summary(&report.summary),
            report.generation
        ))?;
    }
    Ok(Ending::Done)
}
