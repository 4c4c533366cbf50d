//! Sorting out headings and tables of contents among the pieces of a document.

use super::address::{MAX_LINES, gives_address, is_address_line};
use super::heading::{PLAIN_RANK, make_title, number_length};
use super::line::is_plain_title;
use super::list::Item;
use super::noise::{count_sentence_words, ends_sentence, is_contents_heading, is_sentence, normalise_line};
use super::outline::{Part, Piece};
use super::rank::level_capitals;
use std::collections::HashMap;

/// Rank of a plain line that follows a rule: above all those known by their type.
const RULED_RANK: u8 = 7;
/// Most marks between a plain line and what it may be the heading of.
const MAX_MARKS: usize = 16;
/// Rank of numbered titles in plain type.
pub(crate) const NUMBERED_RANK: u8 = 8;
/// Longest of them, in characters.
const MAX_NUMBERED_TITLE: usize = 120;
/// Most words of one that nothing but its form shows to be a title.
const MAX_WORDS: usize = 8;
/// Longest entry of a table of contents, in characters.
const MAX_ENTRY: usize = 150;

/// Makes headings of short plain lines that stand above a longer text.
pub(crate) fn promote_plain_headings(pieces: &mut [Piece]) {
    level_capitals(pieces);
    for at in 0..pieces.len() {
        // "37 Long Lane" is no heading where an address is given.
        let is_street =
            matches!(pieces.get(at), Some(Piece::Heading(NUMBERED_RANK, line)) if line.bold.is_empty());
        if is_street
            && is_in_address(pieces, at)
            && let Some(piece) = pieces.get_mut(at)
            && let Piece::Heading(_, line) = piece
        {
            *piece = Piece::Part(Part::Text(std::mem::take(line)));
        }
    }
    let menu = find_menu_ends(pieces);
    for at in (0..pieces.len()).rev() {
        let opens_page =
            at.checked_sub(1).is_some_and(|before| matches!(pieces.get(before), Some(Piece::PageBreak)));
        let is_rule = |at: usize| matches!(pieces.get(at), Some(Piece::Rule));
        let after_rule = at.checked_sub(1).is_some_and(is_rule);
        let is_mark = |at: usize| matches!(pieces.get(at), Some(Piece::Rule | Piece::Open | Piece::Close));
        let next =
            (at + 1..pieces.len()).take(MAX_MARKS).find(|&next| !is_mark(next)).unwrap_or(pieces.len());
        let carries = match pieces.get(next) {
            Some(Piece::Part(Part::Text(next))) => {
                !is_plain_title(next)
                    && (is_sentence(&next.text) || next.text.ends_with([':', '：']))
                    && next.text.starts_with(|c: char| !c.is_lowercase())
            }
            Some(Piece::Part(Part::List(items))) => !items.is_empty(),
            Some(Piece::Part(Part::Rows(_))) => true,
            Some(Piece::Part(Part::Summary(_))) => true,
            Some(Piece::Heading(..)) => opens_page,
            _ => false,
        };
        let last =
            (0..at).rev().take(MAX_MARKS).find(|&last| !is_mark(last)).and_then(|last| pieces.get(last));
        let is_numbered = is_numbered_title(pieces.get(at), pieces.get(next), last);
        let ends_address = is_in_address(pieces, at);
        let Some(piece) = pieces.get_mut(at) else {
            continue;
        };
        if let Piece::Part(Part::Text(inline)) = piece
            && is_numbered
        {
            *piece = Piece::Heading(NUMBERED_RANK, std::mem::take(inline));
        } else if let Piece::Part(Part::Text(inline)) = piece
            && carries
            && !menu.contains(&at)
            && !ends_address
            && is_plain_title(inline)
        {
            let inline = std::mem::take(inline);
            let depth = number_length(&inline.text);
            let rank = if opens_page {
                1
            } else if after_rule {
                RULED_RANK
            } else if depth > 0 {
                PLAIN_RANK - 1
            } else {
                PLAIN_RANK
            };
            *piece = Piece::Heading(rank, inline);
        }
    }
}

/// Tells whether a line stands in an address, some lines below "by post at:".
fn is_in_address(pieces: &[Piece], at: usize) -> bool {
    let line = match pieces.get(at) {
        Some(Piece::Heading(_, line) | Piece::Part(Part::Text(line))) => line,
        _ => return false,
    };
    if !is_address_line(line) {
        return false;
    }
    let above = pieces.get(at.saturating_sub(MAX_LINES + 1)..at).unwrap_or(&[]);
    for (lines, piece) in above.iter().rev().enumerate() {
        let Piece::Part(Part::Text(line)) = piece else {
            return false;
        };
        if line.text.ends_with([':', '：']) {
            return lines > 0 && gives_address(&line.text);
        }
        if !is_address_line(line) {
            return false;
        }
    }
    false
}

/// Tells whether a text is the title "3. Fees." above "3.1 You pay …", or above a sentence.
fn is_numbered_title(piece: Option<&Piece>, next: Option<&Piece>, last: Option<&Piece>) -> bool {
    let (Some(Piece::Part(Part::Text(inline))), Some(next)) = (piece, next) else {
        return false;
    };
    let number = number_length(&inline.text);
    let body = inline.text.get(number..).unwrap_or("");
    let number = inline.text.get(..number).unwrap_or("").trim_end_matches(['.', ' ', ':', ')']);
    if !is_count(number) || !is_title_text(body) {
        return false;
    }
    // A short item of a list stands behind another.
    let is_counted = matches!(last, Some(Piece::Part(Part::Text(last))) if number_length(&last.text) > 0 && !is_sentence(&last.text));
    match next {
        Piece::Heading(_, below) => opens_with(&below.text, number),
        Piece::Part(Part::Text(below)) => {
            opens_with(&below.text, number)
                || body.ends_with([':', '.'])
                    && body.split_whitespace().count() <= MAX_WORDS
                    && count_sentence_words(body) == 0
                    && !is_counted
                    && number_length(&below.text) == 0
                    && is_sentence(&below.text)
                    && below.text.starts_with(char::is_uppercase)
        }
        _ => false,
    }
}

