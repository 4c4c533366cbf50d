//! Bytes of a file as text.

use std::borrow::Cow;

/// Characters of Windows-1252 from 0x80 to 0x9f, where it differs from Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// How much of a page its encoding is looked for in, in bytes.
const HEAD: usize = 2_048;

/// A file as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// What was done to bytes that are no UTF-8.
    pub(super) remark: Option<&'static str>,
}

/// Reads UTF-8, UTF-16 with its mark, and what is neither as Windows-1252, unless it is UTF-8 with
/// a few torn bytes: those are replaced.
///
/// # Errors
/// Why it is no text that can be read, and what to do.
pub(super) fn decode_file(bytes: &[u8], is_page: bool) -> Result<Decoded<'_>, String> {
    if let [0xff, 0xfe, rest @ ..] = bytes {
        return Ok(decode_utf16(rest, u16::from_le_bytes));
    }
    if let [0xfe, 0xff, rest @ ..] = bytes {
        return Ok(decode_utf16(rest, u16::from_be_bytes));
    }
    if bytes.contains(&0) {
        return Err("it is no text: it holds zero bytes".to_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded { text: text.into(), remark: None });
    }
    if let Some(charset) = is_page.then(|| find_charset(bytes)).flatten() {
        return Err(format!(
            "it says that it is written in {charset}, which is not read here; convert it first, like this: iconv -f {charset} -t utf-8"
        ));
    }
    let (sound, torn) = count_sequences(bytes);
    if sound > torn {
        let text = String::from_utf8_lossy(bytes);
        return Ok(Decoded { text, remark: Some("bytes that are no UTF-8 were replaced by �") });
    }
    let text: String = bytes.iter().map(|&byte| decode_byte(byte)).collect();
    Ok(Decoded { text: text.into(), remark: Some("it is no UTF-8 and was read as Windows-1252") })
}

fn decode_utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Decoded<'static> {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [one, two] => join([*one, *two]),
        _ => 0xfffd,
    });
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
    Decoded { text: text.into(), remark: Some("it was read as UTF-16") }
}

fn decode_byte(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

/// Counts the characters of several bytes that are sound, and the places where UTF-8 is torn.
fn count_sequences(bytes: &[u8]) -> (usize, usize) {
    let (mut sound, mut torn) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        torn += usize::from(!chunk.invalid().is_empty());
    }
    (sound, torn)
}

/// The encoding that a page names, if it is neither UTF-8 nor like Windows-1252.
fn find_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..HEAD.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let name: String = rest
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .take(30)
        .collect();
    let known =
        ["utf-8", "utf8", "windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"];
    (!name.is_empty() && !known.contains(&name.as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(&str, bool), &str>) {
        let found = decode_file(bytes, true);
        match (found, expected) {
            (Ok(found), Ok((text, is_remarked))) => {
                assert_eq!((found.text.as_ref(), found.remark.is_some()), (text, is_remarked));
            }
            (Err(found), Err(part)) => assert!(found.contains(part), "{found}"),
            (found, expected) => panic!("{found:?} and not {expected:?}"),
        }
    }

    #[test]
    fn reads_what_people_save() {
        check("Drachen dürfen fliegen".as_bytes(), Ok(("Drachen dürfen fliegen", false)));
        check(b"caf\xe9 \x96 \x93kite\x94 \x80 5", Ok(("café – “kite” € 5", true)));
        check(b"\xff\xfek\0i\0", Ok(("ki", true)));
        check(b"\xfe\xff\0k\0i", Ok(("ki", true)));
        check(
            "é é é".as_bytes().iter().copied().chain([0xff]).collect::<Vec<u8>>().as_slice(),
            Ok(("é é é�", true)),
        );
        check(b"%PDF\0\0", Err("no text"));
        check(b"<meta charset='Shift_JIS'>\x83\x4b", Err("iconv -f shift_jis"));
        check(b"<meta charset=iso-8859-1>\xe9", Ok(("<meta charset=iso-8859-1>é", true)));
        check(b"", Ok(("", false)));
    }
}
