//! When an interview ends, and why.

/// The conditions that end an interview. It ends as soon as one of them holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StopRule {
    /// The number of answers has been reached. Skips do not count.
    pub questions: usize,
    /// [`crate::decision::regret::expected_regret`] is below this share.
    pub regret: Option<f64>,
    /// The best remaining question would tell less than this many bits.
    pub gain: Option<f64>,
}

impl Default for StopRule {
    /// Twelve answers.
    fn default() -> Self {
        StopRule {
            questions: 12,
            regret: None,
            gain: None,
        }
    }
}

/// Why an interview is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The number of answers that was asked for has been reached.
    Questions,
    /// Every pair of the deck has been asked about.
    Exhausted,
    /// The expected regret is as low as was asked for.
    Regret,
    /// No remaining question would tell as much as was asked for.
    Gain,
}

impl StopReason {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            StopReason::Questions => "questions",
            StopReason::Exhausted => "exhausted",
            StopReason::Regret => "regret",
            StopReason::Gain => "gain",
        }
    }
}

/// The state of an interview for a [`StopRule`] to judge. Numbers that take work are functions, which
/// are called only if the rule needs them.
pub(crate) struct StopContext<'a> {
    pub answered: usize,
    /// Number of pairs that can still be asked.
    pub remaining_pairs: usize,
    pub expected_regret: &'a dyn Fn() -> f64,
    /// Bits that the best remaining question would tell.
    pub best_gain: &'a dyn Fn() -> f64,
}

impl StopRule {
    /// Whether the regret or the gain can end an interview before the number of answers.
    pub fn may_end_early(&self) -> bool {
        self.regret.is_some() || self.gain.is_some()
    }

    /// Why an interview in this state is over, if it is.
    pub(crate) fn check(&self, context: &StopContext) -> Option<StopReason> {
        if context.answered >= self.questions {
            Some(StopReason::Questions)
        } else if context.remaining_pairs == 0 {
            Some(StopReason::Exhausted)
        } else if self
            .regret
            .is_some_and(|share| (context.expected_regret)() < share)
        {
            Some(StopReason::Regret)
        } else if self.gain.is_some_and(|bits| (context.best_gain)() < bits) {
            Some(StopReason::Gain)
        } else {
            None
        }
    }
}
