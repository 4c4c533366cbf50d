//! Dividing texts that are too long for one clause.

use super::assemble::{MAX_LIST, MAX_PARAGRAPH, PART, SHORT};
use super::inline::Inline;
use crate::text::sentence::split_sentences;
use std::ops::Range;

/// Divides a long text at sentence ends into parts of similar length.
pub(crate) fn divide_text(text: &Inline) -> Vec<Inline> {
    let total = text.char_len();
    let count = total.div_ceil(PART).max(1);
    let target = total.div_ceil(count).max(1);
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut size = 0;
    for sentence in split_sentences(&text.text) {
        for piece in divide_sentence(&text.text, sentence) {
            let length = text.text.get(piece.clone()).unwrap_or("").chars().count();
            let fits =
                size < target * 4 / 5 && size + length <= target + target / 3 || size + length <= target;
            match parts.last_mut() {
                Some(part) if fits => {
                    part.end = piece.end;
                    size += length;
                }
                _ => {
                    parts.push(piece);
                    size = length;
                }
            }
        }
    }
    // A short last part reads better at the end of the one before.
    if let [.., before, last] = parts.as_mut_slice() {
        let joint = text.text.get(before.start..last.end).unwrap_or("").chars().count();
        if last.len() < SHORT && joint <= MAX_PARAGRAPH {
            before.end = last.end;
            parts.pop();
        }
    }
    parts.into_iter().map(|part| text.slice(part)).filter(|part| !part.text.is_empty()).collect()
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
