//! The rendered reference.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::app::TestApp;
use crate::conformance::{describe, list, operations, resolve};

/// What stands in an attribute, everywhere on a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    page.split(begin.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_reference_shows_all_that_is_described() {
    let app = TestApp::unready();
    let answer = app.get("/docs").await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = answer.text();
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    for bad in ["style=", "<img"] {
        assert!(!page.contains(bad), "{bad}");
    }
    let schemas = app.get("/docs/schemas").await.text();
    assert!(page.len() < 100_000 && schemas.len() < 100_000, "{} and {}", page.len(), schemas.len());
    let shown: BTreeSet<&str> = values(&schemas, "id").into_iter().collect();
    let anchors = values(&page, "id");
    let unique: BTreeSet<&str> = anchors.iter().copied().collect();
    assert_eq!(anchors.len(), unique.len(), "an anchor is there twice");
    let description = describe();
    for operation in operations(&description) {
        let value = operation.value;
        let id = value["operationId"].as_str().expect("an id");
        let section = page.split(&format!("<section class=\"operation\" id=\"{id}\">")).nth(1);
        let section =
            section.unwrap_or_else(|| panic!("{id} is not shown")).split("</section>").next().unwrap();
        assert!(section.contains("<code>curl "), "{id} has no line to try");
        assert!(section.contains(value["summary"].as_str().expect("a summary")), "{id}");
        for parameter in list(&value["parameters"]) {
            let name = resolve(&description, parameter)["name"].as_str().expect("a name");
            assert!(section.contains(&format!("<code>{name}</code>")), "{id} lacks {name}");
        }
        for status in value["responses"].as_object().expect("responses").keys() {
            assert!(section.contains(&format!("<dt>{status}</dt>")), "{id} lacks {status}");
        }
    }
    for name in description["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(shown.contains(format!("schema-{name}").as_str()), "{name} is not shown");
    }
    let errors = app.get("/docs/errors").await.text();
    let codes: BTreeSet<&str> = values(&errors, "id").into_iter().collect();
    for link in values(&page, "href").into_iter().chain(values(&schemas, "href")) {
        if let Some(anchor) = link.strip_prefix('#').or_else(|| link.strip_prefix("/docs/schemas#")) {
            assert!(unique.contains(anchor) || shown.contains(anchor), "{link} leads nowhere");
        } else if let Some(code) = link.strip_prefix("/docs/errors#") {
            assert!(codes.contains(code), "{link} leads nowhere");
        } else {
            assert!(!app.get(link).await.status.is_client_error(), "{link} leads nowhere");
        }
    }
}
