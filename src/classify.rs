//! Clause type, severity and regulations of a clause, inferred from the taxonomy's cues.
//!
//! Transparent rules: a cue is a sequence of words, each stemmed like the text; `a|b` is either
//! word, `*` is up to four words of any kind; nothing matches across a sentence's end. A cue is
//! worth 2 points in the text and 3 in the title, a hint 1 and 2; a match that overlaps a
//! near-miss counts nothing. A type needs [`LEAST_POINTS`].

use std::collections::HashMap;
use std::ops::Range;

use crate::clause::{Given, Inferred, Labels, Severity};
use crate::taxonomy::{ClauseType, Taxonomy};
use crate::text::language::primary_language;
use crate::text::mask::Mask;
use crate::text::sentence::split_sentences;
use crate::text::term::analyze;

/// The least points of a type: one cue, or two hints.
pub const LEAST_POINTS: u32 = 2;

/// How many other types a clause gets beside the main one, at most.
const OTHER_TYPES: usize = 3;

/// How many words of any kind a `*` stands for, at most.
const GAP: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cue,
    Hint,
    NearMiss,
    Regulation,
}

#[derive(Debug)]
enum Part {
    Word(Vec<String>),
    Gap,
}

#[derive(Debug)]
struct Pattern {
    kind: Kind,
    /// Place of the clause type or regulation in the taxonomy.
    owner: usize,
    source: String,
    parts: Vec<Part>,
}

/// The patterns of one language, found by the stems that they begin with.
#[derive(Debug, Default)]
struct PatternSet {
    patterns: Vec<Pattern>,
    by_first: HashMap<String, Vec<usize>>,
}

impl PatternSet {
    fn add(&mut self, kind: Kind, owner: usize, source: &str, language: &str) {
        let mut parts: Vec<Part> = source
            .split_whitespace()
            .flat_map(|word| {
                if word == "*" {
                    return vec![Part::Gap];
                }
                // A word that the analysis cuts in two ("opt-out") stands for both in a row.
                let choices: Vec<Vec<String>> = word
                    .split('|')
                    .map(|choice| {
                        analyze(choice, language, &Mask::default())
                            .into_iter()
                            .filter_map(|token| token.term)
                            .collect()
                    })
                    .collect();
                match choices.as_slice() {
                    [only] => only.iter().map(|stem| Part::Word(vec![stem.clone()])).collect(),
                    several => {
                        vec![Part::Word(several.iter().filter_map(|stems| stems.first().cloned()).collect())]
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
        for stem in first {
            self.by_first.entry(stem.clone()).or_default().push(self.patterns.len());
        }
        self.patterns.push(Pattern { kind, owner, source: source.to_owned(), parts });
    }

    /// Every match in a sentence: the pattern, and the words that it covers.
    fn find(&self, stems: &[String]) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        for (start, stem) in stems.iter().enumerate() {
            for &place in self.by_first.get(stem).into_iter().flatten() {
                let end =
                    self.patterns.get(place).and_then(|pattern| match_parts(&pattern.parts, stems, start));
                if let Some(end) = end {
                    found.push((place, start..end));
                }
            }
        }
        found
    }
}

fn match_parts(parts: &[Part], stems: &[String], at: usize) -> Option<usize> {
    match parts.split_first() {
        None => Some(at),
        Some((Part::Word(choices), rest)) => {
            let stem = stems.get(at)?;
            choices.contains(stem).then(|| match_parts(rest, stems, at + 1)).flatten()
        }
        Some((Part::Gap, rest)) => (0..=GAP).find_map(|gap| match_parts(rest, stems, at + gap)),
    }
}

/// A type that a clause was found to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMatch {
    /// The clause type.
    pub id: String,
    /// Its points.
    pub points: u32,
    /// The cues and hints that matched.
    pub cues: Vec<String>,
}

/// What the rules found in a clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classification {
    /// Types of enough points, most points first, ties in the taxonomy's order.
    pub types: Vec<TypeMatch>,
    /// Regulations named in the text, each with the phrase that names it.
    pub regulations: Vec<(String, String)>,
}

/// The rules of a taxonomy, ready to be applied.
#[derive(Debug)]
pub struct Classifier {
    by: String,
    type_ids: Vec<String>,
    severities: HashMap<String, Severity>,
    regulation_ids: Vec<String>,
    sets: HashMap<&'static str, PatternSet>,
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
    /// Makes the rules of a taxonomy ready.
    #[must_use]
    pub fn new(taxonomy: &Taxonomy) -> Self {
        let file = taxonomy.file();
        let mut sets = HashMap::new();
        for (language, cues) in LANGUAGES {
            let mut set = PatternSet::default();
            for (owner, entry) in file.clause_type.iter().enumerate() {
                for cue in cues(entry) {
                    set.add(Kind::Cue, owner, cue, language);
                }
                if language == "en" {
                    for hint in &entry.hints {
                        set.add(Kind::Hint, owner, hint, language);
                    }
                    for miss in &entry.near_misses {
                        set.add(Kind::NearMiss, owner, miss, language);
                    }
                }
            }
            for (owner, regulation) in file.regulation.iter().enumerate() {
                for phrase in &regulation.named_by {
                    set.add(Kind::Regulation, owner, phrase, language);
                }
            }
            sets.insert(language, set);
        }
        Self {
            by: format!("taxonomy {}", taxonomy.version()),
            type_ids: file.clause_type.iter().map(|entry| entry.id.clone()).collect(),
            severities: file
                .clause_type
                .iter()
                .filter_map(|entry| Some((entry.id.clone(), Severity::parse(&entry.severity)?)))
                .collect(),
            regulation_ids: file.regulation.iter().map(|entry| entry.id.clone()).collect(),
            sets,
        }
    }

