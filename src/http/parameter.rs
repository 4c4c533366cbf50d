//! The parameters as the API's description documents them. The desk reads and checks them; a test
//! holds both lists together.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema,
    SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::clause::{MAX_TEXT_CHARACTERS, Severity};
use crate::engine::Attribute;

/// What values a parameter takes.
#[derive(Clone, Copy)]
enum Kind {
    /// Any text that the desk knows.
    Text,
    /// One of some words; the first is the default.
    Choice(&'static [&'static str]),
    /// A severity.
    Severity,
    /// Names of facets.
    Facet,
    /// `true` or `false`.
    Flag,
    /// A whole number from, to, and by default.
    Number(u32, u32, u32),
    /// A number from 0 to 1.
    Share,
    /// An RFC 3339 date.
    Date,
}

#[derive(Clone, Copy)]
struct Documented {
    name: &'static str,
    kind: Kind,
    /// Whether it may be repeated: any of the values.
    many: bool,
    description: &'static str,
}

const fn any_of(name: &'static str, kind: Kind, description: &'static str) -> Documented {
    Documented { name, kind, many: true, description }
}

const fn one(name: &'static str, kind: Kind, description: &'static str) -> Documented {
    Documented { name, kind, many: false, description }
}

const FILTERS: &[Documented] = &[
    any_of(
        "category",
        Kind::Text,
        "Categories of the taxonomy, or `untyped`. A clause has several, so counts by category do not add up.",
    ),
    any_of(
        "clause_type",
        Kind::Text,
        "Clause types of the taxonomy, or `untyped`. Main and other types count.",
    ),
    any_of("severity", Kind::Severity, "What the clause can cost the person who accepts it."),
    any_of("platform", Kind::Text, "Ids of platforms: only these."),
    any_of("exclude_platform", Kind::Text, "Ids of platforms: all but these."),
    any_of("document_type", Kind::Text, "Document types of the taxonomy."),
    any_of("regulation", Kind::Text, "Regulations of the taxonomy that the record gives or the text names."),
    any_of("jurisdiction", Kind::Text, "Where those regulations hold; `US` includes `US-CO`."),
    any_of("language", Kind::Text, "Language tags, BCP 47; `en` includes `en-GB`."),
    one(
        "seen_after",
        Kind::Date,
        "Last seen in the world on this day or later. A clause without that date does not pass.",
    ),
    one(
        "seen_before",
        Kind::Date,
        "First seen in the world on this day or before. A clause without that date does not pass.",
    ),
    one(
        "as_of",
        Kind::Date,
        "The collection as it stood at the end of this day, UTC, with the wordings of that day. Scores go by today's statistics.",
    ),
];

const COMPARABLES: &[Documented] = &[
    one(
        "min_score",
        Kind::Share,
        "The least score of a member. By default the configured floor; 0 turns floor and guard off.",
    ),
    one(
        "include_affiliates",
        Kind::Flag,
        "Whether platforms of the same parent are in the answer; then they are marked.",
    ),
    one(
        "group_by",
        Kind::Choice(&["platform", "none"]),
        "One card a platform (`cards`), or every clause (`hits`).",
    ),
];

const SEARCH: &[Documented] = &[
    one(
        "q",
        Kind::Text,
        "Words, \"phrases\" in quotation marks, prefix*, field:value and -exclusions. Without it, everything that passes the filters is found.",
    ),
    one(
        "min_score",
        Kind::Share,
        "The least share of the query's weight that a hit holds. By default the configured floor.",
    ),
    one(
        "group_by",
        Kind::Choice(&["none", "platform"]),
        "Every clause (`hits`), or one card a platform (`cards`).",
    ),
    one(
        "sort",
        Kind::Choice(&["relevance", "severity", "recent"]),
        "The order; ties of the latter two fall to relevance.",
    ),
];

const LAYOUT: &[Documented] = &[
    one(
        "per_platform",
        Kind::Number(1, 3, 1),
        "How many clauses a card shows; those after the first are in `also`.",
    ),
    one(
        "fold",
        Kind::Choice(&["none", "wording"]),
        "`wording`: of cards whose clauses have equal wording only the first stays.",
    ),
    one(
        "explain",
        Kind::Flag,
        "Whether `match.explain` tells the numbers behind a score and a place, `contrast` of comparables what source and clause do not both say, and `query` of a search how the query was read.",
    ),
    any_of(
        "facets",
        Kind::Facet,
        "The facets of the answer, repeated or divided by commas; by default `category,severity`.",
    ),
];

const PAGE: &[Documented] = &[
    one("limit", Kind::Number(1, 100, 10), "How many entries a page has."),
    one(
        "cursor",
        Kind::Text,
        "`next_cursor` of the page before, with all other parameters unchanged but `limit`.",
    ),
];

const ROWS: &[Documented] =
    &[one("limit", Kind::Number(1, 10_000, 1_000), "How many rows there are, at most.")];

const STATS: &[Documented] =
    &[one("by", Kind::Text, "One or two of the facets' names, divided by a comma. By default `category`.")];

const STANDING: &[Documented] = &[any_of(
    "standing",
    Kind::Choice(&["found", "none_found", "unclear", "no_document"]),
    "Only platforms that stand so; by default all.",
)];

const SUGGEST: &[Documented] = &[
    one("q", Kind::Text, "What was typed, at most 200 characters."),
    one("limit", Kind::Number(1, 100, 10), "How many suggestions there are, at most."),
];

