//! Reading a saved web page into blocks: the main text, without what pages put around it.

mod block;
mod page;
mod reference;
mod tag;
mod tree;

pub use self::reference::strip_html;

use self::block::write_blocks;
use self::page::prune_page;
use self::tree::Tree;
use super::markdown::Block;

/// Reads a page into blocks whose ranges are bytes of `document`.
///
/// Menus, banners, footers, forms, scripts and hidden elements are left out. Any text is a page;
/// nesting beyond a limit is flattened.
pub(crate) fn parse_html(document: &str) -> Vec<Block> {
    let mut tree = Tree::parse(document);
    let roots = prune_page(&mut tree);
    write_blocks(&tree, document, &roots)
}

#[cfg(test)]
mod test;
