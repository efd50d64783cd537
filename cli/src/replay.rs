//! Pool replay: how well people are known after so many answers, on choices that they really made.
//!
//! Of each person some answers are held out; only what the others answer can be asked, and what the person said then is
//! their answer. After so many answers, or after all there are, what was inferred foretells the held-out answers:
//!
//! - *accuracy*: the share of the held-out choices where the chosen one has the highest reward of all that were shown, by
//!   the mean weights. Where k are equally high, the choice counts 1/k. Ties are no choices, and do not count.
//! - *log-likelihood*: the mean of log P(answer) over the held-out answers, with P averaged over the posterior, or at the
//!   weights where there are only weights. Ties count where the answer model offers them.

use crate::report::Estimate;
use indicatif::ProgressBar;
use leaning::question::{MOST_SHOWN, Published};
use leaning::{
    Answer, AnswerModel, Belief, Deck, Error, Evidence, Interview, Options, Posterior, Prior, Segment, StopRule,
    Strategy,
};
use rayon::prelude::*;
use serde_json::{Value, json};

/// What somebody was shown, and what they said.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Of each of those shown, d numbers.
    pub scores: Vec<Vec<f64>>,
    pub answer: Answer,
}

impl Choice {
    /// What it tells under an answer model; nothing where it says nothing.
    pub fn evidence(&self, model: &AnswerModel) -> Option<Evidence> {
        Evidence::from_answer(model, &self.scores, model.offered(), self.answer).ok().flatten()
    }

    /// Whether the chosen one has the highest reward: 1, or a share where several have. Nothing for a tie.
    pub fn foretold(&self, weights: &[f64]) -> Option<f64> {
        let Answer::Chose(chose) = self.answer else { return None };
        let rewards = self.rewards(weights);
        let most = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let best = rewards.iter().filter(|&&reward| reward == most).count();
        Some(if rewards[chose] == most { 1.0 / best as f64 } else { 0.0 })
    }

    /// P(this answer | weights), as if a tie was on offer where the model has room for one.
    fn chance(&self, model: &AnswerModel, weights: &[f64]) -> f64 {
        let rewards = self.rewards(weights);
        match (self.answer, &rewards[..]) {
            (Answer::Chose(chose), [first, second]) => model.pair_probabilities(first - second, true)[chose],
            (Answer::Chose(chose), _) => model.choice_probabilities(&rewards)[chose],
            // Answers that say nothing are left out before.
            (_, [first, second]) => model.pair_probabilities(first - second, true).get(2).copied().unwrap_or(1.0),
            _ => 1.0,
        }
    }

    fn rewards(&self, weights: &[f64]) -> Vec<f64> {
        let reward = |scores: &Vec<f64>| weights.iter().zip(scores).map(|(weight, score)| weight * score).sum();
        self.scores.iter().map(reward).collect()
    }
}

/// One person's answers.
#[derive(Debug, Clone)]
pub struct Case {
    /// What can be asked.
    pub pool: Vec<Choice>,
    /// What is to be foretold.
    pub held_out: Vec<Choice>,
    /// Decides all that is drawn.
    pub seed: u64,
}

/// One way to know people, and its name.
#[derive(Debug, Clone)]
pub struct Way {
    pub name: String,
    /// How people answer.
    pub model: AnswerModel,
    pub means: Means,
}

/// What a way goes by.
#[derive(Debug, Clone)]
pub enum Means {
    /// The same weights for everybody, whatever they say.
    Weights(Vec<f64>),
    /// Questions by a strategy, and a belief that starts from a prior. Under [`Strategy::Pref`] the published method's
    /// own weights instead.
    Asking { strategy: Strategy, prior: Prior },
}

/// What is measured, and when.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// Numbers of answers, in ascending order.
    pub after: &'a [usize],
    /// Whether the log-likelihood is wanted: its draws take most of the time.
    pub likelihood: bool,
}

/// How well one person's held-out answers are foretold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Not a number where no choice is held out.
    pub accuracy: f64,
    /// Not a number where it is not wanted, or nothing is held out.
    pub log_likelihood: f64,
}

