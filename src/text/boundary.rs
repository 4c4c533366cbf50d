//! Boundaries of words and sentences by UAX #29, as `unicode-segmentation` finds them, in a fraction of
//! its time: most text is of letters, digits and punctuation that a short table tells apart.

use unicode_segmentation::UnicodeSegmentation;

/// The words of a text with their places, as `unicode_word_indices` finds them.
///
/// No word reaches across a space or a line's end before ASCII, so each stretch between them is cut by
/// itself, and most are a word or nothing but ASCII. (A space is one with the accent after it.)
pub(crate) fn list_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = Some(0);
    let stretches = std::iter::from_fn(move || {
        let at = start?;
        let rest = text.get(at..)?;
        let ends = |pair: &[u8]| matches!(pair, [b' ' | b'\n', next] if next.is_ascii());
        let end = rest.as_bytes().windows(2).position(ends);
        start = end.map(|end| at + end + 1);
        Some((at, end.and_then(|end| rest.get(..end)).unwrap_or(rest)))
    });
    stretches
        .flat_map(|(at, stretch)| stretch.unicode_word_indices().map(move |(place, word)| (at + place, word)))
}

/// What a character does to the sentence that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Other,
    Stop,
    Mark,
    Return,
    Line,
    Space,
    Close,
    Continue,
    Lower,
    Upper,
    Digit,
}

/// The kind of a character; `None` where the table does not say.
fn find_kind(character: char) -> Option<Kind> {
    Some(match character {
        'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ' => Kind::Lower,
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' => Kind::Upper,
        '0'..='9' => Kind::Digit,
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' => Kind::Space,
        '\n' => Kind::Line,
        '\r' => Kind::Return,
        '.' => Kind::Stop,
        '!' | '?' => Kind::Mark,
        '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '‘' | '’' | '“' | '”' | '„' | '«' | '»' => {
            Kind::Close
        }
        ',' | '-' | ':' | ';' | '–' | '—' => Kind::Continue,
        '\0'..='\u{7f}' | '§' | '©' | '®' | '°' | '·' | '•' | '…' | '€' | '£' | '™' => {
            Kind::Other
        }
        _ => return None,
    })
}

/// The places at which a sentence ends by UAX #29, the end of the text among them, ascending.
pub(crate) fn list_sentence_ends(text: &str) -> Vec<usize> {
    if text.is_ascii() || text.chars().filter(|c| !c.is_ascii()).all(|c| find_kind(c).is_some()) {
        let mut ends = Vec::new();
        let mut at = 0;
        while at < text.len() {
            at = find_end(text, at);
            ends.push(at);
        }
        return ends;
    }
    text.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.len()).collect()
}

fn kind_at(text: &str, at: usize) -> Option<(Kind, usize)> {
    let character = text.get(at..)?.chars().next()?;
    Some((find_kind(character).unwrap_or(Kind::Other), at + character.len_utf8()))
}

fn skip(text: &str, mut at: usize, kind: Kind) -> usize {
    while let Some((found, next)) = kind_at(text, at) {
        if found != kind {
            break;
        }
        at = next;
    }
    at
}

/// Where the sentence that holds `from` ends, for a text of which the table knows every character. The
/// rules are those of UAX #29, by their numbers.
fn find_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(found) = rest.iter().position(|byte| matches!(byte, b'.' | b'!' | b'?' | b'\n' | b'\r'))
        else {
            return text.len();
        };
        let term = at + found;
        let after = term + 1;
        match bytes.get(term) {
            // SB3 and SB4.
            Some(b'\r') if bytes.get(after) == Some(&b'\n') => return after + 1,
            Some(b'\r' | b'\n') => return after,
            _ => {}
        }
        let is_stop = bytes.get(term) == Some(&b'.');
        let next = kind_at(text, after).map(|(kind, _)| kind);
        if is_stop {
            let before = text.get(..term).and_then(|head| head.chars().next_back()).and_then(find_kind);
            // SB6 and SB7.
            if next == Some(Kind::Digit)
                || next == Some(Kind::Upper) && matches!(before, Some(Kind::Upper | Kind::Lower))
            {
                at = after;
                continue;
            }
        }
        let end = skip(text, skip(text, after, Kind::Close), Kind::Space);
        // SB8, SB8a and SB10; else SB11.
        match kind_at(text, end).map(|(kind, _)| kind) {
            None => return text.len(),
            Some(Kind::Continue | Kind::Stop | Kind::Mark | Kind::Line | Kind::Return) => at = end,
            _ if is_stop && is_continued(text, end) => at = end,
            _ => return end,
        }
    }
}

/// Whether the first letter is in lower case, with no end of a sentence or line before it.
fn is_continued(text: &str, mut at: usize) -> bool {
    while let Some((kind, next)) = kind_at(text, at) {
        match kind {
            Kind::Lower => return true,
            Kind::Upper | Kind::Stop | Kind::Mark | Kind::Line | Kind::Return => return false,
            _ => at = next,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) {
        let ends: Vec<usize> =
            text.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.len()).collect();
        assert_eq!(list_sentence_ends(text), ends, "sentences of {text:?}");
        let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        assert_eq!(list_words(text).collect::<Vec<_>>(), words, "words of {text:?}");
    }

    #[test]
    fn a_character_of_the_table_does_as_the_standard_says() {
        let all = (0..0x2_200).filter_map(char::from_u32).filter(|c| find_kind(*c).is_some());
        for character in all {
            for (before, after) in [
                ("a", "b"),
                ("A", "B"),
                ("We fly.", "We"),
                ("We fly.", " We"),
                ("We fly. ", "We"),
                ("We fly. ", " we"),
                ("We fly", "We"),
                ("fly! ", " we"),
                ("5.", "5"),
                ("E.", "F"),
                ("", ""),
                ("\r", "\n"),
                ("fly.\r", "\nwe"),
                ("fly?) ", ") We"),
            ] {
                check(&format!("{before}{character}{after}"));
            }
        }
    }

    #[test]
    fn an_accent_makes_a_word_of_the_space_before_it() {
        for text in [
            " \u{301}",
            "a \u{301}b \u{b44}?",
            "a \u{200d}c",
            "\n\u{301}a",
            "a  \u{301}",
            " ",
            "a ",
            " \n",
            "",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn boundaries_are_those_of_the_standard(text in "[ \\.!?\r\n\ta-cA-C0-3,;:()'’“”\"–•é§.. ]{0,40}") {
            check(&text);
        }

        #[test]
        fn any_text_is_cut_as_the_standard_says(text in "(\\PC|[ \n.!?’“\u{301}\u{200d}\u{ad}a-zA-Z0-9]){0,60}") {
            check(&text);
        }
    }
}
