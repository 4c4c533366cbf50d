//! Dividing a document of any form, if it is an agreement.

use super::html::parse_html;
use super::markdown::{Block, parse_blocks};
use super::plain::parse_plain;
use super::{SplitClause, split_blocks};
use crate::text::agreement::{Refusal, refuse_section, refuse_text};
use std::ops::Range;

/// In which form a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Markdown,
    /// A saved web page.
    Html,
    /// Plain text.
    Plain,
}

/// What came of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitDocument {
    /// Its clauses, in order.
    pub clauses: Vec<SplitClause>,
    /// Why it is no agreement, and so has no clauses.
    pub refusal: Option<Refusal>,
    /// Sections that were left out because they are no part of it: what each is, and its name.
    pub left_out: Vec<(&'static str, String)>,
}

/// Cuts a document into its provisions. What is no agreement gives none, and sections such as
/// "Related stories" or "Comments (12)" are left out, unless `as_clauses` says that it all is one.
/// Never fails.
pub fn split_document(form: Form, title: &str, document: &str, as_clauses: bool) -> SplitDocument {
    let mut blocks = match form {
        Form::Markdown => parse_blocks(document),
        Form::Html => parse_html(document),
        Form::Plain => parse_plain(document),
    };
    let mut left_out = Vec::new();
    if !as_clauses {
        let lines = read_lines(&blocks);
        if let Some(refusal) = refuse_text(title, &lines) {
            return SplitDocument { clauses: Vec::new(), refusal: Some(refusal), left_out };
        }
        left_out = leave_out(&mut blocks);
    }
    SplitDocument { clauses: split_blocks(blocks, document), refusal: None, left_out }
}

/// The lines of all blocks, in order.
fn read_lines(blocks: &[Block]) -> Vec<&str> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(_, inline) | Block::Paragraph(inline) | Block::Code(inline) => {
                lines.extend(inline.text.split('\n'));
            }
            Block::List(items) => lines.extend(items.iter().flat_map(|item| read_lines(item))),
            Block::Table(rows) => lines.extend(rows.iter().flatten().flat_map(|cell| cell.text.split('\n'))),
            Block::PageBreak | Block::Rule => {}
        }
    }
    lines
}

/// Takes out the sections that belong to no agreement.
fn leave_out(blocks: &mut Vec<Block>) -> Vec<(&'static str, String)> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut left_out = Vec::new();
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        let (level, name) = match block {
            Block::Heading(level, inline) => (*level, inline.text.as_str()),
            Block::Paragraph(inline) => (6, inline.text.as_str()),
            _ => (0, ""),
        };
        // Looked for only where a name asks for it: of every paragraph it would be most of the document.
        let end = || at + 1 + section_length(blocks.get(at + 1..).unwrap_or(&[]), level);
        let below = || read_lines(blocks.get(at + 1..end()).unwrap_or(&[]));
        match refuse_section(name, below) {
            Some(what) if at > 0 => {
                left_out.push((what, name.replace('\n', " ")));
                cuts.push(at..end());
                at = end();
            }
            _ => at += 1,
        }
    }
    let mut at = 0;
    let mut cuts = cuts.into_iter().peekable();
    blocks.retain(|_| {
        let place = at;
        at += 1;
        while cuts.next_if(|cut| cut.end <= place).is_some() {}
        !cuts.peek().is_some_and(|cut| cut.contains(&place))
    });
    left_out
}

/// How many blocks stand under a heading of this level.
fn section_length(blocks: &[Block], level: u8) -> usize {
    let ends = |block: &Block| match block {
        Block::Heading(next, _) => *next <= level,
        Block::PageBreak => true,
        _ => false,
    };
    blocks.iter().position(ends).unwrap_or(blocks.len())
}
