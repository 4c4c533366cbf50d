//! Telling headings from text and keeping the path of the headings above.

use super::clean::clean_text;
use super::inline::Inline;
use super::noise::{count_sentence_words, ends_sentence, is_unspaced};

/// Longest heading that ends as a sentence does, in characters; one without an end may be twice as long.
const MAX_HEADING: usize = 120;
/// Longest paragraph in bold that is a heading, in characters.
const MAX_BOLD: usize = 180;
/// Longest title behind a number without a mark, in bytes.
const MAX_BARE: usize = 60;
/// Longest bold run-in heading, in characters.
const MAX_RUN_IN: usize = 90;

/// Lowest rank of a heading marked as one.
pub(crate) const MAX_REAL_RANK: u8 = 6;
/// Rank of unnumbered headings set in bold; real headings have ranks 1 to 6.
pub(crate) const BOLD_RANK: u8 = 14;
/// Rank of those that are all in capitals.
pub(crate) const CAPITALS_RANK: u8 = 13;
/// Rank of short plain lines that stand above a text.
pub(crate) const PLAIN_RANK: u8 = 16;
/// Rank of headings that run into their paragraph.
pub(crate) const RUN_IN_RANK: u8 = 18;

/// Words that mark a remark and do not name a provision.
const REMARKS: &[&str] = &[
    "note",
    "notes",
    "caution",
    "important",
    "example",
    "examples",
    "tip",
    "warning",
    "notice",
    "hinweis",
    "remarque",
    "e.g.",
    "and",
    "or",
    "nota",
    "please note",
    "important note",
    "q",
    "a",
    "update",
];

/// What a paragraph is.
#[derive(Debug, PartialEq)]
pub(crate) enum Role {
    /// A heading of its own.
    Heading(u8, String),
    /// A heading that runs into the text, which begins at the byte given.
    RunIn(u8, String, usize),
    Text,
}

/// Tells whether a heading's text is rather a sentence.
pub(crate) fn is_sentence_heading(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let length = text.chars().count();
    length > MAX_HEADING && (ends_sentence(text) || length > 2 * MAX_HEADING)
        || words > 12 && text.trim_end().ends_with('.')
        || words > 14 && ends_sentence(text) && !text.trim_end().ends_with('?')
}

/// Tells whether a heading only marks a remark, as "Note" does, or greets the reader.
pub(crate) fn is_remark(title: &str) -> bool {
    let lower = title.to_lowercase();
    REMARKS.contains(&lower.as_str()) || lower.starts_with("dear ")
}

/// Finds out from bold type and numbering whether a paragraph is or begins with a heading.
pub(crate) fn classify_paragraph(inline: &Inline) -> Role {
    let text = inline.text.as_str();
    let number = number_length(text);
    let body = text.get(number..).unwrap_or("");
    if body.is_empty() {
        return Role::Text;
    }
    let first_bold = inline.bold.iter().find(|range| range.end > number);
    let Some(first_bold) = first_bold.filter(|range| range.start <= number + 1) else {
        return classify_plain_number(text, number);
    };
    if inline.bold_share(number) > 0.95 {
        let speaks = count_sentence_words(text) >= 3 && ends_sentence(text) && !text.ends_with('?');
        let is_long = text.chars().count() > MAX_BOLD || ends_sentence(text) && is_sentence_heading(text);
        if is_long || speaks || text.ends_with([',', ';']) {
            return Role::Text;
        }
        return Role::Heading(rank_bold(text, number), text.to_owned());
    }
    // Adjacent bold runs are one: the archive breaks them at white space.
    let mut end = first_bold.end;
    for range in &inline.bold {
        let gap = text.get(end..range.start);
        if range.start >= end && gap.is_some_and(|gap| gap.trim().is_empty()) {
            end = range.end;
        }
    }
    let title = text.get(number..end).unwrap_or("").trim();
    let rest = text.get(end..).unwrap_or("");
    let mark = rest.trim_start();
    let opens = title.ends_with(['.', ':', '?', '!', '：'])
        || mark.starts_with([':', '.', '–', '—', '：'])
        || mark.starts_with("- ")
        || rest.starts_with('\n')
        || is_set_off(title, mark);
    let after = rest.trim_start_matches([':', '.', ' ', '–', '—', '-', '\n', '：', '\u{2010}']);
    let name = strip_marks(title);
    if !opens
        || name.is_empty()
        || after.is_empty()
        || title.chars().count() > MAX_RUN_IN
        || title.split_whitespace().count() > 14
        || after.starts_with(char::is_lowercase)
        || is_remark(name)
    {
        return Role::Text;
    }
    let rank = match number_depth(text.get(..number).unwrap_or("")) {
        0 => RUN_IN_RANK,
        depth => 7 + depth.min(6),
    };
    // A title that is a whole sentence is a part of the text as well.
    let is_sentence =
        title.ends_with('.') && count_sentence_words(title) >= 2 && title.split_whitespace().count() >= 6;
    let from = if is_sentence { 0 } else { text.len() - after.len() };
    Role::RunIn(rank, name.to_owned(), from)
}

