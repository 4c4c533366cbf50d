//! Any line is a record or a reason, and a record that was taken reads back as what it is.

#![no_main]

use std::sync::LazyLock;

use crossclause::clause::{Given, merge_patch};
use crossclause::ingest::RecordChecker;
use crossclause::taxonomy::Taxonomy;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::bundled().expect("sound"));
static CHECKER: LazyLock<RecordChecker<'static>> =
    LazyLock::new(|| RecordChecker::new(&TAXONOMY).expect("sound"));

fuzz_target!(|line: &str| {
    let Ok(value) = serde_json::from_str::<Value>(line) else { return };
    match CHECKER.check(value) {
        Ok(record) => {
            let mut given = Map::new();
            merge_patch(&mut given, record.given);
            serde_json::from_value::<Given>(Value::Object(given)).expect("what was checked can be read");
        }
        Err(reason) => assert!(!reason.is_empty()),
    }
});
