//! Case, accents and typographic variants folded away.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds one word: lower case, Latin, Greek and Cyrillic accents dropped, ligatures spelled out,
/// curly apostrophes straightened. Marks of other scripts (vowel signs, say) stay.
#[must_use]
pub fn fold_word(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for character in word.nfd().filter(|&c| !is_foldable_mark(c)) {
        match character {
            '’' | 'ʼ' | '‘' | '＇' => folded.push('\''),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' => folded.push('d'),
            'ı' => folded.push('i'),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            other => folded.extend(other.to_lowercase()),
        }
    }
    // Lower-casing can bring back a mark (İ), and what was taken apart is put together again.
    folded.nfc().filter(|&c| !is_foldable_mark(c)).collect()
}

fn is_foldable_mark(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character) && is_combining_mark(character)
}

/// Drops a possessive ending: `Acme's` → `Acme`.
#[must_use]
pub fn strip_possessive(word: &str) -> &str {
    for ending in ["'s", "’s", "'S", "’S"] {
        if let Some(stem) = word.strip_suffix(ending) {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &str) {
        assert_eq!(fold_word(word), expected, "{word}");
        assert_eq!(fold_word(&fold_word(word)), expected, "folding {word} twice");
    }

    #[test]
    fn folds_case_and_accents() {
        check("Résiliation", "resiliation");
        check("Größe", "grosse");
        check("STRASSE", "strasse");
        check("don’t", "don't");
        check("İstanbul", "istanbul");
        check("œuvre", "oeuvre");
        check("データ", "データ");
        check("हिन्दी", "हिन्दी");
        check("한국어", "한국어");
    }
}
