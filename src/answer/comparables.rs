//! How other platforms handle this.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::cards::{Scale, Shower, view_versions};
use super::contrast::Against;
use super::cursor::Cursor;
use super::filter::{Choices, FilterSet, take_facets};
use super::order::{COMPARABLES_WINDOW, Contest, Ordered, arrange};
use super::params::{Params, invalid_value};
use super::source::ReadSource;
use super::view::{ComparablesAnswer, Counts, NoMatch, NoMatchReason, view_facets};
use super::{AnswerError, Desk};
use crate::clause::{Day, MAX_TEXT_CHARACTERS, Platform, hash_text};
use crate::collection::{Knowledge, Published};
use crate::engine::{Answer, Facet, Membership, Page, PlatformRow, Question, Sort};
use crate::score::{SumRule, floor_in_thousandths, least_sum_of_score};

/// The fewest terms that a source can be compared by.
const LEAST_TERMS: usize = 3;

/// What comparables are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A clause of the collection, by its id.
    Clause(&'a str),
    /// A pasted text.
    Text {
        /// 1 to 20,000 characters.
        text: &'a str,
        /// The platform whose text it is: masked, and left out with its affiliates.
        platform: Option<&'a str>,
        /// Its language; detected if not given.
        language: Option<&'a str>,
    },
}

/// How a page of an answer is grouped and cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) by_platform: bool,
    pub(super) per_platform: usize,
    pub(super) fold: bool,
    pub(super) limit: usize,
    pub(super) skip: usize,
}

impl Layout {
    /// The page of single hits to ask an engine for.
    pub(super) fn page(&self) -> Page {
        if self.by_platform { Page::default() } else { Page { skip: self.skip, take: self.limit } }
    }
}

/// The rows that make cards: all, or with `fold` those whose wording no better card has.
pub(super) fn fold_rows(table: &[PlatformRow], fold: bool) -> Vec<&PlatformRow> {
    let mut seen = HashSet::new();
    table
        .iter()
        .filter(|row| !fold || row.best.first().is_none_or(|best| seen.insert(best.wording)))
        .collect()
}

struct Asked {
    filters: FilterSet,
    facets: Vec<Facet>,
    floor: u32,
    include_affiliates: bool,
    layout: Layout,
    explain: bool,
}

impl Desk {
    /// The comparables of a clause or a pasted text.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known, an unknown clause, an expired cursor, or
    /// a failure beneath.
    pub async fn find_comparables(
        &self,
        source: Source<'_>,
        params: Params,
    ) -> Result<ComparablesAnswer, AnswerError> {
        self.find_comparables_in(None, source, params).await
    }

    /// The question that such an answer is made of, as the engine is asked it.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known, an unknown clause, or a failure beneath.
    pub fn pose_comparables(&self, source: Source<'_>, params: Params) -> Result<Question, AnswerError> {
        let published = self.newest()?;
        let asked = self.take_asked(params, &published, 0)?;
        let source = self.read_source(source, &published, asked.filters.as_of)?;
        Ok(self.make_question(&source, &published, &asked))
    }

    /// The comparables, from the generation given if no cursor names another.
    pub(super) async fn find_comparables_in(
        &self,
        pinned: Option<Arc<Published>>,
        source: Source<'_>,
        params: Params,
    ) -> Result<ComparablesAnswer, AnswerError> {
        let named = match source {
            Source::Clause(id) => format!("comparables of {id}"),
            Source::Text { text, platform, language } => {
                let hash = hash_text(text.as_bytes());
                format!("comparables of text {hash} {platform:?} {language:?}")
            }
        };
        let fingerprint = format!("{named}\n{}", params.fingerprint(&["cursor", "limit"]));
        let mut params = params;
        let cursor =
            params.take_one("cursor")?.map(|text| Cursor::decode(&text, &fingerprint)).transpose()?;
        let published = match (&cursor, pinned) {
            (None, Some(pinned)) => pinned,
            _ => self.pin(cursor.as_ref())?,
        };
        let asked = self.take_asked(params, &published, cursor.map_or(0, |cursor| cursor.position))?;
        let source = self.read_source(source, &published, asked.filters.as_of)?;
        let question = self.make_question(&source, &published, &asked);
        let answer = self.ask(&published, asked.filters.as_of, &question).await?;
        let tracked = self.count_tracked(&published, &asked.filters).await?;
        let no_match = match answer.clauses {
            0 => Some(self.explain_nothing(&question, &source, &asked, &published).await?),
            _ => None,
        };
        self.lay_out(answer, &source, &published, tracked, &asked, &fingerprint, no_match)
    }

