//! What is answered when all is well.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{PLATFORMS, TestApp};

fn ids(entries: &[Value], path: &[&str]) -> HashSet<String> {
    let read = |entry: &Value| path.iter().fold(entry.clone(), |value, key| value[*key].clone());
    entries.iter().map(|entry| read(entry).as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn operations_answer() {
    let app = TestApp::new();
    assert_eq!(app.get_json("/healthz").await, json!({"status": "ok"}));
    assert_eq!(app.get_json("/readyz").await, json!({"status": "ready", "generation": 1}));

    let unready = TestApp::unready();
    assert_eq!(unready.get_json("/healthz").await, json!({"status": "ok"}));
    let answer = unready.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "not_ready");
    assert_ne!(answer.header("retry-after"), "");
}

#[tokio::test]
async fn a_clause_is_told_whole() {
    let app = TestApp::new();
    let clause = app.get_json("/v1/clauses/p02.disputes").await;
    assert_eq!(clause["generation"], 1);
    assert_eq!(clause["id"], "p02.disputes");
    assert_eq!(clause["severity"], "high");
    assert_eq!(clause["clause_type"], "binding-arbitration");
    assert_eq!(clause["citation"]["wording"], "p02.disputes@1");
    assert_eq!(clause["counts"]["platforms"], PLATFORMS - 1);
    assert_eq!(clause["unique"], false);
    assert_eq!(app.get_json("/v1/clauses/zz.markup").await["unique"], true);
}

#[tokio::test]
async fn comparables_reconcile_with_their_counts() {
    let app = TestApp::new();
    let path = "/v1/clauses/p02.disputes/comparables";
    let (cards, last) = app.page_through(&format!("{path}?limit=3"), "cards").await;
    let (hits, grouped_by_none) = app.page_through(&format!("{path}?limit=5&group_by=none"), "hits").await;
    let counts = &last["counts"];
    assert_eq!(counts, &grouped_by_none["counts"]);
    assert_eq!(counts["cards"], cards.len());
    assert_eq!(counts["platforms"], cards.len());
    assert_eq!(counts["clauses"], hits.len());
    assert_eq!(counts["platforms_tracked"], PLATFORMS + 1);
    assert_eq!(ids(&cards, &["platform", "id"]).len(), cards.len());
    assert_eq!(ids(&hits, &["clause", "id"]).len(), hits.len());
    assert!(!ids(&cards, &["platform", "id"]).contains("p02"));
    let more: u64 = cards.iter().map(|card| card["more_on_platform"].as_u64().expect("a number")).sum();
    assert_eq!(more, (hits.len() - cards.len()) as u64);
    let ranks: Vec<u64> = cards.iter().map(|card| card["rank"].as_u64().expect("a number")).collect();
    assert_eq!(ranks, (1..=cards.len() as u64).collect::<Vec<_>>());
    assert!(cards.iter().any(|card| card["match"]["tier"] == "identical-wording"));
    let severities = last["facets"]["severity"].as_array().expect("values");
    let counted: u64 = severities.iter().map(|value| value["clauses"].as_u64().expect("a number")).sum();
    assert_eq!(counted, hits.len() as u64);
}

#[tokio::test]
async fn affiliates_are_out_unless_asked_for() {
    let app = TestApp::new();
    let path = "/v1/clauses/p00.disputes/comparables?limit=100";
    let without = app.get_json(path).await;
    assert!(!ids(without["cards"].as_array().expect("cards"), &["platform", "id"]).contains("p01"));
    let with = app.get_json(&format!("{path}&include_affiliates=true")).await;
    let cards = with["cards"].as_array().expect("cards");
    let marked: Vec<&Value> = cards.iter().filter(|card| card["affiliate"] == true).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["platform"]["id"], "p01");
}

#[tokio::test]
async fn nothing_comparable_is_said() {
    let app = TestApp::new();
    let answer = app.get_json("/v1/clauses/zz.markup/comparables").await;
    assert_eq!(answer["no_match"]["reason"], "below_floor");
    assert_eq!(answer["cards"], json!([]));
    let filtered = app.get_json("/v1/clauses/p02.disputes/comparables?severity=low").await;
    assert_eq!(filtered["no_match"]["reason"], "filtered_out");
}

