//! Whether a paragraph goes on with the one before it.

use super::assemble::{MAX_ANNOUNCEMENT, MAX_LIST, MAX_MERGED, MAX_PARAGRAPH, MIN_CHARS, PART, SHORT};
use super::heading::number_length;
use super::lead::is_definition;
use super::noise::ends_sentence;

/// Beginnings, in lower case, that hang the sentence on the one before.
pub(crate) const ADVERBIALS: &[&str] = &[
    "to that end",
    "to this end",
    "to do this",
    "to do so",
    "in particular",
    "insbesondere",
    "en particulier",
    "en particular",
    "this includes",
    "these include",
];

/// Beginnings, in lower case, of paragraphs that point back at the one before.
const POINTERS: &[&str] = &[
    "this",
    "these",
    "those",
    "such",
    "that",
    "it",
    "they",
    "however",
    "but",
    "therefore",
    "thus",
    "as such",
    "in this",
    "in that",
    "in these",
    "in those",
    "in such",
    "in all of",
    "in all these",
    "in either",
    "if so",
    "if not",
    "otherwise",
    "instead",
    "note",
    "please note",
    "learn more",
    "see",
    "read",
    "for more",
    "for further",
    "for additional",
    "for details",
    "further details",
    "further information",
    "more information",
    "to learn more",
    "to find out",
    "find out",
    "you can find",
    "you can learn",
    "you can read",
    "you can view",
    "and",
    "so",
    "then",
    "here",
    "again",
    "likewise",
    "similarly",
    "the above",
    "the foregoing",
    "as a result",
    "because of this",
    "tip",
    "examples",
    "some examples",
    "some of these",
    "our full",
    "any of the above",
    "all of the above",
    "none of the above",
    "any of these",
    "all of these",
    "none of these",
    "dies",
    "dazu",
    "hierzu",
    "daher",
    "deshalb",
    "jedoch",
    "weitere informationen",
    "mehr",
    "siehe",
    "in diesem fall",
    "in diesen fällen",
    "andernfalls",
    "bitte beachte",
    "bitte beachten",
    "hinweis",
    "cela",
    "ceci",
    "ces",
    "toutefois",
    "cependant",
    "pour en savoir",
    "pour plus",
    "dans ce cas",
    "veuillez noter",
    "esto",
    "estos",
    "estas",
    "sin embargo",
    "en este caso",
    "para más",
    "para obtener más",
    "questo",
    "questi",
    "queste",
    "tuttavia",
    "in questo caso",
    "per ulteriori",
    "isto",
    "esses",
    "no entanto",
    "neste caso",
    "para mais",
    "para saber mais",
];

/// Beginnings, in lower case, of examples.
pub(crate) const EXAMPLES: &[&str] = &[
    "for example",
    "for instance",
    "example",
    "examples",
    "e.g",
    "zum beispiel",
    "beispielsweise",
    "z. b",
    "z.b",
    "beispiel",
    "par exemple",
    "exemple",
    "por ejemplo",
    "ejemplo",
    "per esempio",
    "ad esempio",
    "por exemplo",
    "exemplo",
];

/// What "this" and "these" may name without pointing at the paragraph before.
pub(crate) const DOCUMENTS: &[&str] = &[
    "policy",
    "policies",
    "agreement",
    "terms",
    "document",
    "notice",
    "statement",
    "website",
    "site",
    "page",
    "section",
    "addendum",
    "dpa",
    "privacy",
    "cookie",
    "cookies",
    "service",
    "services",
    "guidelines",
    "program",
    "article",
    "contract",
    "appendix",
    "annex",
    "exhibit",
    "schedule",
    "supplemental",
    "community",
    "user",
];

/// Share of the words of a short paragraph that its neighbour holds too if both make one point.
const LEAST_OVERLAP: f64 = 0.45;
/// Definitions and last lines shorter than this, in characters, do not stand alone.
const BRIEF: usize = 80;

