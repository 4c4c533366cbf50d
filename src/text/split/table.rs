//! Tables: rows as running text, and the heads of their columns.

use super::inline::Inline;
use super::list::is_marked;
use super::noise::{is_furniture, is_sentence};
use super::outline::{is_bullet, split_lines, strip_bullet};

/// Longest cell, in characters, of a row that names columns.
const MAX_HEAD_CELL: usize = 60;
/// Least length, in characters, of a sentence that makes a table worth reading.
const MIN_SENTENCE: usize = 40;

/// The rows of a table that say something.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// Names of the columns, parted by semicolons.
    pub(crate) head: Option<String>,
    /// Each row as running text.
    pub(crate) rows: Vec<Inline>,
}

/// Reads the rows of a table, the first of which names the columns; `None` if none speaks.
pub(crate) fn read_rows(rows: Vec<Vec<Inline>>) -> Option<Rows> {
    let mut cells = rows.into_iter().map(|row| row.iter().map(join_cell).collect::<Vec<Inline>>());
    let mut head = None;
    let mut kept: Vec<Inline> = Vec::new();
    let mut speaks = false;
    if let Some(first) = cells.next() {
        if names_columns(&first) {
            let names: Vec<&str> = first.iter().map(|cell| cell.text.as_str()).filter(|name| !name.is_empty()).collect();
            head = Some(names.join("; "));
        } else {
            speaks |= first.iter().any(is_telling);
            kept.push(join_row(&first));
        }
    }
    for row in cells {
        let filled = row.iter().filter(|cell| !cell.text.is_empty()).count();
        speaks |= row.iter().any(is_telling) || filled >= 3 && head.is_some();
        kept.push(join_row(&row));
    }
    kept.retain(|row| row.text.chars().any(char::is_alphanumeric));
    (speaks && !kept.is_empty()).then_some(Rows { head, rows: kept })
}

fn is_telling(cell: &Inline) -> bool {
    is_sentence(&cell.text) && cell.char_len() >= MIN_SENTENCE && cell.link_share() < 0.8
}

/// Tells whether a first row is made of names of columns: two short ones at least, and no sentence.
fn names_columns(row: &[Inline]) -> bool {
    let named = row.iter().filter(|cell| !cell.text.is_empty()).count();
    named >= 2 && row.iter().all(|cell| cell.char_len() <= MAX_HEAD_CELL && !is_telling(cell))
}

fn join_cell(cell: &Inline) -> Inline {
    let mut joined = Inline::default();
    for part in split_lines(cell) {
        let bare = strip_bullet(&part);
        if is_furniture(&bare.text) && bare.text.len() > 3 || bare.text.is_empty() {
            continue;
        }
        let mark = if is_bullet(&part) { ';' } else { '.' };
        let mark = (!is_marked(&joined.text)).then_some(mark);
        joined.append(&bare, mark);
    }
    joined
}

/// Joins cells into one text: a name is parted from what is said of it by a colon.
fn join_row(row: &[Inline]) -> Inline {
    let mut line = Inline::default();
    for (at, cell) in row.iter().filter(|cell| !cell.text.is_empty()).enumerate() {
        let mark = if at == 1 && line.char_len() <= MAX_HEAD_CELL { ':' } else { '.' };
        line.append(cell, (!is_marked(&line.text)).then_some(mark));
    }
    line
}
