//! Random collections, clauses and filters: tantivy's engine and the naive one, byte by byte.

use crossclause::collection::EngineChoice;
use serde_json::{Value, json};

use super::{Ask, answer, ingest, open_desk};
use crossclause::answer::Desk;

/// A small generator of numbers (splitmix64): the same seed, the same collection.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const ENGLISH: &[&str] = &[
    "we",
    "you",
    "the",
    "data",
    "content",
    "account",
    "terms",
    "service",
    "train",
    "models",
    "voice",
    "share",
    "partners",
    "delete",
    "retain",
    "arbitration",
    "court",
    "fees",
    "refund",
    "license",
    "royalty",
    "free",
    "worldwide",
    "suspend",
    "notice",
    "without",
    "not",
    "never",
    "unless",
    "cookies",
    "advertising",
    "children",
    "parents",
    "consent",
    "security",
    "breach",
    "liability",
    "damages",
    "warranty",
    "law",
    "California",
];
const FRENCH: &[&str] = &[
    "nous",
    "vous",
    "les",
    "données",
    "compte",
    "conditions",
    "service",
    "supprimer",
    "conserver",
    "partenaires",
    "tribunal",
    "frais",
    "licence",
    "sans",
    "ne",
    "pas",
    "sauf",
    "publicité",
    "enfants",
    "consentement",
];
const GERMAN: &[&str] = &[
    "wir",
    "Sie",
    "die",
    "Daten",
    "Konto",
    "Bedingungen",
    "Dienst",
    "löschen",
    "speichern",
    "Partner",
    "Gericht",
    "Gebühren",
    "Lizenz",
    "ohne",
    "nicht",
    "außer",
    "Werbung",
    "Kinder",
    "Einwilligung",
    "Haftung",
];

/// A word that is longer than a term.
const LONG_WORD: &str = "supercalifragilisticexpialidocioussupercalifragilisticexpialidocioussupercalifragilisticexpialidocioussupercalifragilistic";

/// The shape of a collection.
#[derive(Clone, Copy)]
struct Shape {
    clauses: usize,
    platforms: usize,
    longest: usize,
    ingests: usize,
}

fn make_text(random: &mut Random, words: &[&str], longest: usize) -> String {
    // Some texts have no term at all.
    if random.chance(2) {
        return "— … !".to_owned();
    }
    let length = 3 + random.below(longest);
    let mut text = String::new();
    for place in 0..length {
        // Squared, so that some words are everywhere and some are rare.
        let at = random.below(words.len()) * random.below(words.len()) / words.len();
        text.push_str(if random.chance(1) { LONG_WORD } else { words[at] });
        if longest > 200 {
            // Long clauses need more words than the lists have.
            text.push_str(&format!(" w{}", random.below(4_000)));
        }
        text.push_str(if place % 9 == 8 { ". " } else { " " });
    }
    text.trim_end().to_owned()
}

fn make_record(random: &mut Random, number: usize, shape: Shape, pool: &mut Vec<String>) -> Value {
    let platform = random.below(shape.platforms);
    let (language, words) = match random.below(10) {
        0 => ("fr", FRENCH),
        1 => ("de", GERMAN),
        2 => ("en-GB", ENGLISH),
        _ => ("en", ENGLISH),
    };
    // Equal texts make equal scores at every cut, and equal wordings.
    let text = if !pool.is_empty() && random.chance(25) {
        random.pick(pool).clone()
    } else {
        make_text(random, words, shape.longest)
    };
    pool.push(text.clone());
    let mut record = json!({
        "id": format!("c{}", number * 7919 % 100_003),
        "platform": {"id": format!("p{platform}"), "name": format!("Plat{platform}")},
        "document": {"id": format!("p{platform}.d{}", number % 3), "title": "Terms"},
        "text": text,
        "language": language,
    });
    if platform % 5 < 2 {
        record["platform"]["parent"] = json!(format!("Group{}", platform % 3));
    }
    if random.chance(60) {
        let kinds = ["terms-of-service", "privacy-policy", "cookie-policy"];
        record["document"]["type"] = json!(kinds[number % 3]);
    } else {
        record["document"]["id"] = json!(format!("p{platform}.plain"));
    }
    if random.chance(50) {
        record["title"] = json!(format!("{} {}", random.pick(words), random.pick(words)));
    }
    if random.chance(60) {
        record["clause_type"] =
            json!(random.pick(&["ai-training", "data-retention", "refunds", "binding-arbitration"]));
    }
    if random.chance(20) {
        record["other_clause_types"] = json!(["cookies", "governing-law"]);
    }
    if random.chance(10) {
        record["categories"] = json!(["data-sharing", "content-moderation"]);
    }
    if random.chance(70) {
        record["severity"] = json!(random.pick(&["low", "medium", "high"]));
    }
    if random.chance(30) {
        record["regulations"] = json!([random.pick(&["gdpr", "ccpa", "colorado-ai-act", "coppa"])]);
    }
    if random.chance(60) {
        let first = 1 + random.below(27);
        record["observed"] =
            json!({"first_seen": format!("2024-02-{first:02}"), "last_seen": format!("2025-03-{first:02}")});
    }
    record
}

