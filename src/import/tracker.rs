//! The clauses of one document, followed through its versions.
//!
//! A clause of a new version is the one of the same text, else the one that it is most like by
//! words, heading and place. A text that stood before makes its wording stand again, and a clause
//! that was gone is back if its text is.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::align::{Alignable, align, find_successor};
use super::slug::mint_id;
use crate::clause::{Cause, ClauseId, DocumentId, FLAPS_FROM, News, NewsKind, Span, count_returns};
use crate::ingest::HeldHistory;
use crate::store::HeldClause;
use crate::text::mask::Mask;
use crate::text::split::SplitClause;
use crate::text::term::key_wording;

/// What all clauses of one version of a document have in common.
#[derive(Debug)]
pub(super) struct Sighting {
    /// When the version was seen, RFC 3339; `None` where nobody knows.
    pub(super) seen_at: Option<String>,
    /// Evidence of the document; each clause adds its byte range.
    pub(super) evidence: Map<String, Value>,
    /// Further keys of the record.
    pub(super) extra: Map<String, Value>,
}

/// One version of a document.
pub(super) struct Version {
    pub(super) clauses: Arc<Vec<SplitClause>>,
    pub(super) sighting: Arc<Sighting>,
    /// Who made it.
    pub(super) cause: Cause,
    /// When what is new in it began, RFC 3339; `None` where nobody knows.
    pub(super) begins_at: Option<String>,
    /// When what is missing in it ended, RFC 3339.
    pub(super) ends_at: String,
    /// Whether what is new in it is told as news.
    pub(super) is_news: bool,
}

/// A wording with where it was seen last; `None` if only the store knows it.
pub(super) struct TrackedWording {
    pub(super) text: Rc<str>,
    /// Equal for equal words.
    key: u64,
    pub(super) seen: Option<(SplitClause, Arc<Sighting>)>,
}

/// A clause, as far as it was followed.
pub(super) struct Tracked {
    pub(super) id: Option<ClauseId>,
    pub(super) wordings: Vec<TrackedWording>,
    /// Times; `wording` is a place in `wordings`.
    pub(super) spans: Vec<Span>,
    /// The clauses that took its place, by the span that they ended.
    successors: Vec<(usize, usize)>,
    pub(super) news: Vec<News>,
    title: Option<String>,
    place: usize,
    is_touched: bool,
}

impl Tracked {
    fn open_span(&self) -> Option<&Span> {
        self.spans.last().filter(|span| span.ended_at.is_none())
    }

    fn live_wording(&self) -> Option<usize> {
        self.open_span().and_then(|span| usize::try_from(span.wording).ok())
    }

    fn live_text(&self) -> Option<&str> {
        self.wordings.get(self.live_wording()?).map(|wording| &*wording.text)
    }

    fn end_span(&mut self, at: &str, by: Cause) {
        if let Some(open) = self.spans.last_mut().filter(|span| span.ended_at.is_none()) {
            open.ended_at = Some(at.to_owned());
            open.ended_by = Some(by);
        }
    }

    fn key(&self, wording: u64) -> u64 {
        let place = usize::try_from(wording).unwrap_or(usize::MAX);
        self.wordings.get(place).map_or(wording, |wording| wording.key)
    }

    fn flaps(&self) -> bool {
        count_returns(&self.spans, |wording| self.key(wording)) >= FLAPS_FROM
    }

    fn first_text(&self) -> &str {
        self.wordings.first().map_or("", |wording| &wording.text)
    }
}

/// Follows the clauses of a document.
#[derive(Default)]
pub(super) struct Tracker {
    clauses: Vec<Tracked>,
    /// The clauses that have a wording of a text.
    by_text: HashMap<Rc<str>, Vec<usize>>,
    /// The clauses of the latest version, in its order.
    live: Vec<usize>,
}

