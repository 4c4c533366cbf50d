//! Making clauses of the rows of tables.

use super::assemble::{Assembler, MAX_ANNOUNCEMENT, MAX_LIST, MAX_PARAGRAPH, MIN_ITEM, Pending};
use super::clean::clean_text;
use super::cut::{LEAD, Piece, choose_cuts, rate_cut};
use super::cut_at_word;
use super::divide::cut_sentences;
use super::heading::number_length;
use super::inline::Inline;
use super::lead::{name_lead, repeat_lead};
use super::line::{is_bullet, split_lines, strip_bullet};
use super::list::{Item, fold_lines, is_marked, join_items};
use super::noise::is_sentence;
use super::table::{Detail, Rows};

/// Longest name of a row that is repeated for its later parts, in characters.
const MAX_NAME: usize = 200;
/// Longest line of a cell that is repeated for what it leads into, in characters.
const MAX_LEAD: usize = 300;
/// What it costs to cut a row within one of its cells.
const WITHIN: f64 = 0.3;
/// What it costs to cut a row within an item of a list in one of its cells.
const NESTED: f64 = 0.7;
/// What it costs to part the name of a row from the rest.
const NAME: f64 = 10.0;

/// A line of a cell, or a sentence of one that is too long.
struct Line {
    text: Inline,
    /// 0 for paragraphs, 1 for items, 2 for items of items.
    level: usize,
    /// The column in which it stands.
    column: usize,
    cost: f64,
}

impl Assembler {
    /// Adds a table together with the paragraph that introduces it.
    pub(crate) fn add_led_rows(&mut self, lead: Inline, rows: Rows) {
        let all = rows.head_row.iter().chain(&rows.rows);
        let items: Vec<Item> = all.map(fold_lines).map(Item::from_inline).collect();
        let whole = join_items(Some(&lead), &items);
        let is_small = rows.rows.iter().all(|row| row.char_len() < MIN_ITEM);
        if is_small && whole.char_len() <= MAX_LIST {
            self.close();
            self.open = Some(Pending::of_list(whole));
        } else {
            let repeated = repeat_lead(&lead).map(|lead| name_lead(&lead));
            let from = self.drafts.len();
            if lead.char_len() >= MAX_ANNOUNCEMENT {
                self.add_text(lead, true);
                self.add_rows(rows, repeated.as_deref());
                return;
            }
            self.close();
            let from = from.max(self.drafts.len());
            self.add_rows(rows, repeated.as_deref());
            // A short announcement stands with the first row.
            if let Some(first) = self.drafts.get_mut(from) {
                let row = std::mem::replace(&mut first.text, lead);
                first.text.append(&row, None);
            }
        }
    }

    /// Adds the rows of a table: long ones alone, runs of short ones together.
    pub(crate) fn add_rows(&mut self, rows: Rows, lead: Option<&str>) {
        self.close();
        let long = rows.rows.iter().filter(|row| row.char_len() >= MIN_ITEM).count();
        let mostly_long = long * 2 >= rows.rows.len();
        let mut group = rows.head_row.filter(|_| !mostly_long).unwrap_or_default();
        let mut group_lead: Option<String> = None;
        let mut is_below_label = false;
        for (at, (row, detail)) in rows.rows.iter().zip(&rows.details).enumerate() {
            let row = fold_lines(row);
            // A lone label among long rows names those below it, and so does a row above a lone text.
            let next = rows.details.get(at + 1).zip(rows.rows.get(at + 1));
            let is_label = detail.is_label && mostly_long && next.is_some();
            if is_label || heads_text(&row, detail, next) {
                if !is_below_label {
                    self.push_row(std::mem::take(&mut group), group_lead.take());
                }
                group.append(&row, (!is_marked(&group.text)).then_some('.'));
                group_lead = group_lead.or_else(|| name_place(detail, lead));
                is_below_label = true;
                continue;
            }
            let is_own = row.char_len() >= MIN_ITEM && (mostly_long || is_sentence(&row.text))
                || is_below_label
                || mostly_long && is_sentence(&row.text);
            let is_labelled = is_below_label && !group.text.is_empty();
            is_below_label = false;
            if !is_labelled
                && !group.text.is_empty()
                && (is_own || group.char_len() + row.char_len() > MAX_PARAGRAPH)
            {
                self.push_row(std::mem::take(&mut group), group_lead.take());
            }
            let governing = name_place(detail, lead);
            if is_own && row.char_len() > MAX_PARAGRAPH {
                group_lead = None;
                self.divide_row(std::mem::take(&mut group), detail, lead);
                continue;
            }
            let mark = (!is_marked(&group.text)).then_some('.');
            group.append(&row, mark);
            group_lead = group_lead.or(governing);
            if is_own {
                self.push_row(std::mem::take(&mut group), group_lead.take());
            }
        }
        self.push_row(group, group_lead);
    }

