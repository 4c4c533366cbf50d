//! The demo collection that the binary carries: invented platforms and their clauses.

use std::path::Path;

use crate::collection::{Collection, CollectionError};
use crate::ingest::{Format, IngestError, RecordChecker, Source, Summary};

macro_rules! bundle {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../demo/", $name)))),*]
    };
}

/// Its files: name and NDJSON.
pub const FILES: &[(&str, &str)] = bundle![
    "adlattice.ndjson",
    "arenaforge.ndjson",
    "bazaarly.ndjson",
    "cartwheel-eats.ndjson",
    "civicboard.ndjson",
    "craterdb.ndjson",
    "ferrypay.ndjson",
    "flickerfeed.ndjson",
    "gatewise-api.ndjson",
    "harbor-mail.ndjson",
    "heartwick.ndjson",
    "jobtrellis.ndjson",
    "kidorchard.ndjson",
    "lodgeloop.ndjson",
    "lumenask.ndjson",
    "nimbus-drive.ndjson",
    "nimbus-notes.ndjson",
    "pixelforge.ndjson",
    "plazaline.ndjson",
    "quillhaven.ndjson",
    "soundmoss.ndjson",
    "streamlark.ndjson",
    "stridewell.ndjson",
    "tessera-chat.ndjson",
    "threadbare.ndjson",
    "voxa.ndjson",
    "wheelshare.ndjson",
];

/// Why the demo cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A line of it was rejected. Never in a tested build: a test loads the same files.
    #[error("demo/{file}, line {line}: {reason}")]
    Rejected {
        /// The file.
        file: &'static str,
        /// Its line, from 1.
        line: u64,
        /// What to change.
        reason: String,
    },
    /// The schema of records cannot be used. Never in a tested build.
    #[error("the schema of records cannot be used: {0}")]
    Schema(#[from] serde_json::Error),
    /// The collection cannot be written.
    #[error(transparent)]
    Collection(#[from] CollectionError),
}

/// Loads all of it as one unit.
///
/// # Errors
/// [`DemoError`] if a record is rejected or the collection cannot be written; nothing has changed
/// then.
pub fn load(collection: &Collection) -> Result<Summary, DemoError> {
    let checker = RecordChecker::new(collection.taxonomy())?;
    let (summary, _) = collection.write(|unit| -> Result<(), DemoError> {
        for &(file, text) in FILES {
            let wrap = |error: IngestError| DemoError::Collection(error.into());
            let mut source = Source::of_reader(Path::new(file), Box::new(text.as_bytes()), Format::Ndjson)
                .map_err(|error| wrap(error.into()))?;
            while let Some(item) = source.next_item().map_err(|error| wrap(error.into()))? {
                let put = match item.value.and_then(|value| checker.check(value)) {
                    Ok(record) => unit.put(record).map_err(wrap)?.map(drop),
                    Err(reason) => Err(reason),
                };
                put.map_err(|reason| DemoError::Rejected { file, line: item.line, reason })?;
            }
        }
        Ok(())
    })?;
    Ok(summary)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::clause::Clause;
    use crate::collection::Knowledge;
    use crate::collection::{EngineChoice, Vantage};
    use crate::taxonomy::Taxonomy;
    use crate::text::mask::Mask;
    use crate::text::term::key_wording;
    use std::sync::Arc;

    fn load_all() -> (Arc<Taxonomy>, Vec<Clause>) {
        let directory = tempfile::tempdir().expect("a directory");
        let knowledge = Knowledge::bundled().expect("sound");
        let taxonomy = Arc::clone(&knowledge.taxonomy);
        let collection = Collection::open(directory.path(), EngineChoice::Naive, knowledge, true)
            .expect("a new collection");
        let summary = load(&collection).expect("every record passes");
        assert_eq!(summary.rejected, 0);
        let generation = collection.store().newest_generation().expect("readable").number;
        let clauses = collection.store().live_clauses(generation, 0, 10_000).expect("readable");
        assert_eq!(clauses.len() as u64, summary.added);
        (taxonomy, clauses.into_iter().map(|(_, clause)| clause).collect())
    }

    #[test]
    fn every_file_is_bundled() {
        let found = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/demo")).expect("readable");
        let found: BTreeSet<String> = found
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".ndjson"))
            .collect();
        assert_eq!(found, FILES.iter().map(|(name, _)| (*name).to_owned()).collect());
    }

    #[test]
    fn the_demo_shows_what_there_is_to_show() {
        let (taxonomy, clauses) = load_all();
        assert!(clauses.len() >= 400, "{} clauses", clauses.len());

        let platforms: BTreeSet<&str> = clauses.iter().map(|clause| clause.platform.id.as_str()).collect();
        assert!(platforms.len() >= 24, "{} platforms", platforms.len());
        let of_a_company: BTreeSet<(&str, &str)> = clauses
            .iter()
            .filter_map(|clause| Some((clause.platform.parent.as_deref()?, clause.platform.id.as_str())))
            .collect();
        let mut companies: BTreeMap<&str, usize> = BTreeMap::new();
        of_a_company.iter().for_each(|(parent, _)| *companies.entry(parent).or_insert(0) += 1);
        assert!(companies.values().any(|&affiliates| affiliates >= 2), "{companies:?}");

        let severities: BTreeSet<&str> = clauses.iter().map(|clause| clause.severity().as_str()).collect();
        for severity in ["low", "medium", "high"] {
            assert!(severities.contains(severity), "no clause is of severity {severity}");
        }

        let mut categories = BTreeSet::new();
        let mut holders: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut wordings: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
        for clause in &clauses {
            let platform = clause.platform.id.as_str();
            let vantage = Vantage::of_clause(clause, &taxonomy);
            categories.extend(vantage.categories);
            for id in vantage.clause_types {
                holders.entry(id).or_default().insert(platform);
            }
            let mask = Mask::of_platform(&clause.platform);
            wordings.entry(key_wording(&clause.text, &mask)).or_default().insert(platform);
        }
        for category in &taxonomy.file().category {
            assert!(categories.contains(&category.id), "no clause is of category {}", category.id);
        }
        assert!(wordings.values().any(|holders| holders.len() >= 2), "no wording is on two platforms");
        let common = holders.iter().filter(|(_, held)| held.len() * 2 >= platforms.len());
        let lacking: BTreeSet<&str> =
            common.flat_map(|(_, held)| platforms.difference(held).copied()).collect();
        assert!(lacking.len() >= 3, "only {lacking:?} lack a common clause type");
    }
}
