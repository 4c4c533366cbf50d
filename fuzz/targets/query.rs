//! Any string is a query, and what it asks for stays within its limits.

#![no_main]

use crossclause::text::language::stem_word;
use crossclause::text::query::{MAX_QUERY_CHARACTERS, MIN_PREFIX_LETTERS, parse_query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let mut parsed = parse_query(query);
    assert!(parsed.words.len() + parsed.prefixes.len() <= MAX_QUERY_CHARACTERS);
    for field in std::mem::take(&mut parsed.fields) {
        assert!(!field.values.is_empty());
        parsed.read_as_words(&field);
    }
    let prefixes = parsed.prefixes.iter().chain(&parsed.excluded_prefixes);
    assert!(prefixes.clone().all(|prefix| prefix.chars().count() >= MIN_PREFIX_LETTERS));
    let parts = parsed.phrases.iter().chain(&parsed.exclusions).flatten();
    for word in parsed.words.iter().chain(prefixes).chain(parts) {
        assert!(!word.is_empty());
        for language in ["en", "de", "ar", "tr", "zh"] {
            let _ = stem_word(word, language);
        }
    }
});
