//! Sentence boundaries for legal prose.
//!
//! UAX #29 alone cuts after `Sec.`, `Inc.` or a bare `1.`; the joiner here puts such
//! pieces together again.

use std::ops::Range;

use super::boundary::list_sentence_ends;

/// Abbreviations that are always followed by more of the same sentence.
const ABBREVIATIONS: &[&str] = &[
    "abs", "abschn", "al", "anm", "ann", "apdo", "approx", "art", "arts", "aufl", "b.zw", "bspw", "bzw",
    "c-à-d", "c.-à-d", "ca", "cap", "cf", "cfr", "ch", "cit", "cl", "d.h", "dept", "dr", "e.g", "ecc", "eg",
    "ej", "evtl", "ex", "ext", "fig", "gem", "ggf", "i.d.r", "i.e", "i.s.d", "i.s.v", "i.v.m", "ibid", "ie",
    "incl", "inkl", "lit", "m.w.n", "mr", "mrs", "ms", "n.º", "no", "nos", "nr", "num", "n°", "núm", "o.ä",
    "op", "p.ej", "p.ex", "pag", "pagg", "par", "para", "paras", "pp", "prof", "pág", "págs", "ref", "refs",
    "reg", "resp", "rn", "sched", "sec", "secs", "sect", "sog", "st", "subpara", "subs", "tel", "u.u", "v",
    "vers", "vgl", "vol", "vs", "z.b", "z.t", "zzgl",
];

/// Abbreviations that may also end a sentence: the next word decides.
const ENTITY_ABBREVIATIONS: &[&str] = &[
    "a.m", "ag", "b.v", "bros", "co", "corp", "d.c", "etc", "e.u", "inc", "jr", "l.p", "llc", "ltd", "n.a",
    "n.v", "p.m", "plc", "pte", "pty", "s.a", "s.r.o", "sr", "u.a", "u.k", "u.s", "u.s.a", "u.s.c",
];

/// Words that begin a new sentence after an abbreviation that may end one.
const STARTERS: &[&str] = &[
    "a",
    "additionally",
    "after",
    "all",
    "alle",
    "an",
    "any",
    "as",
    "at",
    "before",
    "bei",
    "both",
    "by",
    "customers",
    "dans",
    "das",
    "der",
    "des",
    "die",
    "during",
    "each",
    "ein",
    "eine",
    "el",
    "en",
    "every",
    "except",
    "failure",
    "falls",
    "for",
    "from",
    "further",
    "furthermore",
    "für",
    "given",
    "he",
    "her",
    "his",
    "however",
    "i",
    "if",
    "il",
    "in",
    "including",
    "it",
    "its",
    "la",
    "las",
    "le",
    "les",
    "los",
    "members",
    "most",
    "my",
    "nach",
    "neither",
    "no",
    "none",
    "nothing",
    "notwithstanding",
    "nous",
    "on",
    "once",
    "other",
    "otherwise",
    "our",
    "para",
    "persons",
    "please",
    "por",
    "pour",
    "provided",
    "she",
    "si",
    "sie",
    "since",
    "some",
    "such",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "tout",
    "toute",
    "un",
    "una",
    "under",
    "une",
    "unless",
    "until",
    "upon",
    "users",
    "vous",
    "we",
    "wenn",
    "when",
    "whenever",
    "where",
    "while",
    "who",
    "whoever",
    "will",
    "wir",
    "with",
    "without",
    "you",
    "your",
];

const MONTHS: &[&str] = &[
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
];

/// Names of divisions that stand with their number in front of a provision.
const DIVISIONS: &[&str] = &[
    "section",
    "article",
    "clause",
    "part",
    "chapter",
    "exhibit",
    "annex",
    "appendix",
    "schedule",
    "attachment",
    "abschnitt",
    "artikel",
    "ziffer",
    "kapitel",
    "anhang",
    "anlage",
    "annexe",
    "chapitre",
    "artículo",
    "sección",
    "cláusula",
    "anexo",
    "articolo",
    "sezione",
    "allegato",
    "artigo",
    "seção",
];

/// Longest text, in bytes, that is taken for an enumeration mark such as `(iv)` or `12.3.`.
const MARK_BYTES: usize = 12;

