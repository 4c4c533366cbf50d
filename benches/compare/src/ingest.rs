//! What an ingest takes, ours and that of tantivy by itself, each in a process of its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tantivy::schema::{IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument};

use crate::judge::weigh_records;

/// Threads of the writer, and memory of each.
const THREADS: usize = 2;
const HEAP: usize = THREADS * (64 << 20);

/// How often a process's peak is looked at: it only ever grows.
const LOOK: Duration = Duration::from_millis(20);

/// What a process took.
struct Taken {
    seconds: f64,
    peak: u64,
}

/// Runs a command to its end.
fn run(command: &mut Command) -> Result<Taken> {
    let begin = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        if let Ok(text) = std::fs::read_to_string(&status_file) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
            peak = kilobytes.map_or(peak, |kilobytes| peak.max(kilobytes * 1024));
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
        sleep(LOOK);
    };
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(Taken { seconds: begin.elapsed().as_secs_f64(), peak })
}

/// Bytes of the files under a path.
fn weigh(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    };
    entries.flatten().map(|entry| weigh(&entry.path())).sum()
}

/// Ingests records into an empty collection with our binary, then with tantivy by itself, and
/// writes what both took to `ingest.tsv`: name, seconds, peak bytes, bytes of the index, of the
/// records, of the text, and clauses.
///
/// # Errors
/// If one of them fails.
pub fn compare(binary: &Path, records: &Path, data: &Path, work: &Path) -> Result<()> {
    std::fs::create_dir_all(work)?;
    let (clauses, text) = weigh_records(records)?;
    if data.exists() {
        bail!("{} is there already: an ingest into it would change nothing", data.display());
    }
    let ours = run(Command::new(binary).arg("--data").arg(data).arg("ingest").arg(records))?;
    eprintln!("ingest: {:.1} s, {} MB at most", ours.seconds, ours.peak >> 20);
    let stock = work.join("stock-ingest");
    let own = std::env::current_exe().context("the path of this program")?;
    let theirs = run(Command::new(own).arg("stock-ingest").arg(records).arg(&stock))?;
    eprintln!("tantivy by itself: {:.1} s, {} MB at most", theirs.seconds, theirs.peak >> 20);
    let mut out = File::create(work.join("ingest.tsv"))?;
    let (index, store) = (weigh(&data.join("index")), weigh(&data.join("records.sqlite")));
    writeln!(out, "crossclause\t{}\t{}\t{index}\t{store}\t{text}\t{clauses}", ours.seconds, ours.peak)?;
    writeln!(out, "tantivy\t{}\t{}\t{}\t0\t{text}\t{clauses}", theirs.seconds, theirs.peak, weigh(&stock))?;
    std::fs::remove_dir_all(&stock)?;
    Ok(())
}

/// Indexes records as tantivy would be used for it by itself: text and title analysed and stemmed in
/// English and stored, ids and names as keywords, two threads.
///
/// # Errors
/// If the records cannot be read or the index not be written.
pub fn index_stock(records: &Path, out: &Path) -> Result<()> {
    std::fs::create_dir_all(out)?;
    let mut builder = Schema::builder();
    let stemmed = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let prose = TextOptions::default().set_indexing_options(stemmed).set_stored();
    let (text, title) =
        (builder.add_text_field("text", prose.clone()), builder.add_text_field("title", prose));
    let id = builder.add_text_field("id", STRING | STORED);
    let keywords = [
        ("platform", "/platform/id"),
        ("platform_name", "/platform/name"),
        ("document", "/document/id"),
        ("document_title", "/document/title"),
        ("document_type", "/document/type"),
        ("language", "/language"),
        ("severity", "/severity"),
        ("clause_type", "/clause_type"),
        ("first_seen", "/observed/first_seen"),
        ("last_seen", "/observed/last_seen"),
    ]
    .map(|(name, pointer)| (builder.add_text_field(name, (STRING | STORED).set_fast("raw")), pointer));
    let index = Index::create_in_dir(out, builder.build())?;
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(THREADS, HEAP)?;
    for line in BufReader::with_capacity(1 << 20, File::open(records)?).lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let mut document = TantivyDocument::new();
        for (field, pointer) in [(id, "/id"), (text, "/text"), (title, "/title")].into_iter().chain(keywords)
        {
            if let Some(value) = record.pointer(pointer).and_then(Value::as_str) {
                document.add_text(field, value);
            }
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
