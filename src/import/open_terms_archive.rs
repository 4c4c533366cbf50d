//! A collection of Open Terms Archive: a Git repository of `SERVICE/TERMS TYPE.md`.
//!
//! The service is the platform, the terms type the document type, and the Markdown is split into
//! clauses. A clause's id is minted once, from platform, document and first wording, and kept: an
//! import over an earlier one aligns what it finds with what is there.

mod align;
pub mod git;
mod origin;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use self::align::{Alignment, align_clauses};
use self::git::{ArchivedDocument, GitError, Repository, snapshot_links};
use self::origin::Origin;
use crate::clause::{ClauseId, DocumentId, PlatformId, hash_text};
use crate::collection::{Collection, CollectionError};
use crate::ingest::{IngestError, IngestUnit, RecordChecker, Summary};
use crate::taxonomy::{Companies, Taxonomy};
use crate::text::fold::fold_word;
use crate::text::language::detect_language;
use crate::text::split::{SplitClause, split_markdown};

/// How much of a document its language is detected from, in bytes.
const LANGUAGE_SAMPLE: usize = 20_000;

/// How many warnings a report keeps.
const WARNINGS: usize = 1_000;

/// Why a repository cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// It holds no document.
    #[error("{path} holds no document named `SERVICE/TERMS TYPE.md`; is it a collection of versions?")]
    Empty {
        /// Where it is.
        path: String,
    },
    /// The collection cannot be written.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// The record's schema is broken.
    #[error("clause-v1.schema.json: {0}")]
    Schema(serde_json::Error),
}

impl From<IngestError> for ImportError {
    fn from(error: IngestError) -> Self {
        Self::Collection(error.into())
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The collection's id.
    pub collection: String,
    /// Documents read.
    pub documents: u64,
    /// Clauses found in them.
    pub clauses: u64,
    /// What was left out, and why.
    pub warnings: Vec<String>,
    /// What became of the clauses.
    pub summary: Summary,
    /// The generation that holds them.
    pub generation: u64,
}

/// Imports the state at HEAD of a work tree or a bare clone.
///
/// # Errors
/// [`ImportError`] if the repository cannot be read or the collection not be written; nothing has
/// changed then.
pub fn import_repository(
    collection: &Collection,
    path: &Path,
    companies: &Companies,
) -> Result<ImportReport, ImportError> {
    let repository = Repository::open(path)?;
    let documents = repository.read_documents()?;
    if documents.is_empty() {
        return Err(ImportError::Empty { path: path.display().to_string() });
    }
    let origin = Origin::find(&repository, path, &documents)?;
    let checker = RecordChecker::new(collection.taxonomy()).map_err(ImportError::Schema)?;
    let mut import = Import {
        origin,
        checker,
        taxonomy: collection.taxonomy(),
        companies,
        names: documents
            .iter()
            .flat_map(|document| {
                let service = document.service.as_str();
                [(String::new(), service), (service.to_owned(), document.terms_type.as_str())]
            })
            .map(|(scope, name)| (scope, name.to_owned()))
            .collect(),
        slugs: HashMap::new(),
        clauses: 0,
        warnings: Vec::new(),
    };
    let (summary, published) = collection.write(|unit| -> Result<(), ImportError> {
        for document in &documents {
            import.import_document(unit, document)?;
        }
        unit.remove_missing_documents(&import.origin.id)?;
        Ok(())
    })?;
    Ok(ImportReport {
        collection: import.origin.id.clone(),
        documents: documents.len() as u64,
        clauses: import.clauses,
        warnings: import.warnings,
        summary,
        generation: published.generation.number,
    })
}

struct Import<'a> {
    origin: Origin,
    checker: RecordChecker<'a>,
    taxonomy: &'a Taxonomy,
    companies: &'a Companies,
    /// Names of services (in no scope) and of terms types (in that of their service).
    names: HashSet<(String, String)>,
    /// Slugs given out in each scope, each with the name that it stands for.
    slugs: HashMap<(String, String), String>,
    clauses: u64,
    warnings: Vec<String>,
}

