//! What many people chose, laid out for fitting: who was shown which responses, and what they said.

use leaning::{Answer, AnswerModel, Evidence};
use nalgebra::DMatrix;
use rayon::prelude::*;
use std::ops::Range;

/// Comparisons by people, in their order. Responses and people are places from 0.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Number of responses, n.
    pub responses: usize,
    /// All that was shown, one comparison after the other.
    shown: Vec<u32>,
    comparisons: Vec<Said>,
    /// Of each person, the end of their comparisons.
    ends: Vec<usize>,
}

/// One answer.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// The end of what was shown; the next comparison's begins there.
    end: usize,
    /// The place of the chosen one, or [`TIE`].
    outcome: u32,
}

const TIE: u32 = u32::MAX;
/// People that one thread takes at a time.
const CHUNK: usize = 256;

impl Sample {
    /// Nobody yet, of so many responses.
    pub fn new(responses: usize) -> Self {
        Sample { responses, ..Sample::default() }
    }

    /// Adds a person, with what they were shown and said. Skips, and ties among more than two, say nothing and are left
    /// out.
    pub fn push<'a>(&mut self, said: impl IntoIterator<Item = (&'a [usize], Answer)>) {
        for (shown, answer) in said {
            let outcome = match answer {
                Answer::Chose(place) => place as u32,
                Answer::Tie | Answer::Neither if shown.len() == 2 => TIE,
                _ => continue,
            };
            self.shown.extend(shown.iter().map(|&response| response as u32));
            self.comparisons.push(Said { end: self.shown.len(), outcome });
        }
        self.ends.push(self.comparisons.len());
    }

    /// Number of people.
    pub fn people(&self) -> usize {
        self.ends.len()
    }

    /// Number of comparisons of all of them.
    pub fn comparisons(&self) -> usize {
        self.comparisons.len()
    }

    /// Number of one person's comparisons.
    pub fn count(&self, person: usize) -> usize {
        self.ends[person] - if person == 0 { 0 } else { self.ends[person - 1] }
    }

    /// Of each person, log P(what they said) if all rewards are equal.
    pub fn log_likelihood_at_nothing(&self, model: &AnswerModel) -> Vec<f64> {
        let mut slopes = Vec::new();
        let mut of =
            |(shown, outcome): (&[u32], u32)| log_probability(model, &vec![0.0; shown.len()], outcome, &mut slopes);
        (0..self.people()).map(|person| self.of(person).map(&mut of).sum()).collect()
    }

    /// The share of ties among the comparisons of two.
    pub fn share_of_ties(&self) -> f64 {
        let of_two = self.all().filter(|(shown, _)| shown.len() == 2);
        let (ties, pairs) =
            of_two.fold((0, 0), |(ties, pairs), (_, outcome)| (ties + usize::from(outcome == TIE), pairs + 1));
        if pairs == 0 { 0.0 } else { ties as f64 / pairs as f64 }
    }

    /// The same comparisons by these people only.
    pub fn of_people(&self, people: &[usize]) -> Self {
        let mut sample = Sample::new(self.responses);
        for &person in people {
            for (shown, outcome) in self.of(person) {
                sample.shown.extend_from_slice(shown);
                sample.comparisons.push(Said { end: sample.shown.len(), outcome });
            }
            sample.ends.push(sample.comparisons.len());
        }
        sample
    }

    /// What a person was shown, and said.
    fn of(&self, person: usize) -> impl Iterator<Item = (&[u32], u32)> {
        let start = if person == 0 { 0 } else { self.ends[person - 1] };
        self.range(start..self.ends[person])
    }

    fn all(&self) -> impl Iterator<Item = (&[u32], u32)> {
        self.range(0..self.comparisons.len())
    }

    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (&[u32], u32)> {
        let mut start = if range.start == 0 { 0 } else { self.comparisons[range.start - 1].end };
        self.comparisons[range].iter().map(move |said| {
            let shown = &self.shown[start..said.end];
            start = said.end;
            (shown, said.outcome)
        })
    }

    /// Mean of zzᵀ over the pairs that a comparison shows, z the difference of their rows of `inputs` (n × p): p × p.
    /// With more than two shown, over the differences to their average.
    pub fn spread(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        let p = inputs.ncols();
        let of_chunk = |people: &[usize]| {
            let mut sum = DMatrix::zeros(p, p);
            let mut away = vec![0.0; p];
            for (shown, _) in people.iter().flat_map(|&person| self.of(person)) {
                let share = 1.0 / shown.len() as f64;
                let mean = |k: usize| shown.iter().map(|&r| inputs[(r as usize, k)]).sum::<f64>() * share;
                let means: Vec<f64> = (0..p).map(mean).collect();
                for &response in shown {
                    away.iter_mut().enumerate().for_each(|(k, x)| *x = inputs[(response as usize, k)] - means[k]);
                    // For two, each is half the difference away from the average.
                    let weight = 2.0 / (shown.len() as f64 - 1.0);
                    for k in 0..p {
                        for l in 0..=k {
                            sum[(k, l)] += weight * away[k] * away[l];
                        }
                    }
                }
            }
            sum
        };
        let people: Vec<usize> = (0..self.people()).collect();
        let sums: Vec<DMatrix<f64>> = people.par_chunks(CHUNK).map(of_chunk).collect();
        let mut sum = sums.into_iter().fold(DMatrix::zeros(p, p), |a, b| a + b);
        sum.fill_upper_triangle_with_lower_triangle();
        sum / (self.comparisons().max(1) as f64)
    }

    /// Of each person, the sum over what they were shown of the row of `scores` (n × q) times the derivative of
    /// log P(what they said) by its reward, all rewards being equal: people × q. Each person's sum is divided by the
    /// root of the number of their comparisons, which makes its noise alike.
    pub fn pull(&self, scores: &DMatrix<f64>) -> DMatrix<f64> {
        let q = scores.ncols();
        let of_person = |person: usize| {
            let mut row = vec![0.0; q];
            let mut count = 0.0;
            for (shown, outcome) in self.of(person) {
                count += 1.0;
                for (place, &response) in shown.iter().enumerate() {
                    let slope = slope(shown.len(), outcome, place);
                    row.iter_mut().enumerate().for_each(|(j, x)| *x += slope * scores[(response as usize, j)]);
                }
            }
            let scale = f64::sqrt(f64::max(count, 1.0));
            row.into_iter().map(move |x| x / scale)
        };
        let rows: Vec<f64> = (0..self.people()).into_par_iter().flat_map_iter(of_person).collect();
        DMatrix::from_row_slice(self.people(), q, &rows)
    }

    /// The transpose of [`Sample::pull`] as a linear map: people × q to n × q.
    pub fn push_back(&self, people: &DMatrix<f64>) -> DMatrix<f64> {
        let q = people.ncols();
        let mut sum = DMatrix::zeros(self.responses, q);
        for person in 0..self.people() {
            let scale = f64::sqrt(f64::max(self.of(person).count() as f64, 1.0));
            for (shown, outcome) in self.of(person) {
                for (place, &response) in shown.iter().enumerate() {
                    let slope = slope(shown.len(), outcome, place) / scale;
                    (0..q).for_each(|j| sum[(response as usize, j)] += slope * people[(person, j)]);
                }
            }
        }
        sum
    }

    /// Loss, −Σ log P(what people said), at scores φ (n × d) and weights λ (people × d), and its derivatives by both.
    pub fn loss(&self, model: &AnswerModel, scores: &DMatrix<f64>, weights: &DMatrix<f64>) -> Loss {
        let people: Vec<usize> = (0..self.people()).collect();
        let (n, d) = scores.shape();
        // Column-major matrices hold a row far apart: what is read at random lies together here.
        let phi: Vec<f64> = scores.transpose().as_slice().to_vec();
        let part = |people: &[usize]| {
            let mut part = Part { value: 0.0, by_scores: vec![0.0; n * d], by_weights: Vec::new() };
            let (mut rewards, mut slopes) = (Vec::new(), Vec::new());
            for &person in people {
                let lambda: Vec<f64> = (0..d).map(|j| weights[(person, j)]).collect();
                let mut by_weights = vec![0.0; d];
                for (shown, outcome) in self.of(person) {
                    let row = |response: u32| &phi[response as usize * d..][..d];
                    rewards.clear();
                    rewards.extend(shown.iter().map(|&response| dot(row(response), &lambda)));
                    part.value -= log_probability(model, &rewards, outcome, &mut slopes);
                    for (&response, slope) in shown.iter().zip(&slopes) {
                        let by_score = &mut part.by_scores[response as usize * d..][..d];
                        for j in 0..d {
                            by_score[j] -= slope * lambda[j];
                            by_weights[j] -= slope * phi[response as usize * d + j];
                        }
                    }
                }
                part.by_weights.extend(by_weights);
            }
            part
        };
        // One part a thread: each has a table of its own for the derivatives by scores.
        let size = people.len().div_ceil(rayon::current_num_threads()).max(1);
        let parts: Vec<Part> = people.par_chunks(size).map(part).collect();
        let mut loss = Loss {
            value: 0.0,
            by_scores: DMatrix::zeros(n, d),
            by_weights: DMatrix::from_row_iterator(
                people.len(),
                d,
                parts.iter().flat_map(|part| part.by_weights.iter().copied()),
            ),
        };
        for part in &parts {
            loss.value += part.value;
            loss.by_scores += DMatrix::from_row_slice(n, d, &part.by_scores);
        }
        loss
    }

    /// What each person said, as evidence about weights over these scores (n × d).
    pub fn evidence(&self, model: &AnswerModel, scores: &DMatrix<f64>) -> Vec<Vec<Evidence>> {
        let row = |response: u32| scores.row(response as usize).iter().copied().collect::<Vec<f64>>();
        let of_person = |person: usize| {
            let said = self.of(person).filter_map(|(shown, outcome)| {
                let answer = if outcome == TIE { Answer::Tie } else { Answer::Chose(outcome as usize) };
                let shown: Vec<Vec<f64>> = shown.iter().map(|&response| row(response)).collect();
                // A tie says nothing under a model without ties.
                Evidence::from_answer(model, &shown, model.offered(), answer).ok().flatten()
            });
            said.collect()
        };
        (0..self.people()).into_par_iter().map(of_person).collect()
    }
}

