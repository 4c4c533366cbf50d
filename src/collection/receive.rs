//! Writes that arrive over a network: records as `ingest` takes them from a file, and removals.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use super::{Collection, CollectionError, Published};
use crate::clause::ClauseId;
use crate::ingest::{Format, IngestError, Reject, Source, Summary};

/// How many rejects are kept to be told, at most.
const MAX_REJECTS: usize = 1_000;

/// How records are received.
#[derive(Debug, Clone, Copy, Default)]
pub struct Receiving {
    /// Any reject leaves everything as it was.
    pub strict: bool,
    /// The records hold their documents whole: clauses missing from them are removed.
    pub complete: bool,
}

/// What became of the records.
#[derive(Debug)]
pub struct Received {
    /// What became of them, counted.
    pub summary: Summary,
    /// The first rejects, at most 1,000.
    pub rejects: Vec<Reject>,
    /// Whether what is missing could be removed, where that was asked for: not if a reject does not say
    /// which clause it was about.
    pub completed: bool,
    /// The generation that holds what was taken.
    pub published: Arc<Published>,
}

impl Collection {
    /// Takes in NDJSON.
    ///
    /// # Errors
    /// [`CollectionError`]: of the ingest with `strict`, [`CollectionError::Locked`] while another writes.
    pub fn receive(&self, body: Box<dyn BufRead>, how: Receiving) -> Result<Received, CollectionError> {
        let mut rejects = Vec::new();
        let mut completed = false;
        let (summary, generation) = self.take_in(|intake| -> Result<(), CollectionError> {
            let opened = Source::of_reader(Path::new("the body"), body, Format::Ndjson);
            let mut source = opened.map_err(IngestError::from)?;
            intake.read(
                &mut source,
                None,
                || (),
                |reject| {
                    if rejects.len() < MAX_REJECTS {
                        rejects.push(reject);
                    }
                    Ok(())
                },
            )?;
            if let (true, Some(first)) = (how.strict, intake.first_reject()) {
                let reason = first.reason.clone();
                return Err(CollectionError::Rejected { line: first.line, reason });
            }
            completed = intake.finish(how.complete)? == 0;
            Ok(())
        })?;
        let published = self.publish(generation)?;
        Ok(Received { summary, rejects, completed, published })
    }

    /// Removes a clause, if it stands when its turn comes: else nothing is written.
    ///
    /// # Errors
    /// [`CollectionError::Locked`] while another writes, or a failure beneath.
    pub fn remove(&self, id: &ClauseId) -> Result<Received, CollectionError> {
        let (summary, published) = self.write(|unit| -> Result<(), CollectionError> {
            if unit.find_clause(id)?.is_some_and(|held| held.live) {
                unit.remove(id)?;
            }
            Ok(())
        })?;
        Ok(Received { summary, rejects: Vec::new(), completed: false, published })
    }
}
