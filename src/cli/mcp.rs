//! `mcp`: a client of the Model Context Protocol, served over stdin and stdout.

use std::sync::Arc;

use anyhow::Context as _;

use super::{Ending, Global};
use crate::answer::Desk;

/// Serves the client that started the program, until it closes stdin. Stdout is the protocol's alone.
pub(super) fn serve_client(global: &Global) -> anyhow::Result<Ending> {
    // Nothing is published yet: the server does that while the client says hello.
    let desk = Desk::new(Arc::new(global.open_collection(false)?));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime can be made")?;
    let served = runtime.block_on(crate::mcp::serve_stdio(desk));
    // A thread that still waits for a terminal's next line must not keep the process alive.
    runtime.shutdown_background();
    served?;
    Ok(Ending::Done)
}
