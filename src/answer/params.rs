//! Parameters as they come: names with values, each of which must be known.

use std::collections::BTreeMap;

use super::AnswerError;
use crate::statistics::{find_containing, suggest_word};

/// How many values one parameter takes, at most.
pub const MAX_VALUES: usize = 100;

/// How much of a bad value is told back, in characters.
const VALUE_SHOWN: usize = 80;

/// Names of the filters, the same everywhere.
pub const FILTERS: [&str; 12] = [
    "category",
    "clause_type",
    "severity",
    "platform",
    "exclude_platform",
    "document_type",
    "regulation",
    "jurisdiction",
    "language",
    "seen_after",
    "seen_before",
    "as_of",
];

/// Parameters of one question. Every name must be taken, or it is an error.
#[derive(Debug, Clone, Default)]
pub struct Params {
    values: BTreeMap<String, Vec<String>>,
    allowed: Vec<String>,
}

impl Params {
    /// Collects pairs of names and values; a name may come several times.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_default().push(value);
        }
        Self { values, allowed: Vec::new() }
    }

    /// Fails if a parameter is named that is none of these.
    ///
    /// # Errors
    /// [`AnswerError::UnknownParameter`], which names the nearest.
    pub fn restrict(&self, allowed: &[&str]) -> Result<(), AnswerError> {
        let Some(name) = self.values.keys().find(|name| !allowed.contains(&name.as_str())) else {
            return Ok(());
        };
        Err(AnswerError::UnknownParameter {
            suggestion: suggest_word(name, allowed).map(str::to_owned),
            name: shorten(name),
            allowed: allowed.iter().map(|&name| name.to_owned()).collect(),
        })
    }

    /// Whether comparables by these are all that there are at the default floor.
    pub(super) fn are_unfiltered(&self) -> bool {
        let narrowing = FILTERS.iter().chain(&["min_score", "include_affiliates"]);
        !narrowing.into_iter().any(|name| self.values.contains_key(*name))
    }

    /// Gives a parameter one value, in place of what it had.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), vec![value]);
    }

    /// A text that tells these parameters from others, whatever their order; those named are left
    /// out.
    pub(super) fn fingerprint(&self, without: &[&str]) -> String {
        let mut text = String::new();
        for (name, values) in &self.values {
            if !without.contains(&name.as_str()) {
                let mut values = values.clone();
                values.sort_unstable();
                text.push_str(&format!("{name}={values:?}\n"));
            }
        }
        text
    }

    /// All values of a parameter.
    ///
    /// # Errors
    /// [`AnswerError::BadParameter`] if there are too many.
    pub fn take_all(&mut self, name: &str) -> Result<Vec<String>, AnswerError> {
        self.allowed.push(name.to_owned());
        let mut values = self.values.remove(name).unwrap_or_default();
        if values.len() > MAX_VALUES {
            let problem = format!("has {} values; at most {MAX_VALUES} are allowed", values.len());
            return Err(AnswerError::BadParameter { name: name.to_owned(), problem });
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    /// All values of a parameter in their order, each given by itself or divided from others by commas;
    /// `None` if it is not given.
    pub(super) fn take_list(&mut self, name: &str) -> Result<Option<Vec<String>>, AnswerError> {
        let given = self.values.get(name).cloned();
        self.take_all(name)?;
        Ok(given.map(|values| {
            let words = values.iter().flat_map(|value| value.split(',')).map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }))
    }

    /// The only value of a parameter.
    ///
    /// # Errors
    /// [`AnswerError::BadParameter`] if it has several.
    pub fn take_one(&mut self, name: &str) -> Result<Option<String>, AnswerError> {
        self.allowed.push(name.to_owned());
        let values = self.values.remove(name).unwrap_or_default();
        if values.len() > 1 {
            return Err(AnswerError::BadParameter {
                name: name.to_owned(),
                problem: "may be given once".to_owned(),
            });
        }
        Ok(values.into_iter().next())
    }

    /// One of some words, or a default.
    ///
    /// # Errors
    /// [`AnswerError::InvalidValue`] if it is none of them.
    pub fn take_choice<T: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
        default: T,
    ) -> Result<T, AnswerError> {
        let Some(value) = self.take_one(name)? else {
            return Ok(default);
        };
        choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice).ok_or_else(|| {
            let allowed: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            invalid_value(name, &value, &allowed)
        })
    }

    /// Some words of those that there are; none for all.
    pub(super) fn take_choices<T: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
    ) -> Result<Vec<T>, AnswerError> {
        let find = |value: String| {
            choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice).ok_or_else(|| {
                let allowed: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                invalid_value(name, &value, &allowed)
            })
        };
        self.take_all(name)?.into_iter().map(find).collect()
    }

    /// `true` or `false`, which is the default.
    ///
    /// # Errors
    /// [`AnswerError`] if it is given more than once or is neither.
    pub fn take_flag(&mut self, name: &str) -> Result<bool, AnswerError> {
        self.take_choice(name, &[("true", true), ("false", false)], false)
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// [`AnswerError::InvalidValue`] if it is none.
    pub fn take_number(
        &mut self,
        name: &str,
        bounds: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, AnswerError> {
        let Some(value) = self.take_one(name)? else {
            return Ok(default);
        };
        let number = value.parse().ok();
        number.filter(|number| bounds.contains(number)).ok_or_else(|| AnswerError::InvalidValue {
            name: name.to_owned(),
            value: shorten(&value),
            suggestion: number.map(|number| number.clamp(*bounds.start(), *bounds.end()).to_string()),
            expected: format!("a whole number from {} to {} is allowed", bounds.start(), bounds.end()),
            allowed: Vec::new(),
        })
    }

    /// A number from 0 to 1.
    pub(super) fn take_share(&mut self, name: &str) -> Result<Option<f64>, AnswerError> {
        let Some(value) = self.take_one(name)? else {
            return Ok(None);
        };
        let number = value.parse::<f64>().ok().filter(|number| !number.is_nan());
        let within = number.filter(|number| (0.0..=1.0).contains(number));
        within.map(Some).ok_or_else(|| AnswerError::InvalidValue {
            name: name.to_owned(),
            value: shorten(&value),
            suggestion: number.map(|number| number.clamp(0.0, 1.0).to_string()),
            expected: "a number from 0 to 1 is allowed".to_owned(),
            allowed: Vec::new(),
        })
    }

    /// Fails if a parameter is left that nothing took.
    ///
    /// # Errors
    /// [`AnswerError::UnknownParameter`] with those that were asked for.
    pub fn finish(self) -> Result<(), AnswerError> {
        let Some((name, _)) = self.values.into_iter().next() else {
            return Ok(());
        };
        let known: Vec<&str> = self.allowed.iter().map(String::as_str).collect();
        Err(AnswerError::unknown_parameter(&name, &known))
    }
}

pub(super) fn shorten(value: &str) -> String {
    value.chars().take(VALUE_SHOWN).collect()
}

pub(super) fn invalid_value(name: &str, value: &str, allowed: &[&str]) -> AnswerError {
    let listed = if allowed.len() <= 40 {
        format!("allowed are {}", allowed.join(", "))
    } else {
        let mut told = format!("it is none of the {} that there are", allowed.len());
        let containing = find_containing(value, allowed);
        if !containing.is_empty() {
            let some: Vec<&str> = containing.into_iter().take(8).collect();
            told.push_str(&format!("; those with it are {}", some.join(", ")));
        }
        told
    };
    AnswerError::InvalidValue {
        name: name.to_owned(),
        value: shorten(value),
        suggestion: suggest_word(value, allowed).map(str::to_owned),
        expected: listed,
        allowed: allowed.iter().take(1000).map(|&word| word.to_owned()).collect(),
    }
}
