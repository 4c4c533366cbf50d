//! Writing the elements of a page as blocks.

use super::super::builder::{BlockBuilder, Run};
use super::super::inline::Inline;
use super::super::markdown::Block;
use super::reference::read_references;
use super::tag::Tag;
use super::tree::{Kind, Text, Tree};

/// A table with a cell longer than this, in bytes, and few others lays out a page.
const LAYOUT_CELL: usize = 1_500;

/// Writes what is kept of the elements given.
pub(super) fn write_blocks(tree: &Tree, document: &str, roots: &[usize]) -> Vec<Block> {
    let mut writer = Writer { tree, document, blocks: BlockBuilder::default(), mode: Mode::default() };
    for &root in roots {
        writer.write(root);
    }
    writer.blocks.finish()
}

/// How text is taken where the writer is.
#[derive(Debug, Clone, Copy, Default)]
struct Mode {
    /// Within a heading: blocks part words only.
    title: bool,
    /// Within a cell of a table: blocks part lines only.
    cell: bool,
    bold: bool,
    /// Line ends are kept.
    preformatted: bool,
}

struct Writer<'a> {
    tree: &'a Tree,
    document: &'a str,
    blocks: BlockBuilder,
    mode: Mode,
}

impl Writer<'_> {
    fn write(&mut self, node: usize) {
        let Some(found) = self.tree.nodes.get(node) else { return };
        let element = match &found.kind {
            Kind::Text(text) => return self.write_text(text),
            Kind::Element(element) => element,
        };
        if element.dropped {
            return;
        }
        match element.tag {
            Tag::Break => self.blocks.push_break(),
            tag if tag.is_inline() && !element.opens => self.write_children(node),
            _ if self.mode.title => {
                self.blocks.push_space();
                self.write_children(node);
                self.blocks.push_space();
            }
            Tag::Item if self.mode.cell => {
                self.end_line();
                if let Some(start) = self.start_of(node) {
                    self.blocks
                        .push(&Run { exact: false, source: start..start, ..Run::plain("• ", start) });
                }
                self.write_children(node);
                self.end_line();
            }
            _ if self.mode.cell => {
                self.end_line();
                self.write_children(node);
                self.end_line();
            }
            Tag::Heading(level) => {
                self.end_line();
                self.write_in(node, Mode { title: true, ..self.mode });
                self.blocks.end_block(|inline| Block::Heading(level, inline));
            }
            Tag::List => {
                self.blocks.open_list(element.number);
                self.write_children(node);
                self.blocks.close_list();
            }
            Tag::Item => {
                self.blocks.open_item(element.number);
                self.write_children(node);
                self.blocks.close_item();
            }
            Tag::Rule => self.blocks.add_rule(),
            Tag::Term | Tag::Summary | Tag::Button => {
                self.end_line();
                self.write_in(node, Mode { bold: true, ..self.mode });
                self.end_line();
            }
            Tag::Preformatted => {
                self.end_line();
                self.write_in(node, Mode { preformatted: true, ..self.mode });
                let is_code = self.descendants(node).any(|tag| tag == Tag::Code);
                self.blocks.end_block(if is_code { Block::Code } else { Block::Paragraph });
            }
            Tag::Table if !self.lays_out(node) => {
                self.end_line();
                self.write_table(node);
            }
            _ => {
                self.end_line();
                self.write_children(node);
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        if self.mode.cell {
            self.blocks.push_break();
        } else {
            self.blocks.end_paragraph();
        }
    }

    fn write_in(&mut self, node: usize, mode: Mode) {
        let outer = std::mem::replace(&mut self.mode, mode);
        self.write_children(node);
        self.mode = outer;
    }

    fn write_children(&mut self, node: usize) {
        let is_list = self.tree.element(node).is_some_and(|element| element.tag == Tag::List);
        let gathers = !is_list && !self.mode.cell && !self.mode.title;
        let mut gathering = false;
        for child in self.tree.children(node) {
            let is_item = self.tree.element(child).is_some_and(|child| child.tag == Tag::Item);
            if gathers && is_item != gathering && !self.is_blank(child) {
                if is_item {
                    self.blocks.open_list(None);
                } else {
                    self.blocks.close_list();
                }
                gathering = is_item;
            }
            self.write(child);
        }
        if gathering {
            self.blocks.close_list();
        }
    }

    fn write_text(&mut self, text: &Text) {
        let raw = self.document.get(text.range.clone()).unwrap_or("");
        let is_mark = self.mode.title && text.link.is_some() && matches!(raw.trim(), "#" | "¶" | "§" | "🔗");
        if is_mark {
            return;
        }
        let Self { blocks, mode, .. } = self;
        let mut start = text.range.start;
        for line in raw.split_inclusive('\n') {
            read_references(line, |part, range, exact| {
                let source = start + range.start..start + range.end;
                let bold = text.bold || mode.bold;
                blocks.push(&Run { text: part, source, exact, bold, link: text.link });
            });
            if mode.preformatted && line.ends_with('\n') {
                blocks.push_break();
            }
            start += line.len();
        }
    }

    fn write_table(&mut self, table: usize) {
        let mut rows: Vec<Vec<Inline>> = Vec::new();
        let mut cells: Vec<Inline> = Vec::new();
        let end = self.tree.nodes.get(table).map_or(table, |node| node.end);
        let mut at = table + 1;
        while at < end {
            let Some(node) = self.tree.nodes.get(at) else { break };
            match node.element() {
                Some(element) if element.dropped => {
                    at = node.end;
                    continue;
                }
                Some(element) if element.tag == Tag::Cell => {
                    self.write_in(at, Mode { cell: true, ..self.mode });
                    cells.push(self.blocks.take_inline());
                    at = node.end;
                    continue;
                }
                Some(element) if element.tag == Tag::Row && !cells.is_empty() => {
                    rows.push(std::mem::take(&mut cells));
                }
                Some(_) => {}
                // Text before the first cell is a caption, any other one that lost its cell.
                None if rows.is_empty() && cells.is_empty() => {
                    self.write(at);
                    self.blocks.end_paragraph();
                }
                None if !self.is_blank(at) => {
                    self.write_in(at, Mode { cell: true, ..self.mode });
                    cells.push(self.blocks.take_inline());
                }
                None => {}
            }
            at += 1;
        }
        rows.extend((!cells.is_empty()).then_some(cells));
        if !rows.is_empty() {
            self.blocks.add_block(Block::Table(rows));
        }
    }

    /// Tells whether a table puts a page together and is no table of anything.
    fn lays_out(&self, table: usize) -> bool {
        let end = self.tree.nodes.get(table).map_or(table, |node| node.end);
        let (mut rows, mut cells, mut longest) = (0, 0, 0);
        for at in table + 1..end {
            let Some(node) = self.tree.nodes.get(at) else { break };
            match node.element().map(|element| element.tag) {
                Some(Tag::Table | Tag::Heading(_) | Tag::Main | Tag::Article) => return true,
                Some(Tag::Row) => rows += 1,
                Some(Tag::Cell) => {
                    cells += 1;
                    let texts = self.tree.nodes.get(at..node.end).unwrap_or(&[]);
                    let length: usize = texts
                        .iter()
                        .map(|node| match &node.kind {
                            Kind::Text(text) => text.length,
                            Kind::Element(_) => 0,
                        })
                        .sum();
                    longest = longest.max(length);
                }
                _ => {}
            }
        }
        cells <= rows.max(1) || longest > LAYOUT_CELL && rows <= 3
    }

    fn descendants(&self, node: usize) -> impl Iterator<Item = Tag> {
        let end = self.tree.nodes.get(node).map_or(node, |node| node.end);
        let inner = self.tree.nodes.get(node + 1..end).unwrap_or(&[]);
        inner.iter().filter_map(|node| node.element().map(|element| element.tag))
    }

    /// White space between elements.
    fn is_blank(&self, node: usize) -> bool {
        matches!(self.tree.nodes.get(node).map(|node| &node.kind), Some(Kind::Text(text)) if text.length == 0)
    }

    /// Where the first text of a node stands in the document, if it is near.
    fn start_of(&self, node: usize) -> Option<usize> {
        self.tree.nodes.get(node..)?.iter().take(20).find_map(|node| match &node.kind {
            Kind::Text(text) if text.length > 0 => Some(text.range.start),
            _ => None,
        })
    }
}