#[tokio::test]
async fn a_pasted_text_is_compared() {
    let app = TestApp::new();
    let text = "All disputes go to binding arbitration; you waive a jury trial and class actions.";
    let body = json!({"text": text, "severity": ["high", "medium"], "limit": 4, "explain": true,
        "min_score": 0, "group_by": "none", "facets": "platform", "platform": null, "cursor": null});
    let answer = app.post_json("/v1/comparables", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("link"), "");
    let first = answer.json();
    assert_eq!(first["hits"].as_array().expect("hits").len(), 4);
    let schema: Value =
        serde_json::from_str(include_str!("../../index-schema/search-v1.json")).expect("JSON");
    let weight = |name: &str| schema["comparables"][name].as_u64().expect("a weight");
    for hit in first["hits"].as_array().expect("hits") {
        let told = |name: &str| hit["match"]["explain"][name].as_u64().expect("a number");
        let parts = told("share") * weight("share_weight") + told("closeness") * weight("closeness_weight");
        assert_eq!(told("sum"), parts + told("agreement"), "{hit:#}");
    }
    assert_eq!(first["source"]["id"], Value::Null);
    let next = json!({"text": text, "severity": ["high", "medium"], "limit": 4, "explain": true,
        "min_score": 0, "group_by": "none", "facets": "platform", "cursor": first["next_cursor"]});
    let second = app.post_json("/v1/comparables", &next).await.json();
    assert_eq!(second["hits"][0]["rank"], 5);
    assert_eq!(second["counts"], first["counts"]);
    let other = json!({"text": "Another text.", "cursor": first["next_cursor"]});
    assert_eq!(app.post_json("/v1/comparables", &other).await.json()["code"], "invalid_cursor");

    let own = json!({"text": text, "platform": "p11", "limit": 100});
    let own = app.post_json("/v1/comparables", &own).await.json();
    assert!(!ids(own["cards"].as_array().expect("cards"), &["platform", "id"]).contains("p11"));
}

