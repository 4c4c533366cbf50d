//! The Model Context Protocol, by a client of its own kind.

mod endpoint;

use std::collections::HashSet;

use crossclause::mcp::serve_stream;
use jsonschema::validator_for;
use rmcp::model::{CallToolRequestParams, CallToolResult, ReadResourceRequestParams};
use rmcp::service::{RunningService, ServiceError};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

use crate::app::{PLATFORMS, TestApp, invent_clause};

struct Client {
    service: RunningService<RoleClient, ()>,
}

impl Client {
    async fn of(app: &TestApp) -> Self {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let (input, output) = tokio::io::split(far);
        tokio::spawn(serve_stream(app.desk(), input, output));
        Self { service: ().serve(near).await.expect("the protocol begins") }
    }

    async fn call(&self, tool: &'static str, arguments: &Value) -> CallToolResult {
        let arguments = arguments.as_object().expect("an object").clone();
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.service.call_tool(params).await.unwrap_or_else(|error| panic!("{tool}: {error}"))
    }

    /// What a tool answers: as data and in words.
    async fn ask(&self, tool: &'static str, arguments: Value) -> (Value, String) {
        let result = self.call(tool, &arguments).await;
        assert_eq!(result.is_error, Some(false), "{tool} {arguments}: {}", text_of(&result));
        (result.structured_content.clone().expect("data"), text_of(&result))
    }

    /// What a tool says is wrong.
    async fn refuse(&self, tool: &'static str, arguments: Value) -> String {
        let result = self.call(tool, &arguments).await;
        assert_eq!(result.is_error, Some(true), "{tool} {arguments}: {}", text_of(&result));
        text_of(&result)
    }
}

fn text_of(result: &CallToolResult) -> String {
    let texts = result.content.iter().map(|block| block.as_text().expect("a text").text.as_str());
    texts.collect()
}

