//! Any text is a clause: it is analysed, classified, and cut to an excerpt that is part of it.

#![no_main]

use std::sync::LazyLock;

use crossclause::classify::Classifier;
use crossclause::taxonomy::Taxonomy;
use crossclause::text::excerpt::{cut_excerpt, name_shared_terms};
use crossclause::text::language::detect_language;
use crossclause::text::mask::Mask;
use crossclause::text::sentence::split_sentences;
use crossclause::text::term::{analyze, key_wording};
use libfuzzer_sys::fuzz_target;

static CLASSIFIER: LazyLock<Classifier> =
    LazyLock::new(|| Classifier::new(&Taxonomy::bundled().expect("sound")));

fuzz_target!(|text: &str| {
    let mut end = 0;
    for sentence in split_sentences(text) {
        assert!(sentence.start >= end && sentence.start < sentence.end);
        assert!(text.get(sentence.clone()).is_some());
        end = sentence.end;
    }
    let language = detect_language(text);
    let mask = Mask::default();
    let tokens = analyze(text, language, &mask);
    for token in &tokens {
        assert!(text.get(token.range.clone()).is_some());
    }
    let weigh = |term: &str| u32::try_from(term.len() % 7).unwrap_or(0);
    let excerpt = cut_excerpt(text, &tokens, weigh, |_| true);
    let length = excerpt.text.chars().count();
    for [from, to] in excerpt.highlights {
        assert!(from < to && to <= length);
    }
    let _ = name_shared_terms(text, &tokens, weigh, |_| true);
    let _ = CLASSIFIER.classify(text, Some(text), language);
    assert_eq!(key_wording(text, &mask), key_wording(text, &mask));
});
