//! What an engine is asked.

use std::time::Duration;

use super::Attribute;
use crate::clause::Day;
use crate::score::SumRule;
use crate::vector::Vector;

/// A word asked for: it is held by a clause that has any of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its weight in the source or query, 1 to 255.
    pub weight: u32,
    /// The terms that hold it; the largest impact among them counts.
    pub terms: Vec<String>,
}

/// Adjacent words; at each place any of the terms may stand. Held in the text or in the title,
/// never across the two or across a mask.
pub type Phrase = Vec<Vec<String>>;

/// Agreement in an attribute: a clause that has any of the values gains the weight once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The attribute.
    pub attribute: Attribute,
    /// The source's values.
    pub values: Vec<String>,
    /// What it adds to the sum.
    pub weight: u32,
}

/// Who is in, filters aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// Every clause.
    All,
    /// Clauses that hold slots of at least `least_held` of weight in all.
    Search {
        /// The least weight held.
        least_held: u32,
    },
    /// Clauses of a share of at least `guard` and a sum of at least `least_sum`.
    Comparables {
        /// `S(source, source)`.
        self_similarity: u32,
        /// The least share, in 65,536ths; 0 asks for a shared term only.
        guard: u32,
        /// The least sum.
        least_sum: u32,
        /// How the sum is made.
        rule: SumRule,
        /// What agreement adds.
        agreement: Vec<Agreement>,
        /// The source's vector, if it has one.
        vector: Option<Vector>,
        /// The source's wording: a clause of the same has the greatest sum.
        wording: u64,
    },
}

/// A facet, which is also the name under which filters are lifted.
pub type Facet = Attribute;

/// A condition on a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Has one of the values.
    AnyOf(Attribute, Vec<String>),
    /// Has none of the values.
    NoneOf(Attribute, Vec<String>),
    /// Was last seen on this day or later; without a date it fails.
    SeenAfter(Day),
    /// Was first seen on this day or before; without a date it fails.
    SeenBefore(Day),
    /// Stood at the end of this day. Only an index of the past knows.
    StoodOn(Day),
}

/// A condition, and the facet that is counted without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The condition.
    pub condition: Condition,
    /// The facet in which it is lifted.
    pub lifted_by: Option<Facet>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The greatest sum.
    #[default]
    Relevance,
    /// The gravest.
    Severity,
    /// The latest wording.
    Recent,
}

/// Members that the asker will put into an order of its own. They come with their profiles, and
/// before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The best three members of each of the first so many platforms.
    Platforms(usize),
    /// The first so many members.
    Members(usize),
}

/// Which hits are wanted, counted over the window and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// How many to pass over.
    pub skip: usize,
    /// How many to return.
    pub take: usize,
}

impl Page {
    /// The part of the page past a window of this many members: how many of the others to pass
    /// over, and how many to return.
    #[must_use]
    pub fn past(&self, window: usize) -> (usize, usize) {
        let skip = self.skip.saturating_sub(window);
        let end = self.skip.saturating_add(self.take).saturating_sub(window);
        (skip, end.saturating_sub(skip))
    }
}

/// A question to an engine. All of it is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The generation to answer from.
    pub generation: u64,
    /// Words asked for, at most 256.
    pub slots: Vec<Slot>,
    /// Phrases that a member holds, every one.
    pub phrases: Vec<Phrase>,
    /// Phrases (or single words) that no member holds.
    pub exclusions: Vec<Phrase>,
    /// Platforms that are never in the answer nor in a facet: the source's own and its affiliates.
    pub left_out: Vec<String>,
    /// Who is in.
    pub membership: Membership,
    /// Conditions, all of which a member meets.
    pub filters: Vec<Filter>,
    /// Facets to count, each without the filters that it lifts.
    pub facets: Vec<Facet>,
    /// What comes first.
    pub sort: Sort,
    /// Members to be put into another order, if any.
    pub window: Option<Window>,
    /// Which single hits are wanted.
    pub page: Page,
    /// Whether the platform table is wanted.
    pub platforms: bool,
    /// The time allowed; `None` for as long as it takes.
    pub time_limit: Option<Duration>,
}

impl Question {
    /// A question that counts everything that passes some filters, and asks for nothing else.
    #[must_use]
    pub fn counting(generation: u64, filters: Vec<Filter>) -> Self {
        Self {
            generation,
            slots: Vec::new(),
            phrases: Vec::new(),
            exclusions: Vec::new(),
            left_out: Vec::new(),
            membership: Membership::All,
            filters,
            facets: Vec::new(),
            sort: Sort::Relevance,
            window: None,
            page: Page::default(),
            platforms: false,
            time_limit: None,
        }
    }
}
