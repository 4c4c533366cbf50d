//! From a record to what an engine holds of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use super::Knowledge;
use crate::clause::{Clause, Day, PlatformId, Span};
use crate::engine::Entry;
use crate::profile::Profile;
use crate::statistics::{Counter, Reading, Statistics};
use crate::store::ClauseHistory;
use crate::taxonomy::{Taxonomy, UNTYPED, enclosing_jurisdictions};
use crate::text::feature::walk_terms;
use crate::text::language::primary_language;
use crate::text::lexicon::Place;
use crate::text::mask::Mask;
use crate::text::sentence::split_sentences;
use crate::text::term::{ClauseTerms, analyze, key_wording, key_words};
use crate::vector::Vector;

/// The day before which an open span ends.
const NEVER: Day = Day(i32::MAX);

/// How a clause stands in the taxonomy: what it is filtered, faceted and compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vantage {
    /// Clause types, the main one first, or `untyped`.
    pub clause_types: Vec<String>,
    /// Categories given, else those of its types, else `untyped`.
    pub categories: Vec<String>,
}

impl Vantage {
    /// How a clause stands.
    #[must_use]
    pub fn of_clause(clause: &Clause, taxonomy: &Taxonomy) -> Self {
        let mut clause_types: Vec<String> = Vec::new();
        let all =
            clause.clause_type().into_iter().chain(clause.other_clause_types().iter().map(String::as_str));
        for id in all {
            if !clause_types.iter().any(|known| known == id) {
                clause_types.push(id.to_owned());
            }
        }
        let mut categories = match clause.given_categories().filter(|given| !given.is_empty()) {
            Some(given) => given.to_vec(),
            None => taxonomy.categories_of(clause_types.iter().map(String::as_str)),
        };
        if categories.is_empty() {
            categories.push(UNTYPED.to_owned());
        }
        if clause_types.is_empty() {
            clause_types.push(UNTYPED.to_owned());
        }
        Self { clause_types, categories }
    }
}

/// Makes the entry of a clause.
#[must_use]
pub fn make_entry(clause: &Clause, knowledge: &Knowledge) -> Entry {
    let mask = Mask::of_platform(&clause.platform);
    let vantage = Vantage::of_clause(clause, &knowledge.taxonomy);
    let (terms, profile) = read_clause(clause, &vantage, &mask, knowledge);
    let wording = key_wording(&clause.text, &mask);
    compose_entry(clause, knowledge, vantage, terms, profile, wording)
}

fn compose_entry(
    clause: &Clause,
    knowledge: &Knowledge,
    vantage: Vantage,
    terms: ClauseTerms,
    profile: Profile,
    wording: u64,
) -> Entry {
    let taxonomy = &*knowledge.taxonomy;
    let jurisdictions: BTreeSet<String> = clause
        .regulations()
        .iter()
        .filter_map(|id| taxonomy.regulation(id))
        .flat_map(|regulation| enclosing_jurisdictions(&regulation.jurisdiction))
        .collect();
    let language = clause.language().to_ascii_lowercase();
    let primary = primary_language(&language);
    let day = |date: &Option<String>| date.as_deref().and_then(Day::parse);
    Entry {
        id: clause.id.clone(),
        version: clause.version,
        terms,
        profile,
        platform: clause.platform.id.to_string(),
        severity: clause.severity(),
        categories: vantage.categories,
        clause_types: vantage.clause_types,
        document_type: clause.document.document_type.clone(),
        regulations: clause.regulations().to_vec(),
        jurisdictions: jurisdictions.into_iter().collect(),
        languages: if primary == language { vec![language] } else { vec![language, primary] },
        first_seen: day(&clause.given.observed.first_seen),
        last_seen: day(&clause.given.observed.last_seen),
        wording_day: clause.wording_day(),
        wording,
        stood: Vec::new(),
    }
}

/// Analyses a clause: its terms and its profile.
#[must_use]
pub fn read_clause(
    clause: &Clause,
    vantage: &Vantage,
    mask: &Mask,
    knowledge: &Knowledge,
) -> (ClauseTerms, Profile) {
    let language = clause.language().to_ascii_lowercase();
    let text = analyze(&clause.text, &language, mask);
    let title =
        clause.given.title.as_deref().map(|title| analyze(title, &language, mask)).unwrap_or_default();
    let vector = knowledge.vectors.make_vector(&clause.text, &text, &title, &language);
    let terms = ClauseTerms::of_tokens(text, title);
    let length = terms.length(knowledge.schema.title_factor());
    let profile = make_profile(clause, vantage, length, vector, knowledge);
    (terms, profile)
}

