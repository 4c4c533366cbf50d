//! A pasted document held against everybody's: its clauses, each with its counts.

use super::comparables::Source;
use super::params::Params;
use super::view::{Counts, ExcerptView, SourceView};
use super::{AnswerError, Desk};
use crate::clause::MAX_TEXT_CHARACTERS;
use crate::text::excerpt::cut_beginning;
use crate::text::mask::Mask;
use crate::text::pasted::{MAX_DOCUMENT_CHARACTERS, split_pasted};
use crate::text::split::SplitClause;
use crate::text::term::analyze;

/// A clause of a pasted document.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedClause {
    /// Its place in the document, from 1.
    pub number: usize,
    /// The headings above it.
    pub title: Option<String>,
    /// How it begins.
    pub excerpt: ExcerptView,
    /// What it was read as.
    pub source: SourceView,
    /// Its comparables at the default floor, without filters.
    pub counts: Counts,
}

/// A pasted document, divided.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentCheck {
    /// The generation that the counts come from.
    pub generation: u64,
    /// How many clauses it has.
    pub total: usize,
    /// This page of them, in their order.
    pub clauses: Vec<CheckedClause>,
    /// Why it does not read like an agreement, if it does not. It is divided all the same.
    pub refusal: Option<String>,
    /// Sections that are no part of an agreement, by name.
    pub left_out: Vec<String>,
}

impl Desk {
    /// Divides a pasted document into clauses, and counts the comparables of some of them. Nothing of it is
    /// kept.
    ///
    /// # Errors
    /// [`AnswerError::BadParameter`] for a document that is too long; else as for comparables.
    pub async fn check_document(
        &self,
        document: &str,
        skip: usize,
        limit: usize,
    ) -> Result<DocumentCheck, AnswerError> {
        check_length(document)?;
        let published = self.newest()?;
        let split = split_pasted(document);
        let mut clauses = Vec::new();
        for (place, clause) in split.clauses.iter().enumerate().skip(skip).take(limit) {
            let source = Source::Text { text: &clause.text, platform: None, language: None };
            let params = Params::new([("limit".to_owned(), "1".to_owned())]);
            let answer = self.find_comparables_in(Some(published.clone()), source, params).await?;
            let tokens = analyze(&clause.text, &answer.source.language, &Mask::default());
            let excerpt = cut_beginning(&clause.text, &tokens);
            clauses.push(CheckedClause {
                number: place + 1,
                title: clause.title(),
                excerpt: ExcerptView {
                    text: excerpt.text,
                    highlights: excerpt.highlights,
                    truncated: excerpt.truncated,
                },
                source: answer.source,
                counts: answer.counts,
            });
        }
        Ok(DocumentCheck {
            generation: published.generation.number,
            total: split.clauses.len(),
            clauses,
            refusal: split.refusal.map(|refusal| refusal.to_string()),
            left_out: split.left_out.into_iter().map(|(_, name)| name).collect(),
        })
    }
}

/// The text of a clause of a pasted document, by its number from 1.
///
/// # Errors
/// [`AnswerError::BadParameter`] if it has no such clause or is too long.
pub fn pick_clause(document: &str, number: usize) -> Result<String, AnswerError> {
    check_length(document)?;
    let clauses = split_pasted(document).clauses;
    let found: Option<&SplitClause> = number.checked_sub(1).and_then(|place| clauses.get(place));
    let found = found.filter(|clause| clause.text.chars().count() <= MAX_TEXT_CHARACTERS);
    found.map(|clause| clause.text.clone()).ok_or_else(|| AnswerError::BadParameter {
        name: "clause".to_owned(),
        problem: format!("names none of the document's {} clauses", clauses.len()),
    })
}

fn check_length(document: &str) -> Result<(), AnswerError> {
    let length = document.chars().count();
    if length <= MAX_DOCUMENT_CHARACTERS {
        return Ok(());
    }
    let problem = format!("has {length} characters; at most {MAX_DOCUMENT_CHARACTERS} are allowed");
    Err(AnswerError::BadParameter { name: "text".to_owned(), problem })
}
