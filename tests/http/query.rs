//! What a query may say beside words: fields, prefixes, ids.

use serde_json::{Value, json};

use crate::app::{PLATFORMS, TestApp, invent_clause};

/// A path with a query in it.
fn path_of(query: &str, rest: &str) -> String {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("/v1/search?q={encoded}{rest}")
}

/// Everything of an answer that tells what was found.
fn found(answer: &Value) -> Value {
    let ids: Vec<&Value> =
        answer["hits"].as_array().expect("hits").iter().map(|hit| &hit["clause"]["id"]).collect();
    json!([ids, answer["counts"], answer["facets"], answer["no_match"]])
}

fn ids(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().expect("hits");
    hits.iter().filter_map(|hit| hit["clause"]["id"].as_str()).collect()
}

const ALL: &str = "&limit=100&facets=severity,platform,clause_type,language";

#[tokio::test]
async fn fields_are_the_filters_of_their_names() {
    let app = TestApp::new();
    for (query, words, filters, clauses) in [
        ("arbitration severity:high", "arbitration", "&severity=high", 9),
        ("severity:HIGH,medium", "", "&severity=high&severity=medium", 25),
        ("severity:high jury severity:medium", "jury", "&severity=high&severity=medium", 13),
        ("type:binding_arbitration category:dispute-resolution", "", "&clause_type=binding-arbitration", 13),
        ("arbitration -platform:p02,p03", "arbitration", "&exclude_platform=p02&exclude_platform=p03", 11),
        ("platform:\"platform p05\"", "", "&platform=p05", 2),
        ("refund lang:en document_type:\"terms of service\"", "refund", "&language=en", 12),
        ("platform:p03 -platform:p03", "", "&platform=p03&exclude_platform=p03", 0),
    ] {
        let by_query = app.get_json(&path_of(query, &format!("{ALL}&explain=true"))).await;
        let by_filter = app.get_json(&path_of(words, &format!("{ALL}{filters}"))).await;
        assert_eq!(by_query["counts"]["clauses"], clauses, "{query}");
        let (mut one, mut other) = (found(&by_query), found(&by_filter));
        if query.contains("category:") || query.contains("lang:") {
            // Two filters hold where one would do: each facet lifts only its own.
            (one[2], other[2]) = (Value::Null, Value::Null);
        }
        assert_eq!(one, other, "{query}");
        assert_eq!(by_query["query"]["notes"], json!([]), "{query}");
        assert!(by_filter.get("query").is_none());
    }
}

#[tokio::test]
async fn exclusions_leave_the_rest() {
    let app = TestApp::new();
    let all = app.get_json(&path_of("", ALL)).await["counts"]["clauses"].as_u64().expect("a number");
    for field in ["severity:high", "type:binding-arbitration", "lang:en", "category:untyped,billing"] {
        let with = app.get_json(&path_of(field, ALL)).await["counts"]["clauses"].as_u64();
        let without = app.get_json(&path_of(&format!("-{field}"), ALL)).await["counts"]["clauses"].as_u64();
        assert_eq!(with.zip(without).map(|(one, other)| one + other), Some(all), "{field}");
    }
    let both = app.get_json(&path_of("severity:high", "&severity=medium")).await;
    assert_eq!(both["counts"]["clauses"], 0);
    assert_eq!(both["no_match"]["reason"], "filtered_out");
}

