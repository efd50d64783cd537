//! A fitted model: base rewards and the prior of their weights, rotated so that dimensions have a
//! meaning.

use super::factors::{FactorShape, Factors, Start, consensus_variance};
use super::inputs::Inputs;
use super::many_people::{HeadAndMean, fit_head, fit_prior_to};
use super::prior::fit_prior;
use super::progress::FitProgress;
use super::single_answers::ScoresAndPrior;
use super::spread::{Judged, most_likely_spread};
use super::varimax::varimax;
use crate::interrupt::is_interrupted;
use argmin::core::Error;
use leaning::{AnswerModel, LaplaceApproximation, MixtureComponent, Prior};
use leaning_population::{People, Sample, Sums};
use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

/// The search for log δ ends when it is known to this.
const PRECISION: f64 = 1e-3;
/// The band has converged when it changes by less than this part of it.
const CONVERGED_BELOW: f64 = 0.01;
/// The largest number of rounds of prior and band in turn.
const MAX_ROUNDS: usize = 5;
/// Two dimensions are too much alike if their score differences correlate beyond this.
const ALIKE: f64 = 0.7;
/// A dimension with smaller differences than this, relative to the largest, counts as constant.
const NEGLIGIBLE: f64 = 1e-6;

/// The model to fit.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub shape: FactorShape,
    /// By how much to scale the covariance of people; `None` for as much as makes the people of the
    /// fit most likely.
    pub spread: Option<f64>,
    /// Mixture components of the prior, at least 1.
    pub components: usize,
    pub lapse: f64,
    pub start: Start,
    pub seed: u64,
}

/// Base rewards, how people answer, and how they differ.
#[derive(Debug, Clone)]
pub struct Model {
    /// p × d: scores = inputs · head. `None` if the scores were given.
    pub head: Option<DMatrix<f64>>,
    /// Whether the last dimension is what everybody thinks.
    pub consensus: bool,
    /// φ of each response, n × d.
    pub scores: DMatrix<f64>,
    pub prior: Prior,
    pub answers: AnswerModel,
    /// The penalised loss, by step.
    pub losses: Vec<f64>,
}

impl Model {
    /// Fits base rewards and prior. Varimax rotates the dimensions so that each rests on few
    /// features (or responses). They are scaled so that a typical score difference is 1, and
    /// ordered by how much people differ in them. High scores have more of a dimension's strongest
    /// feature.
    ///
    /// With `everybody`, the sample is some of them: base rewards and prior go on to everybody, of
    /// whom there are this many comparisons.
    pub fn fit(
        sample: &Sample,
        inputs: &Inputs,
        plan: Plan,
        everybody: Option<(&dyn Sums, usize)>,
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let progress = progress.of(&format!("{} dimensions", plan.shape.dimensions));
        let fit = |answers: &AnswerModel| {
            let start = (plan.start, plan.seed);
            Factors::fit(sample, inputs, answers, plan.shape, start, &progress)
        };
        let mut answers = answer_model_of_ties(sample, plan.lapse)?;
        let mut factors = fit(&answers)?;
        if answers.indifference() > 0.0 {
            let scores = inputs.scores(&factors.head);
            answers = most_likely_band(sample, &scores, &factors.weights, answers)?;
            factors = fit(&answers)?;
        }
        // An interrupted fit ends with what some of the people say.
        let everybody = everybody.filter(|_| !is_interrupted());
        let of_everybody = progress.of(", everybody");
        if let Some((people, comparisons)) = everybody {
            let FactorShape {
                dimensions,
                penalty,
                ..
            } = plan.shape;
            let variance = consensus_variance(inputs) / (dimensions as f64 * penalty);
            let start = HeadAndMean {
                mean: factors.weights.row_mean().transpose(),
                head: factors.head,
            };
            let (found, losses) = fit_head(
                people,
                comparisons,
                &answers,
                variance,
                start,
                &of_everybody,
            )?;
            factors.head = found.head;
            factors.losses = losses;
        }
        let scores = inputs.scores(&factors.head);
        let (mut prior, answers) = fit_prior_and_band(sample, &scores, answers, plan.components)?;
        if let Some((people, _)) = everybody.filter(|_| !is_interrupted()) {
            prior = fit_prior_to(people, &answers, &factors.head, prior, &of_everybody)?;
        }
        let fitted = ScoresAndPrior {
            scores,
            prior,
            consensus: plan.shape.consensus,
        };
        let ScoresAndPrior { scores, prior, .. } =
            for_new_people(fitted, sample, &answers, plan.spread, &progress)?;
        let head = if plan.shape.consensus {
            // There is a consensus in tables only, whose scores are the head.
            scores.clone()
        } else {
            factors.head
        };
        let model = Model {
            head: Some(head),
            consensus: plan.shape.consensus,
            scores,
            prior,
            answers,
            losses: factors.losses,
        };
        model.rotated(sample, inputs)
    }

