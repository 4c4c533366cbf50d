//! Facets as links, and what is filtered by.

use maud::{Markup, html};

use super::label::{label_parameter, label_value, render_severity, write_number};
use super::place::Place;
use crate::answer::{Desk, FacetValue, FacetView};
use crate::clause::Severity;

/// How many values are shown before the rest is folded away.
const SHOWN: usize = 8;

/// The facets of an answer, in this order; a value that is filtered by is pressed, and its link lifts it.
pub(super) fn render_facets(
    desk: &Desk,
    place: &Place,
    names: &[&str],
    facets: &FacetView,
    truncated: &[String],
) -> Markup {
    let given = names.iter().filter_map(|name| facets.get_key_value(*name));
    let shown: Vec<_> = given.filter(|(_, values)| !values.is_empty()).collect();
    html! {
        @if !shown.is_empty() {
            details.facets {
                summary { "Filters" }
                nav aria-label="Filters" {
                    @for (name, values) in shown {
                        section.facet {
                            h3 { (label_parameter(name)) }
                            @let values = order_values(name, values);
                            (render_values(desk, place, name, values.get(..SHOWN).unwrap_or(&values)))
                            @if let Some(rest) = values.get(SHOWN..) && !rest.is_empty() {
                                details {
                                    summary {
                                        (write_number(rest.len() as u64)) " more"
                                        span.hidden { ": " (label_parameter(name)) }
                                        @if truncated.contains(name) { " (not all are listed)" }
                                    }
                                    (render_values(desk, place, name, rest))
                                }
                            }
                        }
                    }
                    p.note { "Numbers count clauses, each facet without its own filter. Categories and types overlap, so they do not add up." }
                }
            }
        }
    }
}

/// Severities from high to unrated; all others by clauses, as they come.
fn order_values<'a>(name: &str, values: &'a [FacetValue]) -> Vec<&'a FacetValue> {
    let mut values: Vec<&FacetValue> = values.iter().collect();
    if name == "severity" {
        let place =
            |value: &FacetValue| Severity::ALL.iter().position(|severity| severity.as_str() == value.value);
        values.sort_by_key(|value| place(value));
    }
    values
}

fn render_values(desk: &Desk, place: &Place, name: &str, values: &[&FacetValue]) -> Markup {
    html! {
        ul {
            @for value in values {
                @let pressed = place.has(name, &value.value);
                @let label = html! {
                    span.value {
                        @if name == "severity" { (render_severity(&value.value, false)) }
                        @else { (label_value(desk, name, &value.value)) }
                    }
                    " " span.count { (write_number(value.clauses)) }
                };
                li {
                    (place.link(if pressed { "pressed" } else { "" }, &label, &place.toggled(name, &value.value)))
                }
            }
        }
    }
}

/// What is filtered by, each a link that lifts it.
pub(super) fn render_filters(desk: &Desk, place: &Place) -> Markup {
    let filters = place.list_filters();
    html! {
        @if !filters.is_empty() {
            ul.chips aria-label="Filters in force" {
                @for (name, value) in &filters {
                    @let label = html! {
                        span.hidden { "Remove: " }
                        @if name == "include_affiliates" { (label_parameter(name)) }
                        @else { (label_parameter(name)) ": " (label_value(desk, name, value)) }
                        span.cross aria-hidden="true" { "×" }
                    };
                    li { (place.link("chip", &label, &place.toggled(name, value))) }
                }
                @if filters.len() > 1 {
                    li { (place.link("chip plain", &html! { "Remove all" }, &place.without_filters())) }
                }
            }
        }
    }
}
