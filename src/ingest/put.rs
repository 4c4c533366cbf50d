//! A record laid over what is held of its clause.

use serde_json::Value;

use super::IngestError;
use super::foresee::{Foreseen, lay_over, read_annotation};
use super::met::{NAMED, TAKEN, WRITTEN};
use super::summary::Outcome;
use super::unit::{IngestUnit, read_map, write_map};
use crate::clause::{Cause, ClauseId, DocumentId, Given, News, NewsKind, Platform, PlatformId, Record, Span};
use crate::store::{FirstVersion, HeldClause, HeldDocument};

/// What became of a record that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// What it did to its clause.
    pub outcome: Outcome,
    /// Whether the store has never held the clause: it stands just as it was foreseen.
    pub first: bool,
}

/// A clause as it is, and as a record makes it.
pub(super) struct Prepared {
    pub(super) held: Option<HeldClause>,
    pub(super) next: HeldClause,
}

impl IngestUnit<'_> {
    /// Puts a record. The inner error is the reason why it is rejected; the unit goes on.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn put(&mut self, record: Record) -> Result<Result<Outcome, String>, IngestError> {
        let foreseen = self.rules.foresee(&record)?;
        Ok(self.put_foreseen(record, &foreseen)?.map(|put| put.outcome))
    }

    /// Puts a record of which it was foreseen what it comes to. The inner error is the reason why it is
    /// rejected; the unit goes on.
    ///
    /// # Errors
    /// [`IngestError`] if the store fails.
    pub fn put_foreseen(
        &mut self,
        record: Record,
        foreseen: &Foreseen,
    ) -> Result<Result<Put, String>, IngestError> {
        self.summary.read += 1;
        let id = record.id.clone();
        let result = self.put_record(record, foreseen)?;
        // A rejected record still names its clause: what is stored of it is not missing.
        match &result {
            Ok(put) => {
                self.met.mark(&id, NAMED | TAKEN);
                self.summary.count(put.outcome);
            }
            Err(_) => {
                self.met.mark(&id, NAMED);
                self.summary.rejected += 1;
            }
        }
        Ok(result)
    }

    fn put_record(
        &mut self,
        record: Record,
        foreseen: &Foreseen,
    ) -> Result<Result<Put, String>, IngestError> {
        if let Err(reason) = self.refuse_twice(&record.id) {
            return Ok(Err(reason));
        }
        let Some(held) = self.find_held(&record.id)? else {
            return Ok(self
                .put_first(record, foreseen)?
                .map(|()| Put { outcome: Outcome::Added, first: true }));
        };
        let prepared = match self.lay_record(record, Some(held), Some(foreseen))? {
            Ok(prepared) => prepared,
            Err(reason) => return Ok(Err(reason)),
        };
        let outcome = self.weigh_prepared(&prepared);
        let done = Ok(Put { outcome, first: false });
        if outcome == Outcome::Unchanged {
            return Ok(done);
        }
        let mut spans = self.unit.spans(&prepared.next.id)?;
        let news = self.follow_record(&prepared, &mut spans);
        self.write_prepared(&prepared)?;
        self.unit.write_spans(&prepared.next.id, &spans)?;
        if let Some(news) = news {
            self.tell(&prepared.next.id, &news)?;
        }
        Ok(done)
    }

    /// Writes a clause that the store has never held.
    fn put_first(&mut self, record: Record, foreseen: &Foreseen) -> Result<Result<(), String>, IngestError> {
        let Record { id, platform, platform_id, document, document_id, text, .. } = record;
        if let Err(reason) = self.note_document(&id, &platform_id, &document_id, document)? {
            return Ok(Err(reason));
        }
        self.note_platform(&id, &platform_id, platform)?;
        self.unit.write_first(&FirstVersion {
            id: &id,
            platform: &platform_id,
            document: &document_id,
            text: &text,
            given: &foreseen.given_json,
            inferred: &foreseen.inferred_json,
            collection: foreseen.given.collection.as_ref().map(|collection| collection.id.as_str()),
            first_seen: foreseen.given.observed.first_seen.as_deref(),
            announced: self.announces,
        })?;
        self.met.mark(&id, WRITTEN);
        Ok(Ok(()))
    }

    /// What is held of a clause. Where the store held nothing before the unit, most are not asked for.
    fn find_held(&self, id: &ClauseId) -> Result<Option<HeldClause>, IngestError> {
        if self.is_first() && !self.met.has(id, NAMED | TAKEN | WRITTEN) {
            return Ok(None);
        }
        Ok(self.unit.find_clause(id)?)
    }

    /// Whether the store held no clause before the unit, live or gone.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.unit.before().position == 0
    }

    /// A platform as the unit's records name it, if one does.
    #[must_use]
    pub fn find_named_platform(&self, id: &PlatformId) -> Option<&Platform> {
        self.platforms.get(id).map(|entity| &entity.now)
    }

    /// A document as the unit's records name it, if one does.
    #[must_use]
    pub fn find_named_document(&self, id: &DocumentId) -> Option<&HeldDocument> {
        self.documents.get(id).map(|entity| &entity.now)
    }

    pub(super) fn refuse_twice(&self, id: &ClauseId) -> Result<(), String> {
        if self.met.has(id, TAKEN) {
            return Err(format!("`id` {id} stands in this input twice; the first was kept"));
        }
        Ok(())
    }

    /// What a record makes of its clause; the inner error is a reason to reject it.
    pub(super) fn prepare(&mut self, record: Record) -> Result<Result<Prepared, String>, IngestError> {
        if let Err(reason) = self.refuse_twice(&record.id) {
            return Ok(Err(reason));
        }
        let held = self.unit.find_clause(&record.id)?;
        self.lay_record(record, held, None)
    }

    fn lay_record(
        &mut self,
        record: Record,
        held: Option<HeldClause>,
        foreseen: Option<&Foreseen>,
    ) -> Result<Result<Prepared, String>, IngestError> {
        let Record { id, platform, platform_id, document, document_id, text, given: patch } = record;
        if let Some(held) = &held
            && held.platform != platform_id
        {
            let owner = &held.platform;
            return Ok(Err(format!(
                "`id` {id} belongs to a clause of platform {owner}; an id never changes hands"
            )));
        }
        if let Err(reason) = self.note_document(&id, &platform_id, &document_id, document)? {
            return Ok(Err(reason));
        }
        self.note_platform(&id, &platform_id, platform)?;

        let same_text = held.as_ref().is_some_and(|held| held.text == text);
        let mut given = held.as_ref().map(|held| held.given.clone()).unwrap_or_default();
        if !same_text {
            // Evidence and dates are those of a wording: a new one begins without.
            given.remove("evidence");
            given.remove("observed");
        }
        let annotation = held.as_ref().map(|held| held.annotation.clone()).unwrap_or_default();
        let typed: Given = read_map(&id, lay_over(given, patch))?;
        let by_importer = foreseen.is_none();
        let foreseen = foreseen.filter(|foreseen| annotation.is_empty() && foreseen.given == typed);
        let (given, inferred) = match foreseen {
            Some(foreseen) => (foreseen.given_map.clone(), foreseen.inferred_map.clone()),
            None => {
                let said = read_annotation(&id, &annotation)?;
                (write_map(&id, &typed)?, write_map(&id, &self.rules.infer(&text, &typed, &said))?)
            }
        };
        let mut next = HeldClause {
            version: held.as_ref().map_or(0, |held| held.version),
            live: true,
            platform: platform_id,
            document: document_id,
            wording: held.as_ref().map_or(0, |held| held.wording),
            text,
            given,
            annotation,
            inferred,
            id,
        };
        // An importer may number the wording otherwise.
        if by_importer || held.as_ref() != Some(&next) {
            let (last_version, last_wording) = self.unit.last_numbers(&next.id)?;
            next.version = last_version + 1;
            if !same_text {
                // A text that stood before is that wording again.
                let known = if held.is_some() { self.unit.find_wording(&next.id, &next.text)? } else { None };
                next.wording = known.unwrap_or(last_wording + 1);
            }
        }
        Ok(Ok(Prepared { held, next }))
    }

    /// What is done to a clause by what was prepared.
    fn weigh_prepared(&mut self, prepared: &Prepared) -> Outcome {
        let Prepared { held, next } = prepared;
        let held = held.as_ref().filter(|held| held.live);
        if held.is_some_and(|held| HeldClause { version: next.version, ..held.clone() } == *next) {
            self.note_unchanged(next);
            return Outcome::Unchanged;
        }
        if held.is_some() { Outcome::Changed } else { Outcome::Added }
    }

    /// Writes what was prepared, unless it says nothing new.
    pub(super) fn write_prepared(&mut self, prepared: &Prepared) -> Result<Outcome, IngestError> {
        let outcome = self.weigh_prepared(prepared);
        if outcome != Outcome::Unchanged {
            self.unit.write_clause(&prepared.next)?;
            self.met.mark(&prepared.next.id, WRITTEN);
        }
        Ok(outcome)
    }

    /// Continues the times of a clause by a record of it, and says what is news in it.
    fn follow_record(&self, prepared: &Prepared, spans: &mut Vec<Span>) -> Option<News> {
        let Prepared { held, next } = prepared;
        let observed = next.given.get("observed").and_then(|observed| observed.get("first_seen"));
        let first_seen = observed.and_then(Value::as_str).map(str::to_owned);
        let before = held.as_ref().filter(|held| held.live).map(|held| held.wording);
        if before == Some(next.wording) {
            if let Some(open) = spans.last_mut()
                && first_seen.is_some()
            {
                open.began_at = first_seen;
            }
            return None;
        }
        if let Some(open) = spans.last_mut()
            && open.ended_at.is_none()
        {
            open.ended_at = Some(first_seen.clone().unwrap_or_else(|| self.unit.now().to_owned()));
            open.ended_by = Some(Cause::Record);
        }
        spans.push(Span {
            wording: next.wording,
            began_at: first_seen.clone(),
            began_by: if held.is_some() { Cause::Record } else { Cause::First },
            ended_at: None,
            ended_by: None,
            replaced_by: None,
        });
        Some(News {
            kind: if before.is_some() { NewsKind::Changed } else { NewsKind::Added },
            observed_at: first_seen,
            by: Cause::Record,
            wording_before: before,
            wording: Some(next.wording),
        })
    }
}
