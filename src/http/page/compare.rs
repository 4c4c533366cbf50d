//! Two clauses, or two wordings of one, side by side.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::label::{count_of, link_out, render_day, render_severity};
use super::layout::{Page, write_problem};
use super::place::link_clause;
use crate::answer::{ClauseComparison, ComparedClause, Desk, DiffPart, Op, Params, Statement};
use crate::http::answer::ask;
use crate::http::extract::Pairs;
use crate::http::pair::{Pair, write_pairs};
use crate::http::problem::Problem;

/// Below this share of words in common, in percent, marks of words tell little.
const LITTLE_IN_COMMON: u64 = 30;

/// Two clauses side by side, or a form that asks which.
pub(in crate::http) async fn show_compare(State(desk): State<Desk>, Pairs(pairs): Pairs) -> Response {
    let page = match pairs {
        Ok(pairs) => compare(desk, pairs).await,
        Err(problem) => Err(problem),
    };
    page.unwrap_or_else(|problem| write_problem(&problem))
}

async fn compare(desk: Desk, pairs: Vec<Pair>) -> Result<Response, Problem> {
    let mut params = Params::new(pairs);
    let (a, b) = (params.take_one("a")?, params.take_one("b")?);
    params.finish()?;
    let (Some(a), Some(b)) = (&a, &b) else {
        let main = html! {
            h1 { "Two clauses side by side" }
            (render_form(a.as_deref(), b.as_deref()))
        };
        return Ok(Page::new("Two clauses side by side").write(main));
    };
    let sides = [("from".to_owned(), a.trim().to_owned()), ("to".to_owned(), b.trim().to_owned())];
    let found: ClauseComparison =
        ask(desk, async move |desk: &Desk| desk.compare_clauses(Params::new(sides))).await?;
    let title = format!("{} and {}", name_side(&found, Side::A), name_side(&found, Side::B));
    let query = write_pairs([("from", a.as_str()), ("to", b.as_str())]);
    let main = html! {
        h1 { (title) }
        p.lead {
            "What only one of the two says, and every word that differs. "
            a href={ "/compare?" (write_pairs([("a", b.as_str()), ("b", a.as_str())])) } { "The other way round" }
        }
        (render_statements(&found))
        section aria-labelledby="words" {
            h2 id="words" { "Word by word" }
            (render_legend(&found))
            div.sides.wordings[found.from.clause.id == found.to.clause.id] {
                (render_side(&found, Side::A))
                (render_side(&found, Side::B))
            }
        }
        (render_form(Some(a), Some(b)))
        nav.forms aria-label="This in other forms" {
            span { "This view as " }
            a href={ "/v1/diff?" (query) } { "JSON" }
            button.share type="button" data-share={ "/compare?" (write_pairs([("a", a.as_str()), ("b", b.as_str())])) } hidden { "Share" }
            button.print type="button" hidden { "Print" }
        }
    };
    Ok(Page::new(&title).write(main))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    A,
    B,
}

impl Side {
    fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    fn of(self, found: &ClauseComparison) -> &ComparedClause {
        match self {
            Self::A => &found.from,
            Self::B => &found.to,
        }
    }

    /// What stands in this text and not in the other.
    fn own(self) -> Op {
        match self {
            Self::A => Op::Delete,
            Self::B => Op::Insert,
        }
    }
}

/// A name that tells one from the other.
fn name_side(found: &ClauseComparison, side: Side) -> String {
    let (one, other) = (&found.from, &found.to);
    let own = side.of(found);
    if one.clause.id == other.clause.id {
        format!("{}, wording {}", own.platform.name, own.clause.wording)
    } else if one.platform.id == other.platform.id {
        format!(
            "{}, {}",
            own.platform.name,
            own.clause.title.as_deref().unwrap_or(&own.clause.document.title)
        )
    } else {
        own.platform.name.clone()
    }
}

