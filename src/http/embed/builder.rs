//! A page that makes the snippet for a clause. It is a form that asks for the page again; a script makes
//! that instant where there are scripts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::badge::Words;
use super::oembed::{Format, WIDTH, link_oembed, render_frame};
use super::size::{estimate_height, hold};
use super::{CARDS, Embed, MOST_CARDS, Theme};
use crate::answer::{Desk, Params};
use crate::clause::Severity;
use crate::http::extract::Pairs;
use crate::http::origin::Origin;
use crate::http::page::label::{label_category, label_severity};
use crate::http::page::layout::{Page, write_problem};
use crate::http::page::place::link_clause;
use crate::http::pair::Pair;
use crate::http::problem::Problem;
use crate::taxonomy::UNTYPED;

/// The height of a frame in the snippet at most, in pixels: more is scrolled to.
const HIGHEST: usize = 900;

/// What the snippet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Frame,
    Component,
    Badge,
    Oembed,
}

impl Kind {
    const ALL: [(&'static str, Self, &'static str); 4] = [
        ("iframe", Self::Frame, "Frame, without scripts"),
        ("component", Self::Component, "Web component"),
        ("badge", Self::Badge, "Badge"),
        ("oembed", Self::Oembed, "oEmbed address"),
    ];
}

/// What the form was sent with.
struct Form {
    clause: Option<String>,
    kind: Kind,
    theme: Theme,
    limit: usize,
    severities: Vec<String>,
    categories: Vec<String>,
}

impl Form {
    fn read(pairs: Vec<Pair>) -> Result<Self, Problem> {
        let mut params = Params::new(pairs);
        params.restrict(&["clause", "kind", "theme", "limit", "severity", "category"])?;
        Ok(Self {
            clause: params.take_one("clause")?.map(|id| id.trim().to_owned()),
            kind: params.take_choice("kind", &Kind::ALL.map(|(word, kind, _)| (word, kind)), Kind::Frame)?,
            theme: Theme::take(&mut params)?,
            limit: params.take_number("limit", 1..=MOST_CARDS, CARDS)?,
            severities: params.take_all("severity")?,
            categories: params.take_all("category")?,
        })
    }

    /// What the embed is asked for.
    fn pairs(&self) -> Vec<Pair> {
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = Vec::new();
        if self.limit != CARDS {
            pairs.push(of("limit", &self.limit.to_string()));
        }
        pairs.extend(self.severities.iter().map(|value| of("severity", value)));
        pairs.extend(self.categories.iter().map(|value| of("category", value)));
        if self.theme != Theme::Auto {
            pairs.push(of("theme", self.theme.as_str()));
        }
        pairs
    }
}

/// The builder.
pub(in crate::http) async fn show_builder(
    State(desk): State<Desk>,
    origin: Origin,
    Pairs(pairs): Pairs,
) -> Response {
    let form = match pairs.and_then(Form::read) {
        Ok(form) => form,
        Err(problem) => return write_problem(&problem),
    };
    let built = match &form.clause {
        None => Ok(None),
        Some(id) => Embed::read(desk.clone(), id.clone(), form.pairs()).await.map(Some),
    };
    let (result, problem) = match built {
        Ok(Some(embed)) => (render_result(&desk, &form, &embed, &origin), None),
        Ok(None) => (html! {}, None),
        Err(problem) => (html! { p.nothing role="alert" { (problem.detail) } }, Some(problem)),
    };
    let main = html! {
        h1 { "Show a clause on your own page" }
        p.note {
            "The clause with those of other platforms that are comparable, or a badge. "
            "It is read from this server whenever your page is shown, so it stays up to date."
        }
        (render_form(&desk, &form))
        div id="result" aria-live="polite" { (result) }
    };
    let scripts: &[&str] = if form.kind == Kind::Component {
        &["/assets/builder.js", "/embed.js"]
    } else {
        &["/assets/builder.js"]
    };
    let mut response = Page::new("Show a clause on your own page").with_scripts(scripts).write(main);
    if let Some(problem) = problem {
        let status: StatusCode = problem.code.status();
        *response.status_mut() = status;
        response.extensions_mut().insert(problem);
    }
    response
}