fn ids_of(found: &Value) -> Vec<String> {
    let results = found["results"].as_array().expect("results").iter();
    results.map(|one| one["clause"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn tools_say_what_they_take() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let info = client.service.peer_info().expect("it says who it is");
    let own = info.server_info.as_ref().expect("a name");
    assert_eq!((own.name.as_str(), own.version.as_str()), ("crossclause", env!("CARGO_PKG_VERSION")));
    assert!(info.instructions.as_ref().is_some_and(|text| text.contains("no legal advice")));

    let tools = client.service.list_all_tools().await.expect("tools");
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    let expected =
        ["search_clauses", "find_comparables", "get_clause", "compare_clauses", "list_clause_types"];
    assert_eq!(names, expected);
    for tool in &tools {
        let hints = tool.annotations.as_ref().expect("annotations");
        let told = (hints.read_only_hint, hints.idempotent_hint, hints.open_world_hint);
        assert_eq!(told, (Some(true), Some(true), Some(false)), "{}", tool.name);
        let input = tool.schema_as_json_value();
        assert_eq!((&input["type"], &input["additionalProperties"]), (&json!("object"), &json!(false)));
        for (name, schema) in input["properties"].as_object().expect("properties") {
            assert!(schema["description"].is_string(), "{} {name}", tool.name);
        }
        validator_for(&input).expect("a schema");
    }
    let search = tools[0].schema_as_json_value();
    assert_eq!(
        search["properties"]["severity"]["items"]["enum"],
        json!(["high", "medium", "low", "unrated"])
    );
    assert_eq!(search["properties"]["limit"]["maximum"], 20);
    let types = search["properties"]["clause_type"]["items"]["enum"].as_array().expect("clause types");
    assert!(types.contains(&json!("binding-arbitration")) && types.contains(&json!("untyped")));
    assert_eq!(tools[2].schema_as_json_value()["required"], json!(["clause_id"]));
}

#[tokio::test]
async fn answers_are_what_the_schemas_say() {
    let app = TestApp::new();
    app.write(&[invent_clause(
        "p02",
        "disputes",
        "Disputes go to the courts of your home.",
        &json!({"severity": "low"}),
    )]);
    let client = Client::of(&app).await;
    let tools = client.service.list_all_tools().await.expect("tools");
    for (place, tool, arguments) in [
        (0, "search_clauses", json!({"query": "arbitration"})),
        (0, "search_clauses", json!({"query": "arbitration", "group_by": "platform", "limit": 2})),
        (0, "search_clauses", json!({"query": "arbitraton zeppelin"})),
        (1, "find_comparables", json!({"clause_id": "p03.disputes"})),
        (1, "find_comparables", json!({"text": "Nothing of the kind stands anywhere."})),
        (2, "get_clause", json!({"clause_id": "p00.disputes"})),
        (2, "get_clause", json!({"clause_id": "zz.markup"})),
        (3, "compare_clauses", json!({"from": "p02.disputes@1", "to": "p02.disputes"})),
        (3, "compare_clauses", json!({"from": "p03.disputes", "to": "p03.refunds"})),
        (4, "list_clause_types", json!({})),
    ] {
        let (input, output) = (tools[place].schema_as_json_value(), tools[place].output_schema.clone());
        assert!(validator_for(&input).expect("a schema").is_valid(&arguments), "{tool} {arguments}");
        let output = Value::Object(output.expect("a schema").as_ref().clone());
        let (data, _) = client.ask(tool, arguments.clone()).await;
        let validator = validator_for(&output).expect("a schema");
        let faults: Vec<String> = validator.iter_errors(&data).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{tool} {arguments}: {faults:?}");
    }
}

#[tokio::test]
async fn a_search_finds_what_the_api_finds_and_cites_it() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let (found, text) =
        client.ask("search_clauses", json!({"query": "arbitration", "severity": ["high"], "limit": 3})).await;
    let same = app.get_json("/v1/search?q=arbitration&severity=high&limit=3").await;
    for key in ["generation", "counts", "no_match", "next_cursor"] {
        assert_eq!(found[key], same[key], "{key}");
    }
    let hits: Vec<&Value> = same["hits"].as_array().expect("hits").iter().collect();
    assert_eq!(found["results"].as_array().map(Vec::len), Some(3));
    for (one, hit) in found["results"].as_array().expect("results").iter().zip(hits) {
        for key in ["rank", "clause", "platform", "match", "evidence", "same_wording"] {
            assert_eq!(one[key], hit[key], "{key}");
        }
        assert_eq!(one["excerpt"], hit["excerpt"]["text"]);
    }
    let first = &found["results"][0];
    let record = app.get_json(&format!("/v1/clauses/{}", ids_of(&found)[0])).await;
    assert_eq!(first["citation"], record["citation"]);
    let hash = first["evidence"]["text_sha256"].as_str().expect("a hash");
    let wording = first["citation"]["wording"].as_str().expect("a wording");
    for cited in [
        "9 clauses of 8 platforms found",
        "of 13 tracked platforms (generation 1)",
        wording,
        hash,
        "CC0-1.0, The tests",
    ] {
        assert!(text.contains(cited), "{cited}: {text}");
    }
    assert!(text.contains("Source: https://archive.example/copy · captured 2026-05-08T14:09:00Z"), "{text}");
    assert!(
        text.contains(&format!("cursor `{}`", found["next_cursor"].as_str().expect("a cursor"))),
        "{text}"
    );
}

#[tokio::test]
async fn pages_hold_everything_once() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let mut ids = Vec::new();
    let mut arguments = json!({"query": "arbitration", "limit": 5.0, "sort": "severity"});
    loop {
        let (found, _) = client.ask("search_clauses", arguments.clone()).await;
        ids.extend(ids_of(&found));
        assert_eq!(found["counts"]["clauses"], PLATFORMS as u64 + 1);
        if found["next_cursor"].is_null() {
            break;
        }
        arguments["cursor"] = found["next_cursor"].clone();
    }
    assert_eq!(ids.len(), PLATFORMS + 1);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), PLATFORMS + 1);
    arguments["query"] = json!("refund");
    let problem = client.refuse("search_clauses", arguments).await;
    assert!(problem.contains("the cursor does not belong to this question"), "{problem}");
}

