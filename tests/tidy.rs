//! Rules of the house that no compiler holds: which way dependencies point, which folder names which
//! crate, how long a file may be, and that documents are found and their links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Top-level modules from the bottom up. A module uses those of the layers below its own.
const LAYERS: &[&[&str]] = &[
    &["clause", "search_schema"],
    &["text"],
    &["phrase", "statistics", "taxonomy", "vector"],
    &["classify", "contrast", "profile", "score"],
    &["rank"],
    &["engine", "store"],
    &["ingest"],
    &["collection"],
    &["answer", "import"],
    &["demo", "eval", "mcp"],
    &["http"],
    &["cli"],
    &["main"],
];

/// What a module does not use although it lies below.
const ABSENT: &[(&str, &[&str])] = &[
    // An engine is told everything: it knows no taxonomy and keeps no statistics.
    ("engine", &["classify", "statistics", "taxonomy"]),
    // The store keeps what it is given and judges nothing.
    ("store", &["classify", "score", "search_schema", "taxonomy", "text"]),
    ("ingest", &["engine", "score"]),
    ("import", &["engine", "score"]),
    // The edges ask the desk and the collection, never what lies beneath them.
    ("http", &["classify", "import", "ingest", "score", "statistics", "store"]),
    ("mcp", &["classify", "engine", "import", "ingest", "score", "statistics", "store"]),
    ("cli", &["classify", "engine", "score", "statistics", "store", "text"]),
];

/// Of `text`, engines name nothing but what is analysed already.
const TEXT_IN_ENGINES: &str = "term::ClauseTerms";

/// Crates that only some files name, by the beginning of their path.
const CRATES: &[(&str, &[&str])] = &[
    ("anyhow", &["src/cli"]),
    ("axum", &["src/http"]),
    ("clap", &["src/cli"]),
    ("csv", &["src/ingest/", "src/http/csv"]),
    ("flate2", &["src/ingest/", "src/http/encoding"]),
    ("futures_util", &["src/answer/queue", "src/http/stream"]),
    ("frostem", &["src/text/"]),
    ("getrandom", &["src/http/key"]),
    ("governor", &["src/http/address"]),
    ("html5gum", &["src/text/"]),
    ("hyper", &["src/http/listen"]),
    ("hyper_util", &["src/http/listen"]),
    ("indicatif", &["src/cli/"]),
    ("ipnet", &["src/http/address"]),
    ("jsonschema", &["src/ingest/"]),
    ("prometheus_client", &["src/http/metrics"]),
    ("maud", &["src/http/page", "src/http/embed"]),
    ("pulldown_cmark", &["src/text/"]),
    ("quick_xml", &["src/http/feed", "src/http/embed/"]),
    ("quick_cache", &["src/engine/tantivy/list", "src/http/cache"]),
    ("rmcp", &["src/mcp"]),
    ("rusqlite", &["src/store/sqlite"]),
    ("similar", &["src/answer/diff"]),
    ("subtle", &["src/http/key"]),
    ("tantivy", &["src/engine/tantivy"]),
    ("toml", &["src/cli/setting", "src/taxonomy"]),
    ("tower_http", &["src/http"]),
    ("tower_service", &["src/http/front"]),
    ("tracing_subscriber", &["src/cli"]),
    ("utoipa_axum", &["src/http"]),
    ("whichlang", &["src/text/"]),
    ("zstd", &["src/ingest/", "src/http/encoding"]),
];

const MOST_LINES: usize = 500;

/// Documents from which every file in `docs/` can be reached.
const ENTRANCES: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// A file of the project: its path from the root, with `/`, and its text.
struct File {
    path: String,
    text: String,
}

/// Text files of the project, those left out that `.gitignore` names.
fn read_tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ignored: BTreeSet<PathBuf> = read(&root.join(".gitignore"))
        .lines()
        .filter_map(|line| Some(root.join(line.strip_prefix('/')?.trim_end_matches('/'))))
        .chain([root.join(".git")])
        .collect();
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
            if ignored.contains(&path) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let inside = path.strip_prefix(root).unwrap_or(&path);
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                files.push(File { path: parts.join("/"), text });
            }
        }
    }
    files.sort_by(|one, two| one.path.cmp(&two.path));
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_sources() -> Vec<File> {
    let mut files = read_tree();
    files.retain(|file| file.path.starts_with("src/") && file.path.ends_with(".rs"));
    assert!(files.len() > 50, "only {} files in src", files.len());
    files
}

