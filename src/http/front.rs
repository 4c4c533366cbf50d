//! What meets requests first. The questions that are asked most are answered here: from the cache, or
//! else by the router, once for all who ask the same at once. Everything else goes to the router.
//!
//! Whether an answer was ready cannot be seen from outside: with or without a cache it is written by
//! the same code, which packs it, compares entity tags, links to the next page and leaves out the body
//! of a HEAD.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tower_http::compression::CompressionLayer;
use tower_service::Service as _;

use super::address;
use super::cache::{AnswerCache, Kept, Key};
use super::encoding::Encoding;
use super::frame::{self, Fronted, RequestId};
use super::pair::{Pair, read_pairs};
use super::problem::Problem;
use super::served::Served;

/// Everything that is served. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    served: Served,
    /// Answers as they are made.
    router: Router,
    /// The same, packed.
    packed: Router,
}

/// A question whose answer may be kept.
struct Asked {
    route: &'static str,
    method: Method,
    uri: Uri,
    pairs: Vec<Pair>,
    /// Tags of answers that the client has.
    knows: Vec<HeaderValue>,
    encoding: Encoding,
}

impl Asked {
    /// Reads a request; `None` if it asks for anything else, or in a way that others must judge.
    fn read(request: &Request) -> Option<Self> {
        let method = request.method();
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let uri = request.uri();
        Some(Self {
            route: find_route(uri.path())?,
            method: method.clone(),
            uri: uri.clone(),
            pairs: read_pairs(uri.query().unwrap_or("")).ok()?,
            knows: request.headers().get_all(IF_NONE_MATCH).iter().cloned().collect(),
            encoding: Encoding::choose(request.headers())?,
        })
    }
}

/// The route of a path whose answers are kept: nothing but path, parameters and generation makes them.
fn find_route(path: &str) -> Option<&'static str> {
    match path {
        "/v1/search" => return Some("/v1/search"),
        "/v1/stats" => return Some("/v1/stats"),
        _ => {}
    }
    let rest = path.strip_prefix("/v1/clauses/")?;
    match rest.split_once('/') {
        None if !rest.is_empty() => Some("/v1/clauses/{id}"),
        Some((id, "comparables")) if !id.is_empty() => Some("/v1/clauses/{id}/comparables"),
        _ => None,
    }
}

impl Front {
    pub(super) fn new(router: Router, served: Served) -> Self {
        let packed = router.clone().layer(CompressionLayer::new());
        Self { served, packed: packed.layer(middleware::from_fn(frame::tag_encoding)), router }
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request) -> Response {
        let began = Instant::now();
        let Some(asked) = Asked::read(&request) else {
            return call(&self.packed, request).await;
        };
        let id = RequestId::of_request(request.headers());
        let mut response = match self.find(&asked, &id, request).await {
            Ok(kept) => kept.write(&asked.method, &asked.uri, &asked.pairs, &asked.knows),
            Err(other) => pack(other, &asked).await,
        };
        let route = Cow::Borrowed(asked.route);
        frame::conclude(&self.served, id, route, &asked.method, began, &mut response);
        response
    }

    /// The answer to a question, or the response that says why there is none.
    async fn find(&self, asked: &Asked, id: &RequestId, request: Request) -> Result<Arc<Kept>, Response> {
        if !address::admits(&self.served, &request) {
            return Err(refuse(&Problem::rate_limited(), id, &asked.uri));
        }
        let newest = self.served.desk.newest().ok();
        let (Some(cache), Some(newest)) = (self.served.cache.as_deref(), newest) else {
            return Ok(self.compute(id, request).await?.pack(asked.encoding).await);
        };
        let number = newest.generation.number;
        let key = Key::of_question(number, asked.encoding, asked.uri.path(), &asked.pairs);
        if let Some(kept) = cache.find(&key) {
            self.served.metrics.count_cached(true);
            return Ok(kept);
        }
        let plain = self.find_plain(cache, &key.plain(), id, request).await?;
        if asked.encoding == Encoding::Plain {
            return Ok(plain);
        }
        let packed = plain.pack(asked.encoding).await;
        cache.keep(key, &packed);
        Ok(packed)
    }

    /// The answer as it is before it is packed: kept, on its way, or computed now.
    async fn find_plain(
        &self,
        cache: &AnswerCache,
        key: &Key,
        id: &RequestId,
        request: Request,
    ) -> Result<Arc<Kept>, Response> {
        // Whoever waits for another waits no longer than for a turn.
        let patience = self.served.desk.queue().limits().time;
        let found = timeout(patience, cache.find_or_take_place(key)).await;
        let was_ready = matches!(found, Ok(Ok(_)));
        self.served.metrics.count_cached(was_ready);
        match found {
            Ok(Ok(kept)) => Ok(kept),
            Ok(Err(place)) => {
                let kept = self.compute(id, request).await?;
                place.fill(key, &kept);
                Ok(kept)
            }
            Err(_) => self.compute(id, request).await,
        }
    }

    /// Asks the router for the answer whole, whatever the client has and takes.
    async fn compute(&self, id: &RequestId, mut request: Request) -> Result<Arc<Kept>, Response> {
        let uri = request.uri().clone();
        *request.method_mut() = Method::GET;
        request.headers_mut().remove(IF_NONE_MATCH);
        request.headers_mut().remove(ACCEPT_ENCODING);
        request.extensions_mut().insert(Fronted);
        request.extensions_mut().insert(id.clone());
        let response = call(&self.router, request).await;
        if response.status() != StatusCode::OK {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) => Ok(Arc::new(Kept::of_parts(parts, &body))),
            Err(error) => Err(refuse(&Problem::internal(&error), id, &uri)),
        }
    }
}

async fn call(router: &Router, request: Request) -> Response {
    match router.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A problem of which the router knows nothing.
fn refuse(problem: &Problem, id: &RequestId, uri: &Uri) -> Response {
    let mut refused = Response::new(Body::empty());
    frame::tell_problem(problem, id, uri.path(), &mut refused);
    refused
}

/// Writes what is no answer as the client takes it: a problem.
async fn pack(response: Response, asked: &Asked) -> Response {
    let (mut parts, body) = response.into_parts();
    let encoding = asked.encoding;
    let Ok(mut body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let plain = body.clone();
    if let Some(header) = encoding.header()
        && let Ok(Ok(packed)) = spawn_blocking(move || encoding.pack(&plain)).await
    {
        body = packed.into();
        parts.headers.insert(CONTENT_ENCODING, header);
    }
    parts.headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let body = if asked.method == Method::HEAD { Body::empty() } else { Body::from(body) };
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_found_as_the_router_finds_them() {
        for (path, expected) in [
            ("/v1/search", Some("/v1/search")),
            ("/v1/search/", None),
            ("/v1/search.csv", None),
            ("/v1/stats", Some("/v1/stats")),
            ("/v1/clauses/a", Some("/v1/clauses/{id}")),
            ("/v1/clauses/a%2Fb", Some("/v1/clauses/{id}")),
            ("/v1/clauses/", None),
            ("/v1/clauses", None),
            ("/v1/clauses//comparables", None),
            ("/v1/clauses/a/", None),
            ("/v1/clauses/a/comparables", Some("/v1/clauses/{id}/comparables")),
            ("/v1/clauses/a/comparables/", None),
            ("/v1/clauses/a/comparables.csv", None),
            ("/v1/clauses/a/history", None),
            ("/v1/clauses/a/b/comparables", None),
            ("/clauses/a", None),
        ] {
            assert_eq!(find_route(path), expected, "{path}");
        }
    }
}
