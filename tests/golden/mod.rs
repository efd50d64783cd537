//! Compares beliefs with the reference values of `belief.json`, natively and in browsers alike.

pub mod bits;

use leaning::json::Value;
use leaning::{Belief, Deck, Error, Log};

/// Relative to each number's own scale, see [`check`].
const TOLERANCE: f64 = 1e-7;

pub fn get<'a>(value: &'a Value, name: &str) -> &'a Value {
    let Value::Object(fields) = value else {
        panic!("no object to look up {name} in")
    };
    &fields
        .iter()
        .find(|(key, _)| key == name)
        .unwrap_or_else(|| panic!("no field {name}"))
        .1
}

pub fn items(value: &Value) -> &[Value] {
    let Value::Array(items) = value else {
        panic!("not a list")
    };
    items
}

pub fn text(value: &Value) -> &str {
    let Value::String(text) = value else {
        panic!("not a string")
    };
    text
}

fn number(value: &Value) -> f64 {
    let Value::Number(number) = value else {
        panic!("not a number")
    };
    *number
}

fn numbers(value: &Value) -> Vec<f64> {
    items(value).iter().map(number).collect()
}

/// The belief that a case's deck and log give.
pub fn infer(case: &Value) -> Result<Belief, Error> {
    let deck = Deck::from_value(get(case, "deck"))?;
    let log = Log::from_value(get(case, "log"), &deck)?;
    Belief::infer(
        deck.prior(),
        deck.answer_model(),
        &log.evidence(&deck.answer_model()),
    )
}

/// What is wrong with the case, if anything. A mean may be off by 1e-7 of its size or of its standard deviation,
/// whichever is larger; a covariance by 1e-7 of the product of the standard deviations. Where the posterior has
/// several modes, the belief is at the one that Fisher scoring from the prior's mean leads to, which is not always the
/// lowest: there the objective found has to be that of one of the reference's modes.
pub fn check(case: &Value) -> Result<(), String> {
    let belief = infer(case).map_err(|error| error.to_string())?;
    let modes = numbers(get(case, "modes"));
    let at = |mode: f64| (belief.objective() - mode).abs() <= 1e-9 * mode.abs().max(1.0);
    if !modes.iter().any(|&mode| at(mode)) {
        return Err(format!(
            "objective {} is at none of the modes {modes:?}",
            belief.objective()
        ));
    }
    if *get(case, "unique") == Value::Bool(false) {
        return Ok(());
    }
    let (mean, rows) = (numbers(get(case, "mean")), items(get(case, "covariance")));
    let covariance: Vec<Vec<f64>> = rows.iter().map(numbers).collect();
    let deviation: Vec<f64> = (0..mean.len()).map(|j| covariance[j][j].sqrt()).collect();
    let found = belief.covariance();
    for i in 0..mean.len() {
        let off = (belief.mean()[i] - mean[i]).abs() / mean[i].abs().max(deviation[i]);
        if off.is_nan() || off > TOLERANCE {
            return Err(format!(
                "mean[{i}]: expected {}, found {}",
                mean[i],
                belief.mean()[i]
            ));
        }
        for j in 0..mean.len() {
            let off = (found[i][j] - covariance[i][j]).abs() / (deviation[i] * deviation[j]);
            if off.is_nan() || off > TOLERANCE {
                return Err(format!(
                    "covariance[{i}][{j}]: expected {}, found {}",
                    covariance[i][j], found[i][j]
                ));
            }
        }
    }
    Ok(())
}

/// All cases that are wrong, by name.
pub fn failures(golden: &Value) -> Vec<String> {
    items(get(golden, "cases"))
        .iter()
        .filter_map(|case| {
            check(case)
                .err()
                .map(|error| format!("{}: {error}", text(get(case, "name"))))
        })
        .collect()
}
