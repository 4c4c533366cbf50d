//! What a collection is like, in numbers that do not depend on its size, or say so.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use crossclause::text::mask::Mask;
use crossclause::text::term::{analyze, key_wording};

use crate::random::{hash_bytes, mix};
use crate::record::{Labeller, Line, Numbering};

/// How many clauses are looked at closely.
pub const CLOSELY: usize = 40_000;

/// How many keys of wordings are kept before only every second is.
const MOST_KEYS: usize = 2_000_000;

/// Groups of things by key, for as many keys as memory may hold: beyond that a share of the keys,
/// chosen by their bits, stands for all.
#[derive(Debug)]
struct Groups<V> {
    of_key: HashMap<u64, V>,
    step: u64,
}

impl<V: Default> Groups<V> {
    fn new() -> Self {
        Self { of_key: HashMap::new(), step: 1 }
    }

    fn entry(&mut self, key: u64) -> Option<&mut V> {
        let is_kept = |step: u64, key: u64| mix(key).is_multiple_of(step);
        if !is_kept(self.step, key) {
            return None;
        }
        if self.of_key.len() >= MOST_KEYS {
            self.step *= 2;
            let step = self.step;
            self.of_key.retain(|key, _| is_kept(step, *key));
            if !is_kept(step, key) {
                return None;
            }
        }
        Some(self.of_key.entry(key).or_default())
    }
}

/// Finds clauses of nearly the same words: two hashes of their runs of three terms agree (MinHash:
/// Broder, 1997). With a resemblance of 0.8 two clauses are found in 64 % of the cases.
#[derive(Debug)]
pub struct Nearness {
    groups: Groups<(u32, HashSet<u64>)>,
}

impl Default for Nearness {
    fn default() -> Self {
        Self { groups: Groups::new() }
    }
}

impl Nearness {
    /// Adds a clause by its terms and the key of its wording.
    pub fn add(&mut self, terms: &[&str], wording: u64) {
        let mut least = [u64::MAX; 2];
        for run in terms.windows(3) {
            let hash = hash_bytes(run.join(" ").as_bytes());
            least[0] = least[0].min(mix(hash ^ 0x5bd1_e995));
            least[1] = least[1].min(mix(hash ^ 0xc2b2_ae3d_27d4_eb4f));
        }
        if terms.len() >= 3
            && let Some((clauses, wordings)) = self.groups.entry(mix(least[0]) ^ least[1])
        {
            *clauses += 1;
            if wordings.len() < 64 {
                wordings.insert(wording);
            }
        }
    }

    /// Clauses that have another of nearly, not quite, their wording, as a share of all.
    #[must_use]
    pub fn share(&self) -> f64 {
        let all: u64 = self.groups.of_key.values().map(|(clauses, _)| u64::from(*clauses)).sum();
        // Of a group each wording counts once: its copies are counted elsewhere.
        let near: usize = self.groups.of_key.values().map(|(_, w)| w.len()).filter(|&count| count > 1).sum();
        near as f64 / all.max(1) as f64
    }
}

/// What a collection is like.
pub struct Measure<'a> {
    labeller: &'a Labeller<'a>,
    /// One clause of this many is looked at closely.
    step: usize,
    clauses: usize,
    closely: usize,
    bytes: u64,
    titled: usize,
    english: usize,
    platforms: Numbering,
    platform_sizes: Vec<usize>,
    documents: Numbering,
    document_sizes: Vec<usize>,
    /// Clauses and the platforms that they are on, by wording.
    wordings: Groups<(u32, HashSet<usize>)>,
    of_platforms: Groups<u32>,
    nearness: Nearness,
    words: Vec<usize>,
    distinct: usize,
    frequencies: HashMap<String, usize>,
    categories: BTreeMap<String, usize>,
    severities: BTreeMap<&'static str, usize>,
}

impl<'a> Measure<'a> {
    /// Measures a collection of about so many clauses.
    #[must_use]
    pub fn new(labeller: &'a Labeller<'a>, expected: usize) -> Self {
        Self {
            labeller,
            step: expected.div_ceil(CLOSELY).max(1),
            clauses: 0,
            closely: 0,
            bytes: 0,
            titled: 0,
            english: 0,
            platforms: Numbering::default(),
            platform_sizes: Vec::new(),
            documents: Numbering::default(),
            document_sizes: Vec::new(),
            wordings: Groups::new(),
            of_platforms: Groups::new(),
            nearness: Nearness::default(),
            words: Vec::new(),
            distinct: 0,
            frequencies: HashMap::new(),
            categories: BTreeMap::new(),
            severities: BTreeMap::new(),
        }
    }

