//! The statistics counted anew, over all live clauses of a unit.

use std::collections::HashMap;
use std::thread;

use super::IngestError;
use super::unit::read_given;
use crate::clause::{Platform, PlatformId};
use crate::statistics::Statistics;
use crate::store::{HeldClause, WriteUnit};
use crate::text::mask::Mask;
use crate::text::term::analyze;

/// How many clauses are read at a time.
const BATCH: usize = 4_000;

/// Counts the live clauses of a unit as they stand in it. `platforms` are those that the unit
/// changed and has not written yet.
pub(super) fn count_statistics(
    unit: &dyn WriteUnit,
    platforms: &HashMap<PlatformId, Platform>,
    title_factor: u32,
) -> Result<Statistics, IngestError> {
    let mut statistics = Statistics::default();
    let mut masks: HashMap<PlatformId, Mask> = HashMap::new();
    let mut after = 0;
    loop {
        let batch = unit.live_clauses(after, BATCH)?;
        let Some((last, _)) = batch.last() else {
            return Ok(statistics);
        };
        after = *last;
        for (_, clause) in &batch {
            if !masks.contains_key(&clause.platform) {
                let platform = match platforms.get(&clause.platform) {
                    Some(platform) => Some(platform.clone()),
                    None => unit.find_platform(&clause.platform)?,
                };
                let mask = platform.as_ref().map(Mask::of_platform).unwrap_or_default();
                masks.insert(clause.platform.clone(), mask);
            }
        }
        let half = batch.len().div_ceil(2);
        let (one, two) = batch.split_at(half);
        let (one, two) = thread::scope(|scope| {
            let other = scope.spawn(|| count_batch(two, &masks, title_factor));
            let one = count_batch(one, &masks, title_factor);
            (one, other.join())
        });
        statistics.merge(one?);
        match two {
            Ok(counted) => statistics.merge(counted?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn count_batch(
    batch: &[(u64, HeldClause)],
    masks: &HashMap<PlatformId, Mask>,
    title_factor: u32,
) -> Result<Statistics, IngestError> {
    let mut statistics = Statistics::default();
    let nothing = Mask::default();
    for (_, clause) in batch {
        let given = read_given(clause)?;
        let language = given
            .language
            .as_deref()
            .or_else(|| clause.inferred.get("language").and_then(serde_json::Value::as_str))
            .unwrap_or("en");
        let mask = masks.get(&clause.platform).unwrap_or(&nothing);
        let text = analyze(&clause.text, language, mask);
        let title = given.title.as_deref().map(|title| analyze(title, language, mask)).unwrap_or_default();
        statistics.add(text, title, language, title_factor);
    }
    Ok(statistics)
}
