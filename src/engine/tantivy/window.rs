//! Sums over a window of documents: MAXSCORE with a threshold that is known before it begins.
//!
//! The lists of a question are split once (Turtle and Flood, 1995): some are added up, window by
//! window; the others, whose bounds together stay below the threshold, are only looked up for
//! documents that can still reach it. The threshold is what membership asks for, so every member is
//! met and its sum is whole.

use std::ops::{Add, AddAssign};

use super::list::{List, Part};

/// Documents summed up at a time: their sums fit the processor's first cache.
pub(super) const WINDOW: usize = 8192;

/// Lists are left for later up to this share of the threshold, in hundredths. All that the
/// threshold allows (100) leaves too many documents to look up: 1.5 ms a question of a collection
/// where 33 takes 0.53 and adding up everything 0.68.
const LEFT_FOR_LATER: u32 = 33;

/// What is summed up for a document.
pub(super) trait Sum: Copy + Ord + Default + Add<Output = Self> + AddAssign + Send + Sync {
    /// What an impact adds; nothing if it is 0.
    fn of(weight: u32, impact: u8) -> Self;

    /// Adds impacts, one a sum.
    fn add_all(sums: &mut [Self], weight: u32, impacts: &[u8]) {
        for (sum, &impact) in sums.iter_mut().zip(impacts) {
            *sum += Self::of(weight, impact);
        }
    }

    /// The most that a list adds to what is held against the threshold.
    fn bound(weight: u32, greatest: u8) -> Self;

    /// What is left of the threshold when so much may still come.
    fn less(self, bound: Self) -> Self;

    /// So many hundredths of it.
    fn hundredths(self, share: u32) -> Self;

    /// For sorting by cost.
    fn to_f64(self) -> f64;

    /// The similarity, and the weight held where it is summed up too.
    fn split(self) -> (u32, u32);
}

/// Weight times impact. Below 2²⁴, as a question has 256 words at most.
impl Sum for u32 {
    fn of(weight: u32, impact: u8) -> Self {
        weight * Self::from(impact)
    }

    /// In 16 bits, which hold any product of two bytes, and then widened: multiplied eight at a time
    /// where 32 bits would go by four. Both loops run over a buffer, since the compiler makes one of
    /// 32 bits of them otherwise: 0.24 ms where that takes 0.31, over 100,000 clauses.
    fn add_all(sums: &mut [Self], weight: u32, impacts: &[u8]) {
        const BUFFER: usize = 256;
        let Ok(weight) = u8::try_from(weight).map(u16::from) else {
            sums.iter_mut().zip(impacts).for_each(|(sum, &impact)| *sum += Self::of(weight, impact));
            return;
        };
        let mut products = [0; BUFFER];
        for (sums, impacts) in sums.chunks_mut(BUFFER).zip(impacts.chunks(BUFFER)) {
            for (product, &impact) in products.iter_mut().zip(impacts) {
                *product = weight * u16::from(impact);
            }
            for (sum, &product) in sums.iter_mut().zip(products.iter().take(impacts.len())) {
                *sum += Self::from(product);
            }
        }
    }

    fn bound(weight: u32, greatest: u8) -> Self {
        Self::of(weight, greatest)
    }

    fn less(self, bound: Self) -> Self {
        self.saturating_sub(bound)
    }

    fn hundredths(self, share: u32) -> Self {
        self / 100 * share + self % 100 * share / 100
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn split(self) -> (u32, u32) {
        (self, 0)
    }
}

/// The weight held, above 32 bits of weight times impact. The threshold is one of weight.
impl Sum for u64 {
    fn of(weight: u32, impact: u8) -> Self {
        let held = Self::from(weight) << 32 | Self::from(weight * u32::from(impact));
        if impact > 0 { held } else { 0 }
    }

    fn bound(weight: u32, _: u8) -> Self {
        Self::from(weight) << 32
    }

    fn less(self, bound: Self) -> Self {
        self.saturating_sub(bound)
    }

    fn hundredths(self, share: u32) -> Self {
        ((self >> 32) * Self::from(share) / 100) << 32
    }

    fn to_f64(self) -> f64 {
        f64::from(self.split().1)
    }

