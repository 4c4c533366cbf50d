//! Where the clauses of real documents begin, judged by hand, against where the splitter cuts.
//!
//! `tests/golden` holds offsets and first words only. The documents are read from the bundles of
//! Open Terms Archive beside the project; where these are missing the test says so and passes.

#![allow(clippy::unwrap_used, reason = "a test says what must hold")]

use crossclause::text::split::split_markdown;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The least F1 of boundaries over all documents together: what is reached, rounded down.
const LEAST_F1: f64 = 0.93;
/// Starts so close to each other, in bytes, are the same.
const NEAR: usize = 8;

struct Judged {
    bundle: String,
    path: String,
    blob: String,
    clauses: Vec<Clause>,
}

struct Clause {
    start: usize,
    /// The end of a clause that is so long that cuts within it are not judged.
    end: Option<usize>,
    words: String,
}

/// Hits, missed starts and starts too many.
#[derive(Clone, Copy, Default)]
struct Count {
    hits: usize,
    missed: usize,
    extra: usize,
}

impl Count {
    fn f1(self) -> f64 {
        2.0 * self.hits as f64 / (2 * self.hits + self.missed + self.extra).max(1) as f64
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read_judged() -> Vec<Judged> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

fn read_file(path: &Path) -> Judged {
    let value: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let text = |name: &str| value[name].as_str().unwrap_or_else(|| panic!("{name} in {path:?}")).to_owned();
    let offset = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let clauses = value["clauses"].as_array().unwrap().iter();
    Judged {
        bundle: text("bundle"),
        path: text("path"),
        blob: text("blob"),
        clauses: clauses
            .map(|clause| Clause {
                start: offset(&clause[0]),
                end: clause.get(2).map(offset),
                words: clause[1].as_str().unwrap().to_owned(),
            })
            .collect(),
    }
}

fn run_git(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git").args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Clones the bundles that the judged documents are from; `None` if one is missing.
fn clone_bundles(judged: &[Judged], into: &Path) -> Option<BTreeMap<String, String>> {
    let mut clones = BTreeMap::new();
    for Judged { bundle, .. } in judged {
        let source = root().join(format!("../shared/data/open-terms-archive/{bundle}-versions.bundle"));
        if !source.exists() {
            eprintln!("SKIPPED: the golden test needs {}", source.display());
            return None;
        }
        if !clones.contains_key(bundle) {
            let target = into.join(bundle).to_string_lossy().into_owned();
            run_git(&["clone", "--quiet", "--bare", &source.to_string_lossy(), &target]);
            clones.insert(bundle.clone(), target);
        }
    }
    Some(clones)
}

/// Moves a place over marks, bullets and numbers to the first letter or digit of the text.
fn skip_marks(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        at += if let Some(length) = measure_number(rest) {
            length
        } else if c.is_alphanumeric() {
            break;
        } else {
            c.len_utf8()
        };
    }
    at
}

/// Length in bytes of a number such as "4.2", "(b)", "iv." or "Article 5" at the front of a text.
fn measure_number(text: &str) -> Option<usize> {
    let token = text.split(char::is_whitespace).next()?;
    if ["Article", "Section", "Part"].contains(&token) {
        let rest = text.get(token.len() + 1..)?;
        let next = rest.split(char::is_whitespace).next()?;
        return next.starts_with(|c: char| c.is_ascii_digit()).then_some(token.len() + 1 + next.len());
    }
    let (inner, is_closed) = match text.strip_prefix('(') {
        Some(inner) => (inner.split_once(')')?.0, true),
        None => (token, false),
    };
    let bare = inner.replace(['\\', '*', '_'], "");
    let core = bare.trim_end_matches(['.', ')', ':']);
    let is_marked = is_closed || core.len() < bare.len() || core.contains('.');
    let is_number = core.starts_with(|c: char| c.is_ascii_digit())
        && core.split('.').all(|part| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()));
    let is_letter = core.len() == 1 && core.bytes().all(|b| b.is_ascii_alphabetic());
    let is_roman = !core.is_empty() && core.len() <= 5 && core.bytes().all(|b| b"ivxIVX".contains(&b));
    let length = if is_closed { inner.len() + 2 } else { token.len() };
    (is_marked && (is_number || is_letter || is_roman)).then_some(length)
}

/// Checks that a judged clause begins with the words noted.
fn check_words(document: &str, clause: &Clause, path: &str) {
    let start = skip_marks(document, clause.start);
    let near: String = document[start..].chars().take(200).filter(|c| !"*_\\".contains(*c)).collect();
    let held: Vec<&str> =
        near.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(10).collect();
    let mut words = clause.words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    assert!(
        words.any(|word| held.contains(&word)),
        "{path} at {}: {:?}, not {:?}",
        clause.start,
        held,
        clause.words
    );
}

fn compare(document: &str, judged: &Judged) -> Count {
    let mut found: Vec<Option<usize>> = split_markdown(document)
        .iter()
        .map(|clause| Some(skip_marks(document, clause.byte_range.start)))
        .collect();
    let mut count = Count::default();
    for clause in &judged.clauses {
        check_words(document, clause, &judged.path);
        let start = skip_marks(document, clause.start);
        match found.iter_mut().find(|found| found.is_some_and(|found| found.abs_diff(start) <= NEAR)) {
            Some(hit) => {
                *hit = None;
                count.hits += 1;
            }
            None => count.missed += 1,
        }
    }
    let is_inside = |at: usize| {
        judged.clauses.iter().any(|clause| clause.end.is_some_and(|end| clause.start + NEAR < at && at < end))
    };
    count.extra = found.iter().flatten().filter(|&&at| !is_inside(at)).count();
    count
}

#[test]
fn cuts_where_a_reader_would() {
    let judged = read_judged();
    assert!(judged.len() >= 40, "only {} documents", judged.len());
    let folder = tempfile::tempdir().unwrap();
    let Some(clones) = clone_bundles(&judged, folder.path()) else {
        return;
    };
    let mut total = Count::default();
    let mut documents: Vec<(f64, String)> = Vec::new();
    for document in &judged {
        let text = run_git(&["-C", &clones[&document.bundle], "cat-file", "blob", &document.blob]);
        let count = compare(&String::from_utf8(text).unwrap(), document);
        total.hits += count.hits;
        total.missed += count.missed;
        total.extra += count.extra;
        let Count { hits, missed, extra } = count;
        let line =
            format!("{} {}: {hits} found, {missed} missed, {extra} too many", document.bundle, document.path);
        documents.push((count.f1(), line));
    }
    documents.sort_by(|one, two| one.0.total_cmp(&two.0));
    for (f1, line) in documents.iter().take(10) {
        eprintln!("{f1:.3} {line}");
    }
    eprintln!("F1 {:.4} over {} documents", total.f1(), documents.len());
    assert!(total.f1() >= LEAST_F1, "F1 {:.4} is less than {LEAST_F1}", total.f1());
}
