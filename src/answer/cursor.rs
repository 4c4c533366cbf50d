//! Cursors: opaque to clients, bound to generation, question and position.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::AnswerError;
use crate::clause::hash_text;

/// A place in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) generation: u64,
    pub(super) position: usize,
    fingerprint: String,
}

impl Cursor {
    /// The cursor of a question (told by a text that names all of it) at a position.
    pub(super) fn new(generation: u64, position: usize, question: &str) -> Self {
        let mut fingerprint = hash_text(question.as_bytes());
        fingerprint.truncate(16);
        Self { generation, position, fingerprint }
    }

    pub(super) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("1.{}.{}.{}", self.generation, self.position, self.fingerprint))
    }

    /// Reads a cursor, which must belong to the question.
    pub(super) fn decode(text: &str, question: &str) -> Result<Self, AnswerError> {
        let parse = || -> Option<Self> {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let mut parts = text.strip_prefix("1.")?.splitn(3, '.');
            let generation = parts.next()?.parse().ok()?;
            let position = parts.next()?.parse().ok()?;
            let fingerprint = parts.next()?.to_owned();
            Some(Self { generation, position, fingerprint })
        };
        // A position that no collection reaches was not made here.
        parse()
            .filter(|cursor| u32::try_from(cursor.position).is_ok())
            .filter(|cursor| *cursor == Self::new(cursor.generation, cursor.position, question))
            .ok_or(AnswerError::InvalidCursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_question() {
        let cursor = Cursor::new(17, 40, "q=fees");
        let text = cursor.encode();
        assert_eq!(Cursor::decode(&text, "q=fees").expect("its own"), cursor);
        assert!(Cursor::decode(&text, "q=taxes").is_err());
        for bad in ["", "x", "MS4x", "💥"] {
            assert!(Cursor::decode(bad, "q=fees").is_err());
        }
    }
}
