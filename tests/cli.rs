//! The command line as a user meets it: the binary itself, in a directory of its own.

#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "cli/bench.rs"]
mod bench;
#[cfg(unix)]
#[path = "cli/import.rs"]
mod import;
#[path = "cli/mcp.rs"]
mod mcp;
#[cfg(unix)]
#[path = "cli/server.rs"]
mod server;
#[cfg(unix)]
#[path = "cli/setting.rs"]
mod setting;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use bench::{Bench, TRAINING, clause, collection, to_ndjson};

#[test]
fn an_ingest_says_what_became_of_the_records() {
    let bench = Bench::new();
    let mut records = collection();
    let run = bench.ingest("a.ndjson", to_ndjson(&records));
    run.check(0, "read 7, added 7, changed 0, unchanged 0, removed 0, rejected 0\n", "");
    let before = bench.status();

    let run = bench.ingest("a.ndjson", to_ndjson(&records));
    run.check(0, "read 7, added 0, changed 0, unchanged 7, removed 0, rejected 0\n", "");
    assert_eq!(bench.status(), before, "nothing has changed, so no generation was made");

    records[0]["text"] = json!("Nothing that you upload is used to train machine learning models.");
    bench.write("b.ndjson", to_ndjson(&records));
    let report = bench.run(&["ingest", "b.ndjson", "--json"]).json();
    let generation = before["generation"].as_u64().expect("a number") + 1;
    let expected = json!({"read": 7, "added": 0, "changed": 1, "unchanged": 6, "removed": 0, "rejected": 0, "generation": generation});
    assert_eq!(report, expected);
    assert!(!bench.path("crossclause-data/rejects.ndjson").exists());
}

#[test]
fn rejected_lines_are_kept_with_their_reasons() {
    let bench = Bench::new();
    let with = |id: &str, key: &str, value: Value| {
        let mut record = clause(id, "oakmere", TRAINING);
        record[key] = value;
        record.to_string().into_bytes()
    };
    let lines: Vec<Vec<u8>> = vec![
        with("one", "severity", json!("High")),
        vec![b'x'; 5_000_000],
        b"{\"id\": \"two\", \"text\": \"caf\xe9\"}".to_vec(),
        with("one", "title", json!("again")),
        with("three", "clause_type", json!("ai-trainin")),
        with("four", "colour", json!("red")),
        with("five", "x_colour", json!("red")),
        b"not JSON".to_vec(),
    ];
    let run = bench.ingest("a.ndjson", lines.join(&b'\n'));
    run.check(
        0,
        "read 8, added 2, changed 0, unchanged 0, removed 0, rejected 6\n",
        "6 lines rejected; see ",
    );
    let rejects = bench.rejects();
    let expected = [
        (2, "5000001 bytes"),
        (3, "this is no UTF-8: byte 27"),
        (4, "twice"),
        (5, "did you mean `ai-training`?"),
        (6, "unknown key `colour`"),
        (8, "this is no JSON"),
    ];
    assert_eq!(rejects.len(), expected.len());
    for (reject, (line, reason)) in rejects.iter().zip(expected) {
        assert_eq!((&reject["file"], &reject["line"]), (&json!("a.ndjson"), &json!(line)));
        assert!(reject["reason"].as_str().expect("words").contains(reason), "{}", reject["reason"]);
        assert!(reject["text"].as_str().expect("words").len() < 2_000);
    }
    assert_eq!(rejects[5]["text"], "not JSON");
    let found = bench.run(&["search", "--severity", "high", "--json"]).json();
    let given =
        |hit: &&Value| hit["clause"]["id"] == "one" && hit["clause"]["inferred"] == json!(["clause_type"]);
    assert_eq!(found["hits"].as_array().expect("hits").iter().filter(given).count(), 1, "{found}");

    bench.write("b.ndjson", "{}\n");
    let run = bench.run(&["ingest", "b.ndjson", "--rejects", "elsewhere.ndjson", "--json"]);
    assert_eq!((run.code, run.json()["rejects_file"].clone()), (0, json!("elsewhere.ndjson")));
    assert!(bench.path("elsewhere.ndjson").exists());
    bench.run(&["ingest", "elsewhere.ndjson", "--rejects", "elsewhere.ndjson"]).check(
        2,
        "",
        "both read and written",
    );
    assert!(bench.path("elsewhere.ndjson").exists());
}

