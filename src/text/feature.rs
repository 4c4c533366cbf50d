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
    tell_features(tokens, &split_sentences(text), &mut take);
    take(Feature::Break);
    tell_features(title, &[], &mut take);
}

fn tell_features<'a>(tokens: &'a [Token], sentences: &[Range<usize>], take: &mut impl FnMut(Feature<'a>)) {
    let mut ends = sentences.iter().map(|sentence| sentence.end).peekable();
    for token in tokens {
        while ends.next_if(|end| *end <= token.range.start).is_some() {
            take(Feature::Break);
        }
        take(token.term.as_deref().map_or(Feature::Break, Feature::Term));
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
