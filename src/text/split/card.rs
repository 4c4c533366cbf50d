//! What the layout of a page tells of neighbouring blocks: cards that only lead to other pages, and
//! boxes that sum up what stands beside them under a label of their own.

use super::context::is_summary_label;
use super::inline::Inline;
use super::list::{Item, join_items};
use super::markdown::Block;
use super::noise::{ends_sentence, is_sentence};

/// Longest text of a card, in characters.
const MAX_CARD: usize = 140;
/// Longest summary, in characters.
const MAX_SUMMARY: usize = 1_500;

/// Drops runs of cards: a line that is a link, and a sentence about where it leads.
pub(crate) fn drop_cards(blocks: Vec<Block>) -> Vec<Block> {
    let mut is_card = vec![false; blocks.len()];
    let mut at = 0;
    while at + 1 < blocks.len() {
        let mut end = at;
        while let Some([Block::Paragraph(line), Block::Paragraph(text)]) = blocks.get(end..end + 2)
            && is_link_line(line)
            && is_teaser(text)
        {
            end += 2;
        }
        // "Learn what you can do." above a link to the page that tells it.
        let points = matches!(blocks.get(at..at + 2), Some([Block::Paragraph(text), Block::Paragraph(line)])
            if text.text.starts_with("Learn ") && is_teaser(text) && is_link_line(line));
        if points {
            end = at + 2;
        }
        if end - at >= 4 || points {
            is_card.iter_mut().take(end).skip(at).for_each(|card| *card = true);
        }
        at = end.max(at + 1);
    }
    blocks.into_iter().zip(is_card).filter(|(_, card)| !card).map(|(block, _)| block).collect()
}

fn is_link_line(line: &Inline) -> bool {
    line.link_share() > 0.95
        && line.char_len() <= MAX_CARD / 2
        && line.links.len() == 1
        && line.anchors == 0
        && !ends_sentence(&line.text)
        && line.text.starts_with(|c: char| !c.is_lowercase())
}

fn is_teaser(text: &Inline) -> bool {
    text.char_len() <= MAX_CARD
        && text.links.is_empty()
        && is_sentence(&text.text)
        && ends_sentence(&text.text)
}

/// Takes the box out that a label such as "In short" stands above, at the front of `blocks`: how many
/// blocks it has, and its text.
pub(crate) fn read_box(blocks: &[Block]) -> Option<(usize, Inline)> {
    let (Block::Heading(_, label) | Block::Paragraph(label)) = blocks.first()? else {
        return None;
    };
    if !is_summary_label(&label.text) {
        return None;
    }
    let Some(Block::Paragraph(text)) = blocks.get(1) else {
        return None;
    };
    let (length, summary) = match blocks.get(2) {
        Some(Block::List(items)) if text.text.ends_with([':', '：']) => {
            let items: Vec<Item> = items.iter().filter_map(|item| Item::from_blocks(item)).collect();
            (3, join_items(Some(text), &items))
        }
        _ => (2, text.clone()),
    };
    (summary.char_len() <= MAX_SUMMARY && is_sentence(&summary.text)).then_some((length, summary))
}
