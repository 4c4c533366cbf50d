//! Sentence boundaries for legal prose.
//!
//! UAX #29 alone cuts after `Sec.`, `Inc.` or a bare `1.`; the joiner here puts such
//! pieces together again.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations that are always followed by more of the same sentence.
const ABBREVIATIONS: &[&str] = &[
    "abs", "al", "approx", "art", "arts", "bzw", "ca", "cap", "cf", "ch", "cl", "d.h", "dept", "dr", "e.g",
    "eg", "ext", "fig", "ggf", "i.e", "i.s.d", "i.v.m", "ie", "incl", "lit", "mr", "mrs", "ms", "no", "nos",
    "nr", "para", "paras", "pp", "prof", "reg", "sec", "secs", "sect", "sog", "st", "tel", "v", "vgl", "vol",
    "vs", "z.b",
];

/// Abbreviations that may also end a sentence: the next word decides.
const ENTITY_ABBREVIATIONS: &[&str] = &[
    "a.m", "ag", "b.v", "bros", "co", "corp", "d.c", "etc", "e.u", "inc", "jr", "l.p", "llc", "ltd", "n.a",
    "n.v", "p.m", "plc", "pte", "pty", "s.a", "s.r.o", "sr", "u.a", "u.k", "u.s", "u.s.a", "u.s.c",
];

/// Words that begin a new sentence after an abbreviation that may end one.
const STARTERS: &[&str] = &[
    "a", "all", "an", "any", "as", "at", "by", "das", "der", "des", "die", "each", "for", "he", "however",
    "if", "il", "in", "it", "la", "le", "les", "most", "no", "nous", "on", "once", "our", "please", "she",
    "sie", "some", "such", "that", "the", "there", "these", "they", "this", "those", "to", "unless", "upon",
    "vous", "we", "when", "where", "wir", "with", "you", "your",
];

const MONTHS: &[&str] = &[
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
];

/// Longest text, in bytes, that is taken for an enumeration mark such as `(iv)` or `12.3.`.
const MARK_BYTES: usize = 12;

/// Finds the sentences of `text`.
///
/// The half-open byte ranges lie on character boundaries, are in order and cover the
/// whole text without gaps; white space belongs to the sentence before it. An empty text
/// has no sentences.
pub fn split_sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let pieces = text.split_sentence_bound_indices().flat_map(|(at, piece)| cut_before_marks(piece, at));
    for (start, piece) in pieces {
        let end = start + piece.len();
        match sentences.last_mut() {
            Some(last) if is_joined(text.get(last.clone()).unwrap_or(""), piece) => last.end = end,
            _ => sentences.push(start..end),
        }
    }
    sentences
}

/// Cuts a piece where an item such as "(b) Boats" follows a full stop: UAX #29 does not,
/// because the mark is in lower case.
fn cut_before_marks(piece: &str, offset: usize) -> Vec<(usize, &str)> {
    let mut cut = Vec::new();
    let mut start = 0;
    for (at, _) in piece.match_indices(". (") {
        let item = piece.get(at + 2..).unwrap_or("");
        let begins = item.find(") ").filter(|&end| end <= 5).and_then(|end| item.get(end + 2..));
        if begins.is_some_and(|text| text.starts_with(char::is_uppercase)) {
            cut.extend(piece.get(start..at + 2).map(|head| (offset + start, head)));
            start = at + 2;
        }
    }
    cut.extend(piece.get(start..).filter(|tail| !tail.is_empty()).map(|tail| (offset + start, tail)));
    cut
}

/// Tells whether `next` continues the sentence `current`.
fn is_joined(current: &str, next: &str) -> bool {
    if current.ends_with(['\n', '\r', '\u{2029}']) && !is_mark(current.trim()) {
        return false;
    }
    let trimmed = current.trim_end();
    if trimmed.is_empty() || is_mark(trimmed.trim_start()) {
        return true;
    }
    let next_word = next.split_whitespace().next().unwrap_or("");
    if next_word.is_empty() {
        return true;
    }
    if next_word.starts_with(char::is_lowercase) && !trimmed.ends_with([';', '。']) {
        return true;
    }
    let glued = trimmed.len() == current.len();
    if glued && trimmed.ends_with('.') && next_word.starts_with(char::is_alphanumeric) {
        return true;
    }
    let Some(stem) = trimmed.strip_suffix('.') else {
        return false;
    };
    let last = stem.split_whitespace().next_back().unwrap_or("");
    let last = last.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let bare_next: String = next_word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if is_reference_word(&last) {
        // "No." may also be an answer: it abbreviates "number" only before a digit.
        return last != "no" || next_word.starts_with(|c: char| c.is_ascii_digit());
    }
    let is_initial = last.chars().count() == 1 && last.starts_with(char::is_alphabetic);
    if is_initial || ENTITY_ABBREVIATIONS.contains(&last.as_str()) {
        return !STARTERS.contains(&bare_next.as_str());
    }
    last.chars().all(|c| c.is_ascii_digit()) && MONTHS.contains(&bare_next.as_str())
}

fn is_reference_word(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

/// Tells whether `text` is nothing but an enumeration mark: `1.`, `2.3.`, `(a)`, `iv.`.
fn is_mark(text: &str) -> bool {
    if text.len() > MARK_BYTES || text.contains(char::is_whitespace) {
        return false;
    }
    let core = text.trim_matches(['(', ')', '.', '§']);
    if core.is_empty() || core.len() == text.len() {
        return core.is_empty() && text.contains('§');
    }
    let is_number = core.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_roman = core.chars().all(|c| matches!(c.to_ascii_lowercase(), 'i' | 'v' | 'x'));
    is_number || is_roman || core.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            split_sentences(text).into_iter().filter_map(|range| text.get(range)).map(str::trim).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn keeps_legal_abbreviations_together() {
        check("See Sec. 4.2 and Art. 7. It applies.", &["See Sec. 4.2 and Art. 7.", "It applies."]);
        check("1. You own it. 2. We host it.", &["1. You own it.", "2. We host it."]);
        check("(a) Kites fly. (b) Boats sail.", &["(a) Kites fly.", "(b) Boats sail."]);
        check("Use tools, e.g. Hammers. Stop.", &["Use tools, e.g. Hammers.", "Stop."]);
        check("Doe v. Roe decides. So it is.", &["Doe v. Roe decides.", "So it is."]);
        check("Kite Inc. Holdings runs it.", &["Kite Inc. Holdings runs it."]);
        check("It is run by Kite Inc. You agree.", &["It is run by Kite Inc.", "You agree."]);
        check("Under U.S. Federal law we act.", &["Under U.S. Federal law we act."]);
        check("Am 1. Januar beginnt es. Gut.", &["Am 1. Januar beginnt es.", "Gut."]);
        check("May I? No. You may not.", &["May I?", "No.", "You may not."]);
        check("See No. 7 of it.", &["See No. 7 of it."]);
        check("2.4.Feedback is free. Thanks.", &["2.4.Feedback is free.", "Thanks."]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn partitions_any_text(text in "(\\PC|[ \n.()a-zA-Z0-9]){0,200}") {
            let mut next = 0;
            for range in split_sentences(&text) {
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                next = range.end;
            }
            prop_assert_eq!(next, text.len());
        }
    }
}
