//! Makes a collection of any size that is like a real one. `--help` tells how.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;
use crossclause::taxonomy::Taxonomy;
use crossclause_compare::generate::{Wish, generate};
use crossclause_compare::measure::{Measure, tell_side_by_side};
use crossclause_compare::model::Model;
use crossclause_compare::record::{Labeller, Line, read_lines};

/// Makes a collection of any size that is like a real one: NDJSON for `crossclause ingest`.
///
/// The source is what `crossclause export` writes, or lines of {platform, document, heading, text}.
/// Memory grows with the source and the number of platforms, not with the number of clauses.
#[derive(Parser)]
struct Arguments {
    /// The source, NDJSON; `-` is stdin.
    source: PathBuf,
    /// How many clauses.
    #[arg(long, default_value_t = 100_000)]
    clauses: usize,
    /// How many platforms; unless told, 400 for 40,000 clauses, growing as the square root.
    #[arg(long, default_value_t = 0)]
    platforms: usize,
    /// The seed: the same source, size and seed make the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write; stdout unless told.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Measure source and result, and print both side by side on stderr.
    #[arg(long)]
    check: bool,
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(stdin())));
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(Box::new(BufReader::new(file)))
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let taxonomy = Taxonomy::bundled()?;
    // Read once and kept: the source can be a pipe.
    let mut source = String::new();
    std::io::Read::read_to_string(&mut open(&arguments.source)?, &mut source)?;
    let model = Model::read(source.as_bytes(), &taxonomy)?;
    let labeller = Labeller::new(&taxonomy);
    let mut measured = None;
    if arguments.check {
        let mut of_source = Measure::new(&labeller, model.clauses());
        read_lines(source.as_bytes(), |line| {
            of_source.add(&line);
            Ok(())
        })?;
        measured = Some((of_source, Measure::new(&labeller, arguments.clauses)));
    }
    drop(source);
    let out: Box<dyn Write> = match &arguments.out {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(stdout().lock()),
    };
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let wish = Wish { clauses: arguments.clauses, platforms: arguments.platforms, seed: arguments.seed };
    generate(&model, wish, |record| {
        if let Some((_, result)) = &mut measured
            && let Some(line) = Line::read(&record)
        {
            result.add(&line);
        }
        serde_json::to_writer(&mut out, &record)?;
        out.write_all(b"\n")?;
        Ok(())
    })?;
    out.flush()?;
    if let Some((of_source, result)) = &measured {
        eprint!("{}", tell_side_by_side(of_source, result));
    }
    Ok(())
}
