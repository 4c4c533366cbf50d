//! Making clauses of the parts that stand under one heading.

use super::clean::clean_text;
use super::divide::divide_text;
use super::gather::{gather_items, leads_into};
use super::heading::{Role, classify_paragraph, number_length};
use super::inline::Inline;
use super::list::{Item, fold_lines, join_items};
use super::noise::{ends_sentence, is_furniture, is_sentence, is_unspaced};
use super::outline::{Part, Section};
use crate::text::sentence::split_sentences;

/// Longest clause, in characters.
pub(crate) const MAX_CHARS: usize = 3_000;
/// Longest clause made of a lead-in and its list, and longest sentence left whole.
pub(crate) const MAX_LIST: usize = 2_500;
/// Longest paragraph that stays whole.
pub(crate) const MAX_PARAGRAPH: usize = 1_500;
/// Wanted length of the parts of a long paragraph or list.
pub(crate) const PART: usize = 1_000;
/// Paragraphs shorter than this may be merged with others of their kind.
pub(crate) const SHORT: usize = 200;
/// Longest clause made of short paragraphs.
const MAX_MERGED: usize = 600;
/// Texts shorter than this do not stand alone where they have a neighbour.
const MIN_CHARS: usize = 40;
/// List items of this length are clauses of their own if nothing leads into the list.
const MIN_ITEM: usize = 100;
/// Longest lead-in that is repeated whole before every part of a list.
const MAX_LEAD: usize = 400;

/// A clause before its text is cleaned.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) text: Inline,
    pub(crate) path: Vec<String>,
}

/// Makes clauses of one section, in the order of the document.
pub(crate) fn assemble_section(section: Section) -> Vec<Draft> {
    let mut assembler = Assembler { path: section.path, drafts: Vec::new(), open: None };
    let mut parts = gather_items(section.parts).into_iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text(inline) => match parts.next_if(|next| leads_into(&inline, next)) {
                Some(Part::List(items)) => assembler.add_led_list(inline, items),
                Some(other) => {
                    assembler.add_text(inline);
                    assembler.add_part(other);
                }
                None => assembler.add_text(inline),
            },
            other => assembler.add_part(other),
        }
    }
    assembler.close();
    assembler.drafts
}

struct Assembler {
    path: Vec<String>,
    drafts: Vec<Draft>,
    /// The clause that short paragraphs may still join.
    open: Option<Open>,
}

struct Open {
    text: Inline,
    /// Whether only short paragraphs have gone into it.
    is_short: bool,
    is_list: bool,
}

impl Assembler {
    fn add_part(&mut self, part: Part) {
        match part {
            Part::Text(inline) => self.add_text(inline),
            Part::List(items) => self.add_free_list(items),
            Part::Rows(rows) => self.add_rows(rows),
        }
    }

    fn add_text(&mut self, inline: Inline) {
        let length = inline.char_len();
        let is_short = length < SHORT;
        let is_fragment = length < MIN_CHARS || !is_sentence(&inline.text) && !is_list_like(&inline.text);
        if let Some(open) = &mut self.open {
            let joint = open.text.char_len() + length + 1;
            let last = open.text.text.trim_end_matches(['"', '”', ')']);
            let awaits = last.ends_with([':', ';', ',', '：', '；'])
                || last.ends_with(" and")
                || last.ends_with(" or");
            let continues = awaits || inline.text.starts_with(char::is_lowercase);
            let is_numbered = number_length(&inline.text) > 0;
            let is_tail = ends_sentence(&inline.text)
                && !is_numbered
                && length < if open.is_list { MIN_CHARS } else { 2 * MIN_CHARS };
            let open_is_tiny = open.text.char_len() < MIN_CHARS;
            let joins = continues
                && joint
                    <= MAX_LIST.min(if awaits && !is_short && !open_is_tiny {
                        MAX_PARAGRAPH
                    } else {
                        MAX_LIST
                    })
                || open_is_tiny && joint <= MAX_PARAGRAPH
                || is_tail && joint <= PART
                || open.is_short
                    && is_short
                    && !is_fragment
                    && !is_numbered
                    && !open.is_list
                    && joint <= MAX_MERGED;
            if joins {
                let mark = (open_is_tiny && !ends_sentence(&open.text.text) && !awaits).then_some('.');
                open.text.append(&inline, mark);
                open.is_short = open.is_short && is_short;
                return;
            }
        }
        if is_fragment
            && length < 4 * MIN_CHARS
            && !ends_sentence(&inline.text)
            && !inline.text.ends_with([':', '：'])
        {
            return;
        }
        self.close();
        self.open = Some(Open { text: inline, is_short, is_list: false });
    }

