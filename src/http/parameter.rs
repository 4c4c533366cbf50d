//! The parameters as the API's description documents them. The desk reads and checks them; a test
//! holds both lists together.

use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::embed::{CARDS, MAX_URL_CHARACTERS, MOST_CARDS, MOST_PIXELS, WIDTH};
use super::value::Values;
use crate::answer::{MAX_ROWS, MAX_SUGGEST_CHARACTERS, MAX_VALUES};
use crate::clause::{MAX_ID_BYTES, MAX_TEXT_CHARACTERS};
use crate::engine::Attribute;
use crate::text::query::MAX_QUERY_CHARACTERS;

/// An id, as the contract has it.
const ID_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$";

/// A clause's id or `ID@N`.
const WORDING_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}(@[1-9][0-9]{0,17})?$";

/// A tag of BCP 47, roughly.
const LANGUAGE_PATTERN: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";

/// What a cursor is written with.
const CURSOR_PATTERN: &str = "^[A-Za-z0-9_-]{1,200}$";

/// What values a parameter takes.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A text of at most so many characters.
    Text(usize),
    /// The id of a clause, platform or document.
    Id,
    /// A clause's id or `ID@N`.
    Wording,
    /// A language tag.
    Language,
    /// A cursor that was issued.
    Cursor,
    /// One of a closed set.
    Closed(Values),
    /// One of some words; the first is the default.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number from, to, and by default.
    Number(usize, usize, usize),
    /// A number from 0 to 1.
    Share,
    /// An RFC 3339 date.
    Date,
}

/// How often a parameter is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    /// Once, and it must be.
    Always,
    /// At most once.
    Once,
    /// Repeated, at most so many times: any of the values.
    Repeated(usize),
}

#[derive(Debug, Clone, Copy)]
struct Documented {
    name: &'static str,
    kind: Kind,
    times: Times,
    description: &'static str,
    /// A value that the demo answers, where one must be given.
    example: Option<&'static str>,
}

const fn any_of(name: &'static str, kind: Kind, description: &'static str) -> Documented {
    Documented { name, kind, times: Times::Repeated(MAX_VALUES), description, example: None }
}

const fn one(name: &'static str, kind: Kind, description: &'static str) -> Documented {
    Documented { name, kind, times: Times::Once, description, example: None }
}

const fn always(
    name: &'static str,
    kind: Kind,
    description: &'static str,
    example: &'static str,
) -> Documented {
    Documented { name, kind, times: Times::Always, description, example: Some(example) }
}

const FILTERS: &[Documented] = &[
    any_of(
        "category",
        Kind::Closed(Values::Of(Attribute::Category)),
        "Categories of the taxonomy, or `untyped`. A clause has several, so counts by category do not add up.",
    ),
    any_of(
        "clause_type",
        Kind::Closed(Values::Of(Attribute::ClauseType)),
        "Clause types of the taxonomy, or `untyped`. Main and other types count.",
    ),
    any_of(
        "severity",
        Kind::Closed(Values::Of(Attribute::Severity)),
        "What the clause can cost the person who accepts it.",
    ),
    any_of("platform", Kind::Id, "Ids of platforms: only these."),
    any_of("exclude_platform", Kind::Id, "Ids of platforms: all but these."),
    any_of(
        "document_type",
        Kind::Closed(Values::Of(Attribute::DocumentType)),
        "Document types of the taxonomy.",
    ),
    any_of(
        "regulation",
        Kind::Closed(Values::Of(Attribute::Regulation)),
        "Regulations of the taxonomy that the record gives or the text names.",
    ),
    any_of(
        "jurisdiction",
        Kind::Closed(Values::Of(Attribute::Jurisdiction)),
        "Where those regulations hold; `US` includes `US-CO`.",
    ),
    any_of(
        "language",
        Kind::Language,
        "Language tags, BCP 47, of languages that the collection knows; `en` includes `en-GB`.",
    ),
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
    Documented {
        example: Some("binding arbitration"),
        ..one(
            "q",
            Kind::Text(MAX_QUERY_CHARACTERS),
            "Words, \"phrases\" in quotation marks, prefix*, field:value and -exclusions. Without it, everything that passes the filters is found.",
        )
    },
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
        Kind::Closed(Values::Attributes),
        "The facets of the answer, repeated or divided by commas; by default `category` and `severity`.",
    ),
];

