//! A clause that nothing is comparable with gets no card, and the reason.

use serde_json::{Value, json};

use crate::app::TestApp;

/// Invented rules of kitchens, harbours and choirs, one a line.
const INCOMPARABLE: &str = include_str!("../incomparable.txt");

#[tokio::test]
async fn what_nothing_is_comparable_with_gets_no_card() {
    let app = TestApp::demo();
    let (mut all, mut with_cards) = (0, Vec::new());
    for text in INCOMPARABLE.lines() {
        let answer = app.post_json("/v1/comparables", &json!({ "text": text })).await.json();
        all += 1;
        if answer["counts"]["cards"] != 0 {
            with_cards.push(text);
            continue;
        }
        assert_eq!(answer["no_match"]["reason"], "below_floor", "{text}");
        assert_eq!(answer["cards"].as_array().map(Vec::len), Some(0), "{text}");
    }
    assert_eq!(all, 20);
    assert!(with_cards.len() <= 1, "{with_cards:?}");
}

#[tokio::test]
async fn a_clause_about_training_gets_cards_about_training() {
    let text = "What you say to us and what you buy may be used to develop and train our artificial intelligence models.";
    let answer =
        TestApp::demo().post_json("/v1/comparables", &json!({ "text": text, "limit": 3 })).await.json();
    let types: Vec<&Value> = answer["cards"]
        .as_array()
        .expect("cards")
        .iter()
        .map(|card| &card["clause"]["clause_type"])
        .collect();
    assert_eq!(types, ["ai-training"; 3], "{answer:#}");
}
