//! From what an engine found to what is shown.

use std::collections::{HashMap, HashSet};

use super::contrast::{Against, ContrastView};
use super::order::Ordered;
use super::source::view_platform;
use super::view::{
    Card, ClauseView, DocumentView, EvidenceView, ExcerptView, ExplainView, Hit, MatchView, More,
    PlatformView, SameWordingView, Versions,
};
use super::{AnswerError, Desk};
use crate::clause::Clause;
use crate::collection::{Collection, Published, Vantage, read_clause};
use crate::engine::{Found, PlatformRow};
use crate::profile::Profile;
use crate::score::{GREATEST_SUM, SumRule, score_of_sum, tier_of_score};
use crate::text::excerpt::{cut_excerpt, name_shared_terms};
use crate::text::mask::Mask;
use crate::text::term::analyze;

/// How the numbers of a clause become its score.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scale {
    /// By the step table over sums.
    Comparables,
    /// The share of the query's weight that it holds.
    Search {
        /// The query's weight; 0 where it asks for no word.
        whole: u32,
    },
}

/// Shows clauses of one answer.
pub(super) struct Shower<'a> {
    pub(super) desk: &'a Desk,
    pub(super) published: &'a Published,
    pub(super) scale: Scale,
    /// Weights of terms in the source or query.
    pub(super) weights: HashMap<String, u32>,
    pub(super) explain: bool,
    /// What is known of the source or query.
    pub(super) profile: &'a Profile,
    /// The window, for the reasons of an order.
    pub(super) window: &'a Ordered,
    /// What each clause is held against.
    pub(super) against: Option<Against>,
}

struct Shown {
    clause: ClauseView,
    platform: PlatformView,
    excerpt: ExcerptView,
    matching: MatchView,
    evidence: EvidenceView,
    contrast: Option<ContrastView>,
}

