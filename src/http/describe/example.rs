//! A problem of each code, made as the server makes it, so that examples cannot drift from answers.

use axum::http::StatusCode;
use serde_json::Value;

use crate::answer::{AnswerError, Thing};
use crate::collection::CollectionError;
use crate::http::embed::oembed::{not_found, other_format};
use crate::http::extract::MAX_BODY_BYTES;
use crate::http::problem::{Code, Problem};

/// The id of the requests that the examples answer.
const REQUEST_ID: &str = "6f1d0c5e2b9a4471";

/// What a client reads when something is wrong, as an example of a code.
pub(in crate::http) fn show_problem(code: Code) -> Value {
    let (path, problem) = make_problem(code);
    let (_, body) = problem.write(REQUEST_ID, path);
    serde_json::from_slice(&body).unwrap_or_default()
}

/// A problem of a code, and the path at which it could occur.
fn make_problem(code: Code) -> (&'static str, Problem) {
    let own = str::to_owned;
    let list = |words: &[&str]| words.iter().map(|&word| own(word)).collect::<Vec<_>>();
    let unknown = |kind, id: &str, suggestion: Option<&str>| AnswerError::UnknownThing {
        kind,
        id: own(id),
        suggestion: suggestion.map(own),
    };
    let (path, error) = match code {
        Code::UnknownParameter => {
            let allowed = list(&["q", "limit"]);
            let name = own("limt");
            ("/v1/suggest", AnswerError::UnknownParameter { name, suggestion: Some(own("limit")), allowed })
        }
        Code::InvalidValue => {
            let allowed = ["high", "medium", "low", "unrated"];
            let expected = format!("allowed are {}", allowed.join(", "));
            let (name, value, suggestion) = (own("severity"), own("hihg"), Some(own("high")));
            let allowed = list(&allowed);
            ("/v1/search", AnswerError::InvalidValue { name, value, suggestion, expected, allowed })
        }
        Code::BadParameter => {
            let problem = own("is missing: a clause's id, or ID@N for one of its wordings");
            ("/v1/diff", AnswerError::BadParameter { name: own("from"), problem })
        }
        Code::InvalidCursor => ("/v1/search", AnswerError::InvalidCursor),
        Code::CursorExpired => ("/v1/search", AnswerError::CursorExpired),
        Code::ClauseNotFound => ("/v1/clauses/nobody", AnswerError::UnknownClause { id: own("nobody") }),
        Code::ClauseGone => {
            let replaced_by = Some(own("quillhaven.tos.disputes"));
            let (id, ended_at) = (own("quillhaven.tos.arbitration"), Some(own("2026-05-14T09:30:00Z")));
            ("/v1/clauses/quillhaven.tos.arbitration", AnswerError::ClauseGone { id, ended_at, replaced_by })
        }
        Code::WordingNotFound => {
            let (id, number) = (own("quillhaven.tos.arbitration"), own("7"));
            ("/v1/diff", AnswerError::UnknownWording { id, number, last: 2 })
        }
        Code::PlatformNotFound => {
            ("/v1/platforms/quilhaven", unknown(Thing::Platform, "quilhaven", Some("quillhaven")))
        }
        Code::DocumentNotFound => (
            "/v1/documents/quillhaven.toss",
            unknown(Thing::Document, "quillhaven.toss", Some("quillhaven.tos")),
        ),
        Code::ClauseTypeNotFound => {
            ("/v1/clause-types/ai-trainig", unknown(Thing::ClauseType, "ai-trainig", Some("ai-training")))
        }
        Code::NotReady => ("/v1/search", AnswerError::NotReady),
        Code::DeadlineExceeded => ("/v1/search", AnswerError::Deadline),
        Code::NotFound => return ("/v1/claus", Problem::of_status(StatusCode::NOT_FOUND)),
        Code::MethodNotAllowed => return ("/v1/search", Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)),
        Code::BodyTooLarge => return ("/v1/comparables", Problem::too_large(MAX_BODY_BYTES)),
        Code::UnsupportedMediaType => {
            return ("/v1/comparables", Problem::other_media_type("application/json"));
        }
        Code::InvalidBody => {
            let detail = "The body is not JSON: something is wrong at line 1, column 19.";
            return ("/v1/comparables", Problem::new(code, detail));
        }
        Code::UrlNotFound => return ("/oembed", not_found("`url` is no address of this server")),
        Code::FormatNotProvided => return ("/oembed", other_format()),
        Code::Overloaded => ("/v1/search", AnswerError::Overloaded),
        Code::RateLimited => return ("/v1/search", Problem::rate_limited()),
        Code::Unauthorized => return ("/v1/clauses", Problem::unauthorized()),
        Code::WritesDisabled => return ("/v1/clauses", Problem::writes_disabled()),
        Code::RecordRejected => {
            let (line, reason) = (3, own("`text` is missing"));
            ("/v1/clauses", CollectionError::Rejected { line, reason }.into())
        }
        Code::WriteInProgress => {
            let path = "crossclause-data".into();
            ("/v1/clauses", CollectionError::Locked { path }.into())
        }
        Code::Internal => return ("/v1/search", Problem::internal(&std::fmt::Error)),
    };
    (path, error.into())
}
