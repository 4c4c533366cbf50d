//! Tables that a page's archive has written cell by cell, each below the name of its column: read
//! as tables again.

use super::inline::Inline;
use super::markdown::Block;
use super::noise::ends_sentence;
use std::collections::HashMap;
use std::ops::Range;

/// Longest name of a column, in characters.
const MAX_LABEL: usize = 100;
/// Longest cell in the first column, in characters.
const MAX_NAME: usize = 500;
/// Most blocks of one row.
const MAX_ROW: usize = 80;
/// Fewest rows, and fewest columns.
const MIN_ROWS: usize = 3;
const MIN_COLUMNS: usize = 3;
/// Most columns.
const MAX_COLUMNS: usize = 10;
/// How often a line is tried as the name of a first column, so that the time stays linear.
const MAX_TRIES: usize = 5;

/// Makes tables of runs of paragraphs in which the same names come back in the same order, each with
/// something else below it.
pub(crate) fn gather_records(blocks: Vec<Block>) -> Vec<Block> {
    let places = find_labels(&blocks);
    let mut tables: Vec<(Range<usize>, Block)> = Vec::new();
    let mut tries: HashMap<&str, usize> = HashMap::new();
    let mut at = 0;
    while at < blocks.len() {
        let label = blocks.get(at).and_then(label_of).unwrap_or("");
        let places = places.get(label).map_or(&[][..], Vec::as_slice);
        let starts = places.get(places.partition_point(|&place| place < at)..).unwrap_or(&[]);
        if starts.len() >= MIN_ROWS && tries.get(label).is_none_or(|&tries| tries < MAX_TRIES) {
            if let Some((end, table)) = read_table(&blocks, starts) {
                tables.push((at..end, table));
                at = end.max(at + 1);
                continue;
            }
            *tries.entry(label).or_default() += 1;
        }
        at += 1;
    }
    replace(blocks, tables)
}

fn replace(blocks: Vec<Block>, tables: Vec<(Range<usize>, Block)>) -> Vec<Block> {
    if tables.is_empty() {
        return blocks;
    }
    let mut kept = Vec::with_capacity(blocks.len());
    let mut tables = tables.into_iter().peekable();
    for (at, block) in blocks.into_iter().enumerate() {
        while tables.peek().is_some_and(|(range, _)| range.end <= at) {
            tables.next();
        }
        match tables.peek_mut() {
            Some((range, table)) if range.start == at => {
                kept.push(std::mem::replace(table, Block::Rule));
            }
            Some((range, _)) if range.contains(&at) => {}
            _ => kept.push(block),
        }
    }
    kept
}

/// A short line in plain type, as names of columns are.
fn label_of(block: &Block) -> Option<&str> {
    let Block::Paragraph(line) = block else {
        return None;
    };
    let is_label = line.text.len() <= MAX_LABEL
        && !line.text.contains('\n')
        && (!ends_sentence(&line.text) || line.text.ends_with("..."))
        && line.bold.is_empty()
        && line.links.is_empty();
    is_label.then_some(line.text.as_str())
}

/// Where each line that may name a column stands.
fn find_labels(blocks: &[Block]) -> HashMap<&str, Vec<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if let Some(label) = label_of(block) {
            places.entry(label).or_default().push(at);
        }
    }
    places
}

/// Reads the table whose rows begin at the first of `starts`: where it ends, and its cells.
fn read_table(blocks: &[Block], starts: &[usize]) -> Option<(usize, Block)> {
    let ends_run = |block: &Block| {
        matches!(block, Block::Heading(..) | Block::Rule | Block::PageBreak | Block::Table(_))
    };
    let is_row = |pair: &&[usize]| {
        let blocks = |from, to| blocks.get(from..to).unwrap_or(&[]).iter();
        matches!(pair, [from, to] if (2..=MAX_ROW).contains(&(to - from)) && !blocks(*from, *to).any(ends_run))
    };
    let rows: Vec<Range<usize>> = starts.windows(2).take_while(is_row).filter_map(as_range).collect();
    if rows.len() + 1 < MIN_ROWS {
        return None;
    }
    let columns = find_columns(blocks, &rows)?;
    // The last row ends as far below its last name as the longest one before it.
    let mut cells: Vec<Vec<Range<usize>>> = Vec::new();
    let mut depth = 0;
    let mut end = rows.first()?.start;
    for row in &rows {
        let Some(found) = read_row(blocks, row.clone(), &columns) else {
            break;
        };
        depth = depth.max(found.last().map_or(0, ExactSizeIterator::len));
        cells.push(found);
        end = row.end;
    }
    let limit = (end..blocks.len().min(end + MAX_ROW)).find(|&at| blocks.get(at).is_some_and(ends_run));
    let limit = limit.unwrap_or(blocks.len().min(end + MAX_ROW));
    if let Some(mut last) = read_row(blocks, end..limit, &columns)
        && let Some(cell) = last.last_mut()
    {
        cell.end = cell.end.min(cell.start + depth);
        end = cell.end;
        cells.push(last);
    }
    // Two names alone may be labels of any kind, unless they stand above the table as well.
    let is_headed = cells.first().is_some_and(|row| row.iter().all(Range::is_empty));
    if columns.len() < MIN_COLUMNS && !is_headed {
        return None;
    }
    let filled = cells.iter().filter(|row| row.iter().all(|cell| !cell.is_empty())).count();
    if filled < MIN_ROWS || filled * 4 < cells.len() * 3 {
        return None;
    }
    let head = columns.iter().map(|column| name_cell(column)).collect();
    let join = |cell: Range<usize>| join_blocks(blocks.get(cell).unwrap_or(&[]));
    let table = cells.into_iter().map(|row| row.into_iter().map(join).collect());
    Some((end, Block::Table(std::iter::once(head).chain(table).collect())))
}

