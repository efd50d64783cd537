//! Numbers without meaning: random numbers, integrals, tails and order statistics.

pub(crate) mod exponential;
pub(crate) mod lattice;
pub mod quadrature;
mod random;
pub(crate) mod saddlepoint;
pub(crate) mod smooth;
pub(crate) mod stats;

pub use exponential::exp;
pub use random::Random;
pub use stats::{ScoredIndex, descending, log_softmax, log_sum_exp, softmax};
