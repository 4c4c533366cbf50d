//! A word diff of two wordings or two clauses.
//!
//! Myers' algorithm over words and what stands between them (UAX #29), by the crate `similar`.

use std::ops::Range;
use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use super::history::find_wording;
use super::params::Params;
use super::source::view_platform;
use super::view::PlatformView;
use super::{AnswerError, Desk};
use crate::clause::{Clause, Collection};
use crate::collection::Published;
use crate::text::sentence::split_sentences;

/// After how long the diff is content with a longer one than the shortest.
const PATIENCE: Duration = Duration::from_millis(500);

/// What happened to a part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// It stands in both.
    Equal,
    /// It stands in `from` only.
    Delete,
    /// It stands in `to` only.
    Insert,
}

/// A part of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffPart {
    /// `equal`, `delete` or `insert`.
    pub op: Op,
    /// Its text.
    pub text: String,
}

/// One of the two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffSide {
    /// The clause's id.
    pub id: String,
    /// The number of its wording.
    pub wording: u64,
    /// The clause's title.
    #[schema(required)]
    pub title: Option<String>,
    /// Its platform.
    pub platform: PlatformView,
    /// When the wording was first seen, if that is known.
    #[schema(required)]
    pub first_seen: Option<String>,
    /// SHA-256 of its text.
    #[schema(required)]
    pub text_sha256: Option<String>,
    /// The collection that it comes from, with licence and attribution.
    #[schema(required)]
    pub collection: Option<Collection>,
}

/// What two wordings or two clauses have in common, and what not.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DiffAnswer {
    /// The generation that it comes from.
    pub generation: u64,
    /// The one.
    pub from: DiffSide,
    /// The other.
    pub to: DiffSide,
    /// Words that stand in both, in the same order.
    pub words_equal: u64,
    /// Words that only `from` has.
    pub words_deleted: u64,
    /// Words that only `to` has.
    pub words_inserted: u64,
    /// The parts in order: `equal` and `delete` make the text of `from`, `equal` and `insert` that of
    /// `to`.
    pub parts: Vec<DiffPart>,
}

impl Desk {
    /// Compares two wordings (`ID@N`) or clauses (`ID`, the wording that stands) word by word.
    ///
    /// # Errors
    /// [`AnswerError`] for parameters that are not known or missing, or an unknown clause or wording.
    pub fn compare_wordings(&self, params: Params) -> Result<DiffAnswer, AnswerError> {
        let published = self.newest()?;
        let (from, to) = take_sides(self, &published, params)?;
        Ok(diff_clauses(published.generation.number, &from, &to))
    }
}

/// The two wordings that `from` and `to` name.
pub(super) fn take_sides(
    desk: &Desk,
    published: &Published,
    mut params: Params,
) -> Result<(Clause, Clause), AnswerError> {
    let take = |params: &mut Params, name: &str| -> Result<Clause, AnswerError> {
        let named = params.take_one(name)?.ok_or_else(|| AnswerError::BadParameter {
            name: name.to_owned(),
            problem: "is missing: a clause's id, or ID@N for one of its wordings".to_owned(),
        })?;
        find_wording(desk, published, &named)
    };
    let from = take(&mut params, "from");
    let to = take(&mut params, "to");
    params.finish()?;
    Ok((from?, to?))
}

/// What two wordings have in common, and what not.
pub(super) fn diff_clauses(generation: u64, from: &Clause, to: &Clause) -> DiffAnswer {
    let parts = diff_words(&from.text, &to.text);
    let count = |op| {
        let parts = parts.iter().filter(|part| part.op == op);
        parts.map(|part| part.text.unicode_words().count() as u64).sum()
    };
    DiffAnswer {
        generation,
        words_equal: count(Op::Equal),
        words_deleted: count(Op::Delete),
        words_inserted: count(Op::Insert),
        from: describe(from),
        to: describe(to),
        parts,
    }
}

fn describe(clause: &Clause) -> DiffSide {
    DiffSide {
        id: clause.id.to_string(),
        wording: clause.wording,
        title: clause.given.title.clone(),
        platform: view_platform(&clause.platform),
        first_seen: clause.given.observed.first_seen.clone(),
        text_sha256: clause.given.evidence.text_sha256.clone(),
        collection: clause.given.collection.clone(),
    }
}

/// The most pairs of pieces that a diff without a deadline compares: a thousand of each text.
const MOST_PAIRS: usize = 1_000_000;

