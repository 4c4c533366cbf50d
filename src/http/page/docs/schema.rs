//! Schemas and parameters in words, with links from one to the other.

use maud::{Markup, html};
use serde_json::Value;

use super::render_text;

/// More values than this are told of a schema, and only named elsewhere.
const VALUES_SHOWN: usize = 20;

/// The entries of a list; none if there is no list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The entries of an object, by name; none if there is no object.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// A text; none if there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What stands behind a reference, or the value itself.
pub(super) fn resolve<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| description.pointer(pointer)).unwrap_or(value)
}

/// What a schema describes, in a few words.
pub(super) fn render_type(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return html! { a href={ "/docs/schemas#schema-" (name) } { (name) } };
    }
    for (key, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(schemas) = schema[key].as_array() {
            return html! {
                @for (place, schema) in schemas.iter().enumerate() {
                    @if place > 0 { (word) }
                    (render_type(schema))
                }
            };
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        one => one.as_str().into_iter().collect(),
    };
    html! {
        @if types.is_empty() { "anything" }
        @for (place, one) in types.iter().enumerate() {
            @if place > 0 { " or " }
            @match *one {
                "array" => { "list of " (render_type(&schema["items"])) },
                "object" if schema["additionalProperties"].is_object() => {
                    "object of " (render_type(&schema["additionalProperties"]))
                },
                one => (one),
            }
        }
        (render_bounds(schema))
    }
}

/// What values are allowed, where that can be told shortly.
fn render_bounds(schema: &Value) -> Markup {
    let values: Vec<&str> = list(&schema["enum"]).iter().map(text).collect();
    let (least, most) = (&schema["minimum"], &schema["maximum"]);
    html! {
        @if !values.is_empty() && values.len() <= VALUES_SHOWN { ": " (render_values(&values)) }
        @if !most.is_null() { " from " (least) " to " (most) }
        @if let Some(format) = schema["format"].as_str().filter(|format| !format.starts_with("int")) { ", " (format) }
        @if let Some(longest) = schema["maxLength"].as_u64() { ", at most " (longest) " characters" }
        @if let Some(pattern) = schema["pattern"].as_str() { ", " code { (pattern) } }
        @if let Some(most) = schema["maxItems"].as_u64() { ", at most " (most) }
        @if !schema["default"].is_null() { ", default " code { (show_value(&schema["default"])) } }
    }
}

fn render_values(values: &[&str]) -> Markup {
    html! {
        @for (place, value) in values.iter().enumerate() {
            @if place > 0 { ", " }
            code { (value) }
        }
    }
}

fn show_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A parameter; one that operations share has an anchor.
pub(super) fn render_parameter(description: &Value, parameter: &Value, anchored: bool) -> Markup {
    let name = text(&parameter["name"]);
    let schema = resolve(description, &parameter["schema"]);
    let anchor = anchored.then(|| format!("parameter-{name}"));
    html! {
        dt id=[anchor] {
            code { (name) }
            @if parameter["in"] == "path" { " in the path" }
            @if parameter["required"] == true { ", required" }
        }
        dd {
            (render_text(text(&parameter["description"])))
            div.note {
                @if schema["type"] == "array" { "may be repeated: " }
                (render_type(&parameter["schema"]))
            }
        }
    }
}

/// A schema with its properties.
pub(super) fn render_schema(name: &str, schema: &Value) -> Markup {
    let parts = list(&schema["allOf"]);
    let objects = parts.iter().filter(|part| part["$ref"].is_null()).chain([schema]);
    let bases = parts.iter().filter(|part| part["$ref"].is_string());
    let values: Vec<&str> = list(&schema["enum"]).iter().map(text).collect();
    html! {
        section.schema id={ "schema-" (name) } {
            h2 { a href={ "#schema-" (name) } { (name) } }
            p { (render_text(text(&schema["description"]))) }
            @if !values.is_empty() { p.values { code { (values.join(", ")) } } }
            @for base in bases { p { "All of " (render_type(base)) ", and:" } }
            dl {
                @for object in objects {
                    @for (property, value) in entries(&object["properties"]) {
                        @let required = list(&object["required"]).iter().any(|name| name == property);
                        dt { code { (property) } @if !required { span.note { " optional" } } }
                        dd {
                            (render_text(text(&value["description"]))) " "
                            span.note { (render_type(value)) }
                        }
                    }
                }
            }
        }
    }
}
