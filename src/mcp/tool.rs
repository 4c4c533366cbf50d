//! The tools: what they are called, take and answer.

use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};

use super::argument::{Argument, Kind};
use super::clause_type::ClauseTypesFound;
use super::comparables::ComparablesFound;
use super::schema::{describe_input, describe_output};
use super::search::SearchFound;
use crate::answer::{Attribute, ClauseComparison, ClauseRecord};
use crate::clause::MAX_TEXT_CHARACTERS;
use crate::taxonomy::Taxonomy;

/// The most entries of a list, and how many there are if nobody says.
const MOST_ENTRIES: u32 = 20;
const ENTRIES: u32 = 10;

/// The longest query, cursor, id or name, in characters.
const MAX_QUERY: usize = 2_000;
const MAX_NAME: usize = 250;

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToolName {
    SearchClauses,
    FindComparables,
    GetClause,
    CompareClauses,
    ListClauseTypes,
}

/// The filters, the same as everywhere.
const FILTERS: &[Argument] = &[
    Argument::any_of("category", Kind::Closed(Attribute::Category), "Only clauses of these categories."),
    Argument::any_of(
        "clause_type",
        Kind::Closed(Attribute::ClauseType),
        "Only clauses of these types, main or other; list_clause_types defines them.",
    ),
    Argument::any_of(
        "severity",
        Kind::Closed(Attribute::Severity),
        "Only clauses that can cost the person who accepts them this much.",
    ),
    Argument::any_of("platform", Kind::Text(MAX_NAME), "Only these platforms, by id."),
    Argument::any_of("exclude_platform", Kind::Text(MAX_NAME), "All platforms but these, by id."),
    Argument::any_of(
        "document_type",
        Kind::Closed(Attribute::DocumentType),
        "Only documents of these types.",
    ),
    Argument::any_of(
        "regulation",
        Kind::Closed(Attribute::Regulation),
        "Only clauses that name these regulations, or of which a record says so.",
    ),
    Argument::any_of(
        "jurisdiction",
        Kind::Text(MAX_NAME),
        "Only clauses with a regulation of these jurisdictions, ISO 3166 or EU; US includes US-CO.",
    ),
    Argument::any_of(
        "language",
        Kind::Text(MAX_NAME),
        "Only clauses in these languages, BCP 47; en includes en-GB.",
    ),
    Argument::one("seen_after", Kind::Day, "Only wordings last seen on this day or later."),
    Argument::one("seen_before", Kind::Day, "Only wordings first seen on this day or before."),
    Argument::one("as_of", Kind::Day, "The collection as it stood at the end of this day, UTC."),
];

const PAGE: &[Argument] = &[
    Argument::one(
        "limit",
        Kind::Number(1, MOST_ENTRIES, ENTRIES),
        "How many entries the answer has, at most.",
    ),
    Argument::one(
        "cursor",
        Kind::Text(MAX_QUERY),
        "`next_cursor` of the answer before, to go on; all other arguments but limit unchanged.",
    ),
];

const SEARCH: &[Argument] = &[
    Argument::one(
        "query",
        Kind::Text(MAX_QUERY),
        "Words; \"phrases in quotation marks\" that must be there; prefix*; -excluded; field:value filters. Without it, everything that passes the filters.",
    ),
    Argument::one(
        "group_by",
        Kind::Choice(&["none", "platform"]),
        "Every clause, or the best of each platform.",
    ),
    Argument::one("sort", Kind::Choice(&["relevance", "severity", "recent"]), "The order."),
];

const COMPARABLES: &[Argument] = &[
    Argument::one(
        "clause_id",
        Kind::Text(MAX_NAME),
        "Id of the clause to find comparables of. Give this or text.",
    ),
    Argument::one(
        "text",
        Kind::Text(MAX_TEXT_CHARACTERS),
        "The text of one clause to find comparables of, verbatim; it is neither stored nor logged. Give this or clause_id.",
    ),
    Argument::one(
        "text_platform",
        Kind::Text(MAX_NAME),
        "Of text: id of the platform that it is from, so that its name does not count and it is left out of the answer.",
    ),
    Argument::one(
        "text_language",
        Kind::Text(MAX_NAME),
        "Of text: its language, BCP 47; detected if not given.",
    ),
    Argument::one(
        "min_score",
        Kind::Share,
        "The least score. Without it, what is close enough to be called comparable; 0 lists all that share a word.",
    ),
    Argument::one(
        "include_affiliates",
        Kind::Flag,
        "Whether platforms of the same company are in the answer.",
    ),
];

