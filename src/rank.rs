//! The order of the window: members that compete for the first places, put into order by features.
//!
//! Whole numbers throughout. A feature is 0 to 131,072, most of them 0 to 65,536; its weight is a
//! whole number; the value of a clause is the sum of both multiplied. Which features there are, what
//! each gained and which gained nothing is told in `docs/relevance.md`.

mod weights;

use crate::profile::Profile;
use crate::vector::{Vector, WHOLE_CLOSENESS};

pub use weights::{RankingSchema, RankingSchemaError, Weights};

/// A whole, of shares and closeness.
const WHOLE: i64 = 65_536;

/// A member as it competes.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// How much of the source or query it holds, 0 to 65,536.
    pub share: u32,
    /// Whose clause it is: among the first, each platform speaks once. `None` where each clause
    /// speaks for itself.
    pub platform: Option<&'a str>,
    /// What is known of it.
    pub profile: &'a Profile,
}

/// The features of a member. Each is worth its weight in [`Weights`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features {
    /// Its share.
    pub share: i64,
    /// Its share times the fourth root of the source's length over its own, at most 131,072: a long
    /// clause holds much of anything.
    pub density: i64,
    /// How near it is to the source.
    pub closeness: i64,
    /// How near it is to the middle of the first few: what those are about is what is asked for.
    pub consensus: i64,
    /// The confidences of two equal main types, multiplied.
    pub same_type: i64,
    /// Whole if main or other types have one in common.
    pub shared_type: i64,
    /// The confidences of two main types, multiplied, where no type is common.
    pub other_type: i64,
}

impl Features {
    /// Names and values, in the order of the fields.
    #[must_use]
    pub fn list(&self) -> [(&'static str, i64); 7] {
        [
            ("share", self.share),
            ("density", self.density),
            ("closeness", self.closeness),
            ("consensus", self.consensus),
            ("same_type", self.same_type),
            ("shared_type", self.shared_type),
            ("other_type", self.other_type),
        ]
    }
}

/// A member in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Its place among the candidates as they were given.
    pub given: usize,
    /// The sum of its features times their weights.
    pub value: i64,
    /// Its features.
    pub features: Features,
}

/// Puts candidates into ranking order, the best first; of equal values the one given earlier.
/// `stand_in` gives the closeness, from the share, where one of two clauses has no vector.
#[must_use]
pub fn rank_candidates(
    source: &Profile,
    candidates: &[Candidate<'_>],
    weights: &Weights,
    stand_in: impl Fn(u32) -> u32,
) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = candidates
        .iter()
        .enumerate()
        .map(|(given, candidate)| {
            let features = measure(source, candidate, &stand_in);
            Ranked { given, value: weights.value(&features), features }
        })
        .collect();
    sort(&mut ranked);
    // Without the middle of the first few, what is missing from the sum is the same for all.
    let middle = find_middle(&ranked, candidates, weights.first);
    for one in &mut ranked {
        let vector = candidates.get(one.given).and_then(|candidate| candidate.profile.vector.as_ref());
        let nearness =
            middle.as_ref().zip(vector).map(|(middle, vector)| i64::from(middle.closeness_to(vector)));
        one.features.consensus = nearness.unwrap_or(one.features.closeness);
        one.value = weights.value(&one.features);
    }
    sort(&mut ranked);
    ranked
}

fn sort(ranked: &mut [Ranked]) {
    ranked.sort_unstable_by(|one, two| two.value.cmp(&one.value).then_with(|| one.given.cmp(&two.given)));
}

fn measure(source: &Profile, candidate: &Candidate<'_>, stand_in: impl Fn(u32) -> u32) -> Features {
    let profile = candidate.profile;
    let closeness = source.closeness(profile, || stand_in(candidate.share).min(WHOLE_CLOSENESS));
    let (same_type, shared_type, other_type) = compare_types(source, profile);
    Features {
        share: i64::from(candidate.share),
        density: measure_density(candidate.share, source.length, profile.length),
        closeness: i64::from(closeness),
        consensus: 0,
        same_type,
        shared_type,
        other_type,
    }
}

fn measure_density(share: u32, source: u32, length: u32) -> i64 {
    let ratio = f64::from(source.max(1)) / f64::from(length.max(1));
    // Square roots are exact to the last bit everywhere, powers are not.
    let density = (f64::from(share) * ratio.sqrt().sqrt()).round();
    #[expect(clippy::cast_possible_truncation, reason = "at most 65,536 times 256")]
    {
        (density as i64).min(2 * WHOLE)
    }
}