    /// Fits the prior alone, for given scores, n × d.
    pub fn of_scores(
        sample: &Sample,
        scores: DMatrix<f64>,
        plan: Plan,
        progress: &FitProgress,
    ) -> Result<Self, Error> {
        let answers = answer_model_of_ties(sample, plan.lapse)?;
        let (prior, answers) = fit_prior_and_band(sample, &scores, answers, plan.components)?;
        let fitted = ScoresAndPrior {
            scores,
            prior,
            consensus: false,
        };
        let fitted = for_new_people(fitted, sample, &answers, plan.spread, progress)?;
        Ok(Model {
            head: None,
            consensus: false,
            scores: fitted.scores,
            prior: fitted.prior,
            answers,
            losses: Vec::new(),
        })
    }

    /// Number of dimensions, d.
    pub fn dimensions(&self) -> usize {
        self.scores.ncols()
    }

    /// The number of dimensions that are rotated. Consensus is a direction of its own: the others
    /// are rotated among themselves.
    fn rotating(&self) -> usize {
        self.dimensions() - usize::from(self.consensus)
    }

    /// The model with dimensions that each rest on few inputs.
    fn rotated(self, sample: &Sample, inputs: &Inputs) -> Result<Self, Error> {
        let Some(head) = &self.head else {
            return Ok(self);
        };
        // λ = root·x with x of covariance I: dimensions in which people differ independently.
        let covariance = leading_block(&self.prior.covariance(), self.rotating());
        let root = Cholesky::new(covariance).ok_or_else(degenerate)?.l();
        let model = self.in_frame(head, &root, sample, inputs)?;
        if model.most_alike(sample) <= ALIKE {
            return Ok(model);
        }
        // Scores that are nearly the same twice, with weights that cancel, mislead whoever reads a
        // profile. Here the scores of dimensions differ independently between responses instead.
        let squares = leading_block(
            &sample.mean_square_differences(&self.scores),
            self.rotating(),
        );
        let root = Cholesky::new(squares).and_then(|root| root.l().transpose().try_inverse());
        root.map_or(Ok(model), |root| self.in_frame(head, &root, sample, inputs))
    }

    /// The largest correlation of score differences between two dimensions that are rotated.
    fn most_alike(&self, sample: &Sample) -> f64 {
        let squares = sample.mean_square_differences(&self.scores);
        let correlation =
            |j: usize, k: usize| squares[(j, k)].abs() / (squares[(j, j)] * squares[(k, k)]).sqrt();
        let pairs = (0..self.rotating()).flat_map(|j| (0..j).map(move |k| (j, k)));
        pairs.map(|(j, k)| correlation(j, k)).fold(0.0, f64::max)
    }

