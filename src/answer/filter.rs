//! Filters and facets, checked against what there is.

use std::borrow::Cow;

use super::AnswerError;
use super::params::{Params, invalid_value, shorten};
use crate::clause::{Day, Platform, Severity};
use crate::collection::{Collection, Published};
use crate::engine::{Attribute, Condition, Entry, Facet, Filter};
use crate::taxonomy::{Taxonomy, UNTYPED};
use crate::text::fold::fold_word;
use crate::text::language::primary_language;

/// Facets of an answer that names none.
const DEFAULT_FACETS: [Attribute; 2] = [Attribute::Category, Attribute::Severity];

/// Languages that are known even where no clause is in them yet.
const KNOWN_LANGUAGES: [&str; 19] = [
    "ar", "da", "de", "en", "es", "fi", "fr", "hi", "it", "ja", "ko", "nl", "no", "pt", "ru", "sv", "tr",
    "vi", "zh",
];

/// The filters of a question.
#[derive(Debug, Clone, Default)]
pub(super) struct FilterSet {
    filters: Vec<Filter>,
    /// The day of the past that is asked about.
    pub(super) as_of: Option<Day>,
    /// Primary languages asked for, for the stems of a search.
    pub(super) languages: Vec<String>,
}

impl FilterSet {
    /// Reads all filters.
    pub(super) fn take(
        params: &mut Params,
        collection: &Collection,
        published: &Published,
    ) -> Result<Self, AnswerError> {
        let mut set = Self { as_of: take_day(params, "as_of")?, ..Self::default() };
        let choices = Choices { collection, published, as_of: set.as_of };
        let any_of = [
            Attribute::Category,
            Attribute::ClauseType,
            Attribute::Severity,
            Attribute::Platform,
            Attribute::DocumentType,
            Attribute::Regulation,
            Attribute::Jurisdiction,
        ];
        for attribute in any_of {
            let values = params.take_all(attribute.as_str())?;
            set.require(attribute, check_values(attribute.as_str(), values, || choices.list(attribute))?);
        }
        let excluded = params.take_all("exclude_platform")?;
        let listed = || choices.list(Attribute::Platform);
        set.exclude(Attribute::Platform, check_values("exclude_platform", excluded, listed)?);
        set.take_languages(params, &choices)?;
        for (name, make) in [
            ("seen_after", Condition::SeenAfter as fn(Day) -> Condition),
            ("seen_before", Condition::SeenBefore as fn(Day) -> Condition),
        ] {
            if let Some(day) = take_day(params, name)? {
                set.filters.push(Filter { condition: make(day), lifted_by: None });
            }
        }
        Ok(set)
    }

    /// Asks for clauses that have any of some values; no values ask for nothing.
    pub(super) fn require(&mut self, attribute: Attribute, values: Vec<String>) {
        if values.is_empty() {
            return;
        }
        if attribute == Attribute::Language {
            for primary in values.iter().map(|value| primary_language(value)) {
                if !self.languages.contains(&primary) {
                    self.languages.push(primary);
                }
            }
        }
        self.filters
            .push(Filter { condition: Condition::AnyOf(attribute, values), lifted_by: Some(attribute) });
    }

    /// Asks for clauses that have none of some values.
    pub(super) fn exclude(&mut self, attribute: Attribute, values: Vec<String>) {
        if !values.is_empty() {
            let condition = Condition::NoneOf(attribute, values);
            self.filters.push(Filter { condition, lifted_by: Some(attribute) });
        }
    }

    fn take_languages(&mut self, params: &mut Params, choices: &Choices<'_>) -> Result<(), AnswerError> {
        let mut given: Vec<String> = Vec::new();
        for value in params.take_all("language")? {
            let found = choices.find_language(&value).ok_or_else(|| {
                let known = choices.list_languages();
                invalid_value("language", &value.to_ascii_lowercase(), &known)
            })?;
            given.push(found);
        }
        self.require(Attribute::Language, given);
        Ok(())
    }

    /// Whether nothing is filtered, the day of the past aside.
    pub(super) fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// All filters.
    pub(super) fn all(&self) -> Vec<Filter> {
        let mut filters = self.of_the_day();
        filters.extend(self.filters.iter().cloned());
        filters
    }

    /// What says which collection is asked: that of a day of the past, or nothing.
    pub(super) fn of_the_day(&self) -> Vec<Filter> {
        self.as_of
            .map(|day| Filter { condition: Condition::StoodOn(day), lifted_by: None })
            .into_iter()
            .collect()
    }

    /// Whether a clause passes, the day of the past aside.
    pub(super) fn pass(&self, entry: &Entry) -> bool {
        self.filters.iter().all(|filter| entry.meets(&filter.condition))
    }
}

fn take_day(params: &mut Params, name: &str) -> Result<Option<Day>, AnswerError> {
    let Some(value) = params.take_one(name)? else {
        return Ok(None);
    };
    let day = Day::parse(&value).ok_or_else(|| AnswerError::InvalidValue {
        name: name.to_owned(),
        value: shorten(&value),
        suggestion: None,
        expected: "an RFC 3339 date like 2026-05-04 is allowed".to_owned(),
        allowed: Vec::new(),
    })?;
    Ok(Some(day))
}

