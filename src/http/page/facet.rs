//! Facets as links.

use maud::{Markup, html};

use super::layout::{label_category, label_clause_type, label_severity};
use super::place::Place;
use crate::answer::{Desk, FacetValue, FacetView};

/// How many values are shown before the rest is folded away.
const SHOWN: usize = 12;

/// The facets of an answer; a value that is filtered by is pressed, and its link lifts it.
pub(super) fn render_facets(desk: &Desk, place: &Place, facets: &FacetView, truncated: &[String]) -> Markup {
    html! {
        @for (name, values) in facets {
            @if !values.is_empty() {
                section.facet {
                    h3 { (title_of(name)) }
                    (render_values(desk, place, name, values.get(..SHOWN).unwrap_or(values)))
                    @if let Some(rest) = values.get(SHOWN..) && !rest.is_empty() {
                        details {
                            summary { (rest.len()) " more" @if truncated.contains(name) { " (not all are listed)" } }
                            (render_values(desk, place, name, rest))
                        }
                    }
                }
            }
        }
        @if facets.contains_key("category") {
            p.note { "Numbers count clauses. Categories overlap, so they do not add up." }
        }
    }
}

fn render_values(desk: &Desk, place: &Place, name: &str, values: &[FacetValue]) -> Markup {
    html! {
        ul.chips {
            @for value in values {
                @let pressed = place.has(name, &value.value);
                @let label = html! {
                    (label_of(desk, name, &value.value)) " " span.count { (value.clauses) }
                    @if pressed { span.hidden { " (chosen)" } }
                };
                li {
                    (place.link(if pressed { "chip pressed" } else { "chip" }, &label, &place.toggled(name, &value.value)))
                }
            }
        }
    }
}

fn title_of(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn label_of<'a>(desk: &'a Desk, name: &str, value: &'a str) -> &'a str {
    match name {
        "category" => label_category(desk, value),
        "clause_type" => label_clause_type(desk, value),
        "severity" => label_severity(value),
        _ => value,
    }
}
