//! Records taken in: read by one thread, prepared by several, written by one.
//!
//! Into an empty collection they go to the store and to the index in one pass, and are counted on the
//! way. Else the index follows the store by its change log, as that needs what was held before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::entry::EntryMaker;
use super::lock::WriterLock;
use super::{Collection, CollectionError, Knowledge};
use crate::clause::{Annotation, Clause, Document, DocumentId, Platform, PlatformId, Record};
use crate::engine::{EngineError, Entry, IndexWriter};
use crate::ingest::{
    Batch, Foreseen, IngestError, IngestUnit, Input, RecordChecker, Reject, Rules, Source, Summary, Work,
    count_workers,
};
use crate::statistics::Statistics;
use crate::store::Generation;

/// A unit of writing that takes in records from sources.
pub struct Intake<'a> {
    unit: IngestUnit<'a>,
    rules: Rules<'a>,
    knowledge: &'a Knowledge,
    checker: RecordChecker<'a>,
    batch: Batch,
    workers: usize,
    stream: Option<Stream<'a>>,
    /// What failed in the index, which the store's own errors cannot tell.
    failed: Option<EngineError>,
}

/// A record on its way into the unit.
struct Draft {
    record: Record,
    foreseen: Foreseen,
    ahead: Option<Box<Ahead>>,
}

/// The entry of a clause that is taken to be new, and what it was made by.
struct Ahead {
    entry: Entry,
    platform: Platform,
    document: DocumentId,
}

/// An index in the making, beside the store.
struct Stream<'a> {
    writer: Box<dyn IndexWriter + 'a>,
    /// What the drafts hold.
    counted: Arc<Mutex<Statistics>>,
    /// What those hold that were not taken.
    refused: Statistics,
    /// By what the entries were made: the names of platforms and the types of documents, as they stood then.
    platforms: HashMap<PlatformId, (String, Option<String>)>,
    documents: HashMap<DocumentId, Option<String>>,
    /// Whether all of it is as if it had been made of the store at the end.
    is_whole: bool,
}

impl<'a> Intake<'a> {
    fn begin(collection: &'a Collection, workers: usize) -> Result<Self, CollectionError> {
        let rules = collection.rules();
        let unit = IngestUnit::new(collection.store.begin()?, rules);
        let stream = if unit.is_first() { Some(Stream::begin(collection)?) } else { None };
        let checker = RecordChecker::new(collection.taxonomy()).map_err(IngestError::from)?;
        let knowledge = &collection.knowledge;
        Ok(Self { unit, rules, knowledge, checker, batch: Batch::default(), workers, stream, failed: None })
    }

    /// Takes in a source to its end. `file` names it in rejects, where there are several; `count` hears of
    /// every record that is put, `reject` of every line that is not taken.
    ///
    /// # Errors
    /// [`CollectionError`] if the source, the store or the index fails, or what `reject` says.
    pub fn read(
        &mut self,
        source: &mut Source,
        file: Option<&str>,
        mut count: impl FnMut(),
        mut reject: impl FnMut(Reject) -> Result<(), IngestError>,
    ) -> Result<(), CollectionError> {
        let Self { unit, rules, knowledge, checker, batch, workers, stream, failed } = self;
        let now = unit.now().to_owned();
        let (rules, knowledge, checker) = (*rules, *knowledge, &*checker);
        let counted = stream.as_ref().map(|stream| Arc::clone(&stream.counted));
        let counted = counted.as_deref();
        let stream = Mutex::new(stream.as_mut());
        let begin = || -> Work<'_, Value, Result<Draft, String>> {
            let mut maker = counted.map(|counted| EntryMaker::new(knowledge, counted));
            let now = &now;
            Box::new(move |value| {
                let record = checker.check(value)?;
                let foreseen = rules.foresee(&record).map_err(|error| error.to_string())?;
                let ahead = maker.as_mut().and_then(|maker| make_ahead(maker, &record, &foreseen, now));
                Ok(Draft { record, foreseen, ahead })
            })
        };
        let put = |unit: &mut IngestUnit<'_>, draft: Draft| {
            count();
            let put = unit.put_foreseen(draft.record, &draft.foreseen)?;
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(stream), Ok(put)) = (stream.as_mut(), &put) {
                match draft.ahead.filter(|_| put.first) {
                    Some(ahead) => {
                        if let Err(error) = stream.take(unit, *ahead) {
                            stream.is_whole = false;
                            failed.get_or_insert(error);
                        }
                    }
                    None => stream.is_whole = false,
                }
            }
            Ok(put.map(drop))
        };
        let reject = |told: Reject| {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(stream) = stream.as_mut() {
                stream.refuse(&told, rules, checker, knowledge, &now);
            }
            reject(told)
        };
        Ok(batch.read(unit, Input { source, file }, *workers, begin, put, reject)?)
    }

    /// The first line that was not taken.
    #[must_use]
    pub fn first_reject(&self) -> Option<&Reject> {
        self.batch.first.as_ref()
    }

    /// Ends the reading: with `complete` the clauses are removed that are missing from the documents met.
    /// Returns how many rejects do not say which clause they were about: where there are any, nobody knows
    /// which are missing, and nothing is removed.
    ///
    /// # Errors
    /// [`CollectionError`] if the store fails.
    pub fn finish(&mut self, complete: bool) -> Result<u64, CollectionError> {
        self.batch.finish(&mut self.unit, complete)?;
        Ok(self.batch.nameless)
    }
}