fn make_params(random: &mut Random, shape: Shape, search: bool) -> Vec<(String, String)> {
    let mut params: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| params.push((name.to_owned(), value));
    if random.chance(25) {
        add("severity", (*random.pick(&["high", "medium", "low", "unrated"])).to_owned());
    }
    if random.chance(10) {
        add("severity", "unrated".to_owned());
    }
    if random.chance(20) {
        let values = ["data-sharing", "untyped", "ai-and-automated-decisions", "dispute-resolution"];
        add("category", (*random.pick(&values)).to_owned());
    }
    if random.chance(20) {
        add("clause_type", (*random.pick(&["ai-training", "untyped", "cookies"])).to_owned());
    }
    if random.chance(10) {
        add("document_type", "privacy-policy".to_owned());
    }
    if random.chance(10) {
        add("regulation", "gdpr".to_owned());
    }
    if random.chance(10) {
        add("jurisdiction", (*random.pick(&["US", "US-CO", "EU"])).to_owned());
    }
    if random.chance(10) {
        add("language", (*random.pick(&["en", "en-gb", "fr"])).to_owned());
    }
    if random.chance(10) {
        add("seen_after", "2025-03-10".to_owned());
    }
    if random.chance(10) {
        add("seen_before", "2024-02-20T10:00:00Z".to_owned());
    }
    if random.chance(20) {
        let days = ["2024-02-14", "2024-12-31", "2025-06-14", "2025-06-15", "2090-01-01"];
        add("as_of", (*random.pick(&days)).to_owned());
    }
    if random.chance(15) {
        add("exclude_platform", format!("p{}", random.below(shape.platforms.min(3))));
    }
    if random.chance(10) {
        add("platform", format!("p{}", random.below(shape.platforms.min(3))));
    }
    if random.chance(50) {
        let facets = "category,severity,clause_type,platform,document_type,regulation,jurisdiction,language";
        add("facets", facets.to_owned());
    }
    if random.chance(60) {
        add("min_score", (*random.pick(&["0", "0.05", "0.2", "0.5", "1"])).to_owned());
    }
    if random.chance(40) {
        add("group_by", (*random.pick(&["platform", "none"])).to_owned());
    }
    if random.chance(20) {
        add("per_platform", "3".to_owned());
    }
    if random.chance(20) {
        add("fold", "wording".to_owned());
    }
    if search && random.chance(40) {
        add("sort", (*random.pick(&["severity", "recent", "relevance"])).to_owned());
    }
    if !search && random.chance(30) {
        add("include_affiliates", "true".to_owned());
    }
    if random.chance(20) {
        add("explain", "true".to_owned());
    }
    add("limit", (*random.pick(&["1", "7", "100"])).to_owned());
    params
}

fn make_query(random: &mut Random) -> String {
    let mut query = String::new();
    for _ in 0..random.below(5) {
        let word = random.pick(ENGLISH);
        match random.below(9) {
            0 => query.push_str(&format!("\"{word} {}\" ", random.pick(ENGLISH))),
            1 => query.push_str(&format!("-{word} ")),
            4 => query.push_str(&make_rarity(random, word)),
            // A typo: the last letter is gone.
            2 => query.push_str(&format!("{} ", &word[..word.len() - 1])),
            3 => query.push_str(&format!("{} ", random.pick(GERMAN))),
            _ => query.push_str(&format!("{word} ")),
        }
    }
    query
}

