//! `eval`: relevance of the running configuration on judged sets, and how often inferred types are
//! right.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::output::{print, print_json, tell};
use super::search::make_runtime;
use super::{Ending, Global};
use crate::eval::{LabelFigures, Options, Report, compare_rankings, types};

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
    /// Rank by another ranking as well
    #[arg(long, value_enum, value_name = "NAME", conflicts_with = "types")]
    baselines: Vec<Baseline>,
    /// Name the queries won and lost since a report that `--json` wrote
    #[arg(long, value_name = "FILE", conflicts_with = "types")]
    compare: Option<PathBuf>,
    /// Write the features of each query's first 300 results to FILE, for a fit of the weights
    #[arg(long, value_name = "FILE", conflicts_with = "types")]
    features: Option<PathBuf>,
    /// Print the figures of each label, the lowest first
    #[arg(long, conflicts_with = "types")]
    labels: bool,
    /// Print the reports as a JSON list
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Baseline {
    /// BM25 with all terms of the clause or of the words asked for
    Bm25,
}

/// How many queries won or lost are named.
const NAMED: usize = 20;

/// Measures relevance on judged sets, or judges types.
pub(super) fn evaluate_sets(global: &Global, args: &EvalArgs) -> anyhow::Result<Ending> {
    if args.types {
        return judge_types(global, args);
    }
    let knowledge = global.read_knowledge()?;
    let runtime = make_runtime()?;
    let before = args.compare.as_deref().map(read_reports).transpose()?.unwrap_or_default();
    let mut features = args.features.as_deref().map(create_file).transpose()?;
    let mut reports = Vec::with_capacity(args.sets.len());
    for set in &args.sets {
        let options = Options {
            bm25: args.baselines.contains(&Baseline::Bm25),
            features: features.as_mut().map(|file| file as &mut (dyn Write + Send)),
        };
        let run = crate::eval::run(set, global.engine_choice(), knowledge.clone(), options);
        let report = runtime.block_on(run).with_context(|| set.display().to_string())?;
        if !args.json {
            print(&report.to_string())?;
            if args.labels {
                print_labels(&report)?;
            }
        }
        if let Some(old) = before.iter().find(|old| old.set == report.set) {
            print_comparison(old, &report)?;
        }
        reports.push(report);
    }
    if args.json {
        print_json(&reports)?;
    }
    Ok(Ending::Done)
}

fn create_file(path: &Path) -> anyhow::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| path.display().to_string())?))
}

fn read_reports(path: &Path) -> anyhow::Result<Vec<Report>> {
    let place = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(place)?;
    serde_json::from_str(&text).context("no list of reports as `eval --json` prints it").with_context(place)
}

fn print_labels(report: &Report) -> anyhow::Result<()> {
    for label in &report.labels {
        let LabelFigures { label, queries, ndcg_at_10, gain_at_1 } = label;
        print(&format!("  {ndcg_at_10:.3}  gain@1 {gain_at_1:.3}  {queries:>5} queries  {label}"))?;
    }
    Ok(())
}

/// Tells what a report answers better or worse than one before it, on stderr: stdout is for data.
fn print_comparison(before: &Report, after: &Report) -> anyhow::Result<()> {
    let (Some(old), Some(new)) = (before.rankings.first(), after.rankings.first()) else {
        return Ok(());
    };
    let comparison = compare_rankings(old, new);
    tell(&format!(
        "  since then: {} queries, nDCG@10 {:+.4} ({:+.4} to {:+.4}), {} won, {} lost",
        comparison.queries,
        comparison.difference.mean,
        comparison.difference.low,
        comparison.difference.high,
        comparison.won.len(),
        comparison.lost.len()
    ));
    for (name, queries) in [("won", &comparison.won), ("lost", &comparison.lost)] {
        for (query, change) in queries.iter().take(NAMED) {
            tell(&format!("    {name} {change:+.3}  {query}"));
        }
    }
    Ok(())
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