    /// The same model by other base rewards: those of weights x, where λ = root·x, rotated by
    /// varimax and scaled to differences of root mean square 1.
    fn in_frame(
        &self,
        head: &DMatrix<f64>,
        frame: &DMatrix<f64>,
        sample: &Sample,
        inputs: &Inputs,
    ) -> Result<Self, Error> {
        let (d, rotating) = (self.dimensions(), self.rotating());
        let mut root = DMatrix::identity(d, d);
        root.view_mut((0, 0), (rotating, rotating)).copy_from(frame);
        let whitened = head * &root;
        let mut rotation = DMatrix::identity(d, d);
        let loadings = inputs.loadings(&whitened.columns(0, rotating).into_owned());
        rotation
            .view_mut((0, 0), (rotating, rotating))
            .copy_from(&varimax(&loadings));
        let rotated = whitened * &rotation;
        let scores = inputs.scores(&rotated);
        let rms = sample
            .mean_square_differences(&scores)
            .diagonal()
            .map(f64::sqrt);
        let inverse = root.try_inverse().ok_or_else(degenerate)?;
        let back = rotation.transpose() * inverse;
        let covariance = &back * self.prior.covariance() * back.transpose();
        let spread = |j: usize| rms[j] * covariance[(j, j)].sqrt();
        let mut order: Vec<usize> = (0..d).collect();
        order[..rotating].sort_by(|&a, &b| spread(b).total_cmp(&spread(a)));
        let loadings = inputs.loadings(&rotated);
        let least = (NEGLIGIBLE * rms.max()).max(f64::MIN_POSITIVE);
        let scale = |j: usize| {
            let strongest = loadings.column(j).iamax();
            let sign = if j < rotating {
                loadings[(strongest, j)]
            } else {
                1.0
            };
            rms[j].max(least).copysign(sign)
        };
        let scale = DVector::from_iterator(order.len(), order.iter().map(|&j| scale(j)));
        // The new weights are scale · rotationᵀ · root⁻¹ · λ in the new order, and scores and head
        // change the other way.
        let map = DMatrix::from_diagonal(&scale) * back.select_rows(&order);
        let reorder = |matrix: &DMatrix<f64>| {
            let mut reordered = matrix.select_columns(&order);
            let columns = reordered.column_iter_mut().zip(&scale);
            columns.for_each(|(mut column, scale)| column /= *scale);
            reordered
        };
        Ok(Model {
            head: Some(reorder(&rotated)),
            consensus: self.consensus,
            scores: reorder(&scores),
            prior: transform(&self.prior, &map)?,
            answers: self.answers,
            losses: self.losses.clone(),
        })
    }
}

fn degenerate() -> Error {
    Error::msg("the prior degenerated")
}

/// The first rows and columns of a square matrix.
fn leading_block(matrix: &DMatrix<f64>, size: usize) -> DMatrix<f64> {
    matrix.view((0, 0), (size, size)).into_owned()
}

/// An estimate of how people answer, based on the share of ties: with all rewards equal,
/// P(tie) = tanh(δ/2).
pub fn answer_model_of_ties(sample: &Sample, lapse: f64) -> Result<AnswerModel, Error> {
    answer_model(lapse, 2.0 * sample.share_of_ties().atanh())
}

/// The prior over weights of these scores, n × d, and the band of indifference if there are ties.
/// Each depends on the other: with a band that is too narrow, weights become too small, and so does
/// the band.
fn fit_prior_and_band(
    sample: &Sample,
    scores: &DMatrix<f64>,
    start: AnswerModel,
    components: usize,
) -> Result<(Prior, AnswerModel), Error> {
    let fit = |answers| {
        fit_prior(
            &sample.evidence(&answers, scores),
            answers,
            scores.ncols(),
            components,
        )
    };
    let (mut prior, mut answers) = (fit(start)?, start);
    for _ in 0..MAX_ROUNDS {
        if answers.indifference() == 0.0 {
            break;
        }
        // The band is measured against the rewards at everybody's posterior mode.
        let weights = modes(sample, scores, &answers, &prior)?;
        let next = most_likely_band(sample, scores, &weights, answers)?;
        let change = (next.indifference() / answers.indifference()).ln().abs();
        (prior, answers) = (fit(next)?, next);
        if change < CONVERGED_BELOW {
            break;
        }
    }
    Ok((prior, answers))
}

/// The fit as it serves new people best, from their first answer on.
fn for_new_people(
    fitted: ScoresAndPrior,
    sample: &Sample,
    answers: &AnswerModel,
    spread: Option<f64>,
    progress: &FitProgress,
) -> Result<ScoresAndPrior, Error> {
    let spread = match spread {
        Some(spread) => spread,
        None => {
            let judged = Judged {
                fitted: fitted.clone(),
                train: sample.clone(),
                people: sample.clone(),
            };
            most_likely_spread(&[judged], answers, progress)?.unwrap_or(1.0)
        }
    };
    fitted.fitted_to_single_answers(sample, answers, spread, progress)
}

fn answer_model(lapse: f64, indifference: f64) -> Result<AnswerModel, Error> {
    AnswerModel::new(lapse, indifference).map_err(|_| Error::msg("nearly all answers are ties"))
}

