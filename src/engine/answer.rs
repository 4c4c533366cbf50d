//! What an engine answers.

use super::Facet;
use crate::clause::{ClauseId, Severity};
use crate::profile::Profile;

/// How many members have the same wording as a clause, the clause included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SameWording {
    /// Platforms that have such members.
    pub platforms: u64,
    /// Such members.
    pub clauses: u64,
}

/// A member of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The clause.
    pub id: ClauseId,
    /// Its version.
    pub version: u64,
    /// Its platform's id.
    pub platform: String,
    /// Its severity.
    pub severity: Severity,
    /// What is compared before the sum: 0 unless the sort says otherwise; greater comes first.
    pub sort_key: i64,
    /// Its sum: of comparables share, closeness and agreement, of a search `S(query, clause)`.
    pub sum: u32,
    /// Of a search: the weight of the words that it holds. Of comparables: its share.
    pub held: u32,
    /// The key of its wording.
    pub wording: u64,
    /// Members of the same wording.
    pub same_wording: SameWording,
}

impl Found {
    /// What tells it from every other member.
    #[must_use]
    pub fn key(&self) -> (ClauseId, u64) {
        (self.id.clone(), self.version)
    }
}

/// A member of the window, with what ranking knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// The member.
    pub found: Found,
    /// What ranking knows of it.
    pub profile: Profile,
}

/// How many of a platform's best members its row keeps.
pub const BEST_OF_PLATFORM: usize = 3;

/// A platform that has members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformRow {
    /// Its id.
    pub platform: String,
    /// How many members it has.
    pub members: u64,
    /// The best of them in order, three at most.
    pub best: Vec<Found>,
}

/// How often a value occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeCount {
    /// The value.
    pub value: String,
    /// Platforms with such members.
    pub platforms: u64,
    /// Such members.
    pub clauses: u64,
}

/// The counts of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// The facet.
    pub facet: Facet,
    /// Its values by clauses falling, then by value.
    pub values: Vec<AttributeCount>,
}

/// An engine's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Members.
    pub clauses: u64,
    /// Platforms that have members.
    pub platforms: u64,
    /// Members of the window that was asked for, in order.
    pub window: Vec<Contender>,
    /// The part of the page that lies past the window: other members, in order.
    pub hits: Vec<Found>,
    /// Platforms in the order of their best members, if they were asked for.
    pub table: Vec<PlatformRow>,
    /// Facets, in the order in which they were asked for.
    pub facets: Vec<FacetCounts>,
}
