//! What stands around the answers: measures, the queue, rates.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use crossclause::answer::Limits;
use crossclause::http::{Code, Options, Rate};

use crate::app::{Answer, TestApp};
use crate::problem::check_problem;

#[tokio::test]
async fn measures_tell_what_was_asked() {
    let app = TestApp::new();
    app.get("/v1/search?q=arbitration").await;
    app.get("/v1/search?q=refund").await;
    app.get("/v1/clauses/nobody").await;
    app.get("/nowhere/at/all").await;
    let answer = app.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    let text = answer.text();
    for line in [
        "crossclause_http_requests_total{route=\"/v1/search\",method=\"GET\",status=\"200\"} 2",
        "crossclause_http_requests_total{route=\"/v1/clauses/{id}\",method=\"GET\",status=\"404\"} 1",
        "crossclause_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1",
        "crossclause_http_request_duration_seconds_count{route=\"/v1/search\"} 2",
        "crossclause_generation 1",
        "crossclause_clauses 26",
        "crossclause_platforms 13",
        "crossclause_questions_waiting 0",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(text.ends_with("# EOF\n") && !text.contains("nowhere"), "{text}");
    check_problem(&app.get("/metrics?x=1").await, Code::UnknownParameter);
}

#[tokio::test]
async fn who_finds_the_queue_full_is_told_to_come_back() {
    let limits = Limits { concurrency: 1, queue: 0, time: Duration::from_secs(10) };
    let app = TestApp::filled(Options::default(), limits);
    let turn = app.desk().queue().wait().await.expect("a turn");
    for path in
        ["/v1/search?q=refund", "/v1/clauses/p02.disputes/comparables", "/v1/search.csv", "/v1/platforms"]
    {
        let answer = app.get(path).await;
        check_problem(&answer, Code::Overloaded);
        assert_eq!(answer.header("retry-after"), "1", "{path}");
    }
    // What asks nothing of the collection is answered.
    for path in ["/healthz", "/readyz", "/metrics", "/v1/openapi.json"] {
        assert_eq!(app.get(path).await.status, StatusCode::OK, "{path}");
    }
    drop(turn);
    assert_eq!(app.get("/v1/search?q=refund").await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_address_has_a_rate() {
    let rate = Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(2).expect("not 0") };
    let trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    let options = Options { rate: Some(rate), trusted_proxies, ..Options::default() };
    let app = TestApp::filled(options, Limits::default());
    let ask = async |peer: &str, forwarded: &str| -> Answer {
        let peer: SocketAddr = peer.parse().expect("an address");
        let request = Request::get("/v1/taxonomy").header("x-forwarded-for", forwarded);
        app.call(request.extension(ConnectInfo(peer)).body(Body::empty()).expect("a request")).await
    };
    for (peer, forwarded) in [("192.0.2.1:1", "203.0.113.1"), ("10.0.0.1:1", "192.0.2.9, 203.0.113.2")] {
        assert_eq!(ask(peer, forwarded).await.status, StatusCode::OK);
        assert_eq!(ask(peer, forwarded).await.status, StatusCode::OK);
        let third = ask(peer, forwarded).await;
        check_problem(&third, Code::RateLimited);
        assert_eq!(third.header("retry-after"), "1");
    }
    // What a client writes into the header changes nothing.
    check_problem(&ask("192.0.2.1:2", "198.51.100.7").await, Code::RateLimited);
    check_problem(&ask("10.0.0.2:2", "198.51.100.7, 203.0.113.2").await, Code::RateLimited);
    // Another address, and this machine.
    assert_eq!(ask("10.0.0.2:2", "203.0.113.3").await.status, StatusCode::OK);
    for _ in 0..5 {
        assert_eq!(ask("127.0.0.1:1", "").await.status, StatusCode::OK);
    }
}
