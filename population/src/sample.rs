//! Many people's comparisons, laid out for a fit.

use crate::{OutcomeLikelihood, People};
use leaning::{Answer, AnswerKind, AnswerModel, Evidence};
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashSet;

/// Comparisons by people, in their order. Responses and people are places from 0. A comparison of two
/// takes twelve bytes.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Number of responses, n.
    responses: usize,
    /// Everything that was shown, one comparison after the other.
    shown: Vec<u32>,
    answers: Vec<RecordedAnswer>,
    /// For each person, the ends of their comparisons in `answers` and in `shown`.
    ends: Vec<Place>,
}

/// The answer to one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RecordedAnswer {
    /// Number of responses shown.
    shown: u16,
    /// The place of the chosen response among those shown, or [`TIE`].
    outcome: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    answer: usize,
    shown: usize,
}

/// In place of a chosen response: a tie.
pub const TIE: u32 = u16::MAX as u32;
/// The most responses that a comparison may show.
pub const MAX_SHOWN: usize = u16::MAX as usize - 1;
/// People are summed over in as many parts, whatever the number of processors.
const PARTS: usize = 16;
/// Number of people that one thread takes at a time.
const CHUNK: usize = 256;

impl Sample {
    /// A sample without people, of this many responses.
    pub fn new(responses: usize) -> Self {
        Sample {
            responses,
            ..Sample::default()
        }
    }

    /// Number of responses, n.
    pub fn responses(&self) -> usize {
        self.responses
    }

    /// Adds a person, with the responses shown and the answer of each comparison. Skips, and ties
    /// among more than two, tell nothing and are left out. So are comparisons of more than
    /// [`MAX_SHOWN`].
    pub fn push<S: AsRef<[u32]>>(&mut self, comparisons: impl IntoIterator<Item = (S, Answer)>) {
        for (shown, answer) in comparisons {
            let shown = shown.as_ref();
            let outcome = match answer {
                Answer::Chose(place) => place as u32,
                Answer::Tie | Answer::Neither if shown.len() == 2 => TIE,
                _ => continue,
            };
            if shown.len() <= MAX_SHOWN {
                self.add(shown, outcome);
            }
        }
        self.end_person();
    }

    /// Adds a comparison to the person whose comparisons are not yet complete.
    fn add(&mut self, shown: &[u32], outcome: u32) {
        self.shown.extend_from_slice(shown);
        self.answers.push(RecordedAnswer {
            shown: shown.len() as u16,
            outcome: outcome as u16,
        });
    }

    fn end_person(&mut self) {
        self.ends.push(Place {
            answer: self.answers.len(),
            shown: self.shown.len(),
        });
    }

    /// Number of people.
    pub fn people(&self) -> usize {
        self.ends.len()
    }

    /// Number of comparisons of all people.
    pub fn comparisons(&self) -> usize {
        self.answers.len()
    }

    /// Number of one person's comparisons.
    pub fn count(&self, person: usize) -> usize {
        self.ends[person].answer - self.start(person).answer
    }

    fn start(&self, person: usize) -> Place {
        person
            .checked_sub(1)
            .map_or_else(Place::default, |before| self.ends[before])
    }

    /// For each person, the log-likelihood of their answers if all rewards are equal.
    pub fn log_likelihoods_of_equal_rewards(&self, model: &AnswerModel) -> Vec<f64> {
        let likelihood = OutcomeLikelihood::new(model);
        let log_probability = |(shown, outcome): (&[u32], u32)| {
            likelihood.log(&vec![0.0; shown.len()], outcome, &mut Vec::new())
        };
        (0..self.people())
            .map(|person| self.of(person).map(log_probability).sum())
            .collect()
    }

    /// The share of ties among the comparisons of two.
    pub fn share_of_ties(&self) -> f64 {
        let pairs = self.answers.iter().filter(|answer| answer.shown == 2);
        let (ties, pairs) = pairs.fold((0_usize, 0_usize), |(ties, pairs), answer| {
            let is_tie = u32::from(answer.outcome) == TIE;
            (ties + usize::from(is_tie), pairs + 1)
        });
        if pairs == 0 {
            0.0
        } else {
            ties as f64 / pairs as f64
        }
    }

    /// The comparisons of these people only.
    #[must_use]
    pub fn of_people(&self, people: &[usize]) -> Self {
        let mut sample = Sample::new(self.responses);
        for &person in people {
            for (shown, outcome) in self.of(person) {
                sample.add(shown, outcome);
            }
            sample.end_person();
        }
        sample
    }

