//! Cards and hits.

use maud::{Markup, html};

use super::label::{
    count_of, label_category, label_clause_type, link_out, render_age, render_severity, write_number,
};
use super::place::{Place, Subject, link_clause, link_path};
use crate::answer::{
    Card, ClauseView, ContrastView, Counts, Desk, EvidenceView, ExcerptView, Hit, MatchView, More,
    PlatformView, SameWordingView,
};

/// What a card and a hit have in common.
struct Entry<'a> {
    rank: u64,
    platform: &'a PlatformView,
    clause: &'a ClauseView,
    excerpt: &'a ExcerptView,
    matching: &'a MatchView,
    same_wording: SameWordingView,
    evidence: &'a EvidenceView,
    more: u64,
    affiliate: bool,
    also: &'a [More],
    contrast: Option<&'a ContrastView>,
}

impl<'a> From<&'a Card> for Entry<'a> {
    fn from(card: &'a Card) -> Self {
        Self {
            rank: card.rank,
            platform: &card.platform,
            clause: &card.clause,
            excerpt: &card.excerpt,
            matching: &card.matching,
            same_wording: card.same_wording,
            evidence: &card.evidence,
            more: card.more_on_platform,
            affiliate: card.affiliate,
            also: &card.also,
            contrast: card.contrast.as_ref(),
        }
    }
}

impl<'a> From<&'a Hit> for Entry<'a> {
    fn from(hit: &'a Hit) -> Self {
        Self {
            rank: hit.rank,
            platform: &hit.platform,
            clause: &hit.clause,
            excerpt: &hit.excerpt,
            matching: &hit.matching,
            same_wording: hit.same_wording,
            evidence: &hit.evidence,
            more: 0,
            affiliate: false,
            also: &[],
            contrast: hit.contrast.as_ref(),
        }
    }
}

/// Cards or hits of an answer.
pub(super) fn render_entries(
    desk: &Desk,
    place: &Place,
    cards: Option<&[Card]>,
    hits: Option<&[Hit]>,
) -> Markup {
    let cards = cards.unwrap_or_default().iter().map(Entry::from);
    let entries: Vec<Entry<'_>> = cards.chain(hits.unwrap_or_default().iter().map(Entry::from)).collect();
    let first = entries.first().map_or(1, |entry| entry.rank);
    html! {
        @if !entries.is_empty() {
            ol.entries start=(first) role="list" {
                @for entry in &entries { li { (render_entry(desk, place, entry)) } }
            }
        }
    }
}

fn render_entry(desk: &Desk, place: &Place, entry: &Entry<'_>) -> Markup {
    let clause = entry.clause;
    html! {
        article.entry {
            header {
                span.rank { span.hidden { "Number " } (entry.rank) }
                a.platform href={ "/platforms/" (entry.platform.id) } { (entry.platform.name) }
                @if entry.affiliate { span.tag { "same company" } }
                (render_severity(&clause.severity, is_inferred(clause, "severity")))
            }
            h3 { (link_title(clause)) }
            (render_excerpt(entry.excerpt, &clause.language))
            (render_match(place, entry.matching))
            (render_contrast(entry.contrast))
            (render_facts(desk, entry))
            (render_ways(place, entry))
            @for more in entry.also {
                div.also {
                    h4 { (link_title(&more.clause)) }
                    (render_excerpt(&more.excerpt, &more.clause.language))
                    (render_contrast(more.contrast.as_ref()))
                }
            }
        }
    }
}

/// Why it is here.
fn render_match(place: &Place, matching: &MatchView) -> Markup {
    let is_search = matches!(place.subject(), Subject::Search);
    html! {
        p.why {
            @match &matching.tier {
                Some(tier) => span.tier { (capitalise(&tier.replace('-', " "))) },
                None if !is_search => span.tier { "Below the usual floor" },
                None => {}
            }
            @if !is_search || matching.score < 1.0 {
                " " span.score { (if is_search { "holds " } else { "score " }) (format!("{:.3}", matching.score)) }
            }
            @if !matching.shared_terms.is_empty() {
                " " span.terms { (place.call_terms()) ": " (matching.shared_terms.join(" · ")) }
            }
        }
    }
}

