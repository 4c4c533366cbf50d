//! Every list, paged through under random filters: no entry twice or missing, and counts that reconcile
//! with every other place that states the same number.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};
use serde_json::Value;

use crate::app::TestApp;

/// How many questions are asked.
const CASES: u32 = 48;

/// Entries of a list, told apart by what stands at these places of each.
fn check_whole(path: &str, entries: &[Value], key: &str) -> usize {
    let ids: BTreeSet<String> =
        entries.iter().map(|entry| entry.pointer(key).expect(key).to_string()).collect();
    assert_eq!(ids.len(), entries.len(), "{path}: an entry comes twice");
    ids.len()
}

fn number(value: &Value, pointer: &str) -> usize {
    let number = value.pointer(pointer).and_then(Value::as_u64);
    usize::try_from(number.unwrap_or_else(|| panic!("no {pointer} in {value}"))).expect("it fits")
}

/// The sum of a column over rows, and how many rows there are.
fn total(rows: &Value, column: &str) -> usize {
    rows.as_array().expect("rows").iter().map(|row| number(row, &format!("/{column}"))).sum()
}

async fn check_rows(app: &TestApp, path: &str, expected: usize) {
    let answer = app.get(path).await;
    assert_eq!(answer.header("x-total-rows"), expected.to_string(), "{path}: {}", answer.text());
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    assert_eq!(reader.records().filter(Result::is_ok).count(), expected, "{path}");
}

/// What is asked: a path without paging, and how many entries a page has.
#[derive(Debug, Clone)]
struct Asked {
    filters: String,
    query: &'static str,
    source: usize,
    limit: usize,
}

fn asked() -> impl Strategy<Value = Asked> {
    let severity = subsequence(vec!["high", "medium", "low", "unrated"], 0..=2);
    let category =
        subsequence(vec!["data-use", "dispute-resolution", "ai-and-automated-decisions", "untyped"], 0..=2);
    let language = subsequence(vec!["en", "de"], 0..=1);
    let query = select(vec![
        "",
        "arbitration",
        "data training",
        "\"class actions\"",
        "refund -days",
        "severity:high terms",
    ]);
    (severity, category, language, query, 0_usize..1_000, 1_usize..=40).prop_map(
        |(severity, category, language, query, source, limit)| {
            let mut filters = String::new();
            for (name, values) in [("severity", severity), ("category", category), ("language", language)] {
                for value in values {
                    filters.push_str(&format!("&{name}={value}"));
                }
            }
            Asked { filters, query, source, limit }
        },
    )
}

/// A search in every form.
async fn check_search(app: &TestApp, asked: &Asked) {
    let Asked { filters, query, limit, .. } = asked;
    let query = query.replace(' ', "+").replace('"', "%22").replace(':', "%3A");
    let q = if query.is_empty() { String::new() } else { format!("&q={query}") };
    let facets = "&facets=severity,platform,category";
    let path = format!("/v1/search?limit={limit}{q}{filters}{facets}");
    let (hits, last) = app.page_through(&path, "hits").await;
    let clauses = check_whole(&path, &hits, "/clause/id");
    assert_eq!(clauses, number(&last, "/counts/clauses"), "{path}");
    let platforms: BTreeSet<String> = hits.iter().map(|hit| hit["platform"]["id"].to_string()).collect();
    assert_eq!(platforms.len(), number(&last, "/counts/platforms"), "{path}");
    assert_eq!(total(&last["facets"]["platform"], "clauses"), clauses, "{path}");
    let grouped = format!("/v1/search?group_by=platform&limit={limit}{q}{filters}");
    let (cards, last) = app.page_through(&grouped, "cards").await;
    assert_eq!(check_whole(&grouped, &cards, "/platform/id"), platforms.len(), "{grouped}");
    assert_eq!(number(&last, "/counts/cards"), platforms.len(), "{grouped}");
    let shown: usize = cards.iter().map(|card| 1 + number(card, "/more_on_platform")).sum();
    assert_eq!(shown, clauses, "{grouped}: more_on_platform");
    check_rows(app, &format!("/v1/search.csv?limit=10000{q}{filters}"), clauses).await;
    if query.is_empty() {
        let counted = app.get_json(&format!("/v1/stats?by=severity{filters}")).await;
        assert_eq!(number(&counted, "/clauses"), clauses, "{filters}");
        assert_eq!(total(&counted["rows"], "clauses"), clauses, "{filters}");
        assert_eq!(number(&counted, "/platforms"), platforms.len(), "{filters}");
    }
}

