//! Wordings of the past, diffs, changes and their feed, and days of the past.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{TestApp, invent_clause};

const FIRST: &str = "The orchard closes at noon, and visitors leave their baskets by the gate.";
const SECOND: &str = "The orchard closes at dusk, and visitors leave their baskets & boots by the gate.";

/// An orchard whose rule changed in June, and a pond whose rule went.
fn app() -> TestApp {
    let app = TestApp::unready();
    let seen =
        |day: &str| json!({"observed": {"first_seen": day, "last_seen": "2026-08-01"}, "severity": "low"});
    app.write(&[
        invent_clause("orchard", "hours", FIRST, &seen("2026-01-10")),
        invent_clause(
            "pond",
            "boats",
            "Boats stay at home while the pond is frozen over.",
            &seen("2026-02-01"),
        ),
    ]);
    app.write(&[invent_clause("orchard", "hours", SECOND, &seen("2026-06-15"))]);
    app.remove("pond.boats");
    app
}

#[tokio::test]
async fn wordings_are_listed_with_their_times() {
    let app = app();
    let history = app.get_json("/v1/clauses/orchard.hours/history").await;
    assert_eq!(history["live"], true);
    assert_eq!(history["total"], 2);
    let wordings = history["wordings"].as_array().expect("a list");
    assert_eq!((&wordings[0]["name"], &wordings[0]["text"]), (&json!("orchard.hours@2"), &json!(SECOND)));
    assert_eq!(wordings[1]["spans"][0]["began_at"], "2026-01-10");
    assert_eq!(wordings[1]["spans"][0]["ended_at"], "2026-06-15");
    assert_eq!(wordings[1]["live"], false);
    // A record does not say who changed what: that is not counted as the platform's doing.
    assert_eq!(history["stability"]["changes"], 0);
    assert_eq!(history["stability"]["months_observed"], 6);
    let (paged, _) = app.page_through("/v1/clauses/orchard.hours/history?limit=1", "wordings").await;
    assert_eq!(paged.len(), 2);
    let whole = app.get_json("/v1/clauses/orchard.hours").await;
    assert_eq!(whole["stability"], history["stability"]);
}

