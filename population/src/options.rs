//! How to fit a population.

use leaning::{Error, Flaw};

/// How to fit a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitOptions {
    /// Number of mixture components to look for, at least 1. Components that shrink to less than one
    /// person are dropped.
    pub components: usize,
    /// The largest number of rounds, at least 1. Each draws fresh samples and takes five steps of
    /// expectation and maximisation with them. Several components get this many rounds again after
    /// the fit of a single Gaussian.
    pub iterations: usize,
    /// Decides where the search for several components starts.
    pub seed: u64,
}

impl Default for FitOptions {
    /// One component, 20 rounds.
    fn default() -> Self {
        FitOptions {
            components: 1,
            iterations: 20,
            seed: 0,
        }
    }
}

impl FitOptions {
    /// Fails for numbers out of range.
    ///
    /// # Errors
    /// [`Error::Options`] for a number that is 0.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_positive("components", self.components)?;
        check_positive("iterations", self.iterations)
    }
}

/// Fails for 0.
///
/// # Errors
/// [`Error::Options`] at the place `option`.
pub(crate) fn check_positive(option: &str, value: usize) -> Result<(), Error> {
    if value == 0 {
        return Err(Error::Options(Flaw::new(option, "expected at least 1")));
    }
    Ok(())
}
