//! What handlers take from a request.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use tokio::time::timeout;

use super::pair::{Pair, read_pairs};
use super::problem::{Code, Problem};
use crate::answer::{AnswerError, Params};

/// The largest body, in bytes: a clause of 20,000 characters, each written as two escapes, fits.
pub(super) const MAX_BODY_BYTES: usize = 256 * 1024;

/// The largest form, in bytes: a document of some hundred thousand characters, as browsers encode it, and a
/// clause taken from it.
pub(super) const MAX_FORM_BYTES: usize = 2 << 20;

/// How long a client may take to send a body of this size.
const BODY_WAITS: Duration = Duration::from_secs(30);

/// The parameters in the query string, which the desk checks.
pub(super) struct Asked(pub(super) Params);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self(Params::new(read_query(parts)?)))
    }
}

/// No parameter: any is an error.
pub(super) struct NoParams;

impl<S: Sync> FromRequestParts<S> for NoParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some((name, _)) = read_query(parts)?.into_iter().next() else {
            return Ok(Self);
        };
        let name = name.chars().take(80).collect();
        Err(AnswerError::UnknownParameter { name, suggestion: None, allowed: Vec::new() }.into())
    }
}

/// The pairs in the query string of a page, without those that a form sent empty.
pub(super) struct Pairs(pub(super) Result<Vec<Pair>, Problem>);

impl<S: Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let given = |pairs: Vec<Pair>| pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Ok(Self(read_query(parts).map(given)))
    }
}

fn read_query(parts: &Parts) -> Result<Vec<Pair>, Problem> {
    read_pairs(parts.uri.query().unwrap_or(""))
}

/// The id in the path. One that is no id is an unknown clause, as any other that is not there.
pub(super) struct ClauseName(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for ClauseName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(AnswerError::UnknownClause { id: parts.uri.path().to_owned() }.into()),
        }
    }
}

/// The name in the path of anything but a clause, decoded. One that is no UTF-8 is at no path.
pub(super) struct Name(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(name)| Self(name)).map_err(|_| Problem::of_status(StatusCode::NOT_FOUND))
    }
}

/// A body of a media type.
///
/// # Errors
/// `unsupported_media_type`, `body_too_large`, or `invalid_body` if it does not arrive.
pub(super) async fn read_body(request: Request, media_type: &str) -> Result<Bytes, Problem> {
    read_limited(request, media_type, MAX_BODY_BYTES).await
}

/// A form of a page, whose route takes so much.
///
/// # Errors
/// As of [`read_body`].
pub(super) async fn read_form(request: Request) -> Result<Bytes, Problem> {
    read_limited(request, "application/x-www-form-urlencoded", MAX_FORM_BYTES).await
}

async fn read_limited(request: Request, media_type: &str, most: usize) -> Result<Bytes, Problem> {
    if read_word(request.headers(), CONTENT_TYPE) != media_type {
        return Err(Problem::other_media_type(media_type));
    }
    let body = timeout(BODY_WAITS, Bytes::from_request(request, &())).await;
    let late = |_| Problem::new(Code::InvalidBody, "The body did not arrive in time.");
    body.map_err(late)?.map_err(|rejection: BytesRejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large(most)
        } else {
            Problem::new(Code::InvalidBody, "The body did not arrive whole.")
        }
    })
}

/// What a header says before any parameter, in lower case.
pub(super) fn read_word(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}
