//! Tests on invented documents.

use super::*;

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

#[test]
fn numbered_lines_are_titles() {
    check(
        "7\\. Kites, Lines and Your Hat.\n\n7.1 You own the kite that you fly here.\n\n8\\. Wind. Nobody may sell the wind to anybody.",
        &[
            (&["Kites, Lines and Your Hat"], "7.1 You own the kite that you fly here."),
            (&[], "8. Wind. Nobody may sell the wind to anybody."),
        ],
    );
    check(
        "1\\. Nature of Kites:\n\nThe kites are made of paper and flown by members.",
        &[(&["Nature of Kites"], "The kites are made of paper and flown by members.")],
    );
}

#[test]
fn tells_what_governs_sections() {
    let document = format!(
        "# Kites\n\nYou must not do any of this:\n\n**Noise**\n\n{LONG}\n\n**Smoke**\n\n{LONG}\n\n# Boats\n\n{LONG}"
    );
    let leads: Vec<Option<String>> =
        split_markdown(&document).into_iter().map(|clause| clause.lead_in).collect();
    let lead = Some("You must not do any of this:".to_owned());
    assert_eq!(leads, [lead.clone(), lead, None]);
}

#[test]
fn leaves_out_cards_and_attaches_boxes() {
    check(
        "# Kites\n\nYou own your kite.\n\n[Clubs](/clubs)\n\nOur clubs are where you live.\n\n[Winds](/winds)\n\nThe winds are what you need.",
        &[(&["Kites"], "You own your kite.")],
    );
    let clauses = split_markdown(
        "# Kites\n\nIn Short\n\nThe kite is yours.\n\nYou keep every kite that you bring to the club.",
    );
    let found: Vec<(&str, Option<&str>)> =
        clauses.iter().map(|clause| (clause.text.as_str(), clause.summary.as_deref())).collect();
    assert_eq!(found, [("You keep every kite that you bring to the club.", Some("The kite is yours."))]);
}

#[test]
fn keeps_addresses_and_led_paragraphs_whole() {
    check(
        "# Contact\n\nYou may write to us by mail at:\n\nKite Club\n\n29 Windy Lane\n\nHilltown 4\n\nIf you row a boat, you may ask us about that too.",
        &[(
            &["Contact"],
            "You may write to us by mail at: Kite Club, 29 Windy Lane, Hilltown 4. If you row a boat, you may ask us about that too.",
        )],
    );
    check(
        "# Claims\n\nSend us a notice with all of the following:\n\nA signature of the person who owns the kite.\n\nYour name and the place where you fly.\n\nA statement that the kite is yours and was taken.",
        &[(
            &["Claims"],
            "Send us a notice with all of the following: A signature of the person who owns the kite. Your name and the place where you fly. A statement that the kite is yours and was taken.",
        )],
    );
}

#[test]
fn underlines_reach_over_blank_lines() {
    check(
        "# Kites\n\nYou own your kite.\n\nWind Rules\n\n\n-------------\n\nNobody may own the wind.",
        &[(&["Kites"], "You own your kite."), (&["Wind Rules"], "Nobody may own the wind.")],
    );
}

/// The lead-ins and texts of the clauses of a document.
fn read(markdown: &str) -> Vec<(Option<String>, String)> {
    split_markdown(markdown).into_iter().map(|clause| (clause.lead_in, clause.text)).collect()
}

fn check_leads(markdown: &str, expected: &[(Option<&str>, &str)]) {
    let found = read(markdown);
    let found: Vec<(Option<&str>, &str)> =
        found.iter().map(|(lead, text)| (lead.as_deref(), text.as_str())).collect();
    assert_eq!(found, expected, "in {markdown:?}");
}

const USE: &str =
    "We use it to find a lost kite on the meadow and to bring it back to the member who has lost it there.";

#[test]
fn keeps_items_of_one_word_in_cells() {
    check_leads(
        &format!(
            "| Use | Data |\n| --- | --- |\n| {USE} | *   Names<br>*   Feedback<br>*   Places |\n| {LONG} | *   Feedback |"
        ),
        &[
            (Some("Use; Data"), &format!("{USE} Names; Feedback; Places")),
            (Some("Use; Data"), &format!("{LONG} Feedback")),
        ],
    );
}

#[test]
fn keeps_the_cells_beyond_the_first_row() {
    check_leads(
        &format!(
            "| | |\n| --- | --- |\n| 1. Kites of wire | | Two points |\n| {USE} |\n| 2. Kites of glass | | Six points |\n| {LONG} |"
        ),
        &[
            (None, &format!("1. Kites of wire: Two points. {USE}")),
            (None, &format!("2. Kites of glass: Six points. {LONG}")),
        ],
    );
}

#[test]
fn rows_stand_under_their_names() {
    // A cell that spans two rows, empty in the second or lacking.
    let head = "| Kite | Wind | Use |\n| --- | --- | --- |\n";
    let heads = "Kite; Wind; Use";
    for second in ["|  | Strong |", "| Strong |"] {
        check_leads(
            &format!("{head}| Box | Weak | {USE} |\n{second} {LONG} |"),
            &[
                (Some(heads), &format!("Box: Weak. {USE}")),
                (Some("Box: Wind; Use"), &format!("Strong: {LONG}")),
            ],
        );
    }
    // Empty cells do not shift the others.
    check_leads(
        &format!("{head}| Box |  | {USE} |\n| Delta | Weak | {LONG} |"),
        &[(Some("Kite; Use"), &format!("Box: {USE}")), (Some(heads), &format!("Delta: Weak. {LONG}"))],
    );
    // A lone cell stands over the rows below it.
    check_leads(
        &format!("{head}| Toys |  |  |\n| Box | Weak | {USE} |\n| Delta | Weak | {LONG} |"),
        &[
            (Some("Kite"), &format!("Toys. Box: Weak. {USE}")),
            (Some("Toys: Kite; Wind; Use"), &format!("Delta: Weak. {LONG}")),
        ],
    );
}

