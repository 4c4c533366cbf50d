//! Signs that a text is no agreement.

use super::{Kind, fold_line};

/// A sign, and what it is a sign of.
pub(super) struct Found {
    pub(super) name: &'static str,
    pub(super) kinds: &'static [Kind],
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// How many lines at the front may hold a byline.
const FRONT: usize = 12;

/// Finds the signs in the lines of a text, each once.
pub(super) fn find_signs(lines: &[&str]) -> Vec<Found> {
    use Kind::{Comments, News, Post, PressRelease};
    let folded: Vec<String> = lines.iter().map(|line| fold_line(line)).collect();
    let count = |is: &dyn Fn(&str) -> bool| folded.iter().filter(|line| is(line)).count();
    let any = |parts: &[&str]| count(&|line| parts.iter().any(|part| line.contains(part))) > 0;
    let starts = |parts: &[&str]| {
        count(&|line| line.len() < 200 && parts.iter().any(|part| line.starts_with(part))) > 0
    };
    let words: usize = lines.iter().map(|line| line.split_whitespace().count()).sum();
    let said: usize = lines.iter().map(|line| count_said(line)).sum();
    let front = || lines.iter().take(FRONT);
    let has_byline = front().any(|line| is_byline(line));
    let stamps: usize = folded.iter().map(|line| count_ages(line)).sum();
    let mine: usize = folded.iter().map(|line| count_first_person(line)).sum();
    let signs: [(bool, &'static str, &'static [Kind]); 19] = [
        (front().any(|line| is_dateline(line)), "a dateline", &[PressRelease, News]),
        (
            any(&[
                "(business wire)",
                "/prnewswire/",
                "prnewswire",
                "globe newswire",
                "(ap)",
                "(reuters)",
                "/pr newswire",
            ]),
            "the name of a newswire",
            &[PressRelease, News],
        ),
        (
            starts(&["for immediate release", "press release", "embargoed until", "news release"]),
            "`for immediate release`",
            &[PressRelease],
        ),
        (
            starts(&[
                "media contact",
                "press contact",
                "media relations",
                "media inquiries",
                "media enquiries",
                "investor contact",
                "contact for media",
                "press inquiries",
                "source:",
            ]) || count(&|line| line.len() < 80 && line.contains("press@")) > 0,
            "a contact for the press",
            &[PressRelease],
        ),
        (
            any(&[
                "today announced",
                "announced today",
                "pleased to announce",
                "proud to announce",
                "thrilled to announce",
                "excited to announce",
            ]) || folded
                .iter()
                .take(3)
                .any(|line| line.len() < 200 && (line.contains(" announces ") || line.contains(" unveils "))),
            "an announcement",
            &[PressRelease, Post],
        ),
        (said >= 1, "`said` after a quotation", &[PressRelease, News]),
        (said >= 3, "many quotations of people", &[News]),
        (
            any(&["forward-looking statements"])
                || lines
                    .iter()
                    .any(|line| matches!(line.trim(), "###" | "-30-" | "# # #" | "\\# \\# \\#" | "\\###")),
            "the end of a press release",
            &[PressRelease],
        ),
        (lines.len() > 3 && has_boilerplate(lines), "a portrait of the company at the end", &[PressRelease]),
        (has_byline, "a byline", &[News, Post]),
        (
            count(&|line| {
                line.len() < 80
                    && (line.contains(" min read")
                        || line.contains("-minute read")
                        || line.contains(" minute read"))
            }) > 0,
            "a reading time",
            &[News, Post],
        ),
        (
            any(&[
                "told reporters",
                "a spokesperson",
                "a spokesman",
                "a spokeswoman",
                "in a statement",
                "according to a report",
                "people familiar with",
                "did not immediately respond",
                "declined to comment",
                "first reported",
            ]),
            "a reporter's words",
            &[News],
        ),
        (
            starts(&[
                "posted by",
                "posted on",
                "posted in",
                "filed under",
                "written by",
                "leave a comment",
                "leave a reply",
                "tagged:",
                "share this post",
                "previous post",
                "next post",
                "categories:",
            ]),
            "the frame of a blog",
            &[Post],
        ),
        (
            starts(&[
                "about the author",
                "thanks for reading",
                "thank you for reading",
                "subscribe to my",
                "follow me",
            ]),
            "an author's farewell",
            &[Post],
        ),
        (mine >= 4 && mine * 1_000 >= words * 12, "an author who says `I`", &[Post, Comments]),
        (count(&|line| is_count_of_votes(line)) >= 2, "counts of votes or replies", &[Comments]),
        (
            count(&|line| {
                matches!(
                    line,
                    "reply"
                        | "like"
                        | "report"
                        | "upvote"
                        | "downvote"
                        | "quote"
                        | "permalink"
                        | "share"
                        | "reply share"
                        | "reply report"
                        | "like reply"
                ) || line.len() < 60 && line.ends_with(" reply")
            }) >= 2,
            "buttons to reply",
            &[Comments],
        ),
        (stamps >= 2, "ages of messages", &[Comments]),
        (lines.iter().filter(|line| is_user_line(line.trim())).count() >= 2, "names of users", &[Comments]),
    ];
    signs.into_iter().filter(|(found, ..)| *found).map(|(_, name, kinds)| Found { name, kinds }).collect()
}

/// "TARN, May 4, 2031 (BUSINESS WIRE) -- " and its like.
fn is_dateline(line: &str) -> bool {
    let head: String = line.chars().take(140).collect();
    let end = [" -- ", " — ", " – ", " - ", "—", "/--"].iter().filter_map(|mark| head.find(mark)).min();
    let Some(front) = end.and_then(|end| head.get(..end)) else { return false };
    let Some((place, date)) = front.split_once(',') else { return false };
    let place = place.trim_start_matches(['*', '_', ' ']);
    let is_place = place.chars().count() >= 3
        && place.split_whitespace().count() <= 4
        && place.starts_with(char::is_uppercase)
        && !place.contains(|c: char| c.is_ascii_digit());
    let date = date.to_lowercase();
    let mut words = date.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let has_month = words.clone().any(|word| MONTHS.contains(&word));
    let has_day = words.any(|word| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    is_place && has_month && has_day && date.split_whitespace().count() <= 9
}

/// "By Ada Marsh", "By Ada Marsh and Jon Reed, Staff Writer".
fn is_byline(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '_']);
    let Some(names) = line.strip_prefix("By ").or_else(|| line.strip_prefix("BY ")) else {
        return false;
    };
    let first = names.split([',', '|', '·', '•']).next().unwrap_or("");
    let words: Vec<&str> = first.split_whitespace().filter(|word| !matches!(*word, "and" | "&")).collect();
    line.chars().count() <= 80
        && matches!(words.len(), 1..=6)
        && words.iter().all(|word| word.starts_with(char::is_uppercase))
        && !line.ends_with([':', ';'])
        && !matches!(
            words.first(),
            Some(
                &("Using"
                    | "Accessing"
                    | "Clicking"
                    | "Law"
                    | "Default"
                    | "Email"
                    | "Mail"
                    | "Post"
                    | "You"
                    | "Us")
            )
        )
}

