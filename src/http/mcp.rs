//! The Model Context Protocol at `/mcp`: streamable HTTP without sessions or streams, so that any process
//! may answer any request, and nothing is left open when the server stops.

use std::net::IpAddr;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, any};
use serde_json::json;

use super::extract::MAX_BODY_BYTES;
use super::frame::ToldAlready;
use super::served::Served;
use crate::answer::Desk;
use crate::mcp::{HttpService, make_http_service};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The longest refusal that is handed on, in bytes.
const MAX_REFUSAL: usize = 4 * 1024;

/// The code that JSON-RPC has for a request that is none.
const INVALID_REQUEST: i32 = -32_600;

/// The route, which answers POST.
pub(super) fn serve_mcp(desk: Desk) -> MethodRouter<Served> {
    let service = make_http_service(desk, MAX_BODY_BYTES);
    any(move |request: Request| {
        let service = service.clone();
        async move { answer(&service, request).await }
    })
}

async fn answer(service: &HttpService, request: Request) -> Response {
    let response = if request.headers().get_all(ORIGIN).iter().all(|o| is_allowed(o, request.headers())) {
        service.handle(request).await.map(Body::new)
    } else {
        let mut refused = Response::new(Body::from("this origin may not ask here"));
        *refused.status_mut() = StatusCode::FORBIDDEN;
        refused
    };
    let mut response = tell_refusal(response).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(ToldAlready);
    response
}

/// Errors are JSON-RPC's, as clients of the protocol read them; those about HTTP come as plain text.
async fn tell_refusal(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.headers().get(CONTENT_TYPE) == Some(&JSON) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let text = to_bytes(body, MAX_REFUSAL).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let message = if status.is_server_error() { "The request could not be answered." } else { &text };
    let error = json!({"jsonrpc": "2.0", "id": null, "error": {"code": INVALID_REQUEST, "message": message}});
    parts.headers.insert(CONTENT_TYPE, JSON);
    Response::from_parts(parts, Body::from(error.to_string()))
}

/// Whether a page of this origin may ask. A browser names the origin of whatever it posts; programs name
/// none. Pages of this machine may ask, and those of the server itself, if the name is surely its own: by
/// plain HTTP anyone can let a name of theirs lead to a server in someone's network (DNS rebinding).
fn is_allowed(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let Some(origin) = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok()) else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (origin.scheme_str(), origin.authority()) else {
        return false;
    };
    let port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    let name = bare_name(authority);
    let address = name.parse::<IpAddr>().ok();
    if name == "localhost" || name.ends_with(".localhost") || address.is_some_and(|it| it.is_loopback()) {
        return true;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let is_own = host.is_some_and(|host| {
        bare_name(&host) == name && host.port_u16().unwrap_or(port) == authority.port_u16().unwrap_or(port)
    });
    is_own && (scheme == "https" || address.is_some())
}

/// The name or address of a host, an IPv6 address without its brackets.
fn bare_name(authority: &Authority) -> String {
    authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_strangers_may_not_ask() {
        let check = |origin: &str, host: &str, allowed: bool| {
            let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_str(host).unwrap())]);
            let origin = HeaderValue::from_str(origin).unwrap();
            assert_eq!(is_allowed(&origin, &headers), allowed, "{origin:?} at {host}");
        };
        check("http://localhost:3000", "127.0.0.1:7700", true);
        check("http://127.0.0.1:7700", "127.0.0.1:7700", true);
        check("http://[::1]:7700", "[::1]:7700", true);
        check("http://app.localhost", "localhost:7700", true);
        check("http://192.168.1.5:7700", "192.168.1.5:7700", true);
        check("http://[fd00::5]:7700", "[FD00::5]:7700", true);
        check("https://clauses.example", "clauses.example", true);
        check("https://clauses.example:443", "Clauses.Example", true);
        // The port tells origins apart.
        check("http://192.168.1.5:80", "192.168.1.5:7700", false);
        check("https://clauses.example:8443", "clauses.example", false);
        // A name that leads here without a certificate is anyone's.
        check("http://evil.example:7700", "evil.example:7700", false);
        check("https://evil.example", "clauses.example", false);
        check("http://localhost.evil.example", "127.0.0.1:7700", false);
        check("http://127.0.0.1.evil.example", "127.0.0.1:7700", false);
        check("null", "127.0.0.1:7700", false);
        check("file://", "127.0.0.1:7700", false);
        check("", "127.0.0.1:7700", false);
        check("chrome-extension://localhost", "localhost", false);
    }
}
