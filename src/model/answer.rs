//! Answers, and those that a question offers.

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Chose the candidate at this place of those shown, from 0.
    Chose(usize),
    /// "They are about the same to me."
    Tie,
    /// "I want none of them." For two candidates it counts as a tie.
    Neither,
    /// "Ask me something else." Says nothing about the person.
    Skip,
}

/// The answers on offer besides choosing one of the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// "About the same" was on offer.
    pub tie: bool,
    /// "Neither" was on offer.
    pub neither: bool,
    /// "Skip" was on offer.
    pub skip: bool,
}

impl Offered {
    /// Whether this answer was on offer.
    pub fn allows(self, answer: Answer) -> bool {
        match answer {
            Answer::Chose(_) => true,
            Answer::Tie => self.tie,
            Answer::Neither => self.neither,
            Answer::Skip => self.skip,
        }
    }
}
