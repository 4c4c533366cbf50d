//! A document: what is held of it, and its clauses in their order.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::chart::draw_severities;
use super::entity::{
    label_document_type, link_document, link_platform, name_clause, render_clause_type, render_day_or_none,
    render_json_link, render_next,
};
use super::entry::is_inferred;
use super::label::{count_of, label_value, link_out, render_day, render_severity};
use super::layout::{Page, write_problem};
use super::place::link_clause;
use crate::answer::{Desk, DocumentAnswer, DocumentClause, Params};
use crate::http::answer::ask;
use crate::http::extract::{Name, Pairs};
use crate::http::pair::Pair;
use crate::http::problem::Problem;

/// How many clauses are on a page, if nobody says.
const PAGE: &str = "25";

/// How much of a clause is shown, in characters.
const BEGINNING: usize = 420;

/// A document.
pub(in crate::http) async fn show_document(
    State(desk): State<Desk>,
    name: Result<Name, Problem>,
    Pairs(pairs): Pairs,
) -> Response {
    let page = match (name, pairs) {
        (Ok(Name(id)), Ok(pairs)) => answer_document(desk, id, pairs).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_document(desk: Desk, id: String, mut pairs: Vec<Pair>) -> Result<Response, Problem> {
    if !pairs.iter().any(|(name, _)| name == "limit") {
        pairs.push(("limit".to_owned(), PAGE.to_owned()));
    }
    let params = Params::new(pairs.clone());
    let answer = ask(desk.clone(), async move |desk: &Desk| desk.read_document(&id, params)).await?;
    let kept: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let path = link_document(&answer.document.id);
    let title = format!("{}: {}", answer.platform.name, answer.document.title);
    let main = html! {
        article.entity {
            (render_head(&desk, &answer))
            section.entity-part {
                h2 { "Clauses" }
                @if answer.total > answer.clauses.len() as u64 {
                    p.note { (answer.clauses.len()) " of " (answer.total) ", in the order in which they were first recorded." }
                }
                @for clause in &answer.clauses { (render_clause(&desk, clause)) }
                (render_next(&path, &kept, answer.next_cursor.as_deref()))
            }
            (render_json_link(&format!("/v1/documents/{}", answer.document.id)))
        }
    };
    Ok(Page::new(&title).write(main))
}

fn render_head(desk: &Desk, answer: &DocumentAnswer) -> Markup {
    let document = &answer.document;
    html! {
        header.entity-head {
            p.over { a href=(link_platform(&answer.platform.id)) { (answer.platform.name) } }
            h1 { (document.title) }
            (draw_severities(&format!("Clauses of {} by severity: {}", document.title, tell_severities(answer)), &answer.severity))
            p.note { (count_of(answer.total, "clause", "clauses")) ": " (tell_severities(answer)) "." }
            dl.facts {
                @if let Some(kind) = &document.document_type { dt { "Kind" } dd { (label_document_type(desk, kind)) } }
                @if let Some(updated) = &document.updated_on { dt { "Updated" } dd { (render_day(updated)) } }
                dt { "Captured" } dd { (render_day_or_none(document.captured_at.as_deref())) }
                @if let Some(url) = &document.url { dt { "At" } dd { (link_out(url, url)) } }
                @if !document.languages.is_empty() { dt { "Language" } dd { (document.languages.iter().map(|tag| label_value(desk, "language", tag)).collect::<Vec<_>>().join(", ")) } }
            }
        }
    }
}

fn tell_severities(answer: &DocumentAnswer) -> String {
    let counts = super::chart::SEVERITIES.into_iter().filter_map(|severity| {
        let count = answer.severity.get(severity).filter(|count| **count > 0)?;
        Some(format!("{count} {severity}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn render_clause(desk: &Desk, held: &DocumentClause) -> Markup {
    let clause = &held.clause;
    let (beginning, goes_on) = cut_beginning(&held.text);
    html! {
        article.document-clause {
            h3 {
                a href=(link_clause(&clause.id, [])) lang=(clause.language) dir="auto" {
                    @match &clause.title { Some(title) => (title), None => (name_clause(clause)) }
                }
            }
            p.labels { (render_severity(&clause.severity, is_inferred(clause, "severity"))) " " (render_clause_type(desk, &clause.clause_type)) }
            p.document-text lang=(clause.language) dir="auto" { (beginning) @if goes_on { " …" } }
        }
    }
}

/// How a text begins, cut between words, and whether it goes on.
fn cut_beginning(text: &str) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(BEGINNING) else { return (text, false) };
    let beginning = text.get(..end).unwrap_or(text);
    let cut = beginning.rfind(char::is_whitespace).unwrap_or(end);
    (beginning.get(..cut).unwrap_or(beginning).trim_end(), true)
}

#[cfg(test)]
mod tests {
    use super::{BEGINNING, cut_beginning};

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(cut_beginning("We may."), ("We may.", false));
        let long = "é word ".repeat(BEGINNING);
        let (beginning, goes_on) = cut_beginning(&long);
        assert!(goes_on && beginning.ends_with("é") | beginning.ends_with("word"), "{beginning}");
        assert!(beginning.chars().count() <= BEGINNING);
        let unbroken = "法".repeat(BEGINNING + 1);
        let (beginning, goes_on) = cut_beginning(&unbroken);
        assert_eq!((beginning.chars().count(), goes_on), (BEGINNING, true));
    }
}
