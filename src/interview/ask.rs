//! The next question, and how many are still to come.

use super::sides::Stream;
use super::{Derived, Interview};
use crate::error::Error;
use crate::inference::PosteriorSamples;
use crate::model::{AnswerKind, Offered};
use crate::numeric::ScoredIndex;
use crate::question::acquisition::information_gain::{InformationGain, SHORTLIST};
use crate::question::acquisition::{AcquisitionContext, GainTable, Strategy};
use crate::question::remaining::Forecast;
use crate::question::selection::{Group, extend};
use crate::question::{Differences, Item, Question, ShownCandidate};

/// People lose heart if the end moves away by more than this many questions with an answer.
const MAX_RISE: usize = 2;

impl Interview {
    /// The runners-up to the question that is being asked, best first: names of the pair, or of the
    /// candidate to rate, and score.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn alternatives(&self, count: usize) -> Result<Vec<(Vec<String>, f64)>, Error> {
        let asked: Vec<String> = self.open.as_ref().map(Question::names).unwrap_or_default();
        let strategy = self.options.strategy;
        let best = self.best(self.derived()?, strategy, count.saturating_add(1), true);
        let named = best
            .into_iter()
            .map(|best| (self.item_names(best.index), best.score));
        let others = named.filter(|(names, _)| !names.iter().all(|name| asked.contains(name)));
        Ok(others.take(count).collect())
    }

    /// The number of questions still to come: an estimate if the stop rule has more than a number of
    /// answers.
    ///
    /// If it is called after each answer it rises by at most two from one to the next: a surprising
    /// answer moves it over the next few.
    ///
    /// # Errors
    /// As [`Interview::laplace_approximation`].
    pub fn remaining(&self) -> Result<usize, Error> {
        let derived = self.derived()?;
        let rule = &self.options.stop;
        let (_, answered) = self.counts();
        let limit = rule.questions.saturating_sub(answered).min(
            self.pool
                .questions_left(&derived.asked, self.candidates_per_question()),
        );
        if !rule.may_end_early() {
            return Ok(limit);
        }
        if self.stop_reason()?.is_some() {
            return Ok(0);
        }
        let forecast = Forecast {
            rule,
            laplace: &derived.laplace,
            scale: &self
                .model()
                .scale(self.offered(self.candidates_per_question().min(2))),
            expected_regret: self.regret_of(derived),
            differences: self.pool.differences(),
            pairs: &self.pool.eligible(&derived.asked),
            prompts: &self.sample(),
        };
        // While there is a question to ask, that one is to come.
        let estimate = forecast.remaining(limit).max(1).min(limit);
        let estimate = match self.last_estimate.get() {
            Some((before, shown)) if before == answered => shown.min(limit),
            Some((before, shown)) if before + 1 == answered => estimate.min(shown + MAX_RISE),
            _ => estimate,
        };
        self.last_estimate.set(Some((answered, estimate)));
        Ok(estimate)
    }

    /// Bits that the best remaining question would tell.
    pub(super) fn best_gain(&self, derived: &Derived) -> f64 {
        *derived.best_gain.get_or_init(|| {
            self.best(derived, &InformationGain, 1, false)
                .first()
                .map_or(0.0, |best| best.score)
        })
    }

    /// The next question by the acquisition rule.
    pub(super) fn choose(&self) -> Result<Option<Question>, Error> {
        let derived = self.derived()?;
        let (strategy, count) = (self.options.strategy, self.candidates_per_question());
        if count <= 2 {
            let best = self.best(derived, strategy, 1, true);
            return Ok(best.first().map(|best| {
                let item = self.pool.item(best.index);
                self.new_question(item.prompt, item.candidates(), best.score)
            }));
        }
        let eligible = self.pool.eligible(&derived.asked);
        let few = PosteriorSamples::draw_few(&derived.laplace);
        let (offered, differences) = (self.offered(count), self.pool.differences());
        Ok(
            self.choosing(derived, offered, differences, true, |context| {
                let mut starts: Vec<Item> = Vec::new();
                for best in strategy.rank(context, &eligible, SHORTLIST) {
                    let item = self.pool.item(best.index);
                    if starts.iter().all(|start| start.prompt != item.prompt) {
                        starts.push(item);
                    }
                    if starts.len() == strategy.starts() {
                        break;
                    }
                }
                let mut best: Option<(usize, Group, f64)> = None;
                for start in starts {
                    let prompt = start.prompt;
                    let fits = |one: usize, other: usize| {
                        let place = self.pool.place(prompt, (one.min(other), one.max(other)));
                        place.is_some_and(|place| eligible.contains(place))
                    };
                    let cost = |shown: &[usize], other: usize| {
                        let fits = shown.iter().all(|&one| fits(one, other));
                        fits.then(|| self.words_of(prompt, &[shown, &[other]].concat()))
                    };
                    let scores = self.deck.prompt_features(prompt);
                    let start = start.candidates();
                    let group = extend(context, strategy, start, &scores, count, &few, &cost);
                    let worth = group.bits * self.worth(derived, prompt, &group.candidates);
                    if best.as_ref().is_none_or(|(_, _, best)| worth > *best) {
                        best = Some((prompt, group, worth));
                    }
                }
                best.map(|(prompt, group, _)| {
                    self.new_question(prompt, group.candidates, group.bits)
                })
            }),
        )
    }

    /// The factor of an amount that is told by these candidates of a prompt: less per word if words
    /// matter, and less if the prompt comes again.
    fn worth(&self, derived: &Derived, prompt: usize, shown: &[usize]) -> f64 {
        let share = if derived.asked.has_prompt(prompt) {
            self.options.repeat_worth
        } else {
            1.0
        };
        share / self.words_of(prompt, shown)
    }

    /// The words of a question, or 1 if they do not matter.
    fn words_of(&self, prompt: usize, shown: &[usize]) -> f64 {
        match &self.options.words {
            Some(words) => words.of_question(prompt, shown),
            None => 1.0,
        }
    }

    /// The best pairs of the deck that may be asked, by an acquisition rule; with `by_worth` by what they
    /// are worth to this person.
    fn best(
        &self,
        derived: &Derived,
        strategy: Strategy,
        count: usize,
        by_worth: bool,
    ) -> Vec<ScoredIndex> {
        let eligible = self.pool.eligible(&derived.asked);
        let offered = self.offered(self.candidates_per_question().min(2));
        let differences = self.pool.differences();
        let mut best = self.choosing(derived, offered, differences, by_worth, |context| {
            strategy.rank(context, &eligible, count)
        });
        best.truncate(count);
        best
    }

    /// Lets `choose` choose among `differences`; with `by_worth`, which needs those of the pool, by what
    /// they are worth to this person if the rule's scores are amounts.
    pub(super) fn choosing<T>(
        &self,
        derived: &Derived,
        offered: Offered,
        differences: &Differences,
        by_worth: bool,
        choose: impl FnOnce(&mut AcquisitionContext) -> T,
    ) -> T {
        let scale = self.model().scale(offered);
        let kept = self.gains.take().filter(|gains| *gains.scale() == scale);
        let gains = kept.unwrap_or_else(|| GainTable::new(scale));
        let options = &self.options;
        let worths_differ = options.words.is_some() || options.repeat_worth != 1.0;
        let worth: &dyn Fn(usize) -> f64 = &|index| {
            let item = self.pool.item(index);
            self.worth(derived, item.prompt, &item.candidates())
        };
        let worth = (by_worth && worths_differ && options.strategy.is_amount()).then_some(worth);
        let chosen = choose(&mut AcquisitionContext {
            laplace: &derived.laplace,
            model: self.model(),
            offered,
            differences,
            worth,
            gains: &gains,
            samples: &|| derived.samples(),
            evidence: &|| self.log.evidence(&self.deck),
            prompts: &|| self.sample(),
            random: self.random(Stream::Choice),
        });
        self.gains.replace(Some(gains));
        chosen
    }

    fn item_names(&self, index: usize) -> Vec<String> {
        let item = self.pool.item(index);
        let name = |candidate| self.deck.candidate_name(item.prompt, candidate);
        item.candidates().into_iter().map(name).collect()
    }

    /// The number of candidates that a question shows, if there are as many.
    pub(super) fn candidates_per_question(&self) -> usize {
        self.options
            .candidates_per_question
            .unwrap_or(self.deck.candidates_per_question())
    }

    /// The question about these candidates of a prompt, on random sides.
    fn new_question(&self, prompt: usize, mut candidates: Vec<usize>, score: f64) -> Question {
        self.shuffle_sides(&mut candidates);
        let offered = self.offered(candidates.len());
        let candidates = candidates
            .into_iter()
            .map(|place| self.shown(prompt, place))
            .collect();
        let strategy = self.options.strategy.name();
        Question {
            prompt: Some(prompt),
            candidates,
            offered,
            reference: self.deck.prompts()[prompt].mean_scores(),
            strategy,
            score,
        }
    }

    /// The kind of a question about `shown` candidates, and the answers that it offers. A tie
    /// between more than two would say nothing.
    pub(super) fn offered(&self, shown: usize) -> Offered {
        let kind = self.deck.answer_kind();
        let (fewest, most) = kind.shown();
        // A prompt may have fewer candidates than the kind needs, and a chat may show more.
        let kind = match shown {
            _ if (fewest..=most).contains(&shown) => kind,
            _ => AnswerKind::Choice,
        };
        self.offered_kind(kind, shown)
    }

    pub(super) fn offered_kind(&self, kind: AnswerKind, shown: usize) -> Offered {
        let offered = self.model().offered(kind);
        Offered {
            tie: offered.tie && shown == 2,
            ..offered
        }
    }

    pub(super) fn shown(&self, prompt: usize, index: usize) -> ShownCandidate {
        let scores = self.deck.prompts()[prompt].candidates[index].scores.clone();
        ShownCandidate {
            name: self.deck.candidate_name(prompt, index),
            index,
            scores,
        }
    }
}
