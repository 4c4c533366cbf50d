//! Lists of impacts: the postings of a word, decoded once and read by every question.
//!
//! A posting on disk has to be unpacked, and its frequency and its clause's length looked up, before
//! it is worth anything; that takes five times as long as adding it. So a list is decoded when a
//! question first needs it and kept, by window, in the form in which it is added.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::{fs, iter};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{Equivalent, Weighter};
use rustc_hash::FxBuildHasher;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Term};

use super::segment::SegmentData;
use super::window::WINDOW;

/// A word that more than one in so many documents hold is kept as a number for each document.
/// That is smaller than its postings, and added several documents at a time.
const DENSE: usize = 4;

/// The share of the machine's memory that lists may take.
const SHARE_OF_MEMORY: u64 = 4;

/// What lists may take where nobody says how much memory there is.
const UNKNOWN_MEMORY: u64 = 4 << 30;

/// The impacts of a word, or of words of which the greatest impact counts, in one segment.
pub(super) struct List {
    form: Form,
    count: usize,
    greatest: u8,
}

enum Form {
    /// Places in their windows, with their impacts.
    Sparse { places: Box<[u16]>, impacts: Box<[u8]>, starts: Starts },
    /// One impact for each document, 0 for none.
    Dense(Box<[u8]>),
}

/// Where the postings of each window begin.
enum Starts {
    /// Of every window, and the end of the last.
    Every(Box<[u32]>),
    /// Only of windows that have any, with their numbers.
    Some(Box<[(u32, u32)]>),
}

/// What a list has in one window.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// Places in the window, ascending, and as many impacts.
    Sparse(&'a [u16], &'a [u8]),
    /// An impact for each place of the window, 0 for none.
    Dense(&'a [u8]),
}

impl Part<'_> {
    /// The impact at a place, 0 for none.
    pub(super) fn impact(&self, place: u16) -> u8 {
        match self {
            Self::Sparse(places, impacts) => {
                places.binary_search(&place).ok().and_then(|at| impacts.get(at)).copied().unwrap_or(0)
            }
            Self::Dense(impacts) => impacts.get(usize::from(place)).copied().unwrap_or(0),
        }
    }
}

impl List {
    /// Reads the postings of terms. `None` if no document of the segment has any of them.
    fn read(segment: &SegmentData, terms: &[String]) -> tantivy::Result<Option<Self>> {
        let mut lists = Vec::with_capacity(terms.len());
        for term in terms {
            let (docs, impacts) = read_postings(segment, term)?;
            if !docs.is_empty() {
                lists.push((docs, impacts));
            }
        }
        let Some((mut docs, mut impacts)) = lists.pop() else {
            return Ok(None);
        };
        for (more, their) in lists {
            (docs, impacts) = merge((&docs, &impacts), (&more, &their));
        }
        Ok(Some(Self::new(&docs, impacts, segment.documents())))
    }

    /// A list of documents, ascending, with as many impacts, in a segment of so many documents.
    pub(super) fn new(docs: &[DocId], impacts: Vec<u8>, documents: u32) -> Self {
        let greatest = impacts.iter().copied().max().unwrap_or(0);
        let count = docs.len();
        let documents = documents as usize;
        let form = if count * DENSE >= documents {
            let mut dense = vec![0; documents];
            for (&doc, impact) in docs.iter().zip(impacts) {
                if let Some(place) = dense.get_mut(doc as usize) {
                    *place = impact;
                }
            }
            Form::Dense(dense.into_boxed_slice())
        } else {
            let place = |&doc: &DocId| u16::try_from(doc as usize % WINDOW).unwrap_or(0);
            Form::Sparse {
                places: docs.iter().map(place).collect(),
                impacts: impacts.into_boxed_slice(),
                starts: Starts::of(docs, documents),
            }
        };
        Self { form, count, greatest }
    }

    /// How many documents have an impact.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The greatest impact.
    pub(super) fn greatest(&self) -> u8 {
        self.greatest
    }

