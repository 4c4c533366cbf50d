//! Which collection a repository is, and under which terms.

use std::path::Path;

use serde_json::{Value, json};

use super::git::{ArchivedDocument, GitError, Repository, snapshot_links};
use crate::import::slug::make_slug;

/// Whom to name where the repository does not say.
const CONTRIBUTORS: &str = "Open Terms Archive contributors";

/// The collection that a repository holds.
pub(super) struct Origin {
    pub(super) id: String,
    license: Option<String>,
    attribution: String,
    /// Where the versions are published, if the snapshots' address tells it.
    url: Option<String>,
}

impl Origin {
    /// Reads it from the snapshots that commits link to, else from the README, else from the name
    /// of what was cloned, else from the directory's.
    pub(super) fn find(
        repository: &Repository,
        path: &Path,
        documents: &[ArchivedDocument],
    ) -> Result<Self, GitError> {
        let readme = repository.read_readme()?.unwrap_or_default();
        let license = repository.read_license()?.unwrap_or_default();
        let snapshots = documents
            .iter()
            .filter_map(|document| document.versions.last())
            .flat_map(|version| snapshot_links(&version.message))
            .find_map(|link| link.split_once("-snapshots/").map(|(base, _)| base.to_owned()));
        let from_path = || {
            let name = path.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
            let name = name.unwrap_or_else(|| "open-terms-archive".to_owned());
            trim_name(&name)
        };
        let from_remote = || {
            let address = repository.read_remote()?;
            let last = address.trim_end_matches('/').rsplit(['/', ':']).next()?;
            Some(trim_name(last)).filter(|name| !name.is_empty())
        };
        let name = snapshots
            .as_deref()
            .and_then(|base| base.rsplit('/').next())
            .map(str::to_owned)
            .or_else(|| between(&readme, "from the *", "* collection").map(str::to_owned))
            .or_else(from_remote)
            .unwrap_or_else(from_path);
        Ok(Self {
            id: make_slug(&name),
            license: name_license(&license).or_else(|| name_license(&readme)),
            attribution: between(&readme, "attribute the resulting works to *", "*")
                .unwrap_or(CONTRIBUTORS)
                .to_owned(),
            url: snapshots.map(|base| format!("{base}-versions")),
        })
    }

    /// The collection as a record names it.
    pub(super) fn describe(&self) -> Value {
        json!({"id": self.id, "license": self.license, "attribution": self.attribution, "url": self.url})
    }

    /// Where a version of a document can be read.
    pub(super) fn link(&self, commit: &str, path: &str) -> Option<String> {
        let path: String = path
            .bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect();
        self.url.as_ref().map(|url| format!("{url}/blob/{commit}/{path}"))
    }
}

fn trim_name(name: &str) -> String {
    let name = name.trim_end_matches(".git").trim_end_matches(".bundle");
    name.trim_end_matches("-versions").to_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let (found, _) = rest.split_once(after)?;
    (!found.is_empty() && found.len() <= 200).then_some(found)
}

/// The SPDX identifier of the licences that collections have.
fn name_license(text: &str) -> Option<String> {
    let head: String = text.chars().take(20_000).collect::<String>().to_lowercase();
    let named = [
        ("open data commons attribution", "ODC-By-1.0"),
        ("odc attribution license", "ODC-By-1.0"),
        ("odc-by", "ODC-By-1.0"),
        ("open database license", "ODbL-1.0"),
        ("creative commons attribution-sharealike 4.0", "CC-BY-SA-4.0"),
        ("creative commons attribution 4.0", "CC-BY-4.0"),
        ("european union public licence", "EUPL-1.2"),
    ];
    named.iter().find(|(phrase, _)| head.contains(phrase)).map(|(_, id)| (*id).to_owned())
}
