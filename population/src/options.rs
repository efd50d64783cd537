//! How to fit a population.

use leaning::{Error, Flaw};

/// How to fit a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FitOptions {
    /// Number of mixture components to look for, at least 1. Components that shrink to less than one
    /// person are dropped.
    pub components: usize,
    /// The largest number of steps of each climb, at least 1. A fit ends earlier if the likelihood
    /// rises no further. Several components get this many steps again after the fit of a single
    /// Gaussian.
    pub iterations: usize,
    /// Decides where the search for several components starts.
    pub seed: u64,
    /// Ends before the last climb, which takes most samples: for fits that are only compared with each
    /// other.
    pub rough: bool,
}

impl Default for FitOptions {
    /// One component, at most 100 steps a climb.
    fn default() -> Self {
        FitOptions {
            components: 1,
            iterations: 100,
            seed: 0,
            rough: false,
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
