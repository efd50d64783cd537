//! Comparing candidates from outside the deck, such as two drafts in a chat.

use super::Interview;
use crate::decision::RankOptions;
use crate::error::Error;
use crate::format::candidates::Candidate;
use crate::inference::PosteriorSamples;
use crate::model::deck::mean;
use crate::model::{AnswerKind, Offered};
use crate::question::acquisition::AcquisitionRule;
use crate::question::acquisition::information_gain::InformationGain;
use crate::question::selection::{Group, extend};
use crate::question::{Differences, Places, Question, ShownCandidate};

/// Asking about two drafts is worth a person's time only if the answer is expected to tell this many
/// bits.
const WORTHWHILE_BITS: f64 = 0.05;
/// ... and only while no draft is the best with a higher probability than this.
const CERTAIN: f64 = 0.9;

impl Interview {
    /// The candidates of a fresh list (of one prompt) whose comparison would tell most: as many as a
    /// question shows.
    ///
    /// `None` if asking is not worth a person's time: the answer would tell less than 0.05 bits, or
    /// one candidate is the best with a probability above 0.9. A pair that was asked about before
    /// does not come again.
    ///
    /// # Errors
    /// [`Error::Candidates`] for two with one name or scores of other dimensions,
    /// [`Error::NotConverged`] if the weights cannot be inferred.
    pub fn compare(&self, candidates: &[Candidate]) -> Result<Option<Question>, Error> {
        self.check_candidates(candidates)?;
        let derived = self.derived()?;
        let scores = self.deck.features().columns(candidates);
        let pairs = self.open_pairs(candidates);
        if pairs.is_empty() {
            return Ok(None);
        }
        let differences = Differences::new(scores.nrows(), [(scores.clone(), pairs.clone())]);
        let all = Places::from(0..pairs.len());
        // Drafts in a chat are chosen between, whatever the deck's own questions ask for.
        let count = match self.deck.answer_kind() {
            AnswerKind::Choice => self.candidates_per_question().max(2),
            _ => 2,
        };
        let offered = self.offered_in_chat(count.min(candidates.len()));
        let group = self.choosing(derived, offered, &differences, false, |context| {
            let best = InformationGain.rank(context, &all, 1).first().copied()?;
            let cost = |shown: &[usize], other: usize| {
                let fits = |&one: &usize| pairs.contains(&(one.min(other), one.max(other)));
                shown.iter().all(fits).then_some(1.0)
            };
            let few = PosteriorSamples::draw_few(&derived.laplace);
            let (first, second) = pairs[best.index];
            (best.score >= WORTHWHILE_BITS).then(|| {
                extend(
                    context,
                    &InformationGain,
                    vec![first, second],
                    &scores,
                    count,
                    &few,
                    &cost,
                )
            })
        });
        let Some(Group {
            candidates: mut places,
            bits,
        }) = group
        else {
            return Ok(None);
        };
        if self
            .rank(candidates, RankOptions::default())?
            .iter()
            .any(|ranked| ranked.probability_best > CERTAIN)
        {
            return Ok(None);
        }
        self.shuffle_sides(&mut places);
        let shown = places.into_iter().map(|index| ShownCandidate {
            name: candidates[index].name.clone(),
            index,
            scores: candidates[index].scores.clone(),
        });
        let shown: Vec<ShownCandidate> = shown.collect();
        Ok(Some(Question {
            prompt: None,
            offered: self.offered_in_chat(shown.len()),
            reference: mean(candidates.iter().map(|candidate| &candidate.scores[..])),
            candidates: shown,
            strategy: InformationGain.name(),
            score: bits,
        }))
    }

    /// The answers that a question about `shown` drafts offers: a choice, with a grade if the deck asks
    /// for grades.
    fn offered_in_chat(&self, shown: usize) -> Offered {
        match self.deck.answer_kind() {
            AnswerKind::Order => self.offered_kind(AnswerKind::Choice, shown),
            _ => self.offered(shown),
        }
    }

    /// Pairs of candidates that differ and have not been asked about, by place.
    fn open_pairs(&self, candidates: &[Candidate]) -> Vec<(usize, usize)> {
        let count = candidates.len();
        let place = |name: &String| candidates.iter().position(|one| one.name == *name);
        let mut asked = vec![false; count * count];
        for names in self.shown_together() {
            let shown: Vec<usize> = names.iter().filter_map(place).collect();
            for a in &shown {
                for b in &shown {
                    asked[a * count + b] = true;
                }
            }
        }
        let mut pairs = Vec::new();
        for (i, a) in candidates.iter().enumerate() {
            for (j, b) in candidates.iter().enumerate().skip(i + 1) {
                if a.scores != b.scores && !asked[i * count + j] {
                    pairs.push((i, j));
                }
            }
        }
        pairs
    }
}
