//! Crossclause: the search engine for what platforms make people agree to.

pub mod clause;
pub mod engine;
pub mod score;
pub mod search_schema;
pub mod statistics;
pub mod taxonomy;
pub mod text;
