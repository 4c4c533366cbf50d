//! Cross-references such as "Section 13", "Articles 5 and 6" or "Exhibit A" in a text.

/// Most references that are kept of one text.
const MAX_REFERENCES: usize = 20;
/// Most numbers in one reference, as in "Sections 1, 2 and 3".
const MAX_NUMBERS: usize = 12;

/// Names of divisions, in lower case; a trailing dot belongs to an abbreviation.
const DIVISIONS: &[&str] = &[
    "section",
    "sections",
    "sec.",
    "sect.",
    "clause",
    "clauses",
    "article",
    "articles",
    "art.",
    "arts.",
    "paragraph",
    "paragraphs",
    "para.",
    "paras.",
    "subsection",
    "subsections",
    "sub-section",
    "exhibit",
    "exhibits",
    "annex",
    "annexes",
    "appendix",
    "appendices",
    "schedule",
    "schedules",
    "attachment",
    "addendum",
    "chapter",
    "part",
    "§",
    "§§",
    "abschnitt",
    "abschnitte",
    "abschnitten",
    "ziffer",
    "ziffern",
    "ziff.",
    "artikel",
    "artikeln",
    "absatz",
    "abs.",
    "anhang",
    "anlage",
    "kapitel",
    "klausel",
    "annexe",
    "chapitre",
    "paragraphe",
    "artículo",
    "artículos",
    "sección",
    "secciones",
    "cláusula",
    "cláusulas",
    "anexo",
    "apartado",
    "articolo",
    "articoli",
    "sezione",
    "sezioni",
    "allegato",
    "clausola",
    "paragrafo",
    "artigo",
    "artigos",
    "seção",
    "secção",
    "bijlage",
    "paragraaf",
    "hoofdstuk",
];

/// What stands between two numbers of one reference.
const JOINTS: &[&str] = &[
    ", and ",
    ", or ",
    " and ",
    " or ",
    " to ",
    " through ",
    " und ",
    " oder ",
    " bis ",
    " et ",
    " ou ",
    " à ",
    " y ",
    " o ",
    " e ",
    " en ",
    " & ",
    ", ",
    "–",
    "-",
    " – ",
    " - ",
];

/// Statutes whose articles are no places in this document, in lower case.
const STATUTES: &[&str] =
    &["gdpr", "dsgvo", "rgpd", "avg", "ccpa", "u.s.c", "tfeu", "dsa", "dma", "bgb", "uwg", "tdddg"];

/// Finds the references to other provisions, each as it is written, in order and each once.
///
/// References to statutes ("Article 6 of the Kite Act", "Art. 6 GDPR") are left out.
pub(crate) fn find_references(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut next = 0;
    for (at, word) in words_of(text) {
        if at < next || found.len() == MAX_REFERENCES {
            continue;
        }
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '§');
        // "l’article 7" begins with an article of its own.
        let bare = match bare.char_indices().find(|&(_, c)| c == '’' || c == '\'') {
            Some((mark, c)) if mark <= 2 => bare.get(mark + c.len_utf8()..).unwrap_or(""),
            _ => bare,
        };
        let start = at + word.len() - bare.len();
        let name = name_length(bare);
        if name == 0 {
            continue;
        }
        let Some(end) = numbers_end(text, start + name) else {
            continue;
        };
        next = end;
        let reference = text.get(start..end).unwrap_or("");
        if !names_statute(text.get(end..).unwrap_or("")) && !found.iter().any(|held| held == reference) {
            found.push(reference.to_owned());
        }
    }
    found
}

fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    })
}

/// Length in bytes of the name of a division at the front of a word; 0 if there is none.
fn name_length(word: &str) -> usize {
    if word.starts_with('§') {
        return word.len() - word.trim_start_matches('§').len();
    }
    let is_near =
        (3..=14).contains(&word.len()) && word.starts_with(|c: char| "sScCaApPeEkKzZhHbB".contains(c));
    let is_name = is_near && DIVISIONS.contains(&word.to_lowercase().as_str());
    if is_name { word.len() } else { 0 }
}

/// The end of the numbers that begin after the white space at `from`.
fn numbers_end(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let start = from + rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
    let mut end = start + number_length(text.get(start..)?)?;
    for _ in 1..MAX_NUMBERS {
        let after = text.get(end..)?;
        let joint = JOINTS.iter().find(|joint| after.starts_with(**joint));
        let Some(length) =
            joint.and_then(|joint| number_length(after.get(joint.len()..)?).map(|n| n + joint.len()))
        else {
            break;
        };
        // "Section 2, 14 days" names no Section 14.
        let counts = after.get(length..).is_some_and(|tail| {
            let tail = tail.trim_start().to_lowercase();
            ["day", "month", "year", "hour", "%", "tag", "jour", "día"]
                .iter()
                .any(|unit| tail.starts_with(unit))
        });
        if counts {
            break;
        }
        end += length;
    }
    Some(end)
}

