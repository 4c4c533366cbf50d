//! Words as the rules see them: numbers for the stems that a rule knows, and what a word does to
//! the sentence around it. Words met before are remembered, as most words of a clause are.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::boundary::list_words;
use crate::text::fold::fold_word;
use crate::text::language::stem_word;

/// How many spellings are remembered for a language, at most.
const REMEMBERED: usize = 50_000;

/// A word that no rule knows.
pub(crate) const UNKNOWN: u32 = 0;

/// What a word does to its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Role {
    /// Nothing of note.
    #[default]
    Plain,
    /// It denies what follows: `not`, `never`, `kein`.
    Negator,
    /// It ends the reach of a denial: `but`, `unless`, `except`.
    Turn,
    /// It speaks of the platform: `we`.
    Company,
    /// It speaks of the person: `you`, `users`.
    Person,
}

/// A word of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Word {
    /// The number of its stem, or [`UNKNOWN`].
    pub(crate) stem: u32,
    /// What it does to its sentence.
    pub(crate) role: Role,
}

const NEGATORS: &[&str] = &[
    "not",
    "never",
    "cannot",
    "no",
    "neither",
    "nor",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "keinerlei",
    "nie",
    "niemals",
    "pas",
    "aucun",
    "aucune",
    "jamais",
    "nunca",
    "tampoco",
    "niet",
    "geen",
    "nooit",
];

const TURNS: &[&str] = &[
    "but", "unless", "except", "however", "although", "though", "while", "instead", "rather", "sondern",
    "aber", "sauf", "mais", "salvo", "excepto", "pero", "tenzij", "maar", "behalve",
];

const COMPANY: &[&str] = &["we", "wir", "nous", "nosotros", "wij"];

const PERSON: &[&str] =
    &["you", "user", "users", "member", "members", "customer", "customers", "sie", "vous", "usted", "u"];

/// What a folded word does to its sentence by itself.
pub(crate) fn find_role(folded: &str) -> Role {
    if NEGATORS.contains(&folded) || folded.ends_with("n't") {
        Role::Negator
    } else if TURNS.contains(&folded) {
        Role::Turn
    } else if COMPANY.contains(&folded) {
        Role::Company
    } else if PERSON.contains(&folded) {
        Role::Person
    } else {
        Role::Plain
    }
}

/// The stems that the rules of one language know.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    language: &'static str,
    numbers: FxHashMap<String, u32>,
    /// Stems by their number less one.
    stems: Vec<String>,
    met: RwLock<FxHashMap<Box<str>, Word>>,
}

impl Vocabulary {
    /// Knows no stem yet.
    pub(crate) fn new(language: &'static str) -> Self {
        Self { language, numbers: FxHashMap::default(), stems: Vec::new(), met: RwLock::default() }
    }

    /// The number of a stem, which is known from now on.
    pub(crate) fn learn(&mut self, stem: &str) -> u32 {
        if let Some(&number) = self.numbers.get(stem) {
            return number;
        }
        let number = u32::try_from(self.numbers.len() + 1).unwrap_or(UNKNOWN);
        self.numbers.insert(stem.to_owned(), number);
        self.stems.push(stem.to_owned());
        number
    }

    /// The stem of a number.
    pub(crate) fn stem(&self, number: u32) -> &str {
        let place = number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| self.stems.get(place)).map_or("", String::as_str)
    }

    /// The number of a stem, or [`UNKNOWN`].
    pub(crate) fn number(&self, stem: &str) -> u32 {
        self.numbers.get(stem).copied().unwrap_or(UNKNOWN)
    }

    /// The stems of a phrase of the taxonomy, known from now on.
    pub(crate) fn learn_phrase(&mut self, phrase: &str) -> Vec<u32> {
        let stems: Vec<String> =
            phrase.unicode_words().map(|word| stem_word(&fold_word(word), self.language)).collect();
        stems.iter().map(|stem| self.learn(stem)).collect()
    }

    /// The words of each piece of a text.
    pub(crate) fn read<'a>(&self, pieces: impl Iterator<Item = &'a str>) -> Vec<Vec<Word>> {
        let mut news = Vec::new();
        let met = self.met.read().unwrap_or_else(PoisonError::into_inner);
        let read = |piece: &'a str| {
            let look_up = |(_, spelled): (usize, &'a str)| {
                met.get(spelled).copied().unwrap_or_else(|| {
                    let word = self.make_word(spelled);
                    news.push((spelled, word));
                    word
                })
            };
            list_words(piece).map(look_up).collect()
        };
        let words = pieces.map(read).collect();
        let is_full = met.len() >= REMEMBERED;
        drop(met);
        if !news.is_empty() && !is_full {
            let mut met = self.met.write().unwrap_or_else(PoisonError::into_inner);
            met.extend(news.into_iter().map(|(spelled, word)| (Box::from(spelled), word)));
        }
        words
    }

    fn make_word(&self, spelled: &str) -> Word {
        let folded = fold_word(spelled);
        let stem = self.number(&stem_word(&folded, self.language));
        Word { stem, role: find_role(&folded) }
    }
}
