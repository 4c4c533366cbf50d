//! Lead-ins that stand above headings or above list items that are sections of their own: which
//! passages they govern.

use super::assemble::{Draft, MAX_LIST};
use super::clean::clean_text;
use super::context::read_number;
use super::gather::succeeds;
use super::heading::{MAX_REAL_RANK, PLAIN_RANK};
use super::inline::Inline;
use super::lead::{is_phrase, is_provision, name_lead, repeat_lead};
use super::outline::{Part, Piece};
use crate::text::sentence::split_sentences;
use std::ops::Range;

/// Longest text that is taken for such a lead-in, in characters.
const MAX_LEAD: usize = 600;
/// Longest paragraph that is an item of a lead-in some paragraphs above, in characters.
const MAX_PHRASE: usize = 400;
/// Most scopes that are looked through for the one around a place.
const MAX_NESTING: usize = 16;
/// Most pieces of one series.
const MAX_SERIES: usize = 40;

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
    /// A heading above this rank, or one over what is no phrase.
    Alike(u8),
    /// Anything that is no item.
    Items,
    /// Anything but lists and phrases that only the lead-in makes sentences.
    Phrases,
    /// A heading above this rank, or one that does not end with a colon.
    Labels(u8),
    /// A heading other than "Example 2".
    Examples,
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

/// Puts the lead-in that governs the byte given before one that is no sentence without it, as in
/// "We do not allow: Content that offers:".
pub(crate) fn complete_lead(scopes: &[Scope], at: usize, own: Option<String>) -> Option<String> {
    match (find_lead(scopes, at), own) {
        (Some(outer), Some(own)) => Some(join_leads(Some(outer), own)),
        (outer, own) => own.or_else(|| outer.map(str::to_owned)),
    }
}

/// Takes a lead-in off the end of a clause if what comes next carries it, and puts one that was a
/// clause alone in front of that: by itself it says nothing.
pub(crate) fn drop_bare_leads(drafts: Vec<Draft>, scopes: &[Scope]) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut drafts = drafts.into_iter().peekable();
    while let Some(mut draft) = drafts.next() {
        let scope = find_opened(scopes, draft.text.range.end);
        let carried = scope
            .filter(|scope| {
                draft.text.text.ends_with([':', '：']) || clean_text(&draft.text.text) == scope.lead_in
            })
            .zip(drafts.peek_mut());
        if let Some((scope, first)) = carried.filter(|(scope, first)| carries(scope, first)) {
            let last = split_sentences(&draft.text.text).pop().map_or(0, |last| last.start);
            if last > draft.own_from && draft.text.text.ends_with([':', '：']) {
                draft.text = draft.text.slice(0..last);
            } else if clean_text(&draft.text.text) == scope.lead_in {
                repeat_before(draft, scope, first);
                continue;
            }
        }
        kept.push(draft);
    }
    kept
}

/// Finds the first scope that begins at the byte given.
fn find_opened(scopes: &[Scope], start: usize) -> Option<&Scope> {
    let first = scopes.partition_point(|scope| scope.range.start < start);
    scopes.get(first).filter(|scope| scope.range.start == start)
}

/// Tells whether the lead-in of a scope governs a clause that has no other.
fn carries(scope: &Scope, first: &Draft) -> bool {
    scope.range.contains(&first.text.range.start) && first.lead_in.is_none() && first.own_from == 0
}

/// Puts the lead-in that alone is no clause in front of the first one that it governs.
fn repeat_before(lead: Draft, scope: &Scope, first: &mut Draft) {
    first.summary = first.summary.take().or(lead.summary);
    if lead.text.char_len() + first.text.char_len() > MAX_LIST {
        return;
    }
    first.lead_in = Some(scope.lead_in.clone());
    let mut text = lead.text;
    first.own_from = text.text.len() + 1;
    text.append(&first.text, None);
    text.range = first.text.range.clone();
    text.ordinal = first.text.ordinal;
    first.text = text;
}

fn join_leads(outer: Option<&str>, own: String) -> String {
    match outer {
        Some(outer)
            if own.ends_with([':', '：'])
                && is_phrase(&own)
                && !outer.contains(&own)
                && outer.len() + own.len() <= MAX_LEAD =>
        {
            format!("{outer} {own}")
        }
        _ => own,
    }
}

