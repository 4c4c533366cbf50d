//! Answers as clients read them. Every number is defined in `docs/api.md`.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::contrast::ContrastView;
use super::query::QueryView;
use crate::engine::FacetCounts;

/// How many values a facet lists, at most.
const FACET_VALUES: usize = 1_000;

/// A platform, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The company it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A document, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its document type.
    #[serde(rename = "type")]
    #[schema(required)]
    pub document_type: Option<String>,
    /// Where it stands.
    #[schema(required)]
    pub url: Option<String>,
}

/// A feature of a clause in its window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeatureView {
    /// Its value, 0 to 131,072.
    pub value: i64,
    /// What one of its units is worth.
    pub weight: i64,
}

/// Why a clause stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderView {
    /// Its place in the window, from 1.
    pub place: u64,
    /// The place that its score alone would give it.
    pub place_by_score: u64,
    /// The sum of all features times their weights.
    pub value: i64,
    /// The features by name.
    pub features: BTreeMap<String, FeatureView>,
    /// The features that moved it the most from the place that its score would give it: at most two,
    /// the strongest first.
    pub moved_by: Vec<String>,
}

/// The numbers behind a score and a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExplainView {
    /// Of comparables: the share and the closeness, each times its weight in `search-v1.json`, plus the
    /// agreement; of equal wording the greatest sum there is. Of a search: the words that it holds.
    pub sum: u32,
    /// Of comparables: how much of the source it holds, in 65,536ths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<u32>,
    /// Of comparables: how near the two are in meaning, in 65,536ths; where one of them has no vector,
    /// what stands in for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closeness: Option<u32>,
    /// Of comparables: what clause type, category and document type in common add to the sum; absent
    /// for equal wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<u32>,
    /// Of a search: the weight of the query's words that it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_held: Option<u32>,
    /// Its place in the order; null for a clause that was not ranked by features.
    #[schema(required)]
    pub order: Option<OrderView>,
}

/// A clause, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseView {
    /// Its id.
    pub id: String,
    /// Its title.
    #[schema(required)]
    pub title: Option<String>,
    /// `high`, `medium`, `low` or `unrated`.
    pub severity: String,
    /// Its categories, or `untyped`.
    pub categories: Vec<String>,
    /// Its main clause type, or `untyped`.
    pub clause_type: String,
    /// Its other clause types.
    pub other_clause_types: Vec<String>,
    /// Which of these values were inferred, not given.
    pub inferred: Vec<String>,
    /// Its language, BCP 47.
    pub language: String,
    /// The number of its live wording.
    pub wording: u64,
    /// The document it stands in.
    pub document: DocumentView,
    /// The collection that it comes from, with licence and attribution.
    #[schema(required)]
    pub collection: Option<crate::clause::Collection>,
}

/// What is shown of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExcerptView {
    /// Whole sentences of the clause; of one of over 600 characters, parts joined by an ellipsis.
    pub text: String,
    /// Half-open ranges of shared words, in Unicode code points of `text`.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub highlights: Vec<[usize; 2]>,
    /// Whether the clause says more.
    pub truncated: bool,
}

/// Why a clause is in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MatchView {
    /// 0.000 to 1.000, in thousandths.
    pub score: f64,
    /// `identical-wording`, `near-identical`, `same-topic` or `related`; null below the floor and in a search.
    #[schema(required)]
    pub tier: Option<String>,
    /// Words that it shares with the source or query, in the clause's spelling, adjacent ones joined.
    pub shared_terms: Vec<String>,
    /// With `explain=true`: the numbers behind the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<ExplainView>,
}

/// Where the wording was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceView {
    /// SHA-256 of the wording's text.
    #[schema(required)]
    pub text_sha256: Option<String>,
    /// When the copy was taken.
    #[schema(required)]
    pub captured_at: Option<String>,
    /// The page that it was read from.
    #[schema(required)]
    pub source_url: Option<String>,
    /// An archived copy.
    #[schema(required)]
    pub archive_url: Option<String>,
}

/// Members of equal wording, the clause itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SameWordingView {
    /// Platforms that have them.
    pub platforms: u64,
    /// The clauses.
    pub clauses: u64,
}

/// A further clause on a card.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct More {
    /// The clause.
    pub clause: ClauseView,
    /// What is shown of it.
    pub excerpt: ExcerptView,
    /// Why it is there.
    #[serde(rename = "match")]
    pub matching: MatchView,
    /// Where it was found.
    pub evidence: EvidenceView,
    /// Of comparables, with `explain=true`: what the source says that the clause does not, and the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<ContrastView>,
}