#[tokio::test]
async fn comparables_are_found_of_a_clause_and_of_a_text() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let (found, text) = client.ask("find_comparables", json!({"clause_id": "p03.disputes"})).await;
    let same = app.get_json("/v1/clauses/p03.disputes/comparables").await;
    for key in ["generation", "counts", "source", "no_match", "next_cursor"] {
        assert_eq!(found[key], same[key], "{key}");
    }
    let cards = same["cards"].as_array().expect("cards").iter();
    let cards: Vec<&str> = cards.map(|card| card["clause"]["id"].as_str().expect("an id")).collect();
    assert_eq!(ids_of(&found), cards);
    assert!(text.starts_with("Comparables of clause p03.disputes of Platform P03 “Disputes”"), "{text}");

    let pasted = "Any dispute between you and Sister 0 is settled by binding arbitration; you waive the right to a jury trial.";
    let (found, text) = client
        .ask("find_comparables", json!({"text": pasted, "text_platform": "p00", "text_language": "en"}))
        .await;
    let body = json!({"text": pasted, "platform": "p00", "text_language": "en"});
    assert_eq!(found["counts"], app.post_json("/v1/comparables", &body).await.json()["counts"]);
    assert!(!ids_of(&found).iter().any(|id| id.starts_with("p00.") || id.starts_with("p01.")), "{found}");
    assert!(text.starts_with("Comparables of the pasted text of Sister 0 (binding-arbitration"), "{text}");

    // Here `platform` is the filter, for a text as for a clause.
    let only = json!({"text": pasted, "platform": "p05"});
    let (found, _) = client.ask("find_comparables", only).await;
    assert_eq!(ids_of(&found), ["p05.disputes"]);
}

#[tokio::test]
async fn a_clause_is_told_whole() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let (found, text) = client.ask("get_clause", json!({"clause_id": "p04.disputes"})).await;
    assert_eq!(found, app.get_json("/v1/clauses/p04.disputes").await);
    let record = found["text"].as_str().expect("a text");
    assert!(text.contains(&format!("> {record}\n")), "{text}");
    for told in
        ["p04.disputes@1", "Cite as: “Disputes”. Platform P04", "CC0-1.0, The tests", "1 wording recorded"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    let (_, text) = client.ask("get_clause", json!({"clause_id": "zz.markup"})).await;
    assert!(text.contains("No comparable clause of another platform was found"), "{text}");
    assert!(text.contains("not proof"), "{text}");

    let uri = "crossclause://clauses/p04.disputes";
    let templates = client.service.list_all_resource_templates().await.expect("templates");
    assert_eq!(templates[0].uri_template, "crossclause://clauses/{id}");
    let read = client.service.read_resource(ReadResourceRequestParams::new(uri)).await.expect("a resource");
    let read = serde_json::to_value(&read.contents[0]).expect("JSON");
    assert!(read["text"].as_str().is_some_and(|text| text.contains(record)), "{read}");
    let missing = ReadResourceRequestParams::new("crossclause://clauses/nobody");
    let missing = client.service.read_resource(missing).await;
    assert!(matches!(missing, Err(ServiceError::McpError(_))), "{missing:?}");
}