#[test]
fn files_may_be_packed_or_tables_or_standard_input() {
    let bench = Bench::new();
    let records = collection();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(to_ndjson(&records[..2]).as_bytes()).expect("memory");
    bench.write("a.ndjson.gz", gzip.finish().expect("memory"));
    bench.write("b.jsonl.zst", zstd::encode_all(to_ndjson(&records[2..4]).as_bytes(), 1).expect("memory"));
    let table = "id,platform_id,platform.name,document.id,document.title,text,severity\n\
        csv.1,tarnley,Tarnley,tarnley.terms,Terms of Service,\"A table, too\",HIGH\n";
    bench.write("c.csv", table);
    let run = bench.run(&["ingest", "a.ndjson.gz", "b.jsonl.zst", "c.csv"]);
    run.check(0, "read 5, added 5, changed 0, unchanged 0, removed 0, rejected 0\n", "");
    assert_eq!(bench.status()["generation"], 1, "all files are one unit");
    let run = bench.run_with_input(&["ingest", "-"], to_ndjson(&records).as_bytes());
    run.check(0, "read 7, added 3, changed 0, unchanged 4, removed 0, rejected 0\n", "");
    bench.run(&["ingest", "a.json"]).check(2, "", "error: a.json: the ending is not one of");
    bench.run(&["ingest", "none.ndjson"]).check(2, "", "error: none.ndjson: No such file");
}

#[test]
fn a_strict_ingest_takes_all_or_nothing() {
    let bench = Bench::filled();
    let before = bench.status();
    let good = clause("new", "oakmere", "A clause that would be new.");
    let bad = json!({"id": "bad"});
    bench.write("a.ndjson", to_ndjson(&[good, bad.clone(), bad]));
    let run = bench.run(&["ingest", "--strict", "a.ndjson"]);
    run.check(2, "", "error: a.ndjson: line 2: ");
    assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
    assert_eq!(bench.rejects().len(), 2, "all rejects are told");
    assert_eq!(bench.status(), before);
}

#[test]
fn a_complete_ingest_removes_what_is_missing() {
    let bench = Bench::filled();
    let records = collection();
    // Of oakmere's document one clause is missing, one is rejected by name.
    let mut broken = records[1].clone();
    broken["severity"] = json!("dire");
    bench.write("a.ndjson", to_ndjson(&[records[0].clone(), broken.clone()]));
    let run = bench.run(&["ingest", "--complete", "a.ndjson"]);
    run.check(0, "read 2, added 0, changed 0, unchanged 1, removed 1, rejected 1\n", "1 line rejected");
    assert_eq!(bench.status()["clauses"], 6, "other documents keep theirs");
    bench.run(&["compare", "oak.parking"]).check(2, "", "clause `oak.parking` is gone");

    bench.write("b.ndjson", format!("{}\n{{\"id\": 5}}\n", records[0]));
    let run = bench.run(&["ingest", "--complete", "b.ndjson"]);
    run.check(0, "removed 0, rejected 1\n", "nothing was removed: 1 line was rejected without an `id`");
}

#[test]
fn an_analyst_has_the_last_word() {
    let bench = Bench::filled();
    let words =
        json!({"id": "oak.parking", "severity": "Low", "why_it_matters": "It rains behind the mill."});
    let nobody = json!({"id": "nobody", "severity": "low"});
    let empty = json!({"id": "oak.training"});
    bench.write("words.ndjson", to_ndjson(&[words, nobody, empty]));
    let run = bench.run(&["annotate", "words.ndjson"]);
    run.check(0, "read 3, added 0, changed 1, unchanged 0, removed 0, rejected 2\n", "2 lines rejected");
    let rejects = bench.rejects();
    assert!(rejects[0]["reason"].as_str().expect("words").contains("there is no clause `nobody`"));
    assert!(rejects[1]["reason"].as_str().expect("words").contains("says nothing"));
    bench.run(&["ingest", "all.ndjson"]).check(0, "unchanged 7", "");
    let found = bench.run(&["search", "bicycles", "--severity", "low", "--json"]).json();
    assert_eq!(found["hits"][0]["clause"]["id"], "oak.parking");
    bench.run(&["annotate", "--strict", "words.ndjson"]).check(2, "", "error: words.ndjson: line 2: ");
}

