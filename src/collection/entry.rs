//! From a record to what an engine holds of it.

use std::collections::BTreeSet;

use super::Knowledge;
use crate::clause::{Clause, Day, Span};
use crate::engine::Entry;
use crate::profile::Profile;
use crate::store::ClauseHistory;
use crate::taxonomy::{Taxonomy, UNTYPED, enclosing_jurisdictions};
use crate::text::language::primary_language;
use crate::text::mask::Mask;
use crate::text::term::{ClauseTerms, analyze, key_wording};

/// The day before which an open span ends.
const NEVER: Day = Day(i32::MAX);

/// How a clause stands in the taxonomy: what it is filtered, faceted and compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vantage {
    /// Clause types, the main one first, or `untyped`.
    pub clause_types: Vec<String>,
    /// Categories given, else those of its types, else `untyped`.
    pub categories: Vec<String>,
}

impl Vantage {
    /// How a clause stands.
    #[must_use]
    pub fn of_clause(clause: &Clause, taxonomy: &Taxonomy) -> Self {
        let mut clause_types: Vec<String> = Vec::new();
        let all =
            clause.clause_type().into_iter().chain(clause.other_clause_types().iter().map(String::as_str));
        for id in all {
            if !clause_types.iter().any(|known| known == id) {
                clause_types.push(id.to_owned());
            }
        }
        let mut categories = match clause.given_categories().filter(|given| !given.is_empty()) {
            Some(given) => given.to_vec(),
            None => taxonomy.categories_of(clause_types.iter().map(String::as_str)),
        };
        if categories.is_empty() {
            categories.push(UNTYPED.to_owned());
        }
        if clause_types.is_empty() {
            clause_types.push(UNTYPED.to_owned());
        }
        Self { clause_types, categories }
    }
}

/// Makes the entry of a clause.
#[must_use]
pub fn make_entry(clause: &Clause, knowledge: &Knowledge) -> Entry {
    let taxonomy = &*knowledge.taxonomy;
    let mask = Mask::of_platform(&clause.platform);
    let vantage = Vantage::of_clause(clause, taxonomy);
    let jurisdictions: BTreeSet<String> = clause
        .regulations()
        .iter()
        .filter_map(|id| taxonomy.regulation(id))
        .flat_map(|regulation| enclosing_jurisdictions(&regulation.jurisdiction))
        .collect();
    let language = clause.language().to_ascii_lowercase();
    let primary = primary_language(&language);
    let day = |date: &Option<String>| date.as_deref().and_then(Day::parse);
    let (terms, profile) = read_clause(clause, &vantage, &mask, knowledge);
    Entry {
        id: clause.id.clone(),
        version: clause.version,
        terms,
        profile,
        platform: clause.platform.id.to_string(),
        severity: clause.severity(),
        categories: vantage.categories,
        clause_types: vantage.clause_types,
        document_type: clause.document.document_type.clone(),
        regulations: clause.regulations().to_vec(),
        jurisdictions: jurisdictions.into_iter().collect(),
        languages: if primary == language { vec![language] } else { vec![language, primary] },
        first_seen: day(&clause.given.observed.first_seen),
        last_seen: day(&clause.given.observed.last_seen),
        wording_day: clause.wording_day(),
        wording: key_wording(&clause.text, &mask),
        stood: Vec::new(),
    }
}

/// Analyses a clause: its terms and its profile.
#[must_use]
pub fn read_clause(
    clause: &Clause,
    vantage: &Vantage,
    mask: &Mask,
    knowledge: &Knowledge,
) -> (ClauseTerms, Profile) {
    let language = clause.language().to_ascii_lowercase();
    let text = analyze(&clause.text, &language, mask);
    let title =
        clause.given.title.as_deref().map(|title| analyze(title, &language, mask)).unwrap_or_default();
    let vector = knowledge.vectors.make_vector(&clause.text, &text, &title, &language);
    let terms = ClauseTerms::of_tokens(text, title);
    let main = vantage.clause_types.first().map(String::as_str);
    let inferred = clause.inferred.types.iter().find(|found| Some(found.clause_type.as_str()) == main);
    let is_inferred = clause.inferred_fields().contains(&"clause_type");
    let profile = Profile {
        length: terms.length(knowledge.schema.title_factor()),
        types: vantage.clause_types.iter().filter_map(|id| knowledge.taxonomy.place_of_type(id)).collect(),
        confidence: if is_inferred { inferred.and_then(|found| found.confidence).unwrap_or(0) } else { 100 },
        vector,
    };
    (terms, profile)
}

/// Makes the entries of a clause's wordings, live and past, for the index of the past. A wording
/// that stood at the end of no day has none.
#[must_use]
pub fn make_past_entries(history: &ClauseHistory, knowledge: &Knowledge) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(history.wordings.len());
    for clause in &history.wordings {
        let stood = list_days(clause, &history.spans);
        if let Some(&(from, _)) = stood.first() {
            entries.push(Entry { wording_day: from, stood, ..make_entry(clause, knowledge) });
        }
    }
    entries
}

/// The days on whose end a wording stood. Where nobody knows when it began, it is the day on which
/// it was recorded.
fn list_days(clause: &Clause, spans: &[Span]) -> Vec<(Day, Day)> {
    let day = |moment: &str| Day::parse(moment);
    spans
        .iter()
        .filter(|span| span.wording == clause.wording)
        .filter_map(|span| {
            let from = span.began_at.as_deref().and_then(day).or_else(|| day(&clause.recorded_at))?;
            let to = span.ended_at.as_deref().map_or(Some(NEVER), day)?;
            (from < to).then_some((from, to))
        })
        .collect()
}