fn check(faults: &[String]) {
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

/// Lines that are no comment, numbered from 1.
fn code_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// What stands after each occurrence of `path::` that begins a path.
fn continuations<'a>(line: &'a str, path: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, matched) in line.match_indices(path) {
        let (before, after) = (&line[..at], &line[at + matched.len()..]);
        // `engine::tantivy::` goes on with a path, `::tantivy::` begins one.
        let outer = before.strip_suffix("::").unwrap_or(before);
        let goes_on = outer.len() < before.len() && outer.ends_with(|c| is_word(c) || c == '>');
        if !before.ends_with(is_word)
            && !goes_on
            && let Some(rest) = after.strip_prefix("::")
        {
            found.push(rest);
        }
    }
    found
}

/// The names that a path goes on with: one, or those of a group (`{answer, text::term}`).
fn names_after(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![rest.chars().take_while(|&c| is_word(c)).collect()];
    };
    let mut names = vec![String::new()];
    let mut depth = 0;
    let mut complete = false;
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                complete = false;
            }
            _ if depth > 0 || complete => {}
            _ if is_word(character) => {
                if let Some(name) = names.last_mut() {
                    name.push(character);
                }
            }
            _ => complete = names.last().is_some_and(|name| !name.is_empty()),
        }
    }
    names
}

/// Top-level modules that a source names: after `crate::`, after enough `super::` to leave its own,
/// and in `main` after the library's name.
fn modules_named(file: &File, modules: &BTreeSet<&str>) -> BTreeMap<String, usize> {
    let depth = file.path.matches('/').count();
    let climb = "super::".repeat(depth);
    let outside = climb.trim_end_matches("::");
    let library = if file.path == "src/main.rs" { "crossclause" } else { "crate" };
    let mut named = BTreeMap::new();
    // A group may be broken over lines: they are joined up to the semicolon.
    let mut joined = String::new();
    let mut began = 0;
    for (number, line) in code_of(&file.text) {
        if joined.is_empty() {
            began = number;
        }
        joined.push_str(line);
        let open = joined.contains("use ") && joined.contains("::{") && !joined.contains(';');
        if open {
            continue;
        }
        for path in [library, outside] {
            for rest in continuations(&joined, path) {
                for name in names_after(rest).into_iter().filter(|name| modules.contains(name.as_str())) {
                    named.entry(name).or_insert(began);
                }
            }
        }
        joined.clear();
    }
    named
}

/// The top-level module that a source belongs to.
fn module_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let end = inside.find(['/', '.']).unwrap_or(inside.len());
    &inside[..end]
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn every_module_has_a_layer() {
    let sources = read_sources();
    let found: BTreeSet<&str> = sources.iter().map(|file| module_of(&file.path)).collect();
    let listed: BTreeSet<&str> = LAYERS.iter().copied().flatten().copied().chain(["lib"]).collect();
    assert_eq!(found, listed, "modules in src/, and those with a layer in this file");
}

#[test]
fn dependencies_point_one_way() {
    let modules: BTreeSet<&str> = LAYERS.iter().copied().flatten().copied().collect();
    let mut faults = Vec::new();
    for file in read_sources().iter().filter(|file| file.path != "src/lib.rs") {
        let from = module_of(&file.path);
        for (to, line) in modules_named(file, &modules) {
            if to != from && layer_of(&to) >= layer_of(from) {
                faults.push(format!(
                    "{}:{line}: `{from}` may not use `{to}`, which is not below it",
                    file.path
                ));
            }
            if ABSENT.iter().any(|(module, absent)| *module == from && absent.contains(&to.as_str())) {
                faults.push(format!("{}:{line}: `{from}` does without `{to}`", file.path));
            }
        }
    }
    check(&faults);
}

#[test]
fn engines_receive_terms_and_never_text() {
    let mut faults = Vec::new();
    for file in read_sources().iter().filter(|file| module_of(&file.path) == "engine") {
        for (line, code) in code_of(&file.text) {
            if continuations(code, "crate")
                .iter()
                .filter_map(|rest| rest.strip_prefix("text::"))
                .any(|rest| !rest.starts_with(TEXT_IN_ENGINES))
            {
                faults.push(format!("{}:{line}: of `text`, engines name only {TEXT_IN_ENGINES}", file.path));
            }
        }
    }
    check(&faults);
}

