//! The reference of the API, from its description.

mod schema;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::layout::Page;
use crate::answer::Desk;
use crate::http::describe::{Described, show_problem};
use crate::http::pair::write_pairs;
use crate::http::problem::Code;
use schema::{entries, list, render_parameter, render_schema, render_type, resolve, text};

/// The reference.
pub(in crate::http) async fn show_docs(
    State(desk): State<Desk>,
    Extension(described): Extension<Described>,
    headers: HeaderMap,
) -> Response {
    let description = described.value(desk.collection().taxonomy());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:7700");
    Page::new("API").write(render_docs(description, &format!("http://{host}")))
}

fn render_docs(description: &Value, base: &str) -> Markup {
    let operations = collect_operations(description);
    let info = &description["info"];
    let components = &description["components"];
    html! {
        div.docs {
            h1 { "The API" }
            p { (render_text(text(&info["description"]))) }
            p.note {
                "Version " (text(&info["version"])) ", licence " (text(&info["license"]["name"])) ". "
                a href="/v1/openapi.json" { "The same as OpenAPI 3.1" } " · "
                a href="/docs/errors" { "Errors" } " · "
                a href="#parameters" { "Parameters" } " · "
                a href="/docs/schemas" { "Schemas" }
            }
            nav.contents {
                @for tag in list(&description["tags"]) {
                    @let name = text(&tag["name"]);
                    h2 { a href={ "#tag-" (name) } { (name) } }
                    ul.plain {
                        @for operation in operations.iter().filter(|operation| operation.tag == name) {
                            li {
                                a href={ "#" (operation.id()) } { code { (operation.method) " " (operation.path) } }
                                " " (text(&operation.value["summary"]))
                            }
                        }
                    }
                }
            }
            @for tag in list(&description["tags"]) {
                @let name = text(&tag["name"]);
                section id={ "tag-" (name) } {
                    h2 { (name) }
                    p { (render_text(text(&tag["description"]))) }
                    @for operation in operations.iter().filter(|operation| operation.tag == name) {
                        (operation.render(description, base))
                    }
                }
            }
            section id="parameters" {
                h2 { "Parameters" }
                p { "Those that several operations take, the same everywhere." }
                dl.parameters {
                    @for (_, parameter) in entries(&components["parameters"]) {
                        (render_parameter(description, parameter, true))
                    }
                }
            }
        }
    }
}

/// The schemas of what is answered and taken.
pub(in crate::http) async fn show_schemas(
    State(desk): State<Desk>,
    Extension(described): Extension<Described>,
) -> Response {
    let description = described.value(desk.collection().taxonomy());
    let main = html! {
        div.docs {
            h1 { "Schemas" }
            p { "What " a href="/docs" { "the API" } " answers and takes." }
            @for (name, schema) in entries(&description["components"]["schemas"]) { (render_schema(name, schema)) }
        }
    };
    // On this page itself a link needs no path: there are hundreds.
    let main = PreEscaped(main.into_string().replace("href=\"/docs/schemas#", "href=\"#"));
    Page::new("Schemas").write(main)
}

/// An operation, with the first of its tags.
struct Operation<'a> {
    method: String,
    path: &'a str,
    tag: &'a str,
    value: &'a Value,
}

fn collect_operations(description: &Value) -> Vec<Operation<'_>> {
    let paths = entries(&description["paths"]);
    let operations = paths.flat_map(|(path, item)| {
        entries(item).map(move |(method, value)| Operation {
            method: method.to_uppercase(),
            path,
            tag: list(&value["tags"]).first().map_or("", text),
            value,
        })
    });
    operations.collect()
}

