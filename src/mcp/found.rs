//! Clauses that were found: with all that one needs to cite them, as data and as text.

use serde::Serialize;
use utoipa::ToSchema;

use super::text::{Lines, count, list_marks, quote, tell_source};
use crate::answer::{
    Card, Citation, ClauseView, Counts, EvidenceView, Hit, MatchView, NoMatch, PlatformView, SameWordingView,
};

/// What an empty answer does not say.
const ABSENCE: &str = "That no such clause is in the documents held here is not proof that a platform has none, or that it does not do such a thing.";

/// A clause that was found.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundClause {
    /// Its rank in the whole answer, from 1.
    rank: u64,
    /// Its platform.
    platform: PlatformView,
    /// The clause, with its document and the collection that it comes from: licence and attribution.
    clause: ClauseView,
    /// Whole sentences of it, verbatim.
    excerpt: String,
    /// Whether the clause says more than the excerpt.
    truncated: bool,
    /// How well it matches.
    #[serde(rename = "match")]
    matching: MatchView,
    /// Matching clauses of equal wording, this one included.
    same_wording: SameWordingView,
    /// Where one clause a platform is shown: further matching clauses of this platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_on_platform: Option<u64>,
    /// Where one clause a platform is shown: whether the platform belongs to the source's company.
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<bool>,
    /// Where the wording was found.
    evidence: EvidenceView,
    /// How to cite it.
    citation: Citation,
}

impl From<Card> for FoundClause {
    fn from(card: Card) -> Self {
        Self {
            rank: card.rank,
            citation: Citation::new(&card.platform, &card.clause, &card.evidence),
            platform: card.platform,
            clause: card.clause,
            excerpt: card.excerpt.text,
            truncated: card.excerpt.truncated,
            matching: card.matching,
            same_wording: card.same_wording,
            more_on_platform: Some(card.more_on_platform),
            affiliate: Some(card.affiliate),
            evidence: card.evidence,
        }
    }
}

impl From<Hit> for FoundClause {
    fn from(hit: Hit) -> Self {
        Self {
            rank: hit.rank,
            citation: Citation::new(&hit.platform, &hit.clause, &hit.evidence),
            platform: hit.platform,
            clause: hit.clause,
            excerpt: hit.excerpt.text,
            truncated: hit.excerpt.truncated,
            matching: hit.matching,
            same_wording: hit.same_wording,
            more_on_platform: None,
            affiliate: None,
            evidence: hit.evidence,
        }
    }
}

/// The cards or hits of an answer.
pub(super) fn collect_found(cards: Option<Vec<Card>>, hits: Option<Vec<Hit>>) -> Vec<FoundClause> {
    let cards = cards.into_iter().flatten().map(FoundClause::from);
    cards.chain(hits.into_iter().flatten().map(FoundClause::from)).collect()
}

/// What an empty answer does and does not say.
pub(super) fn tell_nothing(no_match: Option<&NoMatch>) -> Option<String> {
    no_match.map(|no_match| format!("{} {ABSENCE}", no_match.message))
}

/// A list of what was found, in words; `nothing` is told if it is empty.
pub(super) fn write_found(
    lines: &mut Lines,
    generation: u64,
    counts: &Counts,
    found: &[FoundClause],
    nothing: Option<&str>,
    next_cursor: Option<&str>,
) {
    if let Some(nothing) = nothing {
        lines.add(format!(
            "Nothing found among {} (generation {generation}). {nothing}",
            count(counts.platforms_tracked, "tracked platform")
        ));
        return;
    }
    let shown = match (found.first(), found.last()) {
        (Some(first), Some(last)) => format!("Shown: {} to {}.", first.rank, last.rank),
        _ => "None is left to show.".to_owned(),
    };
    lines.add(format!(
        "{} of {} found, of {} (generation {generation}). {shown}",
        count(counts.clauses, "clause"),
        count(counts.platforms, "platform"),
        count(counts.platforms_tracked, "tracked platform"),
    ));
    for one in found {
        lines.skip();
        write_one(lines, one);
    }
    if let Some(cursor) = next_cursor {
        lines.skip();
        lines.add(format!("There are more: ask again with cursor `{cursor}`, all else unchanged."));
    }
}

fn write_one(lines: &mut Lines, one: &FoundClause) {
    let title = one.clause.title.as_ref().map(|title| format!(": “{title}”")).unwrap_or_default();
    lines.add(format!("{}. {}, {}{title}", one.rank, one.platform.name, one.clause.document.title));
    let tier = one.matching.tier.as_ref().map(|tier| format!(" ({tier})")).unwrap_or_default();
    lines.add(format!("   {} · score {:.3}{tier}", list_marks(&one.clause), one.matching.score));
    lines.add(quote("   > ", &one.excerpt, one.truncated));
    if !one.matching.shared_terms.is_empty() {
        lines.add(format!("   Shared words: {}", one.matching.shared_terms.join(", ")));
    }
    if one.same_wording.clauses > 1 {
        lines.add(format!(
            "   Equal wording: {} of {}",
            count(one.same_wording.clauses, "clause"),
            count(one.same_wording.platforms, "platform")
        ));
    }
    if let Some(more) = one.more_on_platform.filter(|&more| more > 0) {
        lines.add(format!("   Further matching clauses of this platform: {more}"));
    }
    if one.affiliate == Some(true) {
        lines.add("   The platform belongs to the same company as the source's.".to_owned());
    }
    lines.add(format!("   {}", tell_source(&one.clause, &one.evidence)));
}
