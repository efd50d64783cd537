//! Pool replay: how well people are known after a few answers, measured on choices that they really
//! made.
//!
//! Some of each person's answers are held out. Questions come from the others, and the recorded
//! answer is the answer. After each number of answers, or after all there are, the weights so far
//! predict the held-out answers:
//!
//! - *accuracy*: the share of the held-out choices whose chosen candidate has the highest reward of
//!   all that were shown, by the mean weights. If k rewards are equally high, the choice counts
//!   1/k. Ties do not count.
//! - *worse*: the share of the held-out choices that the population's weights predict, the mean of
//!   the prior, and the person's do not. *better* is the reverse, so better − worse is the gain in
//!   accuracy. If rewards are equally high, only a difference of the shares 1/k counts.
//! - *log-likelihood*: the mean of log P(answer) over the held-out answers. P is averaged over the
//!   posterior, or taken at the weights if there are only weights. Ties count if the answer model
//!   offers them.

use crate::interrupt::go_on;
use crate::report::Estimate;
use crate::strategy::is_pref;
use indicatif::ProgressBar;
use leaning::model::evidence::columns;
use leaning::model::ranking::MAX_SHOWN;
use leaning::numeric::{Random, log_sum_exp};
use leaning::{
    Answer, AnswerKind, AnswerModel, Deck, DeckCandidate, Dimension, Error, Evidence, Interview,
    LaplaceApproximation, Options, PosteriorSamples, Prior, StopRule, Strategy,
};
use leaning_simulate::PrefFit;
use nalgebra::DVector;
use rayon::prelude::*;

/// Candidates that a person was shown, and the answer.
#[derive(Debug, Clone)]
pub struct AnsweredQuestion {
    /// d numbers for each candidate.
    pub scores: Vec<Vec<f64>>,
    pub answer: Answer,
}

impl AnsweredQuestion {
    /// The evidence under an answer model; `None` if the answer tells nothing.
    pub fn evidence(&self, model: &AnswerModel) -> Option<Evidence> {
        let offered = model.offered(AnswerKind::Choice);
        Evidence::from_answer(model, &self.scores, None, offered, self.answer)
            .ok()?
            .pop()
    }

    /// 1 if the chosen candidate has the highest reward, or a share if several have, else 0. `None`
    /// if nothing was chosen.
    fn accuracy(&self, weights: &DVector<f64>) -> Option<f64> {
        let Answer::Chose(chose) = self.answer else {
            return None;
        };
        let rewards = columns(&self.scores).tr_mul(weights);
        let highest = rewards.max();
        let equals = rewards.iter().filter(|&&reward| reward == highest).count();
        Some(if rewards[chose] == highest {
            1.0 / equals as f64
        } else {
            0.0
        })
    }
}

/// One person's answers.
#[derive(Debug, Clone)]
pub struct Case {
    /// The answers that questions can be about.
    pub pool: Vec<AnsweredQuestion>,
    /// The answers to predict.
    pub held_out: Vec<AnsweredQuestion>,
    /// Decides all random choices.
    pub seed: u64,
}

/// A way to get to know people.
#[derive(Debug, Clone)]
pub struct Method {
    pub name: String,
    /// How people answer.
    pub model: AnswerModel,
    pub learning: Learning,
}

/// How a method comes to its weights.
#[derive(Debug, Clone)]
pub enum Learning {
    /// The same weights for everybody, whatever they answer.
    Fixed(DVector<f64>),
    /// By an interview with this strategy and prior. Under `pref` the weights are the published
    /// method's own.
    Interview { strategy: Strategy, prior: Prior },
}

/// The measurements to take.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// Numbers of answers, in ascending order.
    pub after: &'a [usize],
    /// Whether to measure the log-likelihood, whose posterior samples take most of the time.
    pub likelihood: bool,
}

/// How well one person's held-out answers are predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// NaN if no choice is held out.
    pub accuracy: f64,
    /// By how much the person's weights fall behind the population's, where they do.
    pub worse: f64,
    /// By how much they are ahead, where they are.
    pub better: f64,
    /// NaN if it is not measured, or nothing is held out.
    pub log_likelihood: f64,
}

/// Measurements of one person, by method and number of answers.
pub type PersonMeasurements = Vec<Vec<Measured>>;