impl<'a> Stream<'a> {
    fn begin(collection: &'a Collection) -> Result<Self, CollectionError> {
        Ok(Self {
            writer: collection.engine.begin(true)?,
            counted: Arc::default(),
            refused: Statistics::default(),
            platforms: HashMap::new(),
            documents: HashMap::new(),
            is_whole: true,
        })
    }

    /// Takes the entry of a clause that the unit has written as it was foreseen.
    fn take(&mut self, unit: &IngestUnit<'_>, ahead: Ahead) -> Result<(), EngineError> {
        let Ahead { mut entry, platform, document } = ahead;
        let kind = unit.find_named_document(&document).and_then(|held| held.document.document_type.clone());
        entry.document_type.clone_from(&kind);
        let names = (platform.name, platform.parent);
        let named = unit.find_named_platform(&platform.id);
        self.is_whole &= named.is_some_and(|named| named.name == names.0 && named.parent == names.1);
        self.is_whole &= *self.platforms.entry(platform.id).or_insert_with(|| names.clone()) == names;
        self.is_whole &= *self.documents.entry(document).or_insert_with(|| kind.clone()) == kind;
        if self.is_whole { self.writer.put(entry) } else { Ok(()) }
    }

    /// Notes a line that was not taken: if it became a draft, that was counted.
    fn refuse(
        &mut self,
        told: &Reject,
        rules: Rules<'_>,
        checker: &RecordChecker<'_>,
        knowledge: &Knowledge,
        now: &str,
    ) {
        let record = serde_json::from_str(&told.text).ok().and_then(|value| checker.check(value).ok());
        let Some(record) = record else { return };
        let Ok(foreseen) = rules.foresee(&record) else { return };
        let sum = Mutex::new(Statistics::default());
        let made = make_ahead(&mut EntryMaker::new(knowledge, &sum), &record, &foreseen, now);
        self.is_whole &= made.is_some();
        self.refused.merge(sum.into_inner().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether platforms and documents are still what they were when entries were made by them.
    fn still_holds(&self, unit: &IngestUnit<'_>) -> bool {
        let platforms = self.platforms.iter().all(|(id, (name, parent))| {
            unit.find_named_platform(id).is_some_and(|now| now.name == *name && now.parent == *parent)
        });
        let documents = self.documents.iter().all(|(id, kind)| {
            unit.find_named_document(id).is_some_and(|now| now.document.document_type == *kind)
        });
        self.is_whole && platforms && documents
    }

    fn count(&self) -> Statistics {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counted = std::mem::take(&mut *counted);
        counted.subtract(&self.refused);
        counted
    }
}

/// Makes the entry that a record's clause has if it is new; `None` if the record does not say enough.
fn make_ahead(
    maker: &mut EntryMaker<'_>,
    record: &Record,
    foreseen: &Foreseen,
    now: &str,
) -> Option<Box<Ahead>> {
    let platform: Platform = serde_json::from_value(Value::Object(record.platform.clone())).ok()?;
    let document: Document = serde_json::from_value(Value::Object(record.document.clone())).ok()?;
    let id = document.id.clone();
    let clause = Clause {
        id: record.id.clone(),
        version: 1,
        platform,
        document,
        wording: 1,
        text: record.text.clone(),
        recorded_at: now.to_owned(),
        given: foreseen.given.clone(),
        annotation: Annotation::default(),
        inferred: foreseen.inferred.clone(),
    };
    let entry = maker.make(&clause);
    Some(Box::new(Ahead { entry, platform: clause.platform, document: id }))
}

impl Collection {
    /// Runs one unit of writing that takes in records: takes the writer's lock, lets `work` read its
    /// sources, commits to the store, and brings the index up to it. Nothing is published. If `work`
    /// fails, nothing has changed.
    ///
    /// # Errors
    /// What `work` says, or [`CollectionError`]: [`CollectionError::Locked`] while another process writes.
    pub fn take_in<E: From<CollectionError>>(
        &self,
        work: impl FnOnce(&mut Intake<'_>) -> Result<(), E>,
    ) -> Result<(Summary, Generation), E> {
        self.take_in_with(count_workers(), work)
    }

    pub(super) fn take_in_with<E: From<CollectionError>>(
        &self,
        workers: usize,
        work: impl FnOnce(&mut Intake<'_>) -> Result<(), E>,
    ) -> Result<(Summary, Generation), E> {
        let lock = WriterLock::wait(&self.directory)?;
        let mut intake = Intake::begin(self, workers)?;
        work(&mut intake)?;
        Ok(self.complete(intake, &lock)?)
    }

    fn complete(
        &self,
        intake: Intake<'_>,
        lock: &WriterLock,
    ) -> Result<(Summary, Generation), CollectionError> {
        let Intake { unit, stream, failed, .. } = intake;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let stream = stream.filter(|stream| stream.still_holds(&unit));
        let counted = stream.as_ref().map(Stream::count);
        let (summary, generation) = unit.commit_counted(counted.as_ref()).map_err(CollectionError::from)?;
        if let (Some(stream), Some(generation), Some(counted)) = (stream, generation, counted)
            && counted.clauses == generation.live
        {
            stream.writer.commit(self.next_state(&generation)?)?;
        }
        Ok((summary, self.bring_up(lock)?))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use serde_json::json;

    use super::super::{EngineChoice, make_entry};
    use super::*;
    use crate::clause::ClauseId;
    use crate::engine::{Condition, Filter, Page, Question};
    use crate::ingest::{Format, Source};

    fn open(directory: &Path) -> Collection {
        let knowledge = Knowledge::bundled().expect("sound");
        Collection::open(directory, EngineChoice::Tantivy, knowledge, true).expect("opened")
    }

    fn record(number: usize, edition: &str) -> Value {
        let platform = number % 7;
        json!({
            "id": format!("c{number}"),
            "platform": {"id": format!("p{platform}"), "name": format!("Plat{platform}")},
            "document": {"id": format!("p{platform}.d"), "title": "Terms", "type": "terms-of-service"},
            "title": if number.is_multiple_of(3) { json!("Fees › Données") } else { json!(null) },
            "text": format!(
                "Edition {edition}: Plat{platform} may sell word{} of your data under the GDPR. You can’t opt out; pay ${number}.",
                number % 53
            ),
        })
    }

    /// Lines of records, with some that are no JSON, no records, named twice or of another's document.
    fn write_lines(edition: &str) -> String {
        let mut lines: Vec<String> = (0..600).map(|number| record(number, edition).to_string()).collect();
        lines[5] = "{".to_owned();
        lines[130] = json!({"id": "c130", "text": 5}).to_string();
        lines[131] = record(7, edition).to_string();
        let mut stray = record(300, edition);
        stray["document"]["id"] = json!("p1.d");
        lines[300] = stray.to_string();
        lines.join("\n")
    }

    fn take(collection: &Collection, workers: usize, lines: String) -> (Summary, Vec<(u64, String)>) {
        let mut rejects = Vec::new();
        let reader = Box::new(std::io::Cursor::new(lines.into_bytes()));
        let (summary, _) = collection
            .take_in_with(workers, |intake| -> Result<(), CollectionError> {
                let source = Source::of_reader(Path::new("lines"), reader, Format::Ndjson);
                let reject = |told: Reject| {
                    rejects.push((told.line, told.reason));
                    Ok(())
                };
                intake.read(&mut source.map_err(IngestError::from)?, None, || (), reject)?;
                intake.finish(true).map(drop)
            })
            .expect("taken in");
        (summary, rejects)
    }

    /// All that a reader can tell of a collection, without the times at which it was recorded.
    fn describe(collection: &Collection) -> String {
        let published = collection.synchronize().expect("published");
        let store = collection.store();
        let mut generation = published.generation.clone();
        generation.recorded_at.clear();
        let clauses = store.live_clauses(generation.number, 0, 10_000).expect("readable");
        let clauses: Vec<_> = clauses
            .into_iter()
            .map(|(key, clause)| (key, Clause { recorded_at: String::new(), ..clause }))
            .collect();
        let news = store.news(generation.number, u64::MAX >> 1, 10_000).expect("readable");
        let news: Vec<_> = news.into_iter().map(|told| (told.position, told.id, told.news)).collect();
        let changes = store.changes(0, generation.position, 10_000).expect("readable");
        let statistics = &published.statistics;
        let terms: BTreeMap<_, _> = statistics.document_frequencies.iter().collect();
        let words: BTreeMap<_, _> = statistics.vocabulary.iter().collect();
        let counted = (statistics.clauses, statistics.total_length, &statistics.languages);
        format!("{generation:?}\n{clauses:?}\n{news:?}\n{changes:?}\n{counted:?}\n{terms:?}\n{words:?}")
    }

    /// What the index answers when it is asked for everything.
    fn answer(collection: &Collection) -> String {
        let generation = collection.synchronize().expect("published").generation.number;
        let mut question = Question::counting(generation, Vec::<Filter>::new());
        question.facets = crate::engine::Attribute::ALL.to_vec();
        question.page = Page { skip: 0, take: 1_000 };
        question.platforms = true;
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = runtime.block_on(collection.engine().answer(&question)).expect("an answer");
        format!("{answer:?}")
    }

    #[test]
    fn many_workers_do_what_one_does() {
        let mut seen: Vec<(String, String)> = Vec::new();
        for workers in [1, 2, 5] {
            let directory = tempfile::tempdir().expect("a directory");
            let collection = open(directory.path());
            let (first, rejects) = take(&collection, workers, write_lines("one"));
            assert_eq!((first.added, first.rejected), (596, 4), "{rejects:?}");
            assert_eq!(rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 131, 132, 301]);
            let before = answer(&collection);
            let whole = describe(&collection);
            // Half of it changed, some of it gone, some of it new.
            let lines: Vec<String> = (200..700)
                .map(|number| record(number, if number < 400 { "two" } else { "one" }).to_string())
                .collect();
            let (then, _) = take(&collection, workers, lines.join("\n"));
            assert!(then.changed > 0 && then.removed > 0 && then.added > 0 && then.unchanged > 0, "{then:?}");
            let described = format!("{first:?}{rejects:?}{then:?}{whole}{}", describe(&collection));
            seen.push((described, format!("{before}{}", answer(&collection))));
        }
        assert!(seen.iter().all(|one| *one == seen[0]));
    }

    #[test]
    fn what_is_streamed_is_what_a_rebuild_makes() {
        let directory = tempfile::tempdir().expect("a directory");
        let collection = open(directory.path());
        take(&collection, 2, write_lines("one"));
        let (streamed, described) = (answer(&collection), describe(&collection));
        let statistics = collection.synchronize().expect("published").statistics.clone();
        drop(collection);
        std::fs::remove_dir_all(directory.path().join("index")).expect("removed");
        let collection = open(directory.path());
        assert_eq!(answer(&collection), streamed);
        assert_eq!(describe(&collection), described);
        let generation = collection.store().newest_generation().expect("one").number;
        let (renewed, published) = collection.reindex().expect("reindexed");
        assert_eq!(renewed.changed, 0);
        assert!(published.generation.number > generation);
        assert_eq!(published.statistics.document_frequencies, statistics.document_frequencies);
        assert_eq!(published.statistics.vocabulary, statistics.vocabulary);
        assert_eq!(published.statistics.total_length, statistics.total_length);
    }

    #[test]
    fn a_platform_renamed_midway_is_masked_everywhere() {
        let directory = tempfile::tempdir().expect("a directory");
        let collection = open(directory.path());
        let mut lines: Vec<Value> = (0..40).map(|number| record(number, "one")).collect();
        lines[39]["platform"]["name"] = json!("Edition");
        lines[38]["document"]["type"] = json!("privacy-policy");
        take(&collection, 2, lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"));
        let streamed = answer(&collection);
        let mut question = Question::counting(1, Vec::new());
        question.exclusions = vec![vec![vec!["edit".to_owned()]]];
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let found = runtime.block_on(collection.engine().answer(&question)).expect("an answer");
        assert_eq!(found.clauses, 6, "the clauses of the platform that is now called so");
        collection.reindex().expect("reindexed");
        let privacy =
            Condition::AnyOf(crate::engine::Attribute::DocumentType, vec!["privacy-policy".to_owned()]);
        let generation = collection.synchronize().expect("published").generation.number;
        let question = Question::counting(generation, vec![Filter { condition: privacy, lifted_by: None }]);
        let found = runtime.block_on(collection.engine().answer(&question)).expect("an answer");
        assert_eq!(found.clauses, 6, "the clauses of the document whose type came last");
        assert_eq!(answer(&collection).len(), streamed.len());
    }

    #[test]
    fn an_entry_made_with_memory_is_the_entry() {
        let directory = tempfile::tempdir().expect("a directory");
        let collection = open(directory.path());
        take(&collection, 1, write_lines("one"));
        let sum = Mutex::new(Statistics::default());
        let mut maker = EntryMaker::new(&collection.knowledge, &sum);
        for (_, clause) in collection.store().live_clauses(1, 0, 1_000).expect("readable") {
            assert_eq!(maker.make(&clause), make_entry(&clause, &collection.knowledge));
        }
        let id = ClauseId::new("c0".to_owned()).expect("an id");
        assert!(collection.store().find_clause(1, &id).expect("readable").is_some());
    }
}
