//! Writing to stdout and stderr without ever failing over a reader that went away.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;

/// Writes a line to stdout.
///
/// # Errors
/// What stdout says; [`is_broken_pipe`] tells a reader that went away.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stdout.write_all(b"\n")?;
    }
    stdout.flush()?;
    Ok(())
}

/// Writes a value to stdout as indented JSON.
///
/// # Errors
/// As [`print`].
pub(super) fn print_json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?)
}

/// Writes a line to stderr, if anybody listens.
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// Whether a command failed because the reader of its output went away.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    // Only stdout hands its errors on as they are: those of files and sockets come wrapped.
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// An error with its causes, leaving out what the one before or after tells too.
pub(super) fn describe_chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let cause = cause.to_string().trim_end().to_owned();
        if parts.iter().any(|part| part.contains(&cause)) {
            continue;
        }
        if parts.last().is_some_and(|part| cause.contains(part.as_str())) {
            parts.pop();
        }
        parts.push(cause);
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let inner = io::Error::other("no such file");
        let error = anyhow::Error::from(inner)
            .context("a.toml: no such file")
            .context("a.toml")
            .context("cannot begin");
        assert_eq!(describe_chain(&error), "cannot begin: a.toml: no such file");
    }

    #[test]
    fn a_reader_that_went_away_is_known() {
        let gone = anyhow::Error::from(io::Error::from(ErrorKind::BrokenPipe));
        assert!(is_broken_pipe(&gone));
        assert!(!is_broken_pipe(&anyhow::anyhow!("something else")));
    }
}
