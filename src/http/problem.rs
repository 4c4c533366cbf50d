//! Errors as clients read them: RFC 9457 problems with a closed table of codes.

use std::error::Error;

use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::MAX_BODY_BYTES;
use crate::answer::{AnswerError, Thing, tell_chain};
use crate::collection::CollectionError;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident $code:literal $status:ident $title:literal $advice:literal;)*) => {
        /// The codes of errors: all there are.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$meta])* $variant,)*
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The status that it comes with.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// What it means, the same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What to do about it, in Markdown of one line.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)* }
            }
        }
    };
}

codes! {
    /// A parameter that does not exist.
    UnknownParameter "unknown_parameter" BAD_REQUEST "There is no such parameter"
        "Take one of `allowed`; `suggestion` is the nearest. Nothing is ever ignored.";
    /// A value that a parameter does not take.
    InvalidValue "invalid_value" BAD_REQUEST "A parameter does not take this value"
        "Take one of `allowed`, or what `detail` says; `suggestion` is the nearest.";
    /// A parameter that is missing, given too often, too long or badly encoded.
    BadParameter "bad_parameter" BAD_REQUEST "A parameter is missing, given too often, too long or badly encoded"
        "See `detail`.";
    /// A cursor of another question.
    InvalidCursor "invalid_cursor" BAD_REQUEST "The cursor belongs to another question"
        "Begin again without it, and change nothing but `limit` while paging.";
    /// A body that is not the JSON that is asked for.
    InvalidBody "invalid_body" BAD_REQUEST "The body is not the JSON object that is asked for"
        "See `detail`, which names the place.";
    /// A cursor whose generation is not served any more.
    CursorExpired "cursor_expired" GONE "The cursor has expired"
        "Begin again without it: the collection has changed.";
    /// A clause that is not in the collection.
    ClauseNotFound "clause_not_found" NOT_FOUND "There is no such clause"
        "Take an id from a search. Ids never change.";
    /// A clause that was in the collection and is gone.
    ClauseGone "clause_gone" GONE "The clause is gone"
        "Take `replaced_by`, if it is there, or the history of the clause.";
    /// A wording that its clause does not have.
    WordingNotFound "wording_not_found" NOT_FOUND "The clause has no such wording"
        "Take a number that `detail` names.";
    /// A platform that has no clause in the collection.
    PlatformNotFound "platform_not_found" NOT_FOUND "There is no such platform"
        "Take `suggestion`, or one of `/v1/platforms`.";
    /// A document that has no clause in the collection.
    DocumentNotFound "document_not_found" NOT_FOUND "There is no such document"
        "Take one that a platform or a clause names.";
    /// A clause type that the taxonomy lacks.
    ClauseTypeNotFound "clause_type_not_found" NOT_FOUND "There is no such clause type"
        "Take `suggestion`, or one of `/v1/clause-types`.";
    /// A URL of which there is no page here.
    UrlNotFound "url_not_found" NOT_FOUND "There is nothing to embed at this URL"
        "Of `/oembed`: give the address of a clause's page of this server.";
    /// A path that does not exist.
    NotFound "not_found" NOT_FOUND "There is nothing at this path"
        "Take a path of `/v1/openapi.json`.";
    /// A method that the path does not take.
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "The path does not take this method"
        "Take one of the header `Allow`.";
    /// A body that is too large.
    BodyTooLarge "body_too_large" PAYLOAD_TOO_LARGE "The body is too large"
        "Send one clause, not a document.";
    /// A body of another media type.
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "The body is of another media type"
        "Send the `Content-Type` that `detail` names.";
    /// A format that an answer is not given in.
    FormatNotProvided "format_not_provided" NOT_IMPLEMENTED "The answer is not given in this format"
        "Of `/oembed`: ask for `json` or `xml`.";
    /// No generation is published yet.
    NotReady "not_ready" SERVICE_UNAVAILABLE "The collection is not ready yet"
        "Wait for the seconds of `Retry-After`, then ask again.";
    /// The question took too long.
    DeadlineExceeded "deadline_exceeded" SERVICE_UNAVAILABLE "The question took too long"
        "Filter, or raise `min_score`.";
    /// Too many questions at once.
    Overloaded "overloaded" SERVICE_UNAVAILABLE "Too many questions at once"
        "Wait for the seconds of `Retry-After`, then ask again.";
    /// Too many requests of one address.
    RateLimited "rate_limited" TOO_MANY_REQUESTS "Too many requests from one address"
        "Wait for the seconds of `Retry-After`, then ask again.";
    /// A write without a key, or with one that is not known.
    Unauthorized "unauthorized" UNAUTHORIZED "A key is needed to write"
        "Send `Authorization: Bearer KEY` with a key that the server knows.";
    /// A write to a server that takes none.
    WritesDisabled "writes_disabled" FORBIDDEN "This server takes no writes"
        "Whoever runs it may configure a key.";
    /// A record that is rejected where all were to be taken.
    RecordRejected "record_rejected" UNPROCESSABLE_ENTITY "A record is rejected, and nothing was changed"
        "Correct the line, or leave out `strict`.";
    /// A write beside another one.
    WriteInProgress "write_in_progress" SERVICE_UNAVAILABLE "Another process is writing"
        "Wait for the seconds of `Retry-After`, then ask again.";
    /// Something failed here.
    Internal "internal" INTERNAL_SERVER_ERROR "Something failed here"
        "Tell whoever runs it the `request_id`: the cause is in the log under it.";
}

