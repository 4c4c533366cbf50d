//! Texts that were classified before: a wording comes again, on its platform and on others.

use std::sync::Arc;

use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};

use super::{Classification, Classifier};

/// How many texts are remembered: a kilobyte each.
const REMEMBERED: usize = 16_384;

/// What was found in texts, by their hash. For one ingest: what people paste is not remembered.
pub struct Recall(Cache<[u8; 32], Arc<Classification>, UnitWeighter, FxBuildHasher>);

impl Default for Recall {
    fn default() -> Self {
        let bytes = REMEMBERED as u64;
        let (weighter, lifecycle) = (UnitWeighter, DefaultLifecycle::default());
        Self(Cache::with(REMEMBERED, bytes, weighter, FxBuildHasher, lifecycle))
    }
}

impl Recall {
    /// What [`Classifier::classify`] finds, looked up if it was found before.
    #[must_use]
    pub fn classify(
        &self,
        classifier: &Classifier,
        text: &str,
        title: Option<&str>,
        language: &str,
    ) -> Arc<Classification> {
        let mut hash = Sha256::new();
        // No byte of UTF-8 is 255, and no title is not an empty one.
        for part in [Some(language), title, Some(text)] {
            hash.update(part.unwrap_or_default());
            hash.update([255 - u8::from(part.is_none())]);
        }
        let key: [u8; 32] = hash.finalize().into();
        if let Some(known) = self.0.get(&key) {
            return known;
        }
        let found = Arc::new(classifier.classify(text, title, language));
        self.0.insert(key, Arc::clone(&found));
        found
    }
}
