//! What one text says that another does not: choices, purposes, kinds of data, recipients and limits,
//! each said or denied. What there is to say is in `index-schema/aspects-v1.toml`.

mod sentence;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use self::sentence::Sentence;
use crate::phrase::{Hit, PatternSet, Role, Vocabulary, find_role, is_forbidden_to_person};
use crate::taxonomy::Aspects;
use crate::text::language::primary_language;
use crate::text::sentence::split_sentences;
use crate::text::term::Token;

/// The language that the phrases of the aspects are in.
const LANGUAGE: &str = "en";

/// The longest quote, in bytes: a phrase of a few words whose words are no words is not quoted.
const LONGEST_QUOTE: usize = 500;

/// How far before a phrase a denial still reaches it, in words.
const REACH: usize = 12;

/// What a text says of an aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Statement {
    /// The aspect's id.
    pub id: String,
    /// Its group: `choice`, `purpose`, `data`, `recipient` or `limit`.
    pub group: String,
    /// How the aspect is shown.
    pub label: String,
    /// Whether the text only denies it: "we do not sell your data".
    pub denied: bool,
    /// The words that say it, as the text spells them; of a denial from the denying word on.
    pub quote: String,
}

impl Statement {
    /// How it is named to a person: its label, and whether it is denied.
    #[must_use]
    pub fn name(&self) -> String {
        let mark = if self.denied { " (denied)" } else { "" };
        format!("{}{mark}", self.label)
    }
}

/// What two texts say, each in the order of the aspects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contrast {
    /// Said by the first only.
    pub source_only: Vec<Statement>,
    /// Said by the second only.
    pub clause_only: Vec<Statement>,
    /// Said by both, in the words of the second.
    pub both: Vec<Statement>,
}

/// What a phrase does for its aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cue {
        /// Whether a denial around it denies its aspect: not of "no longer than", which writes the denying
        /// word itself, nor of what only qualifies.
        deniable: bool,
    },
    Denial,
}

#[derive(Debug)]
struct Entry {
    id: String,
    group: String,
    label: String,
    /// Whether only the platform can do it.
    of_platform: bool,
}

/// The aspects, ready to be found.
#[derive(Debug)]
pub struct Contraster {
    entries: Vec<Entry>,
    vocabulary: Vocabulary,
    set: PatternSet<Kind>,
}

/// Where a text speaks of an aspect.
struct Mention {
    denied: bool,
    /// Bytes of the text.
    range: Range<usize>,
}

impl Contraster {
    /// Makes aspects ready.
    #[must_use]
    pub fn new(aspects: &Aspects) -> Self {
        let mut vocabulary = Vocabulary::new(LANGUAGE);
        let mut set = PatternSet::new();
        let is_negator = |word: &str| find_role(word) == Role::Negator;
        for (owner, aspect) in aspects.aspect.iter().enumerate() {
            for cue in &aspect.cues {
                let deniable = !aspect.qualifier && !cue.split([' ', '|']).any(is_negator);
                set.add(Kind::Cue { deniable }, owner, cue, &mut vocabulary);
            }
            for denial in &aspect.denials {
                set.add(Kind::Denial, owner, denial, &mut vocabulary);
            }
        }
        let of_platform: HashSet<&str> = aspects
            .group
            .iter()
            .filter(|group| group.actor == "company")
            .map(|group| group.id.as_str())
            .collect();
        let entries = aspects
            .aspect
            .iter()
            .map(|aspect| Entry {
                id: aspect.id.clone(),
                group: aspect.group.clone(),
                label: aspect.label.clone(),
                of_platform: of_platform.contains(aspect.group.as_str()),
            })
            .collect();
        Self { entries, vocabulary, set }
    }

