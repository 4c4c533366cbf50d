//! The reference: every clause scored in memory, in the plainest way.
//!
//! It is what the property tests hold other engines against; clarity comes before speed here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::answer::{
    Answer, AttributeCount, BEST_OF_PLATFORM, Contender, FacetCounts, Found, PlatformRow, SameWording,
};
use super::order::{compare_found, sort_key};
use super::question::{Filter, Membership, Phrase, Question, Window};
use super::{Engine, EngineError, Entry, IndexState, IndexWriter, PendingAnswer};
use crate::clause::ClauseId;
use crate::score::{GREATEST_SUM, ImpactTable, encode_length, share};
use crate::search_schema::SearchSchema;

/// A clause with what scoring needs of it.
#[derive(Debug)]
struct Held {
    entry: Entry,
    frequencies: HashMap<String, u32>,
    length_code: u8,
}

/// Entries by clause and version.
type Clauses = BTreeMap<(ClauseId, u64), Arc<Held>>;

#[derive(Debug)]
struct Snapshot {
    state: IndexState,
    clauses: Clauses,
    impacts: ImpactTable,
}

/// The naive engine. Its index is the memory of one process.
#[derive(Debug)]
pub struct NaiveEngine {
    schema: Arc<SearchSchema>,
    snapshots: RwLock<BTreeMap<u64, Arc<Snapshot>>>,
}

impl NaiveEngine {
    /// An engine that holds nothing yet.
    #[must_use]
    pub fn new(schema: Arc<SearchSchema>) -> Self {
        Self { schema, snapshots: RwLock::default() }
    }

    fn newest(&self) -> Option<Arc<Snapshot>> {
        let snapshots = self.snapshots.read().unwrap_or_else(PoisonError::into_inner);
        snapshots.last_key_value().map(|(_, snapshot)| Arc::clone(snapshot))
    }
}

impl Engine for NaiveEngine {
    fn name(&self) -> &'static str {
        "naive"
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn open_newest(&self) -> Result<Option<IndexState>, EngineError> {
        Ok(self.newest().map(|snapshot| snapshot.state.clone()))
    }

    fn release(&self, generation: u64) {
        self.snapshots.write().unwrap_or_else(PoisonError::into_inner).remove(&generation);
    }

    fn begin(&self, rebuild: bool) -> Result<Box<dyn IndexWriter + '_>, EngineError> {
        let clauses = match self.newest() {
            Some(snapshot) if !rebuild => snapshot.clauses.clone(),
            _ => BTreeMap::new(),
        };
        Ok(Box::new(NaiveWriter { engine: self, clauses }))
    }

    fn answer<'a>(&'a self, question: &'a Question) -> PendingAnswer<'a> {
        Box::pin(async move {
            let generation = question.generation;
            let snapshots = self.snapshots.read().unwrap_or_else(PoisonError::into_inner);
            let snapshot = snapshots.get(&generation).map(Arc::clone);
            drop(snapshots);
            snapshot.ok_or(EngineError::GenerationGone { generation })?.answer(question)
        })
    }
}

struct NaiveWriter<'a> {
    engine: &'a NaiveEngine,
    clauses: Clauses,
}

impl NaiveWriter<'_> {
    fn add(&mut self, entry: Entry) {
        let factor = self.engine.schema.title_factor();
        let frequencies = entry.terms.frequencies(factor);
        let held = Held {
            frequencies: frequencies.into_iter().map(|(term, count)| (term.to_owned(), count)).collect(),
            length_code: encode_length(entry.terms.length(factor)),
            entry,
        };
        self.clauses.insert((held.entry.id.clone(), held.entry.version), Arc::new(held));
    }
}

