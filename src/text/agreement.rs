//! Telling agreements from what is published around them: press releases, news, posts, comments.
//!
//! The decision rests on several signs of different kinds, and on how much a text speaks of what
//! its parties may and must do: a sign alone refuses nothing, and neither do many of them in a text
//! full of obligations. The signs are English; a text in another language has none.

mod sign;

use std::fmt;

use self::sign::{Found, find_signs};

/// Obligations in a thousand words from which a text speaks like an agreement; of the documents of
/// three collections nine in ten have more than eight, and half of them more than 24.
const OBLIGED: usize = 12;
/// Obligations in all that many a short text has not.
const OBLIGATIONS: usize = 12;
/// Signs that refuse a text with few obligations; of those documents none has more than one.
const LEAST_SIGNS: usize = 2;
/// Longest line, in characters, that may name a section.
const MAX_NAME: usize = 80;
/// Most words of a title that names an agreement: headlines are longer.
const MAX_TITLE_WORDS: usize = 6;

/// What a text is if it is no agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A company's announcement to the press.
    PressRelease,
    /// A report about somebody.
    News,
    /// Somebody's own words.
    Post,
    /// What readers answered each other.
    Comments,
}

impl fmt::Display for Kind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::PressRelease => "a press release",
            Self::News => "a news story",
            Self::Post => "a post by an author",
            Self::Comments => "a thread of comments",
        })
    }
}

/// Why a text is no agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is.
    pub kind: Kind,
    /// What shows it, in words.
    pub signs: Vec<&'static str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "it reads like {} ({})", self.kind, self.signs.join("; "))
    }
}

/// Says why a text is no agreement, if it is none. `lines` are its headings, paragraphs and items
/// in order.
#[must_use]
pub fn refuse_text(title: &str, lines: &[&str]) -> Option<Refusal> {
    let words: usize = lines.iter().map(|line| line.split_whitespace().count()).sum();
    let obligations: usize = lines.iter().map(|line| count_obligations(line)).sum();
    let dense = obligations * 1_000 >= words * OBLIGED;
    let found = find_signs(lines);
    let (kind, signs) = strongest(&found)?;
    let is_named = names_agreement(title) || lines.iter().take(3).any(|line| names_agreement(line));
    // What is called an agreement, or speaks like one, needs more to be none.
    let least = LEAST_SIGNS
        + usize::from(is_named)
        + usize::from(obligations >= OBLIGATIONS)
        + usize::from(dense && obligations * 2 >= OBLIGATIONS);
    (signs.len() >= least).then_some(Refusal { kind, signs })
}

fn strongest(found: &[Found]) -> Option<(Kind, Vec<&'static str>)> {
    let kinds = [Kind::PressRelease, Kind::News, Kind::Post, Kind::Comments];
    let signs_of = |kind: Kind| -> Vec<&'static str> {
        found.iter().filter(|found| found.kinds.contains(&kind)).map(|found| found.name).collect()
    };
    let most = kinds.into_iter().max_by_key(|&kind| (signs_of(kind).len(), std::cmp::Reverse(kind)))?;
    Some((most, signs_of(most))).filter(|(_, signs)| !signs.is_empty())
}

/// What a section beside an agreement is, by the line that stands above it: "Related stories",
/// "Comments (12)", "About the author". `below` reads what stands under it.
pub fn refuse_section<'a>(name: &str, below: impl FnOnce() -> Vec<&'a str>) -> Option<&'static str> {
    if name.chars().count() > MAX_NAME {
        return None;
    }
    let line = fold_line(name);
    let bare: String = line.chars().filter(|c| !c.is_ascii_digit() && !"()".contains(*c)).collect();
    let bare = bare.trim();
    let (what, starts) = SECTIONS
        .iter()
        .flat_map(|(what, names)| names.iter().map(move |name| (*what, *name)))
        .find(|(_, name)| match name.strip_suffix('*') {
            Some(start) => bare.starts_with(start),
            None => bare == *name,
        })?;
    let below = below();
    let words: usize = below.iter().map(|line| line.split_whitespace().count()).sum();
    let obligations: usize = below.iter().map(|line| count_obligations(line)).sum();
    if words == 0 {
        return None;
    }
    // A section of an agreement may be called "Comments": it then says what one may do.
    let is_plain_word = matches!(starts, "comments" | "comment" | "discussion" | "replies" | "responses");
    let is_counted = line.contains(|c: char| c.is_ascii_digit());
    let found = find_signs(&below);
    let shown = found.iter().filter(|found| found.kinds.contains(&Kind::Comments)).count();
    // A long section that says what one may and must do is part of the agreement, whatever its name.
    let dense = obligations * 1_000 >= words * OBLIGED;
    let speaks = shown < LEAST_SIGNS && obligations >= 3 && (dense || obligations >= OBLIGATIONS);
    (!speaks && (!is_plain_word || is_counted || obligations == 0 && (words < 60 || shown > 0)))
        .then_some(what)
}

