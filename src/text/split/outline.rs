//! Flattening a document into sections: the parts that stand under one heading.

use super::absorb::{absorb_led_headings, gather_led_lines};
use super::card::{drop_cards, read_box};
use super::clean::clean_text;
use super::contents::{
    NUMBERED_RANK, drop_contents, find_document_title, is_title_text, promote_plain_headings,
};
use super::context::{read_number, read_summary};
use super::heading::{
    HeadingStack, MAX_REAL_RANK, PLAIN_RANK, Role, classify_paragraph, is_remark, is_sentence_heading,
    make_title, number_length, rank_number,
};
use super::history::{drop_histories, is_history};
use super::inline::Inline;
use super::layout::read_layout;
use super::lead::is_phrase;
use super::line::{MAX_PLAIN_HEADING, cut_at_headings, is_plain_title, is_pointing, split_lines};
use super::list::{Item, is_bold_title, is_later_lead, is_numbered_title, is_structure, name_item};
use super::markdown::Block;
use super::noise::{
    ends_sentence, is_contents_heading, is_date_line, is_furniture, is_language, is_sentence,
    is_version_heading, normalise_line,
};
use super::rank::{count_part, count_titles, is_closed_label, level_ranks, promote_labelled, read_count};
use super::scope::{Scope, find_scopes};
use super::table::{Rows, read_rows};
use std::collections::VecDeque;

/// Shortest paragraph, in characters, by which a page is known when it begins once more.
const MIN_OPENING: usize = 150;

/// A part of a section.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(Inline),
    List(Vec<Item>),
    /// Rows of a table.
    Rows(Rows),
    /// A box that sums up the clause after it, or before it.
    Summary(Inline),
}

/// Parts under one heading.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// Titles of the headings above, outermost first.
    pub(crate) path: Vec<String>,
    /// The number of the nearest heading, as written.
    pub(crate) number: Option<String>,
    pub(crate) parts: Vec<Part>,
}

/// A heading or a part of the text, in the order of the document.
pub(crate) enum Piece {
    Heading(u8, Inline),
    Part(Part),
    /// The end of one page put together with others.
    PageBreak,
    /// A rule within a page.
    Rule,
    /// The beginning of a list item that is a section of its own.
    Open,
    /// Its end: the headings in bold that it held name nothing after it.
    Close,
}

/// The sections of a document, and what governs them from above.
pub(crate) struct Outline {
    pub(crate) sections: Vec<Section>,
    pub(crate) scopes: Vec<Scope>,
}