const PAGE: &[Documented] = &[
    one("limit", Kind::Number(1, 100, 10), "How many entries a page has."),
    one(
        "cursor",
        Kind::Cursor,
        "`next_cursor` of the page before, with all other parameters unchanged but `limit`.",
    ),
];

const ROWS: &[Documented] =
    &[one("limit", Kind::Number(1, MAX_ROWS, 1_000), "How many rows there are, at most.")];

const STATS: &[Documented] = &[Documented {
    name: "by",
    kind: Kind::Closed(Values::Attributes),
    times: Times::Repeated(2),
    description: "One or two of these, repeated or divided by a comma. By default `category`.",
    example: None,
}];

const STANDING: &[Documented] = &[any_of(
    "standing",
    Kind::Choice(&["found", "none_found", "unclear", "no_document"]),
    "Only platforms that stand so; by default all.",
)];

const WRITE: &[Documented] = &[
    one("strict", Kind::Flag, "Whether any rejected line leaves everything as it was."),
    one(
        "complete",
        Kind::Flag,
        "Whether the records hold their documents whole, so that clauses missing from them are removed.",
    ),
];

const SUGGEST: &[Documented] = &[
    Documented { example: Some("arb"), ..one("q", Kind::Text(MAX_SUGGEST_CHARACTERS), "What was typed.") },
    one("limit", Kind::Number(1, 100, 10), "How many suggestions there are, at most."),
];

const THEME: Documented =
    one("theme", Kind::Choice(&["auto", "light", "dark"]), "`auto` goes by the reader's setting.");

const EMBED: &[Documented] = &[
    one("limit", Kind::Number(1, MOST_CARDS, CARDS), "How many cards there are, at most."),
    THEME,
    one("min_score", Kind::Share, "The least score of a card, as of comparables."),
    one(
        "include_affiliates",
        Kind::Flag,
        "Whether platforms of the same parent are shown; then they are marked.",
    ),
    one("fold", Kind::Choice(&["none", "wording"]), "`wording`: one card for equal wordings."),
];

const OEMBED: &[Documented] = &[
    always(
        "url",
        Kind::Text(MAX_URL_CHARACTERS),
        "The address of a clause's page of this server.",
        "http://localhost/clauses/heartwick.tos.no-training",
    ),
    one("format", Kind::Choice(&["json", "xml"]), "Any other is a 501, as oEmbed asks."),
    one("maxwidth", Kind::Number(1, MOST_PIXELS, WIDTH), "The most pixels that it may be wide."),
    one("maxheight", Kind::Number(1, MOST_PIXELS, MOST_PIXELS), "The most pixels that it may be high."),
    THEME,
];

const DIFF: &[Documented] = &[
    always(
        "from",
        Kind::Wording,
        "A clause's id, or `ID@N` for its N-th wording.",
        "heartwick.tos.no-training",
    ),
    always(
        "to",
        Kind::Wording,
        "The other: a clause's id, or `ID@N` for its N-th wording.",
        "lumenask.terms.training",
    ),
];

const CLAUSE: Documented = always("id", Kind::Id, "The clause's id.", "heartwick.tos.no-training");

const PLATFORM: Documented = always("id", Kind::Id, "The platform's id.", "quillhaven");

const DOCUMENT: Documented = always("id", Kind::Id, "The document's id.", "quillhaven.tos");

const CLAUSE_TYPE: Documented = always(
    "id",
    Kind::Closed(Values::Of(Attribute::ClauseType)),
    "The clause type's id. `untyped` has no page: it is a 404.",
    "ai-training",
);

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

macro_rules! path_parameters {
    ($($(#[$meta:meta])* $name:ident = $documented:expr;)*) => {$(
        $(#[$meta])*
        pub(super) struct $name;

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                let mut parameter = describe(&$documented);
                parameter.parameter_in = ParameterIn::Path;
                vec![parameter]
            }
        }
    )*};
}

