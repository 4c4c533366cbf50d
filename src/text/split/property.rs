//! What holds for the clauses of any text.

use super::{MAX_CHARS, SplitClause, split_markdown};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Finds the letters and digits of `words` in `source` in order, each word without a letter or
/// digit in between; returns the first word that is missing.
fn find_missing(words: &str, source: &str) -> Option<String> {
    let source: Vec<char> = source.chars().collect();
    let mut from = 0;
    for word in words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let wanted: Vec<char> = word.chars().collect();
        let mut nearest = usize::MAX;
        for start in from..source.len() {
            if start >= nearest {
                break;
            }
            nearest = match_word(&source, start, &wanted).map_or(nearest, |end| end.min(nearest));
        }
        if nearest == usize::MAX {
            return Some(word.to_owned());
        }
        from = nearest;
    }
    None
}

/// Matches a word at `start`, over Markdown within it; returns where it ends.
fn match_word(source: &[char], start: usize, wanted: &[char]) -> Option<usize> {
    let mut at = start;
    for (nth, letter) in wanted.iter().enumerate() {
        if nth > 0 {
            at = skip_marks(source, at, *letter)?;
        }
        if source.get(at) != Some(letter) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Skips marks up to `letter`, and with them tags, entities and targets of links.
fn skip_marks(source: &[char], from: usize, letter: char) -> Option<usize> {
    let mut at = from;
    while *source.get(at)? != letter {
        let close = match source.get(at)? {
            '<' => '>',
            '(' => ')',
            '&' => ';',
            c if c.is_alphanumeric() => return None,
            _ => ' ',
        };
        let end = source.get(at..)?.iter().take(400).position(|&c| c == close).filter(|_| close != ' ');
        // An address in angle brackets is read as words.
        let is_address =
            |inner: &[char]| inner.contains(&':') && !inner.iter().any(|c| c.is_whitespace()) && close == '>';
        let end = end.filter(|length| source.get(at..at + length).is_some_and(|inner| !is_address(inner)));
        at += end.map_or(1, |length| length + 1);
    }
    Some(at)
}

fn check_clause(clause: &SplitClause, document: &str, end: usize) -> Result<(), TestCaseError> {
    let range = clause.byte_range.clone();
    prop_assert!(range.start < range.end && range.start >= end, "{range:?} after {end}");
    let source = document.get(range.clone());
    prop_assert!(source.is_some(), "{range:?} cuts a character");
    let own =
        clause.lead_in.as_deref().and_then(|lead| clause.text.strip_prefix(lead)).unwrap_or(&clause.text);
    let missing = find_missing(own, source.unwrap_or(""));
    prop_assert!(missing.is_none(), "{missing:?} of {:?} is not in {source:?}", clause.text);
    let length = clause.text.chars().count();
    prop_assert!((1..=MAX_CHARS).contains(&length));
    prop_assert_eq!(clause.text.trim(), clause.text.as_str());
    prop_assert!(!clause.text.contains("  ") && !clause.text.contains("**"));
    prop_assert!(clause.title().is_none_or(|title| title.chars().count() <= 200));
    prop_assert!(clause.references.len() <= 20);
    prop_assert!(clause.references.iter().all(|reference| clause.text.contains(reference)));
    prop_assert!(clause.number.as_ref().is_none_or(|number| !number.is_empty() && number.len() <= 24));
    Ok(())
}

fn check(document: &str) -> Result<(), TestCaseError> {
    let mut end = 0;
    for clause in split_markdown(document) {
        check_clause(&clause, document, end)?;
        end = clause.byte_range.end;
    }
    Ok(())
}

const PIECES: &[&str] = &[
    "# ",
    "## Fees\n\n",
    "## 4\\. Kites\n\n",
    "Article 5\n---\n\n",
    "**Fees.** ",
    "**1.2 Lines.** ",
    "**",
    "_",
    "* ",
    "1. ",
    "    ",
    "    * ",
    "\n",
    "\n\n",
    "> ",
    "| a | b |\n| --- | --- |\n",
    "| Kite | We use it to fly over the whole meadow | 2 days |\n",
    "[kite](x)",
    "](",
    "<br>",
    "<b",
    "<p>",
    "&amp;",
    "\\",
    "\\* ",
    "---\n",
    "\n\n* * *\n\n",
    "\n\n- - -\n\n",
    "You may fly a kite here. ",
    "You must not: ",
    "We fly kites for these purposes:\n\n",
    "For example, kites fly. ",
    "See Section 4.2 and Articles 5 and 6. ",
    "_In short: kites are ours to fly._\n\n",
    "“Kite” means a toy on a line. ",
    "é",
    "中文。风筝在这里飞行，任何人不得剪断线。",
    "لا يجوز قطع الخيط. ",
    "\u{200b}",
    "\u{a0}",
    "`",
    "(a) fly; ",
    "(b) You mend kites here.\n\n",
    "3\\. ",
    "•",
    "2.1 Kites\n\n",
    "Learn more",
    "or\n\n",
    "A much longer sentence about kites follows, and it goes on",
    "the line of the kite, which nobody may cut\n\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn holds_for_any_text(document in "(\\PC|[ \n\t*#_>|-]){0,300}") {
        check(&document)?;
    }

    #[test]
    fn holds_for_markdown(picks in prop::collection::vec(0..PIECES.len(), 0..120), repeat in 1_usize..8) {
        let document: String = picks.iter().filter_map(|&pick| PIECES.get(pick).copied()).collect();
        check(&document.repeat(repeat))?;
    }

    #[test]
    fn holds_for_long_blocks(picks in prop::collection::vec(0..PIECES.len(), 1..12), repeat in 40_usize..120) {
        let document: String = picks.iter().filter_map(|&pick| PIECES.get(pick).copied()).collect();
        check(&document.repeat(repeat))?;
    }
}

#[test]
fn takes_hostile_documents_in_seconds() {
    let cases = [
        "> ",
        "* ",
        "- - - ",
        "[",
        "](",
        "**a ",
        "_a ",
        "<b ",
        "`",
        "\\",
        "| a ",
        "1. ",
        "a\n> ",
        "| a | b |\n| --- | --- |\n",
        "&",
        "<!--",
        "# a\n",
        "**a** b ",
        "**1. A.** b. ",
        "kite\u{a0}",
        "a. ",
        "[a](",
        "*a_ ",
        "~~",
        "(a) ",
        "\n   * a\n",
        "**a**<br>",
        "[a](b)<br>",
        "* and\n",
        "a\n\n",
        "A\n\n",
        "You:\n\n",
        "a:\n\n* b\n\n",
        "(a) b\n\n",
        "**A.** b\n\n",
        "a;\n\n",
        "| ",
        "Section 1, ",
        "§ ",
        "You may fly.\n\n",
        "If you fly, or\n\n",
        "**A**\n\nb c d.\n\n",
        "Kite\n\nYou fly.\n\n",
        "Kite\n\nYou fly.\n\nb\n\n",
    ];
    for case in cases {
        let document = case.repeat(100_000 / case.len());
        let start = Instant::now();
        split_markdown(&document);
        // What is quadratic takes minutes; a busy machine does not.
        assert!(start.elapsed() < Duration::from_secs(30), "{case:?} took {:?}", start.elapsed());
    }
}