impl IndexWriter for NaiveWriter<'_> {
    fn put(&mut self, entry: Entry) -> Result<(), EngineError> {
        self.put_wordings(&entry.id.clone(), vec![entry])
    }

    fn put_wordings(&mut self, id: &ClauseId, entries: Vec<Entry>) -> Result<(), EngineError> {
        self.remove(id)?;
        for entry in entries {
            self.add(entry);
        }
        Ok(())
    }

    fn remove(&mut self, id: &ClauseId) -> Result<(), EngineError> {
        let of_clause = (id.clone(), 0)..=(id.clone(), u64::MAX);
        let versions: Vec<_> = self.clauses.range(of_clause).map(|(key, _)| key.clone()).collect();
        for key in versions {
            self.clauses.remove(&key);
        }
        Ok(())
    }

    fn commit(self: Box<Self>, state: IndexState) -> Result<(), EngineError> {
        let impacts = ImpactTable::new(self.engine.schema.impact, state.clauses, state.total_length);
        let snapshot = Snapshot { clauses: self.clauses, impacts, state };
        let mut snapshots = self.engine.snapshots.write().unwrap_or_else(PoisonError::into_inner);
        snapshots.insert(snapshot.state.generation, Arc::new(snapshot));
        Ok(())
    }
}

/// A clause that passes everything but, perhaps, some filters.
struct Candidate<'a> {
    held: &'a Held,
    found: Found,
    failed: Vec<&'a Filter>,
}

impl Snapshot {
    fn answer(&self, question: &Question) -> Result<Answer, EngineError> {
        let deadline = question.time_limit.map(|limit: Duration| Instant::now() + limit);
        let mut candidates = Vec::new();
        for held in self.clauses.values() {
            if deadline.is_some_and(|deadline| Instant::now() > deadline) {
                return Err(EngineError::Deadline);
            }
            candidates.extend(self.judge(held, question));
        }
        let facets = question.facets.iter().map(|&facet| count_facet(&candidates, facet)).collect();
        let mut members: Vec<Found> = candidates
            .into_iter()
            .filter(|candidate| candidate.failed.is_empty())
            .map(|candidate| candidate.found)
            .collect();
        members.sort_by(compare_found);
        count_wordings(&mut members);

        let mut rows: BTreeMap<&str, PlatformRow> = BTreeMap::new();
        for member in &members {
            let row = rows.entry(&member.platform).or_insert_with(|| PlatformRow {
                platform: member.platform.clone(),
                members: 0,
                best: Vec::new(),
            });
            row.members += 1;
            if row.best.len() < BEST_OF_PLATFORM {
                row.best.push(member.clone());
            }
        }
        let platforms = rows.len() as u64;
        let mut table: Vec<PlatformRow> = rows.into_values().collect();
        table.sort_by(|one, two| match (one.best.first(), two.best.first()) {
            (Some(one), Some(two)) => compare_found(one, two),
            (one, two) => one.is_none().cmp(&two.is_none()),
        });
        let clauses = members.len() as u64;
        let (window, rest) = split_window(members, &table, question.window);
        let (skip, take) = question.page.past(window.len());
        Ok(Answer {
            clauses,
            platforms,
            window: window.into_iter().map(|found| self.give_profile(found)).collect(),
            hits: rest.into_iter().skip(skip).take(take).collect(),
            table: if question.platforms { table } else { Vec::new() },
            facets,
        })
    }

    fn give_profile(&self, found: Found) -> Contender {
        let held = self.clauses.get(&(found.id.clone(), found.version));
        Contender { profile: held.map(|held| held.entry.profile.clone()).unwrap_or_default(), found }
    }

