//! What every page has, and words for ids.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LINK, REFERRER_POLICY,
};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::place::Place;
use crate::answer::Desk;
use crate::clause::MAX_TEXT_CHARACTERS;
use crate::http::problem::Problem;
use crate::text::query::MAX_QUERY_CHARACTERS;

/// Nothing but this server's own style sheet and forms.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// The same, with scripts of this server and frames of its embeds.
const SCRIPT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// Another form of what a page shows.
pub(in crate::http) struct Alternate {
    /// Where it is, absolute.
    pub(in crate::http) href: String,
    /// Its media type.
    pub(in crate::http) media_type: &'static str,
}

/// A page but for its main part.
pub(in crate::http) struct Page<'a> {
    title: &'a str,
    query: &'a str,
    text: &'a str,
    open: bool,
    place: Option<&'a Place>,
    alternates: &'a [Alternate],
    scripts: &'a [&'a str],
}

impl<'a> Page<'a> {
    pub(in crate::http) fn new(title: &'a str) -> Self {
        Self { title, query: "", text: "", open: false, place: None, alternates: &[], scripts: &[] }
    }

    /// With links to other forms of it, in its head and in the header `Link`.
    pub(super) fn with_alternates(self, alternates: &'a [Alternate]) -> Self {
        Self { alternates, ..self }
    }

    /// With scripts of this server; without them it must do as well.
    pub(in crate::http) fn with_scripts(self, scripts: &'a [&'a str]) -> Self {
        Self { scripts, ..self }
    }

    /// With the query in the search box, and the filters beside it kept for the next one.
    pub(super) fn with_query(self, query: &'a str, place: &'a Place) -> Self {
        Self { query, place: Some(place), ..self }
    }

    /// With the pasted text in its box.
    pub(super) fn with_text(self, text: &'a str) -> Self {
        Self { text, open: true, ..self }
    }

    /// With the box for a pasted text open.
    pub(super) fn with_open_box(self) -> Self {
        Self { open: true, ..self }
    }

    /// The page as a response.
    pub(in crate::http) fn write(&self, main: Markup) -> Response {
        let caching = if self.text.is_empty() { "no-cache" } else { "no-store" };
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) @if self.title != "Crossclause" { " · Crossclause" } }
                    link rel="stylesheet" href="/assets/style.css";
                    @for one in self.alternates {
                        link rel="alternate" type=(one.media_type) href=(one.href) title=(self.title);
                    }
                    @for script in self.scripts { script src=(script) defer {} }
                }
                body {
                    header.top {
                        h1 { a href="/" { "Crossclause" } }
                        form.search method="get" action="/" role="search" {
                            @for (name, value) in self.place.into_iter().flat_map(Place::pairs) {
                                @if name != "q" { input type="hidden" name=(name) value=(value); }
                            }
                            label.hidden for="q" { "Search clauses" }
                            input id="q" type="search" name="q" value=(self.query)
                                placeholder="Search clauses, e.g. binding arbitration" maxlength=(MAX_QUERY_CHARACTERS);
                            button type="submit" { "Search" }
                        }
                        details.paste open[self.open] {
                            summary { "Paste a clause" }
                            form method="post" action="/" {
                                label.hidden for="text" { "A clause" }
                                textarea id="text" name="text" rows="6" maxlength=(MAX_TEXT_CHARACTERS) required
                                    placeholder="The text of one clause. It is compared and not kept." { (self.text) }
                                button type="submit" { "How do others handle this?" }
                            }
                        }
                    }
                    main { (main) }
                    footer {
                        p { "This is no legal advice." }
                        p {
                            a href="/docs" { "API" } " · " a href="/docs/errors" { "Errors" }
                        }
                    }
                }
            }
        };
        let policy = if self.scripts.is_empty() { POLICY } else { SCRIPT_POLICY };
        let headers: [(HeaderName, HeaderValue); 3] = [
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (CACHE_CONTROL, HeaderValue::from_static(caching)),
        ];
        let mut response = (headers, Html(page.into_string())).into_response();
        if let Some(links) = self.list_alternates() {
            response.headers_mut().insert(LINK, links);
        }
        response
    }

    fn list_alternates(&self) -> Option<HeaderValue> {
        let write =
            |one: &Alternate| format!("<{}>; rel=\"alternate\"; type=\"{}\"", one.href, one.media_type);
        let links: Vec<String> = self.alternates.iter().map(write).collect();
        if links.is_empty() { None } else { HeaderValue::try_from(links.join(", ")).ok() }
    }
}

/// What went wrong, for a reader.
pub(in crate::http) fn write_problem(problem: &Problem) -> Response {
    let main = html! {
        section.problem {
            h2 { (problem.code.title()) }
            p { (problem.detail) }
            p { a href="/" { "Begin again" } }
        }
    };
    let mut response = Page::new(problem.code.title()).write(main);
    let status: StatusCode = problem.code.status();
    *response.status_mut() = status;
    // The request's frame logs it.
    response.extensions_mut().insert(problem.clone());
    response
}

/// A number with its noun.
pub(in crate::http) fn count_of(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A category in words.
pub(in crate::http) fn label_category<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().category(id).map_or_else(|| label_unknown(id), |entry| &entry.label)
}

/// A clause type in words.
pub(in crate::http) fn label_clause_type<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().clause_type(id).map_or_else(|| label_unknown(id), |entry| &entry.label)
}

fn label_unknown(id: &str) -> &str {
    if id == crate::taxonomy::UNTYPED { "Untyped" } else { id }
}

/// A severity in words.
pub(in crate::http) fn label_severity(id: &str) -> &str {
    match id {
        "high" => "High severity",
        "medium" => "Medium severity",
        "low" => "Low severity",
        _ => "Unrated",
    }
}

/// A link out of here, if it is one: records could hold any text where a URL belongs.
pub(in crate::http) fn link_out(url: &str, label: &str) -> Markup {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if safe { a href=(url) rel="noopener noreferrer nofollow" { (label) } } @else { (label) }
    }
}
