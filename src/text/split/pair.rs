//! Names that stand each on a line above what they name, as a table does whose lines were lost:
//! "Norway" above the company that sells kites there.

use super::inline::Inline;
use super::line::is_plain_title;
use super::list::is_marked;
use super::markdown::Block;
use super::noise::{ends_sentence, is_sentence};

/// Longest name, in characters, and in words.
const MAX_NAME: usize = 60;
const MAX_NAME_WORDS: usize = 8;
/// Longest text that is named, in characters.
const MAX_VALUE: usize = 400;
/// Fewest names of a row that is known by them.
const MIN_PAIRS: usize = 3;

/// Joins each name to the line below it where names and what they name take turns.
pub(crate) fn join_pairs(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut run: Vec<Inline> = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(line) if takes_turn(run.len(), &line) => {
                run.push(line);
            }
            Block::Paragraph(line) => {
                flush(&mut run, &mut joined);
                if is_name(&line) { run.push(line) } else { joined.push(Block::Paragraph(line)) }
            }
            other => {
                flush(&mut run, &mut joined);
                joined.push(other);
            }
        }
    }
    flush(&mut run, &mut joined);
    joined
}

fn flush(run: &mut Vec<Inline>, joined: &mut Vec<Block>) {
    // Sentences below a line each are sections below their headings.
    let values = run.iter().skip(1).step_by(2);
    let told = values.clone().filter(|value| ends_sentence(&value.text)).count();
    let is_table = values.clone().count() >= MIN_PAIRS && told * 4 <= values.count();
    let mut lines = run.drain(..);
    while let Some(mut name) = lines.next() {
        match lines.next() {
            Some(value) if is_table => {
                name.append(&value, Some(':'));
                if !is_marked(&name.text) {
                    name.text.push('.');
                }
                joined.push(Block::Paragraph(name));
            }
            value => joined.extend([Some(name), value].into_iter().flatten().map(Block::Paragraph)),
        }
    }
}

/// Tells whether a line is the next name of a run, or what the last one names. Behind many such
/// pairs that may be short.
fn takes_turn(length: usize, line: &Inline) -> bool {
    if length.is_multiple_of(2) {
        return is_name(line);
    }
    is_value(line) || length > 2 * MIN_PAIRS && line.char_len() >= MAX_NAME / 2 && !line.text.ends_with(':')
}

fn is_name(line: &Inline) -> bool {
    line.char_len() <= MAX_NAME
        && line.text.split_whitespace().count() <= MAX_NAME_WORDS
        && line.bold.is_empty()
        && line.links.is_empty()
        && line.text.starts_with(char::is_uppercase)
        && is_plain_title(line)
        && !is_sentence(&line.text)
}

/// Tells whether a line is longer than a name and yet no title and no lead-in.
fn is_value(line: &Inline) -> bool {
    (MAX_NAME..=MAX_VALUE).contains(&line.char_len())
        && line.text.starts_with(|c: char| c.is_alphanumeric())
        && !line.text.contains('\n')
        && !line.text.ends_with([':', '：', '?'])
}