#[test]
fn crates_are_named_where_they_belong() {
    let mut faults = Vec::new();
    for file in read_sources() {
        for (name, folders) in CRATES {
            if folders.iter().any(|folder| file.path.starts_with(folder)) {
                continue;
            }
            for (line, code) in code_of(&file.text) {
                if !continuations(code, name).is_empty() || code.trim() == format!("use {name};") {
                    faults.push(format!("{}:{line}: only {} names `{name}`", file.path, folders.join(", ")));
                }
            }
        }
    }
    check(&faults);
}

#[test]
fn files_are_short_and_finished() {
    let mut faults = Vec::new();
    for file in read_sources() {
        let lines = file.text.lines().count();
        if lines > MOST_LINES {
            faults.push(format!("{}: {lines} lines, at most {MOST_LINES}: divide it", file.path));
        }
        for (line, code) in code_of(&file.text) {
            if ["todo!", "unimplemented!", "dbg!"].iter().any(|mark| code.contains(mark)) {
                faults.push(format!("{}:{line}: unfinished", file.path));
            }
        }
    }
    check(&faults);
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let folders = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}"));
    let mut faults = Vec::new();
    for file in read_tree() {
        for (place, line) in file.text.lines().enumerate() {
            let named = folders.iter().any(|folder| {
                line.match_indices(folder.as_str()).any(|(at, _)| {
                    // In `https://example.com/work` and `../work` the folder goes on with something.
                    let goes_on =
                        line[..at].ends_with(|c: char| is_word(c) || matches!(c, '.' | '-' | '/' | '}'));
                    !goes_on && !line[at + folder.len()..].starts_with(|c| is_word(c) || c == '-')
                })
            });
            if named {
                faults.push(format!("{}:{}: {}", file.path, place + 1, line.trim()));
            }
        }
    }
    check(&faults);
}

/// Targets of the links in a Markdown text, code left out.
fn links_of(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            links.extend(targets.filter_map(|target| target.split('#').next()));
        }
    }
    links.retain(|link| !link.is_empty() && !link.contains("://"));
    links
}

#[test]
fn documents_are_found_and_links_lead_somewhere() {
    let files = read_tree();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut linked: BTreeSet<&str> = BTreeSet::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root.join(&file.path).parent().map(Path::to_owned).unwrap_or_default();
        for link in links_of(&file.text) {
            if !folder.join(link).exists() {
                faults.push(format!("{}: {link} does not exist", file.path));
            }
            if ENTRANCES.contains(&file.path.as_str()) {
                linked.insert(link);
            }
        }
    }
    for file in files.iter().filter(|file| file.path.starts_with("docs/")) {
        if !linked.contains(file.path.as_str()) {
            faults.push(format!("{}: no link to it in {}", file.path, ENTRANCES.join(", ")));
        }
    }
    check(&faults);
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let named = |path: &str, text: &str| -> Vec<String> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        let modules = BTreeSet::from(["answer", "clause", "engine", "text"]);
        modules_named(&file, &modules).into_keys().collect()
    };
    assert_eq!(named("src/cli.rs", "use crate::answer::{Desk, text};"), ["answer"]);
    assert_eq!(named("src/cli.rs", "use crate::{\n    answer::{Desk},\n    text,\n};"), ["answer", "text"]);
    assert_eq!(named("src/cli.rs", "let x = super::clause::parse();"), ["clause"]);
    assert_eq!(named("src/cli/demo.rs", "use super::clause;\nuse super::super::text;"), ["text"]);
    assert_eq!(named("src/main.rs", "crossclause::answer::run()"), ["answer"]);
    assert_eq!(named("src/cli.rs", "// crate::answer\npub(in crate::cli) fn x() {}"), [""; 0]);
    assert_eq!(continuations("::tantivy::Result", "tantivy"), ["Result"]);
    assert!(continuations("use crate::engine::tantivy::Engine;", "tantivy").is_empty());
    assert!(continuations("my_tantivy::Engine", "tantivy").is_empty());
}
