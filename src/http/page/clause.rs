//! A clause whole.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::layout::{label_category, label_clause_type, label_severity, link_out};
use crate::answer::{ClauseRecord, Desk};
use crate::http::pair::write_pairs;

/// How a clause is headed.
pub(in crate::http) fn title_of(record: &ClauseRecord) -> String {
    let title = record.find_text(&["title"]).or_else(|| record.find_text(&["document", "title"]));
    title.unwrap_or("Clause").to_owned()
}

/// A clause with everything that is known of it.
pub(super) fn render_clause(desk: &Desk, answer: &ClauseRecord) -> Markup {
    let record = &answer.record;
    let text = |path: &[&str]| read(record, path);
    let severity = text(&["severity"]).unwrap_or("unrated");
    let platform = text(&["platform", "id"]).unwrap_or("");
    let note = |field: &str| if answer.is_inferred(field) { " (inferred)" } else { "" };
    html! {
        section.clause {
            p.over {
                a href={ "/?" (write_pairs([("platform", platform)])) } { (text(&["platform", "name"]).unwrap_or(platform)) }
                @if let Some(parent) = text(&["platform", "parent"]) { span.parent { (parent) } }
                span.badge.(severity) { (label_severity(severity)) (note("severity")) }
            }
            h2 { (title_of(answer)) }
            p.legal lang=(text(&["language"]).unwrap_or("")) dir="auto" { (text(&["text"]).unwrap_or("")) }
            @for (key, title) in [("why_it_matters", "Why it matters"), ("consumer_impact", "What it does to consumers")] {
                @if let Some(words) = text(&[key]) {
                    div.analyst { h3 { (title) } p { (words) } p.note { "An analyst’s words" } }
                }
            }
            dl.facts {
                dt { "Document" }
                dd {
                    @let title = text(&["document", "title"]).unwrap_or("");
                    @match text(&["document", "url"]) { Some(url) => (link_out(url, title)), None => (title) }
                    @if let Some(day) = text(&["document", "updated_on"]) { ", updated " (day) }
                }
                dt { "Clause type" }
                dd {
                    (label_clause_type(desk, text(&["clause_type"]).unwrap_or("untyped"))) (note("clause_type"))
                    @for other in list(record, "other_clause_types") { ", " (label_clause_type(desk, other)) }
                }
                dt { "Categories" }
                dd {
                    @for (place, id) in list(record, "categories").enumerate() {
                        @if place > 0 { ", " }
                        (label_category(desk, id))
                    }
                }
                @let regulations = list(record, "regulations").map(|id| label_regulation(desk, id)).collect::<Vec<_>>();
                @if !regulations.is_empty() {
                    dt { "Regulations" }
                    dd { (regulations.join(", ")) (note("regulations")) }
                }
                (render_seen(record))
                (render_evidence(record))
                (render_collection(record))
                (render_stability(answer))
                dt { "Cite as" }
                dd.cite { (answer.citation.text) }
            }
            @if answer.unique { p.nothing { "No other platform has a comparable clause." } }
        }
    }
}

fn render_stability(answer: &ClauseRecord) -> Markup {
    let stability = &answer.stability;
    let id = answer.record.get("id").and_then(Value::as_str).unwrap_or("");
    let wording = answer.record.get("wording").and_then(Value::as_u64).unwrap_or(1);
    html! {
        dt { "Wording" }
        dd {
            "Number " (wording) ", recorded " (day_of(&stability.recorded_at))
            @if stability.wordings > 1 {
                "; " a href={ "/v1/clauses/" (id) "/history" } { (stability.wordings) " wordings" } " in all"
            }
        }
        dt { "Stability" }
        dd {
            @match stability.changes {
                0 => "No change by the platform was seen",
                1 => "Changed once by the platform",
                count => { "Changed " (count) " times by the platform" }
            }
            @if let Some(day) = &stability.changed_on { ", last on " (day) }
            @if let Some(months) = stability.months_observed { ", in " (months) " whole months" }
            @if stability.flaps { "; the page serves several texts in turn" }
        }
    }
}

fn render_seen(record: &Map<String, Value>) -> Markup {
    let first = read(record, &["observed", "first_seen"]);
    let last = read(record, &["observed", "last_seen"]);
    html! {
        @if first.is_some() || last.is_some() {
            dt { "Seen" }
            dd {
                @if let Some(first) = first { "first " (day_of(first)) }
                @if first.is_some() && last.is_some() { ", " }
                @if let Some(last) = last { "last " (day_of(last)) }
            }
        }
    }
}

fn render_evidence(record: &Map<String, Value>) -> Markup {
    let text = |key: &str| read(record, &["evidence", key]);
    html! {
        dt { "Evidence" }
        dd {
            ul.plain {
                @if let Some(captured) = text("captured_at") { li { "Captured " (day_of(captured)) } }
                @if let Some(verified) = text("verified_at") { li { "Verified " (day_of(verified)) } }
                @if let Some(url) = text("source_url") { li { (link_out(url, "The page it was read from")) } }
                @if let Some(url) = text("archive_url") { li { (link_out(url, "An archived copy")) } }
                @if let Some(hash) = text("text_sha256") { li { "SHA-256 of the text " code { (hash) } } }
            }
        }
    }
}

fn render_collection(record: &Map<String, Value>) -> Markup {
    let text = |key: &str| read(record, &["collection", key]);
    html! {
        @if let Some(id) = text("id") {
            dt { "Source" }
            dd {
                @let name = text("attribution").unwrap_or(id);
                @match text("url") { Some(url) => (link_out(url, name)), None => (name) }
                @if let Some(license) = text("license") { ", licence " (license) }
            }
        }
    }
}

fn label_regulation<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().regulation(id).map_or(id, |entry| &entry.label)
}

fn day_of(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

fn read<'a>(record: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(record.get(*first)?, |value, key| value.get(key))?.as_str()
}

fn list<'a>(record: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a str> {
    record.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
