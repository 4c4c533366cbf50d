//! The one way from the clauses of a document to the store, whoever imports it.
//!
//! An importer finds documents, divides them, and says what versions there are. From here on it is
//! the same for all: clauses are followed from what is held ([`Tracker`]), records are made and
//! checked, and what is refused goes to the rejects file.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::tracker::{Sighting, Tracked, Tracker, Version};
use super::{ImportError, ImportReport};
use crate::clause::{ClauseId, DocumentId};
use crate::ingest::{IngestUnit, RecordChecker, Reject, RejectWriter, Summary, Timeline, TimelineWording};
use crate::taxonomy::Taxonomy;
use crate::text::language::detect_language;
use crate::text::split::{SPLIT_VERSION, SplitClause};

/// How much of a document its language is detected from, in bytes.
const LANGUAGE_SAMPLE: usize = 20_000;

/// How many warnings a report keeps.
const WARNINGS: usize = 1_000;

/// What all clauses of a document have in common, as records name it.
pub(super) struct Frame {
    /// The document's id.
    pub(super) id: DocumentId,
    /// The key `platform`.
    pub(super) platform: Value,
    /// The key `document`.
    pub(super) document: Value,
    /// The key `collection`.
    pub(super) collection: Value,
    /// What warnings and rejects call it.
    pub(super) path: String,
}

/// Where an importer stands with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// What the latest version was known by: a hash of its content, or the object id of it.
    pub(super) content: String,
    /// The commit of it, where there are commits.
    #[serde(default)]
    pub(super) commit: Option<String>,
    /// Whether every version up to it was read.
    #[serde(default)]
    pub(super) history: bool,
    /// The rules by which it was divided.
    pub(super) split: u32,
}

impl Mark {
    pub(super) fn new(content: String) -> Self {
        Self { content, commit: None, history: false, split: SPLIT_VERSION }
    }

    /// Reads the mark of a document. One that cannot be read is as good as none.
    pub(super) fn read(unit: &IngestUnit<'_>, id: &DocumentId) -> Result<Option<Self>, ImportError> {
        Ok(unit.find_mark(id)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) fn write(&self, unit: &mut IngestUnit<'_>, id: &DocumentId) -> Result<(), ImportError> {
        let text = serde_json::to_string(self).map_err(ImportError::Schema)?;
        Ok(unit.write_mark(id, &text)?)
    }

    /// Whether the rules of division are those of today.
    pub(super) fn is_current(&self) -> bool {
        self.split == SPLIT_VERSION
    }
}

/// What was imported.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// Documents read.
    pub(super) documents: u64,
    /// Versions of them read.
    pub(super) versions: u64,
    /// Clauses in the latest versions.
    pub(super) clauses: u64,
    /// Wordings recorded.
    pub(super) wordings: u64,
    /// What the person should know.
    pub(super) warnings: Vec<String>,
}

impl Account {
    /// The account as it is told.
    pub(super) fn report(self, collection: &str, summary: Summary, generation: u64) -> ImportReport {
        ImportReport {
            collection: collection.to_owned(),
            documents: self.documents,
            versions: self.versions,
            clauses: self.clauses,
            wordings: self.wordings,
            warnings: self.warnings,
            summary,
            generation,
        }
    }
}

/// Takes documents into a unit, and keeps account of it.
pub(super) struct DocumentWriter<'a> {
    checker: RecordChecker<'a>,
    rejects: RejectWriter,
    /// What was done so far.
    pub(super) account: Account,
}

impl<'a> DocumentWriter<'a> {
    /// A writer that refuses into a file. To be made within the unit: until then another process
    /// may be writing there.
    pub(super) fn new(taxonomy: &'a Taxonomy, rejects: &Path) -> Result<Self, ImportError> {
        Ok(Self {
            checker: RecordChecker::new(taxonomy).map_err(ImportError::Schema)?,
            rejects: RejectWriter::new(rejects)?,
            account: Account::default(),
        })
    }