impl Code {
    /// After how many seconds a client may try again, where that may help.
    #[must_use]
    pub fn retry_after(self) -> Option<u64> {
        match self {
            Self::NotReady | Self::Overloaded | Self::RateLimited => Some(1),
            Self::WriteInProgress => Some(5),
            _ => None,
        }
    }
}

/// What went wrong, before it is known for which request.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) detail: String,
    pub(super) parameter: Option<Box<str>>,
    pub(super) suggestion: Option<Box<str>>,
    pub(super) allowed: Vec<String>,
    /// The clause that says the same now.
    pub(super) replaced_by: Option<Box<str>>,
    /// The chain of causes: for the log, never for clients.
    pub(super) cause: Option<Box<str>>,
}

/// An error as a client reads it: `application/problem+json`, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemView<'a> {
    /// Where the code is explained, relative to this server.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What went wrong this time, and what to change.
    detail: &'a str,
    /// The code: stable, for programs.
    code: Code,
    /// The request's id, as in `x-request-id`.
    request_id: &'a str,
    /// The path that was asked for.
    instance: &'a str,
    /// The parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    /// The nearest that is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    /// What is allowed, where it can be listed.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    allowed: &'a [String],
    /// Of a clause that is gone: the id of the one that says the same now.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<&'a str>,
}

