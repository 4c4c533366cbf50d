//! Reading Markdown into a tree of blocks whose inline text remembers its source.

use super::inline::{Inline, trim_breaks};
use super::line::{is_heading_below, is_plain_title};
use super::list::flatten_blocks;
use super::mend::mend_document;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Deepest nesting of lists and quotations that is kept; deeper ones are flattened.
const MAX_DEPTH: usize = 12;
/// Shortest line of dashes that is more than a rule.
const MIN_UNDERLINE: usize = 10;

/// One block of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A heading of level 1 to 6.
    Heading(u8, Inline),
    Paragraph(Inline),
    /// Items in order, each a sequence of blocks.
    List(Vec<Vec<Block>>),
    /// Rows in order, each a sequence of cells; the header row comes first.
    Table(Vec<Vec<Inline>>),
    /// Text set as code.
    Code(Inline),
    /// The rule by which the archive parts the pages it puts together.
    PageBreak,
    /// A rule within a page.
    Rule,
}

/// Reads `document` into blocks; quotations are dissolved into their contents.
pub(crate) fn parse_blocks(document: &str) -> Vec<Block> {
    let source = mend_document(document);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder { dashes: find_page_rules(&source), ..Builder::default() };
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        let ends_row = matches!(event, Event::End(TagEnd::TableRow | TagEnd::TableHead));
        let end = range.end;
        match event {
            Event::Code(text) => builder.add_code(&text, &range, source.get(range.clone()).unwrap_or("")),
            event => builder.take(event, range),
        }
        // The parser drops the cells of a row that has more of them than the first.
        if ends_row && let Some(rest) = source.get(builder.cell_end..end) {
            builder.add_cells(rest);
        }
    }
    builder.finish()
}

/// Reads what stands in a cell beyond the last column, `start` bytes into the document.
fn read_cell(text: &str, start: usize) -> Inline {
    let mut builder = Builder::default();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
        builder.take(event, range.start + start..range.end + start);
    }
    let mut cell = Inline::default();
    flatten_blocks(&builder.finish(), &mut cell);
    cell
}

enum Frame {
    List(Vec<Vec<Block>>),
    Item(Vec<Block>),
}

/// Finds the lines `- - -`, by the byte at which they begin, ascending.
fn find_page_rules(document: &str) -> Vec<usize> {
    let mut offset = 0;
    let mut rules = Vec::new();
    for line in document.split_inclusive('\n') {
        if line.trim_end() == "- - -" {
            rules.push(offset);
        }
        offset += line.len();
    }
    rules
}