/// Of each of so many cases, by way and number of answers, on all processors. A case is made when it is its turn, so
/// that not all of them need to be there at once. The bar moves by one a case.
pub fn measure(
    cases: usize,
    case: impl Fn(usize) -> Case + Sync,
    ways: &[Way],
    plan: Plan,
    bar: &ProgressBar,
) -> Result<Vec<Vec<Vec<Measured>>>, Error> {
    let of_case = |index: usize| {
        let case = case(index);
        let measured = ways.iter().map(|way| way.measure(&case, plan)).collect();
        bar.inc(1);
        measured
    };
    (0..cases).into_par_iter().map(of_case).collect()
}

impl Way {
    fn measure(&self, case: &Case, plan: Plan) -> Result<Vec<Measured>, Error> {
        match &self.means {
            Means::Weights(weights) => {
                let known = Known { weights: weights.clone(), posterior: None };
                Ok(vec![known.measure(case, &self.model, plan); plan.after.len()])
            }
            Means::Asking { strategy, prior } => {
                let mut replay = Replay::start(case, prior, self.model, *strategy)?;
                let after = plan.after.iter().map(|&answers| {
                    replay.go_on(answers)?;
                    Ok(replay.known(plan.likelihood)?.measure(case, &self.model, plan))
                });
                after.collect()
            }
        }
    }
}

/// What is known of a person: weights, and draws of them if they are not the last word.
struct Known {
    weights: Vec<f64>,
    posterior: Option<Posterior>,
}

impl Known {
    fn measure(&self, case: &Case, model: &AnswerModel, plan: Plan) -> Measured {
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let said: Vec<&Choice> = case.held_out.iter().filter(|choice| choice.evidence(model).is_some()).collect();
        let log_likelihood = if plan.likelihood {
            // However small P is, a double can hold its logarithm.
            mean(said.iter().map(|choice| self.chance(choice, model).max(f64::MIN_POSITIVE).ln()).collect())
        } else {
            f64::NAN
        };
        Measured {
            accuracy: mean(case.held_out.iter().filter_map(|choice| choice.foretold(&self.weights)).collect()),
            log_likelihood,
        }
    }

    /// P(the answer), averaged over what the weights may be.
    fn chance(&self, choice: &Choice, model: &AnswerModel) -> f64 {
        let Some(posterior) = &self.posterior else { return choice.chance(model, &self.weights) };
        let draws = posterior.draws();
        let count = draws.len() as f64;
        draws.map(|weights| choice.chance(model, weights)).sum::<f64>() / count
    }
}

/// Somebody who is asked what they were asked before.
struct Replay<'a> {
    /// What can be asked: each is a prompt of the deck.
    asked: Vec<&'a Choice>,
    /// None where nothing can be asked.
    interview: Option<Interview>,
    prior: &'a Prior,
    model: AnswerModel,
    strategy: Strategy,
    seed: u64,
}

impl<'a> Replay<'a> {
    fn start(case: &'a Case, prior: &'a Prior, model: AnswerModel, strategy: Strategy) -> Result<Self, Error> {
        let asked: Vec<&Choice> = case.pool.iter().filter(|choice| choice.evidence(&model).is_some()).collect();
        let differ = |choice: &&Choice| choice.scores.windows(2).any(|pair| pair[0] != pair[1]);
        let stop = StopRule { questions: usize::MAX, ..StopRule::default() };
        let options = Options { strategy, stop, seed: Some(case.seed), ..Options::default() };
        let interview =
            if asked.iter().any(differ) { Some(Interview::start(deck(&asked, prior, model)?, options)?) } else { None };
        Ok(Replay { asked, interview, prior, model, strategy, seed: case.seed })
    }

    /// Asks until there are so many answers, or nothing is left to ask.
    fn go_on(&mut self, answers: usize) -> Result<(), Error> {
        let Some(interview) = &mut self.interview else { return Ok(()) };
        while interview.counts().1 < answers {
            let Some(question) = interview.next() else { break };
            let said = question.prompt.map_or(Answer::Skip, |prompt| self.asked[prompt].answer);
            let answer = match said {
                // A chosen one that is not among those shown cannot be chosen.
                Answer::Chose(chose) => {
                    let place = question.shown.iter().position(|shown| shown.index == chose);
                    place.map_or(Answer::Skip, Answer::Chose)
                }
                other if question.offered.allows(other) => other,
                _ => Answer::Skip,
            };
            interview.answer(answer)?;
        }
        Ok(())
    }