/// Finds what lead-ins above headings, phrases and sections in lists govern, in the order of the document.
pub(crate) fn find_scopes(pieces: &[Piece]) -> Vec<Scope> {
    let mut finder = Finder::default();
    for (at, piece) in pieces.iter().enumerate() {
        let rest = pieces.get(at..).unwrap_or(&[]);
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        finder.close_over(piece, rest, before.is_none_or(|before| matches!(before, Piece::Heading(..))));
        match piece {
            Piece::Heading(rank, title) => {
                if names_kind_of_examples(&title.text)
                    && let Some(Piece::Part(Part::List(_))) = rest.get(1)
                    && let Some(Piece::Heading(_, example)) = rest.get(2)
                    && is_example(&example.text)
                {
                    finder.enter(Reach::Examples, title, example.range.start);
                }
                finder.ranks.retain(|above| above < rank);
                finder.ranks.push(*rank);
            }
            Piece::Open => finder.depth += 1,
            Piece::Close => finder.depth = finder.depth.saturating_sub(1),
            Piece::PageBreak => finder.ranks.clear(),
            Piece::Part(Part::Text(lead)) => finder.take_text(lead, before, rest.get(1..).unwrap_or(&[])),
            Piece::Part(_) | Piece::Rule => {}
        }
    }
    finder.scopes
}

#[derive(Default)]
struct Finder {
    scopes: Vec<Scope>,
    open: Vec<Open>,
    /// Ranks of the headings above.
    ranks: Vec<u8>,
    depth: usize,
}

impl Finder {
    fn close_over(&mut self, piece: &Piece, rest: &[Piece], after_heading: bool) {
        while let Some(last) = self.open.last()
            && is_over(last, piece, rest, self.depth, after_heading)
        {
            let end = rest.iter().find_map(start_of);
            if let (Some(scope), Some(end)) = (self.scopes.get_mut(last.scope), end) {
                scope.range.end = end.max(scope.range.start);
            }
            self.open.pop();
        }
    }

    fn take_text(&mut self, text: &Inline, before: Option<&Piece>, next: &[Piece]) {
        // "The following is prohibited." governs the list below the note that comes after it.
        if let Some(Piece::Part(Part::Text(lead))) = before
            && announces_list(&lead.text)
            && notes(&text.text)
            && matches!(next.first(), Some(Piece::Part(Part::List(_))))
        {
            self.enter(Reach::Items, lead, text.range.start);
        } else if let Some(reach) = find_reach(text, next, &self.ranks) {
            self.enter(reach, text, text.range.end);
        } else if let Some(end) = find_series_end(text, next) {
            self.enter(Reach::Items, text, text.range.end);
            if let Some(scope) = self.open.pop().and_then(|open| self.scopes.get_mut(open.scope)) {
                scope.range.end = end;
            }
        }
    }

    fn enter(&mut self, reach: Reach, lead: &Inline, start: usize) {
        if let Some(repeated) = repeat_lead(lead) {
            let outer = self.open.last().and_then(|open| self.scopes.get(open.scope));
            let lead_in = join_leads(outer.map(|outer| outer.lead_in.as_str()), name_lead(&repeated));
            self.open.push(Open { scope: self.scopes.len(), reach, depth: self.depth });
            self.scopes.push(Scope { range: start..usize::MAX, lead_in });
        }
    }
}

