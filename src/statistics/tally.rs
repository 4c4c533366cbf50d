use std::collections::HashMap;

use super::Statistics;
use crate::text::lexicon::{Lexicon, MASKED, Place};

/// Counts over clauses whose words a [`Lexicon`] has numbered: [`Statistics`] in the making.
#[derive(Debug, Default)]
pub(super) struct Tally {
    clauses: u64,
    total_length: u64,
    words: Counts,
    terms: Counts,
}

/// In how many clauses each number occurs, and the last of these.
#[derive(Debug, Default)]
struct Counts(Vec<(u32, u64)>);

impl Counts {
    fn count(&mut self, number: u32, clause: u64) {
        let Ok(place) = usize::try_from(number) else { return };
        if place >= self.0.len() {
            self.0.resize(place + 1, (0, 0));
        }
        if let Some((count, last)) = self.0.get_mut(place)
            && *last != clause
        {
            *count += 1;
            *last = clause;
        }
    }

    fn pour<'a>(&self, name: impl Fn(u32) -> Option<&'a str>, into: &mut HashMap<String, u32>) {
        for (number, (count, _)) in (0..).zip(&self.0) {
            if let Some(name) = name(number)
                && *count > 0
            {
                match into.get_mut(name) {
                    Some(held) => *held += count,
                    None => {
                        into.insert(name.to_owned(), *count);
                    }
                }
            }
        }
    }
}

impl Tally {
    /// Counts one clause in, by the places of its text and title; says how long it is.
    pub(super) fn add(&mut self, text: &[Place], title: &[Place], title_factor: u32) -> u32 {
        self.clauses += 1;
        let mut length: u32 = 0;
        for (places, factor) in [(text, 1), (title, title_factor)] {
            for place in places.iter().filter(|place| place.term != MASKED) {
                self.words.count(place.word, self.clauses);
                self.terms.count(place.term, self.clauses);
                length = length.saturating_add(factor);
            }
        }
        self.total_length += u64::from(length);
        length
    }

    /// Adds what was counted to statistics, and counts from zero.
    pub(super) fn pour(&mut self, lexicon: &Lexicon, into: &mut Statistics) {
        let Self { clauses, total_length, words, terms } = std::mem::take(self);
        if clauses == 0 {
            return;
        }
        into.clauses += clauses;
        into.total_length += total_length;
        *into.languages.entry(lexicon.language().to_owned()).or_insert(0) += clauses;
        words.pour(|number| lexicon.word(number), &mut into.vocabulary);
        terms.pour(|number| lexicon.term(number), &mut into.document_frequencies);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::mask::Mask;
    use crate::text::term::analyze;

    #[test]
    fn a_tally_counts_as_statistics_do() {
        let mask = Mask::of_names(["Nimbus"].into_iter());
        let mut lexicon = Lexicon::new("en");
        let (mut tally, mut counted, mut less) =
            (Tally::default(), Statistics::default(), Statistics::default());
        for (place, (text, title)) in [
            ("Nimbus trains a model on a model.", "Models"),
            ("We may change fees. Changed fees apply.", ""),
            ("", "Nimbus"),
        ]
        .into_iter()
        .enumerate()
        {
            let (read, named) = (lexicon.read(text, &mask), lexicon.read(title, &mask));
            tally.add(&read, &named, 2);
            let into = if place == 1 { &mut less } else { &mut counted };
            into.add(analyze(text, "en", &mask), analyze(title, "en", &mask), "en", 2);
        }
        let mut poured = Statistics::default();
        tally.pour(&lexicon, &mut poured);
        poured.subtract(&less);
        assert_eq!(poured, counted);
    }
}
