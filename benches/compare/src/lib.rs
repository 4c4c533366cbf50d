//! Collections of any size that are like a real one, and a comparison of engines on them.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are for reading, and sizes far below 2^53"
)]

pub mod generate;
pub mod ingest;
pub mod judge;
pub mod measure;
pub mod model;
pub mod ours;
pub mod postgres;
pub mod random;
pub mod record;
pub mod report;
pub mod sqlite;
pub mod stock;
pub mod timing;
pub mod work;