/// What a text governs beyond the list right below it, if it is a lead-in.
fn find_reach(lead: &Inline, next: &[Piece], ranks: &[u8]) -> Option<Reach> {
    if lead.char_len() > MAX_LEAD {
        return None;
    }
    let leads = lead.text.ends_with([':', '：']);
    match next {
        [Piece::Heading(rank, _), ..] => {
            let real = ranks.iter().rev().find(|rank| **rank <= MAX_REAL_RANK).copied().unwrap_or(0);
            // Only a real heading ends what another real one heads.
            let is_below = *rank > MAX_REAL_RANK || *rank > real;
            let level = ranks.last().copied().unwrap_or(0);
            // Headings in bold do not end what a plain line heads only because they are set apart more.
            let is_deeper =
                *rank > level || (MAX_REAL_RANK + 1..PLAIN_RANK).contains(rank) && level >= PLAIN_RANK;
            let announces =
                leads || *rank > MAX_REAL_RANK && (names_following(&lead.text) || forbids_below(&lead.text));
            let is_label = |piece: &Piece| matches!(piece, Piece::Heading(same, name) if same == rank && name.text.ends_with(':'));
            if leads && *rank == level && next.first().is_some_and(is_label) && counts_below(&lead.text) {
                return Some(Reach::Labels(*rank));
            }
            if is_deeper {
                announces.then_some(Reach::Sections(*rank))
            } else {
                let governs = leads && is_below && announces_list(&lead.text) && needs_lead(next);
                governs.then_some(Reach::Alike(*rank))
            }
        }
        [Piece::Open, ..] | [Piece::Part(Part::List(_)), Piece::Open, ..] if leads => Some(Reach::Items),
        [Piece::Part(Part::Text(phrase)), ..] if leads && rules(&lead.text) => {
            is_led(phrase).then_some(Reach::Phrases)
        }
        _ => None,
    }
}

/// Tells whether a lead-in says what is allowed, forbidden or demanded, or that something follows.
fn rules(lead: &str) -> bool {
    let words = ["not", "must", "may", "shall", "avoid", "never", "cannot", "following", "below", "only"];
    let stems = ["prohibit", "allow", "requir", "restrict", "forbid", "don't", "don’t", "can't", "can’t"];
    let is_rule = |word: &str| words.contains(&word) || stems.iter().any(|stem| word.starts_with(stem));
    let lower = lead.to_lowercase();
    !is_phrase(lead) && lower.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).any(is_rule)
}

/// Tells whether a paragraph is one phrase, which needs a lead-in to be a sentence.
fn is_led(text: &Inline) -> bool {
    let is_one = text.char_len() <= MAX_PHRASE && split_sentences(&text.text).len() == 1;
    let mut words = text.text.split_whitespace();
    let decrees = words.any(|word| ["will", "must", "shall"].contains(&word));
    is_phrase(&text.text) && (is_one && !decrees || text.text.ends_with([':', '：']))
}

/// Tells whether a heading stands over a list or a phrase that is no provision by itself.
fn needs_lead(pieces: &[Piece]) -> bool {
    let below = pieces.iter().take(MAX_NESTING).find(|piece| !matches!(piece, Piece::Heading(..)));
    match below {
        Some(Piece::Part(Part::Text(text))) => is_led(text),
        Some(Piece::Part(Part::List(items))) => {
            let phrases = items.iter().filter(|item| !is_provision(item)).count();
            phrases * 2 > items.len()
        }
        _ => false,
    }
}

/// Tells whether the last words of a text announce what comes below it.
fn names_following(text: &str) -> bool {
    let tail = text.rsplit(". ").next().unwrap_or(text);
    ["the following categories", "the following types", "the following cases", "the following rules"]
        .iter()
        .any(|words| tail.contains(words))
}

/// Tells whether a text ends with a sentence that a list must follow.
fn announces_list(text: &str) -> bool {
    let bare = text.trim_end_matches(['.', ':', ' ']);
    bare.rsplit(". ").next().unwrap_or(bare).to_lowercase().contains("following")
}

/// Tells whether a title says of what examples come: "Examples of violations".
fn names_kind_of_examples(title: &str) -> bool {
    title.to_lowercase().starts_with("examples of ")
}

