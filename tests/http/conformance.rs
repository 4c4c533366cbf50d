//! Real answers of every endpoint against the description: status, media type, headers, and every key.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use crossclause::http::openapi_json;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::app::{Answer, TestApp};

/// An operation of the description.
pub(crate) struct Operation<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) value: &'a Value,
}

/// The description.
pub(crate) fn describe() -> Value {
    serde_json::from_str(&openapi_json()).expect("JSON")
}

/// All operations of a description.
pub(crate) fn operations(description: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = description["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path");
        item.iter().map(move |(method, value)| Operation { method, path, value })
    })
}

/// The entries of a list; none if there is no list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What stands behind a reference, or the value itself.
pub(crate) fn resolve<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            description.pointer(reference.trim_start_matches('#')).expect("it leads somewhere")
        }
        None => value,
    }
}

fn parameters_of<'a>(description: &'a Value, operation: &'a Operation<'_>) -> Vec<&'a Value> {
    list(&operation.value["parameters"]).iter().map(|parameter| resolve(description, parameter)).collect()
}

/// The address of an operation with the examples of what must be given; `None` where one is missing.
fn fill_path(description: &Value, operation: &Operation<'_>) -> Option<String> {
    let mut address = operation.path.to_owned();
    for parameter in parameters_of(description, operation) {
        if parameter["required"] == true {
            let (name, example) = (parameter["name"].as_str()?, parameter["example"].as_str()?);
            address = match parameter["in"].as_str()? {
                "path" => address.replace(&format!("{{{name}}}"), example),
                _ => with_parameter(&address, &format!("{name}={example}")),
            };
        }
    }
    Some(address)
}

/// An address with a parameter more.
fn with_parameter(address: &str, parameter: &str) -> String {
    format!("{address}{}{parameter}", if address.contains('?') { '&' } else { '?' })
}

/// What checks values against a schema of the description, in which no key may be undescribed.
pub(crate) fn validator_of(description: &Value, schema: &str) -> Validator {
    let mut whole = description.clone();
    let schemas = whole["components"]["schemas"].as_object_mut().expect("schemas");
    let parts: BTreeSet<String> = schemas
        .values()
        .flat_map(|schema| list(&schema["allOf"]).to_vec())
        .filter_map(|part| Some(part["$ref"].as_str()?.rsplit('/').next()?.to_owned()))
        .collect();
    for (name, schema) in schemas.iter_mut() {
        let closed = schema["additionalProperties"].is_null() && !parts.contains(name);
        let object: &mut Map<String, Value> = schema.as_object_mut().expect("a schema");
        if closed && (object.contains_key("properties") || object.contains_key("allOf")) {
            object.insert("unevaluatedProperties".to_owned(), json!(false));
        }
    }
    whole["$ref"] = json!(format!("#/components/schemas/{schema}"));
    jsonschema::validator_for(&whole).expect("a schema")
}

/// The description with what checks values against it, made once for each schema.
struct Checker {
    description: Value,
    validators: RefCell<BTreeMap<String, Validator>>,
}

impl Checker {
    fn new() -> Self {
        Self { description: describe(), validators: RefCell::default() }
    }

    fn find_faults(&self, schema: &str, value: &Value) -> Vec<String> {
        let mut validators = self.validators.borrow_mut();
        let validator =
            validators.entry(schema.to_owned()).or_insert_with(|| validator_of(&self.description, schema));
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }
}

/// Checks an answer against what is described of its status.
fn check(checker: &Checker, operation: &Operation<'_>, asked: &str, answer: &Answer) {
    let description = &checker.description;
    let status = answer.status.as_u16().to_string();
    let response = resolve(description, &operation.value["responses"][&status]);
    assert!(response.is_object(), "{asked}: {status} is not described: {}", answer.text());
    for name in response["headers"].as_object().expect("headers").keys() {
        let there = answer.headers.contains_key(name);
        // Not every page has a next one, and not every wait helps.
        assert!(there || ["Link", "Retry-After"].contains(&name.as_str()), "{asked}: {status} lacks {name}");
    }
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{asked}: {status} has a body");
        return;
    };
    let media_type = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
    let described = content.get(&media_type);
    let described = described.unwrap_or_else(|| panic!("{asked}: {media_type} is not described"));
    let Some(reference) = described["schema"]["$ref"].as_str() else { return };
    let schema = reference.rsplit('/').next().expect("a name");
    let faults = checker.find_faults(schema, &answer.json());
    assert!(faults.is_empty(), "{asked} is no {schema}: {faults:#?}");
}

/// The demo is loaded once for all that is asked of it.
#[tokio::test]
async fn answers_are_as_described() {
    let app = TestApp::demo();
    let checker = Checker::new();
    check_reading(&app, &checker).await;
    check_pasting(&app, &checker).await;
    check_parameters(&app, &checker.description).await;
    check_examples(&app).await;
}