#[tokio::test]
async fn two_wordings_are_compared() {
    let app = TestApp::new();
    app.write(&[invent_clause(
        "qq",
        "data",
        "We may use your photos to train machine learning models. You can opt out at any time.",
        &json!({}),
    )]);
    app.write(&[invent_clause(
        "qq",
        "data",
        "We may use your photos to train machine learning models. You cannot opt out.",
        &json!({}),
    )]);
    let client = Client::of(&app).await;
    let (found, text) = client.ask("compare_clauses", json!({"from": "qq.data@1", "to": "qq.data"})).await;
    let same = app.get_json("/v1/diff?from=qq.data@1&to=qq.data").await;
    for key in ["generation", "words_equal", "words_deleted", "words_inserted", "parts"] {
        assert_eq!(found[key], same[key], "{key}");
    }
    assert_eq!(found["from"]["citation"]["wording"], "qq.data@1");
    assert_eq!(found["to"]["citation"]["wording"], "qq.data@2");
    let labels = |key: &str| -> Vec<String> {
        let statements = found[key].as_array().expect("statements").iter();
        statements.map(|one| format!("{} {}", one["id"].as_str().expect("an id"), one["denied"])).collect()
    };
    assert_eq!(labels("only_from"), ["opt-out false", "any-time false"]);
    assert_eq!(labels("only_to"), ["opt-out true"]);
    assert!(labels("both").contains(&"train-models false".to_owned()), "{found}");
    assert!(text.contains("You [-can-]{+cannot+} opt out[- at any time-]."), "{text}");

    let (_, text) = client.ask("compare_clauses", json!({"from": "qq.data", "to": "zz.markup"})).await;
    assert!(text.contains("From:\n> We may use your photos") && text.contains("To:\n> Zebra"), "{text}");
}

#[tokio::test]
async fn clause_types_are_listed_with_their_definitions() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    let (all, text) = client.ask("list_clause_types", json!({})).await;
    let types = all["clause_types"].as_array().expect("types");
    assert_eq!(types.len() as u64, all["total"].as_u64().expect("a number"));
    assert!(text.len() < 20_000, "{}", text.len());
    let (found, text) = client
        .ask("list_clause_types", json!({"category": "dispute-resolution", "query": "BINDING arb"}))
        .await;
    let types = found["clause_types"].as_array().expect("types");
    let arbitration = types.iter().find(|one| one["id"] == "binding-arbitration").expect("the type");
    assert_eq!((&arbitration["clauses"], &arbitration["platforms"]), (&json!(13), &json!(12)));
    assert!(types.iter().all(|one| one["category"] == "dispute-resolution"), "{found}");
    assert!(text.contains(arbitration["definition"].as_str().expect("a definition")), "{text}");
    let (_, text) = client.ask("list_clause_types", json!({"query": "zeppelin"})).await;
    assert!(text.starts_with("No clause type has all of these words"), "{text}");
}

