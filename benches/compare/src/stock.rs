//! tantivy by its plain API: its queries, its BM25, its collectors and aggregations.
//!
//! It has no grouping, so the best of each platform come from more first clauses than are wanted
//! (`overfetch`), with counts and facets from its aggregations, or from a collector written for the
//! purpose on its public traits (`collector`).

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{AggregationResult, AggregationResults, BucketResult};
use tantivy::aggregation::{AggContextParams, AggregationCollector, AggregationLimitsGuard};
use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::StrColumn;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::tokenizer::WhitespaceTokenizer;
use tantivy::{
    DocAddress, DocId, Index, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, Term,
};

use crate::timing::{COUNTED, Stopwatch, Told};
use crate::work::{Asked, Work};

/// How many platforms are wanted.
const FIRST: usize = 10;

/// How many clauses are fetched first, and how many times as many if that was too few.
const FETCHED: usize = 100;
const MORE: usize = 10;

/// Memory of the writer.
const HEAP: usize = 512 << 20;

const FACETS: [&str; 2] = ["category", "severity"];

struct Stock<'a> {
    work: &'a Work,
    searcher: Searcher,
    terms: Field,
    id: Field,
    platforms: StrColumn,
}

/// Indexes and measures.
///
/// # Errors
/// If the index cannot be written or read.
pub fn measure(work: &Work, seconds: f64) -> Result<()> {
    let path = work.path.join("tantivy");
    if !path.join("complete").exists() {
        let begin = Instant::now();
        write_index(work, &path)?;
        std::fs::write(path.join("complete"), "")?;
        eprintln!("tantivy: indexed in {:.1} s", begin.elapsed().as_secs_f64());
    }
    let index = Index::open_in_dir(&path)?;
    index.tokenizers().register("spaces", WhitespaceTokenizer::default());
    let searcher = index.reader()?.searcher();
    let [segment] = searcher.segment_readers() else { bail!("the index has more than one segment") };
    let platforms = segment.fast_fields().str("platform")?.context("platforms")?;
    let (terms, id) = (index.schema().get_field("terms")?, index.schema().get_field("id")?);
    let stock = Stock { work, searcher: searcher.clone(), terms, id, platforms };
    let mut stopwatch = Stopwatch::new("tantivy", work, seconds)?;
    for (name, few) in [("25", true), ("all", false)] {
        stopwatch.measure(
            &format!("plain-{name}"),
            |asked| {
                let top = TopDocs::with_limit(FIRST).order_by_score();
                Ok((stock.searcher.search(&stock.any_of(asked, few), &top)?, None))
            },
            |found| stock.tell(found.into_iter().map(|(_, address)| address), None),
        )?;
    }
    for (name, few, filtered) in COUNTED {
        stopwatch.measure(
            &name.replace("full", "overfetch").replace("filtered", "overfetch-filtered"),
            |asked| Ok((stock.overfetch(asked, few, filtered)?, None)),
            |(best, aggregated)| stock.tell(best.into_iter(), Some(aggregated)),
        )?;
        stopwatch.measure(
            &name.replace("full", "collector").replace("filtered", "collector-filtered"),
            |asked| Ok((stock.collect(asked, few, filtered)?, None)),
            |(best, told)| Ok(Told { ids: stock.tell(best.into_iter(), None)?.ids, ..told }),
        )?;
    }
    Ok(())
}

/// All clauses in their order, merged into one segment.
fn write_index(work: &Work, path: &Path) -> Result<()> {
    std::fs::create_dir_all(path)?;
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STORED);
    let spaces = TextFieldIndexing::default()
        .set_tokenizer("spaces")
        .set_fieldnorms(true)
        .set_index_option(IndexRecordOption::WithFreqs);
    let terms = builder.add_text_field("terms", TextOptions::default().set_indexing_options(spaces));
    let keyword = || STRING.set_fast("raw");
    let [platform, severity, category] =
        ["platform", "severity", "category"].map(|name| builder.add_text_field(name, keyword()));
    let index = Index::create_in_dir(path, builder.build())?;
    index.tokenizers().register("spaces", WhitespaceTokenizer::default());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, HEAP)?;
    work.read_documents(|clause| {
        let mut document = TantivyDocument::new();
        document.add_text(id, clause.id);
        document.add_text(terms, clause.terms);
        document.add_text(platform, clause.platform);
        document.add_text(severity, clause.severity);
        for one in clause.categories.split(' ') {
            document.add_text(category, one);
        }
        writer.add_document(document)?;
        Ok(())
    })?;
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

