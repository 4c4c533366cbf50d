//! The form of ToS;DR's data: `src/points/ID.json`, `src/cases/NAME.json`, `src/services/NAME.json`.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The largest file of a point, a case or a service, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// How ToS;DR judges a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rating {
    Good,
    Neutral,
    Bad,
    Blocker,
}

impl Rating {
    fn read(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "good" => Some(Self::Good),
            "neutral" => Some(Self::Neutral),
            "bad" => Some(Self::Bad),
            "blocker" => Some(Self::Blocker),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Neutral => "neutral",
            Self::Bad => "bad",
            Self::Blocker => "blocker",
        }
    }
}

/// A statement about services, with the words that it rests on.
#[derive(Debug, PartialEq)]
pub(super) struct Point {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) services: Vec<String>,
    pub(super) document: Option<String>,
    /// As it was given, with HTML.
    pub(super) quote: String,
    pub(super) case: Option<String>,
    pub(super) rating: Option<Rating>,
    pub(super) score: Option<f64>,
    pub(super) summary: Option<String>,
    pub(super) irrelevant: bool,
    pub(super) unmoderated: bool,
}

impl Point {
    /// Reads a point; `name` is its file's name without the ending.
    ///
    /// # Errors
    /// What is wrong, and what was expected.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, String> {
        let value = read_json(text)?;
        let judged = value.get("tosdr").unwrap_or(&Value::Null);
        let rating = match read_text(judged, "point") {
            None => None,
            Some(word) => Some(Rating::read(&word).ok_or_else(|| {
                format!("`tosdr.point` is `{}`; it should be good, neutral, bad or blocker", shorten(&word))
            })?),
        };
        let score = match judged.get("score") {
            None | Some(Value::Null) => None,
            Some(score) => Some(
                read_number(score)
                    .filter(|score| (0.0..=100.0).contains(score))
                    .ok_or("`tosdr.score` should be a number from 0 to 100")?,
            ),
        };
        let services = match value.get("services") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(services)) => {
                let names = services.iter().map(|service| service.as_str().map(str::to_owned));
                names.collect::<Option<Vec<_>>>().ok_or("`services` should be a list of names")?
            }
            Some(_) => return Err("`services` should be a list of names".to_owned()),
        };
        Ok(Self {
            id: read_text(&value, "id").unwrap_or_else(|| name.to_owned()),
            title: read_text(&value, "title"),
            services,
            document: read_text(&value, "quoteDoc"),
            quote: read_text(&value, "quoteText").unwrap_or_default(),
            case: read_text(judged, "case"),
            rating,
            score,
            summary: read_text(judged, "tldr"),
            irrelevant: is_true(judged, "irrelevant") || is_true(&value, "irrelevant"),
            unmoderated: is_true(&value, "needModeration"),
        })
    }
}

/// What a case says of the points filed under it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Case {
    pub(super) rating: Option<Rating>,
    pub(super) score: Option<f64>,
}

/// Reads a case: its title, and its rating. Both stand in its name too, as in "Title-good-50".
pub(super) fn read_case(text: &str) -> Result<(String, Case), String> {
    let value = read_json(text)?;
    let name = read_text(&value, "name").ok_or("a case needs a `name`")?;
    let mut title = name.as_str();
    let mut case = Case::default();
    let named = name.rsplit_once('-').and_then(|(rest, score)| {
        let (title, rating) = rest.rsplit_once('-')?;
        Some((title, Rating::read(rating)?, score.trim().parse::<f64>().ok()?))
    });
    if let Some((front, rating, score)) = named {
        title = front;
        case = Case { rating: Some(rating), score: Some(score) };
    }
    if let Some(rating) = read_text(&value, "point").and_then(|word| Rating::read(&word)) {
        case.rating = Some(rating);
    }
    if let Some(score) = value.get("score").and_then(read_number) {
        case.score = Some(score);
    }
    Ok((title.trim().to_owned(), case))
}

/// A service, as far as its file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: Option<String>,
    pub(super) domain: Option<String>,
}

/// Reads a service.
pub(super) fn read_service(text: &str) -> Result<Service, String> {
    let value = read_json(text)?;
    let first = |key: &str| match value.get(key) {
        Some(Value::Array(all)) => all.first().and_then(Value::as_str).map(str::to_owned),
        _ => read_text(&value, key),
    };
    let url = first("url").or_else(|| first("urls")).or_else(|| first("domains"));
    Ok(Service { name: read_text(&value, "name"), domain: url.as_deref().and_then(read_domain) })
}

/// The host of a URL, without `www.`.
fn read_domain(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("").trim().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let is_host = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || ".-".contains(c));
    (is_host && host.len() <= 200).then(|| host.to_owned())
}

