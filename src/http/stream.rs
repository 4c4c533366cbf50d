//! Answers that are written while they are read.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::frame::{find_tag, hash_short};
use super::served::StreamTurn;

/// How many pieces may wait for the client.
const WAITING: usize = 4;

/// How many rows there are, and how many of them are written.
pub(super) const TOTAL_ROWS: HeaderName = HeaderName::from_static("x-total-rows");

/// How long a client may take for the next piece.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the pieces go.
pub(super) struct Pieces {
    sender: Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Pieces {
    /// Hands a piece over, when the client has taken enough of those before; on a thread that may block.
    ///
    /// # Errors
    /// If the client is gone, or takes nothing for a minute.
    pub(super) fn send(&self, piece: Vec<u8>) -> io::Result<()> {
        match self.runtime.block_on(timeout(PATIENCE, self.sender.send(Ok(piece.into())))) {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// What is streamed.
pub(super) struct Streamed {
    /// Its media type.
    pub(super) media_type: &'static str,
    /// The name to save it by.
    pub(super) file_name: &'static str,
    /// The generation: with the address it tells the bytes.
    pub(super) generation: u64,
    /// How many rows there are in all, where that is known.
    pub(super) total: Option<u64>,
}

/// Streams what `write` hands over, on a thread that may block, unless the client has it. A failure on the way breaks the answer off, so
/// that nobody takes a part for the whole.
pub(super) fn stream<F>(
    streamed: &Streamed,
    turn: StreamTurn,
    uri: &Uri,
    asked: &HeaderMap,
    write: F,
) -> Response
where
    F: FnOnce(&Pieces, &Handle) -> io::Result<()> + Send + 'static,
{
    let own = format!("\"{}\"", hash_short(format!("{} {uri}", streamed.generation).as_bytes()));
    let known: Vec<HeaderValue> = asked.get_all(IF_NONE_MATCH).iter().cloned().collect();
    let held = find_tag(&known, &own);
    let cached = held.is_some();
    let tag = held.unwrap_or(own);
    let mut headers = HeaderMap::new();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let disposition = format!("attachment; filename=\"{}\"", streamed.file_name);
    let total = streamed.total.map(|total| total.to_string());
    for (name, value) in [(ETAG, Some(tag)), (CONTENT_DISPOSITION, Some(disposition)), (TOTAL_ROWS, total)] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    if cached {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(streamed.media_type));
    let (sender, receiver) = channel(WAITING);
    let runtime = Handle::current();
    spawn_blocking(move || {
        let _turn = turn;
        let pieces = Pieces { sender, runtime: runtime.clone() };
        if let Err(error) = write(&pieces, &runtime)
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            tracing::error!(cause = %error, "an answer broke off");
            let _ = pieces.sender.blocking_send(Err(error));
        }
    });
    let body = unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    })
    .fuse();
    (headers, Body::from_stream(body)).into_response()
}
