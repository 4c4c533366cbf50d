//! What a clause's vector is summed from: its terms, and pairs of adjacent ones.

use std::ops::Range;

use super::sentence::split_sentences;
use super::term::Token;

/// What comes next in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature<'a> {
    /// A term. With a term right before it, the two are a pair.
    Term(&'a str),
    /// Nothing before it makes a pair with what comes after: a mask, the end of a sentence or of the
    /// text stands between.
    Break,
}

/// Tells the terms of a text and of its title to `take`, in their order, with breaks between.
pub fn list_features<'a>(
    text: &str,
    tokens: &'a [Token],
    title: &'a [Token],
    mut take: impl FnMut(Feature<'a>),
) {
    let mut tell = |term: Option<&'a str>| take(term.map_or(Feature::Break, Feature::Term));
    let place = |token: &'a Token| (token.range.start, token.term.as_deref());
    walk_terms(tokens.iter().map(place), &split_sentences(text), &mut tell);
    tell(None);
    walk_terms(title.iter().map(place), &[], &mut tell);
}

/// Tells terms to `take`, each with the place where it stands, with breaks (`None`) for masks and for the
/// ends of sentences between them.
pub(crate) fn walk_terms<T>(
    terms: impl Iterator<Item = (usize, Option<T>)>,
    sentences: &[Range<usize>],
    take: &mut impl FnMut(Option<T>),
) {
    let mut ends = sentences.iter().map(|sentence| sentence.end).peekable();
    for (start, term) in terms {
        while ends.next_if(|end| *end <= start).is_some() {
            take(None);
        }
        take(term);
    }
}

#[cfg(test)]
mod tests {
    use super::super::mask::Mask;
    use super::super::term::analyze;
    use super::*;

    #[test]
    fn sentences_masks_and_the_title_break_pairs() {
        let mask = Mask::of_names(["Quillhaven"].into_iter());
        let text = "We train models. You and Quillhaven agree.";
        let (tokens, title) = (analyze(text, "en", &mask), analyze("Our models", "en", &mask));
        let mut told = Vec::new();
        list_features(text, &tokens, &title, |feature| {
            told.push(match feature {
                Feature::Term(term) => term.to_owned(),
                Feature::Break => "|".to_owned(),
            });
        });
        assert_eq!(told.join(" "), "we train model | you and | agre | our model");
    }
}