#[tokio::test]
async fn a_contrast_tells_what_only_one_of_two_says() {
    let app = TestApp::new();
    app.write(&[crate::app::invent_clause(
        "sells",
        "sale",
        "We sell your precise location to data brokers unless you opt out of such sales.",
        &json!({}),
    )]);
    let text = "We do not sell your precise location to data brokers. Cookies tell us of such sales.";
    let ids = |statements: &Value| -> Vec<String> {
        let statements = statements.as_array().expect("statements").iter();
        statements.map(|one| format!("{} {}", one["id"], one["denied"]).replace('"', "")).collect()
    };
    let ask = async |more: Value| -> Value {
        let mut body = json!({"text": text, "min_score": 0, "platform": null});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answer = app.post_json("/v1/comparables", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    };
    for (grouping, key) in [("platform", "cards"), ("none", "hits")] {
        let told = ask(json!({"explain": true, "group_by": grouping})).await;
        let contrast = &told[key][0]["contrast"];
        assert_eq!(
            ids(&contrast["clause_only"]),
            ["opt-out false", "sale false", "location false", "data-brokers false"],
            "{contrast:#}"
        );
        assert_eq!(
            ids(&contrast["source_only"]),
            ["sale true", "location true", "cookies false", "data-brokers true"],
            "{contrast:#}"
        );
        assert_eq!(contrast["both"], json!([]));
        assert_eq!(contrast["clause_only"][0]["quote"], "opt out");
        assert_eq!(contrast["clause_only"][0]["group"], "choice");
        let parts = contrast["diff"].as_array().expect("parts");
        let join = |without: &str| -> String {
            let kept = parts.iter().filter(|part| part["op"] != without);
            kept.map(|part| part["text"].as_str().expect("a text")).collect()
        };
        assert_eq!(join("insert"), text);
        assert!(join("delete").starts_with("We sell your precise location"), "{}", join("delete"));

        let silent = ask(json!({"group_by": grouping})).await;
        assert_eq!(silent[key][0]["clause"]["id"], told[key][0]["clause"]["id"]);
        assert_eq!(silent[key][0].get("contrast"), None);
    }
    // In a language without phrases only the words are compared.
    let told = ask(json!({"explain": true, "text_language": "de"})).await;
    let contrast = &told["cards"][0]["contrast"];
    assert_eq!(
        (&contrast["source_only"], &contrast["clause_only"], &contrast["both"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(contrast["diff"].is_array(), "{contrast:#}");

    // A platform's further clauses have one too; a search has no source.
    let path = "/v1/clauses/p02.disputes/comparables?per_platform=2&explain=true&platform=p11";
    let card = &app.get_json(path).await["cards"][0];
    assert!(card["also"][0]["contrast"]["diff"].is_array(), "{card:#}");
    let hit = &app.get_json("/v1/search?q=arbitration&explain=true").await["hits"][0];
    assert!(hit["match"]["explain"].is_object() && hit.get("contrast").is_none(), "{hit:#}");
}

#[tokio::test]
async fn a_search_reconciles_with_its_counts() {
    let app = TestApp::new();
    let path = "/v1/search?q=binding+arbitration&severity=high&severity=medium";
    let (hits, last) = app.page_through(&format!("{path}&limit=4"), "hits").await;
    assert_eq!(last["counts"]["clauses"], hits.len());
    assert_eq!(hits.len(), PLATFORMS + 1);
    let (cards, grouped) = app.page_through(&format!("{path}&limit=5&group_by=platform"), "cards").await;
    assert_eq!(grouped["counts"], last["counts"]);
    assert_eq!(grouped["counts"]["cards"], cards.len());
    let (all, _) = app.page_through("/v1/search?limit=9&sort=severity", "hits").await;
    assert_eq!(all.len(), PLATFORMS * 2 + 2);
    assert_eq!(all[0]["clause"]["severity"], "high");
}

#[tokio::test]
async fn lists_are_whole() {
    let app = TestApp::new();
    let (platforms, last) = app.page_through("/v1/platforms?limit=5", "platforms").await;
    assert_eq!(last["total"], platforms.len());
    assert_eq!(platforms.len(), PLATFORMS + 1);
    let (types, last) = app.page_through("/v1/clause-types?limit=100", "clause_types").await;
    assert_eq!(last["total"], types.len());
    let arbitration = types.iter().find(|row| row["id"] == "binding-arbitration").expect("the type");
    assert_eq!(arbitration["clauses"], PLATFORMS + 1);
    assert_eq!(arbitration["platforms"], PLATFORMS);
    assert_eq!(types.last().expect("rows")["id"], "untyped");

    let taxonomy = app.get_json("/v1/taxonomy").await;
    assert_eq!(taxonomy["generation"], 1);
    assert!(taxonomy["clause_type"].as_array().is_some_and(|types| !types.is_empty()));

    let stats = app.get_json("/v1/stats?by=severity,platform&platform=p11").await;
    assert_eq!(stats["by"], json!(["severity", "platform"]));
    assert_eq!(stats["clauses"], 3);
    assert!(stats["rows"].as_array().is_some_and(|rows| rows.iter().all(|row| row["platform"] == "p11")));
}

#[tokio::test]
async fn a_cursor_belongs_to_its_parameters() {
    let app = TestApp::new();
    let cursor = app.get_json("/v1/search?q=arbitration&limit=2").await["next_cursor"].clone();
    let cursor = cursor.as_str().expect("a cursor");
    for (path, status) in [
        (format!("/v1/search?q=arbitration&limit=7&cursor={cursor}"), StatusCode::OK),
        (format!("/v1/search?q=refunds&cursor={cursor}"), StatusCode::BAD_REQUEST),
        (format!("/v1/search?q=arbitration&severity=high&cursor={cursor}"), StatusCode::BAD_REQUEST),
        (format!("/v1/clauses/p02.disputes/comparables?cursor={cursor}"), StatusCode::BAD_REQUEST),
        ("/v1/search?cursor=nonsense".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let answer = app.get(&path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        if status != StatusCode::OK {
            assert_eq!(answer.json()["code"], "invalid_cursor", "{path}");
        }
    }
}

#[tokio::test]
async fn paging_goes_on_in_its_generation() {
    let app = TestApp::new();
    let first = app.get("/v1/search?q=arbitration&limit=2").await;
    let next = crate::app::link_of(&first);
    app.write(&[crate::app::invent_clause(
        "new",
        "disputes",
        "Every dispute is settled by binding arbitration.",
        &json!({}),
    )]);
    assert_eq!(app.get_json(&next).await["counts"], first.json()["counts"]);
    assert_eq!(app.get_json("/v1/search?q=arbitration").await["generation"], 2);
}

#[tokio::test]
async fn requests_have_names() {
    let app = TestApp::new();
    for (given, kept) in
        [("abc-1.2_Z", true), ("", false), ("a b", false), ("a<b", false), (&*"x".repeat(65), false)]
    {
        let answer = app.ask(Method::GET, "/healthz", &[("x-request-id", given)], "").await;
        let id = answer.header("x-request-id");
        assert_eq!(id == given, kept, "{given}: {id}");
        assert!(kept || id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }
    let one = app.get("/healthz").await;
    let two = app.get("/healthz").await;
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
}
