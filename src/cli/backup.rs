//! `backup`: all records in one file.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::{print, print_json};
use super::{Ending, Global};

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Where to; a file that is there is replaced when the new one is whole
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct BackupReport {
    file: String,
    generation: u64,
    clauses: u64,
    bytes: u64,
}

/// Writes a backup, whatever is served or written meanwhile.
pub(super) fn back_up_collection(global: &Global, args: &BackupArgs) -> anyhow::Result<Ending> {
    let generation = global.open_collection(false)?.back_up(&args.file)?;
    let report = BackupReport {
        file: args.file.display().to_string(),
        generation: generation.number,
        clauses: generation.live,
        bytes: std::fs::metadata(&args.file)?.len(),
    };
    if args.json {
        print_json(&report)?;
    } else {
        let BackupReport { file, generation, clauses, bytes } = &report;
        print(&format!(
            "{file}: generation {generation}, {clauses} clauses, {bytes} bytes; `crossclause serve --data {file}` serves it"
        ))?;
    }
    Ok(Ending::Done)
}
