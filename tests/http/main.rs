//! The HTTP API and the page, called in process over a small collection of invented clauses.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod answer;
mod app;
mod cache;
mod caching;
mod conformance;
mod description;
mod docs;
mod embed;
mod entity_page;
mod history;
mod listing;
mod mcp;
mod nothing;
mod operation;
mod page;
mod paging;
mod problem;
mod query;
mod serve;
mod table;
mod write;
