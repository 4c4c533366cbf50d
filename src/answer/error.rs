//! Why there is no answer.

use std::error::Error;
use std::fmt;

use super::params::{invalid_value, shorten};
use crate::collection::CollectionError;
use crate::engine::EngineError;
use crate::statistics::suggest_word;
use crate::store::{ClauseHistory, StoreError};

/// What has a name beside clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A platform with a live clause.
    Platform,
    /// A document with a live clause.
    Document,
    /// A clause type of the taxonomy.
    ClauseType,
}

impl fmt::Display for Thing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Platform => "platform",
            Self::Document => "document",
            Self::ClauseType => "clause type",
        })
    }
}

/// Why a question has no answer. It knows no HTTP; the edge maps it to status and code.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A parameter that does not exist.
    #[error("there is no parameter `{name}` here{}; {}", tell_suggestion(.suggestion.as_deref()), tell_allowed(.allowed))]
    UnknownParameter {
        /// Its name.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        allowed: Vec<String>,
    },
    /// A value that a parameter does not take.
    #[error("`{name}` cannot be `{value}`{}: {expected}", tell_suggestion(.suggestion.as_deref()))]
    InvalidValue {
        /// The parameter.
        name: String,
        /// Its value, shortened.
        value: String,
        /// The nearest allowed value.
        suggestion: Option<String>,
        /// What is allowed, in words.
        expected: String,
        /// All allowed values, where they can be listed.
        allowed: Vec<String>,
    },
    /// A parameter that must be given once was given several times, or is missing.
    #[error("`{name}` {problem}")]
    BadParameter {
        /// The parameter.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// A cursor that is none, or belongs to another question.
    #[error(
        "the cursor does not belong to this question; leave it out to begin again, and change nothing else while paging"
    )]
    InvalidCursor,
    /// A cursor whose generation is not served any more.
    #[error("the cursor has expired: the collection has changed since; begin again without it")]
    CursorExpired,
    /// A clause that is not in the collection.
    #[error("there is no clause `{id}`")]
    UnknownClause {
        /// Its id.
        id: String,
    },
    /// Another thing that the collection or its taxonomy does not have.
    #[error("there is no {kind} `{id}`{}", tell_suggestion(.suggestion.as_deref()))]
    UnknownThing {
        /// What it would be.
        kind: Thing,
        /// Its id, shortened.
        id: String,
        /// The nearest that there is.
        suggestion: Option<String>,
    },
    /// A clause that was in the collection and is gone.
    #[error("clause `{id}` is gone{}{}; /v1/clauses/{id}/history has its wordings", .ended_at.as_deref().map(|at| format!(" since {at}")).unwrap_or_default(), .replaced_by.as_deref().map(|by| format!(", and `{by}` says the same now")).unwrap_or_default())]
    ClauseGone {
        /// Its id.
        id: String,
        /// When it was first seen to be gone.
        ended_at: Option<String>,
        /// The clause that says the same now, if one does.
        replaced_by: Option<String>,
    },
    /// A wording that its clause does not have.
    #[error("clause `{id}` has no wording {number}; it has 1 to {last}")]
    UnknownWording {
        /// The clause.
        id: String,
        /// The number.
        number: String,
        /// The number of its last wording.
        last: u64,
    },
    /// No generation is published yet.
    #[error("the index is being built; try again in a moment")]
    NotReady,
    /// Too many ask at once.
    #[error("too many questions wait already; try again in a moment")]
    Overloaded,
    /// The question took too long.
    #[error("the question took too long; ask for less")]
    Deadline,
    /// Work in the background could not begin.
    #[error("work in the background could not begin: {source}")]
    Background {
        /// What went wrong.
        source: std::io::Error,
    },
    /// The record store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine failed.
    #[error(transparent)]
    Engine(EngineError),
    /// The collection failed.
    #[error(transparent)]
    Collection(#[from] CollectionError),
}

impl AnswerError {
    /// That there is no parameter of that name among some.
    #[must_use]
    pub fn unknown_parameter(name: &str, allowed: &[&str]) -> Self {
        Self::UnknownParameter {
            suggestion: suggest_word(name, allowed).map(str::to_owned),
            name: shorten(name),
            allowed: allowed.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    /// That a parameter does not take a value, which is none of some.
    #[must_use]
    pub fn invalid_value(name: &str, value: &str, allowed: &[&str]) -> Self {
        invalid_value(name, value, allowed)
    }

    /// That there is none of that id among some.
    pub(super) fn unknown<'a>(kind: Thing, id: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.collect();
        Self::UnknownThing {
            kind,
            id: id.chars().take(200).collect(),
            suggestion: suggest_word(id, &known).map(str::to_owned),
        }
    }

    /// That the clause of a history is gone.
    pub(super) fn gone(history: &ClauseHistory) -> Self {
        let last = history.spans.last();
        Self::ClauseGone {
            id: history.wordings.first().map(|clause| clause.id.to_string()).unwrap_or_default(),
            ended_at: last.and_then(|span| span.ended_at.clone()),
            replaced_by: last.and_then(|span| span.replaced_by.as_ref().map(ToString::to_string)),
        }
    }
}

fn tell_allowed(names: &[String]) -> String {
    if names.is_empty() { "none is allowed".to_owned() } else { format!("allowed are {}", names.join(", ")) }
}

fn tell_suggestion(word: Option<&str>) -> String {
    word.map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default()
}

impl From<EngineError> for AnswerError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::GenerationGone { .. } => Self::CursorExpired,
            EngineError::Deadline => Self::Deadline,
            error @ EngineError::Storage { .. } => Self::Engine(error),
        }
    }
}

/// An error with its causes, in one line.
#[must_use]
pub fn tell_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Transparent errors say what their source says.
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}
