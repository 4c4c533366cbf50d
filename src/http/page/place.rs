//! Where on the page one is, and links to places near it.

use maud::{Markup, html};

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
    /// A pasted text.
    Pasted(String),
}

/// The page of a clause.
pub(in crate::http) fn link_clause<'a>(
    id: &str,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let query = write_pairs(pairs);
    format!("/clauses/{id}{}{query}", if query.is_empty() { "" } else { "?" })
}

/// What is shown, with its parameters.
pub(super) struct Place {
    subject: Subject,
    pairs: Vec<Pair>,
}

impl Place {
    pub(super) fn new(subject: Subject, pairs: Vec<Pair>) -> Self {
        Self { subject, pairs }
    }

    /// What the words are called that an answer names.
    pub(super) fn call_terms(&self) -> &'static str {
        match self.subject {
            Subject::Search => "Found",
            Subject::Clause(_) | Subject::Pasted(_) => "Shared",
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
        let mut pairs: Vec<Pair> = self.pairs().cloned().collect();
        pairs.push(("cursor".to_owned(), cursor.to_owned()));
        pairs
    }

    /// Its parameters with all members of one platform.
    pub(super) fn on_platform(&self, platform: &str) -> Vec<Pair> {
        let replaced = ["platform", "exclude_platform", "group_by", "per_platform", "fold"];
        let mut pairs: Vec<Pair> =
            self.pairs().filter(|(name, _)| !replaced.contains(&name.as_str())).cloned().collect();
        pairs.push(("platform".to_owned(), platform.to_owned()));
        pairs.push(("group_by".to_owned(), "none".to_owned()));
        pairs
    }

    /// A link to the same with other parameters; for a pasted text a button, so that the text
    /// enters no URL.
    pub(super) fn link(&self, class: &str, label: &Markup, pairs: &[Pair]) -> Markup {
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        match &self.subject {
            Subject::Search => html! { a class=(class) href={ "/?" (write_pairs(pairs)) } { (label) } },
            Subject::Clause(id) => html! { a class=(class) href=(link_clause(id, pairs)) { (label) } },
            Subject::Pasted(_) => html! {
                button class=(class) type="submit" form=(FORM) name=(WITH) value=(write_pairs(pairs)) { (label) }
            },
        }
    }

    /// The form that the buttons of a pasted text belong to.
    pub(super) fn render_form(&self) -> Markup {
        html! {
            @if let Subject::Pasted(text) = &self.subject {
                form id=(FORM) method="post" action="/" { input type="hidden" name="text" value=(text); }
            }
        }
    }

    /// Where a program finds the same.
    pub(super) fn link_json(&self) -> Markup {
        let query = write_pairs(self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let mark = if query.is_empty() { "" } else { "?" };
        html! {
            p.json {
                @match &self.subject {
                    Subject::Search => a href={ "/v1/search" (mark) (query) } { "This as JSON" },
                    Subject::Clause(id) => {
                        a href={ "/v1/clauses/" (id) "/comparables" (mark) (query) } { "This as JSON" }
                        " · "
                        a href={ "/v1/clauses/" (id) } { "The clause as JSON" }
                    },
                    Subject::Pasted(_) => {
                        "As JSON: " code { "POST /v1/comparables" } " (see "
                        a href="/v1/openapi.json" { "the API’s description" } ")"
                    },
                }
            }
        }
    }
}