/// Words that stand in any paragraph, in lower case.
const COMMON: &[&str] = &[
    "about",
    "additional",
    "also",
    "applicable",
    "because",
    "been",
    "before",
    "being",
    "between",
    "both",
    "cannot",
    "does",
    "each",
    "either",
    "else",
    "from",
    "have",
    "here",
    "including",
    "into",
    "itself",
    "make",
    "more",
    "must",
    "only",
    "other",
    "over",
    "please",
    "policy",
    "provide",
    "services",
    "service",
    "shall",
    "should",
    "some",
    "such",
    "terms",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "under",
    "upon",
    "used",
    "user",
    "users",
    "using",
    "very",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "will",
    "with",
    "within",
    "without",
    "would",
    "your",
    "yours",
    "agreement",
    "information",
    "time",
    "agree",
    "oder",
    "eine",
    "einer",
    "wird",
    "werden",
    "sind",
    "kann",
    "können",
    "nicht",
    "auch",
    "sich",
    "deine",
    "deiner",
    "unsere",
    "diese",
];

/// A clause that paragraphs may still join.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open<'a> {
    pub(crate) text: &'a str,
    /// Whether a list, table or example follows the next paragraph.
    pub(crate) leads_on: bool,
    /// Whether it ends with a list.
    pub(crate) is_list: bool,
}

/// Tells whether the paragraph `next` belongs to the clause before it under the same heading.
pub(crate) fn is_joint(open: Open<'_>, next: &str, is_fragment: bool) -> bool {
    let length = next.chars().count();
    let size = open.text.chars().count();
    let joint = size + length + 1;
    let is_short = length < SHORT;
    let is_numbered = number_length(next) > 0;
    if size < MIN_CHARS {
        return joint <= MAX_PARAGRAPH;
    }
    if heads(open.text, next) {
        return joint <= MAX_PARAGRAPH;
    }
    let is_term = is_definition(next);
    if awaits(open.text) && !(is_term && size >= MAX_ANNOUNCEMENT) {
        return joint <= if is_short { MAX_LIST } else { MAX_PARAGRAPH };
    }
    if is_term {
        let last = last_line(open.text);
        let is_brief = length < BRIEF && is_definition(last) && last.chars().count() < BRIEF;
        return is_brief && joint <= MAX_MERGED;
    }
    if is_numbered {
        return false;
    }
    let is_quoted = next.starts_with(['“', '"', '„', '«']) && !ends_sentence(open.text);
    if next.starts_with(char::is_lowercase) || is_quoted || is_alternative(next) {
        return joint <= MAX_LIST;
    }
    if starts_with_any(next, EXAMPLES) {
        return length <= PART && joint <= MAX_PARAGRAPH;
    }
    if open.leads_on {
        return false;
    }
    let is_begun = size < SHORT && joint <= MAX_MERGED + SHORT && names_last(next);
    if is_begun || joint <= MAX_PARAGRAPH && !open.is_list && tells_of_person(next) {
        return true;
    }
    if points_back(next) || starts_with_any(next, ADVERBIALS) {
        return length < SHORT + SHORT / 4 && joint <= if open.is_list { MAX_LIST } else { MAX_PARAGRAPH };
    }
    let shared = is_short && !is_fragment && overlap(open.text, next) >= LEAST_OVERLAP;
    if shared && joint <= MAX_PARAGRAPH {
        return true;
    }
    let is_tail = ends_sentence(next) && length < BRIEF * 3 / 4;
    is_tail && joint <= PART
}

/// Tells whether a line such as "2. Be respectful." is the head of the paragraph after it.
pub(crate) fn heads(line: &str, next: &str) -> bool {
    number_length(line) > 0
        && line.chars().count() < BRIEF
        && ends_sentence(line)
        && number_length(next) == 0
        && next.starts_with(|c: char| !c.is_lowercase())
        && !is_definition(line)
}