const EMBED: &[Documented] = &[
    one("limit", Kind::Number(1, 10, 3), "How many cards there are, at most."),
    one("theme", Kind::Choice(&["auto", "light", "dark"]), "`auto` goes by the reader's setting."),
    one("min_score", Kind::Share, "The least score of a card, as of comparables."),
    one(
        "include_affiliates",
        Kind::Flag,
        "Whether platforms of the same parent are shown; then they are marked.",
    ),
    one("fold", Kind::Choice(&["none", "wording"]), "`wording`: one card for equal wordings."),
];

const THEME: &[Documented] =
    &[one("theme", Kind::Choice(&["auto", "light", "dark"]), "`auto` goes by the reader's setting.")];

const OEMBED: &[Documented] = &[
    one("format", Kind::Choice(&["json", "xml"]), "The format; any other is a 501, as oEmbed has it."),
    one("maxwidth", Kind::Number(1, 100_000, 640), "The most pixels that the frame may be wide."),
    one("maxheight", Kind::Number(1, 100_000, 100_000), "The most pixels that the frame may be high."),
];

const DIFF: &[Documented] = &[
    one("from", Kind::Text, "A clause's id, or `ID@N` for its N-th wording."),
    one("to", Kind::Text, "The other: a clause's id, or `ID@N` for its N-th wording."),
];

macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident = $($part:expr),+;)*) => {$(
        $(#[$meta])*
        pub(super) struct $name;

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                [$($part),+].into_iter().flatten().map(describe).collect()
            }
        }
    )*};
}

parameters! {
    /// The filters, the same everywhere.
    FilterParams = FILTERS;
    /// What comparables take beside filters.
    ComparablesParams = COMPARABLES, LAYOUT, PAGE;
    /// What a search takes beside filters.
    SearchParams = SEARCH, LAYOUT, PAGE;
    /// What rows of a search take beside filters.
    SearchRowParams = SEARCH, LAYOUT, ROWS;
    /// What rows of comparables take beside filters.
    ComparablesRowParams = COMPARABLES, LAYOUT, ROWS;
    /// What lists take.
    PageParams = PAGE;
    /// What a clause type takes beside pages.
    StandingParams = STANDING;
    /// What suggestions take.
    SuggestParams = SUGGEST;
    /// What an embed takes beside filters.
    EmbedParams = EMBED;
    /// What oEmbed takes beside the address.
    OembedParams = OEMBED, THEME;
    /// What a badge takes.
    BadgeParams = THEME;
    /// What a diff takes.
    DiffParams = DIFF;
    /// What counts take beside filters.
    StatsParams = STATS;
}

/// Whether comparables take a parameter of this name.
pub(super) fn is_comparables_parameter(name: &str) -> bool {
    [FILTERS, COMPARABLES, LAYOUT, PAGE].into_iter().flatten().any(|documented| documented.name == name)
}

fn describe(documented: &Documented) -> Parameter {
    let mut single = schema_of(documented.kind);
    if documented.many {
        // Of several values none is the default: without any, all are meant.
        single.default = None;
    }
    let schema: Schema =
        if documented.many { ArrayBuilder::new().items(single).build().into() } else { single.into() };
    ParameterBuilder::new()
        .name(documented.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(documented.description))
        .schema(Some(schema))
        .build()
}

fn schema_of(kind: Kind) -> Object {
    let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    let words = |words: Vec<&'static str>| text().enum_values(Some(words));
    let object = match kind {
        Kind::Text => text(),
        Kind::Choice(choices) => {
            words(choices.to_vec()).default(choices.first().map(|first| (*first).into()))
        }
        Kind::Severity => words(Severity::ALL.iter().map(|severity| severity.as_str()).collect()),
        Kind::Facet => words(Attribute::ALL.iter().map(|attribute| attribute.as_str()).collect()),
        Kind::Flag => {
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).default(Some(false.into()))
        }
        Kind::Number(from, to, default) => ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .minimum(Some(from))
            .maximum(Some(to))
            .default(Some(default.into())),
        Kind::Share => {
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).minimum(Some(0)).maximum(Some(1))
        }
        Kind::Date => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
    };
    object.build()
}

/// The body of `POST /v1/comparables`.
pub(super) struct ComparablesRequest;

impl PartialSchema for ComparablesRequest {
    fn schema() -> RefOr<Schema> {
        let text = |description: &str| {
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some(description))
        };
        let mut object = ObjectBuilder::new()
            .description(Some(
                "A pasted text, and filters and parameters as for a clause. A parameter that takes several values takes a list of strings. `platform` is not the filter here.",
            ))
            .property(
                "text",
                text("The clause: analysed as at ingest, and not kept.")
                    .min_length(Some(1))
                    .max_length(Some(MAX_TEXT_CHARACTERS)),
            )
            .required("text")
            .property("platform", text("Id of the platform that the text is of: its name is masked, and it is left out with its affiliates."))
            .property("text_language", text("The text's language, BCP 47; detected if not given."));
        for documented in [FILTERS, COMPARABLES, LAYOUT, PAGE].into_iter().flatten() {
            if documented.name == "platform" {
                continue;
            }
            let single = schema_of(documented.kind);
            let schema: Schema = if documented.many {
                let list = ArrayBuilder::new().items(single.clone()).min_items(Some(1));
                let either = OneOfBuilder::new().item(single).item(list);
                either.description(Some(documented.description)).build().into()
            } else {
                let mut single = single;
                single.description = Some(documented.description.to_owned());
                single.into()
            };
            object = object.property(documented.name, schema);
        }
        object.additional_properties(Some(AdditionalProperties::FreeForm(false))).build().into()
    }
}

impl ToSchema for ComparablesRequest {}
