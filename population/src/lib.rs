//! Fits a population prior to many people's answers: given everybody else, where are a new person's
//! weights likely to be?
//!
//! This is empirical Bayes by expectation and maximisation (Dempster, Laird & Rubin 1977), as
//! Birlutiu, Groot & Heskes (2013) do it for preferences. With the mean λ_i and the covariance C_i of
//! each person's weights, given their answers and the prior N(m, S), a step sets
//!
//! - m to the mean of λ_i,
//! - S to the mean of C_i + (λ_i − m)(λ_i − m)ᵀ.
//!
//! In a mixture each component has its own N(m_k, S_k), and a person counts for it by the
//! probability of belonging to it, ∝ w_k · P(answers | m_k, S_k).
//!
//! The Laplace approximation alone would not do. Its mode lies closer to m than the mean does, so
//! the population would shrink from round to round, to ½–¾ of its variances for 30 answers in 4–16
//! dimensions (measured). Moments and likelihood therefore come from samples around the mode,
//! weighted to the exact posterior (importance sampling). Samples are drawn again in each step: a
//! prior that is fitted to the same ones for several steps follows their noise.
//!
//! EM creeps where answers leave much open. Its steps are therefore extrapolated (L-BFGS), in
//! coordinates in which the information that people's answers hold is known roughly. It climbs from
//! the weights that would fit best if everybody had the same, from narrow and from wide covariances,
//! and ends when the likelihood rises no further.
//!
//! The prior is for a new person, so its covariance is a little wider than the most likely one, by
//! how uncertain the fit is.
//!
//! A fit to many people climbs for some of them first, and then for everybody from there. Each person's
//! evidence is made when it is needed ([`People`]), and sums alone are kept. People are sampled on all
//! processors. The result is the same, bit for bit, on any number of them.
//!
//! A [`Partition`] holds some of the people, perhaps on a machine of its own. It takes the steps of a
//! driver as bytes and returns sums ([`Partition::step`]), which [`TreeSum::append`] adds up. The total is
//! the same, bit for bit, with any number of partitions.
//!
//! ```
//! use leaning::nalgebra::DVector;
//! use leaning::{AnswerModel, Evidence};
//! use leaning_population::{FitOptions, fit};
//!
//! // Twenty people who all prefer the higher score in four answers of five.
//! let difference = DVector::from_element(1, 1.0);
//! let answer = |outcome| Evidence::Pair { difference: difference.clone(), tie: false, outcome };
//! let people = vec![[0, 0, 1, 0, 0].map(answer).to_vec(); 20];
//!
//! let prior = fit(&people, AnswerModel::default(), 1, FitOptions::default())?;
//! assert!((prior.mean()[0] - 1.4).abs() < 0.1);
//! assert!(prior.standard_deviations()[0] < 0.3);
//! # Ok::<(), leaning::Error>(())
//! ```

#![warn(missing_docs)]

mod acceleration;
mod em;
mod expectation;
mod frame;
mod importance;
mod k_means;
mod maximisation;
mod mode;
mod options;
mod outcome;
mod partition;
mod people;
mod sample;
mod start;
mod statistics;
mod tree;

pub use options::FitOptions;
pub use outcome::OutcomeLikelihood;
pub use partition::{HeadStep, Partition, PriorStep, Step, Sums};
pub use people::People;
pub use sample::{Loss, Sample, SampleEvidence, TIE};
pub use tree::{BLOCK, TreeSum};

use em::{Climb, Summit};
use expectation::Expectation;
use k_means::k_means;
use leaning::numeric::Random;
use leaning::{AnswerModel, Error, Evidence, Flaw, Prior};
use maximisation::maximise;
use nalgebra::{DMatrix, DVector};
use people::Sampled;
use start::starts;
use statistics::Statistics;

