use super::Statistics;

impl Statistics {
    /// The word of the vocabulary that stands in for one that it lacks: Damerau-Levenshtein
    /// distance 1 from 4 letters, 2 from 8; least distance, then higher document frequency, then
    /// bytes. `None` if there is none, or if the word is too short to guess.
    #[must_use]
    pub fn nearest_word(&self, word: &str) -> Option<&str> {
        let letters: Vec<char> = word.chars().collect();
        let allowed = match letters.len() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        self.vocabulary
            .iter()
            .filter(|(candidate, _)| {
                // Most candidates are too long or too short to read.
                candidate.chars().count().abs_diff(letters.len()) <= allowed
            })
            .filter_map(|(candidate, &frequency)| {
                let distance = edit_distance(&letters, candidate, allowed)?;
                Some((distance, std::cmp::Reverse(frequency), candidate.as_str()))
            })
            .min()
            .map(|(_, _, candidate)| candidate)
    }
}

/// Damerau-Levenshtein distance in its restricted form (optimal string alignment: no substring is
/// edited twice), or `None` if it is over `allowed`. In code points.
///
/// Source: the recurrence of Wagner and Fischer (1974) with the transposition of Damerau (1964).
#[must_use]
pub fn edit_distance(left: &[char], right: &str, allowed: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=left.len()).collect();
    let mut row: Vec<usize> = Vec::with_capacity(left.len() + 1);
    let mut previous_letter = None;
    let mut least_of_last = 0;
    for (number, letter) in right.chars().enumerate() {
        row.clear();
        row.push(number + 1);
        let mut least = number + 1;
        for (place, &other) in left.iter().enumerate() {
            let substituted = last.get(place)? + usize::from(other != letter);
            let mut best = substituted.min(last.get(place + 1)? + 1).min(row.get(place)? + 1);
            if place > 0 && left.get(place - 1) == Some(&letter) && previous_letter == Some(other) {
                best = best.min(before.get(place - 1)? + 1);
            }
            least = least.min(best);
            row.push(best);
        }
        // Every later number comes from one of the last two rows.
        if least.min(least_of_last) > allowed {
            return None;
        }
        least_of_last = least;
        previous_letter = Some(letter);
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last.last().copied().filter(|&distance| distance <= allowed)
}

/// Words shorter than this are not looked for within others, in letters.
const LEAST_WITHIN: usize = 3;

/// The nearest of some known words without regard to case: within a third of the word's letters, least
/// distance first; where none is that near, the first that contains it.
#[must_use]
pub fn suggest_word<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let letters: Vec<char> = word.to_lowercase().chars().take(100).collect();
    let allowed = (letters.len() / 3).max(1);
    let nearest = known
        .iter()
        .filter_map(|candidate| {
            let distance = edit_distance(&letters, &candidate.to_lowercase(), allowed)?;
            Some((distance, *candidate))
        })
        .min()
        .map(|(_, candidate)| candidate);
    nearest.or_else(|| find_containing(word, known).first().copied())
}

/// The known words that contain a word, without regard to case: those that end with it first (of
/// `binding-arbitration` the last part says what it is), then the shortest, then by bytes.
#[must_use]
pub fn find_containing<'a>(word: &str, known: &[&'a str]) -> Vec<&'a str> {
    let word = word.to_lowercase();
    if word.chars().count() < LEAST_WITHIN {
        return Vec::new();
    }
    let mut found: Vec<&str> =
        known.iter().copied().filter(|candidate| candidate.to_lowercase().contains(&word)).collect();
    found.sort_by_key(|candidate| (!candidate.to_lowercase().ends_with(&word), candidate.len(), *candidate));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, expected: Option<usize>) {
        let letters: Vec<char> = left.chars().collect();
        assert_eq!(edit_distance(&letters, right, 2), expected, "{left} {right}");
    }

    #[test]
    fn distances() {
        check("arbitr", "arbitr", Some(0));
        check("arbitr", "abritr", Some(1));
        check("refund", "refnd", Some(1));
        check("refund", "refunded", Some(2));
        check("refund", "cookie", None);
        check("", "ab", Some(2));
    }

    #[test]
    fn the_nearest_is_suggested() {
        let known = ["binding-arbitration", "arbitration-fees", "ai-training", "US", "US-CO", "none_found"];
        for (word, expected) in [
            ("ai-trainig", Some("ai-training")),
            ("AI-Training", Some("ai-training")),
            ("arbitration", Some("binding-arbitration")),
            ("binding", Some("binding-arbitration")),
            ("usa", Some("US")),
            ("none", Some("none_found")),
            ("ng", None),
            ("cookies", None),
        ] {
            assert_eq!(suggest_word(word, &known), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_word_stands_in() {
        let mut statistics = Statistics::default();
        for (term, count) in [("refund", 5), ("remand", 9), ("arbitration", 3), ("tax", 4)] {
            statistics.vocabulary.insert(term.to_owned(), count);
        }
        assert_eq!(statistics.nearest_word("refnud"), Some("refund"));
        assert_eq!(statistics.nearest_word("arbitraton"), Some("arbitration"));
        assert_eq!(statistics.nearest_word("tac"), None);
        assert_eq!(statistics.nearest_word("rezand"), Some("remand"));
    }
}