    /// The same people with as many of each one's comparisons as share no response, from the first on.
    #[must_use]
    pub fn without_shared_responses(&self) -> Self {
        let mut sample = Sample::new(self.responses);
        for person in 0..self.people() {
            let mut seen: HashSet<u32> = HashSet::new();
            for (shown, outcome) in self.of(person) {
                if shown.iter().any(|response| seen.contains(response)) {
                    continue;
                }
                seen.extend(shown);
                sample.add(shown, outcome);
            }
            sample.end_person();
        }
        sample
    }

    /// The responses shown to a person, and the place of the chosen one among them or [`TIE`], of each
    /// comparison.
    pub fn of(&self, person: usize) -> impl Iterator<Item = (&[u32], u32)> {
        let start = self.start(person);
        let mut place = start.shown;
        let answers = self.answers[start.answer..self.ends[person].answer].iter();
        answers.map(move |answer| {
            let shown = &self.shown[place..place + usize::from(answer.shown)];
            place += shown.len();
            (shown, answer.outcome.into())
        })
    }

    /// Mean of zzᵀ over the pairs of responses shown together, p × p, z being the difference of two
    /// rows of `inputs` (n × p). With more than two shown, over the differences from their average.
    pub fn mean_square_differences(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        let p = inputs.ncols();
        // A column per response lies together in memory.
        let inputs = inputs.transpose();
        let sum = |people: &[usize]| {
            let mut sum = DMatrix::zeros(p, p);
            for (shown, _) in people.iter().flat_map(|&person| self.of(person)) {
                let mut mean = DVector::zeros(p);
                shown
                    .iter()
                    .for_each(|&response| mean += inputs.column(response as usize));
                mean /= shown.len() as f64;
                // In a pair, each is half the difference away from the mean.
                let weight = 2.0 / (shown.len() as f64 - 1.0);
                for &response in shown {
                    let away = inputs.column(response as usize) - &mean;
                    sum.ger(weight, &away, &away, 1.0);
                }
            }
            sum
        };
        let people: Vec<usize> = (0..self.people()).collect();
        let sums: Vec<DMatrix<f64>> = people.par_chunks(CHUNK).map(sum).collect();
        let sum = sums.into_iter().fold(DMatrix::zeros(p, p), |a, b| a + b);
        sum / (self.comparisons().max(1) as f64)
    }

    /// For each person, the gradient of the log-likelihood by their weights at equal rewards, for
    /// these scores (n × q): people × q. It is divided by the root of the number of their
    /// comparisons, which makes the noise of all people alike.
    pub fn gradient_at_equal_rewards(&self, scores: &DMatrix<f64>) -> DMatrix<f64> {
        let q = scores.ncols();
        let scores = scores.transpose();
        let of_person = |person: usize| {
            let mut gradient = DVector::zeros(q);
            for (shown, outcome) in self.of(person) {
                for (place, &response) in shown.iter().enumerate() {
                    let slope = slope_at_equal_rewards(shown.len(), outcome, place);
                    gradient.axpy(slope, &scores.column(response as usize), 1.0);
                }
            }
            gradient / self.noise(person)
        };
        let columns: Vec<DVector<f64>> =
            (0..self.people()).into_par_iter().map(of_person).collect();
        if columns.is_empty() {
            DMatrix::zeros(0, q)
        } else {
            DMatrix::from_columns(&columns).transpose()
        }
    }

    /// The transpose of [`Sample::gradient_at_equal_rewards`] as a linear map: people × q to n × q.
    pub fn gradient_transposed(&self, people: &DMatrix<f64>) -> DMatrix<f64> {
        let people = people.transpose();
        let mut sum = DMatrix::zeros(people.nrows(), self.responses);
        for person in 0..self.people() {
            let noise = self.noise(person);
            for (shown, outcome) in self.of(person) {
                for (place, &response) in shown.iter().enumerate() {
                    let slope = slope_at_equal_rewards(shown.len(), outcome, place) / noise;
                    sum.column_mut(response as usize)
                        .axpy(slope, &people.column(person), 1.0);
                }
            }
        }
        sum.transpose()
    }

    fn noise(&self, person: usize) -> f64 {
        (self.count(person).max(1) as f64).sqrt()
    }