    fn split(self) -> (u32, u32) {
        let half = |bits: Self| u32::try_from(bits & 0xffff_ffff).unwrap_or(u32::MAX);
        (half(self), half(self >> 32))
    }
}

/// The lists of a question in one segment, split.
pub(super) struct Plan<'a, S> {
    /// What a document must have when everything that is added up has been.
    limit: S,
    now: Vec<(&'a List, u32)>,
    /// Of lists that few windows have anything of, these windows, ascending.
    seldom: Vec<(usize, &'a List, u32)>,
    later: Vec<Later<'a, S>>,
}

struct Later<'a, S> {
    list: &'a List,
    weight: u32,
    /// What a document must have after this list to be able to reach the threshold.
    limit: S,
}

impl<'a, S: Sum> Plan<'a, S> {
    /// Splits lists with their weights for a threshold; 0 lets every document in.
    pub(super) fn new(mut lists: Vec<(&'a List, u32)>, least: S) -> Self {
        let bound = |(list, weight): &(&List, u32)| S::bound(*weight, list.greatest());
        #[expect(clippy::cast_precision_loss, reason = "it sorts, no more")]
        let cost = |entry: &(&List, u32)| entry.0.count() as f64 / bound(entry).to_f64();
        // Those that cost most for what they can add are left first.
        lists.sort_by(|one, two| cost(two).total_cmp(&cost(one)));
        let allowed = least.hundredths(LEFT_FOR_LATER);
        let mut left = S::default();
        let (mut later, mut now): (Vec<_>, Vec<_>) = lists.into_iter().partition(|entry| {
            let with = left + bound(entry);
            let fits = with <= allowed;
            if fits {
                left = with;
            }
            fits
        });
        // The greatest bounds first, so that a document is given up as soon as can be; and what is
        // added up, the longest list first, as it is the one laid out best.
        later.sort_by_key(|entry| std::cmp::Reverse(bound(entry)));
        now.sort_by_key(|entry| std::cmp::Reverse(entry.0.count()));
        let mut seldom = Vec::new();
        now.retain(|(list, weight)| match list.windows() {
            None => true,
            Some(windows) => {
                seldom.extend(windows.map(|window| (window, *list, *weight)));
                false
            }
        });
        seldom.sort_by_key(|(window, ..)| *window);
        let limit = least.less(left);
        let mut reached = limit;
        let later = later.into_iter().map(|(list, weight)| {
            reached += S::bound(weight, list.greatest());
            Later { list, weight, limit: reached }
        });
        Self { limit, now, seldom, later: later.collect() }
    }
}

/// The sums of one window.
pub(super) struct Window<S> {
    sums: Box<[S; WINDOW]>,
    /// Places of the documents that reach the threshold, ascending, with their sums.
    pub(super) found: Vec<(u16, S)>,
}

impl<S: Sum> Window<S> {
    pub(super) fn new() -> Self {
        Self { sums: Box::new([S::default(); WINDOW]), found: Vec::new() }
    }

    /// Finds the documents of a window that reach the plan's threshold. It has `length` documents.
    pub(super) fn read(&mut self, plan: &Plan<'_, S>, window: usize, length: usize) {
        self.found.clear();
        let mut empty = true;
        for (list, weight) in &plan.now {
            empty &= !self.add(list.part(window), *weight);
        }
        let first = plan.seldom.partition_point(|(number, ..)| *number < window);
        let seldom = plan.seldom.get(first..).unwrap_or_default();
        for (_, list, weight) in seldom.iter().take_while(|(number, ..)| *number == window) {
            empty &= !self.add(list.part(window), *weight);
        }
        if plan.limit == S::default() {
            let sums = (0..).zip(self.sums.iter()).take(length);
            self.found.extend(sums.map(|(place, sum)| (place, *sum)));
        } else if !empty {
            self.collect(plan.limit);
        }
        if !empty {
            self.sums.fill(S::default());
        }
        for later in &plan.later {
            if self.found.is_empty() {
                return;
            }
            look_up(&mut self.found, later.list.part(window), later.weight, later.limit);
        }
    }

