//! What is kept of the past, as it is read.

use crate::clause::{Clause, ClauseId, News, Span};

/// A clause with all its wordings and the times in which they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseHistory {
    /// Every wording once, by number, as the newest version that has it.
    pub wordings: Vec<Clause>,
    /// Times, in their order; the last has no end if the clause is live.
    pub spans: Vec<Span>,
}

/// A piece of news as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedNews {
    /// Its position, from 1, in the order of recording.
    pub position: u64,
    /// The clause.
    pub id: ClauseId,
    /// When it was recorded here, RFC 3339 UTC.
    pub recorded_at: String,
    /// What it says.
    pub news: News,
}
