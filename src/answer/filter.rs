//! Filters and facets, checked against what there is.

use super::AnswerError;
use super::params::{Params, invalid_value, shorten};
use crate::clause::{Day, Severity};
use crate::collection::{Collection, Published};
use crate::engine::{Attribute, Condition, Entry, Facet, Filter};
use crate::taxonomy::UNTYPED;

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
        let taxonomy = collection.taxonomy().file();
        let mut set = Self::default();
        let ids = |ids: Vec<&str>, extra: Option<&'static str>| -> Vec<String> {
            ids.into_iter().chain(extra).map(str::to_owned).collect()
        };
        let categories =
            ids(taxonomy.category.iter().map(|entry| entry.id.as_str()).collect(), Some(UNTYPED));
        let types = ids(taxonomy.clause_type.iter().map(|entry| entry.id.as_str()).collect(), Some(UNTYPED));
        let documents = ids(taxonomy.document_type.iter().map(|entry| entry.id.as_str()).collect(), None);
        let regulations = ids(taxonomy.regulation.iter().map(|entry| entry.id.as_str()).collect(), None);
        let severities = ids(Severity::ALL.iter().map(|severity| severity.as_str()).collect(), None);
        let mut jurisdictions: Vec<String> = taxonomy
            .regulation
            .iter()
            .flat_map(|regulation| crate::taxonomy::enclosing_jurisdictions(&regulation.jurisdiction))
            .collect();
        jurisdictions.sort_unstable();
        jurisdictions.dedup();
        set.take_any(params, "category", Attribute::Category, &categories)?;
        set.take_any(params, "clause_type", Attribute::ClauseType, &types)?;
        set.take_any(params, "severity", Attribute::Severity, &severities)?;
        set.as_of = take_day(params, "as_of")?;
        let platforms: Vec<String> = match set.as_of {
            // A platform that is gone was there then.
            Some(_) => {
                let known = collection.store().known_platforms(published.generation.number)?;
                known.into_iter().map(|platform| platform.id.to_string()).collect()
            }
            None => published.platforms.keys().cloned().collect(),
        };
        set.take_any(params, "platform", Attribute::Platform, &platforms)?;
        let excluded = check_values("exclude_platform", params.take_all("exclude_platform")?, &platforms)?;
        if !excluded.is_empty() {
            set.filters.push(Filter {
                condition: Condition::NoneOf(Attribute::Platform, excluded),
                lifted_by: Some(Attribute::Platform),
            });
        }
        set.take_any(params, "document_type", Attribute::DocumentType, &documents)?;
        set.take_any(params, "regulation", Attribute::Regulation, &regulations)?;
        set.take_any(params, "jurisdiction", Attribute::Jurisdiction, &jurisdictions)?;
        set.take_languages(params, published)?;
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

    fn take_any(
        &mut self,
        params: &mut Params,
        name: &str,
        attribute: Attribute,
        allowed: &[String],
    ) -> Result<(), AnswerError> {
        let values = check_values(name, params.take_all(name)?, allowed)?;
        if !values.is_empty() {
            let condition = Condition::AnyOf(attribute, values);
            self.filters.push(Filter { condition, lifted_by: Some(attribute) });
        }
        Ok(())
    }

    fn take_languages(&mut self, params: &mut Params, published: &Published) -> Result<(), AnswerError> {
        let given: Vec<String> =
            params.take_all("language")?.into_iter().map(|value| value.to_ascii_lowercase()).collect();
        if given.is_empty() {
            return Ok(());
        }
        let mut known: Vec<&str> = published.statistics.languages.keys().map(String::as_str).collect();
        known.extend(KNOWN_LANGUAGES);
        known.sort_unstable();
        known.dedup();
        for value in &given {
            let primary = crate::text::language::primary_language(value);
            let well_formed = value.split('-').all(|part| {
                (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
            if !well_formed || !known.contains(&primary.as_str()) {
                return Err(invalid_value("language", value, &known));
            }
            if !self.languages.contains(&primary) {
                self.languages.push(primary);
            }
        }
        self.filters.push(Filter {
            condition: Condition::AnyOf(Attribute::Language, given),
            lifted_by: Some(Attribute::Language),
        });
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

/// Values in the spelling of those allowed, which is matched without regard to case.
fn check_values(name: &str, values: Vec<String>, allowed: &[String]) -> Result<Vec<String>, AnswerError> {
    let mut checked: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let exact = allowed.iter().find(|candidate| **candidate == value);
        let found = exact.or_else(|| allowed.iter().find(|candidate| candidate.eq_ignore_ascii_case(&value)));
        let found = found.ok_or_else(|| {
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
    let given = params.take_all("facets")?;
    if given.is_empty() {
        return Ok(DEFAULT_FACETS.to_vec());
    }
    let mut facets = Vec::new();
    for name in given.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty())
    {
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
