//! From text to terms with positions.
//!
//! Words by UAX #29, case and accents folded, stemmed by the clause's language. A *term* is one
//! stem, whatever its language or field. A mask is no term and breaks a pair of words.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::boundary::list_words;
use super::fold::fold_word;
use super::language::stem_word;
use super::mask::Mask;

/// The version of the analysis: an index made by another one is built anew.
pub const ANALYSIS_VERSION: u32 = 1;

/// The longest term, in bytes; the rest of a longer word is left out.
pub const MAX_TERM_BYTES: usize = 120;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// The word folded; `None` where it is masked.
    pub word: Option<String>,
    /// Its stem; `None` where it is masked.
    pub term: Option<String>,
}

/// Cuts a text into words and stems them.
#[must_use]
pub fn analyze(text: &str, language: &str, mask: &Mask) -> Vec<Token> {
    fold_words(text, mask)
        .into_iter()
        .map(|word| {
            let term = word.folded.as_ref().map(|folded| make_term(folded, language));
            Token { range: word.range, word: word.folded, term }
        })
        .collect()
}

/// The term of a folded word: its stem, cut to [`MAX_TERM_BYTES`].
#[must_use]
pub fn make_term(folded: &str, language: &str) -> String {
    let mut term = stem_word(folded, language);
    term.truncate(term.floor_char_boundary(MAX_TERM_BYTES));
    term
}

struct FoldedWord {
    range: Range<usize>,
    folded: Option<String>,
}

fn fold_words(text: &str, mask: &Mask) -> Vec<FoldedWord> {
    let spelled: Vec<(usize, &str)> = list_words(text).collect();
    let folded: Vec<String> = spelled.iter().map(|(_, word)| fold_word(word)).collect();
    let mut words = Vec::with_capacity(spelled.len());
    let pairs: Vec<(&str, &str)> = if mask.is_empty() {
        Vec::new()
    } else {
        spelled.iter().zip(&folded).map(|((_, word), fold)| (*word, fold.as_str())).collect()
    };
    let mut masked_until = 0;
    for (place, ((start, word), fold)) in spelled.iter().zip(&folded).enumerate() {
        if place >= masked_until
            && let Some(rest) = pairs.get(place..)
        {
            masked_until = place + mask.match_length(rest);
        }
        words.push(FoldedWord {
            range: *start..start + word.len(),
            folded: (place >= masked_until && !fold.is_empty()).then(|| fold.clone()),
        });
    }
    words
}

/// The terms of a clause, in their order, with places for masks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClauseTerms {
    text: String,
    title: String,
}

impl ClauseTerms {
    /// Ends each term in [`ClauseTerms::joined`]: no word holds it.
    pub const END: char = '\u{1f}';

    /// Analyses a clause's text and title.
    #[must_use]
    pub fn new(text: &str, title: Option<&str>, language: &str, mask: &Mask) -> Self {
        let tokens = |text: &str| analyze(text, language, mask);
        Self::of_tokens(tokens(text), title.map(tokens).unwrap_or_default())
    }

    /// The terms of an analysed text and title.
    #[must_use]
    pub fn of_tokens(text: impl AsRef<[Token]>, title: impl AsRef<[Token]>) -> Self {
        fn terms(tokens: &[Token]) -> impl Iterator<Item = Option<&str>> {
            tokens.iter().map(|token| token.term.as_deref())
        }
        Self::of_terms(terms(text.as_ref()), terms(title.as_ref()))
    }

    /// Of terms in their order; `None` stands for a mask.
    pub fn of_terms<'a>(
        text: impl Iterator<Item = Option<&'a str>>,
        title: impl Iterator<Item = Option<&'a str>>,
    ) -> Self {
        Self { text: join_terms(text), title: join_terms(title) }
    }

    /// The terms of the text; `None` stands for a mask.
    pub fn text(&self) -> impl Iterator<Item = Option<&str>> {
        part_terms(&self.text)
    }

    /// The terms of the title; `None` stands for a mask.
    pub fn title(&self) -> impl Iterator<Item = Option<&str>> {
        part_terms(&self.title)
    }

    /// The terms of the text and of the title, each with [`ClauseTerms::END`] after it; a mask has nothing
    /// before its end.
    #[must_use]
    pub fn joined(&self) -> (&str, &str) {
        (&self.text, &self.title)
    }

    /// Every term with its frequency: its occurrences in the text plus `title_factor` for each in
    /// the title. In the terms' order by bytes.
    #[must_use]
    pub fn frequencies(&self, title_factor: u32) -> BTreeMap<&str, u32> {
        let mut frequencies = BTreeMap::new();
        for term in self.text().flatten() {
            *frequencies.entry(term).or_insert(0u32) += 1;
        }
        for term in self.title().flatten() {
            *frequencies.entry(term).or_insert(0u32) += title_factor;
        }
        frequencies
    }

    /// The clause's length: the sum of its frequencies.
    #[must_use]
    pub fn length(&self, title_factor: u32) -> u32 {
        let count = |terms: &str| u32::try_from(part_terms(terms).flatten().count()).unwrap_or(u32::MAX);
        count(&self.text).saturating_add(title_factor.saturating_mul(count(&self.title)))
    }
}

