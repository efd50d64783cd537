//! The share of a person's dimensions about which the profile says that it is too early.

use super::interviews::Interviews;
use super::regret::{Curves, Measurements, Variant};
use indicatif::ProgressBar;
use leaning::profile::Standing;
use leaning::{Deck, Error};
use leaning_simulate::Population;
use std::ops::Range;

/// The share by number of answers, a curve per variant.
pub fn measure(
    bar: &ProgressBar,
    deck: &Deck,
    population: &Population,
    people: Range<usize>,
    after: &[usize],
    variants: &[Variant],
) -> Result<Curves, Error> {
    let mut measured = vec![Measurements::new(after); variants.len()];
    for (variant, measured) in variants.iter().zip(&mut measured) {
        let interviews = Interviews {
            deck,
            population,
            people: people.clone(),
            options: variant.options.clone(),
            after,
        };
        measured.add(interviews.measure(bar, |_, interview, _| {
            let dimensions = interview.profile()?.dimensions;
            let is_open = dimensions.iter().filter(|of| of.standing == Standing::Open);
            Ok(is_open.count() as f64 / dimensions.len() as f64)
        })?);
    }
    let names = variants.iter().map(|variant| variant.name.clone());
    Ok(Curves::new(after, names, measured))
}
