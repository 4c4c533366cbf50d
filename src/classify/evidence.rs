//! What a clause holds of the taxonomy's phrases.

use std::collections::BTreeMap;

use super::learned::{Heard, Learned, weigh};
use crate::phrase::{Hit, Pattern, PatternSet, Vocabulary, Word, is_denied, is_forbidden_to_person};
use crate::text::sentence::split_sentences;

/// What a phrase of the taxonomy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of a clause type: strong.
    Cue,
    /// Of a clause type: weak.
    Hint,
    /// Of a clause type: not it.
    NearMiss,
    /// Names a regulation.
    Regulation,
    /// Changes severity.
    Modifier,
}

/// The rules of one language.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) vocabulary: Vocabulary,
    pub(super) set: PatternSet<Kind>,
    pub(super) learned: Learned,
    /// By place of the clause type: whether only the platform can do what it is about.
    pub(super) of_platform: Vec<bool>,
}

/// What speaks for a type.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Distinct cues and hints by their place, each with the most that it was worth.
    pub(super) patterns: BTreeMap<usize, u32>,
    denied: u32,
    affirmed: u32,
}

impl Found {
    pub(super) fn points(&self) -> u32 {
        self.patterns.values().sum()
    }

    /// Whether more of its matches are denied than not.
    pub(super) fn is_denied(&self) -> bool {
        self.denied > self.affirmed
    }
}

/// What a clause holds of the taxonomy's phrases.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    /// By place of the clause type.
    pub(super) types: BTreeMap<usize, Found>,
    /// Regulation and the pattern that names it, in the text's order.
    pub(super) regulations: Vec<(usize, usize)>,
    /// Modifier and the pattern that matched, in the text's order.
    pub(super) modifiers: Vec<(usize, usize)>,
    /// By place of the clause type: what learned words weigh, in hundredths, before division.
    pub(super) words_weigh: Vec<i32>,
    /// Words of the text.
    pub(super) length: usize,
    /// The learned words of the text.
    pub(super) heard: Vec<Heard<'a>>,
}

impl Evidence<'_> {
    pub(super) fn points_of(&self, place: usize) -> u32 {
        self.types.get(&place).map_or(0, Found::points)
    }

    /// Points by place of the clause type.
    pub(super) fn points(&self) -> Vec<u32> {
        let mut points = vec![0; self.words_weigh.len()];
        for (place, found) in &self.types {
            if let Some(slot) = points.get_mut(*place) {
                *slot = found.points();
            }
        }
        points
    }
}

/// Where a sentence stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// A heading of the clause: its own, or one above.
    Heading {
        own: bool,
    },
}

impl Place {
    fn worth(self, kind: Kind) -> u32 {
        match (kind, self) {
            (Kind::Cue, Self::Heading { own: true }) => 3,
            (Kind::Cue, Self::Text) => 2,
            (Kind::Hint, Self::Text | Self::Heading { own: true })
            | (Kind::Cue, Self::Heading { own: false }) => 1,
            _ => 0,
        }
    }
}

impl Rules {
    /// Reads a clause.
    pub(super) fn gather(&self, text: &str, title: Option<&str>, types: usize) -> Evidence<'_> {
        let mut evidence = Evidence { words_weigh: vec![0; types], ..Evidence::default() };
        let ranges = split_sentences(text);
        let pieces: Vec<&str> = ranges.into_iter().filter_map(|range| text.get(range)).collect();
        let sentences = self.vocabulary.read(pieces.iter().copied());
        evidence.length = sentences.iter().map(Vec::len).sum();
        evidence.heard = self.learned.hear(&sentences);
        weigh(&evidence.heard, &mut evidence.words_weigh);
        for (piece, words) in pieces.iter().zip(&sentences) {
            // A definition provides nothing: only what it names counts.
            self.take(&mut evidence, words, Place::Text, is_definition(piece));
        }
        if let Some(title) = title {
            let headings: Vec<&str> = title.split(" › ").collect();
            let last = headings.len().saturating_sub(1);
            for (at, words) in self.vocabulary.read(headings.into_iter()).iter().enumerate() {
                self.take(&mut evidence, words, Place::Heading { own: at == last }, false);
            }
        }
        evidence
    }

    fn take(&self, evidence: &mut Evidence<'_>, words: &[Word], place: Place, names_only: bool) {
        let hits = self.set.find(words);
        for hit in &hits {
            let Some(pattern) = self.set.get(hit.pattern) else { continue };
            match pattern.kind {
                Kind::NearMiss => {}
                Kind::Regulation => note(&mut evidence.regulations, pattern.owner, hit.pattern),
                Kind::Modifier if place == Place::Text => {
                    note(&mut evidence.modifiers, pattern.owner, hit.pattern);
                }
                Kind::Modifier => {}
                Kind::Cue | Kind::Hint => {
                    let worth = place.worth(pattern.kind);
                    let by_person = self.of_platform.get(pattern.owner) == Some(&true)
                        && is_forbidden_to_person(words, &hit.range);
                    let idle = names_only || worth == 0 || by_person;
                    if idle || self.is_missed(&hits, hit, pattern) {
                        continue;
                    }
                    let found = evidence.types.entry(pattern.owner).or_default();
                    let best = found.patterns.entry(hit.pattern).or_insert(0);
                    *best = worth.max(*best);
                    if is_denied(words, &hit.range) {
                        found.denied += worth;
                    } else if place == Place::Text {
                        found.affirmed += worth;
                    }
                }
            }
        }
    }

    /// Whether a near-miss of the same type overlaps a hit, or a hint lies inside one of its cues,
    /// which says the same already.
    fn is_missed(&self, hits: &[Hit], hit: &Hit, pattern: &Pattern<Kind>) -> bool {
        hits.iter().any(|other| {
            let (one, two) = (&hit.range, &other.range);
            other.pattern != hit.pattern
                && two.start < one.end
                && one.start < two.end
                && self.set.get(other.pattern).is_some_and(|other| {
                    other.owner == pattern.owner
                        && match other.kind {
                            Kind::NearMiss => true,
                            Kind::Cue => {
                                pattern.kind == Kind::Hint && two.start <= one.start && one.end <= two.end
                            }
                            _ => false,
                        }
                })
        })
    }
}

fn note(list: &mut Vec<(usize, usize)>, owner: usize, pattern: usize) {
    if !list.iter().any(|(known, _)| *known == owner) {
        list.push((owner, pattern));
    }
}

/// How far into a sentence its verb is looked for, in bytes.
const DEFINED_WITHIN: usize = 90;

/// Whether a sentence defines a term: it begins with one in quotes, after a number perhaps, and says
/// what it means.
fn is_definition(sentence: &str) -> bool {
    let sentence = sentence.trim_start_matches(|sign: char| {
        sign.is_whitespace() || sign.is_ascii_digit() || matches!(sign, '.' | '(' | ')' | '-' | '•' | '↑')
    });
    let end = (0..=DEFINED_WITHIN.min(sentence.len())).rev().find(|&at| sentence.is_char_boundary(at));
    let begin = sentence.get(..end.unwrap_or(0)).unwrap_or("");
    let quoted = sentence.starts_with(['“', '"', '„', '«', '”', '‘']);
    let verbs = [" means ", " mean ", " refers to ", " refer to ", " has the meaning", " have the meaning"];
    quoted && (begin.contains(" means:") || verbs.iter().any(|verb| begin.contains(verb)))
        || begin.contains(", means ")
}
