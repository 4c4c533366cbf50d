//! Tests on invented documents: what lead-ins reach, and provisions that were glued together.

use super::*;

/// Compares the clauses of a document, given as (lead-in, text).
fn check(markdown: &str, expected: &[(&str, &str)]) {
    let clauses = split_markdown(markdown);
    let found: Vec<(&str, &str)> = clauses
        .iter()
        .map(|clause| (clause.lead_in.as_deref().unwrap_or(""), clause.text.as_str()))
        .collect();
    assert_eq!(found, expected, "in {markdown:?}");
}

const LONG: &str = "You keep every kite that you bring to the club, and nobody else may fly it, lend it or sell it \
    without your written consent, which you may give or refuse for any reason and at any time you like.";

#[test]
fn counted_items_keep_their_lead_in() {
    let lead = "3.8 You may lend out kites of the club, provided that:";
    check(
        &format!(
            "{lead}\n\n(a) {LONG}\n\n(b) You tell the members this about your kite:\n\n* Its size and weight\n* Its colour\n\nKites without a name are told apart by their tails and nothing else.\n\n(c) You mend what was torn in the wind while others flew your kite.\n\n3.9 The club sells kites of paper to all of its members in spring."
        ),
        &[
            ("", &format!("{lead} (a) {LONG}")),
            (
                lead,
                "(b) You tell the members this about your kite: Its size and weight; Its colour. Kites without a name are told apart by their tails and nothing else.",
            ),
            (lead, "(c) You mend what was torn in the wind while others flew your kite."),
            ("", "3.9 The club sells kites of paper to all of its members in spring."),
        ],
    );
}

#[test]
fn long_lead_ins_are_one_with_their_items() {
    let lead = "We rely on the following two reasons when we take down a kite that was left behind on the meadow by a member after the last bell has been rung at night:";
    let (first, second) = (
        "i. We may take down a kite because the laws of the land compel the club to keep the meadow free of lines at night, whatever the wind may be at that time.",
        "ii. We may also take down a kite because the other members want to fly theirs in the morning without any lines in their way, which is why we sweep the meadow.",
    );
    check(&format!("{lead}\n\n{first}\n\n{second}"), &[("", &format!("{lead} {first} {second}"))]);
}

#[test]
fn prohibitions_and_ways_reach_the_sections_below() {
    let lead = "Don’t bring a kite to the club if it fits any of the descriptions noted below.";
    check(
        &format!(
            "## Kites\n\n{lead}\n\n**Sharp kites**:\n\n* Kites that are made of glass or wire and may cut somebody.\n* Kites with hooks on their tails.\n\n**Loud kites**:\n\n* Kites that howl in the wind so that neighbours wake up.\n* Kites with bells."
        ),
        &[
            (
                lead,
                &format!(
                    "{lead} Sharp kites: Kites that are made of glass or wire and may cut somebody. Kites with hooks on their tails."
                ),
            ),
            (lead, "Loud kites: Kites that howl in the wind so that neighbours wake up. Kites with bells."),
        ],
    );
    // What points to another place governs nothing.
    check(
        "## Kites\n\nDo not fly at night. For the fees, please see the table below.\n\n**Sharp kites**\n\nKites that are made of glass may cut somebody.",
        &[
            ("", "Do not fly at night. For the fees, please see the table below."),
            ("", "Kites that are made of glass may cut somebody."),
        ],
    );
    let ways = "If you want to join the club of the meadow in spring, you can reach the keeper in the following ways:";
    check(
        &format!(
            "### Joining\n\n{ways}\n\n### By mail:\n\nYou can write a letter to the keeper of the meadow.\n\n### Fees\n\nYou pay the fees in advance."
        ),
        &[
            (ways, &format!("{ways} You can write a letter to the keeper of the meadow.")),
            ("", "You pay the fees in advance."),
        ],
    );
}

#[test]
fn counted_examples_keep_what_they_are_of() {
    check(
        &format!(
            "### Kites\n\n{LONG}\n\n**Examples of violations**\n\n* Kites made of wire.\n* Kites made of glass.\n\n**Example 1:**\n\nThe kite shows its tail and nobody may know who flies it.\n\n**Fees**\n\nYou pay the fees in advance."
        ),
        &[
            ("", &format!("{LONG} Examples of violations Kites made of wire. Kites made of glass.")),
            ("Examples of violations", "The kite shows its tail and nobody may know who flies it."),
            ("", "You pay the fees in advance."),
        ],
    );
}