/// Samples for each person and component where only a likelihood is asked for, an even number.
const EVIDENCE_SAMPLES: usize = 256;
/// Climbs with more and more samples for each person: few find the way, many the place. With too few, the
/// fit follows their noise, and variances that collapse by it come back slowly. The floor keeps variances
/// up before the rest has found its place.
const COARSE: Climb = Climb {
    least_samples: 64,
    samples_per_dimension: 5,
    steps: 60,
    least_gain: 2.0,
    farthest_back: 0.25,
    variance_floor: 1e-2,
};
const MEDIUM: Climb = Climb {
    least_samples: 64,
    samples_per_dimension: 18,
    steps: 60,
    least_gain: 0.5,
    farthest_back: 0.5,
    variance_floor: 3e-4,
};
const FINE: Climb = Climb {
    least_samples: 128,
    samples_per_dimension: 40,
    steps: 100,
    least_gain: 0.1,
    farthest_back: 0.5,
    variance_floor: 3e-4,
};

/// A fit to many people begins with some of them, at least this many, and takes in [`TIMES`] as many at
/// a time. Each time the maximum is near already.
const ENOUGH_PEOPLE: usize = 1000;
const TIMES: usize = 4;

/// The prior for a new person that follows from these people's answers: the one that makes them most
/// likely, widened by the uncertainty of its mean and covariance. All evidence is in `dimensions`
/// dimensions.
///
/// # Errors
/// [`Error::Options`] for components, iterations or dimensions of 0, [`Error::Answer`] if there is no
/// evidence at all or a person's is impossible (at the place `people[i]`), [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub fn fit<P: People + ?Sized>(
    people: &P,
    model: AnswerModel,
    dimensions: usize,
    options: FitOptions,
) -> Result<Prior, Error> {
    options.check()?;
    options::check_positive("dimensions", dimensions)?;
    let count = people.count();
    if (0..count).all(|person| people.evidence(person).is_empty()) {
        return Err(Error::Answer(Flaw::new(
            "people",
            "nobody has said anything",
        )));
    }
    let mut every = 1;
    while count / (TIMES * every) >= ENOUGH_PEOPLE {
        every *= TIMES;
    }
    let some = Sampled { people, every };
    let default = Prior::from_rms_differences(&rms_differences(&some, dimensions));
    let scale = default.standard_deviations();
    let climbs = Climbs {
        model,
        iterations: options.iterations,
        finer: if options.rough { &[] } else { &[FINE] },
        variances: scale.component_mul(&scale),
    };
    let mut summit = climbs.gaussian(&some, &default)?;
    let components = options.components.min(count);
    if components > 1 {
        let kinds = (components, options.seed);
        summit = climbs.mixture(&some, summit, kinds, &scale)?;
    }
    while every > 1 {
        every /= TIMES;
        let last = climbs.finer.last().unwrap_or(&MEDIUM);
        summit = climbs.climb(*last, &Sampled { people, every }, summit.prior)?;
    }
    summit.predictive_prior(count)
}

/// The climbs of a fit.
struct Climbs {
    model: AnswerModel,
    /// The most steps of each.
    iterations: usize,
    /// Those after the medium one.
    finer: &'static [Climb],
    /// Variances of the default prior, d numbers.
    variances: DVector<f64>,
}

impl Climbs {
    fn climb<P: People + ?Sized>(
        &self,
        climb: Climb,
        people: &P,
        start: Prior,
    ) -> Result<Summit, Error> {
        let steps = climb.steps.min(self.iterations);
        Climb { steps, ..climb }.from(start, people, self.model, &self.variances)
    }

    /// The most likely Gaussian, from the best of several starts.
    fn gaussian<P: People + ?Sized>(&self, people: &P, default: &Prior) -> Result<Summit, Error> {
        let mut best: Option<Summit> = None;
        for start in starts(people, self.model, default)? {
            let summit = self.climb(COARSE, people, start)?;
            let is_higher = |best: &Summit| summit.log_likelihood() > best.log_likelihood();
            if best.as_ref().is_none_or(is_higher) {
                best = Some(summit);
            }
        }
        self.refined(people, best.ok_or(Error::NotConverged)?)
    }

