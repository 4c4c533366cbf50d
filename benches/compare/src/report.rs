//! The tables of a run, in Markdown.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::judge::Peers;
use crate::work::Work;

/// What was measured of one way of one engine.
struct Row {
    engine: String,
    mode: String,
    queries: usize,
    p50: f64,
    p95: f64,
    p99: f64,
}

/// An answer as the engines tell it.
struct Line {
    query: String,
    counted: String,
    ids: String,
}

type Answers = BTreeMap<(String, String), Vec<Line>>;

const ENGINES: [&str; 5] = ["crossclause", "lucene", "tantivy", "sqlite", "postgres"];

/// Ways whose members are all clauses with any of the 25 terms, so that their counts must agree.
const SAME_COUNTS: [&str; 3] = ["full-25", "overfetch-25", "collector-25"];

/// The same with the two filters.
const SAME_FILTERED: [&str; 3] = ["filtered-25", "overfetch-filtered-25", "collector-filtered-25"];

/// The names of engines and ways as a table has them.
fn describe(engine: &str, mode: &str) -> String {
    let engine = match engine {
        "crossclause" => "Crossclause",
        "lucene" => "Lucene 10.5",
        "tantivy" => "tantivy 0.27",
        "sqlite" => "SQLite FTS5",
        _ => "PostgreSQL",
    };
    let terms = if mode.ends_with("25") { ", 25 terms" } else { ", all terms" };
    let filtered = if mode.contains("filtered") { ", two filters" } else { "" };
    let what = match mode {
        "members-all" | "members-all-filtered" => {
            return format!(
                "**{engine}: all members at guard and floor, closeness, counts, facets, platforms{filtered}**"
            );
        }
        "loop-25" => return format!("{engine}: one best a platform, 25 terms, the loop only"),
        "answer" | "answer-filtered" => return format!("{engine}: the whole answer, 10 cards{filtered}"),
        "answer-floor-off" => return format!("{engine}: the whole answer, 10 cards, floor off"),
        "plain-mlt" => return format!("{engine}: plain top 10, MoreLikeThis"),
        "full-mlt" => return format!("{engine}: grouped, counts, facets, MoreLikeThis"),
        _ if mode.starts_with("plain") => "plain top 10",
        _ if mode.starts_with("grouped") => "grouped by platform, nothing counted",
        _ if mode.starts_with("block") => "grouped by blocks, nothing counted",
        _ if mode.starts_with("overfetch") => "over-fetched, counts, facets",
        _ if mode.starts_with("collector") => "a collector of one's own, counts, facets",
        _ if engine == "Crossclause" => "guard and floor off, counts, facets",
        _ => "grouped, counts, facets",
    };
    format!("{engine}: {what}{filtered}{terms}")
}

fn read_times(work: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for engine in ENGINES {
        let Ok(text) = std::fs::read_to_string(work.join(format!("{engine}.times.tsv"))) else { continue };
        for line in text.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let [mode, queries, _, p50, p95, p99] = parts[..] else { continue };
            let number = |text: &str| text.parse().unwrap_or(f64::NAN);
            rows.push(Row {
                engine: engine.to_owned(),
                mode: mode.to_owned(),
                queries: queries.parse().unwrap_or(0),
                p50: number(p50),
                p95: number(p95),
                p99: number(p99),
            });
        }
    }
    rows
}

fn read_answers(work: &Path) -> Answers {
    let mut answers = Answers::new();
    for engine in ENGINES {
        let Ok(text) = std::fs::read_to_string(work.join(format!("{engine}.answers.tsv"))) else { continue };
        for line in text.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let [mode, query, clauses, platforms, facets, ids] = parts[..] else { continue };
            answers.entry((engine.to_owned(), mode.to_owned())).or_default().push(Line {
                query: query.to_owned(),
                counted: format!("{clauses} {platforms} {facets}"),
                ids: ids.to_owned(),
            });
        }
    }
    answers
}

