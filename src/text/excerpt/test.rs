//! Tests on invented clauses and on any text.

use super::*;
use crate::text::mask::Mask;
use crate::text::term::analyze;

fn cut(text: &str, wanted: &[&str]) -> Excerpt {
    let tokens = analyze(text, "en", &Mask::default());
    cut_excerpt(text, &tokens, |term| if wanted.contains(&term) { 100 } else { 0 }, |_| true)
}

fn marked(excerpt: &Excerpt) -> Vec<String> {
    let characters: Vec<char> = excerpt.text.chars().collect();
    excerpt.highlights.iter().map(|&[from, to]| characters[from..to].iter().collect()).collect()
}

#[test]
fn short_clauses_are_shown_whole() {
    let excerpt = cut("We train our models. “Voice” is data.", &["train", "voic", "data"]);
    assert!(!excerpt.truncated);
    assert_eq!(marked(&excerpt), ["train", "Voice", "data"]);
}

#[test]
fn the_heaviest_run_of_sentences_is_shown() {
    let filler =
        "Nothing to be seen in this long and winding sentence about the weather of the day. ".repeat(6);
    let text = format!("{filler}We train models with voice data. {filler}");
    let excerpt = cut(&text, &["train", "model", "voic"]);
    assert!(excerpt.truncated);
    assert!(excerpt.text.contains("We train models with voice data."));
    assert!(excerpt.text.chars().count() <= RUN);
    assert_eq!(marked(&excerpt), ["train models", "voice"]);
    assert!(excerpt.text.ends_with('.') && text.contains(&excerpt.text));
}

#[test]
fn a_governing_negation_is_never_lost() {
    let middle = "and the members of the group that hold an interest of any kind in it ".repeat(14);
    let text = format!(
        "We will never, for any purpose, {middle}train our models on voice data {middle}unless you agree."
    );
    let excerpt = cut(&text, &["train", "model", "voic"]);
    assert!(excerpt.truncated, "{}", excerpt.text);
    for word in ["never", "train our models on voice data", "unless you agree", "…"] {
        assert!(excerpt.text.contains(word), "{word}: {}", excerpt.text);
    }
}

#[test]
fn a_negation_of_another_item_is_not_shown() {
    let item = "use the service in one of the very many ways that this long list of things describes; ";
    let text = format!(
        "You agree to: {}not sleep; {}train models; {}sing.",
        item.repeat(6),
        item.repeat(6),
        item.repeat(6)
    );
    let excerpt = cut(&text, &["train", "model"]);
    assert!(!excerpt.text.contains("not sleep"), "{}", excerpt.text);
    assert!(excerpt.text.contains("train models"));
}

#[test]
fn the_head_of_a_list_is_never_lost() {
    let items = "- sing in one of the very many ways that this long list of things describes.\n".repeat(8);
    let text =
        format!("You may not, ever, do this:\n{items}- scrape members and resell their data.\n{items}");
    let excerpt = cut(&text, &["scrape", "resel", "data"]);
    assert!(excerpt.text.starts_with("You may not, ever, do this:"), "{}", excerpt.text);
    assert!(excerpt.text.contains("scrape members"), "{}", excerpt.text);
}

#[test]
fn the_list_of_negations_can_be_searched() {
    assert!(NEGATIONS.is_sorted());
}

#[test]
fn shared_terms_are_in_the_clauses_spelling() {
    let text = "Machine Learning models use voice. Machine learning!";
    let tokens = analyze(text, "en", &Mask::default());
    let weigh = |term: &str| match term {
        "machin" | "learn" => 90,
        "voic" => 100,
        "use" => 3,
        _ => 0,
    };
    assert_eq!(name_shared_terms(text, &tokens, weigh, |term| term != "use"), ["Machine Learning", "voice"]);
}

proptest::proptest! {
    #[test]
    fn highlights_stay_inside(text in "\\PC{0,900}", repeated in "[a-z ;:.]{0,80}") {
        let text = format!("{text} {}", repeated.repeat(12));
        let tokens = analyze(&text, "en", &Mask::default());
        let excerpt = cut_excerpt(&text, &tokens, |term| (term.len() % 3) as u32, |term| term.len() > 4);
        let length = excerpt.text.chars().count();
        let mut last = 0;
        for [from, to] in excerpt.highlights {
            proptest::prop_assert!(last <= from && from < to && to <= length);
            last = to;
        }
    }
}

#[test]
fn a_beginning_is_the_first_sentences_that_fit() {
    let check = |text: &str, expected: &str, truncated: bool| {
        let excerpt = cut_beginning(text, &analyze(text, "en", &Mask::default()));
        assert_eq!((excerpt.text.as_str(), excerpt.truncated), (expected, truncated), "{text}");
        assert!(excerpt.highlights.is_empty());
    };
    check("", "", false);
    check(" We keep letters. We burn them later. ", "We keep letters. We burn them later.", false);
    let sentence = "A sentence of some length that is told once more in just the same words. ";
    let five = sentence.repeat(5);
    check(&sentence.repeat(9), five.trim_end(), true);
    // One that is too long for a run is shown whole up to a limit.
    let long = format!("{}and no more.", "We take the one and the other thing ".repeat(14));
    check(&format!("{long} Next."), &long, true);
    let endless = format!("We take {}unless you say no.", "the one and the other thing ".repeat(40));
    let cut = cut_beginning(&endless, &analyze(&endless, "en", &Mask::default()));
    assert!(cut.text.starts_with("We take") && cut.text.ends_with("unless you say no."), "{}", cut.text);
    assert!(cut.truncated);
}
