//! Platforms by category: how many clauses each has in each, and how grave they are.

use std::collections::BTreeMap;

use super::comparables::next_cursor;
use super::params::Params;
use super::platform::count_severities;
use super::source::view_platform;
use super::view::PlatformView;
use super::{AnswerError, Desk};

/// How many platforms are on a page, at most and by default.
const PLATFORMS: usize = 25;

/// Platforms by category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// How many platforms there are in all.
    pub total: u64,
    /// The categories that any platform has clauses of, in the taxonomy's order, and `untyped` last.
    pub categories: Vec<String>,
    /// This page of the platforms, by id.
    pub rows: Vec<OverviewRow>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewRow {
    /// The platform.
    pub platform: PlatformView,
    /// Its clauses by severity; all four. A clause counts once.
    pub severity: BTreeMap<String, u64>,
    /// For each of the categories its clauses by severity; all four. A clause counts in each of its
    /// categories.
    pub cells: Vec<BTreeMap<String, u64>>,
}

impl Desk {
    /// Platforms by category, 25 a page.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known or an expired cursor.
    pub fn read_overview(&self, params: Params) -> Result<OverviewAnswer, AnswerError> {
        let (published, layout, fingerprint) = self.take_page_of(params, "overview", PLATFORMS, PLATFORMS)?;
        let survey = self.survey(&published)?;
        let categories: Vec<String> = self
            .list_categories()
            .filter(|category| survey.totals.cells.keys().any(|(known, _)| known == category))
            .map(str::to_owned)
            .collect();
        let mut rows = Vec::new();
        for (id, counted) in published.platforms.iter().skip(layout.skip).take(layout.limit) {
            let Some(read) = survey.platforms.get(id) else { continue };
            let count = |category: &String| {
                count_severities(|severity| read.cells.get(&(category.clone(), severity)).copied())
            };
            rows.push(OverviewRow {
                platform: view_platform(&counted.item),
                severity: count_severities(|severity| read.severities.get(&severity).copied()),
                cells: categories.iter().map(count).collect(),
            });
        }
        let total = published.platforms.len() as u64;
        Ok(OverviewAnswer {
            generation: published.generation.number,
            total,
            categories,
            rows,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }
}
