//! Lines of a collection: records of clauses, or the plain paragraphs of a corpus.

use std::collections::HashMap;
use std::io::BufRead;

use anyhow::{Context as _, Result};
use crossclause::classify::Classifier;
use crossclause::clause::{Given, Labels, Platform, PlatformId, Severity};
use crossclause::taxonomy::{Taxonomy, UNTYPED};
use crossclause::text::language::detect_language;
use serde_json::{Map, Value};

/// What is read of a line.
#[derive(Debug, Clone)]
pub struct Line {
    /// The platform's id.
    pub platform: String,
    /// Its name.
    pub name: String,
    /// Its parent's name.
    pub parent: Option<String>,
    /// The document's id.
    pub document: String,
    /// Its title.
    pub document_title: String,
    /// Its type.
    pub document_type: Option<String>,
    /// The clause's title.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// Its language, given or detected.
    pub language: String,
    /// Clause types, categories and severity as they were given.
    pub labels: Map<String, Value>,
    /// When the wording stood, as it was given.
    pub observed: Map<String, Value>,
}

/// Keys of what is given of a clause beside its text.
const LABELS: [&str; 5] = ["clause_type", "other_clause_types", "categories", "severity", "regulations"];

impl Line {
    /// Reads a line; `None` where it has no platform or no text.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let text = value.get("text")?.as_str()?.trim();
        if text.is_empty() {
            return None;
        }
        let part = |key: &str, inner: &str| Some(value.get(key)?.get(inner)?.as_str()?.to_owned());
        let plain = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let platform = part("platform", "id").or_else(|| plain("platform"))?;
        let document_title = part("document", "title").or_else(|| plain("document")).unwrap_or_default();
        let document = part("document", "id").unwrap_or_else(|| format!("{platform}.{document_title}"));
        let title = plain("title").or_else(|| plain("heading")).filter(|title| !title.trim().is_empty());
        let map = |key: &str| value.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let labels = LABELS.iter().filter_map(|key| {
            let given = value.get(*key).filter(|given| !given.is_null())?;
            Some(((*key).to_owned(), given.clone()))
        });
        Some(Self {
            name: part("platform", "name").unwrap_or_else(|| platform.clone()),
            parent: part("platform", "parent"),
            document_type: part("document", "type"),
            language: plain("language").unwrap_or_else(|| detect_language(text).to_owned()),
            labels: labels.collect(),
            observed: map("observed"),
            text: text.to_owned(),
            platform,
            document,
            document_title,
            title,
        })
    }

    /// The platform as the analysis wants it: its names are masked.
    #[must_use]
    pub fn as_platform(&self) -> Option<Platform> {
        let id = PlatformId::new("platform").ok()?;
        Some(Platform { id, name: self.name.clone(), parent: self.parent.clone(), domain: None })
    }
}

/// Calls `take` for every clause of NDJSON.
///
/// # Errors
/// If a line is no JSON, or `take` fails.
pub fn read_lines(input: impl BufRead, mut take: impl FnMut(Line) -> Result<()>) -> Result<()> {
    for (place, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&line).with_context(|| format!("line {}", place + 1))?;
        if let Some(line) = Line::read(&value) {
            take(line)?;
        }
    }
    Ok(())
}

/// What a clause is about, as an ingest would say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Its main type, or `untyped`.
    pub clause_type: String,
    /// Its categories, or `untyped`.
    pub categories: Vec<String>,
    /// Its severity.
    pub severity: Severity,
}

/// Says what clauses are about.
pub struct Labeller<'a> {
    taxonomy: &'a Taxonomy,
    classifier: Classifier,
}

impl<'a> Labeller<'a> {
    /// A labeller by a taxonomy.
    #[must_use]
    pub fn new(taxonomy: &'a Taxonomy) -> Self {
        Self { taxonomy, classifier: Classifier::new(taxonomy) }
    }

    /// What a clause is about: what was given, else what the rules infer.
    #[must_use]
    pub fn label(&self, line: &Line) -> Labelled {
        let labels: Labels = serde_json::from_value(Value::Object(line.labels.clone())).unwrap_or_default();
        let given = Given {
            title: line.title.clone(),
            language: Some(line.language.clone()),
            labels,
            ..Given::default()
        };
        let inferred = self.classifier.infer(&line.text, &given, &Labels::default(), &line.language).labels;
        let main = given.labels.clause_type.as_ref().or(inferred.clause_type.as_ref());
        let others = given.labels.other_clause_types.as_ref().or(inferred.other_clause_types.as_ref());
        let types: Vec<&str> =
            main.into_iter().chain(others.into_iter().flatten()).map(String::as_str).collect();
        let mut categories = match given.labels.categories.filter(|given| !given.is_empty()) {
            Some(categories) => categories,
            None => self.taxonomy.categories_of(types.iter().copied()),
        };
        if categories.is_empty() {
            categories.push(UNTYPED.to_owned());
        }
        Labelled {
            clause_type: types.first().map_or(UNTYPED, |first| first).to_owned(),
            categories,
            severity: given.labels.severity.or(inferred.severity).unwrap_or(Severity::Unrated),
        }
    }
}

/// Numbers things by their names, in the order in which they are met.
#[derive(Debug, Default)]
pub struct Numbering(HashMap<String, usize>);

impl Numbering {
    /// The number of a name, and whether it is new.
    pub fn number(&mut self, name: &str) -> (usize, bool) {
        if let Some(&number) = self.0.get(name) {
            return (number, false);
        }
        let number = self.0.len();
        self.0.insert(name.to_owned(), number);
        (number, true)
    }
}
