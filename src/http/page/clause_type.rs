//! A clause type: what it is, where every platform stands, and how it is worded; and all of them.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::chart::{Bar, SEVERITIES, draw_bars};
use super::entity::{
    link_clause_type, link_clauses, link_document, link_platform, render_clause_link, render_day_or_none,
    render_json_link, render_next, render_source, write_share,
};
use super::entry::{is_inferred, render_excerpt};
use super::label::{count_of, label_category, label_severity, render_severity};
use super::layout::{Page, write_problem};
use crate::answer::{
    ClauseTypeAnswer, ClauseTypeRow, Desk, HeldDocumentView, Params, PlatformStanding, Standing,
    StandingGroup, TypeWording,
};
use crate::http::answer::ask;
use crate::http::extract::{Name, Pairs};
use crate::http::pair::Pair;
use crate::http::problem::Problem;

/// How many platforms of each standing are named before a link to all of them.
const PLATFORMS: usize = 24;

/// How many platforms are told with their documents before that link.
const WITH_DOCUMENTS: usize = 8;

/// How many documents of a platform are named.
const DOCUMENTS: usize = 4;

/// How many platforms are on a page of one standing, if nobody says.
const PAGE: &str = "50";

/// Standings in words, and what they mean.
const STANDINGS: [(Standing, &str, &str); 4] = [
    (Standing::Found, "Found", "It has a live clause of this type, main or other."),
    (
        Standing::NoneFound,
        "None found",
        "None was found in the documents we hold of a kind that could have one. That it has none is not said.",
    ),
    (
        Standing::Unclear,
        "Unclear",
        "A clause may be of this type and was not sure enough, or a document is in a language that the type’s cues do not cover.",
    ),
    (Standing::NoDocument, "No such document", "We hold no document of a kind that could have one."),
];

