//! What a person types into the search box, read: words, "phrases" and -exclusions.
//!
//! Any string is a valid query.

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold_word;

/// The longest query that is read, in Unicode code points; the rest is ignored by the reader, and
/// refused by the API before it comes here.
pub const MAX_QUERY_CHARACTERS: usize = 2_000;

/// A query, as folded words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedQuery {
    /// Words to be held, each once, those of phrases among them.
    pub words: Vec<String>,
    /// Phrases that must be held.
    pub phrases: Vec<Vec<String>>,
    /// Words and phrases that must not be.
    pub exclusions: Vec<Vec<String>>,
}

/// Reads a query. `"…"` is a phrase (an open one ends with the query), `-` before a word or a
/// phrase excludes it.
#[must_use]
pub fn parse_query(query: &str) -> ParsedQuery {
    let mut parsed = ParsedQuery::default();
    let mut rest: &str = match query.char_indices().nth(MAX_QUERY_CHARACTERS) {
        Some((end, _)) => query.get(..end).unwrap_or(query),
        None => query,
    };
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return parsed;
        }
        let after_minus = rest.strip_prefix(['-', '−']);
        let excluded =
            after_minus.is_some_and(|after| after.chars().next().is_some_and(|c| !c.is_whitespace()));
        if excluded {
            rest = after_minus.unwrap_or(rest);
        }
        let part;
        let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
        let quoted = rest.chars().next().is_some_and(is_quote);
        if quoted {
            let body = rest.trim_start_matches(is_quote);
            let end = body.find(is_quote).unwrap_or(body.len());
            (part, rest) = body.split_at(end);
            rest = rest.trim_start_matches(is_quote);
        } else {
            // The first character is no space and no quote, so every turn reads at least one.
            let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
            (part, rest) = rest.split_at(end);
        }
        let words: Vec<String> =
            part.unicode_words().map(fold_word).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            continue;
        }
        if excluded {
            parsed.exclusions.push(words);
            continue;
        }
        for word in &words {
            if !parsed.words.contains(word) {
                parsed.words.push(word.clone());
            }
        }
        // A single word in quotes must be there as well.
        if quoted {
            parsed.phrases.push(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, words: &str, phrases: &[&str], exclusions: &[&str]) {
        let parsed = parse_query(query);
        let join = |parts: &[Vec<String>]| parts.iter().map(|part| part.join(" ")).collect::<Vec<_>>();
        assert_eq!(parsed.words.join(" "), words, "{query}");
        assert_eq!(join(&parsed.phrases), phrases, "{query}");
        assert_eq!(join(&parsed.exclusions), exclusions, "{query}");
    }

    #[test]
    fn any_string_is_a_query() {
        check("Voice data", "voice data", &[], &[]);
        check("\"machine learning\" -cookies", "machine learning", &["machine learning"], &["cookies"]);
        check("-\"opt out\" sale", "sale", &[], &["opt out"]);
        check("\"open phrase", "open phrase", &["open phrase"], &[]);
        check("opt-out - fees", "opt out fees", &[], &[]);
        check("\"\" -- -\" \" “", "", &[], &[]);
        check("fees fees Fees", "fees", &[], &[]);
        check("", "", &[], &[]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(query in ".*") {
            let _ = parse_query(&query);
        }
    }
}
