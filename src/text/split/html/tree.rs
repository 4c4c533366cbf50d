//! Elements of a page in the order of the document, closed as browsers close them.
//!
//! This is less than the tree construction of the HTML standard (13.2.6): nothing is moved, and
//! only as much is implied as blocks of text depend on.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use html5gum::{DefaultEmitter, HtmlString, Spanned, Token, Tokenizer};

use super::tag::{Tag, is_void_element};

/// Deepest nesting of elements that is kept; what is deeper belongs to the element at the limit.
const MAX_DEPTH: usize = 200;

/// A piece of text and how it is set.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// Its bytes in the document, with character references as they are written.
    pub(super) range: Range<usize>,
    /// Its length in bytes without white space.
    pub(super) length: usize,
    pub(super) bold: bool,
    /// Its link, numbered in the order of the document, and whether it leads to the same page.
    pub(super) link: Option<(usize, bool)>,
}

#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) tag: Tag,
    /// Words of its class and id, in lower case.
    pub(super) words: Vec<String>,
    pub(super) id: Option<String>,
    pub(super) hidden: bool,
    /// The first number of a numbered list, or the number of an item that has its own.
    pub(super) number: Option<u64>,
    /// A button that opens and closes a part of the page.
    pub(super) opens: bool,
    /// Whether it is left out of the text.
    pub(super) dropped: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Element(Box<Element>),
    Text(Text),
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The first node after its descendants.
    pub(super) end: usize,
}

impl Node {
    pub(super) fn element(&self) -> Option<&Element> {
        match &self.kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }
}

/// Nodes in the order of the document: the descendants of a node follow it up to its end.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Ids of what buttons on the page open and close.
    pub(super) controlled: HashSet<String>,
}

impl Tree {
    pub(super) fn parse(document: &str) -> Self {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let input: Cow<'_, str> = match document.contains('\r') {
            // The tokenizer folds CR LF into one byte; blanks keep positions true.
            true => document.replace('\r', " ").into(),
            false => document.into(),
        };
        let mut builder = Builder::default();
        for token in Tokenizer::new_with_emitter(input.as_ref(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    builder.open(&tag.name, &tag.attributes, tag.self_closing);
                }
                Token::EndTag(tag) => builder.close(&tag.name),
                Token::String(text) => {
                    let length = text.value.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
                    builder.add_text(text.span.start..text.span.end, length);
                }
                _ => {}
            }
        }
        builder.leave_to(0);
        builder.tree
    }

    /// Children of a node.
    pub(super) fn children(&self, node: usize) -> Children<'_> {
        let end = self.nodes.get(node).map_or(node, |node| node.end);
        Children { tree: self, next: node + 1, end }
    }

    pub(super) fn element(&self, node: usize) -> Option<&Element> {
        self.nodes.get(node).and_then(Node::element)
    }
}

pub(super) struct Children<'a> {
    tree: &'a Tree,
    next: usize,
    end: usize,
}

impl Iterator for Children<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let child = self.next;
        if child >= self.end {
            return None;
        }
        self.next = self.tree.nodes.get(child)?.end.max(child + 1);
        Some(child)
    }
}

struct Open {
    name: Vec<u8>,
    tag: Tag,
    node: usize,
    bold: bool,
    link: Option<(usize, bool)>,
    /// Its end tag came while a block within was still open.
    over: bool,
}

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, usize>>;

#[derive(Default)]
struct Builder {
    tree: Tree,
    open: Vec<Open>,
    /// Elements opened beyond the depth limit.
    ignored: usize,
    links: usize,
}

