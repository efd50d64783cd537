//! Summing up the oldest answers of a long log, so that it stays as short and as fast as it is.

use super::Interview;
use crate::error::Error;
use crate::inference::{expand, half_life_weights};
use crate::model::answer_model::MAX_MAGNITUDE;
use crate::model::log::{EntryKind, Log, LogEntry};
use crate::model::{
    Answer, AskedQuestions, Evidence, Features, Summary, SummaryCounts, earlier, key,
};
use std::collections::HashSet;

/// With this many entries, besides statements that hold, the oldest answers of a log are summed up.
pub const MOST_ENTRIES: usize = 768;
/// The number of answers that stay as they are then.
pub const KEPT_ANSWERS: usize = 512;

impl Interview {
    /// Sums up the oldest answers if the log has [`MOST_ENTRIES`] entries. Whether it has changed.
    ///
    /// The latest [`KEPT_ANSWERS`] answers stay, and statements that hold. Answers and statements that
    /// were taken back are gone, and no longer come back with another log.
    ///
    /// Every change of the log does this by itself, [`Interview::take_answer`] excepted. Nothing
    /// changes if the weights cannot be inferred.
    pub fn fold(&mut self) -> bool {
        let folded = self.folded().and_then(|log| self.replace(log).ok());
        folded.is_some()
    }

    /// The log with its oldest answers summed up, if there are enough.
    fn folded(&self) -> Option<Log> {
        // Every answer asks for this, and few logs are long.
        if self.log.entries.len() < MOST_ENTRIES {
            return None;
        }
        let is_statement = |entry: &&LogEntry| matches!(entry.kind, EntryKind::Statement { .. });
        let (statements, answers): (Vec<&LogEntry>, Vec<&LogEntry>) =
            self.log.live().partition(is_statement);
        if self.log.entries.len() - statements.len() < MOST_ENTRIES {
            return None;
        }
        let (old, kept) = answers.split_at(answers.len().saturating_sub(KEPT_ANSWERS));
        let kept: HashSet<&str> = kept
            .iter()
            .chain(&statements)
            .map(|entry| entry.id.as_str())
            .collect();
        let stays = |entry: &&LogEntry| kept.contains(entry.id.as_str());
        let (kept, gone): (Vec<&LogEntry>, Vec<&LogEntry>) =
            self.log.entries.iter().partition(stays);
        Some(Log {
            summary: Some(self.summed_up(old, &gone).ok()?),
            entries: kept.into_iter().cloned().collect(),
            ..Log::new(&self.deck)
        })
    }

    /// The summary of the log so far, with the answers in `old` added to it. They are among the entries
    /// that are `gone` then.
    fn summed_up(&self, old: &[&LogEntry], gone: &[&LogEntry]) -> Result<Summary, Error> {
        let deck = &self.deck;
        let squares = deck.features().squares();
        let features = Features::plain(deck.dimensions().len(), &squares);
        let before = self.log.summary();
        let summed_up = before.and_then(|before| before.plain_evidence(&squares));
        let answers = old.iter().flat_map(|entry| {
            let observations = entry.observations_of(deck, &features);
            observations.into_iter().map(|of| of.evidence)
        });
        let evidence: Vec<Evidence> = summed_up.into_iter().chain(answers).collect();
        let factors = half_life_weights(&evidence, self.options.half_life);
        let (mode, leniency) = self.laplace_approximation()?.mode();
        let mode = deck.features().to_plain(&squares) * mode;
        let likelihood = expand(self.model(), &evidence, &factors, &mode, leniency)?;
        // Otherwise the log could not be read again.
        if likelihood
            .numbers()
            .any(|number| number.abs() > MAX_MAGNITUDE)
        {
            return Err(Error::NotConverged);
        }

        let SummaryCounts {
            mut entries,
            mut asked,
            mut skips,
        } = self.log.summed_up();
        entries += gone.len();
        let mut at = before.and_then(|before| before.at.clone());
        let mut questions = before.map_or_else(AskedQuestions::default, |of| of.questions.clone());
        for entry in old {
            at = earlier(at, entry.at.clone());
            if let EntryKind::Answer { shown, answer, .. } = &entry.kind {
                let skipped = *answer == Answer::Skip;
                asked += 1;
                skips += usize::from(skipped);
                if deck.find_candidates(shown).is_some() {
                    questions.add(shown, skipped);
                }
            }
        }
        questions.keep_once();
        let mut folded = before.map_or_else(Default::default, |of| of.folded.clone());
        let is_said = |entry: &&&LogEntry| !matches!(entry.kind, EntryKind::Retraction { .. });
        let said = gone.iter().filter(is_said);
        folded.extend(said.map(|entry| key(&entry.id)));
        Ok(Summary {
            id: Summary::id_of(&likelihood, &folded),
            counts: SummaryCounts {
                entries,
                asked,
                skips,
            },
            at,
            half_life: self.options.half_life.filter(|answers| answers.is_finite()),
            squares,
            likelihood,
            folded,
            questions,
        })
    }
}