#[test]
fn labels_are_no_columns() {
    check_leads(
        &format!("| | |\n| --- | --- |\n| Name: | The kite club. |\n| Use: | {USE} |\n| Keeping: | {LONG} |"),
        &[
            (None, "Name: The kite club."),
            (None, &format!("Use: {USE}")),
            (None, &format!("Keeping: {LONG}")),
        ],
    );
}

#[test]
fn lead_ins_govern_tables() {
    let lead = "We keep what you give us for these ends:";
    check_leads(
        &format!("{lead}\n\n| Kite | Use |\n| --- | --- |\n| Box | {USE} |\n| Delta | {LONG} |"),
        &[
            (Some("We keep what you give us for these ends: Kite; Use"), &format!("{lead} Box: {USE}")),
            (Some("We keep what you give us for these ends: Kite; Use"), &format!("Delta: {LONG}")),
        ],
    );
}

#[test]
fn parts_of_long_rows_are_named() {
    let items = format!("<br>*   {LONG}").repeat(5);
    let row = format!("| Box | For flying:{items} | For mending:{items} |");
    let document = format!("| Kite | Use | Care |\n| --- | --- | --- |\n{row}\n| Delta | {USE} | {USE} |");
    let found = read(&document);
    assert!(found.len() > 2, "{found:?}");
    assert!(found.iter().all(|(lead, _)| lead.is_some()), "{found:?}");
    let care = found
        .iter()
        .find(|(lead, _)| lead.as_deref().is_some_and(|lead| lead.contains("Care") && lead.contains("Box")));
    assert!(
        care.is_some_and(|(lead, _)| lead.as_deref().is_some_and(|lead| lead.starts_with("Kite: Box"))),
        "{found:?}"
    );
}

#[test]
fn reads_cells_that_hold_sections() {
    check(
        &format!(
            "| | |\n| --- | --- |\n| | Wind rules<br>----------<br><br>{LONG}<br><br>*   You must not fly at night. |\n| | Line rules<br>----------<br><br>{USE} |\n\nYou may mend kites here."
        ),
        &[
            (&["Wind rules"], &format!("{LONG} You must not fly at night.")),
            (&["Line rules"], USE),
            (&[], "You may mend kites here."),
        ],
    );
}

#[test]
fn gathers_tables_written_cell_by_cell() {
    let row = |name: &str| format!("Kite\n\n{name}\n\nUse\n\n{USE}\n\nLife\n\nOne year\n\n");
    let document = format!("# Kites\n\n{}{}{}{}", row("Box"), row("Delta"), row("Sled"), row("Rotor"));
    let lead = Some("Kite; Use; Life");
    let text = |name: &str| format!("{name}: {USE} One year");
    check_leads(
        &document,
        &[(lead, &text("Box")), (lead, &text("Delta")), (lead, &text("Sled")), (lead, &text("Rotor"))],
    );
}

#[test]
fn leaves_out_notes_on_versions() {
    check(
        "# Rules\n\n## Summary of changes\n\n*   We added kites of wire.\n*   We changed the fees.\n\n## Fees\n\nYou pay the fees in advance.",
        &[(&["Fees"], "You pay the fees in advance.")],
    );
    check(
        "# What's in these terms?\n\n## [Fees](#a)\n\nThis section tells what you pay.\n\n## [Kites](#b)\n\nThis section tells what you fly.\n\n# Fees\n\nYou pay the fees in advance.\n\n# Kites\n\nYou fly kites of paper.",
        &[(&["Fees"], "You pay the fees in advance."), (&["Kites"], "You fly kites of paper.")],
    );
}

#[test]
fn lone_items_in_bold_are_headings() {
    check(
        &format!("**1. Kites.** {LONG}\n\n2.  **WIND & LINES.**\n\nYou must not cut lines here."),
        &[(&["Kites"], LONG), (&["WIND & LINES"], "You must not cut lines here.")],
    );
    check(
        "## Toys\n\n*   **Needed toys**\n\nThese toys are needed by us for the games that you play.",
        &[(&["Toys", "Needed toys"], "These toys are needed by us for the games that you play.")],
    );
}

#[test]
fn items_keep_what_they_depend_on() {
    check(
        &format!(
            "* {LONG}\n* In some cases, we may show your kite to the members of the other clubs around the meadow.\n* In others, such as kites made of wire, we may have to take it down before anybody else sees it there."
        ),
        &[
            (&[], LONG),
            (
                &[],
                "In some cases, we may show your kite to the members of the other clubs around the meadow. In others, such as kites made of wire, we may have to take it down before anybody else sees it there.",
            ),
        ],
    );
    check(
        "1. You must not lend the kites of the club to anybody.\n2. You must not sell the kites of the club to anybody.\n\n   The following rules apply to lines:\n3. Lines are kept dry by all members.\n4. Lines are never cut by any member.",
        &[
            (
                &[],
                "You must not lend the kites of the club to anybody. You must not sell the kites of the club to anybody.",
            ),
            (
                &[],
                "The following rules apply to lines: Lines are kept dry by all members. Lines are never cut by any member.",
            ),
        ],
    );
    check(
        "To contact us by email:\n\nThe club is paid for by the fees of its members and by nobody else.",
        &[(&[], "The club is paid for by the fees of its members and by nobody else.")],
    );
}
