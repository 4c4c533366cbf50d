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
    let share = |part: u64, whole: u64| ((part * 2_000 + whole) / (whole * 2)) as f64 / 1_000.0;
    let beside = |own: &Value, of_all: &Value| {
        let (own, of_all) = (own.as_u64().expect("a count"), of_all.as_u64().expect("a count"));
        json!({"here": share(own, 3), "elsewhere": share(of_all - own, 23)})
    };
    let count_all = async |by: &str, value: &str| {
        let all = app.get_json(&format!("/v1/stats?by={by}")).await;
        let rows = all["rows"].as_array().expect("rows");
        rows.iter().find(|row| row[by] == value).map_or(json!(0), |row| row["clauses"].clone())
    };
    for (severity, shares) in answer["severity_shares"].as_object().expect("shares") {
        let all = count_all("severity", severity).await;
        assert_eq!(*shares, beside(&answer["severity"][severity], &all), "{severity}");
    }
    for cell in answer["categories"].as_array().expect("categories") {
        let all = count_all("category", cell["category"].as_str().expect("an id")).await;
        assert_eq!(cell["share"], beside(&cell["clauses"], &all), "{cell}");
    }
    let documents = answer["documents"].as_array().expect("documents");
    assert_eq!(documents.iter().filter_map(|document| document["clauses"].as_u64()).sum::<u64>(), 3);
    let unknown = app.get("/v1/platforms/p99").await;
    assert_eq!(
        (unknown.status, unknown.json()["code"].clone()),
        (StatusCode::NOT_FOUND, json!("platform_not_found"))
    );
    assert_eq!(app.get("/v1/platforms/p11?x=1").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_platform_tells_what_most_others_have() {
    let app = TestApp::new();
    let missing = app.get_json("/v1/platforms/zz").await["none_found"].clone();
    assert_eq!(
        missing[0],
        json!({"id": "binding-arbitration", "label": "Binding arbitration", "platforms": 12})
    );
    for one in missing.as_array().expect("a list") {
        let path = format!("/v1/clause-types/{}?limit=100", one["id"].as_str().expect("an id"));
        let kind = app.get_json(&path).await;
        assert_eq!(kind["counts"]["found"], one["platforms"]);
        let row =
            kind["platforms"].as_array().expect("rows").iter().find(|row| row["platform"]["id"] == "zz");
        assert_eq!(row.expect("a row")["standing"], "none_found");
    }
    assert_eq!(app.get_json("/v1/platforms/p11").await["none_found"], json!([]));
}

#[tokio::test]
async fn a_clause_type_has_a_typical_wording_and_unusual_ones() {
    let app = TestApp::new();
    let path = "/v1/clause-types/binding-arbitration";
    let wordings = app.get_json(path).await["wordings"].clone();
    assert_eq!((&wordings["clauses"], &wordings["platforms"]), (&json!(12), &json!(12)), "{wordings:#}");
    let unusual = wordings["unusual"].as_array().expect("a list").clone();
    assert_eq!(unusual.len(), 3);
    let closeness = |one: &Value| one["closeness_to_mean"].as_u64().expect("a number");
    assert!(unusual.iter().all(|one| closeness(one) <= closeness(&wordings["typical"])), "{wordings:#}");
    assert!(unusual.is_sorted_by_key(closeness), "{wordings:#}");
    // A wording unlike all others becomes the most unusual one; a short one is not compared.
    let odd = "Quarrels about pelicans, lighthouses and marmalade are laid before the keeper of the orchard, whose ruling everybody in the valley shall follow without another word being said about them.";
    let extra = json!({"clause_type": "binding-arbitration"});
    app.write(&[
        invent_clause("qq", "odd", odd, &extra),
        invent_clause("qr", "short", "The keeper rules.", &extra),
    ]);
    let after = app.get_json(path).await["wordings"].clone();
    assert_eq!((&after["clauses"], &after["platforms"]), (&json!(13), &json!(13)));
    assert_eq!(after["unusual"][0]["clause"]["id"], "qq.odd");
    assert_ne!(after["typical"]["platform"]["id"], "qq");
    let nothing = app.get_json("/v1/clause-types/cookies").await["wordings"].clone();
    assert_eq!(nothing, json!({"clauses": 0, "platforms": 0, "typical": null, "unusual": []}));
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