/// `," said Ada Marsh`, `“…” she said`.
fn count_said(line: &str) -> usize {
    let lower = line.to_lowercase();
    let has_quote = lower.contains(['“', '”', '"']);
    if !has_quote {
        return 0;
    }
    ["said", "says", "added", "commented", "explained", "noted", "told"]
        .iter()
        .map(|verb| {
            lower
                .match_indices(verb)
                .filter(|(at, _)| {
                    let before = lower.get(..*at).unwrap_or("");
                    let after = lower.get(at + verb.len()..).unwrap_or("");
                    let bare = before.trim_end();
                    let is_word = !after.starts_with(char::is_alphanumeric) && before.ends_with(' ');
                    let near: String = before.chars().rev().take(60).collect();
                    is_word && (bare.ends_with(['”', '"']) || near.contains(['”', '"']) && *verb == "said")
                })
                .count()
        })
        .sum()
}

/// A last section "About Tarnley" that says "Tarnley is …", "Founded in …".
fn has_boilerplate(lines: &[&str]) -> bool {
    let from = lines.len() / 2;
    lines.iter().enumerate().skip(from).any(|(at, line)| {
        let Some(name) = line.trim().trim_matches('*').strip_prefix("About ") else { return false };
        let is_name = name.starts_with(char::is_uppercase) && name.chars().count() < 50;
        let first =
            name.split_whitespace().next().unwrap_or(name).trim_matches(|c: char| !c.is_alphanumeric());
        let next = lines.get(at + 1).map_or("", |next| next.trim());
        is_name
            && !first.is_empty()
            && (next.starts_with(first) || next.starts_with("Founded"))
            && [" is a ", " is an ", " is the ", " provides ", " operates ", "Founded", " makes ", " builds "]
                .iter()
                .any(|word| next.contains(word))
    })
}

/// "3h ago", "2 days ago", "5 mo. ago" and "· 3h", as often as they occur.
fn count_ages(line: &str) -> usize {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let units = ["second", "minute", "hour", "day", "week", "month", "year", "min", "hr", "mo"];
    let ages = words
        .iter()
        .enumerate()
        .filter(|(at, word)| {
            let before =
                |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).copied().unwrap_or("");
            let unit = before(1).trim_end_matches(['.', 's']);
            let short = before(1).trim_end_matches(['.', 's', 'm', 'h', 'd', 'w', 'y', 'o', 'r', 'i', 'n']);
            word.trim_end_matches(|c: char| !c.is_alphanumeric()) == "ago"
                && (units.contains(&unit) && is_number(before(2)) || is_number(short))
        })
        .count();
    let stamped = line.len() < 60
        && words.windows(2).any(|pair| {
            matches!(pair, ["·" | "•", age] if age.len() <= 4 && age.starts_with(|c: char| c.is_ascii_digit()))
        });
    if line.len() < 200 { ages.max(usize::from(stamped)) } else { 0 }
}

fn count_first_person(line: &str) -> usize {
    line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| {
            matches!(
                *word,
                "i" | "i'm"
                    | "i’m"
                    | "i've"
                    | "i’ve"
                    | "i'd"
                    | "i’d"
                    | "i'll"
                    | "i’ll"
                    | "my"
                    | "me"
                    | "imo"
                    | "imho"
                    | "lol"
            )
        })
        .count()
}

/// "12 replies", "3 upvotes", "204 points".
fn is_count_of_votes(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    line.len() < 80
        && words.windows(2).any(|pair| {
            matches!(pair, [number, what]
                if number.trim_matches(['(', '+', '-']).starts_with(|c: char| c.is_ascii_digit())
                    && number.chars().all(|c| c.is_ascii_digit() || "(+-,.k".contains(c))
                    && ["repl", "upvote", "downvote", "point", "like", "comment", "vote", "reaction"]
                        .iter()
                        .any(|word| what.starts_with(word)))
        })
}

/// "u/marsh_ada", "@marsh · 3h", "marsh_ada wrote:".
fn is_user_line(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    line.len() < 60
        && (first.starts_with("u/")
            || line.ends_with(" wrote:")
            || first.contains('_') && (line.contains(" · ") || line.ends_with(" ago"))
            || first.len() > 1 && first.starts_with('@') && (line.contains(" · ") || line == first))
}
