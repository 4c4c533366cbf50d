//! From invented sentences to a generated collection that every engine in this process answers from.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;

use anyhow::Result;
use crossclause::answer::Desk;
use crossclause::collection::{Collection, CollectionError, EngineChoice, Knowledge};
use crossclause::ingest::RecordChecker;
use crossclause::taxonomy::Taxonomy;
use crossclause_compare::generate::{Wish, generate};
use crossclause_compare::measure::{Measure, tell_side_by_side};
use crossclause_compare::model::Model;
use crossclause_compare::random::Random;
use crossclause_compare::record::{Labeller, read_lines};
use crossclause_compare::work::{Choice, Work, prepare};
use crossclause_compare::{ours, report, sqlite, stock};
use serde_json::{Value, json};

const NAMES: [&str; 5] = ["Quillhaven", "Fenwick", "Oakmere", "Tarnley", "Birchly"];
const WHO: [&str; 4] = ["We", "The keeper of the mill", "Quillhaven", "Our partners"];
const WHAT: [&str; 6] = [
    "may end your account at any time",
    "settle every dispute by binding arbitration",
    "keep your letters for thirty days",
    "share the measure of your garden with advertisers",
    "charge a fee for a late return, without notice",
    "use cookies to remember your choices",
];
const WHEN: [&str; 5] = [
    "unless the law forbids it",
    "if you do not object within a week, in writing",
    "and you agree to that",
    "as long as the bridge stands",
    "to the extent permitted by law",
];

const WHERE: [&str; 12] = [
    "mill", "garden", "harbour", "library", "orchard", "tower", "market", "cellar", "meadow", "workshop",
    "ferry", "chapel",
];

/// A sentence of its number: numbers below some thousands have different ones.
fn invent_sentence(number: usize) -> String {
    let random = &mut Random::new(11, number as u64);
    let mut pick = |words: &[&'static str]| words[random.place(words.len())];
    format!(
        "{} {} in the {} by the {}, {}.",
        pick(&WHO),
        pick(&WHAT),
        pick(&WHERE),
        pick(&WHERE),
        pick(&WHEN)
    )
}

/// Three hundred clauses of five platforms; each sixth wording is on all of them.
fn invent() -> String {
    let mut lines = String::new();
    for number in 0..300_usize {
        let platform = number % 5;
        let wording = if (number / 5) % 6 == 0 { number / 5 } else { 1_000 + number };
        let record = json!({
            "id": format!("c{number}"),
            "platform": {"id": format!("p{platform}"), "name": NAMES[platform]},
            "document": {"id": format!("p{platform}.terms"), "title": "Terms of Service", "type": "terms-of-service"},
            "title": WHAT[wording % 6],
            "language": "en",
            "text": format!("{} {}", invent_sentence(2 * wording), invent_sentence(2 * wording + 1)),
        });
        // Writing to a text cannot fail.
        let _ = writeln!(lines, "{record}");
    }
    lines
}

fn make(source: &str, wish: Wish) -> Result<Vec<Value>> {
    let model = Model::read(source.as_bytes(), &Taxonomy::bundled()?)?;
    let mut made = Vec::new();
    generate(&model, wish, |record| {
        made.push(record);
        Ok(())
    })?;
    Ok(made)
}

#[test]
fn a_seed_makes_the_same_records_and_all_of_them_are_sound() -> Result<()> {
    let source = invent();
    let wish = Wish { clauses: 1_000, platforms: 0, seed: 3 };
    let made = make(&source, wish)?;
    assert_eq!(made, make(&source, wish)?);
    assert_ne!(made, make(&source, Wish { seed: 4, ..wish })?);
    let taxonomy = Taxonomy::bundled()?;
    let checker = RecordChecker::new(&taxonomy)?;
    let mut ids = HashSet::new();
    let mut platforms = HashSet::new();
    for record in made {
        ids.insert(record["id"].as_str().map(str::to_owned));
        platforms.insert(record["platform"]["id"].as_str().map(str::to_owned));
        checker.check(record).map_err(anyhow::Error::msg)?;
    }
    assert_eq!((ids.len(), platforms.len()), (1_000, wish.platforms()));
    Ok(())
}

#[test]
fn what_repeats_in_the_source_repeats_in_the_result() -> Result<()> {
    let source = invent();
    let taxonomy = Taxonomy::bundled()?;
    let labeller = Labeller::new(&taxonomy);
    let (mut of_source, mut of_result) = (Measure::new(&labeller, 300), Measure::new(&labeller, 2_000));
    read_lines(source.as_bytes(), |line| {
        of_source.add(&line);
        Ok(())
    })?;
    let made: String = make(&source, Wish { clauses: 2_000, platforms: 20, seed: 1 })?
        .iter()
        .map(|record| format!("{record}\n"))
        .collect();
    read_lines(made.as_bytes(), |line| {
        of_result.add(&line);
        Ok(())
    })?;
    let table = tell_side_by_side(&of_source, &of_result);
    let figures = |measure: &Measure<'_>, name: &str| -> f64 {
        let found = measure.figures().into_iter().find(|(row, _)| row == name);
        found.and_then(|(_, value)| value.split(' ').next()?.parse().ok()).unwrap_or(f64::NAN)
    };
    for (name, within) in [("wording on several platforms", 5.0), ("terms a clause, mean", 3.0)] {
        let (one, two) = (figures(&of_source, name), figures(&of_result, name));
        assert!((one - two).abs() <= within, "{name}\n{table}");
    }
    Ok(())
}

#[test]
fn engines_count_the_same() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (data, path) = (folder.path().join("data"), folder.path().join("work"));
    let collection = Collection::open(&data, EngineChoice::Tantivy, Knowledge::bundled()?, true)?;
    let made = make(&invent(), Wish { clauses: 600, platforms: 12, seed: 5 })?;
    {
        let checker = RecordChecker::new(collection.taxonomy())?;
        collection.write(|unit| -> Result<(), CollectionError> {
            for record in made {
                let taken = checker.check(record).map(|record| unit.put(record));
                assert!(matches!(taken, Ok(Ok(Ok(_)))), "a record is refused");
            }
            Ok(())
        })?;
    }
    drop(collection);
    prepare(&Desk::new(ours::open(&data)?), &Choice::Drawn(20, 1), &path)?;
    let work = Work::open(&path)?;
    assert_eq!((work.asked.len(), work.clauses), (20, 600));
    ours::measure(&work, &data, 0.0)?;
    stock::measure(&work, 0.0)?;
    sqlite::measure(&work, 0.0)?;
    let report = report::report(&path, None)?;
    assert!(report.contains("of full-25 agree among 4 ways on 20 of 20 queries."), "{report}");
    assert!(report.contains("of filtered-25 agree among 4 ways on 20 of 20 queries."), "{report}");
    let answers = fs::read_to_string(path.join("crossclause.answers.tsv"))?;
    assert!(answers.lines().any(|line| line.starts_with("answer\t")), "{answers}");
    Ok(())
}
