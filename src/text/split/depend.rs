//! Whether a sentence depends on the one before it.

use super::heading::number_length;
use super::joint::{ADVERBIALS, DOCUMENTS, EXAMPLES, points_back, starts_with_any};
use super::noise::ends_sentence;

/// Beginnings, in lower case, of sentences that cannot be read without the one before, apart from those
/// that [`points_back`] knows.
const BACK: &[&str] = &[
    "any of those",
    "in others",
    "in other cases",
    "others",
    "accordingly",
    "consequently",
    "conversely",
    "moreover",
    "furthermore",
    "in addition to this",
    "in turn",
    "for this",
    "for these",
    "for that reason",
    "for such",
    "of these",
    "by doing so",
    "in doing so",
    "when doing so",
    "the same",
    "the latter",
    "the former",
    "he",
    "she",
    "their",
    "its",
    "neither of",
    "both of",
    "any such",
    "all such",
    "each such",
    "no such",
    "also",
];

/// Words that point at something said before, in lower case.
const POINTING: &[&str] = &["this", "these", "those", "such", "they", "them", "above", "foregoing"];

/// Beginnings, in lower case, of items that can only be read after the item before them.
const ITEMS: &[&str] = &[
    "in others",
    "in other cases",
    "in that case",
    "in this case",
    "in such",
    "in these cases",
    "in those cases",
    "if so",
    "if not",
    "however",
    "otherwise",
    "conversely",
    "for example",
    "for instance",
    "such",
    "any such",
    "they",
];

/// Tells whether an item of a list can only be read after the one before it: "In others, …", "However, …".
pub(crate) fn depends(item: &str) -> bool {
    item.starts_with(char::is_uppercase) && starts_with_any(item, ITEMS) && ends_sentence(item)
}

/// How many words into a sentence stands what points at the sentence before it; `None` if nothing
/// does near its front.
pub(crate) fn points_elsewhere(sentence: &str) -> Option<usize> {
    let sentence = sentence.trim_start();
    let body = sentence.get(number_length(sentence)..).unwrap_or("");
    if body.starts_with(['“', '"', '„', '«']) {
        return None;
    }
    if points_back(body) || [EXAMPLES, ADVERBIALS, BACK].iter().any(|starts| starts_with_any(body, starts)) {
        return Some(0);
    }
    let words: Vec<&str> =
        body.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(6).collect();
    let points = |at: usize, word: &&str| {
        let next = words.get(at + 1).map_or(String::new(), |next| next.to_lowercase());
        let is_name = words.get(at + 1).is_some_and(|next| next.starts_with(char::is_uppercase));
        POINTING.contains(word) && !is_name && !DOCUMENTS.contains(&next.as_str()) && next != "as"
    };
    words.iter().enumerate().take(5).find(|(at, word)| *at > 0 && points(*at, word)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_cannot_be_read_alone() {
        for (sentence, expected) in [
            ("In others, kites may be lent to guests.", Some(0)),
            ("Such kites are sold in spring.", Some(0)),
            ("For example, a kite of paper is one.", Some(0)),
            ("If this happens, the kite is lost.", Some(1)),
            ("If this Policy changes, we tell you.", None),
            ("Members may use tools such as scissors.", None),
            ("The club sells kites.", None),
            ("", None),
        ] {
            assert_eq!(points_elsewhere(sentence), expected, "in {sentence:?}");
        }
    }
}
