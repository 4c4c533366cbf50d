//! `eval`: relevance of the running configuration on judged sets, and how often inferred types are
//! right.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::output::{print, print_json};
use super::search::make_runtime;
use super::{Ending, Global};
use crate::eval::types;

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Directories of judged sets
    #[arg(required = true, value_name = "SET_DIR")]
    sets: Vec<PathBuf>,
    /// Judge the inferred clause types in place of relevance; the labels are cases of ToS;DR
    #[arg(long)]
    types: bool,
    /// Learn what words weigh for a clause type from the dev half, write it to FILE, and print how often a share of
    /// the odds was right in five folds
    #[arg(long, value_name = "FILE", requires = "types")]
    learn: Option<PathBuf>,
    /// Learn also from clauses (NDJSON) whose headings name a type of which the set has few
    #[arg(long, value_name = "FILE", requires = "learn")]
    headings: Option<PathBuf>,
    /// Print the reports as a JSON list
    #[arg(long)]
    json: bool,
}

/// Measures relevance on judged sets, or judges types.
pub(super) fn evaluate_sets(global: &Global, args: &EvalArgs) -> anyhow::Result<Ending> {
    if args.types {
        return judge_types(global, args);
    }
    let knowledge = global.read_knowledge()?;
    let runtime = make_runtime()?;
    let mut reports = Vec::with_capacity(args.sets.len());
    for set in &args.sets {
        let run = crate::eval::run(set, global.engine_choice(), knowledge.clone());
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

fn judge_types(global: &Global, args: &EvalArgs) -> anyhow::Result<Ending> {
    let taxonomy = global.read_taxonomy()?;
    if let (Some(file), Some(set)) = (&args.learn, args.sets.first()) {
        let headings = args.headings.as_deref();
        let table = types::learn_words(set, headings, &taxonomy)?;
        std::fs::write(file, table).with_context(|| file.display().to_string())?;
        print_json(&types::measure_folds(set, headings, &taxonomy)?)?;
        return Ok(Ending::Done);
    }
    let judge = |set: &PathBuf| {
        let set: &Path = set;
        types::judge(set, &taxonomy).with_context(|| set.display().to_string())
    };
    let reports = args.sets.iter().map(judge).collect::<anyhow::Result<Vec<_>>>()?;
    if args.json {
        print_json(&reports)?;
    } else {
        for report in &reports {
            print(&report.to_string())?;
        }
    }
    Ok(Ending::Done)
}