/// Sections of pages that belong to no agreement, each by its names; `*` stands for any ending.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "related stories",
        &[
            "related stories",
            "related story",
            "related news",
            "related posts",
            "related reading",
            "related coverage",
            "more stories*",
            "more from*",
            "more news",
            "more on this story",
            "more like this",
            "most read",
            "most popular",
            "you may also like",
            "you might also like",
            "also on*",
            "recommended for you",
            "recommended reading",
            "recommended stories",
            "read next",
            "up next",
            "what to read next",
            "latest news",
            "latest stories",
            "latest posts",
            "recent posts",
            "popular posts",
            "trending",
            "trending now",
            "trending stories",
            "top stories",
            "editors' picks",
            "editors’ picks",
        ],
    ),
    (
        "comments of readers",
        &[
            "comments",
            "comment",
            "replies",
            "discussion",
            "reader comments",
            "user comments",
            "leave a comment",
            "leave a reply",
            "post a comment",
            "add a comment",
            "join the conversation",
            "join the discussion",
            "view comments",
            "show comments",
            "thoughts on*",
            "responses",
        ],
    ),
    ("a note about the author", &["about the author*", "about the writer", "meet the author", "author bio"]),
    (
        "a note for the press",
        &["media contact*", "press contact*", "media inquiries", "media enquiries", "for media inquiries"],
    ),
];

/// Words of a title that name an agreement.
const NAMES: &[&str] = &[
    "agreement",
    "agreements",
    "code of conduct",
    "conditions",
    "cookie",
    "cookies",
    "data protection",
    "guidelines",
    "license",
    "licence",
    "notice",
    "policies",
    "policy",
    "privacy",
    "rules",
    "standards",
    "statement",
    "terms",
];

fn names_agreement(title: &str) -> bool {
    let folded = fold_line(title);
    let words = || folded.split(|c: char| !c.is_alphanumeric());
    title.split_whitespace().count() <= MAX_TITLE_WORDS
        && NAMES.iter().any(|name| match name.contains(' ') {
            true => folded.contains(name),
            false => words().any(|word| word == *name),
        })
}

/// Lower case, with single spaces, without marks at the ends.
fn fold_line(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '(').to_owned()
}

/// How often a text says what its parties do, may or must, quotations left out.
fn count_obligations(line: &str) -> usize {
    const PARTIES: &[&str] = &[
        "you",
        "we",
        "users",
        "user",
        "customer",
        "customers",
        "members",
        "licensee",
        "advertisers",
        "sellers",
    ];
    const DEEDS: &[&str] = &[
        "accept",
        "acknowledge",
        "agree",
        "agrees",
        "are",
        "can",
        "cannot",
        "collect",
        "collects",
        "consent",
        "do",
        "don't",
        "don’t",
        "grant",
        "have",
        "hereby",
        "may",
        "must",
        "process",
        "provide",
        "receive",
        "reserve",
        "retain",
        "share",
        "should",
        "store",
        "understand",
        "use",
        "warrant",
        "will",
        "won't",
        "won’t",
    ];
    const ALONE: &[&str] = &["shall", "hereby", "hereunder", "herein", "thereof", "indemnify"];
    const PHRASES: &[&str] = &[
        "these terms",
        "this agreement",
        "this policy",
        "this notice",
        "this privacy",
        "terms of service",
        "terms of use",
        "your account",
        "your personal",
        "your information",
        "your data",
        "your content",
        "must not",
        "may not",
        "is prohibited",
        "are prohibited",
        "not permitted",
        "not allowed",
    ];
    let mut unquoted = String::with_capacity(line.len());
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '“' => quoted = true,
            '”' => quoted = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            _ => unquoted.extend(c.to_lowercase()),
        }
    }
    let words: Vec<&str> = unquoted
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .collect();
    let deeds = words
        .windows(2)
        .filter(|pair| matches!(pair, [party, deed] if PARTIES.contains(party) && DEEDS.contains(deed)))
        .count();
    let alone = words.iter().filter(|word| ALONE.contains(word)).count();
    let phrases: usize = PHRASES.iter().map(|phrase| unquoted.matches(phrase).count()).sum();
    deeds + alone + phrases
}

#[cfg(test)]
mod test;
