//! Answers that are kept ready: the same as if they were not, once for all who ask at once, and bounded.

use std::io::Read;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use crossclause::answer::Limits;
use crossclause::http::{Code, Front, Options, Rate};
use futures_util::poll;
use serde_json::json;

use crate::app::{Answer, TestApp, invent_clause, link_of};
use crate::problem::check_problem;

const COMPARABLES: &str = "/v1/clauses/p02.disputes/comparables";

fn request(method: &Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::empty()).expect("a request")
}

async fn get(front: &Front, path: &str) -> Answer {
    Answer::of(front, request(&Method::GET, path, &[])).await
}

/// A number among the measures.
async fn measure(front: &Front, name: &str) -> u64 {
    let text = get(front, "/metrics").await.text();
    let value = text.lines().find_map(|line| line.strip_prefix(&format!("crossclause_{name} ")));
    value.unwrap_or_else(|| panic!("no {name}: {text}")).parse().expect("a number")
}

/// How many answers were ready, and how many were not.
async fn count_ready(front: &Front) -> (u64, u64) {
    (measure(front, "cache_hits_total").await, measure(front, "cache_misses_total").await)
}

/// All of an answer but what names its request.
fn tell(answer: &Answer) -> (StatusCode, Vec<(String, String)>, &[u8]) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let text = |value: &axum::http::HeaderValue| value.to_str().expect("ASCII").to_owned();
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    (answer.status, headers, &answer.body)
}

#[tokio::test]
async fn an_answer_is_the_same_ready_or_not() {
    let app = TestApp::new();
    let without = app.serve_again(Options { cache: 0, ..Options::default() });
    let mut asked = 0;
    for path in [
        COMPARABLES,
        "/v1/clauses/p02.disputes/comparables?limit=2&explain=true",
        "/v1/clauses/p02.disputes/comparables?group_by=none&severity=high",
        "/v1/clauses/p02.disputes",
        "/v1/search?q=arbitration&limit=2",
        "/v1/search?q=%22jury%20trial%22&facets=platform,severity",
        "/v1/search",
        "/v1/stats?by=category,severity",
    ] {
        let plain = get(&without, path).await;
        assert_eq!(plain.status, StatusCode::OK, "{path}: {}", plain.text());
        let tag = plain.header("etag").to_owned();
        let packed = tag.replacen("\"", "", 1).replace('"', "-zstd\"");
        let packed = format!("\"{packed}");
        let elsewhere = ("origin", "https://elsewhere.example");
        for headers in [
            &[][..],
            &[elsewhere],
            &[("accept-encoding", "gzip")],
            &[("accept-encoding", "gzip, deflate, br, zstd")],
            &[("if-none-match", tag.as_str())],
            &[("if-none-match", "*"), ("accept-encoding", "gzip")],
            &[("if-none-match", packed.as_str()), ("accept-encoding", "zstd")],
            &[("if-none-match", "\"0123456789abcdef\"")],
        ] {
            for method in [Method::GET, Method::HEAD] {
                let ask = |front| Answer::of(front, request(&method, path, headers));
                let expected = ask(&without).await;
                for time in ["first", "again"] {
                    let answer = app.call(request(&method, path, headers)).await;
                    assert_eq!(tell(&answer), tell(&expected), "{method} {path} {headers:?} {time}");
                    assert_ne!(answer.header("x-request-id"), "");
                    asked += 1;
                }
                assert_eq!(expected.header("vary"), "accept-encoding");
                assert_eq!(expected.header("access-control-allow-origin"), "*");
                assert_eq!(expected.header("link"), plain.header("link"), "{method} {path} {headers:?}");
                let knows = headers.iter().find(|(name, _)| *name == "if-none-match");
                if knows.is_some_and(|(_, known)| *known != "\"0123456789abcdef\"") {
                    assert_eq!(expected.status, StatusCode::NOT_MODIFIED, "{method} {path} {headers:?}");
                    assert!(expected.body.is_empty() && expected.header("content-type").is_empty());
                    continue;
                }
                let body = if method == Method::GET {
                    assert_eq!(expected.header("content-length"), expected.body.len().to_string());
                    expected.body
                } else {
                    assert!(expected.body.is_empty());
                    continue;
                };
                match expected.headers.get("content-encoding").map(|value| value.to_str().expect("ASCII")) {
                    Some("gzip") => {
                        let mut unpacked = Vec::new();
                        flate2::read::GzDecoder::new(&*body).read_to_end(&mut unpacked).expect("gzip");
                        assert_eq!(unpacked, plain.body);
                    }
                    Some("zstd") => assert_eq!(zstd::decode_all(&*body).expect("zstd"), plain.body),
                    other => assert_eq!((other, body), (None, plain.body.clone())),
                }
            }
        }
    }
    let front = app.front();
    let (ready, computed) = count_ready(front).await;
    assert_eq!((ready + computed, computed), (asked, 8));
    assert_eq!(measure(&without, "cache_bytes").await, 0);
    assert_eq!(count_ready(&without).await, (0, 0));
}

