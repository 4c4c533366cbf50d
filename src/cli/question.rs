//! Filters and layout as flags, turned into the parameters that the API takes.

use clap::Args;

use crate::answer::Params;

/// What a search and a comparison have in common. Values are checked by the desk, which says what is
/// allowed.
#[derive(Debug, Args)]
pub(super) struct QuestionArgs {
    /// Only clauses of this category (repeatable: any of)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    category: Vec<String>,
    /// Only clauses of this type, main or other (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    clause_type: Vec<String>,
    /// Only clauses of this severity: high, medium, low, unrated (repeatable)
    #[arg(long, value_name = "SEVERITY", help_heading = "Filters")]
    severity: Vec<String>,
    /// Only this platform (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    platform: Vec<String>,
    /// All but this platform (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    exclude_platform: Vec<String>,
    /// Only documents of this type (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    document_type: Vec<String>,
    /// Only clauses that name this regulation (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    regulation: Vec<String>,
    /// Only regulations of this jurisdiction: US includes US-CO (repeatable)
    #[arg(long, value_name = "CODE", help_heading = "Filters")]
    jurisdiction: Vec<String>,
    /// Only clauses in this language, BCP 47 (repeatable)
    #[arg(long, value_name = "TAG", help_heading = "Filters")]
    language: Vec<String>,
    /// Only wordings last seen on this day or later
    #[arg(long, value_name = "DAY", help_heading = "Filters")]
    seen_after: Option<String>,
    /// Only wordings first seen on this day or before
    #[arg(long, value_name = "DAY", help_heading = "Filters")]
    seen_before: Option<String>,
    /// The collection as it stood at the end of this day
    #[arg(long, value_name = "DAY", help_heading = "Filters")]
    as_of: Option<String>,
    /// Least score of what is found, 0 to 1
    #[arg(long, value_name = "SCORE", help_heading = "Filters")]
    min_score: Option<String>,
    /// How many to show, 1 to 100 [default: 10]
    #[arg(long, value_name = "N")]
    limit: Option<String>,
    /// Go on where an answer ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
    /// One card a platform, or single clauses: platform, none
    #[arg(long, value_name = "HOW")]
    group_by: Option<String>,
    /// Clauses a card, 1 to 3 [default: 1]
    #[arg(long, value_name = "N")]
    per_platform: Option<String>,
    /// One card for equal wordings: wording, none [default: none]
    #[arg(long, value_name = "HOW")]
    fold: Option<String>,
    /// Facets to count, by comma [default: category,severity]
    #[arg(long, value_name = "NAMES")]
    facets: Option<String>,
    /// Tell the numbers behind scores and places, what only one of two clauses says, and how a query was read
    #[arg(long)]
    explain: bool,
    /// Print the answer of the API, JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl QuestionArgs {
    /// The parameters, with some more of the command's own.
    pub(super) fn make_params(&self, more: &[(&str, Option<&str>)]) -> Params {
        let repeated = [
            ("category", &self.category),
            ("clause_type", &self.clause_type),
            ("severity", &self.severity),
            ("platform", &self.platform),
            ("exclude_platform", &self.exclude_platform),
            ("document_type", &self.document_type),
            ("regulation", &self.regulation),
            ("jurisdiction", &self.jurisdiction),
            ("language", &self.language),
        ];
        let single = [
            ("seen_after", &self.seen_after),
            ("seen_before", &self.seen_before),
            ("as_of", &self.as_of),
            ("min_score", &self.min_score),
            ("limit", &self.limit),
            ("cursor", &self.cursor),
            ("group_by", &self.group_by),
            ("per_platform", &self.per_platform),
            ("fold", &self.fold),
            ("facets", &self.facets),
        ];
        let repeated = repeated
            .into_iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name, value.as_str())));
        let single =
            single.into_iter().filter_map(|(name, value)| value.as_deref().map(|value| (name, value)));
        let more = more.iter().filter_map(|(name, value)| value.map(|value| (*name, value)));
        let explain = self.explain.then_some(("explain", "true"));
        let pairs = repeated.chain(single).chain(more).chain(explain);
        Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }
}
