//! What a text is made of: the terms and pairs of terms that everything else is counted by.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::search_schema::SearchSchema;
use crate::text::feature::{Feature, list_features};
use crate::text::language::detect_language;
use crate::text::mask::Mask;
use crate::text::term::{ClauseTerms, analyze};

/// A text to analyse: the keys of a record that matter for it. Others are passed over.
#[derive(Debug, Clone, Deserialize)]
pub struct PlainText {
    /// The text.
    pub text: String,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// BCP 47 tag; detected where it is missing.
    #[serde(default)]
    pub language: Option<String>,
    /// Whose text it is: the names that are masked.
    #[serde(default)]
    pub platform: Option<Names>,
}

/// The names of a platform.
#[derive(Debug, Clone, Deserialize)]
pub struct Names {
    /// Its own.
    #[serde(default)]
    pub name: Option<String>,
    /// Its parent's.
    #[serde(default)]
    pub parent: Option<String>,
}

/// What a text is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Analysis {
    /// Its language.
    pub language: String,
    /// Its length: the sum of the frequencies.
    pub length: u32,
    /// Its terms, each with its frequency; the title counts as the search schema says.
    pub terms: BTreeMap<String, u32>,
    /// Its pairs of adjacent terms, a space between.
    pub pairs: BTreeSet<String>,
}

/// Analyses a text as ingest does.
#[must_use]
pub fn analyze_text(plain: &PlainText, schema: &SearchSchema) -> Analysis {
    let names = plain.platform.as_ref();
    let names = names.into_iter().flat_map(|names| [names.name.as_deref(), names.parent.as_deref()]);
    let mask = Mask::of_names(names.flatten());
    let language = plain.language.clone().unwrap_or_else(|| detect_language(&plain.text).to_owned());
    let text = analyze(&plain.text, &language, &mask);
    let title = plain.title.as_deref().map(|title| analyze(title, &language, &mask)).unwrap_or_default();
    let mut pairs = BTreeSet::new();
    let mut last: Option<&str> = None;
    list_features(&plain.text, &text, &title, |feature| {
        let term = match feature {
            Feature::Term(term) => Some(term),
            Feature::Break => None,
        };
        if let (Some(last), Some(term)) = (last, term) {
            pairs.insert(format!("{last} {term}"));
        }
        last = term;
    });
    let factor = schema.title_factor();
    let terms = ClauseTerms::of_tokens(text, title);
    Analysis {
        language,
        length: terms.length(factor),
        terms: terms.frequencies(factor).into_iter().map(|(term, count)| (term.to_owned(), count)).collect(),
        pairs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_in_terms_and_pairs() {
        let plain = PlainText {
            text: "Quillhaven trains models. Models learn.".to_owned(),
            title: Some("Models".to_owned()),
            language: Some("en".to_owned()),
            platform: Some(Names { name: Some("Quillhaven".to_owned()), parent: None }),
        };
        let analysis = analyze_text(&plain, &SearchSchema::bundled().expect("sound"));
        assert_eq!(analysis.terms.get("model"), Some(&4));
        assert_eq!(analysis.length, 6);
        assert_eq!(analysis.pairs.into_iter().collect::<Vec<_>>(), ["model learn", "train model"]);
    }
}
