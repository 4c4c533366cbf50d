//! A typed query in the terms of the collection.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::field::{FieldReader, ReadFields};
use super::filter::FilterSet;
use super::params::shorten;
use super::{AnswerError, Desk};
use crate::clause::Day;
use crate::collection::Published;
use crate::engine::naive::NaiveEngine;
use crate::engine::{Answer, Engine, Phrase, Question, Slot};
use crate::profile::Profile;
use crate::score::weigh_term;
use crate::statistics::Statistics;
use crate::text::fold::fold_word;
use crate::text::mask::Mask;
use crate::text::query::{MAX_QUERY_CHARACTERS, ParsedQuery, parse_query};
use crate::text::term::{analyze, make_term};
use crate::vector::{Addition, Vector};

/// Languages by which a query is stemmed where the statistics name none.
const FALLBACK_LANGUAGES: [&str; 1] = ["en"];

/// How many words, phrases, exclusions or fields a query may have.
const MAX_PARTS: usize = 64;

/// How many words a prefix stands for, at most.
const MAX_PREFIX_WORDS: usize = 50;

/// How a query was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct QueryView {
    /// Words and prefixes; a clause holds enough of their weight.
    pub words: Vec<QueryWord>,
    /// Phrases that a clause holds, folded.
    pub phrases: Vec<String>,
    /// Words, phrases and prefixes that it does not hold, folded.
    pub exclusions: Vec<String>,
    /// Clause types that were added to what the order is by, the nearest first.
    pub expansion: Vec<QueryExpansion>,
    /// Fields, each of which narrows what is found.
    pub filters: Vec<QueryField>,
    /// What was read otherwise than it was written.
    pub notes: Vec<String>,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryWord {
    /// The word, folded; a prefix with its star.
    pub word: String,
    /// Stems by which a clause holds it.
    pub terms: Vec<String>,
    /// Words that stand in for it: a correction, equivalents of the taxonomy, or those that begin with the prefix.
    pub stands_for: Vec<String>,
    /// Its weight, 0 to 255; 0 where every clause holds it, and then it asks for nothing.
    pub weight: u32,
}

/// A clause type whose label and definition were added to the vector of a query's words. It moves what
/// is nearer to it up; which clauses are found does not depend on it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QueryExpansion {
    /// Its id.
    pub clause_type: String,
    /// How much was added, of the words themselves: 0 to 1.
    pub weight: f64,
}

/// A field of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryField {
    /// Its name, that of the filter, or `id`.
    pub field: String,
    /// Its values, any of which will do.
    pub values: Vec<String>,
    /// Whether a clause has none of them.
    pub excluded: bool,
}

/// A query in the terms of the collection.
#[derive(Default)]
pub(super) struct ReadQuery {
    pub(super) slots: Vec<Slot>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) exclusions: Vec<Phrase>,
    pub(super) corrections: BTreeMap<String, String>,
    /// The weight of all words.
    pub(super) whole: u32,
    /// Whether it asks for no words at all.
    pub(super) blank: bool,
    /// What it is ranked by.
    pub(super) profile: Profile,
    /// How it was read.
    pub(super) view: QueryView,
    /// The clauses that it names, if it names any: no others are asked.
    named: Option<NaiveEngine>,
}

impl ReadQuery {
    /// Reads a query; its fields are laid over the filters.
    ///
    /// # Errors
    /// [`AnswerError::BadParameter`] if it is too long or has too many parts.
    pub(super) fn read(
        typed: &str,
        filters: &mut FilterSet,
        desk: &Desk,
        published: &Published,
    ) -> Result<Self, AnswerError> {
        let mut parsed = parse(typed)?;
        let field_reader = FieldReader { desk, published, as_of: filters.as_of };
        let mut fields = field_reader.take(&mut parsed, filters)?;
        take_bare_id(typed, &mut parsed, &mut fields, field_reader)?;
        let statistics = &published.statistics;
        for name in &parsed.unknown_fields {
            fields.notes.push(format!("`{}:` is no field: it was read as words", shorten(name)));
        }
        let mut languages: Vec<&str> = filters.languages.iter().map(String::as_str).collect();
        if languages.is_empty() {
            languages = statistics.common_languages();
        }
        if languages.is_empty() {
            languages.extend(FALLBACK_LANGUAGES);
        }
        let mut reader = WordReader { languages, desk, statistics, read: Self::default() };
        reader.split_colons(&mut parsed);
        check_parts(&parsed)?;
        reader.read.view = QueryView { filters: fields.taken, notes: fields.notes, ..QueryView::default() };
        let mut read = reader.read_parts(&parsed);
        read.named = fields.named.map(|named| field_reader.open_engine(named)).transpose()?;
        Ok(read)
    }

    /// Asks about the clauses that the query names, or about all.
    pub(super) async fn ask(
        &self,
        desk: &Desk,
        published: &Published,
        as_of: Option<Day>,
        question: &Question,
    ) -> Result<Answer, AnswerError> {
        match &self.named {
            Some(engine) => Ok(engine.answer(question).await?),
            None => desk.ask(published, as_of, question).await,
        }
    }

