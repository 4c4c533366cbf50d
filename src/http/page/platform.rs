//! A platform: its profile against the others, its documents, what only it says, what changed lately.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::chart::{SEVERITIES, draw_sample, draw_severities, draw_shares};
use super::entity::{
    label_document_type, link_clause_type, link_clauses, link_document, link_platform, name_clause,
    render_clause_link, render_day_or_none, render_json_link, write_share,
};
use super::entry::is_inferred;
use super::label::{count_of, label_category, render_day, render_severity};
use super::layout::{Page, write_problem};
use crate::answer::{ChangeView, Desk, OnlyHereState, Params, PlatformAnswer};
use crate::clause::{Cause, NewsKind};
use crate::http::answer::ask;
use crate::http::extract::{Name, Pairs};
use crate::http::pair::{Pair, write_pairs};
use crate::http::problem::Problem;
use crate::taxonomy::UNTYPED;

/// How many clause types are shown before the rest is folded away.
const TYPES: usize = 24;

/// How many changes are shown.
const CHANGES: &str = "8";

/// How many documents are shown before the rest is folded away.
const DOCUMENTS: usize = 15;

/// What changed, and whether the clause still stands.
type Changes = Vec<(ChangeView, bool)>;

/// A platform.
pub(in crate::http) async fn show_platform(
    State(desk): State<Desk>,
    name: Result<Name, Problem>,
    Pairs(pairs): Pairs,
) -> Response {
    let page = match (name, pairs) {
        (Ok(Name(id)), Ok(pairs)) => answer_platform(desk, id, pairs).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_platform(desk: Desk, id: String, pairs: Vec<Pair>) -> Result<Response, Problem> {
    let params = Params::new(pairs);
    let (platform, changes) = ask(desk.clone(), async move |desk: &Desk| {
        let platform = desk.read_platform(&id, params)?;
        let asked = [("platform", id.as_str()), ("limit", CHANGES)];
        let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut changes = desk.list_changes(Params::new(asked))?.changes;
        // They were recorded last; among these the day that is shown gives the order.
        changes.sort_by(|one, two| day_shown(two).cmp(day_shown(one)));
        let stands = |change: &ChangeView| desk.check_clause(&change.clause.id).is_ok();
        let changes: Changes = changes
            .into_iter()
            .map(|change| (stands(&change), change))
            .map(|(stands, change)| (change, stands))
            .collect();
        Ok((platform, changes))
    })
    .await?;
    let main = html! {
        article.entity {
            (render_head(&desk, &platform))
            (render_severities(&platform))
            (render_profile(&desk, &platform))
            (render_types(&platform))
            (render_only_here(&platform))
            (render_documents(&desk, &platform))
            (render_changes(&platform, &changes))
            (render_json_link(&format!("/v1/platforms/{}", platform.id)))
        }
    };
    Ok(Page::new(&platform.name).write(main))
}

fn render_head(desk: &Desk, platform: &PlatformAnswer) -> Markup {
    let published = desk.newest().ok();
    let name = |id: &str| {
        let counted = published.as_ref().and_then(|published| published.platforms.get(id));
        counted.map_or_else(|| id.to_owned(), |counted| counted.item.name.clone())
    };
    html! {
        header.entity-head {
            p.over { a href="/overview" { "Platforms" } }
            h1 { (platform.name) }
            p.entity-lead {
                a href=(link_clauses(&[("platform", &platform.id)])) { (count_of(platform.clauses, "clause", "clauses")) }
                " in " (count_of(platform.documents.len() as u64, "document", "documents"))
                @if let Some(parent) = &platform.parent { ". Belongs to " (parent) }
                @if let Some(domain) = &platform.domain { ". Domain " (domain) }
                @if !platform.affiliates.is_empty() {
                    ". Of the same company: "
                    @for (place, id) in platform.affiliates.iter().enumerate() {
                        @if place > 0 { ", " }
                        a href=(link_platform(id)) { (name(id)) }
                    }
                }
                "."
            }
        }
    }
}

fn render_severities(platform: &PlatformAnswer) -> Markup {
    html! {
        section.entity-part {
            h2 { "Clauses by severity" }
            (draw_severities(&format!("Clauses of {} by severity", platform.name), &platform.severity))
            table.numbers {
                caption.hidden { "Clauses by severity, here and elsewhere" }
                thead {
                    tr {
                        th scope="col" { "Severity" }
                        th scope="col" { "Clauses" }
                        th scope="col" { "Here" }
                        th scope="col" { "Elsewhere" }
                    }
                }
                tbody {
                    @for severity in SEVERITIES {
                        @let count = platform.severity.get(severity).copied().unwrap_or(0);
                        @let share = platform.severity_shares.get(severity);
                        @if count > 0 || share.is_some_and(|share| share.elsewhere.is_some_and(|share| share > 0.0)) {
                            tr {
                                th scope="row" {
                                    a href=(link_clauses(&[("platform", &platform.id), ("severity", severity)])) { (render_severity(severity, false)) }
                                }
                                td { (count) }
                                td { @if let Some(share) = share { (write_share(share.here)) } }
                                td { (render_elsewhere(share.and_then(|share| share.elsewhere))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn render_elsewhere(share: Option<f64>) -> Markup {
    html! {
        @match share { Some(share) => (write_share(share)), None => span.note { "none" } }
    }
}

fn render_profile(desk: &Desk, platform: &PlatformAnswer) -> Markup {
    // Clauses of no known category would make all others look small.
    let is_known = |category: &str| category != UNTYPED;
    let shares = platform.categories.iter().filter(|cell| is_known(&cell.category)).map(|cell| cell.share);
    let greatest = shares.map(|share| share.here.max(share.elsewhere.unwrap_or(0.0))).fold(0.0, f64::max);
    html! {
        section.entity-part {
            h2 { "What its clauses are about, beside all other platforms" }
            p.note.share-legend {
                span { (draw_sample("share-here")) " " (platform.name) }
                span { (draw_sample("share-elsewhere")) " all other platforms taken together" }
            }
            table.numbers.profile {
                caption { "Share of clauses in each category. A clause can be in several, so they do not add up." }
                thead {
                    tr {
                        th scope="col" { "Category" }
                        th scope="col" { "Here" }
                        th scope="col" { "Elsewhere" }
                        th scope="col" { "Clauses" }
                    }
                }
                tbody {
                    @for cell in &platform.categories {
                        tr {
                            th scope="row" {
                                div.profile-row {
                                    a href=(link_clauses(&[("platform", &platform.id), ("category", &cell.category)])) {
                                        (label_category(desk, &cell.category))
                                    }
                                    @if is_known(&cell.category) {
                                        (draw_shares(cell.share.here, cell.share.elsewhere, greatest))
                                    }
                                }
                            }
                            td { (write_share(cell.share.here)) }
                            td { (render_elsewhere(cell.share.elsewhere)) }
                            td { (cell.clauses) }
                        }
                    }
                }
            }
        }
    }
}

fn render_types(platform: &PlatformAnswer) -> Markup {
    let (untyped, types): (Vec<_>, Vec<_>) =
        platform.clause_types.iter().partition(|kind| kind.id == UNTYPED);
    let chips = |from: usize, to: usize| {
        html! {
            ul.chips {
                @for kind in types.iter().skip(from).take(to - from) {
                    li {
                        a.chip href=(link_clauses(&[("clause_type", &kind.id), ("platform", &platform.id)])) {
                            (kind.label) " " span.count { (kind.clauses) }
                        }
                    }
                }
            }
        }
    };
    let all = types.len();
    html! {
        section.entity-part {
            h2 { "Clause types found" }
            (chips(0, TYPES.min(all)))
            @if all > TYPES {
                details { summary { (all - TYPES) " more" } (chips(TYPES, all)) }
            }
            @for kind in &untyped {
                p.note {
                    a href=(link_clauses(&[("clause_type", &kind.id), ("platform", &platform.id)])) { (count_of(kind.clauses, "clause", "clauses")) }
                    " of no type that is known."
                }
            }
            @if !platform.none_found.is_empty() {
                h3 { "Not found here" }
                p.note {
                    "More than half of the other platforms have these, and none was found in the documents we hold of "
                    (platform.name) ". That it has none is not said."
                }
                ul.chips {
                    @for kind in &platform.none_found {
                        li {
                            a.chip href=(link_clause_type(&kind.id)) {
                                (kind.label) " " span.count { "on " (kind.platforms) " others" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn render_only_here(platform: &PlatformAnswer) -> Markup {
    let only = &platform.only_here;
    html! {
        section.entity-part {
            h2 { "What only " (platform.name) " says" }
            @match (only.state, only.total) {
                (OnlyHereState::Computing, _) | (_, None) => p.nothing {
                    "This is being looked for and takes some seconds. "
                    a href=(link_platform(&platform.id)) { "Look again" }
                },
                (OnlyHereState::Ready, Some(0)) => p {
                    "Every typed clause has a comparable one on another platform."
                },
                (OnlyHereState::Ready, Some(total)) => {
                    p.note {
                        (count_of(total, "typed clause", "typed clauses"))
                        " without a comparable on any platform of another company"
                        @if total > only.clauses.len() as u64 { "; the first " (only.clauses.len()) " by severity" }
                        "."
                    }
                    ul.entity-lines {
                        @for clause in &only.clauses {
                            li {
                                (render_severity(&clause.severity, is_inferred(clause, "severity"))) " " (render_clause_link(clause))
                                @if clause.title.is_some() { span.note { " " (clause.document.title) } }
                            }
                        }
                    }
                },
            }
        }
    }
}

fn render_documents(desk: &Desk, platform: &PlatformAnswer) -> Markup {
    let is_updated = platform.documents.iter().any(|document| document.updated_on.is_some());
    let rows = |from: usize, to: usize| {
        html! {
            table.numbers.documents {
                caption.hidden { "Documents of " (platform.name) }
                thead {
                    tr {
                        th scope="col" { "Document" }
                        @if is_updated { th scope="col" { "Updated" } }
                        th scope="col" { "Captured" }
                        th scope="col" { "Clauses" }
                    }
                }
                tbody {
                    @for document in platform.documents.iter().skip(from).take(to - from) {
                        tr {
                            th scope="row" {
                                a href=(link_document(&document.id)) { (document.title) }
                                @let kind = document.document_type.as_deref().map(|kind| label_document_type(desk, kind));
                                @if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case(&document.title)) {
                                    span.type-definition { (kind) }
                                }
                            }
                            @if is_updated { td { (render_day_or_none(document.updated_on.as_deref())) } }
                            td { (render_day_or_none(document.captured_at.as_deref())) }
                            td { (document.clauses) }
                        }
                    }
                }
            }
        }
    };
    let all = platform.documents.len();
    html! {
        section.entity-part {
            h2 { "Documents we hold" }
            (rows(0, DOCUMENTS.min(all)))
            @if all > DOCUMENTS {
                details { summary { (all - DOCUMENTS) " more" } (rows(DOCUMENTS, all)) }
            }
        }
    }
}

fn render_changes(platform: &PlatformAnswer, changes: &Changes) -> Markup {
    html! {
        section.entity-part {
            h2 { "What changed lately" }
            @if changes.is_empty() { p { "No change is recorded." } }
            ul.entity-lines {
                @for (change, stands) in changes {
                    li { (render_change(change, *stands)) }
                }
            }
            p {
                a href={ "/feeds/changes.atom?" (write_pairs([("platform", platform.id.as_str())])) } { "Changes as a feed" }
            }
        }
    }
}

/// The day by which a change is told.
fn day_shown(change: &ChangeView) -> &str {
    let moment = change.observed_at.as_deref().unwrap_or(&change.recorded_at);
    moment.get(..10).unwrap_or(moment)
}

fn render_change(change: &ChangeView, stands: bool) -> Markup {
    let verb = match change.kind {
        NewsKind::Added => "Added",
        NewsKind::Changed => "Changed",
        NewsKind::Removed => "Removed",
    };
    let compared = change.wording_before.as_deref().zip(change.wording.as_deref());
    html! {
        @match &change.observed_at {
            Some(observed) => (render_day(observed)),
            None => { "recorded " (render_day(&change.recorded_at)) },
        }
        " · " (verb)
        @if change.by == Cause::First { " when first looked at" }
        ": "
        @if stands { (render_clause_link(&change.clause)) }
        @else { span lang=(change.clause.language) dir="auto" { (name_clause(&change.clause)) } }
        @if let Some((before, after)) = compared {
            " " a href={ "/compare?" (write_pairs([("a", before), ("b", after)])) } {
                "What changed" span.hidden { " in " (name_clause(&change.clause)) }
            }
        }
    }
}
