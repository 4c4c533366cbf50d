//! `index-schema/search-v1.json`: the fields of the search index and the numbers of the score,
//! for every engine the same.

use serde::Deserialize;

/// The search schema that the binary carries.
pub const BUNDLED: &str = include_str!("../index-schema/search-v1.json");

/// What a field holds; each engine maps it to something of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// The clause's id.
    Key,
    /// A whole number.
    Number,
    /// Analysed terms with positions.
    Terms,
    /// Values matched whole; a clause may have several.
    Keyword,
    /// A day, counted from 1970-01-01 UTC; may be absent.
    Day,
    /// 64 bits compared for equality.
    Hash,
    /// Pairs of days, several a clause.
    Days,
    /// What ranking knows of a clause, as 64-bit numbers.
    Profile,
}

/// One field of the index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub field: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Of terms: how much one occurrence counts.
    #[serde(default)]
    pub weight: Option<u32>,
    /// What it is for.
    #[serde(rename = "use")]
    pub uses: Vec<String>,
}

/// BM25's saturation and length normalisation, for impacts.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactSchema {
    /// Saturation of the frequency in the clause.
    pub k1: f64,
    /// Share of length normalisation, 0 to 1.
    pub b: f64,
}

/// How the terms of a source are weighted.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSchema {
    /// How many terms a source keeps, at most 256.
    pub terms: usize,
    /// Saturation of the frequency in the source.
    pub k3: f64,
}

/// What agreement in an attribute adds to the sum.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementSchema {
    /// In a clause type, main or other.
    pub clause_type: u32,
    /// In a category.
    pub category: u32,
    /// In the document type.
    pub document_type: u32,
}

/// A named interval of the score.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierSchema {
    /// Its name.
    pub tier: String,
    /// The score at which it begins.
    pub from: f64,
}

/// The score of a comparable.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparablesSchema {
    /// The least share of a member, in 65,536ths.
    pub guard: u32,
    /// What one 65,536th of share adds to the sum.
    pub share_weight: u32,
    /// What one 65,536th of closeness adds to the sum.
    pub closeness_weight: u32,
    /// Share to the closeness that stands in where one of two clauses has no vector; between two
    /// points, straight and rounded down.
    pub closeness_stand_in: Vec<(u32, u32)>,
    /// What agreement adds.
    pub agreement: AgreementSchema,
    /// Sum to thousandths of the score; between two points, straight and rounded down.
    pub score: Vec<(u32, u32)>,
    /// The default floor.
    pub floor: f64,
    /// Tiers, best first.
    pub tiers: Vec<TierSchema>,
}

/// Membership of a search.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchDefaults {
    /// The default share of the query's weight that a member holds.
    pub floor: f64,
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchSchema {
    /// Its version.
    pub version: String,
    /// The fields of the index.
    pub fields: Vec<Field>,
    /// Impacts.
    pub impact: ImpactSchema,
    /// Source weights.
    pub source: SourceSchema,
    /// Comparables.
    pub comparables: ComparablesSchema,
    /// Search.
    pub search: SearchDefaults,
}

/// Why a search schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SearchSchemaError {
    /// It is no JSON of the expected form.
    #[error("the search schema cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// A number in it breaks a rule.
    #[error("search schema: {0}")]
    Rule(&'static str),
}

impl SearchSchema {
    /// Reads and checks a search schema.
    ///
    /// # Errors
    /// [`SearchSchemaError`] if the form is wrong or the numbers could not keep sums below 2²⁴.
    pub fn parse(text: &str) -> Result<Self, SearchSchemaError> {
        let schema: Self = serde_json::from_str(text)?;
        schema.check()?;
        Ok(schema)
    }

    /// The search schema that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, SearchSchemaError> {
        Self::parse(BUNDLED)
    }

    /// What an occurrence in the title counts, an occurrence in the text counting 1.
    #[must_use]
    pub fn title_factor(&self) -> u32 {
        self.fields.iter().find(|field| field.field == "title").and_then(|field| field.weight).unwrap_or(1)
    }

    fn check(&self) -> Result<(), SearchSchemaError> {
        let rule = |holds: bool, message| if holds { Ok(()) } else { Err(SearchSchemaError::Rule(message)) };
        let comparables = &self.comparables;
        let agreement = &comparables.agreement;
        let greatest = 65_536
            * (u64::from(comparables.share_weight) + u64::from(comparables.closeness_weight))
            + u64::from(agreement.clause_type)
            + u64::from(agreement.category)
            + u64::from(agreement.document_type);
        rule(greatest < (1 << 24) - 1, "the greatest sum must stay below 2^24 - 1")?;
        rule((1..=256).contains(&self.source.terms), "source.terms must be 1 to 256")?;
        rule(comparables.guard <= 65_536, "comparables.guard is a share in 65,536ths")?;
        for table in [&comparables.score, &comparables.closeness_stand_in] {
            let rising =
                table.windows(2).all(|pair| matches!(pair, [one, two] if one.0 < two.0 && one.1 <= two.1));
            rule(rising, "a table must rise")?;
            rule(table.first().is_some_and(|first| first.0 == 0), "a table must begin at 0")?;
        }
        rule(comparables.score.iter().all(|point| point.1 <= 990), "a score table ends at 990")?;
        rule(
            comparables.closeness_stand_in.iter().all(|point| point.1 <= 65_536),
            "closeness is at most 65,536",
        )
    }
}

/// Reads a table of points as a function: straight between two points, rounded down, flat outside.
#[must_use]
pub fn interpolate(table: &[(u32, u32)], at: u32) -> u32 {
    let next = table.partition_point(|point| point.0 <= at);
    match (next.checked_sub(1).and_then(|place| table.get(place)), table.get(next)) {
        (Some(low), Some(high)) => {
            let rise = u64::from(high.1 - low.1) * u64::from(at - low.0) / u64::from(high.0 - low.0);
            low.1 + u32::try_from(rise).unwrap_or(u32::MAX)
        }
        (Some(low), None) => low.1,
        (None, Some(high)) => high.1,
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_schema_is_sound() {
        let schema = SearchSchema::bundled().expect("sound");
        assert_eq!(schema.fields.iter().filter(|field| field.kind == FieldKind::Terms).count(), 2);
        let related = schema.comparables.tiers.last().expect("tiers");
        assert!((related.from - schema.comparables.floor).abs() < 1e-9, "`related` begins at the floor");
    }

    #[test]
    fn tables_are_straight_between_points() {
        let table = [(0, 0), (10, 5), (20, 5)];
        for (at, expected) in [(0, 0), (1, 0), (2, 1), (10, 5), (15, 5), (99, 5)] {
            assert_eq!(interpolate(&table, at), expected, "at {at}");
        }
    }
}