    /// Adds a list; `false` if it has nothing here.
    fn add(&mut self, part: Part<'_>, weight: u32) -> bool {
        match part {
            Part::Sparse(places, impacts) => {
                for (&place, &impact) in places.iter().zip(impacts) {
                    // The mask changes nothing and spares the check of the bound.
                    if let Some(sum) = self.sums.get_mut(usize::from(place) & (WINDOW - 1)) {
                        *sum += S::of(weight, impact);
                    }
                }
                !places.is_empty()
            }
            Part::Dense(impacts) => {
                S::add_all(self.sums.as_mut_slice(), weight, impacts);
                true
            }
        }
    }

    fn collect(&mut self, limit: S) {
        const LANES: usize = 32;
        let firsts = (0..).step_by(LANES);
        for (first, sums) in firsts.zip(self.sums.chunks_exact(LANES)) {
            if sums.iter().fold(false, |any, sum| any | (*sum >= limit)) {
                let reached = (first..).zip(sums).filter(|(_, sum)| **sum >= limit);
                self.found.extend(reached.map(|(place, sum)| (place, *sum)));
            }
        }
    }
}

/// Adds a list to documents that were found, and gives up those that cannot reach the threshold.
fn look_up<S: Sum>(found: &mut Vec<(u16, S)>, part: Part<'_>, weight: u32, limit: S) {
    match part {
        // Nothing is decided while impacts come from memory, so that many are on their way at once.
        Part::Dense(impacts) => {
            for (place, sum) in found.iter_mut() {
                *sum += S::of(weight, impacts.get(usize::from(*place)).copied().unwrap_or(0));
            }
        }
        Part::Sparse(places, impacts) => {
            let mut at = 0;
            for (place, sum) in found.iter_mut() {
                let rest = places.get(at..).unwrap_or_default();
                at += rest.partition_point(|held| held < place);
                if places.get(at) == Some(place) {
                    *sum += S::of(weight, impacts.get(at).copied().unwrap_or(0));
                }
            }
        }
    }
    found.retain(|(_, sum)| *sum >= limit);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every threshold finds what adding up everything finds, with the same sums.
    fn check<S: Sum + std::fmt::Debug>(thresholds: &[S]) {
        let documents = 2 * WINDOW + 1_000;
        let mut state = 7_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let mut lists = Vec::new();
        for rarity in [1, 2, 3, 5, 9, 50, 700, 3_000] {
            let docs: Vec<u32> = (0..u32::try_from(documents).expect("small"))
                .filter(|_| random().is_multiple_of(rarity))
                .collect();
            let impacts = docs.iter().map(|_| u8::try_from(random() % 255 + 1).expect("small")).collect();
            lists.push((
                List::new(&docs, impacts, u32::try_from(documents).expect("small")),
                1 + random() % 255,
            ));
        }
        let weighed: Vec<(&List, u32)> = lists.iter().map(|(list, weight)| (list, *weight)).collect();
        let mut sums = vec![S::default(); documents];
        for (doc, sum) in sums.iter_mut().enumerate() {
            for (list, weight) in &weighed {
                let place = u16::try_from(doc % WINDOW).expect("a place");
                *sum += S::of(*weight, list.part(doc / WINDOW).impact(place));
            }
        }
        for &least in thresholds {
            let plan = Plan::new(weighed.clone(), least);
            let mut window = Window::new();
            let mut found = Vec::new();
            for number in 0..documents.div_ceil(WINDOW) {
                window.read(&plan, number, WINDOW.min(documents - number * WINDOW));
                let place = |place: u16| number * WINDOW + usize::from(place);
                found.extend(window.found.iter().map(|(at, sum)| (place(*at), *sum)));
            }
            let wanted = sums.iter().copied().enumerate().filter(|(_, sum)| *sum >= least);
            assert_eq!(found, wanted.collect::<Vec<_>>(), "{least:?}");
        }
    }

    #[test]
    fn whoever_reaches_the_threshold_is_found() {
        check::<u32>(&[0, 1, 100, 10_000, 40_000, 70_000, 150_000, 1 << 24]);
        check::<u64>(&[0, 1 << 32, 90 << 32, 300 << 32, 600 << 32, 5_000 << 32]);
    }
}