    fn known(&self, likelihood: bool) -> Result<Known, Error> {
        if self.strategy == Strategy::Pref {
            let evidence = self.interview.as_ref().map(|interview| interview.log().evidence(&self.model));
            let published = Published::fit(self.prior.dimensions(), &evidence.unwrap_or_default(), self.seed);
            return Ok(Known { weights: published.weights().to_vec(), posterior: None });
        }
        let Some(interview) = &self.interview else {
            let belief = Belief::infer(self.prior, self.model, &[])?;
            let posterior = likelihood.then(|| Posterior::sample(&belief));
            return Ok(Known { weights: belief.mean().to_vec(), posterior });
        };
        let posterior = likelihood.then(|| interview.posterior().clone());
        Ok(Known { weights: interview.belief().mean().to_vec(), posterior })
    }
}

/// A deck of one prompt for each of these choices.
fn deck(choices: &[&Choice], prior: &Prior, model: AnswerModel) -> Result<Deck, Error> {
    let candidate = |(place, scores): (usize, &Vec<f64>)| json!({ "id": place.to_string(), "scores": scores });
    let prompt = |(place, choice): (usize, &&Choice)| {
        let candidates: Vec<Value> = choice.scores.iter().enumerate().map(candidate).collect();
        json!({ "id": place.to_string(), "candidates": candidates })
    };
    let shown = choices.iter().map(|choice| choice.scores.len()).max().unwrap_or(2);
    let deck = json!({
        "format": "leaning-deck/1",
        "id": "replay",
        "dimensions": (0..prior.dimensions()).map(|place| json!({ "id": place.to_string() })).collect::<Vec<_>>(),
        "prior": prior_value(prior),
        "answers": { "lapse": model.lapse(), "indifference": model.indifference() },
        "choose": shown.min(MOST_SHOWN),
        "prompts": choices.iter().enumerate().map(prompt).collect::<Vec<_>>(),
    });
    Deck::from_json(&deck.to_string())
}

/// A prior as decks have it.
pub fn prior_value(prior: &Prior) -> Value {
    let segment = |of: &Segment| json!({ "weight": of.weight(), "mean": of.mean(), "covariance": of.covariance() });
    match prior.segments() {
        [only] => segment(only),
        several => json!({ "components": several.iter().map(segment).collect::<Vec<_>>() }),
    }
}

/// The mean of what was measured of each person, over seeds.
#[derive(Debug)]
pub struct Tally {
    /// By person, way and number of answers.
    sums: Vec<Vec<Vec<Sums>>>,
}

/// Sums, and of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    accuracy: (f64, f64),
    log_likelihood: (f64, f64),
}

fn add((sum, count): &mut (f64, f64), value: f64) {
    if !value.is_nan() {
        *sum += value;
        *count += 1.0;
    }
}

fn mean((sum, count): (f64, f64)) -> f64 {
    sum / count
}

impl Tally {
    /// Nothing yet, of so many people.
    pub fn new(people: usize, ways: usize, after: usize) -> Self {
        Tally { sums: vec![vec![vec![Sums::default(); after]; ways]; people] }
    }

    /// Adds what [`measure`] found of a person.
    pub fn add(&mut self, person: usize, measured: &[Vec<Measured>]) {
        for (sums, measured) in self.sums[person].iter_mut().flatten().zip(measured.iter().flatten()) {
            add(&mut sums.accuracy, measured.accuracy);
            add(&mut sums.log_likelihood, measured.log_likelihood);
        }
    }

    /// Means over people, under these names.
    pub fn curves<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<Curve> {
        let count = self.sums.first().and_then(|ways| ways.first()).map_or(0, Vec::len);
        let estimate = |way: usize, after: usize, of: fn(&Sums) -> f64| {
            Estimate::of(self.sums.iter().map(|person| of(&person[way][after])).filter(|value| !value.is_nan()))
        };
        let curve = |(way, name): (usize, &str)| Curve {
            name: name.to_owned(),
            accuracy: (0..count).map(|after| estimate(way, after, |sums| mean(sums.accuracy))).collect(),
            log_likelihood: (0..count).map(|after| estimate(way, after, |sums| mean(sums.log_likelihood))).collect(),
        };
        names.enumerate().map(curve).collect()
    }
}

