//! The table of vectors: a file of rows.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{MAX_DIMENSIONS, Vector};
use crate::text::feature::{Feature, list_features};
use crate::text::language::primary_language;
use crate::text::term::Token;

/// The table that the binary carries.
const BUNDLED: &[u8] = include_bytes!("../../index-schema/vectors-v1.bin");

/// The first line of a table's file.
const MAGIC: &str = "crossclause vectors 1";
/// Most rows of a table.
const MAX_ROWS: usize = 4_000_000;

/// What a table's file tells of itself, in its second line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableHeader {
    /// Its version: clauses whose vectors were made by another one get them anew.
    pub version: String,
    /// Languages (primary tags) of which texts have vectors.
    pub languages: Vec<String>,
    /// Numbers in a row.
    pub dimensions: usize,
    /// Rows.
    pub rows: usize,
    /// What it was learned from, and whom to name.
    pub attribution: String,
}

/// Why a file is no table of vectors.
#[derive(Debug, thiserror::Error)]
pub enum VectorTableError {
    /// The first line is another.
    #[error("this is no table of vectors: its first line is not {MAGIC:?}")]
    Magic,
    /// The second line cannot be read.
    #[error("the second line of the table of vectors is not its description: {0}")]
    Header(String),
    /// The rows do not agree with the description.
    #[error("the table of vectors is cut off or altered: {0}")]
    Rows(&'static str),
}

/// A table of vectors, ready to be looked up.
#[derive(Debug, Clone)]
pub struct VectorTable {
    header: TableHeader,
    /// A number for each term that has a row or is part of a pair that has one.
    terms: FxHashMap<Box<str>, u32>,
    /// The row of a term, by its number; `None` where only pairs have rows.
    term_rows: Vec<Option<u32>>,
    /// The rows of pairs.
    pairs: FxHashMap<(u32, u32), u32>,
    rows: Cow<'static, [u8]>,
}

impl VectorTable {
    /// Reads a table: the line "crossclause vectors 1", a line of JSON that describes it
    /// ([`TableHeader`]), a line for each row with its term or its pair of terms (a space between),
    /// in the order of their bytes, and then the rows themselves, a signed byte a number.
    ///
    /// # Errors
    /// [`VectorTableError`] if the file is not of that form.
    pub fn parse(file: Cow<'static, [u8]>) -> Result<Self, VectorTableError> {
        let mut at = 0;
        let mut next_line = |missing| {
            let rest = file.get(at..).unwrap_or(&[]);
            let end = rest.iter().position(|&byte| byte == b'\n').ok_or(missing)?;
            at += end + 1;
            Ok((rest.get(..end).unwrap_or(&[]), at))
        };
        if next_line(VectorTableError::Magic)?.0 != MAGIC.as_bytes() {
            return Err(VectorTableError::Magic);
        }
        let missing = VectorTableError::Header("it is missing".to_owned());
        let (line, mut at) = next_line(missing)?;
        let header: TableHeader =
            serde_json::from_slice(line).map_err(|error| VectorTableError::Header(error.to_string()))?;
        if header.dimensions == 0 || header.dimensions > MAX_DIMENSIONS || header.rows > MAX_ROWS {
            return Err(VectorTableError::Header("dimensions or rows are out of range".to_owned()));
        }
        let mut table = Self {
            terms: FxHashMap::default(),
            term_rows: Vec::new(),
            pairs: FxHashMap::default(),
            rows: Cow::Borrowed(&[]),
            header,
        };
        for row in 0..table.header.rows {
            let rest = file.get(at..).unwrap_or(&[]);
            let end = rest.iter().position(|&byte| byte == b'\n');
            let end = end.ok_or(VectorTableError::Rows("there are fewer terms than rows"))?;
            let name = std::str::from_utf8(rest.get(..end).unwrap_or(&[]))
                .map_err(|_| VectorTableError::Rows("a term is not UTF-8"))?;
            table.add_row(name, u32::try_from(row).unwrap_or(u32::MAX));
            at += end + 1;
        }
        if file.len() - at != table.header.rows * table.header.dimensions {
            return Err(VectorTableError::Rows("the rows are not as long as the description says"));
        }
        table.rows = match file {
            Cow::Borrowed(file) => Cow::Borrowed(file.get(at..).unwrap_or(&[])),
            Cow::Owned(mut file) => Cow::Owned(file.split_off(at)),
        };
        Ok(table)
    }

