//! `eval`: relevance of the running configuration on judged sets.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::output::{print, print_json};
use super::search::make_runtime;
use super::{Ending, Global};
use crate::search_schema::SearchSchema;

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Directories of judged sets
    #[arg(required = true, value_name = "SET_DIR")]
    sets: Vec<PathBuf>,
    /// Print the reports as a JSON list
    #[arg(long)]
    json: bool,
}

/// Measures relevance on judged sets.
pub(super) fn evaluate_sets(global: &Global, args: &EvalArgs) -> anyhow::Result<Ending> {
    let taxonomy = global.read_taxonomy()?;
    let schema = SearchSchema::bundled()?;
    let runtime = make_runtime()?;
    let mut reports = Vec::with_capacity(args.sets.len());
    for set in &args.sets {
        let run = crate::eval::run(set, global.engine_choice(), taxonomy.clone(), schema.clone());
        let report = runtime.block_on(run).with_context(|| set.display().to_string())?;
        if !args.json {
            print(&report.to_string())?;
        }
        reports.push(report);
    }
    if args.json {
        print_json(&reports)?;
    }
    Ok(Ending::Done)
}
