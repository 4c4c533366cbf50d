//! The binary in a directory of its own, and invented clauses.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A directory with files and a collection.
pub(crate) struct Bench {
    directory: TempDir,
}

/// What a run of the program came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory") }
    }

    /// A bench with a small collection of three platforms.
    pub(crate) fn filled() -> Self {
        let bench = Self::new();
        let run = bench.ingest("all.ndjson", to_ndjson(&collection()));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crossclause"));
        command.args(arguments).current_dir(self.directory.path());
        command.env_remove("CROSSCLAUSE_DATA").env_remove("CROSSCLAUSE_LOG").env_remove("CROSSCLAUSE_CONFIG");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the program runs"))
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("it is read");
        Run::of(child.wait_with_output().expect("the program ends"))
    }

    pub(crate) fn ingest(&self, name: &str, content: impl AsRef<[u8]>) -> Run {
        self.write(name, content);
        self.run(&["ingest", name])
    }

    pub(crate) fn status(&self) -> Value {
        self.run(&["status", "--json"]).json()
    }

    pub(crate) fn rejects(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("crossclause-data/rejects.ndjson")).expect("a rejects file");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }

    #[track_caller]
    pub(crate) fn check(&self, code: i32, stdout: &str, stderr: &str) {
        let Self { code: ended, stdout: out, stderr: err } = self;
        assert_eq!(*ended, code, "{out}{err}");
        assert!(out.contains(stdout), "stdout has no {stdout:?}: {out}");
        assert!(err.contains(stderr), "stderr has no {stderr:?}: {err}");
        assert_eq!(stderr.is_empty(), err.is_empty(), "stderr: {err}");
    }
}

pub(crate) fn clause(id: &str, platform: &str, text: &str) -> Value {
    let name: String =
        platform.chars().enumerate().map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c }).collect();
    json!({
        "id": id,
        "platform": {"id": platform, "name": name},
        "document": {"id": format!("{platform}.terms"), "title": "Terms of Service", "type": "terms-of-service"},
        "text": text,
    })
}

pub(crate) const TRAINING: &str = "We may use the photographs and messages that you upload to train machine learning models, ours and those of our partners.";
const ARBITRATION: &str = "Any dispute between you and us is settled by binding arbitration before a single arbitrator, and you waive the right to a trial by jury.";

pub(crate) fn collection() -> Vec<Value> {
    vec![
        clause("oak.training", "oakmere", TRAINING),
        clause("oak.arbitration", "oakmere", ARBITRATION),
        clause("oak.parking", "oakmere", "Bicycles are parked behind the mill between dusk and dawn."),
        clause(
            "fen.training",
            "fenwick",
            "Photographs and messages uploaded by you may be used by us to train machine learning models of any kind.",
        ),
        clause(
            "fen.arbitration",
            "fenwick",
            "You and we settle every dispute by binding arbitration. One arbitrator decides. You waive a trial by jury.",
        ),
        clause(
            "tarn.training",
            "tarnley",
            "Machine learning models are trained on messages and photographs that members upload, unless they object.",
        ),
        clause(
            "tarn.refund",
            "tarnley",
            "A refund of the subscription fee is paid within fourteen days of a written request.",
        ),
    ]
}

pub(crate) fn to_ndjson(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}
