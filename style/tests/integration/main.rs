//! The features of texts, the documentation of the features, and the bits on record.

mod features;
mod generated;
mod properties;
mod texts;

use leaning_style::{FEATURE_COUNT, FEATURES};

/// The feature of this name.
#[track_caller]
fn feature(features: &[f64; FEATURE_COUNT], name: &str) -> f64 {
    let place = FEATURES.iter().position(|feature| feature.name == name);
    features[place.expect("a known feature")]
}
