//! Character references, and fragments of HTML as plain text.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Longest character reference that is looked for, in bytes.
const MAX_REFERENCE: usize = 40;

/// Calls `take` with the parts of a text as they read, each with the bytes of `raw` that it stands
/// for and whether it is the same as they are.
pub(super) fn read_references(raw: &str, mut take: impl FnMut(&str, Range<usize>, bool)) {
    let mut start = 0;
    for (at, _) in raw.match_indices('&') {
        if at < start {
            continue;
        }
        let tail = raw.get(at + 1..).unwrap_or("");
        let name = tail
            .bytes()
            .take(MAX_REFERENCE)
            .take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'#')
            .count();
        let end = at + 1 + name + usize::from(tail.as_bytes().get(name) == Some(&b';'));
        let reference = raw.get(at..end).unwrap_or("");
        let decoded = if name == 0 { reference.to_owned() } else { decode_reference(reference) };
        if decoded != reference {
            take(raw.get(start..at).unwrap_or(""), start..at, true);
            take(&decoded, at..end, false);
            start = end;
        }
    }
    take(raw.get(start..).unwrap_or(""), start..raw.len(), true);
}

fn decode_reference(reference: &str) -> String {
    match reference {
        "&nbsp;" => return "\u{a0}".to_owned(),
        "&amp;" => return "&".to_owned(),
        _ => {}
    }
    let mut text = String::new();
    for token in Tokenizer::new(reference) {
        let Ok(token) = token;
        if let Token::String(part) = token {
            text.push_str(&String::from_utf8_lossy(&part.value));
        }
    }
    text
}

/// The plain text of a fragment of HTML: tags, comments, scripts and styles left out, character
/// references read, white space folded.
#[must_use]
pub fn strip_html(fragment: &str) -> String {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut text = String::new();
    let mut skipped = false;
    for token in Tokenizer::new_with_emitter(fragment, emitter) {
        let Ok(token) = token;
        match token {
            Token::String(part) if !skipped => text.push_str(&String::from_utf8_lossy(&part.value)),
            Token::StartTag(tag) => {
                skipped = matches!(tag.name.as_slice(), b"script" | b"style" | b"noscript" | b"iframe");
                if !is_within_word(&tag.name) {
                    text.push(' ');
                }
            }
            Token::EndTag(tag) => {
                skipped = false;
                if !is_within_word(&tag.name) {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn is_within_word(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"b" | b"em" | b"font" | b"i" | b"mark" | b"s" | b"span" | b"strong" | b"sub" | b"u"
    )
}