fn is_count(number: &str) -> bool {
    (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

/// Tells whether a text has the marks and the length of a title.
pub(crate) fn is_title_text(body: &str) -> bool {
    body.starts_with(char::is_uppercase)
        && body.chars().count() <= MAX_NUMBERED_TITLE
        && !body.ends_with([',', ';', '!'])
        && !body.contains('\n')
        && count_sentence_words(body) <= if body.ends_with(':') { 0 } else { 2 }
        && !body.trim_end_matches('.').contains(". ")
}

/// Tells whether a text is a provision of the section with this number, as "3.1" is of "3".
pub(crate) fn opens_with(text: &str, number: &str) -> bool {
    let rest = text.strip_prefix(number).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Finds the last lines of runs of lines of one kind, which name nothing below them: menus of
/// questions, and lists without bullets.
fn find_menu_ends(pieces: &[Piece]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Part(Part::Text(inline)) if is_plain_title(inline) => run.push(&inline.text),
            _ => {
                if is_menu(&run) {
                    ends.push(at - 1);
                }
                run.clear();
            }
        }
    }
    ends
}

fn is_menu(run: &[&str]) -> bool {
    let questions = run.iter().filter(|line| line.ends_with(['?', '？'])).count();
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let [.., before, last] = run else {
        return false;
    };
    run.len() >= 3 && questions + 1 >= run.len() || questions == 0 && first(before) == first(last)
}

/// Drops tables of contents: what follows their heading and lists of headings to come.
pub(crate) fn drop_contents(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut last_seen: HashMap<String, usize> = HashMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        if let Piece::Heading(_, inline) = piece {
            last_seen.insert(heading_key(&inline.text), at);
        }
    }
    let recurs = |text: &str, at: usize| last_seen.get(&heading_key(text)).is_some_and(|&last| last > at);
    let mut kept = Vec::with_capacity(pieces.len());
    let mut inside = false;
    let mut below_entry = false;
    let total = pieces.len();
    let mut pieces = pieces.into_iter().enumerate().peekable();
    while let Some((at, piece)) = pieces.next() {
        let next_is_heading = matches!(pieces.peek(), Some((_, Piece::Heading(..))) | None);
        match &piece {
            Piece::Heading(_, inline) if is_contents_heading(&inline.text) => {
                inside = true;
                kept.push(piece);
            }
            Piece::Heading(rank, inline) => {
                let is_entry = recurs(&inline.text, at)
                    && (inside || next_is_heading && *rank > 6 && at * 3 < total)
                    || inside && inline.link_share() > 0.9;
                below_entry = is_entry && inside;
                if !is_entry {
                    inside = false;
                    kept.push(piece);
                }
            }
            Piece::Part(Part::Text(inline)) => {
                // A sentence below an entry tells what stands in its section.
                let leads =
                    matches!(pieces.peek(), Some((_, Piece::Heading(_, next))) if recurs(&next.text, at + 1));
                let tells_section = inside && (leads || below_entry && inline.char_len() <= MAX_ENTRY * 2);
                below_entry = false;
                let is_entry = inline.char_len() < 150 && recurs(&inline.text, at)
                    || tells_section
                    || inside && inline.char_len() < 80 && !ends_sentence(&inline.text);
                if !is_entry {
                    inside = false;
                    kept.push(piece);
                }
            }
            Piece::Part(Part::List(items)) => {
                let is_entry = |item: &Item| {
                    item.full.char_len() < MAX_ENTRY && last_seen.contains_key(&heading_key(&item.lead.text))
                        || item.is_anchor()
                };
                let entries = items.iter().filter(|item| is_entry(item)).count();
                let links = items.iter().filter(|item| item.is_link()).count();
                let fragments = items.iter().filter(|item| !ends_sentence(&item.full.text)).count();
                let is_contents = entries * 2 >= items.len()
                    || inside && (links * 2 >= items.len() || fragments * 3 >= items.len() * 2);
                if !is_contents {
                    inside = false;
                    kept.push(piece);
                } else if matches!(kept.last(), Some(Piece::Heading(PLAIN_RANK.., _))) {
                    // The name of a menu is no heading of what comes after it.
                    kept.pop();
                }
            }
            Piece::Open | Piece::Close => kept.push(piece),
            Piece::Part(Part::Rows(_) | Part::Summary(_)) | Piece::PageBreak | Piece::Rule => {
                inside = false;
                kept.push(piece);
            }
        }
    }
    kept
}

fn heading_key(text: &str) -> String {
    normalise_line(&make_title(text))
}

/// Finds the title of the document: its only level-1 title, at the front, with headings below.
pub(crate) fn find_document_title(pieces: &[Piece]) -> Option<String> {
    let mut headings = pieces.iter().filter_map(|piece| match piece {
        Piece::Heading(rank, inline) if !is_contents_heading(&inline.text) => {
            Some((*rank, make_title(&inline.text)))
        }
        _ => None,
    });
    let (rank, title) = headings.next().filter(|(rank, _)| *rank == 1)?;
    let mut has_lower = false;
    for (next_rank, next_title) in headings {
        if next_rank == rank && next_title != title {
            return None;
        }
        has_lower |= next_rank > rank;
    }
    has_lower.then_some(title)
}
