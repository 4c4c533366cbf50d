//! Every engine answers the same bytes: scenarios written as data, and random collections.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test says what must hold")]

mod random;
mod scenario;

use std::path::Path;
use std::sync::Arc;

use crossclause::answer::{Desk, Params, Source};
use crossclause::collection::{Collection, EngineChoice, Knowledge};
use crossclause::ingest::RecordChecker;
use serde_json::Value;

/// A question as data.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Comparables of a clause.
    Clause(String),
    /// Comparables of a text.
    Text(String, Option<String>),
    /// A search; its query is among the parameters.
    Search,
}

/// A desk over the collection in a directory, brought up to the records.
fn open_desk(directory: &Path, engine: EngineChoice) -> Desk {
    let knowledge = Knowledge::bundled().expect("sound");
    let collection = Collection::open(directory, engine, knowledge, true).expect("opened");
    collection.synchronize().expect("in step");
    Desk::new(Arc::new(collection))
}

/// Puts records as one unit; with `complete`, what their documents lack is removed.
fn ingest(desk: &Desk, records: &[Value], complete: bool) {
    let collection = desk.collection();
    let checker = RecordChecker::new(collection.taxonomy()).expect("sound");
    collection
        .write(|unit| -> Result<(), crossclause::collection::CollectionError> {
            for record in records {
                let record = checker.check(record.clone()).expect("a sound record");
                unit.put(record)?.expect("taken");
            }
            if complete {
                unit.remove_missing()?;
            }
            Ok(())
        })
        .expect("written");
}

/// The answer to a question as JSON text, or the error in words.
async fn answer(desk: &Desk, ask: &Ask, params: &[(String, String)]) -> String {
    let params = Params::new(params.iter().cloned());
    let text = match ask {
        Ask::Clause(id) => {
            desk.find_comparables(Source::Clause(id), params).await.map(|a| serde_json::to_string(&a))
        }
        Ask::Text(text, platform) => {
            let source = Source::Text { text, platform: platform.as_deref(), language: None };
            desk.find_comparables(source, params).await.map(|a| serde_json::to_string(&a))
        }
        Ask::Search => desk.search(params).await.map(|a| serde_json::to_string(&a)),
    };
    match text {
        Ok(text) => text.expect("JSON"),
        Err(error) => format!("error: {error}"),
    }
}
