//! The command line: arguments in, data on stdout, everything else on stderr.
//!
//! Exit codes: 0 found or done, 1 nothing found, 2 error. A reader of stdout that goes away is no
//! error.

mod analyze;
mod backup;
mod config;
mod demo;
mod eval;
mod export;
mod import;
mod ingest;
mod mcp;
mod output;
mod progress;
mod question;
mod render;
mod schema;
mod search;
mod serve;
mod setting;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use setting::SettingsFile;

use crate::answer::Desk;
use crate::collection::{Collection, EngineChoice, Knowledge};
use crate::rank::RankingSchema;
use crate::search_schema::SearchSchema;
use crate::taxonomy::{Aspects, Taxonomy};
use crate::vector::VectorTable;

/// How a command ended, if it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Found or done.
    Done,
    /// Nothing found.
    Nothing,
}

/// The search engine for what platforms make people agree to.
#[derive(Debug, Parser)]
#[command(
    name = "crossclause",
    version,
    after_help = "Exit codes: 0 found or done, 1 nothing found, 2 error."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command goes by.
#[derive(Debug, Args)]
struct Global {
    /// File of settings in TOML, with the names of the flags as keys [default: crossclause.toml, if it is
    /// there]
    #[arg(long, global = true, value_name = "FILE", env = "CROSSCLAUSE_CONFIG")]
    config: Option<PathBuf>,
    /// Directory of the record store and the index, or a backup, which is restored beside it
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "CROSSCLAUSE_DATA",
        default_value = "./crossclause-data"
    )]
    data: PathBuf,
    /// Which engine answers
    #[arg(long, global = true, value_enum, env = "CROSSCLAUSE_ENGINE", default_value_t = EngineName::Tantivy)]
    engine: EngineName,
    /// Taxonomy in TOML, in place of the bundled one
    #[arg(long, global = true, value_name = "FILE", env = "CROSSCLAUSE_TAXONOMY")]
    taxonomy: Option<PathBuf>,
    /// Table of vectors, in place of the bundled one
    #[arg(long, global = true, value_name = "FILE", env = "CROSSCLAUSE_VECTORS")]
    vectors: Option<PathBuf>,
    /// Weights of the ranking in JSON, in place of the bundled ones
    #[arg(long, global = true, value_name = "FILE", env = "CROSSCLAUSE_RANKING")]
    ranking: Option<PathBuf>,
    /// What is logged to stderr: `warn`, `info`, `debug`, or directives such as `crossclause::http=debug`
    /// [default: info when serving, else warn or info]
    #[arg(long, global = true, value_name = "FILTER", env = "CROSSCLAUSE_LOG", hide_short_help = true)]
    log: Option<String>,
    /// How that is written
    #[arg(long, global = true, value_enum, value_name = "FORMAT", env = "CROSSCLAUSE_LOG_FORMAT", default_value_t = LogFormat::Text, hide_short_help = true)]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EngineName {
    /// An index on disk
    Tantivy,
    /// The reference, which keeps everything in memory: built anew by every command
    Naive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the bundled demo collection from a temporary data directory
    Demo(demo::DemoArgs),
    /// Take in records: NDJSON (.ndjson, .jsonl) or CSV, plain, .gz or .zst
    Ingest(ingest::IngestArgs),
    /// Lay an analyst's words over clauses: NDJSON of {id, clause_type?, severity?, …}
    Annotate(ingest::AnnotateArgs),
    /// Read a collection of others
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Serve the HTTP API and the pages
    Serve(serve::ServeArgs),
    /// Serve a client of the Model Context Protocol over stdin and stdout
    Mcp,
    /// Find clauses by words
    Search(search::SearchArgs),
    /// Find how other platforms handle what a clause or a text says
    Compare(search::CompareArgs),
    /// Measure relevance on judged sets
    Eval(eval::EvalArgs),
    /// Tell what the data directory holds
    Status(status::StatusArgs),
    /// Infer again for every clause, renew the statistics and build the index anew
    Reindex(status::ReindexArgs),
    /// Write all records to one file, while they are served too
    Backup(backup::BackupArgs),
    /// Print all settings and where they come from, or make a write key
    Config(config::ConfigArgs),
    /// Print all clauses as records, NDJSON, which `ingest` takes in again
    Export,
    /// Tell the terms and pairs of terms that texts are made of
    Analyze(analyze::AnalyzeArgs),
    /// Print a bundled definition
    Schema(schema::SchemaArgs),
    /// Print the description of the HTTP API, OpenAPI 3.1
    Openapi,
}

impl Command {
    /// What is logged unless the environment says otherwise. A first ingest has no index to lose,
    /// so that building one is no news there.
    fn default_log_level(&self) -> &'static str {
        match self {
            Self::Demo(_)
            | Self::Ingest(_)
            | Self::Annotate(_)
            | Self::Import(_)
            | Self::Eval(_)
            | Self::Mcp => "warn",
            _ => "info",
        }
    }
}

impl Global {
    fn engine_choice(&self) -> EngineChoice {
        match self.engine {
            EngineName::Tantivy => EngineChoice::Tantivy,
            EngineName::Naive => EngineChoice::Naive,
        }
    }

