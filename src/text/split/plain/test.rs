//! Tests on invented texts and on any text.

use super::super::{MAX_CHARS, split_plain};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Compares the clauses of a text, given as (headings, text).
fn check(document: &str, expected: &[(&[&str], &str)]) {
    let clauses = split_plain(document);
    let found: Vec<(Vec<&str>, &str)> = clauses
        .iter()
        .map(|clause| (clause.heading_path.iter().map(String::as_str).collect(), clause.text.as_str()))
        .collect();
    let expected: Vec<(Vec<&str>, &str)> =
        expected.iter().map(|(path, text)| (path.to_vec(), *text)).collect();
    assert_eq!(found, expected, "in {document:?}");
}

const FLY: &str = "You may fly a kite here on every day of the week, but you must not fly it at night.";
const PAY: &str = "You pay the fees in advance and we refund nothing once the wind has blown.";

#[test]
fn joins_wrapped_lines() {
    check(
        "You may fly a kite here on every day of\nthe week, but you must not fly it at night.\n\nYou pay the fees in advance and we\r\nrefund nothing once the wind has blown.\r\n",
        &[(&[], FLY), (&[], PAY)],
    );
    check(
        "   You may fly a kite here on every day of\n   the week, but you must not fly it at night.\n      You pay the fees in advance and we refund\n   nothing once the wind has blown.",
        &[(&[], FLY), (&[], PAY)],
    );
    check(
        "Kites of well-\nknown makers may fly here every day.",
        &[(&[], "Kites of well-known makers may fly here every day.")],
    );
    // One line a paragraph.
    let long = [FLY, FLY, FLY].join(" ");
    check(&format!("{long}\n{long}\n"), &[(&[], &long), (&[], &long)]);
}

#[test]
fn reads_headings_of_all_kinds() {
    for heading in [
        "Flying\n======\n\n",
        "Flying\n------\n",
        "FLYING\n\n",
        "FLYING\n",
        "1. Flying\n\n",
        "1. FLYING\n",
        "1 Flying\n------\n",
        "Article 5\nFlying\n\n",
        "ARTICLE V\n\nFlying\n\n",
        "Section 12. Flying\n\n",
        "SECTION 12: FLYING\n",
        "Chapter 2 - Flying\n\n",
        "A. Flying\n\n",
        "IV. Flying\n\n",
        "Flying\n\n",
    ] {
        let clauses = split_plain(&format!(
            "KITE TERMS\n\nWe run a club of kites, and you may join it.\n\n{heading}{FLY}\n\n"
        ));
        let last = clauses
            .last()
            .map(|clause| (clause.title().map(|title| title.to_lowercase()), clause.text.as_str()));
        let path = last.as_ref().and_then(|(title, _)| title.as_deref()).unwrap_or("");
        assert!(path.ends_with("flying"), "{path:?} from {heading:?}");
        assert_eq!(last.map(|(_, text)| text), Some(FLY), "{heading:?}");
    }
    check(
        "KITE TERMS\n\n1. FLYING\n\n1.1 You may fly a kite here on every day of the week, but you must not fly it at\nnight.\n\n1.2 Fees\n\nYou pay the fees in advance and we refund nothing once the wind has blown.\n",
        &[(&["FLYING"], &format!("1.1 {FLY}")), (&["FLYING", "Fees"], PAY)],
    );
    check(
        "Q: May I fly at night?\nA: You must not fly a kite at night.\n\nQ: Do I pay?\nA: You pay the fees in advance and we refund nothing once the wind has blown.\n",
        &[(&["May I fly at night?"], "You must not fly a kite at night."), (&["Do I pay?"], PAY)],
    );
}

#[test]
fn keeps_texts_in_capitals() {
    let text = "THE KITES ARE LENT AS THEY ARE, AND WE DO NOT PROMISE\nTHAT THEY WILL FLY. YOU MAY NOT CLAIM ANY MONEY FROM US\nIF THEY FALL OR BREAK.";
    check(
        &format!("FLYING\n\n{FLY}\n\n{text}\n"),
        &[(&["FLYING"], FLY), (&["FLYING"], &text.replace('\n', " "))],
    );
}