fn render_form(desk: &Desk, form: &Form) -> Markup {
    let taxonomy = desk.collection().taxonomy().file();
    let categories = taxonomy.category.iter().map(|category| category.id.as_str()).chain([UNTYPED]);
    html! {
        form.builder id="builder" method="get" action="/embed/builder" {
            p {
                label for="clause" { "Clause" }
                input id="clause" name="clause" value=(form.clause.as_deref().unwrap_or_default()) required
                    spellcheck="false" autocomplete="off" aria-describedby="clause-hint";
                span.note id="clause-hint" { "Its id, the last part of its page’s address." }
            }
            fieldset {
                legend { "What" }
                @for (word, kind, label) in Kind::ALL {
                    label { input type="radio" name="kind" value=(word) checked[kind == form.kind]; " " (label) }
                }
            }
            fieldset {
                legend { "Colours" }
                @for theme in Theme::ALL {
                    label {
                        input type="radio" name="theme" value=(theme.as_str()) checked[theme == form.theme];
                        " " (label_theme(theme))
                    }
                }
            }
            fieldset {
                legend { "Only these severities" }
                @for severity in Severity::ALL.map(Severity::as_str) {
                    label {
                        input type="checkbox" name="severity" value=(severity)
                            checked[form.severities.iter().any(|one| one == severity)];
                        " " (label_severity(severity))
                    }
                }
            }
            p {
                label for="limit" { "Cards, at most" }
                input id="limit" type="number" name="limit" min="1" max=(MOST_CARDS) value=(form.limit);
            }
            details open[!form.categories.is_empty()] {
                summary { "Only these categories" }
                fieldset {
                    legend.hidden { "Categories" }
                    @for category in categories {
                        label {
                            input type="checkbox" name="category" value=(category)
                                checked[form.categories.iter().any(|one| one == category)];
                            " " (label_category(desk, category))
                        }
                    }
                }
            }
            button type="submit" { "Make the snippet" }
        }
    }
}

fn label_theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "As the reader has it",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

fn render_result(desk: &Desk, form: &Form, embed: &Embed, origin: &Origin) -> Markup {
    let page = origin.link(&embed.link_page());
    let height = hold(estimate_height(embed, WIDTH), HIGHEST);
    let frame = |address: &str| render_frame(embed, address, WIDTH, height);
    let badge = |server: &str| render_badge(desk, embed, &origin.link(&link_clause(&embed.id, [])), server);
    let component = render_component(form, embed, &page);
    let (snippet, preview) = match form.kind {
        Kind::Frame => (frame(&origin.link(&embed.link())).into_string(), render_preview(embed, height)),
        Kind::Component => {
            let script = html! { script src=(origin.link("/embed.js")) async {} }.into_string();
            (format!("{script}\n{}", component.0), component)
        }
        Kind::Badge => (badge(&origin.to_string()).into_string(), badge("")),
        Kind::Oembed => {
            let mut address = link_oembed(origin, &page_of_oembed(form, embed), Format::Json).href;
            if form.theme != Theme::Auto {
                address.push_str(&format!("&theme={}", form.theme.as_str()));
            }
            (address, render_preview(embed, height))
        }
    };
    html! {
        h2 { "Snippet" }
        p { label for="snippet" { (explain(form.kind)) } }
        textarea id="snippet" rows="6" readonly spellcheck="false" { (snippet) }
        p { button.copy type="button" data-copy="snippet" hidden { "Copy the snippet" } " " span.copied role="status" {} }
        h2 { "Preview" }
        div.preview { (preview) }
    }
}

fn explain(kind: Kind) -> &'static str {
    match kind {
        Kind::Frame => {
            "Put this where the clause is to stand. Its height is estimated: change it as you like."
        }
        Kind::Component => "Put this where the clause is to stand. The script is needed once a page.",
        Kind::Badge => "Put this where the badge is to stand. It counts without filters.",
        Kind::Oembed => {
            "Programs that know oEmbed find this by themselves: paste the address of the clause’s page there."
        }
    }
}

/// The clause's page as oEmbed is asked about it.
fn page_of_oembed(form: &Form, embed: &Embed) -> String {
    let page = embed.link_page();
    if form.limit == CARDS {
        return page;
    }
    format!("{page}{}limit={}", if page.contains('?') { "&" } else { "?" }, form.limit)
}

/// The frame as this server's own page shows it.
fn render_preview(embed: &Embed, height: usize) -> Markup {
    html! {
        iframe src=(embed.link()) title=(embed.title()) width=(WIDTH) height=(height) sandbox=(super::SANDBOX) {}
    }
}

fn render_badge(desk: &Desk, embed: &Embed, page: &str, server: &str) -> Markup {
    let theme =
        if embed.theme == Theme::Auto { String::new() } else { format!("?theme={}", embed.theme.as_str()) };
    let address = format!("{server}/badge/clauses/{}.svg{theme}", embed.id);
    let words = Words::of_clause(desk, &embed.record).whole;
    html! { a href=(page) { img src=(address) alt=(words); } }
}

/// The element; what stands in it is shown where the script is not.
fn render_component(form: &Form, embed: &Embed, page: &str) -> Markup {
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
    let theme = (form.theme != Theme::Auto).then(|| form.theme.as_str());
    html! {
        crossclause-comparables clause-id=(embed.id) limit=(form.limit) severity=[list(&form.severities)]
            category=[list(&form.categories)] theme=[theme] {
            a href=(page) { (embed.title()) }
        }
    }
}
