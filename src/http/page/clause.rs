//! A clause whole, and how other platforms handle it.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::cite::render_citation;
use super::entry::{render_counts, render_entries};
use super::facet::{render_facets, render_filters};
use super::label::{
    label_category, label_clause_type, label_regulation, link_out, render_age, render_day, render_severity,
};
use super::layout::{Alternate, Page, write_problem};
use super::nothing::{Offer, find_offers, render_nothing};
use super::place::{Place, Subject, link_clause};
use super::search::render_next;
use super::timeline::render_timeline;
use crate::answer::{ClauseRecord, ComparablesAnswer, Desk, HistoryAnswer, Params};
use crate::http::answer::ask;
use crate::http::embed::oembed::{Format, link_oembed};
use crate::http::extract::{ClauseName, Pairs};
use crate::http::origin::Origin;
use crate::http::pair::{Pair, write_pairs};
use crate::http::problem::Problem;
use crate::taxonomy::UNTYPED;

/// The facets beside comparables.
const FACETS: [&str; 2] = ["severity", "category"];

/// How many wordings the timeline reads, at most.
const WORDINGS: &str = "100";

/// A clause with its comparables.
pub(in crate::http) async fn show_clause(
    State(desk): State<Desk>,
    name: Result<ClauseName, Problem>,
    origin: Origin,
    Pairs(pairs): Pairs,
) -> Response {
    let page = match (name, pairs) {
        (Ok(ClauseName(id)), Ok(pairs)) => answer_clause(desk, id, &origin, pairs).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

/// What the page of a clause shows.
struct Shown {
    place: Place,
    record: ClauseRecord,
    history: Option<HistoryAnswer>,
    answer: ComparablesAnswer,
    offers: Vec<Offer>,
}

async fn answer_clause(
    desk: Desk,
    id: String,
    origin: &Origin,
    pairs: Vec<Pair>,
) -> Result<Response, Problem> {
    let place = Place::new(Subject::Clause(id.clone()), pairs).with_default("fold", "wording");
    let params = Params::new(place.question());
    let named = id.clone();
    let shown = ask(desk.clone(), async move |desk: &Desk| {
        let (record, answer) = desk.read_with_comparables(&named, params).await?;
        let history = if record.stability.wordings > 1 {
            let params = Params::new([("limit".to_owned(), WORDINGS.to_owned())]);
            Some(desk.read_history(&named, params)?)
        } else {
            None
        };
        let offers = if answer.no_match.is_some() { find_offers(desk, &place).await? } else { Vec::new() };
        Ok(Shown { place, record, history, answer, offers })
    })
    .await?;
    let place = &shown.place;
    let title = title_of(&shown.record);
    let asked = || place.pairs().map(|(name, value)| (name.as_str(), value.as_str()));
    let alternates = [
        link_oembed(origin, &link_clause(&id, asked()), Format::Json),
        link_oembed(origin, &link_clause(&id, asked()), Format::Xml),
        Alternate { href: origin.link(&format!("/v1/clauses/{id}")), media_type: "application/json" },
    ];
    let main = html! {
        article.record {
            (render_head(&desk, &shown))
            (render_text(&shown.record))
            (render_comparables(&desk, place, &shown.answer, &shown.offers))
            (render_aside(&desk, &id, &shown, origin))
        }
    };
    let platform = shown.record.find_text(&["platform", "name"]).unwrap_or_default();
    let title = format!("{title} · {platform}");
    Ok(Page::new(&title).with_alternates(&alternates).write(main))
}

/// How a clause is headed.
pub(in crate::http) fn title_of(record: &ClauseRecord) -> String {
    let title = record.find_text(&["title"]).or_else(|| record.find_text(&["document", "title"]));
    title.unwrap_or("Clause").to_owned()
}

fn render_head(desk: &Desk, shown: &Shown) -> Markup {
    let record = &shown.record;
    let text = |path: &[&str]| record.find_text(path);
    let platform = text(&["platform", "id"]).unwrap_or_default();
    let types: Vec<&str> =
        text(&["clause_type"]).into_iter().chain(list(&record.record, "other_clause_types")).collect();
    html! {
        header.head {
            nav.crumbs aria-label="Where it stands" {
                a href={ "/platforms/" (platform) } { (text(&["platform", "name"]).unwrap_or(platform)) }
                @if let Some(parent) = text(&["platform", "parent"]) { " " span.parent { "(" (parent) ")" } }
                span aria-hidden="true" { " › " }
                @let document = text(&["document", "id"]).unwrap_or_default();
                a href={ "/documents/" (document) } { (text(&["document", "title"]).unwrap_or(document)) }
            }
            h1 { (title_of(record)) }
            p.labels {
                (render_severity(text(&["severity"]).unwrap_or("unrated"), record.is_inferred("severity")))
                @for id in &types {
                    @if *id != UNTYPED { a.tag href={ "/clause-types/" (id) } { (label_clause_type(desk, id)) } }
                }
                @for id in list(&record.record, "categories") {
                    a.tag.soft href={ "/?" (write_pairs([("category", id)])) } { (label_category(desk, id)) }
                }
                @if record.is_inferred("clause_type") && types.first() != Some(&UNTYPED) { span.note { "types inferred" } }
            }
            nav.jumps aria-label="On this page" {
                a href="#others" {
                    @if record.unique { "Unique: nothing comparable on another platform" }
                    @else { "On " (record.counts.platforms) " other " @if record.counts.platforms == 1 { "platform" } @else { "platforms" } }
                }
                a href="#facts" { "Evidence and stability" }
                a href="#cite" { "Cite" }
            }
        }
    }
}

/// The verbatim text, and what stands around it.
fn render_text(answer: &ClauseRecord) -> Markup {
    let record = &answer.record;
    let text = |path: &[&str]| read(record, path);
    let language = text(&["language"]).unwrap_or("");
    let context = |key: &str| text(&["x_context", key]);
    let headings: Vec<&str> = record
        .get("x_context")
        .and_then(|context| context.get("heading_path"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    html! {
        section.clause aria-labelledby="verbatim" {
            h2.hidden id="verbatim" { "The clause, verbatim" }
            blockquote.legal lang=(language) dir="auto" { (text(&["text"]).unwrap_or("")) }
            @if !headings.is_empty() || context("number").is_some() {
                p.context lang=(language) {
                    span.what lang="en" { "In the document: " }
                    @if let Some(number) = context("number") { (number) " " }
                    (headings.join(" › "))
                }
            }
            @if let Some(lead) = context("lead_in") {
                @if !text(&["text"]).unwrap_or("").starts_with(lead) {
                    p.context lang=(language) { span.what lang="en" { "Under: " } (lead) }
                }
            }
            @if let Some(summary) = context("summary") {
                p.context lang=(language) { span.what lang="en" { "The platform’s own summary: " } (summary) }
            }
            @for (key, title) in [("why_it_matters", "Why it matters"), ("consumer_impact", "What it does to consumers")] {
                @if let Some(words) = text(&[key]) {
                    div.analyst { h3 { (title) } p { (words) } p.note { "An analyst’s words" } }
                }
            }
        }
    }
}

/// The comparables of a clause or a pasted text.
pub(super) fn render_comparables(
    desk: &Desk,
    place: &Place,
    answer: &ComparablesAnswer,
    offers: &[Offer],
) -> Markup {
    let all = place.has("group_by", "none");
    html! {
        section.others id="others" aria-labelledby="others-title" {
            h2 id="others-title" { "How other platforms handle this" }
            div role="status" {
                @if answer.no_match.is_none() { (render_counts(&answer.counts, !all)) }
            }
            (render_filters(desk, place))
            (render_facets(desk, place, &FACETS, &answer.facets, &answer.truncated))
            (render_nothing(place, answer.no_match.as_ref(), offers))
            @if answer.no_match.is_none() {
                p.switch role="group" aria-label="Show" {
                    span { "Show" }
                    (place.link(if all { "" } else { "pressed" }, &html! { "One card a platform" }, &place.without(&["group_by"])))
                    (place.link(if all { "pressed" } else { "" }, &html! { "Every clause" }, &place.with_value("group_by", Some("none"))))
                    @let explained = place.has("explain", "true");
                    (place.link(if explained { "pressed" } else { "" }, &html! { "What only one of two says" }, &place.toggled("explain", "true")))
                }
            }
            (render_entries(desk, place, answer.cards.as_deref(), answer.hits.as_deref()))
            (render_next(place, answer.next_cursor.as_deref()))
            (place.render_forms(None))
        }
    }
}

/// What is known of the clause beside its text.
fn render_aside(desk: &Desk, id: &str, shown: &Shown, origin: &Origin) -> Markup {
    let record = &shown.record;
    html! {
        aside.aside id="facts" aria-label="About this clause" {
            (render_reason(desk, record))
            (render_regulations(desk, record))
            section {
                h2 { "Stability" }
                (render_timeline(id, &record.stability, shown.history.as_ref()))
            }
            (render_evidence(record))
            (render_citation(id, record, origin))
        }
    }
}

/// Why it has its severity, and why its types.
fn render_reason(desk: &Desk, answer: &ClauseRecord) -> Markup {
    let severity = answer.find_text(&["severity"]).unwrap_or("unrated");
    let kind = answer.find_text(&["clause_type"]).unwrap_or(UNTYPED);
    let entry = desk.collection().taxonomy().clause_type(kind);
    let matched: Vec<&str> = answer
        .record
        .get("classified")
        .and_then(|classified| classified.get("matched"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    html! {
        section {
            h2 { "Severity" }
            p { (render_severity(severity, answer.is_inferred("severity"))) }
            @if severity == "unrated" {
                p.note { "Nobody rated it, and its type is not known." }
            } @else if !answer.is_inferred("severity") {
                p.note { "Given with the record or by an analyst." }
            } @else if let Some(entry) = entry {
                p { (entry.severity_reason) }
            }
            @if !matched.is_empty() {
                details {
                    summary { "What was inferred, and from which words" }
                    ul.plain { @for one in &matched { li { (one) } } }
                }
            }
        }
    }
}

/// Regulations: those that were given or are named, apart from those that often matter.
fn render_regulations(desk: &Desk, answer: &ClauseRecord) -> Markup {
    let named: Vec<&str> = list(&answer.record, "regulations").collect();
    let often: Vec<&str> =
        list(&answer.record, "regulations_often_relevant").filter(|id| !named.contains(id)).collect();
    let link = |id: &str| {
        html! { a href={ "/?" (write_pairs([("regulation", id)])) } { (label_regulation(desk, id)) } }
    };
    html! {
        @if !named.is_empty() || !often.is_empty() {
            section {
                h2 { "Regulations" }
                @if !named.is_empty() {
                    h3 { @if answer.is_inferred("regulations") { "Named in the text" } @else { "Named" } }
                    ul.plain { @for id in &named { li { (link(id)) } } }
                }
                @if !often.is_empty() {
                    h3 { "Often relevant to clauses of this type" }
                    ul.plain { @for id in &often { li { (label_regulation(desk, id)) } } }
                    p.note { "Whether one applies here is not said." }
                }
            }
        }
    }
}

fn render_evidence(answer: &ClauseRecord) -> Markup {
    let text = |path: &[&str]| answer.find_text(path);
    let evidence = |key: &str| answer.find_text(&["evidence", key]);
    html! {
        section {
            h2 { "Evidence" }
            dl.facts {
                dt { "Document" }
                dd {
                    @let title = text(&["document", "title"]).unwrap_or("");
                    @match text(&["document", "url"]) { Some(url) => (link_out(url, title)), None => (title) }
                    @if let Some(day) = text(&["document", "updated_on"]) { ", updated " (render_day(day)) }
                }
                @if let Some(captured) = evidence("captured_at") { dt { "Captured" } dd { (render_age(captured)) } }
                @if let Some(verified) = evidence("verified_at") { dt { "Verified" } dd { (render_day(verified)) } }
                @if let Some(url) = evidence("source_url") { dt { "Read from" } dd { (link_out(url, &shorten_url(url))) } }
                @if let Some(url) = evidence("archive_url") { dt { "Archived copy" } dd { (link_out(url, &shorten_url(url))) } }
                @if let Some(hash) = evidence("text_sha256") { dt { "SHA-256 of the text" } dd { code { (hash) } } }
                @if let Some(id) = text(&["collection", "id"]) {
                    dt { "Source" }
                    dd {
                        @let name = text(&["collection", "attribution"]).unwrap_or(id);
                        @match text(&["collection", "url"]) { Some(url) => (link_out(url, name)), None => (name) }
                    }
                    @if let Some(license) = text(&["collection", "license"]) { dt { "Licence" } dd { (license) } }
                }
            }
        }
    }
}

/// The host of a URL: where it leads.
fn shorten_url(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

fn read<'a>(record: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(record.get(*first)?, |value, key| value.get(key))?.as_str()
}

fn list<'a>(record: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a str> {
    record.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