    /// Finds types and regulations. In a language without cues, nothing.
    #[must_use]
    pub fn classify(&self, text: &str, title: Option<&str>, language: &str) -> Classification {
        let language = primary_language(language);
        let Some(set) = self.sets.get(language.as_str()) else {
            return Classification::default();
        };
        let stem = |text: &str| -> Vec<String> {
            analyze(text, &language, &Mask::default()).into_iter().filter_map(|token| token.term).collect()
        };
        // Per type: the distinct patterns that matched, each with the most that it was worth.
        let mut scored: HashMap<usize, HashMap<usize, u32>> = HashMap::new();
        let mut regulations: Vec<(String, String)> = Vec::new();
        let mut read = |stems: &[String], in_title: bool| {
            let found = set.find(stems);
            for (place, range) in &found {
                let Some(pattern) = set.patterns.get(*place) else { continue };
                let worth = match (pattern.kind, in_title) {
                    (Kind::NearMiss, _) => continue,
                    (Kind::Regulation, _) => {
                        if let Some(id) = self.regulation_ids.get(pattern.owner)
                            && !regulations.iter().any(|(known, _)| known == id)
                        {
                            regulations.push((id.clone(), pattern.source.clone()));
                        }
                        continue;
                    }
                    (Kind::Cue, true) => 3,
                    (Kind::Cue, false) | (Kind::Hint, true) => 2,
                    (Kind::Hint, false) => 1,
                };
                let missed = found.iter().any(|(other, other_range)| {
                    set.patterns
                        .get(*other)
                        .is_some_and(|other| other.kind == Kind::NearMiss && other.owner == pattern.owner)
                        && other_range.start < range.end
                        && range.start < other_range.end
                });
                if !missed {
                    let best = scored.entry(pattern.owner).or_default().entry(*place).or_insert(0);
                    *best = worth.max(*best);
                }
            }
        };
        for range in split_sentences(text) {
            read(&stem(text.get(range).unwrap_or("")), false);
        }
        if let Some(title) = title {
            read(&stem(title), true);
        }
        let mut owners: Vec<(u32, usize, HashMap<usize, u32>)> = scored
            .into_iter()
            .map(|(owner, patterns)| (patterns.values().sum(), owner, patterns))
            .filter(|(points, _, _)| *points >= LEAST_POINTS)
            .collect();
        owners.sort_by_key(|(points, owner, _)| (std::cmp::Reverse(*points), *owner));
        let types = owners
            .into_iter()
            .filter_map(|(points, owner, patterns)| {
                let mut places: Vec<usize> = patterns.into_keys().collect();
                places.sort_unstable();
                let cues = places.into_iter().filter_map(|place| set.patterns.get(place));
                Some(TypeMatch {
                    id: self.type_ids.get(owner)?.clone(),
                    points,
                    cues: cues.map(|pattern| pattern.source.clone()).collect(),
                })
            })
            .collect();
        Classification { types, regulations }
    }

    /// Infers what neither the record nor an analyst says of a clause.
    #[must_use]
    pub fn infer(&self, text: &str, given: &Given, said: &Labels, language: &str) -> Inferred {
        let found = self.classify(text, given.title.as_deref(), language);
        let mut labels = Labels::default();
        let mut matched = Vec::new();
        let mut main = said.clause_type.clone().or_else(|| given.labels.clause_type.clone());
        if main.is_none() {
            for (place, matching) in found.types.iter().take(OTHER_TYPES + 1).enumerate() {
                if place == 0 {
                    labels.clause_type = Some(matching.id.clone());
                } else {
                    labels.other_clause_types.get_or_insert_default().push(matching.id.clone());
                }
                matched.extend(matching.cues.iter().map(|cue| format!("{}: {cue}", matching.id)));
            }
            main.clone_from(&labels.clause_type);
        }
        if said.severity.is_none()
            && given.labels.severity.is_none()
            && let Some(main) = main
            && let Some(severity) = self.severities.get(&main)
        {
            labels.severity = Some(*severity);
            matched.push(format!("severity {}: default of {main}", severity.as_str()));
        }
        if !found.regulations.is_empty() && said.regulations.is_none() && given.labels.regulations.is_none() {
            labels.regulations = Some(found.regulations.iter().map(|(id, _)| id.clone()).collect());
            matched.extend(found.regulations.iter().map(|(id, phrase)| format!("{id}: {phrase}")));
        }
        Inferred { labels, language: None, by: self.by.clone(), matched }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, title: Option<&str>, expected: Option<&str>) {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let found = Classifier::new(&taxonomy).classify(text, title, "en");
        let main = found.types.first().map(|matching| matching.id.as_str());
        assert_eq!(main, expected, "{text}: {:?}", found.types);
    }

    #[test]
    fn cues_betray_types() {
        check(
            "Any dispute will be settled by binding arbitration instead of in court.",
            None,
            Some("binding-arbitration"),
        );
        check("We may use your content to train our machine learning models.", None, Some("ai-training"));
        check("Add two spoons of vinegar to the rice.", None, None);
    }

    #[test]
    fn what_is_given_is_not_inferred() {
        let taxonomy = Taxonomy::bundled().expect("sound");
        let classifier = Classifier::new(&taxonomy);
        let mut given = Given::default();
        given.labels.clause_type = Some("governing-law".to_owned());
        let text = "Any dispute will be settled by binding arbitration under the GDPR.";
        let inferred = classifier.infer(text, &given, &Labels::default(), "en");
        assert_eq!(inferred.labels.clause_type, None);
        assert!(inferred.labels.severity.is_some());
        assert_eq!(inferred.labels.regulations.as_deref(), Some(&["gdpr".to_owned()][..]));
        assert!(inferred.matched.iter().any(|reason| reason.contains("governing-law")));
    }
}
