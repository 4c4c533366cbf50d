//! Rejected lines, kept with their reasons.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::IngestError;

/// A line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file that it comes from, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its number, from 1.
    pub line: u64,
    /// What to change.
    pub reason: String,
    /// The line as it was read.
    pub text: String,
}

/// Writes rejects to a file, which is made with the first of them.
pub struct RejectWriter {
    path: PathBuf,
    writer: Option<BufWriter<File>>,
    /// How many were written.
    pub count: u64,
}

impl RejectWriter {
    /// A writer to `path`; what an earlier run left there is removed.
    ///
    /// # Errors
    /// [`IngestError::Rejects`] if the earlier file cannot be removed.
    pub fn new(path: &Path) -> Result<Self, IngestError> {
        match std::fs::remove_file(path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(IngestError::Rejects { path: path.to_owned(), source })
            }
            _ => Ok(Self { path: path.to_owned(), writer: None, count: 0 }),
        }
    }

    /// Writes a reject.
    ///
    /// # Errors
    /// [`IngestError::Rejects`] if the file cannot be written.
    pub fn write(&mut self, reject: &Reject) -> Result<(), IngestError> {
        let fail = |source| IngestError::Rejects { path: self.path.clone(), source };
        if self.writer.is_none() {
            self.writer = Some(BufWriter::new(File::create(&self.path).map_err(fail)?));
        }
        if let Some(writer) = &mut self.writer {
            serde_json::to_writer(&mut *writer, reject).map_err(|error| fail(error.into()))?;
            writer.write_all(b"\n").map_err(fail)?;
        }
        self.count += 1;
        Ok(())
    }

    /// Makes sure that all of it reached the file.
    ///
    /// # Errors
    /// [`IngestError::Rejects`] if the file cannot be written.
    pub fn finish(&mut self) -> Result<(), IngestError> {
        match &mut self.writer {
            Some(writer) => {
                writer.flush().map_err(|source| IngestError::Rejects { path: self.path.clone(), source })
            }
            None => Ok(()),
        }
    }

    /// Where the rejects are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
