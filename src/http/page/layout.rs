//! What every page has.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LINK, REFERRER_POLICY,
};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::paste::{AS, FROM, Kind, MAX_DOCUMENT_CHARACTERS, QUERY, TEXT};
use super::place::{Place, WITH};
use crate::http::pair::write_pairs;
use crate::http::problem::Problem;
use crate::text::query::MAX_QUERY_CHARACTERS;

/// Nothing but this server's own styles, scripts, answers, frames and forms.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// The name that stands on every page.
pub(in crate::http) const NAME: &str = "Crossclause";

/// Where one can go from every page.
const SECTIONS: [(&str, &str); 3] =
    [("/overview", "Overview"), ("/clause-types", "Clause types"), ("/docs", "API")];

/// Another form of what a page shows.
pub(in crate::http) struct Alternate {
    /// Where it is, absolute.
    pub(in crate::http) href: String,
    /// Its media type.
    pub(in crate::http) media_type: &'static str,
}

/// A page but for its main part.
#[derive(Default)]
pub(in crate::http) struct Page<'a> {
    title: &'a str,
    query: &'a str,
    text: Option<&'a str>,
    place: Option<&'a Place>,
    alternates: &'a [Alternate],
    scripts: &'a [&'a str],
}

impl<'a> Page<'a> {
    pub(in crate::http) fn new(title: &'a str) -> Self {
        Self { title, ..Self::default() }
    }

    /// With links to other forms of it, in its head and in the header `Link`.
    pub(super) fn with_alternates(self, alternates: &'a [Alternate]) -> Self {
        Self { alternates, ..self }
    }

    /// With further scripts of this server; without them it must do as well.
    pub(in crate::http) fn with_scripts(self, scripts: &'a [&'a str]) -> Self {
        Self { scripts, ..self }
    }

    /// With the query in the search box, and the filters beside it kept for the next one.
    pub(super) fn with_query(self, query: &'a str, place: &'a Place) -> Self {
        Self { query, place: Some(place), ..self }
    }

    /// With the pasted text in its box.
    pub(super) fn with_text(self, text: &'a str) -> Self {
        Self { text: Some(text), ..self }
    }

    /// The page as a response.
    pub(in crate::http) fn write(&self, main: Markup) -> Response {
        // What was pasted stands in no shared cache; a browser may keep it for its way back.
        let caching = if self.text.is_some() { "private, no-cache" } else { "no-cache" };
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) @if self.title != NAME { " · " (NAME) } }
                    link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/assets/style.css";
                    @for one in self.alternates {
                        link rel="alternate" type=(one.media_type) href=(one.href) title=(self.title);
                    }
                    script src="/assets/page.js" defer {}
                    @for script in self.scripts { script src=(script) defer {} }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.top {
                        a.brand href="/" { (NAME) }
                        nav aria-label="Main" {
                            @for (path, name) in SECTIONS { a href=(path) { (name) } }
                        }
                        (self.render_box())
                    }
                    main id="main" tabindex="-1" { (main) }
                    footer.bottom {
                        p {
                            "What a clause says is shown as its platform wrote it. None of this is legal advice, "
                            "and that two clauses are comparable does not mean that either binds anyone."
                        }
                        p { a href="/docs" { "API" } " · " a href="/docs/errors" { "Errors" } " · "
                            a href="/feeds/changes.atom" { "Feed of changes" } }
                    }
                }
            }
        };
        let headers: [(HeaderName, HeaderValue); 3] = [
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (CACHE_CONTROL, HeaderValue::from_static(caching)),
        ];
        let mut response = (headers, Html(page.into_string())).into_response();
        if let Some(links) = self.list_alternates() {
            response.headers_mut().insert(LINK, links);
        }
        response
    }

    /// One box for words, a clause and a document. It is sent by POST, since nobody knows before whether
    /// what stands in it may enter a URL; words are sent on to theirs.
    fn render_box(&self) -> Markup {
        let kept = self.place.map(|place| {
            write_pairs(
                place.pairs().filter(|(name, _)| name != QUERY).map(|(n, v)| (n.as_str(), v.as_str())),
            )
        });
        html! {
            form.search id="search" role="search" method="post" action="/" {
                @if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
                    input type="hidden" name=(WITH) value=(kept);
                }
                div.box {
                    label.hidden for="q" { "Search clauses, or paste one" }
                    input id=(QUERY) type="search" name=(QUERY) value=(self.query) autocomplete="off" spellcheck="false"
                        placeholder="Words, or a clause" maxlength=(MAX_QUERY_CHARACTERS);
                    button type="submit" name=(FROM) value=(QUERY) { "Search" }
                }
                details.paste id="paste" {
                    summary { "Paste a clause or a whole document" }
                    div.sheet {
                        label for="text" { "A clause, or a document to be divided into its clauses" }
                        textarea id=(TEXT) name=(TEXT) rows="6" maxlength=(MAX_DOCUMENT_CHARACTERS) spellcheck="false" {
                            // A first line break in a text area is none.
                            "\n" (self.text.unwrap_or_default())
                        }
                        p.note { "It is compared and not kept: it enters no address, no log and no index." }
                        div.buttons {
                            @for (kind, label) in [
                                (Kind::Clause, "Compare it as one clause"),
                                (Kind::Document, "Divide it into clauses"),
                            ] {
                                button.quiet type="submit" name=(AS) value=(kind.as_str()) { (label) }
                            }
                        }
                    }
                }
            }
        }
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
            h1 { (problem.code.title()) }
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
