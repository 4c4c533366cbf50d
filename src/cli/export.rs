//! `export`: all clauses as NDJSON.

use std::io::{BufWriter, Write as _};

use super::{Ending, Global};

/// Writes every live clause to stdout, one record a line, as `ingest` takes them.
pub(super) fn export_clauses(global: &Global) -> anyhow::Result<Ending> {
    let desk = global.open_desk()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut count = 0_u64;
    desk.export(|record| -> anyhow::Result<()> {
        serde_json::to_writer(&mut out, &record).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        count += 1;
        Ok(())
    })??;
    out.flush()?;
    Ok(if count > 0 { Ending::Done } else { Ending::Nothing })
}
