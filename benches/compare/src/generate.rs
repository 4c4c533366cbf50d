//! Makes a collection of any size that is like its source.
//!
//! Platforms take the shape of a platform of the source, documents the sizes, titles and types of
//! its documents, clauses the length and the title of its clauses. Their sentences come from the
//! source, of the same clause type and about the same length; most are joined of the beginning of
//! one and the end of another, as else a large collection would hold each of them hundreds of times.
//! Those of one clause come from two clauses of the source as far as these reach, so that words that
//! stand together there stand together here.
//! Wordings and sentences repeat as often as in the source. A name, or a word that only one platform
//! of the source uses, is another one on each platform that is made, so that words are as rare in
//! the large collection as in the small.

use std::collections::VecDeque;
use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::model::{Model, OWN_NAME, OWN_WORD, Pattern};
use crate::random::{Random, hash_bytes, mix};

/// Platforms of a collection of 40,000 clauses, as large collections of terms have them.
const PLATFORMS: f64 = 400.0;

/// How many texts of a platform may be said again on it.
const REMEMBERED: usize = 128;

/// The longest text made, in bytes: below the contract's 20,000 characters.
const MOST_BYTES: usize = 19_000;

/// What part of near copies two hashes find, and what each copy brings with its original.
const FOUND_OF_NEAR: f64 = 3.0;

/// How far from its place in the pool a sentence is replaced, as a share of the pool.
const REACH: f64 = 0.05;

/// What is asked of a generator.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Clauses.
    pub clauses: usize,
    /// Platforms; 0 leaves it to their size: 400 for 40,000 clauses, and as the square root of that.
    pub platforms: usize,
    /// The seed.
    pub seed: u64,
}

impl Wish {
    /// How many platforms there will be.
    #[must_use]
    pub fn platforms(&self) -> usize {
        let by_size = PLATFORMS * (self.clauses as f64 / 40_000.0).sqrt();
        let platforms = if self.platforms > 0 { self.platforms } else { by_size.round() as usize };
        platforms.clamp(1, self.clauses.max(1))
    }
}

/// A text with what goes with it.
#[derive(Clone)]
struct Made {
    title: Option<String>,
    text: String,
    language: String,
    labels: Map<String, Value>,
    observed: Map<String, Value>,
}

/// Hands the records of a collection to `take`, one after the other, platform by platform.
///
/// # Errors
/// What `take` says.
pub fn generate(model: &Model, wish: Wish, mut take: impl FnMut(Value) -> Result<()>) -> Result<()> {
    let (shapes, sizes) = size_platforms(model, wish);
    let repetition = model.repetition;
    let groups = (wish.clauses as f64 * repetition.across / repetition.spread.max(1.0)).ceil().max(1.0);
    let mut shared = Shared { groups: groups as usize, next: 0 };
    for (number, (&shape, &size)) in shapes.iter().zip(&sizes).enumerate() {
        let mut writer = PlatformWriter {
            model,
            random: Random::new(wish.seed, number as u64),
            name: invent_name(number),
            number,
            shared,
            seed: wish.seed,
            said: VecDeque::new(),
        };
        writer.write(shape, size, &mut take)?;
        shared = writer.shared;
    }
    Ok(())
}

/// Texts that several platforms have, by number: each is said in its turn, so that all are said
/// about equally often, and on platforms that are far from each other.
#[derive(Clone, Copy)]
struct Shared {
    groups: usize,
    next: usize,
}

/// The shape of each platform, and how many clauses it has.
fn size_platforms(model: &Model, wish: Wish) -> (Vec<usize>, Vec<usize>) {
    let mut random = Random::new(wish.seed, u64::MAX);
    let count = wish.platforms();
    let shapes: Vec<usize> = (0..count).map(|_| random.place(model.platforms.len())).collect();
    let weights: Vec<f64> = shapes
        .iter()
        .map(|&shape| model.platforms[shape].clauses as f64 * (0.4 * random.normal()).exp())
        .collect();
    let sum: f64 = weights.iter().sum();
    let spare = (wish.clauses - count.min(wish.clauses)) as f64;
    // Each has one clause at least; what rounding leaves over goes to the last.
    let mut sizes = Vec::with_capacity(count);
    let (mut reached, mut given) = (0.0, 0);
    for weight in weights {
        reached += weight / sum * spare;
        let until = reached.round() as usize;
        sizes.push(1 + until - given);
        given = until;
    }
    (shapes, sizes)
}

