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

#[test]
fn lines_below_empty_headings_are_headings() {
    let document = format!(
        "# Kites\n\nRules\n-----\n\n**Lines**\n\n{LONG}\n\n### \n\nOur Fees\n\n{LONG}\n\n###  \nOur Wind  \n{LONG}\n\n### \n\nWe fly here, and so may you if you ask.\n"
    );
    assert_eq!(paths(&document), ["Rules › Lines", "Rules › Our Fees", "Rules › Our Wind"]);
}

#[test]
fn broken_bold_type_and_items_hold_headings() {
    let document = format!(
        "# Kites\n\n## Rules\n\n{LONG}\n\n**  \nMay I fly?**\n\n{LONG}\n\n**  \nRain.** {LONG}\n\n## Duties\n\n*    \n    \n    Be kind\n    -------\n    \n    {LONG}\n    \n*    \n    \n    Be calm\n    -------\n    \n    {LONG}\n"
    );
    let expected = ["Rules", "Rules › May I fly?", "Rules › May I fly? › Rain", "Be kind", "Be calm"];
    assert_eq!(paths(&document), expected);
}

#[test]
fn numbers_with_letters_count_on() {
    let document = format!(
        "# Kites\n\n## 9\\. Fees\n\n{LONG}\n\n## 9A. Wind in the East\n\n{LONG}\n\n**Gusts**\n\n{LONG}\n\n9B. Wind in the West\n\n{LONG}\n\n**10. Rain**\n\n{LONG}"
    );
    let expected = ["Fees", "Wind in the East", "Wind in the East › Gusts", "Wind in the West", "Rain"];
    assert_eq!(paths(&document), expected);
}

#[test]
fn schedules_and_second_copies_begin_anew() {
    let document = format!(
        "# Kites\n\n## 1. Rules\n\n{LONG}\n\n## 2. Definitions\n\n{LONG} {LONG}\n\n**Schedule 1**\n\n**Details of flying**\n\n{LONG}\n\n## 3. Wind\n\n{LONG}"
    );
    let expected = ["Rules", "Definitions", "Schedule 1 › Details of flying", "Wind"];
    assert_eq!(paths(&document), expected);
    let copy = format!(
        "{LONG}\n\n{LONG} {LONG}\n\n## Rules\n\nYou may fly here.\n\n## Wind\n\nYou may not own the wind.\n\n"
    );
    assert_eq!(
        paths(&format!("# Kites\n\n{copy}{copy}")),
        ["Kites", "Kites", "Rules", "Wind", "Kites", "Kites", "Rules", "Wind"]
    );
}

#[test]
fn dates_and_lines_of_pages_and_letters_are_no_headings() {
    let document = format!(
        "# Kites\n\n## Rules\n\n**Effective: May 3, 2025** {LONG}\n\n**May 3, 2024:** {LONG}\n\n## Form\n\nTo: The club\n\nSubject: Leaving the club\n\n{LONG}"
    );
    let found = paths(&document);
    assert!(found.iter().all(|path| path == "Rules" || path == "Form"), "{found:?}");
    let page = format!(
        "{LONG}\n\n- - -\n\nFrom Kiting, the free kite club\n\n**Kite Policy**\n\n{LONG}\n\n## Wind\n\n{LONG}\n\n## Rain\n\n{LONG}"
    );
    assert_eq!(paths(&page), ["", "Kite Policy", "Wind", "Rain"]);
}

#[test]
fn labels_above_lists_alone_end_with_the_last() {
    let list = "* If you fly by night, we take your kite.\n* If you do so again, we take your line.\n\n";
    let document = format!(
        "# Kites\n\n### What happens\n\n**Paper**\n\n{list}**Silk**\n\n{list}**Glass**\n\n{list}If you believe that we erred, you can appeal to the club at any time within a month.\n\n### Wind\n\n{LONG}"
    );
    let found = paths(&document);
    assert_eq!(found.get(3).map(String::as_str), Some("What happens"), "{found:?}");
}

#[test]
fn histories_and_footnotes_are_left_out() {
    let document = format!(
        "# Kites\n\n## Rules\n\n{LONG}\n\n## Notes\n\n1. [↑](#a) Kites of paper are meant here, and so are those of silk.\n2. [↑](#b) The wind is none.\n\n- - -\n\n# Kites – Terms - Revision history\n\nThis page tells of all documents of the club.\n\n### May 3, 2025\n\n{LONG}\n\n**Also:** {LONG}\n\n### June 4, 2025\n\n* {LONG}\n* {LONG}\n\n- - -\n\n# Boats\n\n{LONG}"
    );
    assert_eq!(paths(&document), ["Kites › Rules", "Boats"]);
}

#[test]
fn lines_with_signs_belong_to_the_titles_above_labels() {
    let part = |title: &str| format!("{title}\n\nⓘ For members of the club\n\n**What we do:**\n\n{LONG}\n\n");
    let document = format!("# Kites\n\n{}{}{}", part("Mending"), part("Selling"), part("Keeping"));
    let expected = ["Mending", "Selling", "Keeping"]
        .map(|title| format!("{title}: For members of the club › What we do"));
    assert_eq!(paths(&document), expected);
}

#[test]
fn code_over_several_lines_keeps_its_places() {
    let document = "> `You may fly a kite here. \\---\n".repeat(51);
    let clauses = split_markdown(&document);
    let ends = clauses.last().map(|clause| clause.byte_range.end);
    assert!(ends.is_some_and(|end| end + 40 > document.len()), "{ends:?}");
}
