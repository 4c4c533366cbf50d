//! What pages of clause types, platforms and documents have in common.

use maud::{Markup, html};

use super::label::{label_clause_type, link_out, render_day};
use super::place::link_clause;
use crate::answer::{ClauseView, Desk, EvidenceView};
use crate::http::pair::write_pairs;

/// The page of a clause type.
pub(super) fn link_clause_type(id: &str) -> String {
    format!("/clause-types/{id}")
}

/// The page of a platform.
pub(super) fn link_platform(id: &str) -> String {
    format!("/platforms/{id}")
}

/// The page of a document.
pub(super) fn link_document(id: &str) -> String {
    format!("/documents/{id}")
}

/// A search for all clauses with these values.
pub(super) fn link_clauses(pairs: &[(&str, &str)]) -> String {
    format!("/?{}", write_pairs(pairs.iter().copied()))
}

/// A clause type, with a link to its page if it has one.
pub(super) fn render_clause_type(desk: &Desk, id: &str) -> Markup {
    let label = label_clause_type(desk, id);
    let is_known = desk.collection().taxonomy().clause_type(id).is_some();
    html! {
        @if is_known { a href=(link_clause_type(id)) { (label) } } @else { (label) }
    }
}

/// A document type in words.
pub(super) fn label_document_type<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().document_type(id).map_or(id, |entry| &entry.label)
}

/// The same, or that nobody says.
pub(super) fn render_day_or_none(moment: Option<&str>) -> Markup {
    html! {
        @match moment { Some(moment) => (render_day(moment)), None => span.note { "not known" } }
    }
}

/// A part of a whole, 0 to 1, as a percentage.
pub(super) fn write_share(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// What a clause is called where it is a line of a list: its title, else how it begins.
pub(super) fn name_clause(clause: &ClauseView) -> &str {
    clause.title.as_deref().unwrap_or(&clause.document.title)
}

/// A link to the page of a clause, in the clause's language.
pub(super) fn render_clause_link(clause: &ClauseView) -> Markup {
    html! {
        a href=(link_clause(&clause.id, [])) lang=(clause.language) dir="auto" { (name_clause(clause)) }
    }
}

/// Where a clause was found, how old that is, and whom to name.
pub(super) fn render_source(clause: &ClauseView, evidence: &EvidenceView) -> Markup {
    html! {
        p.entity-source {
            span {
                a href=(link_document(&clause.document.id)) { (clause.document.title) }
                @if let Some(captured) = &evidence.captured_at { ", captured " (render_day(captured)) }
            }
            @if let Some(collection) = &clause.collection {
                span {
                    @let name = collection.attribution.as_deref().unwrap_or(&collection.id);
                    @match &collection.url { Some(url) => (link_out(url, name)), None => (name) }
                    @if let Some(license) = &collection.license { " (" (license) ")" }
                }
            }
        }
    }
}

/// The next page of a list.
pub(super) fn render_next(path: &str, pairs: &[(&str, &str)], cursor: Option<&str>) -> Markup {
    html! {
        @if let Some(cursor) = cursor {
            @let pairs = pairs.iter().copied().filter(|(name, _)| *name != "cursor").chain([("cursor", cursor)]);
            nav.next aria-label="Pages" {
                a href={ (path) "?" (write_pairs(pairs)) } rel="next" { "Next page" }
            }
        }
    }
}

/// Where a program finds the same.
pub(super) fn render_json_link(path: &str) -> Markup {
    html! { p.json { a href=(path) { "This as JSON" } } }
}
