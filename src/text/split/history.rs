//! Notes on versions: what changed in a document is no part of it.

use super::heading::MAX_REAL_RANK;
use super::list::Item;
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

/// Headings, in lower case, of footnotes.
const NOTES: &[&str] = &["notes", "references", "footnotes", "endnotes", "fußnoten", "notes de bas de page"];
/// Longest heading that ends with such a name, in characters.
const MAX_TITLE: usize = 160;
/// Words, in lower case, of which one stands in a paragraph that tells of a change.
const CHANGES: &[&str] = &["added", "updated", "clarified", "revised", "removed", "changed", "changes"];

/// Drops the list or the paragraph that tells what changed below a heading that announces it, and
/// all that stands below headings that are dates.
pub(crate) fn drop_histories(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept = Vec::with_capacity(pieces.len());
    let mut pieces = drop_notes(drop_dated(pieces)).into_iter().peekable();
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

/// Drops all that stands below a heading of a history if that is parted by headings that are dates.
fn drop_dated(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    // Where the text below the heading of a history begins, and the rank of the dates below it.
    let mut intro: Option<usize> = None;
    let mut dated: Option<u8> = None;
    for piece in pieces {
        match &piece {
            Piece::Heading(rank @ ..=MAX_REAL_RANK, line) if is_date_line(&line.text) => {
                let before = intro.take().map(|at| kept.split_off(at)).unwrap_or_default();
                kept.extend(before.into_iter().filter(|piece| matches!(piece, Piece::Open | Piece::Close)));
                dated = Some(dated.map_or(*rank, |above| above.min(*rank)));
                continue;
            }
            Piece::Heading(rank, _) if dated.is_some_and(|above| *rank > above) => continue,
            Piece::Heading(rank, line) if *rank <= MAX_REAL_RANK || is_history(&line.text) => {
                dated = None;
                intro = is_history(&line.text).then_some(kept.len() + 1);
            }
            Piece::PageBreak => (intro, dated) = (None, None),
            Piece::Part(_) if dated.is_some() => continue,
            _ => {}
        }
        kept.push(piece);
    }
    kept
}

/// Drops footnotes, which point back to where they are called, below the heading that names them so.
fn drop_notes(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let below = matches!(kept.last(), Some(Piece::Heading(_, line))
            if NOTES.contains(&normalise_line(&line.text).as_str()));
        if below && is_notes(&piece) {
            kept.pop();
        } else {
            kept.push(piece);
        }
    }
    kept
}

fn is_notes(piece: &Piece) -> bool {
    let Piece::Part(Part::List(items)) = piece else {
        return false;
    };
    let points_back = |item: &Item| item.full.text.starts_with(['↑', '↩', '^']);
    items.iter().filter(|item| points_back(item)).count() * 2 > items.len()
}

pub(crate) fn is_history(title: &str) -> bool {
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
