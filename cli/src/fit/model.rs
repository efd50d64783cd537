//! A fitted model: base rewards and what people weigh them, turned so that a dimension has a meaning.

use super::factors::{Factors, Start};
use super::inputs::Inputs;
use super::rotate::varimax;
use super::sample::Sample;
use super::watch::Watch;
use crate::simulate::engine::fit_prior;
use argmin::core::Error;
use leaning::{AnswerModel, Prior, Segment};
use nalgebra::{Cholesky, DMatrix, DVector};

/// The golden section search for δ ends when it is known to this part of it.
const PRECISION: f64 = 1e-3;
/// The band is settled when it changes by less than this part of it, at the latest after so many rounds.
const SETTLED: f64 = 0.01;
const ROUNDS: usize = 5;
/// A dimension in which people differ this little, relative to the first, is none.
const NEGLIGIBLE: f64 = 1e-6;

/// What is fitted, and how.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub dimensions: usize,
    /// Segments of the population, at least 1.
    pub segments: usize,
    pub lapse: f64,
    pub start: Start,
    pub seed: u64,
}

/// Base rewards, how people answer, and how they differ.
#[derive(Debug, Clone)]
pub struct Model {
    /// p × d: scores = inputs · head. Nothing where the inputs are the scores.
    pub head: Option<DMatrix<f64>>,
    /// φ of each response, n × d.
    pub scores: DMatrix<f64>,
    pub prior: Prior,
    pub answers: AnswerModel,
    /// The penalised loss, by step.
    pub losses: Vec<f64>,
}

impl Model {
    /// Fits base rewards and prior. Dimensions are turned by varimax so that each rests on few features (or responses),
    /// scaled so that a typical score difference is 1, and ordered by how much people differ in them; high scores are
    /// what its strongest feature has more of.
    pub fn fit(sample: &Sample, inputs: &Inputs, plan: Plan, watch: &Watch) -> Result<Self, Error> {
        let mut answers = Self::answers_of(sample, plan.lapse)?;
        let fit = |answers: &AnswerModel| {
            let watch = watch.of(&format!("{} dimensions", plan.dimensions));
            Factors::fit(sample, inputs, answers, plan.dimensions, (plan.start, plan.seed), &watch)
        };
        let mut factors = fit(&answers)?;
        if answers.indifference() > 0.0 {
            answers = likeliest_band(sample, inputs, &factors, answers)?;
            factors = fit(&answers)?;
        }
        let scores = inputs.scores(&factors.head);
        let (prior, answers) = prior_and_band(sample, &scores, answers, plan.segments)?;
        let model = Model { head: Some(factors.head), scores, prior, answers, losses: factors.losses };
        model.turned(sample, inputs)
    }

    /// The scores are given, n × d: fits the prior alone.
    pub fn of_scores(sample: &Sample, scores: DMatrix<f64>, plan: Plan) -> Result<Self, Error> {
        let answers = Self::answers_of(sample, plan.lapse)?;
        let (prior, answers) = prior_and_band(sample, &scores, answers, plan.segments)?;
        Ok(Model { head: None, scores, prior, answers, losses: Vec::new() })
    }

    /// How people answer, by a first look: with all rewards equal, P(tie) = tanh(δ/2).
    pub fn answers_of(sample: &Sample, lapse: f64) -> Result<AnswerModel, Error> {
        answer_model(lapse, 2.0 * sample.share_of_ties().atanh())
    }

    /// Number of dimensions, d.
    pub fn dimensions(&self) -> usize {
        self.scores.ncols()
    }

    fn turned(self, sample: &Sample, inputs: &Inputs) -> Result<Self, Error> {
        let Some(head) = &self.head else { return Ok(self) };
        let covariance = total_covariance(&self.prior);
        let root = Cholesky::new(covariance).ok_or_else(|| Error::msg("the prior degenerated"))?.l();
        // λ = root·x with x of covariance I: what a person's deviation in x adds to the rewards, by feature.
        let spread_out = head * &root;
        let rotation = varimax(&inputs.loadings(&spread_out));
        let turned = spread_out * &rotation;
        let scores = inputs.scores(&turned);
        let spread = sample.spread(&scores);
        let deviations: Vec<f64> = (0..self.dimensions()).map(|j| spread[(j, j)].sqrt()).collect();
        let most = deviations.iter().copied().fold(0.0, f64::max);
        let mut order: Vec<usize> = (0..deviations.len()).collect();
        order.sort_by(|&a, &b| deviations[b].total_cmp(&deviations[a]));
        let loadings = inputs.loadings(&turned);
        let scale = |j: usize| {
            let strongest = loadings.column(j).iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
            let deviation = deviations[j].max(NEGLIGIBLE * most).max(f64::MIN_POSITIVE);
            if strongest.is_some_and(|strongest| strongest < 0.0) { -deviation } else { deviation }
        };
        let d = order.len();
        // x′ = scale · rotationᵀ · root⁻¹ · λ, its rows in the new order, and scores the other way round.
        let inverse = root.clone().try_inverse().ok_or_else(|| Error::msg("the prior degenerated"))?;
        let back = rotation.transpose() * inverse;
        let map = DMatrix::from_fn(d, d, |i, j| scale(order[i]) * back[(order[i], j)]);
        let reorder =
            |matrix: &DMatrix<f64>| DMatrix::from_fn(matrix.nrows(), d, |r, j| matrix[(r, order[j])] / scale(order[j]));
        Ok(Model {
            head: Some(reorder(&turned)),
            scores: reorder(&scores),
            prior: mapped(&self.prior, &map)?,
            answers: self.answers,
            losses: self.losses,
        })
    }
}