/// Replays cases number 0 to `cases` on all processors. A case is made when it is its turn, so not
/// all of them are in memory at once. The bar moves by one per case.
pub fn measure(
    cases: usize,
    case: impl Fn(usize) -> Case + Sync,
    methods: &[Method],
    plan: Plan,
    bar: &ProgressBar,
) -> Result<Vec<PersonMeasurements>, Error> {
    let one = |index: usize| {
        go_on()?;
        let case = case(index);
        let measured = methods
            .iter()
            .map(|method| method.measure(&case, plan))
            .collect();
        bar.inc(1);
        measured
    };
    (0..cases).into_par_iter().map(one).collect()
}

impl Method {
    fn measure(&self, case: &Case, plan: Plan) -> Result<Vec<Measured>, Error> {
        match &self.learning {
            Learning::Fixed(weights) => {
                let knowledge = Knowledge {
                    weights: weights.clone(),
                    samples: None,
                };
                Ok(vec![
                    knowledge.measure(case, &self.model, weights, plan);
                    plan.after.len()
                ])
            }
            Learning::Interview { strategy, prior } => {
                let mut replay = Replay::start(case, prior, self.model, *strategy)?;
                let measure_after = |&answers: &usize| {
                    replay.ask_until(answers)?;
                    let knowledge = replay.knowledge(plan.likelihood)?;
                    Ok(knowledge.measure(case, &self.model, prior.mean(), plan))
                };
                plan.after.iter().map(measure_after).collect()
            }
        }
    }
}

/// The weights of a person, with samples of the posterior unless the weights are taken for certain.
struct Knowledge {
    weights: DVector<f64>,
    samples: Option<PosteriorSamples>,
}

impl Knowledge {
    fn measure(
        &self,
        case: &Case,
        model: &AnswerModel,
        population: &DVector<f64>,
        plan: Plan,
    ) -> Measured {
        let log_likelihood = if plan.likelihood {
            let evidence = case
                .held_out
                .iter()
                .filter_map(|question| question.evidence(model));
            mean(evidence.map(|evidence| self.log_likelihood(&evidence, model)))
        } else {
            f64::NAN
        };
        // The accuracy on each choice, and the lead over the population's weights.
        let choices: Vec<(f64, f64)> = case
            .held_out
            .iter()
            .filter_map(|question| {
                let accuracy = question.accuracy(&self.weights)?;
                Some((accuracy, accuracy - question.accuracy(population)?))
            })
            .collect();
        Measured {
            accuracy: mean(choices.iter().map(|(accuracy, _)| *accuracy)),
            worse: mean(choices.iter().map(|(_, lead)| (-lead).max(0.0))),
            better: mean(choices.iter().map(|(_, lead)| lead.max(0.0))),
            log_likelihood,
        }
    }

    /// log P(the answer), P being averaged over the posterior.
    fn log_likelihood(&self, evidence: &Evidence, model: &AnswerModel) -> f64 {
        let Some(samples) = &self.samples else {
            return evidence.log_likelihood(model, self.weights.as_view());
        };
        let logs: Vec<f64> = samples
            .weights()
            .row_iter()
            .zip(samples.probabilities())
            .map(|(weights, probability)| {
                let weights = weights.transpose();
                evidence.log_likelihood(model, weights.as_view()) + probability.ln()
            })
            .collect();
        log_sum_exp(&logs)
    }
}

/// The mean; NaN of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// An interview in which a person is asked again what they were asked before.
struct Replay<'a> {
    /// The answers of the pool that tell something: each is a prompt of the deck.
    recorded: Vec<&'a AnsweredQuestion>,
    /// `None` if nothing can be asked.
    interview: Option<Interview>,
    prior: &'a Prior,
    model: AnswerModel,
    strategy: Strategy,
    seed: u64,
}

impl<'a> Replay<'a> {
    fn start(
        case: &'a Case,
        prior: &'a Prior,
        model: AnswerModel,
        strategy: Strategy,
    ) -> Result<Self, Error> {
        let recorded: Vec<&AnsweredQuestion> = case
            .pool
            .iter()
            .filter(|question| question.evidence(&model).is_some())
            .collect();
        let differ = |question: &&AnsweredQuestion| {
            question.scores.windows(2).any(|pair| pair[0] != pair[1])
        };
        let interview = if recorded.iter().any(differ) {
            let stop = StopRule {
                questions: usize::MAX,
                ..StopRule::default()
            };
            let options = Options {
                strategy,
                stop,
                seed: Some(case.seed),
                ..Options::default()
            };
            Some(Interview::start(deck(&recorded, prior, model)?, options)?)
        } else {
            None
        };
        Ok(Replay {
            recorded,
            interview,
            prior,
            model,
            strategy,
            seed: case.seed,
        })
    }

