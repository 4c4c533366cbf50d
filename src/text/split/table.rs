//! Tables: rows as running text, the heads of their columns and the names that they stand under.

use super::clean::clean_text;
use super::heading::number_length;
use super::inline::Inline;
use super::line::{is_bullet, split_lines, strip_bullet};
use super::list::is_marked;
use super::noise::{ends_sentence, is_furniture, is_sentence};

/// Longest cell, in characters, of a row that names columns.
const MAX_HEAD_CELL: usize = 60;
/// Shortest cell, in the mean, of a row that nothing marks as one that names columns.
const MIN_HEAD_CELL: usize = 6;
/// Longest cell, in characters, of a row in bold that names columns.
const MAX_BOLD_CELL: usize = 250;
/// Least length, in characters, of a sentence that makes a table worth reading.
const MIN_SENTENCE: usize = 40;
/// How many times longer the cells below a row are in the mean if that row names columns, although
/// neither Markdown nor bold type says so.
const HEAD_RATIO: usize = 3;

/// The rows of a table that say something.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// The row that names the columns, if it is none that Markdown marks as such.
    pub(crate) head_row: Option<Inline>,
    /// Each row as running text.
    pub(crate) rows: Vec<Inline>,
    /// What else is known of each.
    pub(crate) details: Vec<Detail>,
}

/// What governs a row, and its cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Detail {
    /// What stands in the first cell, or in that of the row above if the cell spans both.
    pub(crate) name: String,
    /// Whether the name stands in a row above.
    pub(crate) is_carried: bool,
    /// Whether the row is a lone cell that stands over the rows below it.
    pub(crate) is_label: bool,
    /// The lone cell of a row above that stands over this one.
    pub(crate) label: Option<String>,
    /// Names of the columns that are filled, parted by semicolons.
    pub(crate) head: Option<String>,
    /// The filled cells and the names of their columns.
    pub(crate) cells: Vec<(String, Inline)>,
}

/// Reads the rows of a table, the first of which names the columns; `None` if none speaks.
pub(crate) fn read_rows(rows: Vec<Vec<Inline>>) -> Option<Rows> {
    let mut rows = drop_empty_columns(rows);
    // A table without a header row names its columns in the first row, if at all.
    let is_headless = rows.first().is_some_and(|first| first.iter().all(|cell| cell.text.is_empty()));
    if is_headless {
        rows.remove(0);
    }
    let joined: Vec<Vec<Inline>> = rows.iter().map(|row| row.iter().map(join_cell).collect()).collect();
    // The names may stand below a lone cell that stands over all of the table.
    let is_banded =
        is_headless && matches!(joined.as_slice(), [first, second, ..] if is_lone(first) && !is_lone(second));
    let below = joined.get(usize::from(is_banded)..).unwrap_or(&[]);
    let is_named = below.split_first().is_some_and(|(first, rest)| names_columns(first, rest, is_headless));
    let mut named = joined.iter().zip(rows);
    let band = if is_named && is_banded { named.next() } else { None };
    let head = if is_named { named.next() } else { None };
    let columns: Vec<String> = head.iter().flat_map(|(head, _)| head.iter()).map(name_column).collect();
    let head_row = head.as_ref().filter(|_| is_headless).map(|(head, _)| join_row(head));
    let mut read = Rows { head_row, rows: Vec::new(), details: Vec::new() };
    let label = band.and_then(|(band, _)| band.iter().find(|cell| !cell.text.is_empty()));
    let mut above = Above {
        width: joined.iter().map(Vec::len).max().unwrap_or(0),
        label: label.map(|label| label.text.replace('\n', " ")),
        ..Above::default()
    };
    let mut speaks = false;
    let mut full_rows = 0;
    for (row, raw) in named {
        full_rows += usize::from(row.iter().filter(|cell| !cell.text.is_empty()).count() >= 2);
        speaks |= row.iter().any(is_telling);
        let line = join_row(row);
        // Long tables name their columns again and again.
        let is_head = is_named && row.iter().map(name_column).eq(columns.iter().cloned());
        if line.text.chars().any(char::is_alphanumeric) && !is_head {
            read.details.push(above.describe(row, raw, &columns));
            read.rows.push(line);
        }
    }
    speaks |= full_rows >= 2;
    (speaks && !read.rows.is_empty()).then_some(read)
}

fn name_column(head: &Inline) -> String {
    clean_text(&head.text.replace('\n', " ")).trim_end_matches([':', ' ']).to_owned()
}

/// Takes out the columns in which nothing stands, so that the others are counted alike.
fn drop_empty_columns(rows: Vec<Vec<Inline>>) -> Vec<Vec<Inline>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut is_filled = vec![false; width];
    for row in &rows {
        for (filled, cell) in is_filled.iter_mut().zip(row) {
            *filled |= !cell.text.is_empty();
        }
    }
    rows.into_iter()
        .map(|row| {
            row.into_iter().zip(&is_filled).filter(|(_, filled)| **filled).map(|(cell, _)| cell).collect()
        })
        .collect()
}

/// What the rows above say of the ones below them.
#[derive(Default)]
struct Above {
    /// How many columns there are.
    width: usize,
    name: String,
    label: Option<String>,
    /// The cells of the last row that has them all.
    full: Vec<String>,
}

