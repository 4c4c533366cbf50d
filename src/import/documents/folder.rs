//! A folder of documents: `PLATFORM/TITLE.ext`.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::text::split::Form;

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// A document in a folder.
#[derive(Debug)]
pub(super) struct Found {
    /// Its folder's name.
    pub(super) platform: String,
    /// Its file's name without the ending.
    pub(super) title: String,
    /// `PLATFORM/TITLE.ext`.
    pub(super) path: String,
    pub(super) file: PathBuf,
    pub(super) form: Form,
    pub(super) length: u64,
}

/// What is in a folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Documents by platform and title, each once.
    pub(super) documents: Vec<Found>,
    /// What was passed over, and why.
    pub(super) warnings: Vec<String>,
}

impl Folder {
    /// Reads names only. Hidden files are passed over in silence, and so are the folders that
    /// browsers save beside a page; links that lead out of the folder are never followed.
    ///
    /// # Errors
    /// If the folder itself cannot be read.
    pub(super) fn read(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let mut folder = Self::default();
        for (name, path) in list(&root)? {
            let Some(path) = folder.resolve(&root, &name, &path) else { continue };
            if !path.is_dir() {
                folder.warn(format!(
                    "{name}: skipped, because it is in no platform's folder; move it to PLATFORM/{name}"
                ));
                continue;
            }
            match list(&path) {
                Ok(entries) => entries.iter().for_each(|(file, path)| folder.take(&root, &name, file, path)),
                Err(error) => folder.warn(format!("{name}: skipped, because it cannot be read: {error}")),
            }
        }
        Ok(folder)
    }

    fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// Where an entry really is, unless it leads out of `root`.
    fn resolve(&mut self, root: &Path, name: &str, path: &Path) -> Option<PathBuf> {
        match path.canonicalize() {
            Ok(real) if real.starts_with(root) => Some(real),
            Ok(_) => {
                self.warn(format!("{name}: skipped, because it is a link that leads out of the folder"));
                None
            }
            Err(error) => {
                self.warn(format!("{name}: skipped, because it cannot be read: {error}"));
                None
            }
        }
    }

    fn take(&mut self, root: &Path, platform: &str, file: &str, path: &Path) {
        let shown = format!("{platform}/{file}");
        let Some(real) = self.resolve(root, &shown, path) else { return };
        let metadata = match real.metadata() {
            Ok(metadata) => metadata,
            Err(error) => return self.warn(format!("{shown}: skipped, because it cannot be read: {error}")),
        };
        if metadata.is_dir() {
            if !file.ends_with("_files") && !file.ends_with(".files") {
                self.warn(format!(
                    "{shown}: skipped, because only files directly in a platform's folder are read"
                ));
            }
            return;
        }
        if !metadata.is_file() {
            return self.warn(format!("{shown}: skipped, because it is no file"));
        }
        let (title, ending) = match file.rsplit_once('.') {
            Some((title, ending)) => (title, ending.to_lowercase()),
            None => (file, String::new()),
        };
        let form = match ending.as_str() {
            "md" | "markdown" => Form::Markdown,
            "html" | "htm" | "xhtml" => Form::Html,
            "txt" | "text" => Form::Plain,
            _ => return self.warn(format!("{shown}: skipped, because {}", explain_ending(title, &ending))),
        };
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || !title.contains(char::is_alphanumeric) {
            return self.warn(format!("{shown}: skipped, because its name is no title"));
        }
        self.documents.push(Found {
            platform: platform.to_owned(),
            title,
            path: shown,
            file: real,
            form,
            length: metadata.len(),
        });
    }

    /// Keeps one document of each title: Markdown before pages, pages before plain text.
    pub(super) fn keep_one_of_each_title(&mut self) {
        let rank = |form: Form| match form {
            Form::Markdown => 0,
            Form::Html => 1,
            Form::Plain => 2,
        };
        self.documents.sort_by(|one, two| {
            (&one.platform, &one.title, rank(one.form), &one.path).cmp(&(
                &two.platform,
                &two.title,
                rank(two.form),
                &two.path,
            ))
        });
        let mut first: HashMap<(String, String), String> = HashMap::new();
        let mut kept = Vec::with_capacity(self.documents.len());
        for document in std::mem::take(&mut self.documents) {
            let key = (document.platform.clone(), document.title.clone());
            match first.get(&key) {
                Some(other) => self.warnings.push(format!(
                    "{}: skipped, because {other} has the same title; rename one of them if they are two documents",
                    document.path
                )),
                None => {
                    first.insert(key, document.path.clone());
                    kept.push(document);
                }
            }
        }
        self.documents = kept;
    }
}

/// Entries of a folder that are not hidden, by name.
fn list(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Why a file of this ending is not read, and what to do.
fn explain_ending(title: &str, ending: &str) -> String {
    let pandoc = |from: &str| {
        format!(
            "{} is not read here; convert it first, like this: pandoc \"{title}.{ending}\" -t markdown -o \"{title}.md\"",
            from
        )
    };
    match ending {
        "pdf" => format!(
            "PDF is not read here; convert it first, like this: pdftotext -layout \"{title}.pdf\" \"{title}.txt\""
        ),
        "docx" => pandoc("DOCX"),
        "odt" => pandoc("ODT"),
        "rtf" => pandoc("RTF"),
        "epub" => pandoc("EPUB"),
        "doc" => format!(
            "DOC is not read here; convert it first, like this: soffice --convert-to docx \"{title}.doc\" && pandoc \"{title}.docx\" -t markdown -o \"{title}.md\""
        ),
        "" => "it has no ending; name it .md, .html or .txt".to_owned(),
        _ => format!("`.{ending}` is not one of .md, .markdown, .html, .htm and .txt"),
    }
}