impl Tracker {
    /// Goes on from what is held of a document.
    pub(super) fn of_held(held: Vec<HeldHistory>) -> Self {
        let mut tracker = Self::default();
        let mut held = held;
        held.sort_by_key(|history| (place_of(&history.clause), history.clause.id.clone()));
        for history in held {
            let at = tracker.clauses.len();
            let mut wordings = Vec::with_capacity(history.wordings.len());
            let mut numbers = HashMap::new();
            for (place, (number, text)) in history.wordings.into_iter().enumerate() {
                let text: Rc<str> = text.into();
                tracker.by_text.entry(Rc::clone(&text)).or_default().push(at);
                numbers.insert(number, place as u64);
                let key = key_wording(&text, &Mask::default());
                wordings.push(TrackedWording { text, key, seen: None });
            }
            let place_of_number = |number| numbers.get(&number).copied().unwrap_or(0);
            let spans = history.spans.into_iter();
            let spans = spans.map(|span| Span { wording: place_of_number(span.wording), ..span }).collect();
            if history.clause.live {
                tracker.live.push(at);
            }
            tracker.clauses.push(Tracked {
                title: title_of(&history.clause).map(str::to_owned),
                place: tracker.live.len(),
                id: Some(history.clause.id),
                wordings,
                spans,
                successors: Vec::new(),
                news: Vec::new(),
                is_touched: false,
            });
        }
        tracker
    }

    /// Takes the next version in.
    pub(super) fn step(&mut self, version: &Version) {
        let found = &version.clauses;
        let titles: Vec<Option<String>> = found.iter().map(SplitClause::title).collect();
        let was_live: HashSet<usize> = self.live.iter().copied().collect();
        let mut taken: Vec<Option<usize>> = vec![None; found.len()];
        let mut free = was_live.clone();
        let mut revived: HashSet<usize> = HashSet::new();
        for pass in [Pass::SameTitle, Pass::Standing, Pass::Earlier, Pass::Gone] {
            for ((clause, title), taken) in found.iter().zip(&titles).zip(&mut taken) {
                if taken.is_some() {
                    continue;
                }
                let candidates = self.by_text.get(clause.text.as_str()).into_iter().flatten();
                let fits = |at: &&usize| {
                    let Some(tracked) = self.clauses.get(**at) else { return false };
                    let stands = tracked.live_text() == Some(clause.text.as_str());
                    match pass {
                        Pass::SameTitle => free.contains(*at) && stands && tracked.title == *title,
                        Pass::Standing => free.contains(*at) && stands,
                        Pass::Earlier => free.contains(*at),
                        Pass::Gone => !was_live.contains(*at) && !revived.contains(*at),
                    }
                };
                if let Some(&at) = candidates.into_iter().find(fits) {
                    free.remove(&at);
                    revived.insert(at);
                    *taken = Some(at);
                }
            }
        }
        self.align_rest(version, &titles, &mut free, &mut taken);

        let mut live = Vec::with_capacity(found.len());
        let mut moved: Vec<(usize, usize)> = Vec::new();
        for (place, ((clause, title), taken)) in found.iter().zip(titles).zip(taken).enumerate() {
            let at = taken.unwrap_or_else(|| {
                self.clauses.push(Tracked {
                    id: None,
                    wordings: Vec::new(),
                    spans: Vec::new(),
                    successors: Vec::new(),
                    news: Vec::new(),
                    title: None,
                    place,
                    is_touched: false,
                });
                self.clauses.len() - 1
            });
            live.push(at);
            if self.see(at, clause, version) {
                moved.push((at, place));
            }
            if let Some(tracked) = self.clauses.get_mut(at) {
                tracked.title = title;
                tracked.place = place;
            }
        }
        self.end_missing(free, &moved, version);
        self.live = live;
    }

    /// Pairs what has no equal text.
    fn align_rest(
        &self,
        version: &Version,
        titles: &[Option<String>],
        free: &mut HashSet<usize>,
        taken: &mut [Option<usize>],
    ) {
        let old: Vec<usize> = self.live.iter().copied().filter(|at| free.contains(at)).collect();
        let new: Vec<usize> =
            taken.iter().enumerate().filter(|(_, taken)| taken.is_none()).map(|(place, _)| place).collect();
        if old.is_empty() || new.is_empty() {
            return;
        }
        let before: Vec<Alignable> =
            old.iter().filter_map(|at| self.clauses.get(*at)).map(alignable).collect();
        let after: Vec<Alignable> = new
            .iter()
            .filter_map(|&place| {
                let text = &version.clauses.get(place)?.text;
                Some(Alignable::new(place, titles.get(place)?.clone(), text))
            })
            .collect();
        for (one, two) in align(&before, &after) {
            if let (Some(&at), Some(&place)) = (old.get(one), new.get(two))
                && let Some(slot) = taken.get_mut(place)
            {
                free.remove(&at);
                *slot = Some(at);
            }
        }
    }

