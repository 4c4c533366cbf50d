//! Published generations: what reads are pinned to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Collection, CollectionError};
use crate::clause::Platform;
use crate::score::ImpactTable;
use crate::statistics::Statistics;
use crate::store::{Counted, Generation, HeldDocument};

/// How long a generation stays servable after its successor was published.
pub const SERVABLE_AFTER: Duration = Duration::from_secs(75);

/// A generation with what questions about it need at hand.
#[derive(Debug)]
pub struct Published {
    /// The generation.
    pub generation: Generation,
    /// Its statistics.
    pub statistics: Arc<Statistics>,
    /// Impacts by those statistics.
    pub impacts: ImpactTable,
    /// Platforms with a live clause, by id.
    pub platforms: BTreeMap<String, Counted<Platform>>,
    /// Documents with a live clause, by id.
    pub documents: BTreeMap<String, Counted<HeldDocument>>,
    retired: Mutex<Option<Instant>>,
}

impl Collection {
    /// The newest generation that is published.
    #[must_use]
    pub fn newest_published(&self) -> Option<Arc<Published>> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).last().map(Arc::clone)
    }

    /// A generation that is still servable.
    #[must_use]
    pub fn find_published(&self, generation: u64) -> Option<Arc<Published>> {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner);
        published.iter().find(|one| one.generation.number == generation).map(Arc::clone)
    }

    pub(super) fn publish(&self, generation: Generation) -> Result<Arc<Published>, CollectionError> {
        // The engine opens its newest state here, and that is what is published.
        let state = self.engine.open_newest()?;
        let number = state.map_or(generation.number, |state| state.generation);
        if let Some(published) = self.find_published(number) {
            return Ok(published);
        }
        let generation = if number == generation.number {
            generation
        } else {
            self.store.generation(number)?.unwrap_or(generation)
        };
        let statistics = match self.newest_published() {
            Some(newest) if newest.generation.statistics == generation.statistics => {
                Arc::clone(&newest.statistics)
            }
            _ => Arc::new(self.store.statistics(generation.statistics)?),
        };
        let platforms = self.store.platforms(number)?;
        let documents = self.store.documents(number)?;
        let published = Arc::new(Published {
            impacts: ImpactTable::new(
                self.knowledge.schema.impact,
                statistics.clauses,
                statistics.total_length,
            ),
            statistics,
            platforms: platforms.into_iter().map(|counted| (counted.item.id.to_string(), counted)).collect(),
            documents: documents
                .into_iter()
                .map(|counted| (counted.item.document.id.to_string(), counted))
                .collect(),
            generation,
            retired: Mutex::new(None),
        });
        let mut all = self.published.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(newest) = all.last() {
            *newest.retired.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        all.push(Arc::clone(&published));
        all.sort_by_key(|one| one.generation.number);
        let expired = |one: &Arc<Published>| {
            let retired = *one.retired.lock().unwrap_or_else(PoisonError::into_inner);
            retired.is_some_and(|retired| retired.elapsed() > SERVABLE_AFTER)
        };
        for old in all.extract_if(.., |one| expired(one)) {
            self.engine.release(old.generation.number);
            self.past.release(old.generation.number);
        }
        Ok(published)
    }
}
