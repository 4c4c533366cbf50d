//! `serve`: the HTTP API and the pages over a collection.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::output::print;
use super::setting::ServeSettings;
use super::{Ending, Global};
use crate::answer::Desk;

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    settings: ServeSettings,
}

/// Serves the collection in the data directory.
pub(super) fn serve_collection(global: &Global, args: &ServeArgs) -> anyhow::Result<Ending> {
    // Nothing is published yet: the server does that, and answers 503 until it has.
    let desk = Desk::new(Arc::new(global.open_collection(false)?));
    let announce = |_: &Desk, address| print(&format!("listening on http://{address}"));
    serve(&args.settings, || Ok(desk), announce)?;
    Ok(Ending::Done)
}

/// Serves until a signal asks to end. The desk is opened once the address is taken, with signals
/// already held back; `announce` is told when all is ready.
pub(super) fn serve(
    settings: &ServeSettings,
    open: impl FnOnce() -> anyhow::Result<Desk>,
    announce: impl FnOnce(&Desk, SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime can be made")?;
    runtime.block_on(async {
        let mut signals = Signals::hold().context("signals cannot be received")?;
        let listener = TcpListener::bind(&settings.listen).await.with_context(|| {
            format!("{} cannot be listened on; --listen names another address and port", settings.listen)
        })?;
        let desk = open()?.with_limits(settings.limits());
        let address = listener.local_addr().context("the address is not known")?;
        let (ask, asked) = oneshot::channel::<()>();
        let shutdown = async move { drop(asked.await) };
        let hurry = async {
            signals.wait().await;
            drop(ask);
            // Whoever asks twice does not want to wait for answers under way.
            signals.wait().await;
        };
        let begin = async {
            // Mostly the first answer can be given at once; a long rebuild is not waited for.
            desk.await_first().await;
            announce(&desk, address)?;
            std::future::pending::<anyhow::Result<()>>().await
        };
        tokio::select! {
            () = crate::http::serve(listener, desk.clone(), settings.options(), shutdown) => Ok(()),
            failed = begin => failed,
            () = hurry => Ok(()),
        }
    })
}

/// Signals that ask the program to end; while they are held it does not end by itself.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn hold() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C, where there is nothing else.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn hold() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
