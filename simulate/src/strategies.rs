//! All strategies: the library's acquisition rules and the published method.

use crate::pref::PREF;
use leaning::Strategy;
use leaning::question::acquisition::RULES;

/// The library's acquisition rules in their order, then [`PREF`].
pub fn strategies() -> Vec<Strategy> {
    let published: Strategy = &PREF;
    RULES.into_iter().chain([published]).collect()
}

/// The strategy of this name among [`strategies`].
pub fn strategy_by_name(name: &str) -> Option<Strategy> {
    strategies()
        .into_iter()
        .find(|strategy| strategy.name() == name)
}