fn join_terms<'a>(terms: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut joined = String::new();
    for term in terms {
        joined.push_str(term.unwrap_or(""));
        joined.push(ClauseTerms::END);
    }
    joined
}

fn part_terms(joined: &str) -> impl Iterator<Item = Option<&str>> {
    joined.split_terminator(ClauseTerms::END).map(|term| (!term.is_empty()).then_some(term))
}

/// The key of a wording: equal for texts that are equal once the platform's names are masked and
/// case, space and punctuation are folded. Signs of money and percent count, as they change what
/// is agreed. 64 bits of SHA-256.
#[must_use]
pub fn key_wording(text: &str, mask: &Mask) -> u64 {
    let words = fold_words(text, mask);
    key_words(text, words.iter().map(|word| (word.range.clone(), word.folded.as_deref())))
}

/// The same of words that are found and folded already; `None` stands for a mask.
pub(crate) fn key_words<'a>(text: &str, words: impl Iterator<Item = (Range<usize>, Option<&'a str>)>) -> u64 {
    let mut read = String::with_capacity(text.len() + 16);
    let mut end = 0;
    let mut in_mask = false;
    let read_signs = |read: &mut String, gap: &str| {
        read.extend(gap.chars().filter(|sign| matches!(sign, '$' | '€' | '£' | '¥' | '₹' | '%')));
    };
    for (range, folded) in words {
        let gap = text.get(end..range.start).unwrap_or("");
        if gap != " " {
            read_signs(&mut read, gap);
        }
        match folded {
            Some(folded) => {
                read.push_str(folded);
                read.push(' ');
                in_mask = false;
            }
            // A name of two words and one of one word are both one mask.
            None if !in_mask => {
                read.push_str("\x01 ");
                in_mask = true;
            }
            None => {}
        }
        end = range.end;
    }
    read_signs(&mut read, text.get(end..).unwrap_or(""));
    let bytes = Sha256::digest(read.as_bytes());
    bytes.iter().take(8).fold(0, |key, byte| (key << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(names: &[&str]) -> Mask {
        Mask::of_names(names.iter().copied())
    }

    fn check(text: &str, names: &[&str], expected: &str) {
        let terms: Vec<String> = analyze(text, "en", &mask(names))
            .into_iter()
            .map(|token| token.term.unwrap_or_else(|| "_".to_owned()))
            .collect();
        assert_eq!(terms.join(" "), expected, "{text}");
    }

    #[test]
    fn words_are_folded_and_stemmed() {
        check("We train OUR models.", &[], "we train our model");
        check("Données, naïve!", &[], "donne naiv");
        check("", &[], "");
        check("…—!?", &[], "");
    }

    #[test]
    fn own_names_are_masked() {
        check("Quillhaven uses it; QUILLHAVEN’s users", &["Quillhaven"], "_ use it _ user");
        check("Nimbus Notes and Nimbus", &["Nimbus Notes"], "_ _ and nimbus");
        check("X may use x", &["X"], "_ may use x");
        check("Apple eats an apple", &["Apple"], "_ eat an appl");
    }

    #[test]
    fn equal_wordings_have_one_key() {
        let one = key_wording("Quillhaven may end this, at any time.", &mask(&["Quillhaven"]));
        let two = key_wording("nimbus notes MAY end this at any time", &mask(&["Nimbus Notes"]));
        let three = key_wording("nimbus notes MAY NOT end this at any time", &mask(&["Nimbus Notes"]));
        assert_eq!(one, two);
        assert_ne!(one, three);
        assert_ne!(key_wording("pay $5", &Mask::default()), key_wording("pay €5", &Mask::default()));
        assert_ne!(key_wording("pay 5 €.", &Mask::default()), key_wording("pay 5 %.", &Mask::default()));
    }

    #[test]
    fn the_title_counts_by_its_factor() {
        let terms = ClauseTerms::new("Fees may change. Fees!", Some("Fees"), "en", &Mask::default());
        assert_eq!(terms.frequencies(3).get("fee"), Some(&5));
        assert_eq!(terms.length(3), 7);
    }
}