fn as_range(pair: &[usize]) -> Option<Range<usize>> {
    match pair {
        [from, to] => Some(*from..*to),
        _ => None,
    }
}

/// The lines that stand once in nearly every row, in the order of the fullest of the first rows.
fn find_columns(blocks: &[Block], rows: &[Range<usize>]) -> Option<Vec<String>> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        for label in blocks.get(row.clone()).unwrap_or(&[]).iter().filter_map(label_of) {
            *counts.entry(label).or_default() += 1;
        }
    }
    let is_regular = |label: &str| {
        let count = counts.get(label).copied().unwrap_or(0) * 10;
        (rows.len() * 9..=rows.len() * 11).contains(&count)
    };
    // The first row may be one of names alone, and another may lack a cell.
    let columns = rows.iter().skip(1).take(MIN_ROWS).map(|row| {
        let mut columns: Vec<String> = Vec::new();
        let mut below_name = false;
        for block in blocks.get(row.clone()).unwrap_or(&[]) {
            // What stands right below a name is never one.
            let label = label_of(block).filter(|label| !below_name && is_regular(label));
            let name = label.filter(|label| !columns.iter().any(|column| column == label));
            columns.extend(name.map(str::to_owned));
            below_name = name.is_some();
        }
        columns
    });
    let columns = columns.max_by_key(Vec::len)?;
    (2..=MAX_COLUMNS).contains(&columns.len()).then_some(columns)
}

/// The cells of one row, if its names stand in order; a row of names alone has empty cells.
fn read_row(blocks: &[Block], row: Range<usize>, columns: &[String]) -> Option<Vec<Range<usize>>> {
    let mut cells: Vec<Range<usize>> = Vec::new();
    for at in row.clone() {
        let block = blocks.get(at)?;
        if matches!(block, Block::Heading(..) | Block::Table(_) | Block::PageBreak) {
            return None;
        }
        let name = columns.get(cells.len()).map(String::as_str);
        if label_of(block).is_some() && label_of(block) == name {
            if let Some(last) = cells.last_mut() {
                last.end = at;
            }
            cells.push(at + 1..row.end);
        }
    }
    let first = cells.first()?;
    let length: usize = blocks.get(first.clone())?.iter().map(measure).sum();
    (cells.len() == columns.len() && length <= MAX_NAME).then_some(cells)
}

fn measure(block: &Block) -> usize {
    match block {
        Block::Heading(_, inline) | Block::Paragraph(inline) | Block::Code(inline) => inline.char_len(),
        Block::List(items) => items.iter().flatten().map(measure).sum(),
        Block::Table(_) | Block::PageBreak | Block::Rule => 0,
    }
}

/// The name of a column, which is told but stands in no row.
fn name_cell(name: &str) -> Inline {
    let mut cell = Inline::default();
    cell.push(name, 0, false);
    cell.embolden();
    cell
}

/// The blocks of a cell, each on a line of its own.
fn join_blocks(blocks: &[Block]) -> Inline {
    let mut cell = Inline::default();
    for block in blocks {
        add_lines(&mut cell, block, "", "* ");
    }
    cell
}

fn add_lines(cell: &mut Inline, block: &Block, bullet: &str, below: &str) {
    match block {
        Block::Heading(_, inline) | Block::Paragraph(inline) | Block::Code(inline) => {
            cell.append_line(inline, bullet);
        }
        Block::List(items) => {
            for item in items {
                for (at, block) in item.iter().enumerate() {
                    add_lines(cell, block, if at == 0 { below } else { "" }, "- ");
                }
            }
        }
        Block::Table(rows) => rows.iter().flatten().for_each(|inline| cell.append_line(inline, bullet)),
        Block::PageBreak | Block::Rule => {}
    }
}
