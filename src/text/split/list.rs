//! Lists: items as running text, and the items that are really sections.

use super::contents::{is_title_text, opens_with};
use super::heading::{Role, classify_paragraph, number_length};
use super::inline::Inline;
use super::line::{is_plain_title, strip_bullet};
use super::markdown::Block;
use super::noise::is_sentence;

/// Items longer than this, in characters, with several blocks are treated as sections.
const MAX_ITEM: usize = 1_500;
/// Longest title on a line of its own within an item, in characters.
const MAX_TITLE_LINE: usize = 80;

/// A list item.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The first paragraph.
    pub(crate) lead: Inline,
    /// The whole item, nested lists included, as running text.
    pub(crate) full: Inline,
    /// Where the text begins after a title on a line of its own, in bytes of `full`; 0 without one.
    pub(crate) title_end: usize,
}

impl Item {
    /// Reads an item; an item without text is none.
    pub(crate) fn from_blocks(blocks: &[Block]) -> Option<Item> {
        let mut full = Inline::default();
        flatten_blocks(blocks, &mut full);
        let full = strip_bullet(&full);
        let lead = match blocks.first() {
            Some(Block::Paragraph(first)) => fold_lines(first),
            _ => full.clone(),
        };
        let title_end = match blocks {
            [Block::Paragraph(first), Block::Paragraph(second), ..]
                if is_title_line(&first.text, &second.text) =>
            {
                let after = full.text.get(first.text.len()..).unwrap_or("");
                first.text.len() + after.len() - after.trim_start_matches(['.', ';', ':', ' ']).len()
            }
            // A name above a list of what is to be said of it, as of a cookie.
            [Block::Paragraph(first), Block::List(_)]
                if first.bold_share(0) > 0.95 && first.char_len() <= MAX_TITLE_LINE =>
            {
                let after = full.text.get(first.text.len()..).unwrap_or("");
                first.text.len() + after.len() - after.trim_start_matches(['.', ';', ':', ' ']).len()
            }
            [Block::Paragraph(first), ..] => title_line(first),
            _ => 0,
        };
        (!full.text.is_empty()).then_some(Item { lead, full, title_end })
    }

    /// Makes an item of one text.
    pub(crate) fn from_inline(inline: Inline) -> Item {
        Item { lead: inline.clone(), full: inline, title_end: 0 }
    }

    /// Tells whether the item is a link to a place on the same page and little else.
    pub(crate) fn is_anchor(&self) -> bool {
        self.lead.anchors > 0 && self.lead.link_share() > 0.7
    }

    /// Tells whether the item is a link and little else.
    pub(crate) fn is_link(&self) -> bool {
        self.lead.link_share() > 0.8 && self.full.char_len() < 150
    }
}

/// Tells whether a list item is a section of the document: it holds headings or is very long.
pub(crate) fn is_structure(blocks: &[Block]) -> bool {
    let holds_heading = blocks.iter().any(|block| match block {
        Block::Heading(..) | Block::Table(_) => true,
        Block::List(items) => items.iter().any(|item| is_structure(item)),
        _ => false,
    });
    if holds_heading {
        return true;
    }
    let opens_bold = matches!(blocks.first(), Some(Block::Paragraph(first))
        if matches!(classify_paragraph(first), Role::Heading(..)));
    let length: usize = blocks.iter().map(measure_block).sum();
    let paragraphs = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
    blocks.len() > 1 && (length > MAX_ITEM || opens_bold && (paragraphs > 1 || length > 600))
}

/// Tells whether the last block of an item announces what follows: "The following rules apply:"
pub(crate) fn is_later_lead(last: &Block) -> bool {
    matches!(last, Block::Paragraph(line) if line.text.ends_with([':', '：']) && line.text.contains("following"))
}

/// Tells whether an item is nothing but a title in bold.
pub(crate) fn is_bold_title(item: &[Block]) -> bool {
    matches!(item, [Block::Paragraph(only)] if only.bold_share(0) > 0.95
        && matches!(classify_paragraph(only), Role::Heading(..)))
}

/// Tells whether a lone numbered item is the title of the paragraph below it.
pub(crate) fn is_numbered_title(item: &[Block], below: &str) -> bool {
    let [Block::Paragraph(only)] = item else {
        return false;
    };
    only.ordinal.is_some_and(|ordinal| {
        is_plain_title(only) && !is_sentence(&only.text)
            || is_title_text(&only.text) && opens_with(below, &ordinal.to_string())
            || is_name(&only.text) && number_length(below) == 0 && is_sentence(below)
    })
}

