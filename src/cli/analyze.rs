//! `analyze`: the terms and pairs of terms that texts are made of.

use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::Ending;
use crate::answer::{PlainText, analyze_text};
use crate::search_schema::SearchSchema;

#[derive(Debug, Args)]
pub(super) struct AnalyzeArgs {
    /// NDJSON of {text, title?, language?, platform?}, as records are; `-` is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Writes what each text is made of to stdout, a line of JSON a text.
pub(super) fn analyze_texts(args: &AnalyzeArgs) -> anyhow::Result<Ending> {
    let input: Box<dyn Read> = if args.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(&args.file).with_context(|| args.file.display().to_string())?)
    };
    let schema = SearchSchema::bundled()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut ending = Ending::Nothing;
    for (number, line) in BufReader::new(input).lines().enumerate() {
        let place = || format!("{}, line {}", args.file.display(), number + 1);
        let line = line.with_context(place)?;
        if line.trim().is_empty() {
            continue;
        }
        let plain: PlainText = serde_json::from_str(&line).with_context(place)?;
        serde_json::to_writer(&mut out, &analyze_text(&plain, &schema)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        ending = Ending::Done;
    }
    out.flush()?;
    Ok(ending)
}
