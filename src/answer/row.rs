//! Clauses of an answer as flat rows, for tables and spreadsheets.

use serde::Serialize;

use super::comparables::Source;
use super::params::Params;
use super::view::{ClauseView, EvidenceView, ExcerptView, MatchView, PlatformView, SameWordingView};
use super::{AnswerError, Desk};

/// How many rows there are, at most.
pub const MAX_ROWS: usize = 10_000;

/// How many there are where nobody says.
const ROWS: usize = 1_000;

/// How many are asked for at a time.
const PAGE: usize = 100;

/// One clause, flat. Lists are joined by `; `.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "columns are told in docs/api.md")]
pub struct Row {
    pub rank: u64,
    pub score: f64,
    pub tier: Option<String>,
    pub platform_id: String,
    pub platform: String,
    pub parent: Option<String>,
    pub clause_id: String,
    pub wording: u64,
    pub title: Option<String>,
    pub severity: String,
    pub categories: String,
    pub clause_type: String,
    pub other_clause_types: String,
    pub inferred: String,
    pub language: String,
    pub document_id: String,
    pub document: String,
    pub document_type: Option<String>,
    pub document_url: Option<String>,
    pub excerpt: String,
    pub excerpt_truncated: bool,
    pub shared_terms: String,
    pub same_wording_platforms: u64,
    pub same_wording_clauses: u64,
    pub captured_at: Option<String>,
    pub source_url: Option<String>,
    pub archive_url: Option<String>,
    pub text_sha256: Option<String>,
    pub collection: Option<String>,
    pub license: Option<String>,
    pub attribution: Option<String>,
    pub collection_url: Option<String>,
    pub generation: u64,
}

/// What is asked for row by row.
#[derive(Debug, Clone)]
pub enum Rows {
    /// A search.
    Search,
    /// The comparables of a clause.
    Comparables(String),
}

/// What rows are of.
struct Page {
    generation: u64,
    rows: Vec<Row>,
    total: u64,
    next_cursor: Option<String>,
}

/// Rows page by page: the first is read at once, so that what is wrong is told before anything is
/// written.
pub struct RowReader {
    desk: Desk,
    asked: Rows,
    params: Params,
    left: usize,
    page: Page,
}

impl Desk {
    /// Begins to read rows by the parameters of the question, of which `limit` may be up to 10,000 (by
    /// default 1,000) and `cursor` is not taken.
    ///
    /// # Errors
    /// [`AnswerError`] as the question itself.
    pub async fn read_rows(&self, asked: Rows, mut params: Params) -> Result<RowReader, AnswerError> {
        let limit = params.take_number("limit", 1..=MAX_ROWS, ROWS)?;
        if params.take_one("cursor")?.is_some() {
            let problem = "is not taken here: `limit` goes up to 10000".to_owned();
            return Err(AnswerError::BadParameter { name: "cursor".to_owned(), problem });
        }
        let page = self.read_page(&asked, &params, None).await.map_err(|mut error| {
            if let AnswerError::UnknownParameter { allowed, .. } = &mut error {
                allowed.retain(|name| name != "cursor");
            }
            error
        })?;
        Ok(RowReader { desk: self.clone(), asked, params, left: limit, page })
    }

    async fn read_page(
        &self,
        asked: &Rows,
        params: &Params,
        cursor: Option<String>,
    ) -> Result<Page, AnswerError> {
        let mut params = params.clone();
        params.set("limit", PAGE.to_string());
        if let Some(cursor) = cursor {
            params.set("cursor", cursor);
        }
        let (generation, counts, cards, hits, next_cursor) = match asked {
            Rows::Search => {
                let answer = self.search(params).await?;
                (answer.generation, answer.counts, answer.cards, answer.hits, answer.next_cursor)
            }
            Rows::Comparables(id) => {
                let answer = self.find_comparables(Source::Clause(id), params).await?;
                (answer.generation, answer.counts, answer.cards, answer.hits, answer.next_cursor)
            }
        };
        let total = if cards.is_some() { counts.cards } else { counts.clauses };
        let make = |rank, clause: ClauseView, platform, excerpt, matching, wording, evidence| {
            make_row(rank, clause, platform, excerpt, matching, wording, evidence, generation)
        };
        let cards = cards.into_iter().flatten().map(|card| {
            make(
                card.rank,
                card.clause,
                card.platform,
                card.excerpt,
                card.matching,
                card.same_wording,
                card.evidence,
            )
        });
        let hits = hits.into_iter().flatten().map(|hit| {
            make(
                hit.rank,
                hit.clause,
                hit.platform,
                hit.excerpt,
                hit.matching,
                hit.same_wording,
                hit.evidence,
            )
        });
        Ok(Page { generation, rows: cards.chain(hits).collect(), total, next_cursor })
    }
}

impl RowReader {
    /// The generation that all rows come from.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.page.generation
    }

    /// How many rows the answer has, read or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.page.total
    }

    /// The next rows; none after the last.
    ///
    /// # Errors
    /// [`AnswerError`] as the question itself.
    pub async fn next_rows(&mut self) -> Result<Vec<Row>, AnswerError> {
        if self.page.rows.is_empty()
            && self.left > 0
            && let Some(cursor) = self.page.next_cursor.take()
        {
            self.page = self.desk.read_page(&self.asked, &self.params, Some(cursor)).await?;
        }
        let mut rows = std::mem::take(&mut self.page.rows);
        rows.truncate(self.left);
        self.left -= rows.len();
        Ok(rows)
    }
}

#[expect(clippy::too_many_arguments, reason = "what a card and a hit have in common meets here")]
fn make_row(
    rank: u64,
    clause: ClauseView,
    platform: PlatformView,
    excerpt: ExcerptView,
    matching: MatchView,
    same_wording: SameWordingView,
    evidence: EvidenceView,
    generation: u64,
) -> Row {
    let (collection, license, attribution, collection_url) = match clause.collection {
        Some(from) => (Some(from.id), from.license, from.attribution, from.url),
        None => (None, None, None, None),
    };
    Row {
        rank,
        score: matching.score,
        tier: matching.tier,
        platform_id: platform.id,
        platform: platform.name,
        parent: platform.parent,
        clause_id: clause.id,
        wording: clause.wording,
        title: clause.title,
        severity: clause.severity,
        categories: clause.categories.join("; "),
        clause_type: clause.clause_type,
        other_clause_types: clause.other_clause_types.join("; "),
        inferred: clause.inferred.join("; "),
        language: clause.language,
        document_id: clause.document.id,
        document: clause.document.title,
        document_type: clause.document.document_type,
        document_url: clause.document.url,
        excerpt: excerpt.text,
        excerpt_truncated: excerpt.truncated,
        shared_terms: matching.shared_terms.join("; "),
        same_wording_platforms: same_wording.platforms,
        same_wording_clauses: same_wording.clauses,
        captured_at: evidence.captured_at,
        source_url: evidence.source_url,
        archive_url: evidence.archive_url,
        text_sha256: evidence.text_sha256,
        collection,
        license,
        attribution,
        collection_url,
        generation,
    }
}