    /// The weight of each term that holds a word.
    pub(super) fn weights(&self) -> HashMap<String, u32> {
        let mut weights = HashMap::new();
        for slot in &self.slots {
            for term in &slot.terms {
                let weight = weights.entry(term.clone()).or_insert(0);
                *weight = slot.weight.max(*weight);
            }
        }
        weights
    }
}

/// Reads words by a vocabulary.
struct WordReader<'a> {
    languages: Vec<&'a str>,
    desk: &'a Desk,
    statistics: &'a Statistics,
    read: ReadQuery,
}

impl<'a> WordReader<'a> {
    fn read_parts(mut self, parsed: &ParsedQuery) -> ReadQuery {
        for word in &parsed.words {
            self.read_word(word, parsed.phrases.iter().any(|phrase| phrase.contains(word)));
        }
        for prefix in &parsed.prefixes {
            self.read_prefix(prefix);
        }
        let join = |phrase: &Vec<String>| phrase.join(" ");
        self.read.view.phrases = parsed.phrases.iter().map(join).collect();
        self.read.view.exclusions = parsed.exclusions.iter().map(join).collect();
        let make_phrase =
            |words: &Vec<String>| -> Phrase { words.iter().map(|word| self.stem([word.as_str()])).collect() };
        let phrases = parsed.phrases.iter().map(make_phrase).collect();
        let exclusions = parsed.exclusions.iter().map(make_phrase).collect();
        (self.read.phrases, self.read.exclusions) = (phrases, exclusions);
        for prefix in &parsed.excluded_prefixes {
            let words = self.list_words(prefix);
            let terms = if words.is_empty() { self.stem([prefix.as_str()]) } else { self.stem(words) };
            self.read.exclusions.push(vec![terms]);
            self.read.view.exclusions.push(format!("{prefix}*"));
        }
        self.read.profile.vector = self.make_vector(&parsed.words).map(|vector| self.expand(&vector));
        self.read.whole = self.read.slots.iter().map(|slot| slot.weight).sum();
        self.read.blank =
            parsed.words.is_empty() && parsed.prefixes.is_empty() && self.read.exclusions.is_empty();
        self.read
    }

    /// The vector of the words, as if they were a clause in the first language that has vectors;
    /// what a typo was taken for speaks in its place.
    fn make_vector(&self, words: &[String]) -> Option<Vector> {
        let corrections = &self.read.corrections;
        let words: Vec<&str> =
            words.iter().map(|word| corrections.get(word).unwrap_or(word).as_str()).collect();
        let text = words.join(" ");
        let vectors = &self.desk.collection().knowledge().vectors;
        self.languages.iter().find_map(|language| {
            let tokens = analyze(&text, language, &Mask::default());
            vectors.make_vector(&text, &tokens, &[], language)
        })
    }

