//! What people bring along: folders of documents, and ToS;DR's data. All of it is invented.

use std::fs;

use serde_json::{Value, json};

use crate::bench::{Bench, Run};
use crate::server::{check_server, fetch};

const FLYING: &str = "You may fly a kite here on every day of the week, but you must not fly it at night.";
const FEES: &str =
    "You pay the fees for the season in advance, and we refund nothing once the wind has blown.";
const TRAINING: &str = "We may use the photographs that you upload to train machine learning models, ours and those of our partners.";

impl Bench {
    fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// All clauses that a search finds, in order of their ids.
    fn hits(&self, arguments: &[&str]) -> Vec<Value> {
        let run =
            self.run(&[&["search"], arguments, &["--json", "--limit", "50", "--group-by", "none"]].concat());
        let mut hits: Vec<Value> = run.json()["hits"].as_array().expect("hits").clone();
        hits.sort_by_key(|hit| hit["clause"]["id"].as_str().map(str::to_owned));
        hits
    }

    /// Whole records of clauses, as the server gives them.
    fn records(&self, ids: &[&str]) -> Vec<Value> {
        let mut records = Vec::new();
        let command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        check_server(command, "listening on http://", "-TERM", |printed| {
            let address = printed.trim().strip_prefix("listening on http://").expect("an address");
            for id in ids {
                records
                    .push(serde_json::from_str(&fetch(address, &format!("/v1/clauses/{id}"))).expect("JSON"));
            }
        });
        records
    }

    fn import(&self, arguments: &[&str]) -> Run {
        self.run(&[&["import"], arguments].concat())
    }
}

/// A folder of one document of each form.
fn documents() -> Bench {
    let bench = Bench::new();
    bench.put("docs/Tarnley/Terms of Service.md", format!("# Terms\n\n## Flying\n\n{FLYING}\n"));
    bench.put(
        "docs/Oakmere/Privacy Policy.HTML",
        format!("<html><body><nav><p>You may visit our shop.</nav><main><h1>Privacy</h1><h2>Photos</h2><p>{TRAINING}</main></body></html>"),
    );
    bench.put("docs/Oakmere/Payment Terms.txt", "FEES\n\nYou pay the fees for the season in advance, and we refund\nnothing once the wind has blown.\n");
    bench
}

#[test]
fn a_folder_of_documents_becomes_clauses() {
    let bench = documents();
    let run = bench.import(&["documents", "docs"]);
    run.check(
        0,
        "documents 3, versions read 3, clauses 3, wordings recorded 3: read 3, added 3, changed 0, unchanged 0, removed 0, rejected 0, generation 1\n",
        "",
    );
    let hits = bench.hits(&[]);
    let told: Vec<[&str; 3]> = hits
        .iter()
        .map(|hit| {
            ["/platform/name", "/clause/document/type", "/clause/title"]
                .map(|pointer| hit.pointer(pointer).and_then(Value::as_str).unwrap_or(""))
        })
        .collect();
    assert_eq!(
        told,
        [
            ["Oakmere", "payment-terms", "FEES"],
            ["Oakmere", "privacy-policy", "Photos"],
            ["Tarnley", "terms-of-service", "Flying"],
        ]
    );
    let id = hits[1]["clause"]["id"].as_str().expect("an id");
    let record = &bench.records(&[id])[0];
    assert_eq!(record["text"], TRAINING);
    let evidence = &record["evidence"];
    assert_eq!(evidence["captured_at"], Value::Null, "nobody knows when");
    let page = fs::read_to_string(bench.path("docs/Oakmere/Privacy Policy.HTML")).expect("a page");
    let at = |place: usize| {
        usize::try_from(evidence["byte_range"][place].as_u64().expect("a number")).expect("small")
    };
    assert_eq!(&page[at(0)..at(1)], TRAINING);
}

