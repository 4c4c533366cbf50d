//! What is answered when something is wrong.

use axum::http::{Method, StatusCode};
use crossclause::http::Code;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

/// Checks that an answer is a whole problem of a code.
pub(crate) fn check_problem(answer: &Answer, code: Code) -> Value {
    assert_eq!(answer.status, code.status(), "{}: {}", code.as_str(), answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], code.as_str(), "{problem}");
    assert_eq!(problem["type"], format!("/docs/errors#{}", code.as_str()));
    assert_eq!(problem["title"], code.title());
    assert_eq!(problem["status"], code.status().as_u16());
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
    assert!(problem["instance"].as_str().is_some_and(|path| path.starts_with('/')), "{problem}");
    problem
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_told() {
    let app = TestApp::new();
    let comparables = "/v1/clauses/p02.disputes/comparables";
    for (path, code, parameter) in [
        ("/v1/search?sevrity=high", Code::UnknownParameter, "sevrity"),
        ("/v1/search?severity=hihg", Code::InvalidValue, "severity"),
        ("/v1/search?severity=", Code::InvalidValue, "severity"),
        ("/v1/search?limit=0", Code::InvalidValue, "limit"),
        ("/v1/search?limit=101", Code::InvalidValue, "limit"),
        ("/v1/search?limit=1&limit=2", Code::BadParameter, "limit"),
        ("/v1/search?min_score=NaN", Code::InvalidValue, "min_score"),
        ("/v1/search?seen_after=tomorrow", Code::InvalidValue, "seen_after"),
        ("/v1/search?platform=nobody", Code::InvalidValue, "platform"),
        ("/v1/search?facets=colour", Code::InvalidValue, "facets"),
        ("/v1/search?cursor=x", Code::InvalidCursor, "cursor"),
        ("/v1/search?q=%zz", Code::BadParameter, ""),
        ("/v1/search?q=%ff", Code::BadParameter, ""),
        ("/v1/stats?by=category,severity,platform", Code::BadParameter, "by"),
        ("/v1/stats?limit=5", Code::UnknownParameter, "limit"),
        ("/v1/platforms?q=x", Code::UnknownParameter, "q"),
        ("/v1/clause-types?severity=high", Code::UnknownParameter, "severity"),
        ("/v1/taxonomy?x=1", Code::UnknownParameter, "x"),
        ("/v1/openapi.json?pretty", Code::UnknownParameter, "pretty"),
        ("/v1/clauses/p02.disputes?limit=5", Code::UnknownParameter, "limit"),
        (&format!("{comparables}?q=x"), Code::UnknownParameter, "q"),
        (&format!("{comparables}?per_platform=4"), Code::InvalidValue, "per_platform"),
        ("/v1/clauses/nobody", Code::ClauseNotFound, ""),
        ("/v1/clauses/nobody/comparables", Code::ClauseNotFound, ""),
        ("/v1/clauses/%ff", Code::ClauseNotFound, ""),
        ("/v1/clauses/a%2Fb", Code::ClauseNotFound, ""),
        ("/v1/nothing", Code::NotFound, ""),
        ("/nothing", Code::NotFound, ""),
        ("/v1/search/", Code::NotFound, ""),
    ] {
        let problem = check_problem(&app.get(path).await, code);
        assert_eq!(problem["parameter"].as_str().unwrap_or(""), parameter, "{path}: {problem}");
        assert_eq!(problem["instance"], path.split('?').next().unwrap(), "{path}");
    }
}

#[tokio::test]
async fn a_misspelling_is_answered_with_what_is_allowed() {
    let app = TestApp::new();
    let problem = app.get("/v1/search?sevrity=high").await.json();
    assert_eq!(problem["suggestion"], "severity");
    assert!(problem["allowed"].as_array().is_some_and(|allowed| allowed.contains(&json!("group_by"))));
    let problem = app.get("/v1/search?severity=hihg").await.json();
    assert_eq!(problem["suggestion"], "high");
    assert_eq!(problem["allowed"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn a_bad_body_is_told() {
    let app = TestApp::new();
    let path = "/v1/comparables";
    let text = "Disputes go to binding arbitration.";
    for (body, code, parameter) in [
        (json!({"text": text, "sevrity": "high"}), Code::UnknownParameter, "sevrity"),
        (json!({"text": text, "nothing": null}), Code::UnknownParameter, "nothing"),
        (json!({"text": text, "severity": "hihg"}), Code::InvalidValue, "severity"),
        (json!({"text": text, "severity": []}), Code::InvalidBody, "severity"),
        (json!({"text": text, "severity": [1]}), Code::InvalidBody, "severity"),
        (json!({"text": text, "severity": {"a": 1}}), Code::InvalidBody, "severity"),
        (json!({"text": text, "limit": 1.5}), Code::InvalidValue, "limit"),
        (json!({"text": text, "platform": "nobody"}), Code::InvalidValue, "platform"),
        (json!({"text": text, "text_language": "not a tag"}), Code::InvalidValue, "text_language"),
        (json!({"text": 5}), Code::InvalidBody, "text"),
        (json!({"text": ""}), Code::BadParameter, "text"),
        (json!({"text": "x".repeat(20_001)}), Code::BadParameter, "text"),
        (json!({}), Code::BadParameter, "text"),
        (json!([text]), Code::InvalidBody, ""),
    ] {
        let problem = check_problem(&app.post_json(path, &body).await, code);
        assert_eq!(problem["parameter"].as_str().unwrap_or(""), parameter, "{problem}");
    }
    let malformed =
        check_problem(&app.post(path, "application/json", "{\"text\": \"secret").await, Code::InvalidBody);
    assert!(!malformed.to_string().contains("secret"), "{malformed}");
    let body = json!({"text": text}).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        check_problem(&app.post(path, media_type, &body).await, Code::UnsupportedMediaType);
    }
    let with_charset = app.post(path, "Application/JSON; charset=utf-8", &body).await;
    assert_eq!(with_charset.status, StatusCode::OK);
    check_problem(&app.post_json(path, &json!({"text": "x".repeat(300_000)})).await, Code::BodyTooLarge);
    let asked = app.post("/v1/comparables?limit=5", "application/json", &body).await;
    check_problem(&asked, Code::UnknownParameter);
}

#[tokio::test]
async fn a_wrong_method_is_told() {
    let app = TestApp::new();
    for (method, path, allowed) in [
        (Method::POST, "/v1/search", "GET,HEAD"),
        (Method::DELETE, "/v1/clauses/p02.disputes/comparables", "GET,HEAD"),
        (Method::PUT, "/v1/clauses/p02.disputes", "GET,HEAD,DELETE"),
        (Method::GET, "/v1/clauses", "POST"),
        (Method::GET, "/v1/comparables", "POST"),
        (Method::PUT, "/", "GET,HEAD,POST"),
    ] {
        let answer = app.ask(method, path, &[], "").await;
        check_problem(&answer, Code::MethodNotAllowed);
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_answered_before_a_generation_is_published() {
    let app = TestApp::unready();
    for path in ["/v1/search", "/v1/platforms", "/v1/clauses/x", "/v1/stats", "/v1/taxonomy", "/readyz"] {
        let answer = app.get(path).await;
        check_problem(&answer, Code::NotReady);
        assert_ne!(answer.header("retry-after"), "", "{path}");
    }
    assert_eq!(app.get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
