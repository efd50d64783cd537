//! PReF, the published method as its authors coded it: the baseline for the library's own rules.

use leaning::Evidence;
use leaning::model::answer_model::AnswerModel;
use leaning::numeric::{Random, ScoredIndex};
use leaning::question::acquisition::random::RandomPair;
use leaning::question::{AcquisitionContext, AcquisitionRule, Places};
use nalgebra::{Cholesky, DMatrix, DVector, DVectorView, Dyn};

const STEPS: usize = 5000;
const STEP_LENGTH: f64 = 0.01;
/// M before any answer, as a multiple of I.
const INITIAL_INFORMATION: f64 = 0.001;
/// Neither lapses nor ties.
const MODEL: AnswerModel = AnswerModel::BRADLEY_TERRY;

/// The question rule of arXiv 2503.06358: chooses the pair with the largest [`PrefFit::score`], by
/// weights that it fits itself. The first question is a random pair.
///
/// An interview with this rule still infers and ranks by the Laplace approximation. Use [`PrefFit`]
/// for the weights of the published method.
#[derive(Debug, Clone, Copy)]
pub struct Pref;

/// The rule as a [`leaning::Strategy`]: `&PREF`.
pub static PREF: Pref = Pref;

impl AcquisitionRule for Pref {
    fn name(&self) -> &'static str {
        "pref"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        count: usize,
    ) -> Vec<ScoredIndex> {
        let evidence = (context.evidence)();
        if evidence.is_empty() {
            return RandomPair.rank(context, pairs, count);
        }
        let d = context.differences.dimensions();
        let fit = PrefFit::new(d, &evidence, context.random.next_u64());
        context.rank_by(pairs, |z| fit.score(z))
    }
}

/// The weights and the question score of arXiv 2503.06358, as in the code released with it.
///
/// The weights are unregularised logistic regression by 5,000 gradient steps of 0.01 from a random
/// start, drawn again after every answer. With M = 0.001·I + Σ σ′(λᵀz_s)·z_s·z_sᵀ a pair's score is
/// σ′(λᵀz)²·zᵀM⁻¹z. The method has no prior and does not know its own uncertainty.
#[derive(Debug, Clone)]
pub struct PrefFit {
    weights: DVector<f64>,
    /// M; `None` if the gradient steps have diverged.
    information: Option<Cholesky<f64, Dyn>>,
}

impl PrefFit {
    /// Fits the weights (d = `dimensions`) to the evidence from the start that `seed` gives. The
    /// chosen one of several candidates counts as preferred to each of the others. Statements are
    /// ignored.
    pub fn new(dimensions: usize, evidence: &[Evidence], seed: u64) -> Self {
        let pairs: Vec<LabelledPair> = evidence.iter().flat_map(labelled_pairs).collect();
        let mut weights = Random::new(seed, 0).normals(dimensions);
        for _ in 0..if pairs.is_empty() { 0 } else { STEPS } {
            let mut gradient = DVector::zeros(dimensions);
            for LabelledPair { difference, label } in &pairs {
                let residual = sigmoid(weights.dot(difference)) - label;
                gradient.axpy(residual, difference, 1.0);
            }
            weights.axpy(-STEP_LENGTH / pairs.len() as f64, &gradient, 1.0);
        }
        let mut information =
            DMatrix::from_diagonal_element(dimensions, dimensions, INITIAL_INFORMATION);
        for LabelledPair { difference, .. } in &pairs {
            information.ger(slope(weights.dot(difference)), difference, difference, 1.0);
        }
        PrefFit {
            weights,
            information: Cholesky::new(information),
        }
    }

    /// λ, d numbers.
    pub fn weights(&self) -> &DVector<f64> {
        &self.weights
    }

    /// σ′(λᵀz)²·zᵀM⁻¹z for z = φ₁ − φ₂ (d numbers). 0 if the scores are so large that the gradient
    /// steps have diverged.
    pub fn score(&self, z: DVectorView<f64>) -> f64 {
        let uncertainty = self
            .information
            .as_ref()
            .map_or(0.0, |m| z.dot(&m.solve(&z)));
        let score = slope(self.weights.dot(&z)).powi(2) * uncertainty;
        if score.is_finite() { score } else { 0.0 }
    }
}

/// z of a pair, and the label that the answer is taken for: 1 the first, 0 the second, ½ a tie, and
/// grades between.
struct LabelledPair {
    difference: DVector<f64>,
    label: f64,
}

fn labelled_pairs(evidence: &Evidence) -> Vec<LabelledPair> {
    match evidence {
        Evidence::Pair {
            difference,
            outcome,
            ..
        } => {
            let label = [1.0, 0.0, 0.5][*outcome];
            vec![LabelledPair {
                difference: difference.clone(),
                label,
            }]
        }
        Evidence::Choice { scores, chose } => {
            let others = scores
                .column_iter()
                .enumerate()
                .filter(|(place, _)| place != chose);
            let pair = |(_, other)| LabelledPair {
                difference: scores.column(*chose) - other,
                label: 1.0,
            };
            others.map(pair).collect()
        }
        Evidence::Ordinal {
            scores,
            lenient: false,
            scale,
            level,
        } => vec![LabelledPair {
            difference: scores.clone(),
            label: *level as f64 / (scale.levels() - 1) as f64,
        }],
        Evidence::Order { scores, ranking } => {
            let groups = ranking.groups();
            let mut pairs = Vec::new();
            for (rank, better) in groups.iter().enumerate() {
                for (&best, &other) in better
                    .iter()
                    .flat_map(|best| groups[rank + 1..].iter().flatten().map(move |o| (best, o)))
                {
                    pairs.push(LabelledPair {
                        difference: scores.column(best) - scores.column(other),
                        label: 1.0,
                    });
                }
            }
            pairs
        }
        // The method knows only comparisons.
        Evidence::Ordinal { .. } | Evidence::Statement { .. } | Evidence::Summary { .. } => {
            Vec::new()
        }
    }
}

/// σ(u).
fn sigmoid(u: f64) -> f64 {
    MODEL.pair_probabilities(u, false)[0]
}

/// σ′(u).
fn slope(u: f64) -> f64 {
    MODEL.pair_scale(false).outcomes(u).information()
}
