//! Finding the main text of a page, and leaving out what stands around it.

use super::tag::Tag;
use super::tree::{Element, Kind, Tree};

/// Least share of a page's text that is never left out because of its name alone.
const MOST: f64 = 0.5;
/// Least share of a page's text that makes an element its main text.
const MAIN_SHARE: f64 = 0.3;
/// Least length of a main text, in bytes without white space.
const MAIN_LENGTH: usize = 200;
/// A form with more text than this, in bytes, wraps a page rather than asks for something.
const FORM_LENGTH: usize = 600;
/// A paragraph of this length, in bytes, is prose and no label.
const PROSE: usize = 100;
/// A box with a higher share of link texts than this is a menu.
const MENU_SHARE: f64 = 0.6;

/// Words of classes and ids that name what stands around a text, whatever is in it.
const FURNITURE: &[&str] = &[
    "advert",
    "advertisement",
    "commentlist",
    "cookiebanner",
    "cookiebar",
    "cookieconsent",
    "cybot",
    "didomi",
    "disqus",
    "footer",
    "masthead",
    "modal",
    "onetrust",
    "popup",
    "sidebar",
    "trustarc",
    "usercentrics",
];

/// Pairs of such words.
const FURNITURE_PAIRS: &[(&str, &[&str])] = &[
    ("cookie", &["alert", "banner", "bar", "consent", "dialog", "law", "message", "overlay", "wall"]),
    ("cookies", &["alert", "banner", "bar", "consent", "dialog", "law", "message", "overlay", "wall"]),
    ("consent", &["banner", "bar", "dialog", "manager", "overlay"]),
    ("comment", &["area", "form", "list", "respond", "section", "thread"]),
    ("comments", &["area", "form", "list", "respond", "section", "thread", "wrapper"]),
    ("site", &["header"]),
    ("global", &["header"]),
    ("skip", &["link", "links", "to"]),
    ("sr", &["only"]),
    ("visually", &["hidden"]),
    ("screen", &["reader"]),
];

/// Words that name a box beside the text, unless there is prose in it.
const BOXES: &[&str] = &[
    "author",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "feedback",
    "follow",
    "helpful",
    "language",
    "login",
    "megamenu",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pagination",
    "promo",
    "rating",
    "recommended",
    "related",
    "share",
    "sharing",
    "sidenav",
    "signup",
    "skiplink",
    "social",
    "subscribe",
    "tags",
    "teaser",
    "toc",
    "tooltip",
    "topbar",
];

/// Words that turn the meaning of the others: `has-sidebar` is the page and not the bar.
const TURNING: &[&str] = &["has", "main", "no", "not", "with", "without"];

/// Marks what is no part of the text, and returns the elements that hold it, in order.
pub(super) fn prune_page(tree: &mut Tree) -> Vec<usize> {
    drop_invisible(tree);
    let measure = Measure::take(tree);
    drop_surroundings(tree, &measure);
    let measure = Measure::take(tree);
    let root = find_main(tree, &measure);
    let roots = match root {
        Some(root) => vec![root],
        None => top_nodes(tree),
    };
    for &root in &roots {
        drop_menus(tree, &measure, root);
    }
    roots
}

/// Nodes that no other holds.
fn top_nodes(tree: &Tree) -> Vec<usize> {
    let mut roots = Vec::new();
    let mut at = 0;
    while let Some(node) = tree.nodes.get(at) {
        roots.push(at);
        at = node.end.max(at + 1);
    }
    roots
}

/// Lengths of texts before each node, so that those of a subtree are two look-ups.
struct Measure {
    text: Vec<usize>,
    linked: Vec<usize>,
    links: Vec<usize>,
}

impl Measure {
    fn take(tree: &Tree) -> Self {
        let count = tree.nodes.len() + 1;
        let mut measure = Self { text: vec![0; count], linked: vec![0; count], links: vec![0; count] };
        let (mut text, mut linked, mut links) = (0, 0, 0);
        let mut skip_to = 0;
        for (at, node) in tree.nodes.iter().enumerate() {
            match &node.kind {
                Kind::Element(element) if element.dropped => skip_to = skip_to.max(node.end),
                Kind::Element(element) => {
                    links += usize::from(element.tag == Tag::Link && at >= skip_to);
                }
                Kind::Text(piece) if at >= skip_to => {
                    text += piece.length;
                    linked += if piece.link.is_some() { piece.length } else { 0 };
                }
                Kind::Text(_) => {}
            }
            for (sums, sum) in
                [(&mut measure.text, text), (&mut measure.linked, linked), (&mut measure.links, links)]
            {
                if let Some(slot) = sums.get_mut(at + 1) {
                    *slot = sum;
                }
            }
        }
        measure
    }

    fn between(sums: &[usize], from: usize, to: usize) -> usize {
        let at = |place: usize| sums.get(place).or(sums.last()).copied().unwrap_or(0);
        at(to).saturating_sub(at(from))
    }

    fn total(&self) -> usize {
        self.text.last().copied().unwrap_or(0)
    }

    fn text_of(&self, tree: &Tree, node: usize) -> usize {
        Self::between(&self.text, node, tree.nodes.get(node).map_or(node, |node| node.end))
    }

    fn share_of(&self, tree: &Tree, node: usize) -> f64 {
        self.text_of(tree, node) as f64 / self.total().max(1) as f64
    }

