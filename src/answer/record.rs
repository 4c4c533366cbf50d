//! A clause whole: the record, its citation, its stability, and how many others are comparable.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::cards::{view_clause, view_evidence};
use super::citation::{Citation, Cited, CslItem};
use super::comparables::Source;
use super::history::{Stability, find_history};
use super::params::Params;
use super::source::view_platform;
use super::view::{ComparablesAnswer, Counts, ExcerptView};
use super::written::{Classified, WrittenRecord};
use super::{AnswerError, Desk};
use crate::clause::{Clause, Severity};
use crate::collection::{Published, Vantage};
use crate::text::excerpt::cut_beginning;
use crate::text::mask::Mask;
use crate::text::term::analyze;

/// A clause whole.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClauseRecord {
    /// The generation that it comes from.
    pub generation: u64,
    /// The record's keys as `clause-v1.schema.json` has them, with what is in force.
    #[serde(flatten)]
    #[schema(value_type = WrittenRecord)]
    pub record: Map<String, Value>,
    /// How to cite it.
    pub citation: Citation,
    /// The same as an entry of BibTeX.
    pub citation_bibtex: String,
    /// The same as an item of CSL-JSON, which programs for references read.
    pub citation_csl: CslItem,
    /// How it has stood.
    pub stability: Stability,
    /// Comparables at the default floor, without filters.
    pub counts: Counts,
    /// Whether no other platform has a comparable clause.
    pub unique: bool,
}

impl ClauseRecord {
    /// A text of the record, by the keys that lead to it.
    #[must_use]
    pub fn find_text(&self, path: &[&str]) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.record.get(*first)?, |value, key| value.get(key))?.as_str()
    }

    /// Whether a value was inferred and nobody gave it.
    #[must_use]
    pub fn is_inferred(&self, field: &str) -> bool {
        let fields = self.record.get("classified").and_then(|classified| classified.get("fields"));
        fields.and_then(Value::as_array).is_some_and(|fields| fields.iter().any(|one| one == field))
    }

    /// How its text begins, in whole sentences.
    #[must_use]
    pub fn excerpt(&self) -> ExcerptView {
        let text = self.find_text(&["text"]).unwrap_or_default();
        let language = self.find_text(&["language"]).unwrap_or_default();
        let excerpt = cut_beginning(text, &analyze(text, language, &Mask::default()));
        ExcerptView { text: excerpt.text, highlights: excerpt.highlights, truncated: excerpt.truncated }
    }
}

impl Desk {
    /// A clause whole.
    ///
    /// # Errors
    /// [`AnswerError::UnknownClause`] if it is not in the collection; else as for comparables.
    pub async fn read_clause(&self, id: &str) -> Result<ClauseRecord, AnswerError> {
        self.write_clause(self.newest()?, id, None).await
    }

    /// A clause whole and its comparables by some parameters, both of one generation: that of the
    /// cursor among the parameters, or the newest.
    ///
    /// # Errors
    /// As for the two alone.
    pub async fn read_with_comparables(
        &self,
        id: &str,
        params: Params,
    ) -> Result<(ClauseRecord, ComparablesAnswer), AnswerError> {
        let whole = params.are_unfiltered();
        let comparables = self.find_comparables(Source::Clause(id), params).await?;
        let published =
            self.collection.find_published(comparables.generation).ok_or(AnswerError::CursorExpired)?;
        // Folding takes cards away, and is the only thing here that does.
        let counts = Counts { cards: comparables.counts.platforms, ..comparables.counts };
        let record = self.write_clause(published, id, whole.then_some(counts)).await?;
        Ok((record, comparables))
    }

    async fn write_clause(
        &self,
        published: Arc<Published>,
        id: &str,
        counts: Option<Counts>,
    ) -> Result<ClauseRecord, AnswerError> {
        let clause = self.find_clause(&published, id)?;
        let generation = published.generation.number;
        let history = find_history(self, &published, id)?;
        let counts = match counts {
            Some(counts) => counts,
            None => {
                let params = Params::new([("limit".to_owned(), "1".to_owned())]);
                self.find_comparables_in(Some(published), Source::Clause(id), params).await?.counts
            }
        };
        let (platform, evidence) = (view_platform(&clause.platform), view_evidence(&clause));
        let view = view_clause(&clause, &self.collection);
        let cited = Cited { platform: &platform, clause: &view, evidence: &evidence };
        Ok(ClauseRecord {
            generation,
            record: self.write_record(&clause),
            citation: Citation::new(&platform, &view, &evidence),
            citation_bibtex: cited.write_bibtex(clause.document.updated_on.as_deref()),
            citation_csl: cited.write_csl(clause.document.updated_on.as_deref()),
            stability: Stability::of_history(&history),
            unique: counts.platforms == 0,
            counts,
        })
    }

    /// The record as it is in force: what was given, under what an analyst said, over what was
    /// inferred.
    fn write_record(&self, clause: &Clause) -> Map<String, Value> {
        let vantage = Vantage::of_clause(clause, self.collection.taxonomy());
        let mut record = match serde_json::to_value(&clause.given) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let mut types = vantage.clause_types.into_iter();
        let mut put = |key: &str, value: Value| record.insert(key.to_owned(), value);
        put("id", json!(clause.id));
        put("platform", json!(clause.platform));
        put("document", json!(clause.document));
        put("text", json!(clause.text));
        put("title", json!(clause.given.title));
        put("language", json!(clause.language()));
        put("clause_type", json!(types.next()));
        put("other_clause_types", json!(types.collect::<Vec<_>>()));
        put("categories", json!(vantage.categories));
        put("severity", json!(Severity::as_str(clause.severity())));
        put("regulations", json!(clause.regulations()));
        let kind = clause.clause_type().and_then(|id| self.collection.taxonomy().clause_type(id));
        put("regulations_often_relevant", json!(kind.map(|kind| &kind.regulations)));
        let annotation = &clause.annotation;
        put(
            "why_it_matters",
            json!(annotation.why_it_matters.as_ref().or(clause.given.why_it_matters.as_ref())),
        );
        put(
            "consumer_impact",
            json!(annotation.consumer_impact.as_ref().or(clause.given.consumer_impact.as_ref())),
        );
        put("version", json!(clause.version));
        put("wording", json!(clause.wording));
        put("recorded_at", json!(clause.recorded_at));
        let fields = clause.inferred_fields();
        let classified = if fields.is_empty() {
            Value::Null
        } else {
            json!(Classified {
                by: clause.inferred.by.clone(),
                fields: fields.iter().map(ToString::to_string).collect(),
                matched: clause.inferred.matched.clone(),
                types: clause.inferred.types.clone(),
            })
        };
        put("classified", classified);
        record
    }
}
