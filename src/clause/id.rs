use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest id, in bytes.
pub const MAX_ID_BYTES: usize = 200;

/// An id that does not match `[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the id `{}` must begin with a letter or digit and go on with at most 199 of A-Z a-z 0-9 . _ : ~ -",
    id.chars().take(80).collect::<String>()
)]
pub struct InvalidId {
    /// The id as it was given.
    pub id: String,
}

fn check(id: &str) -> Result<(), InvalidId> {
    let bytes = id.as_bytes();
    let valid = bytes.len() <= MAX_ID_BYTES
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._:~-".contains(byte));
    if valid { Ok(()) } else { Err(InvalidId { id: id.to_owned() }) }
}

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes an id that fits a URL path.
            ///
            /// # Errors
            /// [`InvalidId`] if it does not match `[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}`.
            pub fn new(id: impl Into<String>) -> Result<Self, InvalidId> {
                let id = id.into();
                check(&id)?;
                Ok(Self(id))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(id: String) -> Result<Self, InvalidId> {
                Self::new(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A clause's id: stable across re-ingests.
    ClauseId
);
id_type!(
    /// A platform's id.
    PlatformId
);
id_type!(
    /// A document's id.
    DocumentId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_a_url_path() {
        for good in ["a", "0", "a.b_c:d~e-f", &"x".repeat(200)] {
            assert!(ClauseId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "é", &"x".repeat(201)] {
            assert!(ClauseId::new(bad).is_err(), "{bad}");
        }
    }
}
