//! A folder of people's own documents: `PLATFORM/TITLE.md`, `.html` or `.txt`.
//!
//! The folder's name is the platform, the file's name the title, from which the document type is
//! recognised. What is no agreement gives no clauses. Nobody knows when such a file was captured:
//! the time at which it was written to a disk is no evidence of it.

mod decode;
mod folder;

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, json};

use self::decode::decode_file;
pub use self::folder::MAX_FILE_BYTES;
use self::folder::{Folder, Found};
use super::document::{Account, DocumentWriter, Frame, Mark};
use super::slug::{Slugs, make_slug};
use super::tracker::{Sighting, Version};
use super::{ImportError, ImportReport};
use crate::clause::{Cause, DocumentId, PlatformId, hash_text};
use crate::collection::Collection;
use crate::ingest::{IngestUnit, Reject};
use crate::taxonomy::Companies;
use crate::text::split::{Form, split_document};

/// The collection that documents belong to if nobody says otherwise.
pub const DOCUMENTS: &str = "documents";

/// How documents are imported.
#[derive(Debug, Clone)]
pub struct DocumentOptions {
    /// The collection's id.
    pub collection: String,
    /// Whether every document is divided, whatever it reads like.
    pub as_clauses: bool,
}

impl Default for DocumentOptions {
    fn default() -> Self {
        Self { collection: DOCUMENTS.to_owned(), as_clauses: false }
    }
}

/// Imports the documents in a folder. Documents of an earlier import of the same collection that
/// are not there any more lose their clauses.
///
/// # Errors
/// [`ImportError`] if the folder cannot be read, holds no document, or the collection cannot be
/// written; nothing has changed then.
pub fn import_documents(
    collection: &Collection,
    path: &Path,
    companies: &Companies,
    options: &DocumentOptions,
    rejects: &Path,
) -> Result<ImportReport, ImportError> {
    let shown = path.display().to_string();
    let mut folder =
        Folder::read(path).map_err(|source| ImportError::Folder { path: shown.clone(), source })?;
    folder.keep_one_of_each_title();
    if folder.documents.is_empty() {
        return Err(ImportError::NoDocuments { path: shown, warnings: folder.warnings });
    }
    let slugs = Slugs::new(folder.documents.iter().flat_map(|found| {
        let platform = found.platform.clone();
        [(String::new(), platform.clone()), (platform, found.title.clone())]
    }));
    let mut import = Import { collection, companies, options, slugs };
    let mut account = Account::default();
    let (summary, published) = collection.write(|unit| -> Result<(), ImportError> {
        let mut writer = DocumentWriter::new(collection.taxonomy(), rejects)?;
        folder.warnings.iter().for_each(|warning| writer.warn(warning));
        // What a first import finds is no news: it was there before anybody looked.
        let is_first = !unit.holds_collection(&options.collection)?;
        for found in &folder.documents {
            import.take_document(unit, found, &mut writer, is_first)?;
        }
        unit.remove_missing_documents(&options.collection)?;
        account = writer.finish()?;
        Ok(())
    })?;
    Ok(account.report(&options.collection, summary, published.generation.number))
}

struct Import<'a> {
    collection: &'a Collection,
    companies: &'a Companies,
    options: &'a DocumentOptions,
    slugs: Slugs,
}

