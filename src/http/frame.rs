//! What stands around every answer: the request's id, problems written out, validators, links.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LINK, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::NextCursor;
use super::metrics::name_method;
use super::pair::{Pair, read_pairs, write_pairs};
use super::problem::Problem;
use super::served::Served;
use crate::clause::hash_text;

/// The header with the request's id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, for whoever logs beside its frame.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// The id that a request has, or a new one.
    pub(super) fn of_request(headers: &HeaderMap) -> Self {
        Self(read_request_id(headers).unwrap_or_else(make_request_id))
    }
}

/// The longest id that is taken from a request, in bytes.
const MAX_REQUEST_ID: usize = 64;

/// What the tags of encoded answers end with.
const ENCODINGS: [&str; 2] = ["-gzip", "-zstd"];

/// How many hexadecimal digits of a hash make an entity tag or a request's id.
const HASH_DIGITS: usize = 16;

/// That an error is written as its clients read it, and is no problem to write out.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToldAlready;

/// The route of what is at no path.
const NOWHERE: &str = "none";

/// That the front answers a request: it has admitted it, has named it, and counts and logs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fronted;

/// Gives an answer its request's id, writes out what went wrong, and counts and logs it, unless the front
/// does.
pub(super) async fn name_request(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let route = route.unwrap_or_else(|| NOWHERE.to_owned());
    let fronted = request.extensions().get::<Fronted>().is_some();
    let named = request.extensions().get::<RequestId>().cloned();
    let id = named.unwrap_or_else(|| RequestId::of_request(request.headers()));
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let told = response.extensions_mut().remove::<Problem>();
    let problem = told.or_else(|| {
        let is_error = status.is_client_error() || status.is_server_error();
        let told = is_html(response.headers()) || response.extensions().get::<ToldAlready>().is_some();
        (is_error && !told).then(|| Problem::of_status(status))
    });
    if let Some(problem) = problem {
        if let Some(cause) = &problem.cause {
            tracing::error!(request_id = id.0, route, cause, "a request failed");
        }
        tell_problem(&problem, &id, &path, &mut response);
    }
    if !fronted {
        conclude(&served, id, Cow::Owned(route), &method, began, &mut response);
    }
    response
}

/// Writes out what went wrong.
pub(super) fn tell_problem(problem: &Problem, id: &RequestId, path: &str, response: &mut Response) {
    let (mut headers, body) = problem.write(&id.0, path);
    if is_html(response.headers()) {
        // A page tells the rest in its own words.
        headers.remove(CONTENT_TYPE);
        response.headers_mut().extend(headers);
        return;
    }
    *response.status_mut() = problem.code.status();
    *response.body_mut() = Body::from(body);
    response.headers_mut().extend(headers);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Counts and logs a request that is answered, and gives the answer what all have. The log names the
/// pattern of the path and nothing that the client wrote: neither what was pasted nor what was searched.
pub(super) fn conclude(
    served: &Served,
    id: RequestId,
    route: Cow<'static, str>,
    method: &Method,
    began: Instant,
    response: &mut Response,
) {
    let took = began.elapsed();
    let status = response.status();
    let milliseconds = took.as_secs_f64() * 1_000.0;
    let named = name_method(method);
    let (id, code) = (id.0, status.as_u16());
    tracing::info!(request_id = id, method = named, route = &*route, status = code, milliseconds, "answered");
    served.metrics.count(route, method, status, took);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What says nothing about it is not to be kept.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn read_request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let valid = (1..=MAX_REQUEST_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    valid.then(|| id.to_owned())
}

fn make_request_id() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    hash_short(format!("{} {} {number}", since.as_nanos(), std::process::id()).as_bytes())
}

pub(super) fn hash_short(bytes: &[u8]) -> String {
    let mut hash = hash_text(bytes);
    hash.truncate(HASH_DIGITS);
    hash
}

/// Gives answers under `/v1`, and what others embed, what caches and pagers go by.
pub(super) async fn validate_answer(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get_all(IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    if !reads {
        // What was pasted is nobody else's business.
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return response;
    }
    // It stays there for the cache, which writes links of its own.
    let next_cursor = response.extensions().get::<NextCursor>().cloned();
    let (mut parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return Problem::internal(&error).into_response(),
    };
    let own = format!("\"{}\"", hash_short(&body));
    let link = next_cursor.map(|cursor| {
        let pairs = read_pairs(uri.query().unwrap_or("")).unwrap_or_default();
        link_next(uri.path(), &pairs, &cursor.0)
    });
    let held = find_tag(&known, &own);
    let cached = held.is_some();
    let tag = held.unwrap_or(own);
    let caching = HeaderValue::from_static("public, max-age=0, must-revalidate");
    parts.headers.entry(CACHE_CONTROL).or_insert(caching);
    parts.headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let written = [(ETAG, Some(tag)), (LINK, link)];
    for (name, value) in written {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            parts.headers.insert(name, value);
        }
    }
    if cached {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// The tag of `If-None-Match` by which a client holds an answer, by the weak comparison that RFC 9110 asks
/// for there. What it holds may be encoded: each encoding has a tag of its own.
pub(super) fn find_tag(headers: &[HeaderValue], tag: &str) -> Option<String> {
    let named = headers.iter().filter_map(|header| header.to_str().ok()).flat_map(|list| list.split(','));
    named.map(str::trim).find_map(|one| {
        if one == "*" {
            return Some(tag.to_owned());
        }
        let strong = one.strip_prefix("W/").unwrap_or(one);
        let plain = strong.strip_suffix('"')?;
        let plain = ENCODINGS.iter().find_map(|encoding| plain.strip_suffix(encoding)).unwrap_or(plain);
        (tag.strip_suffix('"') == Some(plain)).then(|| strong.to_owned())
    })
}

/// Gives each encoding of an answer an entity tag of its own: their bytes differ.
pub(super) async fn tag_encoding(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers();
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let (Some(encoding), Some(tag)) = (text(&CONTENT_ENCODING), text(&ETAG))
        && let Some(plain) = tag.strip_suffix('"')
        && let Ok(tag) = HeaderValue::try_from(format!("{plain}-{encoding}\""))
    {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The link to the next page of what was asked for by a path and these parameters.
pub(super) fn link_next(path: &str, pairs: &[Pair], cursor: &str) -> String {
    let same = pairs.iter().filter(|(name, _)| name != "cursor");
    let same = same.map(|(name, value)| (name.as_str(), value.as_str()));
    format!("<{path}?{}>; rel=\"next\"", write_pairs(same.chain([("cursor", cursor)])))
}
