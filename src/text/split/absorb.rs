//! Lists whose items stand as paragraphs or as short sections behind a lead-in.

use super::assemble::{MAX_LIST, SHORT};
use super::context::read_number;
use super::gather::succeeds;
use super::heading::{MAX_REAL_RANK, number_length};
use super::inline::Inline;
use super::line::strip_bullet;
use super::list::{Item, fold_lines, is_marked, join_items};
use super::noise::{ends_sentence, is_sentence};
use super::outline::{Part, Piece};
use super::table::Rows;
use crate::text::sentence::split_sentences;

/// Longest line, in characters, that is an item although nothing marks it as one.
const MAX_LINE: usize = 120;
/// Longest paragraph that is an item because of what leads into it, in characters.
const MAX_PHRASE: usize = 300;
/// First words, in lower case, of sentences that stand for themselves.
const OPENERS: &[&str] = &[
    "we", "you", "if", "this", "that", "these", "those", "it", "they", "there", "our", "please", "note",
    "however", "when", "where", "for", "in", "to", "by", "as", "on", "at", "under", "unless", "after",
    "upon", "once", "no", "nothing", "all", "each", "learn", "see", "subject", "while", "with", "without",
    "such", "i", "do", "don",
];
/// Longest lead-in of such a list, in characters.
const MAX_LEAD: usize = 600;

/// Makes a list of the short lines that follow a lead-in with a colon.
pub(crate) fn gather_led_lines(mut pieces: Vec<Piece>) -> Vec<Piece> {
    keep_counted_items(&mut pieces);
    let mut gathered: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut lines: Vec<Inline> = Vec::new();
    for piece in pieces {
        let follows = matches!(gathered.last(), Some(Piece::Part(Part::Text(lead))) if opens_list(lead));
        let lists = matches!(gathered.last(), Some(Piece::Part(Part::Text(lead))) if announces_items(lead));
        let is_of_phrases = lines.first().map(|first| ends_sentence(&first.text));
        match piece {
            Piece::Part(Part::Text(line))
                if follows && is_of_phrases != Some(true) && is_line(&line)
                    || follows && lists && is_of_phrases != Some(false) && is_lone_phrase(&line) =>
            {
                lines.push(line);
            }
            other => {
                flush_lines(&mut lines, &mut gathered);
                gathered.push(other);
            }
        }
    }
    flush_lines(&mut lines, &mut gathered);
    gathered
}

/// Numbered lines that count on from the items of a lead-in are items too, even if they look like titles.
fn keep_counted_items(pieces: &mut [Piece]) {
    // The last number of the list, and how many of its items were read as text.
    let mut last: Option<(String, usize)> = None;
    let mut after_lead = false;
    for piece in pieces {
        let (number, is_text) = match piece {
            Piece::Part(Part::Text(text)) => (read_number(&text.text), true),
            Piece::Heading(rank, title) if *rank > MAX_REAL_RANK && title.bold.is_empty() => {
                (read_number(&title.text), false)
            }
            _ => (None, false),
        };
        let counts_on =
            last.as_ref().is_some_and(|(last, _)| succeeds(Some(last.as_str()), number.as_deref()));
        let count = last.as_ref().map_or(0, |(_, count)| *count);
        last = match number {
            Some(number) if counts_on && is_text => Some((number, count + 1)),
            Some(number) if counts_on && count >= 2 => Some((number, count)),
            Some(number) if is_text && after_lead && number == "1" => Some((number, 1)),
            _ => None,
        };
        if !is_text
            && last.is_some()
            && let Piece::Heading(_, title) = piece
        {
            *piece = Piece::Part(Part::Text(std::mem::take(title)));
        }
        after_lead = matches!(piece, Piece::Part(Part::Text(lead)) if opens_list(lead));
    }
}

fn flush_lines(lines: &mut Vec<Inline>, gathered: &mut Vec<Piece>) {
    // Lines that end or go on in the middle of a word or sentence are broken ones, and no items.
    let is_broken = lines.iter().any(|line| {
        line.text.starts_with(char::is_lowercase)
            || line.text.ends_with(['-', '\u{ad}'])
            || ["the", "of", "and", "or", "to", "a"].contains(&line.text.rsplit(' ').next().unwrap_or(""))
    });
    if lines.len() < 2 || is_broken {
        gathered.extend(lines.drain(..).map(|line| Piece::Part(Part::Text(line))));
        return;
    }
    let items = lines.drain(..).map(|line| Item::from_inline(fold_lines(&strip_bullet(&line)))).collect();
    gathered.push(Piece::Part(Part::List(items)));
}

fn opens_list(lead: &Inline) -> bool {
    lead.text.ends_with([':', '：']) && lead.char_len() <= MAX_LEAD
}

fn is_line(line: &Inline) -> bool {
    line.char_len() <= MAX_LINE
        && !ends_sentence(&line.text)
        && !is_marked(&line.text)
        && line.bold_share(0) < 0.5
}