struct PlatformWriter<'a> {
    model: &'a Model,
    random: Random,
    name: String,
    number: usize,
    shared: Shared,
    seed: u64,
    said: VecDeque<Made>,
}

impl PlatformWriter<'_> {
    fn write(&mut self, shape: usize, size: usize, take: &mut impl FnMut(Value) -> Result<()>) -> Result<()> {
        let shape = &self.model.platforms[shape];
        let slug = format!("{}-{}", self.name.to_lowercase(), self.number);
        let mut platform = json!({"id": slug, "name": self.name, "domain": format!("{slug}.example")});
        if shape.has_affiliates {
            platform["parent"] = json!(format!("{} Holdings", invent_name(self.number / 3 + 7_000_000)));
        }
        let first = self.random.place(shape.documents.len());
        let (mut left, mut document) = (size, 0);
        while left > 0 {
            let like = &shape.documents[(first + document) % shape.documents.len()];
            let wished = like.clauses.len() as f64 * (0.7 + 0.6 * self.random.share());
            let clauses = (wished.round() as usize).clamp(1, left);
            let id = format!("{slug}.{document}");
            let mut described = json!({
                "id": id,
                "title": render(&like.title, &self.name, self.number as u64),
                "url": format!("https://{slug}.example/legal/{document}"),
            });
            if let Some(document_type) = &like.document_type {
                described["type"] = json!(document_type);
            }
            let begin = self.random.place(like.clauses.len());
            for clause in 0..clauses {
                let pattern = &self.model.patterns[like.clauses[(begin + clause) % like.clauses.len()]];
                let made = self.make(pattern);
                let mut record = json!({
                    "id": format!("{id}.{clause}"),
                    "platform": platform,
                    "document": described,
                    "language": made.language,
                    "text": made.text,
                });
                if let Some(title) = made.title.filter(|title| !title.trim().is_empty()) {
                    record["title"] = json!(title);
                }
                if !made.observed.is_empty() {
                    record["observed"] = Value::Object(made.observed);
                }
                if let Some(record) = record.as_object_mut() {
                    record.extend(made.labels);
                }
                take(record)?;
            }
            left -= clauses;
            document += 1;
        }
        Ok(())
    }

    fn make(&mut self, pattern: &Pattern) -> Made {
        let repetition = self.model.repetition;
        let mut chance = self.random.share();
        let mut happens = |share: f64| {
            chance -= share;
            chance < 0.0
        };
        if happens(repetition.within) && !self.said.is_empty() {
            return self.said[self.random.place(self.said.len())].clone();
        }
        let made = if happens(repetition.across) {
            self.shared.next += 1;
            self.say_shared(self.shared.next % self.shared.groups)
        } else if happens(repetition.near / FOUND_OF_NEAR) {
            let like = if self.random.happens(0.5) && !self.said.is_empty() {
                self.said[self.random.place(self.said.len())].clone()
            } else {
                let group = self.random.place(self.shared.groups);
                self.say_shared(group)
            };
            self.change_words(like)
        } else {
            let variant = self.number as u64;
            compose(self.model, pattern, &mut self.random, &self.name, variant)
        };
        if self.said.len() == REMEMBERED {
            self.said.pop_front();
        }
        self.said.push_back(made.clone());
        made
    }

    /// One of the texts that several platforms have: made of its number, wherever it is said.
    fn say_shared(&self, group: usize) -> Made {
        let group = group as u64;
        let mut random = Random::new(self.seed ^ 0x7368_6172_6564, group);
        let shared = &self.model.shared;
        let place = if shared.is_empty() {
            random.place(self.model.patterns.len())
        } else {
            shared[random.place(shared.len())]
        };
        compose(self.model, &self.model.patterns[place], &mut random, &self.name, mix(group) | 1 << 63)
    }

    /// A text of which some words in a hundred, one at least, are another's.
    fn change_words(&mut self, mut like: Made) -> Made {
        let other = &self.model.sentences[self.random.place(self.model.sentences.len())];
        let others: Vec<String> = render(other, &self.name, self.number as u64)
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        let words = like.text.split(' ').count();
        if others.is_empty() {
            return like;
        }
        let least = self.random.place(words);
        let changed: Vec<String> = like
            .text
            .split(' ')
            .enumerate()
            .map(|(place, word)| {
                if place == least || self.random.happens(0.03) {
                    others[self.random.place(others.len())].clone()
                } else {
                    word.to_owned()
                }
            })
            .collect();
        like.text = changed.join(" ");
        like
    }
}

