//! Which of the pairs that may be asked is the best by a strategy, and which candidates to show beside it.

#[cfg(not(feature = "small"))]
use super::Published;
use super::{Strategy, score};
use crate::answer::AnswerModel;
#[cfg(not(feature = "small"))]
use crate::answer::Evidence;
use crate::belief::Belief;
use crate::linear::{Matrix, dot, plus};
use crate::list::List;
use crate::order::{Keyed, descending};
use crate::posterior::Posterior;
use crate::random::Random;
use crate::ranking::contention;
use alloc::vec::Vec;

/// Pairs that the cheap score puts ahead of the rest are worth the exact one.
pub(crate) const SHORTLIST: usize = 1000;
/// Draws that tell which candidates are in contention.
const DRAWS: usize = 200;

/// What questions are chosen by.
pub(crate) struct Choosing<'a> {
    pub belief: &'a Belief,
    pub model: AnswerModel,
    pub posterior: &'a dyn Fn() -> &'a Posterior,
    /// What was said so far.
    #[cfg(not(feature = "small"))]
    pub evidence: &'a dyn Fn() -> Vec<Evidence>,
    /// Prompts, as their candidates' scores, among which will have to be picked.
    pub sample: &'a dyn Fn() -> Vec<Vec<Vec<f64>>>,
    pub random: Random,
}

/// What to choose from, by its place there, and its score.
pub(crate) type Scored = Keyed;

/// A score of a pair, by its score difference.
type Score<'s> = &'s dyn Fn(&[f64]) -> f64;

/// The pairs of these score differences, best first.
fn by(score: Score, differences: &[&[f64]]) -> Vec<Scored> {
    descending(differences.iter().map(|z| score(z)))
}

impl Choosing<'_> {
    /// The best pairs by `strategy`, best first, at most `count`, of those with the score differences `differences`.
    /// Of equals the one that the cheap score or else the deck puts first comes first, so that the choice is the same
    /// on every machine.
    pub fn best(&mut self, strategy: Strategy, differences: &[&[f64]], count: usize) -> Vec<Scored> {
        let mut best = match strategy {
            Strategy::Random => self.shuffled(differences),
            Strategy::Margin => self.by_moments(score::margin_at, differences),
            #[cfg(not(feature = "small"))]
            Strategy::Pref => self.by_published_rule(differences),
            Strategy::DOptimal => self.by_moments(score::d_optimal, differences),
            Strategy::AOptimal => self.by_shift(None, differences),
            Strategy::InformationGain => self.by_information_gain(differences, SHORTLIST.max(count)),
            Strategy::Decision => {
                let sample = (self.sample)();
                let aim = contention(self.belief, (self.posterior)(), DRAWS, &sample);
                self.by_shift(Some(&aim), differences)
            }
            Strategy::Thompson => self.by_two_draws(differences),
        };
        best.truncate(count);
        best
    }

    fn shuffled(&mut self, differences: &[&[f64]]) -> Vec<Scored> {
        let mut all = by(&|_| 0.0, differences);
        self.random.shuffle(&mut all);
        all
    }

    fn tie(&self) -> bool {
        self.model.has_tie(true)
    }

    fn by_moments(&self, score: fn(&AnswerModel, bool, f64, f64) -> f64, differences: &[&[f64]]) -> Vec<Scored> {
        let score = |z: &[f64]| {
            let (mean, variance) = self.belief.project(z).moments();
            score(&self.model, self.tie(), mean, variance)
        };
        by(&score, differences)
    }

    fn by_information_gain(&self, differences: &[&[f64]], shortlist: usize) -> Vec<Scored> {
        let mut shortlisted = self.by_moments(score::d_optimal, differences);
        shortlisted.truncate(shortlist);
        let differences: Vec<&[f64]> = shortlisted.iter().map(|pair| differences[pair.index]).list();
        let gain = |z: &[f64]| score::information_gain_of(&self.model, self.tie(), &self.belief.project(z));
        let mut best = by(&gain, &differences);
        for best in &mut best {
            best.index = shortlisted[best.index].index;
        }
        best
    }

    /// A-optimal, or V-optimal with `aim` in the place of A.
    fn by_shift(&self, aim: Option<&Matrix>, differences: &[&[f64]]) -> Vec<Scored> {
        let score = |z: &[f64]| {
            let spread = self.belief.spread_of(z);
            let (mean, variance, shift) =
                (dot(self.belief.mean(), z), dot(&spread, &spread), self.belief.shift(&spread));
            match aim {
                Some(aim) => score::v_optimal(&self.model, self.tie(), mean, variance, &shift, &aim.times(&shift)),
                None => score::a_optimal(&self.model, self.tie(), mean, variance, &shift),
            }
        };
        by(&score, differences)
    }

    #[cfg(not(feature = "small"))]
    fn by_published_rule(&mut self, differences: &[&[f64]]) -> Vec<Scored> {
        let evidence = (self.evidence)();
        if evidence.is_empty() {
            return self.shuffled(differences);
        }
        let published = Published::fit(self.belief.dimensions(), &evidence, self.random.next());
        by(&|z| published.score(z), differences)
    }

    fn by_two_draws(&mut self, differences: &[&[f64]]) -> Vec<Scored> {
        let draws = (self.posterior)().draws();
        let count = draws.len();
        let mut any = || (self.posterior)().draws().nth(self.random.below(count)).unwrap_or_default();
        let (first, second) = (any(), any());
        by(&|z| score::thompson(&self.model, self.tie(), dot(first, z), dot(second, z)), differences)
    }

    /// Adds to the candidates `shown` (places in `scores`), one after another, the one of `others` with which the
    /// answer would tell most, or any where the strategy is to ask at random, up to `count` in all. `fits` says whether
    /// one may stand beside all that are shown. Also what the answer is then expected to tell, in bits, over `draws` of the
    /// weights.
    pub fn widen(
        &mut self,
        strategy: Strategy,
        mut shown: Vec<usize>,
        scores: &[Vec<f64>],
        count: usize,
        draws: &Posterior,
        fits: &dyn Fn(&[usize], usize) -> bool,
    ) -> (Vec<usize>, f64) {
        while shown.len() < count {
            let others: Vec<usize> = (0..scores.len()).filter(|&other| fits(&shown, other)).list();
            let worth = |&other: &usize| match strategy {
                Strategy::Random => self.random.uniform(),
                _ => self.bits_of_choice(&[&shown[..], &[other]].concat(), scores, draws),
            };
            let Some(best) = descending(others.iter().map(worth)).first().copied() else { break };
            shown.push(others[best.index]);
        }
        let bits = self.bits_of_choice(&shown, scores, draws);
        (shown, bits)
    }

    fn bits_of_choice(&self, shown: &[usize], scores: &[Vec<f64>], draws: &Posterior) -> f64 {
        let scores: Vec<&[f64]> = shown.iter().map(|&place| &scores[place][..]).list();
        if let [first, second] = scores[..] {
            // As it is asked: with a tie where there is one.
            let u = self.belief.project(&plus(first, -1.0, second));
            return score::information_gain_of(&self.model, self.tie(), &u);
        }
        score::information_gain_of_choice(&self.model, draws.draws(), &scores)
    }
}
