//! Keys that allow writing. A server knows their hashes only.

use std::fmt;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::{Choice, ConstantTimeEq};

use super::frame::RequestId;
use super::problem::Problem;
use super::served::Served;
use crate::clause::hash_text;

/// How a key begins, so that one that leaked is recognised.
const PREFIX: &str = "crossclause_";

/// How much chance is in a key, in bytes: with so much a plain hash is as safe as a slow one.
const SECRET_BYTES: usize = 32;

/// Hexadecimal digits of SHA-256.
const HASH_DIGITS: usize = 64;

/// The hash of a key, under the name that logs tell it by: `NAME:SHA-256`.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteKey {
    name: String,
    hash: String,
}

impl WriteKey {
    /// A new key: its secret, which nothing keeps, and what a server is told.
    ///
    /// # Errors
    /// If the name is none, or the system has no chance to give.
    pub fn generate(name: &str) -> Result<(String, Self), String> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|error| error.to_string())?;
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
        let key = format!("{name}:{}", hash_text(secret.as_bytes())).parse()?;
        Ok((secret, key))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for WriteKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "a write key is NAME:HASH, as `crossclause config --new-key NAME` prints it";
        let (name, hash) = text.split_once(':').ok_or(expected)?;
        let named = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !named {
            return Err(format!("{expected}; a name has 1 to 64 letters, digits and . _ -"));
        }
        if hash.len() != HASH_DIGITS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("{expected}; a hash has {HASH_DIGITS} hexadecimal digits"));
        }
        Ok(Self { name: name.to_owned(), hash: hash.to_ascii_lowercase() })
    }
}

impl fmt::Display for WriteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.name, self.hash)
    }
}

impl fmt::Debug for WriteKey {
    /// Only the name: this may stand in a log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("WriteKey").field(&self.name).finish()
    }
}

/// The key of a bearer, in a time that tells nothing about any.
fn find_key<'a>(keys: &'a [WriteKey], secret: &str) -> Option<&'a WriteKey> {
    let hash = hash_text(secret.as_bytes());
    let mut found = None;
    for key in keys {
        let equal: Choice = key.hash.as_bytes().ct_eq(hash.as_bytes());
        if bool::from(equal) {
            found = Some(key);
        }
    }
    found
}

/// A request with a known key.
pub(super) struct MayWrite;

impl FromRequestParts<Served> for MayWrite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let keys = &served.options.write_keys;
        if keys.is_empty() {
            return Err(Problem::writes_disabled());
        }
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = given
            .and_then(|given| given.split_once(' '))
            .and_then(|(scheme, secret)| scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim()));
        let Some(key) = secret.and_then(|secret| find_key(keys, secret)) else {
            return Err(Problem::unauthorized());
        };
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.as_str());
        tracing::info!(request_id, key = key.name(), "a write begins");
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash() {
        let (secret, key) = WriteKey::generate("ops").expect("a key");
        let (other, _) = WriteKey::generate("ops").expect("a key");
        assert!(secret.len() > 50 && secret != other);
        let written = key.to_string();
        assert!(!written.contains(&secret));
        let keys = [written.parse().expect("it reads what it writes")];
        assert_eq!(find_key(&keys, &secret).map(WriteKey::name), Some("ops"));
        assert_eq!(find_key(&keys, &other), None);
        assert_eq!(find_key(&keys, &key.hash), None);
        assert_eq!(format!("{key:?}"), "WriteKey(\"ops\")");
    }

    #[test]
    fn what_is_no_key_is_told() {
        for wrong in ["", "ops", "ops:", "ops:12", ":0", &format!("a b:{}", "0".repeat(64))] {
            assert!(wrong.parse::<WriteKey>().is_err(), "{wrong:?}");
        }
    }
}