    /// Adds a list together with the paragraph that introduces it.
    fn add_led_list(&mut self, lead: Inline, items: Vec<Item>) {
        let link_count = items.iter().filter(|item| item.is_link()).count();
        if link_count * 3 > items.len() * 2 && (lead.char_len() < 60 || items.len() > 12) {
            if ends_sentence(&lead.text) {
                self.add_text(lead);
            }
            return;
        }
        let whole = join_items(Some(&lead), &items);
        if whole.char_len() <= MAX_LIST {
            // A lead-in such as "Examples:" belongs to the text before it.
            if let Some(open) = &mut self.open
                && lead.char_len() < MIN_CHARS
                && open.text.char_len() + whole.char_len() < MAX_PARAGRAPH
            {
                open.text.append(&whole, None);
                open.is_list = true;
                return;
            }
            self.close();
            self.open = Some(Open { text: whole, is_short: false, is_list: true });
            return;
        }
        self.close();
        let repeated = repeat_lead(&lead);
        let head = if lead.char_len() <= MAX_PARAGRAPH { Some(lead) } else { self.push_head(lead) };
        let size = head.as_ref().map_or(0, Inline::char_len);
        for (at, group) in group_items(items, size).into_iter().enumerate() {
            let front = if at == 0 { head.clone() } else { repeated.clone() };
            let range = match at {
                0 => None,
                _ => Some(join_items(None, &group).range),
            };
            let mut text = join_items(front.as_ref(), &group);
            if let Some(range) = range {
                text.range = range;
            }
            self.push_led(text, front.filter(|_| at > 0).as_ref());
        }
    }

    /// Pushes all but the last sentence of a very long lead-in and returns that sentence.
    fn push_head(&mut self, lead: Inline) -> Option<Inline> {
        let last = split_sentences(&lead.text).pop()?;
        let tail = lead.slice(last.clone());
        self.push(lead.slice(0..last.start));
        Some(tail)
    }

    /// Adds a list that nothing introduces: long items alone, short ones together.
    fn add_free_list(&mut self, items: Vec<Item>) {
        let links = items.iter().filter(|item| item.is_link()).count();
        if links * 2 > items.len() {
            return;
        }
        let speaks = items.iter().any(|item| is_sentence(&item.full.text));
        if !speaks && items.iter().map(|item| item.full.char_len()).sum::<usize>() < 2 * MIN_CHARS {
            return;
        }
        self.close();
        // Items that end with semicolons are one sentence, whatever led into it.
        let continued = items
            .iter()
            .filter(|item| {
                let text = item.full.text.as_str();
                text.ends_with([';', ',', '；']) || text.ends_with("; and") || text.ends_with("; or")
            })
            .count();
        if items.len() > 1 && continued * 2 >= items.len() {
            for group in group_items(items, 0) {
                self.push(join_items(None, &group));
            }
            return;
        }
        let mut group: Vec<Item> = Vec::new();
        let mut size = 0;
        for item in items {
            if item.is_link() || is_furniture(&item.full.text) {
                continue;
            }
            let length = item.full.char_len();
            let is_own = length >= MIN_ITEM && is_sentence(&item.full.text);
            if is_own && size >= MIN_CHARS || size + length > MAX_MERGED && size > 0 {
                self.push_group(&mut group);
                size = 0;
            }
            if is_own && size == 0 {
                self.push_item(item);
                continue;
            }
            size += length + 2;
            group.push(item);
            if is_own {
                self.push_group(&mut group);
                size = 0;
            }
        }
        self.push_group(&mut group);
    }