    fn link_share(&self, tree: &Tree, node: usize) -> f64 {
        let end = tree.nodes.get(node).map_or(node, |node| node.end);
        let linked = Self::between(&self.linked, node, end);
        linked as f64 / self.text_of(tree, node).max(1) as f64
    }

    fn links_of(&self, tree: &Tree, node: usize) -> usize {
        Self::between(&self.links, node, tree.nodes.get(node).map_or(node, |node| node.end))
    }
}

/// Drops what a reader cannot see. What a button on the page opens can be seen.
fn drop_invisible(tree: &mut Tree) {
    let controlled = std::mem::take(&mut tree.controlled);
    for node in &mut tree.nodes {
        if let Kind::Element(element) = &mut node.kind {
            let is_opened = element.id.as_ref().is_some_and(|id| controlled.contains(id));
            // A page that is shown by a script begins hidden.
            let is_page = matches!(element.tag, Tag::Body | Tag::Html | Tag::Main);
            element.dropped |= element.tag == Tag::Head || element.hidden && !is_opened && !is_page;
        }
    }
}

/// Drops navigation, banners, forms and the like, by element and by name.
fn drop_surroundings(tree: &mut Tree, measure: &Measure) {
    let mut text_until = 0;
    let mut title_until = 0;
    for at in 0..tree.nodes.len() {
        let Some(node) = tree.nodes.get(at) else { return };
        let Some(element) = node.element() else { continue };
        match element.tag {
            Tag::Main | Tag::Article => text_until = text_until.max(node.end),
            Tag::Heading(_) | Tag::Summary | Tag::Term => title_until = title_until.max(node.end),
            _ => {}
        }
        let is_small = || measure.share_of(tree, at) < MOST;
        let dropped = match element.tag {
            Tag::Nav | Tag::Aside | Tag::Footer => is_small(),
            Tag::Header => at >= text_until && is_small(),
            Tag::Form => measure.text_of(tree, at) < FORM_LENGTH && is_small(),
            Tag::Button => at >= title_until && !element.opens,
            Tag::Block | Tag::List | Tag::Inline | Tag::Link | Tag::Table | Tag::Terms => {
                is_named_furniture(element) && is_small()
                    || names_box(element) && is_small() && !has_prose(tree, measure, at)
            }
            _ => false,
        };
        if dropped && let Some(Kind::Element(element)) = tree.nodes.get_mut(at).map(|node| &mut node.kind) {
            element.dropped = true;
        }
    }
}

fn is_turned(element: &Element) -> bool {
    element.words.iter().any(|word| TURNING.contains(&word.as_str()))
}

fn is_named_furniture(element: &Element) -> bool {
    let words = &element.words;
    let named = words.iter().any(|word| FURNITURE.contains(&word.as_str()))
        || words.windows(2).any(|pair| match pair {
            [first, second] => {
                FURNITURE_PAIRS.iter().any(|(head, tails)| first == head && tails.contains(&second.as_str()))
            }
            _ => false,
        });
    named && !is_turned(element)
}

fn names_box(element: &Element) -> bool {
    element.words.iter().any(|word| BOXES.contains(&word.as_str())) && !is_turned(element)
}

/// Tells whether an element holds a paragraph that is more than a label.
fn has_prose(tree: &Tree, measure: &Measure, node: usize) -> bool {
    let end = tree.nodes.get(node).map_or(node, |node| node.end);
    (node + 1..end).any(|at| {
        matches!(
            tree.element(at).map(|element| element.tag),
            Some(Tag::Paragraph | Tag::Item | Tag::Definition)
        ) && measure.text_of(tree, at) >= PROSE
            && measure.link_share(tree, at) < MENU_SHARE
    })
}

/// The element that a page calls its main text, if most of the text is there: `main` before
/// `article`, the longest before others.
fn find_main(tree: &Tree, measure: &Measure) -> Option<usize> {
    let longest = |wanted: Tag| {
        (0..tree.nodes.len())
            .filter(|&at| tree.element(at).is_some_and(|element| element.tag == wanted && !element.dropped))
            .max_by_key(|&at| (measure.text_of(tree, at), std::cmp::Reverse(at)))
    };
    let is_main = |at: &usize, share: f64| {
        measure.text_of(tree, *at) >= MAIN_LENGTH && measure.share_of(tree, *at) >= share
    };
    longest(Tag::Main)
        .filter(|at| is_main(at, MAIN_SHARE))
        .or_else(|| longest(Tag::Article).filter(|at| is_main(at, MOST)))
}

/// Drops boxes that are little but links.
fn drop_menus(tree: &mut Tree, measure: &Measure, root: usize) {
    let end = tree.nodes.get(root).map_or(root, |node| node.end);
    let whole = measure.text_of(tree, root).max(1);
    for at in root + 1..end {
        let is_box = tree.element(at).is_some_and(|element| element.tag == Tag::Block);
        if is_box
            && measure.links_of(tree, at) >= 3
            && measure.link_share(tree, at) > MENU_SHARE
            && measure.text_of(tree, at) * 3 < whole
            && !has_prose(tree, measure, at)
            && let Some(Kind::Element(element)) = tree.nodes.get_mut(at).map(|node| &mut node.kind)
        {
            element.dropped = true;
        }
    }
}
