//! Single lines: bullets, titles in plain type, and where one paragraph holds several.

use super::heading::{Role, classify_paragraph, number_length};
use super::inline::Inline;
use super::noise::{ends_sentence, is_date_line, is_sentence, is_unspaced};

/// Longest plain line, in characters, that may stand as a heading above a text.
pub(crate) const MAX_PLAIN_HEADING: usize = 80;
/// Lines of this length that end a sentence are paragraphs, in characters.
const MIN_LINE: usize = 100;

/// Cuts a text before numbered headings in bold that stand after the end of a sentence, as in
/// "… of the club. **4. Fees.** You pay …".
pub(crate) fn cut_at_headings(inline: &Inline) -> Vec<Inline> {
    let mut cuts = vec![0];
    for range in &inline.bold {
        let title = inline.text.get(range.clone()).unwrap_or("").trim_start();
        let before = inline.text.get(..range.start).unwrap_or("");
        let is_heading = title.chars().count() <= MAX_PLAIN_HEADING
            && number_length(title) > 0
            && title.trim_end().ends_with(['.', ':']);
        if is_heading && ends_sentence(before) && cuts.last().is_some_and(|&last| range.start > last) {
            cuts.push(range.start);
        }
    }
    cuts.push(inline.text.len());
    let parts = cuts.windows(2).filter_map(|pair| match pair {
        [from, to] => Some(inline.slice(*from..*to)),
        _ => None,
    });
    parts.filter(|part| !part.text.is_empty()).collect()
}

/// Tells whether a line only points to another page.
pub(crate) fn is_pointing(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["learn", "read", "see ", "click", "visit", "find out", "for more", "more information", "go to", "view"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// A line with several numbers is rather an address or a telephone number than a title.
fn has_address_numbers(body: &str) -> bool {
    let numbers = || body.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers().count() >= 2 || numbers().any(|part| part.len() > 4)
}

pub(crate) fn is_bullet(inline: &Inline) -> bool {
    inline.text.starts_with(['•', '·', '・', '*', '-', '–', '▪', '●', '○', '◦', '\u{f0b7}', '∙', '\u{f0a7}'])
        && inline.text.len() > 2
}

pub(crate) fn strip_bullet(inline: &Inline) -> Inline {
    if !is_bullet(inline) {
        return inline.clone();
    }
    let bare = inline.text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"(“\"'[€$£".contains(c));
    inline.slice(inline.text.len() - bare.len()..inline.text.len())
}

/// Cuts a text at blank lines and around lines that are bold throughout.
pub(crate) fn split_lines(inline: &Inline) -> Vec<Inline> {
    if !inline.text.contains('\n') {
        return vec![inline.clone()];
    }
    let mut groups: Vec<Inline> = Vec::new();
    let mut start = 0;
    let mut open = false;
    for line in inline.text.split('\n') {
        let end = start + line.len();
        let part = inline.slice(start..end);
        start = end + 1;
        if part.text.is_empty() {
            open = false;
            continue;
        }
        let stands_alone = matches!(classify_paragraph(&part), Role::Heading(..)) || is_date_line(&part.text);
        let opens_anew = groups.last().is_some_and(|last| {
            last.char_len() >= MIN_LINE && ends_sentence(&last.text) && is_sentence(&part.text)
        });
        let continues = open && !stands_alone && !is_bullet(&part) && !opens_anew;
        match groups.last_mut() {
            Some(last) if continues => last.append(&part, None),
            _ => groups.push(part),
        }
        open = !stands_alone;
    }
    groups
}

/// Tells whether a text ends with a name in brackets such as "(EU)".
fn names_region(text: &str) -> bool {
    let name = text.trim_end_matches(')').rsplit('(').next().unwrap_or("");
    (2..=6).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase())
}

/// Tells whether a text ends with the word that joins it to the next item.
fn ends_joined(text: &str) -> bool {
    [" and", " or", "; und", "; oder", " and/or"].iter().any(|end| text.ends_with(end))
}

/// Tells whether a line is the one of a letter that says what it is about.
fn opens_letter(text: &str) -> bool {
    ["Subject:", "Re:", "Betreff:", "Objet :", "Objet:", "Oggetto:", "Asunto:"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Tells whether a paragraph looks like a title although it is set in plain type.
pub(crate) fn is_plain_title(inline: &Inline) -> bool {
    let text = inline.text.as_str();
    let body = text.get(number_length(text)..).unwrap_or("");
    let length = inline.char_len();
    let words = text.split_whitespace().count();
    if text.ends_with(['?', '？']) {
        return length <= 150 && !text.trim_end_matches('?').contains(['.', '!', '?']);
    }
    length <= MAX_PLAIN_HEADING
        && words <= 11
        && body.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && !text.ends_with(['.', ',', ';', ':', '!', '：', '。', '；', '，', '”', '"'])
        && (!text.ends_with(')') || body.len() == text.len() && names_region(text))
        && !ends_joined(text)
        && !(is_unspaced(text) && length > 20)
        && inline.link_share() < 0.6
        && !text.contains(['@', '\n'])
        && !opens_letter(text)
        && !is_bullet(inline)
        && !text.starts_with('(')
        && !has_address_numbers(body)
        && !is_pointing(body)
        && !body.contains("please")
}

/// Tells whether a line says what the heading without text above it stands for.
pub(crate) fn is_heading_below(line: &Inline) -> bool {
    let text = line.text.as_str();
    is_plain_title(line)
        || line.char_len() <= MIN_LINE
            && text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && !text.ends_with([':', ',', ';', '!'])
            && line.link_share() < 0.6
            && !is_date_line(text)
            && !is_sentence(text)
}
