//! A collection of Open Terms Archive: a Git repository of `SERVICE/TERMS TYPE.md`.
//!
//! The service is the platform, the terms type the document type, and the Markdown is split into
//! clauses. A clause's id is minted once, from platform, document and first wording, and kept: an
//! import over an earlier one goes on from what is there. With the history, every version of every
//! document is read, oldest first.

pub mod git;
mod origin;
mod plan;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde_json::{Map, json};

use self::git::{ArchivedDocument, GitError, Repository, snapshot_links};
use self::origin::Origin;
use self::plan::{Plan, cause_of, plan_document};
use super::document::{Account, DocumentWriter, Frame, Mark};
use super::slug::Slugs;
use super::tracker::{Sighting, Tracker, Version};
use super::{ImportError, ImportReport};
use crate::clause::{Cause, DocumentId, PlatformId, hash_text};
use crate::collection::Collection;
use crate::ingest::{HeldHistory, IngestUnit};
use crate::taxonomy::Companies;
use crate::text::split::{SplitClause, split_markdown};

/// How many versions are divided before they are taken in.
const AHEAD: usize = 8;

/// How many contents of a document are remembered with their clauses: a page that serves several
/// texts in turn is divided once a text.
const REMEMBERED: usize = 8;

/// How an archive is imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArchiveOptions {
    /// Whether every version is read, and not only the latest. A document whose history is held is
    /// followed version by version in any case.
    pub history: bool,
}

/// Imports a work tree or a bare clone.
///
/// # Errors
/// [`ImportError`] if the repository cannot be read or the collection not be written; nothing has
/// changed then.
pub fn import_repository(
    collection: &Collection,
    path: &Path,
    companies: &Companies,
    options: ArchiveOptions,
    rejects: &Path,
) -> Result<ImportReport, ImportError> {
    let repository = Repository::open(path)?;
    let documents = repository.list_documents()?;
    if !documents.iter().any(ArchivedDocument::stands) {
        return Err(ImportError::Empty { path: path.display().to_string() });
    }
    let origin = Origin::find(&repository, path, &documents)?;
    let mut import = Import {
        slugs: Slugs::new(documents.iter().flat_map(|document| {
            let service = document.service.clone();
            [(String::new(), service.clone()), (service, document.terms_type.clone())]
        })),
        collection,
        companies,
        origin,
        options,
    };
    let mut account = Account::default();
    let (summary, published) = collection.write(|unit| -> Result<(), ImportError> {
        let mut writer = DocumentWriter::new(collection.taxonomy(), rejects)?;
        import.run(unit, &repository, &documents, &mut writer)?;
        account = writer.finish()?;
        Ok(())
    })?;
    if options.history {
        collection.synchronize_history()?;
    }
    Ok(account.report(&import.origin.id, summary, published.generation.number))
}

struct Import<'a> {
    collection: &'a Collection,
    companies: &'a Companies,
    origin: Origin,
    options: ArchiveOptions,
    slugs: Slugs,
}

/// A version's content, divided.
struct Divided {
    clauses: Arc<Vec<SplitClause>>,
    sha256: String,
    /// Whether bytes that are no UTF-8 were replaced.
    is_torn: bool,
}

