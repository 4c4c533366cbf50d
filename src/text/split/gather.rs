//! Recognising lists that are written as paragraphs.

use super::assemble::MAX_PARAGRAPH;
use super::context::read_number;
use super::heading::number_length;
use super::list::{Item, fold_lines};
use super::outline::Part;

/// Gathers paragraphs such as "(a) …" or "• …" after each other into lists.
pub(crate) fn gather_items(parts: Vec<Part>) -> Vec<Part> {
    let mut gathered: Vec<Part> = Vec::new();
    let mut open = false;
    // The number of the provision that led into the open list.
    let mut outer: Option<String> = None;
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
        // "(e)" after "(d) … by:" and its "(i)" and "(ii)" is no item of that list.
        let number = read_number(&inline.text);
        if open && succeeds(outer.as_deref(), number.as_deref()) {
            open = false;
        }
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
            last => {
                outer = match last {
                    Some(Part::Text(lead)) => read_number(&lead.text),
                    _ => None,
                };
                gathered.push(Part::List(vec![item]));
            }
        }
        open = true;
    }
    gathered
}

/// Tells whether a number is the next one after another of its kind: "(e)" after "(d)", "4.3" after "4.2".
pub(crate) fn succeeds(before: Option<&str>, next: Option<&str>) -> bool {
    let (Some(before), Some(next)) = (before, next) else {
        return false;
    };
    let bare = |number: &str| number.trim_matches(['(', ')', '.']).to_owned();
    let (before, next) = (bare(before), bare(next));
    let split = |number: &str| match number.rsplit_once(['.', ' ']) {
        Some((head, last)) => (head.to_owned(), last.to_owned()),
        None => (String::new(), number.to_owned()),
    };
    let ((head, last), (next_head, next_last)) = (split(&before), split(&next));
    if head != next_head {
        return false;
    }
    let letter = |text: &str| text.chars().next().filter(|c| text.len() == 1 && c.is_ascii_alphabetic());
    match (last.parse::<u32>(), next_last.parse::<u32>()) {
        (Ok(last), Ok(next)) => next == last.saturating_add(1),
        _ => match (letter(&last), letter(&next_last)) {
            (Some(last), Some(next)) if u32::from(next) == u32::from(last) + 1 => true,
            _ => match (read_roman(&last), read_roman(&next_last)) {
                (Some(last), Some(next)) => next == last + 1,
                _ => false,
            },
        },
    }
}

/// Reads a small Roman numeral in lower case, up to 39.
fn read_roman(number: &str) -> Option<u32> {
    let ones = number.trim_start_matches('x');
    let tens = number.len() - ones.len();
    let names = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let value = (0..).zip(names).find(|(_, name)| *name == ones).map(|(value, _)| value)?;
    (!number.is_empty() && tens <= 3).then(|| value + 10 * u32::try_from(tens).unwrap_or(0))
}

fn merge_list(gathered: &mut Vec<Part>, part: Part, open: bool) {
    match (gathered.last_mut(), part) {
        (Some(Part::List(items)), Part::List(more)) if open => items.extend(more),
        (_, part) => gathered.push(part),
    }
}

/// Length in bytes of a bullet sign at the front of a text; 0 if there is none.
fn bullet_length(text: &str) -> usize {
    let bare = text.trim_start_matches([
        '•', '·', '・', '▪', '●', '○', '◦', '∙', '‣', '–', '-', '*', '\u{f0b7}', '\u{f0a7}',
    ]);
    let length = text.len() - bare.len();
    let is_spaced = bare.starts_with(' ') || text.starts_with(['•', '·', '・', '▪', '●', '\u{f0b7}']);
    if length > 0 && is_spaced { length } else { 0 }
}

/// Tells whether a paragraph is numbered as an item within a sentence is: "(a)", "1)", "ii.".
fn is_enumerated(text: &str) -> bool {
    let number = text.get(..number_length(text)).unwrap_or("").trim();
    let digits = number.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    !number.is_empty() && digits <= 1 && !number.starts_with(|c: char| c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_on() {
        for (before, next, expected) in [
            ("(d)", "(e)", true),
            ("(d)", "(i)", false),
            ("4.2", "4.3", true),
            ("4.2", "5.3", false),
            ("4", "5", true),
            ("Article 5", "Article 6", true),
            ("a", "a", false),
            ("(i)", "(ii)", true),
            ("(ix)", "(x)", true),
            ("(ii)", "(iv)", false),
        ] {
            assert_eq!(succeeds(Some(before), Some(next)), expected, "{before} {next}");
        }
        assert!(!succeeds(None, Some("1")));
    }
}
