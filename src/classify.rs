//! Clause type, severity and regulations of a clause, inferred from the taxonomy's cues.
//!
//! Rules first: a cue is a sequence of words, each stemmed like the text; nothing matches across a
//! sentence's end. Only types that a cue or two hints speak for are considered. Which of them
//! is the main one, and how sure that is, is weighed with words whose weights were learned from
//! judged quotes ([`learned`]). A type below the taxonomy's least confidence is not given.

mod evidence;
mod learned;
mod severity;

use std::collections::HashMap;

use crate::clause::{Given, Inferred, InferredType, Labels};
use crate::phrase::{PatternSet, Vocabulary};
use crate::taxonomy::{ClauseType, Inference, Taxonomy};
use crate::text::language::primary_language;

use self::evidence::{Evidence, Kind, Rules};
use self::learned::{Learned, name_heaviest};
use self::severity::Rating;

/// The least points of a type that is considered: a hint. Whether that is enough, learned words say.
pub const LEAST_POINTS: u32 = 1;

/// How many other types a clause gets beside the main one, at most.
const OTHER_TYPES: usize = 3;

/// How many learned words a reason names.
const WORDS_NAMED: usize = 5;

/// A type that a clause was found to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMatch {
    /// The clause type.
    pub id: String,
    /// What its cues and hints are worth.
    pub points: u32,
    /// Points and learned words together, in hundredths.
    pub strength: i32,
    /// Of the first: how often a main type of such strength was right, in percent. Else 0.
    pub confidence: u8,
    /// Whether the clause denies what the type is about: "we do not sell your data".
    pub denied: bool,
    /// The cues and hints that matched.
    pub cues: Vec<String>,
    /// The learned words of the text that weigh the most for it, stems.
    pub words: Vec<String>,
}

/// What the rules found in a clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classification {
    /// Types of enough points, the strongest first, ties in the taxonomy's order.
    pub types: Vec<TypeMatch>,
    /// Regulations named in the text, each with the phrase that names it.
    pub regulations: Vec<(String, String)>,
    /// Modifiers of severity by their place in the taxonomy, each with the phrase that matched.
    pub modifiers: Vec<(usize, String)>,
}

/// What a type is learned from: a text's distinct terms, its length in words, and what its cues are
/// worth by place of the clause type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// Stems, and neighbouring stems joined by `_`, sorted.
    pub terms: Vec<String>,
    /// Words.
    pub length: usize,
    /// Points by place of the clause type in the taxonomy.
    pub points: Vec<u32>,
}

/// The rules of a taxonomy, ready to be applied.
#[derive(Debug)]
pub struct Classifier {
    by: String,
    inference: Inference,
    type_ids: Vec<String>,
    regulation_ids: Vec<String>,
    rating: Rating,
    rules: HashMap<&'static str, Rules>,
}

