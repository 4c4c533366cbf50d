//! `schema` and `openapi`: the contract in data, as the binary carries it.

use clap::{Args, ValueEnum};

use super::output::print;
use super::{Ending, Global};

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Which definition
    #[arg(value_enum, default_value_t = Definition::Clause)]
    which: Definition,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Definition {
    /// The record of a clause, JSON Schema 2020-12
    Clause,
    /// The fields of the index and the numbers of the score
    Search,
    /// The taxonomy in force
    Taxonomy,
}

/// Prints a bundled definition.
pub(super) fn print_schema(global: &Global, args: &SchemaArgs) -> anyhow::Result<Ending> {
    match args.which {
        Definition::Clause => print(crate::ingest::CLAUSE_SCHEMA)?,
        Definition::Search => print(crate::search_schema::BUNDLED)?,
        Definition::Taxonomy => {
            // One that cannot be used is in force nowhere.
            global.read_taxonomy()?;
            print(&global.read_taxonomy_text()?)?;
        }
    }
    Ok(Ending::Done)
}

/// Prints the description of the HTTP API.
pub(super) fn print_openapi() -> anyhow::Result<Ending> {
    print(&crate::http::openapi_json())?;
    Ok(Ending::Done)
}