/// The band δ under which the answers are most likely, for scores n × d and weights people × d, by
/// golden section on log δ (Kiefer 1953).
fn most_likely_band(
    sample: &Sample,
    scores: &DMatrix<f64>,
    weights: &DMatrix<f64>,
    start: AnswerModel,
) -> Result<AnswerModel, Error> {
    let lapse = start.lapse();
    let loss = |log_band: f64| -> Result<f64, Error> {
        Ok(sample
            .loss(&answer_model(lapse, log_band.exp())?, scores, weights)
            .value)
    };
    let (middle, ratio) = (start.indifference().ln(), 0.5 * (5f64.sqrt() - 1.0));
    let (mut low, mut high) = (middle - 1.0, middle + 2.0);
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (loss(a)?, loss(b)?);
    while high - low > PRECISION {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = loss(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = loss(b)?;
        }
    }
    answer_model(lapse, (0.5 * (low + high)).exp())
}

/// The mean of the Laplace approximation of everybody's weights, people × d.
fn modes(
    sample: &Sample,
    scores: &DMatrix<f64>,
    answers: &AnswerModel,
    prior: &Prior,
) -> Result<DMatrix<f64>, Error> {
    let people = sample.evidence(answers, scores);
    let mode = |person| -> Result<DVector<f64>, leaning::Error> {
        let laplace = LaplaceApproximation::infer(prior, *answers, &people.evidence(person))?;
        Ok(laplace.mean().clone())
    };
    let modes: Vec<Result<_, _>> = (0..sample.people()).into_par_iter().map(mode).collect();
    let modes: Vec<DVector<f64>> = modes.into_iter().collect::<Result<_, _>>()?;
    Ok(DMatrix::from_columns(&modes).transpose())
}

/// The prior of map · λ.
fn transform(prior: &Prior, map: &DMatrix<f64>) -> Result<Prior, Error> {
    let component = |component: &MixtureComponent| {
        let covariance = map * component.covariance() * map.transpose();
        // Symmetric to the last bit, as it is written to a deck.
        let covariance = 0.5 * (&covariance + covariance.transpose());
        MixtureComponent::new(component.weight(), map * component.mean(), covariance)
    };
    let components = prior
        .components()
        .iter()
        .map(component)
        .collect::<Result<_, _>>()?;
    Ok(Prior::mixture(components)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Answer;
    use nalgebra::{dmatrix, dvector};

    /// A model of two features in which people differ along one direction almost only, and
    /// comparisons of responses that differ in each feature by itself.
    fn nearly_one_direction() -> (Model, Sample, Inputs) {
        let features = dmatrix![0.0, 0.0; 1.0, 0.0; 0.0, 1.0; 1.0, 1.0];
        let mut sample = Sample::new(4);
        let pairs = [[0, 1], [0, 2], [3, 1], [3, 2]];
        sample.push(pairs.iter().map(|pair| (pair.as_slice(), Answer::Chose(0))));
        let inputs = Inputs::linear(&sample, &features);
        let head = DMatrix::identity(2, 2);
        let covariance = dmatrix![1.0, 0.97; 0.97, 1.0];
        let component = MixtureComponent::new(1.0, dvector![2.0, -1.0], covariance).unwrap();
        let model = Model {
            scores: inputs.scores(&head),
            head: Some(head),
            consensus: false,
            prior: Prior::mixture(vec![component]).unwrap(),
            answers: AnswerModel::new(0.0, 0.0).unwrap(),
            losses: Vec::new(),
        };
        (model, sample, inputs)
    }

    #[test]
    fn no_two_dimensions_are_nearly_one() {
        let (model, sample, inputs) = nearly_one_direction();
        let root = Cholesky::new(model.prior.covariance()).unwrap().l();
        let head = model.head.clone().unwrap();
        let by_people = model.in_frame(&head, &root, &sample, &inputs).unwrap();
        assert!(by_people.most_alike(&sample) > 0.9);
        let rotated = model.clone().rotated(&sample, &inputs).unwrap();
        assert!(rotated.most_alike(&sample) < 1e-9);
        // The rewards that people give are the same.
        for (model, other) in [(&model, &rotated), (&model, &by_people)] {
            let means = [model, other].map(|of| &of.scores * of.prior.mean());
            let covariances =
                [model, other].map(|of| &of.scores * of.prior.covariance() * of.scores.transpose());
            assert!((&means[0] - &means[1]).amax() < 1e-9);
            assert!((&covariances[0] - &covariances[1]).amax() < 1e-9);
        }
    }
}
