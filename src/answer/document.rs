//! A document: what is held of it, and its clauses in the order in which they were recorded.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence, view_versions};
use super::comparables::next_cursor;
use super::error::Thing;
use super::params::Params;
use super::platform::count_severities;
use super::source::view_platform;
use super::view::{ClauseView, EvidenceView, PlatformView, Versions};
use super::{AnswerError, Desk};
use crate::clause::Clause;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentDetail {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its document type.
    #[serde(rename = "type")]
    #[schema(required)]
    pub document_type: Option<String>,
    /// Where it stands.
    #[schema(required)]
    pub url: Option<String>,
    /// When the platform last updated it, as it says.
    #[schema(required)]
    pub updated_on: Option<String>,
    /// When the newest copy of one of its clauses was taken, RFC 3339.
    #[schema(required)]
    pub captured_at: Option<String>,
    /// The languages of its clauses, without regions.
    pub languages: Vec<String>,
}

/// A clause of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentClause {
    /// The clause.
    pub clause: ClauseView,
    /// Its text, verbatim.
    pub text: String,
    /// Where it was found.
    pub evidence: EvidenceView,
}

/// A document with a page of its clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The versions in force.
    pub versions: Versions,
    /// The document.
    pub document: DocumentDetail,
    /// Its platform.
    pub platform: PlatformView,
    /// How many clauses it has in all.
    pub total: u64,
    /// Its clauses by severity; they add up to `total`.
    pub severity: BTreeMap<String, u64>,
    /// This page of its clauses, in the order in which they were first recorded.
    pub clauses: Vec<DocumentClause>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl Desk {
    /// A document with a page of its clauses.
    ///
    /// # Errors
    /// [`AnswerError::UnknownThing`] for a document without a live clause; else as for lists.
    pub fn read_document(&self, id: &str, params: Params) -> Result<DocumentAnswer, AnswerError> {
        let (published, layout, fingerprint) = self.take_page(params, &format!("document {id}"))?;
        let held = published.documents.get(id).ok_or_else(|| {
            AnswerError::unknown(Thing::Document, id, published.documents.keys().map(String::as_str))
        })?;
        let platform = &held.item.platform;
        let survey = self.survey(&published)?;
        let missing = || AnswerError::unknown(Thing::Document, id, std::iter::empty());
        let read = survey.platforms.get(platform.as_str()).and_then(|platform| platform.documents.get(id));
        let read = read.ok_or_else(missing)?;
        let generation = published.generation.number;
        let mut clauses = Vec::with_capacity(layout.limit);
        for place in read.places.iter().skip(layout.skip).take(layout.limit) {
            let found = self.collection.store().live_clauses(generation, place.saturating_sub(1), 1)?;
            clauses.extend(found.iter().map(|(_, clause)| self.show_clause(clause)));
        }
        let total = read.places.len() as u64;
        let document = &held.item.document;
        Ok(DocumentAnswer {
            generation,
            versions: view_versions(&published),
            document: DocumentDetail {
                id: document.id.to_string(),
                title: document.title.clone(),
                document_type: document.document_type.clone(),
                url: document.url.clone(),
                updated_on: document.updated_on.clone(),
                captured_at: read.view.captured_at.clone(),
                languages: read.view.languages.clone(),
            },
            platform: published
                .platforms
                .get(platform.as_str())
                .map(|counted| view_platform(&counted.item))
                .ok_or_else(missing)?,
            total,
            severity: count_severities(|severity| read.severities.get(&severity).copied()),
            clauses,
            next_cursor: next_cursor(&published, layout, total, &fingerprint),
        })
    }

    fn show_clause(&self, clause: &Clause) -> DocumentClause {
        DocumentClause {
            clause: view_clause(clause, &self.collection),
            text: clause.text.clone(),
            evidence: view_evidence(clause),
        }
    }
}