/// Tells whether a title counts an example: "Example 2:".
fn is_example(title: &str) -> bool {
    let number = title.strip_prefix("Example ").map(|number| number.trim_end_matches([':', '.']));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Tells whether a lead-in says that ways or parts of something come.
fn counts_below(lead: &str) -> bool {
    announces_list(lead) || lead.to_lowercase().trim_end_matches([':', ' ']).ends_with("below")
}

/// Tells whether a text ends with a sentence that says of what is below it what may be done:
/// "Do not fly a kite if it fits any of the descriptions below."
fn forbids_below(text: &str) -> bool {
    let bare = text.trim_end_matches(['.', ' ']);
    let last = bare.rsplit(". ").next().unwrap_or(bare);
    let lower = last.to_lowercase();
    let points = ["below", "the following"].iter().any(|end| lower.ends_with(end));
    let elsewhere = ["see", "refer", "section", "further", "review", "contact"];
    let words = || lower.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'));
    let forbids = |word: &str| {
        ["not", "never", "must"].contains(&word)
            || word.ends_with("n't")
            || word.ends_with("n’t")
            || word.starts_with("prohibit")
    };
    text.ends_with('.') && points && words().any(forbids) && !words().any(|word| elsewhere.contains(&word))
}

/// Where the last item ends of a series "(a) …", "(b) …" that a lead-in opens and other
/// paragraphs interrupt.
fn find_series_end(lead: &Inline, next: &[Piece]) -> Option<usize> {
    if !lead.text.ends_with([':', '：']) || lead.char_len() > MAX_LEAD {
        return None;
    }
    let number_of = |piece: &Piece| match piece {
        Piece::Heading(MAX_REAL_RANK.., text) | Piece::Part(Part::Text(text)) => read_number(&text.text),
        _ => None,
    };
    let mut last = number_of(next.first()?).filter(|number| is_first(number))?;
    let first = last.clone();
    let outer = read_number(&lead.text);
    let mut end = None;
    for (at, piece) in next.iter().enumerate().skip(1).take(MAX_SERIES) {
        let number = number_of(piece);
        let is_dotted = number.as_ref().is_some_and(|number| number.contains('.'));
        if is_dotted || number.as_ref() == Some(&first) || succeeds(outer.as_deref(), number.as_deref()) {
            break;
        }
        let number = number.filter(|number| succeeds(Some(&last), Some(number)));
        match (number, piece) {
            (Some(number), _) => {
                last = number;
                end = Some(at);
            }
            (None, Piece::Heading(..) | Piece::PageBreak) => break,
            (None, _) => {}
        }
    }
    let at = end?;
    let led = match next.get(at..) {
        Some([Piece::Heading(..), Piece::Part(_), ..]) => 2,
        Some([Piece::Part(Part::Text(text)), Piece::Part(Part::List(_)), ..]) if text.text.ends_with(':') => {
            2
        }
        _ => 1,
    };
    next.get(at + led..)?.iter().find_map(start_of).or(Some(usize::MAX))
}

/// Tells whether a number begins a series within a sentence: "(a)", "i", "1)".
fn is_first(number: &str) -> bool {
    ["(a)", "(i)", "(1)", "(A)", "(I)", "a", "i", "1)", "a)", "i)"].contains(&number)
}

/// Tells whether a text is a note between a lead-in and its list.
fn notes(text: &str) -> bool {
    let front: String = text.chars().take(12).flat_map(char::to_lowercase).collect();
    ["note", "please note", "important"].iter().any(|start| front.starts_with(start))
        && !text.ends_with([':', '：'])
}

fn is_over(open: &Open, piece: &Piece, rest: &[Piece], depth: usize, after_heading: bool) -> bool {
    if depth < open.depth || matches!(piece, Piece::PageBreak) {
        return true;
    }
    match (open.reach, piece) {
        (Reach::Items, Piece::Open | Piece::Close | Piece::Rule | Piece::Part(Part::List(_))) => false,
        (Reach::Items, _) => depth == open.depth,
        (Reach::Phrases, Piece::Part(Part::Text(text))) => !is_led(text),
        (Reach::Phrases, Piece::Heading(..) | Piece::Open) => true,
        (Reach::Examples, Piece::Heading(_, title)) => !is_example(&title.text),
        (Reach::Labels(first), Piece::Heading(rank, name)) => {
            *rank < first || *rank == first && !name.text.ends_with(':')
        }
        (Reach::Alike(first), Piece::Heading(rank, _)) => {
            depth == open.depth && (*rank < first || !needs_lead(rest))
        }
        (Reach::Sections(first), Piece::Heading(rank, _)) => {
            *rank < first || *rank >= PLAIN_RANK && first < PLAIN_RANK && depth == open.depth
        }
        // Another lead-in that no heading parts from what was led takes its place.
        (Reach::Sections(_) | Reach::Alike(_), Piece::Part(Part::Text(text))) => {
            let leads = text.text.ends_with([':', '：']) && !is_phrase(&text.text);
            (leads || text.text.starts_with("Notwithstanding")) && !after_heading && depth == open.depth
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