#[test]
fn reads_lists() {
    check(
        "You must not:\n  * fly at night\n  * cut lines that belong to\n    others:\n    - red ones\n    - blue ones\n  * shout.\n",
        &[(&[], "You must not: fly at night; cut lines that belong to others: red ones; blue ones; shout.")],
    );
    check(
        "Members may:\n\n(a) fly kites;\n(b) mend kites that are\nbroken; and\n(c) sing.\n",
        &[(&[], "Members may: (a) fly kites; (b) mend kites that are broken; and (c) sing.")],
    );
    check(
        "• You may fly a kite here.\n• You may sing here.\n",
        &[(&[], "You may fly a kite here. You may sing here.")],
    );
}

#[test]
fn leaves_out_what_printing_put_there() {
    check(
        "CONTENTS\n1. Flying ............ 1\n2. Fees .............. 2\n\n1. Flying\n\nYou may fly a kite here on every day of\n\u{c}Kite Club Terms\n\nthe week.\n\nPage 2 of 3\n\u{c}Kite Club Terms\n\nYou must not fly at night.\n\nPage 3 of 3\n\u{c}Kite Club Terms\n\nYou pay us.\n",
        &[(
            &["Flying"],
            "You may fly a kite here on every day of the week. You must not fly at night. You pay us.",
        )],
    );
    check("", &[]);
    check("- - -\n\n***\n", &[]);
}

#[test]
fn ranges_are_of_the_document() {
    let document = format!("\u{feff}FLYING\r\n\r\n  {FLY}\r\n");
    let clauses = split_plain(&document);
    assert_eq!(clauses.first().and_then(|clause| document.get(clause.byte_range.clone())), Some(FLY));
}

const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\u{c}",
    "  ",
    "\t",
    "* ",
    "- ",
    "• ",
    "o ",
    "1. ",
    "1.1 ",
    "(a) ",
    "(iv) ",
    "A. ",
    "Article 5",
    "Section 12. ",
    "FEES\n",
    "====\n",
    "----\n",
    "Q: ",
    "A: ",
    "Page 3 of 4\n",
    "... 12\n",
    "é",
    "中文。",
    "\u{0}",
    "You may fly a kite here. ",
    "You must not:",
    "a-\nb",
    "A much longer sentence about kites follows, and it goes on",
];

fn check_invariants(document: &str) -> Result<(), TestCaseError> {
    let mut start = 0;
    for clause in split_plain(document) {
        let range = clause.byte_range.clone();
        prop_assert!(range.start < range.end && range.start >= start);
        prop_assert!(document.get(range.clone()).is_some());
        start = range.start;
        prop_assert!((1..=MAX_CHARS).contains(&clause.text.chars().count()));
        prop_assert_eq!(clause.text.trim(), clause.text.as_str());
        prop_assert!(!clause.text.contains("  "));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn holds_for_any_text(document in "(\\PC|[ \n\r\t.()*=-]|[a-zA-Z0-9]){0,300}") {
        check_invariants(&document)?;
    }

    #[test]
    fn holds_for_plain_texts(picks in prop::collection::vec(0..PIECES.len(), 0..120), repeat in 1_usize..6) {
        let document: String = picks.iter().filter_map(|&pick| PIECES.get(pick).copied()).collect();
        check_invariants(&document.repeat(repeat))?;
    }
}

#[test]
fn takes_hostile_texts_in_seconds() {
    let cases = [
        "\n",
        "a\n",
        "a\n\n",
        "* a\n",
        " * a\n  * b\n",
        "1. A\n",
        "1. A\n\n",
        "A\n",
        "A\n=\n",
        "AB CD\n",
        "===\n",
        "Q: a?\n",
        "(a) b\n",
        "\u{c}",
        "a\u{c}",
        "Article 5\n",
        "Article 5\nA\n",
        "a ",
        "A. ",
        "-",
        "- ",
        "\r",
        "a-\n",
    ];
    for case in cases {
        let document = case.repeat(50_000 / case.len());
        let start = Instant::now();
        split_plain(&document);
        // What is quadratic takes minutes; a busy machine does not.
        assert!(start.elapsed() < Duration::from_secs(30), "{case:?} took {:?}", start.elapsed());
    }
}
