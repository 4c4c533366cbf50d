//! Backups: one file, taken while the collection is served and written, and a data directory made from it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Collection, CollectionError, RECORDS};
use crate::store::Generation;

/// How an SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Where its header has the version of what is stored: never 0 in a record store.
const VERSION_AT: std::ops::Range<usize> = 60..64;

/// The length of that header, in bytes.
const HEADER: usize = 100;

/// The file in a restored directory that says which backup it was made from.
const ORIGIN: &str = "restored-from";

impl Collection {
    /// Writes all records with their histories to one file, as they stand in one generation, whatever is
    /// written meanwhile. A file that is there is replaced when the new one is whole.
    ///
    /// # Errors
    /// [`CollectionError`] if the file cannot be written, or lies where the collection does.
    pub fn back_up(&self, file: &Path) -> Result<Generation, CollectionError> {
        let fail = |source| CollectionError::Backup { path: file.to_owned(), source };
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let inside = folder.canonicalize().map_err(fail)?;
        if inside == self.directory.canonicalize().map_err(fail)? || file.is_dir() {
            let problem = "name a file outside the data directory";
            return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, problem)));
        }
        // Beside its place, so that it can be moved there at once.
        let making = tempfile::Builder::new().prefix(".backup-").tempdir_in(folder).map_err(fail)?;
        let copy = making.path().join(RECORDS);
        let generation = self.store.back_up(&copy)?;
        File::open(&copy).and_then(|copy| copy.sync_all()).map_err(fail)?;
        fs::rename(&copy, file).map_err(fail)?;
        Ok(generation)
    }
}

/// The data directory of a backup: `FILE.data` beside it, made when it is first asked for.
///
/// # Errors
/// [`CollectionError::Backup`] if the file is no backup, the directory cannot be made, or was made from
/// another backup of this name.
pub(super) fn restore(file: &Path) -> Result<PathBuf, CollectionError> {
    let fail = |source| CollectionError::Backup { path: file.to_owned(), source };
    let refuse = |problem: String| fail(io::Error::new(io::ErrorKind::InvalidData, problem));
    let mut name = file.as_os_str().to_owned();
    name.push(".data");
    let directory = PathBuf::from(name);
    let found = fs::metadata(file).map_err(fail)?;
    let changed = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let origin = format!("{} bytes, {} ns\n", found.len(), changed.as_nanos());
    if directory.exists() {
        let known = fs::read_to_string(directory.join(ORIGIN)).unwrap_or_default();
        if known == origin {
            return Ok(directory);
        }
        return Err(refuse(format!(
            "{} was not made from this backup; remove it, or name it by --data to use it",
            directory.display()
        )));
    }
    let mut header = Vec::with_capacity(HEADER);
    File::open(file).and_then(|file| file.take(HEADER as u64).read_to_end(&mut header)).map_err(fail)?;
    let version = header.get(VERSION_AT).is_some_and(|version| version.iter().any(|&byte| byte != 0));
    if !header.starts_with(MAGIC) || !version {
        return Err(refuse("this is no backup; `crossclause backup FILE` makes one".to_owned()));
    }
    let folder = directory.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let making = tempfile::Builder::new().prefix(".restore-").tempdir_in(folder).map_err(fail)?;
    fs::copy(file, making.path().join(RECORDS)).map_err(fail)?;
    fs::write(making.path().join(ORIGIN), origin).map_err(fail)?;
    let making = making.keep();
    if let Err(error) = fs::rename(&making, &directory) {
        let _ = fs::remove_dir_all(&making);
        // Another process may have been first.
        if !directory.exists() {
            return Err(fail(error));
        }
    }
    tracing::info!(backup = %file.display(), directory = %directory.display(), "restored");
    Ok(directory)
}