impl Builder {
    fn open(&mut self, name: &[u8], attributes: &Attributes, self_closing: bool) {
        let get = |key: &[u8]| attributes.get(key).map(|value| value.value.as_slice());
        let level = get(b"aria-level").and_then(|level| std::str::from_utf8(level).ok()?.parse().ok());
        let mut tag = Tag::of_name(name);
        if !matches!(tag, Tag::Body | Tag::Html | Tag::Head)
            && let Some(role) = get(b"role")
        {
            tag = tag.of_role(role, level);
        }
        self.imply_ends(name, tag);
        let style = read_lower(get(b"style")).replace(' ', "");
        let bold = tag == Tag::Bold
            || ["bold", "600", "700", "800", "900"]
                .iter()
                .any(|weight| style.contains(&format!("font-weight:{weight}")));
        let controls = get(b"aria-controls").map(|ids| String::from_utf8_lossy(ids).into_owned());
        if let Some(ids) = &controls {
            self.tree.controlled.extend(ids.split_whitespace().map(str::to_owned));
        }
        let hidden = get(b"hidden").is_some_and(|value| value != b"until-found")
            || get(b"aria-hidden").is_some_and(|value| value == b"true")
            || style.contains("display:none")
            || style.contains("visibility:hidden");
        let link = (tag == Tag::Link).then(|| get(b"href")).flatten().map(|target| {
            self.links += 1;
            (self.links, target.starts_with(b"#"))
        });
        let id = get(b"id").map(|id| String::from_utf8_lossy(id).trim().to_owned());
        let words = [get(b"class"), get(b"id")].into_iter().flatten().flat_map(split_words).collect();
        let read_number =
            |key: &[u8]| get(key).and_then(|text| std::str::from_utf8(text).ok()?.trim().parse().ok());
        let number = match name {
            // Letters and Roman numbers are not told by a number.
            b"ol" if get(b"type").is_none_or(|kind| kind == b"1") => {
                Some(read_number(b"start").unwrap_or(1)).filter(|_| get(b"reversed").is_none())
            }
            b"li" => read_number(b"value"),
            _ => None,
        };
        let element = Element {
            tag,
            number,
            words,
            id,
            hidden,
            opens: tag == Tag::Button && (controls.is_some() || get(b"aria-expanded").is_some()),
            dropped: tag == Tag::Dropped,
        };
        let is_void = self_closing && (tag == Tag::Dropped || !tag.is_inline() && name.contains(&b'-'))
            || is_void_element(name);
        // What is dropped is dropped at any depth, with some room for what is in it.
        let limit = if tag == Tag::Dropped { MAX_DEPTH + 20 } else { MAX_DEPTH };
        if self.open.len() >= limit {
            self.ignored += usize::from(!is_void);
            return;
        }
        let node = self.tree.nodes.len();
        self.tree.nodes.push(Node { kind: Kind::Element(Box::new(element)), end: node + 1 });
        if !is_void {
            self.open.push(Open { name: name.to_owned(), tag, node, bold, link, over: false });
        }
    }

    /// Closes what the start of an element closes by itself.
    fn imply_ends(&mut self, name: &[u8], tag: Tag) {
        if !self.open.is_empty()
            && self.open.last().is_some_and(|last| last.tag == Tag::Head)
            && !matches!(
                name,
                b"base" | b"link" | b"meta" | b"noscript" | b"script" | b"style" | b"template" | b"title"
            )
        {
            self.leave_to(self.open.len() - 1);
        }
        if tag.ends_paragraph() {
            self.end_within(|open| open == Tag::Paragraph, |open| !open.is_inline());
        }
        let is_table = |open: Tag| matches!(open, Tag::Table | Tag::Cell);
        match tag {
            Tag::Item => {
                self.end_within(|open| open == Tag::Item, |open| matches!(open, Tag::List) || is_table(open))
            }
            Tag::Term | Tag::Definition => self.end_within(
                |open| matches!(open, Tag::Term | Tag::Definition),
                |open| open == Tag::Terms || is_table(open),
            ),
            Tag::Cell => {
                self.end_within(|open| open == Tag::Cell, |open| matches!(open, Tag::Table | Tag::Row));
            }
            Tag::Row => self.end_within(|open| open == Tag::Row, |open| open == Tag::Table),
            Tag::Heading(_) => {
                self.end_within(|open| matches!(open, Tag::Heading(_)), |open| !open.is_inline());
            }
            Tag::Link => self.end_within(|open| open == Tag::Link, |open| !open.is_inline()),
            _ => {}
        }
    }