    fn take_asked(
        &self,
        mut params: Params,
        published: &Published,
        skip: usize,
    ) -> Result<Asked, AnswerError> {
        let filters = FilterSet::take(&mut params, &self.collection, published)?;
        let schema = self.collection.schema();
        let floor = params.take_share("min_score")?.unwrap_or(schema.comparables.floor);
        let include_affiliates = params.take_flag("include_affiliates")?;
        let by_platform = params.take_choice("group_by", &[("platform", true), ("none", false)], true)?;
        let per_platform = params.take_number("per_platform", 1..=3, 1)?;
        let fold = params.take_choice("fold", &[("wording", true), ("none", false)], false)?;
        let explain = params.take_flag("explain")?;
        let facets = take_facets(&mut params)?;
        let limit = params.take_number("limit", 1..=100, 10)?;
        params.finish()?;
        Ok(Asked {
            filters,
            facets,
            floor: floor_in_thousandths(floor),
            include_affiliates,
            layout: Layout { by_platform, per_platform, fold, limit, skip },
            explain,
        })
    }

    fn read_source(
        &self,
        source: Source<'_>,
        published: &Published,
        as_of: Option<Day>,
    ) -> Result<ReadSource, AnswerError> {
        let platforms = Choices { collection: &self.collection, published, as_of }.platforms()?;
        let mut read = match source {
            Source::Clause(id) => {
                let clause = self.find_clause_of(published, id, as_of)?;
                ReadSource::of_clause(&clause, &self.collection, published)
            }
            Source::Text { text, platform, language } => {
                let length = text.chars().count();
                if length == 0 || length > MAX_TEXT_CHARACTERS {
                    let problem = format!("has {length} characters; 1 to {MAX_TEXT_CHARACTERS} are allowed");
                    return Err(AnswerError::BadParameter { name: "text".to_owned(), problem });
                }
                if let Some(language) = language
                    && !language.split('-').all(|part| {
                        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    })
                {
                    return Err(invalid_value("text_language", language, &["de", "en", "es", "fr", "nl"]));
                }
                let platform = platform.map(|id| find_platform(&platforms, id)).transpose()?;
                ReadSource::of_text(text, language, platform, &self.collection, published)
                    .ok_or(AnswerError::NotReady)?
            }
        };
        if let Some(own) = &read.platform {
            let affiliates = platforms.iter().filter(|platform| platform.is_affiliate_of(own));
            read.affiliates = affiliates.map(|platform| platform.id.to_string()).collect();
        }
        Ok(read)
    }

    fn make_question(&self, source: &ReadSource, published: &Published, asked: &Asked) -> Question {
        let schema = self.collection.schema();
        let guard = if asked.floor == 0 { 0 } else { schema.comparables.guard };
        Question {
            generation: published.generation.number,
            slots: source.slots(),
            phrases: Vec::new(),
            exclusions: Vec::new(),
            left_out: leave_out(source, asked.include_affiliates),
            membership: Membership::Comparables {
                self_similarity: source.self_similarity,
                guard,
                least_sum: least_sum_of_score(schema, asked.floor),
                rule: SumRule::of_schema(schema),
                agreement: source.agreement.clone(),
                vector: source.profile.vector.clone(),
                wording: source.wording,
            },
            filters: asked.filters.all(),
            facets: asked.facets.clone(),
            sort: Sort::Relevance,
            window: Some(COMPARABLES_WINDOW),
            page: asked.layout.page(),
            platforms: asked.layout.by_platform || asked.layout.fold,
            time_limit: Some(self.queue.limits().time),
        }
    }

