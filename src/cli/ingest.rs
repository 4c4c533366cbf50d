//! `ingest` and `annotate`: files in, one unit of writing, and what was rejected beside it.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::output::{print, print_json, tell};
use super::progress::Progress;
use super::{Ending, Global};
use crate::collection::Collection;
use crate::ingest::{
    AnnotationChecker, Batch, Format, IngestError, IngestUnit, Input, RecordChecker, Reject, RejectWriter,
    Source, Summary,
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
    let mut run = Run::begin(&collection, &args.files, &args.common)?;
    let mut nameless = 0;
    let written = collection.take_in(|intake| -> anyhow::Result<()> {
        run.open_rejects()?;
        for file in &args.files {
            let (mut source, name) = run.open(file)?;
            let (progress, rejects) = (&run.progress, &mut run.rejects);
            intake.read(
                &mut source,
                Some(&name),
                || progress.count_record(),
                |reject| rejects.iter_mut().try_for_each(|rejects| rejects.write(&reject)),
            )?;
        }
        run.finish_reading(intake.first_reject())?;
        nameless = intake.finish(args.complete)?;
        run.progress.begin_indexing();
        Ok(())
    });
    run.tell_rejects();
    let (summary, generation) = written?;
    if args.complete && nameless > 0 {
        let lines = count(nameless, "line was", "lines were");
        tell(&format!(
            "nothing was removed: {lines} rejected without an `id` that can be read, so that nobody knows which clauses are missing; correct the file and ingest it again"
        ));
    }
    run.report(summary, generation.number)
}

/// Lays an analyst's words over clauses.
pub(super) fn annotate_clauses(global: &Global, args: &AnnotateArgs) -> anyhow::Result<Ending> {
    let collection = global.open_collection(false)?;
    let taxonomy = collection.taxonomy().clone();
    let records = RecordChecker::new(&taxonomy)?;
    let checker = AnnotationChecker::new(&records)?;
    let files = std::slice::from_ref(&args.file);
    let mut run = Run::begin(&collection, files, &args.common)?;
    let written = collection.write(|unit| -> anyhow::Result<()> {
        run.open_rejects()?;
        let (mut source, name) = run.open(&args.file)?;
        let (progress, rejects) = (&run.progress, &mut run.rejects);
        let mut batch = Batch::default();
        batch.read(
            unit,
            Input { source: &mut source, file: Some(&name) },
            1,
            || Box::new(|value| checker.check(value)),
            |unit: &mut IngestUnit<'_>, (id, patch)| {
                progress.count_record();
                Ok(unit.annotate(&id, patch)?.map(drop))
            },
            |reject| rejects.iter_mut().try_for_each(|rejects| rejects.write(&reject)),
        )?;
        run.finish_reading(batch.first.as_ref())?;
        run.progress.begin_indexing();
        Ok(())
    });
    run.tell_rejects();
    let (summary, published) = written?;
    run.report(summary, published.generation.number)
}

/// What `ingest` and `annotate` have in common.
struct Run<'a> {
    args: &'a CommonArgs,
    path: PathBuf,
    rejects: Option<RejectWriter>,
    progress: Progress,
}

impl<'a> Run<'a> {
    fn begin(collection: &Collection, files: &[PathBuf], args: &'a CommonArgs) -> anyhow::Result<Self> {
        let path = args.rejects.clone().unwrap_or_else(|| collection.directory().join("rejects.ndjson"));
        refuse_overwriting(files, &path)?;
        Ok(Self { args, path, rejects: None, progress: Progress::over(files) })
    }

    /// Made once the unit has the writer's lock: until then another ingest may be writing there.
    fn open_rejects(&mut self) -> anyhow::Result<()> {
        self.rejects = Some(RejectWriter::new(&self.path)?);
        Ok(())
    }

    fn open(&self, file: &Path) -> anyhow::Result<(Source, String)> {
        Ok((open_source(file, &self.progress)?, file.display().to_string()))
    }

    /// Fails if a line was rejected and none was to be.
    fn finish_reading(&mut self, first: Option<&Reject>) -> anyhow::Result<()> {
        if let Some(rejects) = &mut self.rejects {
            rejects.finish()?;
        }
        if let (true, Some(first)) = (self.args.strict, first) {
            let strict = IngestError::Strict { line: first.line, reason: first.reason.clone() };
            return Err(anyhow::Error::new(strict).context(first.file.clone().unwrap_or_default()));
        }
        Ok(())
    }

    fn count_rejects(&self) -> u64 {
        self.rejects.as_ref().map_or(0, |rejects| rejects.count)
    }

    fn tell_rejects(&self) {
        self.progress.finish();
        let rejected = self.count_rejects();
        if rejected > 0 {
            let lines = count(rejected, "line", "lines");
            tell(&format!("{lines} rejected; see {}", self.path.display()));
        }
    }

    fn report(&self, summary: Summary, generation: u64) -> anyhow::Result<Ending> {
        let rejects_file = (self.count_rejects() > 0).then(|| self.path.display().to_string());
        let report = IngestReport { summary, generation, rejects_file };
        if self.args.json {
            print_json(&report)?
        } else {
            print(&describe_summary(&summary))?
        }
        Ok(Ending::Done)
    }
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
