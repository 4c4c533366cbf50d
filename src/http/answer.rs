//! Answers as responses.

use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::problem::Problem;
use crate::answer::{
    AnswerError, ChangesAnswer, ClauseTypeAnswer, ClauseTypeList, ComparablesAnswer, Desk, DocumentAnswer,
    HistoryAnswer, PlatformList, SearchAnswer,
};

/// Asks the desk, when it is the question's turn.
pub(super) async fn ask<T, F>(desk: Desk, question: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: AsyncFnOnce(&Desk) -> Result<T, AnswerError> + Send + 'static,
{
    Ok(desk.ask_in_turn(question).await?)
}

/// An answer of which there may be a next page.
pub(super) trait Paged: Serialize {
    /// The cursor of the next page.
    fn next_cursor(&self) -> Option<&str>;
}

macro_rules! paged {
    ($($name:ident)*) => {$(
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

/// The cursor of the next page, on its way to the header `Link`.
#[derive(Debug, Clone)]
pub(super) struct NextCursor(pub(super) String);

/// An answer as JSON.
pub(super) fn write_json(answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

/// A page of an answer as JSON.
pub(super) fn write_page(answer: &impl Paged) -> Response {
    let mut response = write_json(answer);
    if let Some(cursor) = answer.next_cursor() {
        response.extensions_mut().insert(NextCursor(cursor.to_owned()));
    }
    response
}
