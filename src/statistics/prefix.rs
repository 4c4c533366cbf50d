use super::Statistics;

impl Statistics {
    /// The words of the vocabulary that begin with `prefix`: at most `limit` of highest document
    /// frequency, ties by bytes; and how many there are in all.
    #[must_use]
    pub fn words_with_prefix(&self, prefix: &str, limit: usize) -> (Vec<&str>, usize) {
        let mut words: Vec<(&str, u32)> = self
            .vocabulary
            .iter()
            .filter(|(word, _)| word.starts_with(prefix))
            .map(|(word, &frequency)| (word.as_str(), frequency))
            .collect();
        words.sort_unstable_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(two.0)));
        (words.iter().take(limit).map(|(word, _)| *word).collect(), words.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(prefix: &str, limit: usize, expected: &[&str], all: usize) {
        let mut statistics = Statistics::default();
        for (word, count) in [("arbitrate", 2), ("arbitration", 9), ("arbitrator", 2), ("arbor", 5)] {
            statistics.vocabulary.insert(word.to_owned(), count);
        }
        assert_eq!(statistics.words_with_prefix(prefix, limit), (expected.to_vec(), all), "{prefix}");
    }

    #[test]
    fn the_commonest_come_first() {
        check("arbitrat", 9, &["arbitration", "arbitrate", "arbitrator"], 3);
        check("arb", 2, &["arbitration", "arbor"], 4);
        check("arbitration", 9, &["arbitration"], 1);
        check("zebra", 9, &[], 0);
    }
}
