//! Collections of others, read into records.

pub mod open_terms_archive;
