//! Choosing where a long text is cut: the parts should be of similar length, and none should begin
//! with what depends on the part before.

use super::assemble::{MAX_LIST, MAX_PARAGRAPH, PART, SHORT};
use super::depend::points_elsewhere;
use super::noise::ends_sentence;
use std::ops::Range;

/// Most pieces that one part is made of while others would do.
const MAX_PIECES: usize = 120;
/// Longest title at the end of a text, in characters, and in words.
const MAX_TITLE: usize = 60;
const MAX_TITLE_WORDS: usize = 6;
/// What a cut costs by itself.
const CUT: f64 = 0.15;
/// What it costs to part a lead-in from what it leads into.
pub(crate) const LEAD: f64 = 2.5;
/// What it costs to begin with what points at the sentence before.
const POINTER: f64 = 1.2;
/// What it costs to begin with a sentence in which something points back.
const WEAK_POINTER: f64 = 0.6;
/// What it costs to cut between the numbered items of a sentence.
const ITEM: f64 = 0.5;

/// A piece of a text that stays whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// In characters.
    pub(crate) length: usize,
    /// What it costs to cut before it.
    pub(crate) cost: f64,
}

/// Groups pieces into parts, each a range of their indices, at the least cost.
pub(crate) fn choose_cuts(pieces: &[Piece]) -> Vec<Range<usize>> {
    // The least cost of all up to a place, and where the last part of it begins.
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=pieces.len() {
        let mut length = 0;
        let mut least = (f64::INFINITY, end - 1);
        for from in (end.saturating_sub(MAX_PIECES)..end).rev() {
            let Some((piece, before)) = pieces.get(from).zip(best.get(from)) else {
                break;
            };
            length += piece.length + 1;
            if length > MAX_LIST && from + 1 < end {
                break;
            }
            let cut = if from == 0 { 0.0 } else { CUT + piece.cost };
            let cost = before.0 + cut + rate_length(length);
            if cost < least.0 {
                least = (cost, from);
            }
        }
        best.push(least);
    }
    let mut parts = Vec::new();
    let mut end = pieces.len();
    while let Some(&(_, from)) = best.get(end).filter(|_| end > 0) {
        parts.push(from..end);
        end = from;
    }
    parts.reverse();
    parts
}

/// What a part of this length costs.
fn rate_length(length: usize) -> f64 {
    let off = (length as f64 - PART as f64) / PART as f64;
    let over = length.saturating_sub(MAX_PARAGRAPH) as f64 / PART as f64;
    let under = SHORT.saturating_sub(length) as f64 / SHORT as f64;
    off * off + 1.5 * over + under
}

/// What it costs to cut between two sentences.
pub(crate) fn rate_cut(before: &str, next: &str) -> f64 {
    let before = before.trim_end();
    if before.ends_with([':', '：']) || ends_with_title(before) || ends_with_number(before) {
        return LEAD;
    }
    let marks = next.trim_start().chars().next();
    let is_item = next.trim_start().starts_with(['(', '（']) || before.ends_with([';', '；', ',']);
    let names_last = ["preceding sentence", "previous sentence", "foregoing sentence", "sentence above"]
        .iter()
        .any(|words| next.contains(words));
    let pointer = match points_elsewhere(next) {
        _ if names_last => POINTER,
        Some(0) => POINTER,
        Some(_) => WEAK_POINTER,
        None => 0.0,
    };
    let unfinished = if ends_sentence(before) { 0.0 } else { ITEM };
    let continues = if marks.is_some_and(char::is_lowercase) { POINTER } else { 0.0 };
    let abbreviated = if ends_with_abbreviation(before) { ITEM } else { 0.0 };
    pointer.max(continues).max(abbreviated).max(if is_item { ITEM } else { 0.0 }).max(unfinished)
}

/// Tells whether a text ends with a numbered title that belongs to what follows: "… of it. 4.2 Your Fees."
fn ends_with_title(text: &str) -> bool {
    let near = text.char_indices().rev().nth(MAX_TITLE).map_or(0, |(at, _)| at);
    let near = text.get(near..).unwrap_or("");
    let Some((number, title)) = near.rsplit_once(|c: char| c.is_ascii_digit()) else {
        return false;
    };
    let title = title.trim_start_matches(['.', ')', ' ']).trim_end_matches('.');
    let head = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_glued = number.get(head.len()..).is_some_and(|rest| rest.starts_with('.'));
    let stands = is_glued || head.trim().is_empty() || ends_sentence(head);
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            || ["and", "of", "the", "to", "for", "or", "&", "in", "on"].contains(&word)
    };
    stands
        && title.starts_with(char::is_uppercase)
        && text.ends_with('.')
        && !title.contains(['.', ',', ';', '(', ')'])
        && title.split_whitespace().count() <= MAX_TITLE_WORDS
        && title.split_whitespace().all(is_name)
}

/// Tells whether a text ends with the number of what follows: "… of it. 4." or, glued, "… of it.4."
fn ends_with_number(text: &str) -> bool {
    let bare = text.trim_end_matches('.');
    let head = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    bare.len() < text.len() && head.len() < bare.len() && bare.len() - head.len() <= 2 && ends_sentence(head)
}

/// Tells whether a text ends with a word that may be cut short, as "Tex. Bus." is.
fn ends_with_abbreviation(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or("");
    let stem = last.trim_end_matches('.');
    stem.len() < last.len()
        && stem.len() <= 4
        && stem.starts_with(char::is_uppercase)
        && stem.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_cuts() {
        for (before, next, dear) in [
            ("You fly kites.", "You mend lines.", false),
            ("You fly kites:", "They are yours.", true),
            ("You fly kites. 4.2 Your Fees.", "You pay them.", true),
            ("You fly kites.", "In that case, we sell them.", true),
            ("You paid 4 Euros.", "Thanks go to you.", false),
            ("You fly kites.4.", "Your Fees. You pay them.", true),
            ("You fly in 2024.", "Kites are sold.", false),
            ("You fly kites.", "Other than in the preceding sentence, we pay.", true),
            ("See Tex. Com.", "Code 5.", true),
        ] {
            assert_eq!(rate_cut(before, next) > 0.4, dear, "{before:?} {next:?}");
        }
    }

    #[test]
    fn chooses_parts_of_similar_length() {
        let pieces = vec![Piece { length: 100, cost: 0.0 }; 30];
        let parts = choose_cuts(&pieces);
        assert_eq!(parts.iter().map(ExactSizeIterator::len).sum::<usize>(), 30);
        assert!(parts.iter().all(|part| (5..=15).contains(&part.len())), "{parts:?}");
        assert!(choose_cuts(&[]).is_empty());
    }
}
