//! What clauses of one type may differ in: choices, purposes, data, recipients, limits. Data in
//! `index-schema/aspects-v1.toml`.

use serde::Deserialize;

use super::{TaxonomyError, index_by_id};

const BUNDLED: &str = include_str!("../../index-schema/aspects-v1.toml");

/// Aspects that belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AspectGroup {
    /// Its id.
    pub id: String,
    /// How it is shown.
    pub label: String,
    /// `company` where only the platform can do what its aspects say.
    #[serde(default)]
    pub actor: String,
}

/// One thing that a clause may say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// Its id.
    pub id: String,
    /// The id of its group.
    pub group: String,
    /// How it is shown: a few words in lower case.
    pub label: String,
    /// Whether it qualifies what is said around it, so that a denial there does not deny it.
    #[serde(default)]
    pub qualifier: bool,
    /// English phrases that say it, written like those of a clause type.
    pub cues: Vec<String>,
    /// English phrases that deny it by themselves; denied in turn, they say it.
    #[serde(default)]
    pub denials: Vec<String>,
    /// A sentence that says it.
    pub example: String,
    /// A sentence that denies it.
    pub denied: Option<String>,
}

/// All aspects, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspects {
    /// The version of the file.
    pub version: String,
    /// The groups in their order.
    pub group: Vec<AspectGroup>,
    /// The aspects in their order.
    pub aspect: Vec<Aspect>,
}

impl Aspects {
    /// The aspects that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, TaxonomyError> {
        Self::parse(BUNDLED)
    }

    /// Reads and checks aspects in TOML.
    ///
    /// # Errors
    /// [`TaxonomyError`] if the form is wrong, an id is defined twice or a group is missing.
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let file: Self = toml::from_str(text)?;
        let groups = index_by_id("group of aspects", file.group.iter().map(|group| group.id.as_str()))?;
        index_by_id("aspect", file.aspect.iter().map(|aspect| aspect.id.as_str()))?;
        match file.aspect.iter().find(|aspect| !groups.contains_key(&aspect.group.to_ascii_lowercase())) {
            Some(stray) => Err(TaxonomyError::Missing {
                kind: "aspect",
                id: stray.id.clone(),
                wanted: "group",
                missing: stray.group.clone(),
            }),
            None => Ok(file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let told = Aspects::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains(expected), "{told} lacks {expected}");
        assert_eq!(told.is_empty(), expected.is_empty(), "{told}");
    }

    #[test]
    fn what_does_not_hang_together_is_refused() {
        let group = "version = \"1\"\n[[group]]\nid = \"data\"\nlabel = \"Data\"\n";
        let aspect = |id: &str, group: &str| {
            format!(
                "[[aspect]]\nid = \"{id}\"\ngroup = \"{group}\"\nlabel = \"x\"\ncues = [\"x\"]\nexample = \"x\"\n"
            )
        };
        check(&format!("{group}{}{}", aspect("voice", "data"), aspect("photo", "data")), "");
        check(&format!("{group}{}{}", aspect("voice", "data"), aspect("voice", "data")), "`voice`");
        check(&format!("{group}{}", aspect("voice", "sound")), "`sound`");
        check(&format!("{group}colour = \"red\"\n"), "colour");
    }
}