/// The values of an attribute that a taxonomy closes; `None` for platforms and languages, of which a
/// collection may have any.
#[must_use]
pub fn list_values(taxonomy: &Taxonomy, attribute: Attribute) -> Option<Vec<String>> {
    let file = taxonomy.file();
    let own = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect();
    let or_untyped = |ids: Vec<&str>| ids.into_iter().chain([UNTYPED]).map(str::to_owned).collect();
    Some(match attribute {
        Attribute::Category => or_untyped(file.category.iter().map(|entry| entry.id.as_str()).collect()),
        Attribute::ClauseType => or_untyped(file.clause_type.iter().map(|entry| entry.id.as_str()).collect()),
        Attribute::DocumentType => own(file.document_type.iter().map(|entry| entry.id.as_str()).collect()),
        Attribute::Regulation => own(file.regulation.iter().map(|entry| entry.id.as_str()).collect()),
        Attribute::Severity => own(Severity::ALL.iter().map(|severity| severity.as_str()).collect()),
        Attribute::Jurisdiction => {
            let held = file.regulation.iter().map(|regulation| regulation.jurisdiction.as_str());
            let mut codes: Vec<String> = held.flat_map(crate::taxonomy::enclosing_jurisdictions).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        }
        Attribute::Platform | Attribute::Language => return None,
    })
}

/// What filters can ask for in a generation.
pub(super) struct Choices<'a> {
    pub(super) collection: &'a Collection,
    pub(super) published: &'a Published,
    /// The day of the past that is asked about.
    pub(super) as_of: Option<Day>,
}

impl<'a> Choices<'a> {
    /// The values of an attribute; of languages, the primary ones.
    fn list(&self, attribute: Attribute) -> Result<Vec<String>, AnswerError> {
        if let Some(closed) = list_values(self.collection.taxonomy(), attribute) {
            return Ok(closed);
        }
        Ok(match attribute {
            Attribute::Language => self.list_languages().into_iter().map(str::to_owned).collect(),
            _ => self.platforms()?.iter().map(|platform| platform.id.to_string()).collect(),
        })
    }

    /// The platforms that have clauses, or may have had some on the day of the past, by id.
    pub(super) fn platforms(&self) -> Result<Vec<Cow<'a, Platform>>, AnswerError> {
        Ok(match self.as_of {
            // A platform that is gone was there then.
            Some(_) => {
                let known = self.collection.store().known_platforms(self.published.generation.number)?;
                known.into_iter().map(Cow::Owned).collect()
            }
            None => self.published.platforms.values().map(|counted| Cow::Borrowed(&counted.item)).collect(),
        })
    }

    fn list_languages(&self) -> Vec<&str> {
        let mut known: Vec<&str> = self.published.statistics.languages.keys().map(String::as_str).collect();
        known.extend(KNOWN_LANGUAGES);
        known.sort_unstable();
        known.dedup();
        known
    }

    /// A language tag as filters take it, if its primary part is known.
    fn find_language(&self, value: &str) -> Option<String> {
        let value = value.to_ascii_lowercase();
        let well_formed = value.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let known = self.list_languages().contains(&primary_language(&value).as_str());
        (well_formed && known).then_some(value)
    }

    /// The values that a person means who writes `value`: the one of this id, a space or underscore
    /// standing for a hyphen, or the platforms of this name. None if there is none.
    pub(super) fn find_typed(&self, attribute: Attribute, value: &str) -> Result<Vec<String>, AnswerError> {
        if attribute == Attribute::Language {
            return Ok(self.find_language(value).into_iter().collect());
        }
        let allowed = self.list(attribute)?;
        let hyphenated = value.split([' ', '_']).collect::<Vec<_>>().join("-");
        if let Some(found) = find_value(value, &allowed).or_else(|| find_value(&hyphenated, &allowed)) {
            return Ok(vec![found.clone()]);
        }
        if attribute != Attribute::Platform {
            return Ok(Vec::new());
        }
        let name = fold_word(value);
        let platforms = self.platforms()?;
        let named = platforms.iter().filter(|platform| fold_word(&platform.name) == name);
        Ok(named.map(|platform| platform.id.to_string()).collect())
    }
}

/// A value in the spelling of those allowed, which is matched without regard to case.
fn find_value<'a>(value: &str, allowed: &'a [String]) -> Option<&'a String> {
    let exact = allowed.iter().find(|candidate| *candidate == value);
    exact.or_else(|| allowed.iter().find(|candidate| candidate.eq_ignore_ascii_case(value)))
}

/// Values in the spelling of those allowed.
fn check_values(
    name: &str,
    values: Vec<String>,
    list: impl Fn() -> Result<Vec<String>, AnswerError>,
) -> Result<Vec<String>, AnswerError> {
    if values.is_empty() {
        return Ok(values);
    }
    let allowed = list()?;
    let mut checked: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let found = find_value(&value, &allowed).ok_or_else(|| {
            let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
            invalid_value(name, &value, &allowed)
        })?;
        if !checked.contains(found) {
            checked.push(found.clone());
        }
    }
    Ok(checked)
}

/// The facets that an answer names: `facets=category,severity`, once or several times.
pub(super) fn take_facets(params: &mut Params) -> Result<Vec<Facet>, AnswerError> {
    let Some(given) = params.take_list("facets")? else {
        return Ok(DEFAULT_FACETS.to_vec());
    };
    let mut facets = Vec::new();
    for name in &given {
        let facet = parse_facet("facets", name)?;
        if !facets.contains(&facet) {
            facets.push(facet);
        }
    }
    Ok(facets)
}

/// Reads the name of a facet.
pub(super) fn parse_facet(parameter: &str, name: &str) -> Result<Facet, AnswerError> {
    Attribute::ALL.into_iter().find(|attribute| attribute.as_str() == name).ok_or_else(|| {
        let allowed: Vec<&str> = Attribute::ALL.iter().map(|attribute| attribute.as_str()).collect();
        invalid_value(parameter, name, &allowed)
    })
}