path_parameters! {
    /// The clause in the path.
    ClausePath = CLAUSE;
    /// The platform in the path.
    PlatformPath = PLATFORM;
    /// The document in the path.
    DocumentPath = DOCUMENT;
    /// The clause type in the path.
    ClauseTypePath = CLAUSE_TYPE;
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
    /// What writing takes.
    WriteParams = WRITE;
    /// What suggestions take.
    SuggestParams = SUGGEST;
    /// What an embed takes beside filters.
    EmbedParams = EMBED;
    /// What oEmbed takes.
    OembedParams = OEMBED;
    /// What a badge takes.
    BadgeParams = &[THEME];
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
    let schema = schema_of(documented.kind);
    let required = documented.times == Times::Always;
    let builder = ParameterBuilder::new()
        .name(documented.name)
        .parameter_in(ParameterIn::Query)
        .required(if required { Required::True } else { Required::False })
        .description(Some(documented.description))
        .example(documented.example.map(Into::into));
    let builder = match documented.times {
        Times::Always | Times::Once => builder.schema(Some(schema)),
        Times::Repeated(most) => {
            // Of several values none is the default: without any, all are meant.
            let list = ArrayBuilder::new().items(without_default(schema)).max_items(Some(most));
            builder.style(Some(ParameterStyle::Form)).explode(Some(true)).schema(Some(list))
        }
    };
    builder.build()
}

fn without_default(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.default = None;
    }
    schema
}

fn schema_of(kind: Kind) -> RefOr<Schema> {
    let of_type = |of_type| ObjectBuilder::new().schema_type(SchemaType::Type(of_type));
    let text = || of_type(Type::String);
    let matching = |pattern, most| text().pattern(Some(pattern)).min_length(Some(1)).max_length(Some(most));
    let object = match kind {
        Kind::Closed(values) => return values.refer(),
        Kind::Text(most) => text().max_length(Some(most)),
        Kind::Id => matching(ID_PATTERN, MAX_ID_BYTES),
        Kind::Wording => matching(WORDING_PATTERN, MAX_ID_BYTES + 19),
        Kind::Language => matching(LANGUAGE_PATTERN, 80),
        Kind::Cursor => matching(CURSOR_PATTERN, 200),
        Kind::Choice(choices) => {
            text().enum_values(Some(choices.to_vec())).default(choices.first().map(|first| (*first).into()))
        }
        Kind::Flag => of_type(Type::Boolean).default(Some(false.into())),
        Kind::Number(from, to, default) => {
            of_type(Type::Integer).minimum(Some(from)).maximum(Some(to)).default(Some(default.into()))
        }
        Kind::Share => of_type(Type::Number).minimum(Some(0)).maximum(Some(1)),
        Kind::Date => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
    };
    RefOr::T(object.build().into())
}

/// The body of `POST /v1/comparables`.
pub(super) struct ComparablesRequest;

impl PartialSchema for ComparablesRequest {
    fn schema() -> RefOr<Schema> {
        let text = "The clause: analysed as at ingest, and not kept.";
        let platform = "Id of the platform that the text is of: its name is masked, and it is left out with its affiliates.";
        let language = "The text's language, BCP 47; detected if not given.";
        let mut object = ObjectBuilder::new()
            .description(Some(
                "A pasted text, and filters and parameters as for a clause. What several values are taken of is one of them or a list. `platform` is not the filter here. Null means not given.",
            ))
            .property(
                "text",
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some(text))
                    .min_length(Some(1))
                    .max_length(Some(MAX_TEXT_CHARACTERS)),
            )
            .required("text")
            .property("platform", or_null([schema_of(Kind::Id)], platform))
            .property("text_language", or_null([schema_of(Kind::Language)], language));
        for documented in [FILTERS, COMPARABLES, LAYOUT, PAGE].into_iter().flatten() {
            if documented.name == "platform" {
                continue;
            }
            let single = schema_of(documented.kind);
            let schema = if let Times::Repeated(most) = documented.times {
                let single = without_default(single);
                let list = ArrayBuilder::new()
                    .items(single.clone())
                    .min_items(Some(1))
                    .max_items(Some(most))
                    .build();
                or_null([single, RefOr::T(list.into())], documented.description)
            } else {
                or_null([single], documented.description)
            };
            object = object.property(documented.name, schema);
        }
        let example = json!({
            "text": "We may use what you post to train our models.", "severity": ["high", "medium"], "limit": 3,
        });
        object
            .examples([example])
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .build()
            .into()
    }
}

/// What one of some schemas describes, or null.
fn or_null<const N: usize>(schemas: [RefOr<Schema>; N], description: &str) -> Schema {
    let null = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)).build();
    let either = schemas.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item);
    either.item(null).description(Some(description)).build().into()
}

impl ToSchema for ComparablesRequest {}