/// What all clauses of a document have in common.
struct Frame {
    document_id: DocumentId,
    platform: Value,
    document: Value,
    language: &'static str,
    collection: Value,
    evidence: Map<String, Value>,
    commit: String,
    /// The day of the version, for wordings that an earlier import did not have.
    seen: String,
    known: bool,
}

impl Import<'_> {
    fn warn(&mut self, warning: String) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push(warning);
        }
    }

    fn import_document(
        &mut self,
        unit: &mut IngestUnit<'_>,
        document: &ArchivedDocument,
    ) -> Result<(), ImportError> {
        let text = String::from_utf8_lossy(&document.content);
        if text.contains('\u{fffd}') {
            self.warn(format!("{}: bytes that are no UTF-8 were replaced", document.path));
        }
        let clauses = split_markdown(&text);
        if clauses.is_empty() {
            self.warn(format!("{}: no clause was found", document.path));
        }
        let Some(mut frame) = self.frame_document(unit, document, &clauses)? else {
            self.warn(format!("{}: no id can be made of its path", document.path));
            return Ok(());
        };
        let held = unit.clauses_of_document(&frame.document_id)?;
        frame.known = !held.is_empty();
        let mut taken: HashSet<String> = held.iter().map(|clause| clause.id.to_string()).collect();
        let Alignment { ids, gone } = align_clauses(&held, &clauses);
        for id in gone {
            unit.remove(&id)?;
        }
        for (clause, kept) in clauses.iter().zip(ids) {
            let fresh = kept.is_none();
            let id = match kept {
                Some(id) => id.to_string(),
                None => mint_id(&frame.document_id, &clause.text, &mut taken),
            };
            let old_text = held.iter().find(|held| held.id.as_str() == id).map(|held| held.text.as_str());
            let new_wording = fresh || old_text != Some(clause.text.as_str());
            let record = self.checker.check(frame.record(&id, clause, new_wording));
            match record {
                Ok(record) => {
                    if let Err(reason) = unit.put(record)? {
                        self.warn(format!("{}: {reason}", document.path));
                    }
                }
                Err(reason) => {
                    unit.note_reject(ClauseId::new(id).ok());
                    self.warn(format!("{}: {reason}", document.path));
                }
            }
            self.clauses += 1;
        }
        Ok(())
    }

    fn frame_document(
        &mut self,
        unit: &IngestUnit<'_>,
        document: &ArchivedDocument,
        clauses: &[SplitClause],
    ) -> Result<Option<Frame>, ImportError> {
        let plain = make_slug(&document.service);
        let holder = match PlatformId::new(plain.clone()) {
            Ok(id) => unit.find_platform(&id)?.map(|platform| platform.name),
            Err(_) => None,
        };
        let platform = self.choose_slug("", &document.service, plain, holder);
        let name_document = |terms: &str| DocumentId::new(format!("{platform}.{terms}~{}", self.origin.id));
        let plain = make_slug(&document.terms_type);
        let holder = match name_document(&plain) {
            Ok(id) => unit.find_document(&id)?.map(|held| held.document.title),
            Err(_) => None,
        };
        let terms = self.choose_slug(&document.service, &document.terms_type, plain, holder);
        let Ok(document_id) = DocumentId::new(format!("{platform}.{terms}~{}", self.origin.id)) else {
            return Ok(None);
        };
        let mut sample = String::new();
        for clause in clauses {
            if sample.len() > LANGUAGE_SAMPLE {
                break;
            }
            sample.push_str(&clause.text);
            sample.push('\n');
        }
        let kind = self.taxonomy.recognise_document(&document.terms_type).map(|entry| entry.id.clone());
        let mut evidence = Map::new();
        evidence.insert("source_url".to_owned(), json!(snapshot_links(&document.message).into_iter().next()));
        evidence.insert("archive_url".to_owned(), json!(self.origin.link(&document.commit, &document.path)));
        evidence.insert("captured_at".to_owned(), json!(document.committed_at));
        evidence.insert("document_sha256".to_owned(), json!(hash_text(&document.content)));
        Ok(Some(Frame {
            platform: json!({
                "id": platform,
                "name": document.service,
                "parent": self.companies.find(&document.service, None),
            }),
            document: json!({"id": document_id, "title": document.terms_type, "type": kind}),
            language: detect_language(&sample),
            collection: self.origin.describe(),
            commit: document.commit.clone(),
            seen: document.committed_at.get(..10).unwrap_or(&document.committed_at).to_owned(),
            known: false,
            document_id,
            evidence,
        }))
    }

    /// The slug of a name in a scope. Of two names with one slug, the one that holds it in the
    /// store keeps it, else the first; the other gets a hash beside it.
    fn choose_slug(&mut self, scope: &str, name: &str, plain: String, holder: Option<String>) -> String {
        let key = (scope.to_owned(), plain);
        let owner = match self.slugs.get(&key) {
            Some(owner) => owner.clone(),
            None => holder
                .filter(|holder| self.names.contains(&(scope.to_owned(), holder.clone())))
                .unwrap_or_else(|| name.to_owned()),
        };
        let slug = if owner == name {
            key.1.clone()
        } else {
            let hash = hash_text(name.as_bytes());
            format!("{}-{}", key.1, hash.get(..6).unwrap_or(&hash))
        };
        self.slugs.insert(key, owner);
        slug
    }
}