/// A language with the cues that a clause type has for it.
type CuesOfLanguage = (&'static str, fn(&ClauseType) -> &[String]);

const LANGUAGES: [CuesOfLanguage; 5] = [
    ("en", |entry| &entry.cues),
    ("fr", |entry| &entry.cues_fr),
    ("de", |entry| &entry.cues_de),
    ("es", |entry| &entry.cues_es),
    ("nl", |entry| &entry.cues_nl),
];

impl Classifier {
    /// Makes the rules of a taxonomy ready, with the learned words that the binary carries.
    #[must_use]
    pub fn new(taxonomy: &Taxonomy) -> Self {
        Self::with_words(taxonomy, learned::BUNDLED)
    }

    /// Makes the rules of a taxonomy ready, with a table of learned words; an empty one is none.
    #[must_use]
    pub fn with_words(taxonomy: &Taxonomy, words: &str) -> Self {
        let file = taxonomy.file();
        let type_ids: Vec<String> = file.clause_type.iter().map(|entry| entry.id.clone()).collect();
        let mut rules = HashMap::new();
        for (language, cues) in LANGUAGES {
            let mut vocabulary = Vocabulary::new(language);
            let mut set = PatternSet::new();
            for (owner, entry) in file.clause_type.iter().enumerate() {
                for cue in cues(entry) {
                    set.add(Kind::Cue, owner, cue, &mut vocabulary);
                }
                if language == "en" {
                    for hint in &entry.hints {
                        set.add(Kind::Hint, owner, hint, &mut vocabulary);
                    }
                    for miss in &entry.near_misses {
                        set.add(Kind::NearMiss, owner, miss, &mut vocabulary);
                    }
                }
            }
            for (owner, regulation) in file.regulation.iter().enumerate() {
                for phrase in &regulation.named_by {
                    set.add(Kind::Regulation, owner, phrase, &mut vocabulary);
                }
            }
            for (owner, modifier) in file.modifier.iter().enumerate() {
                for phrase in modifier.phrases_in(language) {
                    set.add(Kind::Modifier, owner, phrase, &mut vocabulary);
                }
            }
            let learned = if language == "en" {
                Learned::read(words, &type_ids, &mut vocabulary)
            } else {
                Learned::default()
            };
            let of_platform = file.clause_type.iter().map(|entry| entry.actor == "company").collect();
            rules.insert(language, Rules { vocabulary, set, learned, of_platform });
        }
        Self {
            by: format!("taxonomy {}", taxonomy.version()),
            inference: file.inference.clone(),
            rating: Rating::new(taxonomy),
            regulation_ids: file.regulation.iter().map(|entry| entry.id.clone()).collect(),
            type_ids,
            rules,
        }
    }

    /// The same rules, with a main type's share of the odds in place of its confidence, and none too
    /// unsure to be given: for measuring what confidence is.
    #[must_use]
    pub fn uncalibrated(mut self) -> Self {
        self.inference.calibration.clear();
        self.inference.least_confidence = 0;
        self
    }

    /// The main type that would be inferred, with its confidence.
    #[must_use]
    pub fn main_type<'a>(&self, found: &'a Classification) -> Option<&'a TypeMatch> {
        found.types.first().filter(|main| main.confidence >= self.inference.least_confidence)
    }

    /// Finds types and regulations. In a language without cues, nothing.
    #[must_use]
    pub fn classify(&self, text: &str, title: Option<&str>, language: &str) -> Classification {
        let Some(rules) = self.rules.get(primary_language(language).as_str()) else {
            return Classification::default();
        };
        let evidence = rules.gather(text, title, self.type_ids.len());
        self.weigh(rules, &evidence)
    }

    /// Measures an English text for learning.
    #[must_use]
    pub fn measure(&self, text: &str) -> Measured {
        let Some(rules) = self.rules.get("en") else {
            return Measured::default();
        };
        let evidence = rules.gather(text, None, self.type_ids.len());
        Measured {
            terms: learned::list_terms(text, "en"),
            length: evidence.length,
            points: evidence.points(),
        }
    }

    fn weigh(&self, rules: &Rules, evidence: &Evidence<'_>) -> Classification {
        let source = |place: &usize| rules.set.get(*place).map(|pattern| pattern.source.clone());
        let strengths = self.inference.weigh(&evidence.points(), &evidence.words_weigh, evidence.length);
        let mut order: Vec<usize> =
            (0..self.type_ids.len()).filter(|&place| evidence.points_of(place) >= LEAST_POINTS).collect();
        let strength_of = |place: usize| strengths.get(place).copied().unwrap_or(0);
        order.sort_by_key(|&place| (std::cmp::Reverse(strength_of(place)), place));
        let first = order.first().map_or(0, |&place| strength_of(place));
        let confidence = self.inference.confidence(first, order.iter().map(|&place| strength_of(place)));
        let types = order
            .iter()
            .enumerate()
            .filter_map(|(rank, &place)| {
                let found = evidence.types.get(&place)?;
                Some(TypeMatch {
                    id: self.type_ids.get(place)?.clone(),
                    points: found.points(),
                    strength: strength_of(place),
                    confidence: if rank == 0 { confidence } else { 0 },
                    denied: found.is_denied(),
                    cues: found.patterns.keys().filter_map(source).collect(),
                    words: if rank <= OTHER_TYPES {
                        name_heaviest(&evidence.heard, place, &rules.vocabulary, WORDS_NAMED)
                    } else {
                        Vec::new()
                    },
                })
            })
            .collect();
        let regulations = evidence
            .regulations
            .iter()
            .filter_map(|(owner, place)| Some((self.regulation_ids.get(*owner)?.clone(), source(place)?)))
            .collect();
        let modifiers =
            evidence.modifiers.iter().filter_map(|(owner, place)| Some((*owner, source(place)?))).collect();
        Classification { types, regulations, modifiers }
    }

    /// Infers what neither the record nor an analyst says of a clause.
    #[must_use]
    pub fn infer(&self, text: &str, given: &Given, said: &Labels, language: &str) -> Inferred {
        let found = self.classify(text, given.title.as_deref(), language);
        let mut inferred = Inferred { by: self.by.clone(), ..Inferred::default() };
        let labels = &mut inferred.labels;
        let mut main = said.clause_type.clone().or_else(|| given.labels.clause_type.clone());
        if main.is_none() {
            for (place, matching) in self.select(&found).enumerate() {
                if place == 0 {
                    labels.clause_type = Some(matching.id.clone());
                } else {
                    labels.other_clause_types.get_or_insert_default().push(matching.id.clone());
                }
                inferred.matched.extend(matching.cues.iter().map(|cue| format!("{}: {cue}", matching.id)));
                if !matching.words.is_empty() {
                    let words = matching.words.join(", ");
                    inferred.matched.push(format!("{}: learned words {words}", matching.id));
                }
                inferred.types.push(InferredType {
                    clause_type: matching.id.clone(),
                    points: matching.points,
                    confidence: (place == 0).then_some(matching.confidence),
                    denied: matching.denied,
                });
            }
            main.clone_from(&labels.clause_type);
            if main.is_none() {
                inferred.unsure = found.types.first().map(|matching| matching.id.clone());
            }
        }
        if said.severity.is_none()
            && given.labels.severity.is_none()
            && let Some(main) = main
        {
            let denied = found.types.iter().any(|matching| matching.id == main && matching.denied);
            if let Some((severity, reasons)) = self.rating.rate(&main, denied, &found.modifiers) {
                labels.severity = Some(severity);
                inferred.matched.extend(reasons);
            }
        }
        if !found.regulations.is_empty() && said.regulations.is_none() && given.labels.regulations.is_none() {
            labels.regulations = Some(found.regulations.iter().map(|(id, _)| id.clone()).collect());
            inferred.matched.extend(found.regulations.iter().map(|(id, phrase)| format!("{id}: {phrase}")));
        }
        inferred
    }

    /// The types that a clause is given: the strongest if it is sure enough, and those that are
    /// nearly as strong.
    fn select<'a>(&self, found: &'a Classification) -> impl Iterator<Item = &'a TypeMatch> {
        let main = self.main_type(found);
        let least = main.map_or(i32::MAX, |main| main.strength / 2);
        let types = if main.is_some() { found.types.as_slice() } else { &[] };
        types
            .iter()
            .enumerate()
            .filter(move |(place, matching)| {
                *place == 0 || (matching.points > 1 && matching.strength >= least)
            })
            .map(|(_, matching)| matching)
            .take(OTHER_TYPES + 1)
    }
}

#[cfg(test)]
mod tests;
