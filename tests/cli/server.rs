//! `serve` and `demo`, from their start to the signal that ends them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bench::Bench;

/// Asks a server for a path and returns the body of its answer.
pub(crate) fn fetch(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

/// Starts a server, shows it to `check` with what it printed up to a line, and asks it to end.
pub(crate) fn check_server(mut command: Command, last_line: &str, signal: &str, check: impl FnOnce(&str)) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut printed = String::new();
    while !printed.contains(last_line) {
        assert!(stdout.read_line(&mut printed).expect("UTF-8") > 0, "it ended after {printed:?}");
    }
    check(&printed);
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_server_serves_until_it_is_asked_to_end() {
    let bench = Bench::filled();
    let command = bench.command(&["serve", "--listen", "127.0.0.1:0"]);
    check_server(command, "listening on http://", "-TERM", |printed| {
        let address = printed.trim().strip_prefix("listening on http://").expect("an address");
        let served: Value = serde_json::from_str(&fetch(address, "/v1/search?q=arbitration")).expect("JSON");
        assert_eq!(served, bench.run(&["search", "arbitration", "--json"]).json());
        bench.run(&["serve", "--listen", address]).check(2, "", "cannot be listened on");
    });
}

#[test]
fn the_demo_says_what_to_try_and_leaves_nothing() {
    let bench = Bench::new();
    fs::create_dir(bench.path("tmp")).expect("a directory");
    let mut command = bench.command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", bench.path("tmp"));
    check_server(command, "Ctrl-C", "-INT", |printed| {
        let urls: Vec<&str> =
            printed.split("curl '").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
        let answers: Vec<Value> = urls
            .iter()
            .map(|url| {
                let (address, path) =
                    url.strip_prefix("http://").expect("a URL").split_once('/').expect("a path");
                serde_json::from_str(&fetch(address, &format!("/{path}"))).expect("JSON")
            })
            .collect();
        let [found, compared] = answers.as_slice() else { panic!("two lines to try: {printed}") };
        assert_eq!(found["hits"].as_array().expect("hits").len(), 3);
        let cards = compared["cards"].as_array().expect("cards");
        assert_eq!(cards.len(), 3);
        for card in cards {
            assert_eq!(card["clause"]["clause_type"], "ai-training", "{card}");
        }
    });
    assert_eq!(fs::read_dir(bench.path("tmp")).expect("readable").count(), 0, "its data is removed");
    assert!(!bench.path("crossclause-data").exists());
}

/// Sends bytes, and returns all that comes back.
fn send(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn no_log_has_what_people_paste_or_search() {
    const MARK: &str = "xylophonic";
    let bench = Bench::filled();
    let mut command =
        bench.command(&["serve", "--listen", "127.0.0.1:0", "--log", "trace", "--log-format", "json"]);
    let log = fs::File::create(bench.path("log")).expect("a file");
    command.stderr(log);
    let pasted =
        format!("{{\"text\": \"We train {MARK} models on the photographs and messages that you upload.\"}}");
    let form = format!("text=We+train+{MARK}+models+on+photographs");
    let key = MARK.repeat(4);
    check_server(command, "listening on http://", "-TERM", |printed| {
        let address = printed.trim().strip_prefix("listening on http://").expect("an address");
        let ends = format!(
            "Host: {address}\r\nConnection: close\r\nUser-Agent: {MARK}\r\nReferer: http://x.example/?q={MARK}\r\nAuthorization: Bearer {key}\r\n"
        );
        for path in [
            format!("/v1/search?q={MARK}"),
            format!("/?q={MARK}"),
            format!("/v1/suggest?q={MARK}"),
            format!("/v1/search?category={MARK}"),
            format!("/v1/search?{MARK}=1"),
            format!("/v1/search.csv?q={MARK}"),
            format!("/v1/clauses/{MARK}"),
            format!("/v1/clauses/{MARK}/comparables"),
            format!("/feeds/changes.atom?platform={MARK}"),
            format!("/{MARK}"),
            format!("/v1/search?cursor={MARK}"),
        ] {
            assert!(send(address, &format!("GET {path} HTTP/1.1\r\n{ends}\r\n")).starts_with("HTTP/1.1 "));
        }
        for (path, kind, body) in [
            ("/v1/comparables", "application/json", &pasted),
            ("/v1/comparables", "application/json", &form),
            ("/", "application/x-www-form-urlencoded", &form),
            ("/v1/clauses", "application/x-ndjson", &pasted),
        ] {
            let head = format!(
                "POST {path} HTTP/1.1\r\n{ends}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            assert!(send(address, &format!("{head}{body}")).starts_with("HTTP/1.1 "), "{path}");
        }
    });
    let log = fs::read_to_string(bench.path("log")).expect("a log");
    let answered: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .filter(|line: &Value| line["message"] == "answered")
        .collect();
    assert_eq!(answered.len(), 15, "{log}");
    for line in &answered {
        assert!(
            line["request_id"].is_string() && line["status"].is_number() && line["route"].is_string(),
            "{line}"
        );
    }
    assert!(!log.contains(MARK), "{}", log.lines().find(|line| line.contains(MARK)).unwrap_or_default());
}

#[test]
fn an_answer_that_was_begun_is_finished() {
    let bench = Bench::new();
    // More than the buffers between the two ends hold.
    let padding = "padding ".repeat(25_000);
    let records: Vec<Value> = (0..60)
        .map(|number| {
            let mut record =
                crate::bench::clause(&format!("c{number}"), "oakmere", &format!("Clause {number}."));
            record["x_padding"] = padding.as_str().into();
            record
        })
        .collect();
    bench.ingest("long.ndjson", crate::bench::to_ndjson(&records)).check(0, "added 60", "");
    let mut command = bench.command(&["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut printed = String::new();
    stdout.read_line(&mut printed).expect("UTF-8");
    let address = printed.trim().strip_prefix("listening on http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET /v1/export.ndjson HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .expect("it reads");
    let mut first = [0; 1_000];
    stream.read_exact(&mut first).expect("it begins");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    // It takes no new callers, and the rest of the answer comes.
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("it goes on");
    let whole = String::from_utf8([first.as_slice(), &rest].concat()).expect("UTF-8");
    assert_eq!(whole.matches("\"id\":\"c").count(), 60);
    assert!(whole.ends_with("0\r\n\r\n"), "the last chunk is missing");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
