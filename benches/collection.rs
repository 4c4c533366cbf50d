//! Parts, ingest, search and comparables on a real collection.
//!
//! `CROSSCLAUSE_BENCH_REPOSITORY` names a clone of an Open Terms Archive collection; without it
//! everything is skipped, loudly. Whole answers of a collection of any size are timed by `evaluator`.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "a test says what must hold")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use crossclause::answer::{Desk, Params, Source};
use crossclause::clause::Clause;
use crossclause::collection::{Collection, CollectionError, EngineChoice, Knowledge};
use crossclause::import::open_terms_archive::{ArchiveOptions, import_repository};
use crossclause::ingest::RecordChecker;
use crossclause::profile::Profile;
use crossclause::rank::{Candidate, RankingSchema, rank_candidates};
use crossclause::taxonomy::Companies;
use crossclause::text::mask::Mask;
use crossclause::text::term::analyze;
use crossclause::vector::VectorTable;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How many queries a benchmark goes round.
const QUERIES: usize = 200;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

fn open(directory: &Path) -> Collection {
    let knowledge = Knowledge::bundled().expect("sound");
    Collection::open(directory, EngineChoice::Tantivy, knowledge, true).expect("opened")
}

fn read_clauses(collection: &Collection) -> Vec<Clause> {
    let generation = collection.store().newest_generation().expect("a generation").number;
    let mut clauses = Vec::new();
    let mut after = 0;
    loop {
        let batch = collection.store().live_clauses(generation, after, 5_000).expect("readable");
        let Some((last, _)) = batch.last() else { return clauses };
        after = *last;
        clauses.extend(batch.into_iter().map(|(_, clause)| clause));
    }
}

fn put_all(collection: &Collection, records: impl Iterator<Item = Value>) {
    let checker = RecordChecker::new(collection.taxonomy()).expect("sound");
    collection
        .write(|unit| -> Result<(), CollectionError> {
            for record in records {
                unit.put(checker.check(record).expect("sound"))?.expect("taken");
            }
            Ok(())
        })
        .expect("written");
}

/// Vectors of clauses, and a full window.
fn bench_parts(criterion: &mut Criterion, clauses: &[Clause]) {
    let table = VectorTable::bundled().expect("sound");
    let read: Vec<_> = clauses
        .iter()
        .take(2_000)
        .map(|clause| (clause, analyze(&clause.text, "en", &Mask::default())))
        .collect();
    let profiles: Vec<Profile> = read
        .iter()
        .map(|(clause, tokens)| Profile {
            length: u32::try_from(tokens.len()).unwrap_or(0),
            vector: table.make_vector(&clause.text, tokens, &[], "en"),
            ..Profile::default()
        })
        .collect();
    let mut group = criterion.benchmark_group("parts");
    group.throughput(Throughput::Elements(read.len() as u64));
    group.bench_function("terms of 2000 clauses", |bencher| {
        bencher.iter(|| {
            for (clause, _) in &read {
                black_box(analyze(&clause.text, "en", &Mask::default()));
            }
        });
    });
    group.bench_function("vectors of 2000 clauses from their terms", |bencher| {
        bencher.iter(|| {
            for (clause, tokens) in &read {
                black_box(table.make_vector(&clause.text, tokens, &[], "en"));
            }
        });
    });
    let platforms: Vec<String> = (0..200).map(|number| format!("p{number}")).collect();
    let candidates: Vec<Candidate<'_>> = profiles
        .iter()
        .take(600)
        .enumerate()
        .map(|(at, profile)| Candidate { share: 20_000, platform: Some(&platforms[at / 3]), profile })
        .collect();
    let weights = RankingSchema::bundled().expect("sound").comparables;
    group.throughput(Throughput::Elements(600));
    group.bench_function("the order of a full window of 600", |bencher| {
        bencher.iter(|| black_box(rank_candidates(&profiles[700], &candidates, &weights, |share| share)));
    });
    group.finish();
}

