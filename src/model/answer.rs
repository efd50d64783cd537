//! Answers, and those that a question offers.

use super::ranking::{MAX_SHOWN, Ranking};
use crate::error::{Error, Flaw};

/// The number of levels of a rating unless somebody says otherwise.
pub const DEFAULT_LEVELS: usize = 5;

/// The fewest and most levels of a rating.
pub const RATING_LEVELS: (usize, usize) = (2, 11);

/// The kind of answer that a question asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AnswerKind {
    /// Which of the candidates is best.
    #[default]
    Choice,
    /// Which of two is better, and whether much or slightly.
    Graded,
    /// How good one candidate is.
    Rating {
        /// Number of levels: 2 for thumbs, 5 for stars.
        of: usize,
    },
    /// Which of three or four is best, and which is worst.
    BestWorst,
    /// The order of two to four, perhaps a partial one.
    Order,
}

impl AnswerKind {
    /// The smallest and the largest number of candidates that such a question is about.
    pub fn shown(self) -> (usize, usize) {
        match self {
            AnswerKind::Choice | AnswerKind::Order => (2, MAX_SHOWN),
            AnswerKind::Graded => (2, 2),
            AnswerKind::Rating { .. } => (1, 1),
            AnswerKind::BestWorst => (3, MAX_SHOWN),
        }
    }

    /// The number of levels, of a rating.
    pub(crate) fn levels(self) -> Option<usize> {
        match self {
            AnswerKind::Rating { of } => Some(of),
            _ => None,
        }
    }

    /// Its name in the formats.
    pub fn name(self) -> &'static str {
        match self {
            AnswerKind::Choice => "choice",
            AnswerKind::Graded => "grades",
            AnswerKind::Rating { .. } => "rating",
            AnswerKind::BestWorst => "best-worst",
            AnswerKind::Order => "order",
        }
    }
}

/// How much better the chosen one of two candidates is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// "Slightly better."
    Slightly,
    /// "Much better."
    Much,
}

impl Grade {
    /// Its name in the formats.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Slightly => "slightly",
            Grade::Much => "much",
        }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Chose the candidate at this place of those shown, from 0.
    Chose(usize),
    /// Chose one of two, and said how much better it is.
    Graded(usize, Grade),
    /// Rated the candidate.
    Rated {
        /// The level, from 1 for the lowest.
        rating: usize,
        /// Number of levels.
        of: usize,
    },
    /// Named the best and the worst of those shown, from 0.
    BestWorst {
        /// Place of the best one.
        best: usize,
        /// Place of the worst one.
        worst: usize,
    },
    /// Put the candidates in order.
    Ordered(Ranking),
    /// "They are about the same to me."
    Tie,
    /// "I want none of them."
    Neither,
    /// "Ask me something else." Says nothing about the person.
    Skip,
}

impl Answer {
    /// The kind of question that such an answer is to; a choice, if it fits several.
    pub fn kind(self) -> AnswerKind {
        match self {
            Answer::Graded(..) => AnswerKind::Graded,
            Answer::Rated { of, .. } => AnswerKind::Rating { of },
            Answer::BestWorst { .. } => AnswerKind::BestWorst,
            Answer::Ordered(_) => AnswerKind::Order,
            Answer::Chose(_) | Answer::Tie | Answer::Neither | Answer::Skip => AnswerKind::Choice,
        }
    }
}

/// Fails unless a rating may have so many levels.
pub(crate) fn check_levels(levels: usize) -> Result<(), Flaw> {
    let (fewest, most) = RATING_LEVELS;
    if (fewest..=most).contains(&levels) {
        return Ok(());
    }
    let message = format!("expected a whole number from {fewest} to {most}");
    Err(Flaw::new("", message))
}

/// The kind of answer that a question asks for, and the answers on offer besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// The kind of answer that it asks for.
    pub kind: AnswerKind,
    /// "About the same" was on offer.
    pub tie: bool,
    /// "Neither" was on offer.
    pub neither: bool,
    /// "Skip" was on offer.
    pub skip: bool,
}

impl Offered {
    /// Whether this answer was on offer. Somebody who is asked how much better one of two is may say
    /// only which.
    pub fn allows(self, answer: Answer) -> bool {
        match answer {
            Answer::Chose(_) => matches!(self.kind, AnswerKind::Choice | AnswerKind::Graded),
            Answer::Graded(..) => self.kind == AnswerKind::Graded,
            Answer::Rated { of, .. } => self.kind == AnswerKind::Rating { of },
            Answer::BestWorst { .. } => self.kind == AnswerKind::BestWorst,
            Answer::Ordered(_) => self.kind == AnswerKind::Order,
            Answer::Tie => self.tie,
            Answer::Neither => self.neither,
            Answer::Skip => self.skip,
        }
    }

    /// The names of the answers on offer that are about no candidate.
    pub fn verdicts(self) -> impl Iterator<Item = &'static str> {
        let all = [
            (self.tie, "tie"),
            (self.neither, "neither"),
            (self.skip, "skip"),
        ];
        all.into_iter()
            .filter_map(|(is_offered, name)| is_offered.then_some(name))
    }

    /// The error about an answer that was not on offer. It tells the forms of those that were.
    pub(crate) fn refusal(self) -> Error {
        let mut forms = vec![match self.kind {
            AnswerKind::Choice => "{ chose }",
            AnswerKind::Graded => "{ chose, grade }",
            AnswerKind::Rating { .. } => "{ rating, of }",
            AnswerKind::BestWorst => "{ best, worst }",
            AnswerKind::Order => "{ order }",
        }];
        forms.extend(self.verdicts());
        let message = format!(
            "this answer was not offered: the question takes {}",
            forms.join(", ")
        );
        Error::Answer(Flaw::new("", message))
    }

    /// Fails unless such a question can be about `shown` candidates and offers this answer.
    ///
    /// # Errors
    /// [`Error::Answer`], at the field of the answer that is wrong.
    pub fn check(self, shown: usize, answer: Answer) -> Result<(), Error> {
        let wrong = |path, message: String| Err(Error::Answer(Flaw::new(path, message)));
        if !self.allows(answer) {
            return Err(self.refusal());
        }
        let (fewest, most) = self.kind.shown();
        // Elsewhere than in a quiz people choose among any number.
        if shown < fewest || shown > most && self.kind != AnswerKind::Choice {
            let kind = self.kind.name();
            return wrong(
                "",
                format!("an answer of the kind {kind} is not about {shown} candidates"),
            );
        }
        match (answer, self.kind) {
            (Answer::Chose(place) | Answer::Graded(place, _), _) if place >= shown => {
                wrong("chose", "the chosen candidate was not shown".to_owned())
            }
            (Answer::Rated { rating, of }, _) if !(1..=of).contains(&rating) => {
                wrong("rating", format!("expected a whole number from 1 to {of}"))
            }
            (Answer::BestWorst { best, .. }, _) if best >= shown => {
                wrong("best", "this candidate was not shown".to_owned())
            }
            (Answer::BestWorst { worst, .. }, _) if worst >= shown => {
                wrong("worst", "this candidate was not shown".to_owned())
            }
            (Answer::BestWorst { best, worst }, _) if best == worst => wrong(
                "worst",
                "expected another candidate than the best".to_owned(),
            ),
            (Answer::Ordered(ranking), _) if ranking.count() != shown => {
                wrong("order", "expected each candidate shown, once".to_owned())
            }
            _ => Ok(()),
        }
    }
}
