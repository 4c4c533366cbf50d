//! The window put into ranking order, and the page and the platforms that follow from it.

use std::collections::{BTreeMap, HashMap};

use super::view::{FeatureView, OrderView};
use crate::clause::ClauseId;
use crate::engine::{Answer, BEST_OF_PLATFORM, Contender, Found, Page, PlatformRow, Window};
use crate::profile::Profile;
use crate::rank::{Candidate, Ranked, Weights, rank_candidates};
use crate::score::{SumRule, WHOLE_SHARE};
use crate::search_schema::SearchSchema;

/// Of comparables: the best three clauses of each of so many first platforms.
pub(super) const COMPARABLES_WINDOW: Window = Window::Platforms(200);

/// Of a search: so many first members.
pub(super) const SEARCH_WINDOW: Window = Window::Members(600);

/// Most features that are named as the reason why a clause was moved.
const REASONS: usize = 2;

/// What the members of a window compete for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Contest {
    /// To be like the source; each platform speaks once.
    Comparables,
    /// To answer a query.
    Search,
}

/// The members of a window in ranking order.
pub(super) struct Ordered {
    found: Vec<Found>,
    ranked: Vec<Ranked>,
    places: HashMap<(ClauseId, u64), usize>,
    weights: Weights,
}

impl Ordered {
    /// Puts the window of an answer into ranking order.
    pub(super) fn new(
        window: Vec<Contender>,
        contest: Contest,
        source: &Profile,
        schema: &SearchSchema,
        weights: Weights,
    ) -> Self {
        let greatest = window.iter().map(|one| one.found.sum).max().unwrap_or(0).max(1);
        let candidates: Vec<Candidate<'_>> = window
            .iter()
            .map(|Contender { found, profile }| match contest {
                Contest::Comparables => {
                    Candidate { share: found.held, platform: Some(&found.platform), profile }
                }
                Contest::Search => {
                    let share = u64::from(found.sum) * u64::from(WHOLE_SHARE) / u64::from(greatest);
                    Candidate { share: u32::try_from(share).unwrap_or(WHOLE_SHARE), platform: None, profile }
                }
            })
            .collect();
        let rule = SumRule::of_schema(schema);
        let ranked = rank_candidates(source, &candidates, &weights, |share| rule.stand_in(share));
        let found: Vec<Found> =
            ranked.iter().filter_map(|one| window.get(one.given)).map(|one| one.found.clone()).collect();
        let places = found.iter().enumerate().map(|(place, found)| (found.key(), place)).collect();
        Self { found, ranked, places, weights }
    }

    /// The page asked for: of the window in ranking order, then of what follows it.
    pub(super) fn take_page(&self, page: Page, rest: Vec<Found>) -> Vec<Found> {
        let of_window = self.found.iter().skip(page.skip).take(page.take).cloned();
        of_window.chain(rest).take(page.take).collect()
    }

    /// Platforms by their first clause in ranking order, those of the window before all others.
    pub(super) fn arrange_rows(&self, table: Vec<PlatformRow>) -> Vec<PlatformRow> {
        let mut of_platform: HashMap<&str, Vec<&Found>> = HashMap::new();
        for found in &self.found {
            of_platform.entry(&found.platform).or_default().push(found);
        }
        let mut rows: Vec<(usize, PlatformRow)> = table
            .into_iter()
            .enumerate()
            .map(|(place, row)| {
                let Some(first) = of_platform.get(row.platform.as_str()) else {
                    return (self.found.len() + place, row);
                };
                let rank = first.first().and_then(|found| self.place_of(found)).unwrap_or(0);
                let others = row.best.iter().filter(|found| self.place_of(found).is_none());
                let best = first.iter().copied().chain(others).take(BEST_OF_PLATFORM).cloned().collect();
                (rank, PlatformRow { best, ..row })
            })
            .collect();
        rows.sort_by_key(|(rank, _)| *rank);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn place_of(&self, found: &Found) -> Option<usize> {
        self.places.get(&found.key()).copied()
    }

    /// Why a clause stands where it stands; `None` for one outside the window.
    pub(super) fn explain(&self, found: &Found) -> Option<OrderView> {
        let place = self.place_of(found)?;
        let own = self.ranked.get(place)?;
        let features = own.features.list().into_iter().zip(self.weights.list());
        Some(OrderView {
            place: place as u64 + 1,
            place_by_score: own.given as u64 + 1,
            value: own.value,
            features: features
                .map(|((name, value), (_, weight))| (name.to_owned(), FeatureView { value, weight }))
                .collect(),
            moved_by: self.find_reasons(place, own),
        })
    }

    /// The features that moved a clause the most: what it lost to those of lower score above it, on
    /// average, or won over those of higher score below it.
    fn find_reasons(&self, place: usize, own: &Ranked) -> Vec<String> {
        let is_lowered = own.given < place;
        let overtaken = self.ranked.iter().enumerate().filter(|(other, ranked)| {
            if is_lowered {
                *other < place && ranked.given > own.given
            } else {
                *other > place && ranked.given < own.given
            }
        });
        let mut gaps: BTreeMap<&'static str, i64> = BTreeMap::new();
        for (_, other) in overtaken {
            let (more, less) = if is_lowered { (other, own) } else { (own, other) };
            let pairs = more.features.list().into_iter().zip(less.features.list()).zip(self.weights.list());
            for (((name, more), (_, less)), (_, weight)) in pairs {
                *gaps.entry(name).or_default() += (more - less) * weight;
            }
        }
        let mut gaps: Vec<(&str, i64)> = gaps.into_iter().filter(|(_, gap)| *gap > 0).collect();
        gaps.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(two.0)));
        gaps.into_iter().take(REASONS).map(|(name, _)| name.to_owned()).collect()
    }
}

