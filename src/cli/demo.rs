//! `demo`: the bundled collection, served from a directory that is removed afterwards.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::output::print;
use super::serve::serve;
use super::setting::ServeSettings;
use super::{Ending, Global};
use crate::answer::Desk;
use crate::collection::Collection;

/// A clause of the demo that many platforms have comparables of.
const SHOWN_CLAUSE: &str = "heartwick.tos.no-training";

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    settings: ServeSettings,
}

/// Serves the bundled demo collection.
pub(super) fn serve_demo(global: &Global, args: &DemoArgs) -> anyhow::Result<Ending> {
    let knowledge = global.read_knowledge()?;
    let directory = tempfile::Builder::new()
        .prefix("crossclause-demo-")
        .tempdir()
        .context("no temporary directory can be made")?;
    let open = || {
        let collection = Collection::open(directory.path(), global.engine_choice(), knowledge, true)?;
        crate::demo::load(&collection)?;
        Ok(Desk::new(Arc::new(collection)))
    };
    serve(&args.settings, open, |desk, address| {
        let published = desk.newest()?;
        print(&format!(
            "The Crossclause demo: {} clauses of {} invented platforms.

  Open      http://{address}/
  Search    curl 'http://{address}/v1/search?q=binding+arbitration&limit=3'
  Compare   curl 'http://{address}/v1/clauses/{SHOWN_CLAUSE}/comparables?limit=3'

Compare shows how other platforms handle what {SHOWN_CLAUSE} says.
Ctrl-C ends the demo and removes its data.
",
            published.generation.live,
            published.platforms.len(),
        ))
    })?;
    directory.close().context("the temporary directory cannot be removed")?;
    Ok(Ending::Done)
}