#[tokio::test]
async fn nothing_found_is_said_plainly() {
    let app = TestApp::new();
    let client = Client::of(&app).await;
    for (tool, arguments, reason, message) in [
        (
            "search_clauses",
            json!({"query": "zeppelin"}),
            "below_floor",
            "No clause holds enough of these words.",
        ),
        (
            "search_clauses",
            json!({"query": "arbitration", "language": "fr"}),
            "filtered_out",
            "There are such clauses, but none passes the filters.",
        ),
        (
            "find_comparables",
            json!({"clause_id": "zz.markup"}),
            "below_floor",
            "No clause of another platform is close enough to be called comparable.",
        ),
        ("find_comparables", json!({"text": "Hello."}), "too_little_text", "too few words to compare by"),
    ] {
        let (found, text) = client.ask(tool, arguments).await;
        assert_eq!(found["no_match"]["reason"], reason);
        assert_eq!(found["results"], json!([]));
        for told in [
            message,
            "Nothing found among 13 tracked platforms (generation 1)",
            "is not proof that a platform has none",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told_to_the_model() {
    let app = TestApp::new();
    let long = "x".repeat(20_001);
    app.write(&[invent_clause("gone", "clause", "This clause will be gone.", &json!({}))]);
    app.remove("gone.clause");
    let client = Client::of(&app).await;
    for (tool, arguments, expected) in [
        (
            "search_clauses",
            json!({"severity": ["hihg"]}),
            "`severity` cannot be `hihg` (did you mean `high`?): allowed are high, medium, low, unrated",
        ),
        (
            "search_clauses",
            json!({"sevrity": ["high"]}),
            "no parameter `sevrity` here (did you mean `severity`?)",
        ),
        ("search_clauses", json!({"facets": null}), "no parameter `facets`"),
        (
            "search_clauses",
            json!({"clause_type": "binding-arbitraton"}),
            "(did you mean `binding-arbitration`?): it is none of the 143 that there are; list_clause_types lists them",
        ),
        (
            "search_clauses",
            json!({"limit": 21}),
            "`limit` cannot be `21`: a whole number from 1 to 20 is allowed",
        ),
        ("search_clauses", json!({"limit": 1.5}), "`limit` cannot be `1.5`"),
        ("search_clauses", json!({"limit": [1]}), "`limit` takes one value"),
        ("search_clauses", json!({"severity": [1]}), "`severity` must list strings"),
        (
            "search_clauses",
            json!({"severity": {"any": "high"}}),
            "`severity` must be a string or a list of strings",
        ),
        ("search_clauses", json!({"query": "x ".repeat(1_001)}), "`query` "),
        ("search_clauses", json!({"as_of": "yesterday"}), "`as_of` cannot be `yesterday`"),
        ("search_clauses", json!({"cursor": "x"}), "the cursor does not belong to this question"),
        ("find_comparables", json!({}), "`clause_id` is missing; give it, or `text`"),
        ("find_comparables", json!({"clause_id": "p01.disputes", "text": "x"}), "cannot both be given"),
        (
            "find_comparables",
            json!({"clause_id": "p01.disputes", "text_platform": "p01"}),
            "`text_platform` goes with `text`",
        ),
        ("find_comparables", json!({"text": long}), "`text` has 20001 characters; at most 20000 are allowed"),
        ("find_comparables", json!({"text": 5}), "`text` must be a string"),
        (
            "find_comparables",
            json!({"text": "some text", "text_platform": "p0"}),
            "`text_platform` cannot be `p0`",
        ),
        ("find_comparables", json!({"text": "some text", "platform": "p0"}), "`platform` cannot be `p0`"),
        (
            "find_comparables",
            json!({"clause_id": "p01.disputes", "min_score": 2}),
            "`min_score` cannot be `2`",
        ),
        ("find_comparables", json!({"text": ""}), "`text` has 0 characters"),
        ("get_clause", json!({"clause_id": "x".repeat(300)}), "`clause_id` has 300 characters; at most 250"),
        ("get_clause", json!({}), "`clause_id` is missing"),
        ("get_clause", json!({"clause_id": "nobody"}), "there is no clause `nobody`; search_clauses finds"),
        ("get_clause", json!({"clause_id": "p01.disputes@1"}), "(did you mean `p01.disputes`?)"),
        ("get_clause", json!({"clause_id": "gone.clause"}), "clause `gone.clause` is gone"),
        ("compare_clauses", json!({"from": "p01.disputes"}), "`to` is missing"),
        (
            "compare_clauses",
            json!({"from": "p01.disputes@7", "to": "p02.disputes"}),
            "has no wording 7; it has 1 to 1",
        ),
        (
            "list_clause_types",
            json!({"category": "dispute-resolutoin"}),
            "(did you mean `dispute-resolution`?)",
        ),
    ] {
        let problem = client.refuse(tool, arguments.clone()).await;
        assert!(problem.contains(expected), "{tool} {arguments}: {problem}");
    }
    let unknown = client.service.call_tool(CallToolRequestParams::new("delete_clauses")).await;
    let Err(ServiceError::McpError(error)) = unknown else { panic!("{unknown:?}") };
    assert!(error.message.contains("search_clauses"), "{}", error.message);
}