/// What is seldom typed.
fn make_rarity(random: &mut Random, word: &str) -> String {
    let other = random.pick(ENGLISH);
    match random.below(8) {
        0 => format!("\"{word} {other} {word} {other}\" "),
        1 => format!("\"{word} {word}\" "),
        2 => format!("-\"{word} {other}\" "),
        3 => format!("{}* ", &word[..word.len().min(3)]),
        4 => format!("-{}* ", &word[..word.len().min(4)]),
        5 => format!("severity:high,low -platform:p{} ", random.below(3)),
        6 => format!("id:c{} ", random.below(40) * 7919 % 100_003),
        _ => format!("{LONG_WORD} "),
    }
}

async fn compare_engines(
    random: &mut Random,
    shape: Shape,
    ids: &[String],
    questions: usize,
    desks: [&Desk; 2],
) {
    for _ in 0..questions {
        let kind = random.below(10);
        let mut params = make_params(random, shape, kind >= 6);
        let ask = match kind {
            0..=4 => Ask::Clause(random.pick(ids).clone()),
            5 => {
                params.retain(|(name, _)| name != "platform");
                let platform = random.chance(50).then(|| format!("p{}", random.below(3)));
                Ask::Text(make_text(random, ENGLISH, 30), platform)
            }
            _ => {
                params.push(("q".to_owned(), make_query(random)));
                Ask::Search
            }
        };
        let one = answer(desks[0], &ask, &params).await;
        let two = answer(desks[1], &ask, &params).await;
        assert_eq!(one, two, "{ask:?} {params:?}");
        if random.chance(25) && !one.starts_with("error") {
            page_through(desks[0], &ask, &params, &one).await;
        }
    }
}

/// The order of all items, read in pages of some size.
async fn list_items(desk: &Desk, ask: &Ask, params: &[(String, String)], limit: &str) -> Vec<Value> {
    let mut given: Vec<(String, String)> =
        params.iter().filter(|(name, _)| name != "limit").cloned().collect();
    given.push(("limit".to_owned(), limit.to_owned()));
    let mut items = Vec::new();
    loop {
        let page: Value = serde_json::from_str(&answer(desk, ask, &given).await).expect("a page");
        items.extend(page["cards"].as_array().or(page["hits"].as_array()).expect("a list").iter().cloned());
        given.retain(|(name, _)| name != "cursor");
        let Some(cursor) = page["next_cursor"].as_str() else { return items };
        given.push(("cursor".to_owned(), cursor.to_owned()));
    }
}

