//! From the search schema to tantivy's.

use std::collections::HashMap;

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use crate::clause::Day;
use crate::engine::Attribute;
use crate::search_schema::{FieldKind, SearchSchema};

/// The name of the one field that holds the terms of text and title.
const TERMS: &str = "terms";

/// What that field is cut by: it is given terms, each with its end.
pub(super) const TOKENIZER: &str = "ended";

/// tantivy's fields for the fields of the search schema.
pub(super) struct Mapping {
    pub(super) schema: Schema,
    pub(super) terms: Field,
    fields: HashMap<String, Field>,
}

impl Mapping {
    pub(super) fn of_schema(search: &SearchSchema) -> Self {
        let mut builder = Schema::builder();
        let raw = |option| {
            TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false).set_index_option(option)
        };
        let positions = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_fieldnorms(true)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let terms = builder.add_text_field(TERMS, TextOptions::default().set_indexing_options(positions));
        let mut fields = HashMap::new();
        for field in &search.fields {
            let name = field.field.as_str();
            let mapped = match field.kind {
                FieldKind::Terms => continue,
                FieldKind::Key => {
                    let options = TextOptions::default().set_indexing_options(raw(IndexRecordOption::Basic));
                    builder.add_text_field(name, options.set_fast("raw"))
                }
                FieldKind::Keyword => builder.add_text_field(name, TextOptions::default().set_fast("raw")),
                FieldKind::Number | FieldKind::Hash | FieldKind::Days | FieldKind::Profile => {
                    builder.add_u64_field(name, FAST)
                }
                FieldKind::Day => builder.add_i64_field(name, NumericOptions::default().set_fast()),
            };
            fields.insert(field.field.clone(), mapped);
        }
        Self { schema: builder.build(), terms, fields }
    }

    /// The field of a name in the search schema.
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        self.fields.get(name).copied()
    }

    pub(super) fn attribute(&self, attribute: Attribute) -> Option<Field> {
        self.field(attribute.as_str())
    }
}

/// Two days in one number.
pub(super) fn encode_stood((from, to): (Day, Day)) -> u64 {
    u64::from(from.0.cast_unsigned()) << 32 | u64::from(to.0.cast_unsigned())
}

/// The days of [`encode_stood`].
pub(super) fn decode_stood(code: u64) -> (Day, Day) {
    let half = |bits: u64| Day(u32::try_from(bits & 0xffff_ffff).unwrap_or(0).cast_signed());
    (half(code >> 32), half(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_as_they_went() {
        for days in [(Day(0), Day(1)), (Day(-700), Day(20_000)), (Day(i32::MIN), Day(i32::MAX))] {
            assert_eq!(decode_stood(encode_stood(days)), days);
        }
    }
}