    /// Asks until there are this many answers, or nothing is left to ask.
    fn ask_until(&mut self, answers: usize) -> Result<(), Error> {
        let Some(interview) = &mut self.interview else {
            return Ok(());
        };
        while interview.counts().1 < answers {
            let Some(question) = interview.question()? else {
                break;
            };
            let recorded = question
                .prompt
                .map_or(Answer::Skip, |prompt| self.recorded[prompt].answer);
            let answer = match recorded {
                // The recorded choice may not be among the candidates that are shown.
                Answer::Chose(chose) => question
                    .candidates
                    .iter()
                    .position(|candidate| candidate.index == chose)
                    .map_or(Answer::Skip, Answer::Chose),
                other if question.offered.allows(other) => other,
                _ => Answer::Skip,
            };
            interview.answer(answer)?;
        }
        Ok(())
    }

    fn knowledge(&self, likelihood: bool) -> Result<Knowledge, Error> {
        if is_pref(self.strategy) {
            let interview = self.interview.as_ref();
            let evidence = interview
                .map(|interview| interview.log().evidence(interview.deck()))
                .unwrap_or_default();
            let fit = PrefFit::new(self.prior.dimensions(), &evidence, self.seed);
            return Ok(Knowledge {
                weights: fit.weights().clone(),
                samples: None,
            });
        }
        let Some(interview) = &self.interview else {
            let laplace = LaplaceApproximation::infer(self.prior, self.model, &[])?;
            let samples = likelihood.then(|| PosteriorSamples::draw(&laplace));
            return Ok(Knowledge {
                weights: laplace.mean().clone(),
                samples,
            });
        };
        let weights = interview.laplace_approximation()?.mean().clone();
        let samples = if likelihood {
            Some(interview.posterior_samples()?.clone())
        } else {
            None
        };
        Ok(Knowledge { weights, samples })
    }
}

/// A deck with a prompt for each of these questions.
fn deck(questions: &[&AnsweredQuestion], prior: &Prior, model: AnswerModel) -> Result<Deck, Error> {
    let shown = questions
        .iter()
        .map(|question| question.scores.len())
        .max()
        .unwrap_or(2);
    let mut builder = Deck::builder("replay")
        .prior(prior.clone())
        .answer_model(model)
        .candidates_per_question(shown.min(MAX_SHOWN));
    for j in 0..prior.dimensions() {
        builder = builder.dimension(Dimension::new(j.to_string()));
    }
    for (place, question) in questions.iter().enumerate() {
        let scores = question.scores.iter().enumerate();
        let candidates =
            scores.map(|(place, scores)| DeckCandidate::new(place.to_string(), scores.clone()));
        builder = builder.prompt(place.to_string(), candidates);
    }
    builder.build()
}

/// The means over seeds of each person's measurements.
#[derive(Debug)]
pub struct PersonMeans {
    /// By person, method and number of answers.
    sums: Vec<Vec<Vec<Sums>>>,
}

/// Sums of measurements, each with the number of its terms.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    accuracy: (f64, f64),
    worse: (f64, f64),
    better: (f64, f64),
    log_likelihood: (f64, f64),
}

fn add((sum, count): &mut (f64, f64), value: f64) {
    if !value.is_nan() {
        *sum += value;
        *count += 1.0;
    }
}

impl PersonMeans {
    /// For this many people, methods and numbers of answers, before any measurement.
    pub fn new(people: usize, methods: usize, after: usize) -> Self {
        PersonMeans {
            sums: vec![vec![vec![Sums::default(); after]; methods]; people],
        }
    }

    /// Adds the measurements of a person for one seed.
    pub fn add(&mut self, person: usize, measured: &PersonMeasurements) {
        let all = self.sums[person]
            .iter_mut()
            .flatten()
            .zip(measured.iter().flatten());
        for (sums, measured) in all {
            add(&mut sums.accuracy, measured.accuracy);
            add(&mut sums.worse, measured.worse);
            add(&mut sums.better, measured.better);
            add(&mut sums.log_likelihood, measured.log_likelihood);
        }
    }

