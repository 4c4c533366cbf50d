//! Vectors of clauses: how near two texts are in meaning, in whole numbers.
//!
//! A table of ours has a row of signed bytes for each of the terms and pairs of adjacent terms that
//! it knows. The rows of a clause's distinct terms and pairs are summed as whole numbers and scaled
//! to one length, so that a dot product of two vectors is their cosine in 65,536ths. How the table
//! is learned is told in `tools/vectors`.

mod expansion;
mod table;

pub use expansion::{Addition, Concepts, Expansion};
pub use table::{TableHeader, VectorTable, VectorTableError};

/// The greatest closeness, in 65,536ths.
pub const WHOLE_CLOSENESS: u32 = 65_536;

/// Most dimensions of a table.
pub const MAX_DIMENSIONS: usize = 1_024;

/// The Euclidean length to which vectors are scaled, before they are rounded.
const LENGTH: f64 = 256.0;

/// The vector of a clause: as many signed bytes as the table has dimensions, each -127 to 127.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vector(Box<[i8]>);

impl Vector {
    /// Makes a vector of its numbers.
    #[must_use]
    pub fn new(numbers: Box<[i8]>) -> Self {
        Self(numbers)
    }

    /// Scales a sum of rows to the common length; `None` for a sum of zeros, which has no direction.
    #[must_use]
    pub fn of_sum(sum: &[i32]) -> Option<Self> {
        let square: i64 = sum.iter().map(|&number| i64::from(number) * i64::from(number)).sum();
        if square == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "sums of rows stay far below 2^53")]
        let scale = (square as f64).sqrt();
        let scaled = sum.iter().map(|&number| {
            // `round` goes half away from zero.
            let rounded = (f64::from(number) / scale * LENGTH).round().clamp(-127.0, 127.0);
            #[expect(clippy::cast_possible_truncation, reason = "clamped to -127..=127")]
            {
                rounded as i8
            }
        });
        Some(Self(scaled.collect()))
    }

    /// Its numbers.
    #[must_use]
    pub fn numbers(&self) -> &[i8] {
        &self.0
    }

    /// How near another vector of the same table is, 0 to 65,536.
    #[must_use]
    pub fn closeness_to(&self, other: &Self) -> u32 {
        closeness_of_product(multiply(&self.0, &other.0))
    }
}

/// The closeness of two vectors by their dot product, which is held to 0 to 65,536.
#[must_use]
pub fn closeness_of_product(product: i32) -> u32 {
    u32::try_from(product).unwrap_or(0).min(WHOLE_CLOSENESS)
}

/// The dot product of two vectors, or of parts of them; of the longer one, what is beyond the shorter
/// does not count. At most 1,024 numbers each: their product is far below 2³¹.
#[must_use]
pub fn multiply(ones: &[i8], others: &[i8]) -> i32 {
    const LANES: usize = 16;
    let length = ones.len().min(others.len());
    let (ones, rest_of_one) = ones.get(..length).unwrap_or_default().as_chunks::<LANES>();
    let (others, rest_of_other) = others.get(..length).unwrap_or_default().as_chunks::<LANES>();
    let multiply = |one: i16, other: i16| i32::from(one) * i32::from(other);
    let mut product = 0;
    for (one, other) in ones.iter().zip(others) {
        let (one, other) = (one.map(i16::from), other.map(i16::from));
        // By pairs of 16 bits, for which processors have an instruction.
        for (one, other) in one.as_chunks::<2>().0.iter().zip(other.as_chunks::<2>().0) {
            product += multiply(one[0], other[0]) + multiply(one[1], other[1]);
        }
    }
    for (&one, &other) in rest_of_one.iter().zip(rest_of_other) {
        product += multiply(i16::from(one), i16::from(other));
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_scaled_to_one_length() {
        let vector = Vector::of_sum(&[3, -4, 0]).expect("a direction");
        assert_eq!(vector.numbers(), [127, -127, 0]);
        let vector = Vector::of_sum(&[1, 1, 1, 1, 1, 1, 1, 1]).expect("a direction");
        assert_eq!(vector.numbers(), [91; 8]);
        assert_eq!(Vector::of_sum(&[0, 0]), None);
    }

    #[test]
    fn closeness_is_held_to_its_range() {
        let one = Vector::of_sum(&[5; 16]).expect("a direction");
        let other = Vector::of_sum(&[-5; 16]).expect("a direction");
        assert_eq!(one.closeness_to(&one), WHOLE_CLOSENESS);
        assert_eq!(one.closeness_to(&other), 0);
        assert_eq!(one.closeness_to(&Vector::new(Box::default())), 0);
    }
}
