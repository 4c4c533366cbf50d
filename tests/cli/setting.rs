//! Settings from flags, the environment, a file and defaults; keys; backups.

use std::fs;

use serde_json::Value;

use crate::bench::{Bench, Run};
use crate::server::{check_server, fetch};

/// What `config` says of a key: value, source, and what it comes from.
fn tell(run: &Run, key: &str) -> (String, String, String) {
    let settings = run.json();
    let found = settings.as_array().expect("a list").iter().find(|setting| setting["key"] == key);
    let setting = found.unwrap_or_else(|| panic!("no {key} in {settings}"));
    let text = |name: &str| setting[name].as_str().unwrap_or("").to_owned();
    (text("value"), text("source"), text("from"))
}

fn check(run: &Run, key: &str, value: &str, source: &str, from: &str) {
    assert_eq!(tell(run, key), (value.to_owned(), source.to_owned(), from.to_owned()), "{key}");
}

#[test]
fn each_setting_comes_from_the_strongest_place_that_names_it() {
    let bench = Bench::new();
    check(&bench.run(&["config", "--json"]), "queue", "128", "default", "");
    bench.write(
        "crossclause.toml",
        "queue = 5\nrate_limit = 7\ntime_limit = 2.5\nconcurrency = 3\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n",
    );
    let mut command = bench.command(&["config", "--json", "--queue", "9"]);
    command.env("CROSSCLAUSE_QUEUE", "8").env("CROSSCLAUSE_RATE_LIMIT", "6");
    let run = Run::of(command.output().expect("it runs"));
    check(&run, "queue", "9", "flag", "--queue");
    check(&run, "rate_limit", "6", "environment", "CROSSCLAUSE_RATE_LIMIT");
    check(&run, "time_limit", "2.5", "file", "crossclause.toml");
    check(&run, "trusted_proxies", "10.0.0.0/8,::1", "file", "crossclause.toml");
    check(&run, "rate_burst", "400", "default", "");
    // Another file in its place, wherever the flag stands.
    bench.write("other.toml", "queue = 11\n");
    for arguments in
        [["--config", "other.toml", "config", "--json"], ["config", "--json", "--config", "other.toml"]]
    {
        let run = bench.run(&arguments);
        check(&run, "queue", "11", "file", "other.toml");
        check(&run, "rate_limit", "100", "default", "");
    }
    let told = bench.run(&["config"]);
    told.check(0, "file crossclause.toml", "");
}

#[test]
fn what_a_file_of_settings_may_not_say_is_told() {
    let bench = Bench::filled();
    for (text, reason) in [
        ("rate_limt = 5", "there is no setting `rate_limt`; did you mean `rate_limit`?"),
        ("json = 5", "there is no setting `json`"),
        ("config = \"x\"", "there is no setting `config`"),
        ("rate_burst = 0", "`rate_burst`: "),
        ("queue = \"many\"", "`queue`: "),
        ("queue = -1", "`queue`: "),
        ("queue = true", "`queue` must be a text, a number or a list of them"),
        ("queue = [[1]]", "`queue` must be"),
        ("[queue]\nx = 1", "`queue` must be"),
        ("write_keys = \"a:b\"", "`write_keys`: "),
        ("engine = \"lucene\"", "`engine`: "),
        ("queue 5", "is no TOML"),
    ] {
        bench.write("crossclause.toml", text);
        // Whatever is run: a file that cannot be understood is not half used.
        for command in ["config", "status"] {
            let run = bench.run(&[command]);
            run.check(2, "", reason);
            assert!(run.stderr.contains("crossclause.toml"), "{}", run.stderr);
        }
    }
    fs::remove_file(bench.path("crossclause.toml")).expect("removed");
    bench.run(&["status", "--config", "nowhere.toml"]).check(2, "", "nowhere.toml cannot be read");
}

#[test]
fn the_file_says_where_data_are_and_what_is_listened_on() {
    let bench = Bench::filled();
    fs::rename(bench.path("crossclause-data"), bench.path("elsewhere")).expect("renamed");
    bench.run(&["status"]).check(2, "", "there is no collection");
    bench.write("crossclause.toml", "data = \"elsewhere\"\nlisten = \"127.0.0.1:0\"\n");
    bench.run(&["search", "arbitration"]).check(0, "oak.arbitration", "");
    check_server(bench.command(&["serve", "--log", "warn"]), "listening on http://", "-TERM", |printed| {
        assert!(!printed.contains(":7700"), "{printed}");
    });
}

#[test]
fn a_new_key_is_told_once_and_only_its_hash_is_configured() {
    let bench = Bench::filled();
    let made = bench.run(&["config", "--new-key", "ops", "--json"]).json();
    let (key, hashed) = (made["key"].as_str().expect("a key"), made["write_keys"].as_str().expect("a hash"));
    assert!(hashed.starts_with("ops:") && !hashed.contains(key));
    bench.write("crossclause.toml", format!("write_keys = [\"{hashed}\"]\nlisten = \"127.0.0.1:0\"\n"));
    let run = bench.run(&["config", "--json"]);
    check(&run, "write_keys", "ops:…", "file", "crossclause.toml");
    bench.run(&["config", "--new-key", "no name"]).check(2, "", "a name has");
}

#[test]
fn a_backup_taken_while_serving_restores_to_its_generation() {
    let bench = Bench::filled();
    bench.run(&["ingest", "all.ndjson"]);
    let mut command = bench.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("CROSSCLAUSE_LOG", "warn");
    check_server(command, "listening on http://", "-TERM", |printed| {
        let address = printed.trim().strip_prefix("listening on http://").expect("an address");
        bench.run(&["backup", "all.backup"]).check(0, "all.backup: generation 1, 7 clauses", "");
        fetch(address, "/v1/search?q=arbitration");
    });
    let asked = ["search", "arbitration", "--json"];
    let before = bench.run(&asked).json();
    // What comes later is not in it.
    let late = crate::bench::clause("late", "oakmere", "Late clauses about arbitration are late.");
    bench.ingest("late.ndjson", late.to_string()).check(0, "added 1", "");
    let mut command = bench.command(&["serve", "--listen", "127.0.0.1:0", "--data", "all.backup"]);
    command.env("CROSSCLAUSE_LOG", "warn");
    check_server(command, "listening on http://", "-TERM", |printed| {
        let address = printed.trim().strip_prefix("listening on http://").expect("an address");
        let served: Value = serde_json::from_str(&fetch(address, "/v1/search?q=arbitration")).expect("JSON");
        assert_eq!(served, before);
    });
    // It is a data directory now, and a second start uses it.
    let status = bench.run(&["status", "--json", "--data", "all.backup.data"]).json();
    assert_eq!(
        (&status["generation"], &status["index_generation"]),
        (&before["generation"], &before["generation"])
    );
    assert_eq!(bench.run(&[&asked[..], &["--data", "all.backup"]].concat()).json(), before);
    // Another backup of the same name is not taken for it.
    bench.run(&["backup", "all.backup"]).check(0, "generation 2, 8 clauses", "");
    bench.run(&["status", "--data", "all.backup"]).check(2, "", "was not made from this backup");
    bench.write("no.backup", "hello");
    bench.run(&["status", "--data", "no.backup"]).check(2, "", "this is no backup");
    bench.run(&["backup", "crossclause-data/inside"]).check(2, "", "outside the data directory");
    bench.run(&["backup", "no/such/folder/file"]).check(2, "", "no/such/folder/file");
}