impl Stock<'_> {
    fn any_of(&self, asked: &Asked, few: bool) -> BooleanQuery {
        let any = asked.some(few).iter().map(|term| -> Box<dyn Query> {
            let term = Term::from_field_text(self.terms, term);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        });
        BooleanQuery::union(any.collect())
    }

    /// What is searched: any of the terms, the source's platform left out, filters but the lifted one.
    fn restrict(
        &self,
        asked: &Asked,
        few: bool,
        filtered: bool,
        lifted: Option<&str>,
    ) -> Result<BooleanQuery> {
        let schema = self.searcher.schema();
        let keyword = |field: Field, value: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
        };
        let mut all: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(self.any_of(asked, few)))];
        let platform = schema.get_field("platform")?;
        all.extend(asked.left_out.iter().map(|id| (Occur::MustNot, keyword(platform, id))));
        for (facet, values) in [("category", &self.work.categories), ("severity", &self.work.severities)] {
            if filtered && lifted != Some(facet) {
                let field = schema.get_field(facet)?;
                let any = BooleanQuery::union(values.iter().map(|value| keyword(field, value)).collect());
                // A constant score: the filter adds none.
                let any = tantivy::query::ConstScoreQuery::new(Box::new(any), 0.0);
                all.push((Occur::Must, Box::new(any)));
            }
        }
        Ok(BooleanQuery::new(all))
    }

    fn aggregate(&self, facets: &[&str], platforms: bool) -> Result<AggregationCollector> {
        let by_platform =
            json!({"terms": {"field": "platform", "size": 1_000_000, "segment_size": 1_000_000}});
        let mut wanted = serde_json::Map::new();
        for facet in facets {
            let by_value =
                json!({"terms": {"field": facet, "size": 1_000}, "aggs": {"platform": by_platform}});
            wanted.insert((*facet).to_owned(), by_value);
        }
        if platforms {
            wanted.insert("platform".to_owned(), by_platform);
        }
        let wanted: Aggregations = serde_json::from_value(wanted.into())?;
        let limits = AggregationLimitsGuard::new(Some(4 << 30), Some(10_000_000));
        let context = AggContextParams { limits, ..AggContextParams::default() };
        Ok(AggregationCollector::from_aggs(wanted, context))
    }

    /// The best of ten platforms among more and more first clauses, counted by aggregations.
    fn overfetch(&self, asked: &Asked, few: bool, filtered: bool) -> Result<(Vec<DocAddress>, Counted)> {
        let query = self.restrict(asked, few, filtered, None)?;
        let facets: &[&str] = if filtered { &[] } else { &FACETS };
        let mut limit = FETCHED;
        let first = TopDocs::with_limit(limit).order_by_score();
        let (mut found, clauses, aggregated) =
            self.searcher.search(&query, &(first, Count, self.aggregate(facets, true)?))?;
        let mut counted = vec![aggregated];
        for facet in FACETS.into_iter().filter(|_| filtered) {
            let lifted = self.restrict(asked, few, true, Some(facet))?;
            counted.push(self.searcher.search(&lifted, &self.aggregate(&[facet], false)?)?);
        }
        loop {
            let mut seen = HashSet::new();
            let platform = |address: &DocAddress| self.platforms.ords().first(address.doc_id);
            let best: Vec<DocAddress> = found
                .iter()
                .map(|(_, address)| *address)
                .filter(|address| seen.insert(platform(address)))
                .take(FIRST)
                .collect();
            if best.len() == FIRST || found.len() < limit {
                return Ok((best, Counted { clauses, results: counted }));
            }
            limit *= MORE;
            found = self.searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        }
    }

    /// The same by a collector of our own: one pass, and one for each lifted filter.
    fn collect(&self, asked: &Asked, few: bool, filtered: bool) -> Result<(Vec<DocAddress>, Told)> {
        let query = self.restrict(asked, few, filtered, None)?;
        let facets: &[&'static str] = if filtered { &[] } else { &FACETS };
        let mut found = self.searcher.search(&query, &Best { facets: facets.to_vec(), scoring: true })?;
        for facet in FACETS.into_iter().filter(|_| filtered) {
            let lifted = self.restrict(asked, few, true, Some(facet))?;
            let counted = self.searcher.search(&lifted, &Best { facets: vec![facet], scoring: false })?;
            found.facets.extend(counted.facets);
        }
        let mut best: Vec<(Score, DocId)> =
            found.best.iter().copied().filter(|(score, _)| *score > f32::NEG_INFINITY).collect();
        let platforms = best.len() as u64;
        let by_score =
            |one: &(Score, DocId), two: &(Score, DocId)| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1));
        if best.len() > FIRST {
            best.select_nth_unstable_by(FIRST, by_score);
            best.truncate(FIRST);
        }
        best.sort_by(by_score);
        let mut told = Told { counts: Some((found.clauses, platforms)), ..Told::default() };
        for (facet, value, clauses, on) in found.facets {
            told.count(facet, &value, clauses, on);
        }
        Ok((best.into_iter().map(|(_, document)| DocAddress::new(0, document)).collect(), told))
    }

    fn tell(&self, best: impl Iterator<Item = DocAddress>, counted: Option<Counted>) -> Result<Told> {
        let mut told = Told::default();
        for address in best {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let id =
                document.get_first(self.id).and_then(|value| value.as_str()).context("an id")?.to_owned();
            told.ids.push(id);
        }
        let Some(counted) = counted else { return Ok(told) };
        let mut platforms = 0;
        for (facet, result) in counted.results.into_iter().flat_map(|results| results.0) {
            let AggregationResult::BucketResult(BucketResult::Terms { buckets, .. }) = result else {
                continue;
            };
            if facet == "platform" {
                platforms = buckets.len() as u64;
                continue;
            }
            for bucket in buckets {
                let on = bucket.sub_aggregation.0.into_values().next();
                let Some(AggregationResult::BucketResult(BucketResult::Terms { buckets: on, .. })) = on
                else {
                    continue;
                };
                told.count(&facet, &bucket.key.to_string(), bucket.doc_count, on.len() as u64);
            }
        }
        told.counts = Some((counted.clauses as u64, platforms));
        Ok(told)
    }
}