#[tokio::test]
async fn what_is_gone_is_410_and_keeps_its_history() {
    let app = app();
    for path in
        ["/v1/clauses/pond.boats", "/v1/clauses/pond.boats/comparables", "/v1/diff?from=pond.boats&to=x"]
    {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::GONE, "{path}: {}", answer.text());
        assert_eq!(answer.json()["code"], "clause_gone");
    }
    let history = app.get_json("/v1/clauses/pond.boats/history").await;
    assert_eq!((&history["live"], &history["total"]), (&json!(false), &json!(1)));
    assert_eq!(app.get("/v1/clauses/nobody/history").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_diff_holds_both_texts() {
    let app = app();
    let diff = app.get_json("/v1/diff?from=orchard.hours@1&to=orchard.hours").await;
    let join = |without: &str| -> String {
        let parts = diff["parts"].as_array().expect("parts").iter();
        parts.filter(|part| part["op"] != without).map(|part| part["text"].as_str().expect("text")).collect()
    };
    assert_eq!((join("insert").as_str(), join("delete").as_str()), (FIRST, SECOND));
    assert_eq!((&diff["words_deleted"], &diff["words_inserted"]), (&json!(1), &json!(2)));
    let check = async |query: &str, code: &str| {
        let answer = app.get(&format!("/v1/diff?{query}")).await;
        assert_eq!(answer.json()["code"], code, "{query}");
    };
    check("from=orchard.hours@9&to=orchard.hours", "wording_not_found").await;
    check("from=orchard.hours@x&to=orchard.hours", "wording_not_found").await;
    check("from=nobody&to=orchard.hours", "clause_not_found").await;
    check("from=orchard.hours", "bad_parameter").await;
    check("from=orchard.hours&to=orchard.hours&limit=3", "unknown_parameter").await;
}

#[tokio::test]
async fn changes_are_told_newest_first() {
    let app = app();
    let told = |changes: &[Value]| -> Vec<String> {
        let tell = |change: &Value| {
            format!(
                "{} {}",
                change["kind"].as_str().unwrap_or(""),
                change["clause"]["id"].as_str().unwrap_or("")
            )
        };
        changes.iter().map(tell).collect()
    };
    let (changes, _) = app.page_through("/v1/changes?limit=1", "changes").await;
    let expected = ["removed pond.boats", "changed orchard.hours", "added pond.boats", "added orchard.hours"];
    assert_eq!(told(&changes), expected);
    let changed = &changes[1];
    assert_eq!(
        (&changed["wording_before"], &changed["wording"], &changed["observed_at"]),
        (&json!("orchard.hours@1"), &json!("orchard.hours@2"), &json!("2026-06-15"))
    );
    let (of_pond, _) = app.page_through("/v1/changes?platform=orchard", "changes").await;
    assert_eq!(told(&of_pond), ["changed orchard.hours", "added orchard.hours"]);
    let (early, _) = app.page_through("/v1/changes?as_of=2026-05-01", "changes").await;
    assert_eq!(told(&early), ["added pond.boats", "added orchard.hours"]);
    assert_eq!(app.get("/v1/changes?severity=dire").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_feed_is_atom() {
    let app = app();
    let answer =
        app.ask(axum::http::Method::GET, "/feeds/changes.atom?limit=2", &[("host", "h.example")], "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    let feed = answer.text();
    assert!(feed.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"), "{feed}");
    for part in [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
        "href=\"http://h.example/v1/diff?from=orchard.hours@1&amp;to=orchard.hours@2\"",
        "baskets &amp; boots",
        "(removed)</title>",
    ] {
        assert!(feed.contains(part), "{part}: {feed}");
    }
    assert_eq!(feed.matches("<entry>").count(), 2);
    assert_eq!(feed.matches("<id>urn:uuid:").count(), 3);
}

#[tokio::test]
async fn affiliates_of_a_day_of_the_past_are_marked() {
    let app = TestApp::unready();
    let text = "The rowing club keeps the oars of members who leave within a month.";
    let of = |id: &str, parent: Option<&str>| {
        let platform = json!({"id": id, "name": id.to_uppercase(), "parent": parent});
        let seen = json!({"platform": platform, "observed": {"first_seen": "2026-01-10"}});
        invent_clause(id, "oars", text, &seen)
    };
    app.write(&[of("pond", Some("Waters")), of("lake", Some("waters")), of("orchard", None)]);
    app.remove("lake.oars");
    for day in ["", "&as_of=2026-03-01"] {
        let cards = async |rest: &str| {
            let path = format!("/v1/clauses/pond.oars/comparables?limit=10{day}{rest}");
            let answer = app.get_json(&path).await;
            let cards = answer["cards"].as_array().expect("cards").clone();
            cards
                .into_iter()
                .map(|card| (card["platform"]["id"].clone(), card["affiliate"].clone()))
                .collect()
        };
        let without: Vec<(Value, Value)> = cards("").await;
        assert_eq!(without, [(json!("orchard"), json!(false))], "{day}");
        let with: Vec<(Value, Value)> = cards("&include_affiliates=true").await;
        let lake = (json!("lake"), json!(true));
        assert_eq!(with.contains(&lake), !day.is_empty(), "{day}");
    }
    let pasted = json!({"text": text, "platform": "lake", "as_of": "2026-03-01"});
    let answer = app.post_json("/v1/comparables", &pasted).await.json();
    assert_eq!(answer["counts"]["platforms"], 1, "{answer}");
}

#[tokio::test]
async fn a_day_of_the_past_is_a_filter_everywhere() {
    let app = app();
    let count = async |path: &str| app.get_json(path).await["counts"]["clauses"].clone();
    assert_eq!(count("/v1/search?as_of=2026-01-09").await, 0);
    assert_eq!(count("/v1/search?as_of=2026-01-10").await, 1);
    // The pond's rule went when it was removed here: on this day it still stood.
    assert_eq!(count("/v1/search?as_of=2026-06-14").await, 2);
    assert_eq!(count("/v1/search?q=noon&as_of=2026-06-14").await, 1);
    assert_eq!(count("/v1/search?q=noon").await, 0);
    assert_eq!(count("/v1/search?platform=pond&as_of=2026-06-14").await, 1);
    let then = app.get_json("/v1/search?q=orchard&as_of=2026-03-01").await;
    assert_eq!(
        (&then["hits"][0]["clause"]["wording"], &then["counts"]["platforms_tracked"]),
        (&json!(1), &json!(2))
    );
    let stats = app.get_json("/v1/stats?by=severity&as_of=2026-03-01").await;
    assert_eq!(stats["clauses"], 2);
    let compared = app.get_json("/v1/clauses/pond.boats/comparables?as_of=2026-03-01").await;
    assert_eq!(compared["source"]["id"], "pond.boats");
    assert_eq!(app.get("/v1/search?as_of=someday").await.status, StatusCode::BAD_REQUEST);
}