const CLAUSE: &[Argument] = &[Argument::required("clause_id", Kind::Text(MAX_NAME), "The clause's id.")];

const TWO_CLAUSES: &[Argument] = &[
    Argument::required("from", Kind::Text(MAX_NAME), "A clause's id, or `ID@N` for its N-th wording."),
    Argument::required(
        "to",
        Kind::Text(MAX_NAME),
        "The other: a clause's id, or `ID@N` for its N-th wording.",
    ),
];

const CLAUSE_TYPES: &[Argument] = &[
    Argument::one("category", Kind::Closed(Attribute::Category), "Only types of this category."),
    Argument::one(
        "query",
        Kind::Text(MAX_QUERY),
        "Only types in whose id, label or definition a word begins with each of these words.",
    ),
];

impl ToolName {
    pub(super) const ALL: [Self; 5] = [
        Self::SearchClauses,
        Self::FindComparables,
        Self::GetClause,
        Self::CompareClauses,
        Self::ListClauseTypes,
    ];

    /// The tool of a name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.as_str() == name)
    }

    /// Its name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SearchClauses => "search_clauses",
            Self::FindComparables => "find_comparables",
            Self::GetClause => "get_clause",
            Self::CompareClauses => "compare_clauses",
            Self::ListClauseTypes => "list_clause_types",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::SearchClauses => "Search clauses",
            Self::FindComparables => "Find comparable clauses",
            Self::GetClause => "Read a clause",
            Self::CompareClauses => "Compare two clauses",
            Self::ListClauseTypes => "List clause types",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::SearchClauses => {
                "Finds clauses of platforms' terms of service, privacy policies and the like by words and filters, with exact counts, verbatim excerpts and citations."
            }
            Self::FindComparables => {
                "Finds how other platforms handle what a clause, or a pasted text, says: the best comparable clause of each other platform, with exact counts, verbatim excerpts and citations. A comparable deals with the same thing; it need not say the same."
            }
            Self::GetClause => {
                "Reads a clause whole: its verbatim text, labels (given or inferred), evidence, citation, how stable its wording is, and how many clauses of other platforms are comparable."
            }
            Self::CompareClauses => {
                "Compares two clauses, or two wordings of one: what each says that the other does not (choices, purposes, data, recipients, limits), and the differences word by word."
            }
            Self::ListClauseTypes => {
                "Lists what clauses can be about: clause types with definition, category, default severity, and how many clauses of how many platforms there are. Use the ids as clause_type."
            }
        }
    }

    /// What it takes.
    pub(super) fn arguments(self) -> impl Iterator<Item = &'static Argument> {
        let groups: &[&'static [Argument]] = match self {
            Self::SearchClauses => &[SEARCH, FILTERS, PAGE],
            Self::FindComparables => &[COMPARABLES, FILTERS, PAGE],
            Self::GetClause => &[CLAUSE],
            Self::CompareClauses => &[TWO_CLAUSES],
            Self::ListClauseTypes => &[CLAUSE_TYPES],
        };
        groups.iter().copied().flatten()
    }

    /// As clients are told of it.
    pub(super) fn describe(self, taxonomy: &Taxonomy) -> Tool {
        let input = describe_input(self.arguments(), taxonomy);
        let output = match self {
            Self::SearchClauses => describe_output::<SearchFound>(),
            Self::FindComparables => describe_output::<ComparablesFound>(),
            Self::GetClause => describe_output::<ClauseRecord>(),
            Self::CompareClauses => describe_output::<ClauseComparison>(),
            Self::ListClauseTypes => describe_output::<ClauseTypesFound>(),
        };
        let annotations =
            ToolAnnotations::with_title(self.title()).read_only(true).idempotent(true).open_world(false);
        Tool::new(self.as_str(), self.description(), Arc::new(input))
            .with_title(self.title())
            .with_raw_output_schema(Arc::new(output))
            .with_annotations(annotations.destructive(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_those_of_the_desk() {
        let names: Vec<&str> = FILTERS.iter().map(|argument| argument.name).collect();
        assert_eq!(names, crate::answer::FILTERS);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for tool in ToolName::ALL {
            assert_eq!(ToolName::parse(tool.as_str()), Some(tool));
        }
        assert_eq!(ToolName::parse("search"), None);
    }
}
