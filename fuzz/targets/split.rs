//! Any document is divided, and each clause is found again where it says.

#![no_main]

use crossclause::text::split::{SplitClause, split_html, split_markdown, split_plain};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &str| {
    for clauses in [split_markdown(document), split_html(document), split_plain(document)] {
        check(document, &clauses);
    }
});

fn check(document: &str, clauses: &[SplitClause]) {
    let mut end = 0;
    for clause in clauses {
        assert!(!clause.text.trim().is_empty());
        assert!(clause.byte_range.start >= end, "ranges are in order and apart");
        assert!(document.get(clause.byte_range.clone()).is_some_and(|part| !part.is_empty()));
        end = clause.byte_range.end;
    }
}
