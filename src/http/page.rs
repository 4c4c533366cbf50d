//! The page: server-rendered, without scripts.

mod chart;
pub(super) mod clause;
mod clause_type;
mod docs;
mod document;
mod entity;
pub(super) mod entry;
mod facet;
pub(super) mod layout;
mod overview;
pub(super) mod place;
mod platform;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::answer::ask;
use super::body::Pasted;
use super::embed::oembed::{Format, link_oembed};
use super::endpoint::clause::compare_pasted;
use super::extract::{ClauseName, Pairs, read_body};
use super::origin::Origin;
use super::pair::{Pair, read_pairs, write_pairs};
use super::problem::{Code, Problem};
use crate::answer::{ComparablesAnswer, Desk, Params, SearchAnswer};
use entry::{render_counts, render_entries, render_nothing};
use facet::render_facets;
use layout::{Alternate, Page, count_of, write_problem};
use place::{Place, Subject, link_clause};

pub(super) use clause_type::{show_clause_type, show_clause_types};
pub(super) use docs::{show_docs, show_errors};
pub(super) use document::show_document;
pub(super) use overview::show_overview;
pub(super) use platform::show_platform;

/// The style sheet: one design, its parts by what they dress.
const STYLE: &str = concat!(include_str!("page/style/base.css"), include_str!("page/style/chart.css"));

