//! Making clauses of the parts that stand under one heading.

use super::address::{MAX_LINES, gives_address, is_address_line};
use super::clean::clean_text;
use super::context::read_summary;
use super::divide::divide_text;
use super::gather::gather_items;
use super::heading::{Role, classify_paragraph, number_length};
use super::inline::Inline;
use super::joint::{Open, awaits, exemplifies, heads, is_joint};
use super::lead::{
    are_titled, group_items, is_provision, join_dependent, leads_into, name_lead, only_announces, repeat_lead,
};
use super::list::{Item, fold_lines, is_marked, join_items};
use super::noise::{count_sentence_words, ends_sentence, is_furniture, is_sentence, is_unspaced};
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
pub(crate) const MAX_MERGED: usize = 600;
/// Texts shorter than this do not stand alone where they have a neighbour.
pub(crate) const MIN_CHARS: usize = 40;
/// Longest lead-in that is repeated whole before every part of a list.
pub(crate) const MAX_LEAD: usize = 400;
/// Announcements shorter than this stand with the first provision that they announce.
pub(crate) const MAX_ANNOUNCEMENT: usize = 150;
/// List items and rows of this length are clauses of their own if nothing leads into the list.
pub(crate) const MIN_ITEM: usize = 100;

/// A clause before its text is cleaned.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) text: Inline,
    /// Where the clause's own text begins behind a repeated lead-in, in bytes of `text`.
    pub(crate) own_from: usize,
    pub(crate) path: Vec<String>,
    /// The number of the list item with which the own text begins.
    pub(crate) ordinal: Option<u64>,
    /// The number of the heading right above.
    pub(crate) number: Option<String>,
    pub(crate) lead_in: Option<String>,
    pub(crate) summary: Option<String>,
}

/// Makes clauses of one section, in the order of the document.
pub(crate) fn assemble_section(section: Section) -> Vec<Draft> {
    let mut assembler = Assembler { path: section.path, drafts: Vec::new(), open: None, summary: None };
    let mut parts = gather_items(section.parts).into_iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text(inline) => match parts.next_if(|next| leads_into(&inline, next)) {
                Some(Part::List(items)) => assembler.add_led_list(inline, items),
                Some(Part::Rows(rows)) => assembler.add_led_rows(inline, rows),
                Some(other) => {
                    assembler.add_text(inline, false);
                    assembler.add_part(other);
                }
                None => {
                    let leads_on = match parts.peek() {
                        Some(Part::List(_) | Part::Rows(_)) => true,
                        Some(Part::Text(next)) => heads(&inline.text, &next.text),
                        _ => false,
                    };
                    if leads_on && number_length(&inline.text) > 0 {
                        assembler.close();
                    }
                    assembler.add_text(inline, leads_on);
                }
            },
            other => assembler.add_part(other),
        }
    }
    assembler.close();
    if let Some(first) = assembler.drafts.first_mut() {
        first.number = section.number;
    }
    assembler.drafts
}

pub(crate) struct Assembler {
    path: Vec<String>,
    pub(crate) drafts: Vec<Draft>,
    /// The clause that short paragraphs may still join.
    pub(crate) open: Option<Pending>,
    /// A summary that waits for the clause after it.
    summary: Option<String>,
}

pub(crate) struct Pending {
    pub(crate) text: Inline,
    is_list: bool,
    /// The first words of the paragraph that its lead-in led into.
    led: String,
    /// How many lines of an address it ends with.
    address: usize,
}

impl Pending {
    fn of_text(text: Inline) -> Self {
        Self { text, is_list: false, led: String::new(), address: 0 }
    }

    /// A list that what comes after may still join.
    pub(crate) fn of_list(text: Inline) -> Self {
        Self { is_list: true, ..Self::of_text(text) }
    }
}

impl Assembler {
    fn add_part(&mut self, part: Part) {
        match part {
            Part::Text(inline) => self.add_text(inline, false),
            Part::List(items) => self.add_free_list(items),
            Part::Rows(rows) => self.add_rows(rows, None),
            Part::Summary(inline) => self.add_summary(&inline),
        }
    }