/// Length in bytes of a number such as `13`, `4.2(b)`, `(a)`, `IV` or `A` at the front of a text.
fn number_length(text: &str) -> Option<usize> {
    let core = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(text.len());
    let word = text.get(..core)?.trim_end_matches('.');
    let after = text.get(word.len()..)?;
    let is_number = word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 10 && {
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        letters <= 1
    };
    let is_capital = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let is_roman = !word.is_empty() && word.len() <= 5 && word.chars().all(|c| "IVX".contains(c));
    let is_lettered = word.len() <= 8
        && word.split_once('.').is_some_and(|(first, rest)| {
            first.len() == 1
                && first.chars().all(|c| c.is_ascii_uppercase())
                && rest.starts_with(|c: char| c.is_ascii_digit())
        });
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric());
    if !word.is_empty() && (!(is_number || is_capital || is_roman || is_lettered) || goes_on) {
        return None;
    }
    let mut end = word.len();
    for _ in 0..3 {
        let marks = text.get(end..)?;
        let Some(inner) = marks.strip_prefix('(') else {
            break;
        };
        let close = inner.find(')').filter(|&close| (1..=5).contains(&close));
        let Some(close) = close.filter(|&close| inner.bytes().take(close).all(|b| b.is_ascii_alphanumeric()))
        else {
            break;
        };
        end += close + 2;
    }
    (end > 0).then_some(end)
}

/// Tells whether what follows a reference says that it is one to a statute.
fn names_statute(after: &str) -> bool {
    let near: String = after.chars().take(90).flat_map(char::to_lowercase).collect();
    let near = near.split(['.', ';', ':', '(']).next().unwrap_or("");
    let first = near.trim_start_matches([' ', ',']);
    if STATUTES.iter().any(|statute| first.starts_with(statute)) {
        return true;
    }
    let bound =
        ["of the ", "of ", "der ", "des ", "du ", "de la ", "del ", "della ", "do ", "da ", "van de "];
    let Some(title) = bound.iter().find_map(|word| first.strip_prefix(word)) else {
        return false;
    };
    let names = [
        "act",
        "code",
        "regulation",
        "directive",
        "gdpr",
        "dsgvo",
        "rgpd",
        "law",
        "convention",
        "treaty",
        "verordnung",
        "gesetz",
        "richtlinie",
        "règlement",
        "directiva",
        "reglamento",
        "regolamento",
        "regulamento",
    ];
    title.split(|c: char| !c.is_alphanumeric()).take(9).any(|word| names.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(find_references(text), expected, "in {text:?}");
    }

    #[test]
    fn finds_references_as_written() {
        check("As Section 13 says, kites fly.", &["Section 13"]);
        check("Articles 5 and 6 and Exhibit A apply.", &["Articles 5 and 6", "Exhibit A"]);
        check(
            "See sections 4.2(b), 4.3 and 7 below, and Section 4.2(b).",
            &["sections 4.2(b), 4.3 and 7", "Section 4.2(b)"],
        );
        check("Under Section 2 and Section 2, kites.", &["Section 2"]);
        check("paragraph (b) of this part", &["paragraph (b)"]);
        check("nach Ziffer 3 und § 5", &["Ziffer 3", "§ 5"]);
        check("selon l’article 7, voir annexe II", &["article 7", "annexe II"]);
        check("conforme a la cláusula 4.1", &["cláusula 4.1"]);
        check("(Section 4)", &["Section 4"]);
        check("Section 5, 14 days later", &["Section 5"]);
    }

    #[test]
    fn leaves_out_what_is_no_reference() {
        check("This section applies to each part of it.", &[]);
        check("Art. 6 GDPR and Section 230 of the Kite Decency Act", &[]);
        check("Section A1B2C3 of nothing", &[]);
        check("", &[]);
        check("Section", &[]);
        check("Section (", &[]);
    }

    #[test]
    fn keeps_at_most_twenty() {
        let text: String = (1..50).map(|number| format!("Section {number}; ")).collect();
        assert_eq!(find_references(&text).len(), MAX_REFERENCES);
    }
}
