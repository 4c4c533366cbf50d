//! The API's description.

use std::collections::BTreeSet;
use std::fs;

use crossclause::http::{Code, openapi_json};
use serde_json::Value;

use crate::app::TestApp;
use crate::conformance::{Operation, describe, list, operations, resolve, validator_of};

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

/// Whether a schema says more than that there is some value.
fn constrains(description: &Value, schema: &Value) -> bool {
    let schema = resolve(description, schema);
    let either = ["anyOf", "oneOf"].iter().find_map(|key| schema[*key].as_array());
    match (schema["type"].as_str(), either) {
        (_, Some(schemas)) => schemas.iter().all(|schema| constrains(description, schema)),
        (Some("string"), _) => {
            ["enum", "pattern", "format", "maxLength"].iter().any(|key| !schema[*key].is_null())
        }
        (Some("integer" | "number"), _) => !schema["minimum"].is_null() && !schema["maximum"].is_null(),
        (Some("array"), _) => !schema["maxItems"].is_null() && constrains(description, &schema["items"]),
        (Some("boolean" | "null"), _) => true,
        _ => false,
    }
}

#[test]
fn everything_is_described() {
    let description = describe();
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> =
        list(&description["tags"]).iter().map(|tag| tag["name"].as_str().expect("a name")).collect();
    for operation in operations(&description) {
        let Operation { method, path, value } = operation;
        let at = format!("{method} {path}");
        for key in ["summary", "description"] {
            if value[key].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{at} has no {key}"));
            }
        }
        if !ids.insert(value["operationId"].as_str().expect("an id")) {
            faults.push(format!("{at}: its id is that of another"));
        }
        if !list(&value["tags"]).iter().any(|tag| tags.contains(tag.as_str().expect("a tag"))) {
            faults.push(format!("{at} has no tag of those that are described"));
        }
        for parameter in list(&value["parameters"]) {
            let parameter = resolve(&description, parameter);
            let at = format!("{at}, {}", parameter["name"]);
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{at} has no description"));
            }
            if !constrains(&description, &parameter["schema"]) {
                faults.push(format!("{at} takes anything: {}", parameter["schema"]));
            }
            if parameter["schema"]["type"] == "array" && parameter["style"] != "form" {
                faults.push(format!("{at} has several values and no style"));
            }
        }
        for (status, response) in value["responses"].as_object().expect("responses") {
            let response = resolve(&description, response);
            if response["headers"]["X-Request-Id"].is_null() {
                faults.push(format!("{at}, {status} has no id"));
            }
            if status.starts_with(['4', '5']) {
                if response["content"]["text/html"].is_object() {
                    // A page tells what is wrong in HTML.
                    continue;
                }
                let content = &response["content"]["application/problem+json"];
                let examples = content["examples"].as_object().cloned().unwrap_or_default();
                if examples.is_empty() || content["schema"]["$ref"] != "#/components/schemas/Problem" {
                    faults.push(format!("{at}, {status} shows no problem"));
                }
                for (code, example) in examples {
                    let shown = &resolve(&description, &example)["value"];
                    if shown["code"] != code || shown["status"].as_u64() != status.parse().ok() {
                        faults.push(format!("{at}, {status}: {code} is not what is shown"));
                    }
                }
            }
        }
    }
    for (name, schema) in description["components"]["schemas"].as_object().expect("schemas") {
        check_schema(name, schema, &mut faults);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

fn check_schema(name: &str, schema: &Value, faults: &mut Vec<String>) {
    if schema["description"].as_str().is_none_or(str::is_empty) {
        faults.push(format!("{name} has no description"));
    }
    let parts = ["allOf", "oneOf", "anyOf"].iter().flat_map(|key| list(&schema[*key]));
    for object in parts.chain([schema]) {
        for (property, value) in object["properties"].as_object().into_iter().flatten() {
            if value["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{name}.{property} has no description"));
            }
            let typed = ["type", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|key| !value[*key].is_null());
            if !typed {
                faults.push(format!("{name}.{property} has no type"));
            }
        }
    }
}

/// Every code has an example that is a whole problem, and the page and the table tell the same of it.
#[tokio::test]
async fn every_code_has_an_example() {
    let description = describe();
    let validator = validator_of(&description, "Problem");
    let app = TestApp::unready();
    let page = app.get("/docs/errors").await.text();
    let table = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).expect("docs");
    let examples = description["components"]["examples"].as_object().expect("examples");
    assert_eq!(examples.len(), Code::ALL.len());
    for code in Code::ALL {
        let example = &examples[code.as_str()]["value"];
        assert!(validator.is_valid(example), "{example}");
        assert_eq!(example["code"], code.as_str());
        assert_eq!(example["status"], code.status().as_u16());
        assert_eq!(example["type"], format!("/docs/errors#{}", code.as_str()));
        assert!(page.contains(&format!("id=\"{}\"", code.as_str())), "{}", code.as_str());
        let (status, title, advice) = (code.status().as_u16(), code.title(), code.advice());
        let row = format!("| `{}` | {status} | {title} | {advice} |", code.as_str());
        assert!(table.contains(&row), "docs/api.md lacks {row}");
        assert!(page.contains(title), "the page lacks {title}");
    }
}
