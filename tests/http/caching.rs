//! Entity tags, HEAD, and what other origins may do.

use axum::http::{Method, StatusCode};

use crate::app::TestApp;

#[tokio::test]
async fn an_answer_is_validated_by_its_tag() {
    let app = TestApp::new();
    for path in [
        "/v1/clauses/p02.disputes",
        "/v1/clauses/p02.disputes/comparables",
        "/v1/clauses/p02.disputes/history",
        "/v1/diff?from=p02.disputes&to=p03.disputes",
        "/v1/changes",
        "/feeds/changes.atom",
        "/embed/clauses/p02.disputes?theme=dark",
        "/oembed?url=http://localhost/clauses/p02.disputes",
        "/badge/clauses/p02.disputes.svg",
        "/v1/search?q=arbitration&limit=2",
        "/v1/platforms",
        "/v1/clause-types",
        "/v1/taxonomy",
        "/v1/stats",
        "/v1/openapi.json",
    ] {
        let first = app.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.len() == 18 && tag.starts_with('"'), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "public, max-age=0, must-revalidate", "{path}");
        assert_eq!(app.get(path).await.header("etag"), tag, "{path}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = app.ask(Method::GET, path, &[("if-none-match", &known)], "").await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path} {known}");
            assert!(again.body.is_empty(), "{path}");
            assert_eq!(again.header("etag"), tag, "{path}");
            assert_eq!(again.header("cache-control"), first.header("cache-control"), "{path}");
        }
        let other = app.ask(Method::GET, path, &[("if-none-match", "\"0123456789abcdef\"")], "").await;
        assert_eq!(other.status, StatusCode::OK, "{path}");

        let head = app.ask(Method::HEAD, path, &[], "").await;
        assert_eq!(head.status, StatusCode::OK, "{path}");
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("etag"), tag, "{path}");
        assert_eq!(head.header("content-length"), first.body.len().to_string(), "{path}");
        assert_eq!(head.header("link"), first.header("link"), "{path}");
    }
}

#[tokio::test]
async fn errors_are_not_kept() {
    let app = TestApp::new();
    let answer = app.get("/v1/search?limit=0").await;
    assert_eq!(answer.header("etag"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_link_keeps_path_and_parameters() {
    let app = TestApp::new();
    let answer =
        app.get("/v1/search?q=binding+%22arbitration%22&severity=high&severity=medium&limit=2").await;
    let link = crate::app::link_of(&answer);
    let same = "/v1/search?q=binding%20%22arbitration%22&severity=high&severity=medium&limit=2&cursor=";
    assert!(link.starts_with(same), "{link}");
}

#[tokio::test]
async fn other_origins_may_read() {
    let app = TestApp::new();
    let origin = ("origin", "https://elsewhere.example");
    for path in [
        "/v1/search",
        "/embed.js",
        "/oembed",
        "/badge/clauses/p02.disputes.svg",
        "/v1/nothing",
        "/v1/search?limit=0",
        "/readyz",
    ] {
        let answer = app.ask(Method::GET, path, &[origin], "").await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("etag"), "{path}");
    }
    for (path, wanted, allowed) in [
        ("/v1/search", "GET", "GET,HEAD"),
        ("/v1/comparables", "POST", "POST"),
        ("/v1/clauses/p02.disputes", "DELETE", "GET,HEAD"),
    ] {
        let headers = [
            origin,
            ("access-control-request-method", wanted),
            ("access-control-request-headers", "content-type"),
        ];
        let answer = app.ask(Method::OPTIONS, path, &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), allowed, "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), "*", "{path}");
    }
    let page = app.ask(Method::GET, "/", &[origin], "").await;
    assert_eq!(page.header("access-control-allow-origin"), "");
}
