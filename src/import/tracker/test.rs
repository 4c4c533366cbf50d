//! Random documents, followed: what stood at any version is what that version says.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Map;

use super::*;
use crate::text::split::split_markdown;

const SUBJECTS: [&str; 6] = ["fees", "refunds", "disputes", "cookies", "children", "closing of accounts"];

/// A provision about one of a few things, in one of a few wordings; some are nearly the same.
fn provision(code: u8) -> String {
    let subject = SUBJECTS[usize::from(code) % SUBJECTS.len()];
    let number = code / 6 % 4;
    format!(
        "We settle all matters of {subject} within {number} months of the day on which you write to us about {subject}."
    )
}

fn version(number: usize, codes: &[u8]) -> Version {
    let text: String =
        codes.iter().map(|code| format!("## {}\n\n{}\n\n", code % 3, provision(*code))).collect();
    let day = format!("2024-01-01T00:00:{number:02}Z");
    let cause = match number {
        0 => Cause::First,
        n if n % 5 == 4 => Cause::Archive,
        _ => Cause::Platform,
    };
    Version {
        clauses: Arc::new(split_markdown(&text)),
        sighting: Arc::new(Sighting { seen_at: Some(day.clone()), evidence: Map::new(), extra: Map::new() }),
        cause,
        begins_at: Some(day.clone()),
        ends_at: day,
        is_news: true,
    }
}

/// The texts that stand at a moment, sorted.
fn standing(tracked: &[Tracked], moment: &str) -> Vec<String> {
    let mut texts: Vec<String> = tracked
        .iter()
        .flat_map(|clause| clause.spans.iter().map(move |span| (clause, span)))
        .filter(|(_, span)| span.began_at.as_deref().is_some_and(|from| from <= moment))
        .filter(|(_, span)| span.ended_at.as_deref().is_none_or(|to| moment < to))
        .map(|(clause, span)| clause.wordings[usize::try_from(span.wording).unwrap()].text.to_string())
        .collect();
    texts.sort();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_version_can_be_told_from_the_spans(
        versions in prop::collection::vec(prop::collection::vec(0_u8..24, 0..7), 1..10),
    ) {
        let versions: Vec<Version> =
            versions.iter().enumerate().map(|(number, codes)| version(number, codes)).collect();
        let mut tracker = Tracker::default();
        for version in &versions {
            tracker.step(version);
        }
        let document = DocumentId::new("p.d~c").unwrap();
        let tracked = tracker.finish(&document);
        for version in &versions {
            let mut texts: Vec<String> = version.clauses.iter().map(|clause| clause.text.clone()).collect();
            texts.sort();
            prop_assert_eq!(standing(&tracked, version.begins_at.as_deref().unwrap()), texts);
        }
        let ids: HashSet<_> = tracked.iter().map(|clause| clause.id.clone()).collect();
        prop_assert_eq!(ids.len(), tracked.len());
        for clause in &tracked {
            // Times follow each other, and only the last may be open.
            for pair in clause.spans.windows(2) {
                prop_assert!(pair[0].ended_at.is_some() && pair[0].ended_at <= pair[1].began_at);
                prop_assert!(pair[0].wording != pair[1].wording || pair[0].ended_at < pair[1].began_at);
            }
            let texts: HashSet<_> = clause.wordings.iter().map(|wording| &wording.text).collect();
            prop_assert_eq!(texts.len(), clause.wordings.len());
        }
    }
}
