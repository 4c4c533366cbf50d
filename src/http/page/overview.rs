//! Platforms by category: a map of how many clauses each has, coloured by how grave they are.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::entity::{link_clauses, link_platform, render_next};
use super::label::{label_category, shape_severity};
use super::layout::{Page, write_problem};
use crate::answer::{Desk, OverviewAnswer, OverviewRow, Params};
use crate::http::answer::ask;
use crate::http::extract::Pairs;
use crate::http::pair::Pair;
use crate::http::problem::Problem;

/// The steps of colour: class, the least share of clauses of high severity in thousandths, and what that is.
const STEPS: [(&str, u64, &str); 4] = [
    ("heat-4", 500, "half or more"),
    ("heat-3", 250, "a quarter or more"),
    ("heat-2", 100, "a tenth or more"),
    ("heat-1", 0, "fewer, or of under 5 clauses"),
];

/// The least clauses of a cell whose share of high severity says something.
const LEAST_CLAUSES: u64 = 5;

/// The overview.
pub(in crate::http) async fn show_overview(State(desk): State<Desk>, Pairs(pairs): Pairs) -> Response {
    let page = match pairs {
        Ok(pairs) => answer_overview(desk, pairs).await,
        Err(problem) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_overview(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    let params = Params::new(pairs.clone());
    let answer = ask(desk.clone(), async move |desk: &Desk| desk.read_overview(params)).await?;
    let kept: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let main = html! {
        article.entity {
            h1 { "Platforms by category" }
            p.entity-lead {
                "How many clauses each of " (answer.total) " platforms has in each category, and how many of them are of high severity."
            }
            (render_legend())
            (render_map(&desk, &answer))
            p.note { "A clause can be in several categories, so a row does not add up to its total." }
            (render_next("/overview", &kept, answer.next_cursor.as_deref()))
        }
    };
    Ok(Page::new("Overview").write(main))
}

fn render_legend() -> Markup {
    html! {
        dl.heat-legend {
            div { dt { "12 " (shape_severity("high")) "3" } dd { "12 clauses, 3 of them of high severity" } }
            @for (class, _, meaning) in &STEPS {
                div { dt class=(class) { (shape_severity("high")) } dd { "high: " (meaning) } }
            }
            div { dt.heat-medium { (shape_severity("medium")) "2" } dd { "none high, 2 medium" } }
            div { dt.heat-low { (shape_severity("low")) } dd { "none above low" } }
            div { dt { (shape_severity("unrated")) } dd { "none rated" } }
        }
    }
}

fn render_map(desk: &Desk, answer: &OverviewAnswer) -> Markup {
    html! {
        div.heat-region role="region" aria-label="Map of platforms by category" tabindex="0" {
            table.heat {
                caption.hidden { "Clauses of platforms by category" }
                thead {
                    tr {
                        th scope="col" { "Platform" }
                        th.heat-total scope="col" { span { "All clauses" } }
                        @for category in &answer.categories {
                            th scope="col" {
                                a href=(link_clauses(&[("category", category)])) { (label_category(desk, category)) }
                            }
                        }
                    }
                }
                tbody {
                    @for row in &answer.rows { (render_row(answer, row)) }
                }
            }
        }
    }
}

fn render_row(answer: &OverviewAnswer, row: &OverviewRow) -> Markup {
    let id = row.platform.id.as_str();
    html! {
        tr {
            th scope="row" { a href=(link_platform(id)) { (row.platform.name) } }
            (render_cell(&row.severity, &link_clauses(&[("platform", id)])))
            @for (category, severity) in answer.categories.iter().zip(&row.cells) {
                (render_cell(severity, &link_clauses(&[("platform", id), ("category", category)])))
            }
        }
    }
}

fn render_cell(severity: &BTreeMap<String, u64>, href: &str) -> Markup {
    let clauses: u64 = severity.values().sum();
    let (class, gravest, count) = judge_cell(severity);
    html! {
        @if clauses == 0 {
            td { "–" }
        } @else {
            td class=(class) {
                a href=(href) {
                    (clauses) " "
                    i { (shape_severity(gravest)) @if let Some(count) = count { (count) } }
                    span.hidden { (gravest) }
                }
            }
        }
    }
}

/// The class of a cell's colour, the gravest severity in it, and how many clauses are of it where that
/// is told.
fn judge_cell(severity: &BTreeMap<String, u64>) -> (&'static str, &'static str, Option<u64>) {
    let count = |name: &str| severity.get(name).copied().unwrap_or(0);
    let clauses: u64 = severity.values().sum();
    let (high, medium) = (count("high"), count("medium"));
    if high > 0 {
        let says_something = |least: u64| least == 0 || clauses >= LEAST_CLAUSES;
        let step =
            STEPS.iter().find(|(_, least, _)| says_something(*least) && high * 1_000 >= clauses * least);
        return (step.map_or("heat-1", |(class, _, _)| class), "high", Some(high));
    }
    if medium > 0 {
        return ("heat-medium", "medium", Some(medium));
    }
    if count("low") > 0 { ("heat-low", "low", None) } else { ("heat-none", "unrated", None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_coloured_by_their_gravest() {
        let check = |counts: &[(&str, u64)], expected: (&str, &str, Option<u64>)| {
            let severity = counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
            assert_eq!(judge_cell(&severity), expected, "{counts:?}");
        };
        check(&[("high", 3), ("low", 3)], ("heat-4", "high", Some(3)));
        check(&[("high", 2), ("low", 2)], ("heat-1", "high", Some(2)));
        check(&[("high", 2), ("low", 6)], ("heat-3", "high", Some(2)));
        check(&[("high", 1), ("low", 9)], ("heat-2", "high", Some(1)));
        check(&[("high", 1), ("low", 10)], ("heat-1", "high", Some(1)));
        check(&[("medium", 2), ("low", 10)], ("heat-medium", "medium", Some(2)));
        check(&[("low", 10), ("unrated", 1)], ("heat-low", "low", None));
        check(&[("unrated", 1)], ("heat-none", "unrated", None));
    }
}
