//! Conditions on a document, made ready for one segment.

use std::collections::HashSet;

use tantivy::DocId;
use tantivy::columnar::Column;

use super::mapping::decode_stood;
use super::segment::{Flat, SegmentData};
use crate::clause::Day;
use crate::engine::{Attribute, Condition, Facet, Filter};

/// Some values of an attribute, as a segment numbers them.
pub(super) struct Marks<'a> {
    flat: Option<&'a Flat>,
    wanted: Vec<bool>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(segment: &'a SegmentData, attribute: Attribute, values: &[String]) -> Self {
        let values: HashSet<&String> = values.iter().collect();
        let wanted: Vec<bool> =
            segment.values(attribute).iter().map(|value| values.contains(value)).collect();
        // Where no document has any of them, none need be looked at.
        let flat = if wanted.contains(&true) { segment.flat(attribute) } else { None };
        Self { flat, wanted }
    }

    /// Whether a document has one of the values.
    pub(super) fn hold(&self, doc: DocId) -> bool {
        self.flat.is_some_and(|flat| {
            flat.get(doc).iter().any(|&value| self.wanted.get(value as usize) == Some(&true))
        })
    }
}

/// What the filters say of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It passes all of them.
    Passes,
    /// It fails some, all of them lifted in this facet, where it is counted.
    OnlyIn(Facet),
    /// It is out.
    Out,
}

/// The filters of a question.
pub(super) struct Filters<'a>(Vec<(Check<'a>, Option<Facet>)>);

enum Check<'a> {
    AnyOf(Marks<'a>),
    NoneOf(Marks<'a>),
    SeenAfter(Option<&'a Column<i64>>, i64),
    SeenBefore(Option<&'a Column<i64>>, i64),
    StoodOn(Option<&'a Column<u64>>, Day),
}

impl<'a> Filters<'a> {
    pub(super) fn new(segment: &'a SegmentData, filters: &[Filter]) -> Self {
        let check = |condition: &Condition| match condition {
            Condition::AnyOf(attribute, values) => Check::AnyOf(Marks::new(segment, *attribute, values)),
            Condition::NoneOf(attribute, values) => Check::NoneOf(Marks::new(segment, *attribute, values)),
            Condition::SeenAfter(day) => Check::SeenAfter(segment.last_seen.as_ref(), i64::from(day.0)),
            Condition::SeenBefore(day) => Check::SeenBefore(segment.first_seen.as_ref(), i64::from(day.0)),
            Condition::StoodOn(day) => Check::StoodOn(segment.stood.as_ref(), *day),
        };
        Self(filters.iter().map(|filter| (check(&filter.condition), filter.lifted_by)).collect())
    }

    /// One failed filter still counts in the facet that lifts it; two of different facets do not.
    pub(super) fn judge(&self, doc: DocId) -> Verdict {
        let mut verdict = Verdict::Passes;
        for (check, lifted_by) in &self.0 {
            if check.passes(doc) {
                continue;
            }
            verdict = match (*lifted_by, verdict) {
                (Some(facet), Verdict::Passes) => Verdict::OnlyIn(facet),
                (Some(facet), Verdict::OnlyIn(other)) if facet == other => verdict,
                _ => return Verdict::Out,
            };
        }
        verdict
    }
}

impl Check<'_> {
    fn passes(&self, doc: DocId) -> bool {
        match self {
            Self::AnyOf(marks) => marks.hold(doc),
            Self::NoneOf(marks) => !marks.hold(doc),
            Self::SeenAfter(column, day) => {
                column.and_then(|column| column.first(doc)).is_some_and(|seen| seen >= *day)
            }
            Self::SeenBefore(column, day) => {
                column.and_then(|column| column.first(doc)).is_some_and(|seen| seen <= *day)
            }
            Self::StoodOn(column, day) => column.is_some_and(|column| {
                column.values_for_doc(doc).map(decode_stood).any(|(from, to)| from <= *day && *day < to)
            }),
        }
    }
}
