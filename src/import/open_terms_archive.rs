//! Open Terms Archive.
pub mod git;
