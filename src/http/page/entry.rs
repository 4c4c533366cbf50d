//! Cards and hits.

use maud::{Markup, html};

use super::layout::{count_of, label_category, label_clause_type, label_severity, link_out};
use super::place::{Place, link_clause};
use crate::answer::{
    Card, ClauseView, ContrastView, Counts, Desk, EvidenceView, ExcerptView, Hit, MatchView, More, NoMatch,
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
        ol.entries start=(first) {
            @for entry in &entries { li { (render_entry(desk, place, entry)) } }
        }
    }
}

fn render_entry(desk: &Desk, place: &Place, entry: &Entry<'_>) -> Markup {
    let matching = entry.matching;
    html! {
        article.entry {
            header {
                span.platform { (entry.platform.name) }
                @if let Some(parent) = &entry.platform.parent { span.parent { (parent) } }
                @if entry.affiliate { span.badge { "same company" } }
                span.badge.(entry.clause.severity) { (label_severity(&entry.clause.severity)) }
                @if let Some(tier) = &matching.tier {
                    span.badge { (tier.replace('-', " ")) }
                }
                span.score { "score " (format!("{:.3}", matching.score)) }
            }
            (render_clause_line(entry.clause))
            (render_excerpt(entry.excerpt, &entry.clause.language))
            (render_labels(desk, entry.clause))
            @if !matching.shared_terms.is_empty() {
                p.terms { (place.call_terms()) ": " (matching.shared_terms.join(" · ")) }
            }
            (render_contrast(entry.contrast))
            p.facts {
                (render_document(entry))
                @if entry.same_wording.platforms > 1 {
                    span { "Same wording on " (count_of(entry.same_wording.platforms, "platform", "platforms")) }
                }
                @if entry.more > 0 {
                    @let label = html! { (entry.more) " more on this platform" };
                    span { (place.link("more", &label, &place.on_platform(&entry.platform.id))) }
                }
            }
            @for more in entry.also {
                div.also {
                    (render_clause_line(&more.clause))
                    (render_excerpt(&more.excerpt, &more.clause.language))
                    (render_contrast(more.contrast.as_ref()))
                }
            }
        }
    }
}

/// What only one of the two says, with its words as a tooltip.
fn render_contrast(contrast: Option<&ContrastView>) -> Markup {
    let sides = contrast
        .map(|contrast| [("Only here", &contrast.clause_only), ("Only in yours", &contrast.source_only)]);
    html! {
        @for (head, statements) in sides.into_iter().flatten() {
            @let statements = statements.as_deref().unwrap_or_default();
            @if !statements.is_empty() {
                p.terms {
                    (head) ": "
                    @for (place, statement) in statements.iter().enumerate() {
                        @if place > 0 { " · " }
                        span title=(statement.quote) { (statement.name()) }
                    }
                }
            }
        }
    }
}

fn render_clause_line(clause: &ClauseView) -> Markup {
    let name = clause.title.as_deref().unwrap_or(&clause.document.title);
    html! {
        h3 { a href=(link_clause(&clause.id, [])) { (name) } }
    }
}

/// Types and categories, with a word on those that nobody gave.
fn render_labels(desk: &Desk, clause: &ClauseView) -> Markup {
    let is_inferred = |field: &str| clause.inferred.iter().any(|inferred| inferred == field);
    let types = std::iter::once(&clause.clause_type).chain(&clause.other_clause_types);
    html! {
        p.labels {
            @for (place, id) in types.enumerate() {
                @if place > 0 { ", " }
                (label_clause_type(desk, id))
            }
            @if is_inferred("clause_type") { span.note { " (type inferred)" } }
            @if is_inferred("severity") { span.note { " (severity inferred)" } }
            " — "
            @for (place, id) in clause.categories.iter().enumerate() {
                @if place > 0 { ", " }
                (label_category(desk, id))
            }
        }
    }
}

fn render_document(entry: &Entry<'_>) -> Markup {
    let document = &entry.clause.document;
    html! {
        span {
            @match &document.url {
                Some(url) => (link_out(url, &document.title)),
                None => (document.title),
            }
            @if let Some(captured) = &entry.evidence.captured_at {
                ", captured " (captured.get(..10).unwrap_or(captured))
            }
        }
        @if let Some(collection) = &entry.clause.collection {
            span.source {
                (collection.attribution.as_deref().unwrap_or(&collection.id))
                @if let Some(license) = &collection.license { " (" (license) ")" }
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

/// The exact counts of comparables.
pub(super) fn render_counts(counts: &Counts) -> Markup {
    html! {
        p.counts {
            (count_of(counts.platforms, "platform", "platforms")) ", "
            (count_of(counts.clauses, "clause", "clauses")) ", of "
            (count_of(counts.platforms_tracked, "platform", "platforms")) " tracked"
        }
    }
}

/// Why there is nothing.
pub(super) fn render_nothing(no_match: Option<&NoMatch>) -> Markup {
    html! {
        @if let Some(no_match) = no_match { p.nothing { (no_match.message) } }
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