fn compare_types(source: &Profile, profile: &Profile) -> (i64, i64, i64) {
    let (Some(one), Some(two)) = (source.types.first(), profile.types.first()) else {
        return (0, 0, 0);
    };
    let sure = i64::from(source.confidence) * i64::from(profile.confidence) * WHOLE / 10_000;
    let has_common = source.types.iter().any(|place| profile.types.contains(place));
    match (one == two, has_common) {
        (true, _) => (sure, WHOLE, 0),
        (false, true) => (0, WHOLE, 0),
        (false, false) => (0, 0, sure),
    }
}

/// The middle of the vectors of the first candidates, one a platform (Rocchio's feedback, 1971, with
/// the first results taken for right).
fn find_middle(ranked: &[Ranked], candidates: &[Candidate<'_>], first: usize) -> Option<Vector> {
    let mut sum: Vec<i32> = Vec::new();
    let mut seen: Vec<&str> = Vec::with_capacity(first);
    let mut taken = 0;
    for one in ranked {
        if taken == first {
            break;
        }
        let Some(candidate) = candidates.get(one.given) else { continue };
        let Some(vector) = &candidate.profile.vector else { continue };
        if let Some(platform) = candidate.platform {
            if seen.contains(&platform) {
                continue;
            }
            seen.push(platform);
        }
        taken += 1;
        sum.resize(sum.len().max(vector.numbers().len()), 0);
        for (total, &number) in sum.iter_mut().zip(vector.numbers()) {
            *total += i32::from(number);
        }
    }
    Vector::of_sum(&sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: Weights = Weights {
        share: 0,
        density: 10,
        closeness: 20,
        consensus: 5,
        same_type: 5,
        shared_type: 1,
        other_type: -2,
        first: 2,
    };

    fn profile(numbers: &[i32], types: &[u16]) -> Profile {
        Profile { length: 16, types: types.to_vec(), confidence: 80, vector: Vector::of_sum(numbers) }
    }

    /// Ranks candidates of platforms a, b, c … and tells their order.
    fn check(source: &Profile, candidates: &[(u32, Profile)], expected: &[usize]) {
        let platforms = ["a", "b", "c", "d", "e"];
        let candidates: Vec<Candidate<'_>> = candidates
            .iter()
            .zip(platforms)
            .map(|((share, profile), platform)| Candidate {
                share: *share,
                platform: Some(platform),
                profile,
            })
            .collect();
        let ranked = rank_candidates(source, &candidates, &WEIGHTS, |share| share / 2);
        assert_eq!(ranked.iter().map(|one| one.given).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn each_feature_moves_a_candidate() {
        let source = profile(&[3, 1, 0], &[7, 8]);
        let near = || profile(&[3, 1, 0], &[]);
        let far = || profile(&[-1, 3, 0], &[]);
        check(&source, &[(20_000, near()), (30_000, near())], &[1, 0]);
        check(&source, &[(20_000, far()), (20_000, near())], &[1, 0]);
        let typed = |types| profile(&[3, 1, 0], types);
        check(&source, &[(20_000, near()), (20_000, typed(&[7]))], &[1, 0]);
        check(&source, &[(20_000, near()), (20_000, typed(&[9, 8]))], &[1, 0]);
        check(&source, &[(20_000, typed(&[9])), (20_000, near())], &[1, 0]);
        let long = Profile { length: 1_600, ..near() };
        check(&source, &[(20_000, long), (20_000, near())], &[1, 0]);
        // Two equal first ones agree with the third, and not with the fourth.
        let third = || profile(&[1, 0, 2], &[]);
        let fourth = || profile(&[1, 2, 0], &[]);
        let plain = profile(&[1, 0, 0], &[]);
        check(
            &plain,
            &[(60_000, third()), (60_000, third()), (10_000, fourth()), (10_000, third())],
            &[0, 1, 3, 2],
        );
    }

    #[test]
    fn what_has_no_vector_is_ranked_by_its_share() {
        let source = profile(&[1, 0], &[]);
        let without = || Profile { vector: None, ..profile(&[], &[]) };
        check(&source, &[(10, without()), (60_000, without()), (10, without())], &[1, 0, 2]);
        check(&without(), &[(10, profile(&[1, 0], &[])), (60_000, without())], &[1, 0]);
        check(&source, &[], &[]);
    }

    #[test]
    fn densities_are_whole() {
        for (share, source, length, expected) in
            [(65_536, 16, 16, 65_536), (65_536, 16, 256, 32_768), (65_536, 256, 1, 131_072), (0, 0, 0, 0)]
        {
            assert_eq!(measure_density(share, source, length), expected, "{share} {source} {length}");
        }
    }
}
