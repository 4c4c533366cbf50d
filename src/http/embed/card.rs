//! The page in a frame.

use maud::{DOCTYPE, Markup, html};

use super::{Embed, Theme};
use crate::answer::{Card, ClauseRecord, ComparablesAnswer};
use crate::clause::Collection;
use crate::http::page::clause::title_of;
use crate::http::page::entry::render_excerpt;
use crate::http::page::label::{count_of, link_out, render_severity};
use crate::http::page::place::link_clause;
use crate::http::problem::Problem;

/// Platform and title of a clause.
pub(super) fn name_clause(record: &ClauseRecord) -> String {
    format!("{}, {}", record.find_text(&["platform", "name"]).unwrap_or_default(), title_of(record))
}

/// An embed whole.
pub(super) fn render_embed(embed: &Embed) -> Markup {
    let answer = &embed.answer;
    let cards = answer.cards.as_deref().unwrap_or_default();
    let main = html! {
        (render_source(embed))
        section {
            h2 { "How other platforms handle this" }
            (render_counts(answer))
            (render_filters(embed))
            @match &answer.no_match {
                Some(no_match) => p.nothing { (no_match.message) },
                None => ol role="list" { @for card in cards { li { (render_card(card)) } } }
            }
        }
        footer {
            p {
                a href=(embed.link_page()) {
                    @if answer.counts.cards > cards.len() as u64 { "All " (answer.counts.cards) " on Crossclause" }
                    @else { "This on Crossclause" }
                }
                " · generation " (answer.generation) " · no legal advice"
            }
        }
    };
    render_page(&embed.title(), embed.theme, &main)
}

/// What went wrong, in place of an embed.
pub(super) fn render_problem(problem: &Problem) -> Markup {
    let main = html! {
        h1 { (problem.code.title()) }
        p.nothing { (problem.detail) }
        footer { p { a href="/" { "Crossclause" } } }
    };
    render_page(problem.code.title(), Theme::Auto, &main)
}

fn render_page(title: &str, theme: Theme, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" class=(theme.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // The clause's page is to be found, not its frames.
                meta name="robots" content="noindex";
                title { (title) }
                // A frame is too small for a page: links open beside it.
                base target="_blank";
                link rel="stylesheet" href="/assets/embed.css";
            }
            body { main.embed { (main) } }
        }
    }
}

fn render_source(embed: &Embed) -> Markup {
    let record = &embed.record;
    let text = |path: &[&str]| record.find_text(path);
    let document = text(&["document", "title"]).unwrap_or_default();
    let collection = |key: &str| text(&["collection", key]);
    html! {
        article.source {
            p.over {
                span.platform { (text(&["platform", "name"]).unwrap_or_default()) }
                span.document { (link_document(document, text(&["document", "url"]))) }
                (render_severity(text(&["severity"]).unwrap_or_default(), record.is_inferred("severity")))
            }
            h1 { a href=(link_clause(&embed.id, [])) { (title_of(record)) } }
            (render_excerpt(&record.excerpt(), text(&["language"]).unwrap_or_default()))
            @if let Some(id) = collection("id") {
                (render_collection(id, collection("attribution"), collection("license"), collection("url")))
            }
        }
    }
}

/// The counts of the whole answer, of which the cards are the first.
fn render_counts(answer: &ComparablesAnswer) -> Markup {
    let counts = answer.counts;
    html! {
        p.counts {
            "Comparable clauses on " (count_of(counts.platforms, "platform", "platforms")) ", "
            (count_of(counts.clauses, "clause", "clauses")) ", of "
            (count_of(counts.platforms_tracked, "platform", "platforms")) " tracked"
        }
    }
}

/// What the counts leave out.
fn render_filters(embed: &Embed) -> Markup {
    let asked: Vec<String> = embed
        .pairs()
        .filter(|(name, _)| *name != "limit")
        .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
        .collect();
    html! { @if !asked.is_empty() { p.note { "Asked for: " (asked.join(", ")) } } }
}

fn render_card(card: &Card) -> Markup {
    let clause = &card.clause;
    let tier = card.matching.tier.as_deref().map(|tier| tier.replace('-', " "));
    html! {
        article {
            p.over {
                span.platform { (card.platform.name) }
                @if card.affiliate { span.note { "same company" } }
                (render_severity(&clause.severity, clause.inferred.iter().any(|field| field == "severity")))
                span.tier { (tier.as_deref().unwrap_or("below the usual floor")) }
            }
            h3 {
                a href=(link_clause(&clause.id, [])) {
                    (clause.title.as_deref().unwrap_or(&clause.document.title))
                }
            }
            (render_excerpt(&card.excerpt, &clause.language))
            p.facts {
                (link_document(&clause.document.title, clause.document.url.as_deref()))
                @if let Some(captured) = &card.evidence.captured_at {
                    ", captured " (captured.get(..10).unwrap_or(captured))
                }
            }
            @if let Some(Collection { id, license, attribution, url }) = &clause.collection {
                (render_collection(id, attribution.as_deref(), license.as_deref(), url.as_deref()))
            }
        }
    }
}

fn link_document(title: &str, url: Option<&str>) -> Markup {
    html! { @match url { Some(url) => (link_out(url, title)), None => (title) } }
}

/// Whom to name for a text, and under which licence it may be shown.
fn render_collection(
    id: &str,
    attribution: Option<&str>,
    license: Option<&str>,
    url: Option<&str>,
) -> Markup {
    let name = attribution.unwrap_or(id);
    html! {
        p.facts {
            "Source: " @match url { Some(url) => (link_out(url, name)), None => (name) }
            @if let Some(license) = license { ", licence " (license) }
        }
    }
}