    /// A summary right below a heading sums up what follows, any other what is before it.
    fn add_summary(&mut self, inline: &Inline) {
        self.close();
        let summary = clean_text(read_summary(inline).unwrap_or(&inline.text));
        match self.drafts.last_mut() {
            Some(last) => last.summary = last.summary.take().or(Some(summary)),
            None => self.summary = Some(summary),
        }
    }

    pub(crate) fn add_text(&mut self, inline: Inline, leads_on: bool) {
        let length = inline.char_len();
        let is_fragment = length < MIN_CHARS || !is_sentence(&inline.text) && !is_list_like(&inline.text);
        if let Some(pending) = &mut self.open {
            let open = Open { text: &pending.text.text, leads_on, is_list: pending.is_list };
            let goes_on =
                pending.address > 0 && pending.address < MAX_LINES && is_fragment && is_address_line(&inline);
            if goes_on {
                pending.address += 1;
                pending.text.append(&fold_lines(&inline), (!is_marked(&pending.text.text)).then_some(','));
                return;
            }
            // "Contact us by e-mail:" whose address is lost leads into nothing.
            let is_bare = pending.text.char_len() < 2 * MIN_CHARS && gives_address(&pending.text.text);
            if is_bare && length >= MIN_CHARS && is_sentence(&inline.text) && !inline.text.contains('@') {
                self.open = Some(Pending::of_text(inline));
                return;
            }
            let first = first_words(&inline.text);
            let is_parallel = !first.is_empty() && pending.led == first;
            let is_parallel = is_parallel && pending.text.char_len() + length <= MAX_LIST;
            if is_parallel || is_joint(open, &inline.text, is_fragment) {
                if awaits(&pending.text.text) {
                    pending.led = first;
                }
                let after_address = pending.address > 0;
                let opens_address =
                    gives_address(&pending.text.text) && is_fragment && is_address_line(&inline);
                pending.address = usize::from(opens_address);
                let is_label = pending.text.char_len() < MIN_CHARS || after_address;
                let is_open = is_label && !is_marked(&pending.text.text);
                pending.text.append(&inline, is_open.then_some('.'));
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
        if !leads_on && self.point(&inline) {
            return;
        }
        self.open = Some(Pending::of_text(inline));
    }

    /// Adds a line that only points elsewhere to the clause before it, if there is one.
    fn point(&mut self, line: &Inline) -> bool {
        let is_pointer = line.char_len() < SHORT
            && !line.links.is_empty()
            && ["To learn more", "Learn more", "For more information", "Read more", "See "]
                .iter()
                .any(|start| line.text.starts_with(start))
            && ends_sentence(&line.text)
            && split_sentences(&line.text).len() == 1;
        let Some(last) = self.drafts.last_mut().filter(|last| is_pointer && last.own_from == 0) else {
            return false;
        };
        let fits = last.path == self.path && last.text.char_len() + line.char_len() < MAX_LIST;
        if fits {
            let mark = (!is_marked(&last.text.text)).then_some('.');
            last.text.append(line, mark);
        }
        fits
    }

    /// Adds a list together with the paragraph that introduces it.
    fn add_led_list(&mut self, lead: Inline, items: Vec<Item>) {
        let link_count = items.iter().filter(|item| item.is_link()).count();
        if link_count * 3 > items.len() * 2 && (lead.char_len() < 60 || items.len() > 12) {
            if ends_sentence(&lead.text) {
                self.add_text(lead, false);
            }
            return;
        }
        let whole = join_items(Some(&lead), &items);
        // A long lead-in would be left alone where it fits into one clause with its numbered items.
        let is_whole = lead.char_len() >= MAX_ANNOUNCEMENT
            && lead.text.ends_with([':', '：'])
            && whole.char_len() <= MAX_LIST
            && !are_titled(&items);
        if !is_whole && only_announces(&lead, &items) {
            self.add_announced(lead, items);
            return;
        }
        if whole.char_len() <= MAX_LIST {
            // A lead-in such as "Examples:" belongs to the text before it.
            if let Some(pending) = &mut self.open
                && is_led_joint(pending, &lead, whole.char_len())
            {
                pending.text.append(&whole, None);
                pending.is_list = true;
                return;
            }
            self.close();
            self.open = Some(Pending::of_list(whole));
            return;
        }
        let lead = self.join_lead(lead);
        self.close();
        self.push_parts(lead, items);
    }

    /// Puts a lead-in that waits for what it leads into in front of the one that came instead, as in
    /// "We ask for more to enforce these rules:" above "Do not:".
    fn join_lead(&mut self, lead: Inline) -> Inline {
        let waits = |pending: &mut Pending| {
            !pending.is_list
                && pending.text.text.ends_with([':', '：'])
                && pending.text.char_len() + lead.char_len() < MAX_LEAD
        };
        match self.open.take_if(waits) {
            Some(mut outer) => {
                outer.text.append(&lead, None);
                outer.text
            }
            None => lead,
        }
    }

    /// Pushes a list that is too long for one clause in parts, each behind its lead-in.
    fn push_parts(&mut self, lead: Inline, items: Vec<Item>) {
        let repeated = repeat_lead(&lead);
        let lead_in = repeated.as_ref().map(name_lead);
        let head = if lead.char_len() <= MAX_PARAGRAPH { Some(lead) } else { self.push_head(lead) };
        let size = head.as_ref().map_or(0, Inline::char_len);
        for (at, group) in group_items(items, size).into_iter().enumerate() {
            let own = join_items(None, &group);
            let front = if at == 0 { head.as_ref() } else { repeated.as_ref() };
            let mut text = join_items(front, &group);
            let mut own_from = 0;
            if let Some(front) = front.filter(|_| at > 0) {
                text.range = own.range;
                text.ordinal = own.ordinal;
                own_from = front.text.len() + 1;
            }
            self.push_led(text, own_from, lead_in.as_ref());
        }
    }

    /// Adds items that are provisions of their own, and what announces them.
    fn add_announced(&mut self, lead: Inline, items: Vec<Item>) {
        let lead_in = name_lead(&lead);
        let mut items = items.into_iter();
        let is_first_led = lead.text.ends_with([':', '：']) && !are_titled(items.as_slice());
        let limit = if is_first_led { MAX_LEAD } else { MAX_ANNOUNCEMENT };
        if lead.char_len() < limit
            && let Some(first) = items.next()
        {
            self.close();
            self.push(join_items(Some(&lead), &[first]));
        } else {
            self.add_text(lead, true);
            self.close();
        }
        let from = self.drafts.len();
        for item in items {
            self.push_item(item);
        }
        for draft in self.drafts.iter_mut().skip(from) {
            draft.lead_in = Some(lead_in.clone());
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
        if let [only] = items.as_slice()
            && let Some(pending) = &mut self.open
        {
            let open = Open { text: &pending.text.text, leads_on: false, is_list: false };
            if is_joint(open, &only.full.text, false) {
                pending.text.append(&join_items(None, &items), None);
                return;
            }
        }
        self.close();
        // Items that end with semicolons are one sentence, whatever led into it.
        let continued = items.iter().filter(|item| awaits(&item.full.text)).count();
        if items.len() > 1 && continued * 2 >= items.len() {
            for group in group_items(items, 0) {
                self.push(join_items(None, &group));
            }
            return;
        }
        let is_own = |item: &Item| item.full.char_len() >= MIN_ITEM && is_provision(item);
        let own = items.iter().filter(|item| is_own(item)).count();
        let stand_alone = own * 2 >= items.len();
        let mut group: Vec<Item> = Vec::new();
        let mut size = 0;
        // A link among many items that are none is one of them.
        let drops_links = links * 3 > items.len();
        for item in join_dependent(items) {
            if drops_links && item.is_link() || is_furniture(&item.full.text) {
                continue;
            }
            let length = item.full.char_len();
            let is_own = stand_alone && is_own(&item);
            if is_own && size >= MIN_CHARS || size + length > MAX_PARAGRAPH && size > 0 {
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
        let full = &item.full;
        let titled = match classify_paragraph(full) {
            _ if item.title_end > 0 => {
                let title = full.text.get(..item.title_end).unwrap_or("");
                Some((super::heading::make_title(title), item.title_end))
            }
            Role::RunIn(_, title, from) => Some((title, from)),
            _ => None,
        };
        match titled.filter(|(_, from)| is_sentence(full.text.get(*from..).unwrap_or(""))) {
            Some((title, from)) => {
                let mut text = full.slice(from..full.text.len());
                text.range.start = full.range.start;
                self.path.push(title);
                self.push(join_items(None, &[Item::from_inline(text)]));
                self.path.pop();
            }
            None => self.push(join_items(None, &[item])),
        }
    }

    pub(crate) fn close(&mut self) {
        if let Some(pending) = self.open.take() {
            let text = &pending.text.text;
            let is_kept = is_sentence(text) || is_list_like(text) || is_unspaced(text);
            let is_bare_lead = text.ends_with([':', '：']) && pending.text.char_len() < 2 * MIN_CHARS;
            let is_question = text.ends_with(['?', '？']) && !text.contains(". ");
            if (is_kept || pending.is_list) && !is_bare_lead && !is_question {
                // A lead-in with its list stays whole.
                if pending.is_list && pending.text.char_len() <= MAX_LIST {
                    self.keep(pending.text, 0, None);
                } else {
                    self.push(pending.text);
                }
            }
        }
    }

    pub(crate) fn push(&mut self, text: Inline) {
        self.push_led(text, 0, None);
    }

    /// Pushes a text, divided if it is too long; `own_from` is where it begins behind a repeated
    /// lead-in.
    fn push_led(&mut self, text: Inline, own_from: usize, lead_in: Option<&String>) {
        let limit = if own_from > 0 { MAX_LIST } else { MAX_PARAGRAPH };
        let is_list = text.char_len() <= MAX_LIST && text.text.matches(';').count() >= 3;
        if text.char_len() <= limit || is_list {
            self.keep(text, own_from, lead_in);
            return;
        }
        for part in divide_text(&text.slice(own_from..text.text.len())) {
            self.keep(part, 0, lead_in);
        }
    }

    pub(crate) fn keep(&mut self, text: Inline, own_from: usize, lead_in: Option<&String>) {
        let is_long = text.text.chars().filter(|c| c.is_alphanumeric()).take(MIN_CHARS).count() == MIN_CHARS;
        if is_long || stands(&clean_text(&text.text)) {
            self.drafts.push(Draft {
                ordinal: text.ordinal,
                text,
                own_from,
                path: self.path.clone(),
                number: None,
                lead_in: lead_in.cloned(),
                summary: self.summary.take(),
            });
        }
    }
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Tells whether a lead-in and its list go on with the clause before.
fn is_led_joint(pending: &Pending, lead: &Inline, length: usize) -> bool {
    let joint = pending.text.char_len() + length;
    if lead.char_len() < MIN_CHARS && count_sentence_words(&lead.text) == 0 {
        return joint < MAX_PARAGRAPH;
    }
    let is_name = lead.link_share() > 0.8 || count_sentence_words(&lead.text) == 0;
    let is_label = pending.is_list && lead.char_len() < 2 * MIN_CHARS && is_name;
    joint <= MAX_LIST
        && (is_label
            || awaits(&pending.text.text)
            || pending.text.char_len() < MIN_CHARS
            || exemplifies(&lead.text))
}

fn stands(cleaned: &str) -> bool {
    cleaned.chars().count() >= 12 || is_unspaced(cleaned) || is_sentence(cleaned)
}

/// A paragraph that lists things although no verb is in sight: long and with commas.
fn is_list_like(text: &str) -> bool {
    text.chars().count() >= 2 * MIN_CHARS && text.matches([',', ';']).count() >= 2 && !text.contains('@')
}
