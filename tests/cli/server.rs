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