#[test]
fn a_search_finds_or_says_why_not() {
    let bench = Bench::filled();
    let run = bench.run(&["search", "binding", "arbitration"]);
    run.check(0, "2 clauses of 2 platforms (3 tracked)", "");
    assert!(run.stdout.contains("Oakmere · Terms of Service"), "{}", run.stdout);
    assert!(!run.stdout.contains('\x1b'), "no marks where there is no terminal");
    let answer = bench.run(&["search", "binding arbitration", "--group-by", "platform", "--json"]).json();
    assert_eq!(answer["counts"], json!({"platforms": 2, "cards": 2, "clauses": 2, "platforms_tracked": 3}));
    assert_eq!(answer["cards"].as_array().expect("cards").len(), 2);
    bench.run(&["search", "xylophone"]).check(1, "No clause holds enough of these words.", "");
    bench.run(&["search", "arbitration", "--platform", "tarnley"]).check(1, "none passes the filters", "");
    bench.run(&["search", "a", "--severity", "hgh"]).check(
        2,
        "",
        "`severity` cannot be `hgh` (did you mean `high`?)",
    );
    bench.run(&["search", "a", "--limit", "0"]).check(2, "", "a whole number from 1 to 100");

    let page = bench.run(&["search", "--limit", "4", "--json"]).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let rest = bench.run(&["search", "--limit", "4", "--cursor", cursor, "--json"]).json();
    assert_eq!((&rest["hits"][2]["rank"], &rest["next_cursor"]), (&json!(7), &Value::Null));
}

#[test]
fn a_comparison_shows_other_platforms() {
    let bench = Bench::filled();
    let run = bench.run(&["compare", "oak.training"]);
    run.check(0, "How other platforms handle this: Oakmere", "");
    assert!(run.stdout.contains("  1. Fenwick · Terms of Service"), "{}", run.stdout);
    assert!(run.stdout.contains("shared: "), "{}", run.stdout);
    let answer = bench.run(&["compare", "oak.training", "--json"]).json();
    assert_eq!(answer["source"]["id"], "oak.training");
    assert_eq!(answer["cards"][0]["clause"]["id"], "fen.training");
    bench.run(&["compare", "oak.parking"]).check(1, "No clause of another platform is close enough", "");
    bench.run(&["compare", "nobody"]).check(2, "", "error: there is no clause `nobody`\n");

    let run = bench.run(&["compare", "oak.training", "--platform", "tarnley", "--explain"]);
    run.check(0, "     only here: objection\n     only in yours: partners and third parties\n", "");
    let plain = bench.run(&["compare", "oak.training"]).stdout;
    assert!(!plain.contains("only here") && !plain.contains("only in yours"), "{plain}");

    let pasted = bench.run(&["compare", "--text", TRAINING, "--json"]).json();
    assert_eq!(pasted["cards"][0]["match"]["tier"], "identical-wording");
    assert_eq!(pasted["cards"][0]["platform"]["id"], "oakmere");
    let arguments = ["compare", "--text", "-", "--source-platform", "oakmere", "--json"];
    let piped = bench.run_with_input(&arguments, format!("{TRAINING}\n").as_bytes()).json();
    assert_eq!(piped["cards"][0]["platform"]["id"], "fenwick");
    bench.run(&["compare", "--text", "Hm."]).check(1, "too few words", "");
    bench.run(&["compare", "oak.training", "--text", TRAINING]).check(2, "", "cannot be used with");
    bench.run(&["compare"]).check(2, "", "CLAUSE_ID");
}

