//! Two clauses, or two wordings of one, side by side: what each says that the other does not, and their
//! words.

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence};
use super::citation::Citation;
use super::contrast::contrast_clauses;
use super::diff::{DiffPart, diff_clauses, take_sides};
use super::params::Params;
use super::source::view_platform;
use super::view::{ClauseView, EvidenceView, PlatformView};
use super::{AnswerError, Desk};
use crate::clause::Clause;
use crate::contrast::Statement;

/// One of two clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedClause {
    /// Its platform.
    pub platform: PlatformView,
    /// The clause with this wording.
    pub clause: ClauseView,
    /// Where the wording was found.
    pub evidence: EvidenceView,
    /// How to cite it.
    pub citation: Citation,
}

/// Two clauses, or two wordings of one, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClauseComparison {
    /// The generation that it comes from.
    pub generation: u64,
    /// The one.
    pub from: ComparedClause,
    /// The other.
    pub to: ComparedClause,
    /// What only `from` says, in the order of the aspects. This list and the next two are null if one of
    /// the two is in a language that the aspects have no phrases in.
    pub only_from: Option<Vec<Statement>>,
    /// What only `to` says.
    pub only_to: Option<Vec<Statement>>,
    /// What both say, in the words of `to`.
    pub both: Option<Vec<Statement>>,
    /// Words that stand in both, in the same order.
    pub words_equal: u64,
    /// Words that only `from` has.
    pub words_deleted: u64,
    /// Words that only `to` has.
    pub words_inserted: u64,
    /// The parts in order: `equal` and `delete` make the text of `from`, `equal` and `insert` that of
    /// `to`.
    pub parts: Vec<DiffPart>,
}

impl Desk {
    /// Compares two wordings (`ID@N`) or clauses (`ID`, the wording that stands): what each says that the
    /// other does not, and word by word.
    ///
    /// # Errors
    /// As for [`Desk::compare_wordings`].
    pub fn compare_clauses(&self, params: Params) -> Result<ClauseComparison, AnswerError> {
        let published = self.newest()?;
        let (from, to) = take_sides(self, &published, params)?;
        let diff = diff_clauses(published.generation.number, &from, &to);
        let (only_from, only_to, both) = match contrast_clauses(&from, &to, &self.collection) {
            Some(found) => (Some(found.source_only), Some(found.clause_only), Some(found.both)),
            None => (None, None, None),
        };
        Ok(ClauseComparison {
            generation: diff.generation,
            from: self.view_compared(&from),
            to: self.view_compared(&to),
            only_from,
            only_to,
            both,
            words_equal: diff.words_equal,
            words_deleted: diff.words_deleted,
            words_inserted: diff.words_inserted,
            parts: diff.parts,
        })
    }

    fn view_compared(&self, clause: &Clause) -> ComparedClause {
        let platform = view_platform(&clause.platform);
        let (view, evidence) = (view_clause(clause, &self.collection), view_evidence(clause));
        let citation = Citation::new(&platform, &view, &evidence);
        ComparedClause { platform, clause: view, evidence, citation }
    }
}
