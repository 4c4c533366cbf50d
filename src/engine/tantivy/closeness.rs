//! How near documents are to a source, told from as little memory as can be.
//!
//! Vectors are unpacked as they are needed and laid out in two parts. The first, a cache line long, is
//! multiplied always; the second only if what it could add at most (by Cauchy and Schwarz, the product
//! of the lengths) would reach what is asked for.

use std::hint::black_box;
use std::iter::repeat;
use std::sync::OnceLock;

use tantivy::DocId;
use tantivy::columnar::Column;

use crate::profile::{MAX_WORDS, Profile, vector_numbers};
use crate::vector::{Vector, closeness_of_product, multiply};

/// Documents whose vectors are unpacked at a time.
const BLOCK: u32 = 1024;

/// Numbers of the first part.
const NEAR: usize = 64;

/// In place of a length where there is no vector.
const NONE: u16 = u16::MAX;

/// The vectors of a segment.
pub(super) struct Vectors {
    profile: Option<Column<u64>>,
    documents: u32,
    blocks: Box<[OnceLock<Block>]>,
}

/// The vectors of some documents, each as long as the longest: zeros add nothing to a product.
struct Block {
    near: Part,
    far: Part,
    /// The Euclidean lengths of the second parts, rounded up.
    far_lengths: Box<[u16]>,
}

struct Part {
    numbers: Box<[i8]>,
    width: usize,
}

impl Part {
    fn new<'a>(parts: impl Iterator<Item = &'a [i8]> + Clone) -> Self {
        let width = parts.clone().map(<[i8]>::len).max().unwrap_or(0);
        let padded = parts.flat_map(|part| part.iter().copied().chain(repeat(0)).take(width));
        Self { numbers: padded.collect(), width }
    }

    fn get(&self, place: usize) -> &[i8] {
        self.numbers.get(place * self.width..(place + 1) * self.width).unwrap_or_default()
    }
}

/// The vector of a source.
pub(super) struct SourceVector<'a> {
    near: &'a [i8],
    far: &'a [i8],
    far_length: u32,
}

impl<'a> SourceVector<'a> {
    pub(super) fn new(vector: &'a Vector) -> Self {
        let (near, far) = split(vector.numbers());
        Self { near, far, far_length: u32::from(measure_length(far)) }
    }
}

/// How near a document is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Closeness {
    /// It has no vector.
    Unknown,
    /// Less than asked for.
    Less,
    /// So near, 0 to 65,536; at least as near as asked for, or not.
    Is(u32),
}

impl Vectors {
    pub(super) fn new(profile: Option<Column<u64>>, documents: u32) -> Self {
        Self { profile, documents, blocks: (0..documents.div_ceil(BLOCK)).map(|_| OnceLock::new()).collect() }
    }

    /// How near a document is to a source, of interest if it is at least so near.
    pub(super) fn measure(&self, doc: DocId, source: &SourceVector<'_>, least: u32) -> Closeness {
        let Some((block, place)) = self.find(doc) else {
            return Closeness::Unknown;
        };
        let far_length = block.far_lengths.get(place).copied().unwrap_or(NONE);
        if far_length == NONE {
            return Closeness::Unknown;
        }
        let near = multiply(source.near, block.near.get(place));
        let bound = i64::from(near) + i64::from(source.far_length) * i64::from(far_length);
        // A product below 0 is a closeness of 0.
        if bound.max(0) < i64::from(least) {
            return Closeness::Less;
        }
        let product = near + multiply(source.far, block.far.get(place));
        Closeness::Is(closeness_of_product(product))
    }

    /// Begins to fetch the vectors of documents from memory, all at once. Waiting for one after the
    /// other is most of what closeness costs: 177 ns each of 100,000, and 38 with this before.
    pub(super) fn fetch(&self, docs: impl Iterator<Item = DocId>) {
        let firsts = docs.filter_map(|doc| {
            let (block, place) = self.find(doc)?;
            block.near.get(place).first()
        });
        black_box(firsts.fold(0, |seen, number| seen ^ number));
    }