    /// Why nothing was found: the first reason that holds.
    async fn explain_nothing(
        &self,
        question: &Question,
        source: &ReadSource,
        asked: &Asked,
        published: &Published,
    ) -> Result<NoMatch, AnswerError> {
        let counting = Question {
            facets: Vec::new(),
            window: None,
            page: Page::default(),
            platforms: false,
            ..question.clone()
        };
        let as_of = asked.filters.as_of;
        let of_the_day = asked.filters.of_the_day();
        let unfiltered = Question { filters: of_the_day, ..counting };
        let reason = if source.terms.len() < LEAST_TERMS {
            NoMatchReason::TooLittleText
        } else if !asked.filters.is_empty() && self.ask(published, as_of, &unfiltered).await?.clauses > 0 {
            NoMatchReason::FilteredOut
        } else if !asked.include_affiliates
            && source.platform.is_some()
            && self
                .ask(published, as_of, &Question { left_out: leave_out(source, true), ..unfiltered })
                .await?
                .clauses
                > 0
        {
            NoMatchReason::OnlyAffiliates
        } else {
            NoMatchReason::BelowFloor
        };
        let message = match reason {
            NoMatchReason::TooLittleText => "The text has too few words to compare by.",
            NoMatchReason::FilteredOut => {
                "Other platforms have comparable clauses, but none passes the filters."
            }
            NoMatchReason::OnlyAffiliates => {
                "Only platforms of the same company have comparable clauses; include_affiliates=true shows them."
            }
            NoMatchReason::BelowFloor => {
                "No clause of another platform is close enough to be called comparable."
            }
        };
        Ok(NoMatch { reason, message: message.to_owned() })
    }

    #[expect(clippy::too_many_arguments, reason = "all that an answer is made of meets here, once")]
    fn lay_out(
        &self,
        mut answer: Answer,
        source: &ReadSource,
        published: &Published,
        tracked: u64,
        asked: &Asked,
        fingerprint: &str,
        no_match: Option<NoMatch>,
    ) -> Result<ComparablesAnswer, AnswerError> {
        let layout = asked.layout;
        let Knowledge { schema, ranking, .. } = self.collection.knowledge();
        let window = std::mem::take(&mut answer.window);
        let window = Ordered::new(window, Contest::Comparables, &source.profile, schema, ranking.comparables);
        let arranged = arrange(&mut answer, window, layout.page());
        let shower = Shower {
            desk: self,
            published,
            scale: Scale::Comparables,
            weights: source.weights(),
            explain: asked.explain,
            profile: &source.profile,
            window: &arranged.window,
            against: asked
                .explain
                .then(|| Against::read(&source.text, &source.view.language, &source.mask, &self.collection)),
        };
        let rows = fold_rows(&arranged.table, layout.fold);
        let cards = if layout.fold { rows.len() as u64 } else { answer.platforms };
        let counts = Counts {
            platforms: answer.platforms,
            cards,
            clauses: answer.clauses,
            platforms_tracked: tracked,
        };
        let (shown_cards, hits, total) = if layout.by_platform {
            let page: Vec<&PlatformRow> = rows.into_iter().skip(layout.skip).take(layout.limit).collect();
            let cards_shown =
                shower.show_cards(&page, layout.skip + 1, layout.per_platform, &source.affiliates)?;
            (Some(cards_shown), None, cards)
        } else {
            (None, Some(shower.show_hits(&arranged.hits, layout.skip + 1)?), answer.clauses)
        };
        let (facets, truncated) = view_facets(answer.facets);
        Ok(ComparablesAnswer {
            generation: published.generation.number,
            versions: view_versions(published),
            source: source.view.clone(),
            counts,
            cards: shown_cards,
            hits,
            facets,
            truncated,
            no_match,
            next_cursor: next_cursor(published, layout, total, fingerprint),
        })
    }
}

/// The cursor of the page after this one, if there is one.
pub(super) fn next_cursor(
    published: &Published,
    layout: Layout,
    total: u64,
    fingerprint: &str,
) -> Option<String> {
    let next = layout.skip + layout.limit;
    ((next as u64) < total).then(|| Cursor::new(published.generation.number, next, fingerprint).encode())
}

/// Platforms that are never in the answer: the source's own and, unless asked for, its affiliates.
fn leave_out(source: &ReadSource, include_affiliates: bool) -> Vec<String> {
    let Some(platform) = &source.platform else {
        return Vec::new();
    };
    let mut left_out = vec![platform.id.to_string()];
    if !include_affiliates {
        left_out.extend(source.affiliates.iter().cloned());
    }
    left_out
}

fn find_platform<'a>(platforms: &'a [Cow<'_, Platform>], id: &str) -> Result<&'a Platform, AnswerError> {
    platforms.iter().find(|platform| platform.id.as_str() == id).map(AsRef::as_ref).ok_or_else(|| {
        let known: Vec<&str> = platforms.iter().map(|platform| platform.id.as_str()).collect();
        invalid_value("platform", id, &known)
    })
}