/// Every path that can be read, with what its parameters change in the form of the answer.
async fn check_reading(app: &TestApp, checker: &Checker) {
    let description = checker.description.clone();
    let mut asked_of = BTreeSet::new();
    for operation in operations(&description).filter(|operation| operation.method == "get") {
        let address = fill_path(&description, &operation).expect("an example of what must be given");
        let parameters = parameters_of(&description, &operation);
        let takes = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
        let mut addresses = vec![address.clone(), with_parameter(&address, "nonsense=1")];
        for (name, asked) in [
            ("group_by", "group_by=none&explain=true"),
            ("group_by", "group_by=platform&explain=true&per_platform=3&fold=wording&limit=100"),
            ("facets", "facets=platform&facets=language&facets=regulation&facets=jurisdiction"),
            ("q", "q=arbitrat*+severity:high+-type:untyped+%22class+action%22+abritration+colour:red"),
            ("severity", "severity=hihg"),
            ("severity", "severity=low&category=untyped"),
            ("limit", "limit=1"),
            ("limit", "limit=0"),
            ("by", "by=language,platform"),
            ("cursor", "cursor=x"),
        ] {
            if takes(name) {
                addresses.push(with_parameter(&address, asked));
            }
        }
        for asked in addresses {
            let answer = app.get(&asked).await;
            check(checker, &operation, &asked, &answer);
            let head = app.ask(Method::HEAD, &asked, &[], "").await;
            assert_eq!((head.status, head.body.len()), (answer.status, 0), "HEAD {asked}");
            if answer.status == StatusCode::OK {
                asked_of.insert(operation.path.to_owned());
                let tag = answer.header("etag");
                let again = app.ask(Method::GET, &asked, &[("if-none-match", tag)], "").await;
                let kept = operation.value["responses"]["304"].is_object();
                let expected = if kept { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
                assert_eq!((again.status, tag.is_empty()), (expected, !kept), "{asked}");
                check(checker, &operation, &asked, &again);
            }
        }
    }
    let readable: BTreeSet<String> = operations(&description)
        .filter(|operation| operation.method == "get")
        .map(|operation| operation.path.to_owned())
        .collect();
    assert_eq!(asked_of, readable, "of every path there must be an answer");
}

async fn check_pasting(app: &TestApp, checker: &Checker) {
    let description = checker.description.clone();
    let operation = operations(&description).find(|operation| operation.path == "/v1/comparables");
    let operation = operation.expect("it is described");
    let example = &description["components"]["schemas"]["ComparablesRequest"]["examples"][0];
    assert!(validator_of(&description, "ComparablesRequest").is_valid(example));
    for body in [
        example.clone(),
        json!({"text": "We sell your data.", "group_by": "none", "explain": true, "limit": 100}),
        json!({"text": "Hello.", "severity": null, "limit": 2.0, "min_score": 0}),
        json!({"text": "Hello.", "severity": "hihg"}),
        json!({"text": 5}),
        json!([]),
    ] {
        let answer = app.post_json("/v1/comparables", &body).await;
        check(checker, &operation, &body.to_string(), &answer);
    }
    let other = app.post("/v1/comparables", "text/plain", "x").await;
    check(checker, &operation, "text/plain", &other);
    let large = app.post_json("/v1/comparables", &json!({"text": "x".repeat(300_000)})).await;
    check(checker, &operation, "300,000 bytes", &large);
}

/// What the desk takes and what is documented must be the same, wherever there are parameters.
async fn check_parameters(app: &TestApp, description: &Value) {
    for operation in operations(description).filter(|operation| operation.method == "get") {
        let Some(asked) = fill_path(description, &operation) else { continue };
        let parameters = list(&operation.value["parameters"]);
        let documented: BTreeSet<&str> = parameters
            .iter()
            .map(|parameter| resolve(description, parameter))
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().expect("a name"))
            .collect();
        if !operation.path.starts_with("/v1/") {
            continue;
        }
        let answer = app.get(&with_parameter(&asked, "nonsense=1")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{asked}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["code"], "unknown_parameter", "{asked}");
        let taken: BTreeSet<&str> = list(&problem["allowed"]).iter().filter_map(Value::as_str).collect();
        assert_eq!(documented, taken, "{}", operation.path);
    }
    let body = json!({"text": "x", "nonsense": 1});
    let problem = app.post_json("/v1/comparables", &body).await.json();
    let mut taken: BTreeSet<&str> = list(&problem["allowed"]).iter().filter_map(Value::as_str).collect();
    taken.extend(["text", "text_language"]);
    let properties = description["components"]["schemas"]["ComparablesRequest"]["properties"].as_object();
    let documented: BTreeSet<&str> = properties.expect("properties").keys().map(String::as_str).collect();
    assert_eq!(documented, taken);
}

/// The lines to try of the reference are answered by the demo, which their examples come from.
async fn check_examples(app: &TestApp) {
    let page = app.get("/docs").await.text();
    let mut tried = 0;
    for line in page.split("<code>curl '").skip(1) {
        let Some(address) = line.split('\'').next().and_then(|url| url.split_once("7700")) else {
            panic!("no address: {line}")
        };
        if line.split("</code>").next().is_some_and(|line| line.contains(" -H ")) {
            continue;
        }
        let path = address.1.replace("&amp;", "&");
        assert_eq!(app.get(&path).await.status, StatusCode::OK, "{path}");
        tried += 1;
    }
    assert!(tried > 20, "only {tried} lines");
}

/// What is described of a collection that is not ready.
#[tokio::test]
async fn answers_of_an_unready_collection_are_as_described() {
    let app = TestApp::unready();
    let checker = Checker::new();
    let description = checker.description.clone();
    for operation in operations(&description).filter(|operation| operation.method == "get") {
        let asked = fill_path(&description, &operation).expect("an example");
        let answer = app.get(&asked).await;
        check(&checker, &operation, &asked, &answer);
        let unready = answer.status == StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(unready, answer.headers.contains_key("retry-after"), "{asked}");
    }
}
