//! The language of a text, and the stemmer that goes with it.

use frostem::{Algorithm, Stemmer};

/// Detects the language of a text and returns its BCP 47 tag (`en`, `fr`, `zh`, …).
///
/// Always an answer; on a word or two it is a guess. Done by `whichlang`'s linear model.
#[must_use]
pub fn detect_language(text: &str) -> &'static str {
    use whichlang::Lang;
    match whichlang::detect_language(text) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

/// The primary part of a language tag, in lower case: `en` of `en-GB`.
#[must_use]
pub fn primary_language(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase()
}

const ALGORITHMS: [(&str, Algorithm); 16] = [
    ("en", Algorithm::English),
    ("fr", Algorithm::French),
    ("de", Algorithm::German),
    ("es", Algorithm::Spanish),
    ("nl", Algorithm::Dutch),
    ("it", Algorithm::Italian),
    ("pt", Algorithm::Portuguese),
    ("sv", Algorithm::Swedish),
    ("da", Algorithm::Danish),
    ("no", Algorithm::Norwegian),
    ("nb", Algorithm::Norwegian),
    ("fi", Algorithm::Finnish),
    ("ru", Algorithm::Russian),
    ("tr", Algorithm::Turkish),
    ("ar", Algorithm::Arabic),
    ("hi", Algorithm::Hindi),
];

/// Stems a folded word in a language (a BCP 47 tag); a word of a language without a stemmer stays
/// as it is. Snowball's algorithms.
#[must_use]
pub fn stem_word(word: &str, language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or("");
    match ALGORITHMS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(primary)) {
        Some((_, algorithm)) => {
            let stem = Stemmer::new(*algorithm).stem(word);
            if stem.is_empty() { word.to_owned() } else { stem.into_owned() }
        }
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (text, language) in [
            ("You may close your account at any time and for any reason.", "en"),
            ("Sie können Ihr Konto jederzeit und ohne Angabe von Gründen schließen.", "de"),
            ("Vous pouvez fermer votre compte à tout moment et sans motif.", "fr"),
            ("Puede cerrar su cuenta en cualquier momento y por cualquier motivo.", "es"),
            ("U kunt uw account op elk moment en om welke reden dan ook sluiten.", "nl"),
        ] {
            assert_eq!(detect_language(text), language, "{text}");
        }
        let _ = detect_language("");
    }

    #[test]
    fn stems_follow_the_language() {
        assert_eq!(stem_word("training", "en-GB"), "train");
        assert_eq!(stem_word("conditions", "fr"), "condit");
        assert_eq!(stem_word("数据", "zh"), "数据");
    }
}
