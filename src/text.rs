//! What words are: analysis, masks, languages, sentences, excerpts, and documents cut into clauses.
//!
//! Pure functions of their arguments that cannot fail: any string is a valid text.

pub mod agreement;
pub(crate) mod boundary;
pub mod excerpt;
pub mod feature;
pub mod fold;
pub mod language;
pub mod lexicon;
pub mod mask;
pub mod pasted;
pub mod query;
pub mod sentence;
pub mod split;
pub mod term;