impl Operation<'_> {
    fn id(&self) -> &str {
        text(&self.value["operationId"])
    }

    fn render(&self, description: &Value, base: &str) -> Markup {
        let parameters = list(&self.value["parameters"]);
        let shared: Vec<&str> =
            parameters.iter().filter_map(|one| one["$ref"].as_str()?.rsplit('/').next()).collect();
        let own: Vec<&Value> = parameters.iter().filter(|one| one["$ref"].is_null()).collect();
        html! {
            section.operation id=(self.id()) {
                h3 {
                    a href={ "#" (self.id()) } { span.method { (self.method) } " " code { (self.path) } }
                }
                p.summary { (text(&self.value["summary"])) }
                p { (render_text(text(&self.value["description"]))) }
                pre tabindex="0" { code { (self.write_curl(description, base)) } }
                @if !own.is_empty() || !shared.is_empty() {
                    dl.parameters {
                        @for parameter in own { (render_parameter(description, parameter, false)) }
                    }
                    @if !shared.is_empty() {
                        p {
                            "Also "
                            @for (place, name) in shared.iter().enumerate() {
                                @if place > 0 { ", " }
                                a href={ "#parameter-" (name) } { code { (name) } }
                            }
                            "."
                        }
                    }
                }
                @for (media_type, content) in entries(&resolve(description, &self.value["requestBody"])["content"]) {
                    p { "Body: " code { (media_type) } ", " (render_type(&content["schema"])) "." }
                }
                dl.answers {
                    @for (status, response) in entries(&self.value["responses"]) {
                        (render_response(description, status, resolve(description, response)))
                    }
                }
            }
        }
    }

    /// A line that asks for it, with the examples of its parameters.
    fn write_curl(&self, description: &Value, base: &str) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in list(&self.value["parameters"]) {
            let parameter = resolve(description, parameter);
            let (name, Some(example)) = (text(&parameter["name"]), parameter["example"].as_str()) else {
                continue;
            };
            if parameter["in"] == "path" {
                path = path.replace(&format!("{{{name}}}"), example);
            } else {
                query.push((name, example));
            }
        }
        let mark = if query.is_empty() { "" } else { "?" };
        let mut line = match self.method.as_str() {
            "GET" | "POST" => "curl".to_owned(),
            method => format!("curl -X {method}"),
        };
        if !list(&self.value["security"]).is_empty() {
            line.push_str(" -H 'Authorization: Bearer KEY'");
        }
        line.push_str(&format!(" '{base}{path}{mark}{}'", write_pairs(query)));
        let body = resolve(description, &self.value["requestBody"]);
        for (media_type, content) in entries(&body["content"]).take(1) {
            let schema = resolve(description, &content["schema"]);
            let example = list(&schema["examples"]).first().map(Value::to_string);
            let example = example.map_or("--data-binary @FILE".to_owned(), |example| {
                format!("-d '{}'", example.replace('\'', "'\\''"))
            });
            line.push_str(&format!(" \\\n  -H 'Content-Type: {media_type}' {example}"));
        }
        line
    }
}

fn render_response(description: &Value, status: &str, response: &Value) -> Markup {
    let contents: Vec<(&str, &Value)> = entries(&response["content"]).collect();
    let codes: Vec<&str> = contents
        .iter()
        .flat_map(|(_, content)| entries(&content["examples"]))
        .map(|(code, _)| code)
        .filter(|code| description["components"]["examples"].get(code).is_some())
        .collect();
    html! {
        dt { (status) }
        dd {
            @if codes.is_empty() {
                (render_text(text(&response["description"])))
                @for (media_type, content) in &contents {
                    " " code { (media_type) } ", " (render_type(&content["schema"])) "."
                }
                @let headers: Vec<&str> = entries(&response["headers"]).map(|(name, _)| name).collect();
                @if !headers.is_empty() { " " span.note { (headers.join(", ")) } }
            } @else {
                @for (place, code) in codes.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href={ "/docs/errors#" (code) } { code { (code) } }
                }
            }
        }
    }
}

/// Text of the description: of Markdown it has code and paragraphs.
fn render_text(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The table of errors.
pub(in crate::http) async fn show_errors() -> Response {
    let main = html! {
        div.docs {
            h1 { "Errors" }
            p {
                "Every error is " code { "application/problem+json" } " (RFC 9457) with one of these codes in "
                code { "code" } ". There are no others. " code { "detail" } " says what is wrong this time and what to change, "
                code { "request_id" } " is the header " code { "X-Request-Id" } "."
            }
            ul.chips {
                @for code in Code::ALL { li { a.chip href={ "#" (code.as_str()) } { (code.as_str()) } } }
            }
            @for code in Code::ALL {
                section.operation id=(code.as_str()) {
                    h2 {
                        a href={ "#" (code.as_str()) } { code { (code.as_str()) } }
                        " " span.method { (code.status().as_u16()) }
                    }
                    p { (code.title()) ". " (render_text(code.advice())) }
                    pre tabindex="0" { code { (format!("{:#}", show_problem(*code))) } }
                }
            }
            p { a href="/docs" { "The API" } }
        }
    };
    Page::new("Errors").write(main)
}