    /// The loss, −Σ log P(answer), at scores φ (n × d) and weights λ (people × d), and its
    /// gradients.
    pub fn loss(&self, model: &AnswerModel, scores: &DMatrix<f64>, weights: &DMatrix<f64>) -> Loss {
        let (n, d) = scores.shape();
        // A column per response or person lies together in memory.
        let (scores, weights) = (scores.transpose(), weights.transpose());
        let people: Vec<usize> = (0..self.people()).collect();
        let likelihood = OutcomeLikelihood::new(model);
        let part = |people: &[usize]| {
            let mut part = LossPart {
                value: 0.0,
                by_scores: DMatrix::zeros(d, n),
                by_weights: DMatrix::zeros(d, people.len()),
            };
            let (mut rewards, mut slopes) = (Vec::new(), Vec::new());
            for (place, &person) in people.iter().enumerate() {
                let weights = weights.column(person);
                for (shown, outcome) in self.of(person) {
                    let column = |response: u32| scores.column(response as usize);
                    rewards.clear();
                    rewards.extend(shown.iter().map(|&response| column(response).dot(&weights)));
                    part.value -= likelihood.log(&rewards, outcome, &mut slopes);
                    for (&response, slope) in shown.iter().zip(&slopes) {
                        let mut by_score = part.by_scores.column_mut(response as usize);
                        by_score.axpy(-slope, &weights, 1.0);
                        part.by_weights
                            .column_mut(place)
                            .axpy(-slope, &column(response), 1.0);
                    }
                }
            }
            part
        };
        // Each part has a table of its own for the gradient by scores.
        let size = people.len().div_ceil(PARTS).max(1);
        let parts: Vec<LossPart> = people.par_chunks(size).map(part).collect();
        let by_weights = parts
            .iter()
            .flat_map(|part| part.by_weights.iter().copied());
        Loss {
            value: parts.iter().map(|part| part.value).sum(),
            by_weights: DMatrix::from_row_iterator(people.len(), d, by_weights),
            by_scores: parts
                .iter()
                .fold(DMatrix::zeros(d, n), |sum, part| sum + &part.by_scores)
                .transpose(),
        }
    }

    /// Each person's answers as evidence about weights over these scores (n × d).
    pub fn evidence<'a>(
        &'a self,
        model: &AnswerModel,
        scores: &DMatrix<f64>,
    ) -> SampleEvidence<'a> {
        SampleEvidence {
            sample: self,
            model: *model,
            scores: scores
                .row_iter()
                .map(|row| row.iter().copied().collect())
                .collect(),
        }
    }
}

/// People's answers as evidence about weights over some scores. It is made of a person's comparisons
/// each time.
#[derive(Debug)]
pub struct SampleEvidence<'a> {
    sample: &'a Sample,
    model: AnswerModel,
    /// The d scores of each response.
    scores: Vec<Vec<f64>>,
}

impl People for SampleEvidence<'_> {
    fn count(&self) -> usize {
        self.sample.people()
    }

    fn evidence(&self, person: usize) -> Cow<'_, [Evidence]> {
        let offered = self.model.offered(AnswerKind::Choice);
        let evidence = self.sample.of(person).flat_map(|(shown, outcome)| {
            let answer = if outcome == TIE {
                Answer::Tie
            } else {
                Answer::Chose(outcome as usize)
            };
            let shown: Vec<Vec<f64>> = shown
                .iter()
                .map(|&response| self.scores[response as usize].clone())
                .collect();
            // A tie tells nothing under a model without ties.
            Evidence::from_answer(&self.model, &shown, None, offered, answer).unwrap_or_default()
        });
        Cow::Owned(evidence.collect())
    }
}

/// A loss with its gradients.
#[derive(Debug)]
pub struct Loss {
    /// −Σ log P(answer).
    pub value: f64,
    /// n × d.
    pub by_scores: DMatrix<f64>,
    /// people × d.
    pub by_weights: DMatrix<f64>,
}

/// The loss of some people, and its gradients, transposed.
struct LossPart {
    value: f64,
    /// d × n.
    by_scores: DMatrix<f64>,
    /// d × people.
    by_weights: DMatrix<f64>,
}

