//! What an interview asks next, and how much longer.

use super::{Interview, Stream, scores_of};
use crate::answer::Offered;
use crate::error::Error;
use crate::forecast;
use crate::linear::plus;
use crate::list::List;
use crate::offer::Offer;
use crate::posterior::Posterior;
use crate::question::{Choosing, Pair, Question, SHORTLIST, Scored, Shown, Strategy};
use alloc::string::String;
use alloc::vec::Vec;

/// Asking about two drafts is worth a person's time only if the answer is expected to tell this much, in bits.
const WORTH_BITS: f64 = 0.05;
/// ... and only while it is less certain than this which draft is best.
const CERTAIN: f64 = 0.9;
/// Of so many prompts the best pairs are widened to questions about more candidates, and compared then.
const WIDENED: usize = 8;

/// People lose heart where the end moves away by more than this with an answer.
const MOST_RISE: usize = 2;

impl Interview {
    /// The runners-up to the question that is being asked, best first: names of the pair, and score.
    pub fn alternatives(&self, count: usize) -> Vec<([String; 2], f64)> {
        let asked = self.pending.as_ref();
        self.best(self.options.strategy, count.saturating_add(1))
            .into_iter()
            .map(|best| (self.names(best.index), best.key))
            .filter(|(names, _)| {
                asked.is_none_or(|asked| !names.iter().all(|name| asked.shown.iter().any(|shown| shown.name == *name)))
            })
            .take(count)
            .list()
    }

    /// From a fresh list of candidates of one prompt, those whose comparison would tell most: two, or as many as a
    /// question shows. `None` when it is not worth a person's time: the answer would tell less than 0.05 bits, or one
    /// candidate is the best with a chance above 0.9 already. A pair that was asked about before does not come again.
    ///
    /// # Errors
    /// [`Error::Candidates`] for two of one name or scores of other dimensions.
    pub fn compare(&self, candidates: &[Offer]) -> Result<Option<Question>, Error> {
        self.check(candidates)?;
        let strategy = Strategy::InformationGain;
        let scores = scores_of(candidates);
        let pairs = self.open_pairs(candidates);
        let differences: Vec<Vec<f64>> = pairs.iter().map(|&(a, b)| plus(&scores[a], -1.0, &scores[b])).list();
        let differences: Vec<&[f64]> = differences.iter().map(Vec::as_slice).list();
        let best = self.choosing(|choosing| {
            let best = choosing.best(strategy, &differences, 1).first().copied()?;
            let pair = pairs[best.index];
            let fits = |shown: &[usize], other: usize| {
                shown.iter().all(|&one| pairs.contains(&(one.min(other), one.max(other))))
            };
            let start = vec![pair.0, pair.1];
            let few = Posterior::sample_few(self.belief());
            (best.key >= WORTH_BITS).then(|| choosing.widen(strategy, start, &scores, self.shows(), &few, &fits))
        });
        let Some((mut places, score)) = best else { return Ok(None) };
        if self.rank(candidates, None)?.iter().any(|ranked| ranked.chance_best > CERTAIN) {
            return Ok(None);
        }
        self.random(Stream::Sides).shuffle(&mut places);
        let shown = places.into_iter().map(|index| {
            let Offer { name, text, scores, .. } = candidates[index].clone();
            Shown { name, index, text, scores }
        });
        let shown: Vec<Shown> = shown.list();
        Ok(Some(Question { prompt: None, offered: self.offered(shown.len()), shown, strategy, score }))
    }

    /// How many questions are still to come: an estimate wherever the stopping rule asks for more than a number of
    /// them. For whoever asks after each answer it rises by at most two from one to the next: a surprising answer moves
    /// it over the next few.
    pub fn remaining(&self) -> usize {
        let rule = &self.options.stop;
        let answered = self.counts().1;
        let most = rule.questions.saturating_sub(answered).min(self.pool.left(&self.known.asked));
        if rule.regret.is_none() && rule.gain.is_none() {
            return most;
        }
        if self.reason().is_some() {
            return 0;
        }
        let eligible = self.pool.eligible(&self.known.asked);
        let pairs = self.pool.differences(&eligible);
        let regret = self.expected_regret();
        let estimate = forecast::remaining(rule, self.belief(), &self.model(), most, regret, &pairs, &self.sample());
        // While there is a question to ask, that one is to come.
        let estimate = estimate.max(1).min(most);
        let estimate = match self.last_estimate.get() {
            Some((before, shown)) if before == answered => shown.min(most),
            Some((before, shown)) if before + 1 == answered => estimate.min(shown + MOST_RISE),
            _ => estimate,
        };
        self.last_estimate.set(Some((answered, estimate)));
        estimate
    }

