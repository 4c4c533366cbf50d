//! Crossclause: the search engine for what platforms make people agree to.

pub mod answer;
pub mod classify;
pub mod clause;
pub mod cli;
pub mod collection;
pub mod contrast;
pub mod demo;
pub mod engine;
pub mod eval;
pub mod http;
pub mod import;
pub mod ingest;
pub mod mcp;
mod phrase;
pub mod profile;
pub mod rank;
pub mod score;
pub mod search_schema;
pub mod statistics;
pub mod store;
pub mod taxonomy;
pub mod text;
pub mod vector;