/// A short numbered line in plain type is a heading when it is written like a title.
fn classify_plain_number(text: &str, number: usize) -> Role {
    let body = text.get(number..).unwrap_or("");
    let depth = number_depth(text.get(..number).unwrap_or(""));
    let is_title = depth > 0
        && body.starts_with(|c: char| c.is_uppercase())
        && body.split_whitespace().count() <= 10
        && body.chars().count() <= 80
        && !body.ends_with([':', ',', ';', '!', ')'])
        && (!body.ends_with('.') || text.starts_with(char::is_alphabetic) && !number_is_letter(text, number))
        && ![" and", " or"].iter().any(|end| body.ends_with(end))
        && count_sentence_words(body) <= 1
        && text.starts_with(|c: char| c.is_ascii_digit() || c.is_uppercase())
        && !is_unspaced(body);
    if is_title { Role::Heading(7 + depth.min(6), text.to_owned()) } else { Role::Text }
}

/// Tells whether a title in bold is set off from the sentence after it by its capitals alone.
fn is_set_off(title: &str, after: &str) -> bool {
    let next = after.split_whitespace().next().unwrap_or("");
    let opens =
        ["We", "You", "The", "If", "Our", "Your", "This", "These"].contains(&next) || title.ends_with(')');
    let mut words = title.split_whitespace().filter(|word| word.chars().count() > 3);
    opens
        && title.split_whitespace().count() >= 2
        && words.all(|word| word.starts_with(|c: char| !c.is_lowercase()))
        && after.starts_with(char::is_uppercase)
}

/// Tells whether a number is a lone letter or roman numeral and not "Article 5" or "4.2".
fn number_is_letter(text: &str, number: usize) -> bool {
    !text.get(..number).unwrap_or("").contains(|c: char| c.is_ascii_digit() || c.is_lowercase())
}

fn rank_bold(text: &str, number: usize) -> u8 {
    match number_depth(text.get(..number).unwrap_or("")) {
        0 if text.chars().all(|c| !c.is_lowercase()) && text.chars().any(char::is_uppercase) => CAPITALS_RANK,
        0 => BOLD_RANK,
        depth => 7 + depth.min(6),
    }
}

/// Rank of a heading with the number at the front of `text`, if that is a dotted one as "4.2".
pub(crate) fn rank_number(text: &str) -> Option<u8> {
    let number = text.get(..number_length(text)).unwrap_or("").trim_end_matches(['.', ' ', ':']);
    let depth = number_depth(number);
    (number.contains('.') && depth >= 2).then_some(7 + depth.min(6))
}

/// How deep a number such as `1.2.` is: 0 for none, 1 for `1.`, `IV.` or `Section 3`.
fn number_depth(number: &str) -> u8 {
    let digits = number.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let has_mark = number.contains(|c: char| c.is_alphanumeric());
    match digits {
        0 if number.starts_with('(') => 4,
        0 => u8::from(has_mark),
        1 if number.starts_with('(') => 4,
        _ => u8::try_from(digits).unwrap_or(6),
    }
}