    /// The text of the taxonomy in force.
    fn read_taxonomy_text(&self) -> anyhow::Result<String> {
        match &self.taxonomy {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("the taxonomy {} cannot be read", path.display())),
            None => Ok(crate::taxonomy::BUNDLED.to_owned()),
        }
    }

    /// The taxonomy in force.
    fn read_taxonomy(&self) -> anyhow::Result<Taxonomy> {
        let parsed = Taxonomy::parse(&self.read_taxonomy_text()?);
        match &self.taxonomy {
            Some(path) => parsed.with_context(|| path.display().to_string()),
            None => Ok(parsed?),
        }
    }

    /// The definitions in force.
    fn read_knowledge(&self) -> anyhow::Result<Knowledge> {
        let vectors = match &self.vectors {
            Some(path) => {
                let file = std::fs::read(path)
                    .with_context(|| format!("the table of vectors {} cannot be read", path.display()))?;
                VectorTable::parse(file.into()).with_context(|| path.display().to_string())?
            }
            None => VectorTable::bundled()?,
        };
        let ranking = match &self.ranking {
            Some(path) => {
                let file = std::fs::read_to_string(path).with_context(|| {
                    format!("the weights of the ranking {} cannot be read", path.display())
                })?;
                RankingSchema::parse(&file).with_context(|| path.display().to_string())?
            }
            None => RankingSchema::bundled()?,
        };
        Ok(Knowledge {
            taxonomy: Arc::new(self.read_taxonomy()?),
            schema: Arc::new(SearchSchema::bundled()?),
            ranking: Arc::new(ranking),
            vectors: Arc::new(vectors),
            aspects: Arc::new(Aspects::bundled()?),
        })
    }

    /// Opens the collection, and makes it if `create` says so.
    fn open_collection(&self, create: bool) -> anyhow::Result<Collection> {
        Ok(Collection::open(&self.data, self.engine_choice(), self.read_knowledge()?, create)?)
    }

    /// Opens the collection and brings its index up to its records, ready to answer.
    fn open_desk(&self) -> anyhow::Result<Desk> {
        let collection = self.open_collection(false)?;
        collection.synchronize()?;
        Ok(Desk::new(Arc::new(collection)))
    }
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    match run_command() {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Nothing) => ExitCode::from(1),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::tell(&format!("error: {}", output::describe_chain(&error)));
            ExitCode::from(2)
        }
    }
}

fn run_command() -> anyhow::Result<Ending> {
    let mut known = Cli::command();
    known.build();
    let settings = known.find_subcommand("config").cloned().unwrap_or_default();
    // What is wrong elsewhere is told when all is known.
    let named = known.clone().ignore_errors(true).try_get_matches().ok();
    let named = named.and_then(|found| found.get_one::<PathBuf>("config").cloned());
    let file = SettingsFile::read(named.as_deref(), &settings)?;
    // Ends the program with exit code 2 if the arguments are wrong.
    let matches = file.apply(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    start_logging(&cli)?;
    if let (Command::Config(args), Some((_, matches))) = (&cli.command, matches.subcommand()) {
        return config::print_config(args, &settings, matches, &file);
    }
    dispatch(cli)
}

fn dispatch(cli: Cli) -> anyhow::Result<Ending> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(args) => demo::serve_demo(global, &args),
        Command::Ingest(args) => ingest::ingest_files(global, &args),
        Command::Annotate(args) => ingest::annotate_clauses(global, &args),
        Command::Import(command) => import::import_collection(global, &command),
        Command::Serve(args) => serve::serve_collection(global, &args),
        Command::Mcp => mcp::serve_client(global),
        Command::Search(args) => search::search_clauses(global, &args),
        Command::Compare(args) => search::compare_clause(global, &args),
        Command::Eval(args) => eval::evaluate_sets(global, &args),
        Command::Status(args) => status::tell_status(global, &args),
        Command::Reindex(args) => status::reindex_collection(global, &args),
        Command::Backup(args) => backup::back_up_collection(global, &args),
        Command::Config(_) => Ok(Ending::Done),
        Command::Export => export::export_clauses(global),
        Command::Analyze(args) => analyze::analyze_texts(&args),
        Command::Schema(args) => schema::print_schema(global, &args),
        Command::Openapi => schema::print_openapi(),
    }
}

fn start_logging(cli: &Cli) -> anyhow::Result<()> {
    use tracing_subscriber::EnvFilter;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let filter = match &cli.global.log {
        Some(directives) => EnvFilter::try_new(directives)
            .with_context(|| format!("the log filter `{directives}` (--log) cannot be understood"))?,
        None => EnvFilter::new(cli.command.default_log_level()),
    };
    let logging = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        // A stderr that is closed must not end the program.
        .log_internal_errors(false);
    // It logs whole messages, and with them what was pasted and typed, whoever asks for it.
    let quiet = filter_fn(|metadata| metadata.target().split("::").next() != Some("rmcp"));
    match cli.global.log_format {
        LogFormat::Text => logging.finish().with(quiet).init(),
        LogFormat::Json => logging.json().flatten_event(true).finish().with(quiet).init(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_hang_together() {
        super::Cli::command().debug_assert();
    }
}