impl Problem {
    /// A problem of a code, in words for this occurrence.
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            parameter: None,
            suggestion: None,
            allowed: Vec::new(),
            replaced_by: None,
            cause: None,
        }
    }

    /// A parameter that is wrong as it is given.
    pub(super) fn bad_parameter(name: &str, problem: &str) -> Self {
        AnswerError::BadParameter { name: name.to_owned(), problem: problem.to_owned() }.into()
    }

    /// A failure that clients learn nothing about.
    pub(super) fn internal(error: &dyn Error) -> Self {
        let detail = "The request could not be answered. Its id is logged with the cause.";
        Self { cause: Some(tell_chain(error).into()), ..Self::new(Code::Internal, detail) }
    }

    /// A body that is over the limit.
    pub(super) fn too_large(most: usize) -> Self {
        let detail = format!("At most {most} bytes are taken.");
        Self::new(Code::BodyTooLarge, detail)
    }

    /// A body of a media type that is not taken.
    pub(super) fn other_media_type(taken: &str) -> Self {
        Self::new(Code::UnsupportedMediaType, format!("Send `Content-Type: {taken}`."))
    }

    /// A write to a server without keys.
    pub(super) fn writes_disabled() -> Self {
        let detail = "No write key is configured; `crossclause config --new-key NAME` makes one.";
        Self::new(Code::WritesDisabled, detail)
    }

    /// A write without a key that is known.
    pub(super) fn unauthorized() -> Self {
        let detail = "Send `Authorization: Bearer KEY` with a key that this server knows.";
        Self::new(Code::Unauthorized, detail)
    }

    /// A request of an address that asks too often.
    pub(super) fn rate_limited() -> Self {
        let detail = "This address asks too often; wait for the seconds that Retry-After names.";
        Self::new(Code::RateLimited, detail)
    }

    /// The problem of an error that axum made: nobody described it.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(Code::NotFound, "/v1/openapi.json lists what there is."),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(Code::MethodNotAllowed, "The header Allow lists the methods that the path takes.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(MAX_BODY_BYTES),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::other_media_type("application/json"),
            status if status.is_client_error() => Self::new(Code::InvalidBody, "The request cannot be read."),
            _ => Self::new(Code::Internal, "The request could not be answered."),
        }
    }

    /// The headers and the body for one request.
    pub(super) fn write(&self, request_id: &str, path: &str) -> (HeaderMap, Vec<u8>) {
        let view = ProblemView {
            kind: format!("/docs/errors#{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: &self.detail,
            code: self.code,
            request_id,
            instance: path,
            parameter: self.parameter.as_deref(),
            suggestion: self.suggestion.as_deref(),
            allowed: &self.allowed,
            replaced_by: self.replaced_by.as_deref(),
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.code.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthorized {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        (headers, serde_json::to_vec(&view).unwrap_or_default())
    }
}

impl IntoResponse for Problem {
    /// Only the status: the request's id and path are known further out, where the rest is written.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        let detail = error.to_string();
        match error {
            AnswerError::UnknownParameter { name, suggestion, allowed } => Self {
                parameter: Some(name.into()),
                suggestion: suggestion.map(Into::into),
                allowed,
                ..Self::new(Code::UnknownParameter, detail)
            },
            AnswerError::InvalidValue { name, value: _, suggestion, expected: _, allowed } => Self {
                parameter: Some(name.into()),
                suggestion: suggestion.map(Into::into),
                allowed,
                ..Self::new(Code::InvalidValue, detail)
            },
            AnswerError::BadParameter { name, problem: _ } => {
                Self { parameter: Some(name.into()), ..Self::new(Code::BadParameter, detail) }
            }
            AnswerError::InvalidCursor => {
                Self { parameter: Some("cursor".into()), ..Self::new(Code::InvalidCursor, detail) }
            }
            AnswerError::CursorExpired => {
                Self { parameter: Some("cursor".into()), ..Self::new(Code::CursorExpired, detail) }
            }
            AnswerError::UnknownClause { id: _ } => Self::new(Code::ClauseNotFound, detail),
            AnswerError::UnknownThing { kind, id: _, suggestion } => {
                let code = match kind {
                    Thing::Platform => Code::PlatformNotFound,
                    Thing::Document => Code::DocumentNotFound,
                    Thing::ClauseType => Code::ClauseTypeNotFound,
                };
                Self { suggestion: suggestion.map(Into::into), ..Self::new(code, detail) }
            }
            AnswerError::UnknownWording { .. } => Self::new(Code::WordingNotFound, detail),
            AnswerError::ClauseGone { id: _, ended_at: _, replaced_by } => {
                Self { replaced_by: replaced_by.map(Into::into), ..Self::new(Code::ClauseGone, detail) }
            }
            AnswerError::NotReady | AnswerError::Collection(CollectionError::NotReady { .. }) => {
                Self::new(Code::NotReady, AnswerError::NotReady.to_string())
            }
            AnswerError::Overloaded => Self::new(Code::Overloaded, detail),
            AnswerError::Collection(CollectionError::Locked { .. }) => {
                Self::new(Code::WriteInProgress, "Another process writes to the collection; try again.")
            }
            AnswerError::Collection(CollectionError::Rejected { .. }) => {
                Self::new(Code::RecordRejected, detail)
            }
            AnswerError::Deadline => Self::new(Code::DeadlineExceeded, detail),
            AnswerError::Background { source } => Self::internal(&source),
            AnswerError::Store(error) => Self::internal(&error),
            AnswerError::Engine(error) => Self::internal(&error),
            AnswerError::Collection(error) => Self::internal(&error),
        }
    }
}

impl From<CollectionError> for Problem {
    fn from(error: CollectionError) -> Self {
        AnswerError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineError;

    #[test]
    fn failures_say_nothing_internal() {
        let source = "disk on fire".into();
        let failure = EngineError::Storage { path: "/secret/index".into(), source };
        let problem = Problem::from(AnswerError::from(failure));
        assert_eq!(problem.code, Code::Internal);
        let cause = problem.cause.as_deref().unwrap_or_default();
        assert!(cause.contains("/secret/index") && cause.contains("disk on fire"), "{cause}");
        let (_, body) = problem.write("id", "/v1/search");
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(!body.contains("secret") && !body.contains("fire"), "{body}");
    }

    #[test]
    fn what_an_engine_gives_up_has_a_code() {
        let code = |error: EngineError| Problem::from(AnswerError::from(error)).code;
        assert_eq!(code(EngineError::GenerationGone { generation: 1 }), Code::CursorExpired);
        assert_eq!(code(EngineError::Deadline), Code::DeadlineExceeded);
    }
}
