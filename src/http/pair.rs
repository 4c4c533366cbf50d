//! Pairs of names and values in query strings and forms, read strictly and written.

use std::fmt::Write;

use super::problem::{Code, Problem};

/// A name and a value.
pub(super) type Pair = (String, String);

/// Reads `application/x-www-form-urlencoded` pairs; repeated names are kept, in order.
///
/// # Errors
/// `bad_parameter` where a percent sign is not followed by two hexadecimal digits, or the bytes
/// are not UTF-8.
pub(super) fn read_pairs(text: &str) -> Result<Vec<Pair>, Problem> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Undoes percent-encoding; a plus is a space.
///
/// # Errors
/// As of [`read_pairs`].
pub(super) fn decode(text: &str) -> Result<String, Problem> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else {
                    return Err(reject("a percent sign must be followed by two hexadecimal digits"));
                };
                u8::try_from(high * 16 + low).unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| reject("parameters must be percent-encoded UTF-8"))
}

fn reject(problem: &str) -> Problem {
    Problem::new(Code::BadParameter, format!("The parameters cannot be read: {problem}."))
}

/// Writes pairs as a query string.
pub(super) fn write_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    text
}

fn encode(text: &str, onto: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                onto.push(char::from(byte));
            }
            byte => {
                let _ = write!(onto, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_strictly() {
        let read =
            |text: &str| read_pairs(text).map(|pairs| format!("{pairs:?}")).unwrap_or("bad".to_owned());
        for (text, expected) in [
            ("", "[]"),
            ("q=a+b%20c", r#"[("q", "a b c")]"#),
            ("a=1&a=2&&b", r#"[("a", "1"), ("a", "2"), ("b", "")]"#),
            ("q=%C3%A9%26%3d", r#"[("q", "é&=")]"#),
            ("q=%", "bad"),
            ("q=%2", "bad"),
            ("q=%+1", "bad"),
            ("q=%zz", "bad"),
            ("q=%ff", "bad"),
            ("%ff=q", "bad"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn pairs_survive_being_written() {
        let pairs = [("q", "a&b=c d+é%"), ("é", "")];
        let expected: Vec<Pair> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(read_pairs(&write_pairs(pairs)).unwrap_or_default(), expected);
    }
}