/// Cuts blocks into sections in the order of the document.
pub(crate) fn outline_blocks(blocks: Vec<Block>) -> Outline {
    let mut walker = Walker::default();
    walker.walk(blocks, 0);
    let mut pieces = gather_led_lines(walker.pieces);
    promote_plain_headings(&mut pieces);
    level_ranks(&mut pieces);
    promote_labelled(&mut pieces);
    pieces.retain(|piece| !matches!(piece, Piece::Rule));
    let pieces = absorb_led_headings(drop_contents(drop_histories(pieces)));
    let document_title = find_document_title(&pieces);
    let scopes = find_scopes(&pieces);
    let labels = count_titles(&pieces);

    let mut sections: Vec<Section> = vec![Section::default()];
    let mut stack = HeadingStack::default();
    let mut depths: Vec<usize> = Vec::new();
    // The title of the document, for what stands under no other.
    let mut page_title: Option<String> = None;
    // The rank of the last heading if that is a label with a colon above a list.
    let mut label: Option<u8> = None;
    // The number of the numbered title above, until a provision counts on.
    let mut count: Option<u64> = None;
    // The first long paragraph of the page, the one after it, and the headings above them.
    let mut opening: Option<(String, Option<String>, HeadingStack)> = None;
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Heading(rank, inline) => {
                let title = make_title(&inline.text);
                let ordinal = inline.ordinal.map(|ordinal| ordinal.to_string());
                let number = read_number(&clean_text(&inline.text)).or(ordinal);
                let before_list = matches!(pieces.peek(), Some(Piece::Part(Part::List(_))));
                // A real heading that ends the section above heads one of its own, whatever it says.
                let ends_section = rank <= MAX_REAL_RANK
                    && names_examples(&title)
                    && !inline.text.ends_with([':', '：'])
                    && stack.innermost().is_some_and(|(above, _)| rank <= above);
                let is_remark = is_remark(&title) || before_list && names_examples(&title);
                if is_remark && !ends_section || is_version_heading(&title) {
                    // "Examples of violations" above a list leads into it and names nothing below.
                    if let Some(section) =
                        sections.last_mut().filter(|_| before_list && names_examples(&title))
                    {
                        section.parts.push(Part::Text(inline));
                    }
                    continue;
                }
                if rank <= NUMBERED_RANK {
                    let number = number.as_deref().filter(|_| rank == NUMBERED_RANK);
                    count = number.and_then(read_count);
                }
                let is_document_title = rank == 1 && document_title.as_deref() == Some(title.as_str());
                if is_contents_heading(&inline.text) {
                    stack.leave(rank);
                    sections.push(Section { path: stack.titles(), ..Section::default() });
                    continue;
                }
                if is_document_title {
                    page_title = Some(title);
                    stack.leave(1);
                } else {
                    while has_text(&sections) && is_closed_label(&stack, &labels, rank, &title) {
                        stack.leave(stack.innermost().map_or(rank, |(above, _)| above));
                    }
                    // A question in plain type below another is its sibling.
                    let sibling =
                        stack.innermost().filter(|(_, last)| last.ends_with('?') && title.ends_with('?'));
                    let rank = sibling.map_or(rank, |(last, _)| if rank >= PLAIN_RANK { last } else { rank });
                    let is_label = rank > MAX_REAL_RANK && inline.text.ends_with([':', '：']);
                    // So is one among others that head nothing but a list each.
                    let is_listed = rank > MAX_REAL_RANK
                        && stack.innermost().is_some_and(|(above, _)| above == rank)
                        && sections
                            .last()
                            .is_some_and(|above| matches!(above.parts.as_slice(), [Part::List(_)]));
                    label = ((is_label || is_listed) && before_list).then_some(rank);
                    stack.enter(rank, title);
                }
                // "You must not:" above a list is also the start of its sentence.
                let leads = matches!(pieces.peek(), Some(Piece::Part(Part::List(_))));
                let lead = (leads && inline.text.ends_with([':', '：'])).then_some(inline);
                let path =
                    if stack.depth() == 0 { page_title.iter().cloned().collect() } else { stack.titles() };
                sections.push(Section { path, number, parts: Vec::new() });
                if let (Some(lead), Some(section)) = (lead, sections.last_mut()) {
                    section.parts.push(Part::Text(lead));
                }
            }
            Piece::Rule => {}
            Piece::Open => {
                // An item that is a section of its own is still an item.
                label = None;
                depths.push(stack.depth());
            }
            Piece::Close => {
                label = None;
                if stack.leave_item(depths.pop().unwrap_or(0)) {
                    sections.push(Section { path: stack.titles(), ..Section::default() });
                }
            }
            Piece::PageBreak => {
                stack.leave(0);
                page_title = None;
                opening = None;
                sections.push(Section::default());
            }
            Piece::Part(part) => {
                // A page that begins once more stands under none of its headings.
                if let Part::Text(inline) = &part
                    && inline.char_len() >= MIN_OPENING
                {
                    let next = match pieces.peek() {
                        Some(Piece::Part(Part::Text(next))) => Some(next.text.as_str()),
                        _ => None,
                    };
                    match &opening {
                        None => {
                            let next = next.map(str::to_owned);
                            opening = Some((inline.text.clone(), next, stack.clone()));
                        }
                        Some((first, second, above))
                            if *first == inline.text && second.is_some() && second.as_deref() == next =>
                        {
                            stack = above.clone();
                            let is_bare = stack.depth() == 0;
                            let path =
                                if is_bare { page_title.iter().cloned().collect() } else { stack.titles() };
                            sections.push(Section { path, ..Section::default() });
                        }
                        Some(_) => {}
                    }
                }
                // "5. Liability. We …" does not stand under the title "4. Fees".
                if let Some(last) = count {
                    let next = count_part(&part);
                    count = next.is_none().then_some(last);
                    if next == last.checked_add(1) && next.is_some() && stack.leave_numbered(NUMBERED_RANK) {
                        if let Part::Text(inline) = &part
                            && is_title_text(inline.text.get(number_length(&inline.text)..).unwrap_or(""))
                            && !ends_sentence(&inline.text)
                            && matches!(pieces.peek(), Some(Piece::Heading(..)))
                        {
                            count = next;
                            stack.enter(NUMBERED_RANK, make_title(&inline.text));
                            continue;
                        }
                        sections.push(Section { path: stack.titles(), ..Section::default() });
                    }
                }
                // "18.5 Notice" does not stand under "18.4 Venue" although nothing else parts them.
                if let Part::Text(inline) = &part
                    && sections.last().is_some_and(|section| !section.parts.is_empty())
                    && let Some(rank) = rank_number(&inline.text)
                    && stack.leave_numbered(rank)
                {
                    sections.push(Section { path: stack.titles(), ..Section::default() });
                }
                if closes_label(&sections, &part, pieces.peek())
                    && let Some(rank) = label.take()
                {
                    stack.leave(rank);
                    let is_bare = stack.depth() == 0;
                    let path = if is_bare { page_title.iter().cloned().collect() } else { stack.titles() };
                    sections.push(Section { path, ..Section::default() });
                }
                if let Some(section) = sections.last_mut() {
                    section.parts.push(part);
                }
            }
        }
    }
    sections.retain(|section| !section.parts.is_empty());
    Outline { sections, scopes }
}