#[test]
fn numbered_lines_go_on_with_the_list() {
    check(
        &format!(
            "You bring the following papers for your kites when you fly over the meadow:\n\n1、Paper: the certificate of the maker and a picture of it\n\n2、Wire: the report of the test and a picture of it\n\n3、Glass Report Picture\n\n{LONG}"
        ),
        &[
            (
                "",
                "You bring the following papers for your kites when you fly over the meadow: 1、Paper: the certificate of the maker and a picture of it. 2、Wire: the report of the test and a picture of it. 3、Glass Report Picture.",
            ),
            ("", LONG),
        ],
    );
}

/// Compares the texts and nearest titles of the clauses.
fn check_texts(markdown: &str, expected: &[(&str, &str)]) {
    let clauses = split_markdown(markdown);
    let found: Vec<(&str, &str)> = clauses
        .iter()
        .map(|clause| (clause.heading_path.last().map_or("", String::as_str), clause.text.as_str()))
        .collect();
    assert_eq!(found, expected, "in {markdown:?}");
}

#[test]
fn glued_numbers_part_provisions() {
    check_texts(
        &format!(
            "6\\. Kites.{LONG}7\\. No Lines.No lines are lent out by the club, and nobody may ask for them.8\\. Fees.You pay 5.50 each. See Section 9. We keep it. On 10 May 2024. You get no refund."
        ),
        &[
            ("Kites", LONG),
            ("No Lines", "No lines are lent out by the club, and nobody may ask for them."),
            ("Fees", "You pay 5.50 each. See Section 9. We keep it. On 10 May 2024. You get no refund."),
        ],
    );
    check_texts(
        &format!(
            "{LONG}(i) By Cash. You may pay in cash at the gate of the meadow.(ii) By Card. You may pay with a card at the gate too."
        ),
        &[
            ("", LONG),
            ("By Cash", "You may pay in cash at the gate of the meadow."),
            ("By Card", "You may pay with a card at the gate too."),
        ],
    );
    let whole =
        format!("{LONG} (i) You may pay in cash. (ii) You may pay with a card. See 7. We mend kites.");
    check_texts(&whole, &[("", &whole)]);
}

#[test]
fn numbered_items_with_a_name_stand_alone() {
    let items = [
        "16.1. Whole Rules. These rules are all that was agreed between the club and its members about kites.",
        "16.2. Conflicting Rules. If there is a conflict between the rules of the club, the later ones apply to all  \n    members of it.",
        "16.3. Governing Law. These rules are governed by the laws of the land on which the meadow lies in spring.",
    ];
    let document: String = items.iter().map(|item| format!("* {item}\n")).collect();
    let texts: Vec<String> = split_markdown(&document).into_iter().map(|clause| clause.text).collect();
    let expected: Vec<String> =
        items.iter().map(|item| item.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(texts, expected);
}

#[test]
fn paragraphs_that_refer_back_stay_with_a_short_one() {
    let back = "These works may include mending a kite that was torn in the wind, or washing its tail. They are done in winter, when nobody flies kites, and are paid for by the club, which asks its members for a fee of their own for every kite that was mended in this way.";
    check(
        &format!("Works that keep the kites of the club fit for the wind.\n\n{back}"),
        &[("", &format!("Works that keep the kites of the club fit for the wind. {back}"))],
    );
}

#[test]
fn names_stand_with_the_lines_below() {
    let lands = ["Norway", "Sweden", "New Zealand"];
    let value = |land: &str| {
        format!(
            "Kites {land} Limited, a club under the laws of {land} with its seat behind the meadow of kites at Meadow Road 5, on the fourth floor of the tower of the wind, near the old harbour and the shop for lines, 1010 Windy Town, {land}"
        )
    };
    let document: String =
        lands.iter().map(|land| format!("{land}\n\n{}\n\n", value(land))).collect::<String>();
    let expected: Vec<(&str, String)> =
        lands.iter().map(|&land| ("Clubs", format!("{land}: {}.", value(land)))).collect();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(title, text)| (*title, text.as_str())).collect();
    check_texts(&format!("# Kites\n\n## Clubs\n\n{document}"), &expected);
    // Sentences below a line each are sections.
    check_texts(
        "Kites\n\nYou fly kites of paper over the meadow, and no others, all the year long.\n\nLines\n\nYou keep your lines dry, and you never cut those of the other members of the club.\n\nFees\n\nYou pay the fees in advance, and we refund nothing once the wind has blown here.",
        &[
            ("Kites", "You fly kites of paper over the meadow, and no others, all the year long."),
            ("Lines", "You keep your lines dry, and you never cut those of the other members of the club."),
            ("Fees", "You pay the fees in advance, and we refund nothing once the wind has blown here."),
        ],
    );
}
