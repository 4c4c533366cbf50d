//! What a real collection is made of, so that larger ones can be made of it.
//!
//! Its sentences, in pools of one language and one clause type; its platforms, documents and clauses
//! as a skeleton of sizes, titles and dates; and how often wordings and sentences repeat.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use anyhow::{Result, bail};
use crossclause::taxonomy::{Taxonomy, UNTYPED};
use crossclause::text::mask::Mask;
use crossclause::text::sentence::split_sentences;
use crossclause::text::term::{Token, analyze, key_wording};
use serde_json::{Map, Value};

use crate::measure::Nearness;
use crate::random::hash_bytes;
use crate::record::{Labeller, Line, Numbering, read_lines};

/// Stands in a sentence for the platform's own name.
pub const OWN_NAME: char = '\u{1}';

/// Stands before a word that only one platform of the source uses.
pub const OWN_WORD: char = '\u{2}';

/// Pools below this many sentences are joined by language.
const LEAST_POOL: usize = 60;

/// Words below this many letters are nobody's own.
const LEAST_LETTERS: usize = 4;

/// A clause as a pattern for others.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its title, marked like a sentence.
    pub title: Option<String>,
    /// Its sentences, by their places in [`Model::sentences`].
    pub sentences: Vec<usize>,
    /// What lies between them in the text: a space, or a line break.
    pub gaps: Vec<&'static str>,
    /// Its language.
    pub language: String,
    /// What was given of it.
    pub labels: Map<String, Value>,
    /// When it stood.
    pub observed: Map<String, Value>,
}

/// A document as a pattern for others.
#[derive(Debug, Clone, Default)]
pub struct DocumentPattern {
    /// Its title, marked.
    pub title: String,
    /// Its type.
    pub document_type: Option<String>,
    /// Its clauses, by their places in [`Model::patterns`].
    pub clauses: Vec<usize>,
}

/// A platform as a pattern for others.
#[derive(Debug, Clone, Default)]
pub struct PlatformPattern {
    /// Its documents.
    pub documents: Vec<DocumentPattern>,
    /// Clauses in them.
    pub clauses: usize,
    /// Whether another platform has the same parent.
    pub has_affiliates: bool,
}

/// How often things repeat.
#[derive(Debug, Clone, Copy, Default)]
pub struct Repetition {
    /// Clauses whose wording an earlier clause of the platform has, as a share.
    pub within: f64,
    /// Wordings of a platform that another platform has too, as a share of all clauses.
    pub across: f64,
    /// On how many platforms such a wording is, on the mean.
    pub spread: f64,
    /// Clauses of nearly, not quite, the wording of another, as a share.
    pub near: f64,
    /// Sentences that stand in another clause too, of clauses of a wording of their own.
    pub sentences: f64,
}

/// A real collection, taken apart.
pub struct Model {
    /// Marked sentences, by pool and length.
    pub sentences: Vec<String>,
    /// For each sentence the range of its pool.
    pub pools: Vec<(usize, usize)>,
    /// For each sentence its clause, and its place there.
    pub origins: Vec<(usize, usize)>,
    /// Clauses.
    pub patterns: Vec<Pattern>,
    /// Clauses whose wording stands on several platforms.
    pub shared: Vec<usize>,
    /// Platforms.
    pub platforms: Vec<PlatformPattern>,
    /// How often things repeat.
    pub repetition: Repetition,
}

struct Read {
    lines: Vec<Line>,
    platform_of: Vec<usize>,
    masks: Vec<Mask>,
}

impl Model {
    /// Takes a collection apart.
    ///
    /// # Errors
    /// If the lines cannot be read, or there are fewer than a hundred clauses.
    pub fn read(input: impl BufRead, taxonomy: &Taxonomy) -> Result<Self> {
        let mut read = Read { lines: Vec::new(), platform_of: Vec::new(), masks: Vec::new() };
        let mut numbering = Numbering::default();
        read_lines(input, |line| {
            let (platform, is_new) = numbering.number(&line.platform);
            if is_new {
                read.masks.push(line.as_platform().map(|one| Mask::of_platform(&one)).unwrap_or_default());
            }
            read.platform_of.push(platform);
            read.lines.push(line);
            Ok(())
        })?;
        if read.lines.len() < 100 {
            bail!("the source has {} clauses; a hundred are the least to learn from", read.lines.len());
        }
        Ok(read.take_apart(taxonomy))
    }