fn bench_questions(group: &mut BenchmarkGroup<'_, WallTime>, collection: Collection, clauses: &[Clause]) {
    let begin = Instant::now();
    collection.synchronize().expect("in step");
    eprintln!("opening: {:.2} s", begin.elapsed().as_secs_f64());
    let runtime = Runtime::new().expect("a runtime");
    let own: Vec<Clause> = {
        let generation = collection.store().newest_generation().expect("a generation").number;
        let batch = collection.store().live_clauses(generation, 0, 20_000).expect("readable");
        batch.into_iter().map(|(_, clause)| clause).collect()
    };
    let desk = Desk::new(Arc::new(collection));
    let mut random = Random(11);
    let sources: Vec<String> =
        (0..QUERIES).map(|_| own[random.below(own.len() as u64) as usize].id.to_string()).collect();
    let queries: Vec<String> = (0..QUERIES)
        .map(|_| {
            let text = &clauses[random.below(clauses.len() as u64) as usize].text;
            let words: Vec<&str> = text.split_whitespace().filter(|word| word.len() > 4).collect();
            let at = random.below(words.len() as u64) as usize;
            words.iter().cycle().skip(at).take(3.min(words.len())).copied().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let pairs =
        |pairs: &[(&str, &str)]| Params::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    let mut turn = 0;
    group.bench_function("comparables", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let source = Source::Clause(&sources[turn % QUERIES]);
            black_box(runtime.block_on(desk.find_comparables(source, pairs(&[]))).expect("an answer"))
        });
    });
    group.bench_function("comparables, two filters", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let source = Source::Clause(&sources[turn % QUERIES]);
            let params = pairs(&[("severity", "low"), ("severity", "medium"), ("exclude_platform", "p1")]);
            let params = if desk.newest().expect("one").platforms.contains_key("p1") {
                params
            } else {
                pairs(&[("severity", "low"), ("severity", "medium"), ("language", "en")])
            };
            black_box(runtime.block_on(desk.find_comparables(source, params)).expect("an answer"))
        });
    });
    group.bench_function("search", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let params = pairs(&[("q", &queries[turn % QUERIES])]);
            black_box(runtime.block_on(desk.search(params)).expect("an answer"))
        });
    });
}

fn bench_ingest(criterion: &mut Criterion, clauses: &[Clause]) {
    let records: Vec<Value> = clauses
        .iter()
        .take(2_000)
        .map(|clause| {
            json!({
                "id": clause.id, "platform": clause.platform, "document": clause.document,
                "language": clause.language(), "title": clause.given.title, "text": clause.text,
            })
        })
        .collect();
    let mut group = criterion.benchmark_group("ingest");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(20))
        .throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("2000 clauses into an empty collection", |bencher| {
        bencher.iter_with_setup(
            || tempfile::tempdir().expect("a directory"),
            |directory| {
                put_all(&open(directory.path()), records.iter().cloned());
                directory
            },
        );
    });
    group.finish();
}

fn bench_collections(criterion: &mut Criterion) {
    let Some(repository) = std::env::var_os("CROSSCLAUSE_BENCH_REPOSITORY").map(PathBuf::from) else {
        eprintln!("SKIPPED: CROSSCLAUSE_BENCH_REPOSITORY names no clone of an Open Terms Archive collection");
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let real = open(directory.path());
    let begin = Instant::now();
    let report = import_repository(
        &real,
        &repository,
        &Companies::bundled().expect("sound"),
        ArchiveOptions::default(),
        &real.directory().join("rejects.ndjson"),
    )
    .expect("imported");
    eprintln!("import of {} clauses: {:.1} s", report.clauses, begin.elapsed().as_secs_f64());
    let clauses = read_clauses(&real);
    bench_parts(criterion, &clauses);
    bench_ingest(criterion, &clauses);
    let mut group = criterion.benchmark_group(format!("{} clauses", clauses.len()));
    bench_questions(&mut group, real, &clauses);
    group.finish();
}

criterion_group!(benches, bench_collections);
criterion_main!(benches);