/// Tells whether a text is a name with a full stop behind it: "Kites, Lines and Wind."
fn is_name(text: &str) -> bool {
    let words = || text.split_whitespace().filter(|word| word.chars().count() > 3);
    is_title_text(text)
        && text.ends_with('.')
        && text.chars().count() <= MAX_TITLE_LINE
        && words().count() > 0
        && words().all(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()))
}

/// The title that an item is, with the number of the item in front of it.
pub(crate) fn name_item(block: Block) -> Option<Inline> {
    let Block::Paragraph(mut title) = block else {
        return None;
    };
    if let Some(ordinal) = title.ordinal
        && number_length(&title.text) == 0
    {
        title.text = format!("{ordinal}. {}", title.text);
        title.embolden();
    }
    Some(title)
}

/// Length in bytes of a title on the first line of an item, with the break after it; 0 if there is none.
fn title_line(first: &Inline) -> usize {
    let Some((line, rest)) = first.text.split_once('\n') else {
        return 0;
    };
    if is_title_line(line, rest) { line.len() + 1 } else { 0 }
}

fn is_title_line(line: &str, rest: &str) -> bool {
    line.chars().count() <= MAX_TITLE_LINE
        && line.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && !line.ends_with(['.', ',', ';', '!', ':'])
        && !line.contains('\n')
        && is_sentence(rest)
}

fn measure_block(block: &Block) -> usize {
    match block {
        Block::Heading(_, inline) | Block::Paragraph(inline) | Block::Code(inline) => inline.char_len(),
        Block::List(items) => items.iter().flatten().map(measure_block).sum(),
        Block::Table(rows) => rows.iter().flatten().map(Inline::char_len).sum(),
        Block::PageBreak | Block::Rule => 0,
    }
}

/// Appends blocks to a running text.
pub(crate) fn flatten_blocks(blocks: &[Block], joined: &mut Inline) {
    for block in blocks {
        match block {
            Block::Heading(_, inline) | Block::Paragraph(inline) | Block::Code(inline) => {
                let mark = choose_mark(joined, false).filter(|_| ends_item(joined));
                joined.append(&fold_lines(inline), mark);
            }
            Block::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let mut text = Inline::default();
                    flatten_blocks(item, &mut text);
                    let text = strip_bullet(&text);
                    let mark = if at == 0 { lead_mark(joined) } else { choose_mark(joined, true) };
                    joined.append(&text, mark);
                }
            }
            Block::Table(rows) => {
                for cell in rows.iter().flatten() {
                    joined.append(&fold_lines(cell), choose_mark(joined, true));
                }
            }
            Block::PageBreak | Block::Rule => {}
        }
    }
}

/// Joins a lead-in and items into one text.
pub(crate) fn join_items(lead: Option<&Inline>, items: &[Item]) -> Inline {
    let mut joined = lead.cloned().unwrap_or_default();
    for (at, item) in items.iter().enumerate() {
        let mark = if at == 0 { None } else { choose_mark(&joined, true) };
        joined.append(&item.full, mark);
    }
    if let Some(mark) = choose_mark(&joined, false) {
        joined.text.push(mark);
    }
    joined
}

/// Turns the hard line breaks of a text into spaces.
pub(crate) fn fold_lines(inline: &Inline) -> Inline {
    let mut folded = Inline::default();
    let mut start = 0;
    for line in inline.text.split('\n') {
        let part = inline.slice(start..start + line.len());
        start += line.len() + 1;
        folded.append(&part, None);
    }
    folded
}

/// The mark that keeps an unfinished item apart from what follows: `;` inside a list,
/// `.` at its end, none after punctuation or a conjunction.
fn choose_mark(joined: &Inline, inside: bool) -> Option<char> {
    let text = joined.text.trim_end();
    let last_word = text.rsplit(' ').next().unwrap_or("");
    let goes_on = ["and", "or", "und", "oder", "et", "ou", "y", "o", "and/or"].contains(&last_word);
    if text.is_empty() || is_marked(text) || goes_on {
        return None;
    }
    let is_long = inside && is_sentence(last_stretch(text));
    Some(if inside && !is_long { ';' } else { '.' })
}

/// Tells whether a text ends with a mark that parts it from what follows.
pub(crate) fn is_marked(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '*']);
    bare.ends_with(|c: char| ".,;:!?…。；：，！？".contains(c))
}

/// What follows the last mark that ends a sentence or an item.
fn last_stretch(text: &str) -> &str {
    let start = text.rfind(['.', ';', ':']).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or("").trim_start()
}

fn lead_mark(joined: &Inline) -> Option<char> {
    let is_label = joined.char_len() < 60 && !is_sentence(&joined.text);
    choose_mark(joined, true).filter(|_| is_label)
}

fn ends_item(joined: &Inline) -> bool {
    !joined.text.is_empty()
}