#[test]
fn an_index_can_be_lost_and_built_again() {
    let bench = Bench::filled();
    let questions: [&[&str]; 3] = [
        &["compare", "oak.training", "--json", "--min-score", "0"],
        &["search", "arbitration", "--json", "--explain"],
        &["search", "--json", "--facets", "platform,clause_type"],
    ];
    let ask = || questions.map(|question| bench.run(question).stdout);
    let before = ask();
    fs::remove_dir_all(bench.path("crossclause-data/index")).expect("an index");
    assert_eq!(bench.status()["index_generation"], Value::Null);
    assert!(bench.run(&["search", "a"]).stderr.contains("rebuilding it from the records"));
    assert_eq!(ask(), before, "an index is a cache");

    let naive = questions.map(|question| {
        let question: Vec<&str> = question.iter().chain(&["--engine", "naive"]).copied().collect();
        bench.run(&question).stdout
    });
    assert_eq!(naive, before, "every engine gives the same bytes");

    let run = bench.run(&["reindex", "--json"]);
    assert_eq!((run.code, &run.json()["clauses"], &run.json()["changed"]), (0, &json!(7), &json!(0)));
    let without_versions = |texts: [String; 3]| {
        texts.map(|text| {
            let mut answer: Value = serde_json::from_str(&text).expect("JSON");
            for key in ["generation", "versions", "next_cursor"] {
                answer[key].take();
            }
            answer
        })
    };
    assert_eq!(without_versions(ask()), without_versions(before), "the same records, the same answers");
}

#[test]
fn the_status_tells_what_there_is() {
    let bench = Bench::filled();
    let status = bench.status();
    assert_eq!(status["clauses"], 7);
    assert_eq!(status["platforms"], 3);
    assert_eq!(status["documents"], 3);
    assert_eq!(status["engine"], "tantivy");
    assert_eq!(status["index_generation"], status["generation"]);
    let run = bench.run(&["status"]);
    run.check(0, "clauses         7\n", "");
    assert!(run.stdout.contains("crossclause-data"), "{}", run.stdout);
}

#[test]
fn definitions_are_printed_as_they_are() {
    let bench = Bench::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-schema");
    for (arguments, file) in [
        (vec!["schema"], "clause-v1.schema.json"),
        (vec!["schema", "search"], "search-v1.json"),
        (vec!["schema", "taxonomy"], "taxonomy-v1.toml"),
    ] {
        assert_eq!(bench.run(&arguments).stdout, fs::read_to_string(root.join(file)).expect("a file"));
    }
    let own = fs::read_to_string(root.join("taxonomy-v1.toml")).expect("a file").replacen(
        "version = \"",
        "version = \"own-",
        1,
    );
    bench.write("own.toml", &own);
    assert_eq!(bench.run(&["schema", "taxonomy", "--taxonomy", "own.toml"]).stdout, own);
    bench.write("broken.toml", "version = 1\n");
    bench.run(&["schema", "taxonomy", "--taxonomy", "broken.toml"]).check(2, "", "error: broken.toml: ");
}

#[test]
fn what_is_not_known_is_an_error() {
    let bench = Bench::new();
    bench.run(&["serch"]).check(2, "", "'serch'");
    bench.run(&["search", "--colour", "red"]).check(2, "", "'--colour'");
    bench.run(&[]).check(2, "", "Usage: crossclause");
    bench.run(&["search", "a"]).check(
        2,
        "",
        "error: there is no collection in ./crossclause-data; `crossclause ingest`",
    );
    bench.run(&["serve"]).check(2, "", "there is no collection");
    assert!(!bench.path("crossclause-data").exists(), "asking makes no collection");
    bench.run(&["--version"]).check(0, "crossclause 0.", "");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::filled();
    for arguments in [vec!["search", "--json"], vec!["schema", "taxonomy"], vec!["status"]] {
        let mut command = bench.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
        let code = child.wait().expect("it ends").code();
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn what_is_exported_can_be_taken_in_again() {
    let bench = Bench::filled();
    let annotation = r#"{"id": "oak.training", "severity": "low", "why_it_matters": "It is theirs."}"#;
    bench.write("notes.ndjson", annotation);
    assert_eq!(bench.run(&["annotate", "notes.ndjson"]).code, 0);
    let exported = bench.run(&["export"]);
    assert_eq!((exported.code, exported.stdout.lines().count()), (0, 7), "{}", exported.stderr);
    let line = exported.stdout.lines().find(|line| line.contains("oak.training")).expect("exported");
    let record: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!((&record["severity"], &record["why_it_matters"]), (&json!("low"), &json!("It is theirs.")));

    let other = Bench::new();
    other.write("all.ndjson", &exported.stdout);
    other.run(&["ingest", "all.ndjson"]).check(0, "read 7, added 7, changed 0", "");
    assert_eq!(other.run(&["export"]).stdout, exported.stdout);
    other.run(&["--data", "empty", "export"]).check(2, "", "there is no collection");
}