/// What one grants and the other does not.
fn render_statements(found: &ClauseComparison) -> Markup {
    let columns = [
        (format!("Only A: {}", name_side(found, Side::A)), &found.only_from),
        ("Both".to_owned(), &found.both),
        (format!("Only B: {}", name_side(found, Side::B)), &found.only_to),
    ];
    html! {
        section aria-labelledby="says" {
            h2 id="says" { "What each says" }
            @if found.both.is_none() {
                p.note { "What a clause says is read in English only: of these two only the words can be compared." }
            } @else if columns.iter().all(|(_, statements)| statements.as_ref().is_none_or(Vec::is_empty)) {
                p.note { "Neither names a choice, a purpose, a kind of data, a recipient or a limit that is known here." }
            } @else {
                div.says {
                    @for (head, statements) in &columns {
                        div {
                            h3 { (head) }
                            (render_list(statements.as_deref().unwrap_or_default()))
                        }
                    }
                }
                p.note { "Found by phrases, and so never complete: read both texts." }
            }
        }
    }
}

fn render_list(statements: &[Statement]) -> Markup {
    html! {
        @if statements.is_empty() { p.note { "Nothing" } }
        @else {
            dl {
                @for statement in statements {
                    dt { (statement.label) @if statement.denied { " " span.tag { "denied" } } " " span.group { (statement.group) } }
                    dd { q { (statement.quote) } }
                }
            }
        }
    }
}

fn render_legend(found: &ClauseComparison) -> Markup {
    let all = found.words_equal + found.words_deleted + found.words_inserted;
    html! {
        p.legend {
            (count_of(found.words_equal, "word", "words")) " in both, "
            del { (count_of(found.words_deleted, "word", "words")) " only in A" } ", "
            ins { (count_of(found.words_inserted, "word", "words")) " only in B" } "."
        }
        @if all > 0 && found.words_equal * 100 < all * LITTLE_IN_COMMON {
            p.note { "These two share few words in the same order: what each says tells more than the marks." }
        }
    }
}

fn render_side(found: &ClauseComparison, side: Side) -> Markup {
    let ComparedClause { platform, clause, evidence, citation } = side.of(found);
    let id = format!("cite-{}", side.letter());
    html! {
        article.side {
            header {
                span.rank { (side.letter()) }
                a.platform href={ "/platforms/" (platform.id) } { (platform.name) }
                (render_severity(&clause.severity, clause.inferred.iter().any(|field| field == "severity")))
            }
            h3 { a href=(link_clause(&clause.id, [])) { (clause.title.as_deref().unwrap_or(&clause.document.title)) } }
            blockquote.legal lang=(clause.language) dir="auto" { (render_parts(&found.parts, side)) }
            p.facts {
                span {
                    a href={ "/documents/" (clause.document.id) } { (clause.document.title) } ", wording " (clause.wording)
                    @if let Some(captured) = &evidence.captured_at { ", captured " (render_day(captured)) }
                    @if let Some(url) = evidence.archive_url.as_ref().or(evidence.source_url.as_ref()) { " " (link_out(url, "Evidence")) }
                }
                @if let Some(collection) = &clause.collection {
                    span {
                        "Source: " (collection.attribution.as_deref().unwrap_or(&collection.id))
                        @if let Some(license) = &collection.license { ", " (license) }
                    }
                }
            }
            details.cite {
                summary { "Cite " (side.letter()) }
                p id=(id) { (citation.text) }
                button.copy type="button" data-copy=(id) hidden { "Copy" span.hidden { " the citation of " (side.letter()) } } span.copied role="status" {}
            }
        }
    }
}

/// The text of one side, with what only it has marked by more than colour.
fn render_parts(parts: &[DiffPart], side: Side) -> Markup {
    html! {
        @for part in parts {
            @if part.op == Op::Equal { (part.text) }
            @else if part.op == side.own() {
                @match side {
                    Side::A => del { span.hidden { "[only in A: " } (part.text) span.hidden { "]" } },
                    Side::B => ins { span.hidden { "[only in B: " } (part.text) span.hidden { "]" } },
                }
            }
        }
    }
}

fn render_form(a: Option<&str>, b: Option<&str>) -> Markup {
    html! {
        form.pick method="get" action="/compare" {
            @for (name, value) in [("a", a), ("b", b)] {
                p {
                    label for=(name) { "Clause " (name.to_uppercase()) }
                    input id=(name) name=(name) value=[value] required spellcheck="false" autocomplete="off" aria-describedby="pick-hint";
                }
            }
            p.note id="pick-hint" { "A clause’s id, the last part of its page’s address, or ID@N for one of its wordings." }
            button type="submit" { "Compare" }
        }
    }
}
