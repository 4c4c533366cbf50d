//! Notes on versions: what changed in a document is no part of it.

use super::noise::{is_date_line, normalise_line};
use super::outline::{Part, Piece};

/// Headings, in lower case, of such notes.
const NAMES: &[&str] = &[
    "summary of changes",
    "summary of recent changes",
    "change log",
    "changelog",
    "change history",
    "revision history",
    "version history",
    "document history",
];

/// Longest heading that ends with such a name, in characters.
const MAX_TITLE: usize = 160;
/// Words, in lower case, of which one stands in a paragraph that tells of a change.
const CHANGES: &[&str] = &["added", "updated", "clarified", "revised", "removed", "changed", "changes"];

/// Drops the list or the paragraph that tells what changed below a heading that announces it, and
/// all that stands below headings that are dates.
pub(crate) fn drop_histories(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        if !matches!(&piece, Piece::Heading(_, line) if is_history(&line.text)) {
            kept.push(piece);
            continue;
        }
        kept.push(piece);
        let is_list = |piece: &Piece| matches!(piece, Piece::Part(Part::List(_) | Part::Rows(_)));
        if pieces.next_if(is_list).is_some() {
            continue;
        }
        let mut is_dated = false;
        let mut below = pieces.next_if(tells_changes).is_some();
        while below
            || is_dated
            || matches!(pieces.peek(), Some(Piece::Heading(_, line)) if is_date_line(&line.text))
        {
            let next = pieces.next_if(|next| match next {
                Piece::Heading(_, line) => is_date_line(&line.text),
                Piece::Part(Part::Text(_)) => is_dated,
                next => is_list(next),
            });
            match next {
                Some(Piece::Heading(..)) => is_dated = true,
                Some(_) => {}
                None => break,
            }
            below &= is_dated;
        }
    }
    kept
}

fn is_history(title: &str) -> bool {
    let line = normalise_line(title);
    NAMES.contains(&line.as_str())
        || line.chars().count() <= MAX_TITLE && NAMES.iter().any(|name| line.contains(&format!("- {name}")))
}

fn tells_changes(piece: &Piece) -> bool {
    let Piece::Part(Part::Text(line)) = piece else {
        return false;
    };
    line.text
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| CHANGES.contains(&word.to_lowercase().as_str()))
}
