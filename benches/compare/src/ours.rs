//! Crossclause: the engine behind its seam, and whole answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use crossclause::answer::{ComparablesAnswer, Desk, Params, Source};
use crossclause::collection::{Collection, EngineChoice, Knowledge};
use crossclause::engine::{Answer, Membership, Question};
use crossclause::score::{WeightedTerm, measure_source};
use tokio::runtime::{Builder, Runtime};

use crate::timing::{Stopwatch, Told};
use crate::work::{Asked, FEW_TERMS, Work};

/// How many cards are compared.
const FIRST: usize = 10;

/// Opens a collection.
///
/// # Errors
/// If there is none.
pub fn open(data: &Path) -> Result<Arc<Collection>> {
    let collection = Collection::open(data, EngineChoice::Tantivy, Knowledge::bundled()?, false)?;
    collection.synchronize()?;
    collection.warm_up();
    Ok(Arc::new(collection))
}

/// How the engine is asked.
#[derive(Clone, Copy)]
struct Way {
    /// With the 25 heaviest terms, else all.
    few: bool,
    /// Without guard and floor: all that share a term, as the others count.
    floor_off: bool,
    /// Only the best of each platform: no facets, window, closeness or agreement.
    loop_only: bool,
    filtered: bool,
}

/// Measures everything.
///
/// # Errors
/// If a question fails.
pub fn measure(work: &Work, data: &Path, seconds: f64) -> Result<()> {
    let collection = open(data)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut stopwatch = Stopwatch::new("crossclause", work, seconds)?;
    let plain = Way { few: false, floor_off: false, loop_only: false, filtered: false };
    let few_open = Way { few: true, floor_off: true, ..plain };
    let all_open = Way { floor_off: true, ..plain };
    let ways = [
        ("members-all", plain),
        ("members-all-filtered", Way { filtered: true, ..plain }),
        ("loop-25", Way { few: true, loop_only: true, ..plain }),
        ("full-25", few_open),
        ("full-all", all_open),
        ("filtered-25", Way { filtered: true, ..few_open }),
        ("filtered-all", Way { filtered: true, ..all_open }),
    ];
    let terms = read_sources(work)?;
    for (mode, way) in ways {
        let questions: BTreeMap<&str, Question> = work
            .asked
            .iter()
            .map(|asked| Ok((asked.id.as_str(), pose(work, &collection, asked, &terms, way)?)))
            .collect::<Result<_>>()?;
        stopwatch.measure(
            mode,
            |asked| {
                let question = questions.get(asked.id.as_str()).context("posed before")?;
                Ok((runtime.block_on(collection.engine().answer(question))?, None))
            },
            |answer| Ok(tell_answer(&answer)),
        )?;
    }
    let open: &[(&str, &str)] = &[("min_score", "0")];
    for answers in
        [("answer", &[][..], false), ("answer-filtered", &[], true), ("answer-floor-off", open, false)]
    {
        measure_answers(&mut stopwatch, work, &collection, &runtime, answers)?;
    }
    Ok(())
}

/// Whole answers of ten cards. Every pass asks a desk of its own, so that no answer is a kept one.
fn measure_answers(
    stopwatch: &mut Stopwatch<'_>,
    work: &Work,
    collection: &Arc<Collection>,
    runtime: &Runtime,
    (mode, pairs, filtered): (&str, &[(&str, &str)], bool),
) -> Result<()> {
    let mut desk = Desk::new(Arc::clone(collection));
    let first = work.asked.first().map(|asked| asked.id.clone()).unwrap_or_default();
    stopwatch.measure(
        mode,
        |asked| {
            if asked.id == first {
                desk = Desk::new(Arc::clone(collection));
            }
            let params = Params::new(list_pairs(work, pairs, filtered));
            let answer = runtime.block_on(desk.find_comparables(Source::Clause(&asked.id), params))?;
            Ok((answer, None))
        },
        |answer| Ok(tell_cards(&answer)),
    )
}

fn list_pairs(work: &Work, pairs: &[(&str, &str)], filtered: bool) -> Vec<(String, String)> {
    let filters = work.categories.iter().map(|value| ("category".to_owned(), value.clone()));
    let filters = filters.chain(work.severities.iter().map(|value| ("severity".to_owned(), value.clone())));
    let given = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    given.chain(filters.filter(|_| filtered)).collect()
}

/// The source's terms in order, by its id.
fn read_sources(work: &Work) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(work.path.join("queries.tsv"))?;
    Ok(text
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            Some((parts.next()?.to_owned(), parts.nth(2)?.to_owned()))
        })
        .collect())
}

fn pose(
    work: &Work,
    collection: &Arc<Collection>,
    asked: &Asked,
    sources: &BTreeMap<String, String>,
    way: Way,
) -> Result<Question> {
    let desk = Desk::new(Arc::clone(collection));
    let open: &[(&str, &str)] = if way.floor_off { &[("min_score", "0")] } else { &[] };
    let params = Params::new(list_pairs(work, open, way.filtered));
    let mut question = desk.pose_comparables(Source::Clause(&asked.id), params)?;
    question.time_limit = None;
    if way.few {
        question.slots.truncate(FEW_TERMS);
        let terms: Vec<WeightedTerm> = question
            .slots
            .iter()
            .filter_map(|slot| Some(WeightedTerm { term: slot.terms.first()?.clone(), weight: slot.weight }))
            .collect();
        let source = sources.get(&asked.id).context("a source of every question")?;
        let mut frequencies: BTreeMap<&str, u32> = BTreeMap::new();
        for term in source.split(' ') {
            *frequencies.entry(term).or_default() += 1;
        }
        let length = source.split(' ').count() as u32;
        let own = measure_source(&terms, &frequencies, length, &desk.newest()?.impacts);
        if let Membership::Comparables { self_similarity, .. } = &mut question.membership {
            *self_similarity = own;
        }
    }
    if way.loop_only {
        question.facets.clear();
        question.window = None;
        if let Membership::Comparables { agreement, vector, .. } = &mut question.membership {
            agreement.clear();
            *vector = None;
        }
    }
    Ok(question)
}

fn tell_answer(answer: &Answer) -> Told {
    let best = answer.table.iter().filter_map(|row| row.best.first());
    let mut told = Told {
        ids: best.take(FIRST).map(|found| found.id.to_string()).collect(),
        counts: Some((answer.clauses, answer.platforms)),
        ..Told::default()
    };
    for facet in &answer.facets {
        for value in &facet.values {
            told.count(facet.facet.as_str(), &value.value, value.clauses, value.platforms);
        }
    }
    told
}

fn tell_cards(answer: &ComparablesAnswer) -> Told {
    let cards = answer.cards.iter().flatten();
    Told {
        ids: cards.take(FIRST).map(|card| card.clause.id.clone()).collect(),
        counts: Some((answer.counts.clauses, answer.counts.platforms)),
        ..Told::default()
    }
}
