//! Ranked clauses for a query.

use std::collections::HashSet;

use super::cards::{Scale, Shower, view_versions};
use super::comparables::{Layout, fold_rows, next_cursor};
use super::cursor::Cursor;
use super::filter::{FilterSet, take_facets};
use super::order::{Contest, Ordered, SEARCH_WINDOW, arrange};
use super::params::Params;
use super::query::ReadQuery;
use super::view::{Counts, NoMatch, NoMatchReason, SearchAnswer, view_facets};
use super::{AnswerError, Desk};
use crate::collection::Knowledge;
use crate::engine::{Membership, Page, PlatformRow, Question, Sort};
use crate::score::floor_in_thousandths;

impl Desk {
    /// Ranked clauses for `q` (all of them without), grouped by platform if asked for.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known, an expired cursor, or a failure beneath.
    pub async fn search(&self, params: Params) -> Result<SearchAnswer, AnswerError> {
        let fingerprint = format!("search\n{}", params.fingerprint(&["cursor", "limit"]));
        let mut params = params;
        let cursor =
            params.take_one("cursor")?.map(|text| Cursor::decode(&text, &fingerprint)).transpose()?;
        let published = self.pin(cursor.as_ref())?;
        let skip = cursor.map_or(0, |cursor| cursor.position);

        let typed = params.take_one("q")?.unwrap_or_default();
        let mut filters = FilterSet::take(&mut params, &self.collection, &published)?;
        let floor = params.take_share("min_score")?.unwrap_or(self.collection.schema().search.floor);
        let by_platform = params.take_choice("group_by", &[("none", false), ("platform", true)], false)?;
        let per_platform = params.take_number("per_platform", 1..=3, 1)?;
        let fold = params.take_choice("fold", &[("wording", true), ("none", false)], false)?;
        let sorts = [("relevance", Sort::Relevance), ("severity", Sort::Severity), ("recent", Sort::Recent)];
        let sort = params.take_choice("sort", &sorts, Sort::Relevance)?;
        let explain = params.take_flag("explain")?;
        let facets = take_facets(&mut params)?;
        let limit = params.take_number("limit", 1..=100, 10)?;
        params.finish()?;
        let layout = Layout { by_platform, per_platform, fold, limit, skip };

        let query = ReadQuery::read(&typed, &mut filters, self, &published)?;
        let floor = floor_in_thousandths(floor);
        let least_held = (u64::from(query.whole) * u64::from(floor)).div_ceil(1000).max(1);
        let asks_for_nothing =
            query.slots.is_empty() && query.phrases.is_empty() && !query.blank && query.exclusions.is_empty();
        let question = Question {
            generation: published.generation.number,
            membership: if query.slots.is_empty() && !asks_for_nothing {
                Membership::All
            } else {
                Membership::Search { least_held: u32::try_from(least_held).unwrap_or(u32::MAX) }
            },
            slots: query.slots.clone(),
            phrases: query.phrases.clone(),
            exclusions: query.exclusions.clone(),
            left_out: Vec::new(),
            filters: filters.all(),
            facets,
            sort,
            window: (sort == Sort::Relevance && !query.slots.is_empty()).then_some(SEARCH_WINDOW),
            page: layout.page(),
            platforms: by_platform || fold,
            time_limit: Some(self.queue.limits().time),
        };
        let mut answer = query.ask(self, &published, filters.as_of, &question).await?;
        let no_match = if answer.clauses > 0 {
            None
        } else {
            let unfiltered = Question {
                filters: filters.of_the_day(),
                facets: Vec::new(),
                window: None,
                page: Page::default(),
                platforms: false,
                ..question.clone()
            };
            let filtered_out = !filters.is_empty()
                && query.ask(self, &published, filters.as_of, &unfiltered).await?.clauses > 0;
            let whole = query.phrases.is_empty() && query.exclusions.is_empty();
            Some(explain_nothing(asks_for_nothing, filtered_out, whole))
        };

        let Knowledge { schema, ranking, .. } = self.collection.knowledge();
        let window = std::mem::take(&mut answer.window);
        let window = Ordered::new(window, Contest::Search, &query.profile, schema, ranking.search);
        let arranged = arrange(&mut answer, window, layout.page());
        let shower = Shower {
            desk: self,
            published: &published,
            scale: Scale::Search { whole: query.whole },
            weights: query.weights(),
            explain,
            profile: &query.profile,
            window: &arranged.window,
            against: None,
        };
        let rows = fold_rows(&arranged.table, fold);
        let cards_in_all = if fold { rows.len() as u64 } else { answer.platforms };
        let (cards, hits, total) = if by_platform {
            let page: Vec<&PlatformRow> = rows.into_iter().skip(skip).take(limit).collect();
            let cards = shower.show_cards(&page, skip + 1, per_platform, &HashSet::new())?;
            (Some(cards), None, cards_in_all)
        } else {
            (None, Some(shower.show_hits(&arranged.hits, skip + 1)?), answer.clauses)
        };
        let (facets, truncated) = view_facets(answer.facets);
        Ok(SearchAnswer {
            generation: published.generation.number,
            versions: view_versions(&published),
            counts: Counts {
                platforms: answer.platforms,
                cards: cards_in_all,
                clauses: answer.clauses,
                platforms_tracked: self.count_tracked(&published, &filters).await?,
            },
            cards,
            hits,
            corrections: query.corrections,
            query: explain.then_some(query.view),
            facets,
            truncated,
            no_match,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }
}

fn explain_nothing(asks_for_nothing: bool, filtered_out: bool, only_words: bool) -> NoMatch {
    let (reason, message) = if asks_for_nothing {
        (NoMatchReason::TooLittleText, "Every clause has these words; add one that tells clauses apart.")
    } else if filtered_out {
        (NoMatchReason::FilteredOut, "There are such clauses, but none passes the filters.")
    } else if only_words {
        (NoMatchReason::BelowFloor, "No clause holds enough of these words.")
    } else {
        (
            NoMatchReason::BelowFloor,
            "No clause holds enough of these words, every phrase and nothing that is excluded.",
        )
    };
    NoMatch { reason, message: message.to_owned() }
}