#[tokio::test]
async fn the_same_question_may_be_written_in_another_way() {
    let app = TestApp::new();
    let one = get(app.front(), "/v1/search?q=binding+%22arbitration%22&severity=high&limit=2").await;
    let other = get(app.front(), "/v1/search?limit=2&q=binding%20%22%61rbitration%22&severity=high").await;
    assert_eq!(count_ready(app.front()).await, (1, 1));
    assert_eq!(one.body, other.body);
    // Each is led on in its own words.
    assert!(link_of(&one).starts_with("/v1/search?q=binding%20%22arbitration%22&severity=high&limit=2&"));
    assert!(link_of(&other).starts_with("/v1/search?limit=2&q=binding%20%22arbitration%22&severity=high&"));
    // The order of the values of one parameter is told in the answer.
    get(app.front(), "/v1/search?facets=category&facets=severity").await;
    get(app.front(), "/v1/search?facets=severity&facets=category").await;
    get(app.front(), "/v1/search?q=category&facets=severity").await;
    assert_eq!(count_ready(app.front()).await, (1, 4));
}

#[tokio::test]
async fn a_new_generation_is_answered_anew() {
    let app = TestApp::new();
    let first = app.get(COMPARABLES).await;
    let next = link_of(&app.get("/v1/search?q=arbitration&limit=2").await);
    let page = app.get(&next).await;
    let before = measure(app.front(), "cache_bytes").await;
    assert!(before > 0);
    app.write(&[invent_clause(
        "new",
        "disputes",
        "Any dispute between you and us is settled by binding arbitration, and you waive the right to a jury trial and to class actions.",
        &json!({"clause_type": "binding-arbitration"}),
    )]);
    let second = app.get(COMPARABLES).await;
    assert_eq!(
        (first.json()["generation"].as_u64(), second.json()["generation"].as_u64()),
        (Some(1), Some(2))
    );
    assert_ne!(first.header("etag"), second.header("etag"));
    assert!(second.text().contains("new.disputes"));
    // What the old one answered is given up.
    assert!(measure(app.front(), "cache_bytes").await < before);
    // A cursor still leads on in its own generation, and its pages are not kept as if they were new.
    for computed in [5, 6] {
        let again = app.get(&next).await;
        assert_eq!(tell(&again), tell(&page));
        assert_eq!(count_ready(app.front()).await, (0, computed));
    }
}

