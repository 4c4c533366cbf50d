//! One client at the two ends of a stream: what a client that starts the program itself talks over.

use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Server;
use crate::answer::Desk;

/// Why a client could not be served.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// It did not begin as the protocol wants it to.
    #[error("the client did not begin as the Model Context Protocol wants it to")]
    Handshake,
    /// The task that serves it broke.
    #[error("the server broke: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Serves the client at stdin and stdout until it closes stdin. Meanwhile the collection follows what
/// other processes write to it.
///
/// # Errors
/// [`StreamError`].
pub async fn serve_stdio(desk: Desk) -> Result<(), StreamError> {
    let (input, output) = stdio_pipes();
    serve_stream(desk, input, output).await
}

/// Serves the client at a stream until it closes its end; see [`serve_stdio`].
///
/// # Errors
/// [`StreamError`].
pub async fn serve_stream<R, W>(desk: Desk, input: R, output: W) -> Result<(), StreamError>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let following = tokio::spawn(desk.clone().follow_collection());
    // A client does not know to wait; what it sends meanwhile is not lost.
    desk.await_first().await;
    let served = serve(Server::new(desk), input, output).await;
    following.abort();
    served
}

async fn serve<R, W>(server: Server, input: R, output: W) -> Result<(), StreamError>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    match server.serve((input, output)).await {
        Ok(running) => Ok(running.waiting().await.map(drop)?),
        // A client that went away before it said anything wanted nothing.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        // What it sent is not told: nobody knows what is in it.
        Err(_) => Err(StreamError::Handshake),
    }
}
