//! The record of one clause: what a user hands in, and what the collection keeps of it.
//!
//! Plain data and pure functions: nothing here reads a file, a clock or an index.

mod date;
mod history;
mod id;
mod labels;
mod patch;
mod record;

pub use date::{Day, parse_moment, take_later};
pub use history::{Cause, FLAPS_FROM, News, NewsKind, Span, count_returns, list_changes};
pub use id::{ClauseId, DocumentId, InvalidId, MAX_ID_BYTES, PlatformId};
pub use labels::{Inferred, InferredType, Labels, Severity};
pub use patch::merge_patch;
pub use record::{
    Annotation, Clause, Collection, Document, Evidence, Given, MAX_TEXT_CHARACTERS, Observed, Platform,
    Record, fold_parent, hash_text,
};
