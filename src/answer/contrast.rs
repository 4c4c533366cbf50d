//! What a source says that a clause does not, and the other way round.

use serde::Serialize;
use utoipa::ToSchema;

use super::diff::{DiffPart, diff_within_bounds};
use crate::clause::Clause;
use crate::collection::Collection;
use crate::contrast::{Contrast, Statement, compare_statements};
use crate::text::mask::Mask;
use crate::text::term::{Token, analyze};

/// Where the source and a clause differ. The three lists are null if one of the two is in a language
/// that the aspects have no phrases in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContrastView {
    /// What only the source says, in the order of the aspects.
    #[schema(required)]
    pub source_only: Option<Vec<Statement>>,
    /// What only the clause says.
    #[schema(required)]
    pub clause_only: Option<Vec<Statement>>,
    /// What both say, in the clause's words.
    #[schema(required)]
    pub both: Option<Vec<Statement>>,
    /// The parts of the two texts in order: `equal` and `delete` make the source's, `equal` and `insert`
    /// the clause's. Of long texts sentences in place of words, of still longer ones null.
    #[schema(required)]
    pub diff: Option<Vec<DiffPart>>,
}

/// A source that clauses are held against.
pub(super) struct Against {
    text: String,
    statements: Option<Vec<Statement>>,
}

impl Against {
    /// Reads what the source says.
    pub(super) fn read(text: &str, language: &str, mask: &Mask, collection: &Collection) -> Self {
        let statements = read_statements(text, language, &analyze(text, language, mask), collection);
        Self { text: text.to_owned(), statements }
    }

    /// Holds a clause against it, whose words are `tokens`.
    pub(super) fn contrast(
        &self,
        text: &str,
        language: &str,
        tokens: &[Token],
        collection: &Collection,
    ) -> ContrastView {
        let statements = read_statements(text, language, tokens, collection);
        let contrast = self.statements.as_ref().zip(statements);
        let contrast = contrast.map(|(source, clause)| compare_statements(source, &clause));
        let diff = diff_within_bounds(&self.text, text);
        match contrast {
            Some(found) => ContrastView {
                source_only: Some(found.source_only),
                clause_only: Some(found.clause_only),
                both: Some(found.both),
                diff,
            },
            None => ContrastView { source_only: None, clause_only: None, both: None, diff },
        }
    }
}

fn read_statements(
    text: &str,
    language: &str,
    tokens: &[Token],
    collection: &Collection,
) -> Option<Vec<Statement>> {
    collection.contraster().read(text, language, tokens)
}

/// What each of two clauses says that the other does not; `None` if one of them is in a language that the
/// aspects have no phrases in.
pub(super) fn contrast_clauses(from: &Clause, to: &Clause, collection: &Collection) -> Option<Contrast> {
    let read = |clause: &Clause| {
        let tokens = analyze(&clause.text, clause.language(), &Mask::of_platform(&clause.platform));
        read_statements(&clause.text, clause.language(), &tokens, collection)
    };
    Some(compare_statements(&read(from)?, &read(to)?))
}