/// The comparables of a clause in every form.
async fn check_comparables(app: &TestApp, asked: &Asked, ids: &[String]) {
    let Asked { filters, source, limit, .. } = asked;
    let id = &ids[source % ids.len()];
    let base = format!("/v1/clauses/{id}/comparables");
    let floor = if source % 2 == 0 { "" } else { "&min_score=0.05" };
    let path = format!("{base}?group_by=none&limit={limit}{filters}{floor}");
    let (hits, last) = app.page_through(&path, "hits").await;
    let clauses = check_whole(&path, &hits, "/clause/id");
    assert_eq!(clauses, number(&last, "/counts/clauses"), "{path}");
    assert_eq!(clauses == 0, !last["no_match"].is_null(), "{path}");
    let grouped = format!("{base}?limit={limit}{filters}{floor}");
    let (cards, last) = app.page_through(&grouped, "cards").await;
    assert_eq!(check_whole(&grouped, &cards, "/platform/id"), number(&last, "/counts/cards"), "{grouped}");
    let shown: usize = cards.iter().map(|card| 1 + number(card, "/more_on_platform")).sum();
    assert_eq!(shown, clauses, "{grouped}: more_on_platform");
    check_rows(app, &format!("{base}.csv?limit=10000&group_by=none{filters}{floor}"), clauses).await;
    if filters.is_empty() && floor.is_empty() {
        let record = app.get_json(&format!("/v1/clauses/{id}")).await;
        assert_eq!(record["counts"], last["counts"], "{id}");
    }
}

/// The lists that take no filters, page by page.
async fn check_lists(app: &TestApp, limit: usize) {
    let all = app.get_json("/v1/search?limit=1").await;
    let (clauses, tracked) = (number(&all, "/counts/clauses"), number(&all, "/counts/platforms_tracked"));
    let (platforms, _) = app.page_through(&format!("/v1/platforms?limit={limit}"), "platforms").await;
    assert_eq!(check_whole("platforms", &platforms, "/id"), tracked);
    assert_eq!(platforms.iter().map(|row| number(row, "/clauses")).sum::<usize>(), clauses);
    for row in platforms.iter().take(4) {
        let id = row["id"].as_str().expect("an id");
        let platform = app.get_json(&format!("/v1/platforms/{id}")).await;
        assert_eq!(number(&platform, "/clauses"), number(row, "/clauses"), "{id}");
        let mut held = 0;
        for document in platform["documents"].as_array().expect("documents") {
            let document = document["id"].as_str().expect("an id");
            let path = format!("/v1/documents/{document}?limit={limit}");
            let (listed, last) = app.page_through(&path, "clauses").await;
            held += check_whole(&path, &listed, "/clause/id");
            assert_eq!(number(&last, "/total"), listed.len(), "{path}");
        }
        assert_eq!(held, number(row, "/clauses"), "{id}");
    }
    let (types, _) = app.page_through(&format!("/v1/clause-types?limit={limit}"), "clause_types").await;
    check_whole("clause types", &types, "/id");
    for row in types.iter().filter(|row| row["id"] != "untyped").take(12) {
        let id = row["id"].as_str().expect("an id");
        let path = format!("/v1/clause-types/{id}?limit={limit}");
        let (standing, last) = app.page_through(&path, "platforms").await;
        assert_eq!(check_whole(&path, &standing, "/platform/id"), tracked, "{path}");
        assert_eq!(number(&last, "/counts/found"), number(row, "/platforms"), "{path}");
    }
    let (changes, _) = app.page_through(&format!("/v1/changes?limit={limit}"), "changes").await;
    let told: BTreeSet<String> = changes.iter().map(Value::to_string).collect();
    assert_eq!(told.len(), changes.len(), "a change comes twice");
}

#[test]
fn what_is_paged_is_whole_and_counts_agree() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let app = TestApp::demo();
    let ids: Vec<String> = runtime.block_on(async {
        let (hits, _) = app.page_through("/v1/search?limit=100", "hits").await;
        for limit in [1, 7, 100] {
            check_lists(&app, limit).await;
        }
        hits.iter().map(|hit| hit["clause"]["id"].as_str().expect("an id").to_owned()).collect()
    });
    let config =
        Config { cases: CASES, rng_seed: RngSeed::Fixed(6), failure_persistence: None, ..Config::default() };
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed)
        .run(&asked(), |asked| {
            runtime.block_on(async {
                check_search(&app, &asked).await;
                check_comparables(&app, &asked, &ids).await;
            });
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
