//! A platform's own name, hidden from the analysis of its clauses.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::{fold_word, strip_possessive};
use crate::clause::Platform;

static DICTIONARY: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../index-schema/dictionary-words-v1.txt").lines().collect());

/// The names to hide: a platform's own and its parent's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mask {
    names: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    /// Its words, folded unless it must be met in exact spelling.
    words: Vec<String>,
    exact: bool,
}

impl Mask {
    /// The mask of a platform's clauses.
    #[must_use]
    pub fn of_platform(platform: &Platform) -> Self {
        Self::of_names([Some(platform.name.as_str()), platform.parent.as_deref()].into_iter().flatten())
    }

    /// Hides whole-word occurrences of these names: in any case, but only in exact spelling where
    /// a name has under three letters or is a dictionary word.
    pub fn of_names<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<Name> = names
            .filter_map(|name| {
                let exact = name.chars().filter(|c| c.is_alphabetic()).count() < 3
                    || DICTIONARY.contains(name.trim().to_lowercase().as_str());
                let words: Vec<String> = name
                    .unicode_words()
                    .map(|word| if exact { word.to_owned() } else { fold_word(word) })
                    .collect();
                (!words.is_empty()).then_some(Name { words, exact })
            })
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
        names.dedup();
        Self { names }
    }

    /// How many words from the front of `words` (as they are spelled, and folded) are a name.
    pub(crate) fn match_length<'a>(&self, words: &[(&'a str, &'a str)]) -> usize {
        self.names
            .iter()
            .find(|name| {
                name.words.len() <= words.len()
                    && name.words.iter().zip(words).enumerate().all(|(place, (part, (spelled, folded)))| {
                        let word = if name.exact { *spelled } else { *folded };
                        let last = place + 1 == name.words.len();
                        part == word || (last && part == strip_possessive(word))
                    })
            })
            .map_or(0, |name| name.words.len())
    }

    /// Whether a name may begin with this word, as it is spelled and folded. Most words are told from all
    /// names by this alone.
    pub(crate) fn may_begin(&self, spelled: &str, folded: &str) -> bool {
        self.names.iter().any(|name| {
            let word = if name.exact { spelled } else { folded };
            name.words.first().is_some_and(|first| word.starts_with(first.as_str()))
        })
    }

    /// How many words the longest name has.
    pub(crate) fn longest(&self) -> usize {
        self.names.first().map_or(0, |name| name.words.len())
    }

    /// Whether nothing is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
