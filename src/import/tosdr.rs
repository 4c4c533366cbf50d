//! ToS;DR's data: what people quoted from terms of service, and how they judge it.
//!
//! A point with a quote is a clause of each of its services. Its id is made of the service and of
//! ToS;DR's own number, so that it stays whatever the quote becomes.

mod form;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde_json::{Map, Value, json};

use self::form::{Case, Folders, Point, Rating, Service};
use super::document::{Account, DocumentWriter};
use super::slug::{Slugs, make_slug};
use super::{ImportError, ImportReport};
use crate::clause::{PlatformId, Severity};
use crate::collection::Collection;
use crate::ingest::{IngestUnit, Reject};
use crate::taxonomy::{Companies, Taxonomy, TosdrCases};
use crate::text::split::strip_html;

/// The collection that the clauses belong to.
pub const TOSDR: &str = "tosdr";

/// A bad point is severe from this score on.
const SEVERE_SCORE: f64 = 60.0;

/// The title of a document that a point does not name.
const UNNAMED_DOCUMENT: &str = "Terms";

/// Longest title, in characters.
const MAX_TITLE: usize = 500;

/// Imports a folder of ToS;DR's data. Points of an earlier import that are not there any more lose
/// their clauses.
///
/// # Errors
/// [`ImportError`] if the folder has not the form, cannot be read, or the collection cannot be
/// written; nothing has changed then.
pub fn import_tosdr(
    collection: &Collection,
    path: &Path,
    companies: &Companies,
    rejects: &Path,
) -> Result<ImportReport, ImportError> {
    let shown = path.display().to_string();
    let fail = |source| ImportError::Folder { path: shown.clone(), source };
    let folders = Folders::find(path).ok_or_else(|| ImportError::NotTosdr { path: shown.clone() })?;
    let types = TosdrCases::bundled(&Taxonomy::bundled()?)?;
    let cases = folders.read_cases().map_err(fail)?;
    let services = folders.read_services().map_err(fail)?;
    let files = folders.read("points").map_err(fail)?;
    if files.is_empty() {
        return Err(ImportError::NotTosdr { path: shown });
    }
    let mut points = Vec::with_capacity(files.len());
    let mut torn = Vec::new();
    for (name, text) in files {
        match text.as_deref().map_err(Clone::clone).and_then(|text| Point::read(&name, text)) {
            Ok(point) => points.push((format!("points/{name}.json"), point)),
            Err(reason) => torn.push(Reject {
                file: Some(format!("points/{name}.json")),
                line: 1,
                reason,
                text: text.unwrap_or_default().chars().take(1_000).collect(),
            }),
        }
    }
    let names = points.iter().flat_map(|(_, point)| {
        let document = point.document.clone().unwrap_or_else(|| UNNAMED_DOCUMENT.to_owned());
        point
            .services
            .iter()
            .flat_map(move |service| [(String::new(), service.clone()), (service.clone(), document.clone())])
    });
    let mut import = Import {
        collection,
        companies,
        types,
        slugs: Slugs::new(names),
        cases,
        services,
        skipped: BTreeMap::new(),
    };
    let mut account = Account::default();
    let (summary, published) = collection.write(|unit| -> Result<(), ImportError> {
        let mut writer = DocumentWriter::new(collection.taxonomy(), rejects)?;
        // What a first import finds is no news: it was there before anybody looked.
        if !unit.holds_collection(TOSDR)? {
            unit.keep_quiet();
        }
        for reject in &torn {
            unit.note_reject(None);
            writer.refuse(reject.clone())?;
        }
        let mut documents = BTreeSet::new();
        for (file, point) in &points {
            import.take_point(unit, file, point, &mut writer, &mut documents)?;
        }
        for (reason, count) in &import.skipped {
            writer.warn(format!(
                "{count} {} skipped: {reason}",
                if *count == 1 { "point was" } else { "points were" }
            ));
        }
        if torn.is_empty() {
            unit.remove_missing()?;
            unit.remove_missing_documents(TOSDR)?;
        } else {
            writer.warn(
                "nothing was removed, because nobody knows which points the files are that cannot be read",
            );
        }
        writer.account.documents = documents.len() as u64;
        writer.account.versions = documents.len() as u64;
        account = writer.finish()?;
        Ok(())
    })?;
    Ok(account.report(TOSDR, summary, published.generation.number))
}

struct Import<'a> {
    collection: &'a Collection,
    companies: &'a Companies,
    types: TosdrCases,
    slugs: Slugs,
    cases: HashMap<String, Case>,
    services: HashMap<String, Service>,
    /// How many points were skipped, by reason.
    skipped: BTreeMap<&'static str, u64>,
}