impl Import<'_> {
    fn take_document(
        &mut self,
        unit: &mut IngestUnit<'_>,
        found: &Found,
        writer: &mut DocumentWriter<'_>,
        is_first: bool,
    ) -> Result<(), ImportError> {
        let Some(frame) = self.frame_document(unit, found)? else {
            writer.warn(format!("{}: no id can be made of its path", found.path));
            return Ok(());
        };
        let bytes = match read_file(found) {
            Ok(bytes) => bytes,
            Err(reason) => return refuse_file(unit, &frame, writer, reason),
        };
        let decoded = match decode_file(&bytes, found.form == Form::Html) {
            Ok(decoded) => decoded,
            Err(reason) => return refuse_file(unit, &frame, writer, reason),
        };
        if let Some(remark) = decoded.remark {
            writer.warn(format!("{}: {remark}", found.path));
        }
        // Of a file in another encoding, hash and byte ranges are those of its text as UTF-8.
        let sha256 = hash_text(decoded.text.as_bytes());
        let content = if self.options.as_clauses { format!("{sha256} as clauses") } else { sha256.clone() };
        let mark = Mark::read(unit, &frame.id)?;
        let is_current = mark.as_ref().is_some_and(Mark::is_current);
        // What gave no clauses is read again, so that it is told again.
        if is_current
            && mark.as_ref().is_some_and(|mark| mark.content == content)
            && unit.holds_document(&frame.id)?
        {
            return writer.keep(unit, &frame);
        }
        let split = split_document(found.form, &found.title, &decoded.text, self.options.as_clauses);
        for (what, name) in &split.left_out {
            writer.warn(format!("{}: the section \"{name}\" was left out: {what}", found.path));
        }
        match &split.refusal {
            Some(refusal) => writer.warn(format!(
                "{}: no clauses were taken, because {refusal}; if it is an agreement, import with --as-clauses",
                found.path
            )),
            None if split.clauses.is_empty() => writer.warn(format!("{}: no clause was found", found.path)),
            None => {}
        }
        let mut evidence = Map::new();
        evidence.insert("document_sha256".to_owned(), json!(sha256));
        // The same text divided anew, or divided in spite of what it reads like, is no change by the platform.
        let is_same = mark.as_ref().is_some_and(|mark| mark.content.starts_with(&sha256));
        let version = Version {
            clauses: Arc::new(split.clauses),
            sighting: Arc::new(Sighting { seen_at: None, evidence, extra: Map::new() }),
            cause: if is_same { Cause::Archive } else { Cause::Record },
            begins_at: None,
            ends_at: unit.now().to_owned(),
            is_news: !is_first && !is_same,
        };
        writer.put_version(unit, &frame, &version)?;
        Mark::new(content).write(unit, &frame.id)
    }

    fn frame_document(&mut self, unit: &IngestUnit<'_>, found: &Found) -> Result<Option<Frame>, ImportError> {
        let held = match PlatformId::new(make_slug(&found.platform)) {
            Ok(id) => unit.find_platform(&id)?.map(|platform| platform.name),
            Err(_) => None,
        };
        let platform = self.slugs.choose("", &found.platform, held);
        let name_document =
            |title: &str| DocumentId::new(format!("{platform}.{title}~{}", self.options.collection));
        let held = match name_document(&make_slug(&found.title)) {
            Ok(id) => unit.find_document(&id)?.map(|held| held.document.title),
            Err(_) => None,
        };
        let title = self.slugs.choose(&found.platform, &found.title, held);
        let Ok(id) = name_document(&title) else {
            return Ok(None);
        };
        let kind = self.collection.taxonomy().recognise_document(&found.title);
        Ok(Some(Frame {
            platform: json!({
                "id": platform,
                "name": found.platform,
                "parent": self.companies.find(&found.platform, None),
            }),
            document: json!({"id": id, "title": found.title, "type": kind.map(|kind| kind.id.clone())}),
            collection: json!({"id": self.options.collection}),
            path: found.path.clone(),
            id,
        }))
    }
}

fn read_file(found: &Found) -> Result<Vec<u8>, String> {
    if found.length > MAX_FILE_BYTES {
        return Err(format!(
            "the file has {} bytes, more than the {MAX_FILE_BYTES} that are read; divide it",
            found.length
        ));
    }
    std::fs::read(&found.file).map_err(|error| format!("the file cannot be read: {error}"))
}

/// Refuses a file; what is held of it stays.
fn refuse_file(
    unit: &mut IngestUnit<'_>,
    frame: &Frame,
    writer: &mut DocumentWriter<'_>,
    reason: String,
) -> Result<(), ImportError> {
    unit.note_reject(None);
    writer.refuse(Reject { file: Some(frame.path.clone()), line: 1, reason, text: String::new() })?;
    writer.keep(unit, frame)
}
