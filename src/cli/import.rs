//! `import`: collections of others.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::ingest::describe_summary;
use super::output::{print, print_json, tell};
use super::progress::Progress;
use super::{Ending, Global};
use crate::collection::Collection;
use crate::import::documents::{DOCUMENTS, DocumentOptions, import_documents};
use crate::import::open_terms_archive::{ArchiveOptions, import_repository};
use crate::import::tosdr::import_tosdr;
use crate::import::{ImportError, ImportReport};
use crate::taxonomy::Companies;

/// Which collection.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// A git clone (work tree or bare) of an Open Terms Archive collection
    OpenTermsArchive(OpenTermsArchiveArgs),
    /// A folder of your own documents: PLATFORM/TITLE.md, .html or .txt
    ///
    /// Markdown, saved web pages and plain text are read. What is no agreement (a press release, a
    /// news story, a post, a thread of comments) gives no clauses, and is named with the reason.
    Documents(DocumentsArgs),
    /// ToS;DR's data: a folder with src/points, src/cases and src/services
    ///
    /// A point with a quote becomes a clause of each of its services. The texts are under
    /// CC BY-SA 3.0, which every answer names.
    Tosdr(TosdrArgs),
}

#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    /// More companies and their services, TOML, over the bundled ones
    #[arg(long, value_name = "FILE")]
    companies: Option<PathBuf>,
    /// Where what is refused goes, with the reasons [default: rejects.ndjson in the data directory]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct OpenTermsArchiveArgs {
    /// The clone
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// Read every version of every document, not only the latest
    #[arg(long)]
    history: bool,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct DocumentsArgs {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The collection's id; documents of the same collection that are not in the folder lose their clauses
    #[arg(long, value_name = "NAME", default_value = DOCUMENTS, value_parser = read_collection)]
    collection: String,
    /// Take clauses from every document, whatever it reads like
    #[arg(long)]
    as_clauses: bool,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct TosdrArgs {
    /// The folder
    #[arg(value_name = "PATH")]
    folder: PathBuf,
    #[command(flatten)]
    common: CommonArgs,
}

/// The id of a collection is part of the ids of its clauses.
fn read_collection(name: &str) -> Result<String, String> {
    let is_plain = name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_plain {
        return Ok(name.to_owned());
    }
    Err("begin with a letter or digit and go on with at most 59 of A-Z a-z 0-9 _ -".to_owned())
}

/// Reads a collection of others.
pub(super) fn import_collection(global: &Global, command: &ImportCommand) -> anyhow::Result<Ending> {
    match command {
        ImportCommand::OpenTermsArchive(args) => {
            let options = ArchiveOptions { history: args.history };
            run_import(global, &args.common, "reading the archive", |collection, companies, rejects| {
                import_repository(collection, &args.repository, companies, options, rejects)
            })
        }
        ImportCommand::Documents(args) => {
            let options =
                DocumentOptions { collection: args.collection.clone(), as_clauses: args.as_clauses };
            run_import(global, &args.common, "reading the documents", |collection, companies, rejects| {
                import_documents(collection, &args.folder, companies, &options, rejects)
            })
        }
        ImportCommand::Tosdr(args) => {
            run_import(global, &args.common, "reading the points", |collection, companies, rejects| {
                import_tosdr(collection, &args.folder, companies, rejects)
            })
        }
    }
}

fn run_import(
    global: &Global,
    args: &CommonArgs,
    what: &'static str,
    import: impl FnOnce(&Collection, &Companies, &Path) -> Result<ImportReport, ImportError>,
) -> anyhow::Result<Ending> {
    let mut companies = Companies::bundled()?;
    if let Some(path) = &args.companies {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the companies file {} cannot be read", path.display()))?;
        companies.add(&text).with_context(|| path.display().to_string())?;
    }
    let collection = global.open_collection(true)?;
    let rejects = args.rejects.clone().unwrap_or_else(|| collection.directory().join("rejects.ndjson"));
    let progress = Progress::without_end(what);
    let imported = import(&collection, &companies, &rejects);
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