impl Shower<'_> {
    /// Cards of platform rows; `first_rank` is that of the first.
    pub(super) fn show_cards(
        &self,
        rows: &[&PlatformRow],
        first_rank: usize,
        per_platform: usize,
        affiliates: &HashSet<String>,
    ) -> Result<Vec<Card>, AnswerError> {
        let wanted: Vec<&Found> = rows.iter().flat_map(|row| row.best.iter().take(per_platform)).collect();
        let clauses = self.read(&wanted)?;
        let mut cards = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            let mut shown = row.best.iter().take(per_platform).filter_map(|found| {
                clauses.get(found.id.as_str()).map(|clause| (found, self.show(clause, found)))
            });
            let Some((first, best)) = shown.next() else { continue };
            let also: Vec<More> = shown
                .map(|(_, shown)| More {
                    clause: shown.clause,
                    excerpt: shown.excerpt,
                    matching: shown.matching,
                    evidence: shown.evidence,
                    contrast: shown.contrast,
                })
                .collect();
            cards.push(Card {
                rank: (first_rank + place) as u64,
                affiliate: affiliates.contains(&best.platform.id),
                platform: best.platform,
                clause: best.clause,
                excerpt: best.excerpt,
                matching: best.matching,
                same_wording: view_same_wording(first),
                more_on_platform: row.members - 1 - also.len() as u64,
                evidence: best.evidence,
                contrast: best.contrast,
                also,
            });
        }
        Ok(cards)
    }

    /// Hits of single clauses; `first_rank` is that of the first.
    pub(super) fn show_hits(&self, found: &[Found], first_rank: usize) -> Result<Vec<Hit>, AnswerError> {
        let clauses = self.read(&found.iter().collect::<Vec<_>>())?;
        let hits = found.iter().enumerate().filter_map(|(place, found)| {
            let shown = self.show(clauses.get(found.id.as_str())?, found);
            Some(Hit {
                rank: (first_rank + place) as u64,
                clause: shown.clause,
                platform: shown.platform,
                excerpt: shown.excerpt,
                matching: shown.matching,
                same_wording: view_same_wording(found),
                evidence: shown.evidence,
                contrast: shown.contrast,
            })
        });
        Ok(hits.collect())
    }

    fn read(&self, found: &[&Found]) -> Result<HashMap<String, Clause>, AnswerError> {
        let keys: Vec<_> = found.iter().map(|found| (found.id.clone(), found.version)).collect();
        let store = self.desk.collection().store();
        let clauses = store.find_versions(self.published.generation.number, &keys)?;
        Ok(clauses.into_iter().map(|clause| (clause.id.to_string(), clause)).collect())
    }

    fn show(&self, clause: &Clause, found: &Found) -> Shown {
        let mask = Mask::of_platform(&clause.platform);
        let tokens = analyze(&clause.text, clause.language(), &mask);
        let weigh = |term: &str| self.weights.get(term).copied().unwrap_or(0);
        let collection = self.desk.collection();
        // What a person typed is marked however common it is.
        let is_telling = |term: &str| match self.scale {
            Scale::Comparables => self.published.statistics.is_telling(term),
            Scale::Search { .. } => true,
        };
        let excerpt = cut_excerpt(&clause.text, &tokens, weigh, is_telling);
        let shared_terms = name_shared_terms(&clause.text, &tokens, weigh, is_telling);
        Shown {
            clause: view_clause(clause, collection),
            platform: view_platform(&clause.platform),
            excerpt: ExcerptView {
                text: excerpt.text,
                highlights: excerpt.highlights,
                truncated: excerpt.truncated,
            },
            matching: self.match_of(clause, found, shared_terms),
            evidence: view_evidence(clause),
            contrast: self
                .against
                .as_ref()
                .map(|source| source.contrast(&clause.text, clause.language(), &tokens, collection)),
        }
    }

    fn match_of(&self, clause: &Clause, found: &Found, shared_terms: Vec<String>) -> MatchView {
        let schema = self.desk.collection().schema();
        let (score, tier) = match self.scale {
            Scale::Comparables => {
                let score = score_of_sum(schema, found.sum);
                (score, tier_of_score(schema, score).map(str::to_owned))
            }
            Scale::Search { whole: 0 } => (1000, None),
            Scale::Search { whole } => {
                let held = u64::from(found.held) * 1000 / u64::from(whole);
                (u32::try_from(held).unwrap_or(1000), None)
            }
        };
        let explain = self.explain.then(|| {
            let is_search = matches!(self.scale, Scale::Search { .. });
            let rule = SumRule::of_schema(schema);
            let closeness = (!is_search).then(|| self.measure_closeness(clause, found.held, &rule));
            let differs = found.sum < GREATEST_SUM;
            ExplainView {
                sum: found.sum,
                share: (!is_search).then_some(found.held),
                closeness,
                agreement: closeness
                    .filter(|_| differs)
                    .map(|closeness| found.sum.saturating_sub(rule.sum(found.held, Some(closeness), 0))),
                weight_held: is_search.then_some(found.held),
                order: self.window.explain(found),
            }
        });
        MatchView { score: f64::from(score) / 1000.0, tier, shared_terms, explain }
    }

    /// How near a clause is to the source, as the engine took it.
    fn measure_closeness(&self, clause: &Clause, share: u32, rule: &SumRule) -> u32 {
        let collection = self.desk.collection();
        let mask = Mask::of_platform(&clause.platform);
        let vantage = Vantage::of_clause(clause, collection.taxonomy());
        let (_, profile) = read_clause(clause, &vantage, &mask, collection.knowledge());
        self.profile.closeness(&profile, || rule.stand_in(share))
    }
}

fn view_same_wording(found: &Found) -> SameWordingView {
    SameWordingView { platforms: found.same_wording.platforms, clauses: found.same_wording.clauses }
}

/// A clause, in short.
pub(super) fn view_clause(clause: &Clause, collection: &Collection) -> ClauseView {
    let vantage = Vantage::of_clause(clause, collection.taxonomy());
    let mut types = vantage.clause_types.into_iter();
    ClauseView {
        id: clause.id.to_string(),
        title: clause.given.title.clone(),
        severity: clause.severity().as_str().to_owned(),
        categories: vantage.categories,
        clause_type: types.next().unwrap_or_default(),
        other_clause_types: types.collect(),
        inferred: clause.inferred_fields().into_iter().map(str::to_owned).collect(),
        language: clause.language().to_owned(),
        wording: clause.wording,
        document: DocumentView {
            id: clause.document.id.to_string(),
            title: clause.document.title.clone(),
            document_type: clause.document.document_type.clone(),
            url: clause.document.url.clone(),
        },
        collection: clause.given.collection.clone(),
    }
}

/// Where a wording was found.
pub(super) fn view_evidence(clause: &Clause) -> EvidenceView {
    let evidence = &clause.given.evidence;
    EvidenceView {
        text_sha256: evidence.text_sha256.clone(),
        captured_at: evidence.captured_at.clone(),
        source_url: evidence.source_url.clone(),
        archive_url: evidence.archive_url.clone(),
    }
}

/// Versions of what answers of a generation go by.
pub(super) fn view_versions(published: &Published) -> Versions {
    Versions {
        taxonomy: published.generation.taxonomy.clone(),
        statistics: published.generation.statistics,
        vectors: published.generation.vectors.clone(),
    }
}
