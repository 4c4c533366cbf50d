//! A query's vector turned towards the concepts that it is nearest to.
//!
//! A request of two or three words is a poor sum of rows. What a taxonomy says of a concept is a
//! better one, so a part of the nearest concepts is added: Rocchio's expansion, with descriptions in
//! place of documents.

use serde::Deserialize;

use super::{Vector, WHOLE_CLOSENESS};

/// How much is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expansion {
    /// The least closeness of query and concept, 0 to 65,536.
    pub least: u32,
    /// How many thousandths of a concept are added to a query that is the concept, at most 1,000; to
    /// another as many fewer as it is less close.
    pub weight: u32,
    /// How many concepts are added, at most.
    pub most: usize,
}

/// A concept that was added to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition<'a> {
    /// Its id.
    pub concept: &'a str,
    /// How much of it, in thousandths of the query.
    pub weight: u32,
}

/// Concepts with their vectors.
#[derive(Debug, Default)]
pub struct Concepts(Vec<(String, Vector)>);

impl Concepts {
    /// Concepts by their ids.
    #[must_use]
    pub fn new(concepts: Vec<(String, Vector)>) -> Self {
        Self(concepts)
    }

    /// Adds the nearest concepts to a query, and tells which, the nearest first; of equally near ones
    /// the one given earlier.
    #[must_use]
    pub fn expand(&self, query: &Vector, expansion: Expansion) -> (Vector, Vec<Addition<'_>>) {
        let mut nearest: Vec<(u32, &(String, Vector))> =
            self.0.iter().map(|concept| (query.closeness_to(&concept.1), concept)).collect();
        nearest.retain(|(closeness, _)| *closeness >= expansion.least);
        nearest.sort_by_key(|(closeness, _)| std::cmp::Reverse(*closeness));
        nearest.truncate(expansion.most);
        let mut sum: Vec<i32> = query.numbers().iter().map(|&number| 1_000 * i32::from(number)).collect();
        let mut additions = Vec::with_capacity(nearest.len());
        for (closeness, (id, vector)) in nearest {
            let weight = expansion.weight * closeness / WHOLE_CLOSENESS;
            for (total, &number) in sum.iter_mut().zip(vector.numbers()) {
                *total += i32::try_from(weight).unwrap_or(0) * i32::from(number);
            }
            additions.push(Addition { concept: id, weight });
        }
        if additions.is_empty() {
            return (query.clone(), additions);
        }
        (Vector::of_sum(&sum).unwrap_or_else(|| query.clone()), additions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough that no number has to be held to 127.
    fn vector(numbers: &[i32]) -> Vector {
        Vector::of_sum(&numbers.repeat(8)).expect("a direction")
    }

    #[test]
    fn the_nearest_concepts_are_added_by_their_closeness() {
        let concepts = Concepts::new(vec![
            ("far".to_owned(), vector(&[-1, 1, 0, 0])),
            ("near".to_owned(), vector(&[3, 1, 1, 3])),
            ("nearer".to_owned(), vector(&[3, 3, 1, 3])),
            ("nearest".to_owned(), vector(&[3, 3, 3, 3])),
        ]);
        let query = vector(&[3, 3, 4, 3]);
        let expansion = Expansion { least: 32_768, weight: 300, most: 2 };
        let (expanded, added) = concepts.expand(&query, expansion);
        let added: Vec<(&str, u32)> = added.iter().map(|one| (one.concept, one.weight)).collect();
        assert_eq!(added, [("nearest", 293), ("nearer", 263)]);
        let third = |vector: &Vector| vector.numbers().get(2).copied();
        assert!(third(&expanded) < third(&query), "{expanded:?}");
        let (same, none) = concepts.expand(&query, Expansion { least: 65_536, ..expansion });
        assert_eq!((same, none.len()), (query, 0));
    }
}
