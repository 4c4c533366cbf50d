//! `search` and `compare`: the answers of the API on the terminal.

use std::io::Read as _;

use anyhow::Context as _;
use clap::Args;

use super::output::{print, print_json};
use super::question::QuestionArgs;
use super::render::{Style, render_comparables, render_search};
use super::{Ending, Global};
use crate::answer::Source;

#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    /// Words, "phrases", prefix*, field:value and -exclusions; without any, everything that passes the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Order: relevance, severity, recent [default: relevance]
    #[arg(long, value_name = "ORDER")]
    sort: Option<String>,
    #[command(flatten)]
    question: QuestionArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// The clause to compare
    #[arg(value_name = "CLAUSE_ID", required_unless_present = "text", conflicts_with = "text")]
    clause: Option<String>,
    /// Compare this text; `-` reads it from standard input
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// The platform whose text it is, so that it is left out
    #[arg(long, value_name = "ID", requires = "text")]
    source_platform: Option<String>,
    /// The language of the text, BCP 47 [default: detected]
    #[arg(long, value_name = "TAG", requires = "text")]
    text_language: Option<String>,
    /// Show platforms of the same company too
    #[arg(long)]
    include_affiliates: bool,
    #[command(flatten)]
    question: QuestionArgs,
}

/// Finds clauses by words.
pub(super) fn search_clauses(global: &Global, args: &SearchArgs) -> anyhow::Result<Ending> {
    let query = args.query.join(" ");
    let params = args
        .question
        .make_params(&[("q", (!query.is_empty()).then_some(query.as_str())), ("sort", args.sort.as_deref())]);
    let desk = global.open_desk()?;
    let answer = make_runtime()?.block_on(desk.search(params))?;
    if args.question.json {
        print_json(&answer)?;
    } else {
        print(&render_search(&answer, Style::of_stdout()))?;
    }
    Ok(tell_ending(answer.counts.clauses))
}

/// Finds how other platforms handle what a clause or a text says.
pub(super) fn compare_clause(global: &Global, args: &CompareArgs) -> anyhow::Result<Ending> {
    let affiliates = args.include_affiliates.then_some("true");
    let params = args.question.make_params(&[("include_affiliates", affiliates)]);
    let text = args.text.as_deref().map(read_text).transpose()?;
    let source = match (&args.clause, &text) {
        (Some(id), _) => Source::Clause(id),
        (None, text) => Source::Text {
            text: text.as_deref().unwrap_or(""),
            platform: args.source_platform.as_deref(),
            language: args.text_language.as_deref(),
        },
    };
    let desk = global.open_desk()?;
    let answer = make_runtime()?.block_on(desk.find_comparables(source, params))?;
    if args.question.json {
        print_json(&answer)?;
    } else {
        print(&render_comparables(&answer, Style::of_stdout()))?;
    }
    Ok(tell_ending(answer.counts.clauses))
}

fn read_text(given: &str) -> anyhow::Result<String> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("the text on standard input cannot be read")?;
    Ok(text.trim().to_owned())
}

fn tell_ending(found: u64) -> Ending {
    if found == 0 { Ending::Nothing } else { Ending::Done }
}

/// A runtime for a command that asks and ends.
pub(super) fn make_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime can be made")
}
