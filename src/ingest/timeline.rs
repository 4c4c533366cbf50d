//! What importers ask of a unit: documents with their past, and clauses followed through the
//! versions of their document, written at once.

use serde_json::Map;

use super::IngestError;
use super::foresee::read_annotation;
use super::met::{NAMED, TAKEN};
use super::summary::Outcome;
use super::unit::{IngestUnit, read_map, write_map};
use crate::clause::{ClauseId, DocumentId, Given, News, Record, Span, merge_patch};
use crate::store::HeldClause;

/// One of a clause's wordings.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineWording {
    /// Its text.
    pub text: String,
    /// What to record of it; `None` where what is recorded still holds.
    pub record: Option<Record>,
}

/// All that an importer knows of how a clause stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The clause.
    pub id: ClauseId,
    /// Its wordings, each once.
    pub wordings: Vec<TimelineWording>,
    /// When they stood. Here `wording` is a place in `wordings`, from 0. If the last has no end,
    /// the clause is live, and its wording has a record.
    pub spans: Vec<Span>,
    /// What is news, oldest first; its wordings are places in `wordings`, too.
    pub news: Vec<News>,
}

/// A clause with its past, as the store has it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldHistory {
    /// The clause, live or gone.
    pub clause: HeldClause,
    /// Its wordings: number and text.
    pub wordings: Vec<(u64, String)>,
    /// When they stood.
    pub spans: Vec<Span>,
}

impl IngestUnit<'_> {
    /// Every clause that a document has or had, as the unit sees it, with its wordings (number and
    /// text) and the times in which they stood.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn histories_of_document(&self, id: &DocumentId) -> Result<Vec<HeldHistory>, IngestError> {
        let mut histories = Vec::new();
        for id in self.unit.clauses_ever_of_document(id)? {
            if let Some(clause) = self.unit.find_clause(&id)? {
                let (wordings, spans) = (self.unit.wordings(&id)?, self.unit.spans(&id)?);
                histories.push(HeldHistory { clause, wordings, spans });
            }
        }
        Ok(histories)
    }

    /// Whether a collection has a document with a live clause.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn holds_collection(&self, collection: &str) -> Result<bool, IngestError> {
        Ok(!self.unit.documents_of_collection(collection)?.is_empty())
    }

    /// Whether a document has a live clause.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn holds_document(&self, id: &DocumentId) -> Result<bool, IngestError> {
        Ok(!self.unit.clauses_of_document(id)?.is_empty())
    }

    /// What an importer noted of a document.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn find_mark(&self, id: &DocumentId) -> Result<Option<String>, IngestError> {
        Ok(self.unit.find_mark(id)?)
    }

    /// Notes where an importer stands with a document.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn write_mark(&mut self, id: &DocumentId, mark: &str) -> Result<(), IngestError> {
        Ok(self.unit.write_mark(id, mark)?)
    }

    /// When the unit began, RFC 3339 in UTC.
    #[must_use]
    pub fn now(&self) -> &str {
        self.unit.now()
    }

    /// Leaves a document as it is: it was looked at and says nothing new. Returns the number of its
    /// live clauses.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn keep_document(&mut self, id: &DocumentId) -> Result<u64, IngestError> {
        let live = self.unit.clauses_of_document(id)?;
        let count = live.len() as u64;
        self.summary.read += count;
        self.summary.unchanged += count;
        self.kept.insert(id.clone());
        for clause in &live {
            self.met.mark(clause, NAMED);
        }
        Ok(count)
    }

    /// Puts a clause with its wordings and their times, in place of what is held of them. The inner
    /// error is the reason why it is rejected; the unit goes on.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn put_timeline(
        &mut self,
        timeline: Timeline,
    ) -> Result<Result<Option<Outcome>, String>, IngestError> {
        let Timeline { id, wordings, spans, news } = timeline;
        let standing = spans.last().filter(|span| span.ended_at.is_none()).map(|span| span.wording);
        let mut numbers: Vec<u64> = Vec::with_capacity(wordings.len());
        let held: Vec<(u64, String)> = self.unit.wordings(&id)?;
        let mut next_number = held.last().map_or(1, |(number, _)| number + 1);
        for wording in &wordings {
            let known = held.iter().find(|(_, text)| *text == wording.text).map(|(number, _)| *number);
            numbers.push(known.unwrap_or_else(|| {
                next_number += 1;
                next_number - 1
            }));
        }
        let mut live = None;
        for (place, wording) in wordings.into_iter().enumerate() {
            let Some(record) = wording.record else { continue };
            if standing == Some(place as u64) {
                live = Some((place, record));
            } else if let Err(reason) =
                self.put_past_wording(record, numbers.get(place).copied().unwrap_or(1))?
            {
                return Ok(Err(reason));
            }
        }
        let outcome = match live {
            Some((place, record)) => {
                self.summary.read += 1;
                let mut prepared = match self.prepare(record)? {
                    Ok(prepared) => prepared,
                    Err(reason) => {
                        self.summary.rejected += 1;
                        return Ok(Err(reason));
                    }
                };
                prepared.next.wording = numbers.get(place).copied().unwrap_or(prepared.next.wording);
                let outcome = self.write_prepared(&prepared)?;
                self.summary.count(outcome);
                self.met.mark(&id, TAKEN);
                Some(outcome)
            }
            None => {
                if self.unit.find_clause(&id)?.is_some_and(|held| held.live) {
                    self.unit.remove_clause(&id)?;
                    self.summary.removed += 1;
                }
                None
            }
        };
        self.met.mark(&id, NAMED);
        let number = |place: u64| -> u64 {
            usize::try_from(place).ok().and_then(|place| numbers.get(place).copied()).unwrap_or(1)
        };
        let spans: Vec<Span> =
            spans.into_iter().map(|span| Span { wording: number(span.wording), ..span }).collect();
        self.unit.write_spans(&id, &spans)?;
        for news in news {
            let wording_before = news.wording_before.map(number);
            let wording = news.wording.map(number);
            self.tell(&id, &News { wording_before, wording, ..news })?;
        }
        Ok(Ok(outcome))
    }

    /// Records a wording that does not stand any more. Nothing of what is held of the live one is
    /// laid under it but an analyst's words, which are about the clause.
    fn put_past_wording(&mut self, record: Record, wording: u64) -> Result<Result<(), String>, IngestError> {
        let Record { id, platform, platform_id, document, document_id, text, given: patch } = record;
        if let Err(reason) = self.note_document(&id, &platform_id, &document_id, document)? {
            return Ok(Err(reason));
        }
        self.note_platform(&id, &platform_id, platform)?;
        let annotation = self.unit.find_clause(&id)?.map(|held| held.annotation).unwrap_or_default();
        let mut given = Map::new();
        merge_patch(&mut given, patch);
        let given: Given = read_map(&id, given)?;
        let said = read_annotation(&id, &annotation)?;
        let inferred = write_map(&id, &self.rules.infer(&text, &given, &said))?;
        let (version, _) = self.unit.last_numbers(&id)?;
        self.unit.write_past_wording(&HeldClause {
            version: version + 1,
            live: false,
            platform: platform_id,
            document: document_id,
            wording,
            text,
            given: write_map(&id, &given)?,
            annotation,
            inferred,
            id,
        })?;
        Ok(Ok(()))
    }
}