#[tokio::test]
async fn who_asks_the_same_at_once_waits_for_one_answer() {
    let limits = Limits { concurrency: 1, queue: 8, time: Duration::from_secs(60) };
    let app = TestApp::filled(Options::default(), limits);
    let desk = app.desk();
    let turn = desk.queue().wait().await.expect("a turn");
    let mut first = Box::pin(app.get(COMPARABLES));
    let mut second = Box::pin(app.get(COMPARABLES));
    let mut third = Box::pin(app.ask(
        Method::GET,
        COMPARABLES,
        &[("accept-encoding", "gzip"), ("x-request-id", "3")],
        "",
    ));
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    assert!(poll!(&mut third).is_pending());
    // One of them waits for its turn.
    assert_eq!(desk.queue().waiting(), 1);
    // It goes away, and the next takes its place.
    drop(first);
    assert_eq!(desk.queue().waiting(), 0);
    assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
    assert_eq!(desk.queue().waiting(), 1);
    drop(turn);
    let (second, third) = tokio::join!(second, third);
    assert_eq!((second.status, third.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!((third.header("content-encoding"), third.header("x-request-id")), ("gzip", "3"));
    // The one who went away had asked, too.
    assert_eq!(count_ready(app.front()).await, (1, 2));
}

#[tokio::test]
async fn what_failed_is_tried_again() {
    let limits = Limits { concurrency: 1, queue: 0, time: Duration::from_secs(60) };
    let app = TestApp::filled(Options::default(), limits);
    let desk = app.desk();
    let turn = desk.queue().wait().await.expect("a turn");
    check_problem(&app.get(COMPARABLES).await, Code::Overloaded);
    drop(turn);
    assert_eq!(app.get(COMPARABLES).await.status, StatusCode::OK);
    for _ in 0..2 {
        check_problem(&app.get("/v1/search?limit=0").await, Code::InvalidValue);
        check_problem(&app.get("/v1/clauses/nobody").await, Code::ClauseNotFound);
    }
    assert_eq!(count_ready(app.front()).await, (0, 6));
    // They are packed like any other, and a HEAD has no body.
    let packed = app.ask(Method::GET, "/v1/clauses/nobody", &[("accept-encoding", "gzip")], "").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (StatusCode::NOT_FOUND, "gzip"));
    let head = app.ask(Method::HEAD, "/v1/clauses/nobody", &[], "").await;
    assert!(head.status == StatusCode::NOT_FOUND && head.body.is_empty());
}

#[tokio::test]
async fn nobody_is_answered_before_there_is_a_generation() {
    let app = TestApp::unready();
    check_problem(&app.get(COMPARABLES).await, Code::NotReady);
    assert_eq!(count_ready(app.front()).await, (0, 0));
}

#[tokio::test]
async fn the_cache_has_a_bound() {
    let app = TestApp::new();
    let small = app.serve_again(Options { cache: 128 << 10, ..Options::default() });
    let mut written = 0;
    for number in 0..100 {
        let answer = get(&small, &format!("/v1/search?q=arbitration+word{number}&min_score=0.1")).await;
        written += answer.body.len() as u64;
        let held = measure(&small, "cache_bytes").await;
        assert!(held > 0 && held <= 128 << 10, "{held}");
    }
    assert!(written > 2 * (128 << 10), "{written}");
    // What is too large to be kept is answered.
    let tiny = app.serve_again(Options { cache: 100, ..Options::default() });
    for _ in 0..2 {
        assert_eq!(get(&tiny, COMPARABLES).await.status, StatusCode::OK);
    }
    assert_eq!(count_ready(&tiny).await, (0, 2));
    assert_eq!(measure(&tiny, "cache_bytes").await, 0);
}

#[tokio::test]
async fn pasted_texts_are_not_kept() {
    let app = TestApp::new();
    let body = json!({"text": "Any dispute is settled by binding arbitration. You waive class actions."});
    for _ in 0..2 {
        assert_eq!(app.post_json("/v1/comparables", &body).await.status, StatusCode::OK);
    }
    assert_eq!(count_ready(app.front()).await, (0, 0));
    assert_eq!(measure(app.front(), "cache_bytes").await, 0);
}

#[tokio::test]
async fn ready_answers_are_counted_and_limited_like_others() {
    let rate = Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(3).expect("not 0") };
    let app = TestApp::filled(Options { rate: Some(rate), ..Options::default() }, Limits::default());
    let ask = async |method: Method, knows: &str| -> Answer {
        let peer: SocketAddr = "192.0.2.1:1".parse().expect("an address");
        let mut request = request(&method, COMPARABLES, &[("if-none-match", knows), ("x-request-id", "own")]);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.call(request).await
    };
    for (method, knows, expected) in [
        (Method::GET, "\"other\"", StatusCode::OK),
        (Method::HEAD, "\"other\"", StatusCode::OK),
        (Method::GET, "*", StatusCode::NOT_MODIFIED),
        (Method::GET, "*", StatusCode::TOO_MANY_REQUESTS),
    ] {
        let answer = ask(method, knows).await;
        assert_eq!((answer.status, answer.header("x-request-id")), (expected, "own"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if expected == StatusCode::TOO_MANY_REQUESTS {
            check_problem(&answer, Code::RateLimited);
            assert_eq!(answer.json()["request_id"], "own");
        }
    }
    let text = app.get("/metrics").await.text();
    let route = "route=\"/v1/clauses/{id}/comparables\"";
    for (method, status) in [("GET", 200), ("HEAD", 200), ("GET", 304), ("GET", 429)] {
        let line =
            format!("crossclause_http_requests_total{{{route},method=\"{method}\",status=\"{status}\"}} 1");
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(text.contains(&format!("crossclause_http_request_duration_seconds_count{{{route}}} 4\n")));
}
