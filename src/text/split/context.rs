//! What stands around a clause: its own number, and the box that sums it up.

use super::heading::number_length;
use super::inline::Inline;

/// Longest number that is kept, in bytes.
const MAX_NUMBER: usize = 24;
/// Longest paragraph, in characters, that is taken for a summary of another.
const MAX_SUMMARY: usize = 1_000;

/// Beginnings of summaries, in lower case, that a colon, comma or dash follows.
const SUMMARY_STARTS: &[&str] = &[
    "summary",
    "in summary",
    "in short",
    "in brief",
    "in plain english",
    "in plain language",
    "in a nutshell",
    "more simply put",
    "simply put",
    "put simply",
    "tl;dr",
    "tldr",
    "the short version",
    "short version",
    "basically",
    "kurz gesagt",
    "in kürze",
    "kurzfassung",
    "zusammenfassung",
    "en bref",
    "en résumé",
    "résumé",
    "en resumen",
    "resumen",
    "en pocas palabras",
    "in breve",
    "in sintesi",
    "em resumo",
    "resumo",
    "kort gezegd",
    "samenvatting",
];

/// Reads the number at the front of a provision or heading, as written: "4.2", "(b)", "Article 5".
pub(crate) fn read_number(text: &str) -> Option<String> {
    let line = format!("{} x", text.get(..MAX_NUMBER).filter(|_| text.len() > MAX_NUMBER).unwrap_or(text));
    let length = number_length(text).max(number_length(&line).min(text.len()));
    let number = text.get(..length)?.trim_matches([' ', '.', ':', '–', '—', '-', '\n', '、']);
    let number = match number.strip_suffix([')', '）']) {
        Some(bare) if !number.contains(['(', '（']) => bare,
        _ => number,
    };
    let number = number.split_whitespace().collect::<Vec<_>>().join(" ");
    ((1..=MAX_NUMBER).contains(&number.len())).then_some(number)
}

/// Reads the number of a list item as written, from the marks before byte `start` in its line.
pub(crate) fn read_item_number(document: &str, start: usize) -> Option<String> {
    let head = document.get(..start)?.trim_end_matches([' ', '\t', '*', '_']).strip_suffix(['.', ')'])?;
    let digits = head.bytes().rev().take(4).take_while(u8::is_ascii_digit).count();
    let number = head.get(head.len() - digits..)?;
    ((1..=3).contains(&digits)).then(|| number.to_owned())
}

/// Takes the opening words off a summary such as "In short: …"; `None` if it is none.
pub(crate) fn read_summary(inline: &Inline) -> Option<&str> {
    let text = inline.text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let front: String = text.chars().take(24).collect::<String>().to_lowercase();
    let start = SUMMARY_STARTS.iter().find(|start| front.starts_with(**start))?;
    // Case folding keeps the length of these words, so the byte is the same in both.
    let after = text.get(start.len()..)?;
    let marks = after.trim_start_matches([' ', '\u{a0}']);
    let body = marks.strip_prefix([':', '：', '–', '—'])?.trim_matches([' ', '\n', ':', '*', '_']);
    let speaks = body.split_whitespace().count() >= 3;
    (speaks && inline.char_len() <= MAX_SUMMARY).then_some(body)
}

/// Tells whether a line only labels the summary below it, as "In short" does. One that says "Summary"
/// may head a section of its own.
pub(crate) fn is_summary_label(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    SUMMARY_STARTS.contains(&bare.as_str())
        && !["summary", "basically", "zusammenfassung", "résumé", "resumen", "resumo", "samenvatting"]
            .contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_number(text: &str, expected: Option<&str>) {
        assert_eq!(read_number(text).as_deref(), expected, "in {text:?}");
    }

    #[test]
    fn reads_numbers_as_written() {
        check_number("4.2 Kites fly.", Some("4.2"));
        check_number("4. Kites fly.", Some("4"));
        check_number("(b) kites fly", Some("(b)"));
        check_number("b) kites fly", Some("b"));
        check_number("Article 5", Some("Article 5"));
        check_number("Section 12: Kites", Some("Section 12"));
        check_number("IV. Kites", Some("IV"));
        check_number("Kites fly.", None);
        check_number("", None);
    }

    #[test]
    fn reads_numbers_of_items() {
        for (document, expected) in [("3. kite", Some("3")), ("  12)  **kite", Some("12")), ("* kite", None)]
        {
            let start = document.find("kite").unwrap_or(0);
            assert_eq!(read_item_number(document, start).as_deref(), expected, "in {document:?}");
        }
    }

    #[test]
    fn reads_summaries() {
        let check = |text: &str, expected: Option<&str>| {
            let mut inline = Inline::default();
            inline.push(text, 0, true);
            assert_eq!(read_summary(&inline), expected, "in {text:?}");
        };
        check("In short: we fly kites.", Some("we fly kites."));
        check("Kurz gesagt: Wir lassen Drachen steigen.", Some("Wir lassen Drachen steigen."));
        check("TL;DR – kites are ours.", Some("kites are ours."));
        check("In summary, kites fly.", None);
        check("Summary: kites", None);
        check("Summary of the rules: kites fly high.", None);
    }
}