#[test]
fn importing_again_changes_nothing_and_ids_stay() {
    let bench = documents();
    bench.import(&["documents", "docs"]).check(0, "added 3", "");
    let before = (bench.status(), bench.hits(&[]));
    bench.import(&["documents", "docs"]).check(0, "added 0, changed 0, unchanged 3, removed 0", "");
    assert_eq!((bench.status(), bench.hits(&[])), before);

    // A clause that is worded anew keeps its id.
    let id = |hits: &[Value]| {
        let found = hits.iter().find(|hit| hit["clause"]["title"] == "Flying");
        found.expect("a clause")["clause"]["id"].clone()
    };
    bench.put(
        "docs/Tarnley/Terms of Service.md",
        format!("# Terms\n\n## Flying\n\n{FLYING} You may not fly it in a storm either.\n"),
    );
    bench.import(&["documents", "docs"]).check(0, "added 0, changed 1, unchanged 2, removed 0", "");
    assert_eq!(id(&bench.hits(&["storm"])), id(&before.1));

    // A document that is gone takes its clauses along.
    fs::remove_file(bench.path("docs/Oakmere/Payment Terms.txt")).expect("it was there");
    bench.import(&["documents", "docs"]).check(0, "added 0, changed 0, unchanged 2, removed 1", "");
    // Other collections are left alone.
    bench.put("more/Fenwick/Terms.md", format!("# Fees\n\n{FEES}\n"));
    bench.import(&["documents", "more", "--collection", "more"]).check(
        0,
        "added 1, changed 0, unchanged 0, removed 0",
        "",
    );
    bench.import(&["documents", "docs"]).check(0, "unchanged 2, removed 0", "");
    assert_eq!(bench.status()["clauses"], 3);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let bench = documents();
    bench.put("docs/Tarnley/Rules.pdf", "%PDF");
    bench.put("docs/Tarnley/Rules of the lake.docx", "PK");
    bench.put("docs/Tarnley/photo.jpg", "x");
    bench.put("docs/Tarnley/.hidden.md", FEES);
    bench.put("docs/Tarnley/Page_files/a.html", FEES);
    bench.put("docs/Tarnley/Terms of Service.txt", FEES);
    bench.put("docs/loose.md", FEES);
    bench.put(
        "docs/Tarnley/Old.txt",
        b"You may fly a kite at the caf\xe9 \x96 but you must not fly it at night.",
    );
    bench.put("docs/Tarnley/Zeros.txt", b"You may\0fly.");
    bench.put("docs/Tarnley/Large.txt", vec![b'a'; 16 * 1024 * 1024 + 1]);
    let run = bench.import(&["documents", "docs"]);
    let summary =
        "clauses 4, wordings recorded 4: read 6, added 4, changed 0, unchanged 0, removed 0, rejected 2";
    for warning in [
        "Tarnley/Rules.pdf: skipped, because PDF is not read here; convert it first, like this: pdftotext -layout \"Rules.pdf\" \"Rules.txt\"",
        "pandoc \"Rules of the lake.docx\" -t markdown -o \"Rules of the lake.md\"",
        "photo.jpg: skipped, because `.jpg` is not one of",
        "loose.md: skipped, because it is in no platform's folder",
        "Terms of Service.txt: skipped, because Tarnley/Terms of Service.md has the same title",
        "Large.txt: the file has 16777217 bytes",
        "Old.txt: it is no UTF-8 and was read as Windows-1252",
        "Zeros.txt: it is no text",
    ] {
        run.check(0, summary, warning);
    }
    assert!(!run.stderr.contains("hidden") && !run.stderr.contains("Page_files"), "{}", run.stderr);
    let rejects = bench.rejects();
    let files: Vec<&str> = rejects.iter().filter_map(|reject| reject["file"].as_str()).collect();
    assert_eq!(files, ["Tarnley/Large.txt", "Tarnley/Zeros.txt"]);
    assert!(bench.hits(&["café"])[0]["excerpt"]["text"].as_str().expect("words").contains("café – but"));
}

#[test]
fn links_that_lead_out_are_not_followed() {
    let bench = documents();
    bench.put("elsewhere/Secret.md", FEES);
    bench.put("elsewhere/Fenwick/Terms.md", FEES);
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, bench.path(from)).expect("a link");
    link("../../elsewhere/Secret.md", "docs/Tarnley/Secret.md");
    link("../elsewhere/Fenwick", "docs/Fenwick");
    link("Terms of Service.md", "docs/Tarnley/Rules.md");
    let run = bench.import(&["documents", "docs"]);
    run.check(
        0,
        "documents 4",
        "Tarnley/Secret.md: skipped, because it is a link that leads out of the folder",
    );
    run.check(0, "documents 4", "Fenwick: skipped, because it is a link");
}

#[test]
fn what_is_no_agreement_gives_no_clauses() {
    let bench = documents();
    bench.put(
        "docs/Tarnley/News.md",
        "**TARN, Oldshire, May 4, 2031 (GLOBE NEWSWIRE) --** Tarnley Kites today announced that it has bought Oakmere.\n\n\
         \"This is a great day,\" said Ada Marsh, who runs it.\n\n**Media contact**\n\npress@tarnley.example\n",
    );
    bench.import(&["documents", "docs"]).check(
        0,
        "clauses 3",
        "warning: Tarnley/News.md: no clauses were taken, because it reads like a press release (a dateline; ",
    );
    // Whoever imports again is told again.
    bench.import(&["documents", "docs"]).check(0, "unchanged 3, removed 0", "press release");
    bench.import(&["documents", "docs", "--as-clauses"]).check(
        0,
        "added 1, changed 0, unchanged 3, removed 0",
        "",
    );
    bench.import(&["documents", "docs"]).check(0, "unchanged 3, removed 1", "press release");
}