    /// Closes the nearest open element that `ends` names, unless one that `stops` lies between.
    fn end_within(&mut self, ends: impl Fn(Tag) -> bool, stops: impl Fn(Tag) -> bool) {
        for (at, open) in self.open.iter().enumerate().rev() {
            if ends(open.tag) {
                self.leave_to(at);
                return;
            }
            if stops(open.tag) {
                return;
            }
        }
    }

    fn close(&mut self, name: &[u8]) {
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        let tag = Tag::of_name(name);
        if tag == Tag::Break {
            self.open(name, &Attributes::new(), false);
            return;
        }
        let mut crossed = false;
        for at in (0..self.open.len()).rev() {
            let Some(open) = self.open.get_mut(at) else { return };
            if open.name == name && !open.over {
                if crossed && tag.is_inline() {
                    open.over = true;
                    open.bold = false;
                    open.link = None;
                } else {
                    self.leave_to(at);
                }
                return;
            }
            crossed |= !open.tag.is_inline();
            let is_wall = matches!(open.tag, Tag::Cell | Tag::Table)
                && !matches!(tag, Tag::Cell | Tag::Row | Tag::Table)
                && !matches!(name, b"tbody" | b"thead" | b"tfoot");
            if is_wall {
                return;
            }
        }
    }

    fn leave_to(&mut self, depth: usize) {
        let end = self.tree.nodes.len();
        for open in self.open.drain(depth..) {
            if let Some(node) = self.tree.nodes.get_mut(open.node) {
                node.end = end;
            }
        }
    }

    fn add_text(&mut self, range: Range<usize>, length: usize) {
        let node = self.tree.nodes.len();
        let text = Text {
            range,
            length,
            bold: self.open.iter().any(|open| open.bold),
            link: self.open.iter().rev().find_map(|open| open.link),
        };
        self.tree.nodes.push(Node { kind: Kind::Text(text), end: node + 1 });
    }
}

fn read_lower(value: Option<&[u8]>) -> String {
    String::from_utf8_lossy(value.unwrap_or_default()).to_lowercase()
}

/// First words of class names that say how something looks and not what it is.
const LOOKS: &[&str] = &[
    "animate",
    "bg",
    "border",
    "col",
    "color",
    "delay",
    "duration",
    "fill",
    "flex",
    "font",
    "gap",
    "grid",
    "h",
    "items",
    "justify",
    "leading",
    "m",
    "max",
    "mb",
    "min",
    "ml",
    "mr",
    "mt",
    "mx",
    "my",
    "order",
    "p",
    "pb",
    "pl",
    "pr",
    "pt",
    "px",
    "py",
    "ring",
    "rounded",
    "row",
    "shadow",
    "space",
    "stroke",
    "text",
    "theme",
    "tracking",
    "transition",
    "w",
    "z",
];

/// Words of names such as `related-posts`, `relatedPosts` and `related__posts`; of names that say
/// how something looks (`md:shadow-menu`), none.
fn split_words(names: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for name in names.split(u8::is_ascii_whitespace).take(30) {
        let name = name.rsplit(|&byte| byte == b':').next().unwrap_or(name);
        let first = words.len();
        let mut after_lower = false;
        let mut begins = true;
        for &byte in name.iter().take(80) {
            if !byte.is_ascii_alphabetic() {
                begins = true;
                after_lower = false;
                continue;
            }
            if begins || after_lower && byte.is_ascii_uppercase() {
                words.push(String::new());
            }
            begins = false;
            after_lower = byte.is_ascii_lowercase();
            if let Some(word) = words.last_mut() {
                word.push(byte.to_ascii_lowercase() as char);
            }
        }
        if words.get(first).is_some_and(|word| LOOKS.contains(&word.as_str())) {
            words.truncate(first);
        }
    }
    words
}
