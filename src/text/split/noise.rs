//! Recognising what is no provision: navigation, dates, buttons, left-over syntax.

/// Whole lines, in lower case and without punctuation at the ends, that are page furniture.
const FURNITURE: &[&str] = &[
    "accept",
    "accept all",
    "accept all cookies",
    "accept cookies",
    "all rights reserved",
    "back",
    "back to top",
    "click here",
    "close",
    "contents",
    "cookie settings",
    "ctrl+i",
    "download",
    "download pdf",
    "english",
    "feedback",
    "general",
    "go to top",
    "help",
    "home",
    "learn more",
    "manage cookies",
    "menu",
    "more information",
    "next",
    "nach oben",
    "no",
    "on this page",
    "other languages",
    "overview",
    "previous",
    "print",
    "print this page",
    "read more",
    "reject all",
    "retour en haut",
    "scroll to top",
    "search",
    "see more",
    "share",
    "share this page",
    "show less",
    "show more",
    "sign in",
    "skip to content",
    "skip to main content",
    "sommaire",
    "table of contents",
    "top",
    "view more",
    "yes",
    "yes no",
    "yesno",
    "zum inhalt springen",
    "zurück zum seitenanfang",
];

/// Starts, in lower case, of lines that are page furniture however they go on.
const FURNITURE_STARTS: &[&str] = &[
    "back to top",
    "click here to view the previous",
    "skip to ",
    "jump to ",
    "was this helpful",
    "was it helpful",
    "was this article helpful",
    "was this page helpful",
    "did you find this",
    "cet article vous a-t-il",
    "war dieser artikel",
    "stay organized with collections",
    "share this ",
    "download a pdf",
    "download pdf",
    "print this ",
    "view previous version",
    "view archived version",
    "archived version",
    "previous version",
    "see previous version",
    "select your language",
    "choose your language",
    "copyright ©",
    "© ",
    "all rights reserved",
    "©20",
    "need more help",
    "sign in to ",
    "minute read",
    "learn more about ",
    "tags:",
    "related articles",
    "related content",
    "related topics",
    "want to help translate",
    "give feedback about",
];

/// Starts, in lower case, of lines that date a document.
const DATE_STARTS: &[&str] = &[
    "(effective",
    "(last",
    "(updated",
    "(version",
    "date de ",
    "date d'",
    "date d’",
    "date of ",
    "date:",
    "datum",
    "derniere mise",
    "dernière m",
    "effective",
    "en vigueur",
    "entrée en vigueur",
    "fecha de",
    "gültig ab",
    "in force",
    "in vigore",
    "issued",
    "last change",
    "last modif",
    "last review",
    "last revis",
    "last update",
    "latest update",
    "letzte ",
    "mise à jour",
    "modified",
    "posted",
    "published",
    "publié",
    "publication date",
    "release date",
    "released",
    "revised",
    "revision date",
    "stand",
    "this policy was last",
    "this page was last",
    "ultima modifica",
    "ultimo aggiornamento",
    "update date",
    "updated",
    "version",
    "v.",
    "valid from",
    "zuletzt",
    "última",
];

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
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
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

/// Headings, in lower case, that open a table of contents.
const CONTENTS_HEADINGS: &[&str] = &[
    "table of contents",
    "contents",
    "on this page",
    "in this article",
    "in this section",
    "in this policy",
    "inhaltsverzeichnis",
    "inhalt",
    "sommaire",
    "table des matières",
    "índice",
    "indice",
    "quick links",
    "jump to",
    "summary of contents",
    "auf dieser seite",
    "sur cette page",
    "what's in this policy",
    "what’s in this policy",
    "what's in these terms",
    "what’s in these terms",
    "topics",
    "related articles",
    "related content",
    "related topics",
    "related links",
    "navigation",
];

/// Names of languages by which pages offer translations.
const LANGUAGES: &[&str] = &[
    "english",
    "deutsch",
    "français",
    "español",
    "italiano",
    "português",
    "nederlands",
    "polski",
    "svenska",
    "dansk",
    "suomi",
    "norsk",
    "čeština",
    "magyar",
    "română",
    "türkçe",
    "русский",
    "українська",
    "ελληνικά",
    "日本語",
    "한국어",
    "中文",
    "简体中文",
    "繁體中文",
    "العربية",
    "עברית",
    "ไทย",
    "tiếng",
    "việt",
    "bahasa",
    "indonesia",
    "hrvatski",
    "slovenčina",
    "slovenščina",
    "български",
    "eesti",
    "latviešu",
    "lietuvių",
    "हिन्दी",
    "us",
    "uk",
    "brasil",
    "português",
];

/// Words that show a sentence is being spoken: pronouns, auxiliaries and articles; in the order of bytes.
const SENTENCE_WORDS: &[&str] = &[
    "agree", "any", "are", "avez", "be", "been", "can", "cannot", "dass", "do", "does", "doit", "don't",
    "don’t", "dürfen", "es", "est", "haben", "has", "have", "if", "ihr", "ihre", "ihren", "il", "include",
    "includes", "is", "ist", "it", "je", "jest", "kann", "kunnen", "können", "may", "means", "must", "na",
    "ne", "nicht", "nie", "niet", "no", "non", "nos", "not", "notre", "nous", "não", "our", "pas", "peut",
    "peuvent", "please", "pode", "puede", "può", "que", "qui", "shall", "should", "si", "sie", "sind",
    "sono", "sont", "su", "sus", "são", "that", "these", "they", "this", "u", "uns", "us", "usted", "você",
    "vos", "votre", "vous", "was", "we", "wenn", "werden", "which", "who", "wij", "will", "wir", "wird",
    "would", "you", "your", "że",
];

