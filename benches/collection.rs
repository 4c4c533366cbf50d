//! Ingest, search and comparables on a real collection, and on a large one recombined from its
//! sentences.
//!
//! `CROSSCLAUSE_BENCH_REPOSITORY` names a clone of an Open Terms Archive collection; without it
//! everything is skipped, loudly. `CROSSCLAUSE_BENCH_CLAUSES` says how many clauses the recombined
//! collection has (1,000,000 unless told; 0 for none); it is made once and kept in `target`.

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
use crossclause::text::sentence::split_sentences;
use crossclause::text::term::analyze;
use crossclause::vector::VectorTable;
use serde_json::{Value, json};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, Term};
use tokio::runtime::Runtime;

/// How many queries a benchmark goes round.
const QUERIES: usize = 200;

/// Platforms of the recombined collection.
const PLATFORMS: u64 = 384;

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

/// A record of as many sentences as some clause has, each from anywhere in the collection.
fn recombine(clauses: &[Clause], sentences: &[String], number: u64, random: &mut Random) -> Value {
    let model = &clauses[random.below(clauses.len() as u64) as usize];
    let count = split_sentences(&model.text).len();
    let parts: Vec<&str> =
        (0..count).map(|_| sentences[random.below(sentences.len() as u64) as usize].trim()).collect();
    let platform = random.below(PLATFORMS);
    let text: String = parts.join(" ").chars().take(3_000).collect();
    json!({
        "id": format!("r{number}"),
        "platform": {"id": format!("p{platform}"), "name": format!("Platform{platform}")},
        "document": {"id": format!("p{platform}.d{}", number % 5), "title": "Recombined"},
        "language": "en",
        "title": model.given.title,
        "text": if text.trim().is_empty() { "Nothing.".to_owned() } else { text },
    })
}

fn make_large(directory: &Path, clauses: &[Clause], size: u64) -> Collection {
    let marker = directory.join("complete");
    let collection = open(directory);
    if marker.exists() {
        return collection;
    }
    let sentences: Vec<String> = clauses
        .iter()
        .flat_map(|clause| {
            split_sentences(&clause.text).into_iter().map(|range| clause.text[range].to_owned())
        })
        .collect();
    let begin = Instant::now();
    let mut random = Random(7);
    put_all(&collection, (0..size).map(|number| recombine(clauses, &sentences, number, &mut random)));
    eprintln!("ingest of {size} recombined clauses: {:.1} s", begin.elapsed().as_secs_f64());
    std::fs::write(marker, "").expect("written");
    collection
}

/// The middle and the 95th of a hundred, in milliseconds.
fn tell(what: &str, mut milliseconds: Vec<f64>) -> f64 {
    milliseconds.sort_by(f64::total_cmp);
    let middle = milliseconds[milliseconds.len() / 2];
    eprintln!("{what}: median {middle:.3} ms, p95 {:.3} ms", milliseconds[milliseconds.len() * 95 / 100]);
    middle
}

fn time<T>(milliseconds: &mut Vec<f64>, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = black_box(work());
    milliseconds.push(begin.elapsed().as_secs_f64() * 1000.0);
    done
}

/// What tantivy takes by itself, on the same index, for the first ten clauses with any of a clause's
/// terms; in turns with the whole answer of ours, and with the facets of a page on top.
fn compare_with_stock(desk: &Desk, clauses: &[&Clause], runtime: &Runtime) {
    let index = Index::open_in_dir(desk.collection().directory().join("index")).expect("an index");
    let terms = index.schema().get_field("terms").expect("the terms");
    let searcher = index.reader().expect("a reader").searcher();
    let (mut stock, mut whole, mut facetted) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        for clause in clauses {
            let title = clause.given.title.as_deref().unwrap_or_default();
            let text = format!("{title}. {}", clause.text);
            let tokens = analyze(&text, clause.language(), &Mask::default());
            let distinct: std::collections::BTreeSet<String> =
                tokens.into_iter().filter_map(|token| token.term.map(|term| term.to_string())).collect();
            time(&mut stock, || {
                let any = distinct.iter().map(|term| -> Box<dyn Query> {
                    let term = Term::from_field_text(terms, term);
                    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
                });
                let query = BooleanQuery::union(any.collect());
                searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).expect("found")
            });
            let ask = |milliseconds: &mut Vec<f64>, facets: &str| {
                let params = Params::new([("facets".to_owned(), facets.to_owned())]);
                let params = if facets.is_empty() { Params::new(std::iter::empty()) } else { params };
                time(milliseconds, || {
                    let source = Source::Clause(clause.id.as_str());
                    runtime.block_on(desk.find_comparables(source, params)).expect("an answer")
                });
            };
            ask(&mut whole, "");
            ask(&mut facetted, "category,severity,clause_type,document_type,language,platform");
        }
    }
    let stock = tell("tantivy by itself, any of the terms, first ten", stock);
    let whole = tell("the whole answer", whole);
    let facetted = tell("the whole answer with six facets", facetted);
    eprintln!("ratios: {:.2}, with facets {:.2}", whole / stock, facetted / stock);
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
    let asked: Vec<&Clause> =
        sources.iter().filter_map(|id| own.iter().find(|clause| clause.id.as_str() == id)).collect();
    compare_with_stock(&desk, &asked, &runtime);
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

    let size: u64 = std::env::var("CROSSCLAUSE_BENCH_CLAUSES")
        .ok()
        .and_then(|size| size.parse().ok())
        .unwrap_or(1_000_000);
    if size > 0 {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        let large = make_large(&target.join(format!("bench-{size}")), &clauses, size);
        let mut group = criterion.benchmark_group(format!("{size} clauses"));
        group.sample_size(20).measurement_time(Duration::from_secs(30));
        bench_questions(&mut group, large, &clauses);
        group.finish();
    }
}

criterion_group!(benches, bench_collections);
criterion_main!(benches);
