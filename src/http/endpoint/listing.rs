//! What there is: platforms, clause types, the taxonomy.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{
    ClauseTypeAnswer, ClauseTypeList, Desk, DocumentAnswer, PlatformAnswer, PlatformList, SuggestAnswer,
};
use crate::http::answer::{ask, write_json, write_page};
use crate::http::describe::{
    ClauseTypeProblems, DocumentProblems, ListProblems, PlainProblems, PlatformProblems, SuggestProblems,
};
use crate::http::extract::{Asked, Name, NoParams};
use crate::http::parameter::{
    ClauseTypePath, DocumentPath, PageParams, PlatformPath, StandingParams, SuggestParams,
};
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

/// A platform
///
/// Its clauses by category, severity and type, its documents, and what only this platform says. The last
/// is looked for in the background: ask again while its `state` is `computing`.
#[utoipa::path(
    get, path = "/v1/platforms/{id}", tag = "lists",
    params(PlatformPath),
    responses((status = 200, description = "The platform.", body = PlatformAnswer), PlatformProblems)
)]
pub(in crate::http) async fn read_platform(
    State(desk): State<Desk>,
    Name(id): Name,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let platform = ask(desk, async move |desk: &Desk| desk.read_platform(&id, params)).await?;
    Ok(write_json(&platform))
}

/// A document
///
/// What is held of it, and its clauses with their texts, in the order in which they were first recorded.
#[utoipa::path(
    get, path = "/v1/documents/{id}", tag = "lists",
    params(DocumentPath, PageParams),
    responses((status = 200, description = "The document.", body = DocumentAnswer), DocumentProblems)
)]
pub(in crate::http) async fn read_document(
    State(desk): State<Desk>,
    Name(id): Name,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let document = ask(desk, async move |desk: &Desk| desk.read_document(&id, params)).await?;
    Ok(write_page(&document))
}

/// A clause type
///
/// What it is, and where every tracked platform stands: `found`, `none_found` in the documents that are
/// held, `unclear`, or `no_document` of a kind that could have it. Absence is told of documents, never of
/// platforms.
#[utoipa::path(
    get, path = "/v1/clause-types/{id}", tag = "lists",
    params(ClauseTypePath, StandingParams, PageParams),
    responses((status = 200, description = "The clause type.", body = ClauseTypeAnswer), ClauseTypeProblems)
)]
pub(in crate::http) async fn read_clause_type(
    State(desk): State<Desk>,
    Name(id): Name,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer = ask(desk, async move |desk: &Desk| desk.read_clause_type(&id, params).await).await?;
    Ok(write_page(&answer))
}

/// Suggestions as one types
///
/// Clause types, platforms and titles of which every typed word begins a word, in order.
#[utoipa::path(
    get, path = "/v1/suggest", tag = "search", params(SuggestParams),
    responses((status = 200, description = "The suggestions.", body = SuggestAnswer), SuggestProblems)
)]
pub(in crate::http) async fn suggest(
    State(desk): State<Desk>,
    Asked(params): Asked,
) -> Result<Response, Problem> {
    let answer = ask(desk, async move |desk: &Desk| desk.suggest(params).await).await?;
    Ok(write_json(&answer))
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
