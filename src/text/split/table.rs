//! Tables: rows as running text, and the heads of their columns.

use super::inline::Inline;
use super::line::{is_bullet, split_lines, strip_bullet};
use super::list::is_marked;
use super::noise::{is_furniture, is_sentence};

/// Longest cell, in characters, of a row that names columns.
const MAX_HEAD_CELL: usize = 60;
/// Longest cell, in characters, of a row in bold that names columns.
const MAX_BOLD_CELL: usize = 250;
/// Least length, in characters, of a sentence that makes a table worth reading.
const MIN_SENTENCE: usize = 40;

/// The rows of a table that say something.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// Names of the columns, parted by semicolons.
    pub(crate) head: Option<String>,
    /// The row that names the columns, if it is none that Markdown marks as such.
    pub(crate) head_row: Option<Inline>,
    /// Each row as running text.
    pub(crate) rows: Vec<Inline>,
    /// What stands in the first cell of each.
    pub(crate) names: Vec<String>,
}

/// Reads the rows of a table, the first of which names the columns; `None` if none speaks.
pub(crate) fn read_rows(rows: Vec<Vec<Inline>>) -> Option<Rows> {
    let mut cells = rows.into_iter().map(|row| row.iter().map(join_cell).collect::<Vec<Inline>>()).peekable();
    // A table without a header row names its columns in the first row, if at all.
    let is_headless = cells.next_if(|first| first.iter().all(|cell| cell.text.is_empty())).is_some();
    let first = cells.next_if(|first| names_columns(first));
    let head = first.as_ref().map(|first| {
        let names: Vec<&str> =
            first.iter().map(|cell| cell.text.as_str()).filter(|name| !name.is_empty()).collect();
        names.join("; ")
    });
    let head_row = first.filter(|_| is_headless).map(|first| join_row(&first));
    let mut kept: Vec<Inline> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut speaks = false;
    let mut full_rows = 0;
    for row in cells {
        full_rows += usize::from(row.iter().filter(|cell| !cell.text.is_empty()).count() >= 2);
        speaks |= row.iter().any(is_telling);
        let joined = join_row(&row);
        if joined.text.chars().any(char::is_alphanumeric) {
            let name = row.iter().map(|cell| cell.text.as_str()).find(|name| !name.is_empty());
            names.push(name.unwrap_or("").replace('\n', " "));
            kept.push(joined);
        }
    }
    speaks |= full_rows >= 2;
    (speaks && !kept.is_empty()).then_some(Rows { head, head_row, rows: kept, names })
}

fn is_telling(cell: &Inline) -> bool {
    is_sentence(&cell.text) && cell.char_len() >= MIN_SENTENCE && cell.link_share() < 0.8
}

/// Tells whether a first row is made of names of columns: two short ones at least, and no sentence.
fn names_columns(row: &[Inline]) -> bool {
    let named = row.iter().filter(|cell| !cell.text.is_empty()).count();
    let is_bold =
        |cell: &Inline| cell.text.is_empty() || cell.bold_share(0) > 0.9 && cell.char_len() <= MAX_BOLD_CELL;
    let is_brief = |cell: &Inline| cell.char_len() <= MAX_HEAD_CELL && !is_telling(cell);
    named >= 2 && (row.iter().all(is_bold) || row.iter().all(is_brief))
}

fn join_cell(cell: &Inline) -> Inline {
    let parts = split_lines(cell);
    if let [only] = parts.as_slice()
        && !is_bullet(only)
    {
        let is_button = is_furniture(&only.text) && only.text.len() > 3;
        return if is_button { Inline::default() } else { only.clone() };
    }
    let mut joined = Inline::default();
    for part in parts {
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
