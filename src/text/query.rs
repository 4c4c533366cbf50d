//! What a person types into the search box, read: words, prefix*, "phrases", -exclusions and
//! field:value.
//!
//! Any string is a valid query.

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold_word;

/// The longest query that is read, in Unicode code points; the rest is ignored by the reader, and
/// refused by the API before it comes here.
pub const MAX_QUERY_CHARACTERS: usize = 2_000;

/// The fewest letters before the star of a prefix; with fewer the star is ignored.
pub const MIN_PREFIX_LETTERS: usize = 3;

/// Fields as they are typed, without regard to case, and what each is called in the API.
pub const FIELDS: [(&str, &str); 11] = [
    ("category", "category"),
    ("clause_type", "clause_type"),
    ("type", "clause_type"),
    ("severity", "severity"),
    ("platform", "platform"),
    ("document_type", "document_type"),
    ("regulation", "regulation"),
    ("jurisdiction", "jurisdiction"),
    ("language", "language"),
    ("lang", "language"),
    ("id", "id"),
];

/// A query, as folded words and fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedQuery {
    /// Words to be held, each once, those of phrases among them.
    pub words: Vec<String>,
    /// Beginnings of words, each once, of at least [`MIN_PREFIX_LETTERS`] letters, without their stars.
    pub prefixes: Vec<String>,
    /// Phrases that must be held, each once.
    pub phrases: Vec<Vec<String>>,
    /// Words and phrases that must not be, each once.
    pub exclusions: Vec<Vec<String>>,
    /// Beginnings of words that must not be held.
    pub excluded_prefixes: Vec<String>,
    /// Fields with their values, which nothing has checked yet.
    pub fields: Vec<Field>,
    /// What stands before a colon as a field does and is none, each once; it is among the words.
    pub unknown_fields: Vec<String>,
}

/// A field with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is called in the API.
    pub name: &'static str,
    /// Its values as typed, at least one.
    pub values: Vec<String>,
    /// Whether a clause must have none of them.
    pub excluded: bool,
    /// All of it as typed, without the minus.
    pub typed: String,
}

impl ParsedQuery {
    /// Takes a field for the words that it is written with.
    pub fn read_as_words(&mut self, field: &Field) {
        let words = fold_words(&field.typed.replace([':', '_'], " "));
        self.take_words(words, field.excluded);
    }

    fn take_words(&mut self, words: Vec<String>, excluded: bool) {
        if words.is_empty() {
            return;
        }
        if excluded {
            push_once(&mut self.exclusions, words);
            return;
        }
        for word in words {
            push_once(&mut self.words, word);
        }
    }

    fn take_prefix(&mut self, prefix: String, excluded: bool) {
        push_once(if excluded { &mut self.excluded_prefixes } else { &mut self.prefixes }, prefix);
    }
}

fn push_once<T: PartialEq>(parts: &mut Vec<T>, part: T) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

fn fold_words(text: &str) -> Vec<String> {
    text.unicode_words().map(fold_word).filter(|word| !word.is_empty()).collect()
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»')
}

/// Reads a query. `"…"` is a phrase (an open one ends with the query), `word*` stands for the words
/// that begin so, `field:value` narrows, and `-` before any of them excludes it.
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
        if let Some((field, after)) = read_field(rest, excluded) {
            push_once(&mut parsed.fields, field);
            rest = after;
            continue;
        }
        if rest.starts_with(is_quote) {
            let body = rest.trim_start_matches(is_quote);
            let (part, after) = body.split_at(body.find(is_quote).unwrap_or(body.len()));
            rest = after.trim_start_matches(is_quote);
            let words = fold_words(part);
            // A single word in quotes must be there as well.
            if !excluded && !words.is_empty() {
                push_once(&mut parsed.phrases, words.clone());
            }
            parsed.take_words(words, excluded);
            continue;
        }
        // The first character is no space and no quote, so every turn reads at least one.
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
        let part;
        (part, rest) = rest.split_at(end);
        if let Some(name) = find_field_name(part, rest) {
            push_once(&mut parsed.unknown_fields, name);
        }
        let mut words = fold_words(part);
        // What is excluded word by word would be more than what was excluded as a whole.
        let whole = !excluded || words.len() == 1;
        let prefix = words.pop_if(|last| whole && ends_in_star(part) && is_long_enough(last));
        parsed.take_words(words, excluded);
        if let Some(prefix) = prefix {
            parsed.take_prefix(prefix, excluded);
        }
    }
}

fn is_long_enough(prefix: &str) -> bool {
    prefix.chars().count() >= MIN_PREFIX_LETTERS
}

/// Whether a star stands at the end of the part's last word, punctuation after it aside.
fn ends_in_star(part: &str) -> bool {
    let bare = part.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*');
    let word = bare.trim_end_matches('*');
    word.len() < bare.len() && word.ends_with(char::is_alphanumeric)
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// What the API calls a field.
fn find_field(typed: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(typed)).map(|(_, name)| *name)
}

/// What stands before the colon of a part that is written as a field is, and is none.
fn find_field_name(part: &str, after: &str) -> Option<String> {
    let (name, value) = part.split_once(':')?;
    let has_value = value.contains(char::is_alphanumeric) || after.starts_with(is_quote);
    (is_field_name(name) && has_value && find_field(name).is_none()).then(|| name.to_ascii_lowercase())
}