impl Frame {
    fn record(&self, id: &str, clause: &SplitClause, new_wording: bool) -> Value {
        let mut evidence = self.evidence.clone();
        evidence.insert("byte_range".to_owned(), json!([clause.byte_range.start, clause.byte_range.end]));
        let mut observed = json!({"last_seen": self.seen});
        // Only a wording that an earlier import did not find is known to be new in the world.
        if self.known
            && new_wording
            && let Some(observed) = observed.as_object_mut()
        {
            observed.insert("first_seen".to_owned(), json!(self.seen));
        }
        json!({
            "id": id,
            "platform": self.platform,
            "document": self.document,
            "text": clause.text,
            "title": clause.title(),
            "language": self.language,
            "evidence": evidence,
            "observed": observed,
            "collection": self.collection,
            "x_commit": self.commit,
        })
    }
}

/// Lower-case ASCII letters, digits and single hyphens, at most 60 bytes; a name without any gets
/// a hash.
fn make_slug(name: &str) -> String {
    let mut slug = String::new();
    for character in fold_word(name).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        let hash = hash_text(name.as_bytes());
        return format!("n{}", hash.get(..8).unwrap_or(&hash));
    }
    slug.to_owned()
}

/// An id from platform, document and first wording.
fn mint_id(document: &DocumentId, text: &str, taken: &mut HashSet<String>) -> String {
    let hash = hash_text(text.as_bytes());
    let base = format!("{document}.{}", hash.get(..10).unwrap_or(&hash));
    let mut id = base.clone();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{base}-{number}");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_fit_an_id() {
        for (name, slug) in
            [("App Store", "app-store"), ("X", "x"), ("Été & Co.", "ete-co"), ("YouTube", "youtube")]
        {
            assert_eq!(make_slug(name), slug);
        }
        assert!(DocumentId::new(make_slug("微博")).is_ok());
    }

    #[test]
    fn equal_texts_get_different_ids() {
        let document = DocumentId::new("p.d~c").expect("an id");
        let mut taken = HashSet::new();
        let one = mint_id(&document, "text", &mut taken);
        let two = mint_id(&document, "text", &mut taken);
        assert_eq!(two, format!("{one}-2"));
    }
}
