//! From answers to the posterior over the weights.

mod assumed_density;
mod expansion;
mod fisher_scoring;
mod forgetting;
mod importance;
mod laplace;
mod log_posterior;
mod posterior;

pub use assumed_density::AssumedDensityFilter;
pub use expansion::expand;
pub use forgetting::half_life_weights;
pub(crate) use laplace::RewardMap;
pub use laplace::{ComponentMoments, LaplaceApproximation, Projection};
pub use posterior::PosteriorSamples;