    /// Clauses of the source.
    #[must_use]
    pub fn clauses(&self) -> usize {
        self.patterns.len()
    }
}

impl Read {
    fn mask(&self, clause: usize) -> &Mask {
        &self.masks[self.platform_of[clause]]
    }

    fn take_apart(self, taxonomy: &Taxonomy) -> Model {
        let own_words = self.find_own_words();
        let labeller = Labeller::new(taxonomy);
        // Every sentence with its pool and the clause that it is of.
        let mut found: Vec<(String, String, usize)> = Vec::new();
        let mut patterns = Vec::new();
        let mut in_pool: HashMap<String, usize> = HashMap::new();
        for (clause, line) in self.lines.iter().enumerate() {
            let label = labeller.label(line).clause_type;
            let pool = match (&line.document_type, label == UNTYPED) {
                (Some(document_type), true) => format!("{} {UNTYPED} {document_type}", line.language),
                _ => format!("{} {label}", line.language),
            };
            let mut gaps = Vec::new();
            let mark = |text: &str| mark_words(text, &line.language, self.mask(clause), &own_words);
            for range in split_sentences(&line.text) {
                let sentence = &line.text[range];
                if sentence.trim().is_empty() {
                    continue;
                }
                gaps.push(if sentence.ends_with('\n') { "\n" } else { " " });
                *in_pool.entry(pool.clone()).or_default() += 1;
                found.push((pool.clone(), mark(sentence.trim()), clause));
            }
            patterns.push(Pattern {
                title: line.title.as_deref().map(mark),
                sentences: Vec::new(),
                gaps,
                language: line.language.clone(),
                labels: line.labels.clone(),
                observed: line.observed.clone(),
            });
        }
        for (pool, ..) in &mut found {
            if in_pool.get(pool).is_none_or(|&count| count < LEAST_POOL) {
                pool.truncate(pool.find(' ').unwrap_or(pool.len()));
            }
        }
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|&at| (&found[at].0, found[at].1.len(), at));
        let mut places = vec![0; found.len()];
        for (place, &at) in order.iter().enumerate() {
            places[at] = place;
        }
        let mut origins = vec![(0, 0); found.len()];
        for (at, (_, _, clause)) in found.iter().enumerate() {
            origins[places[at]] = (*clause, patterns[*clause].sentences.len());
            patterns[*clause].sentences.push(places[at]);
        }
        let pools = list_pools(&order, &found);
        let (repetition, shared) = self.measure_repetition(&found);
        let platforms = self.list_platforms(&own_words);
        let sentences = order.iter().map(|&at| std::mem::take(&mut found[at].1)).collect();
        Model { sentences, pools, origins, patterns, shared, platforms, repetition }
    }

    /// Words that only one platform uses.
    fn find_own_words(&self) -> HashSet<String> {
        let mut users: HashMap<String, Option<usize>> = HashMap::new();
        for (clause, line) in self.lines.iter().enumerate() {
            let platform = self.platform_of[clause];
            for token in analyze(&line.text, &line.language, self.mask(clause)) {
                if let Some(word) = token.word {
                    let user = users.entry(word).or_insert(Some(platform));
                    if *user != Some(platform) {
                        *user = None;
                    }
                }
            }
        }
        let is_own = |(word, user): (String, Option<usize>)| {
            let letters = word.chars().all(char::is_alphabetic) && word.chars().count() >= LEAST_LETTERS;
            (user.is_some() && letters).then_some(word)
        };
        users.into_iter().filter_map(is_own).collect()
    }

    fn measure_repetition(&self, found: &[(String, String, usize)]) -> (Repetition, Vec<usize>) {
        let mut wordings: HashMap<u64, HashSet<usize>> = HashMap::new();
        let mut of_platforms: HashSet<(usize, u64)> = HashSet::new();
        let mut keys = Vec::new();
        let mut nearness = Nearness::default();
        for (clause, line) in self.lines.iter().enumerate() {
            let key = key_wording(&line.text, self.mask(clause));
            let platform = self.platform_of[clause];
            wordings.entry(key).or_default().insert(platform);
            of_platforms.insert((platform, key));
            keys.push(key);
            let tokens = analyze(&line.text, &line.language, self.mask(clause));
            let terms: Vec<&str> = tokens.iter().filter_map(|token| token.term.as_deref()).collect();
            nearness.add(&terms, key);
        }
        let mut uses: HashMap<u64, usize> = HashMap::new();
        let hash = |sentence: &str| hash_bytes(sentence.to_lowercase().as_bytes());
        for (_, sentence, _) in found {
            *uses.entry(hash(sentence)).or_default() += 1;
        }
        let mut times: HashMap<u64, usize> = HashMap::new();
        for key in &keys {
            *times.entry(*key).or_default() += 1;
        }
        let (mut single, mut repeated) = (0_usize, 0_usize);
        for (_, sentence, clause) in found {
            if times.get(&keys[*clause]) == Some(&1) {
                single += 1;
                repeated += usize::from(uses.get(&hash(sentence)).is_some_and(|&count| count > 1));
            }
        }
        let clauses = self.lines.len() as f64;
        let wide = || wordings.values().map(HashSet::len).filter(|&count| count > 1);
        let (pairs, groups) = (wide().sum::<usize>() as f64, wide().count() as f64);
        let shared = (0..keys.len()).filter(|&clause| wordings[&keys[clause]].len() > 1).collect();
        let repetition = Repetition {
            within: (clauses - of_platforms.len() as f64) / clauses,
            across: pairs / clauses,
            spread: if groups > 0.0 { pairs / groups } else { 2.0 },
            near: nearness.share(),
            sentences: repeated as f64 / single.max(1) as f64,
        };
        (repetition, shared)
    }

    fn list_platforms(&self, own_words: &HashSet<String>) -> Vec<PlatformPattern> {
        let mut platforms = vec![PlatformPattern::default(); self.masks.len()];
        let mut documents = Numbering::default();
        let mut place_of: Vec<usize> = Vec::new();
        let mut parents: HashMap<&str, HashSet<usize>> = HashMap::new();
        for (clause, line) in self.lines.iter().enumerate() {
            let number = self.platform_of[clause];
            let platform = &mut platforms[number];
            platform.clauses += 1;
            if let Some(parent) = &line.parent {
                parents.entry(parent).or_default().insert(number);
            }
            let (document, is_new) = documents.number(&format!("{}\n{}", line.platform, line.document));
            if is_new {
                place_of.push(platform.documents.len());
                platform.documents.push(DocumentPattern {
                    title: mark_words(&line.document_title, &line.language, self.mask(clause), own_words),
                    document_type: line.document_type.clone(),
                    clauses: Vec::new(),
                });
            }
            platform.documents[place_of[document]].clauses.push(clause);
        }
        for group in parents.values().filter(|group| group.len() > 1) {
            for &number in group {
                platforms[number].has_affiliates = true;
            }
        }
        platforms
    }
}