/// The parts of two texts, the same on any machine: word by word, of longer texts sentence by
/// sentence, and `None` where even that would be too long.
pub(super) fn diff_within_bounds(from: &str, to: &str) -> Option<Vec<DiffPart>> {
    let words = |text: &'_ str| -> Vec<Range<usize>> {
        text.split_word_bound_indices().map(|(at, piece)| at..at + piece.len()).collect()
    };
    [words, split_sentences].into_iter().find_map(|split| {
        let cut =
            |text| -> Vec<&str> { split(text).into_iter().filter_map(|range| text.get(range)).collect() };
        let (old, new) = (cut(from), cut(to));
        (old.len() * new.len() <= MOST_PAIRS).then(|| diff_pieces(&old, &new, None))
    })
}

/// The parts of two texts, word by word.
fn diff_words(from: &str, to: &str) -> Vec<DiffPart> {
    let old: Vec<&str> = from.split_word_bounds().collect();
    let new: Vec<&str> = to.split_word_bounds().collect();
    diff_pieces(&old, &new, Instant::now().checked_add(PATIENCE))
}

/// The parts of two texts in pieces. A gap without a word between two changes is part of them: single
/// spaces that stayed would tear a changed phrase to pieces.
fn diff_pieces(old: &[&str], new: &[&str], deadline: Option<Instant>) -> Vec<DiffPart> {
    let ops = capture_diff_slices_deadline(Algorithm::Myers, old, new, deadline);
    let mut parts: Vec<DiffPart> = Vec::new();
    let (mut deleted, mut inserted) = (String::new(), String::new());
    let last = ops.len().saturating_sub(1);
    for (place, op) in ops.iter().enumerate() {
        let (tag, of_old, of_new) = op.as_tag_tuple();
        let old = old.get(of_old).unwrap_or(&[]).concat();
        let new = new.get(of_new).unwrap_or(&[]).concat();
        let is_gap = place > 0 && place < last && old.unicode_words().next().is_none();
        if tag == DiffTag::Equal && !is_gap {
            push(&mut parts, Op::Delete, &mut deleted);
            push(&mut parts, Op::Insert, &mut inserted);
            parts.push(DiffPart { op: Op::Equal, text: old });
        } else {
            deleted.push_str(&old);
            inserted.push_str(&new);
        }
    }
    push(&mut parts, Op::Delete, &mut deleted);
    push(&mut parts, Op::Insert, &mut inserted);
    parts
}

fn push(parts: &mut Vec<DiffPart>, op: Op, text: &mut String) {
    if !text.is_empty() {
        parts.push(DiffPart { op, text: std::mem::take(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(from: &str, to: &str, expected: &str) {
        let parts = diff_words(from, to);
        let shown: String = parts
            .iter()
            .map(|part| match part.op {
                Op::Equal => part.text.clone(),
                Op::Delete => format!("[-{}-]", part.text),
                Op::Insert => format!("{{+{}+}}", part.text),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_are_told_apart() {
        check("We may sell it.", "We may sell it.", "We may sell it.");
        check("We may sell it.", "We never sell it.", "We [-may-]{+never+} sell it.");
        check("", "New.", "{+New.+}");
        check("Old.", "", "[-Old.-]");
        // A changed phrase is one change, not one a word.
        check("for thirty full days", "for one year days", "for [-thirty full-]{+one year+} days");
    }

    #[test]
    fn a_diff_of_long_texts_is_coarser() {
        let sentences =
            |count: usize, last: &str| format!("{}{last}", "It is kept in a drawer. ".repeat(count));
        let changed = |count: usize| {
            let parts =
                diff_within_bounds(&sentences(count, "We sell it."), &sentences(count, "We burn it."));
            parts.map(|parts| parts.into_iter().skip(1).map(|part| part.text).collect::<Vec<_>>())
        };
        assert_eq!(changed(10), Some(vec!["sell".to_owned(), "burn".to_owned(), " it.".to_owned()]));
        assert_eq!(changed(100), Some(vec!["We sell it.".to_owned(), "We burn it.".to_owned()]));
        assert_eq!(changed(1_000), None);
    }

    proptest! {
        #[test]
        fn parts_make_both_texts(from in ".{0,60}", to in ".{0,60}") {
            let parts = diff_words(&from, &to);
            let join = |without: Op| -> String {
                parts.iter().filter(|part| part.op != without).map(|part| part.text.as_str()).collect()
            };
            prop_assert_eq!(join(Op::Insert), from);
            prop_assert_eq!(join(Op::Delete), to);
        }
    }
}