/// Tells whether a lead-in says that a list comes: "… all of the following:".
fn announces_items(lead: &Inline) -> bool {
    let text = lead.text.trim_end_matches([':', '：', ' ']);
    let tail = text.rsplit(". ").next().unwrap_or(text);
    tail.contains("following") || ["include", "includes", "including"].iter().any(|end| tail.ends_with(end))
}

/// A paragraph of one sentence without a subject that would make it one of its own, as "A statement
/// that you own the kite."
fn is_lone_phrase(line: &Inline) -> bool {
    let mut words = line.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or("").to_lowercase(), words.next().unwrap_or(""));
    line.char_len() <= MAX_PHRASE
        && number_length(&line.text) == 0
        && line.text.starts_with(char::is_uppercase)
        && !line.text.ends_with([':', '：', '?'])
        && !OPENERS.contains(&first.as_str())
        && !["may", "must", "will", "shall", "can", "is", "are", "does", "do", "has", "have"]
            .contains(&second)
        && line.bold.is_empty()
        && ends_sentence(&line.text)
        && split_sentences(&line.text).len() == 1
}

/// Makes a list of the short sections that follow a lead-in with a colon, as in "You must not:"
/// above "Spam" and "Fraud" with a sentence each.
pub(crate) fn absorb_led_headings(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut absorbed: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut rest = pieces.into_iter().peekable();
    let mut level = 0;
    while let Some(piece) = rest.next() {
        if let Piece::Heading(rank, _) = &piece {
            level = *rank;
        }
        let lead = match &piece {
            Piece::Part(Part::Text(lead)) if opens_list(lead) => lead.char_len(),
            _ => 0,
        };
        absorbed.push(piece);
        let Some(Piece::Heading(rank, _)) = rest.peek().filter(|_| lead > 0) else {
            continue;
        };
        let rank = *rank;
        if rank <= level.max(MAX_REAL_RANK) {
            continue;
        }
        let mut sections: Vec<Piece> = Vec::new();
        let mut size = lead;
        while let Some(next) = rest.next_if(|next| size <= MAX_LIST && belongs(next, rank)) {
            size += measure(&next);
            sections.push(next);
        }
        absorbed.extend(join_sections(sections, lead));
    }
    absorbed
}

fn belongs(piece: &Piece, rank: u8) -> bool {
    match piece {
        Piece::Heading(next, _) => *next == rank,
        Piece::Part(Part::Text(_) | Part::List(_)) => true,
        Piece::Part(_) | Piece::PageBreak | Piece::Rule | Piece::Open | Piece::Close => false,
    }
}

fn measure(piece: &Piece) -> usize {
    match piece {
        Piece::Heading(_, inline) | Piece::Part(Part::Text(inline) | Part::Summary(inline)) => {
            inline.char_len()
        }
        Piece::Part(Part::List(items)) => items.iter().map(|item| item.full.char_len()).sum(),
        Piece::Part(Part::Rows(Rows { rows, .. })) => rows.iter().map(Inline::char_len).sum(),
        Piece::PageBreak | Piece::Rule | Piece::Open | Piece::Close => 0,
    }
}

/// Tells whether a section addresses the reader, and so is no fragment of the lead-in's sentence.
fn speaks(piece: &Piece) -> bool {
    let Piece::Part(Part::Text(inline)) = piece else {
        return false;
    };
    inline.text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        ["we", "you", "your", "our", "do", "wir", "du", "sie", "nous", "vous"]
            .contains(&word.to_lowercase().as_str())
    })
}

/// Joins each heading with what stands below it if these are two at least, all of them short.
fn join_sections(sections: Vec<Piece>, lead: usize) -> Vec<Piece> {
    let count = sections.iter().filter(|piece| matches!(piece, Piece::Heading(..))).count();
    let size: usize = sections.iter().map(measure).sum();
    let bare = sections.windows(2).any(|pair| matches!(pair, [Piece::Heading(..), Piece::Heading(..)]));
    let ends_bare = matches!(sections.last(), Some(Piece::Heading(..)));
    let tells = |piece: &Piece| matches!(piece, Piece::Part(Part::Text(inline)) if is_sentence(&inline.text));
    let is_brief = size < count * SHORT || !sections.iter().any(tells);
    let speaking = sections.iter().filter(|piece| speaks(piece)).count();
    if count < 2 || bare || ends_bare || !is_brief || lead + size > MAX_LIST || speaking * 2 >= count {
        return sections;
    }
    let mut items: Vec<Inline> = Vec::new();
    for piece in sections {
        match (piece, items.last_mut()) {
            (Piece::Part(Part::Text(inline)), Some(item)) => {
                let mark = (!is_marked(&item.text)).then_some(':');
                item.append(&fold_lines(&inline), mark);
            }
            (Piece::Part(Part::List(list)), Some(item)) => item.append(&join_items(None, &list), None),
            (Piece::Heading(_, inline), _) => items.push(fold_lines(&inline)),
            _ => {}
        }
    }
    // Their titles are no headings any more, and set in bold they would be read as such again.
    items.iter_mut().for_each(|item| item.bold.clear());
    vec![Piece::Part(Part::List(items.into_iter().map(Item::from_inline).collect()))]
}
