//! When enough is enough, and why.

/// When an interview ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopRule {
    /// At most so many answers; what was skipped does not count.
    pub questions: usize,
}

impl Default for StopRule {
    /// Twelve questions.
    fn default() -> Self {
        StopRule { questions: 12 }
    }
}

/// Why an interview is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// As many answers as were asked for.
    Questions,
    /// Every pair of the deck has been asked about.
    Exhausted,
}

impl Reason {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Questions => "questions",
            Reason::Exhausted => "exhausted",
        }
    }
}

impl StopRule {
    /// Whether an interview with so many answers given and so many pairs left to ask is over, and why.
    pub fn check(&self, answered: usize, left: usize) -> Option<Reason> {
        if answered >= self.questions {
            Some(Reason::Questions)
        } else if left == 0 {
            Some(Reason::Exhausted)
        } else {
            None
        }
    }
}