/// Tells whether a text stands outside the list below a label such as "Exceptions:".
fn closes_label(sections: &[Section], part: &Part, next: Option<&Piece>) -> bool {
    let Part::Text(text) = part else {
        return false;
    };
    let after_list = sections.last().is_some_and(|section| {
        matches!(section.parts.as_slice(), [Part::Text(_), Part::List(_)] | [Part::List(_)])
    });
    // A note on an item stands among the items.
    let goes_on = matches!(next, Some(Piece::Open | Piece::Part(Part::List(_))));
    let notes = ["This ", "These ", "Note"].iter().any(|word| text.text.starts_with(word));
    after_list && !is_phrase(&text.text) && !(goes_on && notes && !text.text.ends_with([':', '：']))
}

/// Tells whether the nearest heading has a text of its own that leads into nothing.
fn has_text(sections: &[Section]) -> bool {
    let leads = |part: &Part| matches!(part, Part::Text(text) if text.text.ends_with([':', '：']));
    sections.last().and_then(|section| section.parts.last()).is_some_and(|last| !leads(last))
}

#[derive(Default)]
struct Walker {
    pieces: Vec<Piece>,
    /// Whether the heading above is one of notes on versions, or a date below it.
    in_history: bool,
}

impl Walker {
    fn walk(&mut self, blocks: Vec<Block>, depth: u8) {
        let mut blocks = VecDeque::from(drop_cards(blocks));
        while !blocks.is_empty() {
            if let Some((length, summary)) = read_box(blocks.make_contiguous()) {
                blocks.drain(..length);
                self.pieces.push(Piece::Part(Part::Summary(summary)));
                continue;
            }
            let Some(block) = blocks.pop_front() else {
                break;
            };
            let below = match blocks.front() {
                Some(Block::Paragraph(below)) => Some(below.text.as_str()),
                _ => None,
            };
            match block {
                Block::Heading(level, inline) => {
                    for line in split_lines(&inline) {
                        self.add_heading(level, line);
                    }
                }
                Block::Paragraph(inline) => {
                    for line in split_lines(&inline).iter().flat_map(cut_at_headings) {
                        self.add_paragraph(line, depth);
                    }
                }
                Block::List(mut items) => match items.as_mut_slice() {
                    // "8. Fees" above a paragraph is read as a list of one by Markdown.
                    [only] if below.is_some_and(|below| is_numbered_title(only, below)) => {
                        for block in only.drain(..) {
                            if let Block::Paragraph(inline) = block {
                                self.pieces.push(Piece::Heading(NUMBERED_RANK, inline));
                            }
                        }
                    }
                    // A lone item in bold above a text is its heading.
                    [only] if below.is_some() && is_bold_title(only) => {
                        only.drain(..)
                            .filter_map(name_item)
                            .for_each(|title| self.add_paragraph(title, depth));
                    }
                    _ => self.add_list(items, depth),
                },
                Block::Table(rows) => self.add_table(rows, depth),
                Block::PageBreak => {
                    self.in_history = false;
                    self.pieces.push(Piece::PageBreak);
                }
                Block::Rule => self.pieces.push(Piece::Rule),
                Block::Code(inline) => {
                    let prose = inline.text.chars().filter(|c| "{}<>=;\"\\/_".contains(*c)).count() * 40
                        < inline.text.len();
                    if prose && is_sentence(&inline.text) {
                        self.add_text(inline);
                    }
                }
            }
        }
    }

