//! Rankings to compare ours with.

use std::collections::HashMap;

use serde_json::Value;

use super::judgement::{JudgedSet, Question};
use super::report::DEPTH;
use crate::text::language::detect_language;
use crate::text::mask::Mask;
use crate::text::term::ClauseTerms;

/// Saturation of the frequency.
const K1: f64 = 1.2;
/// Share of length normalisation.
const B: f64 = 0.75;

/// BM25 (Robertson and Zaragoza, 2009) as engines come with it, over the terms of our analysis: all
/// terms of the clause or of the words asked for, no weights, no types, no vectors.
pub(super) struct Bm25 {
    postings: HashMap<String, Vec<(usize, f64)>>,
    clauses: Vec<Indexed>,
    places: HashMap<String, usize>,
}

struct Indexed {
    id: String,
    platform: String,
    terms: Vec<String>,
}

impl Bm25 {
    /// Indexes the clauses of a set.
    pub(super) fn of_set(judged: &JudgedSet) -> Self {
        let mut clauses = Vec::with_capacity(judged.clauses.len());
        let mut frequencies: Vec<HashMap<String, u32>> = Vec::with_capacity(judged.clauses.len());
        for clause in &judged.clauses {
            let indexed = read_clause(clause);
            let mut counts = HashMap::new();
            for term in &indexed.terms {
                *counts.entry(term.clone()).or_insert(0) += 1;
            }
            frequencies.push(counts);
            clauses.push(indexed);
        }
        let count = to_float(clauses.len());
        let total: usize = clauses.iter().map(|clause| clause.terms.len()).sum();
        let mean_length = (to_float(total) / count.max(1.0)).max(1.0);
        let mut document_frequencies: HashMap<&str, usize> = HashMap::new();
        for term in frequencies.iter().flat_map(HashMap::keys) {
            *document_frequencies.entry(term).or_insert(0) += 1;
        }
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (place, (counts, clause)) in frequencies.iter().zip(&clauses).enumerate() {
            let norm = K1 * (1.0 - B + B * to_float(clause.terms.len()) / mean_length);
            for (term, &frequency) in counts {
                let df = to_float(document_frequencies.get(term.as_str()).copied().unwrap_or(1));
                let rarity = (1.0 + (count - df + 0.5) / (df + 0.5)).ln();
                let frequency = f64::from(frequency);
                let score = rarity * frequency * (K1 + 1.0) / (frequency + norm);
                postings.entry(term.clone()).or_default().push((place, score));
            }
        }
        let places = clauses.iter().enumerate().map(|(place, clause)| (clause.id.clone(), place)).collect();
        Self { postings, clauses, places }
    }

    /// The gains of the first results of a question, judged as ours are: of peers the best clause of
    /// each other platform, of a search the clauses that were judged for it.
    pub(super) fn gains(&self, judged: &JudgedSet, question: &Question) -> Vec<f64> {
        let (terms, own) = match question {
            Question::Clause(id) => match self.places.get(id).and_then(|place| self.clauses.get(*place)) {
                Some(clause) => (clause.terms.clone(), Some(clause.platform.as_str())),
                None => return Vec::new(),
            },
            Question::Words(_, words) => (read_terms(words, None, "en", &Mask::default()), None),
        };
        let mut scores = vec![0.0; self.clauses.len()];
        for term in &terms {
            for (place, score) in self.postings.get(term).into_iter().flatten() {
                if let Some(sum) = scores.get_mut(*place) {
                    *sum += score;
                }
            }
        }
        let mut ranked: Vec<(f64, &Indexed)> =
            scores.into_iter().zip(&self.clauses).filter(|(score, _)| *score > 0.0).collect();
        ranked.sort_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.id.cmp(&two.1.id)));
        let mut seen: Vec<&str> = own.into_iter().collect();
        let mut gains = Vec::with_capacity(DEPTH);
        for (_, clause) in ranked {
            if gains.len() == DEPTH {
                break;
            }
            match question {
                Question::Clause(_) if seen.contains(&clause.platform.as_str()) => {}
                Question::Clause(_) => {
                    seen.push(&clause.platform);
                    gains.push(judged.gain(question, &clause.id).unwrap_or(0.0));
                }
                Question::Words(..) => gains.extend(judged.gain(question, &clause.id)),
            }
        }
        gains
    }
}

fn read_clause(clause: &Value) -> Indexed {
    let of = |pointer: &str| clause.pointer(pointer).and_then(Value::as_str);
    let names = [of("/platform/name"), of("/platform/parent")];
    let mask = Mask::of_names(names.into_iter().flatten());
    let text = of("/text").unwrap_or("");
    let language = of("/language").unwrap_or_else(|| detect_language(text));
    Indexed {
        id: of("/id").unwrap_or("").to_owned(),
        platform: of("/platform/id").unwrap_or("").to_owned(),
        terms: read_terms(text, of("/title"), language, &mask),
    }
}

fn read_terms(text: &str, title: Option<&str>, language: &str, mask: &Mask) -> Vec<String> {
    let terms = ClauseTerms::new(text, title, language, mask);
    terms.text().chain(terms.title()).flatten().map(str::to_owned).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53 are exact")]
fn to_float(count: usize) -> f64 {
    count as f64
}