    /// Bits that the best question left would tell.
    pub(super) fn best_gain(&self) -> f64 {
        *self
            .known
            .best_gain
            .get_or_init(|| self.best(Strategy::InformationGain, 1).first().map_or(0.0, |best| best.key))
    }

    /// The next question, by the strategy.
    pub(super) fn choose(&self) -> Option<Question> {
        let (strategy, count) = (self.options.strategy, self.shows());
        if count == 2 {
            let best = self.best(strategy, 1).first().copied()?;
            let pair = self.pool.pair(best.index);
            return Some(self.question(pair.prompt, vec![pair.candidates.0, pair.candidates.1], best.key));
        }
        // Which pair grows to the best question is not certain beforehand where the strategy goes by the information.
        let tried = if strategy == Strategy::InformationGain { WIDENED } else { 1 };
        let eligible = self.pool.eligible(&self.known.asked);
        let differences = self.pool.differences(&eligible);
        self.choosing(|choosing| {
            let mut starts: Vec<Pair> = Vec::new();
            for best in choosing.best(strategy, &differences, SHORTLIST) {
                let pair = self.pool.pair(eligible[best.index]);
                if starts.len() < tried && starts.iter().all(|start| start.prompt != pair.prompt) {
                    starts.push(pair);
                }
            }
            let few = Posterior::sample_few(self.belief());
            let mut best: Option<(usize, Vec<usize>, f64)> = None;
            for Pair { prompt, candidates } in starts {
                let fits = |shown: &[usize], other: usize| {
                    shown.iter().all(|&one| {
                        let place = self.pool.place(prompt, (one.min(other), one.max(other)));
                        place.is_some_and(|place| eligible.binary_search(&place).is_ok())
                    })
                };
                let scores = self.deck.prompts()[prompt].scores();
                let start = vec![candidates.0, candidates.1];
                let (shown, bits) = choosing.widen(strategy, start, &scores, count, &few, &fits);
                if best.as_ref().is_none_or(|(_, _, most)| bits > *most) {
                    best = Some((prompt, shown, bits));
                }
            }
            best.map(|(prompt, shown, bits)| self.question(prompt, shown, bits))
        })
    }

    /// The best pairs of the deck that may be asked, by a strategy.
    fn best(&self, strategy: Strategy, count: usize) -> Vec<Scored> {
        let eligible = self.pool.eligible(&self.known.asked);
        let differences = self.pool.differences(&eligible);
        let mut best = self.choosing(|choosing| choosing.best(strategy, &differences, count));
        for best in &mut best {
            best.index = eligible[best.index];
        }
        best
    }

    fn choosing<T>(&self, choose: impl FnOnce(&mut Choosing) -> T) -> T {
        choose(&mut Choosing {
            belief: self.belief(),
            model: self.model(),
            posterior: &|| self.posterior(),
            #[cfg(not(feature = "small"))]
            evidence: &|| self.log.evidence(&self.model()),
            sample: &|| self.sample(),
            random: self.random(Stream::Choice),
        })
    }

    fn names(&self, pair: usize) -> [String; 2] {
        let pair = self.pool.pair(pair);
        [pair.candidates.0, pair.candidates.1].map(|candidate| self.name(pair.prompt, candidate))
    }

    /// How many candidates a question shows, where there are as many.
    fn shows(&self) -> usize {
        self.options.choose.unwrap_or(self.deck.choose())
    }

    /// The question about these candidates of a prompt, on sides that chance decides.
    fn question(&self, prompt: usize, mut candidates: Vec<usize>, score: f64) -> Question {
        self.random(Stream::Sides).shuffle(&mut candidates);
        let shown: Vec<Shown> = candidates.into_iter().map(|candidate| self.shown(prompt, candidate)).list();
        let offered = self.offered(shown.len());
        Question { prompt: Some(prompt), shown, offered, strategy: self.options.strategy, score }
    }

    /// What a question about so many candidates offers. A tie between more than two would say nothing.
    fn offered(&self, shown: usize) -> Offered {
        let offered = self.model().offered();
        Offered { tie: offered.tie && shown == 2, ..offered }
    }

    pub(super) fn shown(&self, prompt: usize, index: usize) -> Shown {
        let candidate = &self.deck.prompts()[prompt].candidates[index];
        Shown { name: self.name(prompt, index), index, text: candidate.text.clone(), scores: candidate.scores.clone() }
    }
}
