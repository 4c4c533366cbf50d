//! `mcp`, as the programs that start it talk to it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::{Bench, clause, to_ndjson};

struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    log: PathBuf,
    last: u64,
}

impl Client {
    fn start(bench: &Bench) -> Self {
        let mut command = bench.command(&["mcp"]);
        // Even who wants to hear everything must not hear what was asked.
        command.env("CROSSCLAUSE_LOG", "trace,rmcp=trace,rmcp::service=trace");
        // A pipe that nobody reads would be full one day.
        let log = bench.path("log");
        command.stderr(fs::File::create(&log).expect("a file"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut client = Self { child, input, output, log, last: 0 };
        let hello = client.request(
            "initialize",
            &json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}),
        );
        assert_eq!(hello["result"]["serverInfo"]["name"], "crossclause", "{hello}");
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input, "{message}").expect("it reads");
    }

    /// Every line on stdout is an answer.
    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
        let mut line = String::new();
        self.output.read_line(&mut line).expect("UTF-8");
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line:?}"));
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(self.last)), "{answer}");
        answer
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        self.request("tools/call", &json!({"name": tool, "arguments": arguments}))["result"].clone()
    }

    /// Closes stdin, and returns the exit code with what was written to stderr.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.input);
        let code = self.child.wait().expect("it ends").code();
        (code, fs::read_to_string(self.log).expect("UTF-8"))
    }
}

#[test]
fn a_program_that_starts_it_is_answered_until_it_closes_stdin() {
    let bench = Bench::filled();
    // What builds the index says so in the log.
    fs::remove_dir_all(bench.path("crossclause-data/index")).expect("an index");
    let mut client = Client::start(&bench);
    let tools = client.request("tools/list", &json!({}));
    assert_eq!(tools["result"]["tools"].as_array().map(Vec::len), Some(5));
    let found = client.call("search_clauses", &json!({"query": "arbitration quixotically"}));
    assert_eq!(found["structuredContent"]["no_match"]["reason"], "below_floor", "{found}");
    let pasted = "Surreptitious machine learning models are trained on your photographs and messages.";
    let found = client.call("find_comparables", &json!({"text": pasted}));
    assert_eq!(found["structuredContent"]["counts"]["platforms"], 3, "{found}");
    let refused = client.call("search_clauses", &json!({"severity": "bumptious"}));
    assert_eq!(refused["isError"], true);
    let unknown = client.request("tools/call", &json!({"name": "perfidious", "arguments": {}}));
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    let (code, log) = client.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("rebuilding it"), "nothing is logged: {log}");
    for word in ["quixotically", "urreptitious", "photographs", "bumptious", "perfidious"] {
        assert!(!log.contains(word), "{word} is logged: {log}");
    }
}

#[test]
fn an_ingest_beside_it_is_seen() {
    let bench = Bench::filled();
    let mut client = Client::start(&bench);
    let asked = json!({"clause_id": "new.clause"});
    assert_eq!(client.call("get_clause", &asked)["isError"], true);
    let added = clause("new.clause", "newcomer", "We keep your letters in a drawer.");
    bench.ingest("new.ndjson", to_ndjson(&[added])).check(0, "added 1", "");
    let since = Instant::now();
    while client.call("get_clause", &asked)["isError"] == true {
        assert!(since.elapsed() < Duration::from_secs(10), "it is not seen");
    }
    assert_eq!(client.end().0, Some(0));
}

#[test]
fn what_cannot_begin_is_told_on_stderr() {
    let bench = Bench::new();
    bench.run(&["mcp"]).check(2, "", "there is no collection in ./crossclause-data");
    let bench = Bench::filled();
    bench.run_with_input(&["mcp"], b"").check(0, "", "");
    let early = br#"{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}"#;
    let run = bench.run_with_input(&["mcp"], &[early.as_slice(), b"\n"].concat());
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("JSON")["id"], 1, "{}", run.stdout);
}
