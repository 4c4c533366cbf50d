//! `ingest` and `annotate`: files in, one unit of writing, and what was rejected beside it.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::output::{print, print_json, tell};
use super::progress::Progress;
use super::{Ending, Global};
use crate::collection::Collection;
use crate::ingest::{
    AnnotationChecker, Batch, Fault, Format, IngestError, IngestUnit, RecordChecker, RejectWriter, Source,
    Summary,
};

/// Standard input among the files.
const STDIN: &str = "-";

#[derive(Debug, Args)]
pub(super) struct IngestArgs {
    /// Files of records; `-` is NDJSON on standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The files hold their documents whole: clauses missing from them are removed
    #[arg(long)]
    complete: bool,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct AnnotateArgs {
    /// File of annotations; `-` is NDJSON on standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// Where rejected lines go, with their reasons [default: rejects.ndjson in the data directory]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Change nothing if any line is rejected
    #[arg(long)]
    strict: bool,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

/// What an ingest did, for programs.
#[derive(Debug, Serialize)]
struct IngestReport {
    #[serde(flatten)]
    summary: Summary,
    generation: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects_file: Option<String>,
}

/// Takes records in.
pub(super) fn ingest_files(global: &Global, args: &IngestArgs) -> anyhow::Result<Ending> {
    let collection = global.open_collection(true)?;
    let taxonomy = collection.taxonomy().clone();
    let checker = RecordChecker::new(&taxonomy)?;
    let put = |unit: &mut IngestUnit<'_>, value: Value| match checker.check(value) {
        Ok(record) => unit.put(record).map(|put| put.map(drop).map_err(Fault::Counted)),
        Err(reason) => Ok(Err(Fault::Fresh(reason))),
    };
    run_unit(&collection, &args.files, &args.common, args.complete, put)
}

/// Lays an analyst's words over clauses.
pub(super) fn annotate_clauses(global: &Global, args: &AnnotateArgs) -> anyhow::Result<Ending> {
    let collection = global.open_collection(false)?;
    let taxonomy = collection.taxonomy().clone();
    let records = RecordChecker::new(&taxonomy)?;
    let checker = AnnotationChecker::new(&records)?;
    let put = |unit: &mut IngestUnit<'_>, value: Value| match checker.check(value) {
        Ok((id, patch)) => unit.annotate(&id, patch).map(|put| put.map(drop).map_err(Fault::Counted)),
        Err(reason) => Ok(Err(Fault::Fresh(reason))),
    };
    run_unit(&collection, std::slice::from_ref(&args.file), &args.common, false, put)
}

fn run_unit(
    collection: &Collection,
    files: &[PathBuf],
    args: &CommonArgs,
    complete: bool,
    put: impl Fn(&mut IngestUnit<'_>, Value) -> Result<Result<(), Fault>, IngestError>,
) -> anyhow::Result<Ending> {
    let path = args.rejects.clone().unwrap_or_else(|| collection.directory().join("rejects.ndjson"));
    refuse_overwriting(files, &path)?;
    let mut rejects = None;
    let mut batch = Batch::default();
    let progress = Progress::over(files);
    let written = collection.write(|unit| -> anyhow::Result<()> {
        // Made once the unit has the writer's lock: until then another ingest may be writing there.
        let rejects = rejects.insert(RejectWriter::new(&path)?);
        for file in files {
            let mut source = open_source(file, &progress)?;
            let name = file.display().to_string();
            let put = |unit: &mut IngestUnit<'_>, value| {
                progress.count_record();
                put(unit, value)
            };
            batch.read(unit, &mut source, Some(&name), put, |reject| rejects.write(&reject))?;
        }
        rejects.finish()?;
        if let (true, Some(first)) = (args.strict, &batch.first) {
            let strict = IngestError::Strict { line: first.line, reason: first.reason.clone() };
            return Err(anyhow::Error::new(strict).context(first.file.clone().unwrap_or_default()));
        }
        batch.finish(unit, complete)?;
        progress.begin_indexing();
        Ok(())
    });
    progress.finish();
    let rejected = rejects.as_ref().map_or(0, |rejects| rejects.count);
    if rejected > 0 {
        let lines = count(rejected, "line", "lines");
        tell(&format!("{lines} rejected; see {}", path.display()));
    }
    let (summary, published) = written?;
    if complete && batch.nameless > 0 {
        let lines = count(batch.nameless, "line was", "lines were");
        tell(&format!(
            "nothing was removed: {lines} rejected without an `id` that can be read, so that nobody knows which clauses are missing; correct the file and ingest it again"
        ));
    }
    let report = IngestReport {
        summary,
        generation: published.generation.number,
        rejects_file: (rejected > 0).then(|| path.display().to_string()),
    };
    if args.json {
        print_json(&report)?
    } else {
        print(&describe_summary(&summary))?
    }
    Ok(Ending::Done)
}

fn open_source(file: &Path, progress: &Progress) -> anyhow::Result<Source> {
    let opened = if file == Path::new(STDIN) {
        let reader = BufReader::new(progress.observe_reader(std::io::stdin()));
        Source::of_reader(Path::new("standard input"), Box::new(reader), Format::Ndjson)
    } else {
        Source::open(file, |file| progress.observe(file))
    };
    Ok(opened.map_err(IngestError::from)?)
}

/// Fails if the rejects file is an input: it is emptied before the inputs are read.
fn refuse_overwriting(files: &[PathBuf], rejects: &Path) -> anyhow::Result<()> {
    let Ok(rejects) = rejects.canonicalize() else {
        return Ok(());
    };
    if files.iter().any(|file| file.canonicalize().is_ok_and(|file| file == rejects)) {
        anyhow::bail!(
            "{} is both read and written with the rejected lines; rename it, or name another file by --rejects",
            rejects.display()
        );
    }
    Ok(())
}

/// A summary on one line.
pub(super) fn describe_summary(summary: &Summary) -> String {
    let Summary { read, added, changed, unchanged, removed, rejected } = summary;
    format!(
        "read {read}, added {added}, changed {changed}, unchanged {unchanged}, removed {removed}, rejected {rejected}"
    )
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