    fn add_heading(&mut self, level: u8, inline: Inline) {
        let text = clean_text(&inline.text);
        let is_date = is_date_line(&text);
        let is_button = is_furniture(&text) && !is_contents_heading(&text) && !is_label(&text);
        if is_date && !self.in_history || is_button {
            return;
        }
        self.in_history = is_date || is_history(&text);
        if is_sentence_heading(&text) {
            self.add_text(inline);
        } else {
            self.pieces.push(Piece::Heading(level, inline));
        }
    }

    fn add_paragraph(&mut self, inline: Inline, depth: u8) {
        if is_date_line(&inline.text) {
            return;
        }
        if read_summary(&inline).is_some() {
            self.pieces.push(Piece::Part(Part::Summary(inline)));
            return;
        }
        match classify_paragraph(&inline) {
            Role::Heading(rank, _) => {
                if is_pointing(&inline.text) && !inline.links.is_empty()
                    || inline.text.contains("please visit")
                {
                    return;
                }
                if !is_furniture(&inline.text) || is_contents_heading(&inline.text) || is_label(&inline.text)
                {
                    self.pieces.push(Piece::Heading(rank.saturating_add(depth.min(3)), inline));
                }
            }
            Role::RunIn(rank, title, from) => {
                let mut heading = inline.slice(0..from);
                let number = heading.text.get(..number_length(&heading.text)).unwrap_or("");
                heading.text = format!("{number}{title}");
                let mut rest = inline.slice(from..inline.text.len());
                // The run-in heading is a part of the provision, and so of its place.
                rest.range.start = inline.range.start;
                // "Effective date: 1 May" is no heading with a text.
                if is_date_line(&format!("{} {}", heading.text, rest.text)) {
                    return;
                }
                // Neither is "Effective: 1 May." in front of one, nor the day of a note.
                if is_date_line(&heading.text) {
                    let is_day = heading.text.contains(',') && !heading.text.contains(':');
                    self.add_text(if is_day { inline } else { rest });
                    return;
                }
                self.pieces.push(Piece::Heading(rank.saturating_add(depth.min(3)), heading));
                self.add_text(rest);
            }
            Role::Text => self.add_text(inline),
        }
    }

