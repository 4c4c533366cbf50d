//! Ranked clauses for a query.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cards::{Scale, Shower, view_versions};
use super::comparables::{Layout, fold_rows, next_cursor};
use super::cursor::Cursor;
use super::filter::{FilterSet, take_facets};
use super::order::{Contest, Ordered, SEARCH_WINDOW, arrange};
use super::params::Params;
use super::view::{Counts, NoMatch, NoMatchReason, SearchAnswer, view_facets};
use super::{AnswerError, Desk, TIME_LIMIT};
use crate::collection::{Knowledge, Published};
use crate::engine::{Membership, Page, Phrase, PlatformRow, Question, Slot, Sort};
use crate::profile::Profile;
use crate::score::{floor_in_thousandths, weigh_term};
use crate::statistics::Statistics;
use crate::text::language::stem_word;
use crate::text::mask::Mask;
use crate::text::query::{MAX_QUERY_CHARACTERS, ParsedQuery, parse_query};
use crate::text::term::analyze;
use crate::vector::Vector;

/// Languages by which a query is stemmed where the statistics name none.
const FALLBACK_LANGUAGES: [&str; 1] = ["en"];

/// How many words, phrases or exclusions a query may have.
const MAX_PARTS: usize = 64;

/// A query in the terms of the collection.
struct ReadQuery {
    slots: Vec<Slot>,
    phrases: Vec<Phrase>,
    exclusions: Vec<Phrase>,
    corrections: BTreeMap<String, String>,
    /// The weight of all words.
    whole: u32,
    /// Whether it asks for anything at all.
    blank: bool,
    /// What it is ranked by.
    profile: Profile,
}

impl ReadQuery {
    fn read(query: &ParsedQuery, languages: &[&str], desk: &Desk, published: &Published) -> Self {
        let statistics = &published.statistics;
        let stems = |word: &str| -> Vec<String> {
            let mut stems: Vec<String> = languages.iter().map(|language| stem_word(word, language)).collect();
            stems.sort_unstable();
            stems.dedup();
            stems
        };
        let phrase = |words: &Vec<String>| -> Phrase { words.iter().map(|word| stems(word)).collect() };
        let mut corrections = BTreeMap::new();
        let mut slots = Vec::new();
        for word in &query.words {
            let own = stems(word);
            let mut terms = own.clone();
            let mut weighed = own.clone();
            if !is_known(word, &own, statistics)
                && let Some(nearest) = statistics.nearest_word(word)
            {
                corrections.insert(word.clone(), nearest.to_owned());
                weighed = stems(nearest);
                terms.extend(weighed.iter().cloned());
            }
            for equivalent in desk.collection().taxonomy().equivalents(word) {
                terms.extend(stems(equivalent));
            }
            terms.sort_unstable();
            terms.dedup();
            // A word of several stems is as common as the commonest of them.
            let commonest = weighed.iter().max_by_key(|term| (statistics.document_frequency(term), *term));
            let weight =
                commonest.map_or(0, |term| weigh_term(desk.collection().schema(), statistics, term, 1));
            if weight > 0 {
                slots.push(Slot { weight, terms });
            }
        }
        Self {
            whole: slots.iter().map(|slot| slot.weight).sum(),
            phrases: query.phrases.iter().map(phrase).collect(),
            exclusions: query.exclusions.iter().map(phrase).collect(),
            blank: query.words.is_empty() && query.exclusions.is_empty(),
            profile: Profile { vector: make_vector(query, languages, desk), ..Profile::default() },
            corrections,
            slots,
        }
    }

    /// The weight of each term that holds a word.
    fn weights(&self) -> HashMap<String, u32> {
        let mut weights = HashMap::new();
        for slot in &self.slots {
            for term in &slot.terms {
                let weight = weights.entry(term.clone()).or_insert(0);
                *weight = slot.weight.max(*weight);
            }
        }
        weights
    }
}

/// The vector of a query's words, as if they were a clause in the first language that has vectors.
fn make_vector(query: &ParsedQuery, languages: &[&str], desk: &Desk) -> Option<Vector> {
    let text = query.words.join(" ");
    languages.iter().find_map(|language| {
        let tokens = analyze(&text, language, &Mask::default());
        desk.collection().knowledge().vectors.make_vector(&text, &tokens, &[], language)
    })
}

/// Whether a word occurs in a clause, by its stem or as it is spelled.
fn is_known(word: &str, stems: &[String], statistics: &Statistics) -> bool {
    statistics.vocabulary.contains_key(word) || stems.iter().any(|stem| statistics.knows_term(stem))
}

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
        let parsed = check_query(&typed)?;
        let filters = FilterSet::take(&mut params, &self.collection, &published)?;
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

        let mut languages: Vec<&str> = filters.languages.iter().map(String::as_str).collect();
        if languages.is_empty() {
            languages = published.statistics.common_languages();
        }
        if languages.is_empty() {
            languages.extend(FALLBACK_LANGUAGES);
        }
        let query = ReadQuery::read(&parsed, &languages, self, &published);
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
            time_limit: Some(TIME_LIMIT),
        };
        let mut answer = self.ask(&published, filters.as_of, &question).await?;
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
            let filtered_out =
                !filters.is_empty() && self.ask(&published, filters.as_of, &unfiltered).await?.clauses > 0;
            Some(explain_nothing(asks_for_nothing, filtered_out))
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
            facets,
            truncated,
            no_match,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }
}

fn explain_nothing(asks_for_nothing: bool, filtered_out: bool) -> NoMatch {
    let (reason, message) = if asks_for_nothing {
        (NoMatchReason::TooLittleText, "Every clause has these words; add one that tells clauses apart.")
    } else if filtered_out {
        (NoMatchReason::FilteredOut, "There are such clauses, but none passes the filters.")
    } else {
        (NoMatchReason::BelowFloor, "No clause holds enough of these words.")
    };
    NoMatch { reason, message: message.to_owned() }
}

fn check_query(typed: &str) -> Result<ParsedQuery, AnswerError> {
    let fail = |problem: String| AnswerError::BadParameter { name: "q".to_owned(), problem };
    let length = typed.chars().count();
    if length > MAX_QUERY_CHARACTERS {
        return Err(fail(format!("has {length} characters; at most {MAX_QUERY_CHARACTERS} are allowed")));
    }
    let parsed = parse_query(typed);
    for (name, count) in [
        ("words", parsed.words.len()),
        ("phrases", parsed.phrases.len()),
        ("exclusions", parsed.exclusions.len()),
    ] {
        if count > MAX_PARTS {
            return Err(fail(format!("has {count} {name}; at most {MAX_PARTS} are allowed")));
        }
    }
    Ok(parsed)
}
