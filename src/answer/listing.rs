//! Lists with exact counts: platforms, clause types, and counts for dashboards.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::comparables::{Layout, next_cursor};
use super::cursor::Cursor;
use super::filter::{FilterSet, parse_facet};
use super::params::Params;
use super::{AnswerError, Desk};
use crate::clause::Day;
use crate::collection::Published;
use crate::engine::{Answer, Attribute, Condition, Facet, Filter, Question};

/// A platform in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformRowView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The company it belongs to.
    #[schema(required)]
    pub parent: Option<String>,
    /// Its domain.
    #[schema(required)]
    pub domain: Option<String>,
    /// Its live clauses.
    pub clauses: u64,
    /// Its documents with a live clause.
    pub documents: u64,
}

/// Platforms by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformList {
    /// The generation that it comes from.
    pub generation: u64,
    /// How many there are in all.
    pub total: u64,
    /// This page of them.
    pub platforms: Vec<PlatformRowView>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A clause type in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseTypeRow {
    /// Its id, or `untyped`.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// Its category.
    pub category: String,
    /// Its default severity.
    pub severity: String,
    /// Platforms with a clause of this type, main or other.
    pub platforms: u64,
    /// Clauses of this type, main or other.
    pub clauses: u64,
}

/// Clause types in the taxonomy's order, and `untyped` last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseTypeList {
    /// The generation that it comes from.
    pub generation: u64,
    /// How many there are in all.
    pub total: u64,
    /// This page of them.
    pub clause_types: Vec<ClauseTypeRow>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// The values of a combination: those of the attributes that are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedValues {
    /// A platform's id.
    pub platform: Option<String>,
    /// A severity, or `unrated`.
    pub severity: Option<String>,
    /// A category, or `untyped`.
    pub category: Option<String>,
    /// A clause type, or `untyped`.
    pub clause_type: Option<String>,
    /// A document type.
    pub document_type: Option<String>,
    /// A regulation.
    pub regulation: Option<String>,
    /// A jurisdiction.
    pub jurisdiction: Option<String>,
    /// A language tag.
    pub language: Option<String>,
}

/// Counts of one combination of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatsRow {
    /// The values, by what they are counted by.
    #[serde(flatten)]
    #[schema(value_type = CountedValues)]
    pub values: BTreeMap<String, String>,
    /// Clauses that have them all.
    pub clauses: u64,
    /// Platforms of those clauses.
    pub platforms: u64,
}

/// Counts for dashboards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatsAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// What is counted by, in order.
    pub by: Vec<String>,
    /// All clauses that pass the filters.
    pub clauses: u64,
    /// Their platforms.
    pub platforms: u64,
    /// One row a combination that occurs, by clauses falling, then by value.
    pub rows: Vec<StatsRow>,
    /// Whether there are more combinations than rows.
    pub truncated: bool,
}

/// How many rows an answer of counts has, at most.
const STATS_ROWS: usize = 10_000;

impl Desk {
    pub(super) fn take_page(
        &self,
        params: Params,
        list: &str,
    ) -> Result<(std::sync::Arc<Published>, Layout, String), AnswerError> {
        self.take_page_of(params, list, 100, 10)
    }

    /// The same with other limits: the most of a page, and how many there are by default.
    pub(super) fn take_page_of(
        &self,
        mut params: Params,
        list: &str,
        most: usize,
        default: usize,
    ) -> Result<(std::sync::Arc<Published>, Layout, String), AnswerError> {
        let fingerprint = format!("{list}\n{}", params.fingerprint(&["cursor", "limit"]));
        let cursor =
            params.take_one("cursor")?.map(|text| Cursor::decode(&text, &fingerprint)).transpose()?;
        let limit = params.take_number("limit", 1..=most, default)?;
        params.finish()?;
        let published = self.pin(cursor.as_ref())?;
        let skip = cursor.map_or(0, |cursor| cursor.position);
        Ok((published, Layout { by_platform: false, per_platform: 1, fold: false, limit, skip }, fingerprint))
    }