    fn find(&self, doc: DocId) -> Option<(&Block, usize)> {
        let block = self.blocks.get((doc / BLOCK) as usize)?;
        let block = block.get_or_init(|| self.read(doc / BLOCK * BLOCK));
        Some((block, (doc % BLOCK) as usize))
    }

    fn read(&self, first: DocId) -> Block {
        let docs = first..(first + BLOCK).min(self.documents);
        let vectors = docs.map(|doc| {
            let mut words = [0; MAX_WORDS];
            let length = self.read_words(doc, &mut words);
            vector_numbers(words.get(..length).unwrap_or_default()).collect()
        });
        let vectors: Vec<Vec<i8>> = vectors.collect();
        let parts = vectors.iter().map(|vector| split(vector));
        let far_length = |vector: &Vec<i8>| {
            if vector.is_empty() { NONE } else { measure_length(split(vector).1) }
        };
        Block {
            near: Part::new(parts.clone().map(|(near, _)| near)),
            far: Part::new(parts.map(|(_, far)| far)),
            far_lengths: vectors.iter().map(far_length).collect(),
        }
    }

    /// The profile of a document.
    pub(super) fn profile(&self, doc: DocId) -> Profile {
        let mut words = [0; MAX_WORDS];
        let length = self.read_words(doc, &mut words);
        words.get(..length).and_then(Profile::decode).unwrap_or_default()
    }

    fn read_words(&self, doc: DocId, words: &mut [u64]) -> usize {
        let numbers = self.profile.iter().flat_map(|column| column.values_for_doc(doc));
        words.iter_mut().zip(numbers).map(|(word, number)| *word = number).count()
    }
}

fn split(numbers: &[i8]) -> (&[i8], &[i8]) {
    numbers.split_at(NEAR.min(numbers.len()))
}

/// The Euclidean length of a vector's part, rounded up. Of 960 numbers at most, it is far below [`NONE`].
fn measure_length(part: &[i8]) -> u16 {
    let square = multiply(part, part).cast_unsigned();
    let root = square.isqrt();
    u16::try_from(if root * root < square { root + 1 } else { root }).unwrap_or(NONE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::WHOLE_CLOSENESS;

    #[test]
    fn what_is_less_than_asked_for_is_less() {
        let mut state = 3_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i32::from(u8::try_from(state >> 24).expect("a byte")) - 128
        };
        for dimensions in [1, 63, 64, 65, 128, 300] {
            let mut draw = || {
                let sum: Vec<i32> = (0..dimensions).map(|_| random()).collect();
                Vector::of_sum(&sum).expect("a direction")
            };
            let (one, others) = (draw(), [draw(), draw(), draw()]);
            let source = SourceVector::new(&one);
            let all = || others.iter().chain([&one]);
            let parts = all().map(|vector| split(vector.numbers()));
            let lengths = all().map(|vector| measure_length(split(vector.numbers()).1));
            let block = Block {
                near: Part::new(parts.clone().map(|(near, _)| near)),
                far: Part::new(parts.map(|(_, far)| far)),
                far_lengths: lengths.chain([NONE]).collect(),
            };
            let vectors = Vectors { profile: None, documents: 5, blocks: Box::new([OnceLock::from(block)]) };
            for (doc, other) in (0..).zip(all()) {
                let whole = one.closeness_to(other);
                for least in [0, 1, whole, whole + 1, WHOLE_CLOSENESS] {
                    match vectors.measure(doc, &source, least) {
                        Closeness::Is(closeness) => assert_eq!(closeness, whole),
                        less => assert!(less == Closeness::Less && whole < least, "{doc} {least} {whole}"),
                    }
                }
            }
            assert_eq!(vectors.measure(4, &source, 0), Closeness::Unknown);
        }
    }
}
