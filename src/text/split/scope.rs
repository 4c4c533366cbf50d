//! Lead-ins that stand above headings or above list items that are sections of their own: which
//! passages they govern.

use super::heading::{MAX_REAL_RANK, PLAIN_RANK};
use super::inline::Inline;
use super::lead::{name_lead, repeat_lead};
use super::outline::{Part, Piece};
use std::ops::Range;

/// Longest text that is taken for such a lead-in, in characters.
const MAX_LEAD: usize = 600;
/// Most scopes that are looked through for the one around a place.
const MAX_NESTING: usize = 16;

/// A lead-in and the bytes of the document that it governs.
#[derive(Debug)]
pub(crate) struct Scope {
    range: Range<usize>,
    lead_in: String,
}

/// What ends a scope.
#[derive(Clone, Copy)]
enum Reach {
    /// A heading above this rank.
    Sections(u8),
    /// Anything that is no item.
    Items,
}

struct Open {
    /// Its place among the scopes.
    scope: usize,
    reach: Reach,
    /// How many list items are open around the lead-in.
    depth: usize,
}

/// Finds the lead-in that governs the byte given.
pub(crate) fn find_lead(scopes: &[Scope], at: usize) -> Option<&str> {
    let before = scopes.partition_point(|scope| scope.range.start <= at);
    let near = scopes.get(before.saturating_sub(MAX_NESTING)..before)?;
    near.iter().rev().find(|scope| scope.range.contains(&at)).map(|scope| scope.lead_in.as_str())
}

/// Finds what lead-ins above headings and above sections in lists govern, in the order of the document.
pub(crate) fn find_scopes(pieces: &[Piece]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut ranks: Vec<u8> = Vec::new();
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate() {
        let after_heading =
            at.checked_sub(1).is_none_or(|before| matches!(pieces.get(before), Some(Piece::Heading(..))));
        while let Some(last) = open.last()
            && is_over(last, piece, depth, after_heading)
        {
            let end = pieces.get(at..).unwrap_or(&[]).iter().find_map(start_of);
            if let (Some(scope), Some(end)) = (scopes.get_mut(last.scope), end) {
                scope.range.end = end.max(scope.range.start);
            }
            open.pop();
        }
        match piece {
            Piece::Heading(rank, _) => {
                ranks.retain(|above| above < rank);
                ranks.push(*rank);
            }
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            Piece::PageBreak => ranks.clear(),
            Piece::Part(Part::Text(lead)) => {
                let level = ranks.last().copied().unwrap_or(0);
                if let Some(reach) = find_reach(lead, pieces.get(at + 1..).unwrap_or(&[]), level)
                    && let Some(repeated) = repeat_lead(lead)
                {
                    open.push(Open { scope: scopes.len(), reach, depth });
                    scopes.push(Scope { range: lead.range.end..usize::MAX, lead_in: name_lead(&repeated) });
                }
            }
            Piece::Part(_) | Piece::Rule => {}
        }
    }
    scopes
}

/// What a text governs beyond the list right below it, if it is a lead-in.
fn find_reach(lead: &Inline, next: &[Piece], level: u8) -> Option<Reach> {
    if lead.char_len() > MAX_LEAD {
        return None;
    }
    let leads = lead.text.ends_with([':', '：']);
    match next {
        // Headings in bold do not end what a plain line heads only because they are set apart more.
        [Piece::Heading(rank, _), ..]
            if *rank > level || (MAX_REAL_RANK + 1..PLAIN_RANK).contains(rank) && level >= PLAIN_RANK =>
        {
            let announces = leads || *rank > MAX_REAL_RANK && names_following(&lead.text);
            announces.then_some(Reach::Sections(*rank))
        }
        [Piece::Open, ..] | [Piece::Part(Part::List(_)), Piece::Open, ..] if leads => Some(Reach::Items),
        _ => None,
    }
}

/// Tells whether the last words of a text announce what comes below it.
fn names_following(text: &str) -> bool {
    let tail = text.rsplit(". ").next().unwrap_or(text);
    ["the following categories", "the following types", "the following cases", "the following rules"]
        .iter()
        .any(|words| tail.contains(words))
}

fn is_over(open: &Open, piece: &Piece, depth: usize, after_heading: bool) -> bool {
    if depth < open.depth || matches!(piece, Piece::PageBreak) {
        return true;
    }
    match (open.reach, piece) {
        (Reach::Items, Piece::Open | Piece::Close | Piece::Rule | Piece::Part(Part::List(_))) => false,
        (Reach::Items, _) => depth == open.depth,
        (Reach::Sections(first), Piece::Heading(rank, _)) => {
            *rank < first || *rank >= PLAIN_RANK && first < PLAIN_RANK && depth == open.depth
        }
        // Another lead-in that no heading parts from what was led takes its place.
        (Reach::Sections(_), Piece::Part(Part::Text(text))) => {
            let ends = text.text.ends_with([':', '：']) || text.text.starts_with("Notwithstanding");
            ends && !after_heading && depth == open.depth
        }
        _ => false,
    }
}

/// Where a piece begins in the document.
fn start_of(piece: &Piece) -> Option<usize> {
    match piece {
        Piece::Heading(_, inline) | Piece::Part(Part::Text(inline) | Part::Summary(inline)) => {
            Some(inline.range.start)
        }
        Piece::Part(Part::List(items)) => items.first().map(|item| item.full.range.start),
        Piece::Part(Part::Rows(rows)) => rows.rows.first().map(|row| row.range.start),
        Piece::PageBreak | Piece::Rule | Piece::Open | Piece::Close => None,
    }
}