/// The range of the pool of each sentence, in the order of their places.
fn list_pools(order: &[usize], found: &[(String, String, usize)]) -> Vec<(usize, usize)> {
    let mut pools = Vec::with_capacity(order.len());
    for run in order.chunk_by(|&one, &two| found[one].0 == found[two].0) {
        let begin = pools.len();
        pools.extend(run.iter().map(|_| (begin, begin + run.len())));
    }
    pools
}

/// A text with marks where a platform's own name and own words stand.
fn mark_words(text: &str, language: &str, mask: &Mask, own_words: &HashSet<String>) -> String {
    let mut marked = String::with_capacity(text.len() + 8);
    let mut end = 0;
    let mut after_name = false;
    let plain = |gap: &str| gap.replace([OWN_NAME, OWN_WORD], "");
    for Token { range, word, .. } in analyze(text, language, mask) {
        let gap = plain(&text[end..range.start]);
        let spelled = &text[range.clone()];
        end = range.end;
        match word {
            // A name of several words is one mark.
            None if after_name && gap == " " => continue,
            None => {
                marked.push_str(&gap);
                marked.push(OWN_NAME);
                after_name = true;
                continue;
            }
            Some(word) if own_words.contains(&word) => {
                marked.push_str(&gap);
                marked.push(OWN_WORD);
            }
            Some(_) => marked.push_str(&gap),
        }
        marked.push_str(spelled);
        after_name = false;
    }
    marked.push_str(&plain(&text[end..]));
    marked
}
