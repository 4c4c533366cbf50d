//! `list_clause_types`: what clauses can be about.

use serde::Serialize;
use utoipa::ToSchema;

use super::argument::Arguments;
use super::text::{Lines, count};
use super::{Told, tell};
use crate::answer::{AnswerError, ClauseTypeList, ClauseTypeRow, Desk, Params};
use crate::taxonomy::{Taxonomy, UNTYPED};
use crate::text::fold::fold_word;

/// How many types are listed, at most: more than any taxonomy has that people can use.
const MOST_TYPES: usize = 500;

/// Of how many types at most the text has the definitions.
const MOST_DEFINITIONS: usize = 40;

/// A clause type.
#[derive(Serialize, ToSchema)]
struct DefinedType {
    /// Its id, as the filter `clause_type` takes it.
    id: String,
    /// How it is shown.
    label: String,
    /// What it is.
    definition: Option<String>,
    /// Its category.
    category: String,
    /// Its default severity.
    severity: String,
    /// Platforms with a clause of this type, main or other.
    platforms: u64,
    /// Clauses of this type, main or other.
    clauses: u64,
}

/// Clause types.
#[derive(Serialize, ToSchema)]
pub(super) struct ClauseTypesFound {
    /// The published state of the collection that the counts come from.
    generation: u64,
    /// How many clause types the taxonomy has, `untyped` included.
    total: u64,
    /// Those asked for, in the taxonomy's order.
    clause_types: Vec<DefinedType>,
}

/// Answers with clause types.
pub(super) async fn list_clause_types(desk: &Desk, mut arguments: Arguments) -> Result<Told, AnswerError> {
    let category = arguments.take_text("category")?;
    let query = arguments.take_text("query")?.unwrap_or_default();
    let taxonomy = desk.collection().taxonomy();
    let category = category.map(|id| find_category(taxonomy, &id)).transpose()?;
    let wanted = split_words(&query);
    let (generation, total, rows) = list_all(desk).await?;
    let clause_types: Vec<DefinedType> = rows
        .into_iter()
        .filter(|row| category.is_none_or(|category| category == row.category))
        .map(|row| define(row, taxonomy))
        .filter(|defined| defined.has_words(&wanted))
        .collect();
    let found = ClauseTypesFound { generation, total, clause_types };
    tell(write_types(&found), &found)
}

/// All types with their counts, of one generation.
async fn list_all(desk: &Desk) -> Result<(u64, u64, Vec<ClauseTypeRow>), AnswerError> {
    let mut rows = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let limit = [("limit".to_owned(), "100".to_owned())].into_iter();
        let params = limit.chain(cursor.map(|cursor| ("cursor".to_owned(), cursor)));
        let ClauseTypeList { generation, total, clause_types, next_cursor } =
            desk.list_clause_types(Params::new(params)).await?;
        rows.extend(clause_types);
        if next_cursor.is_none() || rows.len() >= MOST_TYPES {
            rows.truncate(MOST_TYPES);
            return Ok((generation, total, rows));
        }
        cursor = next_cursor;
    }
}

fn find_category<'a>(taxonomy: &'a Taxonomy, id: &str) -> Result<&'a str, AnswerError> {
    let known = taxonomy.file().category.iter().map(|entry| entry.id.as_str());
    let known: Vec<&str> = known.chain([UNTYPED]).collect();
    let found = known.iter().find(|known| known.eq_ignore_ascii_case(id)).copied();
    found.ok_or_else(|| AnswerError::invalid_value("category", id, &known))
}

fn define(row: ClauseTypeRow, taxonomy: &Taxonomy) -> DefinedType {
    DefinedType {
        definition: taxonomy.clause_type(&row.id).map(|entry| entry.definition.clone()),
        id: row.id,
        label: row.label,
        category: row.category,
        severity: row.severity,
        platforms: row.platforms,
        clauses: row.clauses,
    }
}

impl DefinedType {
    /// Whether for each of some words one of its own begins so.
    fn has_words(&self, wanted: &[String]) -> bool {
        let own: Vec<String> = [Some(&self.id), Some(&self.label), self.definition.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|text| split_words(text))
            .collect();
        wanted.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
    }
}

fn split_words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(fold_word).collect()
}

fn write_types(found: &ClauseTypesFound) -> Lines {
    let mut lines = Lines::default();
    let listed = found.clause_types.len();
    if listed == 0 {
        lines.add(format!(
            "No clause type has all of these words (there are {}); leave query out, or ask search_clauses for words of clauses.",
            found.total
        ));
        return lines;
    }
    lines.add(format!(
        "{listed} of {}, with counts of generation {}.",
        count(found.total, "clause type"),
        found.generation
    ));
    if listed > MOST_DEFINITIONS {
        lines.add("With a category or a query the definitions are told as well.".to_owned());
    }
    for one in &found.clause_types {
        let definition = one.definition.as_ref().filter(|_| listed <= MOST_DEFINITIONS);
        lines.add(format!(
            "- {} ({}, severity {}; {} of {}){}",
            one.id,
            one.category,
            one.severity,
            count(one.clauses, "clause"),
            count(one.platforms, "platform"),
            definition.map(|text| format!(": {text}")).unwrap_or_default()
        ));
    }
    lines
}
