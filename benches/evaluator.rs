//! Whole answers in process and the engine's part of them, one question after the other.
//!
//! `CROSSCLAUSE_BENCH_DATA` names a data directory; without it nothing is measured, and it says so.
//! `CROSSCLAUSE_BENCH_QUESTIONS` says how many clauses are asked for (200 unless told), spread evenly
//! over the collection. Every question is asked four times and the fastest of the last three counts:
//! what is measured is the work, not the noise of the machine or the first reading of files.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "a test says what must hold")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crossclause::answer::{Desk, Params, Source};
use crossclause::collection::{Collection, EngineChoice, Knowledge};

fn tell(what: &str, milliseconds: &mut [f64]) {
    milliseconds.sort_by(f64::total_cmp);
    let of = |share: usize| milliseconds[(milliseconds.len() - 1) * share / 100];
    println!("{what:30} p50 {:8.3} ms  p95 {:8.3}  p99 {:8.3}", of(50), of(95), of(99));
}

/// The fastest of three turns after one that warms, in milliseconds.
fn time<T>(mut work: impl FnMut() -> T) -> f64 {
    let turns = (0..4).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(work());
        begun.elapsed().as_secs_f64() * 1000.0
    });
    turns.skip(1).fold(f64::INFINITY, f64::min)
}

fn main() {
    let Some(directory) = std::env::var_os("CROSSCLAUSE_BENCH_DATA") else {
        println!("SKIPPED: CROSSCLAUSE_BENCH_DATA names no data directory");
        return;
    };
    let questions: usize = std::env::var("CROSSCLAUSE_BENCH_QUESTIONS")
        .map_or(200, |number| number.parse().expect("CROSSCLAUSE_BENCH_QUESTIONS is a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begun = Instant::now();
    let knowledge = Knowledge::bundled().expect("sound");
    let collection =
        Collection::open(Path::new(&directory), EngineChoice::Tantivy, knowledge, true).expect("opened");
    collection.synchronize().expect("in step");
    let desk = Desk::new(Arc::new(collection));
    println!("opened in {:.3} s", begun.elapsed().as_secs_f64());
    let generation = desk.collection().store().newest_generation().expect("a generation").number;
    let store = desk.collection().store();
    let ids: Vec<String> = {
        let (mut ids, mut after) = (Vec::new(), 0);
        loop {
            let batch = store.bare_clauses(generation, after, 10_000).expect("readable");
            let Some((last, _)) = batch.last() else { break ids };
            after = *last;
            ids.extend(batch.into_iter().map(|(_, clause)| clause.id.to_string()));
        }
    };
    let step = (ids.len() / questions).max(1);
    let asked: Vec<&str> = ids.iter().step_by(step).take(questions).map(String::as_str).collect();
    println!("{} clauses, {} questions", ids.len(), asked.len());

    let (mut engine, mut whole, mut filtered) = (Vec::new(), Vec::new(), Vec::new());
    let (mut members, mut platforms, mut none) = (Vec::new(), Vec::new(), 0);
    let severe = || {
        Params::new(
            [("severity", "high"), ("severity", "medium"), ("language", "en")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
    };
    let nothing = || Params::new(std::iter::empty::<(String, String)>());
    for id in &asked {
        let question = desk.pose_comparables(Source::Clause(id), nothing()).expect("a question");
        engine
            .push(time(|| runtime.block_on(desk.collection().engine().answer(&question)).expect("answered")));
        whole.push(time(|| {
            runtime.block_on(desk.find_comparables(Source::Clause(id), nothing())).expect("answered")
        }));
        filtered.push(time(|| {
            runtime.block_on(desk.find_comparables(Source::Clause(id), severe())).expect("answered")
        }));
        let answer = runtime.block_on(desk.collection().engine().answer(&question)).expect("answered");
        members.push(f64::from(u32::try_from(answer.clauses).unwrap()));
        platforms.push(f64::from(u32::try_from(answer.platforms).unwrap()));
        none += usize::from(answer.clauses == 0);
    }
    members.sort_by(f64::total_cmp);
    platforms.sort_by(f64::total_cmp);
    println!(
        "members p50 {} p95 {}, platforms p50 {} p95 {}, without any: {none}",
        members[members.len() / 2],
        members[members.len() * 95 / 100],
        platforms[platforms.len() / 2],
        platforms[platforms.len() * 95 / 100]
    );
    tell("engine", &mut engine);
    tell("whole answer", &mut whole);
    tell("whole answer, two filters", &mut filtered);
}