/// nDCG@10 by engine and way.
fn judge(judged: &Path, set: &Path) -> Result<HashMap<(String, String), f64>> {
    let peers = Peers::read(set)?;
    let asked = Work::open(judged)?.asked;
    let mut ideals = HashMap::new();
    let mut figures = HashMap::new();
    for (way, lines) in read_answers(judged) {
        if way.1.starts_with("plain") || way.1.starts_with("loop") || way.1.contains("filtered") {
            continue;
        }
        let given: HashMap<&str, &str> =
            lines.iter().map(|line| (line.query.as_str(), line.ids.as_str())).collect();
        let mut sum = 0.0;
        for one in &asked {
            // A question without an answer has no gain.
            let ids = given.get(one.id.as_str()).copied().unwrap_or_default();
            sum += peers.judge(&one.id, &ids.split_whitespace().collect::<Vec<_>>(), &mut ideals);
        }
        figures.insert(way, sum / asked.len().max(1) as f64);
    }
    Ok(figures)
}

/// Says on how many queries the engines counted the same.
fn tell_agreement(answers: &Answers, modes: &[&str], out: &mut String) {
    let mut counted: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for ((engine, mode), lines) in answers.iter().filter(|((_, mode), _)| modes.contains(&mode.as_str())) {
        for line in lines.iter().filter(|line| !line.counted.starts_with('-')) {
            let way = format!("{engine} {mode}");
            counted.entry(&line.query).or_default().entry(&line.counted).or_default().push(way);
        }
    }
    let ways =
        counted.values().map(|by_count| by_count.values().map(Vec::len).sum::<usize>()).max().unwrap_or(0);
    let agreed = counted.values().filter(|by_count| by_count.len() == 1).count();
    let _ = writeln!(
        out,
        "Exact counts and facets of {} agree among {ways} ways on {agreed} of {} queries.",
        modes.first().copied().unwrap_or_default(),
        counted.len()
    );
    if let Some((query, by_count)) = counted.iter().find(|(_, by_count)| by_count.len() > 1) {
        let _ = writeln!(out, "\nThey differ on {query}:\n");
        for (count, ways) in by_count {
            let _ = writeln!(out, "- {}: {count}", ways.join(", "));
        }
    }
}

/// The tables of a run.
///
/// # Errors
/// If the work folder, or the judged set that is named, cannot be read.
pub fn report(work: &Path, judged: Option<(&Path, &Path)>) -> Result<String> {
    let rows = read_times(work);
    let quality = judged.map(|(judged, set)| judge(judged, set)).transpose()?.unwrap_or_default();
    let find = |engine: &str, mode: &str| rows.iter().find(|row| row.engine == engine && row.mode == mode);
    let ours = find("crossclause", "members-all").map_or(f64::NAN, |row| row.p50);
    let mut out = String::new();
    let clauses = Work::open(work)?.clauses;
    let _ = writeln!(out, "{clauses} clauses, one thread on one core, warm.\n");
    out.push_str("| engine and way | median | p95 | p99 | of ours | nDCG@10 | queries |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for row in &rows {
        let quality = quality.get(&(row.engine.clone(), row.mode.clone()));
        let quality = quality.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.3}"));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {quality} | {} |",
            describe(&row.engine, &row.mode),
            tell_time(row.p50),
            tell_time(row.p95),
            tell_time(row.p99),
            tell_ratio(row.p50 / ours),
            row.queries
        );
    }
    if !quality.is_empty() {
        out.push_str(
            "\nnDCG@10 is of ten platforms' best clauses. At the default floor many questions have fewer than ten cards, as \
             they should; the judged set's protocol turns the floor off, as the others have none.\n",
        );
    }
    out.push_str("\n| ratio of medians | |\n| --- | --- |\n");
    let mut ratio = |what: &str, one: Option<f64>, two: Option<f64>| {
        if let (Some(one), Some(two)) = (one, two) {
            let _ = writeln!(out, "| {what} | {} |", tell_ratio(one / two));
        }
    };
    let p50 = |engine: &str, mode: &str| find(engine, mode).map(|row| row.p50);
    let members = p50("crossclause", "members-all");
    ratio(
        "the evaluator, all members, to Lucene's plain top 10 of 25 terms",
        members,
        p50("lucene", "plain-25"),
    );
    ratio("… to Lucene's grouping, nothing counted", members, p50("lucene", "grouped-25"));
    ratio("… to Lucene's grouping with counts and facets", members, p50("lucene", "full-25"));
    let loop_only = p50("crossclause", "loop-25");
    ratio(
        "one best a platform, the loop only, to Lucene's plain top 10",
        loop_only,
        p50("lucene", "plain-25"),
    );
    ratio("… to tantivy's plain top 10", loop_only, p50("tantivy", "plain-25"));
    let is_offered =
        |row: &&Row| row.engine != "crossclause" && ["full-25", "overfetch-25"].contains(&row.mode.as_str());
    let fastest = rows.iter().filter(is_offered).map(|row| row.p50).min_by(f64::total_cmp);
    ratio(
        "the fastest other grouping with counts and facets (25 terms), to the evaluator (all terms)",
        fastest,
        members,
    );
    let fastest = rows
        .iter()
        .filter(|row| {
            row.engine != "crossclause"
                && ["filtered-25", "overfetch-filtered-25"].contains(&row.mode.as_str())
        })
        .map(|row| row.p50)
        .min_by(f64::total_cmp);
    ratio("… with two filters", fastest, p50("crossclause", "members-all-filtered"));
    ratio(
        "guard and floor off, 25 terms, to the fastest other with the same members",
        p50("crossclause", "full-25"),
        rows.iter().filter(is_offered).map(|row| row.p50).min_by(f64::total_cmp),
    );
    out.push('\n');
    let answers = read_answers(work);
    for modes in [SAME_COUNTS, SAME_FILTERED] {
        tell_agreement(&answers, &modes, &mut out);
    }
    tell_ingest(work, &mut out);
    Ok(out)
}