fn capitalise(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What only one of the two says, with the words that say it.
fn render_contrast(contrast: Option<&ContrastView>) -> Markup {
    let sides = contrast
        .map(|contrast| [("Only here", &contrast.clause_only), ("Only in yours", &contrast.source_only)]);
    html! {
        @for (head, statements) in sides.into_iter().flatten() {
            @let statements = statements.as_deref().unwrap_or_default();
            @if !statements.is_empty() {
                p.contrast {
                    strong { (head) ": " }
                    @for (place, statement) in statements.iter().enumerate() {
                        @if place > 0 { " · " }
                        (statement.name()) " " q { (statement.quote) }
                    }
                }
            }
        }
    }
}

fn link_title(clause: &ClauseView) -> Markup {
    let name = clause.title.as_deref().unwrap_or(&clause.document.title);
    html! { a href=(link_clause(&clause.id, [])) { (name) } }
}

/// Whether a value was inferred and nobody gave it.
pub(super) fn is_inferred(clause: &ClauseView, field: &str) -> bool {
    clause.inferred.iter().any(|inferred| inferred == field)
}

/// Where it stands, since when, what it is about, and whom to name for it.
fn render_facts(desk: &Desk, entry: &Entry<'_>) -> Markup {
    let clause = entry.clause;
    html! {
        p.facts {
            span {
                a href={ "/documents/" (clause.document.id) } { (clause.document.title) }
                @if let Some(captured) = &entry.evidence.captured_at { ", captured " (render_age(captured)) }
                @if let Some(url) = entry.evidence.archive_url.as_ref().or(entry.evidence.source_url.as_ref()).or(clause.document.url.as_ref()) {
                    " " (link_out(url, "Evidence"))
                }
            }
            span { (list_types(desk, clause)) }
            @if let Some(collection) = &clause.collection {
                span {
                    "Source: " (collection.attribution.as_deref().unwrap_or(&collection.id))
                    @if let Some(license) = &collection.license { ", " (license) }
                }
            }
        }
    }
}

/// Types, or categories where no type is known.
fn list_types(desk: &Desk, clause: &ClauseView) -> Markup {
    let types: Vec<&String> = std::iter::once(&clause.clause_type)
        .chain(&clause.other_clause_types)
        .filter(|id| *id != crate::taxonomy::UNTYPED)
        .collect();
    html! {
        @if types.is_empty() {
            @let categories: Vec<&str> = clause.categories.iter().map(|id| label_category(desk, id)).collect();
            (categories.join(", "))
        } @else {
            @for (place, id) in types.iter().enumerate() {
                @if place > 0 { ", " }
                a href={ "/clause-types/" (id) } { (label_clause_type(desk, id)) }
            }
            @if is_inferred(clause, "clause_type") { " (inferred)" }
        }
    }
}

/// What one can do with it.
fn render_ways(place: &Place, entry: &Entry<'_>) -> Markup {
    let source = match place.subject() {
        Subject::Clause(id) => Some(id.as_str()),
        Subject::Search | Subject::Pasted { .. } => None,
    };
    html! {
        p.ways {
            @match source {
                Some(source) => {
                    a href=(link_path("/compare", [("a", source), ("b", entry.clause.id.as_str())])) {
                        "Side by side" span.hidden { " with " (entry.platform.name) }
                    }
                },
                None => {
                    a href={ (link_clause(&entry.clause.id, [])) "#others" } {
                        "How others handle this" span.hidden { ": " (entry.platform.name) }
                    }
                },
            }
            @if entry.more > 0 {
                @let label = html! { (write_number(entry.more)) " more on this platform" };
                (place.link("more", &label, &place.on_platform(&entry.platform.id)))
            }
            @if entry.same_wording.clauses > 1 {
                span {
                    @if entry.same_wording.platforms > 1 {
                        "Same wording on " (count_of(entry.same_wording.platforms, "platform", "platforms"))
                    } @else {
                        "Same wording in " (count_of(entry.same_wording.clauses, "clause", "clauses")) " here"
                    }
                }
            }
        }
    }
}

/// An excerpt with its highlights marked.
pub(in crate::http) fn render_excerpt(excerpt: &ExcerptView, language: &str) -> Markup {
    html! {
        blockquote lang=(language) dir="auto" {
            @for (part, marked) in split_marks(&excerpt.text, &excerpt.highlights) {
                @if marked { mark { (part) } } @else { (part) }
            }
            @if excerpt.truncated { span.note { " […]" } }
        }
    }
}

/// The parts of a text inside and outside of ranges, which are in code points, ascending and apart.
fn split_marks<'a>(text: &'a str, highlights: &[[usize; 2]]) -> Vec<(&'a str, bool)> {
    let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    let byte_of = |character: usize| bytes.get(character).copied().unwrap_or(text.len());
    let mut parts = Vec::new();
    let mut done = 0;
    for &[start, end] in highlights {
        let (start, end) = (byte_of(start), byte_of(end));
        parts.push((text.get(done..start).unwrap_or(""), false));
        parts.push((text.get(start..end).unwrap_or(""), true));
        done = end;
    }
    parts.push((text.get(done..).unwrap_or(""), false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// The exact counts of comparables, and how they are shown.
pub(super) fn render_counts(counts: &Counts, grouped: bool) -> Markup {
    html! {
        p.counts {
            strong { (count_of(counts.clauses, "comparable clause", "comparable clauses")) }
            " on " strong { (count_of(counts.platforms, "platform", "platforms")) }
            ", of " (write_number(counts.platforms_tracked)) " tracked"
            @if grouped && counts.cards < counts.platforms {
                ". Equal wordings are folded into " (count_of(counts.cards, "card", "cards"))
            }
            "."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split_marks;

    #[test]
    fn marks_are_cut_by_code_points() {
        let check = |text: &str, highlights: &[[usize; 2]], expected: &str| {
            let parts = split_marks(text, highlights);
            let written: String = parts
                .into_iter()
                .map(|(part, marked)| if marked { format!("[{part}]") } else { part.to_owned() })
                .collect();
            assert_eq!(written, expected, "{text} {highlights:?}");
        };
        check("we train models", &[[3, 8]], "we [train] models");
        check("é train 💥 it", &[[0, 1], [2, 7], [8, 9]], "[é] [train] [💥] it");
        check("abcd", &[[0, 2], [2, 4]], "[ab][cd]");
        check("abcd", &[], "abcd");
        check("", &[], "");
        check("ab", &[[1, 9]], "a[b]");
    }
}
