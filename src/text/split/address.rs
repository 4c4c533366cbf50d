//! Postal addresses, whose lines stand as paragraphs of their own.

use super::inline::Inline;
use super::noise::is_sentence;

/// Most lines of an address.
pub(crate) const MAX_LINES: usize = 7;
/// Longest line of one, in characters.
const MAX_LINE: usize = 80;
/// Bytes at the end of a text in which an address is announced.
const TAIL: usize = 120;

/// Tells whether a text ends with words that an address follows: "by post at:".
pub(crate) fn gives_address(text: &str) -> bool {
    let from = (text.len().saturating_sub(TAIL)..text.len()).find(|&at| text.is_char_boundary(at));
    let tail = text.get(from.unwrap_or(0)..).unwrap_or("").to_lowercase();
    tail.ends_with([':', '：'])
        && ["mail", "address", "contact", "write", "post", "writing", "notice"]
            .iter()
            .any(|word| tail.contains(word))
}

/// Tells whether a line may be one of an address: short, and made of names and numbers.
pub(crate) fn is_address_line(line: &Inline) -> bool {
    let words = line.text.split_whitespace().count();
    let lower = line.text.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
    line.char_len() <= MAX_LINE
        && (lower * 2 <= words || line.text.contains('@'))
        && !line.text.ends_with([':', '：', '?'])
        && !is_sentence(&line.text)
}
