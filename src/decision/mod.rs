//! Decisions: the candidate to show, and the time to stop asking.

pub mod ranking;
pub mod regret;
pub mod stopping;

pub use ranking::{RankOptions, RankedCandidate, RankingReason};
pub use stopping::{StopReason, StopRule};