    fn judge<'a>(&self, held: &'a Held, question: &'a Question) -> Option<Candidate<'a>> {
        let entry = &held.entry;
        if question.left_out.contains(&entry.platform)
            || !question.phrases.iter().all(|phrase| holds_phrase(entry, phrase))
            || question.exclusions.iter().any(|phrase| holds_phrase(entry, phrase))
        {
            return None;
        }
        let (mut similarity, mut weight_held) = (0, 0);
        for slot in &question.slots {
            let impact = slot
                .terms
                .iter()
                .filter_map(|term| held.frequencies.get(term))
                .map(|&frequency| self.impacts.impact(frequency, held.length_code))
                .max();
            if let Some(impact) = impact {
                similarity += slot.weight * impact;
                weight_held += slot.weight;
            }
        }
        let (sum, held_of_it) = match &question.membership {
            Membership::All => (similarity, weight_held),
            Membership::Search { least_held } => {
                if weight_held < *least_held {
                    return None;
                }
                (similarity, weight_held)
            }
            Membership::Comparables {
                self_similarity,
                guard,
                least_sum,
                rule,
                agreement,
                vector,
                wording,
            } => {
                let share = share(similarity, *self_similarity);
                if similarity == 0 || share < *guard {
                    return None;
                }
                let agreed: u32 = agreement
                    .iter()
                    .filter(|agreement| has_any(entry, agreement.attribute, &agreement.values))
                    .map(|agreement| agreement.weight)
                    .sum();
                let vectors = vector.as_ref().zip(entry.profile.vector.as_ref());
                let closeness = vectors.map(|(one, other)| one.closeness_to(other));
                let sum =
                    if entry.wording == *wording { GREATEST_SUM } else { rule.sum(share, closeness, agreed) };
                if sum < *least_sum {
                    return None;
                }
                (sum, share)
            }
        };
        let failed: Vec<&Filter> =
            question.filters.iter().filter(|filter| !entry.meets(&filter.condition)).collect();
        Some(Candidate {
            held,
            failed,
            found: Found {
                id: entry.id.clone(),
                version: entry.version,
                platform: entry.platform.clone(),
                severity: entry.severity,
                sort_key: sort_key(question.sort, entry.severity, entry.wording_day),
                sum,
                held: held_of_it,
                wording: entry.wording,
                same_wording: SameWording::default(),
            },
        })
    }
}

/// Members in the window, and the others, both in order.
fn split_window(
    members: Vec<Found>,
    table: &[PlatformRow],
    window: Option<Window>,
) -> (Vec<Found>, Vec<Found>) {
    let first: BTreeSet<(ClauseId, u64)> = match window {
        None => BTreeSet::new(),
        Some(Window::Members(count)) => members.iter().take(count).map(Found::key).collect(),
        Some(Window::Platforms(count)) => {
            table.iter().take(count).flat_map(|row| &row.best).map(Found::key).collect()
        }
    };
    members.into_iter().partition(|member| first.contains(&member.key()))
}

fn has_any(entry: &Entry, attribute: super::Attribute, values: &[String]) -> bool {
    entry.values(attribute).iter().any(|value| values.iter().any(|wanted| wanted == value))
}

fn holds_phrase(entry: &Entry, phrase: &Phrase) -> bool {
    !phrase.is_empty()
        && [entry.terms.text().collect::<Vec<_>>(), entry.terms.title().collect()].iter().any(|terms| {
            terms.windows(phrase.len()).any(|window| {
                window
                    .iter()
                    .zip(phrase)
                    .all(|(term, wanted)| term.is_some_and(|term| wanted.iter().any(|one| one == term)))
            })
        })
}

fn count_facet(candidates: &[Candidate<'_>], facet: super::Facet) -> FacetCounts {
    let mut counts: BTreeMap<&str, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for candidate in candidates {
        if candidate.failed.iter().all(|filter| filter.lifted_by == Some(facet)) {
            for value in candidate.held.entry.values(facet) {
                let (clauses, platforms) = counts.entry(value).or_default();
                *clauses += 1;
                platforms.insert(&candidate.held.entry.platform);
            }
        }
    }
    let mut values: Vec<AttributeCount> = counts
        .into_iter()
        .map(|(value, (clauses, platforms))| AttributeCount {
            value: value.to_owned(),
            platforms: platforms.len() as u64,
            clauses,
        })
        .collect();
    values.sort_by(|one, two| two.clauses.cmp(&one.clauses).then_with(|| one.value.cmp(&two.value)));
    FacetCounts { facet, values }
}

fn count_wordings(members: &mut [Found]) {
    let mut counts: HashMap<u64, (u64, BTreeSet<String>)> = HashMap::new();
    for member in members.iter() {
        let (clauses, platforms) = counts.entry(member.wording).or_default();
        *clauses += 1;
        platforms.insert(member.platform.clone());
    }
    for member in members.iter_mut() {
        if let Some((clauses, platforms)) = counts.get(&member.wording) {
            member.same_wording = SameWording { platforms: platforms.len() as u64, clauses: *clauses };
        }
    }
}
