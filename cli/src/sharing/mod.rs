//! Priors from weights that people shared under local differential privacy.

pub mod moments;
pub mod record;

pub use moments::{Moments, standardised_prior, unstandardised};
pub use record::SharedRecord;
