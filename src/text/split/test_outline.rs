//! Tests of headings among each other and of what lead-ins govern, on invented documents.

use super::*;

const LONG: &str = "You keep every kite that you bring to the club, and nobody else may fly it, lend it or sell it \
    without your written consent, which you may give or refuse for any reason.";

/// The paths of the clauses of a document.
fn paths(markdown: &str) -> Vec<String> {
    split_markdown(markdown).iter().map(|clause| clause.heading_path.join(" › ")).collect()
}

/// The lead-ins and texts of the clauses of a document.
fn leads(markdown: &str) -> Vec<(Option<String>, String)> {
    split_markdown(markdown).into_iter().map(|clause| (clause.lead_in, clause.text)).collect()
}

#[test]
fn lead_ins_govern_phrases_below_lists() {
    let items = format!("* Those of which a member said: {LONG}\n").repeat(5);
    let found = leads(&format!(
        "# Kites\n\nWe do not allow:\n\nKites that cut lines, including:\n\n{items}\nStones thrown at kites, including:\n\n{items}\nYou may mend your kite here. {LONG} {LONG}"
    ));
    let stones = found.iter().find(|(_, text)| text.starts_with("Stones"));
    assert_eq!(stones.and_then(|(lead, _)| lead.as_deref()), Some("We do not allow:"), "{found:?}");
    assert_eq!(found.last().and_then(|(lead, _)| lead.as_deref()), None);
}

#[test]
fn lead_ins_that_are_phrases_take_in_the_one_above() {
    let items = format!("* Those of which a member said: {LONG}\n").repeat(8);
    let found = leads(&format!(
        "# Kites\n\nWe do not allow:\n\nKites that cheat members by means of:\n\n**False lines**\n\n{items}\n**False tails**\n\n{items}"
    ));
    let lead = "We do not allow: Kites that cheat members by means of:";
    assert!(found.iter().all(|(found, _)| found.as_deref() == Some(lead)), "{found:?}");
}

#[test]
fn lead_ins_stand_before_headings_of_the_rank_above() {
    let found = leads(
        "# Kites\n\n**Paper**\n\nYou may fly a kite of paper at any time of the day.\n\nThe following kites are for adults only:\n\n**Metal**\n\n* Kites of iron that have a tail of more than three metres.\n* Kites of steel that have a tail of more than two metres.\n\n**Wood**\n\nYou may fly a kite of wood at any time of the day.",
    );
    let lead = "The following kites are for adults only:";
    let metal = "Kites of iron that have a tail of more than three metres. Kites of steel that have a tail of more than two metres.";
    let expected = [
        (None, "You may fly a kite of paper at any time of the day.".to_owned()),
        (Some(lead.to_owned()), metal.to_owned()),
        (None, "You may fly a kite of wood at any time of the day.".to_owned()),
    ];
    assert_eq!(found, expected);
}

#[test]
fn lead_ins_reach_over_notes() {
    let found = leads(&format!(
        "# Kites\n\nWe care for birds. The following kites are prohibited.\n\nNote: This does not apply to boats.\n\n* Kites with hooks\n* Kites of glass\n* {LONG}\n* {LONG}"
    ));
    let lead = Some("We care for birds. The following kites are prohibited.");
    let last = found.last().and_then(|(lead, _)| lead.as_deref());
    assert_eq!(last, lead, "{found:?}");
}