/// Reads a field that is known, with at least one value, and what follows it.
fn read_field(text: &str, excluded: bool) -> Option<(Field, &str)> {
    let (typed_name, mut rest) = text.split_once(':')?;
    let name = find_field(typed_name)?;
    let mut values = Vec::new();
    loop {
        let value;
        if let Some(body) = rest.strip_prefix(is_quote) {
            (value, rest) = body.split_at(body.find(is_quote).unwrap_or(body.len()));
            rest = rest.strip_prefix(is_quote).unwrap_or(rest);
        } else {
            let ends = |c: char| c.is_whitespace() || c == ',' || is_quote(c);
            (value, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        }
        if !value.trim().is_empty() {
            push_once(&mut values, value.trim().to_owned());
        }
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => break,
        }
    }
    let typed = text.get(..text.len() - rest.len()).unwrap_or(text).to_owned();
    (!values.is_empty()).then_some((Field { name, values, excluded, typed }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` has words, prefixes with a star, "phrases", -exclusions and fields in this order,
    /// divided by bars; `name?` is what looks like a field and is none.
    fn check(query: &str, expected: &str) {
        let parsed = parse_query(query);
        let join = |words: &[String]| words.join(" ");
        let mut parts = parsed.words.clone();
        parts.extend(parsed.prefixes.iter().map(|prefix| format!("{prefix}*")));
        parts.extend(parsed.phrases.iter().map(|phrase| format!("\"{}\"", join(phrase))));
        parts.extend(parsed.exclusions.iter().map(|phrase| format!("-{}", join(phrase))));
        parts.extend(parsed.excluded_prefixes.iter().map(|prefix| format!("-{prefix}*")));
        for field in &parsed.fields {
            let minus = if field.excluded { "-" } else { "" };
            parts.push(format!("{minus}{}={}", field.name, field.values.join("+")));
        }
        parts.extend(parsed.unknown_fields.iter().map(|name| format!("{name}?")));
        assert_eq!(parts.join("|"), expected, "{query}");
    }

    #[test]
    fn any_string_is_a_query() {
        check("Voice data", "voice|data");
        check("\"machine learning\" -cookies", "machine|learning|\"machine learning\"|-cookies");
        check("-\"opt out\" sale", "sale|-opt out");
        check("\"open phrase", "open|phrase|\"open phrase\"");
        check("opt-out - fees", "opt|out|fees");
        check("\"\" -- -\" \" “", "");
        check("fees fees Fees -a -A \"b c\" \"B C\"", "fees|b|c|\"b c\"|-a");
        check("", "");
        check(":::***--\"\":*\"-:", "");
    }

    #[test]
    fn a_star_ends_a_prefix() {
        check("arbitrat* Fees", "fees|arbitrat*");
        check("Résili*", "resili*");
        check("(arbitrat*), arbitrat**", "arbitrat*");
        check("class-act*", "class|act*");
        check("-arbitrat*", "-arbitrat*");
        check("-opt-out*", "-opt out");
        check("ar* *bitrat arb*tion *", "ar|bitrat|arb|tion");
        check("\"binding arbitrat*\"", "binding|arbitrat|\"binding arbitrat\"");
    }

    #[test]
    fn fields_narrow() {
        check("severity:high arbitration", "arbitration|severity=high");
        check("Severity:high,MEDIUM", "severity=high+MEDIUM");
        check("-severity:low −lang:de", "-severity=low|-language=de");
        check("platform:\"amber market\",kelp,kelp fee", "fee|platform=amber market+kelp");
        check("type:“open one", "clause_type=open one");
        check("id:a.b:c~1", "id=a.b:c~1");
        check("severity:high\"jury trial\"", "jury|trial|\"jury trial\"|severity=high");
        check("type:a -type:a type:a", "clause_type=a|-clause_type=a");
        check("severity:high, low", "low|severity=high");
    }

    #[test]
    fn what_is_no_field_is_words() {
        check("http://x.example/y", "http|x.example|y|http?");
        check("note: this", "note|this");
        check("severity: high", "severity|high");
        check("severity:, SEVERITY: severity:\"\"", "severity");
        check("title:\"jury trial\"", "title|jury|trial|\"jury trial\"|title?");
        check("10:30 (severity:high)", "10|30|severity:high");
        check("-foo:bar", "-foo:bar|foo?");
    }

    #[test]
    fn a_field_can_be_read_as_words() {
        let mut parsed = parse_query("fees clause_type:\"Jury trial\" -severity:hihg");
        for field in std::mem::take(&mut parsed.fields) {
            parsed.read_as_words(&field);
        }
        assert_eq!(parsed.words, ["fees", "clause", "type", "jury", "trial"]);
        assert_eq!(parsed.exclusions, [["severity", "hihg"]]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(query in ".*", marks in "[-−:*\"“,a-cé]*", field in "-?(id|type|LANG|x):[-:*\",a é]*") {
            for query in [&query, &marks, &field] {
                let mut parsed = parse_query(query);
                for field in std::mem::take(&mut parsed.fields) {
                    assert!(!field.values.is_empty());
                    parsed.read_as_words(&field);
                }
                let words = parsed.words.iter().chain(parsed.phrases.iter().flatten());
                for word in words.chain(parsed.exclusions.iter().flatten()) {
                    assert!(!word.is_empty());
                }
            }
        }
    }
}