/// An answer in ranking order: the page of single hits, platforms, and the window for reasons.
pub(super) struct Arranged {
    pub(super) hits: Vec<Found>,
    pub(super) table: Vec<PlatformRow>,
    pub(super) window: Ordered,
}

/// Puts an answer into ranking order; its window, page and platforms are taken out of it.
pub(super) fn arrange(answer: &mut Answer, window: Ordered, page: Page) -> Arranged {
    let hits = window.take_page(page, std::mem::take(&mut answer.hits));
    let table = window.arrange_rows(std::mem::take(&mut answer.table));
    Arranged { hits, table, window }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clause::Severity;
    use crate::engine::SameWording;

    const WEIGHTS: Weights = Weights {
        share: 1,
        density: 0,
        closeness: 0,
        consensus: 0,
        same_type: 1,
        shared_type: 0,
        other_type: 0,
        first: 0,
    };

    fn find(id: &str, sum: u32) -> Found {
        Found {
            id: ClauseId::new(id).expect("an id"),
            version: 1,
            platform: id.chars().take(1).collect(),
            severity: Severity::Low,
            sort_key: 0,
            sum,
            held: sum,
            wording: 0,
            same_wording: SameWording::default(),
        }
    }

    /// A window of clauses by sum, of which those with a `+` have the source's type.
    fn order(ids: &[&str]) -> Ordered {
        let window = ids.iter().enumerate().map(|(place, id)| {
            let types = if id.ends_with('+') { vec![4] } else { Vec::new() };
            Contender {
                found: find(id.trim_end_matches('+'), 1_000 - u32::try_from(place).expect("few")),
                profile: Profile { types, confidence: 100, ..Profile::default() },
            }
        });
        let source = Profile { types: vec![4], confidence: 100, ..Profile::default() };
        let schema = SearchSchema::bundled().expect("sound");
        Ordered::new(window.collect(), Contest::Comparables, &source, &schema, WEIGHTS)
    }

    fn names(found: &[Found]) -> Vec<&str> {
        found.iter().map(|found| found.id.as_str()).collect()
    }

    #[test]
    fn pages_go_through_the_window_and_on() {
        let window = order(&["a1", "b1+", "a2", "c1+"]);
        let rest = || vec![find("d1", 5), find("d2", 4)];
        let all = window.take_page(Page { skip: 0, take: 9 }, rest());
        assert_eq!(names(&all), ["b1", "c1", "a1", "a2", "d1", "d2"]);
        let page = window.take_page(Page { skip: 3, take: 2 }, rest());
        assert_eq!(names(&page), ["a2", "d1"]);
        assert_eq!(names(&window.take_page(Page { skip: 4, take: 2 }, rest())), ["d1", "d2"]);
    }

    #[test]
    fn platforms_stand_by_their_first_clause() {
        let window = order(&["a1", "a2+", "b1", "c1+"]);
        let row = |platform: &str, best: Vec<Found>| PlatformRow {
            platform: platform.to_owned(),
            members: 4,
            best,
        };
        let table = vec![
            row("a", vec![find("a1", 1_000), find("a2", 999), find("a3", 2)]),
            row("b", vec![find("b1", 998)]),
            row("c", vec![find("c1", 997)]),
            row("d", vec![find("d1", 3), find("d2", 2)]),
        ];
        let rows = window.arrange_rows(table);
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| names(&row.best)).collect();
        assert_eq!(rows, [vec!["a2", "a1", "a3"], vec!["c1"], vec!["b1"], vec!["d1", "d2"]]);
    }

    #[test]
    fn a_clause_that_was_moved_says_why() {
        let window = order(&["a1", "b1+", "c1"]);
        let explain = |id: &str, sum| window.explain(&find(id, sum)).expect("in the window");
        let (first, second) = (explain("b1", 999), explain("a1", 1_000));
        assert_eq!((first.place, first.place_by_score, first.moved_by), (1, 2, vec!["same_type".to_owned()]));
        assert_eq!(
            (second.place, second.place_by_score, second.moved_by),
            (2, 1, vec!["same_type".to_owned()])
        );
        assert!(explain("c1", 998).moved_by.is_empty());
        assert_eq!(window.explain(&find("z", 1)), None);
    }
}