    /// The most likely mixture of so many components at most, from clusters of people's weights under
    /// the most likely Gaussian. `scale` holds the default prior's standard deviations.
    fn mixture<P: People + ?Sized>(
        &self,
        people: &P,
        gaussian: Summit,
        (count, seed): (usize, u64),
        scale: &DVector<f64>,
    ) -> Result<Summit, Error> {
        let expectation = Expectation::new(&gaussian.prior, self.model, FINE.samples(scale.len()))?;
        let estimates = expectation.everybody(people)?;
        let points: Vec<DVector<f64>> = estimates
            .iter()
            .map(|of| of.moments[0].mean.component_div(scale))
            .collect();
        let clusters = k_means(&points, count, &mut Random::new(seed, 0));
        // The components have no shape yet, so the moments are those under the single Gaussian.
        let same = vec![gaussian.prior.components()[0].clone(); count];
        let mut statistics = Statistics::new(&Prior::mixture(same)?);
        for (estimate, cluster) in estimates.into_iter().zip(clusters) {
            statistics.add(&estimate.of_component(cluster, count));
        }
        let floor = COARSE.variance_floor * &self.variances;
        let start = maximise(statistics.components(), &floor)?;
        self.refined(people, self.climb(COARSE, people, start)?)
    }

    /// Climbs on with more samples.
    fn refined<P: People + ?Sized>(&self, people: &P, summit: Summit) -> Result<Summit, Error> {
        let summit = self.climb(MEDIUM, people, summit.prior)?;
        self.finer.iter().try_fold(summit, |summit, finer| {
            self.climb(*finer, people, summit.prior)
        })
    }
}

/// Goes on with a fit from the prior `start`, for people who lie in partitions: base rewards are the
/// inputs times `head`, p × d. Start from the fit to some of the people.
///
/// # Errors
/// As [`Sums::sum`].
pub fn fit_partitions<S: Sums + ?Sized>(
    sums: &S,
    model: AnswerModel,
    head: &DMatrix<f64>,
    start: Prior,
) -> Result<Prior, Error> {
    let scale = start.standard_deviations();
    let samples = FINE.samples(scale.len());
    let judge = |prior: Prior| {
        let (head, step) = (head.clone(), prior.clone());
        let step = Step::Prior(PriorStep {
            model,
            head,
            prior: step,
            samples,
        });
        let statistics = Statistics::with_sums(&prior, sums.sum(&step)?);
        Ok(Summit { prior, statistics })
    };
    FINE.by(start, &scale.component_mul(&scale), judge)?
        .predictive_prior(sums.people())
}

/// log P(these people's answers | prior), to compare priors by. It is best taken of people whom they
/// were not fitted to.
///
/// # Errors
/// [`Error::Answer`] for impossible evidence, at the place `people[i]`; [`Error::NotConverged`] if
/// the numbers are too extreme for double precision.
pub fn log_evidence<P: People + ?Sized>(
    people: &P,
    model: AnswerModel,
    prior: &Prior,
) -> Result<f64, Error> {
    let expectation = Expectation::new(prior, model, EVIDENCE_SAMPLES)?;
    Ok(expectation.statistics(people)?.log_likelihood())
}

/// Root mean square of each dimension's score differences over all pairs that were shown, d numbers.
/// 0 for a dimension that never varied.
fn rms_differences<P: People + ?Sized>(people: &P, dimensions: usize) -> Vec<f64> {
    let mut squares = vec![0.0; dimensions];
    let mut pairs = 0_usize;
    let mut add = |difference: DVector<f64>| {
        pairs += 1;
        squares
            .iter_mut()
            .zip(&difference)
            .for_each(|(sum, z)| *sum += z * z);
    };
    let everything = (0..people.count()).flat_map(|person| people.evidence(person).into_owned());
    for evidence in everything {
        match &evidence {
            Evidence::Pair { difference, .. } => add(difference.clone()),
            Evidence::Ordinal {
                scores,
                lenient: false,
                ..
            } => add(scores.clone()),
            Evidence::Choice { scores, .. } | Evidence::Order { scores, .. } => {
                for (i, a) in scores.column_iter().enumerate() {
                    scores.column_iter().take(i).for_each(|b| add(a - b));
                }
            }
            // A single candidate has no difference from another one, and a summary no candidates.
            Evidence::Ordinal { .. } | Evidence::Statement { .. } | Evidence::Summary { .. } => {}
        }
    }
    let root = |sum: f64| {
        if sum > 0.0 {
            (sum / pairs as f64).sqrt()
        } else {
            0.0
        }
    };
    squares.into_iter().map(root).collect()
}