/// Length of the longest of them, in bytes.
const MAX_SENTENCE_WORD: usize = 8;
/// Longest text, in bytes, that may be furniture.
const MAX_FURNITURE: usize = 600;

/// Tells whether the text is furniture of a page: navigation, buttons, feedback lines.
pub(crate) fn is_furniture(text: &str) -> bool {
    if text.len() > MAX_FURNITURE {
        return false;
    }
    let line = normalise_line(text);
    if line.is_empty() || FURNITURE.contains(&line.as_str()) {
        return true;
    }
    let length = text.chars().count();
    let starts = || FURNITURE_STARTS.iter().any(|start| line.starts_with(start));
    (length < 90 && starts()) || is_breadcrumb(text, length) || is_language_line(&line)
}

/// Tells whether the text only says when a document was changed or takes effect.
pub(crate) fn is_date_line(text: &str) -> bool {
    let length = text.chars().count();
    if length > 120 {
        return false;
    }
    let line = text.trim().trim_start_matches(['_', '*', '[', '>', ' ']).to_lowercase();
    let has_digit = line.contains(|c: char| c.is_ascii_digit());
    let is_dated = DATE_STARTS.iter().any(|start| line.starts_with(start));
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let speaks = words().filter(|word| SENTENCE_WORDS.contains(word) && *word != "may").count();
    if is_dated && (has_digit || length < 30) {
        return speaks <= 1 && length < 90 || speaks == 0;
    }
    let is_date_part =
        |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) || MONTHS.contains(&word) || word == "de";
    has_digit && length < 40 && words().all(is_date_part)
        || (line.starts_with("this ") || line.starts_with("these "))
            && length < 90
            && has_digit
            && [
                "last updated",
                "was updated",
                "last revised",
                "last modified",
                "effective as of",
                "effect from",
            ]
            .iter()
            .any(|mark| line.contains(mark))
            && speaks <= 4
}

/// A heading that dates a version of the document, as in "New version - updated on 1 May 2026".
pub(crate) fn is_version_heading(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_dated =
        ["updated on", "updated:", "effective as of", "effective from", "effective date", "effective on"]
            .iter()
            .any(|mark| lower.contains(mark));
    is_dated && lower.contains("20") && !lower.ends_with('?')
}

/// Tells whether a heading opens a table of contents.
pub(crate) fn is_contents_heading(text: &str) -> bool {
    CONTENTS_HEADINGS.contains(&normalise_line(text).as_str())
}

/// Tells whether the text reads like a sentence rather than a label, a name or an address.
pub(crate) fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters * 2 < text.chars().filter(|c| !c.is_whitespace()).count() {
        return false;
    }
    if text.contains(['。', '；']) || is_unspaced(text) && letters >= 12 {
        return true;
    }
    let ends = ends_sentence(text);
    let lowercase = text
        .split_whitespace()
        .filter(|word| word.starts_with(char::is_lowercase) && !word.contains("://"))
        .count();
    if words >= 9 && lowercase * 2 >= words || words >= 5 && ends && lowercase * 3 >= words {
        return true;
    }
    let speaks = count_sentence_words(text);
    words >= 4 && speaks >= 1 && (ends || words >= 5) || words >= 3 && speaks >= 1 && ends
}

/// Number of pronouns, auxiliaries and articles in the text.
pub(crate) fn count_sentence_words(text: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty() && word.len() <= MAX_SENTENCE_WORD)
        .filter(|word| match word.bytes().all(|b| b.is_ascii_lowercase()) {
            true => SENTENCE_WORDS.binary_search(word).is_ok(),
            false => SENTENCE_WORDS.binary_search(&word.to_lowercase().as_str()).is_ok(),
        })
        .count()
}

/// Tells whether the text is written without spaces between words, as Chinese is.
pub(crate) fn is_unspaced(text: &str) -> bool {
    let wide = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{9fff}')).count();
    wide * 3 > text.chars().count()
}

/// Tells whether the text ends as sentences do, closing quotes and brackets apart.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '“', '*']);
    bare.ends_with(['.', '!', '?', '。', '！', '？', '…'])
}

fn is_breadcrumb(text: &str, length: usize) -> bool {
    let steps = [" > ", " › ", " » ", " | "].iter().map(|sign| text.matches(sign).count()).max();
    length < 120 && steps.unwrap_or(0) >= 2 && !ends_sentence(text)
}

/// Tells whether the text is the name of a language and nothing else.
pub(crate) fn is_language(text: &str) -> bool {
    LANGUAGES.contains(&normalise_line(text).as_str())
}

fn is_language_line(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let known = words.clone().filter(|word| LANGUAGES.contains(word)).count();
    known >= 2 && words.all(|word| LANGUAGES.contains(&word))
}

/// Folds a line for comparison: lower case, letters and digits with single spaces.
pub(crate) fn normalise_line(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(');
    let mut line = String::with_capacity(trimmed.len());
    for word in trimmed.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().flat_map(char::to_lowercase));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order() {
        assert!(SENTENCE_WORDS.is_sorted());
        assert!(SENTENCE_WORDS.iter().all(|word| word.len() <= MAX_SENTENCE_WORD));
    }
}