/// One platform's best clause.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Card {
    /// Its rank, from 1.
    pub rank: u64,
    /// The platform.
    pub platform: PlatformView,
    /// The clause.
    pub clause: ClauseView,
    /// What is shown of it.
    pub excerpt: ExcerptView,
    /// Why it is there.
    #[serde(rename = "match")]
    pub matching: MatchView,
    /// Members of the same wording.
    pub same_wording: SameWordingView,
    /// Members on this platform that the card does not show.
    pub more_on_platform: u64,
    /// Whether the platform has the same parent as the source's.
    pub affiliate: bool,
    /// Where it was found.
    pub evidence: EvidenceView,
    /// Of comparables, with `explain=true`: what the source says that the clause does not, and the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<ContrastView>,
    /// With `per_platform` over 1: the platform's next clauses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<More>,
}

/// One clause of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    /// Its rank, from 1.
    pub rank: u64,
    /// The clause.
    pub clause: ClauseView,
    /// Its platform.
    pub platform: PlatformView,
    /// What is shown of it.
    pub excerpt: ExcerptView,
    /// Why it is there.
    #[serde(rename = "match")]
    pub matching: MatchView,
    /// Members of the same wording.
    pub same_wording: SameWordingView,
    /// Where it was found.
    pub evidence: EvidenceView,
    /// Of comparables, with `explain=true`: what the source says that the clause does not, and the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<ContrastView>,
}

/// Counts of an answer, all exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Platforms that have members.
    pub platforms: u64,
    /// What paging through cards returns.
    pub cards: u64,
    /// Members: what paging through `group_by=none` returns.
    pub clauses: u64,
    /// Platforms with a live clause, no filters, the source's included.
    pub platforms_tracked: u64,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Platforms with such members.
    pub platforms: u64,
    /// Such members.
    pub clauses: u64,
}

/// The facets of an answer by name; each is counted with its own filter lifted.
pub type FacetView = BTreeMap<String, Vec<FacetValue>>;

/// Why an answer has no member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoMatchReason {
    /// The source has fewer than three terms (a search: none).
    TooLittleText,
    /// There are members without the filters.
    FilteredOut,
    /// Only affiliates have members.
    OnlyAffiliates,
    /// Nothing reaches the floor.
    BelowFloor,
}

/// An honest empty answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoMatch {
    /// The first reason that holds.
    pub reason: NoMatchReason,
    /// The reason in words.
    pub message: String,
}

/// What the answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceView {
    /// The clause's id; null for pasted text.
    #[schema(required)]
    pub id: Option<String>,
    /// Its platform, if it has one.
    #[schema(required)]
    pub platform: Option<PlatformView>,
    /// Its title.
    #[schema(required)]
    pub title: Option<String>,
    /// Its severity, inferred for pasted text.
    pub severity: String,
    /// Its categories.
    pub categories: Vec<String>,
    /// Its main clause type.
    pub clause_type: String,
    /// Its language.
    pub language: String,
}

/// How other platforms handle this.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparablesAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The versions of taxonomy and statistics in force.
    pub versions: Versions,
    /// What it is about.
    pub source: SourceView,
    /// Exact counts.
    pub counts: Counts,
    /// One card a platform, best first; absent with `group_by=none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cards: Option<Vec<Card>>,
    /// Clauses, best first; present with `group_by=none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<Vec<Hit>>,
    /// Facets.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<FacetValue>>)]
    pub facets: FacetView,
    /// Names of facets that have more values than are listed.
    pub truncated: Vec<String>,
    /// Why there is no member, if there is none.
    #[schema(required)]
    pub no_match: Option<NoMatch>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Versions of what an answer goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Versions {
    /// Of the taxonomy that inferred.
    pub taxonomy: String,
    /// Of the statistics.
    pub statistics: u64,
    /// Of the table of vectors; null while there is none.
    #[schema(required)]
    pub vectors: Option<String>,
}

/// Ranked clauses for a query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The versions of taxonomy and statistics in force.
    pub versions: Versions,
    /// Exact counts.
    pub counts: Counts,
    /// One card a platform; present with `group_by=platform`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cards: Option<Vec<Card>>,
    /// Clauses, best first; absent with `group_by=platform`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<Vec<Hit>>,
    /// Words for which the collection has none, and what stood in for them.
    pub corrections: BTreeMap<String, String>,
    /// With `explain=true`: how the query was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<QueryView>,
    /// Facets.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<FacetValue>>)]
    pub facets: FacetView,
    /// Names of facets that have more values than are listed.
    pub truncated: Vec<String>,
    /// Why there is no member, if there is none.
    #[schema(required)]
    pub no_match: Option<NoMatch>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Facets as clients read them, and the names of those that were cut.
pub(super) fn view_facets(counts: Vec<FacetCounts>) -> (FacetView, Vec<String>) {
    let mut facets = FacetView::new();
    let mut truncated = Vec::new();
    for counted in counts {
        let name = counted.facet.as_str().to_owned();
        if counted.values.len() > FACET_VALUES {
            truncated.push(name.clone());
        }
        let values = counted
            .values
            .into_iter()
            .take(FACET_VALUES)
            .map(|value| FacetValue {
                value: value.value,
                platforms: value.platforms,
                clauses: value.clauses,
            })
            .collect();
        facets.insert(name, values);
    }
    (facets, truncated)
}
