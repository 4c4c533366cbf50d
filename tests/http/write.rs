//! Writes with a key.

use axum::http::{Method, StatusCode};
use crossclause::answer::Limits;
use crossclause::http::{Code, Options, WriteKey};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, invent_clause};
use crate::problem::check_problem;

const NDJSON: &str = "application/x-ndjson";

/// An app, and the header that opens it.
fn open() -> (TestApp, String) {
    let (secret, key) = WriteKey::generate("tests").expect("a key");
    let options = Options { write_keys: vec![key], write_body_limit: 20_000, ..Options::default() };
    (TestApp::filled(options, Limits::default()), format!("Bearer {secret}"))
}

async fn post(app: &TestApp, path: &str, key: &str, body: &str) -> Answer {
    app.ask(Method::POST, path, &[("content-type", NDJSON), ("authorization", key)], body).await
}

async fn delete(app: &TestApp, id: &str, key: &str) -> Answer {
    app.ask(Method::DELETE, &format!("/v1/clauses/{id}"), &[("authorization", key)], "").await
}

fn new_clause(id: &str) -> Value {
    invent_clause("new", id, "We sell your contacts to brokers of data.", &json!({}))
}

#[tokio::test]
async fn records_are_written_found_and_removed() {
    let (app, key) = open();
    let body = format!("{}\nnonsense\n{{\"id\": \"half\"}}\n", new_clause("one"));
    let answer = post(&app, "/v1/clauses", &key, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let written = answer.json();
    for (name, number) in [("read", 3), ("added", 1), ("changed", 0), ("rejected", 2), ("generation", 2)] {
        assert_eq!(written[name], number, "{name}: {written}");
    }
    assert_eq!(written["rejects"][0]["line"], 2);
    assert!(
        written["rejects"][1]["reason"].as_str().is_some_and(|reason| reason.contains("`text` is missing"))
    );
    let found = app.get_json("/v1/search?q=brokers").await;
    assert_eq!((&found["generation"], &found["hits"][0]["clause"]["id"]), (&json!(2), &json!("new.one")));

    let removed = delete(&app, "new.one", &key).await.json();
    assert_eq!((&removed["removed"], &removed["generation"]), (&json!(1), &json!(3)));
    assert_eq!(app.get_json("/v1/search?q=brokers").await["counts"]["clauses"], 0);
    check_problem(&delete(&app, "new.one", &key).await, Code::ClauseGone);
    check_problem(&delete(&app, "never", &key).await, Code::ClauseNotFound);
    assert_eq!(
        app.get_json("/v1/clauses/new.one/history").await["wordings"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn strict_changes_nothing_and_complete_removes_what_is_missing() {
    let (app, key) = open();
    let two = format!("{}\n{}", new_clause("one"), new_clause("two"));
    let strict = post(&app, "/v1/clauses?strict=true", &key, &format!("{two}\nnonsense")).await;
    let problem = check_problem(&strict, Code::RecordRejected);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.starts_with("line 3: ")), "{problem}");
    assert_eq!(app.get_json("/v1/search?q=brokers").await["generation"], 1);

    assert_eq!(post(&app, "/v1/clauses", &key, &two).await.json()["added"], 2);
    let one = new_clause("one").to_string();
    let torn = post(&app, "/v1/clauses?complete=true", &key, &format!("{one}\nnonsense")).await.json();
    assert_eq!((&torn["removed"], &torn["completed"]), (&json!(0), &json!(false)));
    let whole = post(&app, "/v1/clauses?complete=true", &key, &one).await.json();
    assert_eq!(
        (&whole["removed"], &whole["completed"], &whole["unchanged"]),
        (&json!(1), &json!(true), &json!(1))
    );
}

#[tokio::test]
async fn nobody_writes_without_a_key() {
    let (app, key) = open();
    let record = new_clause("one").to_string();
    for wrong in ["", "Bearer", "Bearer x", "Basic eDp5", &key[..key.len() - 1], &key.replace("Bearer ", "")]
    {
        let answer = post(&app, "/v1/clauses", wrong, &record).await;
        check_problem(&answer, Code::Unauthorized);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        check_problem(&delete(&app, "p00.refunds", wrong).await, Code::Unauthorized);
    }
    let closed = TestApp::new();
    check_problem(&post(&closed, "/v1/clauses", &key, &record).await, Code::WritesDisabled);
    check_problem(&delete(&closed, "p00.refunds", &key).await, Code::WritesDisabled);
    for app in [app, closed] {
        assert_eq!(app.get_json("/v1/search?q=brokers").await["generation"], 1);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let (app, key) = open();
    check_problem(&post(&app, "/v1/clauses", &key, " \n").await, Code::InvalidBody);
    check_problem(&post(&app, "/v1/clauses", &key, &"x".repeat(20_001)).await, Code::BodyTooLarge);
    check_problem(&post(&app, "/v1/clauses?strikt=true", &key, "{}").await, Code::UnknownParameter);
    let text = [("content-type", "text/plain"), ("authorization", key.as_str())];
    check_problem(&app.ask(Method::POST, "/v1/clauses", &text, "{}").await, Code::UnsupportedMediaType);
    let packed = [("content-type", NDJSON), ("content-encoding", "gzip"), ("authorization", key.as_str())];
    check_problem(&app.ask(Method::POST, "/v1/clauses", &packed, "x").await, Code::UnsupportedMediaType);
}