    /// The windows that have anything of it, if these are few.
    pub(super) fn windows(&self) -> Option<impl Iterator<Item = usize> + '_> {
        match &self.form {
            Form::Sparse { starts: Starts::Some(starts), .. } => {
                Some(starts.iter().map(|(window, _)| *window as usize))
            }
            _ => None,
        }
    }

    /// What it has in a window.
    pub(super) fn part(&self, window: usize) -> Part<'_> {
        match &self.form {
            Form::Sparse { places, impacts, starts } => {
                let range = starts.range(window, places.len());
                Part::Sparse(
                    places.get(range.clone()).unwrap_or_default(),
                    impacts.get(range).unwrap_or_default(),
                )
            }
            Form::Dense(impacts) => {
                let start = (window * WINDOW).min(impacts.len());
                let end = (start + WINDOW).min(impacts.len());
                Part::Dense(impacts.get(start..end).unwrap_or_default())
            }
        }
    }

    /// Whether a document has an impact.
    pub(super) fn holds(&self, doc: DocId) -> bool {
        let place = u16::try_from(doc as usize % WINDOW).unwrap_or(u16::MAX);
        self.part(doc as usize / WINDOW).impact(place) > 0
    }

    /// Its documents, ascending.
    pub(super) fn docs(&self, windows: usize) -> impl Iterator<Item = DocId> + '_ {
        (0..windows).flat_map(move |window| {
            let first = u32::try_from(window * WINDOW).unwrap_or(u32::MAX);
            let (sparse, dense) = match self.part(window) {
                Part::Sparse(places, _) => (places, &[][..]),
                Part::Dense(impacts) => (&[][..], impacts),
            };
            let sparse = sparse.iter().map(move |&place| first + u32::from(place));
            sparse.chain((first..).zip(dense).filter(|(_, impact)| **impact > 0).map(|(doc, _)| doc))
        })
    }

    fn bytes(&self) -> u64 {
        let form = match &self.form {
            Form::Sparse { places, starts, .. } => 3 * places.len() + starts.bytes(),
            Form::Dense(impacts) => impacts.len(),
        };
        (form + size_of::<Self>()) as u64
    }
}

impl Starts {
    fn of(docs: &[DocId], documents: usize) -> Self {
        let windows = documents.div_ceil(WINDOW);
        let mut some: Vec<(u32, u32)> = Vec::new();
        for (at, &doc) in (0_u32..).zip(docs) {
            let window = doc / u32::try_from(WINDOW).unwrap_or(1);
            if some.last().is_none_or(|(last, _)| *last != window) {
                some.push((window, at));
            }
        }
        if 2 * some.len() <= windows {
            return Self::Some(some.into_boxed_slice());
        }
        let mut some = some.into_iter().peekable();
        let end = u32::try_from(docs.len()).unwrap_or(u32::MAX);
        // A window without postings begins where the next one does that has some.
        let every = (0..=u32::try_from(windows).unwrap_or(u32::MAX)).map(|window| {
            while some.peek().is_some_and(|(number, _)| *number < window) {
                some.next();
            }
            some.peek().map_or(end, |(_, start)| *start)
        });
        Self::Every(every.collect())
    }

    fn range(&self, window: usize, end: usize) -> std::ops::Range<usize> {
        match self {
            Self::Every(starts) => {
                let at = |window: usize| starts.get(window).map_or(end, |start| *start as usize);
                at(window)..at(window + 1)
            }
            Self::Some(starts) => {
                let number = u32::try_from(window).unwrap_or(u32::MAX);
                match starts.binary_search_by_key(&number, |(window, _)| *window) {
                    Ok(place) => {
                        let at = |place: usize| starts.get(place).map_or(end, |(_, start)| *start as usize);
                        at(place)..at(place + 1)
                    }
                    Err(_) => 0..0,
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Every(starts) => 4 * starts.len(),
            Self::Some(starts) => 8 * starts.len(),
        }
    }
}

fn read_postings(segment: &SegmentData, term: &str) -> tantivy::Result<(Vec<DocId>, Vec<u8>)> {
    let term = Term::from_field_text(segment.terms, term);
    let Some(mut blocks) = segment.postings.read_block_postings(&term, IndexRecordOption::WithFreqs)? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let count = blocks.doc_freq() as usize;
    let (mut docs, mut impacts) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while blocks.block_len() > 0 {
        docs.extend_from_slice(blocks.docs());
        let impact = |(&doc, &frequency): (&DocId, &u32)| {
            u8::try_from(segment.impacts.impact(frequency, segment.lengths.fieldnorm_id(doc)))
                .unwrap_or(u8::MAX)
        };
        impacts.extend(blocks.docs().iter().zip(blocks.freqs()).map(impact));
        blocks.advance();
    }
    Ok((docs, impacts))
}

/// Two lists as one; the greater impact counts.
fn merge(one: (&[DocId], &[u8]), other: (&[DocId], &[u8])) -> (Vec<DocId>, Vec<u8>) {
    let mut ones = one.0.iter().copied().zip(one.1.iter().copied()).peekable();
    let mut others = other.0.iter().copied().zip(other.1.iter().copied()).peekable();
    iter::from_fn(|| match (ones.peek().copied(), others.peek().copied()) {
        (Some(first), Some(second)) if first.0 == second.0 => {
            ones.next();
            others.next();
            Some((first.0, first.1.max(second.1)))
        }
        (Some(first), Some(second)) if first.0 < second.0 => {
            ones.next();
            Some(first)
        }
        (Some(_), None) => ones.next(),
        _ => others.next(),
    })
    .unzip()
}

/// The name of a list: its segment, and its terms.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    segment: u64,
    terms: Box<[String]>,
}

/// A key that is looked for.
struct Wanted<'a> {
    segment: u64,
    terms: &'a [String],
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Wanted { segment: self.segment, terms: &self.terms }.hash(state);
    }
}

