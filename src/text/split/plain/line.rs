//! Lines of a plain text, and what each looks like by itself.

use super::super::heading::number_length;
use super::super::noise::{count_sentence_words, ends_sentence};
use std::collections::HashMap;

/// Longest line, in characters, of a text whose lines are wrapped.
const MAX_WIDTH: usize = 130;
/// Lines shorter than this say nothing about the width of a text.
const FULL_LINE: usize = 40;
/// Longest title, in characters.
const MAX_TITLE: usize = 90;

/// Signs that begin an item of a list.
const BULLETS: &[char] =
    &['•', '·', '▪', '●', '○', '◦', '∙', '‣', '⁃', '■', '□', '–', '-', '*', '+', '\u{f0b7}', '\u{f0a7}'];

/// Words for the divisions of a document, and the heading level of each.
const DIVISIONS: &[(&str, u8)] = &[
    ("part", 2),
    ("chapter", 2),
    ("title", 2),
    ("schedule", 2),
    ("appendix", 2),
    ("annex", 2),
    ("exhibit", 2),
    ("article", 3),
    ("artikel", 3),
    ("section", 4),
    ("clause", 4),
    ("abschnitt", 4),
    ("§", 4),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Blank,
    /// The end of a page, or what printing put there.
    PageBreak,
    /// A line of one sign that stands under a title.
    Underline,
    /// Another line of one sign.
    Rule,
    Text,
}

#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Without white space at its ends.
    pub(super) text: &'a str,
    /// Where the text begins in the document.
    pub(super) start: usize,
    /// White space before it, in columns.
    pub(super) indent: usize,
    /// In characters.
    pub(super) length: usize,
    pub(super) shape: Shape,
}

pub(super) struct Page<'a> {
    pub(super) lines: Vec<Line<'a>>,
    pub(super) width: Option<usize>,
}

/// Reads the lines of a document; page numbers, running heads and entries of tables of contents
/// become blank ones.
pub(super) fn read_lines(document: &str) -> Page<'_> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut pages: Vec<usize> = Vec::new();
    let mut offset = 0;
    for raw in document.split_inclusive('\n') {
        for part in raw.split_inclusive('\u{c}') {
            lines.push(Line::read(part, offset));
            offset += part.len();
            if part.ends_with('\u{c}') {
                pages.push(lines.len());
                lines.extend(
                    lines.last().filter(|last| last.shape == Shape::Text).map(|_| Line::end_page(offset)),
                );
            }
        }
    }
    blank_running_heads(&mut lines, &pages);
    for at in 0..lines.len() {
        let before = at.checked_sub(1).and_then(|before| lines.get(before));
        let is_titled = before.is_some_and(|before| {
            before.shape == Shape::Text && before.length <= 120 && before.bullet().is_none()
        });
        let above = before.map_or(0, |before| before.length);
        let Some(line) = lines.get_mut(at) else { break };
        if line.shape == Shape::Rule && is_titled && line.length * 2 >= above {
            line.shape = Shape::Underline;
        } else if is_page_number(line.text) || is_contents_entry(line.text) {
            line.shape = Shape::PageBreak;
        }
    }
    join_pages(&mut lines);
    let width = find_width(&lines);
    Page { lines, width }
}

