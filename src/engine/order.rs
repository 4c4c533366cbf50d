//! The order of members, for every engine the same.

use std::cmp::Ordering;

use super::Found;
use crate::clause::{Day, Severity};
use crate::engine::Sort;

/// What is compared before the sum; greater comes first.
#[must_use]
pub fn sort_key(sort: Sort, severity: Severity, wording_day: Day) -> i64 {
    match sort {
        Sort::Relevance => 0,
        Sort::Severity => -i64::from(severity.rank()),
        Sort::Recent => i64::from(wording_day.0),
    }
}

/// Best first: by sort key and sum, ties by severity (high first), then platform id, then clause
/// id, both by bytes.
#[must_use]
pub fn compare_found(one: &Found, two: &Found) -> Ordering {
    two.sort_key
        .cmp(&one.sort_key)
        .then_with(|| two.sum.cmp(&one.sum))
        .then_with(|| one.severity.rank().cmp(&two.severity.rank()))
        .then_with(|| one.platform.as_bytes().cmp(two.platform.as_bytes()))
        .then_with(|| one.id.as_str().as_bytes().cmp(two.id.as_str().as_bytes()))
}