fn make_profile(
    clause: &Clause,
    vantage: &Vantage,
    length: u32,
    vector: Option<Vector>,
    knowledge: &Knowledge,
) -> Profile {
    let main = vantage.clause_types.first().map(String::as_str);
    let inferred = clause.inferred.types.iter().find(|found| Some(found.clause_type.as_str()) == main);
    let is_inferred = clause.inferred_fields().contains(&"clause_type");
    Profile {
        length,
        types: vantage.clause_types.iter().filter_map(|id| knowledge.taxonomy.place_of_type(id)).collect(),
        confidence: if is_inferred { inferred.and_then(|found| found.confidence).unwrap_or(0) } else { 100 },
        vector,
    }
}

/// Makes entries of many clauses: as [`make_entry`] does, but each word met is remembered, and what was
/// read is counted.
pub(super) struct EntryMaker<'a> {
    knowledge: &'a Knowledge,
    counter: Counter<'a>,
    masks: HashMap<PlatformId, NamedMask>,
}

/// A mask with the names that it hides.
struct NamedMask {
    name: String,
    parent: Option<String>,
    mask: Mask,
}

impl<'a> EntryMaker<'a> {
    /// Counts what it reads towards `sum`.
    pub(super) fn new(knowledge: &'a Knowledge, sum: &'a Mutex<Statistics>) -> Self {
        let counter = Counter::new(sum, knowledge.schema.title_factor());
        Self { knowledge, counter, masks: HashMap::new() }
    }

    /// Makes the entry of a clause.
    pub(super) fn make(&mut self, clause: &Clause) -> Entry {
        let Self { knowledge, counter, masks } = self;
        let platform = &clause.platform;
        let is_known = masks
            .get(&platform.id)
            .is_some_and(|known| known.name == platform.name && known.parent == platform.parent);
        if !is_known {
            let (name, parent) = (platform.name.clone(), platform.parent.clone());
            masks.insert(platform.id.clone(), NamedMask { name, parent, mask: Mask::of_platform(platform) });
        }
        let nothing = Mask::default();
        let mask = masks.get(&platform.id).map_or(&nothing, |known| &known.mask);
        let language = clause.language().to_ascii_lowercase();
        let reading = counter.read(&clause.text, clause.given.title.as_deref(), &language, mask);
        let Reading { lexicon, text, title, length } = &reading;
        let term = |place: &Place| lexicon.term(place.term);
        let vectors = &*knowledge.vectors;
        let vector = if vectors.reads(&language) {
            vectors.make_vector_of(text.len() + title.len(), |take| {
                let number =
                    |place: &Place| (place.range().start, term(place).map(|term| vectors.number(term)));
                let mut take = |step| take(step);
                walk_terms(text.iter().map(number), &split_sentences(&clause.text), &mut take);
                take(None);
                walk_terms(title.iter().map(number), &[], &mut take);
            })
        } else {
            None
        };
        let terms = ClauseTerms::of_terms(text.iter().map(term), title.iter().map(term));
        let words = text.iter().map(|place| (place.range(), lexicon.word(place.word)));
        let wording = key_words(&clause.text, words);
        let vantage = Vantage::of_clause(clause, &knowledge.taxonomy);
        let profile = make_profile(clause, &vantage, *length, vector, knowledge);
        compose_entry(clause, knowledge, vantage, terms, profile, wording)
    }
}

/// Makes the entries of a clause's wordings, live and past, for the index of the past. A wording
/// that stood at the end of no day has none.
#[must_use]
pub fn make_past_entries(history: &ClauseHistory, knowledge: &Knowledge) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(history.wordings.len());
    for clause in &history.wordings {
        let stood = list_days(clause, &history.spans);
        if let Some(&(from, _)) = stood.first() {
            entries.push(Entry { wording_day: from, stood, ..make_entry(clause, knowledge) });
        }
    }
    entries
}

/// The days on whose end a wording stood. Where nobody knows when it began, it is the day on which
/// it was recorded.
fn list_days(clause: &Clause, spans: &[Span]) -> Vec<(Day, Day)> {
    let day = |moment: &str| Day::parse(moment);
    spans
        .iter()
        .filter(|span| span.wording == clause.wording)
        .filter_map(|span| {
            let from = span.began_at.as_deref().and_then(day).or_else(|| day(&clause.recorded_at))?;
            let to = span.ended_at.as_deref().map_or(Some(NEVER), day)?;
            (from < to).then_some((from, to))
        })
        .collect()
}