struct Counted {
    clauses: usize,
    results: Vec<AggregationResults>,
}

/// Collects the best clause of each platform, and counts.
struct Best {
    facets: Vec<&'static str>,
    scoring: bool,
}

/// What was collected: by platform the best score and its clause, and facets as name, value,
/// clauses and platforms.
#[derive(Default)]
struct Collected {
    clauses: u64,
    best: Vec<(Score, DocId)>,
    facets: Vec<(&'static str, String, u64, u64)>,
}

struct BestOfSegment {
    platforms: StrColumn,
    clauses: u64,
    best: Vec<(Score, DocId)>,
    facets: Vec<FacetOfSegment>,
}

struct FacetOfSegment {
    name: &'static str,
    column: StrColumn,
    clauses: Vec<u64>,
    /// A bit for each platform of each value.
    platforms: Vec<Vec<u64>>,
}

impl Collector for Best {
    type Fruit = Collected;
    type Child = BestOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        let column = |name: &str| -> tantivy::Result<StrColumn> {
            let missing = || tantivy::TantivyError::SchemaError(format!("no column {name}"));
            segment.fast_fields().str(name)?.ok_or_else(missing)
        };
        let platforms = column("platform")?;
        let count = platforms.num_terms();
        let mut facets = Vec::new();
        for name in &self.facets {
            let column = column(name)?;
            let values = column.num_terms();
            let platforms = vec![vec![0; count.div_ceil(64)]; values];
            facets.push(FacetOfSegment { name, clauses: vec![0; values], platforms, column });
        }
        let best = if self.scoring { vec![(f32::NEG_INFINITY, 0); count] } else { Vec::new() };
        Ok(BestOfSegment { platforms, clauses: 0, best, facets })
    }

    fn requires_scoring(&self) -> bool {
        self.scoring
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Collected>>) -> tantivy::Result<Collected> {
        // The index has one segment.
        fruits.into_iter().next().unwrap_or_else(|| Ok(Collected::default()))
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = tantivy::Result<Collected>;

    fn collect(&mut self, document: DocId, score: Score) {
        let Some(platform) = self.platforms.ords().first(document) else { return };
        let platform = platform as usize;
        self.clauses += 1;
        if let Some(best) = self.best.get_mut(platform)
            && score > best.0
        {
            *best = (score, document);
        }
        for facet in &mut self.facets {
            for value in facet.column.term_ords(document) {
                facet.clauses[value as usize] += 1;
                facet.platforms[value as usize][platform / 64] |= 1 << (platform % 64);
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Collected> {
        let mut facets = Vec::new();
        for facet in self.facets {
            for (value, &clauses) in facet.clauses.iter().enumerate().filter(|(_, clauses)| **clauses > 0) {
                let mut name = String::new();
                facet.column.ord_to_str(value as u64, &mut name)?;
                let platforms: u32 = facet.platforms[value].iter().map(|bits| bits.count_ones()).sum();
                facets.push((facet.name, name, clauses, u64::from(platforms)));
            }
        }
        Ok(Collected { clauses: self.clauses, best: self.best, facets })
    }
}
