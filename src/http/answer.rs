//! Answers as responses.

use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::problem::Problem;
use crate::answer::{
    AnswerError, ChangesAnswer, ClauseRecord, ClauseTypeAnswer, ClauseTypeList, ComparablesAnswer, Desk,
    DocumentAnswer, HistoryAnswer, PlatformList, SearchAnswer, StatsAnswer,
};

/// Asks the desk, when it is the question's turn.
pub(super) async fn ask<T, F>(desk: Desk, question: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: AsyncFnOnce(&Desk) -> Result<T, AnswerError> + Send + 'static,
{
    Ok(desk.ask_in_turn(question).await?)
}

/// An answer that says which generation it comes from.
pub(super) trait Dated: Serialize {
    /// The generation.
    fn generation(&self) -> u64;
}

/// An answer of which there may be a next page.
pub(super) trait Paged: Dated {
    /// The cursor of the next page.
    fn next_cursor(&self) -> Option<&str>;
}

macro_rules! dated {
    ($($name:ident)*) => {$(
        impl Dated for $name {
            fn generation(&self) -> u64 {
                self.generation
            }
        }
    )*};
}

macro_rules! paged {
    ($($name:ident)*) => {$(
        dated! { $name }

        impl Paged for $name {
            fn next_cursor(&self) -> Option<&str> {
                self.next_cursor.as_deref()
            }
        }
    )*};
}

paged! {
    ChangesAnswer ClauseTypeAnswer ClauseTypeList ComparablesAnswer DocumentAnswer HistoryAnswer PlatformList
    SearchAnswer
}

dated! { ClauseRecord StatsAnswer }

/// The cursor of the next page, on its way to the header `Link`.
#[derive(Debug, Clone)]
pub(super) struct NextCursor(pub(super) String);

/// The generation of an answer, on its way to the cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnsweredFrom(pub(super) u64);

/// An answer as JSON.
pub(super) fn write_json(answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

/// An answer as JSON, with its generation.
pub(super) fn write_dated(answer: &impl Dated) -> Response {
    let mut response = write_json(answer);
    response.extensions_mut().insert(AnsweredFrom(answer.generation()));
    response
}

/// A page of an answer as JSON.
pub(super) fn write_page(answer: &impl Paged) -> Response {
    let mut response = write_dated(answer);
    if let Some(cursor) = answer.next_cursor() {
        response.extensions_mut().insert(NextCursor(cursor.to_owned()));
    }
    response
}
