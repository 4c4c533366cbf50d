//! Tests on invented documents and on any text.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Compares the clauses of a document, given as (headings, text).
fn check(markdown: &str, expected: &[(&[&str], &str)]) {
    let clauses = split_markdown(markdown);
    let found: Vec<(Vec<&str>, &str)> = clauses
        .iter()
        .map(|clause| (clause.heading_path.iter().map(String::as_str).collect(), clause.text.as_str()))
        .collect();
    let expected: Vec<(Vec<&str>, &str)> =
        expected.iter().map(|(path, text)| (path.to_vec(), *text)).collect();
    assert_eq!(found, expected, "in {markdown:?}");
}

const LONG: &str = "You keep every kite that you bring to the club, and nobody else may fly it, lend it or sell it \
    without your written consent, which you may give or refuse for any reason and at any time you like, even after \
    the end of the season.";

#[test]
fn reads_headings_of_all_kinds() {
    check(
        "Kite Terms\n===\n\n1\\. Fees\n-------\n\nYou pay the fees in advance.\n\n### Section 1.1: Refunds\n\nWe refund nothing once the wind has blown.",
        &[
            (&["Fees"], "You pay the fees in advance."),
            (&["Fees", "Refunds"], "We refund nothing once the wind has blown."),
        ],
    );
    check(
        "**1.1 Fees**\n\nYou pay the fees in advance.\n\n**Refunds.** We refund nothing to you.",
        &[(&["Fees"], "You pay the fees in advance."), (&["Fees", "Refunds"], "We refund nothing to you.")],
    );
    check(
        "1.  Introduction\n    ------------\n    \n    We are a club of kites.\n    \n2.  Rules\n    -----\n    \n    You must not fly at night.",
        &[(&["Introduction"], "We are a club of kites."), (&["Rules"], "You must not fly at night.")],
    );
    check("# Only\n\nYou fly kites here every day.", &[(&["Only"], "You fly kites here every day.")]);
    check(
        "What is a kite?\n\nA kite is a toy that flies on a line.",
        &[(&["What is a kite?"], "A kite is a toy that flies on a line.")],
    );
}

#[test]
fn keeps_items_with_their_lead_in() {
    check(
        "## Rules\n\nYou must not:\n\n*   fly at night\n*   cut lines; or\n*   shout.",
        &[(&["Rules"], "You must not: fly at night; cut lines; or shout.")],
    );
    check(
        "Members may:\n\n(a) fly kites;\n\n(b) mend kites.\n\nWe watch over all of it.",
        &[(&[], "Members may: (a) fly kites; (b) mend kites. We watch over all of it.")],
    );
    let document = format!("* {LONG}\n* {LONG}\n* Nobody shouts here.\n* Nobody sings here.");
    check(&document, &[(&[], LONG), (&[], LONG), (&[], "Nobody shouts here. Nobody sings here.")]);
}

#[test]
fn divides_long_lists_and_repeats_their_lead_in() {
    let mut document = String::from("You agree to all of these rules:\n\n");
    (0..20).for_each(|_| document.push_str(&format!("* {LONG}\n")));
    let clauses = split_markdown(&document);
    assert!(clauses.len() >= 3);
    let mut end = 0;
    for clause in &clauses {
        assert!(clause.text.starts_with("You agree to all of these rules: You keep"));
        assert!(clause.byte_range.start >= end, "ranges overlap");
        end = clause.byte_range.end;
    }
}

#[test]
fn divides_long_paragraphs_at_sentences() {
    let document = [LONG; 15].join(" ");
    let clauses = split_markdown(&document);
    assert!(clauses.len() >= 3);
    for clause in &clauses {
        assert!(clause.text.starts_with("You keep") && clause.text.ends_with("season."), "{}", clause.text);
        assert_eq!(document.get(clause.byte_range.clone()), Some(clause.text.as_str()));
    }
}

#[test]
fn drops_what_is_no_provision() {
    check(
        "Table of contents\n---\n\n* [Fees](#fees)\n* [Rules](#rules)\n\n[Back to top](#)\n\nLast updated: 1 May 2026\n\n![A kite](kite.png)\n\n## Fees\n\nYou pay the fees in advance.\n\nSkip to main content\n\nEnglish | Deutsch | Français",
        &[(&["Fees"], "You pay the fees in advance.")],
    );
    check("| Name | Life |\n| --- | --- |\n| _kite | 2 days |\n", &[]);
    check("## Bare heading\n\n[Home](/) > [Help](/help)", &[]);
    check("", &[]);
}

