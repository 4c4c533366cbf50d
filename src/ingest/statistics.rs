//! The statistics counted anew, over all live clauses of a unit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::IngestError;
use super::parallel::{Work, count_workers, work_in_order};
use super::unit::read_given;
use crate::clause::{Platform, PlatformId};
use crate::statistics::{Counter, Statistics};
use crate::store::{HeldClause, WriteUnit};
use crate::text::mask::Mask;

/// How many clauses are read at a time.
const BATCH: usize = 1_000;

/// A clause to be counted, with what is masked in it.
type Masked = (HeldClause, Arc<Mask>);

/// Counts the live clauses of a unit as they stand in it. `platforms` are those that the unit
/// changed and has not written yet.
pub(super) fn count_statistics(
    unit: &dyn WriteUnit,
    platforms: &HashMap<PlatformId, Platform>,
    title_factor: u32,
) -> Result<Statistics, IngestError> {
    let sum = Mutex::new(Statistics::default());
    let mut masks: HashMap<PlatformId, Arc<Mask>> = HashMap::new();
    let mut after = 0;
    let next = || -> Result<Option<Vec<Masked>>, IngestError> {
        let batch = unit.live_clauses(after, BATCH)?;
        let Some((last, _)) = batch.last() else {
            return Ok(None);
        };
        after = *last;
        let mut masked = Vec::with_capacity(batch.len());
        for (_, clause) in batch {
            let mask = match masks.get(&clause.platform) {
                Some(mask) => mask.clone(),
                None => {
                    let platform = match platforms.get(&clause.platform) {
                        Some(platform) => Some(platform.clone()),
                        None => unit.find_platform(&clause.platform)?,
                    };
                    let mask = Arc::new(platform.as_ref().map(Mask::of_platform).unwrap_or_default());
                    masks.insert(clause.platform.clone(), mask.clone());
                    mask
                }
            };
            masked.push((clause, mask));
        }
        Ok(Some(masked))
    };
    let begin = || -> Work<'_, Vec<Masked>, Result<(), IngestError>> {
        let mut counter = Counter::new(&sum, title_factor);
        Box::new(move |batch| batch.iter().try_for_each(|(clause, mask)| count(&mut counter, clause, mask)))
    };
    work_in_order(count_workers(), next, begin, |counted| counted)?;
    Ok(sum.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn count(counter: &mut Counter<'_>, clause: &HeldClause, mask: &Mask) -> Result<(), IngestError> {
    let given = read_given(clause)?;
    let detected = clause.inferred.get("language").and_then(serde_json::Value::as_str);
    let language = given.language.as_deref().or(detected).unwrap_or("en");
    counter.read(&clause.text, given.title.as_deref(), language, mask);
    Ok(())
}
