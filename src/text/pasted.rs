//! What somebody put into the one box: words to search for, a clause, or a whole document.

use super::query::MAX_QUERY_CHARACTERS;
use super::sentence::split_sentences;
use super::split::{Form, SplitDocument, split_document, split_plain};
use crate::clause::MAX_TEXT_CHARACTERS;
use unicode_segmentation::UnicodeSegmentation;

/// The longest document that is read, in characters.
pub const MAX_DOCUMENT_CHARACTERS: usize = 400_000;

/// From so many clauses on a text is a document: a clause of several paragraphs may come apart into some.
const DOCUMENT_CLAUSES: usize = 4;

/// The most words of a query that looks like nothing else.
const QUERY_WORDS: usize = 20;

/// From so many words on, a text that ends like a sentence is one.
const SENTENCE_WORDS: usize = 6;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words to search for.
    Query,
    /// One clause.
    Clause,
    /// A document of several.
    Document,
}

impl Kind {
    /// All kinds, with what each is called.
    pub const ALL: [(&str, Self); 3] =
        [("query", Self::Query), ("clause", Self::Clause), ("document", Self::Document)];

    /// What it is called.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Clause => "clause",
            Self::Document => "document",
        }
    }
}

/// Tells what a text is by its form alone. A single sentence of some length is a clause, since people who
/// search write no full stop; a question is a search.
#[must_use]
pub fn tell_kind(text: &str) -> Kind {
    let text = text.trim();
    if text.chars().nth(MAX_TEXT_CHARACTERS).is_some() || read_html(text) {
        return Kind::Document;
    }
    let words = text.unicode_words().take(QUERY_WORDS + 1).count();
    let sentences = split_sentences(text)
        .into_iter()
        .filter_map(|range| text.get(range))
        .filter(|sentence| sentence.unicode_words().nth(2).is_some())
        .count();
    let ends = text.ends_with(['.', ';', '!', '。', '…']) || text.ends_with(".”") || text.ends_with(".\"");
    let short = text.chars().nth(MAX_QUERY_CHARACTERS).is_none() && !text.contains('\n');
    if short && words <= QUERY_WORDS && sentences <= 1 && !(ends && words >= SENTENCE_WORDS) {
        return Kind::Query;
    }
    if split_plain(text).len() >= DOCUMENT_CLAUSES { Kind::Document } else { Kind::Clause }
}

/// Divides a pasted document into its clauses, whatever it was copied from. What reads like no agreement is
/// divided all the same, and says so.
#[must_use]
pub fn split_pasted(document: &str) -> SplitDocument {
    let form = guess_form(document);
    let split = split_document(form, "", document, false);
    if split.refusal.is_none() {
        return split;
    }
    SplitDocument { refusal: split.refusal, ..split_document(form, "", document, true) }
}

/// The form of a text that has no name.
fn guess_form(document: &str) -> Form {
    if read_html(document) {
        return Form::Html;
    }
    let is_heading = |line: &str| {
        let title = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - title.len())) && title.starts_with(' ')
    };
    let is_markdown = |line: &str| is_heading(line) || line.contains("](http") || line.starts_with("**");
    if document.lines().any(is_markdown) { Form::Markdown } else { Form::Plain }
}

fn read_html(document: &str) -> bool {
    let mut start = document.trim_start();
    if let Some((at, _)) = start.char_indices().nth(2_000) {
        start = start.get(..at).unwrap_or(start);
    }
    let start = start.to_ascii_lowercase();
    start.starts_with('<')
        && ["<html", "<!doctype", "<body", "<p>", "<p ", "<div", "<h1", "<h2"]
            .iter()
            .any(|tag| start.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENT: &str = "Terms of Use\n\n1. Accounts\n\nYou must be sixteen years old to open an account. You keep your password secret and tell nobody.\n\n2. Content\n\nYou keep the rights to what you post. You allow us to show it to other people on the service.\n\n3. Disputes\n\nAny dispute is settled by an arbitrator in the town where you live, and not by a court.\n\n4. Changes\n\nWe may change these terms. We tell you by mail thirty days before we do.\n";

    #[test]
    fn words_a_clause_and_a_document_are_told_apart() {
        let check = |text: &str, expected: Kind| assert_eq!(tell_kind(text), expected, "{text}");
        check("", Kind::Query);
        check("arbitration", Kind::Query);
        check("\"binding arbitration\" -opt severity:high", Kind::Query);
        check("how do platforms use my voice for training?", Kind::Query);
        check("We may use what you post to train our models.", Kind::Clause);
        check("We use your voice data to train our models", Kind::Query);
        check("We sell no data. We keep it for a year.", Kind::Clause);
        check("one line\nand another", Kind::Clause);
        check(&"word ".repeat(30), Kind::Clause);
        check(DOCUMENT, Kind::Document);
        check(&"We keep it. ".repeat(3_000), Kind::Document);
        check("<!doctype html><html><body><p>We sell no data.</p></body></html>", Kind::Document);
    }

    #[test]
    fn documents_of_any_form_are_divided() {
        let check = |document: &str, clauses: usize| {
            assert_eq!(split_pasted(document).clauses.len(), clauses, "{document}");
        };
        check(DOCUMENT, 4);
        check(
            "# Terms\n\n## Accounts\n\nYou must be sixteen years old to open an account with us.\n\n## Content\n\nYou keep the rights to what you post on our service.\n",
            2,
        );
        check(
            "<html><body><h1>Terms</h1><h2>Accounts</h2><p>You must be sixteen years old to open an account with us.</p><h2>Content</h2><p>You keep the rights to what you post on our service.</p></body></html>",
            2,
        );
        check("", 0);
    }

    proptest! {
        #[test]
        fn any_text_is_of_some_kind(text in ".{0,300}") {
            let _ = (tell_kind(&text), split_pasted(&text));
        }
    }
}