/// Finds the sentences of `text`.
///
/// The half-open byte ranges lie on character boundaries, are in order and cover the
/// whole text without gaps; white space belongs to the sentence before it. An empty text
/// has no sentences.
pub fn split_sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let pieces = list_sentence_ends(text).into_iter().flat_map(|end| {
        let at = std::mem::replace(&mut start, end);
        cut_before_marks(text.get(at..end).unwrap_or(""), at)
    });
    for (start, piece) in pieces {
        let end = start + piece.len();
        match sentences.last_mut() {
            Some(last) if is_joined(text.get(last.clone()).unwrap_or(""), piece) => last.end = end,
            _ => sentences.push(start..end),
        }
    }
    sentences
}

/// Cuts a piece where an item such as "(b) Boats" follows a full stop: UAX #29 does not,
/// because the mark is in lower case.
fn cut_before_marks(piece: &str, offset: usize) -> Vec<(usize, &str)> {
    let mut cut = Vec::new();
    let mut start = 0;
    for (at, _) in piece.match_indices(". (") {
        let item = piece.get(at + 2..).unwrap_or("");
        let begins = item.find(") ").filter(|&end| end <= 5).and_then(|end| item.get(end + 2..));
        if begins.is_some_and(|text| text.starts_with(char::is_uppercase)) {
            cut.extend(piece.get(start..at + 2).map(|head| (offset + start, head)));
            start = at + 2;
        }
    }
    cut.extend(piece.get(start..).filter(|tail| !tail.is_empty()).map(|tail| (offset + start, tail)));
    cut
}

/// Tells whether `next` continues the sentence `current`.
fn is_joined(current: &str, next: &str) -> bool {
    if current.ends_with(['\n', '\r', '\u{2029}']) && !is_mark(current.trim()) {
        return false;
    }
    let trimmed = current.trim_end();
    if trimmed.is_empty() || is_mark(trimmed.trim_start()) || is_heading_mark(trimmed.trim_start()) {
        return true;
    }
    let next_word = next.split_whitespace().next().unwrap_or("");
    if next_word.is_empty() {
        return true;
    }
    if next_word.starts_with(char::is_lowercase) && !trimmed.ends_with([';', '。']) {
        return true;
    }
    let glued = trimmed.len() == current.len();
    if glued && trimmed.ends_with('.') && next_word.starts_with(char::is_alphanumeric) {
        return true;
    }
    let Some(stem) = trimmed.strip_suffix('.') else {
        return false;
    };
    let last = stem.split_whitespace().next_back().unwrap_or("");
    let last = last.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let bare_next: String = next_word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if is_reference_word(&last) {
        // "No." may also be an answer: it abbreviates "number" only before a digit.
        return last != "no" || next_word.starts_with(|c: char| c.is_ascii_digit());
    }
    let is_initial = last.chars().count() == 1 && last.starts_with(char::is_alphabetic);
    if is_initial || ENTITY_ABBREVIATIONS.contains(&last.as_str()) {
        return !STARTERS.contains(&bare_next.as_str());
    }
    last.chars().all(|c| c.is_ascii_digit()) && MONTHS.contains(&bare_next.as_str())
}