impl Above {
    fn describe(&mut self, row: &[Inline], raw: Vec<Inline>, columns: &[String]) -> Detail {
        let filled: Vec<usize> =
            row.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()).map(|(at, _)| at).collect();
        let first = row.first().map(|cell| cell.text.replace('\n', " ")).unwrap_or_default();
        let shift = self.count_spanned(row);
        let is_carried = (first.is_empty() || shift > 0)
            && !self.name.is_empty()
            && self.width > 1
            && !ends_sentence(&self.name);
        let is_label = self.width > 1 && filled == [0] && names_rows(row.first());
        let label = self.label.clone();
        if is_label {
            self.label = Some(first.clone());
            self.name.clear();
        } else if !first.is_empty() && shift == 0 {
            self.name.clone_from(&first);
        }
        if row.len() == self.width {
            self.full = row.iter().map(|cell| cell.text.clone()).collect();
        }
        let name_of = |at: usize| columns.get(at + shift).map_or("", String::as_str);
        let heads: Vec<&str> = match shift {
            0 | 1 => filled.iter().map(|&at| name_of(at)).collect(),
            _ => columns.iter().map(String::as_str).collect(),
        };
        let heads: Vec<&str> = heads.into_iter().filter(|name| !name.is_empty()).collect();
        let own_name = || filled.first().and_then(|&at| row.get(at)).map(|cell| cell.text.replace('\n', " "));
        let name = if is_carried { self.name.clone() } else { own_name().unwrap_or_default() };
        let head = Some(heads.join("; ")).filter(|head| !head.is_empty());
        let cells = raw.into_iter().enumerate().filter(|(at, _)| filled.contains(at));
        let cells = cells.map(|(at, cell)| (name_of(at).to_owned(), cell)).collect();
        Detail { name, is_carried, is_label, label: label.filter(|_| !is_label), head, cells }
    }

    /// How many cells at the front of a row stand in the row above, which they span as well: those
    /// that it lacks, unless it has the same words in the same column.
    fn count_spanned(&self, row: &[Inline]) -> usize {
        let is_aligned = row
            .iter()
            .zip(&self.full)
            .skip(1)
            .any(|(cell, above)| !cell.text.is_empty() && cell.text == *above);
        let lacking = self.width.saturating_sub(row.len());
        if row.len() < 2 || is_aligned || self.full.is_empty() { 0 } else { lacking }
    }
}

/// Tells whether a lone cell may stand over rows: a name, or what leads into them.
fn names_rows(cell: Option<&Inline>) -> bool {
    cell.is_some_and(|cell| {
        cell.char_len() <= MAX_BOLD_CELL
            && !ends_sentence(&cell.text)
            && (!is_sentence(&cell.text)
                || cell.text.ends_with([':', '：'])
                || number_length(&cell.text) > 0
                || cell.bold_share(0) > 0.9)
    })
}

/// Tells whether a row is one short cell and no sentence.
fn is_lone(row: &[Inline]) -> bool {
    row.len() > 1
        && row.iter().filter(|cell| !cell.text.is_empty()).count() == 1
        && row.iter().all(|cell| cell.text.is_empty() || names_rows(Some(cell)))
}

fn is_telling(cell: &Inline) -> bool {
    is_sentence(&cell.text) && cell.char_len() >= MIN_SENTENCE && cell.link_share() < 0.8
}

/// Tells whether a first row is made of names of columns: two short ones at least, and no sentence.
/// One that nothing marks as such must be much shorter than what stands below.
fn names_columns(row: &[Inline], rest: &[Vec<Inline>], is_headless: bool) -> bool {
    let named = row.iter().filter(|cell| !cell.text.is_empty()).count();
    let is_bold =
        |cell: &Inline| cell.text.is_empty() || cell.bold_share(0) > 0.9 && cell.char_len() <= MAX_BOLD_CELL;
    let is_brief = |cell: &Inline| {
        // What stands below the name in its cell only explains it.
        let line = cell.text.split('\n').next().unwrap_or("");
        let name = cell.slice(0..line.len());
        name.char_len() <= MAX_HEAD_CELL && !is_telling(&name) && cell.char_len() <= MAX_BOLD_CELL
    };
    let is_corner = row.first().is_some_and(|cell| cell.text.is_empty())
        && rest.iter().filter(|row| row.first().is_some_and(|cell| !cell.text.is_empty())).count() * 2
            > rest.len();
    // "Name: | The kite club" is a row of its own, and a quoted word is one that is defined.
    let is_label = row
        .first()
        .is_some_and(|cell| cell.text.ends_with([':', '：']) || cell.text.starts_with(['“', '"', '„', '«']));
    let is_set_apart = || rest.iter().flatten().any(|cell| !is_bold(cell));
    let is_shorter = || {
        let (width, below) =
            rest.iter().flat_map(|row| row.iter().skip(1)).fold((0, 0), |(width, count), cell| {
                (width + cell.char_len(), count + usize::from(!cell.text.is_empty()))
            });
        let own: usize = row.iter().skip(1).map(Inline::char_len).sum();
        let ends = row.iter().any(|cell| cell.text.ends_with(['.', ',', ';', '!']));
        width * row.len().saturating_sub(1) >= own * below * HEAD_RATIO
            && own >= MIN_HEAD_CELL * row.len().saturating_sub(1)
            && !ends
    };
    named >= 2
        && !(is_label && row.len() <= 2)
        && if row.iter().all(is_bold) {
            !is_headless || is_set_apart()
        } else {
            row.iter().all(is_brief) && (!is_headless || is_corner || is_shorter())
        }
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
        // An item that is one word, as "Feedback" may be, is no button.
        let is_button = !is_bullet(&part) && is_furniture(&bare.text) && bare.text.len() > 3;
        if is_button || bare.text.is_empty() {
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
