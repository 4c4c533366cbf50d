//! An archive read with its history: ids, wordings, times, and what is news.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test says what must hold")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crossclause::answer::{AnswerError, Desk, HistoryAnswer, Params, Source};
use crossclause::collection::{Collection, EngineChoice, Knowledge};
use crossclause::import::ImportReport;
use crossclause::import::open_terms_archive::{ArchiveOptions, import_repository};
use crossclause::taxonomy::Companies;
use tempfile::TempDir;

const TERMS: &str = "Kite Club/Terms of Service.md";
const PRIVACY: &str = "Loom Street/Privacy Policy.md";

const FEES: &str =
    "## Fees\n\nWe charge a fee of two coins for every kite that you sell on the market of the club.\n\n";
const FEES_RAISED: &str =
    "## Fees\n\nWe charge a fee of nine coins for every kite that you sell on the market of the club.\n\n";
const COURT: &str =
    "## Disputes\n\nAny dispute about a kite goes to the court of the town where you live and fly.\n\n";
const LEAVING: &str =
    "## Leaving\n\nYou may leave the club at any time, and we then delete what we hold of your flights.\n\n";
const LEAVING_MERGED: &str = "## Membership\n\nMembership begins with your first flight over our field and ends in winter. You may leave the club at any time, and we then delete what we hold of your flights.\n\n";
const DATA: &str =
    "## Data\n\nWe keep the patterns that you weave for three years after your last order with us.\n\n";

struct Archive {
    folder: TempDir,
}

impl Archive {
    fn new() -> Self {
        let archive = Self { folder: tempfile::tempdir().expect("a folder") };
        archive.git("2024-01-01T00:00:00Z", &["init", "-q"]);
        archive
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, time: &str, arguments: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_AUTHOR_DATE", time)
            .env("GIT_COMMITTER_DATE", time)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("git runs");
        assert!(status.success(), "git {arguments:?}");
    }

    fn commit(&self, day: &str, verb: &str, path: &str, parts: &[&str]) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(&file, format!("# Terms\n\n{}", parts.concat())).expect("written");
        let time = format!("{day}T10:00:00Z");
        self.git(&time, &["add", "-A"]);
        let name = path.trim_end_matches(".md").replace('/', " ");
        self.git(&time, &["commit", "-q", "--allow-empty", "-m", &format!("{verb} {name}")]);
    }

    /// Three versions of the one document, of which the archive made one, and one of the other.
    fn with_history() -> Self {
        let archive = Self::new();
        archive.commit("2024-01-10", "First record of", TERMS, &[FEES, COURT, LEAVING]);
        archive.commit("2024-02-10", "First record of", PRIVACY, &[DATA]);
        archive.commit("2024-03-10", "Record new changes of", TERMS, &[FEES_RAISED, COURT, LEAVING]);
        let court = COURT.replace("Any dispute", "— Any dispute");
        archive.commit(
            "2024-04-10",
            "Apply technical or declaration upgrade on",
            TERMS,
            &[FEES_RAISED, &court, LEAVING],
        );
        archive
    }
}

struct Held {
    desk: Desk,
    folder: TempDir,
}

impl Held {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let knowledge = Knowledge::bundled().expect("sound");
        let collection =
            Collection::open(folder.path(), EngineChoice::Naive, knowledge, true).expect("opened");
        Self { desk: Desk::new(Arc::new(collection)), folder }
    }

    fn import(&self, archive: &Archive, history: bool) -> ImportReport {
        let companies = Companies::bundled().expect("sound");
        let rejects = self.folder.path().join("rejects.ndjson");
        let options = ArchiveOptions { history };
        import_repository(self.desk.collection(), archive.path(), &companies, options, &rejects)
            .expect("imported")
    }

    /// Live clauses: id by text.
    async fn live(&self, params: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut pairs = vec![("limit".to_owned(), "100".to_owned())];
        pairs.extend(params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let found = self.desk.search(Params::new(pairs)).await.expect("found");
        let hits = found.hits.expect("hits").into_iter();
        hits.map(|hit| (hit.excerpt.text, hit.clause.id)).collect()
    }

    async fn id_of(&self, words: &str) -> String {
        let live = self.live(&[]).await;
        live.iter().find(|(text, _)| text.contains(words)).expect(words).1.clone()
    }

    fn history(&self, id: &str) -> HistoryAnswer {
        self.desk.read_history(id, Params::default()).expect("known")
    }

    fn news(&self) -> Vec<String> {
        let params = Params::new([("limit".to_owned(), "100".to_owned())]);
        let answer = self.desk.list_changes(params).expect("changes");
        answer
            .changes
            .iter()
            .map(|change| {
                let day = change.observed_at.as_deref().and_then(|at| at.get(..10)).unwrap_or("?");
                format!("{:?} {day} {}", change.kind, change.excerpt.text.get(..14).unwrap_or(""))
            })
            .collect()
    }
}