fn is_reference_word(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

/// Tells whether `text` is nothing but the number of a division: "Section 4.", "Exhibit A.".
fn is_heading_mark(text: &str) -> bool {
    let Some((name, number)) = text.split_once(' ') else {
        return false;
    };
    let is_name = name.len() <= 10 && DIVISIONS.contains(&name.to_lowercase().as_str());
    let core = number.trim_end_matches('.');
    let is_number = core.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        || core.bytes().all(|b| b"IVX".contains(&b))
        || core.len() == 1 && core.bytes().all(|b| b.is_ascii_uppercase());
    is_name && !core.is_empty() && core.len() < number.len() && number.len() <= MARK_BYTES && is_number
}

/// Tells whether `text` is nothing but an enumeration mark: `1.`, `2.3.`, `(a)`, `iv.`.
fn is_mark(text: &str) -> bool {
    if text.len() > MARK_BYTES || text.contains(char::is_whitespace) {
        return false;
    }
    let core = text.trim_matches(['(', ')', '.', '§']);
    if core.is_empty() || core.len() == text.len() {
        return core.is_empty() && text.contains('§');
    }
    let is_number = core.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_roman = core.chars().all(|c| matches!(c.to_ascii_lowercase(), 'i' | 'v' | 'x'));
    is_number || is_roman || core.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            split_sentences(text).into_iter().filter_map(|range| text.get(range)).map(str::trim).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn keeps_legal_abbreviations_together() {
        check("See Sec. 4.2 and Art. 7. It applies.", &["See Sec. 4.2 and Art. 7.", "It applies."]);
        check("1. You own it. 2. We host it.", &["1. You own it.", "2. We host it."]);
        check("(a) Kites fly. (b) Boats sail.", &["(a) Kites fly.", "(b) Boats sail."]);
        check("Use tools, e.g. Hammers. Stop.", &["Use tools, e.g. Hammers.", "Stop."]);
        check("Doe v. Roe decides. So it is.", &["Doe v. Roe decides.", "So it is."]);
        check("Kite Inc. Holdings runs it.", &["Kite Inc. Holdings runs it."]);
        check("It is run by Kite Inc. You agree.", &["It is run by Kite Inc.", "You agree."]);
        check("Under U.S. Federal law we act.", &["Under U.S. Federal law we act."]);
        check("Am 1. Januar beginnt es. Gut.", &["Am 1. Januar beginnt es.", "Gut."]);
        check("May I? No. You may not.", &["May I?", "No.", "You may not."]);
        check("See No. 7 of it.", &["See No. 7 of it."]);
        check("2.4.Feedback is free. Thanks.", &["2.4.Feedback is free.", "Thanks."]);
        check("See i.e. Kites. Done.", &["See i.e. Kites.", "Done."]);
        check("Nach Nr. 4 bzw. Abs. 2 gilt es. Gut.", &["Nach Nr. 4 bzw. Abs. 2 gilt es.", "Gut."]);
        check("Drachen, z. B. Lenkdrachen, fliegen. Gut.", &["Drachen, z. B. Lenkdrachen, fliegen.", "Gut."]);
        check("Es gilt d. h. Alles. Gut.", &["Es gilt d. h. Alles.", "Gut."]);
        check("Usa cometas, p. ej. Grandes. Bien.", &["Usa cometas, p. ej. Grandes.", "Bien."]);
        check("La toile, c.-à-d. Le tissu. Bien.", &["La toile, c.-à-d. Le tissu.", "Bien."]);
        check("Voir p. ex. Annexe 2. Bien.", &["Voir p. ex. Annexe 2.", "Bien."]);
        check("Section 4. Payment is due. Pay it.", &["Section 4. Payment is due.", "Pay it."]);
        check("Article IV. Kites fly. Good.", &["Article IV. Kites fly.", "Good."]);
        check("As said in Section 4. You must pay.", &["As said in Section 4.", "You must pay."]);
        check("Exhibit A. Kites are listed. Good.", &["Exhibit A. Kites are listed.", "Good."]);
        check("Under 17 U.S.C. § 512(c) it ends. Good.", &["Under 17 U.S.C. § 512(c) it ends.", "Good."]);
        check("Mr. Kite and Dr. Line agree. Good.", &["Mr. Kite and Dr. Line agree.", "Good."]);
        check("J. K. Kite wrote it. Good.", &["J. K. Kite wrote it.", "Good."]);
        check("It costs approx. 4.5 Euro. Pay.", &["It costs approx. 4.5 Euro.", "Pay."]);
        check("Visit kite.example. We answer.", &["Visit kite.example.", "We answer."]);
        check("Kite Ltd. and Line GmbH & Co. KG agree.", &["Kite Ltd. and Line GmbH & Co. KG agree."]);
        check("(See Art. 6 para. 1 lit. f GDPR.) We fly.", &["(See Art. 6 para. 1 lit. f GDPR.)", "We fly."]);
        check("Is it so? Yes! \"It is.\" Good.", &["Is it so?", "Yes!", "\"It is.\"", "Good."]);
        check("风筝在飞。我们在看。", &["风筝在飞。", "我们在看。"]);
        check("No. 4 Kite Street is ours. Come.", &["No. 4 Kite Street is ours.", "Come."]);
        check("It ends at 5 p.m. Then we go.", &["It ends at 5 p.m.", "Then we go."]);
        check("Tools, kites, etc. are ours. Good.", &["Tools, kites, etc. are ours.", "Good."]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn partitions_any_text(text in "(\\PC|[ \n.()a-zA-Z0-9]){0,200}") {
            let mut next = 0;
            for range in split_sentences(&text) {
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                next = range.end;
            }
            prop_assert_eq!(next, text.len());
        }
    }
}
