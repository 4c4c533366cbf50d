//! Connections: so many at once, none that keeps the server waiting for what it asks, and an end that
//! finishes what was begun.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::front::Front;

/// How long a connection may take for the head of a request, and may be idle before.
const HEAD_WAITS: Duration = Duration::from_secs(30);

/// How long is waited when the system gives no more connections.
const SYSTEM_WAITS: Duration = Duration::from_millis(100);

/// Serves connections until `shutdown` is done, at most `connections` at once; then waits for `wait` for
/// what was begun. A connection that fails ends alone.
pub(super) async fn serve_connections(
    listener: TcpListener,
    front: Front,
    connections: usize,
    wait: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_WAITS);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS)));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut shutdown => break,
        };
        let front = front.clone();
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let front = front.clone();
            async move { Ok::<_, Infallible>(front.answer(request.map(Body::new)).await) }
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(cause = %error, "a connection ended");
            }
        });
    }
    // Nobody new is let in while the rest is finished.
    drop(listener);
    if timeout(wait, graceful.shutdown()).await.is_err() {
        tracing::warn!("answers were still under way when the server stopped");
    }
}

/// The next connection, when there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // It is never closed.
    let place = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are written whole: waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                return (stream, peer, place);
            }
            Err(error) => {
                tracing::warn!(cause = %error, "a connection cannot be taken");
                sleep(SYSTEM_WAITS).await;
            }
        }
    }
}
