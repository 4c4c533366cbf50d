//! Reading plain text into blocks: hard-wrapped lines joined, numbering and capitals as headings.

mod line;

use self::line::{Line, Shape, read_lines};
use super::builder::{BlockBuilder, Run};
use super::heading::number_length;
use super::markdown::Block;
use super::noise::ends_sentence;

/// Longest heading in capitals, in characters; what is longer is a text in capitals.
const MAX_CAPITALS: usize = 100;
/// Most lines of such a heading.
const MAX_CAPITAL_LINES: usize = 3;
/// How many lines away the text under a heading may begin.
const NEAR: usize = 10;
/// Share of the usual line length below which a line that ends a sentence ends its paragraph.
const SHORT_LINE: f64 = 0.65;

/// Reads a text into blocks whose ranges are bytes of `document`. Any string is a text.
pub(crate) fn parse_plain(document: &str) -> Vec<Block> {
    let page = read_lines(document);
    let mut reader = Reader {
        lines: &page.lines,
        width: page.width,
        blocks: BlockBuilder::default(),
        bullets: Vec::new(),
    };
    reader.read();
    reader.blocks.finish()
}

struct Reader<'a> {
    lines: &'a [Line<'a>],
    /// Usual length of a full line in characters; none where lines are not wrapped.
    width: Option<usize>,
    blocks: BlockBuilder,
    /// Indentations of the open bullet lists, outermost first.
    bullets: Vec<usize>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        let mut first = true;
        let mut asked = false;
        while let Some(line) = self.lines.get(at) {
            if line.shape != Shape::Text {
                at += 1;
                continue;
            }
            if let Some(indent) = line.bullet() {
                at = self.read_item(at, indent);
                first = false;
                continue;
            }
            self.leave_lists(0);
            let end = self.heading_end(at, first);
            if end > at {
                self.write_heading(at..end, first);
                at = end + usize::from(self.shape(end) == Some(Shape::Underline));
            } else {
                let end = self.paragraph_end(at);
                asked = self.write_paragraph(at..end, asked);
                at = end;
            }
            first = false;
        }
        self.leave_lists(0);
    }

    fn shape(&self, at: usize) -> Option<Shape> {
        self.lines.get(at).map(|line| line.shape)
    }

    /// A text line directly at this place.
    fn text_at(&self, at: usize) -> Option<&Line<'_>> {
        self.lines.get(at).filter(|line| line.shape == Shape::Text)
    }

    /// The first line of text from this place on.
    fn next_text(&self, from: usize) -> Option<&Line<'_>> {
        self.lines.get(from..)?.iter().take(NEAR).find(|line| line.shape == Shape::Text)
    }

    /// The line after the heading that begins at `at`; `at` itself if none begins there.
    fn heading_end(&self, at: usize, first: bool) -> usize {
        let Some(line) = self.text_at(at) else { return at };
        let next = self.text_at(at + 1);
        if self.shape(at + 1) == Some(Shape::Underline) {
            return at + 1;
        }
        if line.is_division() {
            // "ARTICLE 5" stands above its title.
            let is_bare = number_length(line.text) == line.text.len();
            let title = next.filter(|next| is_bare && next.is_title() && self.text_at(at + 2).is_none());
            return at + 1 + usize::from(title.is_some());
        }
        if line.is_capital() {
            let mut end = at + 1;
            let mut length = line.length;
            while end - at <= MAX_CAPITAL_LINES
                && let Some(more) = self.text_at(end).filter(|more| more.is_capital() && !more.begins_block())
            {
                length += more.length;
                end += 1;
            }
            let last = self.text_at(end - 1).unwrap_or(line);
            let is_title = length <= MAX_CAPITALS
                && end - at <= MAX_CAPITAL_LINES
                && !last.text.ends_with(['.', ';', ',', '!']);
            return if is_title { end } else { at };
        }
        let stands_alone = next.is_none();
        if first && stands_alone && line.is_title() {
            return at + 1;
        }
        let depth = line.number_depth();
        if depth > 0 && line.is_title() {
            let follows = self.next_text(at + 1);
            let is_list = follows.is_none_or(|next| next.number_depth() == depth && next.is_title());
            let is_short = self.width.is_some_and(|width| line.length * 10 < width * 8);
            if !is_list && (stands_alone || is_short && !next.is_some_and(|next| next.continues())) {
                return at + 1;
            }
        }
        at
    }

    /// The line after the paragraph that begins at `at`.
    fn paragraph_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        let Some(width) = self.width else { return end };
        while let (Some(last), Some(next)) = (self.text_at(end - 1), self.text_at(end)) {
            let is_short = (last.length as f64) < width as f64 * SHORT_LINE;
            let is_over = is_short && (ends_sentence(last.text) || last.text.ends_with([':', ';']));
            let indents = next.indent > last.indent + 1 && ends_sentence(last.text) && end > at + 1;
            if next.begins_block() && (!next.is_reference() || ends_sentence(last.text))
                || is_over && !next.continues()
                || indents
                || self.heading_end(end, false) > end
            {
                break;
            }
            end += 1;
        }
        end
    }

    /// Reads an item of a bullet list, and returns the line after it.
    fn read_item(&mut self, at: usize, indent: usize) -> usize {
        self.leave_lists(indent + 1);
        if self.bullets.last().is_none_or(|&last| last < indent) {
            self.blocks.open_list(None);
            self.bullets.push(indent);
        } else {
            self.blocks.close_item();
        }
        self.blocks.open_item(None);
        let mut end = at + 1;
        while self.width.is_some()
            && let Some(next) = self.text_at(end)
            && !next.begins_block()
            && self.heading_end(end, false) == end
        {
            end += 1;
        }
        self.push_lines(at..end);
        self.blocks.end_paragraph();
        end
    }

    /// Closes the bullet lists of this indentation and deeper ones.
    fn leave_lists(&mut self, indent: usize) {
        while self.bullets.last().is_some_and(|&last| last >= indent) {
            self.bullets.pop();
            self.blocks.close_item();
            self.blocks.close_list();
        }
    }

    fn write_heading(&mut self, lines: std::ops::Range<usize>, first: bool) {
        let Some(line) = self.text_at(lines.start) else { return };
        let level = match self.lines.get(lines.end).filter(|next| next.shape == Shape::Underline) {
            Some(next) if next.text.starts_with(['=', '*', '#']) => 1,
            Some(_) => 2,
            None if first && line.number_depth() == 0 => 1,
            None => line.level(),
        };
        self.push_lines(lines);
        self.blocks.end_block(|inline| Block::Heading(level, inline));
    }

    /// Writes a paragraph; a question is a heading above its answer. Returns whether it was one.
    fn write_paragraph(&mut self, lines: std::ops::Range<usize>, asked: bool) -> bool {
        let text = self.text_at(lines.start).map_or("", |line| line.text);
        let question = mark_length(text, &["Q:", "Q.", "Question:"]);
        let answer = if asked { mark_length(text, &["A:", "A.", "Answer:"]) } else { 0 };
        self.push_lines(lines);
        let inline = self.blocks.take_inline();
        let body = inline.slice(question.max(answer)..inline.text.len());
        if body.text.is_empty() {
            return false;
        }
        let is_question = question > 0 && body.char_len() <= 150;
        self.blocks.add_block(if is_question { Block::Heading(6, body) } else { Block::Paragraph(body) });
        is_question
    }

    fn push_lines(&mut self, lines: std::ops::Range<usize>) {
        let mut hyphenated = false;
        for line in self.lines.get(lines).unwrap_or(&[]) {
            if !hyphenated || line.text.starts_with(|c: char| !c.is_lowercase()) {
                self.blocks.push_space();
            }
            let (text, start) = line.body();
            self.blocks.push(&Run::plain(text, start));
            hyphenated = text.ends_with('-') && text.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        }
    }
}

fn mark_length(text: &str, marks: &[&str]) -> usize {
    marks.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}

#[cfg(test)]
mod test;
