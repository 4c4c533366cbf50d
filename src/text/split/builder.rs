//! Putting blocks together from text as it comes.

use super::inline::{Inline, trim_breaks};
use super::markdown::Block;
use std::ops::Range;

/// Deepest nesting of lists that is kept; deeper ones are flattened.
const MAX_DEPTH: usize = 12;

/// A piece of source text and how it is set.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    pub(crate) text: &'a str,
    /// Bytes of the document that it stands for.
    pub(crate) source: Range<usize>,
    /// Whether its bytes are those of the document.
    pub(crate) exact: bool,
    pub(crate) bold: bool,
    /// The link that it is part of, by a number of its own, and whether that leads to the same page.
    pub(crate) link: Option<(usize, bool)>,
}

impl<'a> Run<'a> {
    /// Text of the document itself, from byte `start` on.
    pub(crate) fn plain(text: &'a str, start: usize) -> Self {
        Self { text, source: start..start + text.len(), exact: true, bold: false, link: None }
    }
}

enum Frame {
    List(Vec<Vec<Block>>),
    Item(Vec<Block>),
}

/// Blocks of a document, built from the front.
#[derive(Default)]
pub(crate) struct BlockBuilder {
    root: Vec<Block>,
    frames: Vec<Frame>,
    /// Lists and items opened beyond the depth limit.
    ignored: usize,
    inline: Inline,
    /// The link that the text ends with.
    link: Option<usize>,
    /// The next number of each open list, if it is numbered.
    counts: Vec<Option<u64>>,
    /// The number of the item whose first text has not come yet.
    ordinal: Option<u64>,
}

impl BlockBuilder {
    /// Adds text to the open block.
    pub(crate) fn push(&mut self, run: &Run<'_>) {
        let before = self.inline.text.len();
        self.inline.push(run.text, run.source.start, run.exact);
        let added = self.inline.text.get(before..).unwrap_or("");
        if added.is_empty() {
            return;
        }
        let from = before + (added.len() - added.trim_start().len());
        let to = self.inline.text.len();
        let Range { start, end } = self.inline.range;
        self.inline.range = match start < end {
            true => start.min(run.source.start)..end.max(run.source.end),
            false => run.source.clone(),
        };
        if run.bold {
            let gap = |end: usize| self.inline.text.get(end..from).is_some_and(|gap| gap.trim().is_empty());
            let joins = self.inline.bold.last().is_some_and(|last| gap(last.end));
            match self.inline.bold.last_mut() {
                Some(last) if joins => last.end = to,
                _ => self.inline.bold.push(from..to),
            }
        }
        let number = run.link.map(|(number, _)| number);
        match (run.link, self.inline.links.last_mut()) {
            (Some(_), Some(last)) if self.link == number => last.end = to,
            (Some((_, is_anchor)), _) => {
                self.inline.links.push(from..to);
                self.inline.anchors += usize::from(is_anchor);
            }
            (None, _) => {}
        }
        self.link = number;
    }

    /// Parts words without ending the line.
    pub(crate) fn push_space(&mut self) {
        self.inline.space_pending = true;
    }

    /// Ends the line without ending the block.
    pub(crate) fn push_break(&mut self) {
        self.inline.push_break();
    }

    /// Takes the open text out, without a block around it.
    pub(crate) fn take_inline(&mut self) -> Inline {
        self.link = None;
        trim_breaks(std::mem::take(&mut self.inline))
    }

    /// Ends the open block; one without text is none.
    pub(crate) fn end_block(&mut self, wrap: impl FnOnce(Inline) -> Block) {
        let mut inline = self.take_inline();
        if !inline.text.is_empty() {
            inline.ordinal = self.ordinal.take();
            self.add_block(wrap(inline));
        }
    }

    /// Ends the open block as a paragraph.
    pub(crate) fn end_paragraph(&mut self) {
        self.end_block(Block::Paragraph);
    }

    /// Adds a block to the open item, or to the document.
    pub(crate) fn add_block(&mut self, block: Block) {
        match self.frames.last_mut() {
            Some(Frame::Item(blocks)) => blocks.push(block),
            Some(Frame::List(items)) => items.push(vec![block]),
            None => self.root.push(block),
        }
    }

    /// Adds a rule; within a list it only ends the open block.
    pub(crate) fn add_rule(&mut self) {
        self.end_paragraph();
        if self.frames.is_empty() {
            self.add_block(Block::Rule);
        }
    }

    /// Opens a list, whose items are numbered from `first` on if there is one.
    pub(crate) fn open_list(&mut self, first: Option<u64>) {
        self.open(Frame::List(Vec::new()));
        self.counts.push(first);
    }

    /// Opens an item of the open list; `number` is the one that it has of its own.
    pub(crate) fn open_item(&mut self, number: Option<u64>) {
        self.open(Frame::Item(Vec::new()));
        self.ordinal = None;
        if let Some(Some(next)) = self.counts.last_mut() {
            let own = number.unwrap_or(*next);
            *next = own.saturating_add(1);
            self.ordinal = Some(own);
        }
    }

    /// Closes the list that was opened last.
    pub(crate) fn close_list(&mut self) {
        self.close();
        self.counts.pop();
    }

    fn open(&mut self, frame: Frame) {
        self.end_paragraph();
        if self.frames.len() >= 2 * MAX_DEPTH {
            self.ignored += 1;
        } else {
            self.frames.push(frame);
        }
    }

    /// Closes the item that was opened last.
    pub(crate) fn close_item(&mut self) {
        self.close();
    }

    fn close(&mut self) {
        self.end_paragraph();
        self.ordinal = None;
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        match self.frames.pop() {
            Some(Frame::Item(blocks)) => match self.frames.last_mut() {
                Some(Frame::List(items)) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add_block(block)),
            },
            Some(Frame::List(items)) if !items.is_empty() => self.add_block(Block::List(items)),
            Some(Frame::List(_)) | None => {}
        }
    }

    /// The blocks of the document.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        while !self.frames.is_empty() {
            self.ignored = 0;
            self.close();
        }
        self.root
    }
}