    /// Means over people, under the names of the methods.
    pub fn curves<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<MethodCurve> {
        let count = self
            .sums
            .first()
            .and_then(|methods| methods.first())
            .map_or(0, Vec::len);
        let estimates = |method: usize, of: fn(&Sums) -> (f64, f64)| {
            let estimate = |after: usize| {
                let means = self.sums.iter().map(|person| {
                    let (sum, count) = of(&person[method][after]);
                    sum / count
                });
                Estimate::of(means.filter(|mean| !mean.is_nan()))
            };
            (0..count).map(estimate).collect()
        };
        let curve = |(method, name): (usize, &str)| MethodCurve {
            name: name.to_owned(),
            accuracy: estimates(method, |sums| sums.accuracy),
            worse: estimates(method, |sums| sums.worse),
            better: estimates(method, |sums| sums.better),
            log_likelihood: estimates(method, |sums| sums.log_likelihood),
        };
        names.enumerate().map(curve).collect()
    }
}

/// How well people are known by one method, by number of answers.
#[derive(Debug, Clone)]
pub struct MethodCurve {
    pub name: String,
    pub accuracy: Vec<Estimate>,
    pub worse: Vec<Estimate>,
    pub better: Vec<Estimate>,
    pub log_likelihood: Vec<Estimate>,
}

/// Splits a person's answers at random: `held_out` of them are held out. The seeds decide which.
pub fn split(answers: &[AnsweredQuestion], held_out: usize, seeds: &[u64]) -> Case {
    let order = order(answers.len(), seeds);
    let (held_out, pool) = order.split_at(held_out.min(answers.len()));
    let pick = |places: &[usize]| places.iter().map(|&place| answers[place].clone()).collect();
    Case {
        pool: pick(pool),
        held_out: pick(held_out),
        seed: combine(seeds),
    }
}

/// 0 to `count` in random order. The seeds decide it.
pub fn order(count: usize, seeds: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    Random::new(combine(seeds), 0).shuffle(&mut order);
    order
}

