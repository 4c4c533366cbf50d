//! How far an ingest is, on a terminal.

use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How many records pass between two looks at their number.
const RECORDS_A_LOOK: u64 = 500;

/// What is shown where nobody knows how long it takes.
const WAITING: &str = "{spinner} {msg}  {elapsed}";

/// How often that moves.
const TICK: Duration = Duration::from_millis(120);

/// A bar over the bytes of all inputs; nothing at all where stderr is no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    records: Cell<u64>,
}

impl Progress {
    /// A bar over files. The length of standard input (`-`) is not known.
    pub(super) fn over(files: &[PathBuf]) -> Self {
        let sizes: Option<u64> =
            files.iter().map(|path| std::fs::metadata(path).ok().map(|found| found.len())).sum();
        let (bar, template) = match sizes {
            Some(bytes) => (
                ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr()),
                "{bar:30} {percent:>3} %  {msg}  {binary_bytes_per_sec}  {eta} left",
            ),
            None => (
                ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
                "{spinner} {binary_bytes}  {msg}  {binary_bytes_per_sec}",
            ),
        };
        Self { bar: style(bar, template).with_message("0 records"), records: Cell::new(0) }
    }

    /// A sign of life where nobody knows how long it takes.
    pub(super) fn without_end(message: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_message(message);
        let bar = style(bar, WAITING);
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, records: Cell::new(0) }
    }

    /// Follows how far a file is read.
    pub(super) fn observe(&self, file: File) -> Box<dyn Read> {
        Box::new(self.bar.wrap_read(file))
    }

    /// Follows how far any reader is read.
    pub(super) fn observe_reader<R: Read + 'static>(&self, reader: R) -> Box<dyn Read> {
        Box::new(self.bar.wrap_read(reader))
    }

    /// Counts a record.
    pub(super) fn count_record(&self) {
        let records = self.records.get() + 1;
        self.records.set(records);
        if records.is_multiple_of(RECORDS_A_LOOK) {
            self.bar.set_message(format!("{records} records"));
        }
    }

    /// Everything is read, and the store and the index are written.
    pub(super) fn begin_indexing(&self) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_message(format!("{} records read, writing the index", self.records.get()));
        let bar = style(self.bar.clone(), WAITING);
        bar.enable_steady_tick(TICK);
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