#[tokio::test]
async fn every_version_is_followed() {
    let archive = Archive::with_history();
    let held = Held::new();
    let report = held.import(&archive, true);
    assert_eq!((report.documents, report.versions, report.clauses), (2, 4, 4), "{report:?}");
    // Of the fees and of the court two each.
    assert_eq!(report.wordings, 6);

    let fees = held.history(&held.id_of("nine coins").await);
    assert_eq!((fees.stability.wordings, fees.stability.changes), (2, 1));
    assert_eq!(fees.stability.first_seen.as_deref(), Some("2024-01-10"));
    assert_eq!(fees.stability.changed_on.as_deref(), Some("2024-03-10"));
    assert_eq!(fees.stability.months_observed, Some(3));
    let names: Vec<(&str, bool, Option<&str>)> = fees
        .wordings
        .iter()
        .map(|wording| (wording.text.get(..21).unwrap(), wording.live, wording.first_seen.as_deref()))
        .collect();
    let expected = [
        ("We charge a fee of ni", true, Some("2024-03-10")),
        ("We charge a fee of tw", false, Some("2024-01-10")),
    ];
    assert_eq!(names, expected);
    assert!(fees.wordings[1].evidence.captured_at.as_deref().is_some_and(|at| at.starts_with("2024-01-10")));
    assert_eq!(fees.wordings[1].last_seen.as_deref(), Some("2024-01-10"));

    // What the archive did is no change by the platform.
    let court = held.history(&held.id_of("court of the town").await);
    assert_eq!(court.stability.changes, 0, "{court:?}");
    // What a first import finds is no news.
    assert_eq!(held.news(), [""; 0]);
}

#[tokio::test]
async fn history_after_the_latest_version_renames_nothing() {
    let archive = Archive::with_history();
    let held = Held::new();
    held.import(&archive, false);
    let before = held.live(&[]).await;
    assert_eq!(before.len(), 4);
    assert_eq!(held.history(&held.id_of("nine coins").await).stability.first_seen, None);
    // Further versions come before the history is read.
    archive.commit("2024-05-10", "Record new changes of", PRIVACY, &[&DATA.replace("three", "five")]);
    let report = held.import(&archive, true);
    assert_eq!(report.versions, 5);
    let after = held.live(&[]).await;
    let ids = |live: &BTreeMap<String, String>| {
        let mut ids: Vec<String> = live.values().cloned().collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&before), ids(&after));
    for (text, id) in &before {
        assert!(text.contains("three years") || after.get(text) == Some(id), "{text}");
    }
    let fees = held.history(&held.id_of("nine coins").await);
    assert_eq!(fees.stability.first_seen.as_deref(), Some("2024-01-10"));
    assert_eq!((fees.stability.wordings, fees.stability.changes), (2, 1));
    // Numbers that were given stay: the wording that was recorded first is still the first.
    assert!(fees.wordings[0].live && fees.wordings[0].number == 1, "{fees:?}");
    // Only what came after the first import is news.
    assert_eq!(held.news(), ["Changed 2024-05-10 We keep the pa"]);
}