    fn add_text(&mut self, inline: Inline) {
        let is_link_line = inline.link_share() > 0.85
            && !inline.text.ends_with([':', '：'])
            && (inline.char_len() < 80 || !ends_sentence(&inline.text))
            && (!ends_sentence(&inline.text) || !is_sentence(&inline.text));
        let is_pointer = inline.link_share() > 0.5 && inline.char_len() < 120 && is_pointing(&inline.text);
        let is_caption = inline.is_caption && inline.char_len() < 150 && !ends_sentence(&inline.text);
        let opens_page = matches!(self.pieces.last(), None | Some(Piece::PageBreak | Piece::Heading(1, _)));
        let is_tagline = opens_page && is_tagline(&inline.text);
        if !is_caption
            && !is_tagline
            && !is_link_line
            && !is_pointer
            && !is_furniture(&inline.text)
            && !is_date_line(&inline.text)
        {
            self.pieces.push(Piece::Part(Part::Text(inline)));
        } else if matches!(self.pieces.last(), Some(Piece::Rule)) {
            // A rule above a button or a link does not set off the title that comes after these.
            self.pieces.pop();
        }
    }

    /// Dissolves the items that hold headings and keeps the others as a list.
    fn add_list(&mut self, items: Vec<Vec<Block>>, depth: u8) {
        let mut plain: Vec<Item> = Vec::new();
        let count = items.len();
        for (at, mut blocks) in items.into_iter().enumerate() {
            // A paragraph below an item that leads into the items after it.
            let lead = blocks.pop_if(|last| at > 0 && at + 1 < count && is_later_lead(last));
            if blocks.is_empty() {
                blocks.extend(lead);
            } else if let Some(Block::Paragraph(lead)) = lead {
                plain.extend(Item::from_blocks(&blocks));
                self.flush_list(&mut plain);
                self.add_text(lead);
                continue;
            }
            if is_structure(&blocks) {
                self.flush_list(&mut plain);
                self.add_structure(blocks, depth);
            } else {
                plain.extend(Item::from_blocks(&blocks));
            }
        }
        self.flush_list(&mut plain);
    }

    fn add_structure(&mut self, mut blocks: Vec<Block>, depth: u8) {
        self.pieces.push(Piece::Open);
        let opens_short = blocks.len() > 1
            && matches!(blocks.first(), Some(Block::Paragraph(first)) if is_plain_title(first));
        if opens_short && let Block::Paragraph(first) = blocks.remove(0) {
            self.pieces.push(Piece::Heading(PLAIN_RANK.saturating_add(depth.min(2)), first));
        }
        self.walk(blocks, depth.saturating_add(1));
        self.pieces.push(Piece::Close);
    }

    fn flush_list(&mut self, items: &mut Vec<Item>) {
        items.retain(|item| !is_language(&item.full.text));
        if !items.is_empty() {
            self.pieces.push(Piece::Part(Part::List(std::mem::take(items))));
        }
    }

    fn add_table(&mut self, rows: Vec<Vec<Inline>>, depth: u8) {
        if let Some(sections) = read_layout(&rows) {
            for blocks in sections {
                self.pieces.push(Piece::Open);
                self.walk(blocks, depth.saturating_add(1));
                self.pieces.push(Piece::Close);
            }
        } else if let Some(rows) = read_rows(rows) {
            self.pieces.push(Piece::Part(Part::Rows(rows)));
        }
    }
}

/// Tells whether a line names the site that a page is from: "From the Kite Club".
fn is_tagline(text: &str) -> bool {
    text.starts_with("From ") && text.split_whitespace().count() <= 8 && !text.ends_with(['.', ':', '?', '!'])
}

fn names_examples(title: &str) -> bool {
    let lower = title.to_lowercase();
    let starts =
        ["example", "some example", "common example", "beispiel", "exemple", "ejemplo", "esempi", "exemplo"];
    starts.iter().any(|start| lower.starts_with(start)) && title.chars().count() < MAX_PLAIN_HEADING
}

/// A lone word such as "General" names a section although pages also use it as a button.
fn is_label(text: &str) -> bool {
    ["general", "overview", "feedback", "more information"].contains(&normalise_line(text).as_str())
}
