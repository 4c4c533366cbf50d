//! Scenarios are data: `scenarios.json` has records and questions with what is expected of every
//! engine. What it does not expect is still compared, byte by byte.

use crossclause::collection::EngineChoice;
use serde_json::{Map, Value};

use super::{Ask, answer, ingest, open_desk};

fn read_ask(step: &Value) -> Ask {
    let text = |name: &str| step[name].as_str().map(str::to_owned);
    match (text("clause"), text("text")) {
        (Some(id), _) => Ask::Clause(id),
        (None, Some(pasted)) => Ask::Text(pasted, text("source_platform")),
        (None, None) => Ask::Search,
    }
}

fn read_params(step: &Value) -> Vec<(String, String)> {
    let empty = Map::new();
    step["params"]
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .flat_map(|(name, value)| {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            values
                .into_iter()
                .map(|value| {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (name.clone(), value)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Ids of the cards or hits of an answer.
fn list_ids(answer: &Value) -> Vec<String> {
    let items = answer["cards"].as_array().or(answer["hits"].as_array());
    let ids = items.into_iter().flatten().filter_map(|item| item["clause"]["id"].as_str());
    ids.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_engine_plays_the_scenarios() {
    let scenarios: Value = serde_json::from_str(include_str!("scenarios.json")).expect("JSON");
    for scenario in scenarios.as_array().expect("a list") {
        let name = scenario["name"].as_str().expect("a name");
        let directory = tempfile::tempdir().expect("a directory");
        let tantivy = open_desk(directory.path(), EngineChoice::Tantivy);
        for records in scenario["ingests"].as_array().expect("ingests") {
            ingest(&tantivy, records.as_array().expect("records"), false);
        }
        let naive = open_desk(directory.path(), EngineChoice::Naive);
        for step in scenario["questions"].as_array().expect("questions") {
            let (ask, params) = (read_ask(step), read_params(step));
            let by_naive = answer(&naive, &ask, &params).await;
            let by_tantivy = answer(&tantivy, &ask, &params).await;
            assert_eq!(by_naive, by_tantivy, "{name}: {step}");
            let expected = &step["expect"];
            if let Some(message) = expected["error"].as_str() {
                assert!(
                    by_naive.starts_with("error") && by_naive.contains(message),
                    "{name}: {step}\n{by_naive}"
                );
                continue;
            }
            let found: Value =
                serde_json::from_str(&by_naive).unwrap_or_else(|_| panic!("{name}: {by_naive}"));
            if let Some(ids) = expected["ids"].as_array() {
                let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
                assert_eq!(list_ids(&found), ids, "{name}: {step}\n{found:#}");
            }
            for (pointer, value) in expected["at"].as_object().into_iter().flatten() {
                assert_eq!(found.pointer(pointer), Some(value), "{name}: {pointer} of {step}\n{found:#}");
            }
        }
    }
}
