//! Reading a collection of documents out of a Git repository, without a checkout.
//!
//! Everything goes through the `git` program; the repository is only read.

mod error;

pub use error::GitError;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// Largest document that is read, in bytes.
const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;
/// Marks the beginning of a commit in the output of `git log`.
const COMMIT_MARK: &str = "\u{1}commit\u{1}";

/// A document of the collection, with every version that was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedDocument {
    /// Name of the service: the first part of the path.
    pub service: String,
    /// Type of the terms: the second part of the path without `.md`.
    pub terms_type: String,
    /// Path in the repository, parts separated by `/`.
    pub path: String,
    /// Its versions, oldest first; at least one.
    pub versions: Vec<ArchivedVersion>,
}

impl ArchivedDocument {
    /// Whether it stands at `HEAD`.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.versions.last().is_some_and(|version| version.blob.is_some())
    }
}

/// A version of a document: one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedVersion {
    /// Object id of the commit.
    pub commit: String,
    /// Committer date, RFC 3339 in UTC, never before that of the version before.
    pub committed_at: String,
    /// Object id of the content; `None` where the commit removed the document.
    pub blob: Option<String>,
    /// Whole message of the commit.
    pub message: String,
}

/// A Git repository, read at the commit that was its `HEAD` when it was opened.
#[derive(Debug, Clone)]
pub struct Repository {
    path: PathBuf,
    head: String,
}

/// Versions by path, newest first, each with its committer date in seconds.
type Histories = HashMap<Vec<u8>, Vec<(i64, ArchivedVersion)>>;

struct TreeEntry {
    blob: String,
    path: Vec<u8>,
}

