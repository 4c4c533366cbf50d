//! Recognising lists that are written as paragraphs.

use super::assemble::MAX_PARAGRAPH;
use super::heading::number_length;
use super::list::{Item, fold_lines};
use super::outline::Part;

/// Gathers paragraphs such as "(a) …" or "• …" after each other into lists.
pub(crate) fn gather_items(parts: Vec<Part>) -> Vec<Part> {
    let mut gathered: Vec<Part> = Vec::new();
    let mut open = false;
    for part in parts {
        let Part::Text(inline) = part else {
            open = open && matches!(part, Part::List(_));
            merge_list(&mut gathered, part, open);
            open = false;
            continue;
        };
        let after_lead =
            matches!(gathered.last(), Some(Part::Text(lead)) if lead.text.ends_with([':', '：', '—']));
        let bullet = bullet_length(&inline.text);
        let is_item = bullet > 0
            || (after_lead || open)
                && (is_enumerated(&inline.text) || open && inline.text.starts_with(char::is_lowercase));
        // An item that leads into items of its own is text, and so is one that is too long.
        if !is_item || inline.char_len() > MAX_PARAGRAPH || inline.text.ends_with([':', '：']) {
            gathered.push(Part::Text(fold_lines(&inline.slice(bullet..inline.text.len()))));
            open = false;
            continue;
        }
        let item = Item::from_inline(fold_lines(&inline.slice(bullet..inline.text.len())));
        match gathered.last_mut() {
            Some(Part::List(items)) if open => items.push(item),
            _ => gathered.push(Part::List(vec![item])),
        }
        open = true;
    }
    gathered
}

fn merge_list(gathered: &mut Vec<Part>, part: Part, open: bool) {
    match (gathered.last_mut(), part) {
        (Some(Part::List(items)), Part::List(more)) if open => items.extend(more),
        (_, part) => gathered.push(part),
    }
}

/// Length in bytes of a bullet sign at the front of a text; 0 if there is none.
fn bullet_length(text: &str) -> usize {
    let bare = text
        .trim_start_matches(['•', '·', '▪', '●', '○', '◦', '∙', '‣', '–', '-', '*', '\u{f0b7}', '\u{f0a7}']);
    let length = text.len() - bare.len();
    let is_spaced = bare.starts_with(' ') || text.starts_with(['•', '·', '▪', '●', '\u{f0b7}']);
    if length > 0 && is_spaced { length } else { 0 }
}

/// Tells whether a paragraph is numbered as an item within a sentence is: "(a)", "1)", "ii.".
fn is_enumerated(text: &str) -> bool {
    let number = text.get(..number_length(text)).unwrap_or("").trim();
    let digits = number.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    !number.is_empty() && digits <= 1 && !number.starts_with(|c: char| c.is_uppercase())
}