/// A search, or the start page.
pub(super) async fn show_page(State(desk): State<Desk>, Pairs(pairs): Pairs) -> Response {
    let page = match pairs {
        Ok(pairs) => answer_page(desk, pairs).await,
        Err(problem) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_page(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    if pairs.is_empty() { show_start(desk).await } else { show_search(desk, pairs).await }
}

async fn show_start(desk: Desk) -> Result<Response, Problem> {
    let counts = ask(desk.clone(), async |desk: &Desk| desk.count_by(Params::default()).await).await?;
    let main = html! {
        section.start {
            h2 { "What platforms make people agree to" }
            p {
                "Search " (count_of(counts.clauses, "clause", "clauses")) " of "
                (count_of(counts.platforms, "platform", "platforms"))
                ", or paste a clause to see how others handle the same thing."
            }
            h3 { "By category" }
            p.note { "A clause can be in several categories, so the numbers do not add up." }
            ul.chips {
                @for row in &counts.rows {
                    @if let Some(category) = row.values.get("category") {
                        li {
                            a.chip href={ "/?category=" (category) } {
                                (layout::label_category(&desk, category)) " " span.count { (row.clauses) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new("Crossclause").with_open_box().write(main))
}

async fn show_search(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    let params = Params::new(pairs.clone());
    let answer: SearchAnswer = ask(desk.clone(), async move |desk: &Desk| desk.search(params).await).await?;
    let place = Place::new(Subject::Search, pairs);
    let query = place.value("q").unwrap_or_default().to_owned();
    let main = html! {
        h2 { @if query.is_empty() { "Clauses" } @else { "Clauses for “" (query) "”" } }
        p.counts {
            (count_of(answer.counts.clauses, "clause", "clauses")) ", "
            (count_of(answer.counts.platforms, "platform", "platforms")) ", of "
            (answer.counts.platforms_tracked) " tracked"
        }
        @for (word, nearest) in &answer.corrections {
            p.note { "No clause has “" (word) "”; “" (nearest) "” stood in for it." }
        }
        (render_facets(&desk, &place, &answer.facets, &answer.truncated))
        (render_nothing(answer.no_match.as_ref()))
        (render_entries(&desk, &place, answer.cards.as_deref(), answer.hits.as_deref()))
        (render_next(&place, answer.next_cursor.as_deref()))
        (place.link_json())
    };
    let title = if query.is_empty() { "Clauses".to_owned() } else { query.clone() };
    Ok(Page::new(&title).with_query(&query, &place).write(main))
}

/// A clause with its comparables.
pub(super) async fn show_clause(
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

async fn answer_clause(
    desk: Desk,
    id: String,
    origin: &Origin,
    pairs: Vec<Pair>,
) -> Result<Response, Problem> {
    let params = Params::new(pairs.clone());
    let named = id.clone();
    let (record, answer) =
        ask(desk.clone(), async move |desk: &Desk| desk.read_with_comparables(&named, params).await).await?;
    let place = Place::new(Subject::Clause(id.clone()), pairs);
    let title = clause::title_of(&record);
    let asked = || place.pairs().map(|(name, value)| (name.as_str(), value.as_str()));
    let alternates = [
        link_oembed(origin, &link_clause(&id, asked()), Format::Json),
        link_oembed(origin, &link_clause(&id, asked()), Format::Xml),
        Alternate { href: origin.link(&format!("/v1/clauses/{id}")), media_type: "application/json" },
    ];
    let main = html! {
        (clause::render_clause(&desk, &record))
        p { a href={ "/embed/builder?" (write_pairs([("clause", id.as_str())])) } { "Show this on your own page" } }
        (render_comparables(&desk, &place, &answer))
    };
    Ok(Page::new(&title).with_alternates(&alternates).write(main))
}

/// The comparables of a pasted text, which stands in no URL.
pub(super) async fn show_pasted(State(desk): State<Desk>, request: Request) -> Response {
    answer_pasted(desk, request).await.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_pasted(desk: Desk, request: Request) -> Result<Response, Problem> {
    let body = read_body(request, "application/x-www-form-urlencoded").await?;
    let body = std::str::from_utf8(&body)
        .map_err(|_| Problem::new(Code::BadParameter, "The form must be UTF-8."))?;
    let mut text = None;
    let mut pairs = Vec::new();
    for (name, value) in read_pairs(body)? {
        match name.as_str() {
            // Browsers send line ends as CR LF, whatever was pasted.
            "text" => text = Some(value.replace("\r\n", "\n")),
            place::WITH => pairs.extend(read_pairs(&value)?),
            _ => pairs.push((name, value)),
        }
    }
    let text = text
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| Problem::bad_parameter("text", "is empty; paste a clause there"))?;
    let pasted = Pasted { text: text.clone(), platform: None, language: None, pairs: pairs.clone() };
    let answer = compare_pasted(desk.clone(), pasted).await?;
    let place = Place::new(Subject::Pasted(text.clone()), pairs);
    let main = html! {
        section.clause {
            h2 { "Your text" }
            p.legal lang=(answer.source.language) dir="auto" { (text) }
            p.note {
                "Read as " (layout::label_clause_type(&desk, &answer.source.clause_type)) ", severity "
                (answer.source.severity) ": inferred by rules. The text is not kept."
            }
        }
        (place.render_form())
        (render_comparables(&desk, &place, &answer))
    };
    Ok(Page::new("Your text").with_text(&text).write(main))
}

fn render_comparables(desk: &Desk, place: &Place, answer: &ComparablesAnswer) -> Markup {
    html! {
        section.comparables {
            h2 { "How other platforms handle this" }
            (render_counts(&answer.counts))
            (render_facets(desk, place, &answer.facets, &answer.truncated))
            (render_nothing(answer.no_match.as_ref()))
            @if answer.no_match.is_none() {
                @let class = if place.has("explain", "true") { "chip pressed" } else { "chip" };
                p { (place.link(class, &html! { "What only one of two says" }, &place.toggled("explain", "true"))) }
            }
            (render_entries(desk, place, answer.cards.as_deref(), answer.hits.as_deref()))
            (render_next(place, answer.next_cursor.as_deref()))
            (place.link_json())
        }
    }
}

fn render_next(place: &Place, cursor: Option<&str>) -> Markup {
    html! {
        @if let Some(cursor) = cursor {
            nav.next { (place.link("next", &html! { "Next page" }, &place.with_cursor(cursor))) }
        }
    }
}

/// The style sheet.
pub(super) async fn read_style() -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (headers, STYLE).into_response()
}
