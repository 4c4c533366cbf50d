use std::sync::{Mutex, PoisonError};

use super::Statistics;
use super::tally::Tally;
use crate::text::language::primary_language;
use crate::text::lexicon::{Lexicon, Place};
use crate::text::mask::Mask;

/// How many words and stems a counter remembers, at most: then it begins anew.
const MOST_NAMES: usize = 400_000;

/// How many languages.
const MOST_LANGUAGES: usize = 32;

/// Reads clauses of any language and counts what it has read. What was counted goes to a sum, which
/// several counters may share, when the counter is full and when it is dropped.
pub struct Counter<'a> {
    sum: &'a Mutex<Statistics>,
    title_factor: u32,
    languages: Vec<(Lexicon, Tally)>,
}

/// A clause as it was read.
pub struct Reading<'a> {
    /// What the numbers of the places mean.
    pub lexicon: &'a Lexicon,
    /// The words of the text.
    pub text: Vec<Place>,
    /// The words of the title.
    pub title: Vec<Place>,
    /// The clause's length.
    pub length: u32,
}

impl<'a> Counter<'a> {
    /// Counts towards a sum.
    #[must_use]
    pub fn new(sum: &'a Mutex<Statistics>, title_factor: u32) -> Self {
        Self { sum, title_factor, languages: Vec::new() }
    }

    /// Reads a clause and counts it.
    pub fn read(&mut self, text: &str, title: Option<&str>, language: &str, mask: &Mask) -> Reading<'_> {
        let names: usize = self.languages.iter().map(|(lexicon, _)| lexicon.len()).sum();
        if names > MOST_NAMES {
            self.pour();
        }
        let primary = primary_language(language);
        let known = self.languages.iter().position(|(lexicon, _)| lexicon.language() == primary);
        if known.is_none() {
            if self.languages.len() >= MOST_LANGUAGES {
                self.pour();
            }
            self.languages.push((Lexicon::new(&primary), Tally::default()));
        }
        let last = self.languages.len() - 1;
        let (lexicon, tally) = &mut self.languages[known.unwrap_or(last)];
        let text = lexicon.read(text, mask);
        let title = title.map(|title| lexicon.read(title, mask)).unwrap_or_default();
        let length = tally.add(&text, &title, self.title_factor);
        Reading { lexicon, text, title, length }
    }

    fn pour(&mut self) {
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        for (lexicon, tally) in &mut self.languages {
            tally.pour(lexicon, &mut sum);
        }
        self.languages.clear();
    }
}

impl Drop for Counter<'_> {
    fn drop(&mut self) {
        self.pour();
    }
}
