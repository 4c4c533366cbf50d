//! An empty answer, and what would find something.

use maud::{Markup, html};

use super::label::{count_of, label_parameter, label_value};
use super::place::{Place, Subject};
use crate::answer::{AnswerError, Counts, Desk, NoMatch, Params, Source};
use crate::http::pair::Pair;

/// How many words of a query are tried by themselves.
const WORDS: usize = 5;

/// The floor of weaker comparables: above 0, so that the guard still holds, which makes the question cheap.
const WEAK: &str = "0.1";

/// How many offers are made.
const OFFERS: usize = 8;

/// A question near the one that found nothing, and what it finds.
pub(super) struct Offer {
    label: String,
    pairs: Vec<Pair>,
    counts: Counts,
}

/// Questions near an empty one, of which each finds something: without one filter, without all, and of a
/// search its words one by one.
pub(super) async fn find_offers(desk: &Desk, place: &Place) -> Result<Vec<Offer>, AnswerError> {
    let mut offers = Vec::new();
    for (label, pairs) in list_candidates(desk, place) {
        if offers.len() == OFFERS {
            break;
        }
        let counts = count(desk, place, &pairs).await?;
        if counts.clauses > 0 {
            offers.push(Offer { label, pairs, counts });
        }
    }
    Ok(offers)
}

async fn count(desk: &Desk, place: &Place, pairs: &[Pair]) -> Result<Counts, AnswerError> {
    let mut params = Params::new(pairs.iter().cloned());
    params.set("limit", "1".to_owned());
    Ok(match place.subject() {
        Subject::Search => desk.search(params).await?.counts,
        Subject::Clause(id) => desk.find_comparables(Source::Clause(id), params).await?.counts,
        Subject::Pasted { text, .. } => {
            desk.find_comparables(Source::Text { text, platform: None, language: None }, params).await?.counts
        }
    })
}

fn list_candidates(desk: &Desk, place: &Place) -> Vec<(String, Vec<Pair>)> {
    let filters = place.list_filters();
    let mut candidates = Vec::new();
    let mut names: Vec<&str> = filters.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    for &name in &names {
        let values: Vec<String> = filters
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| label_value(desk, name, value))
            .collect();
        let label = format!("Without “{}: {}”", label_parameter(name), values.join(", "));
        candidates.push((label, place.without(&[name])));
    }
    if names.len() > 1 {
        candidates.push(("Without any filter".to_owned(), place.without_filters()));
    }
    match place.subject() {
        Subject::Search => {
            let query = place.value("q").unwrap_or_default();
            let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            let mut words: Vec<String> = query
                .split_whitespace()
                .filter(|word| !word.starts_with('-') && !word.contains(':'))
                .map(plain)
                .filter(|word| !word.is_empty())
                .collect();
            words.dedup();
            let whole = words.join(" ");
            if whole != query && words.len() > 1 {
                candidates.push((
                    format!("These words in any order: {whole}"),
                    place.with_value("q", Some(&whole)),
                ));
            }
            if words.len() > 1 || query != whole {
                for word in words.iter().take(WORDS) {
                    candidates.push((format!("Only “{word}”"), place.with_value("q", Some(word))));
                }
                if !names.is_empty() {
                    for word in words.iter().take(WORDS) {
                        let mut pairs = place.without_filters();
                        pairs.retain(|(name, _)| name != "q");
                        pairs.push(("q".to_owned(), word.clone()));
                        candidates.push((format!("Only “{word}”, without any filter"), pairs));
                    }
                }
            }
        }
        Subject::Clause(_) | Subject::Pasted { .. } => {
            if !place.has("include_affiliates", "true") {
                let pairs = place.with_value("include_affiliates", Some("true"));
                candidates.push(("With platforms of the same company".to_owned(), pairs));
            }
            if place.value("min_score").is_none() {
                let label =
                    format!("Weaker matches, down to a score of {WEAK}: most deal with something else");
                candidates.push((label, place.with_value("min_score", Some(WEAK))));
            }
        }
    }
    candidates
}

/// Why there is nothing, and where there is something.
pub(super) fn render_nothing(place: &Place, no_match: Option<&NoMatch>, offers: &[Offer]) -> Markup {
    html! {
        @if let Some(no_match) = no_match {
            section.nothing {
                p { (no_match.message) }
                @if !offers.is_empty() {
                    h3 { "What would match" }
                    ul {
                        @for Offer { label, pairs, counts } in offers {
                            li {
                                (place.link("offer", &html! { (label) }, pairs)) " "
                                span.count {
                                    (count_of(counts.clauses, "clause", "clauses")) " on "
                                    (count_of(counts.platforms, "platform", "platforms"))
                                }
                            }
                        }
                    }
                }
                @if matches!(place.subject(), Subject::Search) {
                    p.note { "Every word is found by its stem; a word in quotes must stand as it is. "
                        a href="/clause-types" { "All clause types" } " · " a href="/overview" { "All platforms" } }
                }
            }
        }
    }
}
