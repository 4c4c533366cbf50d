//! How far a denial reaches in an English sentence.

use std::ops::Range;

use crate::phrase::{Role, UNKNOWN, Vocabulary, Word, find_role};
use crate::text::term::Token;

/// How far after a phrase a denial of it stands, in words: "the location of your device is not kept".
const REACH_AFTER: usize = 5;

/// How far before a denying word a condition makes it none: "if you do not agree".
const CONDITION: usize = 3;

/// Before these a denying word denies nothing: "not limited to".
const IDLE_BEFORE: &[&str] = &[
    "limited",
    "limitation",
    "limiting",
    "only",
    "just",
    "merely",
    "solely",
    "necessarily",
    "least",
    "matter",
    "charge",
    "cost",
];

/// Before these with `than` it denies nothing: "no later than", but "we no longer sell it".
const IDLE_BEFORE_THAN: &[&str] = &["later", "longer", "more", "less", "other"];

const CONDITIONS: &[&str] = &["if", "when", "where", "once", "unless", "until", "whether"];

/// Before a denying word these make what stands before them its subject: "is never shared".
const VERBS: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "will", "shall", "may", "can", "must", "do", "does", "has",
    "have",
];

/// A sentence with what each of its words does to it.
pub(super) struct Sentence<'a> {
    text: &'a str,
    tokens: &'a [Token],
    pub(super) words: Vec<Word>,
}

impl<'a> Sentence<'a> {
    /// Reads the words of one sentence of `text`; a masked name is a word that no phrase knows.
    pub(super) fn read(text: &'a str, tokens: &'a [Token], vocabulary: &Vocabulary) -> Self {
        let words = (0..tokens.len())
            .map(|place| {
                let term = tokens.get(place).and_then(|token| token.term.as_deref());
                Word {
                    stem: term.map_or(UNKNOWN, |term| vocabulary.number(term)),
                    role: find_role_among(text, tokens, place),
                }
            })
            .collect();
        Self { text, tokens, words }
    }

    /// The bytes of the text from the first to the last of some words.
    pub(super) fn span(&self, words: &Range<usize>) -> Option<Range<usize>> {
        let last = words.end.min(self.tokens.len()).checked_sub(1)?;
        Some(self.tokens.get(words.start)?.range.start..self.tokens.get(last)?.range.end)
    }

    /// The place of the word that denies what begins at a place. What turns a sentence ends its
    /// reach, and so does a condition; in a condition it denies nothing.
    pub(super) fn find_denial_before(&self, start: usize, reach: usize) -> Option<usize> {
        let nearest = (start.saturating_sub(reach)..start)
            .rev()
            .find(|&at| matches!(self.role(at), Role::Negator | Role::Turn))?;
        let condition = nearest.saturating_sub(CONDITION)..nearest;
        let denies = self.role(nearest) == Role::Negator
            && !condition.clone().any(|at| CONDITIONS.contains(&word_at(self.tokens, at)));
        denies.then_some(nearest)
    }

    /// Whether a denying word stands in a range.
    pub(super) fn has_denial_in(&self, range: &Range<usize>) -> bool {
        range.clone().any(|at| self.role(at) == Role::Negator)
    }

    /// The place of the word that denies what has a range as its subject.
    pub(super) fn find_denial_after(&self, range: &Range<usize>) -> Option<usize> {
        let at = (range.end..range.end + REACH_AFTER).find(|&at| self.role(at) != Role::Plain)?;
        let gap = self.span(&(range.start..at + 1)).and_then(|bytes| self.text.get(bytes))?;
        let denies = self.role(at) == Role::Negator
            && at > range.end
            && VERBS.contains(&word_at(self.tokens, at - 1))
            && !gap.contains([',', ';', ':']);
        denies.then_some(at)
    }

    fn role(&self, at: usize) -> Role {
        self.words.get(at).map_or(Role::Plain, |word| word.role)
    }
}

/// The folded word at a place; empty for a mask and outside.
fn word_at(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).and_then(|token| token.word.as_deref()).unwrap_or("")
}

fn find_role_among(text: &str, tokens: &[Token], at: usize) -> Role {
    let word = word_at(tokens, at);
    let next = word_at(tokens, at + 1);
    let before = at.checked_sub(1).map_or("", |at| word_at(tokens, at));
    let role = find_role(word);
    let is_idle = IDLE_BEFORE.contains(&next)
        || IDLE_BEFORE_THAN.contains(&next) && word_at(tokens, at + 2) == "than"
        || word == "not" && before == "or";
    match word {
        _ if role == Role::Negator && is_idle => Role::Plain,
        "only" | "solely" if find_role(before) != Role::Negator => Role::Turn,
        "other" if next == "than" => Role::Turn,
        _ if CONDITIONS.contains(&word) => Role::Turn,
        // A new subject: "we do not sell it and we keep it short", "we do not sell it; we keep it".
        _ if role == Role::Plain
            && matches!(next, "we" | "you")
            && (matches!(word, "and" | "so" | "then")
                || gap_after(text, tokens, at).contains([',', ';'])) =>
        {
            Role::Turn
        }
        _ => role,
    }
}

/// What stands between a word and the next.
fn gap_after<'a>(text: &'a str, tokens: &[Token], at: usize) -> &'a str {
    let ends = tokens.get(at).zip(tokens.get(at + 1));
    ends.and_then(|(one, next)| text.get(one.range.end..next.range.start)).unwrap_or("")
}
