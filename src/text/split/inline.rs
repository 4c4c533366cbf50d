//! Text of a block that remembers where its words stand in the document.

use std::ops::Range;

/// Text of one block without its Markdown, in which hard line breaks stay as `\n`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Inline {
    /// Words parted by single spaces or by `\n`.
    pub(crate) text: String,
    /// Half-open range of bytes in the document.
    pub(crate) range: Range<usize>,
    /// Places in the document: (byte in `text`, byte in the document), ascending. From one to the
    /// next the bytes are the same in both, but for white space and marks at the end.
    places: Vec<(usize, usize)>,
    /// Bytes of `text` set in bold.
    pub(crate) bold: Vec<Range<usize>>,
    /// Bytes of `text` that are link texts.
    pub(crate) links: Vec<Range<usize>>,
    /// Number of links that lead to a place on the same page.
    pub(crate) anchors: usize,
    /// Whether an image stands in front of the text.
    pub(crate) is_caption: bool,
    /// The number of the list item that the text opens, if its list is numbered.
    pub(crate) ordinal: Option<u64>,
    /// Whether white space came after the last word.
    pub(crate) space_pending: bool,
}

impl Inline {
    /// Length in characters.
    pub(crate) fn char_len(&self) -> usize {
        self.text.chars().count()
    }

    /// Share of the text, from 0 to 1, that is link text.
    pub(crate) fn link_share(&self) -> f64 {
        share(&self.text, &self.links)
    }

    /// Share of the text from byte `from` on, from 0 to 1, that is bold.
    pub(crate) fn bold_share(&self, from: usize) -> f64 {
        let tail = self.slice(from..self.text.len());
        share(&tail.text, &tail.bold)
    }

    /// Copies the part of the text in `part`, without white space at its ends.
    pub(crate) fn slice(&self, part: Range<usize>) -> Inline {
        let raw = self.text.get(part.clone()).unwrap_or("");
        let start = part.start + (raw.len() - raw.trim_start().len());
        let text = raw.trim();
        let end = start + text.len();
        let first = self.places.partition_point(|&(at, _)| at <= start);
        let last = self.places.partition_point(|&(at, _)| at < end);
        let source_start = match start {
            0 => self.range.start,
            _ => self.find_place(start),
        };
        let mut places = vec![(0, self.find_place(start))];
        places.extend(
            self.places.get(first..last).unwrap_or(&[]).iter().map(|&(at, source)| (at - start, source)),
        );
        let is_within =
            self.text.get(end..).is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
        let source_end = match self.places.get(last) {
            _ if is_within => self.find_place(end),
            Some(&(_, source)) => source,
            None => self.range.end,
        };
        Inline {
            text: text.to_owned(),
            range: source_start..source_end.max(source_start),
            places,
            bold: clip(&self.bold, start..end),
            links: clip(&self.links, start..end),
            anchors: self.anchors,
            is_caption: self.is_caption,
            ordinal: self.ordinal,
            space_pending: false,
        }
    }

    /// The byte in the document of byte `at` of the text.
    fn find_place(&self, at: usize) -> usize {
        let next = self.places.partition_point(|&(place, _)| place <= at);
        match next.checked_sub(1).and_then(|before| self.places.get(before)) {
            Some(&(place, source)) => (source + at - place).min(self.range.end),
            None => self.range.start,
        }
    }

    /// Appends `other` after an optional punctuation mark and a space.
    pub(crate) fn append(&mut self, other: &Inline, mark: Option<char>) {
        if other.text.is_empty() {
            return;
        }
        if self.text.is_empty() {
            *self = other.clone();
            return;
        }
        self.text.extend(mark);
        self.text.push(' ');
        self.take_over(other);
    }

    /// Appends `other` as a paragraph of its own behind a bullet, if there is one.
    pub(crate) fn append_line(&mut self, other: &Inline, bullet: &str) {
        if other.text.is_empty() {
            return;
        }
        let is_first = self.text.is_empty();
        if is_first {
            self.range = other.range.clone();
            self.ordinal = other.ordinal;
        } else {
            self.text.push_str("\n\n");
        }
        self.places.push((self.text.len(), other.range.start));
        self.text.push_str(bullet);
        self.take_over(other);
    }

    /// Adds all of `other` right behind the text.
    fn take_over(&mut self, other: &Inline) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.places.extend(other.places.iter().map(|&(at, source)| (at + shift, source)));
        let moved = |range: &Range<usize>| range.start + shift..range.end + shift;
        self.bold.extend(other.bold.iter().map(moved));
        self.links.extend(other.links.iter().map(moved));
        self.anchors += other.anchors;
        self.range = self.range.start.min(other.range.start)..self.range.end.max(other.range.end);
    }

    /// Sets all of it in bold type.
    pub(crate) fn embolden(&mut self) {
        self.bold = std::iter::once(0..self.text.len()).collect();
    }

    /// Adds source text; `exact` says that its bytes are those of the document from `source` on.
    pub(crate) fn push(&mut self, text: &str, source: usize, exact: bool) {
        let mut is_new = true;
        for (at, c) in text.char_indices() {
            if is_invisible(c) {
                is_new = true;
                continue;
            }
            if c.is_whitespace() || c.is_control() {
                self.space_pending = true;
                continue;
            }
            let at_line_start = self.text.is_empty() || self.text.ends_with('\n');
            if self.space_pending && !at_line_start {
                self.text.push(' ');
            }
            if self.space_pending || at_line_start || is_new {
                self.places.push((self.text.len(), source + if exact { at } else { 0 }));
            }
            is_new = false;
            self.space_pending = false;
            self.text.push(c);
        }
    }

    pub(crate) fn push_break(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.space_pending = false;
    }
}

fn share(text: &str, ranges: &[Range<usize>]) -> f64 {
    let weigh = |part: &str| part.chars().filter(|c| c.is_alphanumeric()).count();
    let inside: usize = ranges.iter().filter_map(|range| text.get(range.clone())).map(weigh).sum();
    let whole = weigh(text);
    if whole == 0 { 0.0 } else { inside as f64 / whole as f64 }
}

fn clip(ranges: &[Range<usize>], window: Range<usize>) -> Vec<Range<usize>> {
    // Ranges are noted when they close, so their ends ascend.
    let first = ranges.partition_point(|range| range.end <= window.start);
    let rest = ranges.get(first..).unwrap_or(&[]);
    rest.iter()
        .take_while(|range| range.start < window.end)
        .map(|range| range.start.max(window.start)..range.end.min(window.end))
        .filter(|range| range.start < range.end)
        .map(|range| range.start - window.start..range.end - window.start)
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe0f}' | '\u{feff}' | '\u{fffc}' | '\u{fffd}'
    )
}

/// Takes off line breaks at the end.
pub(crate) fn trim_breaks(mut inline: Inline) -> Inline {
    inline.text.truncate(inline.text.trim_end().len());
    inline
}
