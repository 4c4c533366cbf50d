//! The HTTP API and the page, called in process over a small collection of invented clauses.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod answer;
mod app;
mod caching;
mod description;
mod history;
mod listing;
mod mcp;
mod nothing;
mod page;
mod problem;
mod query;
mod serve;
mod table;