impl Import<'_> {
    fn run(
        &mut self,
        unit: &mut IngestUnit<'_>,
        repository: &Repository,
        documents: &[ArchivedDocument],
        writer: &mut DocumentWriter<'_>,
    ) -> Result<(), ImportError> {
        // What a first import finds is no news: it was there before anybody looked.
        let is_first = !unit.holds_collection(&self.origin.id)?;
        let mut planned = Vec::with_capacity(documents.len());
        for document in documents {
            let Some(frame) = self.frame_document(unit, document)? else {
                writer.warn(format!("{}: no id can be made of its path", document.path));
                continue;
            };
            let mark = Mark::read(unit, &frame.id)?;
            if !document.stands() && mark.is_none() && !self.options.history {
                continue;
            }
            let plan = plan_document(document, mark.as_ref(), self.options.history);
            planned.push((document, frame, plan));
        }
        let blobs: Vec<Vec<String>> = planned
            .iter()
            .map(|(document, _, plan)| {
                plan.versions.clone().filter_map(|place| document.versions.get(place)?.blob.clone()).collect()
            })
            .collect();
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(AHEAD);
            let divider = scope.spawn(move || divide_blobs(repository, &blobs, &sender));
            let taken = self.take_documents(unit, planned, &receiver, writer, is_first);
            drop(receiver);
            let divided = divider.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            taken.and(divided.map_err(ImportError::from))
        })?;
        unit.remove_missing_documents(&self.origin.id)?;
        Ok(())
    }

    fn take_documents(
        &self,
        unit: &mut IngestUnit<'_>,
        planned: Vec<(&ArchivedDocument, Frame, Plan)>,
        divided: &Receiver<Option<Divided>>,
        writer: &mut DocumentWriter<'_>,
        is_first: bool,
    ) -> Result<(), ImportError> {
        for (document, frame, plan) in planned {
            if plan.versions.is_empty() {
                writer.keep(unit, &frame)?;
            } else {
                self.take_document(unit, document, &frame, &plan, divided, writer, is_first)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the whole of an import meets here, once")]
    fn take_document(
        &self,
        unit: &mut IngestUnit<'_>,
        document: &ArchivedDocument,
        frame: &Frame,
        plan: &Plan,
        divided: &Receiver<Option<Divided>>,
        writer: &mut DocumentWriter<'_>,
        is_first: bool,
    ) -> Result<(), ImportError> {
        let held = unit.histories_of_document(&frame.id)?;
        let mut anchored: Option<Vec<HeldHistory>> = None;
        let mut tracker = if plan.from_start {
            anchored = Some(held);
            Tracker::default()
        } else {
            Tracker::of_held(held)
        };
        let was_empty = anchored.as_ref().is_none_or(Vec::is_empty) && plan.from_start;
        let mut is_past = plan.anchor.is_some();
        let mut latest = None;
        for place in plan.versions.clone() {
            let Some(version) = document.versions.get(place) else { continue };
            let mut cause = cause_of(&version.message, place == 0);
            let (clauses, sha256) = match &version.blob {
                None => {
                    cause = Cause::Archive;
                    (Arc::default(), String::new())
                }
                Some(_) => {
                    // The other end is gone only if reading failed, which is told where it is joined.
                    let Ok(found) = divided.recv() else { return Ok(()) };
                    let Some(found) = found else {
                        writer.warn(format!("{}: too large at {}", document.path, version.commit));
                        continue;
                    };
                    if found.is_torn {
                        writer.warn(format!(
                            "{}: bytes that are no UTF-8 were replaced at {}",
                            document.path, version.commit
                        ));
                    }
                    (found.clauses, found.sha256)
                }
            };
            if plan.is_redivided {
                cause = Cause::Archive;
            }
            let mut evidence = Map::new();
            evidence.insert("source_url".to_owned(), json!(snapshot_links(&version.message).first()));
            let link = self.origin.link(&version.commit, &document.path);
            evidence.insert("archive_url".to_owned(), json!(link));
            evidence.insert("captured_at".to_owned(), json!(version.committed_at));
            evidence.insert("document_sha256".to_owned(), json!(sha256));
            let mut extra = Map::new();
            extra.insert("x_commit".to_owned(), json!(version.commit));
            // Of the latest version alone nobody knows since when it stands.
            let is_known = self.options.history || !plan.from_start;
            writer.account.versions += 1;
            tracker.step(&Version {
                clauses,
                sighting: Arc::new(Sighting { seen_at: Some(version.committed_at.clone()), evidence, extra }),
                cause,
                begins_at: is_known.then(|| version.committed_at.clone()),
                ends_at: version.committed_at.clone(),
                is_news: !is_first && !is_past && !plan.is_redivided,
            });
            if plan.anchor == Some(place)
                && let Some(held) = &anchored
            {
                tracker.match_held(held);
                is_past = false;
            }
            latest = Some(version);
        }
        if let Some(held) = anchored
            && !was_empty
        {
            if plan.anchor.is_none() {
                tracker.match_held(&held);
            }
            tracker.match_gone(held, unit.now());
        }
        if tracker.count_live() == 0 && document.stands() {
            writer.warn(format!("{}: no clause was found", document.path));
        }
        writer.put_document(unit, frame, tracker)?;
        if let Some(latest) = latest {
            let mark = Mark {
                commit: Some(latest.commit.clone()),
                history: plan.is_whole,
                ..Mark::new(latest.blob.clone().unwrap_or_default())
            };
            mark.write(unit, &frame.id)?;
        }
        Ok(())
    }

    fn frame_document(
        &mut self,
        unit: &IngestUnit<'_>,
        document: &ArchivedDocument,
    ) -> Result<Option<Frame>, ImportError> {
        let plain = super::slug::make_slug(&document.service);
        let holder = match PlatformId::new(plain) {
            Ok(id) => unit.find_platform(&id)?.map(|platform| platform.name),
            Err(_) => None,
        };
        let platform = self.slugs.choose("", &document.service, holder);
        let name_document = |terms: &str| DocumentId::new(format!("{platform}.{terms}~{}", self.origin.id));
        let holder = match name_document(&super::slug::make_slug(&document.terms_type)) {
            Ok(id) => unit.find_document(&id)?.map(|held| held.document.title),
            Err(_) => None,
        };
        let terms = self.slugs.choose(&document.service, &document.terms_type, holder);
        let Ok(id) = name_document(&terms) else {
            return Ok(None);
        };
        let taxonomy = self.collection.taxonomy();
        let kind = taxonomy.recognise_document(&document.terms_type).map(|entry| entry.id.clone());
        Ok(Some(Frame {
            platform: json!({
                "id": platform,
                "name": document.service,
                "parent": self.companies.find(&document.service, None),
            }),
            document: json!({"id": id, "title": document.terms_type, "type": kind}),
            collection: self.origin.describe(),
            path: document.path.clone(),
            id,
        }))
    }
}

/// Reads contents and divides them, document by document in the order asked for.
fn divide_blobs(
    repository: &Repository,
    blobs: &[Vec<String>],
    sender: &SyncSender<Option<Divided>>,
) -> Result<(), GitError> {
    let ends: Vec<usize> = blobs
        .iter()
        .scan(0, |end, blobs| {
            *end += blobs.len();
            Some(*end)
        })
        .collect();
    let all: Vec<String> = blobs.concat();
    let mut remembered: Vec<(usize, Arc<Vec<SplitClause>>, String)> = Vec::new();
    let mut place = 0;
    let mut document = 0;
    repository.read_blobs(&all, |content| {
        while ends.get(document).is_some_and(|end| place >= *end) {
            document += 1;
            remembered.clear();
        }
        let at = place;
        place += 1;
        let Some(content) = content else {
            return sender.send(None).is_ok();
        };
        let known = remembered.iter().position(|(other, _, _)| all.get(*other) == all.get(at));
        let (clauses, sha256) = match known.map(|known| remembered.remove(known)) {
            Some((_, clauses, sha256)) => (clauses, sha256),
            None => {
                let text = String::from_utf8_lossy(&content);
                (Arc::new(split_markdown(&text)), hash_text(&content))
            }
        };
        if remembered.len() >= REMEMBERED {
            remembered.remove(0);
        }
        remembered.push((at, Arc::clone(&clauses), sha256.clone()));
        let is_torn = std::str::from_utf8(&content).is_err();
        sender.send(Some(Divided { clauses, sha256, is_torn })).is_ok()
    })
}
