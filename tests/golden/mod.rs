//! Compares Laplace approximations with the reference values of `laplace.json`, natively and in
//! browsers alike.

pub mod bits;

use leaning::nalgebra::{DMatrix, DVector};
use leaning::{Deck, Error, LaplaceApproximation, Log};
use serde::Deserialize;
use serde_json::Value;

/// Relative to the scale of each number, see [`check`].
const TOLERANCE: f64 = 1e-7;

/// A log about a deck, and the reference values for it.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    deck: Value,
    log: Value,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// The objectives of all modes, the lowest first.
    modes: Vec<f64>,
    /// Whether the posterior has only one mode.
    unique: bool,
}

/// The cases of the reference, computed with fifty digits by `make_laplace.py`.
pub fn cases() -> Vec<Case> {
    #[derive(Deserialize)]
    struct Reference {
        cases: Vec<Case>,
    }
    let reference: Reference =
        serde_json::from_str(include_str!("laplace.json")).expect("laplace.json has cases");
    reference.cases
}

/// The approximation after the log of a case.
pub fn infer(case: &Case) -> Result<LaplaceApproximation, Error> {
    let deck = Deck::read(&case.deck)?;
    let log = Log::read(&case.log, &deck)?;
    let model = deck.answer_model();
    LaplaceApproximation::infer(deck.prior(), model, &log.evidence(&deck))
}

/// How the library differs from the reference, if it does.
///
/// A mean may be off by 1e-7 of its size or of its standard deviation, whichever is larger, and a
/// covariance by 1e-7 of the product of the standard deviations. If the posterior has several modes,
/// the approximation is at the one that Fisher scoring leads to from the prior's mean, which is not
/// always the lowest. Its objective then has to be that of one of the reference's modes.
pub fn check(case: &Case) -> Result<(), String> {
    let laplace = infer(case).map_err(|error| error.to_string())?;
    let objective = laplace.objective();
    let at = |mode: &f64| (objective - mode).abs() <= 1e-9 * mode.abs().max(1.0);
    if !case.modes.iter().any(at) {
        return Err(format!(
            "objective {objective} is at none of the modes {:?}",
            case.modes
        ));
    }
    if !case.unique {
        return Ok(());
    }
    let d = case.mean.len();
    let mean = DVector::from_column_slice(&case.mean);
    let covariance = DMatrix::from_fn(d, d, |i, j| case.covariance[i][j]);
    let sd = covariance.diagonal().map(f64::sqrt);
    for i in 0..d {
        let (found, expected) = (laplace.mean()[i], mean[i]);
        let off = (found - expected).abs() / expected.abs().max(sd[i]);
        if off.is_nan() || off > TOLERANCE {
            return Err(format!("mean[{i}]: expected {expected}, found {found}"));
        }
        for j in 0..d {
            let (found, expected) = (laplace.covariance()[(i, j)], covariance[(i, j)]);
            let off = (found - expected).abs() / (sd[i] * sd[j]);
            if off.is_nan() || off > TOLERANCE {
                return Err(format!(
                    "covariance[{i}][{j}]: expected {expected}, found {found}"
                ));
            }
        }
    }
    Ok(())
}

/// All cases that differ from the reference, by name.
pub fn failures(cases: &[Case]) -> Vec<String> {
    let failure = |case: &Case| Some(format!("{}: {}", case.name, check(case).err()?));
    cases.iter().filter_map(failure).collect()
}