/// Pages to the end: what is returned is what was counted, no item twice, and the same in pages of
/// any size.
async fn page_through(desk: &Desk, ask: &Ask, params: &[(String, String)], first: &str) {
    let counted: Value = serde_json::from_str(first).expect("JSON");
    let mut seen = std::collections::BTreeSet::new();
    let mut platforms = std::collections::BTreeSet::new();
    let mut page = counted.clone();
    let mut rank = 0;
    let mut of_cards = 0;
    loop {
        let items = page["cards"].as_array().or(page["hits"].as_array()).expect("a list").clone();
        for item in items {
            rank += 1;
            assert_eq!(item["rank"], json!(rank), "{ask:?} {params:?}");
            assert!(seen.insert(item["clause"]["id"].as_str().expect("an id").to_owned()));
            platforms.insert(item["platform"]["id"].as_str().expect("an id").to_owned());
            let also = item["also"].as_array().map_or(0, Vec::len) as u64;
            of_cards += 1 + also + item["more_on_platform"].as_u64().unwrap_or(0);
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        let mut next: Vec<(String, String)> =
            params.iter().filter(|(name, _)| name != "limit").cloned().collect();
        next.push(("limit".to_owned(), "100".to_owned()));
        next.push(("cursor".to_owned(), cursor.to_owned()));
        page = serde_json::from_str(&answer(desk, ask, &next).await).expect("a page");
        assert_eq!(page["counts"], counted["counts"]);
        assert_eq!(page["facets"], counted["facets"]);
    }
    assert_eq!(
        list_items(desk, ask, params, "7").await,
        list_items(desk, ask, params, "100").await,
        "{ask:?} {params:?}"
    );
    let counts = &counted["counts"];
    if counted["cards"].is_array() {
        assert_eq!(counts["cards"], json!(seen.len()), "{ask:?} {params:?}");
        let folded = params.iter().any(|(name, value)| name == "fold" && value == "wording");
        if !folded {
            assert_eq!(counts["clauses"], json!(of_cards), "{ask:?} {params:?}");
            assert_eq!(counts["platforms"], counts["cards"]);
        }
    } else {
        assert_eq!(counts["clauses"], json!(seen.len()), "{ask:?} {params:?}");
        assert_eq!(counts["platforms"], json!(platforms.len()), "{ask:?} {params:?}");
        // A facet without a filter of its own adds up to what paging returns.
        if let Some(severities) = counted["facets"]["severity"].as_array()
            && !params.iter().any(|(name, value)| name == "severity" || value.contains("severity:"))
        {
            let sum: u64 = severities.iter().filter_map(|value| value["clauses"].as_u64()).sum();
            assert_eq!(json!(sum), counts["clauses"], "{ask:?} {params:?}");
        }
    }
}

async fn check(seed: u64, shape: Shape, questions: usize) {
    let mut random = Random(seed);
    let directory = tempfile::tempdir().expect("a directory");
    let tantivy = open_desk(directory.path(), EngineChoice::Tantivy);
    let mut pool = Vec::new();
    let mut records: Vec<Value> =
        (0..shape.clauses).map(|number| make_record(&mut random, number, shape, &mut pool)).collect();
    for record in &mut records {
        // One document belongs to one platform and has one type.
        let document = record["document"]["id"].as_str().expect("an id").to_owned();
        if document.ends_with("plain") {
            record["document"].as_object_mut().expect("an object").remove("type");
        }
    }
    let part = shape.clauses.div_ceil(shape.ingests);
    for chunk in records.chunks(part) {
        ingest(&tantivy, chunk, false);
    }
    // Some texts change, some clauses go.
    let mut changed: Vec<Value> = Vec::new();
    for record in records.iter_mut().take(shape.clauses / 10) {
        if random.chance(70) {
            record["text"] = json!(make_text(&mut random, ENGLISH, shape.longest));
            record["observed"] = json!({"first_seen": "2025-06-15", "last_seen": "2025-07-01"});
            changed.push(record.clone());
        }
    }
    ingest(&tantivy, &changed, random.chance(50));
    let naive = open_desk(directory.path(), EngineChoice::Naive);
    let live = ids_of(&naive).await;
    assert!(!live.is_empty());
    let desks = [&tantivy, &naive];
    compare_engines(&mut random, shape, &live, questions, desks).await;

    let probe = (Ask::Clause(live[0].clone()), make_params(&mut random, shape, false));
    tantivy.collection().reindex().expect("reindexed");
    naive.collection().synchronize().expect("in step");
    compare_engines(&mut random, shape, &live, questions / 2, desks).await;

    let before = answer(&tantivy, &probe.0, &probe.1).await;
    drop(tantivy);
    std::fs::remove_dir_all(directory.path().join("index")).expect("removed");
    let reopened = open_desk(directory.path(), EngineChoice::Tantivy);
    assert_eq!(answer(&reopened, &probe.0, &probe.1).await, before);
    compare_engines(&mut random, shape, &live, questions / 4, [&reopened, &naive]).await;
}

async fn ids_of(desk: &Desk) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut params = vec![("limit".to_owned(), "100".to_owned())];
        params.extend(cursor.take().map(|cursor| ("cursor".to_owned(), cursor)));
        let page: Value = serde_json::from_str(&answer(desk, &Ask::Search, &params).await).expect("a page");
        for hit in page["hits"].as_array().expect("hits") {
            ids.push(hit["clause"]["id"].as_str().expect("an id").to_owned());
        }
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn small_collections_of_several_segments() {
    for seed in 0..12 {
        let shape =
            Shape { clauses: 40 + seed as usize * 17, platforms: 3 + seed as usize, longest: 40, ingests: 4 };
        check(seed, shape, 60).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_platforms() {
    check(101, Shape { clauses: 1_200, platforms: 260, longest: 30, ingests: 3 }, 60).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_clauses_than_a_window() {
    check(202, Shape { clauses: 4_700, platforms: 40, longest: 25, ingests: 2 }, 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clauses_of_more_terms_than_a_source_keeps() {
    check(303, Shape { clauses: 150, platforms: 12, longest: 700, ingests: 2 }, 40).await;
}
