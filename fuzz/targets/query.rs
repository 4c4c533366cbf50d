//! Any string is a query, and what it asks for stays within its limits.

#![no_main]

use crossclause::text::language::stem_word;
use crossclause::text::query::{MAX_QUERY_CHARACTERS, parse_query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    let parsed = parse_query(query);
    assert!(parsed.words.len() <= MAX_QUERY_CHARACTERS);
    for word in parsed.words.iter().chain(parsed.phrases.iter().flatten()) {
        assert!(!word.is_empty());
        for language in ["en", "de", "ar", "tr", "zh"] {
            let _ = stem_word(word, language);
        }
    }
});
