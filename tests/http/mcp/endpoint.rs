//! `/mcp`, by hand.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

/// What clients of the protocol send with every request.
const HEADERS: [(&str, &str); 3] = [
    ("host", "127.0.0.1:7700"),
    ("content-type", "application/json"),
    ("accept", "application/json, text/event-stream"),
];

async fn post(app: &TestApp, headers: &[(&str, &str)], body: &str) -> Answer {
    app.ask(Method::POST, "/mcp", &[&HEADERS, headers].concat(), body).await
}

fn call_of(tool: &str, arguments: &Value) -> String {
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}).to_string()
}

#[tokio::test]
async fn any_process_answers_any_request_over_http() {
    let app = TestApp::new();
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}});
    let answer = post(&app, &[], &hello.to_string()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("mcp-session-id"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_ne!(answer.header("x-request-id"), "");
    assert_eq!(answer.json()["result"]["serverInfo"]["name"], "crossclause");
    assert_eq!(answer.json()["result"]["protocolVersion"], "2025-06-18");
    let begun = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(post(&app, &[], &begun.to_string()).await.status, StatusCode::ACCEPTED);

    let call = call_of("search_clauses", &json!({"query": "arbitration", "limit": 2}));
    let answer = post(&app, &[("mcp-protocol-version", "2025-06-18")], &call).await;
    let found = answer.json();
    assert_eq!((&found["id"], &found["result"]["isError"]), (&json!(7), &json!(false)), "{found}");
    assert_eq!(found["result"]["structuredContent"]["counts"]["platforms"], 12);
    let packed = post(&app, &[("accept-encoding", "gzip")], &call).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < answer.body.len() / 2);

    let unready = TestApp::unready();
    let answer = post(&unready, &[], &call).await.json();
    assert_eq!(answer["result"]["isError"], true);
    assert_eq!(answer["result"]["content"][0]["text"], "the index is being built; try again in a moment");
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_protocol() {
    let app = TestApp::new();
    let call = call_of("list_clause_types", &json!({"query": "arbitration"}));
    let check = |answer: &Answer, status: u16, message: &str| {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text());
        let error = answer.json()["error"].clone();
        assert!(error["message"].as_str().is_some_and(|it| it.contains(message)), "{message}: {error}");
        assert_ne!(answer.header("x-request-id"), "");
    };
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let answer = app.ask(method, "/mcp", &HEADERS, "").await;
        check(&answer, 405, "Method Not Allowed");
        assert_eq!(answer.header("allow"), "POST");
    }
    check(&post(&app, &[], "{\"jsonrpc\": \"2.0\"").await, 415, "deserialize");
    check(
        &post(&app, &[], &call_of("get_clause", &json!({"clause_id": "x".repeat(300_000)}))).await,
        413,
        "bytes",
    );
    check(&post(&app, &[("mcp-protocol-version", "1999-01-01")], &call).await, 400, "1999-01-01");
    let plain = [HEADERS[0], HEADERS[1], ("accept", "application/json")];
    check(&app.ask(Method::POST, "/mcp", &plain, &call).await, 406, "must accept both");

    for (origin, status) in [
        ("http://evil.example:7700", 403),
        ("null", 403),
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:7700", 200),
    ] {
        let answer = post(&app, &[("origin", origin)], &call).await;
        assert_eq!(answer.status, status, "{origin}: {}", answer.text());
        if status == 403 {
            check(&answer, 403, "this origin may not ask here");
        }
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}
