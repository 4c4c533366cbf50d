//! Words for ids, numbers and dates.

use std::time::{SystemTime, UNIX_EPOCH};

use maud::{Markup, html};

use crate::answer::Desk;
use crate::clause::Day;

const SECONDS_OF_A_DAY: u64 = 86_400;

/// A number with its noun.
pub(in crate::http) fn count_of(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", write_number(number), if number == 1 { one } else { many })
}

/// A number with its thousands apart.
pub(in crate::http) fn write_number(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A category in words.
pub(in crate::http) fn label_category<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().category(id).map_or_else(|| label_unknown(id), |entry| &entry.label)
}

/// A clause type in words.
pub(in crate::http) fn label_clause_type<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().clause_type(id).map_or_else(|| label_unknown(id), |entry| &entry.label)
}

fn label_unknown(id: &str) -> &str {
    if id == crate::taxonomy::UNTYPED { "Untyped" } else { id }
}

/// A severity in words.
pub(in crate::http) fn label_severity(id: &str) -> &str {
    match id {
        "high" => "High severity",
        "medium" => "Medium severity",
        "low" => "Low severity",
        _ => "Unrated",
    }
}

/// A link out of here, if it is one: records could hold any text where a URL belongs.
pub(in crate::http) fn link_out(url: &str, label: &str) -> Markup {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if safe { a href=(url) rel="noopener noreferrer nofollow" { (label) } } @else { (label) }
    }
}

/// A severity by shape and word, so that nobody needs to see its colour.
pub(in crate::http) fn render_severity(severity: &str, inferred: bool) -> Markup {
    html! {
        span.severity.(severity) {
            span aria-hidden="true" { (shape_severity(severity)) } " " (label_severity(severity))
            @if inferred && severity != "unrated" { " (inferred)" }
        }
    }
}

/// The shape that stands for a severity.
pub(in crate::http) fn shape_severity(severity: &str) -> &'static str {
    match severity {
        "high" => "▲",
        "medium" => "◆",
        "low" => "●",
        _ => "○",
    }
}

/// The day of a date, machine-readable.
pub(in crate::http) fn render_day(date: &str) -> Markup {
    let day = date.get(..10).unwrap_or(date);
    html! { time datetime=(day) { (day) } }
}

/// The day of a date, and how long ago that is.
pub(super) fn render_age(date: &str) -> Markup {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let today = i32::try_from(since.as_secs() / SECONDS_OF_A_DAY).unwrap_or(i32::MAX);
    html! {
        (render_day(date))
        @if let Some(day) = Day::parse(date) { span.age { " (" (tell_age(today.saturating_sub(day.0))) ")" } }
    }
}

/// How long ago something is, in days, as people tell it: whole weeks from three weeks on, months of 30.4 days
/// from three months on, years of 365 days from two on.
fn tell_age(days: i32) -> String {
    let ago = |number: i32, unit: &str| format!("{number} {unit} ago");
    match days {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..21 => ago(days, "days"),
        21..91 => ago(days / 7, "weeks"),
        91..730 => ago(days * 10 / 304, "months"),
        _ => ago(days / 365, "years"),
    }
}

/// A value of an attribute in words; of a platform the name it goes by in the newest generation.
pub(super) fn label_value(desk: &Desk, attribute: &str, value: &str) -> String {
    let taxonomy = desk.collection().taxonomy();
    match attribute {
        "category" => label_category(desk, value).to_owned(),
        "clause_type" => label_clause_type(desk, value).to_owned(),
        "severity" => label_severity(value).to_owned(),
        "document_type" => {
            taxonomy.document_type(value).map_or_else(|| value.to_owned(), |entry| entry.label.clone())
        }
        "regulation" => label_regulation(desk, value).to_owned(),
        "language" => label_language(value).unwrap_or(value).to_owned(),
        "platform" | "exclude_platform" => {
            let newest = desk.newest().ok();
            let name = newest.as_ref().and_then(|newest| newest.platforms.get(value));
            name.map_or_else(|| value.to_owned(), |counted| counted.item.name.clone())
        }
        _ => value.to_owned(),
    }
}

/// A parameter in words.
pub(super) fn label_parameter(name: &str) -> &str {
    match name {
        "category" => "Category",
        "clause_type" => "Clause type",
        "severity" => "Severity",
        "platform" => "Platform",
        "exclude_platform" => "Not on",
        "document_type" => "Document type",
        "regulation" => "Regulation",
        "jurisdiction" => "Jurisdiction",
        "language" => "Language",
        "seen_after" => "Last seen on or after",
        "seen_before" => "First seen on or before",
        "as_of" => "As it stood on",
        "min_score" => "Score at least",
        "include_affiliates" => "Same company included",
        _ => name,
    }
}

/// A regulation in words.
pub(super) fn label_regulation<'a>(desk: &'a Desk, id: &'a str) -> &'a str {
    desk.collection().taxonomy().regulation(id).map_or(id, |entry| &entry.label)
}

/// A language in words, of those that are common in terms.
fn label_language(tag: &str) -> Option<&'static str> {
    let primary = tag.split('-').next().unwrap_or(tag);
    if primary != tag {
        return None;
    }
    Some(match primary {
        "en" => "English",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "nl" => "Dutch",
        "it" => "Italian",
        "pt" => "Portuguese",
        "pl" => "Polish",
        "sv" => "Swedish",
        "da" => "Danish",
        "ja" => "Japanese",
        "ko" => "Korean",
        "zh" => "Chinese",
        "ru" => "Russian",
        "und" => "Not known",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_as_people_do() {
        for (days, told) in [
            (-3, "today"),
            (0, "today"),
            (1, "yesterday"),
            (20, "20 days ago"),
            (21, "3 weeks ago"),
            (90, "12 weeks ago"),
            (91, "2 months ago"),
            (152, "5 months ago"),
            (729, "23 months ago"),
            (731, "2 years ago"),
            (1_461, "4 years ago"),
            (i32::MAX, "5883516 years ago"),
        ] {
            assert_eq!(tell_age(days), told, "{days}");
        }
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, written) in [
            (0, "0"),
            (12, "12"),
            (999, "999"),
            (1_000, "1,000"),
            (24_575, "24,575"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(write_number(number), written);
        }
        assert_eq!(count_of(1, "clause", "clauses"), "1 clause");
    }
}