    /// The vector with what is added to it, which the view tells.
    fn expand(&mut self, vector: &Vector) -> Vector {
        let collection = self.desk.collection();
        let (expanded, added) =
            collection.concepts().expand(vector, collection.knowledge().ranking.expansion);
        let tell = |one: &Addition<'_>| QueryExpansion {
            clause_type: one.concept.to_owned(),
            weight: f64::from(one.weight) / 1_000.0,
        };
        self.read.view.expansion = added.iter().map(tell).collect();
        expanded
    }

    /// Takes words apart at colons where no clause holds them whole.
    fn split_colons(&self, parsed: &mut ParsedQuery) {
        let mut words: Vec<String> = Vec::new();
        for word in std::mem::take(&mut parsed.words) {
            for part in self.split_word(word) {
                if !words.contains(&part) {
                    words.push(part);
                }
            }
        }
        parsed.words = words;
        for phrase in &mut parsed.exclusions {
            let words = std::mem::take(phrase);
            phrase.extend(words.into_iter().flat_map(|word| self.split_word(word)));
        }
    }

    fn split_word(&self, word: String) -> Vec<String> {
        if !word.contains(':') || self.is_known(&word, &self.stem([word.as_str()])) {
            return vec![word];
        }
        word.split(':').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Reads a word. One in quotation marks is meant as it is spelled: nothing stands in for it.
    fn read_word(&mut self, word: &str, quoted: bool) {
        let own = self.stem([word]);
        let mut stands_for: Vec<String> = Vec::new();
        let mut weighed = own.clone();
        let known = self.is_known(word, &own);
        if quoted && !known {
            self.read
                .view
                .notes
                .push(format!("no clause has `{word}`, and in quotation marks nothing stands in for it"));
        } else if !known && let Some(nearest) = self.statistics.nearest_word(word) {
            self.read.corrections.insert(word.to_owned(), nearest.to_owned());
            self.read.view.notes.push(format!("no clause has `{word}`: `{nearest}` stands in for it"));
            stands_for.push(nearest.to_owned());
            weighed = self.stem([nearest]);
        }
        let mut terms = own;
        terms.extend(weighed.iter().cloned());
        for equivalent in self.desk.collection().taxonomy().equivalents(word) {
            terms.extend(self.stem([equivalent.as_str()]));
            stands_for.push(equivalent.clone());
        }
        terms.sort_unstable();
        terms.dedup();
        self.add_slot(word.to_owned(), terms, &weighed, stands_for);
    }

    fn read_prefix(&mut self, prefix: &str) {
        let words = self.list_words(prefix);
        if words.is_empty() {
            self.read_word(prefix, false);
            return;
        }
        let terms = self.stem(words.iter().copied());
        let stands_for = words.into_iter().map(str::to_owned).collect();
        self.add_slot(format!("{prefix}*"), terms.clone(), &terms, stands_for);
    }

    /// The words that a prefix stands for, and a note if there are none or too many.
    fn list_words(&mut self, prefix: &str) -> Vec<&'a str> {
        let (words, all) = self.statistics.words_with_prefix(prefix, MAX_PREFIX_WORDS);
        if words.is_empty() {
            self.read.view.notes.push(format!("no word begins with `{prefix}`: it was read as a word"));
        } else if words.len() < all {
            let note = format!("{all} words begin with `{prefix}`: the {} commonest count", words.len());
            self.read.view.notes.push(note);
        }
        words
    }

    /// Adds a word that any of `terms` holds, and that weighs what `weighed` do.
    fn add_slot(&mut self, word: String, terms: Vec<String>, weighed: &[String], stands_for: Vec<String>) {
        // A word of several stems is as common as the commonest of them.
        let commonest = weighed.iter().max_by_key(|term| (self.statistics.document_frequency(term), *term));
        let schema = self.desk.collection().schema();
        let weight = commonest.map_or(0, |term| weigh_term(schema, self.statistics, term, 1));
        if weight > 0 {
            self.read.slots.push(Slot { weight, terms: terms.clone() });
        }
        self.read.view.words.push(QueryWord { word, terms, stands_for, weight });
    }

    /// The stems of words in all languages, in their order by bytes.
    fn stem<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
        let mut stems: Vec<String> = Vec::new();
        for word in words {
            stems.extend(self.languages.iter().map(|language| make_term(word, language)));
        }
        stems.sort_unstable();
        stems.dedup();
        stems
    }

    /// Whether a word occurs in a clause, by its stem or as it is spelled.
    fn is_known(&self, word: &str, stems: &[String]) -> bool {
        self.statistics.vocabulary.contains_key(word)
            || stems.iter().any(|stem| self.statistics.knows_term(stem))
    }
}

/// Takes a query that is nothing but a clause's id for `id:` with it, unless it is a word that
/// clauses use.
fn take_bare_id(
    typed: &str,
    parsed: &mut ParsedQuery,
    fields: &mut ReadFields,
    reader: FieldReader<'_>,
) -> Result<(), AnswerError> {
    let typed = typed.trim();
    if !fields.taken.is_empty() || reader.published.statistics.vocabulary.contains_key(&fold_word(typed)) {
        return Ok(());
    }
    let Some((id, entries)) = reader.find_entries(typed)? else {
        return Ok(());
    };
    *parsed = ParsedQuery::default();
    fields.notes = vec![format!("`{id}` is the id of a clause")];
    fields.taken = vec![QueryField { field: "id".to_owned(), values: vec![id.to_string()], excluded: false }];
    fields.named = Some(BTreeMap::from([(id, entries)]));
    Ok(())
}

fn fail(problem: String) -> AnswerError {
    AnswerError::BadParameter { name: "q".to_owned(), problem }
}

fn parse(typed: &str) -> Result<ParsedQuery, AnswerError> {
    let length = typed.chars().count();
    if length > MAX_QUERY_CHARACTERS {
        return Err(fail(format!("has {length} characters; at most {MAX_QUERY_CHARACTERS} are allowed")));
    }
    let parsed = parse_query(typed);
    let values: usize = parsed.fields.iter().map(|field| field.values.len()).sum();
    check_count("values of fields", values)?;
    Ok(parsed)
}

fn check_count(name: &str, count: usize) -> Result<(), AnswerError> {
    if count > MAX_PARTS {
        return Err(fail(format!("has {count} {name}; at most {MAX_PARTS} are allowed")));
    }
    Ok(())
}

fn check_parts(parsed: &ParsedQuery) -> Result<(), AnswerError> {
    check_count("words", parsed.words.len() + parsed.prefixes.len())?;
    check_count("phrases", parsed.phrases.len())?;
    let longest = parsed.phrases.iter().chain(&parsed.exclusions).map(Vec::len).max();
    check_count("words in a phrase", longest.unwrap_or(0))?;
    check_count("exclusions", parsed.exclusions.len() + parsed.excluded_prefixes.len())
}
