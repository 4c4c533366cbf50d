//! Where records are read from: NDJSON or CSV, plain or compressed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::line::{Line, LineReader, MAX_LINE_BYTES};
use super::table::{TableError, TableReader};
use serde_json::Value;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A table with a header.
    Csv,
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Zstandard,
}

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// Its ending does not tell what it is.
    #[error(
        "{}: the ending is not one of .ndjson, .jsonl, .csv (each also with .gz or .zst); rename it, or hand NDJSON in by `-`",
        path.display()
    )]
    UnknownEnding {
        /// Its path.
        path: PathBuf,
    },
    /// Its header is no header of records.
    #[error("{}: {source}", path.display())]
    Table {
        /// Its path.
        path: PathBuf,
        /// What to change.
        source: TableError,
    },
}

/// An input of records, read one by one.
pub struct Source {
    path: PathBuf,
    reader: Reader,
}

enum Reader {
    Lines(LineReader<Box<dyn BufRead>>),
    Table(Box<TableReader>),
}

/// One item of an input: its line number, its text, and the value or the reason why there is none.
pub struct Item {
    /// Line number, from 1.
    pub line: u64,
    /// The line as it was read (of a table, the row as JSON).
    pub text: String,
    /// The value, or what to change.
    pub value: Result<Value, String>,
}

/// An item as it was read, for any thread to make an [`Item`] of.
pub(super) enum Raw {
    Line(u64, Line),
    Row(Item),
}

impl Raw {
    /// How much memory it takes, roughly, in bytes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Line(_, Line::Text(text) | Line::NoUtf8 { text, .. } | Line::TooLong { text, .. }) => {
                text.len()
            }
            Self::Row(item) => item.text.len(),
        }
    }

    pub(super) fn read(self) -> Item {
        match self {
            Self::Line(number, line) => read_json(number, line),
            Self::Row(item) => item,
        }
    }
}

fn tell_ending(path: &Path) -> Result<(Format, Packing), SourceError> {
    let unknown = || SourceError::UnknownEnding { path: path.to_owned() };
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(unknown)?.to_lowercase();
    let (stem, packing) = if let Some(stem) = name.strip_suffix(".gz") {
        (stem, Packing::Gzip)
    } else if let Some(stem) = name.strip_suffix(".zst") {
        (stem, Packing::Zstandard)
    } else {
        (name.as_str(), Packing::Plain)
    };
    match stem.rsplit_once('.').map(|(_, ending)| ending) {
        Some("ndjson" | "jsonl") => Ok((Format::Ndjson, packing)),
        Some("csv") => Ok((Format::Csv, packing)),
        _ => Err(unknown()),
    }
}

impl Source {
    /// Opens a file, whose ending tells what it is. `observe` wraps the raw file, to follow how far
    /// it was read.
    ///
    /// # Errors
    /// [`SourceError`] if it cannot be read or is of no known kind.
    pub fn open(path: &Path, observe: impl FnOnce(File) -> Box<dyn Read>) -> Result<Self, SourceError> {
        let (format, packing) = tell_ending(path)?;
        let fail = |source| SourceError::Read { path: path.to_owned(), source };
        let raw = BufReader::new(observe(File::open(path).map_err(fail)?));
        let reader: Box<dyn BufRead> = match packing {
            Packing::Plain => Box::new(raw),
            Packing::Gzip => Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(raw))),
            Packing::Zstandard => {
                Box::new(BufReader::new(zstd::stream::read::Decoder::with_buffer(raw).map_err(fail)?))
            }
        };
        Self::of_reader(path, reader, format)
    }

    /// An input of a known format from any reader; `path` names it in messages.
    ///
    /// # Errors
    /// [`SourceError::Table`] if the header of a table is none.
    pub fn of_reader(path: &Path, reader: Box<dyn BufRead>, format: Format) -> Result<Self, SourceError> {
        let reader = match format {
            Format::Ndjson => Reader::Lines(LineReader::new(reader)),
            Format::Csv => {
                let table = TableReader::new(reader)
                    .map_err(|source| SourceError::Table { path: path.to_owned(), source })?;
                Reader::Table(Box::new(table))
            }
        };
        Ok(Self { path: path.to_owned(), reader })
    }

    /// The next item.
    ///
    /// # Errors
    /// [`SourceError::Read`] if the input cannot be read further.
    pub fn next_item(&mut self) -> Result<Option<Item>, SourceError> {
        Ok(self.next_raw()?.map(Raw::read))
    }

    /// The next items, as many as weigh `size` bytes together, and at most `count`; none at the end.
    ///
    /// # Errors
    /// [`SourceError::Read`] if the input cannot be read further.
    pub(super) fn next_items(&mut self, count: usize, size: usize) -> Result<Vec<Raw>, SourceError> {
        let mut items = Vec::new();
        let mut read = 0;
        while items.len() < count && read < size {
            let Some(item) = self.next_raw()? else { break };
            read += item.size();
            items.push(item);
        }
        Ok(items)
    }

    fn next_raw(&mut self) -> Result<Option<Raw>, SourceError> {
        let fail = |source| SourceError::Read { path: self.path.clone(), source };
        match &mut self.reader {
            Reader::Lines(lines) => {
                Ok(lines.next_line().map_err(fail)?.map(|(number, line)| Raw::Line(number, line)))
            }
            Reader::Table(table) => Ok(table.next_item().map_err(fail)?.map(Raw::Row)),
        }
    }
}

fn read_json(number: u64, line: Line) -> Item {
    match line {
        Line::Text(text) => {
            let value = serde_json::from_str(&text).map_err(|error| {
                // serde_json counts the lines of its input, which is one.
                format!("this is no JSON: {error}").replace(" at line 1 column ", " at column ")
            });
            Item { line: number, text, value }
        }
        Line::NoUtf8 { text, byte } => Item {
            line: number,
            text,
            value: Err(format!("this is no UTF-8: byte {byte} of the line is wrong; save the file as UTF-8")),
        },
        Line::TooLong { text, bytes } => Item {
            line: number,
            text,
            value: Err(format!("the line has {bytes} bytes; at most {MAX_LINE_BYTES} are read")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format() {
        let told = |name: &str| tell_ending(Path::new(name)).ok();
        assert_eq!(told("a.ndjson"), Some((Format::Ndjson, Packing::Plain)));
        assert_eq!(told("a.jsonl.gz"), Some((Format::Ndjson, Packing::Gzip)));
        assert_eq!(told("a.b.CSV.zst"), Some((Format::Csv, Packing::Zstandard)));
        assert_eq!(told("a.json"), None);
        assert_eq!(told("a"), None);
    }
}
