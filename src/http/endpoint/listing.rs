//! What there is: platforms, clause types, the taxonomy.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{ClauseTypeList, Desk, PlatformList};
use crate::http::answer::{ask, write_json, write_page};
use crate::http::describe::{ListProblems, PlainProblems};
use crate::http::extract::{Asked, NoParams};
use crate::http::parameter::PageParams;
use crate::http::problem::Problem;
use crate::taxonomy::{Category, ClauseType, DocumentType, Regulation, SeverityEntry};

/// The taxonomy, as it is in force.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TaxonomyAnswer<'a> {
    /// The generation that it comes from.
    generation: u64,
    /// The taxonomy's version.
    version: &'a str,
    /// Severities.
    severity: &'a [SeverityEntry],
    /// Categories.
    category: &'a [Category],
    /// Clause types, with the cues that betray them.
    clause_type: &'a [ClauseType],
    /// Document types.
    document_type: &'a [DocumentType],
    /// Regulations.
    regulation: &'a [Regulation],
}

/// Platforms
///
/// All platforms with a live clause, by id, with the numbers of their clauses and documents.
#[utoipa::path(
    get, path = "/v1/platforms", tag = "lists", params(PageParams),
    responses((status = 200, description = "The platforms.", body = PlatformList), ListProblems)
)]
pub(in crate::http) async fn list_platforms(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let list = ask(desk, async move |desk: &Desk| desk.list_platforms(params)).await?;
    Ok(write_page(&list))
}

/// Clause types
///
/// All clause types in the taxonomy's order, and `untyped` last, with the numbers of their clauses
/// and platforms. Main and other types count, so the numbers do not add up.
#[utoipa::path(
    get, path = "/v1/clause-types", tag = "lists", params(PageParams),
    responses((status = 200, description = "The clause types.", body = ClauseTypeList), ListProblems)
)]
pub(in crate::http) async fn list_clause_types(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let list = ask(desk, async move |desk: &Desk| desk.list_clause_types(params).await).await?;
    Ok(write_page(&list))
}

/// The taxonomy
///
/// Severities, categories, clause types, document types and regulations: the values that filters
/// take, with their definitions.
#[utoipa::path(
    get, path = "/v1/taxonomy", tag = "lists",
    responses((status = 200, description = "The taxonomy.", body = TaxonomyAnswer), PlainProblems)
)]
pub(in crate::http) async fn read_taxonomy(
    State(desk): State<Desk>,
    _: NoParams,
) -> Result<Response, Problem> {
    let generation = desk.newest()?.generation.number;
    let file = desk.collection().taxonomy().file();
    Ok(write_json(&TaxonomyAnswer {
        generation,
        version: &file.version,
        severity: &file.severity,
        category: &file.category,
        clause_type: &file.clause_type,
        document_type: &file.document_type,
        regulation: &file.regulation,
    }))
}