/// The prior over weights of these scores, n × d, and the band where there are ties. Each depends on the other: a band
/// that is too narrow makes weights too small, and these the band.
fn prior_and_band(
    sample: &Sample,
    scores: &DMatrix<f64>,
    start: AnswerModel,
    segments: usize,
) -> Result<(Prior, AnswerModel), Error> {
    let fit = |answers| fit_prior(&sample.evidence(&answers, scores), answers, scores.ncols(), segments);
    let (mut prior, mut answers) = (fit(start)?, start);
    for _ in 0..ROUNDS {
        if answers.indifference() == 0.0 {
            break;
        }
        // Rewards at the mode of everybody's weights are what the band is measured against.
        let next = likeliest(sample, scores, &modes(sample, scores, &answers, &prior)?, answers)?;
        let change = (next.indifference() / answers.indifference()).ln().abs();
        (prior, answers) = (fit(next)?, next);
        if change < SETTLED {
            break;
        }
    }
    Ok((prior, answers))
}

fn answer_model(lapse: f64, indifference: f64) -> Result<AnswerModel, Error> {
    AnswerModel::new(lapse, indifference).ok_or_else(|| Error::msg("nearly all answers are ties"))
}

/// The δ that makes the answers likeliest at these weights.
fn likeliest_band(
    sample: &Sample,
    inputs: &Inputs,
    factors: &Factors,
    start: AnswerModel,
) -> Result<AnswerModel, Error> {
    likeliest(sample, &inputs.scores(&factors.head), &factors.weights, start)
}

fn likeliest(
    sample: &Sample,
    scores: &DMatrix<f64>,
    weights: &DMatrix<f64>,
    start: AnswerModel,
) -> Result<AnswerModel, Error> {
    let lapse = start.lapse();
    let loss = |log_band: f64| -> Result<f64, Error> {
        Ok(sample.loss(&answer_model(lapse, log_band.exp())?, scores, weights).value)
    };
    // Golden section (Kiefer 1953) on log δ.
    let (middle, part) = (start.indifference().ln(), 0.5 * (5f64.sqrt() - 1.0));
    let (mut low, mut high) = (middle - 1.0, middle + 2.0);
    let (mut a, mut b) = (high - part * (high - low), low + part * (high - low));
    let (mut at_a, mut at_b) = (loss(a)?, loss(b)?);
    while high - low > PRECISION {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - part * (high - low);
            at_a = loss(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + part * (high - low);
            at_b = loss(b)?;
        }
    }
    answer_model(lapse, (0.5 * (low + high)).exp())
}

/// Everybody's weights at the mode of what is known of them, people × d.
fn modes(sample: &Sample, scores: &DMatrix<f64>, answers: &AnswerModel, prior: &Prior) -> Result<DMatrix<f64>, Error> {
    let mut rows = Vec::with_capacity(sample.people() * scores.ncols());
    for said in sample.evidence(answers, scores) {
        rows.extend_from_slice(leaning::Belief::infer(prior, *answers, &said)?.mean());
    }
    Ok(DMatrix::from_row_slice(sample.people(), scores.ncols(), &rows))
}

fn square(rows: &[Vec<f64>]) -> DMatrix<f64> {
    DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j])
}

/// Covariance of the weights over all segments.
pub fn total_covariance(prior: &Prior) -> DMatrix<f64> {
    let mean = DVector::from_row_slice(prior.mean());
    let of_segment = |segment: &Segment| {
        let away = DVector::from_row_slice(segment.mean()) - &mean;
        (square(&segment.covariance()) + &away * away.transpose()) * segment.weight()
    };
    let d = prior.dimensions();
    prior.segments().iter().map(of_segment).fold(DMatrix::zeros(d, d), |a, b| a + b)
}

/// The prior of map · λ.
fn mapped(prior: &Prior, map: &DMatrix<f64>) -> Result<Prior, Error> {
    let segment = |segment: &Segment| {
        let mean = map * DVector::from_row_slice(segment.mean());
        let covariance = map * square(&segment.covariance()) * map.transpose();
        let d = covariance.nrows();
        // Symmetric to the last bit, as a deck has to be.
        let rows: Vec<Vec<f64>> =
            (0..d).map(|i| (0..d).map(|j| 0.5 * (covariance[(i, j)] + covariance[(j, i)])).collect()).collect();
        Segment::new(segment.weight(), mean.as_slice(), &rows)
    };
    let segments = prior.segments().iter().map(segment).collect::<Result<_, _>>();
    segments.and_then(Prior::mixture).map_err(Error::msg)
}
