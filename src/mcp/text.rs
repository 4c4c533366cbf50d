//! Answers in words: lines, quotations, and where a wording comes from.

use crate::answer::{ClauseView, EvidenceView};

/// The longest text of an answer, in characters: two clauses of the greatest length fit.
const LONGEST: usize = 60_000;

/// Lines of a text.
#[derive(Default)]
pub(super) struct Lines {
    lines: Vec<String>,
}

impl Lines {
    /// Adds a line.
    pub(super) fn add(&mut self, line: String) {
        self.lines.push(line);
    }

    /// Adds an empty line.
    pub(super) fn skip(&mut self) {
        self.lines.push(String::new());
    }

    /// The whole text, cut where it would be too long.
    pub(super) fn into_text(self) -> String {
        let text = self.lines.join("\n");
        match text.char_indices().nth(LONGEST) {
            None => text,
            Some((end, _)) => format!("{}\n[The text is cut here.]", text.get(..end).unwrap_or(&text)),
        }
    }
}

/// A number of things.
pub(super) fn count(number: u64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A text as a quotation, each of its lines marked.
pub(super) fn quote(mark: &str, text: &str, truncated: bool) -> String {
    let lines = text.lines().map(|line| format!("{mark}{line}"));
    let mut quoted = lines.collect::<Vec<_>>().join("\n");
    if truncated {
        quoted.push_str(" […]");
    }
    quoted
}

/// The wording of a clause, and what it is about.
pub(super) fn list_marks(clause: &ClauseView) -> String {
    let mut marks = vec![
        format!("{}@{}", clause.id, clause.wording),
        clause.clause_type.clone(),
        format!("severity {}", clause.severity),
        clause.language.clone(),
    ];
    if !clause.inferred.is_empty() {
        marks.push(format!("inferred: {}", clause.inferred.join(", ")));
    }
    marks.join(" · ")
}

/// Where a wording was found and under which licence it is passed on.
pub(super) fn tell_source(clause: &ClauseView, evidence: &EvidenceView) -> String {
    let mut parts = Vec::new();
    let copies = [&evidence.archive_url, &evidence.source_url, &clause.document.url];
    if let Some(url) = copies.into_iter().flatten().next() {
        parts.push(format!("Source: {url}"));
    }
    if let Some(captured) = &evidence.captured_at {
        parts.push(format!("captured {captured}"));
    }
    if let Some(hash) = &evidence.text_sha256 {
        parts.push(format!("SHA-256 {hash}"));
    }
    if let Some(collection) = &clause.collection {
        let known = [&collection.license, &collection.attribution, &collection.url];
        let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
        parts.push(format!(
            "Collection: {}",
            [&[collection.id.as_str()], known.as_slice()].concat().join(", ")
        ));
    }
    parts.join(" · ")
}
