//! JSON Schemas of what tools take and of what they answer.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::argument::{Argument, Kind};
use crate::answer::list_values;
use crate::taxonomy::Taxonomy;

/// How many allowed values a schema lists, at most: whoever reads it pays for every one.
const MOST_VALUES: usize = 200;

/// Where the API's description keeps its schemas, and where a schema of its own does.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The schema of a tool's arguments.
pub(super) fn describe_input<'a>(
    arguments: impl Iterator<Item = &'a Argument>,
    taxonomy: &Taxonomy,
) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for argument in arguments {
        let mut schema = describe_value(argument.kind, taxonomy);
        if argument.many {
            schema.remove("default");
            schema = object(json!({"type": "array", "items": schema}));
        }
        schema.insert("description".to_owned(), json!(argument.description));
        properties.insert(argument.name.to_owned(), Value::Object(schema));
        if argument.required {
            required.push(argument.name);
        }
    }
    let mut schema =
        object(json!({"type": "object", "properties": properties, "additionalProperties": false}));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn describe_value(kind: Kind, taxonomy: &Taxonomy) -> Map<String, Value> {
    object(match kind {
        Kind::Text(longest) => json!({"type": "string", "maxLength": longest}),
        Kind::Choice(words) => json!({"type": "string", "enum": words, "default": words.first()}),
        Kind::Closed(attribute) => match list_values(taxonomy, attribute) {
            Some(values) if values.len() <= MOST_VALUES => json!({"type": "string", "enum": values}),
            _ => json!({"type": "string"}),
        },
        Kind::Flag => json!({"type": "boolean", "default": false}),
        Kind::Number(from, to, default) => {
            json!({"type": "integer", "minimum": from, "maximum": to, "default": default})
        }
        Kind::Share => json!({"type": "number", "minimum": 0, "maximum": 1}),
        Kind::Day => json!({"type": "string", "format": "date"}),
    })
}

/// The schema of what a tool answers: that of the API's description, with its parts inside.
pub(super) fn describe_output<T: ToSchema>() -> Map<String, Value> {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let mut schema = object(json!(T::schema()));
    // Clients want to read at the root that an object comes.
    schema.insert("type".to_owned(), json!("object"));
    let parts: Map<String, Value> = parts.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    if !parts.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(parts));
    }
    let mut schema = Value::Object(schema);
    point_inside(&mut schema);
    object(schema)
}

/// Lets references to the API's description point into the schema itself.
fn point_inside(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(COMPONENTS)
            {
                *reference = format!("{DEFINITIONS}{name}");
            }
            map.values_mut().for_each(point_inside);
        }
        Value::Array(list) => list.iter_mut().for_each(point_inside),
        _ => {}
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