fn tosdr() -> Bench {
    let bench = Bench::new();
    bench.put(
        "data/src/services/tarnley.json",
        json!({"name": "Tarnley", "url": "https://www.tarnley.example/"}).to_string(),
    );
    bench.put("data/src/services/oakmere.json", json!({"name": "Oakmere"}).to_string());
    bench.put(
        "data/src/cases/kites.json",
        json!({"name": "You may fly a kite-bad-70", "point": "bad", "score": 70}).to_string(),
    );
    let points = [
        (
            "1",
            json!({"id": "1", "title": "Kites", "services": ["tarnley", "oakmere"], "topics": [], "quoteDoc": "Terms of Service",
            "quoteText": "<p>You may fly a kite here on every day&nbsp;of the week, but you <b>must not</b> fly it at night.</p>",
            "needModeration": false, "tosdr": {"case": "You may fly a kite", "tldr": "Kites fly."}}),
        ),
        (
            "2",
            json!({"id": "2", "title": "Photos", "services": ["tarnley"], "quoteDoc": "Privacy Policy", "quoteText": TRAINING,
            "tosdr": {"point": "good", "score": 20}}),
        ),
        ("3", json!({"id": "3", "services": ["tarnley"], "quoteText": FEES, "tosdr": {"irrelevant": true}})),
        ("4", json!({"id": "4", "services": ["tarnley"], "tosdr": {"point": "good"}})),
        ("5", json!({"id": "5", "services": [], "quoteText": FEES})),
        ("6", json!({"id": "6", "services": ["tarnley"], "quoteText": FEES, "needModeration": true})),
    ];
    for (name, point) in points {
        bench.put(&format!("data/src/points/{name}.json"), point.to_string());
    }
    fs::create_dir_all(bench.path("data/src/topics")).expect("a folder");
    bench
}

#[test]
fn points_with_quotes_become_clauses() {
    let bench = tosdr();
    let waived = json!({"services": ["oakmere"], "quoteDoc": "Terms of Service", "quoteText": "You go to court alone.",
        "tosdr": {"case": "You waive your right to a class action.", "point": "blocker"}});
    bench.put("data/src/points/8.json", waived.to_string());
    let run = bench.import(&["tosdr", "data"]);
    run.check(
        0,
        "documents 3, versions read 3, clauses 4, wordings recorded 4: read 4, added 4, changed 0, unchanged 0, removed 0, rejected 0",
        "warning: 1 point was skipped: marked as irrelevant\nwarning: 1 point was skipped: not yet moderated\nwarning: 1 point was skipped: without a quote\nwarning: 1 point was skipped: without a service\n",
    );
    let records =
        bench.records(&["tarnley.tosdr.1", "oakmere.tosdr.1", "tarnley.tosdr.2", "oakmere.tosdr.8"]);
    let [kites, same, photos, waived] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(kites["text"], FLYING);
    assert_eq!((&kites["title"], &kites["severity"]), (&json!("You may fly a kite"), &json!("high")));
    assert_eq!(kites["platform"]["domain"], "tarnley.example");
    assert_eq!(kites["document"]["type"], "terms-of-service");
    assert_eq!(kites["collection"]["attribution"], "ToS;DR contributors");
    assert_eq!(kites["collection"]["license"], "CC-BY-SA-3.0");
    let own =
        json!({"id": "1", "case": "You may fly a kite", "point": "bad", "score": 70.0, "tldr": "Kites fly."});
    assert_eq!(kites["x_tosdr"], own);
    assert_eq!(same["text"], FLYING);
    assert_eq!((&photos["title"], &photos["severity"]), (&json!("Photos"), &json!("low")));

    assert_eq!(
        (&waived["clause_type"], &waived["severity"]),
        (&json!("class-action-waiver"), &json!("high"))
    );

    bench.import(&["tosdr", "data/src"]).check(0, "added 0, changed 0, unchanged 4, removed 0", "skipped");
    fs::remove_file(bench.path("data/src/points/2.json")).expect("it was there");
    bench.import(&["tosdr", "data"]).check(0, "added 0, changed 0, unchanged 3, removed 1", "skipped");
}

#[test]
fn broken_points_are_rejected_and_remove_nothing() {
    let bench = tosdr();
    bench.import(&["tosdr", "data"]).check(0, "added 3", "skipped");
    bench.put("data/src/points/2.json", "{\"id\": ");
    bench.put(
        "data/src/points/7.json",
        json!({"services": ["tarnley"], "quoteText": FEES, "tosdr": {"point": "great"}}).to_string(),
    );
    let run = bench.import(&["tosdr", "data"]);
    run.check(0, "added 0, changed 0, unchanged 2, removed 0, rejected 2", "nothing was removed");
    let rejects = bench.rejects();
    let told: Vec<(&str, bool)> = rejects
        .iter()
        .map(|reject| {
            (reject["file"].as_str().expect("a name"), reject["reason"].as_str().expect("words").len() > 10)
        })
        .collect();
    assert_eq!(told, [("points/2.json", true), ("points/7.json", true)]);
}

#[test]
fn a_folder_without_the_form_says_what_is_expected() {
    let bench = documents();
    bench.import(&["tosdr", "docs"]).check(2, "", "src/points, src/cases and src/services");
    bench.import(&["documents", "none"]).check(2, "", "none: No such file");
    fs::create_dir(bench.path("empty")).expect("a folder");
    bench.import(&["documents", "empty"]).check(2, "", "PLATFORM/TITLE.md, .html or .txt");
    bench.import(&["documents", "docs", "--collection", "a b"]).check(2, "", "begin with a letter or digit");
    assert_eq!(bench.status()["clauses"], 0);
}
