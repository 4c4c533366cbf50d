//! Phrases as the taxonomy and the aspects write them: patterns of stems, and where they match.

mod word;

use std::ops::Range;

pub(crate) use word::{Role, UNKNOWN, Vocabulary, Word, find_role};

/// How many words of any kind a `*` stands for, at most.
const GAP: usize = 4;

/// How far before a phrase a denial still reaches it, in words.
const REACH: usize = 8;

#[derive(Debug)]
enum Part {
    Word(Vec<u32>),
    Gap,
}

/// A phrase.
#[derive(Debug)]
pub(crate) struct Pattern<K> {
    /// What it is for.
    pub(crate) kind: K,
    /// Place of the entry that it is a phrase of.
    pub(crate) owner: usize,
    /// As the entry writes it.
    pub(crate) source: String,
    parts: Vec<Part>,
    /// Of each of its words after the first, the shadows of the choices: a sentence without one of them
    /// cannot match.
    needs: Vec<Shadow>,
}

/// Which stems there are, roughly: a bit for each 256th stem.
#[derive(Debug, Clone, Copy, Default)]
struct Shadow([u64; 4]);

impl Shadow {
    /// Meets every shadow but that of nothing.
    const ALL: Self = Self([u64::MAX; 4]);

    fn of(stems: impl Iterator<Item = u32>) -> Self {
        let mut shadow = Self::default();
        for stem in stems {
            let place = usize::try_from(stem >> 6 & 3).unwrap_or(0);
            if let Some(bits) = shadow.0.get_mut(place) {
                *bits |= 1 << (stem & 63);
            }
        }
        shadow
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, two)| one & two != 0)
    }
}

/// A place where a pattern matches.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// Place of the pattern in its set.
    pub(crate) pattern: usize,
    /// The words that it covers.
    pub(crate) range: Range<usize>,
}

/// The patterns of one language, found by the stems that they begin with.
#[derive(Debug)]
pub(crate) struct PatternSet<K> {
    patterns: Vec<Pattern<K>>,
    /// By the stem that they begin with: their places, each with the first of its needs.
    by_first: Vec<Vec<(usize, Shadow)>>,
}

impl<K> PatternSet<K> {
    /// Has no pattern yet.
    pub(crate) fn new() -> Self {
        Self { patterns: Vec::new(), by_first: Vec::new() }
    }

    /// Takes in a phrase: words, `a|b` for either word, `*` for up to four words of any kind.
    pub(crate) fn add(&mut self, kind: K, owner: usize, source: &str, vocabulary: &mut Vocabulary) {
        let mut parts: Vec<Part> = source
            .split_whitespace()
            .flat_map(|word| {
                if word == "*" {
                    return vec![Part::Gap];
                }
                // A word that the analysis cuts in two ("opt-out") stands for both in a row.
                let choices: Vec<Vec<u32>> =
                    word.split('|').map(|choice| vocabulary.learn_phrase(choice)).collect();
                match choices.as_slice() {
                    [only] => only.iter().map(|stem| Part::Word(vec![*stem])).collect(),
                    several => {
                        vec![Part::Word(several.iter().filter_map(|stems| stems.first().copied()).collect())]
                    }
                }
            })
            .collect();
        while matches!(parts.first(), Some(Part::Gap)) {
            parts.remove(0);
        }
        while matches!(parts.last(), Some(Part::Gap)) {
            parts.pop();
        }
        let Some(Part::Word(first)) = parts.first() else {
            return;
        };
        let mut firsts = first.clone();
        firsts.sort_unstable();
        firsts.dedup();
        let words = parts.iter().skip(1).filter_map(|part| match part {
            Part::Word(choices) => Some(Shadow::of(choices.iter().copied())),
            Part::Gap => None,
        });
        let needs: Vec<Shadow> = words.collect();
        let need = needs.first().copied().unwrap_or(Shadow::ALL);
        for stem in firsts.into_iter().filter_map(|stem| usize::try_from(stem).ok()) {
            if self.by_first.len() <= stem {
                self.by_first.resize_with(stem + 1, Vec::new);
            }
            if let Some(begun) = self.by_first.get_mut(stem) {
                begun.push((self.patterns.len(), need));
            }
        }
        self.patterns.push(Pattern { kind, owner, source: source.to_owned(), parts, needs });
    }

    /// The pattern at a place.
    pub(crate) fn get(&self, place: usize) -> Option<&Pattern<K>> {
        self.patterns.get(place)
    }

    /// Every match in a sentence.
    pub(crate) fn find(&self, words: &[Word]) -> Vec<Hit> {
        let mut found = Vec::new();
        let shadow = Shadow::of(words.iter().map(|word| word.stem).filter(|&stem| stem != UNKNOWN));
        for (start, word) in words.iter().enumerate() {
            if word.stem == UNKNOWN {
                continue;
            }
            let begun = usize::try_from(word.stem).ok().and_then(|stem| self.by_first.get(stem));
            for (place, need) in begun.into_iter().flatten() {
                if !need.meets(&shadow) {
                    continue;
                }
                let place = *place;
                let Some(pattern) = self.patterns.get(place) else { continue };
                if pattern.needs.iter().all(|need| need.meets(&shadow))
                    && let Some(end) = match_parts(&pattern.parts, words, start)
                {
                    found.push(Hit { pattern: place, range: start..end });
                }
            }
        }
        found
    }
}

fn match_parts(parts: &[Part], words: &[Word], at: usize) -> Option<usize> {
    match parts.split_first() {
        None => Some(at),
        Some((Part::Word(choices), rest)) => {
            let stem = words.get(at)?.stem;
            choices.contains(&stem).then(|| match_parts(rest, words, at + 1)).flatten()
        }
        Some((Part::Gap, rest)) => (0..=GAP).find_map(|gap| match_parts(rest, words, at + gap)),
    }
}

/// Whether a denial before a phrase, or inside it, reaches it: none of `but`, `unless` and the like
/// may stand between.
pub(crate) fn is_denied(words: &[Word], range: &Range<usize>) -> bool {
    let before = words.get(range.start.saturating_sub(REACH)..range.start).unwrap_or(&[]);
    let reaching =
        before.iter().rev().take_while(|word| word.role != Role::Turn).any(|word| word.role == Role::Negator);
    let inside = words.get(range.clone()).unwrap_or(&[]);
    reaching || inside.iter().any(|word| word.role == Role::Negator)
}

/// Whether the sentence forbids the person what the phrase says: `you may not …`.
pub(crate) fn is_forbidden_to_person(words: &[Word], range: &Range<usize>) -> bool {
    let before = words.get(..range.start).unwrap_or(&[]);
    let subject = before.iter().rposition(|word| matches!(word.role, Role::Company | Role::Person));
    subject.is_some_and(|at| {
        let near = before.get(at + 1..(at + 4).min(before.len())).unwrap_or(&[]);
        before.get(at).is_some_and(|word| word.role == Role::Person)
            && near.iter().any(|word| word.role == Role::Negator)
    })
}