#[test]
fn leaves_no_markdown_in_texts() {
    check(
        "We **never** _sell_ your [kites](https://kite.example/a_b)\u{a0} to any \u{200b}`shop`,<br>see *[here](x)*.",
        &[(&[], "We never sell your kites to any shop, see here.")],
    );
    check(
        "| **Kites** | You may fly a kite here on every day of the week.<br>*   We watch |\n| --- | --- |\n",
        &[(&[], "Kites: You may fly a kite here on every day of the week. We watch")],
    );
}

#[test]
fn merges_short_paragraphs_that_continue() {
    check(
        "## Kites\n\nYou own your kite.\n\nYou also own its line.",
        &[(&["Kites"], "You own your kite. You also own its line.")],
    );
    let document = format!("## Kites\n\n2.1 {LONG}\n\n2.2 {LONG}");
    check(&document, &[(&["Kites"], &format!("2.1 {LONG}")), (&["Kites"], &format!("2.2 {LONG}"))]);
}

#[test]
fn begins_anew_after_a_page_break() {
    check(
        "## Kites\n\nYou own your kite.\n\n- - -\n\nBoat rules\n\nYou must not row at night.",
        &[(&["Kites"], "You own your kite."), (&["Boat rules"], "You must not row at night.")],
    );
}

#[test]
fn makes_short_titles() {
    let clause = |path: &[&str]| SplitClause {
        text: "x".to_owned(),
        heading_path: path.iter().map(|&title| title.to_owned()).collect(),
        byte_range: 0..1,
        number: None,
        lead_in: None,
        references: Vec::new(),
        summary: None,
    };
    assert_eq!(clause(&[]).title(), None);
    assert_eq!(clause(&["A", "B", "C", "D"]).title().as_deref(), Some("B › C › D"));
    let title = clause(&[&"kite ".repeat(60)]).title().unwrap_or_default();
    assert!(title.chars().count() <= 200 && title.ends_with("kite"));
}

fn check_invariants(document: &str) -> Result<(), TestCaseError> {
    let mut start = 0;
    for clause in split_markdown(document) {
        let range = clause.byte_range.clone();
        prop_assert!(range.start < range.end && range.start >= start);
        prop_assert!(document.get(range.clone()).is_some());
        start = range.start;
        let length = clause.text.chars().count();
        prop_assert!((1..=MAX_CHARS).contains(&length));
        prop_assert_eq!(clause.text.trim(), clause.text.as_str());
        prop_assert!(!clause.text.contains("  ") && !clause.text.contains("**"));
        prop_assert!(clause.title().is_none_or(|title| title.chars().count() <= 200));
    }
    Ok(())
}

const PIECES: &[&str] = &[
    "# ",
    "## Fees\n\n",
    "**Fees.** ",
    "**",
    "_",
    "* ",
    "1. ",
    "    ",
    "\n",
    "\n\n",
    "> ",
    "| a | b |\n| --- | --- |\n",
    "[kite](x)",
    "](",
    "<br>",
    "<b",
    "&amp;",
    "\\",
    "---\n",
    "You may fly a kite here. ",
    "You must not: ",
    "é",
    "中文。",
    "\u{200b}",
    "\u{a0}",
    "`",
    "(a) fly; ",
    "•",
    "2.1 Kites\n\n",
    "A much longer sentence about kites follows, and it goes on",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn holds_for_any_text(document in "(\\PC|[ \n\t*#_>|-]){0,300}") {
        check_invariants(&document)?;
    }

    #[test]
    fn holds_for_markdown(picks in prop::collection::vec(0..PIECES.len(), 0..120), repeat in 1_usize..8) {
        let document: String = picks.iter().filter_map(|&pick| PIECES.get(pick).copied()).collect();
        check_invariants(&document.repeat(repeat))?;
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
        "(a) b\n\n",
        "**A.** b\n\n",
        "a;\n\n",
        "| ",
    ];
    for case in cases {
        let document = case.repeat(100_000 / case.len());
        let start = Instant::now();
        split_markdown(&document);
        // What is quadratic takes minutes; a busy machine does not.
        assert!(start.elapsed() < Duration::from_secs(30), "{case:?} took {:?}", start.elapsed());
    }
}
