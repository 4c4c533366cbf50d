//! Provisions that stand behind each other in one paragraph, as a page whose line breaks were lost
//! has them: "… accordingly.7. No Licences.None is granted. …".

use super::assemble::MAX_PARAGRAPH;
use super::context::read_number;
use super::gather::succeeds;
use super::heading::number_length;
use super::inline::Inline;
use super::markdown::Block;

/// Longest number, in bytes.
const MAX_NUMBER: usize = 8;
/// Longest title behind a number, in bytes, and in words.
const MAX_TITLE: usize = 80;
const MAX_TITLE_WORDS: usize = 9;
/// Shortest paragraph, in bytes, that is looked at.
const MIN_LENGTH: usize = 200;

/// Most series that are looked through for the one that a number goes on with.
const MAX_SERIES: usize = 8;

/// A number at which a paragraph may be cut.
struct Mark {
    at: usize,
    number: String,
    /// Whether no white space parts it from the sentence before.
    is_glued: bool,
}

/// Cuts paragraphs before the numbers in them that count on from the one before.
pub(crate) fn cut_counted(blocks: Vec<Block>) -> Vec<Block> {
    let mut cut: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Paragraph(text) if text.text.len() >= MIN_LENGTH => {
                cut.extend(cut_paragraph(text).into_iter().map(Block::Paragraph));
            }
            other => cut.push(other),
        }
    }
    cut
}

fn cut_paragraph(text: Inline) -> Vec<Inline> {
    let places = find_places(&text.text);
    if places.is_empty() {
        return vec![text];
    }
    let ends = places.iter().copied().skip(1).chain([text.text.len()]);
    let head = places.first().map(|&first| mark_title(text.slice(0..first)));
    let parts = places.iter().zip(ends).map(|(&from, to)| mark_title(text.slice(from..to)));
    head.into_iter().chain(parts).filter(|part| !part.text.is_empty()).collect()
}

/// Where the provisions begin, the first one apart.
fn find_places(text: &str) -> Vec<usize> {
    let marks = find_marks(text);
    let mut places = Vec::new();
    // The last number of each kind, and where it stands if no cut was made there yet.
    let mut open: Vec<(String, Option<usize>)> = Vec::new();
    let is_long = text.len() > MAX_PARAGRAPH;
    if let Some(first) = read_number(text) {
        open.push((first, None));
    }
    for mark in marks {
        // Within a paragraph of usual length, or between words, only glued numbers part provisions.
        let cuts = mark.is_glued || is_long && mark.number.starts_with(|c: char| c.is_ascii_digit());
        let above = open.iter().rposition(|(last, _)| succeeds(Some(last), Some(&mark.number)));
        if let Some(above) = above.filter(|_| cuts) {
            open.truncate(above + 1);
            if let Some((last, waiting)) = open.last_mut() {
                places.extend(waiting.take());
                *last = mark.number;
            }
            places.push(mark.at);
        } else if is_first(&mark.number) && mark.is_glued {
            if open.len() >= MAX_SERIES {
                open.remove(0);
            }
            open.push((mark.number, Some(mark.at)));
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// Tells whether a number begins a series.
fn is_first(number: &str) -> bool {
    let bare = number.trim_matches(['(', ')']);
    ["1", "a", "i", "A", "I"].contains(&bare) || bare.ends_with(".1")
}

/// Numbers that stand right after the end of a sentence and before a capital letter.
fn find_marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut before = ' ';
    let mut is_glued = true;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            is_glued = false;
            last = c;
            continue;
        }
        let ends = matches!(before, '.' | '!' | '?' | ';' | '”' | ')')
            && (!is_glued || matches!(before, '.' | '!' | '?' | ';'));
        let starts_word = !is_glued || !last.is_alphanumeric();
        if ends
            && starts_word
            && (c.is_ascii_digit() || c == '(')
            && let Some(number) = read_mark(text.get(at..).unwrap_or(""))
            && !follows_digit(text.get(..at).unwrap_or(""))
        {
            marks.push(Mark { at, number, is_glued });
        }
        before = c;
        last = c;
        is_glued = true;
    }
    marks
}

/// Tells whether what ends before a number is itself one, as in "1.2".
fn follows_digit(before: &str) -> bool {
    let bare = before.trim_end_matches(['.', ' ', ')']);
    let word = bare.rsplit([' ', '.']).next().unwrap_or("");
    bare.ends_with(|c: char| c.is_ascii_digit()) && word.len() <= 3
}

/// Reads "7. No …", "7.2 No …" or "(ii) No …" at the front of a text.
fn read_mark(text: &str) -> Option<String> {
    let close = text
        .char_indices()
        .take(MAX_NUMBER)
        .find(|&(at, c)| at > 0 && !(c.is_ascii_digit() || c == '.' || c.is_ascii_lowercase()));
    let (end, mark) = close?;
    let number = text.get(..end)?;
    let is_bracketed = number.starts_with('(');
    let body = match (is_bracketed, mark) {
        (true, ')') => text.get(end + 1..)?.strip_prefix(' ')?,
        (false, ' ') if number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.') => {
            text.get(end + 1..)?
        }
        _ => return None,
    };
    let is_number = is_bracketed || number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let speaks = body.starts_with(|c: char| c.is_uppercase() || c == '“' || c == '"');
    let number = number.trim_end_matches('.');
    let number = if is_bracketed { format!("{number})") } else { number.to_owned() };
    let parts_short =
        number.split('.').all(|part| part.len() <= 6 && (is_bracketed || (1..=2).contains(&part.len())));
    (is_number && speaks && parts_short).then_some(number)
}

/// Sets the title behind the number in bold, so that it is read as one that runs into the text.
fn mark_title(mut text: Inline) -> Inline {
    let number = number_length(&text.text);
    if number == 0 {
        return text;
    }
    let body = text.text.get(number..).unwrap_or("");
    let near = body.char_indices().nth(MAX_TITLE).map_or(body.len(), |(at, _)| at);
    let end = body.get(..near).unwrap_or("").find(['.', ':', '?']);
    if let Some(end) = end
        && is_title(body.get(..end).unwrap_or(""))
        && body
            .get(end + 1..)
            .unwrap_or("")
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || "“\"(".contains(c))
        && text.bold.is_empty()
    {
        text.bold = std::iter::once(number..number + end + 1).collect();
    }
    text
}

/// Tells whether words are written as a name.
fn is_title(words: &str) -> bool {
    let is_name = |word: &str| word.chars().count() <= 3 || word.starts_with(|c: char| !c.is_lowercase());
    words.starts_with(char::is_uppercase)
        && words.split_whitespace().count() <= MAX_TITLE_WORDS
        && words.split_whitespace().all(is_name)
        && !words.contains([',', '('])
        || words.split_whitespace().count() == 1
}