    /// Notes something that the person should know.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        if self.account.warnings.len() < WARNINGS {
            self.account.warnings.push(warning.into());
        }
    }

    /// Leaves a document as it is held.
    pub(super) fn keep(&mut self, unit: &mut IngestUnit<'_>, frame: &Frame) -> Result<(), ImportError> {
        self.account.documents += 1;
        self.account.clauses += unit.keep_document(&frame.id)?;
        Ok(())
    }

    /// Takes in the only version that there is of a document, over what is held of it.
    pub(super) fn put_version(
        &mut self,
        unit: &mut IngestUnit<'_>,
        frame: &Frame,
        version: &Version,
    ) -> Result<(), ImportError> {
        let mut tracker = Tracker::of_held(unit.histories_of_document(&frame.id)?);
        tracker.step(version);
        self.account.versions += 1;
        self.put_document(unit, frame, tracker)
    }

    /// Writes what was followed of a document.
    pub(super) fn put_document(
        &mut self,
        unit: &mut IngestUnit<'_>,
        frame: &Frame,
        tracker: Tracker,
    ) -> Result<(), ImportError> {
        self.account.documents += 1;
        self.account.clauses += tracker.count_live() as u64;
        let flapping = tracker.count_flapping();
        if flapping > 0 {
            let path = &frame.path;
            self.warn(format!(
                "{path}: the page serves several texts in turn; {flapping} of its clauses come and go, which is not told as so many changes"
            ));
        }
        let tracked = tracker.finish(&frame.id);
        let language = detect_in(&tracked);
        for (place, clause) in tracked.into_iter().enumerate() {
            self.put_clause(unit, frame, language, place, clause)?;
        }
        Ok(())
    }

    fn put_clause(
        &mut self,
        unit: &mut IngestUnit<'_>,
        frame: &Frame,
        language: &str,
        place: usize,
        tracked: Tracked,
    ) -> Result<(), ImportError> {
        let Some(id) = tracked.id else {
            self.warn(format!("{}: no id can be made of its path", frame.path));
            return Ok(());
        };
        let mut wordings = Vec::with_capacity(tracked.wordings.len());
        for (number, wording) in tracked.wordings.into_iter().enumerate() {
            let mut record = None;
            if let Some((clause, sighting)) = wording.seen {
                let spans = tracked.spans.iter().filter(|span| span.wording == number as u64);
                let first_seen = spans.map(|span| span.began_at.as_deref()).min().flatten();
                let value = make_record(frame, language, &id, &clause, &sighting, first_seen);
                match self.checker.check(value.clone()) {
                    Ok(checked) => record = Some(checked),
                    Err(reason) => return self.reject(unit, frame, place, &id, &value, reason),
                }
                self.account.wordings += 1;
            }
            wordings.push(TimelineWording { text: wording.text.to_string(), record });
        }
        let timeline = Timeline { id: id.clone(), wordings, spans: tracked.spans, news: tracked.news };
        match unit.put_timeline(timeline)? {
            Ok(_) => Ok(()),
            Err(reason) => self.reject(unit, frame, place, &id, &Value::Null, reason),
        }
    }

    /// Takes in a record that an importer made by itself, with an id of its own.
    pub(super) fn put_record(
        &mut self,
        unit: &mut IngestUnit<'_>,
        file: &str,
        value: Value,
    ) -> Result<(), ImportError> {
        let reason = match self.checker.check(value.clone()) {
            Ok(record) => match unit.put(record)? {
                Ok(_) => {
                    self.account.clauses += 1;
                    self.account.wordings += 1;
                    return Ok(());
                }
                Err(reason) => reason,
            },
            Err(reason) => {
                let id = value.get("id").and_then(Value::as_str).and_then(|id| ClauseId::new(id).ok());
                unit.note_reject(id);
                reason
            }
        };
        self.refuse(Reject { file: Some(file.to_owned()), line: 1, reason, text: value.to_string() })
    }

    fn reject(
        &mut self,
        unit: &mut IngestUnit<'_>,
        frame: &Frame,
        place: usize,
        id: &ClauseId,
        value: &Value,
        reason: String,
    ) -> Result<(), ImportError> {
        unit.note_reject(Some(id.clone()));
        self.refuse(Reject {
            file: Some(frame.path.clone()),
            line: place as u64 + 1,
            reason,
            text: if value.is_null() { id.to_string() } else { value.to_string() },
        })
    }

    /// Writes to the rejects file, and says so.
    pub(super) fn refuse(&mut self, reject: Reject) -> Result<(), ImportError> {
        let file = reject.file.as_deref().unwrap_or("");
        self.warn(format!("{file}: {}", reject.reason));
        Ok(self.rejects.write(&reject)?)
    }

    /// The account of it, once all that was refused is in its file.
    pub(super) fn finish(mut self) -> Result<Account, ImportError> {
        self.rejects.finish()?;
        Ok(self.account)
    }
}

/// The language of a document, detected in what its latest version says.
fn detect_in(tracked: &[Tracked]) -> &'static str {
    let mut sample = String::new();
    let seen = tracked.iter().filter_map(|tracked| tracked.wordings.last());
    for wording in seen {
        if sample.len() > LANGUAGE_SAMPLE {
            break;
        }
        sample.push_str(&wording.text);
        sample.push('\n');
    }
    detect_language(&sample)
}

fn make_record(
    frame: &Frame,
    language: &str,
    id: &ClauseId,
    clause: &SplitClause,
    sighting: &Arc<Sighting>,
    first_seen: Option<&str>,
) -> Value {
    let mut evidence = sighting.evidence.clone();
    evidence.insert("byte_range".to_owned(), json!([clause.byte_range.start, clause.byte_range.end]));
    let day = |moment: &str| moment.get(..10).unwrap_or(moment).to_owned();
    let mut observed = Map::new();
    for (key, moment) in [("first_seen", first_seen), ("last_seen", sighting.seen_at.as_deref())] {
        if let Some(moment) = moment {
            observed.insert(key.to_owned(), json!(day(moment)));
        }
    }
    let mut record = sighting.extra.clone();
    record.insert("x_context".to_owned(), describe_context(clause));
    for (key, value) in [
        ("id", json!(id)),
        ("platform", frame.platform.clone()),
        ("document", frame.document.clone()),
        ("text", json!(clause.text)),
        ("title", json!(clause.title())),
        ("language", json!(language)),
        ("evidence", Value::Object(evidence)),
        ("observed", Value::Object(observed)),
        ("collection", frame.collection.clone()),
    ] {
        record.insert(key.to_owned(), value);
    }
    Value::Object(record)
}

/// What stands around a clause in its document.
fn describe_context(clause: &SplitClause) -> Value {
    let mut context = Map::new();
    for (key, text) in
        [("number", &clause.number), ("lead_in", &clause.lead_in), ("summary", &clause.summary)]
    {
        if let Some(text) = text {
            context.insert(key.to_owned(), json!(text));
        }
    }
    for (key, list) in [("heading_path", &clause.heading_path), ("references", &clause.references)] {
        if !list.is_empty() {
            context.insert(key.to_owned(), json!(list));
        }
    }
    Value::Object(context)
}