    /// Takes a clause into account.
    pub fn add(&mut self, line: &Line) {
        let mask = line.as_platform().map(|platform| Mask::of_platform(&platform)).unwrap_or_default();
        let (platform, _) = self.platforms.number(&line.platform);
        self.platform_sizes.resize(self.platform_sizes.len().max(platform + 1), 0);
        self.platform_sizes[platform] += 1;
        let (document, _) = self.documents.number(&format!("{}\n{}", line.platform, line.document));
        self.document_sizes.resize(self.document_sizes.len().max(document + 1), 0);
        self.document_sizes[document] += 1;
        self.bytes += line.text.len() as u64;
        self.titled += usize::from(line.title.is_some());
        self.english += usize::from(line.language.starts_with("en"));
        let key = key_wording(&line.text, &mask);
        if let Some((clauses, platforms)) = self.wordings.entry(key) {
            *clauses += 1;
            if platforms.len() < 1_000 {
                platforms.insert(platform);
            }
        }
        if let Some(clauses) = self.of_platforms.entry(mix(key ^ mix(platform as u64))) {
            *clauses += 1;
        }
        let tokens = analyze(&line.text, &line.language, &mask);
        let terms: Vec<&str> = tokens.iter().filter_map(|token| token.term.as_deref()).collect();
        self.nearness.add(&terms, key);
        // A step of a prime's multiple would meet the same documents again and again.
        if mix(self.clauses as u64).is_multiple_of(self.step as u64) {
            self.closely += 1;
            self.words.push(terms.len());
            let distinct: HashSet<&str> = terms.into_iter().collect();
            self.distinct += distinct.len();
            for term in distinct {
                *self.frequencies.entry(term.to_owned()).or_default() += 1;
            }
            let label = self.labeller.label(line);
            for category in label.categories {
                *self.categories.entry(category).or_default() += 1;
            }
            *self.severities.entry(label.severity.as_str()).or_default() += 1;
        }
        self.clauses += 1;
    }

    /// Names and figures, in one order for every collection with the same categories.
    #[must_use]
    pub fn figures(&self) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
        let clauses = self.clauses.max(1) as f64;
        let closely = self.closely.max(1) as f64;
        row("clauses", self.clauses.to_string());
        row("platforms", self.platform_sizes.len().to_string());
        row("documents", self.document_sizes.len().to_string());
        row("clauses a platform: 10, 50, 90 %", tell_quantiles(&self.platform_sizes));
        row("largest platform, of all clauses", percent(greatest(&self.platform_sizes) / clauses));
        row("clauses a document: 10, 50, 90 %", tell_quantiles(&self.document_sizes));
        row("bytes of text a clause", format!("{:.0}", self.bytes as f64 / clauses));
        row("terms a clause: 10, 50, 90 %", tell_quantiles(&self.words));
        row("terms a clause, mean", format!("{:.1}", self.words.iter().sum::<usize>() as f64 / closely));
        row("distinct terms a clause, mean", format!("{:.1}", self.distinct as f64 / closely));
        row("vocabulary of 40,000 clauses at most", self.frequencies.len().to_string());
        let mut frequencies: Vec<usize> = self.frequencies.values().copied().collect();
        frequencies.sort_unstable_by_key(|&count| std::cmp::Reverse(count));
        for rank in [1, 10, 100, 1_000, 10_000] {
            let share = frequencies.get(rank - 1).map_or(0.0, |&count| count as f64 / closely);
            row(&format!("clauses with the term of rank {rank}"), percent(share));
        }
        let once = frequencies.iter().filter(|&&count| count == 1).count() as f64;
        row("terms of one clause only", percent(once / frequencies.len().max(1) as f64));
        row("with a title", percent(self.titled as f64 / clauses));
        row("in English", percent(self.english as f64 / clauses));
        let held: f64 =
            self.wordings.of_key.values().map(|(count, _)| f64::from(*count)).sum::<f64>().max(1.0);
        let of_platforms: f64 = self.of_platforms.of_key.values().map(|&count| f64::from(count)).sum();
        let again = of_platforms - self.of_platforms.of_key.len() as f64;
        row("wording again on the same platform", percent(again / of_platforms.max(1.0)));
        let wide = || self.wordings.of_key.values().filter(|(_, platforms)| platforms.len() > 1);
        row(
            "wording on several platforms",
            percent(wide().map(|(count, _)| f64::from(*count)).sum::<f64>() / held),
        );
        let spread: usize = wide().map(|(_, platforms)| platforms.len()).sum();
        row("… on how many, mean", format!("{:.1}", spread as f64 / wide().count().max(1) as f64));
        row("nearly the wording of another", percent(self.nearness.share()));
        for severity in ["high", "medium", "low", "unrated"] {
            let count = self.severities.get(severity).copied().unwrap_or(0);
            row(&format!("severity {severity}"), percent(count as f64 / closely));
        }
        for (category, count) in &self.categories {
            row(&format!("category {category}"), percent(*count as f64 / closely));
        }
        rows
    }
}

/// Both collections' figures side by side.
#[must_use]
pub fn tell_side_by_side(source: &Measure<'_>, result: &Measure<'_>) -> String {
    let result: HashMap<String, String> = result.figures().into_iter().collect();
    let mut table = format!("{:<44} {:>20} {:>20}\n", "", "source", "result");
    for (name, value) in source.figures() {
        let made = result.get(&name).map_or("0", String::as_str);
        // Writing to a text cannot fail.
        let _ = writeln!(table, "{name:<44} {value:>20} {made:>20}");
    }
    table
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn greatest(sizes: &[usize]) -> f64 {
    sizes.iter().max().map_or(0.0, |&size| size as f64)
}

fn tell_quantiles(sizes: &[usize]) -> String {
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)));
    [10, 50, 90].map(|percent| at(percent).map_or(0, |&size| size).to_string()).join(", ")
}
