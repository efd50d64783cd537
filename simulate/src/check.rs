//! Checks of options.

use leaning::{Error, Flaw};

/// Fails unless `holds`.
///
/// # Errors
/// [`Error::Options`] at the place `option`.
pub(crate) fn check(holds: bool, option: &str, message: &str) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::Options(Flaw::new(option, message)))
    }
}
