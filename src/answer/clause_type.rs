//! A clause type, and where it stands with every platform: said, not found, unclear, or with no
//! document that could have it. Absence is only ever told of documents that are held.

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::view_versions;
use super::comparables::{Layout, next_cursor};
use super::cursor::Cursor;
use super::error::Thing;
use super::params::Params;
use super::platform::share_of;
use super::source::view_platform;
use super::survey::{HeldDocumentView, PlatformSurvey};
use super::view::{FacetValue, PlatformView, Versions};
use super::wordings::TypeWordings;
use super::{AnswerError, Desk};
use crate::clause::Severity;
use crate::collection::Published;
use crate::engine::{Attribute, Condition, Filter};
use crate::taxonomy::ClauseType;

/// How many documents of a platform are named, at most.
const DOCUMENTS: usize = 50;

/// What adoption is, in every answer that tells it.
const ADOPTION: &str = "platforms with a clause of this type, over those and the platforms in whose documents of a kind that could have one none was found; platforms that are unclear or have no such document count in neither";

/// Where a platform stands with a clause type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has a clause of this type, main or other.
    Found,
    /// None was found in the documents that are held and could have one.
    NoneFound,
    /// A clause may be of this type and was not sure enough to be typed, or a document that could have
    /// one is in a language that the type's cues do not cover.
    Unclear,
    /// No document is held of a kind that could have one.
    NoDocument,
}

impl Standing {
    const ALL: [(&str, Self); 4] = [
        ("found", Self::Found),
        ("none_found", Self::NoneFound),
        ("unclear", Self::Unclear),
        ("no_document", Self::NoDocument),
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, standing)| *standing == self).map_or("", |(word, _)| word)
    }
}

/// A clause type, as the taxonomy has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseTypeDetail {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// What it is, one sentence.
    pub definition: String,
    /// Its category.
    pub category: String,
    /// Its default severity.
    pub severity: String,
    /// Why that is its default severity.
    pub severity_reason: String,
    /// Regulations that are often relevant to it.
    pub regulations: Vec<String>,
    /// Document types that could have it; empty for any.
    pub documents: Vec<String>,
}

/// Tracked platforms by where they stand. The four add up to `platforms_tracked`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StandingCounts {
    /// Platforms with a live clause.
    pub platforms_tracked: u64,
    /// Clauses of this type, main or other.
    pub clauses: u64,
    /// Platforms that have one.
    pub found: u64,
    /// Platforms in whose documents none was found.
    pub none_found: u64,
    /// Platforms of which it is unclear.
    pub unclear: u64,
    /// Platforms without a document that could have one.
    pub no_document: u64,
}

/// How widely a clause type is adopted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Adoption {
    /// Platforms that have one.
    pub numerator: u64,
    /// These and the platforms in whose documents none was found.
    pub denominator: u64,
    /// The one over the other, 0 to 1 in thousandths; null where the denominator is 0.
    #[schema(required)]
    pub share: Option<f64>,
    /// What is counted, in words.
    pub definition: String,
}

/// Where one platform stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlatformStanding {
    /// The platform.
    pub platform: PlatformView,
    /// Where it stands.
    pub standing: Standing,
    /// Its clauses of this type.
    pub clauses: u64,
    /// Where it was found: the documents with such clauses. Where it was not, or is unclear: those that
    /// were looked at. At most 50.
    pub documents: Vec<HeldDocumentView>,
}

/// A clause type, with every tracked platform.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClauseTypeAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The versions in force.
    pub versions: Versions,
    /// The clause type.
    pub clause_type: ClauseTypeDetail,
    /// Tracked platforms by where they stand.
    pub counts: StandingCounts,
    /// How widely it is adopted.
    pub adoption: Adoption,
    /// Its clauses by severity.
    pub severity: Vec<FacetValue>,
    /// How it is mostly worded, and how else.
    pub wordings: TypeWordings,
    /// How many platforms pass the parameter `standing`.
    pub total: u64,
    /// This page of them, by id.
    pub platforms: Vec<PlatformStanding>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Platforms of one standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingGroup {
    /// Where they stand.
    pub standing: Standing,
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub platforms: Vec<PlatformStanding>,
}

impl Desk {
    /// A clause type, and where it stands with every tracked platform.
    ///
    /// # Errors
    /// [`AnswerError::UnknownThing`] for a type that the taxonomy lacks; else as for lists.
    pub async fn read_clause_type(
        &self,
        id: &str,
        mut params: Params,
    ) -> Result<ClauseTypeAnswer, AnswerError> {
        let fingerprint = format!("clause type {id}\n{}", params.fingerprint(&["cursor", "limit"]));
        let cursor =
            params.take_one("cursor")?.map(|text| Cursor::decode(&text, &fingerprint)).transpose()?;
        let limit = params.take_number("limit", 1..=100, 10)?;
        let wanted = params.take_choices("standing", &Standing::ALL)?;
        params.finish()?;
        let published = self.pin(cursor.as_ref())?;
        let skip = cursor.map_or(0, |cursor| cursor.position);
        let layout = Layout { by_platform: false, per_platform: 1, fold: false, limit, skip };

        let entry = self.find_clause_type(id)?;
        let (answer, rows) = self.describe_clause_type(&published, entry, &wanted).await?;
        let total = rows.len() as u64;
        Ok(ClauseTypeAnswer {
            total,
            platforms: rows.into_iter().skip(skip).take(limit).collect(),
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
            ..answer
        })
    }

