//! What to show, and when to stop asking.

pub mod ranking;
pub mod stopping;

pub use ranking::{RankedCandidate, RankingReason};
pub use stopping::{StopReason, StopRule};
