//! One writer at a time, over all processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::CollectionError;

/// How long a second writer waits for the first.
const PATIENCE: Duration = Duration::from_secs(5);

/// The writer's lock: held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct WriterLock {
    _file: Option<File>,
}

impl WriterLock {
    /// Takes the lock, waiting a few seconds for another writer.
    ///
    /// # Errors
    /// [`CollectionError::Locked`] if the other is not done by then.
    pub fn wait(directory: &Path) -> Result<Self, CollectionError> {
        let begin = Instant::now();
        loop {
            if let Some(lock) = Self::try_now(directory)? {
                return Ok(lock);
            }
            if begin.elapsed() > PATIENCE {
                return Err(CollectionError::Locked { path: directory.to_owned() });
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// [`CollectionError::Directory`] if the lock file cannot be used.
    pub fn try_now(directory: &Path) -> Result<Option<Self>, CollectionError> {
        let fail = |source| CollectionError::Directory { path: directory.to_owned(), source };
        let path = directory.join("writer.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: Some(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(fail(error)),
        }
    }

    /// For an index in the memory of one process, which no other process writes.
    pub(super) fn not_needed() -> Self {
        Self { _file: None }
    }
}
