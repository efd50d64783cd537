//! When enough is enough, and why.

/// When an interview ends: as soon as one of its parts says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StopRule {
    /// At most so many answers; what was skipped does not count.
    pub questions: usize,
    /// Enough is known when [`crate::ranking::expected_regret`] is below this share.
    pub regret: Option<f64>,
    /// Asking on is not worth it when the best question left would tell less than so many bits.
    pub gain: Option<f64>,
}

impl Default for StopRule {
    /// Twelve questions.
    fn default() -> Self {
        StopRule { questions: 12, regret: None, gain: None }
    }
}

/// Why an interview is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// As many answers as were asked for.
    Questions,
    /// Every pair of the deck has been asked about.
    Exhausted,
    /// What is still expected to be lost by picking for this person is less than was asked for.
    Regret,
    /// No question left would tell as much as was asked for.
    Gain,
}

impl Reason {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Questions => "questions",
            Reason::Exhausted => "exhausted",
            Reason::Regret => "regret",
            Reason::Gain => "gain",
        }
    }

    /// A sentence for the person who answered.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Questions => "That was the last question.",
            Reason::Exhausted => "There is nothing left to ask.",
            Reason::Regret => "Your answers say clearly enough what you like.",
            Reason::Gain => "More questions would tell little that is new.",
        }
    }
}

/// Where an interview stands, for a [`StopRule`] to judge. What takes work is only asked for where the rule needs it.
pub(crate) struct Standing<'a> {
    pub answered: usize,
    /// Number of pairs that can still be asked.
    pub left: usize,
    pub expected_regret: &'a dyn Fn() -> f64,
    /// Bits that the best question left would tell.
    pub best_gain: &'a dyn Fn() -> f64,
}

impl StopRule {
    /// Whether an interview that stands there is over, and why.
    pub(crate) fn check(&self, standing: &Standing) -> Option<Reason> {
        if standing.answered >= self.questions {
            Some(Reason::Questions)
        } else if standing.left == 0 {
            Some(Reason::Exhausted)
        } else if self.regret.is_some_and(|share| (standing.expected_regret)() < share) {
            Some(Reason::Regret)
        } else if self.gain.is_some_and(|bits| (standing.best_gain)() < bits) {
            Some(Reason::Gain)
        } else {
            None
        }
    }
}