/// A loss with its derivatives.
#[derive(Debug)]
pub struct Loss {
    pub value: f64,
    /// n × d.
    pub by_scores: DMatrix<f64>,
    /// people × d.
    pub by_weights: DMatrix<f64>,
}

struct Part {
    value: f64,
    by_scores: Vec<f64>,
    by_weights: Vec<f64>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Derivative of log P by the reward at this place, all rewards being equal, without lapses.
fn slope(shown: usize, outcome: u32, place: usize) -> f64 {
    match outcome {
        TIE => 0.0,
        _ => (if outcome as usize == place { 1.0 } else { 0.0 }) - 1.0 / shown as f64,
    }
}

/// log P of an outcome, and its derivative by each reward.
fn log_probability(model: &AnswerModel, rewards: &[f64], outcome: u32, slopes: &mut Vec<f64>) -> f64 {
    slopes.clear();
    let lapse = model.lapse();
    if let [first, second] = *rewards {
        let (u, band) = (first - second, model.indifference());
        let (up, down) = (sigmoid(u - band), sigmoid(-u - band));
        let outcomes = if band > 0.0 { 3.0 } else { 2.0 };
        let (meant, slope) = match outcome {
            0 => (up, 1.0 - up),
            1 => (down, down - 1.0),
            _ => ((2.0 * band).exp_m1() * up * down, down - up),
        };
        let p = (1.0 - lapse) * meant + lapse / outcomes;
        let by_u = (1.0 - lapse) * meant / p * slope;
        slopes.extend([by_u, -by_u]);
        return p.max(f64::MIN_POSITIVE).ln();
    }
    let most = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = rewards.iter().map(|u| (u - most).exp()).sum();
    let chance = |u: f64| (u - most).exp() / total;
    let meant = chance(rewards[outcome as usize]);
    let p = (1.0 - lapse) * meant + lapse / rewards.len() as f64;
    let share = (1.0 - lapse) * meant / p;
    let of = |(place, u): (usize, &f64)| share * (f64::from(u8::from(place == outcome as usize)) - chance(*u));
    slopes.extend(rewards.iter().enumerate().map(of));
    p.max(f64::MIN_POSITIVE).ln()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