/// One seed made of several.
fn combine(seeds: &[u64]) -> u64 {
    seeds
        .iter()
        .fold(0, |combined, &seed| Random::new(combined, seed).next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::question::acquisition::DEFAULT;
    use nalgebra::{dmatrix, dvector};

    fn gaussian(mean: f64, variance: f64) -> Prior {
        Prior::gaussian(dvector![mean], dmatrix![variance]).unwrap()
    }

    fn interview(prior: &Prior, model: AnswerModel) -> Method {
        let learning = Learning::Interview {
            strategy: DEFAULT,
            prior: prior.clone(),
        };
        Method {
            name: "interview".to_owned(),
            model,
            learning,
        }
    }

    fn after(case: Case, method: Method, after: &[usize]) -> Vec<Measured> {
        let plan = Plan {
            after,
            likelihood: true,
        };
        let bar = ProgressBar::hidden();
        measure(1, |_| case.clone(), &[method], plan, &bar)
            .unwrap()
            .remove(0)
            .remove(0)
    }

    fn pair(difference: f64, answer: Answer) -> AnsweredQuestion {
        AnsweredQuestion {
            scores: vec![vec![difference], vec![0.0]],
            answer,
        }
    }

    #[test]
    fn an_order_has_every_place_once_and_depends_on_the_seeds() {
        let mut one = order(50, &[1, 2]);
        assert_eq!(one, order(50, &[1, 2]));
        assert_ne!(one, order(50, &[2, 1]));
        one.sort_unstable();
        assert_eq!(one, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_split_loses_no_answer() {
        let answers: Vec<_> = (0..10)
            .map(|place| pair(f64::from(place), Answer::Chose(0)))
            .collect();
        let Case { pool, held_out, .. } = split(&answers, 4, &[1]);
        assert_eq!((pool.len(), held_out.len()), (6, 4));
        let mut all: Vec<f64> = pool
            .iter()
            .chain(&held_out)
            .map(|question| question.scores[0][0])
            .collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..10).map(f64::from).collect::<Vec<_>>());
    }

    #[test]
    fn a_person_repeats_their_choices_until_nothing_is_left_to_ask() {
        let choice = |best: usize| {
            let score = |place: usize| {
                if place == best {
                    1.0
                } else {
                    0.1 * place as f64
                }
            };
            let scores = (0..4).map(|place| vec![score(place)]).collect();
            AnsweredQuestion {
                scores,
                answer: Answer::Chose(best),
            }
        };
        let pool: Vec<AnsweredQuestion> = (0..4).map(choice).collect();
        let case = Case {
            held_out: vec![choice(2)],
            pool,
            seed: 1,
        };
        let method = interview(&gaussian(0.0, 1.0), AnswerModel::BRADLEY_TERRY);
        // After 0, 3, 5 and 8 answers, although there are only four.
        let measured = after(case, method, &[0, 3, 5, 8]);
        let likelihood: Vec<f64> = measured.iter().map(|of| of.log_likelihood).collect();
        assert!(
            likelihood[1] > likelihood[0] && likelihood[2] > likelihood[1],
            "{likelihood:?}"
        );
        assert_eq!(likelihood[3], likelihood[2]);
        // Before any answer the four are equal.
        let accuracy: Vec<f64> = measured.iter().map(|of| of.accuracy).collect();
        assert_eq!(accuracy, [0.25, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn fixed_weights_have_the_likelihood_of_the_formula_ties_included() {
        let model = AnswerModel::new(0.1, 0.5).unwrap();
        let held_out = vec![
            pair(1.0, Answer::Chose(0)),
            pair(-2.0, Answer::Chose(0)),
            pair(0.5, Answer::Tie),
        ];
        let case = Case {
            pool: Vec::new(),
            held_out,
            seed: 1,
        };
        let learning = Learning::Fixed(dvector![2.0]);
        let measured = after(
            case,
            Method {
                name: "fixed".to_owned(),
                model,
                learning,
            },
            &[0],
        )[0];
        // The first of the two choices is predicted.
        assert_eq!(measured.accuracy, 0.5);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let with_lapse = |p: f64| 0.9 * p + 0.1 / 3.0;
        let tie = (1_f64.exp() - 1.0) * sigmoid(1.0 - 0.5) * sigmoid(-1.0 - 0.5);
        let probabilities = [sigmoid(2.0 - 0.5), sigmoid(-4.0 - 0.5), tie];
        let expected: f64 = probabilities.iter().map(|p| with_lapse(*p).ln()).sum();
        assert!((measured.log_likelihood - expected / 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_likelihood_is_averaged_over_the_posterior_not_taken_at_its_mean() {
        let differences = [1.5, 0.8, 1.2, 0.5];
        let case = Case {
            pool: differences.map(|z| pair(z, Answer::Chose(0))).to_vec(),
            held_out: vec![pair(1.0, Answer::Chose(0))],
            seed: 1,
        };
        let method = interview(&gaussian(2.0, 9.0), AnswerModel::BRADLEY_TERRY);
        let measured = after(case, method, &[0, 4]);
        // E σ(λ) under the posterior for λ ~ N(2, 9), by the trapezoidal rule.
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let expected = |answered: &[f64]| {
            let (mut sum, mut total) = (0.0, 0.0);
            for step in -6000..=6000 {
                let x = f64::from(step) / 1000.0;
                let weight = 2.0 + 3.0 * x;
                let likelihood: f64 = answered.iter().map(|z| sigmoid(z * weight)).product();
                let density = (-0.5 * x * x).exp() * likelihood;
                sum += density * sigmoid(weight);
                total += density;
            }
            f64::ln(sum / total)
        };
        let (before, answered) = (expected(&[]), expected(&differences));
        // At the mean it would be −0.127 before any answer.
        assert!(before < -0.25 && (answered - before).abs() > 0.05);
        for (measured, expected) in measured.iter().zip([before, answered]) {
            assert!(
                (measured.log_likelihood - expected).abs() < 0.003,
                "{measured:?}, exactly {expected}"
            );
        }
    }

    #[test]
    fn a_tie_is_evidence_only_if_the_model_offers_it() {
        let ties = vec![pair(1.0, Answer::Tie), pair(2.0, Answer::Tie)];
        let case = Case {
            pool: ties,
            held_out: vec![pair(1.0, Answer::Chose(0))],
            seed: 1,
        };
        let prior = gaussian(1.0, 1.0);
        let without = after(
            case.clone(),
            interview(&prior, AnswerModel::BRADLEY_TERRY),
            &[0, 2],
        );
        assert_eq!(without[0], without[1]);
        let model = AnswerModel::new(0.0, 0.5).unwrap();
        let with = after(case, interview(&prior, model), &[0, 2]);
        // A person to whom different candidates are the same has a small weight.
        assert!(with[1].log_likelihood < with[0].log_likelihood);
    }

    #[test]
    fn equally_good_candidates_share_the_accuracy() {
        let scores = vec![vec![1.0], vec![1.0], vec![0.0]];
        let accuracy = |answer| {
            AnsweredQuestion {
                scores: scores.clone(),
                answer,
            }
            .accuracy(&dvector![2.0])
        };
        assert_eq!(accuracy(Answer::Chose(1)), Some(0.5));
        assert_eq!(accuracy(Answer::Chose(2)), Some(0.0));
        assert_eq!(accuracy(Answer::Tie), None);
    }

    #[test]
    fn falling_behind_the_populations_weights_and_being_ahead_are_told_apart() {
        // The population wants more of both; this person has been found to want less of the first.
        let knowledge = Knowledge {
            weights: dvector![-1.0, 1.0],
            samples: None,
        };
        let choice = |a: [f64; 2], b: [f64; 2]| AnsweredQuestion {
            scores: vec![a.to_vec(), b.to_vec()],
            answer: Answer::Chose(0),
        };
        let case = Case {
            pool: Vec::new(),
            held_out: vec![
                choice([1.0, 0.0], [0.0, 0.0]),
                choice([1.0, 0.5], [0.0, 0.0]),
                choice([0.0, 0.0], [1.0, 0.5]),
                choice([0.0, 1.0], [0.0, 0.0]),
                // The population's weights find these two equally good.
                choice([0.0, 1.0], [1.0, 0.0]),
                choice([1.0, 0.0], [1.0, 0.0]),
                AnsweredQuestion {
                    answer: Answer::Tie,
                    ..choice([1.0, 0.0], [0.0, 0.0])
                },
            ],
            seed: 1,
        };
        let plan = Plan {
            after: &[0],
            likelihood: false,
        };
        let model = AnswerModel::BRADLEY_TERRY;
        let measured = knowledge.measure(&case, &model, &dvector![1.0, 1.0], plan);
        // Of six choices, the first two are lost, the third is won, and the fifth half.
        assert!((measured.worse - 2.0 / 6.0).abs() < 1e-12, "{measured:?}");
        assert!((measured.better - 1.5 / 6.0).abs() < 1e-12, "{measured:?}");
        assert!(
            (measured.accuracy - 3.5 / 6.0).abs() < 1e-12,
            "{measured:?}"
        );
    }

    #[test]
    fn an_impossible_answer_has_a_finite_likelihood() {
        let knowledge = Knowledge {
            weights: dvector![1e5],
            samples: None,
        };
        let held_out = vec![pair(-1.0, Answer::Chose(0))];
        let case = Case {
            pool: Vec::new(),
            held_out,
            seed: 1,
        };
        let plan = Plan {
            after: &[0],
            likelihood: true,
        };
        let measured = knowledge.measure(&case, &AnswerModel::BRADLEY_TERRY, &dvector![0.0], plan);
        assert!(measured.log_likelihood.is_finite());
    }

    #[test]
    fn measurements_are_averaged_over_seeds_and_then_over_people() {
        let mut means = PersonMeans::new(3, 1, 1);
        let measured = |accuracy| {
            vec![vec![Measured {
                accuracy,
                worse: 1.0 - accuracy,
                better: 0.0,
                log_likelihood: -accuracy,
            }]]
        };
        for (person, accuracy) in [(0, 0.0), (0, 1.0), (1, 1.0), (2, f64::NAN), (1, f64::NAN)] {
            means.add(person, &measured(accuracy));
        }
        // People at ½ and 1, and one without a choice.
        let curve = means.curves(["only"].into_iter()).remove(0);
        assert_eq!(
            curve.accuracy,
            [Estimate {
                mean: 0.75,
                error: 0.25
            }]
        );
    }
}