    /// Notes that a clause stands in a version; tells whether its wording is another than before.
    fn see(&mut self, at: usize, clause: &SplitClause, version: &Version) -> bool {
        let Some(tracked) = self.clauses.get_mut(at) else { return false };
        tracked.is_touched = true;
        let known = tracked.wordings.iter().position(|wording| *wording.text == *clause.text);
        let place = known.unwrap_or(tracked.wordings.len());
        let seen = Some((clause.clone(), Arc::clone(&version.sighting)));
        match tracked.wordings.get_mut(place) {
            Some(wording) => wording.seen = seen,
            None => {
                let text: Rc<str> = clause.text.as_str().into();
                let holders = self.by_text.entry(Rc::clone(&text)).or_default();
                if !holders.contains(&at) {
                    holders.push(at);
                }
                let key = key_wording(&text, &Mask::default());
                tracked.wordings.push(TrackedWording { text, key, seen });
            }
        }
        let before = tracked.live_wording();
        if before == Some(place) {
            return false;
        }
        let is_back = before.is_none() && !tracked.spans.is_empty();
        let same_words = before.is_some_and(|before| tracked.key(before as u64) == tracked.key(place as u64));
        let ends_at = version.begins_at.as_deref().unwrap_or(&version.ends_at);
        tracked.end_span(ends_at, version.cause);
        tracked.spans.push(Span {
            wording: place as u64,
            began_at: version.begins_at.clone(),
            began_by: version.cause,
            ended_at: None,
            ended_by: None,
            replaced_by: None,
        });
        if version.is_news
            && version.cause != Cause::Archive
            && !same_words
            && ((known.is_none() && !is_back) || !tracked.flaps())
        {
            tracked.news.push(News {
                kind: if before.is_some() { NewsKind::Changed } else { NewsKind::Added },
                observed_at: version.begins_at.clone(),
                by: version.cause,
                wording_before: before.map(|place| place as u64),
                wording: Some(place as u64),
            });
        }
        true
    }

    /// Ends the clauses that a version lacks, and finds what says the same now.
    fn end_missing(&mut self, missing: HashSet<usize>, moved: &[(usize, usize)], version: &Version) {
        let mut missing: Vec<usize> = missing.into_iter().collect();
        missing.sort_unstable();
        if missing.is_empty() {
            return;
        }
        let now: Vec<Alignable> = moved
            .iter()
            .filter_map(|&(_, place)| Some(Alignable::new(place, None, &version.clauses.get(place)?.text)))
            .collect();
        for at in missing {
            let Some(tracked) = self.clauses.get_mut(at) else { continue };
            let gone = alignable(tracked);
            let successor = find_successor(&gone, &now.iter().collect::<Vec<_>>());
            let before = tracked.live_wording();
            if version.is_news && version.cause != Cause::Archive && !tracked.flaps() {
                tracked.news.push(News {
                    kind: NewsKind::Removed,
                    observed_at: Some(version.ends_at.clone()),
                    by: version.cause,
                    wording_before: before.map(|place| place as u64),
                    wording: None,
                });
            }
            tracked.end_span(&version.ends_at, version.cause);
            tracked.is_touched = true;
            if let Some((successor, _)) = successor.and_then(|place| moved.get(place)) {
                tracked.successors.push((tracked.spans.len() - 1, *successor));
            }
        }
    }

    /// Gives clauses of the latest version the ids under which they are held already: those of the
    /// same text, else those that they are most like.
    pub(super) fn match_held(&mut self, held: &[HeldHistory]) {
        let mut held: Vec<&HeldClause> =
            held.iter().map(|history| &history.clause).filter(|clause| clause.live).collect();
        held.sort_by_key(|clause| (place_of(clause), clause.id.clone()));
        for same_title in [true, false] {
            held.retain(|held| {
                let found = self.live.iter().copied().find(|&at| {
                    self.clauses.get(at).is_some_and(|tracked| {
                        tracked.id.is_none()
                            && tracked.live_text() == Some(held.text.as_str())
                            && (!same_title || tracked.title.as_deref() == title_of(held))
                    })
                });
                let Some(tracked) = found.and_then(|at| self.clauses.get_mut(at)) else { return true };
                tracked.id = Some(held.id.clone());
                false
            });
        }
        let nameless = self.live.iter().copied();
        let nameless: Vec<usize> =
            nameless.filter(|&at| self.clauses.get(at).is_some_and(|tracked| tracked.id.is_none())).collect();
        let before: Vec<Alignable> = held
            .iter()
            .enumerate()
            .map(|(place, held)| Alignable::new(place, title_of(held).map(str::to_owned), &held.text))
            .collect();
        let after: Vec<Alignable> =
            nameless.iter().filter_map(|at| self.clauses.get(*at)).map(alignable).collect();
        for (one, two) in align(&before, &after) {
            if let (Some(held), Some(&at)) = (held.get(one), nameless.get(two))
                && let Some(tracked) = self.clauses.get_mut(at)
            {
                tracked.id = Some(held.id.clone());
            }
        }
    }