#[tokio::test]
async fn a_prefix_stands_for_the_words_that_begin_so() {
    let app = TestApp::new();
    let prefix = app.get_json(&path_of("arbitrat*", "&explain=true&limit=100")).await;
    let word = app.get_json(&path_of("arbitration", "&limit=100")).await;
    assert_eq!(prefix["counts"], word["counts"]);
    assert_eq!(prefix["query"]["words"][0]["word"], "arbitrat*");
    assert_eq!(prefix["query"]["words"][0]["stands_for"], json!(["arbitration", "arbitrator"]));
    assert_eq!(prefix["query"]["words"][0]["terms"], json!(["arbitr"]));
    assert_eq!(prefix["corrections"], json!({}));
    let excluded = app.get_json(&path_of("-arbitrat*", "&limit=100")).await;
    assert_eq!(excluded["counts"]["clauses"], PLATFORMS + 1);
    assert!(ids(&excluded).iter().all(|id| !id.ends_with("disputes")));
    let phrase = app.get_json(&path_of("ref* -\"shipping is not refunded\"", "")).await;
    assert_eq!(phrase["counts"]["clauses"], 0);

    let misspelled = app.get_json(&path_of("arbitrtion*", "&explain=true")).await;
    assert_eq!(misspelled["corrections"], json!({"arbitrtion": "arbitration"}));
    assert_eq!(misspelled["counts"], word["counts"]);
    assert_eq!(misspelled["query"]["notes"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_prefix_has_a_limit() {
    let app = TestApp::unready();
    let word =
        |number: u8| format!("zorb{}{}", char::from(b'a' + number / 10), char::from(b'a' + number % 10));
    let words: Vec<String> = (0..60).map(word).collect();
    app.write(&[
        invent_clause("zz", "many", &words.join(", "), &json!({})),
        invent_clause("zz", "last", "The zorbfj comes twice.", &json!({})),
        invent_clause("zz", "none", "Fees are due.", &json!({})),
    ]);
    let answer = app.get_json(&path_of("zorb*", "&explain=true")).await;
    let stands_for = answer["query"]["words"][0]["stands_for"].as_array().expect("words");
    assert_eq!((stands_for.len(), &stands_for[0], &stands_for[1]), (50, &json!("zorbfj"), &json!("zorbaa")));
    assert!(answer["query"]["notes"].to_string().contains("60 words"), "{}", answer["query"]);
    assert_eq!(answer["counts"]["clauses"], 2);
}

#[tokio::test]
async fn what_is_no_field_is_words() {
    let app = TestApp::new();
    for (query, words, note) in [
        ("refund:purchases", "refund purchases", "`refund:` is no field"),
        ("severity:goods", "severity goods", "no severity is called `goods`"),
        ("platform:goods,p02", "platform goods p02", "no platform is called `goods`"),
        ("-refund:purchases", "-\"refund purchases\"", "`refund:` is no field"),
        ("id:nonsense goods", "id nonsense goods", "there is no clause `nonsense`"),
        ("title:refund", "title refund", "`title:` is no field"),
    ] {
        let one = app.get_json(&path_of(query, "&limit=100&min_score=0&explain=true")).await;
        let other = app.get_json(&path_of(words, "&limit=100&min_score=0")).await;
        assert_eq!(found(&one), found(&other), "{query}");
        assert_eq!(one["corrections"], other["corrections"], "{query}");
        assert!(one["query"]["notes"].to_string().contains(note), "{query}: {}", one["query"]);
        assert_eq!(one["query"]["filters"], json!([]), "{query}");
    }
    let url = app.get_json(&path_of("http://archive.example/copy", "")).await;
    assert_eq!(url["counts"]["clauses"], 0);
}

#[tokio::test]
async fn an_id_finds_its_clause() {
    let app = TestApp::new();
    for (query, found) in [
        ("p02.disputes", &["p02.disputes"][..]),
        (" zz.markup ", &["zz.markup"]),
        ("id:p02.disputes", &["p02.disputes"]),
        ("id:p03.refunds,p02.disputes arbitration", &["p02.disputes"]),
        ("id:p02.disputes severity:medium", &[]),
        ("id:p02.disputes id:p00.disputes severity:medium", &["p00.disputes"]),
        ("id:zz.markup zebra -quaggas", &[]),
    ] {
        for rest in ["", "&group_by=platform", "&as_of=2100-01-01"] {
            let answer = app.get_json(&path_of(query, rest)).await;
            let cards = answer["cards"].as_array().or(answer["hits"].as_array()).expect("cards or hits");
            let ids: Vec<&str> = cards.iter().filter_map(|card| card["clause"]["id"].as_str()).collect();
            assert_eq!(ids, found, "{query}{rest}");
            assert_eq!(answer["counts"]["clauses"], found.len(), "{query}{rest}");
            assert_eq!(answer["counts"]["platforms"], found.len(), "{query}{rest}");
            assert_eq!(answer["counts"]["platforms_tracked"], PLATFORMS + 1, "{query}{rest}");
            assert_eq!(answer["next_cursor"], Value::Null);
        }
    }
    let lifted = app.get_json(&path_of("id:p02.disputes severity:medium", "")).await;
    assert_eq!(lifted["no_match"]["reason"], "filtered_out");
    assert_eq!(lifted["facets"]["severity"], json!([{"value": "high", "platforms": 1, "clauses": 1}]));

    app.write(&[invent_clause("p05", "x", "Fees are due in advance.", &json!({"id": "arbitration"}))]);
    let word = app.get_json(&path_of("arbitration", "")).await;
    assert_eq!(word["counts"]["clauses"], PLATFORMS + 1);
    assert_eq!(ids(&app.get_json(&path_of("id:arbitration", "")).await), ["arbitration"]);
}

#[tokio::test]
async fn a_hostile_query_is_answered() {
    let app = TestApp::new();
    for part in [":", "*", "\"", "-", ":*\"-", "-\"*:", "id:", "-type:\"", "-:a*\"", "severity:\",\"", "a:"] {
        let query: String = part.chars().cycle().take(2_000).collect();
        let answer = app.get(&path_of(&query, "&explain=true")).await;
        assert!(answer.status.is_success(), "{part}: {}", answer.text());
    }
}

#[tokio::test]
async fn an_answer_tells_how_the_query_was_read() {
    let app = TestApp::new();
    let query = "Refnud \"jury trial\" -\"opt out\" -cook* severity:high,medium lang:en x:y";
    let answer = app.get_json(&path_of(query, "&explain=true&min_score=0")).await;
    let read = &answer["query"];
    let words: Vec<&str> =
        read["words"].as_array().expect("words").iter().filter_map(|word| word["word"].as_str()).collect();
    assert_eq!(words, ["refnud", "jury", "trial", "x", "y"]);
    assert_eq!(read["words"][0]["stands_for"], json!(["refund"]));
    assert!(read["words"][0]["weight"].as_u64().is_some_and(|weight| weight > 0));
    assert_eq!(read["phrases"], json!(["jury trial"]));
    assert_eq!(read["exclusions"], json!(["opt out", "cook*"]));
    let filters = json!([
        {"field": "language", "values": ["en"], "excluded": false},
        {"field": "severity", "values": ["high", "medium"], "excluded": false},
    ]);
    assert_eq!(read["filters"], filters);
    assert_eq!(read["notes"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn an_expansion_is_told_and_finds_nothing_more() {
    let app = TestApp::new();
    let with = app.get_json(&path_of("binding arbitration of disputes", "&explain=true")).await;
    let added = with["query"]["expansion"].as_array().expect("a list");
    assert_eq!(added[0]["clause_type"], "binding-arbitration", "{added:?}");
    assert!(
        added.len() <= 2
            && added.iter().all(|one| one["weight"].as_f64().is_some_and(|w| w > 0.0 && w <= 0.3))
    );
    // What is named is no matter of meaning.
    for exact in ["p02.disputes", "id:p02.disputes", "severity:high"] {
        let answer = app.get_json(&path_of(exact, "&explain=true")).await;
        assert_eq!(answer["query"]["expansion"], json!([]), "{exact}");
    }
}

#[tokio::test]
async fn a_word_longer_than_a_term_is_found() {
    let app = TestApp::new();
    let word = "oarsmanship".repeat(12);
    app.write(&[invent_clause("p05", "long", &format!("Practise {word} daily."), &json!({}))]);
    for query in [word.clone(), format!("\"{word}\""), format!("{}*", &word[..130])] {
        assert_eq!(ids(&app.get_json(&path_of(&query, "")).await), ["p05.long"], "{query}");
    }
    assert_eq!(app.get_json(&path_of(&format!("-{word}"), "")).await["counts"]["clauses"], 26);
}

#[tokio::test]
async fn nothing_stands_in_for_a_word_in_quotation_marks() {
    let app = TestApp::new();
    let answer = app.get_json(&path_of("\"jury trail\"", "&explain=true")).await;
    assert_eq!(answer["corrections"], json!({}));
    assert_eq!(answer["query"]["notes"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["no_match"]["reason"], "below_floor");
    let message = answer["no_match"]["message"].as_str().expect("a message");
    assert!(message.contains("every phrase"), "{message}");
    let corrected = app.get_json(&path_of("jury trail", "")).await;
    assert_eq!(corrected["corrections"], json!({"trail": "trial"}));
}
