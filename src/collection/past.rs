//! The index of all wordings, live and past, with the days on which they stood.
//!
//! Only questions about a day of the past need it, so it is brought up to a generation when the
//! first of them is asked, or after an import that brought history.

use std::sync::PoisonError;

use super::lock::WriterLock;
use super::{BATCH, Collection, CollectionError, make_in_halves, make_past_entries};
use crate::engine::{Engine, IndexState};
use crate::store::Generation;

impl Collection {
    /// The engine that answers for days of the past.
    #[must_use]
    pub fn past(&self) -> &dyn Engine {
        &*self.past
    }

    /// Brings the index of the past up to the newest published generation.
    ///
    /// # Errors
    /// As [`Collection::bring_past_to`].
    pub fn synchronize_history(&self) -> Result<(), CollectionError> {
        let published = self.synchronize()?;
        self.bring_past_to(&published.generation)
    }

    /// Brings the index of the past up to a generation. If it is there or beyond, nothing happens.
    ///
    /// # Errors
    /// [`CollectionError::NotReady`] while another process writes.
    pub fn bring_past_to(&self, generation: &Generation) -> Result<(), CollectionError> {
        let _one_at_a_time = self.past_writing.lock().unwrap_or_else(PoisonError::into_inner);
        let reaches = |state: &IndexState| state.generation >= generation.number;
        let state = self.past.open_newest()?.filter(|state| state.format == self.format);
        if state.as_ref().is_some_and(reaches) {
            return Ok(());
        }
        let _lock = if self.past.is_shared() {
            WriterLock::try_now(&self.directory)?
                .ok_or_else(|| CollectionError::NotReady { path: self.directory.clone() })?
        } else {
            WriterLock::not_needed()
        };
        let few =
            |state: &IndexState| generation.position.saturating_sub(state.position) * 2 < generation.live;
        match state.filter(few) {
            Some(state) => self.replay_past(&state, generation)?,
            None => self.rebuild_past(generation)?,
        }
        self.past.open_newest()?;
        Ok(())
    }

    fn replay_past(&self, from: &IndexState, to: &Generation) -> Result<(), CollectionError> {
        let changed = self.read_changes(from.position, to.position)?;
        let mut writer = self.past.begin(false)?;
        for id in changed.into_keys() {
            let history = self.store.find_history(to.number, &id)?;
            let entries = history.map(|history| make_past_entries(&history, &self.knowledge));
            writer.put_wordings(&id, entries.unwrap_or_default())?;
        }
        Ok(writer.commit(self.next_state(to)?)?)
    }

    fn rebuild_past(&self, to: &Generation) -> Result<(), CollectionError> {
        let mut writer = self.past.begin(true)?;
        let mut after = 0;
        loop {
            let batch = self.store.histories(to.number, after, BATCH)?;
            let Some((cursor, _)) = batch.last() else { break };
            after = *cursor;
            let entries = make_in_halves(&batch, |(_, history)| make_past_entries(history, &self.knowledge));
            for ((_, history), entries) in batch.iter().zip(entries) {
                if let Some(clause) = history.wordings.first() {
                    writer.put_wordings(&clause.id, entries)?;
                }
            }
        }
        Ok(writer.commit(self.next_state(to)?)?)
    }
}