/// A clause type.
pub(in crate::http) async fn show_clause_type(
    State(desk): State<Desk>,
    name: Result<Name, Problem>,
    Pairs(pairs): Pairs,
) -> Response {
    let page = match (name, pairs) {
        (Ok(Name(id)), Ok(pairs)) if pairs.is_empty() => answer_clause_type(desk, id).await,
        (Ok(Name(id)), Ok(pairs)) => answer_standing(desk, id, pairs).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_clause_type(desk: Desk, id: String) -> Result<Response, Problem> {
    let (answer, groups) =
        ask(desk.clone(), async move |desk: &Desk| desk.read_standings(&id, PLATFORMS).await).await?;
    let main = html! {
        article.entity {
            (render_head(&desk, &answer))
            (render_severities(&answer))
            (render_wordings(&answer))
            (render_standings(&answer, &groups))
            (render_json_link(&format!("/v1/clause-types/{}", answer.clause_type.id)))
        }
    };
    Ok(Page::new(&answer.clause_type.label).write(main))
}

/// One page of the platforms, of the standings that were asked for.
async fn answer_standing(desk: Desk, id: String, mut pairs: Vec<Pair>) -> Result<Response, Problem> {
    if !pairs.iter().any(|(name, _)| name == "limit") {
        pairs.push(("limit".to_owned(), PAGE.to_owned()));
    }
    let params = Params::new(pairs.clone());
    let named = id.clone();
    let answer =
        ask(desk.clone(), async move |desk: &Desk| desk.read_clause_type(&named, params).await).await?;
    let chosen: Vec<&str> = STANDINGS
        .iter()
        .filter(|(standing, _, _)| {
            pairs.iter().any(|(name, value)| name == "standing" && value == standing.as_str())
        })
        .map(|(_, word, _)| *word)
        .collect();
    let told = if chosen.is_empty() { "All tracked platforms".to_owned() } else { chosen.join(", ") };
    let kept: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let title = format!("{}: {}", answer.clause_type.label, told.to_lowercase());
    let main = html! {
        article.entity {
            p.over { a href=(link_clause_type(&id)) { (answer.clause_type.label) } }
            h1 { (told) ": " (count_of(answer.total, "platform", "platforms")) }
            @for (standing, word, meaning) in &STANDINGS {
                @if chosen.contains(word) || chosen.is_empty() {
                    @let rows = answer.platforms.iter().filter(|row| row.standing == *standing).collect::<Vec<_>>();
                    @if !rows.is_empty() {
                        section.standing {
                            h2 { (word) }
                            p.note { (meaning) }
                            (render_platforms(&id, *standing, &rows))
                        }
                    }
                }
            }
            (render_next(&link_clause_type(&id), &kept, answer.next_cursor.as_deref()))
            p { a href=(link_clause_type(&id)) { "Back to the clause type" } }
        }
    };
    Ok(Page::new(&title).write(main))
}

fn render_head(desk: &Desk, answer: &ClauseTypeAnswer) -> Markup {
    let kind = &answer.clause_type;
    let adoption = &answer.adoption;
    let counts = &answer.counts;
    html! {
        header.entity-head {
            p.over {
                a href="/clause-types" { "Clause types" }
                " · "
                a href=(link_clauses(&[("category", &kind.category)])) { (label_category(desk, &kind.category)) }
            }
            h1 { (kind.label) }
            p.entity-lead { (kind.definition) }
            dl.facts {
                dt { "By default" }
                dd { (render_severity(&kind.severity, false)) ". " (kind.severity_reason) }
                @if !kind.regulations.is_empty() {
                    dt { "Often relevant" }
                    dd { (render_regulations(desk, &kind.regulations)) }
                }
                dt { "Adoption" }
                dd {
                    @match adoption.share {
                        Some(share) => {
                            strong { (adoption.numerator) " of " (count_of(adoption.denominator, "platform", "platforms")) }
                            " (" (write_share(share)) "): " (adoption.definition) "."
                        },
                        None => "No platform is tracked with a document that could have one.",
                    }
                }
                dt { "Clauses" }
                dd {
                    @if counts.clauses > 0 {
                        a href=(link_clauses(&[("clause_type", &kind.id)])) {
                            "All " (count_of(counts.clauses, "clause", "clauses")) " of this type"
                        }
                    } @else { "None in the documents we hold." }
                }
            }
        }
    }
}

fn render_regulations(desk: &Desk, ids: &[String]) -> Markup {
    let taxonomy = desk.collection().taxonomy();
    html! {
        @for (place, id) in ids.iter().enumerate() {
            @if place > 0 { ", " }
            @match taxonomy.regulation(id) {
                Some(entry) if entry.name != entry.label => { (entry.label) " (" (entry.name) ")" },
                Some(entry) => (entry.label),
                None => (id),
            }
        }
        ". That one of them applies is not said."
    }
}

fn render_severities(answer: &ClauseTypeAnswer) -> Markup {
    let found = answer.counts.found;
    let rows: Vec<_> = SEVERITIES
        .into_iter()
        .filter_map(|severity| answer.severity.iter().find(|value| value.value == severity))
        .collect();
    let bars: Vec<Bar<'_>> = rows
        .iter()
        .map(|row| Bar {
            label: label_severity(&row.value),
            amount: format!("{} of {found}", row.platforms),
            severity: &row.value,
            value: row.platforms,
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            section.entity-part {
                h2 id="severity" { "Severity across platforms" }
                div.chart-pair {
                    (draw_bars("Platforms with a clause of this type, by its severity", &bars, found))
                    table.numbers {
                        caption { "Platforms may have clauses of several severities, so they do not add up." }
                        thead { tr { th scope="col" { "Severity" } th scope="col" { "Platforms" } th scope="col" { "Clauses" } } }
                        tbody {
                            @for row in &rows {
                                tr {
                                    th scope="row" {
                                        a href=(link_clauses(&[("clause_type", &answer.clause_type.id), ("severity", &row.value)])) {
                                            (render_severity(&row.value, false))
                                        }
                                    }
                                    td { (row.platforms) }
                                    td { (row.clauses) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn render_wordings(answer: &ClauseTypeAnswer) -> Markup {
    let wordings = &answer.wordings;
    html! {
        @if let Some(typical) = &wordings.typical {
            section.entity-part {
                h2 { "How it is worded" }
                p.note {
                    (count_of(wordings.clauses, "clause", "clauses")) " of "
                    (count_of(wordings.platforms, "platform", "platforms"))
                    ", of this type above all and of some length, were compared by their vectors. Each platform counts the same in the mean; closeness to it is 0 to 1."
                }
                h3 { "Most typical" }
                (render_wording(typical))
                @if !wordings.unusual.is_empty() {
                    h3 { "Most unusual" }
                    p.note { "The farthest from the mean: another way to say it, or about something else as well." }
                    @for wording in &wordings.unusual { (render_wording(wording)) }
                }
            }
        }
    }
}

fn render_wording(wording: &TypeWording) -> Markup {
    let closeness = f64::from(wording.closeness_to_mean) / 65_536.0;
    html! {
        div.wording {
            p.wording-head {
                a.platform href=(link_platform(&wording.platform.id)) { (wording.platform.name) }
                (render_severity(&wording.clause.severity, is_inferred(&wording.clause, "severity")))
                span.note { "closeness " (format!("{closeness:.2}")) }
            }
            p.wording-title { (render_clause_link(&wording.clause)) }
            (render_excerpt(&wording.excerpt, &wording.clause.language))
            (render_source(&wording.clause, &wording.evidence))
        }
    }
}

fn render_standings(answer: &ClauseTypeAnswer, groups: &[StandingGroup]) -> Markup {
    let id = &answer.clause_type.id;
    html! {
        section.entity-part {
            h2 { "Where " (count_of(answer.counts.platforms_tracked, "platform stands", "platforms stand")) }
            @for (standing, word, meaning) in &STANDINGS {
                @if let Some(group) = groups.iter().find(|group| group.standing == *standing) {
                    section.standing {
                        h3 { (word) " " span.count { (group.total) } }
                        @if group.total > 0 {
                            p.note { (meaning) }
                            @let most = if *standing == Standing::Found { PLATFORMS } else { WITH_DOCUMENTS };
                            @let rows = group.platforms.iter().take(most).collect::<Vec<_>>();
                            (render_platforms(id, *standing, &rows))
                            @if group.total > rows.len() as u64 {
                                p {
                                    a href={ (link_clause_type(id)) "?standing=" (standing.as_str()) } {
                                        "All " (group.total) " platforms"
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn render_platforms(id: &str, standing: Standing, rows: &[&PlatformStanding]) -> Markup {
    html! {
        @if standing == Standing::Found {
            ul.chips {
                @for row in rows {
                    li {
                        a.chip href=(link_clauses(&[("clause_type", id), ("platform", &row.platform.id)])) {
                            (row.platform.name) " " span.count { (row.clauses) }
                            span.hidden { @if row.clauses == 1 { " clause" } @else { " clauses" } }
                        }
                    }
                }
            }
        } @else {
            ul.standing-rows {
                @for row in rows {
                    li {
                        a href=(link_platform(&row.platform.id)) { (row.platform.name) }
                        @if !row.documents.is_empty() {
                            span.note { " looked at: " (render_documents(row)) }
                        }
                    }
                }
            }
        }
    }
}

fn render_documents(row: &PlatformStanding) -> Markup {
    let shown: Vec<&HeldDocumentView> = row.documents.iter().take(DOCUMENTS).collect();
    let rest = row.documents.len() - shown.len();
    html! {
        @for (place, document) in shown.iter().enumerate() {
            @if place > 0 { "; " }
            a href=(link_document(&document.id)) { (document.title) }
            @if let Some(captured) = &document.captured_at { " (captured " (render_day_or_none(Some(captured))) ")" }
        }
        @if rest > 0 { "; " a href=(link_platform(&row.platform.id)) { "and " (rest) " more" } }
    }
}

/// All clause types by category.
pub(in crate::http) async fn show_clause_types(State(desk): State<Desk>, Pairs(pairs): Pairs) -> Response {
    let page = match pairs {
        Ok(pairs) => answer_clause_types(desk, pairs).await,
        Err(problem) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_clause_types(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    Params::new(pairs).finish()?;
    let (rows, tracked) = ask(desk.clone(), async move |desk: &Desk| {
        let mut rows: Vec<ClauseTypeRow> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = [("limit".to_owned(), "100".to_owned())].into_iter();
            let params = Params::new(page.chain(cursor.map(|cursor| ("cursor".to_owned(), cursor))));
            let list = desk.list_clause_types(params).await?;
            rows.extend(list.clause_types);
            cursor = list.next_cursor;
            if cursor.is_none() {
                return Ok((rows, desk.newest()?.platforms.len() as u64));
            }
        }
    })
    .await?;
    let taxonomy = desk.collection().taxonomy();
    let main = html! {
        article.entity {
            h1 { "Clause types" }
            p.entity-lead {
                "What clauses are about: " (rows.len().saturating_sub(1)) " types by category, each with its default severity, and the clauses that were found on "
                (count_of(tracked, "platform", "platforms")) "."
            }
            nav aria-label="Categories" {
                ul.chips {
                    @for category in &taxonomy.file().category {
                        li { a.chip href={ "#" (category.id) } { (category.label) } }
                    }
                }
            }
            @for category in &taxonomy.file().category {
                @let own = rows.iter().filter(|row| row.category == category.id).collect::<Vec<_>>();
                @if !own.is_empty() {
                    section.entity-part {
                        h2 id=(category.id) { (category.label) }
                        p.note {
                            (category.definition) " "
                            a href=(link_clauses(&[("category", &category.id)])) { "All clauses" span.hidden { " about " (category.label) } }
                        }
                        (render_types(&desk, &category.label, &own))
                    }
                }
            }
            @if let Some(untyped) = rows.iter().find(|row| row.category == crate::taxonomy::UNTYPED) {
                p {
                    a href=(link_clauses(&[("clause_type", &untyped.id)])) { (count_of(untyped.clauses, "clause", "clauses")) }
                    " are untyped: no type was given, and none was sure enough to be inferred."
                }
            }
            (render_json_link("/v1/clause-types"))
        }
    };
    Ok(Page::new("Clause types").write(main))
}

fn render_types(desk: &Desk, category: &str, rows: &[&ClauseTypeRow]) -> Markup {
    let taxonomy = desk.collection().taxonomy();
    html! {
        table.numbers.type-list {
            caption.hidden { "Clause types: " (category) }
            thead {
                tr {
                    th scope="col" { "Clause type" }
                    th scope="col" { "Platforms" }
                    th scope="col" { "Clauses" }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" {
                            a href=(link_clause_type(&row.id)) { (row.label) } " " (render_severity(&row.severity, false))
                            @if let Some(entry) = taxonomy.clause_type(&row.id) { span.type-definition { (entry.definition) } }
                        }
                        td { (row.platforms) }
                        td { (row.clauses) }
                    }
                }
            }
        }
    }
}