impl Import<'_> {
    fn take_point(
        &mut self,
        unit: &mut IngestUnit<'_>,
        file: &str,
        point: &Point,
        writer: &mut DocumentWriter<'_>,
        documents: &mut BTreeSet<String>,
    ) -> Result<(), ImportError> {
        let quote = strip_html(&point.quote);
        let reason = if point.irrelevant {
            Some("marked as irrelevant")
        } else if point.unmoderated {
            Some("not yet moderated")
        } else if quote.is_empty() {
            Some("without a quote")
        } else if point.services.is_empty() {
            Some("without a service")
        } else {
            None
        };
        if let Some(reason) = reason {
            *self.skipped.entry(reason).or_default() += 1;
            return Ok(());
        }
        let services: BTreeSet<&String> = point.services.iter().collect();
        for service in services {
            let record = self.make_record(unit, point, service, &quote)?;
            documents.extend(record.pointer("/document/id").and_then(Value::as_str).map(str::to_owned));
            writer.put_record(unit, file, record)?;
        }
        Ok(())
    }

    fn make_record(
        &mut self,
        unit: &IngestUnit<'_>,
        point: &Point,
        service: &str,
        quote: &str,
    ) -> Result<Value, ImportError> {
        let plain = make_slug(service);
        let held = match PlatformId::new(plain) {
            Ok(id) => unit.find_platform(&id)?,
            Err(_) => None,
        };
        let known = self.services.get(service).cloned().unwrap_or_default();
        let named = known.name.unwrap_or_else(|| service.to_owned());
        // A name belongs to the service that has it, whatever its id is.
        let holder = held.as_ref().filter(|held| held.name == named).map(|_| service.to_owned());
        let platform = self.slugs.choose("", service, holder);
        let held = held.filter(|held| held.id.as_str() == platform);
        // What another collection calls a platform is left to it.
        let name = held.map_or(named, |held| held.name);
        let mut described = Map::new();
        described.insert("id".to_owned(), json!(platform));
        described.insert("name".to_owned(), json!(name));
        let parent = self.companies.find(&name, known.domain.as_deref());
        for (key, value) in [("parent", parent), ("domain", known.domain.as_deref())] {
            if let Some(value) = value {
                described.insert(key.to_owned(), json!(value));
            }
        }
        let document = point.document.as_deref().unwrap_or(UNNAMED_DOCUMENT);
        let kind = self.collection.taxonomy().recognise_document(document);
        let slug = self.slugs.choose(service, document, None);
        let case =
            point.case.as_deref().and_then(|title| self.cases.get(title.trim())).copied().unwrap_or_default();
        let rating = point.rating.or(case.rating);
        let score = point.score.or(case.score);
        // A taxonomy of one's own may lack the type.
        let taxonomy = self.collection.taxonomy();
        let types = point.case.as_deref().and_then(|title| self.types.types(title)).unwrap_or_default();
        let clause_type = types.first().filter(|id| taxonomy.clause_type(id).is_some());
        let title = point.case.as_deref().or(point.title.as_deref()).map(strip_html);
        Ok(json!({
            "id": format!("{platform}.tosdr.{}", make_slug(&point.id)),
            "platform": described,
            "document": {
                "id": format!("{platform}.{slug}~{TOSDR}"),
                "title": shorten(document),
                "type": kind.map(|kind| kind.id.clone()),
            },
            "text": quote,
            "title": title.filter(|title| !title.is_empty()).map(|title| shorten(&title)),
            "clause_type": clause_type,
            "severity": rating.and_then(|rating| severity_of(&self.types, rating, score)),
            "collection": {
                "id": TOSDR,
                "license": "CC-BY-SA-3.0",
                "attribution": "ToS;DR contributors",
                "url": "https://tosdr.org",
            },
            "x_tosdr": {
                "id": point.id,
                "case": point.case,
                "point": rating.map(Rating::as_str),
                "score": score,
                "tldr": point.summary.as_deref().map(strip_html),
            },
        }))
    }
}

/// What a judgement says about severity: what the rating stands for, and more for a bad point of
/// much weight.
fn severity_of(types: &TosdrCases, rating: Rating, score: Option<f64>) -> Option<Severity> {
    match rating {
        Rating::Bad if score.is_some_and(|score| score >= SEVERE_SCORE) => Some(Severity::High),
        _ => types.severity(rating.as_str()),
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(MAX_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_comes_of_rating_and_score() {
        let types = TosdrCases::bundled(&Taxonomy::bundled().expect("sound")).expect("sound");
        for (rating, score, expected) in [
            (Rating::Blocker, None, Severity::High),
            (Rating::Bad, Some(60.0), Severity::High),
            (Rating::Bad, Some(59.0), Severity::Medium),
            (Rating::Bad, None, Severity::Medium),
            (Rating::Neutral, Some(90.0), Severity::Low),
            (Rating::Good, Some(90.0), Severity::Low),
        ] {
            assert_eq!(severity_of(&types, rating, score), Some(expected), "{rating:?} {score:?}");
        }
    }
}