    fn push_row(&mut self, text: Inline, lead_in: Option<String>) {
        let from = self.drafts.len();
        self.push(text);
        for draft in self.drafts.iter_mut().skip(from) {
            draft.lead_in = draft.lead_in.take().or_else(|| lead_in.clone());
        }
    }

    /// Pushes a row that is too long for one clause in parts, each with the names of the row and of
    /// the column, and with the lines of the cell that lead into it.
    fn divide_row(&mut self, label: Inline, detail: &Detail, lead: Option<&str>) {
        let lines = read_lines(detail);
        let pieces: Vec<Piece> =
            lines.iter().map(|line| Piece { length: line.text.char_len(), cost: line.cost }).collect();
        let above = Some(shorten(&label.text)).filter(|above| !above.is_empty());
        let mut label = Some(label).filter(|label| !label.text.is_empty());
        for part in choose_cuts(&pieces) {
            let Some(own) = lines.get(part.clone()) else {
                continue;
            };
            let is_first = part.start == 0;
            let mut text = label.take().unwrap_or_default();
            for (at, line) in own.iter().enumerate() {
                let mark = if line.level > 0 && at > 0 { ';' } else { '.' };
                let mark = if is_first && at == 1 && line.column > 0 && text.char_len() <= MAX_NAME {
                    ':'
                } else {
                    mark
                };
                let mark = (!is_marked(&text.text)).then_some(mark);
                text.append(&line.text, mark);
            }
            let place = if is_first {
                name_place(detail, lead)
            } else {
                Some(name_part(detail, above.clone(), lines.get(..part.start).unwrap_or(&[]), own))
            };
            self.keep(text, 0, place.as_ref());
        }
    }
}

/// Tells whether a short row of several cells heads the row below, all of which is one text.
fn heads_text(row: &Inline, detail: &Detail, next: Option<(&Detail, &Inline)>) -> bool {
    let is_text = |(next, text): (&Detail, &Inline)| {
        next.cells.len() == 1 && !next.is_carried && text.char_len() >= MIN_ITEM && is_sentence(&text.text)
    };
    detail.cells.len() > 1
        && row.char_len() < 4 * MIN_ITEM
        && next.is_some_and(is_text)
        && number_length(&row.text) > 0
}

/// What governs a whole row: what leads into the table, the label above it, the name that it shares
/// with the row above, and the names of its columns, the outermost first.
fn name_place(detail: &Detail, lead: Option<&str>) -> Option<String> {
    let name = detail.is_carried.then(|| shorten(&detail.name));
    let words: Vec<String> =
        [lead.map(str::to_owned), detail.label.as_deref().map(shorten), name, detail.head.clone()]
            .into_iter()
            .flatten()
            .filter(|words| !words.is_empty())
            .collect();
    (!words.is_empty()).then(|| join_words(&words))
}