/// A clause like another: as many sentences, of the same pool and about the same length.
fn compose(model: &Model, pattern: &Pattern, random: &mut Random, name: &str, variant: u64) -> Made {
    let mut text = String::new();
    let (mut begins, mut ends) = (Donor::default(), Donor::default());
    for (&sentence, gap) in pattern.sentences.iter().zip(&pattern.gaps) {
        let one = begins.give(model, sentence, random);
        let two = ends.give(model, one, random);
        let sentence = if random.happens(model.repetition.sentences) {
            model.sentences[one].clone()
        } else {
            splice(&model.sentences[one], &model.sentences[two], 0.3 + 0.4 * random.share())
        };
        let rendered = render(&sentence, name, variant);
        if !text.is_empty() && text.len() + rendered.len() > MOST_BYTES {
            break;
        }
        text.push_str(&rendered);
        text.push_str(gap);
    }
    let text = text.trim().to_owned();
    Made {
        title: pattern.title.as_deref().map(|title| render(title, name, variant)),
        // What is left of a source's sentence can be nothing but marks.
        text: if text.is_empty() { "Reserved.".to_owned() } else { text },
        language: pattern.language.clone(),
        labels: pattern.labels.clone(),
        observed: pattern.observed.clone(),
    }
}

/// A clause of the source that gives one sentence after the other.
#[derive(Default)]
struct Donor(Option<(usize, usize)>);

impl Donor {
    /// The next sentence; where there is none, one near the place given, whose clause is the next donor.
    fn give(&mut self, model: &Model, near: usize, random: &mut Random) -> usize {
        let next =
            self.0.and_then(|(clause, place)| model.patterns[clause].sentences.get(place + 1).copied());
        let sentence = next.unwrap_or_else(|| draw_near(model, near, random));
        self.0 = Some(model.origins[sentence]);
        sentence
    }
}

/// A sentence of the same pool, of about the same length.
fn draw_near(model: &Model, sentence: usize, random: &mut Random) -> usize {
    let (begin, end) = model.pools[sentence];
    let reach = (((end - begin) as f64 * REACH) as usize).max(10);
    let low = sentence.saturating_sub(reach).max(begin);
    let high = (sentence + reach + 1).min(end);
    low + random.place(high - low)
}

/// Words before which a sentence is best cut.
const JOINTS: [&str; 14] = [
    "and ", "or ", "to ", "that ", "which ", "if ", "unless ", "for ", "in ", "with ", "by ", "when ", "of ",
    "as ",
];

/// The beginning of one sentence and the end of another, cut at about a share of their lengths.
fn splice(one: &str, two: &str, share: f64) -> String {
    match (find_joint(one, share), find_joint(two, share)) {
        (Some(cut), Some(begin)) => format!("{}{}", &one[..cut], &two[begin..]),
        _ => one.to_owned(),
    }
}

