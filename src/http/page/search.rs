//! The start page, and a search.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::entry::render_entries;
use super::facet::{render_facets, render_filters};
use super::label::{count_of, label_category, write_number};
use super::layout::{NAME, Page, write_problem};
use super::nothing::{find_offers, render_nothing};
use super::place::{Place, Subject};
use crate::answer::{Desk, Params, SearchAnswer, StatsAnswer, StatsRow};
use crate::http::answer::ask;
use crate::http::extract::Pairs;
use crate::http::pair::{Pair, write_pairs};
use crate::http::problem::Problem;
use crate::taxonomy::UNTYPED;

/// The facets of a search, in the order in which they are shown.
const FACETS: [&str; 6] = ["category", "severity", "clause_type", "document_type", "platform", "language"];

/// A search, or the start page.
pub(in crate::http) async fn show_page(State(desk): State<Desk>, Pairs(pairs): Pairs) -> Response {
    let page = match pairs {
        Ok(pairs) if pairs.is_empty() => show_start(desk).await,
        Ok(pairs) => show_search(desk, pairs).await,
        Err(problem) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn show_start(desk: Desk) -> Result<Response, Problem> {
    let params = Params::new([("by".to_owned(), "category,severity".to_owned())]);
    let (all, crossed) = ask(desk.clone(), async move |desk: &Desk| {
        Ok((desk.count_by(Params::default()).await?, desk.count_by(params).await?))
    })
    .await?;
    let main = html! {
        section.start {
            h1 { "What platforms make people agree to" }
            p.lead {
                "Search " (count_of(all.clauses, "clause", "clauses")) " of "
                (count_of(all.platforms, "platform", "platforms"))
                ", or paste one clause to see how the others handle the same thing. "
                "A whole document is divided into its clauses and held against everybody’s."
            }
            (render_categories(&desk, &all, &crossed))
            p { a href="/overview" { "Every platform by category" } " · " a href="/clause-types" { "All clause types" } }
        }
    };
    Ok(Page::new(NAME).write(main))
}

fn render_categories(desk: &Desk, all: &StatsAnswer, crossed: &StatsAnswer) -> Markup {
    let high = |category: &str| {
        let is = |values: &std::collections::BTreeMap<String, String>, name: &str, value: &str| {
            values.get(name).is_some_and(|one| one == value)
        };
        let row = crossed
            .rows
            .iter()
            .find(|row| is(&row.values, "category", category) && is(&row.values, "severity", "high"));
        row.map_or(0, |row| row.clauses)
    };
    html! {
        h2 { "By category" }
        table.categories {
            thead { tr { th scope="col" { "Category" } th.number scope="col" { "Clauses" } th.number scope="col" { "High severity" } th.number scope="col" { "Platforms" } } }
            tbody {
                @for row in order_categories(all) {
                    @if let Some(category) = row.values.get("category") {
                        @let query = write_pairs([("category", category.as_str())]);
                        tr {
                            th scope="row" { a href={ "/?" (query) } { (label_category(desk, category)) } }
                            td.number { (write_number(row.clauses)) }
                            td.number {
                                @let high = high(category);
                                @if high > 0 { a href={ "/?" (query) "&severity=high" } { span.high aria-hidden="true" { "▲ " } (write_number(high)) } }
                                @else { "0" }
                            }
                            td.number { (write_number(row.platforms)) }
                        }
                    }
                }
            }
        }
        p.note { "A clause can be in several categories, so the numbers do not add up." }
    }
}

/// What nobody knows the category of comes last, however much it is.
fn order_categories(all: &StatsAnswer) -> Vec<&StatsRow> {
    let mut rows: Vec<&StatsRow> = all.rows.iter().collect();
    rows.sort_by_key(|row| row.values.get("category").is_some_and(|category| category == UNTYPED));
    rows
}

async fn show_search(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    let place = Place::new(Subject::Search, pairs).with_default("facets", FACETS.join(","));
    let params = Params::new(place.question());
    let (place, answer, offers) = ask(desk.clone(), async move |desk: &Desk| {
        let answer: SearchAnswer = desk.search(params).await?;
        let offers = if answer.no_match.is_some() { find_offers(desk, &place).await? } else { Vec::new() };
        Ok((place, answer, offers))
    })
    .await?;
    let query = place.value("q").unwrap_or_default().to_owned();
    let first = answer.hits.iter().flatten().map(|hit| hit.clause.id.as_str());
    let first = first.chain(answer.cards.iter().flatten().map(|card| card.clause.id.as_str())).next();
    let main = html! {
        h1 { @if query.is_empty() { "Clauses" } @else { "Clauses for “" (query) "”" } }
        p.counts role="status" {
            strong { (count_of(answer.counts.clauses, "clause", "clauses")) } " on "
            strong { (count_of(answer.counts.platforms, "platform", "platforms")) } ", of "
            (write_number(answer.counts.platforms_tracked)) " tracked."
        }
        @for (word, nearest) in &answer.corrections {
            p.note { "No clause has “" (word) "”; “" (nearest) "” stood in for it." }
        }
        (render_filters(&desk, &place))
        @if !answer.facets.is_empty() { h2.hidden { "Filters" } }
        div.columns {
            (render_facets(&desk, &place, &FACETS, &answer.facets, &answer.truncated))
            div.results {
                h2.hidden { "Results" }
                @if answer.no_match.is_none() { (render_views(&place)) }
                (render_nothing(&place, answer.no_match.as_ref(), &offers))
                (render_entries(&desk, &place, answer.cards.as_deref(), answer.hits.as_deref()))
                (render_next(&place, answer.next_cursor.as_deref()))
                (place.render_forms(first))
                @if query.split_whitespace().nth(3).is_some() { (render_other_way(&query)) }
            }
        }
    };
    let title = if query.is_empty() { "Clauses".to_owned() } else { query.clone() };
    Ok(Page::new(&title).with_query(&query, &place).write(main))
}

/// How the answer is laid out: by clause or by platform, and in which order.
fn render_views(place: &Place) -> Markup {
    let option = |name: &str, value: Option<&str>, label: &str| {
        let given = place.value(name).filter(|given| !["none", "relevance"].contains(given));
        let on = given == value;
        let class = if on { "pressed" } else { "" };
        place.link(class, &html! { (label) }, &place.with_value(name, value))
    };
    html! {
        div.views {
            p.switch role="group" aria-label="Show" {
                span { "Show" }
                (option("group_by", None, "Clauses"))
                (option("group_by", Some("platform"), "One per platform"))
            }
            p.switch role="group" aria-label="Sort by" {
                span { "Sort by" }
                (option("sort", None, "Relevance"))
                (option("sort", Some("severity"), "Severity"))
                (option("sort", Some("recent"), "Recent"))
            }
        }
    }
}

/// The words asked about as a clause, in case that was meant.
fn render_other_way(query: &str) -> Markup {
    html! {
        form.other method="post" action="/" {
            input type="hidden" name=(super::paste::AS) value=(super::paste::Kind::Clause.as_str());
            input type="hidden" name=(super::paste::TEXT) value=(query);
            p { "Is this the text of a clause? " button.link type="submit" { "See how platforms handle it" } }
        }
    }
}

pub(super) fn render_next(place: &Place, cursor: Option<&str>) -> Markup {
    html! {
        @if place.value("cursor").is_some() || cursor.is_some() {
            nav.next aria-label="Pages" {
                @if place.value("cursor").is_some() { (place.link("", &html! { "First page" }, &place.without(&[]))) }
                @if let Some(cursor) = cursor { (place.link("", &html! { "Next page" }, &place.with_cursor(cursor))) }
            }
        }
    }
}
