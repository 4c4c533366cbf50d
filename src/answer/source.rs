//! What comparables are asked for: a clause, or a pasted text read like one.

use std::collections::{HashMap, HashSet};

use super::view::{PlatformView, SourceView};
use crate::clause::{
    Annotation, Clause, ClauseId, Document, DocumentId, Given, Platform, PlatformId, Severity,
};
use crate::collection::{Collection, Published, Vantage, read_clause};
use crate::engine::{Agreement, Attribute, Slot};
use crate::profile::Profile;
use crate::score::{WeightedTerm, measure_source, weigh_source};
use crate::taxonomy::UNTYPED;
use crate::text::language::detect_language;
use crate::text::mask::Mask;
use crate::text::term::key_wording;

/// A source, analysed.
pub(super) struct ReadSource {
    pub(super) view: SourceView,
    pub(super) text: String,
    pub(super) mask: Mask,
    pub(super) platform: Option<Platform>,
    /// Ids of the other platforms of the same company.
    pub(super) affiliates: HashSet<String>,
    pub(super) terms: Vec<WeightedTerm>,
    pub(super) self_similarity: u32,
    pub(super) profile: Profile,
    pub(super) wording: u64,
    pub(super) agreement: Vec<Agreement>,
}

impl ReadSource {
    /// Reads a clause of the collection.
    pub(super) fn of_clause(clause: &Clause, collection: &Collection, published: &Published) -> Self {
        let mask = Mask::of_platform(&clause.platform);
        let view = SourceView {
            id: Some(clause.id.to_string()),
            platform: Some(view_platform(&clause.platform)),
            ..describe(clause, collection)
        };
        Self::read(clause, Some(clause.platform.clone()), view, &mask, collection, published)
    }

    /// Reads a pasted text: a clause without title or document, analysed and classified as at ingest.
    pub(super) fn of_text(
        text: &str,
        language: Option<&str>,
        platform: Option<&Platform>,
        collection: &Collection,
        published: &Published,
    ) -> Option<Self> {
        let language = language.unwrap_or_else(|| detect_language(text));
        let given = Given { language: Some(language.to_owned()), ..Given::default() };
        let inferred = collection.classifier().infer(text, &given, &Annotation::default().labels, language);
        let stand_in =
            Platform { id: PlatformId::new("pasted").ok()?, name: String::new(), parent: None, domain: None };
        let clause = Clause {
            id: ClauseId::new("pasted").ok()?,
            version: 1,
            platform: platform.cloned().unwrap_or(stand_in),
            document: Document {
                id: DocumentId::new("pasted").ok()?,
                title: String::new(),
                document_type: None,
                url: None,
                updated_on: None,
            },
            wording: 1,
            text: text.to_owned(),
            recorded_at: String::new(),
            given,
            annotation: Annotation::default(),
            inferred,
        };
        let mask = platform.map(Mask::of_platform).unwrap_or_default();
        let view = SourceView { platform: platform.map(view_platform), ..describe(&clause, collection) };
        Some(Self::read(&clause, platform.cloned(), view, &mask, collection, published))
    }

    fn read(
        clause: &Clause,
        platform: Option<Platform>,
        view: SourceView,
        mask: &Mask,
        collection: &Collection,
        published: &Published,
    ) -> Self {
        let schema = collection.schema();
        let factor = schema.title_factor();
        let vantage = Vantage::of_clause(clause, collection.taxonomy());
        let (read, profile) = read_clause(clause, &vantage, mask, collection.knowledge());
        let frequencies = read.frequencies(factor);
        let terms = weigh_source(schema, &published.statistics, &frequencies);
        let self_similarity = measure_source(&terms, &frequencies, read.length(factor), &published.impacts);
        let known = |values: Vec<String>| values.into_iter().filter(|value| value != UNTYPED).collect();
        let weights = &schema.comparables.agreement;
        let agreement = vec![
            Agreement {
                attribute: Attribute::ClauseType,
                values: known(vantage.clause_types),
                weight: weights.clause_type,
            },
            Agreement {
                attribute: Attribute::Category,
                values: known(vantage.categories),
                weight: weights.category,
            },
            Agreement {
                attribute: Attribute::DocumentType,
                values: clause.document.document_type.clone().into_iter().collect(),
                weight: weights.document_type,
            },
        ];
        Self {
            view,
            text: clause.text.clone(),
            mask: mask.clone(),
            platform,
            affiliates: HashSet::new(),
            self_similarity,
            profile,
            wording: key_wording(&clause.text, mask),
            agreement,
            terms,
        }
    }

    /// Its terms as words asked for.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.terms.iter().map(|term| Slot { weight: term.weight, terms: vec![term.term.clone()] }).collect()
    }

    /// The weight of each of its terms.
    pub(super) fn weights(&self) -> HashMap<String, u32> {
        self.terms.iter().map(|term| (term.term.clone(), term.weight)).collect()
    }
}

fn describe(clause: &Clause, collection: &Collection) -> SourceView {
    let vantage = Vantage::of_clause(clause, collection.taxonomy());
    SourceView {
        id: None,
        platform: None,
        title: clause.given.title.clone(),
        severity: Severity::as_str(clause.severity()).to_owned(),
        categories: vantage.categories,
        clause_type: vantage.clause_types.into_iter().next().unwrap_or_default(),
        language: clause.language().to_owned(),
    }
}

/// A platform, named.
pub(super) fn view_platform(platform: &Platform) -> PlatformView {
    PlatformView { id: platform.id.to_string(), name: platform.name.clone(), parent: platform.parent.clone() }
}
