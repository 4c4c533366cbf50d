//! Dividing texts that are too long for one clause.

use super::assemble::{MAX_LIST, PART};
use super::cut::{Piece, choose_cuts, rate_cut};
use super::inline::Inline;
use crate::text::sentence::split_sentences;
use std::ops::Range;

/// Divides a long text at sentence ends into parts of similar length that can be read by themselves.
pub(crate) fn divide_text(text: &Inline) -> Vec<Inline> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for range in cut_sentences(&text.text) {
        let own = text.text.get(range.clone()).unwrap_or("");
        let before = ranges.last().and_then(|last| text.text.get(last.clone())).unwrap_or("");
        pieces.push(Piece { length: own.chars().count(), cost: rate_cut(before, own) });
        ranges.push(range);
    }
    let parts = choose_cuts(&pieces).into_iter().filter_map(|part| {
        let (first, last) = (ranges.get(part.start)?, ranges.get(part.end.checked_sub(1)?)?);
        Some(text.slice(first.start..last.end))
    });
    parts.filter(|part| !part.text.is_empty()).collect()
}

/// The sentences of a text, those that are too long for one clause in pieces.
pub(crate) fn cut_sentences(text: &str) -> Vec<Range<usize>> {
    split_sentences(text).into_iter().flat_map(|sentence| divide_sentence(text, sentence)).collect()
}

/// Divides a sentence that is too long at semicolons, else at words, else anywhere.
fn divide_sentence(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = sentence.start;
    while let Some(rest) = text.get(start..sentence.end) {
        let Some((limit, _)) = rest.char_indices().nth(MAX_LIST) else {
            break;
        };
        let (wanted, _) = rest.char_indices().nth(PART + PART / 4).unwrap_or((limit, ' '));
        let head = rest.get(..wanted).unwrap_or("");
        let cut = head
            .rfind("; ")
            .or_else(|| head.rfind(", ").filter(|&at| at > wanted / 2))
            .or_else(|| head.rfind(' '))
            .map_or(wanted, |at| at + 1);
        pieces.push(start..start + cut);
        start += cut;
    }
    pieces.push(start..sentence.end);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_where_the_next_sentence_stands_alone() {
        let rule = "Every member of the club who flies a kite over the meadow keeps its line within reach. ";
        let back = "However, this does not hold for kites without a tail, which fly where they like to. ";
        let mut inline = Inline::default();
        inline.push(&format!("{}{back}{}", rule.repeat(11), rule.repeat(11)), 0, true);
        let parts = divide_text(&inline);
        assert!(parts.len() > 1, "{}", parts.len());
        assert!(parts.iter().all(|part| part.text.starts_with("Every member")), "{parts:?}");
        assert_eq!(parts.iter().map(Inline::char_len).sum::<usize>() + parts.len() - 1, inline.char_len());
    }
}