    /// The table that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, VectorTableError> {
        Self::parse(Cow::Borrowed(BUNDLED))
    }

    fn add_row(&mut self, name: &str, row: u32) {
        match name.split_once(' ') {
            None => {
                let term = self.number_of(name);
                if let Some(place) = self.term_rows.get_mut(term as usize) {
                    *place = Some(row);
                }
            }
            Some((first, second)) => {
                let pair = (self.number_of(first), self.number_of(second));
                self.pairs.insert(pair, row);
            }
        }
    }

    fn number_of(&mut self, term: &str) -> u32 {
        if let Some(number) = self.terms.get(term) {
            return *number;
        }
        let number = u32::try_from(self.term_rows.len()).unwrap_or(u32::MAX);
        self.terms.insert(term.into(), number);
        self.term_rows.push(None);
        number
    }

    /// What the file tells of itself.
    #[must_use]
    pub fn header(&self) -> &TableHeader {
        &self.header
    }

    /// The vector of a clause in this language, from the tokens of its text and title; `None` if the
    /// table does not list the language or has no row for any of its terms.
    #[must_use]
    pub fn make_vector(
        &self,
        text: &str,
        tokens: &[Token],
        title: &[Token],
        language: &str,
    ) -> Option<Vector> {
        if !self.reads(language) {
            return None;
        }
        let mut summing = Summing::with_room(tokens.len());
        list_features(text, tokens, title, |feature| match feature {
            Feature::Break => summing.last = None,
            Feature::Term(term) => self.add_term(&mut summing, self.number(term)),
        });
        self.sum_rows(summing)
    }

    /// Whether texts of a language have vectors.
    #[must_use]
    pub fn reads(&self, language: &str) -> bool {
        self.header.languages.contains(&primary_language(language))
    }

    /// The number of a term that has a row or is part of a pair that has one.
    #[must_use]
    pub fn number(&self, term: &str) -> Option<u32> {
        self.terms.get(term).copied()
    }

    /// The vector of numbered terms in their order: `walk` tells them one by one, `None` for a break and
    /// `Some(None)` for a term without a number.
    pub fn make_vector_of(
        &self,
        words: usize,
        walk: impl FnOnce(&mut dyn FnMut(Option<Option<u32>>)),
    ) -> Option<Vector> {
        let mut summing = Summing::with_room(words);
        walk(&mut |step| match step {
            None => summing.last = None,
            Some(number) => self.add_term(&mut summing, number),
        });
        self.sum_rows(summing)
    }

    fn add_term(&self, summing: &mut Summing, number: Option<u32>) {
        summing.rows.extend(number.and_then(|number| self.term_rows.get(number as usize).copied().flatten()));
        if let (Some(first), Some(second)) = (summing.last, number) {
            summing.rows.extend(self.pairs.get(&(first, second)).copied());
        }
        summing.last = number;
    }

    fn sum_rows(&self, summing: Summing) -> Option<Vector> {
        let mut rows = summing.rows;
        rows.sort_unstable();
        rows.dedup();
        let dimensions = self.header.dimensions;
        let mut sum = vec![0_i32; dimensions];
        let mut part = vec![0_i16; dimensions];
        for rows in rows.chunks(ROWS_A_PART) {
            part.fill(0);
            for &row in rows {
                let start = row as usize * dimensions;
                let numbers = self.rows.get(start..start + dimensions).unwrap_or(&[]);
                for (total, &byte) in part.iter_mut().zip(numbers) {
                    *total += i16::from(byte.cast_signed());
                }
            }
            for (total, &number) in sum.iter_mut().zip(&part) {
                *total += i32::from(number);
            }
        }
        Vector::of_sum(&sum)
    }
}

/// How many rows of signed bytes can be summed in 16 bits.
const ROWS_A_PART: usize = 255;

/// Rows gathered for a vector, and the term before.
struct Summing {
    rows: Vec<u32>,
    last: Option<u32>,
}

impl Summing {
    fn with_room(words: usize) -> Self {
        Self { rows: Vec::with_capacity(words * 2), last: None }
    }
}