#[derive(Default)]
struct Builder {
    dashes: Vec<usize>,
    root: Vec<Block>,
    frames: Vec<Frame>,
    /// List and item tags opened beyond the depth limit.
    ignored: usize,
    inline: Option<Inline>,
    rows: Vec<Vec<Inline>>,
    bold_from: Vec<usize>,
    link_from: Vec<(usize, bool)>,
    images: usize,
    /// The next number of each open list, if it is numbered.
    counts: Vec<Option<u64>>,
    /// The number of the item whose first text has not come yet.
    ordinal: Option<u64>,
    /// Whether a cell of a table is open.
    in_cell: bool,
    /// Whether it is none of the document's.
    is_filler: bool,
    /// Where the last cell ends.
    cell_end: usize,
    /// The level of a heading without text, right below it.
    untitled: Option<u8>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => self.add_text(&text, range),
            Event::Code(text) => self.add_code(&text, &range, ""),
            Event::InlineHtml(html) if html.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) => {
                self.inline().push_break();
            }
            Event::Html(html) => {
                let text = strip_tags(&html);
                self.add_text(&text, range);
            }
            Event::SoftBreak => self.inline().space_pending = true,
            Event::HardBreak => self.inline().push_break(),
            Event::Rule => {
                self.end_block(Block::Paragraph);
                // Rules within a page come as "* * *".
                if self.frames.is_empty() {
                    let is_break = self.has_dash(range.start);
                    // A line of dashes some lines below a title underlines it.
                    if range.len() >= MIN_UNDERLINE
                        && let Some(Block::Paragraph(line)) = self.root.last_mut()
                        && is_plain_title(line)
                    {
                        let line = std::mem::take(line);
                        self.root.pop();
                        self.root.push(Block::Heading(2, line));
                        return;
                    }
                    self.add_block(if is_break { Block::PageBreak } else { Block::Rule });
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Strong => {
                let at = self.inline().text.len();
                self.bold_from.push(at);
                self.cover(&range);
            }
            Tag::Emphasis | Tag::Strikethrough => self.cover(&range),
            Tag::Link { dest_url, .. } => {
                let at = self.inline().text.len();
                self.link_from.push((at, dest_url.starts_with('#')));
                self.cover(&range);
            }
            Tag::Image { .. } => {
                self.images += 1;
                let inline = self.inline();
                inline.is_caption |= inline.text.is_empty();
            }
            Tag::TableCell => {
                self.in_cell = true;
                self.is_filler = range.is_empty();
                self.cell_end = range.end;
                self.inline = Some(Inline::default());
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::List(_) | Tag::Item => {
                self.end_block(Block::Paragraph);
                match tag {
                    Tag::List(first) => self.counts.push(first),
                    _ => self.ordinal = self.count_item(),
                }
                if self.frames.len() >= 2 * MAX_DEPTH {
                    self.ignored += 1;
                } else if matches!(tag, Tag::Item) {
                    self.frames.push(Frame::Item(Vec::new()));
                } else {
                    self.frames.push(Frame::List(Vec::new()));
                }
            }
            _ => self.end_block(Block::Paragraph),
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => {
                let from = self.bold_from.pop();
                let inline = self.inline();
                inline.bold.extend(from.map(|from| from..inline.text.len()).filter(|r| !r.is_empty()));
            }
            TagEnd::Link => {
                let from = self.link_from.pop();
                let inline = self.inline();
                if let Some((from, is_anchor)) = from {
                    inline.anchors += usize::from(is_anchor);
                    inline.links.extend(Some(from..inline.text.len()).filter(|r| !r.is_empty()));
                }
            }
            TagEnd::Emphasis | TagEnd::Strikethrough => {}
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Heading(level) => {
                let is_empty = self.inline.as_ref().is_none_or(|inline| inline.text.trim().is_empty());
                self.end_block(|inline| Block::Heading(level as u8, inline));
                self.untitled = is_empty.then_some(level as u8);
            }
            TagEnd::CodeBlock => self.end_block(Block::Code),
            TagEnd::TableCell => {
                self.in_cell = false;
                let cell = trim_breaks(self.inline.take().unwrap_or_default());
                // A row that has fewer cells than the first is filled up by the parser.
                if let Some(row) = self.rows.last_mut().filter(|_| !self.is_filler) {
                    row.push(cell);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.add_block(Block::Table(rows));
            }
            TagEnd::List(_) | TagEnd::Item => {
                self.end_block(Block::Paragraph);
                self.ordinal = None;
                if matches!(tag, TagEnd::List(_)) {
                    self.counts.pop();
                }
                if self.ignored > 0 {
                    self.ignored -= 1;
                } else {
                    self.close_frame();
                }
            }
            _ => self.end_block(Block::Paragraph),
        }
    }

    /// Adds cells to the last row from what stands behind it in the source.
    fn add_cells(&mut self, rest: &str) {
        let Some(rest) = rest.strip_prefix('|') else {
            return;
        };
        let mut start = self.cell_end + 1;
        for cell in split_cells(rest) {
            let text = cell.trim();
            let from = start + (cell.len() - cell.trim_start().len());
            start += cell.len() + 1;
            if let Some(row) = self.rows.last_mut() {
                row.push(if text.is_empty() { Inline::default() } else { read_cell(text, from) });
            }
        }
        self.cell_end = start;
    }

    fn count_item(&mut self) -> Option<u64> {
        let next = self.counts.last_mut()?;
        let number = *next;
        *next = number.map(|number| number.saturating_add(1));
        number
    }

    fn has_dash(&self, start: usize) -> bool {
        self.dashes.binary_search(&start).is_ok()
    }

    fn close_frame(&mut self) {
        match self.frames.pop() {
            Some(Frame::Item(blocks)) => match self.frames.last_mut() {
                Some(Frame::List(items)) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add_block(block)),
            },
            Some(Frame::List(items)) => self.add_block(Block::List(items)),
            None => {}
        }
    }

    fn add_text(&mut self, text: &str, range: Range<usize>) {
        if self.images > 0 {
            return;
        }
        let exact = text.len() == range.len();
        let begins_line = self.in_cell && matches!(&self.inline, Some(cell) if cell.text.ends_with('\n'));
        match text.find('*').filter(|&at| begins_line && at > 1 && text.trim_start().starts_with("* ")) {
            // The items of an item are told from it by another bullet.
            Some(_) => self.inline().push(&text.replacen('*', "-", 1), range.start, exact),
            None => self.inline().push(text, range.start, exact),
        }
        self.cover(&range);
    }

    /// Adds code. Between its lines in the source other marks may stand, as those of a quotation.
    fn add_code(&mut self, text: &str, range: &Range<usize>, source: &str) {
        self.cover(range);
        if range.len() == text.len() + 2 {
            self.add_text(text, range.start + 1..range.end - 1);
            return;
        }
        let is_mark = |c: char| c.is_whitespace() || c == '>' || c == '`';
        let mut rest = text;
        let mut start = range.start;
        for line in source.split_inclusive('\n') {
            let bare = line.trim_start_matches(is_mark);
            let from = start + (line.len() - bare.len());
            let bare = bare.trim_end_matches(is_mark);
            let after = rest.trim_start_matches(is_mark);
            if !bare.is_empty() && after.starts_with(bare) {
                let marks = rest.get(..rest.len() - after.len()).unwrap_or("");
                self.add_text(marks, start..from);
                self.add_text(bare, from..from + bare.len());
                rest = after.get(bare.len()..).unwrap_or("");
            }
            start += line.len();
        }
        self.add_text(rest, range.clone());
    }

    /// Widens the source range of the open text.
    fn cover(&mut self, range: &Range<usize>) {
        let inline = self.inline();
        inline.range = if inline.range.is_empty() {
            range.clone()
        } else {
            inline.range.start.min(range.start)..inline.range.end.max(range.end)
        };
    }

    fn inline(&mut self) -> &mut Inline {
        self.inline.get_or_insert_default()
    }

    fn end_block(&mut self, wrap: impl FnOnce(Inline) -> Block) {
        self.bold_from.clear();
        self.link_from.clear();
        if let Some(inline) = self.inline.take() {
            let mut inline = trim_breaks(inline);
            if !inline.text.is_empty() {
                inline.ordinal = self.ordinal.take();
                self.add_block(wrap(inline));
            }
        }
    }

    fn add_block(&mut self, block: Block) {
        let untitled = self.untitled.take();
        match self.frames.last_mut() {
            Some(Frame::Item(blocks)) => blocks.push(block),
            Some(Frame::List(items)) => items.push(vec![block]),
            None => match (untitled, block) {
                // The line below a heading without text is what it says.
                (Some(level), Block::Paragraph(line)) => {
                    let end = line.text.find('\n').unwrap_or(line.text.len());
                    let title = line.slice(0..end);
                    if !is_heading_below(&title) {
                        self.root.push(Block::Paragraph(line));
                        return;
                    }
                    self.root.push(Block::Heading(level, title));
                    let rest = line.slice(end..line.text.len());
                    self.root.extend(Some(rest).filter(|rest| !rest.text.is_empty()).map(Block::Paragraph));
                }
                (_, block) => self.root.push(block),
            },
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_block(Block::Paragraph);
        while !self.frames.is_empty() {
            self.close_frame();
        }
        self.root
    }
}

/// Cuts the rest of a row at the bars that part cells.
fn split_cells(rest: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.extend(rest.get(start..at));
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    cells.extend(rest.get(start..));
    cells
}

/// Replaces HTML tags by spaces, so that offsets into the text stay true.
fn strip_tags(html: &str) -> String {
    let mut inside = false;
    let mut text = String::with_capacity(html.len());
    for c in html.chars() {
        inside = inside || c == '<';
        if inside {
            text.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            text.push(c);
        }
        inside = inside && c != '>';
    }
    text
}