/// Derivative of log P by the reward at this place if all rewards are equal, without lapses.
fn slope_at_equal_rewards(shown: usize, outcome: u32, place: usize) -> f64 {
    match outcome {
        TIE => 0.0,
        _ => f64::from(u8::from(outcome as usize == place)) - 1.0 / shown as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes scores or weights by a small step.
    type Change<'a> = dyn Fn(&mut DMatrix<f64>, &mut DMatrix<f64>, f64) + 'a;

    /// Two people and three responses: a choice among three, one between two, and a tie.
    fn sample() -> Sample {
        let mut sample = Sample::new(3);
        sample.push([
            (&[0, 1, 2][..], Answer::Chose(1)),
            (&[2, 0][..], Answer::Tie),
        ]);
        sample.push([(&[1, 2][..], Answer::Chose(0)), (&[0, 1][..], Answer::Skip)]);
        sample
    }

    #[test]
    fn the_gradients_are_the_differences_of_the_loss() {
        let (sample, model) = (sample(), AnswerModel::new(0.05, 0.4).unwrap());
        let scores = DMatrix::from_row_slice(3, 2, &[0.5, -1.0, 0.2, 0.9, -0.7, 0.3]);
        let weights = DMatrix::from_row_slice(2, 2, &[1.2, -0.4, 0.3, 0.8]);
        let loss = sample.loss(&model, &scores, &weights);
        let step = 1e-6;
        let slope = |change: &Change| {
            let value = |step: f64| {
                let (mut scores, mut weights) = (scores.clone(), weights.clone());
                change(&mut scores, &mut weights, step);
                sample.loss(&model, &scores, &weights).value
            };
            (value(step) - value(-step)) / (2.0 * step)
        };
        for j in 0..2 {
            for response in 0..3 {
                let found = loss.by_scores[(response, j)];
                let expected = slope(&|scores, _, step| scores[(response, j)] += step);
                assert!((found - expected).abs() < 1e-8, "{found}, {expected}");
            }
            for person in 0..2 {
                let found = loss.by_weights[(person, j)];
                let expected = slope(&|_, weights, step| weights[(person, j)] += step);
                assert!((found - expected).abs() < 1e-8, "{found}, {expected}");
            }
        }
    }

    #[test]
    fn the_loss_is_minus_the_log_likelihood_of_the_evidence() {
        let (sample, model) = (sample(), AnswerModel::new(0.05, 0.4).unwrap());
        let scores = DMatrix::from_row_slice(3, 1, &[0.5, 0.2, -0.7]);
        let weights = DMatrix::from_row_slice(2, 1, &[1.2, 0.3]);
        let evidence = sample.evidence(&model, &scores);
        let people = weights.row_iter().enumerate();
        let expected: f64 = people
            .flat_map(|(person, weights)| {
                let weights = weights.transpose();
                let log = |of: &Evidence| of.log_likelihood(&model, weights.as_view());
                evidence
                    .evidence(person)
                    .iter()
                    .map(log)
                    .collect::<Vec<_>>()
            })
            .sum();
        let found = sample.loss(&model, &scores, &weights).value;
        assert!((found + expected).abs() < 1e-12, "{found}, {expected}");
    }

    #[test]
    fn answers_that_share_a_response_are_told_apart() {
        let mut sample = Sample::new(6);
        sample.push([
            (&[0, 1][..], Answer::Chose(1)),
            (&[1, 2][..], Answer::Chose(0)),
            (&[3, 2, 4][..], Answer::Chose(2)),
            (&[5, 4][..], Answer::Chose(0)),
        ]);
        sample.push([(&[1, 2][..], Answer::Tie)]);
        let thinned = sample.without_shared_responses();
        let of = |person| {
            thinned
                .of(person)
                .map(|(shown, outcome)| (shown.to_vec(), outcome))
        };
        let first: Vec<_> = of(0).collect();
        assert_eq!(first, [(vec![0, 1], 1), (vec![3, 2, 4], 2)]);
        assert_eq!(of(1).collect::<Vec<_>>(), [(vec![1, 2], TIE)]);
    }

    #[test]
    fn the_transposed_gradient_is_the_transpose() {
        let sample = sample();
        let scores = DMatrix::from_row_slice(3, 1, &[0.5, 0.2, -0.7]);
        let people = DMatrix::from_row_slice(2, 1, &[1.2, 0.3]);
        let one = sample.gradient_at_equal_rewards(&scores).dot(&people);
        let other = sample.gradient_transposed(&people).dot(&scores);
        assert!((one - other).abs() < 1e-15, "{one}, {other}");
    }
}