    /// A clause type, and for each standing the first platforms of it, by id. All come from one generation.
    ///
    /// # Errors
    /// As of [`Self::read_clause_type`].
    pub async fn read_standings(
        &self,
        id: &str,
        most: usize,
    ) -> Result<(ClauseTypeAnswer, Vec<StandingGroup>), AnswerError> {
        let published = self.newest()?;
        let entry = self.find_clause_type(id)?;
        let (answer, rows) = self.describe_clause_type(&published, entry, &[]).await?;
        let groups = Standing::ALL.map(|(_, standing)| {
            let rows = rows.iter().filter(|row| row.standing == standing);
            StandingGroup {
                standing,
                total: rows.clone().count() as u64,
                platforms: rows.take(most).cloned().collect(),
            }
        });
        Ok((answer, groups.into()))
    }

    fn find_clause_type(&self, id: &str) -> Result<&ClauseType, AnswerError> {
        let taxonomy = self.collection.taxonomy();
        taxonomy.clause_type(id).ok_or_else(|| {
            let known = taxonomy.file().clause_type.iter().map(|entry| entry.id.as_str());
            AnswerError::unknown(Thing::ClauseType, id, known)
        })
    }

    /// The answer without its page of platforms, and all platforms of the standings that are wanted.
    async fn describe_clause_type(
        &self,
        published: &Published,
        entry: &ClauseType,
        wanted: &[Standing],
    ) -> Result<(ClauseTypeAnswer, Vec<PlatformStanding>), AnswerError> {
        let (counts, rows) = self.judge_platforms(published, entry, wanted)?;
        let typed = Condition::AnyOf(Attribute::ClauseType, vec![entry.id.clone()]);
        let filters = [Filter { condition: typed, lifted_by: None }];
        let counted = self.count(published, None, &filters, &[Attribute::Severity]).await?;
        let severity = counted.facets.into_iter().flat_map(|facet| facet.values);
        let severity = severity.map(|value| FacetValue {
            value: value.value,
            platforms: value.platforms,
            clauses: value.clauses,
        });
        let answer = ClauseTypeAnswer {
            generation: published.generation.number,
            versions: view_versions(published),
            clause_type: describe(entry),
            adoption: Adoption::of_counts(&counts),
            counts,
            severity: severity.collect(),
            wordings: self.find_wordings(published, &entry.id)?,
            total: rows.len() as u64,
            platforms: Vec::new(),
            next_cursor: None,
        };
        Ok((answer, rows))
    }

    fn judge_platforms(
        &self,
        published: &Published,
        entry: &ClauseType,
        wanted: &[Standing],
    ) -> Result<(StandingCounts, Vec<PlatformStanding>), AnswerError> {
        let survey = self.survey(published)?;
        let mut counts = StandingCounts::default();
        let mut rows = Vec::new();
        for (id, platform) in &survey.platforms {
            let Some(counted) = published.platforms.get(id) else { continue };
            let (standing, documents) = judge(platform, entry);
            let clauses = platform.types.get(&entry.id).copied().unwrap_or(0);
            counts.platforms_tracked += 1;
            counts.clauses += clauses;
            *match standing {
                Standing::Found => &mut counts.found,
                Standing::NoneFound => &mut counts.none_found,
                Standing::Unclear => &mut counts.unclear,
                Standing::NoDocument => &mut counts.no_document,
            } += 1;
            if wanted.is_empty() || wanted.contains(&standing) {
                let platform = view_platform(&counted.item);
                rows.push(PlatformStanding { platform, standing, clauses, documents });
            }
        }
        Ok((counts, rows))
    }
}

/// Where a platform stands, and the documents that tell so.
pub(super) fn judge(platform: &PlatformSurvey, entry: &ClauseType) -> (Standing, Vec<HeldDocumentView>) {
    let name = |documents: Vec<&super::survey::DocumentSurvey>| {
        documents.into_iter().take(DOCUMENTS).map(|document| document.view.clone()).collect()
    };
    let with: Vec<_> =
        platform.documents.values().filter(|document| document.types.contains_key(&entry.id)).collect();
    if !with.is_empty() {
        return (Standing::Found, name(with));
    }
    // A document of which nobody knows the type could have anything.
    let could_have = |document_type: Option<&String>| {
        entry.documents.is_empty() || document_type.is_none_or(|id| entry.documents.contains(id))
    };
    let expected: Vec<_> = platform
        .documents
        .values()
        .filter(|document| could_have(document.view.document_type.as_ref()))
        .collect();
    let standing = if platform.unsure.contains(&entry.id)
        || expected.iter().any(|document| document.languages.iter().any(|language| !covers(entry, language)))
    {
        Standing::Unclear
    } else if expected.is_empty() {
        Standing::NoDocument
    } else {
        Standing::NoneFound
    };
    (standing, name(expected))
}

/// Whether the type has cues for clauses of a language.
fn covers(entry: &ClauseType, language: &str) -> bool {
    match language {
        "en" => !entry.cues.is_empty() || !entry.hints.is_empty(),
        "fr" => !entry.cues_fr.is_empty(),
        "de" => !entry.cues_de.is_empty(),
        "es" => !entry.cues_es.is_empty(),
        "nl" => !entry.cues_nl.is_empty(),
        _ => false,
    }
}

impl Adoption {
    fn of_counts(counts: &StandingCounts) -> Self {
        let (numerator, denominator) = (counts.found, counts.found + counts.none_found);
        Self {
            numerator,
            denominator,
            share: share_of(numerator, denominator),
            definition: ADOPTION.to_owned(),
        }
    }
}

fn describe(entry: &ClauseType) -> ClauseTypeDetail {
    ClauseTypeDetail {
        id: entry.id.clone(),
        label: entry.label.clone(),
        definition: entry.definition.clone(),
        category: entry.category.clone(),
        severity: Severity::parse(&entry.severity).unwrap_or(Severity::Unrated).as_str().to_owned(),
        severity_reason: entry.severity_reason.clone(),
        regulations: entry.regulations.clone(),
        documents: entry.documents.clone(),
    }
}