/// Where a word begins near a share of a sentence's length, a joint rather than another.
fn find_joint(sentence: &str, share: f64) -> Option<usize> {
    let wanted = sentence.len() as f64 * share;
    let cost = |at: usize| {
        let is_joint = JOINTS.iter().any(|joint| sentence[at..].starts_with(joint))
            || sentence[..at].trim_end().ends_with([',', ';']);
        let distance = (at as f64 - wanted).abs();
        if is_joint { distance } else { distance + sentence.len() as f64 * 0.25 }
    };
    sentence
        .match_indices(' ')
        .map(|(at, _)| at + 1)
        .filter(|&at| at < sentence.len())
        .min_by(|&one, &two| cost(one).total_cmp(&cost(two)))
}

/// A marked text as a platform would have it: with its name, and words of its own.
fn render(marked: &str, name: &str, variant: u64) -> String {
    let mut rendered = String::with_capacity(marked.len() + name.len());
    let mut rest = marked;
    while let Some(at) = rest.find([OWN_NAME, OWN_WORD]) {
        rendered.push_str(&rest[..at]);
        let is_name = rest[at..].starts_with(OWN_NAME);
        rest = &rest[at + 1..];
        if is_name {
            rendered.push_str(name);
        } else {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            alter_word(&rest[..end], variant, &mut rendered);
            rest = &rest[end..];
        }
    }
    rendered.push_str(rest);
    rendered
}

/// Another word of the same length and sound: three of its letters change, vowels to vowels.
fn alter_word(word: &str, variant: u64, out: &mut String) {
    const VOWELS: &[u8] = b"aeiou";
    const CONSONANTS: &[u8] = b"bcdfglmnprstv";
    let mut random = Random::new(variant, hash_bytes(word.to_lowercase().as_bytes()));
    let letters = word.chars().count();
    let changed = [(); 3].map(|()| random.place(letters));
    for (place, letter) in word.chars().enumerate() {
        if !letter.is_ascii_alphabetic() || !changed.contains(&place) {
            out.push(letter);
            continue;
        }
        let kind = if VOWELS.contains(&(letter.to_ascii_lowercase() as u8)) { VOWELS } else { CONSONANTS };
        let other = char::from(kind[random.place(kind.len())]);
        out.push(if letter.is_ascii_uppercase() { other.to_ascii_uppercase() } else { other });
    }
}

/// A name that no other number has, of three syllables or more.
fn invent_name(number: usize) -> String {
    const ONSETS: [&str; 16] =
        ["b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "z"];
    const RIMES: [&str; 10] = ["a", "e", "i", "o", "u", "an", "el", "or", "ix", "um"];
    const SYLLABLES: usize = ONSETS.len() * RIMES.len();
    let mut name = String::new();
    // An odd factor makes of neighbours distant numbers, and of different numbers different names.
    let mut rest = number.wrapping_mul(2_654_435_761) & 0x3f_ffff;
    for _ in 0..3 {
        let syllable = rest % SYLLABLES;
        rest /= SYLLABLES;
        let _ = write!(name, "{}{}", ONSETS[syllable / RIMES.len()], RIMES[syllable % RIMES.len()]);
    }
    for _ in 0..rest {
        name.push('o');
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different_words() {
        let names: std::collections::HashSet<String> = (0..20_000).map(invent_name).collect();
        assert_eq!(names.len(), 20_000);
    }

    #[test]
    fn marks_are_filled_in() {
        let marked = format!("{OWN_NAME} may end {OWN_WORD}Pondering, at any time.");
        let one = render(&marked, "Brumix", 1);
        assert!(one.starts_with("Brumix may end ") && one.ends_with(", at any time."), "{one}");
        assert_eq!(one, render(&marked, "Brumix", 1));
        assert_ne!(one, render(&marked, "Brumix", 2));
        assert_eq!(one.len(), "Brumix may end Pondering, at any time.".len());
    }

    #[test]
    fn sentences_are_joined_at_a_joint() {
        let made =
            splice("We may end this, and you may object.", "You pay us, or you leave the service.", 0.5);
        assert_eq!(made, "We may end this, or you leave the service.");
        assert_eq!(splice("Word", "Other word", 0.5), "Word");
    }
}