impl Hash for Wanted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.segment.hash(state);
        self.terms.hash(state);
    }
}

impl Equivalent<Key> for Wanted<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.segment == key.segment && self.terms == &*key.terms
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Option<Arc<List>>> for Bytes {
    fn weight(&self, key: &Key, list: &Option<Arc<List>>) -> u64 {
        let terms: usize = key.terms.iter().map(|term| size_of::<String>() + term.len()).sum();
        (terms + size_of::<Key>()) as u64 + list.as_ref().map_or(0, |list| list.bytes())
    }
}

/// The lists that are kept, least needed out first.
pub(super) struct ListCache(Cache<Key, Option<Arc<List>>, Bytes, FxBuildHasher>);

impl ListCache {
    /// A cache that may take a quarter of the machine's memory.
    pub(super) fn new() -> Self {
        Self::of_bytes(read_memory().unwrap_or(UNKNOWN_MEMORY) / SHARE_OF_MEMORY)
    }

    fn of_bytes(bytes: u64) -> Self {
        // The number of lists is a guess by which the cache lays out its tables.
        let lists = usize::try_from(bytes >> 14).unwrap_or(usize::MAX).clamp(1_000, 100_000);
        Self(Cache::with(lists, bytes, Bytes, FxBuildHasher, DefaultLifecycle::default()))
    }

    /// The list of terms in a segment, read if it is not held. `None` if nothing there has them.
    pub(super) fn find(&self, segment: &SegmentData, terms: &[String]) -> tantivy::Result<Option<Arc<List>>> {
        if let Some(list) = self.0.get(&Wanted { segment: segment.number, terms }) {
            return Ok(list);
        }
        let list = List::read(segment, terms)?.map(Arc::new);
        self.0.insert(Key { segment: segment.number, terms: terms.into() }, list.clone());
        Ok(list)
    }
}

/// The memory that this process may use, in bytes, where the system tells.
fn read_memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok()?;
    let machine = machine.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let machine = machine.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024;
    let group = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let group = group.and_then(|text| text.trim().parse::<u64>().ok());
    Some(group.map_or(machine, |group| group.min(machine)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: u32 = 5 * 8192 + 77;

    fn check(docs: &[DocId]) {
        let impacts: Vec<u8> = docs.iter().map(|doc| u8::try_from(doc % 255 + 1).expect("small")).collect();
        let list = List::new(docs, impacts.clone(), DOCUMENTS);
        assert_eq!(list.count(), docs.len());
        assert_eq!(Some(list.greatest()), impacts.iter().copied().max());
        let windows = (DOCUMENTS as usize).div_ceil(WINDOW);
        assert_eq!(list.docs(windows).collect::<Vec<_>>(), docs);
        let held: Vec<(DocId, u8)> = (0..DOCUMENTS)
            .map(|doc| {
                let place = u16::try_from(doc as usize % WINDOW).expect("a place");
                (doc, list.part(doc as usize / WINDOW).impact(place))
            })
            .filter(|(_, impact)| *impact > 0)
            .collect();
        assert_eq!(held, docs.iter().copied().zip(impacts).collect::<Vec<_>>());
    }

    #[test]
    fn every_form_holds_what_was_put_in() {
        check(&[0]);
        check(&[DOCUMENTS - 1]);
        check(&[3, 8191, 8192, 3 * 8192, DOCUMENTS - 1]);
        check(&(0..DOCUMENTS).step_by(900).collect::<Vec<_>>());
        check(&(9_000..DOCUMENTS).step_by(7).collect::<Vec<_>>());
        check(&(0..DOCUMENTS).step_by(3).collect::<Vec<_>>());
        check(&(0..DOCUMENTS).collect::<Vec<_>>());
    }

    #[test]
    fn of_two_lists_the_greater_impact_counts() {
        let merged = merge((&[1, 4, 9], &[10, 20, 30]), (&[0, 4, 9, 11], &[5, 25, 3, 8]));
        assert_eq!(merged, (vec![0, 1, 4, 9, 11], vec![5, 10, 25, 30, 8]));
    }
}