/// How well people are known by one way, by number of answers.
#[derive(Debug, Clone)]
pub struct Curve {
    pub name: String,
    pub accuracy: Vec<Estimate>,
    pub log_likelihood: Vec<Estimate>,
}

/// Splits a person's answers: so many, which the seed decides, are held out.
pub fn split(choices: &[Choice], held_out: usize, seeds: &[u64]) -> Case {
    let order = order(choices.len(), seeds);
    let (held_out, pool) = order.split_at(held_out.min(choices.len()));
    let pick = |places: &[usize]| places.iter().map(|&place| choices[place].clone()).collect();
    Case { pool: pick(pool), held_out: pick(held_out), seed: mixed(seeds) }
}

/// 0 to `count` in an order that the seeds decide.
pub fn order(count: usize, seeds: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let seed = mixed(seeds);
    order.sort_by_key(|&place| mixed(&[seed, place as u64]));
    order
}

/// Numbers to a number in which nothing of them shows: SplitMix64's mixing of the bits, once for each.
fn mixed(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |state: u64, number| {
        let mut z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::{Case, Choice, Known, Means, Measured, Plan, Tally, Way, measure, order, split};
    use crate::report::Estimate;
    use indicatif::ProgressBar;
    use leaning::{Answer, AnswerModel, Prior, Strategy};

    fn asking(prior: &Prior, model: AnswerModel) -> Way {
        let means = Means::Asking { strategy: Strategy::default(), prior: prior.clone() };
        Way { name: "asking".to_owned(), model, means }
    }

    fn after(case: Case, way: Way, after: &[usize]) -> Vec<Measured> {
        let plan = Plan { after, likelihood: true };
        measure(1, |_| case.clone(), &[way], plan, &ProgressBar::hidden()).unwrap().remove(0).remove(0)
    }

    fn pair(difference: f64, answer: Answer) -> Choice {
        Choice { scores: vec![vec![difference], vec![0.0]], answer }
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
    fn a_split_parts_the_answers_and_loses_none() {
        let choices: Vec<Choice> = (0..10).map(|place| pair(f64::from(place), Answer::Chose(0))).collect();
        let Case { pool, held_out, .. } = split(&choices, 4, &[1]);
        assert_eq!((pool.len(), held_out.len()), (6, 4));
        let mut all: Vec<f64> = pool.iter().chain(&held_out).map(|choice| choice.scores[0][0]).collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..10).map(f64::from).collect::<Vec<_>>());
    }

    #[test]
    fn a_person_answers_what_they_chose_until_there_is_nothing_left_to_ask() {
        let choice = |best: usize| {
            let scores = (0..4).map(|place| vec![if place == best { 1.0 } else { 0.1 * place as f64 }]).collect();
            Choice { scores, answer: Answer::Chose(best) }
        };
        let pool: Vec<Choice> = (0..4).map(choice).collect();
        let case = Case { held_out: vec![choice(2)], pool, seed: 1 };
        let prior = Prior::new(&[0.0], &[vec![1.0]]).unwrap();
        // After 0, 3, 5 and 8 answers, of which there are only four.
        let measured = after(case, asking(&prior, AnswerModel::PLAIN), &[0, 3, 5, 8]);
        let likelihood: Vec<f64> = measured.iter().map(|measured| measured.log_likelihood).collect();
        assert!(likelihood[1] > likelihood[0] && likelihood[2] > likelihood[1] && likelihood[3] == likelihood[2]);
        // Nothing is known at first: the four are equal.
        let accuracy: Vec<f64> = measured.iter().map(|measured| measured.accuracy).collect();
        assert_eq!(accuracy, [0.25, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn fixed_weights_have_the_likelihood_of_the_formula_ties_included() {
        let model = AnswerModel::new(0.1, 0.5).unwrap();
        let held_out = vec![pair(1.0, Answer::Chose(0)), pair(-2.0, Answer::Chose(0)), pair(0.5, Answer::Tie)];
        let case = Case { pool: Vec::new(), held_out, seed: 1 };
        let way = Way { name: "fixed".to_owned(), model, means: Means::Weights(vec![2.0]) };
        let measured = after(case, way, &[0])[0];
        // Of the two choices the first is foretold.
        assert_eq!(measured.accuracy, 0.5);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let lapsing = |p: f64| 0.9 * p + 0.1 / 3.0;
        let tie = (1_f64.exp() - 1.0) * sigmoid(1.0 - 0.5) * sigmoid(-1.0 - 0.5);
        let expected: f64 = [sigmoid(2.0 - 0.5), sigmoid(-4.0 - 0.5), tie].map(|p| lapsing(p).ln()).iter().sum();
        assert!((measured.log_likelihood - expected / 3.0).abs() < 1e-12);
    }

    #[test]
    fn likelihood_is_averaged_over_the_belief_and_not_taken_at_its_mean() {
        let prior = Prior::new(&[2.0], &[vec![9.0]]).unwrap();
        let case = Case { pool: Vec::new(), held_out: vec![pair(1.0, Answer::Chose(0))], seed: 1 };
        let measured = after(case, asking(&prior, AnswerModel::PLAIN), &[0])[0];
        // E σ(λ) for λ ~ N(2, 9) by the trapezoidal rule.
        let (mut sum, mut total) = (0.0, 0.0);
        for step in -6000..=6000 {
            let z = f64::from(step) / 1000.0;
            let weight = (-0.5 * z * z).exp();
            sum += weight / (1.0 + (-(2.0 + 3.0 * z)).exp());
            total += weight;
        }
        assert!((measured.log_likelihood - (sum / total).ln()).abs() < 0.03, "{measured:?}");
        // At the mean it would be −0.127.
        assert!(measured.log_likelihood < -0.25);
    }

    #[test]
    fn ties_are_answers_where_the_model_offers_them_and_nothing_otherwise() {
        let ties = vec![pair(1.0, Answer::Tie), pair(2.0, Answer::Tie)];
        let case = Case { pool: ties, held_out: vec![pair(1.0, Answer::Chose(0))], seed: 1 };
        let prior = Prior::new(&[1.0], &[vec![1.0]]).unwrap();
        let plain = after(case.clone(), asking(&prior, AnswerModel::PLAIN), &[0, 2]);
        assert_eq!(plain[0], plain[1]);
        let model = AnswerModel::new(0.0, 0.5).unwrap();
        let offered = after(case, asking(&prior, model), &[0, 2]);
        // Whoever finds much different things the same cares little.
        assert!(offered[1].log_likelihood < offered[0].log_likelihood);
    }

    #[test]
    fn equally_good_ones_share_the_hit() {
        let scores = vec![vec![1.0], vec![1.0], vec![0.0]];
        let known = |answer| Choice { scores: scores.clone(), answer }.foretold(&[2.0]);
        assert_eq!(known(Answer::Chose(1)), Some(0.5));
        assert_eq!(known(Answer::Chose(2)), Some(0.0));
        assert_eq!(known(Answer::Tie), None);
    }

    #[test]
    fn an_impossible_answer_has_a_finite_likelihood() {
        let known = Known { weights: vec![1e5], posterior: None };
        let case = Case { pool: Vec::new(), held_out: vec![pair(-1.0, Answer::Chose(0))], seed: 1 };
        let plan = Plan { after: &[0], likelihood: true };
        assert!(known.measure(&case, &AnswerModel::PLAIN, plan).log_likelihood.is_finite());
    }

    #[test]
    fn a_tally_averages_over_seeds_and_then_over_people() {
        let mut tally = Tally::new(3, 1, 1);
        let measured = |accuracy| vec![vec![Measured { accuracy, log_likelihood: -accuracy }]];
        for (person, accuracy) in [(0, 0.0), (0, 1.0), (1, 1.0), (2, f64::NAN), (1, f64::NAN)] {
            tally.add(person, &measured(accuracy));
        }
        // People at ½ and 1, and one without a choice.
        let curve = tally.curves(["only"].into_iter()).remove(0);
        assert_eq!(curve.accuracy, [Estimate { mean: 0.75, error: 0.25 }]);
    }
}
