//! Where on the pages one is, and links to places near it.

use maud::{Markup, html};

use super::paste::{AS, DOCUMENT, Kind, TEXT};
use crate::answer::FILTERS;
use crate::http::pair::{Pair, write_pairs};

/// The field of a form whose value is a query string.
pub(in crate::http) const WITH: &str = "with";

/// The form that asks again about a pasted text.
const FORM: &str = "again";

/// What is shown.
pub(super) enum Subject {
    /// A search.
    Search,
    /// A clause, by its id.
    Clause(String),
    /// A pasted text, and the pasted document that it is a clause of.
    Pasted {
        /// What is compared.
        text: String,
        /// Where it comes from.
        document: Option<String>,
    },
}

/// The page of a clause.
pub(in crate::http) fn link_clause<'a>(
    id: &str,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    link_path(&format!("/clauses/{id}"), pairs)
}

/// A path with parameters.
pub(super) fn link_path<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = write_pairs(pairs);
    format!("{path}{}{query}", if query.is_empty() { "" } else { "?" })
}

/// Pairs as they are written.
pub(super) fn borrow_pairs(pairs: &[Pair]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// What is shown, with its parameters.
pub(super) struct Place {
    subject: Subject,
    pairs: Vec<Pair>,
    defaults: Vec<Pair>,
}

impl Place {
    pub(super) fn new(subject: Subject, pairs: Vec<Pair>) -> Self {
        Self { subject, pairs, defaults: Vec::new() }
    }

    /// With a parameter that the page asks with where nobody else says.
    pub(super) fn with_default(mut self, name: &str, value: impl Into<String>) -> Self {
        if self.value(name).is_none() {
            self.defaults.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The parameters that are asked with.
    pub(super) fn question(&self) -> Vec<Pair> {
        self.pairs.iter().chain(&self.defaults).cloned().collect()
    }

    pub(super) fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What the words are called that an answer names.
    pub(super) fn call_terms(&self) -> &'static str {
        match self.subject {
            Subject::Search => "Found",
            Subject::Clause(_) | Subject::Pasted { .. } => "Shared",
        }
    }

    /// The parameters, without the page.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|(name, _)| name != "cursor")
    }

    /// The first value of a parameter.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter has a value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.pairs.iter().any(|(given, one)| given == name && one == value)
    }

    /// What narrows the answer or widens it, in the order of the filters.
    pub(super) fn list_filters(&self) -> Vec<&Pair> {
        let others = ["min_score", "include_affiliates"];
        let named = FILTERS.iter().chain(&others);
        named.flat_map(|name| self.pairs().filter(move |(given, _)| given == name)).collect()
    }

    /// Its parameters but for some, by their names. The page is the first.
    pub(super) fn without(&self, names: &[&str]) -> Vec<Pair> {
        self.pairs().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    /// Its parameters without any filter.
    pub(super) fn without_filters(&self) -> Vec<Pair> {
        let filters = self.list_filters();
        self.pairs().filter(|pair| !filters.contains(pair)).cloned().collect()
    }

    /// Its parameters with one value of a parameter, or none.
    pub(super) fn with_value(&self, name: &str, value: Option<&str>) -> Vec<Pair> {
        let mut pairs = self.without(&[name]);
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        pairs
    }

    /// Its parameters with a value more, or without it if it is there. The page is the first.
    pub(super) fn toggled(&self, name: &str, value: &str) -> Vec<Pair> {
        let mut pairs: Vec<Pair> =
            self.pairs().filter(|(given, one)| !(given == name && one == value)).cloned().collect();
        if !self.has(name, value) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        pairs
    }

    /// Its parameters with another page.
    pub(super) fn with_cursor(&self, cursor: &str) -> Vec<Pair> {
        self.with_value("cursor", Some(cursor))
    }

    /// Its parameters with all members of one platform.
    pub(super) fn on_platform(&self, platform: &str) -> Vec<Pair> {
        let mut pairs = self.without(&["platform", "exclude_platform", "group_by", "per_platform", "fold"]);
        pairs.push(("platform".to_owned(), platform.to_owned()));
        pairs.push(("group_by".to_owned(), "none".to_owned()));
        pairs
    }

    /// A link to the same with other parameters; for a pasted text a button, so that the text
    /// enters no URL.
    pub(super) fn link(&self, class: &str, label: &Markup, pairs: &[Pair]) -> Markup {
        let class = (!class.is_empty()).then_some(class);
        let current = class.is_some_and(|class| class.contains("pressed")).then_some("true");
        let pairs = borrow_pairs(pairs);
        match &self.subject {
            Subject::Search => {
                html! { a class=[class] aria-current=[current] href=(link_path("/", pairs)) { (label) } }
            }
            Subject::Clause(id) => {
                html! { a class=[class] aria-current=[current] href=(link_clause(id, pairs)) { (label) } }
            }
            Subject::Pasted { .. } => html! {
                button class=[class] aria-pressed=[current] type="submit" form=(FORM) name=(WITH)
                    value=(write_pairs(pairs)) { (label) }
            },
        }
    }

    /// The form that the buttons of a pasted text belong to.
    pub(super) fn render_form(&self) -> Markup {
        html! {
            @if let Subject::Pasted { text, document } = &self.subject {
                form id=(FORM) method="post" action="/" {
                    input type="hidden" name=(AS) value=(Kind::Clause.as_str());
                    input type="hidden" name=(TEXT) value=(text);
                    @if let Some(document) = document { input type="hidden" name=(DOCUMENT) value=(document); }
                }
            }
        }
    }

    /// Where the same is in other forms.
    pub(super) fn render_forms(&self, embeddable: Option<&str>) -> Markup {
        let asked_with = self.question();
        let all = || borrow_pairs(&asked_with).filter(|(name, _)| *name != "cursor");
        let filters = self.list_filters();
        let asked: Vec<(&str, &str)> = filters
            .iter()
            .filter(|(name, _)| FILTERS.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let feed = link_path("/feeds/changes.atom", asked.iter().copied());
        let builder = |id: &str| {
            // The builder offers these two filters.
            let mut pairs = vec![("clause".to_owned(), id.to_owned())];
            let kept = asked.iter().filter(|(name, _)| ["severity", "category"].contains(name));
            pairs.extend(kept.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            link_path("/embed/builder", borrow_pairs(&pairs))
        };
        let rows = || all().filter(|(name, _)| !["explain", "facets", "limit"].contains(name));
        html! {
            nav.forms aria-label="This in other forms" {
                @match &self.subject {
                    Subject::Search => {
                        span { "This view as " }
                        a href=(link_path("/v1/search", all())) { "JSON" }
                        a href=(link_path("/v1/search.csv", rows())) { "CSV" }
                        a href=(feed) title="What changes behind these filters" { "Feed" }
                        @if let Some(id) = embeddable { a href=(builder(id)) { "Embed" } }
                    },
                    Subject::Clause(id) => {
                        span { "This view as " }
                        a href=(link_path(&format!("/v1/clauses/{id}/comparables"), all())) { "JSON" }
                        a href=(link_path(&format!("/v1/clauses/{id}/comparables.csv"), rows())) { "CSV" }
                        a href=(builder(id)) { "Embed" }
                    },
                    Subject::Pasted { .. } => {
                        span { "As JSON: " code { "POST /v1/comparables" } ", " }
                        a href="/docs#compare_text" { "how to ask" }
                    },
                }
            }
        }
    }
}