impl Repository {
    /// Opens the top of a work tree or a bare repository.
    ///
    /// # Errors
    /// When git is missing or refuses the directory, when the path is no directory or no
    /// repository, or when the repository has no commit.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        if !path.is_dir() {
            return Err(GitError::NotADirectory(path.to_owned()));
        }
        let mut repository = Repository { path: path.to_owned(), head: String::new() };
        let place = match repository.run(&["rev-parse", "--git-dir", "--show-prefix"]) {
            Ok(output) => String::from_utf8_lossy(&output).into_owned(),
            Err(GitError::CommandFailed { message, .. }) if message.contains("dubious ownership") => {
                return Err(GitError::UnsafeOwner(path.to_owned()));
            }
            Err(GitError::CommandFailed { message, .. }) if message.contains("not a git repository") => {
                return Err(GitError::NotARepository(path.to_owned()));
            }
            Err(error) => return Err(error),
        };
        // A directory below some other work tree is not the collection that was meant.
        if place.lines().nth(1).is_some_and(|prefix| !prefix.is_empty()) {
            return Err(GitError::NotARepository(path.to_owned()));
        }
        let head =
            repository.run(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).map_err(|error| {
                match error {
                    GitError::CommandFailed { .. } => GitError::NoCommit(path.to_owned()),
                    other => other,
                }
            })?;
        repository.head = String::from_utf8_lossy(&head).trim().to_owned();
        Ok(repository)
    }

    /// The address that the repository was cloned from, if it has one.
    #[must_use]
    pub fn read_remote(&self) -> Option<String> {
        let output = self.run(&["config", "--get", "remote.origin.url"]).ok()?;
        let address = String::from_utf8_lossy(&output).trim().to_owned();
        (!address.is_empty()).then_some(address)
    }

    /// Object id of the commit that is read.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Lists every document `SERVICE/TERMS TYPE.md` that stands or stood, sorted by path, without
    /// contents.
    ///
    /// Files at other depths, hidden directories, symbolic links and paths that are not
    /// UTF-8 are left out.
    ///
    /// # Errors
    /// When a git command fails.
    pub fn list_documents(&self) -> Result<Vec<ArchivedDocument>, GitError> {
        let mut documents = Vec::new();
        for (path, mut versions) in self.read_histories()? {
            let Some((service, terms_type)) = split_path(&path) else {
                continue;
            };
            versions.reverse();
            let mut latest = i64::MIN;
            let versions: Vec<ArchivedVersion> = versions
                .into_iter()
                .map(|(time, version)| {
                    latest = latest.max(time);
                    ArchivedVersion { committed_at: format_utc(latest), ..version }
                })
                .collect();
            if versions.iter().any(|version| version.blob.is_some()) {
                documents.push(ArchivedDocument {
                    service: service.to_owned(),
                    terms_type: terms_type.to_owned(),
                    path: format!("{service}/{terms_type}.md"),
                    versions,
                });
            }
        }
        documents.sort_by(|one, two| one.path.cmp(&two.path));
        Ok(documents)
    }

    /// Reads `README.md` at the top of the repository, if there is one.
    ///
    /// # Errors
    /// When a git command fails.
    pub fn read_readme(&self) -> Result<Option<String>, GitError> {
        self.read_top_file("README.md")
    }

    /// Reads `LICENSE` at the top of the repository, if there is one.
    ///
    /// # Errors
    /// When a git command fails.
    pub fn read_license(&self) -> Result<Option<String>, GitError> {
        self.read_top_file("LICENSE")
    }

    fn read_top_file(&self, name: &str) -> Result<Option<String>, GitError> {
        let mut entries = self.list_files()?;
        entries.retain(|entry| entry.path == name.as_bytes());
        let Some(entry) = entries.first() else {
            return Ok(None);
        };
        let mut text = None;
        self.read_blobs(std::slice::from_ref(&entry.blob), |content| {
            text = content.map(|content| String::from_utf8_lossy(&content).into_owned());
            true
        })?;
        Ok(text)
    }

    fn list_files(&self) -> Result<Vec<TreeEntry>, GitError> {
        let output = self.run(&["ls-tree", "-r", "-z", "--full-tree", &self.head])?;
        let mut entries = Vec::new();
        for record in output.split(|&byte| byte == 0).filter(|record| !record.is_empty()) {
            let unexpected = || GitError::UnexpectedOutput {
                command: "ls-tree",
                detail: String::from_utf8_lossy(record).into_owned(),
            };
            let tab = record.iter().position(|&byte| byte == b'\t').ok_or_else(unexpected)?;
            let (meta, path) = record.split_at(tab);
            let meta = String::from_utf8_lossy(meta);
            let mut fields = meta.split(' ');
            let (mode, kind, blob) = (fields.next(), fields.next(), fields.next());
            let blob = blob.ok_or_else(unexpected)?;
            // Mode 100…: a plain file, not a symbolic link.
            if kind == Some("blob") && mode.is_some_and(|mode| mode.starts_with("100")) {
                entries.push(TreeEntry {
                    blob: blob.to_owned(),
                    path: path.get(1..).unwrap_or_default().to_vec(),
                });
            }
        }
        Ok(entries)
    }

    /// Walks the history once, newest commit first: the versions of every path, each with its
    /// committer date in seconds.
    fn read_histories(&self) -> Result<Histories, GitError> {
        let format = format!("--format={COMMIT_MARK}%H%x01%ct%x01%B");
        let output = self.run(&[
            "log",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-show-signature",
            "--no-color",
            "--no-notes",
            "--encoding=UTF-8",
            "--first-parent",
            "-m",
            &format,
            &self.head,
            "--",
        ])?;
        let mut histories = Histories::new();
        let mut commit = "";
        let mut time = 0;
        let mut message = "";
        let mut tokens = output.split(|&byte| byte == 0);
        while let Some(token) = tokens.next() {
            let token = token.strip_prefix(b"\n").unwrap_or(token);
            if let Some(header) = token.strip_prefix(COMMIT_MARK.as_bytes()) {
                let header = std::str::from_utf8(header).unwrap_or_else(|error| {
                    let valid = header.get(..error.valid_up_to()).unwrap_or_default();
                    std::str::from_utf8(valid).unwrap_or_default()
                });
                let mut fields = header.splitn(3, '\u{1}');
                commit = fields.next().unwrap_or("");
                let seconds = fields.next().unwrap_or("");
                time = seconds.parse().map_err(|_| GitError::UnexpectedOutput {
                    command: "log",
                    detail: format!("time {seconds:?} of commit {commit}"),
                })?;
                message = fields.next().unwrap_or("").trim_end();
            } else if token.starts_with(b":") {
                let Some(path) = tokens.next() else { break };
                if split_path(path).is_none() {
                    continue;
                }
                let meta = String::from_utf8_lossy(token);
                let mut fields = meta.split(' ');
                let (mode, blob) = (fields.nth(1), fields.nth(1));
                // Mode 100…: a plain file, not a symbolic link and not one that was removed.
                let blob = blob.filter(|_| mode.is_some_and(|mode| mode.starts_with("100")));
                let version = ArchivedVersion {
                    commit: commit.to_owned(),
                    committed_at: String::new(),
                    blob: blob.map(str::to_owned),
                    message: message.to_owned(),
                };
                histories.entry(path.to_vec()).or_default().push((time, version));
            }
        }
        Ok(histories)
    }

    /// Reads contents through one process, in the order of `blobs`, until `take` says false. Of a
    /// content larger than 64 MiB it is given none.
    ///
    /// # Errors
    /// When a git command fails.
    pub fn read_blobs(
        &self,
        blobs: &[String],
        mut take: impl FnMut(Option<Vec<u8>>) -> bool,
    ) -> Result<(), GitError> {
        let mut child = self
            .command(&["cat-file", "--batch", "--buffer"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(explain_start)?;
        let request: String = blobs.iter().map(|blob| format!("{blob}\n")).collect();
        let stdin = child.stdin.take();
        // Writing beside reading: with full pipes on both sides neither process could go on.
        let writer = thread::spawn(move || -> io::Result<()> {
            stdin.map_or(Ok(()), |mut stdin| stdin.write_all(request.as_bytes()))
        });
        let read = read_batch(&mut child, blobs, &mut take);
        if !matches!(read, Ok(true)) {
            // Already gone is as good as ended; the first error is the one to report.
            let _ = child.kill();
        }
        let status = child.wait()?;
        let written = writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer stopped")));
        if !read? {
            return Ok(());
        }
        written?;
        if !status.success() {
            return Err(GitError::CommandFailed {
                command: "cat-file".to_owned(),
                message: status.to_string(),
            });
        }
        Ok(())
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.command(arguments).stdin(Stdio::null()).output().map_err(explain_start)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(GitError::CommandFailed {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // Variables such as GIT_DIR would lead git to another repository than the one named.
        for (name, _) in std::env::vars_os() {
            if is_redirecting(&name) {
                command.env_remove(&name);
            }
        }
        command
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .arg("-C")
            .arg(&self.path)
            .args(["--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false"])
            .args(["-c", "log.showRoot=true", "-c", "log.follow=false"])
            .args(arguments);
        command
    }
}

fn is_redirecting(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    let is_kept = name.starts_with("GIT_CONFIG_") || name == "GIT_EXEC_PATH";
    name.starts_with("GIT_") && !is_kept
}

fn explain_start(error: io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::GitMissing,
        _ => GitError::Io(error),
    }
}

/// Whether all of it was read and taken.
fn read_batch(
    child: &mut Child,
    blobs: &[String],
    take: &mut dyn FnMut(Option<Vec<u8>>) -> bool,
) -> Result<bool, GitError> {
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no output of git cat-file"))?;
    let mut reader = BufReader::new(stdout);
    for blob in blobs {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let unexpected =
            || GitError::UnexpectedOutput { command: "cat-file", detail: header.trim().to_owned() };
        let bytes: u64 = header
            .trim_end()
            .strip_prefix(blob.as_str())
            .and_then(|rest| rest.strip_prefix(" blob "))
            .and_then(|size| size.parse().ok())
            .ok_or_else(unexpected)?;
        let mut limited = reader.by_ref().take(bytes);
        let content = if bytes > MAX_DOCUMENT_BYTES {
            io::copy(&mut limited, &mut io::sink())?;
            None
        } else {
            let mut content = Vec::new();
            limited.read_to_end(&mut content)?;
            Some(content)
        };
        let mut end = [0];
        reader.read_exact(&mut end)?;
        if end != *b"\n" {
            return Err(unexpected());
        }
        if !take(content) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Parts `SERVICE/TERMS TYPE.md` into service and type; other paths have none.
fn split_path(path: &[u8]) -> Option<(&str, &str)> {
    let (service, file) = std::str::from_utf8(path).ok()?.split_once('/')?;
    let terms_type = file.strip_suffix(".md")?;
    let is_document =
        !file.contains('/') && !service.starts_with('.') && !service.is_empty() && !terms_type.is_empty();
    is_document.then_some((service, terms_type))
}

/// Finds the `http` and `https` links in a commit message, each once, in order.
///
/// They name the snapshots from which the version was extracted.
pub fn snapshot_links(message: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let is_end = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`()[]{}|\\".contains(c);
    for candidate in message.split(is_end) {
        let start = ["https://", "http://"].iter().filter_map(|scheme| candidate.find(scheme)).min();
        let link = start.and_then(|start| candidate.get(start..)).unwrap_or("");
        let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        let has_host = link.split_once("://").is_some_and(|(_, rest)| !rest.is_empty());
        if has_host && !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
        }
    }
    links
}

/// Writes seconds since 1970 as RFC 3339 in UTC.
fn format_utc(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400);
    let of_day = seconds.rem_euclid(86_400);
    // Civil date from the day number, counted in 400-year eras that begin on 1 March.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod test;