fn tell_ingest(work: &Path, out: &mut String) {
    let Ok(text) = std::fs::read_to_string(work.join("ingest.tsv")) else { return };
    let read = |name: &str| -> Option<Vec<f64>> {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'))?;
        line.split('\t').map(|part| part.parse().ok()).collect()
    };
    let (Some(ours), Some(theirs)) = (read("crossclause"), read("tantivy")) else { return };
    let ([seconds, peak, index, store, bytes, clauses], [their_seconds, their_peak, their_index, ..]) =
        (&ours[..], &theirs[..])
    else {
        return;
    };
    let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
    // A vector is 128 bytes a clause, which no column packs tighter.
    let without = index - clauses * 128.0;
    let _ = writeln!(
        out,
        "\n| ingest of NDJSON, durable | Crossclause | tantivy by itself | ratio |\n| --- | --- | --- | --- |"
    );
    let _ = writeln!(
        out,
        "| wall time | {seconds:.1} s | {their_seconds:.1} s | {:.2} |",
        seconds / their_seconds
    );
    let _ =
        writeln!(out, "| clauses a second | {:.0} | {:.0} | |", clauses / seconds, clauses / their_seconds);
    let _ = writeln!(out, "| peak memory | {} | {} | |", megabytes(*peak), megabytes(*their_peak));
    let _ = writeln!(
        out,
        "| index (theirs stores the text) | {} | {} | |",
        megabytes(*index),
        megabytes(*their_index)
    );
    let _ = writeln!(
        out,
        "| index without vectors, to the text | {} to {} | | {:.2} |",
        megabytes(without),
        megabytes(*bytes),
        without / bytes
    );
    let _ = writeln!(out, "| record store | {} | | |", megabytes(*store));
}

fn tell_time(milliseconds: f64) -> String {
    match milliseconds {
        time if time < 10.0 => format!("{time:.2} ms"),
        time if time < 100.0 => format!("{time:.1} ms"),
        time => format!("{time:.0} ms"),
    }
}

fn tell_ratio(ratio: f64) -> String {
    match ratio {
        ratio if ratio.is_nan() => "–".to_owned(),
        ratio if ratio < 10.0 => format!("{ratio:.2}"),
        ratio => format!("{ratio:.0}"),
    }
}