/// Length in bytes of the numbering at the front of `text`, white space included; 0 if none.
pub(crate) fn number_length(text: &str) -> usize {
    let mut rest = text;
    for _ in 0..2 {
        let next = strip_number(rest);
        if next.len() == rest.len() || next.is_empty() {
            break;
        }
        rest = next;
    }
    text.len() - rest.len()
}

fn strip_number(text: &str) -> &str {
    let lower: String = text.chars().take(12).flat_map(char::to_lowercase).collect();
    let words = ["section ", "article ", "artikel ", "abschnitt ", "part ", "chapter ", "clause ", "§ ", "§"];
    if let Some(word) = words.iter().find(|word| lower.starts_with(**word)) {
        let after = text.get(word.len()..).unwrap_or("");
        let mark =
            after.split(|c: char| c.is_whitespace() || c == ':' || c == '–' || c == '—').next().unwrap_or("");
        let core = mark.trim_end_matches(['.', ')']);
        if is_plain_number(core) || is_roman(core) || is_letter(core) {
            return skip_separators(after.get(mark.len()..).unwrap_or(""));
        }
        return text;
    }
    if let Some(inner) = text.strip_prefix(['(', '（']) {
        let end = inner.find([')', '）']).filter(|&end| end <= 6);
        if let Some(end) = end {
            let core = inner.get(..end).unwrap_or("");
            let after = inner.get(end..).unwrap_or("").trim_start_matches([')', '）']);
            if is_plain_number(core) || is_roman(core) || is_letter(core) {
                return skip_separators(after);
            }
        }
        return text;
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    if end > 0 && text.starts_with(|c: char| c.is_ascii_digit()) {
        let core = text.get(..end).unwrap_or("");
        let after = text.get(end..).unwrap_or("");
        let longest = core.split('.').map(str::len).max().unwrap_or(0);
        let is_marked = core.contains('.') || after.starts_with([')', ':', '、', '）']);
        let follows =
            after.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic() || ")：:、）“\"".contains(c));
        if is_bare_number(core, after) {
            return skip_separators(after);
        }
        // "10B. Transfers" counts between 10 and 11.
        if core.len() <= 2
            && let Some(length) = letter_length(after)
        {
            return skip_separators(after.get(length..).unwrap_or(""));
        }
        if longest <= 2 && core.len() <= 9 && is_marked && follows && !core.starts_with("0.") {
            return skip_separators(after.trim_start_matches([')', ':', '、', '）']));
        }
        return text;
    }
    if let Some(length) = lettered_number(text) {
        return skip_separators(text.get(length..).unwrap_or(""));
    }
    let end = text.find(['.', ')']).filter(|&end| end <= 6).unwrap_or(0);
    let core = text.get(..end).unwrap_or("");
    let after = text.get(end + 1..).unwrap_or("");
    let mut next = after.chars();
    let (first, second) = (next.next(), next.next());
    let goes_on = first.is_some_and(char::is_whitespace)
        || first.is_some_and(char::is_uppercase) && second != Some('.') && core.len() == 1;
    if end > 0 && goes_on && (is_letter(core) || is_roman(core)) {
        return skip_separators(after);
    }
    text
}

/// Tells whether a short line begins with a number without a mark, as in "2 Your obligations".
fn is_bare_number(core: &str, after: &str) -> bool {
    let title = after.trim_start();
    let first = title.split_whitespace().next().unwrap_or("").to_lowercase();
    let is_unit =
        ["day", "hour", "minute", "month", "week", "year", "time"].iter().any(|unit| first.starts_with(unit));
    core.len() <= 2
        && !core.contains('.')
        && !core.starts_with('0')
        && after.starts_with(' ')
        && title.starts_with(char::is_uppercase)
        && title.len() <= MAX_BARE
        && !title.ends_with(['.', ':', ';', ',', '!', '?', ')'])
        && !title.contains(|c: char| c.is_ascii_digit())
        && !is_unit
}

/// Length in bytes of the letter that goes on a number, and of the mark behind it: `B.` in "10B. Wind".
fn letter_length(after: &str) -> Option<usize> {
    let marked = after.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    let title = marked.strip_prefix('.')?;
    title.starts_with(char::is_whitespace).then_some(2)
}

