//! Tables that only place things on the page: cells that hold sections, with headings and lists.

use super::inline::Inline;
use super::line::{is_bullet, strip_bullet};
use super::list::fold_lines;
use super::markdown::Block;
use super::noise::is_sentence;

/// Shortest cell, in characters, that is read as a section if nothing stands beside it.
const MIN_CELL: usize = 300;
/// Longest lone cell above such a one, in characters, that is its heading.
const MAX_TITLE: usize = 120;
/// Fewest dashes that underline a heading.
const MIN_DASHES: usize = 3;

/// The cells of a table as sections, if it is one of a single column or holds headings of sections.
pub(crate) fn read_layout(rows: &[Vec<Inline>]) -> Option<Vec<Vec<Block>>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let filled =
        (0..width).filter(|&at| rows.iter().filter_map(|row| row.get(at)).any(|cell| !cell.text.is_empty()));
    let is_single = filled.take(2).count() == 1;
    let cells = || rows.iter().flatten().filter(|cell| !cell.text.is_empty());
    let is_layout =
        cells().any(holds_heading) || is_single && cells().any(|cell| cell.char_len() >= MIN_CELL);
    if !is_layout {
        return None;
    }
    let mut sections: Vec<Vec<Block>> = Vec::new();
    let mut title: Option<Inline> = None;
    for cell in cells() {
        let is_title =
            is_single && cell.char_len() <= MAX_TITLE && !is_sentence(&cell.text) && !is_bullet(cell);
        if is_title {
            let mut line = fold_lines(cell);
            line.embolden();
            title = Some(line);
            continue;
        }
        let mut blocks: Vec<Block> = title.take().map(Block::Paragraph).into_iter().collect();
        blocks.extend(read_blocks(cell));
        sections.push(blocks);
    }
    Some(sections)
}

fn is_underline(line: &str) -> bool {
    line.len() >= MIN_DASHES && line.bytes().all(|byte| byte == b'-' || byte == b'=')
}

fn holds_heading(cell: &Inline) -> bool {
    let mut lines = cell.text.split('\n').filter(|line| !line.is_empty());
    lines.next().is_some() && lines.any(is_underline)
}

/// The lines of a cell as paragraphs, headings and lists.
fn read_blocks(cell: &Inline) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut start = 0;
    let mut open = false;
    let top = cell.text.split('\n').find_map(|line| line.chars().next().filter(|_| is_item(line)));
    for line in cell.text.split('\n') {
        let part = cell.slice(start..start + line.len());
        start += line.len() + 1;
        if part.text.is_empty() {
            open = false;
            continue;
        }
        match blocks.last_mut() {
            Some(Block::Paragraph(above)) if is_underline(&part.text) => {
                above.embolden();
                open = false;
            }
            _ if is_item(&part.text) => {
                add_item(&mut blocks, &part, part.text.chars().next() == top);
                open = false;
            }
            Some(Block::Paragraph(above)) if open => {
                above.append(&part, None);
            }
            _ => {
                blocks.push(Block::Paragraph(part));
                open = true;
            }
        }
    }
    blocks
}

fn is_item(line: &str) -> bool {
    let mark = line.chars().next().map_or(0, char::len_utf8);
    "*-•·▪●○◦".contains(line.get(..mark).unwrap_or(" "))
        && mark > 0
        && line.get(mark..).is_some_and(|rest| rest.starts_with(' '))
}

fn add_item(blocks: &mut Vec<Block>, line: &Inline, is_top: bool) {
    let item = vec![Block::Paragraph(strip_bullet(line))];
    match blocks.last_mut() {
        Some(Block::List(items)) if is_top => items.push(item),
        Some(Block::List(items)) => match items.last_mut().map(|last| (last.pop(), last)) {
            Some((Some(Block::List(mut nested)), last)) => {
                nested.push(item);
                last.push(Block::List(nested));
            }
            Some((above, last)) => {
                last.extend(above);
                last.push(Block::List(vec![item]));
            }
            None => items.push(item),
        },
        _ => blocks.push(Block::List(vec![item])),
    }
}
