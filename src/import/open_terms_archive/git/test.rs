//! Tests on a small repository made in a temporary folder.

use super::*;
use std::error::Error;
use std::fs;

type Outcome = Result<(), Box<dyn Error>>;

fn git(path: &Path, time: &str, arguments: &[&str]) -> Outcome {
    let status = Command::new("git")
        .arg("-C")
        .arg(path)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", time)
        .env("GIT_COMMITTER_DATE", time)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?}: {status}").into()) }
}

fn write(root: &Path, path: &str, text: &str) -> Outcome {
    let file = root.join(path);
    fs::create_dir_all(file.parent().ok_or("no parent")?)?;
    Ok(fs::write(file, text)?)
}

fn commit(root: &Path, time: &str, message: &str) -> Outcome {
    git(root, time, &["add", "-A"])?;
    git(root, time, &["commit", "-q", "-m", message])
}

fn make_collection(root: &Path) -> Outcome {
    git(root, "", &["init", "-q"])?;
    write(root, "README.md", "Kites")?;
    write(root, "Kite Club/Terms of Service.md", "You fly it.")?;
    commit(root, "2024-01-31T23:30:00-01:00", "First record of Kite Club")?;
    write(root, "Kite Club/Terms of Service.md", "You fly it well.")?;
    write(root, "Müller & Söhne/Datenschutz \"neu\".md", "Wir lesen nichts.")?;
    write(root, "Kite Club/deeper/Not read.md", "x")?;
    write(root, ".github/notes.md", "x")?;
    write(root, "Kite Club/picture.svg", "x")?;
    let message =
        "Record changes\n\nFrom snapshot https://example.org/commit/1.\n- https://example.org/commit/2";
    commit(root, "2024-03-01T12:00:00+02:00", message)?;
    git(
        root,
        "2025-01-01T00:00:00Z",
        &["mv", "Müller & Söhne/Datenschutz \"neu\".md", "Kite Club/Moved.md"],
    )?;
    commit(root, "2025-01-01T00:00:00Z", "Move")
}

fn check_collection(path: &Path) -> Outcome {
    let repository = Repository::open(path)?;
    let documents = repository.list_documents()?;
    let found: Vec<(&str, &str, bool, Vec<&str>)> = documents
        .iter()
        .map(|document| {
            let dates = document.versions.iter().map(|version| version.committed_at.as_str()).collect();
            (document.service.as_str(), document.terms_type.as_str(), document.stands(), dates)
        })
        .collect();
    let expected = [
        ("Kite Club", "Moved", true, vec!["2025-01-01T00:00:00Z"]),
        ("Kite Club", "Terms of Service", true, vec!["2024-02-01T00:30:00Z", "2024-03-01T10:00:00Z"]),
        (
            "Müller & Söhne",
            "Datenschutz \"neu\"",
            false,
            vec!["2024-03-01T10:00:00Z", "2025-01-01T00:00:00Z"],
        ),
    ];
    assert_eq!(found, expected);
    let terms = documents.get(1).ok_or("no document")?;
    assert_eq!(terms.path, "Kite Club/Terms of Service.md");
    let blobs: Vec<String> = terms.versions.iter().filter_map(|version| version.blob.clone()).collect();
    let mut contents = Vec::new();
    repository.read_blobs(&blobs, |content| {
        contents.extend(content);
        true
    })?;
    assert_eq!(contents, [b"You fly it.".to_vec(), b"You fly it well.".to_vec()]);
    let last = terms.versions.last().ok_or("no version")?;
    assert_eq!(last.commit.len(), 40);
    assert_eq!(
        snapshot_links(&last.message),
        ["https://example.org/commit/1", "https://example.org/commit/2"]
    );
    assert_eq!(repository.read_readme()?.as_deref(), Some("Kites"));
    assert_eq!(repository.read_license()?, None);
    assert_eq!(repository.head().len(), 40);
    Ok(())
}

#[test]
fn reads_work_tree_and_bare_clone() -> Outcome {
    let folder = tempfile::tempdir()?;
    let tree = folder.path().join("work tree");
    fs::create_dir(&tree)?;
    make_collection(&tree)?;
    check_collection(&tree)?;
    git(folder.path(), "", &["clone", "-q", "--bare", "work tree", "bare.git"])?;
    check_collection(&folder.path().join("bare.git"))
}

#[test]
fn reads_names_with_quotes_and_umlauts() -> Outcome {
    let folder = tempfile::tempdir()?;
    git(folder.path(), "", &["init", "-q"])?;
    write(folder.path(), "Müller \"Söhne\"/AGB\tneu.md", "Gut.")?;
    write(folder.path(), "LICENSE", "Free.")?;
    commit(folder.path(), "2024-01-01T00:00:00Z", "Start")?;
    let repository = Repository::open(folder.path())?;
    let names: Vec<String> = repository.list_documents()?.into_iter().map(|d| d.path).collect();
    assert_eq!(names, ["Müller \"Söhne\"/AGB\tneu.md"]);
    assert_eq!(repository.read_license()?.as_deref(), Some("Free."));
    Ok(())
}

#[test]
fn names_the_trouble_with_a_path() -> Outcome {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    assert!(matches!(Repository::open(&root.join("none")), Err(GitError::NotADirectory(_))));
    assert!(matches!(Repository::open(root), Err(GitError::NotARepository(_))));
    git(root, "", &["init", "-q"])?;
    assert!(matches!(Repository::open(root), Err(GitError::NoCommit(_))));
    write(root, "sub/a.md", "x")?;
    commit(root, "2024-01-01T00:00:00Z", "Start")?;
    assert!(matches!(Repository::open(&root.join("sub")), Err(GitError::NotARepository(_))));
    assert!(Repository::open(root).is_ok());
    Ok(())
}

#[test]
fn finds_links() {
    let check = |message: &str, expected: &[&str]| assert_eq!(snapshot_links(message), expected, "{message}");
    check("none at all", &[]);
    check(
        "see (https://a.example/b_c), then <http://d.example>.",
        &["https://a.example/b_c", "http://d.example"],
    );
    check("https://a.example https://a.example", &["https://a.example"]);
    check("https:// and ftp://a.example", &[]);
}

#[test]
fn formats_dates() {
    let check = |seconds: i64, expected: &str| assert_eq!(format_utc(seconds), expected);
    check(0, "1970-01-01T00:00:00Z");
    check(951_782_400, "2000-02-29T00:00:00Z");
    check(-1, "1969-12-31T23:59:59Z");
    check(4_102_444_799, "2099-12-31T23:59:59Z");
}
