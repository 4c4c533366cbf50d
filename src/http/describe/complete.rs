//! What every operation has and no handler says: headers, examples of problems, 304, and the values of
//! the taxonomy in force.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, PathItem, PathsMap};
use utoipa::openapi::schema::{Components, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Header, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use super::example::show_problem;
use crate::http::problem::Code;
use crate::http::value::describe_values;
use crate::taxonomy::Taxonomy;

/// The headers of answers: the names of their components, the headers, and what they tell.
const HEADERS: &[(&str, &str, Type, &str)] = &[
    (
        "RequestId",
        "X-Request-Id",
        Type::String,
        "The request's id: that of the request, if it sent a fitting one.",
    ),
    (
        "ETag",
        "ETag",
        Type::String,
        "A strong validator; sent back in `If-None-Match`, an unchanged answer is a 304. Each encoding has one of its own.",
    ),
    ("CacheControl", "Cache-Control", Type::String, "Whether and how long the answer may be kept."),
    ("Vary", "Vary", Type::String, "What the bytes of the answer depend on beside its address."),
    ("Link", "Link", Type::String, "While there is a next page, its address: `<…>; rel=\"next\"`."),
    ("RetryAfter", "Retry-After", Type::Integer, "After how many seconds to ask again, where waiting helps."),
];

/// Makes the description whole.
pub(super) fn complete(api: &mut OpenApi, taxonomy: &Taxonomy) {
    let components = api.components.get_or_insert_with(Components::new);
    components.schemas.extend(describe_values(taxonomy));
    components.schemas.values_mut().for_each(lift_descriptions);
    components.examples =
        Code::ALL.iter().map(|&code| (code.as_str().to_owned(), describe_example(code))).collect();
    components.headers = HEADERS
        .iter()
        .map(|(name, _, kind, text)| ((*name).to_owned(), describe_header(kind.clone(), text)))
        .collect();
    components.parameters = share_parameters(&api.paths.paths);
    let paged: BTreeSet<String> = components
        .schemas
        .iter()
        .filter(|(_, schema)| matches!(schema, RefOr::T(Schema::Object(object)) if object.properties.contains_key("next_cursor")))
        .map(|(name, _)| name.clone())
        .collect();
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations_of(item) {
            refer_to_parameters(operation, &components.parameters);
            let kept = method == "get" && !["/healthz", "/readyz", "/metrics"].contains(&path.as_str());
            complete_responses(operation, kept, &paged);
        }
    }
    let responses = share_responses(&api.paths.paths);
    let operations = api.paths.paths.values_mut().flat_map(operations_of);
    operations.for_each(|(_, operation)| refer_to_responses(operation, &responses));
    components.responses = responses
        .into_iter()
        .map(|(status, response)| (name_response(&status), RefOr::T(response)))
        .collect();
}

/// The operations of a path, by method.
fn operations_of(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The description of a property that is one of something or null belongs to the property.
fn lift_descriptions(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for property in object.properties.values_mut() {
                if let RefOr::T(Schema::OneOf(either)) = property
                    && either.description.is_none()
                    && let Some(RefOr::Ref(reference)) = either.items.first_mut()
                {
                    either.description = Some(std::mem::take(&mut reference.description));
                }
            }
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(lift_descriptions),
        _ => {}
    }
}

fn describe_example(code: Code) -> RefOr<utoipa::openapi::example::Example> {
    let example = ExampleBuilder::new().summary(code.title()).description(code.advice());
    RefOr::T(example.value(Some(show_problem(code))).build())
}

fn describe_header(kind: Type, text: &str) -> RefOr<Header> {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(kind)).build();
    RefOr::T(HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build())
}

/// Parameters that several operations have, word for word the same, by their names.
fn share_parameters(paths: &PathsMap<String, PathItem>) -> BTreeMap<String, RefOr<Parameter>> {
    let mut by_name: BTreeMap<&str, Vec<&Parameter>> = BTreeMap::new();
    for operation in paths.values().flat_map(|item| [&item.get, &item.post, &item.delete]).flatten() {
        for parameter in operation.parameters.iter().flatten() {
            if let RefOr::T(parameter) = parameter {
                by_name.entry(&parameter.name).or_default().push(parameter);
            }
        }
    }
    by_name
        .into_iter()
        .filter_map(|(name, found)| {
            let (first, others) = found.split_first()?;
            let same = !others.is_empty() && others.iter().all(|other| other == first);
            same.then(|| (name.to_owned(), RefOr::T((*first).clone())))
        })
        .collect()
}

fn refer_to_parameters(operation: &mut Operation, shared: &BTreeMap<String, RefOr<Parameter>>) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(own) = parameter
            && shared.contains_key(&own.name)
        {
            *parameter = RefOr::Ref(Ref::new(format!("#/components/parameters/{}", own.name)));
        }
    }
}

/// Of each status the answer that most operations share, word for word.
fn share_responses(paths: &PathsMap<String, PathItem>) -> BTreeMap<String, Response> {
    let mut by_status: BTreeMap<&str, Vec<(&Response, usize)>> = BTreeMap::new();
    for operation in paths.values().flat_map(|item| [&item.get, &item.post, &item.delete]).flatten() {
        for (status, response) in &operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            let found = by_status.entry(status).or_default();
            match found.iter_mut().find(|(other, _)| *other == response) {
                Some((_, times)) => *times += 1,
                None => found.push((response, 1)),
            }
        }
    }
    by_status
        .into_iter()
        .filter_map(|(status, found)| {
            let (most, times) = found.into_iter().rev().max_by_key(|(_, times)| *times)?;
            (times > 1).then(|| (status.to_owned(), most.clone()))
        })
        .collect()
}

fn refer_to_responses(operation: &mut Operation, shared: &BTreeMap<String, Response>) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(own) = response
            && shared.get(status).is_some_and(|shared| shared == own)
        {
            *response = RefOr::Ref(Ref::new(format!("#/components/responses/{}", name_response(status))));
        }
    }
}

fn name_response(status: &str) -> String {
    format!("Status{status}")
}

fn complete_responses(operation: &mut Operation, kept: bool, paged: &BTreeSet<String>) {
    if kept {
        let unchanged = "What the client holds is what there is; the answer has no body.";
        let unchanged = ResponseBuilder::new().description(unchanged).build();
        operation.responses.responses.insert("304".to_owned(), RefOr::T(unchanged));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        put_header(response, "RequestId");
        put_header(response, "CacheControl");
        if status == "503" || status == "429" {
            put_header(response, "RetryAfter");
        }
        if kept && (status == "200" || status == "304") {
            put_header(response, "ETag");
            put_header(response, "Vary");
            if status == "200" && is_paged(response, paged) {
                put_header(response, "Link");
            }
        }
    }
}

fn put_header(response: &mut Response, component: &str) {
    if let Some((name, header, ..)) = HEADERS.iter().find(|(name, ..)| *name == component) {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        response.headers.insert((*header).to_owned(), RefOr::Ref(reference));
    }
}

/// Whether an answer has a next page.
fn is_paged(response: &Response, paged: &BTreeSet<String>) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(content) => match &content.schema {
            Some(RefOr::Ref(reference)) => {
                reference.ref_location.rsplit('/').next().is_some_and(|name| paged.contains(name))
            }
            _ => false,
        },
        RefOr::Ref(_) => false,
    })
}
