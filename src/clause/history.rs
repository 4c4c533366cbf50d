//! How a clause stood: when its wordings began and ended, by whom, and what of it is news.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ClauseId;

/// From so many returns to what stood before on, a clause flaps: further ones are no changes.
pub const FLAPS_FROM: usize = 2;

/// Who made a wording begin or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// Nobody: it stood when its document was first looked at.
    First,
    /// The platform.
    Platform,
    /// The archive, by reading the page in another way: no change by the platform.
    Archive,
    /// Whoever gave the record; it does not say who changed what.
    Record,
}

impl Cause {
    /// As it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Platform => "platform",
            Self::Archive => "archive",
            Self::Record => "record",
        }
    }

    /// Reads what [`Cause::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::First, Self::Platform, Self::Archive, Self::Record]
            .into_iter()
            .find(|cause| cause.as_str() == text)
    }
}

/// A time in which one wording of a clause stood, without a break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The wording's number.
    pub wording: u64,
    /// When it was first seen to stand, RFC 3339; `None` where nobody knows.
    pub began_at: Option<String>,
    /// By whom it began.
    pub began_by: Cause,
    /// When it was first seen to stand no more, RFC 3339; `None` while it stands.
    pub ended_at: Option<String>,
    /// By whom it ended; `None` while it stands.
    pub ended_by: Option<Cause>,
    /// If the clause went with it: the clause that says the same now, if one does.
    pub replaced_by: Option<ClauseId>,
}

/// What happened to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewsKind {
    /// It is new, or back.
    Added,
    /// It has another wording.
    Changed,
    /// It is gone.
    Removed,
}

impl NewsKind {
    /// As it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    /// Reads what [`NewsKind::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Added, Self::Changed, Self::Removed].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Something that happened and is told as news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What happened.
    pub kind: NewsKind,
    /// When it was observed in the world, RFC 3339; `None` where nobody said.
    pub observed_at: Option<String>,
    /// By whom.
    pub by: Cause,
    /// The wording that stood before; `None` for an addition.
    pub wording_before: Option<u64>,
    /// The wording that stands since; `None` for a removal.
    pub wording: Option<u64>,
}

/// What a span is beside the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Words that never stood before.
    New,
    /// Words that stood before.
    Return,
    /// The words that stood until then, set in another way: punctuation, case, spaces.
    Typography,
}

/// What each span is. `words` is a key of a wording that is equal for equal words.
fn steps<'a>(spans: &'a [Span], words: impl Fn(u64) -> u64) -> Vec<(&'a Span, Step)> {
    let mut known = HashSet::new();
    let mut before: Option<(&'a Span, u64)> = None;
    let mut steps = Vec::with_capacity(spans.len());
    for span in spans {
        let key = words(span.wording);
        let goes_on = before.is_some_and(|(last, of)| of == key && last.ended_at == span.began_at);
        let step = match (goes_on, known.insert(key)) {
            (true, _) => Step::Typography,
            (false, true) => Step::New,
            (false, false) => Step::Return,
        };
        before = Some((span, key));
        steps.push((span, step));
    }
    steps
}

/// How often a platform went back to words that stood before. `words` is a key of a wording that is
/// equal for equal words.
pub fn count_returns(spans: &[Span], words: impl Fn(u64) -> u64) -> usize {
    let is_return = |(span, step): &(&Span, Step)| *step == Step::Return && span.began_by == Cause::Platform;
    steps(spans, words).iter().filter(|step| is_return(step)).count()
}

/// The spans that began with a change by the platform: other words in place of those that stood, or
/// the return of earlier ones unless the clause flaps. `words` is a key of a wording that is equal for
/// equal words: punctuation, case and spaces alone are no change.
pub fn list_changes(spans: &[Span], words: impl Fn(u64) -> u64) -> Vec<&Span> {
    let flaps = count_returns(spans, &words) >= FLAPS_FROM;
    let steps = steps(spans, words);
    steps
        .into_iter()
        .skip(1)
        .filter(|(span, step)| {
            let counts = *step == Step::New || *step == Step::Return && !flaps;
            counts && span.began_by == Cause::Platform
        })
        .map(|(span, _)| span)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wordings by who began them: `p1` is the platform's first. 11 has the words of 1.
    fn check(spans: &str, changed: usize, returns: usize) {
        let spans: Vec<Span> = spans
            .split_whitespace()
            .map(|span| {
                let (by, wording) = span.split_at(1);
                Span {
                    wording: wording.parse().expect("a number"),
                    began_at: None,
                    began_by: match by {
                        "p" => Cause::Platform,
                        "a" => Cause::Archive,
                        _ => Cause::First,
                    },
                    ended_at: None,
                    ended_by: None,
                    replaced_by: None,
                }
            })
            .collect();
        let words = |wording: u64| wording % 10;
        let counted = (list_changes(&spans, words).len(), count_returns(&spans, words));
        assert_eq!(counted, (changed, returns), "{spans:?}");
    }

    #[test]
    fn changes_are_counted() {
        check("", 0, 0);
        check("f1", 0, 0);
        check("f1 p2 p3", 2, 0);
        // Going back once is a change; what the archive does is none.
        check("f1 p2 p1", 2, 1);
        check("f1 a2 p3", 1, 0);
        // A page that serves two texts in turn changed once.
        check("f1 p2 p1 p2 p1 p2", 1, 4);
        // Another apostrophe is no change, and going back to it no return.
        check("f1 p11 p1 p2", 1, 0);
    }
}