/// The usual length of a full line, if lines are wrapped.
fn find_width(lines: &[Line<'_>]) -> Option<usize> {
    let mut lengths: Vec<usize> =
        lines.iter().filter(|line| line.shape == Shape::Text).map(|line| line.length).collect();
    lengths.sort_unstable();
    let longest = lengths.get(lengths.len() * 97 / 100).or(lengths.last()).copied()?;
    (longest <= MAX_WIDTH).then_some(longest.max(FULL_LINE))
}

/// Blanks first and last lines of pages that most pages have, whatever numbers are in them.
fn blank_running_heads(lines: &mut [Line<'_>], pages: &[usize]) {
    if pages.len() < 2 {
        return;
    }
    let ends: Vec<usize> = pages.iter().copied().chain([lines.len()]).collect();
    let mut edges: Vec<usize> = Vec::new();
    let mut start = 0;
    for end in ends {
        let texts = || (start..end).filter(|&at| lines.get(at).is_some_and(|line| line.shape == Shape::Text));
        edges.extend(texts().next());
        edges.extend(texts().next_back());
        start = end;
    }
    edges.dedup();
    let key = |line: &Line<'_>| -> String { line.text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for line in edges.iter().filter_map(|&at| lines.get(at)) {
        *counts.entry(key(line)).or_default() += 1;
    }
    for at in edges {
        if let Some(line) = lines.get_mut(at)
            && counts.get(&key(line)).is_some_and(|&count| count >= 3 && count * 2 > pages.len())
        {
            line.shape = Shape::PageBreak;
        }
    }
}

/// Takes out the lines between two parts of a sentence that goes on after the end of a page.
fn join_pages(lines: &mut Vec<Line<'_>>) {
    let mut cut: Vec<std::ops::Range<usize>> = Vec::new();
    let mut last: Option<usize> = None;
    let mut broken = false;
    for (at, line) in lines.iter().enumerate() {
        match line.shape {
            Shape::PageBreak => broken = true,
            Shape::Text => {
                let before = last.and_then(|last| lines.get(last));
                if broken && line.continues() && before.is_some_and(|before| !ends_sentence(before.text)) {
                    cut.extend(last.map(|last| last + 1..at));
                }
                (last, broken) = (Some(at), false);
            }
            _ => {}
        }
    }
    let mut at = 0;
    let mut cuts = cut.into_iter().peekable();
    lines.retain(|_| {
        while cuts.next_if(|range| range.end <= at).is_some() {}
        let is_kept = cuts.peek().is_none_or(|range| !range.contains(&at));
        at += 1;
        is_kept
    });
}

fn is_page_number(text: &str) -> bool {
    let lower = text.to_lowercase();
    let named = lower.strip_prefix("page ").map(str::trim);
    let core = named.unwrap_or(&lower).trim_matches(['-', '–', ' ', '|']);
    let parts: Vec<&str> = core.split([' ', '/']).filter(|part| !part.is_empty() && *part != "of").collect();
    let is_numbers = matches!(parts.len(), 1 | 2)
        && parts.iter().all(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_numbers && text.len() <= 20
}

/// An entry of a table of contents, with dots up to the page.
fn is_contents_entry(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    bare.len() < text.len() && (bare.ends_with("....") || bare.ends_with(". . .") || bare.ends_with("……"))
}

impl<'a> Line<'a> {
    fn read(raw: &'a str, offset: usize) -> Self {
        let text = raw.trim();
        let front = raw.get(..raw.len() - raw.trim_start().len()).unwrap_or("");
        let indent = front.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let mut signs = text.chars();
        let first = signs.next();
        let is_rule = text.len() >= 3
            && first.is_some_and(|first| "=-~_*#^—–".contains(first) && signs.all(|sign| sign == first));
        let shape = match first {
            None if raw.ends_with('\u{c}') => Shape::PageBreak,
            None => Shape::Blank,
            Some(_) if is_rule => Shape::Rule,
            Some(_) => Shape::Text,
        };
        Self { text, start: offset + front.len(), indent, length: text.chars().count(), shape }
    }

    fn end_page(offset: usize) -> Self {
        Self { text: "", start: offset, indent: 0, length: 0, shape: Shape::PageBreak }
    }

    /// The indentation of an item of a bullet list.
    pub(super) fn bullet(&self) -> Option<usize> {
        let rest = self.text.strip_prefix(BULLETS)?;
        let spaced = rest.starts_with([' ', '\t', '\u{a0}']);
        let is_sign = !self.text.starts_with(['-', '–', '*', '+', '·']);
        (self.shape == Shape::Text && !rest.trim().is_empty() && (spaced || is_sign)).then_some(self.indent)
    }

    /// The text without the sign of an item, and where it begins.
    pub(super) fn body(&self) -> (&'a str, usize) {
        if self.bullet().is_none() {
            return (self.text, self.start);
        }
        let rest = self.text.strip_prefix(BULLETS).unwrap_or(self.text).trim_start();
        (rest, self.start + self.text.len() - rest.len())
    }

    /// Whether it begins a paragraph although no blank line stands before it.
    pub(super) fn begins_block(&self) -> bool {
        let marks = ["Q:", "A:", "Q.", "Question:", "Answer:"];
        self.bullet().is_some()
            || number_length(self.text) > 0
            || marks.iter().any(|mark| self.text.starts_with(mark))
    }

    /// A line within a sentence that happens to begin with a number: "Section 5 applies".
    pub(super) fn is_reference(&self) -> bool {
        let after = self.text.get(number_length(self.text)..).unwrap_or("");
        after.starts_with(char::is_lowercase) && division_level(self.text).is_some()
            || self.text.starts_with(|c: char| c.is_ascii_digit()) && after.starts_with(char::is_lowercase)
    }

    pub(super) fn continues(&self) -> bool {
        self.text.starts_with(char::is_lowercase)
    }

    /// A title such as "Article 5" or "Section 12. Fees".
    pub(super) fn is_division(&self) -> bool {
        let number = number_length(self.text);
        let rest = self.text.get(number..).unwrap_or("");
        number > 0
            && division_level(self.text).is_some()
            && self.length <= MAX_TITLE
            && !rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            && !rest.ends_with(['.', ';', ',', ':'])
            && (rest.is_empty() || count_sentence_words(rest) <= 2)
    }

    /// Whether all of its letters are capitals.
    pub(super) fn is_capital(&self) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphabetic()).count();
        self.shape == Shape::Text
            && letters >= 3
            && letters * 2 >= self.text.chars().filter(|c| !c.is_whitespace()).count()
            && self.text.chars().any(char::is_uppercase)
            && !self.text.chars().any(char::is_lowercase)
            && !self.text.contains('@')
            && self.bullet().is_none()
    }

    /// Whether it is short and no sentence.
    pub(super) fn is_title(&self) -> bool {
        let body = self.text.get(number_length(self.text)..).unwrap_or("");
        self.length <= MAX_TITLE
            && body.split_whitespace().count() <= 12
            && body.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase())
            && !body.ends_with(['.', ',', ';', ':', '!'])
            && !self.text.contains('@')
            && (!ends_sentence(body) || body.ends_with(['?', '？']))
    }

    /// How deep its number is: 1 for "1.", 2 for "1.1"; 0 without one, or within brackets.
    pub(super) fn number_depth(&self) -> usize {
        let number = self.text.get(..number_length(self.text)).unwrap_or("");
        if number.starts_with('(') || number.trim_end().ends_with(')') {
            return 0;
        }
        let digits = number.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
        if digits == 0 { usize::from(number.starts_with(char::is_uppercase)) } else { digits }
    }

    /// The level of a heading of this look.
    pub(super) fn level(&self) -> u8 {
        if let Some(level) = division_level(self.text) {
            return level;
        }
        match self.number_depth() {
            0 => 2,
            1 => 4,
            2 => 5,
            _ => 6,
        }
    }
}

fn division_level(text: &str) -> Option<u8> {
    let word = text.split(|c: char| c.is_whitespace()).next().unwrap_or("").to_lowercase();
    let found = DIVISIONS.iter().find(|(name, _)| word == *name || *name == "§" && word.starts_with('§'));
    found.map(|&(_, level)| level).filter(|_| number_length(text) > 0)
}
