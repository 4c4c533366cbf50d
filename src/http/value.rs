//! The closed sets of values that parameters take, as schemas of the description. Their values are those
//! of the taxonomy in force.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Ref, Schema, SchemaType, Type};

use crate::answer::list_values;
use crate::engine::Attribute;
use crate::taxonomy::Taxonomy;

/// A closed set of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Values of an attribute: of all but platforms and languages, of which a collection may have any.
    Of(Attribute),
    /// Names of attributes.
    Attributes,
}

/// All sets, with the names of their schemas.
const ALL: &[(Values, &str, &str)] = &[
    (Values::Of(Attribute::Category), "CategoryValue", "A category of the taxonomy, or `untyped`."),
    (Values::Of(Attribute::ClauseType), "ClauseTypeValue", "A clause type of the taxonomy, or `untyped`."),
    (Values::Of(Attribute::Severity), "SeverityValue", "A severity, or `unrated`."),
    (Values::Of(Attribute::DocumentType), "DocumentTypeValue", "A document type of the taxonomy."),
    (Values::Of(Attribute::Regulation), "RegulationValue", "A regulation of the taxonomy."),
    (
        Values::Of(Attribute::Jurisdiction),
        "JurisdictionValue",
        "Where regulations of the taxonomy hold: a country, a part of one, or a union.",
    ),
    (Values::Attributes, "AttributeName", "What clauses are filtered, counted and faceted by."),
];

impl Values {
    /// A reference to the schema of these values.
    pub(super) fn refer(self) -> RefOr<Schema> {
        let name = ALL.iter().find(|(values, ..)| *values == self).map(|(_, name, _)| *name);
        RefOr::Ref(Ref::from_schema_name(name.unwrap_or_default()))
    }

    fn list(self, taxonomy: &Taxonomy) -> Vec<String> {
        match self {
            Self::Of(attribute) => list_values(taxonomy, attribute).unwrap_or_default(),
            Self::Attributes => {
                Attribute::ALL.iter().map(|attribute| attribute.as_str().to_owned()).collect()
            }
        }
    }
}

/// The schemas of all sets, by name.
pub(super) fn describe_values(taxonomy: &Taxonomy) -> impl Iterator<Item = (String, RefOr<Schema>)> {
    ALL.iter().map(|(values, name, description)| {
        let schema = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some(*description))
            .enum_values(Some(values.list(taxonomy)))
            .build();
        ((*name).to_owned(), RefOr::T(Schema::Object(schema)))
    })
}
