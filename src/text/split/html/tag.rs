//! What the elements of HTML mean for the blocks of a text.

/// What an element means for the blocks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Article,
    Block,
    Body,
    Bold,
    Break,
    Button,
    Cell,
    Code,
    Definition,
    Details,
    /// Never a part of the text, whatever is in it.
    Dropped,
    Footer,
    Form,
    Head,
    Header,
    Heading(u8),
    Html,
    Inline,
    Item,
    Link,
    List,
    Main,
    Nav,
    Aside,
    Paragraph,
    Preformatted,
    Row,
    Rule,
    Summary,
    Table,
    Term,
    /// The list of terms and their definitions.
    Terms,
}

impl Tag {
    pub(super) fn of_name(name: &[u8]) -> Self {
        match name {
            b"article" => Self::Article,
            b"aside" => Self::Aside,
            b"body" => Self::Body,
            b"b" | b"strong" | b"u" => Self::Bold,
            b"br" => Self::Break,
            b"button" => Self::Button,
            b"td" | b"th" => Self::Cell,
            b"code" | b"kbd" | b"samp" => Self::Code,
            b"dd" => Self::Definition,
            b"details" => Self::Details,
            b"footer" => Self::Footer,
            b"form" => Self::Form,
            b"head" => Self::Head,
            b"header" => Self::Header,
            b"h1" => Self::Heading(1),
            b"h2" => Self::Heading(2),
            b"h3" => Self::Heading(3),
            b"h4" => Self::Heading(4),
            b"h5" => Self::Heading(5),
            b"h6" => Self::Heading(6),
            b"html" => Self::Html,
            b"li" => Self::Item,
            b"a" => Self::Link,
            b"ul" | b"ol" | b"menu" | b"dir" => Self::List,
            b"main" => Self::Main,
            b"nav" => Self::Nav,
            b"p" => Self::Paragraph,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Preformatted,
            b"tr" => Self::Row,
            b"hr" => Self::Rule,
            b"summary" => Self::Summary,
            b"table" => Self::Table,
            b"dt" => Self::Term,
            b"dl" => Self::Terms,
            b"address" | b"blockquote" | b"caption" | b"center" | b"div" | b"fieldset" | b"figcaption"
            | b"figure" | b"frameset" | b"hgroup" | b"legend" | b"search" | b"section" | b"tbody"
            | b"tfoot" | b"thead" => Self::Block,
            b"applet" | b"audio" | b"canvas" | b"datalist" | b"embed" | b"frame" | b"iframe" | b"img"
            | b"input" | b"link" | b"map" | b"math" | b"meta" | b"noembed" | b"noframes" | b"noscript"
            | b"object" | b"optgroup" | b"option" | b"picture" | b"progress" | b"script" | b"select"
            | b"style" | b"svg" | b"template" | b"textarea" | b"title" | b"video" => Self::Dropped,
            // Elements that a page defines itself are mostly boxes.
            name if name.contains(&b'-') => Self::Block,
            _ => Self::Inline,
        }
    }

    pub(super) fn of_role(self, role: &[u8], level: Option<u8>) -> Self {
        match role {
            b"main" => Self::Main,
            b"article" => Self::Article,
            b"banner" => Self::Header,
            b"contentinfo" => Self::Footer,
            b"navigation" | b"menu" | b"menubar" | b"toolbar" | b"tablist" | b"search" => Self::Nav,
            b"complementary" => Self::Aside,
            b"dialog" | b"alertdialog" => Self::Dropped,
            b"heading" => Self::Heading(level.unwrap_or(2).clamp(1, 6)),
            b"presentation" | b"none" if self == Self::Table => Self::Block,
            b"list" if self == Self::Block => Self::List,
            b"listitem" if self == Self::Block => Self::Item,
            _ => self,
        }
    }

    /// Whether it runs along in a line of text.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Bold | Self::Code | Self::Inline | Self::Link | Self::Break | Self::Button)
    }

    /// Whether its start ends an open paragraph.
    pub(super) fn ends_paragraph(self) -> bool {
        !self.is_inline() && !matches!(self, Self::Dropped)
    }
}

/// Whether an element of this name has neither content nor end.
pub(super) fn is_void_element(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"basefont"
            | b"br"
            | b"col"
            | b"embed"
            | b"frame"
            | b"hr"
            | b"img"
            | b"input"
            | b"keygen"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}