    /// Platforms with a live clause, by id.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known or an expired cursor.
    pub fn list_platforms(&self, params: Params) -> Result<PlatformList, AnswerError> {
        let (published, layout, fingerprint) = self.take_page(params, "platforms")?;
        let mut documents: BTreeMap<&str, u64> = BTreeMap::new();
        for counted in published.documents.values() {
            *documents.entry(counted.item.platform.as_str()).or_insert(0) += 1;
        }
        let total = published.platforms.len() as u64;
        let platforms = published
            .platforms
            .values()
            .skip(layout.skip)
            .take(layout.limit)
            .map(|counted| {
                let platform = counted.item.clone();
                PlatformRowView {
                    documents: documents.get(platform.id.as_str()).copied().unwrap_or(0),
                    id: platform.id.to_string(),
                    name: platform.name,
                    parent: platform.parent,
                    domain: platform.domain,
                    clauses: counted.clauses,
                }
            })
            .collect();
        Ok(PlatformList {
            generation: published.generation.number,
            total,
            platforms,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }

    /// Clause types with their counts.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known or an expired cursor.
    pub async fn list_clause_types(&self, params: Params) -> Result<ClauseTypeList, AnswerError> {
        let (published, layout, fingerprint) = self.take_page(params, "clause types")?;
        let answer = self.count(&published, None, &[], &[Attribute::ClauseType]).await?;
        let counts: BTreeMap<&str, (u64, u64)> = answer
            .facets
            .iter()
            .flat_map(|facet| &facet.values)
            .map(|value| (value.value.as_str(), (value.platforms, value.clauses)))
            .collect();
        let untyped = crate::taxonomy::UNTYPED;
        let known = self.collection.taxonomy().file().clause_type.iter();
        let named = known.map(|entry| {
            (entry.id.as_str(), entry.label.as_str(), entry.category.as_str(), entry.severity.as_str())
        });
        let rows: Vec<ClauseTypeRow> = named
            .chain([(untyped, "Untyped", untyped, "unrated")])
            .map(|(id, label, category, severity)| {
                let (platforms, clauses) = counts.get(id).copied().unwrap_or((0, 0));
                ClauseTypeRow {
                    id: id.to_owned(),
                    label: label.to_owned(),
                    category: category.to_owned(),
                    severity: severity.to_owned(),
                    platforms,
                    clauses,
                }
            })
            .collect();
        let total = rows.len() as u64;
        Ok(ClauseTypeList {
            generation: published.generation.number,
            total,
            clause_types: rows.into_iter().skip(layout.skip).take(layout.limit).collect(),
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }

    /// Counts by one or two attributes, over the clauses that pass the filters.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known.
    pub async fn count_by(&self, mut params: Params) -> Result<StatsAnswer, AnswerError> {
        let published = self.newest()?;
        let by = params.take_list("by")?.unwrap_or_else(|| vec!["category".to_owned()]);
        let filters = FilterSet::take(&mut params, &self.collection, &published)?;
        params.finish()?;
        let mut attributes: Vec<Facet> = Vec::new();
        for name in &by {
            let attribute = parse_facet("by", name)?;
            if !attributes.contains(&attribute) {
                attributes.push(attribute);
            }
        }
        let as_of = filters.as_of;
        // Here filters hold for every count: nothing is lifted.
        let fixed: Vec<Filter> =
            filters.all().into_iter().map(|filter| Filter { lifted_by: None, ..filter }).collect();
        let (first, second) = match attributes.as_slice() {
            [first] => (*first, None),
            [first, second] => (*first, Some(*second)),
            _ => {
                let names: Vec<&str> = Attribute::ALL.iter().map(|attribute| attribute.as_str()).collect();
                let problem = format!("names one or two of {}, like `category,severity`", names.join(", "));
                return Err(AnswerError::BadParameter { name: "by".to_owned(), problem });
            }
        };
        let answer = self.count(&published, as_of, &fixed, &[first]).await?;
        let mut rows = Vec::new();
        for value in answer.facets.iter().flat_map(|facet| &facet.values) {
            let Some(second) = second else {
                let values = BTreeMap::from([(first.as_str().to_owned(), value.value.clone())]);
                rows.push(StatsRow { values, clauses: value.clauses, platforms: value.platforms });
                continue;
            };
            if rows.len() > STATS_ROWS {
                break;
            }
            let mut within = fixed.clone();
            let condition = Condition::AnyOf(first, vec![value.value.clone()]);
            within.push(Filter { condition, lifted_by: None });
            let inner = self.count(&published, as_of, &within, &[second]).await?;
            rows.extend(inner.facets.into_iter().flat_map(|facet| facet.values).map(|inner| StatsRow {
                values: BTreeMap::from([
                    (first.as_str().to_owned(), value.value.clone()),
                    (second.as_str().to_owned(), inner.value),
                ]),
                clauses: inner.clauses,
                platforms: inner.platforms,
            }));
        }
        rows.sort_by(|one, two| two.clauses.cmp(&one.clauses).then_with(|| one.values.cmp(&two.values)));
        let truncated = rows.len() > STATS_ROWS;
        rows.truncate(STATS_ROWS);
        Ok(StatsAnswer {
            generation: published.generation.number,
            by: attributes.iter().map(|attribute| attribute.as_str().to_owned()).collect(),
            clauses: answer.clauses,
            platforms: answer.platforms,
            rows,
            truncated,
        })
    }

    pub(super) async fn count(
        &self,
        published: &Published,
        as_of: Option<Day>,
        filters: &[Filter],
        facets: &[Facet],
    ) -> Result<Answer, AnswerError> {
        let question = Question {
            facets: facets.to_vec(),
            time_limit: Some(self.queue.limits().time),
            ..Question::counting(published.generation.number, filters.to_vec())
        };
        self.ask(published, as_of, &question).await
    }
}
