//! Platforms, documents and clause types one by one, and suggestions.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{PLATFORMS, TestApp, invent_clause};

fn sum(counts: &Value) -> u64 {
    counts.as_object().expect("counts").values().filter_map(Value::as_u64).sum()
}

#[tokio::test]
async fn a_clause_type_tells_where_every_platform_stands() {
    let app = TestApp::new();
    let with = |platform: &str, extra: Value| {
        let mut record = invent_clause(platform, "only", "The pelican is fed at noon by the keeper.", &extra);
        record["platform"]["name"] = json!(format!("Bird {platform}"));
        record
    };
    let document = |id: &str, kind: &str| json!({"id": id, "title": "A document", "type": kind});
    app.write(&[
        with("q1", json!({"document": document("q1.brand", "brand-guidelines")})),
        with("q2", json!({"language": "it"})),
        with("q3", json!({})),
    ]);
    let path = "/v1/clause-types/binding-arbitration";
    let (rows, answer) = app.page_through(&format!("{path}?limit=4"), "platforms").await;
    let counts = &answer["counts"];
    assert_eq!(counts["platforms_tracked"], rows.len());
    assert_eq!(answer["total"], rows.len());
    let standing = |id: &str| {
        rows.iter().find(|row| row["platform"]["id"] == id).map(|row| row["standing"].clone()).expect("a row")
    };
    assert_eq!(
        [standing("p02"), standing("q1"), standing("q2"), standing("q3")],
        ["found", "no_document", "unclear", "none_found"]
    );
    for (name, expected) in [("found", PLATFORMS), ("none_found", 2), ("unclear", 1), ("no_document", 1)] {
        assert_eq!(counts[name], expected, "{name}");
        let (some, last) = app.page_through(&format!("{path}?standing={name}"), "platforms").await;
        assert_eq!((some.len(), &last["total"]), (expected, &json!(expected)));
    }
    let adoption = &answer["adoption"];
    assert_eq!(
        (&adoption["numerator"], &adoption["denominator"]),
        (&json!(PLATFORMS), &json!(PLATFORMS + 2))
    );
    assert_eq!(adoption["share"], 0.857);
    // What other endpoints say of it.
    let search = app.get_json("/v1/search?clause_type=binding-arbitration").await;
    assert_eq!(search["counts"]["clauses"], counts["clauses"]);
    assert_eq!(search["counts"]["platforms"], counts["found"]);
    let none = rows.iter().find(|row| row["platform"]["id"] == "q3").expect("a row");
    assert_eq!(none["documents"][0]["id"], "q3.terms");

    let unknown = app.get("/v1/clause-types/binding-arbitratoin").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.json()["suggestion"], "binding-arbitration");
    let wrong = app.get(&format!("{path}?standing=gone")).await;
    assert_eq!(
        (wrong.status, wrong.json()["code"].clone()),
        (StatusCode::BAD_REQUEST, json!("invalid_value"))
    );
}

#[tokio::test]
async fn a_platform_reconciles_with_searches() {
    let app = TestApp::new();
    let answer = app.get_json("/v1/platforms/p11").await;
    assert_eq!(answer["clauses"], 3);
    assert_eq!(sum(&answer["severity"]), 3);
    for cell in answer["categories"].as_array().expect("categories") {
        assert_eq!(json!(sum(&cell["severity"])), cell["clauses"]);
        let path = format!("/v1/search?platform=p11&category={}", cell["category"].as_str().expect("an id"));
        assert_eq!(app.get_json(&path).await["counts"]["clauses"], cell["clauses"]);
    }
    for kind in answer["clause_types"].as_array().expect("types") {
        let path = format!("/v1/search?platform=p11&clause_type={}", kind["id"].as_str().expect("an id"));
        assert_eq!(app.get_json(&path).await["counts"]["clauses"], kind["clauses"]);
    }
    assert_eq!(app.get_json("/v1/platforms/p00").await["affiliates"], json!(["p01"]));
    let unknown = app.get("/v1/platforms/p99").await;
    assert_eq!(
        (unknown.status, unknown.json()["code"].clone()),
        (StatusCode::NOT_FOUND, json!("platform_not_found"))
    );
    assert_eq!(app.get("/v1/platforms/p11?x=1").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_only_a_platform_says_is_found_in_the_background() {
    let app = TestApp::new();
    let text =
        "Pelicans that members bring to the pond are fed at noon and weighed by the keeper every Friday.";
    app.write(&[invent_clause(
        "p05",
        "pelicans",
        text,
        &json!({"clause_type": "refunds", "severity": "high"}),
    )]);
    let mut only = json!(null);
    for _ in 0..1_000 {
        only = app.get_json("/v1/platforms/p05").await["only_here"].clone();
        if only["state"] == "ready" {
            break;
        }
        assert_eq!((&only["state"], &only["total"]), (&json!("computing"), &json!(null)));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(only["total"], 1, "{only:#}");
    assert_eq!(only["clauses"][0]["id"], "p05.pelicans");
}

#[tokio::test]
async fn a_document_has_all_its_clauses() {
    let app = TestApp::new();
    let (clauses, answer) = app.page_through("/v1/documents/p11.terms?limit=2", "clauses").await;
    assert_eq!(answer["total"], clauses.len());
    assert_eq!(json!(sum(&answer["severity"])), answer["total"]);
    let ids: Vec<&Value> = clauses.iter().map(|one| &one["clause"]["id"]).collect();
    assert_eq!(ids, ["p11.disputes", "p11.refunds", "p11.second"]);
    assert!(clauses[2]["text"].as_str().is_some_and(|text| text.ends_with("and to appeal.")));
    assert_eq!(app.get("/v1/documents/p11.nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn suggestions_find_what_they_promise() {
    let app = TestApp::new();
    let answer = app.get_json("/v1/suggest?q=bind").await;
    let first = &answer["suggestions"][0];
    assert_eq!((&first["kind"], &first["id"]), (&json!("clause_type"), &json!("binding-arbitration")));
    let all = app.get_json("/v1/suggest?q=p&limit=100").await;
    let all = all["suggestions"].as_array().expect("a list").clone();
    assert!(all.len() > PLATFORMS, "{all:?}");
    for one in [first.clone()].iter().chain(all.iter().filter(|one| one["kind"] == "platform")) {
        let query: String =
            one["query"].as_str().expect("a query").bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = app.get_json(&format!("/v1/search?q={query}")).await;
        assert_eq!(found["counts"]["clauses"], one["clauses"], "{one}");
    }
    assert_eq!(app.get_json("/v1/suggest").await["suggestions"], json!([]));
    assert_eq!(app.get(&format!("/v1/suggest?q={}", "a".repeat(201))).await.status, StatusCode::BAD_REQUEST);
}