    fn push_group(&mut self, group: &mut Vec<Item>) {
        if !group.is_empty() {
            self.push(join_items(None, group));
            group.clear();
        }
    }

    /// Pushes an item as a clause of its own; a run-in heading goes into the path.
    fn push_item(&mut self, item: Item) {
        match classify_paragraph(&item.full) {
            Role::RunIn(_, title, from) if is_sentence(item.full.text.get(from..).unwrap_or("")) => {
                let mut text = item.full.slice(from..item.full.text.len());
                text.range.start = item.full.range.start;
                self.path.push(title);
                self.push(join_items(None, &[Item::from_inline(text)]));
                self.path.pop();
            }
            _ => self.push(join_items(None, &[item])),
        }
    }

    fn add_rows(&mut self, rows: Vec<Inline>) {
        self.close();
        let mut group = Inline::default();
        for row in rows {
            if group.char_len() + row.char_len() > MAX_MERGED && !group.text.is_empty() {
                self.push(std::mem::take(&mut group));
            }
            let mark = (!ends_sentence(&group.text)).then_some('.');
            group.append(&fold_lines(&row), mark);
        }
        self.push(group);
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let is_kept =
                is_sentence(&open.text.text) || is_list_like(&open.text.text) || is_unspaced(&open.text.text);
            let is_bare_lead = open.text.text.ends_with([':', '：']) && open.text.char_len() < 2 * MIN_CHARS;
            let is_question = open.text.text.ends_with(['?', '？']) && !open.text.text.contains(". ");
            if is_kept && !is_bare_lead && !(is_question && open.text.char_len() < SHORT) {
                self.push(open.text);
            }
        }
    }

    fn push(&mut self, text: Inline) {
        self.push_led(text, None);
    }

    /// Pushes a text, divided if it is too long; `lead` is what was repeated at its front.
    fn push_led(&mut self, text: Inline, lead: Option<&Inline>) {
        let limit = if lead.is_some() { MAX_LIST } else { MAX_PARAGRAPH };
        let is_list = text.char_len() <= MAX_LIST && text.text.matches(';').count() >= 3;
        if text.char_len() <= limit || is_list {
            self.keep(text);
            return;
        }
        let range = text.range.clone();
        for part in divide_text(&text) {
            // The repeated lead-in lies before the items and must not move a range there.
            let mut part = part;
            if lead.is_some() {
                part.range = part.range.start.clamp(range.start, range.end)
                    ..part.range.end.clamp(range.start, range.end);
                if part.range.is_empty() {
                    part.range = range.clone();
                }
            }
            self.keep(part);
        }
    }

    fn keep(&mut self, text: Inline) {
        let cleaned = clean_text(&text.text);
        if cleaned.chars().count() >= 12 || is_unspaced(&cleaned) || is_sentence(&cleaned) {
            self.drafts.push(Draft { text, path: self.path.clone() });
        }
    }
}

/// A paragraph that lists things although no verb is in sight: long and with commas.
fn is_list_like(text: &str) -> bool {
    text.chars().count() >= 2 * MIN_CHARS && text.matches([',', ';']).count() >= 2 && !text.contains('@')
}

/// The lead-in as repeated before the later parts of a list: its last sentence if it is long.
fn repeat_lead(lead: &Inline) -> Option<Inline> {
    if lead.char_len() <= MAX_LEAD {
        return Some(lead.clone());
    }
    let last = split_sentences(&lead.text).pop()?;
    Some(lead.slice(last)).filter(|last| last.char_len() <= 2 * MAX_LEAD)
}

/// Groups items into parts of about the wanted length; `first` is what leads the first part.
fn group_items(items: Vec<Item>, first: usize) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    let mut size = first;
    for item in items {
        let length = item.full.char_len();
        match groups.last_mut() {
            Some(group) if size + length <= PART + PART / 2 => {
                group.push(item);
                size += length;
            }
            _ => {
                size = length + if groups.is_empty() { first } else { 0 };
                groups.push(vec![item]);
            }
        }
    }
    groups
}
