//! Flat rows: CSV, and all records; and what lies on the way to a client.

use std::io::Read;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, invent_clause};

/// The rows of a CSV file by the names of its columns.
fn read_csv(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("text/csv; charset=utf-8"));
    let text = answer.text();
    let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    let columns = reader.headers().expect("a head").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            columns.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), json!(cell))).collect()
        })
        .collect()
}

#[tokio::test]
async fn rows_are_what_paging_returns() {
    let app = TestApp::new();
    for (json_path, csv_path, key) in [
        ("/v1/search?q=arbitration&severity=high", "/v1/search.csv?q=arbitration&severity=high", "hits"),
        ("/v1/search?group_by=platform", "/v1/search.csv?group_by=platform", "cards"),
        ("/v1/clauses/p02.disputes/comparables?", "/v1/clauses/p02.disputes/comparables.csv?", "cards"),
    ] {
        let (entries, _) = app.page_through(&format!("{json_path}&limit=4"), key).await;
        let answer = app.get(csv_path).await;
        let rows = read_csv(&answer);
        assert_eq!(answer.header("x-total-rows"), entries.len().to_string(), "{csv_path}");
        let of_rows: Vec<&Value> = rows.iter().map(|row| &row["clause_id"]).collect();
        let of_entries: Vec<&Value> = entries.iter().map(|entry| &entry["clause"]["id"]).collect();
        assert_eq!(of_rows, of_entries, "{csv_path}");
        let licensed: Vec<&Value> = rows.iter().filter(|row| row["license"] == "CC0-1.0").collect();
        assert!(licensed.iter().all(|row| row["attribution"] == "The tests"));
    }
    let few = app.get("/v1/search.csv?limit=3").await;
    assert_eq!((read_csv(&few).len(), few.header("x-total-rows")), (3, "26"));
    assert_eq!(read_csv(&app.get("/v1/search.csv?q=xylophonist").await).len(), 0);
    for bad in ["/v1/search.csv?cursor=x", "/v1/search.csv?limit=10001", "/v1/search.csv?colour=red"] {
        assert_eq!(app.get(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

/// The columns are those that `docs/dashboards.md` tells, in their order.
#[tokio::test]
async fn columns_are_told() {
    let told = include_str!("../../docs/dashboards.md");
    let table = told.split("| column | what it is |").nth(1).expect("a table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let columns: Vec<&str> = rows
        .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split(','))
        .map(|name| name.trim().trim_matches('`'))
        .collect();
    let app = TestApp::new();
    for path in ["/v1/search.csv?limit=1", "/v1/clauses/p02.disputes/comparables.csv?limit=1"] {
        let text = app.get(path).await.text();
        let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        assert_eq!(head.split(',').collect::<Vec<_>>(), columns, "{path}");
    }
}

#[tokio::test]
async fn counts_are_rows_too() {
    let app = TestApp::new();
    let stats = app.get_json("/v1/stats?by=category,severity").await;
    let rows = read_csv(&app.get("/v1/stats.csv?by=category,severity").await);
    assert_eq!(rows.len(), stats["rows"].as_array().expect("rows").len());
    let first = &stats["rows"][0];
    for name in ["category", "severity", "clauses", "platforms"] {
        assert_eq!(rows[0][name].as_str().expect("a cell"), first[name].to_string().replace('"', ""));
    }
}

/// Wherever a text leaves us, it says whose it is and under which terms.
#[tokio::test]
async fn licence_and_attribution_go_with_the_text() {
    let app = TestApp::new();
    for path in [
        "/v1/clauses/p03.disputes",
        "/v1/clauses/p03.disputes/comparables?per_platform=2",
        "/v1/clauses/p03.disputes/comparables?group_by=none",
        "/v1/clauses/p03.disputes/comparables.csv",
        "/v1/clauses/p03.disputes/history",
        "/v1/diff?from=p03.disputes&to=p04.disputes",
        "/v1/documents/p03.terms",
        "/v1/search?q=arbitration",
        "/v1/search?q=arbitration&group_by=platform",
        "/v1/search.csv?q=arbitration",
        "/v1/changes?clause_type=binding-arbitration",
        "/v1/export.ndjson",
        "/feeds/changes.atom?clause_type=binding-arbitration",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        let text = answer.text();
        for part in ["CC0-1.0", "The tests"] {
            assert!(text.contains(part), "{path} lacks {part}: {text}");
        }
    }
    let feed =
        app.get("/feeds/changes.atom?clause_type=binding-arbitration&platform=p03&platform=p04").await.text();
    assert_eq!(feed.matches("<rights>The tests, CC0-1.0</rights>").count(), 2, "{feed}");
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let app = TestApp::new();
    let evil = json!({"title": "=HYPERLINK(\"http://x\")", "language": "en"});
    app.write(&[invent_clause("p05", "evil", "@SUM(1) pelicans, \"quoted\"\nand broken", &evil)]);
    let rows = read_csv(&app.get("/v1/search.csv?q=pelicans").await);
    assert_eq!(rows[0]["title"], "'=HYPERLINK(\"http://x\")");
    assert_eq!(rows[0]["excerpt"], "'@SUM(1) pelicans, \"quoted\"\nand broken");
}

#[tokio::test]
async fn an_export_is_all_records() {
    let app = TestApp::new();
    let answer = app.get("/v1/export.ndjson").await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let records: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len(), 26);
    assert_eq!(answer.header("x-total-rows"), "26");
    let licensed = records.iter().find(|record| record["id"] == "p03.disputes").expect("it");
    assert_eq!(licensed["collection"]["license"], "CC0-1.0");
    let again = [("if-none-match", answer.header("etag"))];
    let unchanged = app.ask(Method::GET, "/v1/export.ndjson", &again, "").await;
    assert_eq!((unchanged.status, unchanged.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn each_encoding_has_a_tag_of_its_own() {
    let app = TestApp::new();
    for path in ["/v1/search?limit=100", "/v1/search.csv", "/v1/export.ndjson"] {
        let plain = app.get(path).await;
        let mut tags = vec![plain.header("etag").to_owned()];
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));
        for encoding in ["gzip", "zstd"] {
            let asked = [("accept-encoding", encoding)];
            let packed = app.ask(Method::GET, path, &asked, "").await;
            assert_eq!(packed.header("content-encoding"), encoding, "{path}");
            let mut bytes = Vec::new();
            match encoding {
                "gzip" => flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut bytes),
                _ => zstd::Decoder::new(packed.body.as_slice()).expect("a frame").read_to_end(&mut bytes),
            }
            .expect("whole");
            assert_eq!(bytes, plain.body, "{path}");
            tags.push(packed.header("etag").to_owned());
        }
        for tag in &tags {
            let asked = [("if-none-match", tag.as_str()), ("accept-encoding", "zstd")];
            let unchanged = app.ask(Method::GET, path, &asked, "").await;
            assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED, "{path} {tag}");
            assert_eq!(unchanged.header("etag"), tag);
        }
        tags.dedup();
        assert_eq!(tags.len(), 3, "{tags:?}");
        let head = app.ask(Method::HEAD, path, &[], "").await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
        assert_eq!(head.header("etag"), plain.header("etag"));
    }
}
