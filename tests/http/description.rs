//! The API's description.

use std::collections::BTreeSet;
use std::fs;

use crossclause::http::openapi_json;
use serde_json::{Value, json};

use crate::app::TestApp;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

#[test]
fn the_file_is_what_is_served() {
    let served = openapi_json();
    if std::env::var_os("CROSSCLAUSE_BLESS").is_some() {
        fs::write(PATH, &served).expect("written");
    }
    let kept = fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        kept == served,
        "docs/openapi.json is not what is served; look at what changed, then renew it:\n  CROSSCLAUSE_BLESS=1 cargo test --test http the_file_is_what_is_served"
    );
}

#[tokio::test]
async fn it_is_served() {
    let app = TestApp::unready();
    let description = app.get_json("/v1/openapi.json").await;
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description, serde_json::from_str::<Value>(&openapi_json()).expect("JSON"));
}

/// Every reference must lead somewhere.
#[test]
fn references_are_whole() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| collect(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let description: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    let mut references = BTreeSet::new();
    collect(&description, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// What the desk takes and what is documented must be the same.
#[tokio::test]
async fn parameters_are_those_that_are_taken() {
    let app = TestApp::new();
    let description: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    for (path, asked) in [
        ("/v1/clauses/{id}/comparables", "/v1/clauses/p02.disputes/comparables"),
        ("/v1/search", "/v1/search"),
        ("/v1/platforms", "/v1/platforms"),
        ("/v1/clause-types", "/v1/clause-types"),
        ("/v1/stats", "/v1/stats"),
    ] {
        let parameters = description["paths"][path]["get"]["parameters"].as_array().expect("parameters");
        let documented: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().expect("a name"))
            .collect();
        assert!(parameters.iter().all(|parameter| parameter["description"].is_string()), "{path}");
        let problem = app.get(&format!("{asked}?nonsense=1")).await.json();
        let taken: Vec<&str> =
            problem["allowed"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
        assert_eq!(documented, taken.into_iter().collect::<BTreeSet<_>>(), "{path}");
    }
    let body = json!({"text": "x", "nonsense": 1});
    let problem = app.post_json("/v1/comparables", &body).await.json();
    let mut taken: BTreeSet<&str> =
        problem["allowed"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    taken.extend(["text", "text_language"]);
    let properties = description["components"]["schemas"]["ComparablesRequest"]["properties"].as_object();
    let documented: BTreeSet<&str> = properties.expect("properties").keys().map(String::as_str).collect();
    assert_eq!(documented, taken);
}

/// Every key of an answer is documented, and what is required is there.
#[tokio::test]
async fn answers_are_as_described() {
    let app = TestApp::new();
    let description: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    for (schema, asked) in [
        ("ComparablesAnswer", "/v1/clauses/p02.disputes/comparables?explain=true&per_platform=2"),
        ("ComparablesAnswer", "/v1/clauses/zz.markup/comparables?group_by=none"),
        ("SearchAnswer", "/v1/search?q=arbitration"),
        ("SearchAnswer", "/v1/search?q=arbitration&group_by=platform"),
        ("SearchAnswer", "/v1/search?q=arbitrat*+severity:high+-type:untyped&explain=true"),
        ("PlatformList", "/v1/platforms"),
        ("ClauseTypeList", "/v1/clause-types"),
        ("StatsAnswer", "/v1/stats"),
        ("ClauseRecord", "/v1/clauses/p02.disputes"),
        ("TaxonomyAnswer", "/v1/taxonomy"),
        ("OembedAnswer", "/oembed?url=http://localhost/clauses/p02.disputes"),
        ("Health", "/healthz"),
        ("Readiness", "/readyz"),
        ("Problem", "/v1/search?severity=hihg"),
    ] {
        let mut whole = description.clone();
        whole["$ref"] = json!(format!("#/components/schemas/{schema}"));
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let answer = app.get(asked).await.json();
        let faults: Vec<String> = validator
            .iter_errors(&answer)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{asked} is no {schema}: {faults:#?}");
    }
}
