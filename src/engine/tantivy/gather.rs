//! From the members of a pass to an answer.

use std::cmp::Ordering;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use tantivy::DocId;

use super::evaluate::{Failure, Member, Tally};
use super::snapshot::Snapshot;
use crate::clause::ClauseId;
use crate::engine::{
    Answer, Attribute, BEST_OF_PLATFORM, Contender, Found, PlatformRow, Question, SameWording, Window,
};
use crate::profile::Profile;

impl Member {
    fn place(&self) -> (u32, DocId) {
        (self.segment, self.doc)
    }
}

/// Makes the answer of what was found and counted.
pub(super) fn finish(snapshot: &Snapshot, question: &Question, tally: Tally) -> Result<Answer, Failure> {
    Gathering { snapshot, question }.finish(tally)
}

struct Gathering<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
}

impl Gathering<'_> {
    /// The order of [`crate::engine::order::compare_found`], over ordinals.
    fn compare(&self, one: &Member, two: &Member) -> Ordering {
        two.sort_key
            .cmp(&one.sort_key)
            .then_with(|| two.sum.cmp(&one.sum))
            .then_with(|| one.severity.rank().cmp(&two.severity.rank()))
            .then_with(|| one.platform.cmp(&two.platform))
            .then_with(|| self.snapshot.compare_ids(one.place(), two.place()))
    }

    fn finish(&self, tally: Tally) -> Result<Answer, Failure> {
        let Tally { mut members, counters } = tally;
        let rows = self.fill_rows(&members);
        let clauses = members.len() as u64;
        let platforms = rows.len() as u64;
        let counts = count_wordings_of(&members);

        let mut table: Vec<(u64, Vec<Member>)> = rows.into_values().collect();
        if self.question.platforms || matches!(self.question.window, Some(Window::Platforms(_))) {
            table.sort_unstable_by(|one, two| match (one.1.first(), two.1.first()) {
                (Some(one), Some(two)) => self.compare(one, two),
                (one, two) => one.is_none().cmp(&two.is_none()),
            });
        }
        let window = self.take_window(&mut members, &table);
        let (skip, take) = self.question.page.past(window.len());
        self.sort_first(&mut members, if take == 0 { 0 } else { skip.saturating_add(take) });
        members.drain(..skip.min(members.len()));

        let find = |members: &[Member]| {
            members.iter().map(|member| self.find(member, &counts)).collect::<Result<Vec<Found>, Failure>>()
        };
        let hits = find(&members)?;
        let window = find(&window)?
            .into_iter()
            .zip(&window)
            .map(|(found, member)| Contender { found, profile: self.profile_of(member) })
            .collect();
        let mut shown = Vec::new();
        if self.question.platforms {
            for (members, best) in &table {
                let best = find(best)?;
                let platform = best.first().map(|found| found.platform.clone()).unwrap_or_default();
                shown.push(PlatformRow { platform, members: *members, best });
            }
        }
        let facets = counters.into_iter().map(|counter| counter.finish(self.snapshot)).collect();
        Ok(Answer { clauses, platforms, window, hits, table: shown, facets })
    }

    /// Takes the members of the window out of all members, and returns them in order.
    fn take_window(&self, members: &mut Vec<Member>, table: &[(u64, Vec<Member>)]) -> Vec<Member> {
        match self.question.window {
            None => Vec::new(),
            Some(Window::Members(count)) => {
                let mut window = members.clone();
                self.sort_first(&mut window, count);
                let taken: FxHashSet<_> = window.iter().map(Member::place).collect();
                members.retain(|member| !taken.contains(&member.place()));
                window
            }
            Some(Window::Platforms(count)) => {
                let mut window: Vec<Member> =
                    table.iter().take(count).flat_map(|(_, best)| best).copied().collect();
                window.sort_unstable_by(|one, two| self.compare(one, two));
                let taken: FxHashSet<_> = window.iter().map(Member::place).collect();
                if self.question.page.take > 0 {
                    members.retain(|member| !taken.contains(&member.place()));
                }
                window
            }
        }
    }

    /// Keeps the first `count` members, in order.
    fn sort_first(&self, members: &mut Vec<Member>, count: usize) {
        if count == 0 {
            members.clear();
        } else if count < members.len() {
            members.select_nth_unstable_by(count, |one, two| self.compare(one, two));
            members.truncate(count);
        }
        members.sort_unstable_by(|one, two| self.compare(one, two));
    }

    fn profile_of(&self, member: &Member) -> Profile {
        let segment = self.snapshot.segments.get(member.segment as usize);
        segment.map(|segment| segment.data.vectors.profile(member.doc)).unwrap_or_default()
    }

    /// Each platform's number of members and, if the table is wanted, the best of them in order.
    fn fill_rows(&self, members: &[Member]) -> FxHashMap<u32, (u64, Vec<Member>)> {
        let mut rows: FxHashMap<u32, (u64, Vec<Member>)> = FxHashMap::default();
        let wants_best =
            self.question.platforms || matches!(self.question.window, Some(Window::Platforms(_)));
        for member in members {
            let (count, best) = rows.entry(member.platform).or_default();
            *count += 1;
            if !wants_best {
                continue;
            }
            let place = best.iter().take_while(|held| self.compare(held, member) == Ordering::Less).count();
            if place < BEST_OF_PLATFORM {
                best.insert(place, *member);
                best.truncate(BEST_OF_PLATFORM);
            }
        }
        rows
    }

    fn find(&self, member: &Member, counts: &FxHashMap<u64, SameWording>) -> Result<Found, Failure> {
        let missing = || tantivy::TantivyError::InternalError("a member points to no clause".to_owned());
        let segment = self.snapshot.segments.get(member.segment as usize).ok_or_else(missing)?;
        let segment = &segment.data;
        let platforms = self.snapshot.values(Attribute::Platform);
        Ok(Found {
            id: ClauseId::new(segment.clause_id(member.doc)).map_err(|_| missing())?,
            version: segment.version.first(member.doc).unwrap_or(0),
            platform: platforms.get(member.platform as usize).cloned().unwrap_or_default(),
            severity: member.severity,
            sort_key: member.sort_key,
            sum: member.sum,
            held: member.held,
            wording: member.wording,
            same_wording: counts.get(&member.wording).copied().unwrap_or_default(),
        })
    }
}

/// How many members share each wording. Counted for all wordings at once: which of them will be
/// shown depends on the order, and counting is cheaper than asking twice.
fn count_wordings_of(members: &[Member]) -> FxHashMap<u64, SameWording> {
    let mut pairs: Vec<(u64, u32)> = members.iter().map(|member| (member.wording, member.platform)).collect();
    pairs.sort_unstable();
    let mut counts: FxHashMap<u64, SameWording> =
        FxHashMap::with_capacity_and_hasher(members.len(), FxBuildHasher);
    let mut last = None;
    for pair in pairs {
        let count = counts.entry(pair.0).or_default();
        count.clauses += 1;
        if last != Some(pair) {
            count.platforms += 1;
        }
        last = Some(pair);
    }
    counts
}
