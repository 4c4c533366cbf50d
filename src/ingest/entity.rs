//! Platforms and documents as records name them: written once, at the end of the unit.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::IngestError;
use super::met::WRITTEN;
use super::unit::{IngestUnit, read_map, write_map};
use crate::clause::{ClauseId, Document, DocumentId, PlatformId, merge_patch};
use crate::store::{HeldClause, HeldDocument};

/// A platform or document, as stored and as it will be.
pub(super) struct Entity<T> {
    stored: Option<T>,
    pub(super) now: T,
    /// Whether a record names it that says nothing new of its clause: if the entity changes, so
    /// does that record's count.
    by_unchanged: bool,
    /// What the last record said of it: most say the same, and laying it over once more changes nothing.
    last: Map<String, Value>,
}

impl<T: PartialEq> Entity<T> {
    fn new(stored: Option<T>, now: T, last: Map<String, Value>) -> Self {
        Self { stored, now, by_unchanged: false, last }
    }

    fn is_new(&self) -> bool {
        self.stored.as_ref() != Some(&self.now)
    }

    /// Whether it was stored otherwise, by what `key` takes of it.
    fn differs<K: PartialEq>(&self, key: impl Fn(&T) -> K) -> bool {
        self.stored.as_ref().is_some_and(|stored| key(stored) != key(&self.now))
    }

    /// Whether its change is that of a record which else says nothing new.
    fn is_renamed(&self) -> bool {
        self.stored.is_some() && self.by_unchanged
    }
}

fn patch_entity<T: Serialize + DeserializeOwned>(
    id: &ClauseId,
    now: Option<&T>,
    patch: Map<String, Value>,
) -> Result<T, IngestError> {
    let mut map = match now {
        Some(now) => write_map(id, now)?,
        None => Map::new(),
    };
    merge_patch(&mut map, patch);
    read_map(id, map)
}

impl IngestUnit<'_> {
    /// Notes a platform that a record names.
    pub(super) fn note_platform(
        &mut self,
        clause: &ClauseId,
        id: &PlatformId,
        patch: Map<String, Value>,
    ) -> Result<(), IngestError> {
        match self.platforms.get_mut(id) {
            Some(entity) if entity.last == patch => {}
            Some(entity) => {
                entity.now = patch_entity(clause, Some(&entity.now), patch.clone())?;
                entity.last = patch;
            }
            None => {
                let stored = self.unit.find_platform(id)?;
                let now = patch_entity(clause, stored.as_ref(), patch.clone())?;
                self.platforms.insert(id.clone(), Entity::new(stored, now, patch));
            }
        }
        Ok(())
    }

    /// Notes a document that a record names; the inner error is a reason to reject the record.
    pub(super) fn note_document(
        &mut self,
        clause: &ClauseId,
        platform: &PlatformId,
        id: &DocumentId,
        patch: Map<String, Value>,
    ) -> Result<Result<(), String>, IngestError> {
        let entity = self.documents.get_mut(id);
        let stored = if entity.is_some() { None } else { self.unit.find_document(id)? };
        let before = entity.as_ref().map(|entity| &entity.now).or(stored.as_ref());
        if let Some(before) = before
            && before.platform != *platform
        {
            return Ok(Err(format!("`document.id` {id} belongs to platform {}", before.platform)));
        }
        match entity {
            Some(entity) if entity.last == patch => {}
            Some(entity) => {
                entity.now.document = patch_entity(clause, Some(&entity.now.document), patch.clone())?;
                entity.last = patch;
            }
            None => {
                let document: Document =
                    patch_entity(clause, stored.as_ref().map(|stored| &stored.document), patch.clone())?;
                let now = HeldDocument { platform: platform.clone(), document };
                self.documents.insert(id.clone(), Entity::new(stored, now, patch));
            }
        }
        Ok(Ok(()))
    }

    /// Notes that a clause says nothing new, so that a change of its platform or document counts.
    pub(super) fn note_unchanged(&mut self, clause: &HeldClause) {
        if let Some(entity) = self.platforms.get_mut(&clause.platform) {
            entity.by_unchanged = true;
        }
        if let Some(entity) = self.documents.get_mut(&clause.document) {
            entity.by_unchanged = true;
        }
    }

    /// Writes the platforms and documents that changed, and the clauses whose entries that changes.
    pub(super) fn write_entities(&mut self) -> Result<(), IngestError> {
        let mut touched: BTreeSet<ClauseId> = BTreeSet::new();
        let mut renamed = 0;
        for (id, entity) in self.platforms.iter().filter(|(_, entity)| entity.is_new()) {
            renamed += usize::from(entity.is_renamed());
            self.unit.write_platform(&entity.now)?;
            // The names are masked in every clause of the platform.
            if entity.differs(|platform| (platform.name.clone(), platform.parent.clone())) {
                touched.extend(self.unit.clauses_of_platform(id)?);
            }
        }
        for (id, entity) in self.documents.iter().filter(|(_, entity)| entity.is_new()) {
            renamed += usize::from(entity.is_renamed());
            self.unit.write_document(&entity.now)?;
            if entity.differs(|held| held.document.document_type.clone()) {
                touched.extend(self.unit.clauses_of_document(id)?);
            }
        }
        for _ in 0..renamed {
            self.summary.count_renamed();
        }
        for id in touched {
            if !self.met.has(&id, WRITTEN)
                && let Some(held) = self.unit.find_clause(&id)?
            {
                let (version, _) = self.unit.last_numbers(&id)?;
                self.unit.write_clause(&HeldClause { version: version + 1, ..held })?;
            }
        }
        Ok(())
    }
}