    /// What a text says, in the order of the aspects, each at most once; `tokens` are its words, with
    /// masks. `None` in a language that the aspects have no phrases in.
    #[must_use]
    pub fn read(&self, text: &str, language: &str, tokens: &[Token]) -> Option<Vec<Statement>> {
        if primary_language(language) != LANGUAGE {
            return None;
        }
        let mut found: BTreeMap<usize, Mention> = BTreeMap::new();
        for range in split_sentences(text) {
            let first = tokens.partition_point(|token| token.range.start < range.start);
            let end = tokens.partition_point(|token| token.range.start < range.end);
            let words = tokens.get(first..end).unwrap_or(&[]);
            self.read_sentence(&Sentence::read(text, words, &self.vocabulary), &mut found);
        }
        let statements = found.into_iter().filter_map(|(owner, mention)| {
            let entry = self.entries.get(owner)?;
            Some(Statement {
                id: entry.id.clone(),
                group: entry.group.clone(),
                label: entry.label.clone(),
                denied: mention.denied,
                quote: text.get(mention.range)?.to_owned(),
            })
        });
        Some(statements.collect())
    }

    fn read_sentence(&self, sentence: &Sentence<'_>, found: &mut BTreeMap<usize, Mention>) {
        let mut hits = self.set.find(&sentence.words);
        // Of phrases that begin at one word, the longest is quoted.
        hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end), hit.pattern));
        for hit in &hits {
            let Some(pattern) = self.set.get(hit.pattern) else { continue };
            let Some(entry) = self.entries.get(pattern.owner) else { continue };
            let idle = match pattern.kind {
                Kind::Cue { .. } => self.is_inside_denial(&hits, hit, pattern.owner),
                Kind::Denial => false,
            };
            if idle || entry.of_platform && is_forbidden_to_person(&sentence.words, &hit.range) {
                continue;
            }
            let Some(mention) = judge(sentence, hit, pattern.kind, entry.of_platform) else { continue };
            match found.get_mut(&pattern.owner) {
                // What is said at all is not only denied.
                Some(known) if known.denied && !mention.denied => *known = mention,
                Some(_) => {}
                None => {
                    found.insert(pattern.owner, mention);
                }
            }
        }
    }

    /// Whether a phrase that denies the same aspect overlaps a cue.
    fn is_inside_denial(&self, hits: &[Hit], hit: &Hit, owner: usize) -> bool {
        hits.iter().any(|other| {
            other.range.start < hit.range.end
                && hit.range.start < other.range.end
                && self
                    .set
                    .get(other.pattern)
                    .is_some_and(|pattern| pattern.owner == owner && pattern.kind == Kind::Denial)
        })
    }
}

/// Whether a match says or denies its aspect, and in which words. `None` where they are too long.
fn judge(sentence: &Sentence<'_>, hit: &Hit, kind: Kind, of_platform: bool) -> Option<Mention> {
    let before =
        sentence.find_denial_before(hit.range.start, if kind == Kind::Denial { usize::MAX } else { REACH });
    let (denied, words) = match kind {
        Kind::Cue { deniable: false } => (false, hit.range.clone()),
        // Not without consent is with consent.
        Kind::Denial => (before.is_none(), hit.range.clone()),
        Kind::Cue { deniable: true } => {
            let after = || sentence.find_denial_after(&hit.range).filter(|_| of_platform);
            match (before, sentence.has_denial_in(&hit.range)) {
                (Some(at), _) => (true, at..hit.range.end),
                (None, true) => (true, hit.range.clone()),
                (None, false) => match after() {
                    // One word more, so that it is told what is not done.
                    Some(at) => (true, hit.range.start..at + 2),
                    None => (false, hit.range.clone()),
                },
            }
        }
    };
    let quote = sentence.span(&words)?;
    let shorter = || sentence.span(&hit.range).filter(|range| range.len() <= LONGEST_QUOTE);
    let range = if quote.len() <= LONGEST_QUOTE { quote } else { shorter()? };
    Some(Mention { denied, range })
}

/// Compares what two texts say. An aspect that one says and the other denies stands on both sides.
#[must_use]
pub fn compare_statements(source: &[Statement], clause: &[Statement]) -> Contrast {
    let says = |statements: &[Statement], wanted: &Statement| {
        statements.iter().any(|one| one.id == wanted.id && one.denied == wanted.denied)
    };
    let (both, clause_only) = clause.iter().cloned().partition(|statement| says(source, statement));
    let source_only = source.iter().filter(|statement| !says(clause, statement)).cloned().collect();
    Contrast { source_only, clause_only, both }
}

#[cfg(test)]
mod test;