#[test]
fn lists_follow_counts_and_unusual_marks() {
    let found = leads(
        "# Kites\n\nOur kites fall into two categories.\n\n1. Paper kites, which we lend to our members for a day.\n2. Metal kites, which we sell to our members for good.\n\n# Noise\n\nThe club forbids the following acts.  \n・Shouting at kites  \n・Singing at kites  ",
    );
    let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Our kites fall into two categories. Paper kites, which we lend to our members for a day. Metal kites, which we sell to our members for good.",
            "The club forbids the following acts. Shouting at kites; Singing at kites.",
        ]
    );
    let found = leads(
        "# Kites\n\nEach rule says:\n\nKites that nobody flies; and\n\nKites that only members may fly by day.",
    );
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn counted_headings_stand_beside_each_other() {
    let document = format!(
        "# Kites\n\n### 2. Rules\n\n{LONG}\n\n**3. Fees**\n\n{LONG}\n\n**4. Wind**\n\n{LONG}\n\n# Boats\n\n{LONG}"
    );
    assert_eq!(paths(&document), ["Kites › Rules", "Kites › Fees", "Kites › Wind", "Boats"]);
    let document = format!(
        "**XII. Fees**\n\n{LONG}\n\nXIII. Wind. A. Nobody owns the wind that our members fly their kites in."
    );
    assert_eq!(paths(&document), ["Fees", ""]);
}

#[test]
fn labels_do_not_head_what_follows_their_text() {
    let page = |name: &str| {
        format!(
            "**{name}:** Nobody may do it here.\n\n**Not allowed**\n\n* Doing it by day.\n* Doing it by night.\n\n"
        )
    };
    let document = format!("# Kites\n\n{}{}{}{}", page("Noise"), page("Smoke"), page("Fire"), page("Dust"));
    let expected =
        ["Noise", "Not allowed", "Smoke", "Not allowed", "Fire", "Not allowed", "Dust", "Not allowed"];
    assert_eq!(paths(&document), expected.map(|title| title.to_owned()));
}

#[test]
fn labels_with_a_colon_end_with_their_list() {
    let document = format!(
        "# Kites\n\n**Exceptions:**\n\n* Kites of paper that members own\n* Kites of silk that members own\n\n{LONG}"
    );
    assert_eq!(paths(&document), ["Exceptions", "Kites"]);
}

#[test]
fn answers_hold_the_lower_headings() {
    let answer = |question: &str| format!("{question}\n\n{LONG}\n\n### Good to know\n\n{LONG}\n\n");
    let document = format!(
        "# Help\n\n## Flying\n\n{}{}{}",
        answer("Who may fly?"),
        answer("When may I fly?"),
        answer("Where may I fly?")
    );
    assert_eq!(
        paths(&document),
        [
            "Flying › Who may fly?",
            "Flying › Who may fly? › Good to know",
            "Flying › When may I fly?",
            "Flying › When may I fly? › Good to know",
            "Flying › Where may I fly?",
            "Flying › Where may I fly? › Good to know",
        ]
        .map(|path| path.to_owned())
    );
}

#[test]
fn titles_above_labels_head_them() {
    let part = |title: &str| format!("{title}\n\n**What we do:**\n\n{LONG}\n\n");
    let document =
        format!("# Kites\n\n{}{}{}", part("Mending kites"), part("Selling kites"), part("Lending kites"));
    assert_eq!(
        paths(&document),
        ["Mending", "Selling", "Lending"].map(|title| format!("{title} kites › What we do"))
    );
}

#[test]
fn links_among_items_stay() {
    let found = leads(
        "# Kites\n\n## Parts\n\n* [Tails of paper](/tails)\n* Lines that you bring to the meadow.\n* Frames that you bring to the meadow.\n* Hooks that you bring to the meadow.",
    );
    assert!(found.first().is_some_and(|(_, text)| text.starts_with("Tails of paper")), "{found:?}");
}

#[test]
fn long_titles_lose_their_outer_headings() {
    let clause = SplitClause {
        text: "x".to_owned(),
        heading_path: ["kite ".repeat(30), "The rules of the wind ".repeat(5), "Lines".to_owned()]
            .map(|title| title.trim().to_owned())
            .to_vec(),
        byte_range: 0..1,
        number: None,
        lead_in: None,
        references: Vec::new(),
        summary: None,
    };
    assert!(clause.title().is_some_and(|title| title.starts_with("The rules") && title.ends_with("› Lines")));
}