/// What governs a later part of a row: its name below that of its column, the column of the part, and
/// the lines before that lead into it.
fn name_part(detail: &Detail, above: Option<String>, before: &[Line], own: &[Line]) -> String {
    let mut words: Vec<String> = detail.label.as_deref().map(shorten).into_iter().chain(above).collect();
    let column = own.first().map_or(0, |line| line.column);
    let head = |at: usize| detail.cells.get(at).map_or("", |(head, _)| head.as_str());
    if detail.is_carried || column > 0 {
        words.push(head(0).to_owned());
        words.push(shorten(&detail.name));
    }
    words.push(head(column).to_owned());
    let mut level = own.first().map_or(0, |line| line.level);
    let mut leads: Vec<String> = Vec::new();
    for line in before.iter().rev().take_while(|line| line.column == column) {
        if line.level < level || line.level == 0 && level == 0 && leads.is_empty() && own_goes_on(line) {
            leads.push(cut_at_word(&clean_text(&line.text.text), MAX_LEAD));
            level = line.level;
        }
        if level == 0 {
            break;
        }
    }
    if column == 0 && !detail.is_carried && leads.is_empty() {
        words.push(shorten(&detail.name));
    }
    words.extend(leads.into_iter().rev());
    words.retain(|words| !words.is_empty());
    join_words(&words)
}

fn own_goes_on(line: &Line) -> bool {
    line.text.text.ends_with([':', '：'])
}

fn shorten(name: &str) -> String {
    cut_at_word(&clean_text(name), MAX_NAME)
}

/// Joins words that stand above each other, each parted from the next by a colon.
fn join_words(words: &[String]) -> String {
    let mut joined = String::new();
    for word in words {
        if !joined.is_empty() {
            joined.push_str(if is_marked(&joined) { " " } else { ": " });
        }
        joined.push_str(word);
    }
    joined
}

/// Reads the cells of a row line by line, and what it costs to cut before each.
fn read_lines(detail: &Detail) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (column, (_, cell)) in detail.cells.iter().enumerate() {
        let parts = split_lines(cell);
        let top = parts.iter().find(|part| is_bullet(part)).and_then(|part| part.text.chars().next());
        for (at, part) in parts.iter().enumerate() {
            let level = match part.text.chars().next() {
                first if first == top && is_bullet(part) => 1,
                _ if is_bullet(part) => 2,
                _ => 0,
            };
            let text = fold_lines(&strip_bullet(part));
            let place = match (at, level) {
                (0, _) => 0.0,
                (_, 0 | 1) => WITHIN,
                _ => NESTED,
            };
            add_line(&mut lines, text, level, column, place);
        }
    }
    let is_name = |line: &Line| line.column == 0 && line.text.char_len() <= MAX_NAME;
    if lines.first().is_some_and(is_name)
        && let Some(second) = lines.get_mut(1)
    {
        second.cost = NAME;
    }
    lines
}

fn add_line(lines: &mut Vec<Line>, text: Inline, level: usize, column: usize, place: f64) {
    if text.text.is_empty() {
        return;
    }
    let last = lines.last().filter(|line| line.column == column);
    let before = last.map_or("", |line| &line.text.text);
    let is_below = last.is_some_and(|last| last.level < level && level > 1);
    let cost = match before {
        "" => place,
        _ if is_below => LEAD,
        before if before.ends_with([':', '：']) => LEAD,
        before if level == 0 => place.max(rate_cut(before, &text.text)),
        _ => place,
    };
    if text.char_len() <= MAX_PARAGRAPH {
        lines.push(Line { text, level, column, cost });
        return;
    }
    let mut last = String::new();
    for range in cut_sentences(&text.text) {
        let sentence = text.slice(range);
        let cost = if last.is_empty() { cost } else { rate_cut(&last, &sentence.text) + NESTED };
        last.clone_from(&sentence.text);
        lines.push(Line { text: sentence, level, column, cost });
    }
}