/// Length in bytes of a number such as `B.3.` or `H.1.a.` at the front of a text.
fn lettered_number(text: &str) -> Option<usize> {
    let end = text.find(char::is_whitespace).filter(|&end| end <= 12)?;
    let word = text.get(..end)?;
    let (letter, rest) = word.split_once('.')?;
    let is_lettered = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_uppercase());
    let is_counted = rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.split('.').all(|part| is_plain_number(part) || part.len() <= 1 && part.is_ascii());
    (is_lettered && is_counted).then_some(end)
}

fn is_plain_number(core: &str) -> bool {
    core.len() <= 8
        && core.starts_with(|c: char| c.is_ascii_digit())
        && core.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_roman(core: &str) -> bool {
    !core.is_empty()
        && core.len() <= 5
        && (core.chars().all(|c| "ivx".contains(c)) || core.chars().all(|c| "IVX".contains(c)))
}

fn is_letter(core: &str) -> bool {
    core.len() <= 2
        && !core.is_empty()
        && core.chars().all(|c| c.is_ascii_alphabetic())
        && (core.len() == 1 || core.chars().all(|c| core.starts_with(c)))
}

fn skip_separators(text: &str) -> &str {
    text.trim_start_matches([' ', ':', '–', '—', '-', '\n', '.'])
}

fn strip_marks(title: &str) -> &str {
    title.trim().trim_end_matches([':', '.', ',', ' ', '：', '–', '—', '-']).trim_end()
}

/// Makes the title shown for a heading: plain, without numbering and end marks.
pub(crate) fn make_title(raw: &str) -> String {
    let cleaned = clean_text(&raw.replace('\n', " "));
    let bare = cleaned.get(number_length(&cleaned)..).unwrap_or("");
    let title = strip_marks(bare);
    let title = ["[]", "【】", "“”", "\"\""]
        .iter()
        .find_map(|pair| {
            let mut signs = pair.chars();
            let inner = title.strip_prefix(signs.next()?)?.strip_suffix(signs.next()?)?;
            (!inner.contains(['[', '【', '“', '"'])).then_some(inner)
        })
        .unwrap_or(title);
    if title.chars().any(char::is_alphanumeric) { title.to_owned() } else { cleaned }
}

/// The headings above a place in the document, each with its rank.
#[derive(Debug, Default, Clone)]
pub(crate) struct HeadingStack {
    entries: Vec<(u8, String)>,
}

impl HeadingStack {
    /// Enters a heading, leaving those of its rank and below.
    pub(crate) fn enter(&mut self, rank: u8, title: String) {
        self.leave(rank);
        if self.entries.last().is_none_or(|(_, last)| *last != title) {
            self.entries.push((rank, title));
        }
    }

    /// The nearest heading above, with its rank.
    pub(crate) fn innermost(&self) -> Option<(u8, &str)> {
        self.entries.last().map(|(rank, title)| (*rank, title.as_str()))
    }

    /// Number of headings above.
    pub(crate) fn depth(&self) -> usize {
        self.entries.len()
    }

    /// Leaves the headings beyond `depth` that are known by their type only; tells whether there
    /// were any.
    pub(crate) fn leave_item(&mut self, depth: usize) -> bool {
        let before = self.entries.len();
        let mut at = 0;
        self.entries.retain(|(rank, _)| {
            at += 1;
            at <= depth || *rank <= MAX_REAL_RANK
        });
        self.entries.len() < before
    }

    /// Leaves the heading that a provision of this rank counts on from, and those below it; tells
    /// whether there was one.
    pub(crate) fn leave_numbered(&mut self, rank: u8) -> bool {
        let counts_on = self.entries.iter().any(|(last, _)| *last == rank);
        if counts_on {
            self.leave(rank);
        }
        counts_on
    }

    /// Leaves headings of the rank given and of lower ones.
    pub(crate) fn leave(&mut self, rank: u8) {
        while self.entries.last().is_some_and(|(last, _)| *last >= rank) {
            self.entries.pop();
        }
    }

    /// Titles from the outermost heading on.
    pub(crate) fn titles(&self) -> Vec<String> {
        self.entries.iter().map(|(_, title)| title.clone()).collect()
    }
}