    /// Gives clauses the ids of those held that had one of their wordings and are nameless still;
    /// what is held and was not found again stays, and ends if it is live.
    pub(super) fn match_gone(&mut self, held: Vec<HeldHistory>, ends_at: &str) {
        let named: HashSet<ClauseId> = self.clauses.iter().filter_map(|tracked| tracked.id.clone()).collect();
        let left: Vec<HeldHistory> =
            held.into_iter().filter(|history| !named.contains(&history.clause.id)).collect();
        let mut lost = Vec::new();
        for history in left {
            let found = self
                .by_text
                .get(history.clause.text.as_str())
                .into_iter()
                .flatten()
                .copied()
                .find(|&at| self.clauses.get(at).is_some_and(|tracked| tracked.id.is_none()));
            match found.and_then(|at| self.clauses.get_mut(at)) {
                Some(tracked) => tracked.id = Some(history.clause.id),
                None => lost.push(history),
            }
        }
        for mut tracked in Self::of_held(lost).clauses {
            if tracked.open_span().is_some() {
                tracked.end_span(ends_at, Cause::Archive);
                tracked.is_touched = true;
            }
            self.clauses.push(tracked);
        }
    }

    /// How many clauses the latest version has.
    pub(super) fn count_live(&self) -> usize {
        self.live.len()
    }

    /// Clauses that flap.
    pub(super) fn count_flapping(&self) -> usize {
        self.clauses.iter().filter(|tracked| tracked.flaps()).count()
    }

    /// What was followed, with ids for all, in the order of the latest version, then what is gone.
    pub(super) fn finish(mut self, document: &DocumentId) -> Vec<Tracked> {
        let mut taken: HashSet<String> =
            self.clauses.iter().filter_map(|tracked| tracked.id.as_ref().map(ToString::to_string)).collect();
        for tracked in &mut self.clauses {
            if tracked.id.is_none() {
                tracked.id = ClauseId::new(mint_id(document, tracked.first_text(), &mut taken)).ok();
            }
        }
        let ids: Vec<Option<ClauseId>> = self.clauses.iter().map(|tracked| tracked.id.clone()).collect();
        for tracked in &mut self.clauses {
            for (span, successor) in std::mem::take(&mut tracked.successors) {
                if let Some(span) = tracked.spans.get_mut(span) {
                    span.replaced_by = ids.get(successor).cloned().flatten();
                }
            }
        }
        let mut touched: Vec<Tracked> =
            self.clauses.into_iter().filter(|tracked| tracked.is_touched).collect();
        touched.sort_by_key(|tracked| (tracked.open_span().is_none(), tracked.place));
        touched
    }
}

#[derive(Clone, Copy)]
enum Pass {
    /// The text stands, under the same title.
    SameTitle,
    /// The text stands.
    Standing,
    /// It is an earlier wording of a clause that stands.
    Earlier,
    /// It is a wording of a clause that is gone.
    Gone,
}

fn alignable(tracked: &Tracked) -> Alignable {
    Alignable::new(tracked.place, tracked.title.clone(), tracked.live_text().unwrap_or(""))
}

fn title_of(held: &HeldClause) -> Option<&str> {
    held.given.get("title").and_then(Value::as_str)
}

fn place_of(held: &HeldClause) -> u64 {
    let range = held.given.get("evidence").and_then(|evidence| evidence.get("byte_range"));
    range.and_then(|range| range.get(0)).and_then(Value::as_u64).unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what must hold")]
mod test;