#[tokio::test]
async fn a_second_import_reads_only_what_is_new() {
    let archive = Archive::with_history();
    let held = Held::new();
    held.import(&archive, true);
    let again = held.import(&archive, true);
    assert_eq!((again.versions, again.summary.changed, again.summary.unchanged), (0, 0, 4), "{again:?}");
    archive.commit("2024-06-10", "Record new changes of", TERMS, &[FEES_RAISED, COURT, LEAVING_MERGED]);
    let id = held.id_of("You may leave").await;
    // Also without the flag: a document whose history is held is followed version by version.
    let third = held.import(&archive, false);
    assert_eq!(third.versions, 1);
    assert_eq!(third.documents, 2);
    // The clause went into a longer one, which is its new wording or took its place.
    match held.desk.read_clause(&id).await {
        Ok(_) => assert_eq!(held.history(&id).stability.changes, 1),
        Err(AnswerError::ClauseGone { replaced_by, .. }) => assert!(replaced_by.is_some()),
        Err(error) => panic!("{error}"),
    }
    assert!(!held.news().is_empty());
}

#[tokio::test]
async fn what_is_gone_says_what_took_its_place() {
    let archive = Archive::with_history();
    let held = Held::new();
    held.import(&archive, true);
    let id = held.id_of("court of the town").await;
    archive.commit("2024-06-10", "Record new changes of", TERMS, &[FEES_RAISED, LEAVING]);
    held.import(&archive, true);
    let Err(AnswerError::ClauseGone { ended_at, replaced_by, .. }) = held.desk.read_clause(&id).await else {
        panic!("it is gone");
    };
    assert_eq!((ended_at.as_deref(), replaced_by), (Some("2024-06-10T10:00:00Z"), None));
    assert!(!held.history(&id).live);
    assert_eq!(held.news().len(), 1);
    assert!(held.news()[0].starts_with("Removed 2024-06-10"), "{:?}", held.news());
    // It is back: the same clause.
    archive.commit("2024-07-10", "Record new changes of", TERMS, &[FEES_RAISED, COURT, LEAVING]);
    held.import(&archive, true);
    assert!(held.history(&id).live);
    assert_eq!(held.history(&id).wordings.len(), 2);
}

#[tokio::test]
async fn a_page_that_flaps_is_told_as_such() {
    let archive = Archive::new();
    archive.commit("2024-01-01", "First record of", TERMS, &[FEES, COURT, LEAVING]);
    for month in 2..=9 {
        let fees = if month % 2 == 0 { FEES_RAISED } else { FEES };
        let parts = [fees, COURT, LEAVING];
        archive.commit(&format!("2024-{month:02}-01"), "Record new changes of", TERMS, &parts);
    }
    let held = Held::new();
    let report = held.import(&archive, true);
    assert!(report.warnings.iter().any(|warning| warning.contains("in turn")), "{report:?}");
    let fees = held.history(&held.id_of("two coins").await);
    assert_eq!(fees.stability.wordings, 2);
    assert!(fees.stability.flaps);
    assert_eq!((fees.stability.changes, fees.stability.returns), (1, 7));
    assert_eq!(fees.wordings.iter().map(|wording| wording.spans_total).sum::<u64>(), 9);
    let calm = held.history(&held.id_of("court of the town").await);
    assert!(!calm.stability.flaps && calm.stability.changes == 0);
    // A day of the past shows the text of that day.
    for (day, words) in
        [("2024-01-31", "two coins"), ("2024-02-01", "nine coins"), ("2024-03-05", "two coins")]
    {
        let then = held.live(&[("as_of", day)]).await;
        assert!(then.keys().any(|text| text.contains(words)), "{day}: {then:?}");
        assert_eq!(then.len(), 3, "{day}");
    }
    assert!(held.live(&[("as_of", "2023-12-31")]).await.is_empty());
}

#[tokio::test]
async fn a_day_of_the_past_counts_its_own_platforms() {
    let archive = Archive::with_history();
    let held = Held::new();
    held.import(&archive, true);
    let id = held.id_of("nine coins").await;
    for (day, tracked) in [("2024-01-20", 1), ("2024-02-10", 2), ("2030-01-01", 2)] {
        let params = Params::new([("as_of".to_owned(), day.to_owned())]);
        let answer = held.desk.find_comparables(Source::Clause(&id), params).await.expect("an answer");
        assert_eq!(answer.counts.platforms_tracked, tracked, "{day}");
    }
}