/// The folders of the data.
#[derive(Debug)]
pub(super) struct Folders {
    source: PathBuf,
}

impl Folders {
    /// Finds them in a clone, or in its folder `src`.
    pub(super) fn find(path: &Path) -> Option<Self> {
        [path.join("src"), path.to_owned()]
            .into_iter()
            .find(|source| ["points", "cases", "services"].iter().all(|name| source.join(name).is_dir()))
            .map(|source| Self { source })
    }

    /// Files of one kind by name: the name without `.json`, and the text or why there is none.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(super) fn read(&self, kind: &str) -> io::Result<Vec<(String, Result<String, String>)>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.source.join(kind))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(name) = name.strip_suffix(".json").filter(|name| !name.starts_with('.')) {
                names.push((name.to_owned(), entry.path()));
            }
        }
        names.sort();
        Ok(names.into_iter().map(|(name, path)| (name, read_file(&path))).collect())
    }

    /// Cases by title. Those that cannot be read say nothing.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(super) fn read_cases(&self) -> io::Result<HashMap<String, Case>> {
        let files = self.read("cases")?;
        Ok(files.into_iter().filter_map(|(_, text)| read_case(&text.ok()?).ok()).collect())
    }

    /// Services by the name of their file. Those that cannot be read say nothing.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(super) fn read_services(&self) -> io::Result<HashMap<String, Service>> {
        let files = self.read("services")?;
        Ok(files
            .into_iter()
            .filter_map(|(name, text)| Some((name, read_service(&text.ok()?).ok()?)))
            .collect())
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| format!("it cannot be read: {error}"))?;
    if !metadata.is_file() || metadata.len() > MAX_FILE_BYTES {
        return Err(format!("it should be a file of at most {MAX_FILE_BYTES} bytes"));
    }
    fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))
}

fn read_json(text: &str) -> Result<Value, String> {
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err("it should be a JSON object".to_owned()),
        Err(error) => Err(format!("this is no JSON: {error}")),
    }
}

/// A text that is not empty; a number counts as one.
fn read_text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn read_number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn is_true(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen<'a> = (&'a str, usize, Option<Rating>, Option<f64>);

    #[test]
    fn points_are_read_leniently_and_refused_with_a_reason() {
        let check = |text: &str, expected: Result<Seen<'_>, &str>| {
            let point = Point::read("17", text);
            match (point, expected) {
                (Ok(point), Ok(expected)) => {
                    assert_eq!(
                        (point.id.as_str(), point.services.len(), point.rating, point.score),
                        expected
                    );
                }
                (Err(reason), Err(part)) => assert!(reason.contains(part), "{reason}"),
                (point, expected) => panic!("{point:?} and not {expected:?}"),
            }
        };
        check(
            r#"{"id": "9", "services": ["a", "b"], "tosdr": {"point": "Bad", "score": 60}}"#,
            Ok(("9", 2, Some(Rating::Bad), Some(60.0))),
        );
        check(r#"{"id": 9, "tosdr": {"score": "5"}}"#, Ok(("9", 0, None, Some(5.0))));
        check("{}", Ok(("17", 0, None, None)));
        check(r#"{"tosdr": {"point": "great"}}"#, Err("`great`"));
        check(r#"{"tosdr": {"score": 101}}"#, Err("from 0 to 100"));
        check(r#"{"services": "a"}"#, Err("list of names"));
        check("[]", Err("JSON object"));
        check("{", Err("no JSON"));
    }

    #[test]
    fn cases_carry_their_rating_in_the_name_too() {
        let check = |text: &str, title: &str, rating: Option<Rating>, score: Option<f64>| {
            assert_eq!(read_case(text), Ok((title.to_owned(), Case { rating, score })));
        };
        check(r#"{"name": "You may fly-good-50"}"#, "You may fly", Some(Rating::Good), Some(50.0));
        check(
            r#"{"name": "You may fly-good-50", "point": "bad", "score": 20}"#,
            "You may fly",
            Some(Rating::Bad),
            Some(20.0),
        );
        check(r#"{"name": "A well-known kite"}"#, "A well-known kite", None, None);
        assert!(read_case("{}").is_err());
    }

    #[test]
    fn services_have_names_and_domains() {
        let check = |text: &str, name: Option<&str>, domain: Option<&str>| {
            let service = Service { name: name.map(str::to_owned), domain: domain.map(str::to_owned) };
            assert_eq!(read_service(text), Ok(service));
        };
        check(
            r#"{"name": "Tarnley", "url": "https://www.tarnley.example/terms"}"#,
            Some("Tarnley"),
            Some("tarnley.example"),
        );
        check(r#"{"urls": ["tarnley.example"]}"#, None, Some("tarnley.example"));
        check(r#"{"url": "no host"}"#, None, None);
    }
}
