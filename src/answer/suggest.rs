//! Titles, clause types and platforms, as one types.

use serde::Serialize;
use utoipa::ToSchema;

use super::params::Params;
use super::survey::Survey;
use super::{AnswerError, Desk};
use crate::collection::Published;
use crate::text::fold::fold_word;

/// The longest text that is completed, in characters.
pub const MAX_SUGGEST_CHARACTERS: usize = 200;

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A clause type of the taxonomy.
    ClauseType,
    /// A platform.
    Platform,
    /// A title of clauses.
    Title,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// Its id; null for a title.
    #[schema(required)]
    pub id: Option<String>,
    /// How it is shown.
    pub text: String,
    /// A query that finds its clauses.
    pub query: String,
    /// Its live clauses.
    pub clauses: u64,
}

/// Suggestions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuggestAnswer {
    /// The generation that they come from.
    pub generation: u64,
    /// Suggestions: first those that begin with what was typed, clause types before platforms before
    /// titles, then by clauses falling, then by text.
    pub suggestions: Vec<Suggestion>,
}

impl Desk {
    /// What a person may mean who has typed so much: every word begins a word of it, in that order.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known.
    pub async fn suggest(&self, mut params: Params) -> Result<SuggestAnswer, AnswerError> {
        let typed = params.take_one("q")?.unwrap_or_default();
        let limit = params.take_number("limit", 1..=100, 10)?;
        params.finish()?;
        let length = typed.chars().count();
        if length > MAX_SUGGEST_CHARACTERS {
            let problem = format!("has {length} characters; at most {MAX_SUGGEST_CHARACTERS} are allowed");
            return Err(AnswerError::BadParameter { name: "q".to_owned(), problem });
        }
        let published = self.newest()?;
        let typed: Vec<String> =
            typed.split_whitespace().map(fold_word).filter(|word| !word.is_empty()).collect();
        let mut found = Vec::new();
        if !typed.is_empty() {
            let survey = self.survey(&published)?;
            self.suggest_types(&survey, &typed, &mut found);
            suggest_platforms(&published, &typed, &mut found);
            for title in survey.titles() {
                if let Some(place) = find_place(&title.folded, &typed) {
                    let query = format!("\"{}\"", title.title.replace('"', " "));
                    let suggestion = Suggestion {
                        kind: SuggestionKind::Title,
                        id: None,
                        text: title.title.clone(),
                        query,
                        clauses: title.clauses,
                    };
                    found.push((place > 0, suggestion));
                }
            }
        }
        found.sort_by(|(later, one), (other, two)| {
            later
                .cmp(other)
                .then_with(|| one.kind.cmp(&two.kind))
                .then_with(|| two.clauses.cmp(&one.clauses))
                .then_with(|| one.text.cmp(&two.text))
        });
        Ok(SuggestAnswer {
            generation: published.generation.number,
            suggestions: found.into_iter().take(limit).map(|(_, suggestion)| suggestion).collect(),
        })
    }

    fn suggest_types(&self, survey: &Survey, typed: &[String], found: &mut Vec<(bool, Suggestion)>) {
        for entry in &self.collection.taxonomy().file().clause_type {
            let Some(place) = find_place(&fold_text(&entry.label), typed) else { continue };
            let counts = survey.platforms.values().filter_map(|platform| platform.types.get(&entry.id));
            let suggestion = Suggestion {
                kind: SuggestionKind::ClauseType,
                id: Some(entry.id.clone()),
                text: entry.label.clone(),
                query: format!("type:{}", entry.id),
                clauses: counts.sum(),
            };
            found.push((place > 0, suggestion));
        }
    }
}

fn suggest_platforms(published: &Published, typed: &[String], found: &mut Vec<(bool, Suggestion)>) {
    for counted in published.platforms.values() {
        let platform = &counted.item;
        if let Some(place) = find_place(&fold_text(&platform.name), typed) {
            let suggestion = Suggestion {
                kind: SuggestionKind::Platform,
                id: Some(platform.id.to_string()),
                text: platform.name.clone(),
                query: format!("platform:{}", platform.id),
                clauses: counted.clauses,
            };
            found.push((place > 0, suggestion));
        }
    }
}

pub(super) fn fold_text(text: &str) -> String {
    text.split_whitespace().map(fold_word).collect::<Vec<_>>().join(" ")
}

/// The place of the word that the first typed word begins, if the others begin later words in order.
fn find_place(folded: &str, typed: &[String]) -> Option<usize> {
    let mut words = folded.split(' ').enumerate();
    let mut first = None;
    for word in typed {
        let (place, _) = words.find(|(_, candidate)| {
            candidate.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(word.as_str())
        })?;
        first = first.or(Some(place));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, typed: &str, expected: Option<usize>) {
        let typed: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        assert_eq!(find_place(&fold_text(text), &typed), expected, "{text} {typed:?}");
    }

    #[test]
    fn words_begin_words_in_order() {
        check("Binding Arbitration", "arb", Some(1));
        check("Binding Arbitration", "bind arb", Some(0));
        check("Binding Arbitration", "arb bind", None);
        check("“Your” Données", "your donn", Some(0));
        check("Binding Arbitration", "itration", None);
    }
}
