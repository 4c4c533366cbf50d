//! What tools are asked with: which arguments there are, and how they are read.

use serde_json::{Map, Value};

use crate::answer::{AnswerError, Attribute, Params};

/// How much of a name is told back, in characters.
const NAME_SHOWN: usize = 80;

/// What values an argument takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Any text of at most so many characters; the desk checks the rest.
    Text(usize),
    /// One of some words; the first is the default.
    Choice(&'static [&'static str]),
    /// One of the values that the taxonomy closes.
    Closed(Attribute),
    /// `true` or `false`, which is the default.
    Flag,
    /// A whole number from, to, and by default.
    Number(u32, u32, u32),
    /// A number from 0 to 1.
    Share,
    /// A day, `YYYY-MM-DD`.
    Day,
}

/// An argument of a tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it takes several values: any of them.
    pub(super) many: bool,
    pub(super) required: bool,
    pub(super) description: &'static str,
}

impl Argument {
    /// One that may be left out.
    pub(super) const fn one(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name, kind, many: false, required: false, description }
    }

    /// One that takes any of several values.
    pub(super) const fn any_of(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { many: true, ..Self::one(name, kind, description) }
    }

    /// One that must be given.
    pub(super) const fn required(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { required: true, ..Self::one(name, kind, description) }
    }
}

/// The arguments of one call, each of which the tool knows.
pub(super) struct Arguments {
    values: Map<String, Value>,
    known: Vec<&'static Argument>,
}

impl Arguments {
    /// Takes what was sent. Null, and a list of nothing, mean that an argument is not given.
    ///
    /// # Errors
    /// If the tool has no such argument.
    pub(super) fn new(
        mut values: Map<String, Value>,
        known: impl Iterator<Item = &'static Argument>,
    ) -> Result<Self, AnswerError> {
        let known: Vec<_> = known.collect();
        let names: Vec<&str> = known.iter().map(|argument| argument.name).collect();
        if let Some(name) = values.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(AnswerError::unknown_parameter(name, &names));
        }
        values.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
        Ok(Self { values, known })
    }

    /// A text.
    ///
    /// # Errors
    /// If it is not a string.
    pub(super) fn take_text(&mut self, name: &str) -> Result<Option<String>, AnswerError> {
        match self.values.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                self.check_length(name, &text)?;
                Ok(Some(text))
            }
            Some(_) => Err(reject(name, "must be a string")),
        }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// If it is not.
    pub(super) fn take_required(&mut self, name: &str) -> Result<String, AnswerError> {
        self.take_text(name)?.ok_or_else(|| reject(name, "is missing"))
    }

    /// Fails for a text that is longer than its argument takes.
    fn check_length(&self, name: &str, text: &str) -> Result<(), AnswerError> {
        let argument = self.known.iter().find(|argument| argument.name == name);
        let Some(Kind::Text(longest)) = argument.map(|argument| argument.kind) else {
            return Ok(());
        };
        let length = text.chars().count();
        if length > longest {
            return Err(reject(name, &format!("has {length} characters; at most {longest} are allowed")));
        }
        Ok(())
    }

    /// All that is left, as parameters of the desk, which checks their values; some have another name
    /// there.
    ///
    /// # Errors
    /// If a value is of no allowed type, or a number is out of its bounds.
    pub(super) fn into_params(mut self, renamed: &[(&str, &str)]) -> Result<Params, AnswerError> {
        let mut pairs = Vec::new();
        for (name, value) in std::mem::take(&mut self.values) {
            let argument = self.known.iter().find(|argument| argument.name == name);
            let named =
                renamed.iter().find(|(own, _)| *own == name).map_or(name.as_str(), |(_, other)| other);
            for value in read_values(&name, value, argument.is_some_and(|argument| argument.many))? {
                if let Some(Kind::Number(from, to, _)) = argument.map(|argument| argument.kind) {
                    check_number(&name, &value, from, to)?;
                }
                self.check_length(&name, &value)?;
                pairs.push((named.to_owned(), value));
            }
        }
        Ok(Params::new(pairs))
    }
}

fn read_values(name: &str, value: Value, many: bool) -> Result<Vec<String>, AnswerError> {
    match value {
        Value::Array(values) if many => values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                _ => Err(reject(name, "must list strings")),
            })
            .collect(),
        Value::String(text) => Ok(vec![text]),
        // Some clients write every number with a fraction.
        Value::Number(number) => Ok(vec![
            number
                .as_f64()
                .filter(|_| number.is_f64())
                .map_or_else(|| number.to_string(), |it| it.to_string()),
        ]),
        Value::Bool(flag) => Ok(vec![flag.to_string()]),
        _ if many => Err(reject(name, "must be a string or a list of strings")),
        _ => Err(reject(name, "takes one value")),
    }
}

fn check_number(name: &str, value: &str, from: u32, to: u32) -> Result<(), AnswerError> {
    if value.parse().is_ok_and(|number: u32| (from..=to).contains(&number)) {
        return Ok(());
    }
    Err(AnswerError::InvalidValue {
        name: name.to_owned(),
        value: value.chars().take(NAME_SHOWN).collect(),
        suggestion: None,
        expected: format!("a whole number from {from} to {to} is allowed"),
        allowed: Vec::new(),
    })
}

/// That an argument is wrong as it is given.
pub(super) fn reject(name: &str, problem: &str) -> AnswerError {
    AnswerError::BadParameter { name: name.chars().take(NAME_SHOWN).collect(), problem: problem.to_owned() }
}
