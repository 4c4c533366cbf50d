//! What can go wrong while a repository is read.

use std::io;
use std::path::PathBuf;

/// Why a repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program `git` is not installed or not on the search path.
    #[error("the program `git` was not found; install it or add it to the search path")]
    GitMissing,
    /// The path does not exist or is no directory.
    #[error("{0} is not a directory")]
    NotADirectory(PathBuf),
    /// The directory is neither the top of a work tree nor a bare repository.
    #[error("{0} is not a Git repository (give the top of a work tree or a bare clone)")]
    NotARepository(PathBuf),
    /// Git refuses the directory because another user owns it.
    #[error(
        "git refuses {0} because another user owns it; if you trust it, run \
         `git config --global --add safe.directory {0}`"
    )]
    UnsafeOwner(PathBuf),
    /// The repository has no commit yet.
    #[error("the repository {0} has no commit")]
    NoCommit(PathBuf),
    /// Git said something that this reader does not understand.
    #[error("unexpected output of `git {command}`: {detail}")]
    UnexpectedOutput {
        /// The Git command.
        command: &'static str,
        /// What was wrong.
        detail: String,
    },
    /// A Git command failed.
    #[error("`git {command}` failed: {message}")]
    CommandFailed {
        /// The Git command.
        command: String,
        /// What Git wrote to its standard error.
        message: String,
    },
    /// Git could not be run or its output could not be read.
    #[error("running git: {0}")]
    Io(#[from] io::Error),
}
