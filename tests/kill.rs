//! An ingest killed at any moment: what is served afterwards is the state before or the state
//! after, and running it again completes it. The process is really killed.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test says what must hold")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crossclause::store::{RecordStore, SqliteStore};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_crossclause");

/// Moments at which the ingest is killed in all, and of these after the store's commit.
const MOMENTS: usize = 50;
const AFTER_COMMIT: usize = 14;

/// Clauses before the ingest, and what it changes, adds and removes.
const BEFORE: usize = 240;
const ADDED: usize = 200;
const CHANGED: usize = 80;
const REMOVED: usize = 20;

fn record(number: usize, edition: &str) -> Value {
    let platform = number % 12;
    json!({
        "id": format!("c{number}"),
        "platform": {"id": format!("p{platform}"), "name": format!("Plat{platform}")},
        "document": {"id": format!("p{platform}.d"), "title": "Terms"},
        "language": "en",
        "text": format!(
            "Edition {edition}: clause {number} says that account word{} and data word{} stay with us.",
            number % 37, number % 53
        ),
    })
}

fn write_records(path: &Path, records: &[Value]) {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(path, lines.join("\n")).expect("written");
}

fn ingest(data: &Path, file: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("--data").arg(data).args(["ingest", "--complete", "--json"]).arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> String {
    let output = Command::new(BINARY).arg("--data").arg(data).args(arguments).output().expect("started");
    assert!(output.status.code() != Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every live clause with its text's first words, as a new process serves them.
fn read_all(data: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut arguments = vec!["search", "--limit", "100", "--json"];
        if let Some(cursor) = &cursor {
            arguments.extend(["--cursor", cursor.as_str()]);
        }
        let page: Value = serde_json::from_str(&run(data, &arguments)).expect("JSON");
        for hit in page["hits"].as_array().expect("hits") {
            let id = hit["clause"]["id"].as_str().expect("an id").to_owned();
            let text = hit["excerpt"]["text"].as_str().expect("a text").to_owned();
            assert!(all.insert(id, text).is_none(), "an item twice");
        }
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            assert_eq!(page["counts"]["clauses"], json!(all.len()));
            return all;
        }
    }
}

fn expected(records: &[Value]) -> BTreeMap<String, String> {
    let text = |record: &Value, key: &str| record[key].as_str().expect("a string").to_owned();
    records.iter().map(|record| (text(record, "id"), text(record, "text"))).collect()
}

fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_directory(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn newest_generation(data: &Path) -> u64 {
    let store = SqliteStore::open(&data.join("records.sqlite")).expect("opened");
    store.newest_generation().expect("a generation").number
}

/// Waits until the store holds a newer generation; false if the ingest ends first.
fn wait_for_commit(store: &SqliteStore, before: u64, child: &mut Child) -> bool {
    loop {
        if store.newest_generation().expect("a generation").number > before {
            return child.try_wait().expect("a status").is_none();
        }
        if child.try_wait().expect("a status").is_some() {
            return false;
        }
        thread::sleep(Duration::from_micros(200));
    }
}

#[test]
fn a_killed_ingest_leaves_before_or_after_and_completes() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    let before: Vec<Value> = (0..BEFORE).map(|number| record(number, "one")).collect();
    let after: Vec<Value> = (REMOVED..BEFORE + ADDED)
        .map(|number| record(number, if number < REMOVED + CHANGED { "two" } else { "one" }))
        .collect();
    write_records(&path("before.ndjson"), &before);
    write_records(&path("after.ndjson"), &after);
    let base = path("base");
    assert!(ingest(&base, &path("before.ndjson")).status().expect("run").success());
    let (state_before, state_after) = (expected(&before), expected(&after));
    assert_eq!(read_all(&base), state_before);

    // How long an undisturbed ingest takes, to spread the moments over it.
    let rehearsal = path("rehearsal");
    copy_directory(&base, &rehearsal);
    let begin = Instant::now();
    assert!(ingest(&rehearsal, &path("after.ndjson")).status().expect("run").success());
    let whole = begin.elapsed();
    assert_eq!(read_all(&rehearsal), state_after);

    let generation = newest_generation(&base);
    let (mut kept_before, mut kept_after, mut between) = (0, 0, 0);
    for moment in 0..MOMENTS {
        let data = path(&format!("moment-{moment}"));
        copy_directory(&base, &data);
        let store = SqliteStore::open(&data.join("records.sqlite")).expect("opened");
        let mut child = ingest(&data, &path("after.ndjson")).spawn().expect("started");
        let after_commit = moment >= MOMENTS - AFTER_COMMIT;
        if after_commit {
            wait_for_commit(&store, generation, &mut child);
            // A little later each time, while the index is still being written.
            thread::sleep(Duration::from_micros(((moment + AFTER_COMMIT - MOMENTS) * 400) as u64));
        } else {
            thread::sleep(whole.mul_f64((moment as f64 + 0.5) / (MOMENTS - AFTER_COMMIT) as f64));
        }
        child.kill().expect("killed");
        let status = child.wait().expect("a status");
        let committed = newest_generation(&data) > generation;
        let published = crossclause_index_generation(&data) > generation;
        between += usize::from(!status.success() && committed && !published);
        drop(store);

        let served = read_all(&data);
        if committed {
            assert_eq!(served, state_after, "moment {moment}");
            kept_after += 1;
        } else {
            assert_eq!(served, state_before, "moment {moment}");
            kept_before += 1;
        }
        assert!(ingest(&data, &path("after.ndjson")).status().expect("run").success());
        assert_eq!(read_all(&data), state_after, "moment {moment}, run again");
        std::fs::remove_dir_all(&data).expect("removed");
    }
    eprintln!(
        "{kept_before} before the commit, {kept_after} after it, {between} of these before publication"
    );
    assert!(between >= 10, "only {between} moments fell between the commit and the publication");
    assert!(kept_before >= 5, "only {kept_before} moments fell before the commit");
}

/// The generation that the index on disk holds, read without bringing it up.
fn crossclause_index_generation(data: &Path) -> u64 {
    let status: Value = serde_json::from_str(&run(data, &["status", "--json"])).expect("JSON");
    status["index_generation"].as_u64().unwrap_or(0)
}
