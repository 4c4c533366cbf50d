//! Documents that were printed line by line: paragraphs put together again from their lines.

use super::heading::number_length;
use super::inline::Inline;
use super::line::is_bullet;
use super::list::fold_lines;
use super::markdown::Block;
use super::noise::ends_sentence;
use std::collections::HashMap;

/// Fewest paragraphs by which such a document is known.
const MIN_PARAGRAPHS: usize = 16;
/// A line that comes back this often, as the foot of a page does, belongs to none.
const MIN_REPEATS: usize = 3;
/// Longest line, in characters, that may be the foot of a page.
const MAX_FOOT: usize = 40;

/// Joins the lines of a document in which each line is a paragraph; leaves others as they are.
pub(crate) fn reflow_blocks(blocks: Vec<Block>) -> Vec<Block> {
    let Some(width) = find_width(&blocks) else {
        return blocks;
    };
    let feet = find_feet(&blocks);
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Paragraph(line) if feet.contains(&line.text) => {}
            Block::Paragraph(line) => add_line(&mut joined, line, width),
            Block::List(items)
                if items.iter().all(|item| matches!(item.as_slice(), [Block::Paragraph(_)])) =>
            {
                for block in items.into_iter().flatten() {
                    if let Block::Paragraph(line) = block {
                        add_line(&mut joined, line, width);
                    }
                }
            }
            other => joined.push(other),
        }
    }
    joined
}

fn add_line(joined: &mut Vec<Block>, line: Inline, width: usize) {
    if let Some(Block::Paragraph(last)) = joined.last_mut()
        && goes_on(last, &line, width)
    {
        last.append(&fold_lines(&line), None);
        return;
    }
    joined.push(Block::Paragraph(line));
}

/// Tells whether a line goes on with the one before, which is a full one or breaks off.
fn goes_on(last: &Inline, line: &Inline, width: usize) -> bool {
    let starts_anew = line.ordinal.is_some() || number_length(&line.text) > 0 || is_bullet(line);
    if starts_anew || last.text.ends_with([':', ';', '：', '；']) || line.bold_share(0) > 0.9 {
        return false;
    }
    if line.text.starts_with(char::is_lowercase) {
        return !ends_sentence(&last.text);
    }
    if !last.text.contains(char::is_lowercase) && line.text.contains(char::is_lowercase) {
        return false;
    }
    let tail = last.text.rsplit('\n').next().unwrap_or("");
    !ends_sentence(tail) && last.char_len() * 5 >= width * 4 && last.bold_share(0) < 0.9
}

/// The usual length of a full line, if paragraphs of the document break off within sentences.
fn find_width(blocks: &[Block]) -> Option<usize> {
    let mut lengths: Vec<usize> = Vec::new();
    let mut broken = 0;
    let mut last: Option<&Inline> = None;
    for block in blocks {
        let Block::Paragraph(line) = block else {
            last = match block {
                Block::List(items) => match items.last().map(Vec::as_slice) {
                    Some([Block::Paragraph(line)]) => Some(line),
                    _ => None,
                },
                _ => None,
            };
            continue;
        };
        lengths.push(line.char_len());
        let breaks_off = last.is_some_and(|last| {
            !ends_sentence(&last.text)
                && !last.text.ends_with([':', ';', ',', '：', '；'])
                && line.text.starts_with(char::is_lowercase)
        });
        broken += usize::from(breaks_off);
        last = Some(line);
    }
    lengths.sort_unstable();
    let width = lengths.get(lengths.len() * 3 / 4).copied()?;
    (lengths.len() >= MIN_PARAGRAPHS && broken * 5 >= lengths.len()).then_some(width)
}

/// Short lines that come back again and again.
fn find_feet(blocks: &[Block]) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for block in blocks {
        if let Block::Paragraph(line) = block
            && line.char_len() <= MAX_FOOT
        {
            *counts.entry(&line.text).or_default() += 1;
        }
    }
    let feet = counts.into_iter().filter(|&(_, count)| count >= MIN_REPEATS);
    feet.map(|(line, _)| line.to_owned()).collect()
}
