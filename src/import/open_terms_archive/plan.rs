//! Which versions of a document an import reads, and who made them.

use std::ops::Range;

use super::git::ArchivedDocument;
use crate::clause::Cause;
use crate::import::document::Mark;

/// What to read of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Places among its versions, to be read in order.
    pub(super) versions: Range<usize>,
    /// Whether it is followed from nothing, and not from what is held.
    pub(super) from_start: bool,
    /// The version that is held already: there the clauses get their ids.
    pub(super) anchor: Option<usize>,
    /// Whether afterwards every version was read.
    pub(super) is_whole: bool,
    /// Whether the version held is read once more because the rules of division changed.
    pub(super) is_redivided: bool,
}

/// Plans what to read of a document, given what an earlier import noted of it.
pub(super) fn plan_document(document: &ArchivedDocument, mark: Option<&Mark>, history: bool) -> Plan {
    let end = document.versions.len();
    let latest = end.saturating_sub(1)..end;
    let commit = mark.and_then(|mark| mark.commit.as_deref());
    let held = document.versions.iter().position(|version| Some(version.commit.as_str()) == commit);
    let from_held = |versions: Range<usize>, is_whole: bool| Plan {
        versions,
        from_start: false,
        anchor: None,
        is_whole,
        is_redivided: false,
    };
    match (mark, held) {
        // Its history is held: only what is new is read.
        (Some(mark), Some(held)) if mark.history => {
            if held + 1 == end && !mark.is_current() {
                return Plan { is_redivided: true, ..from_held(held..end, true) };
            }
            from_held(held + 1..end, true)
        }
        _ if history => {
            Plan { versions: 0..end, from_start: true, anchor: held, is_whole: true, is_redivided: false }
        }
        (Some(mark), _) => {
            let same =
                document.versions.last().and_then(|version| version.blob.as_ref()) == Some(&mark.content);
            if same && mark.is_current() {
                return from_held(end..end, false);
            }
            Plan { is_redivided: same, ..from_held(latest, false) }
        }
        (None, _) => Plan {
            versions: latest,
            from_start: true,
            anchor: None,
            is_whole: end == 1 && history,
            is_redivided: false,
        },
    }
}

/// Who made a version, by its commit's message.
pub(super) fn cause_of(message: &str, is_first: bool) -> Cause {
    let subject = message.lines().next().unwrap_or("").to_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| subject.starts_with(start));
    if is_first {
        Cause::First
    } else if begins(&["record new changes", "record changes", "update "]) {
        Cause::Platform
    } else {
        // Upgrades of the archive, refiltering, taking up or putting away a document.
        Cause::Archive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::open_terms_archive::git::ArchivedVersion;

    fn document(commits: &[&str]) -> ArchivedDocument {
        let version = |commit: &&str| ArchivedVersion {
            commit: (*commit).to_owned(),
            committed_at: "2025-01-01T00:00:00Z".to_owned(),
            blob: Some(format!("blob of {commit}")),
            message: String::new(),
        };
        ArchivedDocument {
            service: "S".to_owned(),
            terms_type: "T".to_owned(),
            path: "S/T.md".to_owned(),
            versions: commits.iter().map(version).collect(),
        }
    }

    fn mark(commit: &str, history: bool) -> Mark {
        Mark { commit: Some(commit.to_owned()), history, ..Mark::new(format!("blob of {commit}")) }
    }

    fn check(mark: Option<Mark>, history: bool, versions: Range<usize>, anchor: Option<usize>) {
        let plan = plan_document(&document(&["a", "b", "c"]), mark.as_ref(), history);
        assert_eq!((plan.versions, plan.anchor), (versions, anchor), "{mark:?} {history}");
    }

    #[test]
    fn only_what_is_new_is_read() {
        check(None, false, 2..3, None);
        check(None, true, 0..3, None);
        check(Some(mark("b", true)), true, 2..3, None);
        check(Some(mark("b", true)), false, 2..3, None);
        check(Some(mark("c", true)), true, 3..3, None);
        check(Some(mark("b", false)), false, 2..3, None);
        check(Some(mark("c", false)), false, 3..3, None);
        check(Some(mark("b", false)), true, 0..3, Some(1));
        check(Some(mark("x", false)), true, 0..3, None);
        // The archive was written anew: what was held of it is not in it any more.
        check(Some(mark("x", true)), false, 2..3, None);
    }

    #[test]
    fn other_rules_of_division_read_it_once_more() {
        let old = Mark { split: 0, ..mark("c", true) };
        let plan = plan_document(&document(&["a", "b", "c"]), Some(&old), false);
        assert!(plan.is_redivided && plan.versions == (2..3), "{plan:?}");
    }

    #[test]
    fn causes_are_told_by_subjects() {
        for (subject, is_first, cause) in [
            ("First record of X Terms", true, Cause::First),
            ("Start tracking X Terms", true, Cause::First),
            ("Record new changes of X Terms", false, Cause::Platform),
            ("Update X Terms", false, Cause::Platform),
            ("Refilter X Terms", false, Cause::Archive),
            ("Apply technical or declaration upgrade on X Terms", false, Cause::Archive),
            ("First record of X Terms", false, Cause::Archive),
            ("Delete X directory", false, Cause::Archive),
        ] {
            assert_eq!(cause_of(subject, is_first), cause, "{subject}");
        }
    }
}