/// Tells whether a text is unfinished: it ends with a colon, a comma or a conjunction.
pub(crate) fn awaits(text: &str) -> bool {
    let last = text.trim_end_matches(['"', '”', ')', ' ']);
    last.ends_with([':', ';', ',', '：', '；', '，']) || is_alternative(last.rsplit(' ').next().unwrap_or(""))
}

fn is_alternative(text: &str) -> bool {
    ["or", "and", "OR", "AND", "Or", "oder", "und", "ou", "et"].contains(&text)
}

fn last_line(text: &str) -> &str {
    let start = text.rfind(". ").map_or(0, |at| at + 2);
    let tail = text.get(start..).unwrap_or("");
    if is_definition(tail) { tail } else { text }
}

/// Tells whether a lead-in continues the paragraph before it: "For example:", "To that end, you must:".
pub(crate) fn exemplifies(lead: &str) -> bool {
    starts_with_any(lead, EXAMPLES) || starts_with_any(lead, ADVERBIALS)
}

/// Tells whether a paragraph begins by naming what the one before says: "These kites …", "They …".
fn names_last(text: &str) -> bool {
    let names =
        ["this", "these", "those", "such", "it", "they", "that", "some of these", "in this", "in these"];
    points_back(text) && starts_with_any(text, &names) && !starts_with_any(text, &["it is", "it’s", "it's"])
}

/// Tells whether a paragraph goes on about a person of whom the one before tells: "If she …".
fn tells_of_person(text: &str) -> bool {
    let starts = ["she", "he", "if she", "if he", "when she", "when he", "her", "later"];
    starts_with_any(text, &starts)
}

/// Tells whether a text begins with one of some words, given in lower case, as whole words.
pub(crate) fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    let front: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
    let front = front.trim_start_matches(|c: char| !c.is_alphanumeric());
    starts.iter().any(|start| {
        front
            .strip_prefix(start)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\''))
    })
}

/// Tells whether a text begins by pointing back: "This means …", "However, …", "Learn more …".
pub(crate) fn points_back(text: &str) -> bool {
    if !starts_with_any(text, POINTERS) {
        return false;
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("").to_lowercase();
    let mut names_document = || {
        words.next().is_some_and(|word| {
            word.starts_with(char::is_uppercase) || DOCUMENTS.contains(&word.to_lowercase().as_str())
        })
    };
    !(["this", "these", "such", "dies", "diese"].contains(&first.as_str()) && names_document())
}

/// Share, from 0 to 1, of the telling words of `next` that stand in `open` as well.
fn overlap(open: &str, next: &str) -> f64 {
    let held: Vec<String> = telling_words(open).collect();
    let words: Vec<String> = telling_words(next).collect();
    let shared = words.iter().filter(|word| held.contains(word)).count();
    if words.is_empty() { 0.0 } else { shared as f64 / words.len() as f64 }
}

/// Words of at least four letters that tell something, cut to their first six.
fn telling_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4 && !COMMON.contains(&word.to_lowercase().as_str()))
        .map(|word| word.chars().take(6).flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(open: &str, next: &str, expected: bool) {
        let open = Open { text: open, leads_on: false, is_list: false };
        assert_eq!(is_joint(open, next, false), expected, "{next:?}");
    }

    #[test]
    fn joins_what_goes_on() {
        let long = "You keep every kite that you bring to the club. ".repeat(6);
        let long = long.trim();
        check(long, "For example, a kite of paper stays yours.", true);
        check(
            long,
            "This means that nobody else may fly it without your consent in writing, unless you gave it away.",
            true,
        );
        check(
            long,
            "This Policy may be changed by us at any time, and the new wording applies from the next day of wind.",
            false,
        );
        check(
            long,
            "The club closes at night, and nobody may stay on the meadow after the last bell has been rung there.",
            false,
        );
        check(long, "4.2 However, kites fly.", false);
        check("You must not:", "Fly at night.", true);
        check("You fly kites, and", "You mend them.", true);
    }
}
