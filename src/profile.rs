//! The profile of a clause: what ranking knows of it, made at ingest and kept by every engine.
//!
//! A profile is small, has a version, and never holds text. Engines store it as whole numbers of 64
//! bits and give it back with the members that are to be ranked.

use crate::vector::{MAX_DIMENSIONS, Vector};

/// The form of [`Profile::encode`].
const VERSION: u64 = 1;

/// Numbers before those of the vector.
const HEADER: usize = 3;

/// Numbers of the longest profile.
pub const MAX_WORDS: usize = HEADER + MAX_DIMENSIONS.div_ceil(8);

/// Most clause types that a profile keeps.
pub const MAX_TYPES: usize = 8;

/// Most types of a taxonomy that profiles can name.
const MAX_PLACE: u16 = u16::MAX - 1;

/// What ranking knows of a clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its length: the sum of its terms' frequencies.
    pub length: u32,
    /// Places of its clause types in the taxonomy, the main one first; empty for `untyped`.
    pub types: Vec<u16>,
    /// How sure the main type is, 0 to 100; 100 for an analyst's word.
    pub confidence: u8,
    /// Its vector, if it has one.
    pub vector: Option<Vector>,
}

impl Profile {
    /// The profile as numbers of 64 bits: version, confidence, dimensions and length in the first,
    /// the types in the next two, then eight numbers of the vector in each, the first in the lowest
    /// byte.
    #[must_use]
    pub fn encode(&self) -> Vec<u64> {
        let numbers = self.vector.as_ref().map(Vector::numbers).unwrap_or_default();
        let dimensions = u64::try_from(numbers.len()).unwrap_or(0) & 0xffff;
        let first = VERSION
            | u64::from(self.confidence & 0x7f) << 8
            | dimensions << 16
            | u64::from(self.length) << 32;
        let mut types = [0_u64; 2];
        for (at, place) in self.types.iter().take(MAX_TYPES).enumerate() {
            if let Some(word) = types.get_mut(at / 4) {
                *word |= (u64::from((*place).min(MAX_PLACE)) + 1) << (16 * (at % 4));
            }
        }
        let vector = numbers.chunks(8).map(|chunk| {
            chunk.iter().rev().fold(0, |code, number| code << 8 | u64::from(number.cast_unsigned()))
        });
        std::iter::once(first).chain(types).chain(vector).collect()
    }

    /// Reads what [`Self::encode`] wrote; `None` if it is of another version.
    #[must_use]
    pub fn decode(words: &[u64]) -> Option<Self> {
        let [first, types @ ..] = words.get(..HEADER)? else { return None };
        if first & 0xff != VERSION {
            return None;
        }
        let types =
            types.iter().flat_map(|word| word.to_le_bytes().chunks(2).map(read_place).collect::<Vec<_>>());
        let mut numbers: Vec<i8> = vector_numbers(words).collect();
        let dimensions = usize::try_from(first >> 16 & 0xffff).unwrap_or(0);
        numbers.truncate(dimensions);
        Some(Self {
            length: u32::try_from(first >> 32).unwrap_or(u32::MAX),
            types: types.flatten().collect(),
            confidence: u8::try_from(first >> 8 & 0x7f).unwrap_or(0),
            vector: (dimensions > 0).then(|| Vector::new(numbers.into_boxed_slice())),
        })
    }

    /// How near two clauses are, 0 to 65,536; what stands in, where one of them has no vector.
    #[must_use]
    pub fn closeness(&self, other: &Self, stand_in: impl FnOnce() -> u32) -> u32 {
        let vectors = self.vector.as_ref().zip(other.vector.as_ref());
        vectors.map_or_else(stand_in, |(one, two)| one.closeness_to(two))
    }
}

fn read_place(bytes: &[u8]) -> Option<u16> {
    bytes.try_into().ok().map(u16::from_le_bytes)?.checked_sub(1)
}

/// The numbers of the vector in an encoded profile, up to a multiple of eight: zeros follow those
/// that are its own, and a dot product does not see them. None if it has no vector.
pub fn vector_numbers(words: &[u64]) -> impl Iterator<Item = i8> + '_ {
    let words = words.get(HEADER..).unwrap_or_default();
    words.iter().flat_map(|word| word.to_le_bytes()).map(u8::cast_signed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::multiply;

    fn check(profile: &Profile) {
        assert_eq!(Profile::decode(&profile.encode()).as_ref(), Some(profile));
    }

    #[test]
    fn profiles_come_back_as_they_went() {
        check(&Profile::default());
        check(&Profile {
            length: u32::MAX,
            types: vec![0, 150, MAX_PLACE, 3, 4, 5, 6, 7],
            confidence: 100,
            vector: Some(Vector::new(Box::from([1, -1, 127, -127, 0, 5, -6, 7, -8]))),
        });
        assert_eq!(Profile::decode(&[2, 0, 0]), None);
        assert_eq!(Profile::decode(&[]), None);
    }

    #[test]
    fn the_vector_is_found_in_the_code() {
        let numbers: Vec<i8> = (-60..61).collect();
        let vector = Vector::new(numbers.clone().into_boxed_slice());
        let profile = Profile { vector: Some(vector.clone()), ..Profile::default() };
        let read: Vec<i8> = vector_numbers(&profile.encode()).collect();
        assert_eq!(read.split_at(numbers.len()), (numbers.as_slice(), &[0; 7][..]));
        assert_eq!(multiply(&numbers, &read), multiply(&numbers, &numbers));
        assert_eq!(vector_numbers(&Profile::default().encode()).count(), 0);
    }
}
