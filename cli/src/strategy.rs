//! Strategies on a command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use leaning::Strategy;
use leaning::question::AcquisitionRule;
use leaning_simulate::{PREF, strategies, strategy_by_name};

/// Parses the name of a strategy.
pub fn parser() -> impl TypedValueParser<Value = Strategy> {
    let names = strategies().into_iter().map(AcquisitionRule::name);
    PossibleValuesParser::new(names)
        .try_map(|name| strategy_by_name(&name).ok_or("there is no such strategy"))
}

/// Whether this is the published method, whose weights come from a fit of its own instead of the
/// posterior.
pub fn is_pref(strategy: Strategy) -> bool {
    strategy.name() == PREF.name()
}
