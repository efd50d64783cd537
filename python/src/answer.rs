//! Answers, by the fields that the formats give them.

use crate::error;
use leaning::{Answer, AnswerKind, Error, Flaw, Grade, Ranking};
use pyo3::prelude::*;
use serde::Deserialize;

/// An answer as Python hands it in: the fields of one kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerFields {
    verdict: Option<String>,
    chose: Option<usize>,
    grade: Option<String>,
    rating: Option<usize>,
    of: Option<usize>,
    best: Option<usize>,
    worst: Option<usize>,
    /// The rank of each candidate shown, 0 for the best.
    ranks: Option<Vec<usize>>,
}

/// The number of levels of a rating.
pub fn levels(kind: AnswerKind) -> Option<usize> {
    match kind {
        AnswerKind::Rating { of } => Some(of),
        _ => None,
    }
}

impl AnswerFields {
    /// The fields in a dict.
    ///
    /// # Errors
    /// `LeaningError` of the code `answer` for a field of another type.
    pub fn of(fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        pythonize::depythonize(fields)
            .map_err(|problem| error::flaw(fields.py(), "answer", "", &problem.to_string()))
    }

    /// The answer. A rating that does not say out of how many levels is out of `levels`.
    ///
    /// # Errors
    /// `LeaningError` of the code `answer`.
    pub fn read(self, py: Python<'_>, levels: Option<usize>) -> PyResult<Answer> {
        self.answer(levels)
            .map_err(|problem| error::of_library(py, &problem))
    }

    fn answer(self, levels: Option<usize>) -> Result<Answer, Error> {
        let wrong = |path: &str, message: &str| Err(Error::Answer(Flaw::new(path, message)));
        let kinds = [
            ("verdict", self.verdict.is_some()),
            ("chose", self.chose.is_some()),
            ("rating", self.rating.is_some()),
            ("best", self.best.is_some() || self.worst.is_some()),
            ("order", self.ranks.is_some()),
        ];
        let mut given = kinds.iter().filter(|(_, is_given)| *is_given);
        if let (Some((one, _)), Some((other, _))) = (given.next(), given.next()) {
            return wrong(
                other,
                &format!("does not go with {one}: an answer is of one kind"),
            );
        }
        if let Some(verdict) = self.verdict {
            return match &verdict[..] {
                "tie" => Ok(Answer::Tie),
                "neither" => Ok(Answer::Neither),
                "skip" => Ok(Answer::Skip),
                _ => wrong("", "expected tie, neither or skip"),
            };
        }
        if let Some(chose) = self.chose {
            return match self.grade.as_deref() {
                None => Ok(Answer::Chose(chose)),
                Some("slightly") => Ok(Answer::Graded(chose, Grade::Slightly)),
                Some("much") => Ok(Answer::Graded(chose, Grade::Much)),
                Some(_) => wrong("grade", "expected slightly or much"),
            };
        }
        if let Some(rating) = self.rating {
            return match self.of.or(levels) {
                Some(of) => Ok(Answer::Rated { rating, of }),
                None => wrong(
                    "of",
                    "missing: the deck asks for no ratings, so a rating says out of how many levels it is",
                ),
            };
        }
        if let Some(ranks) = self.ranks {
            return Ok(Answer::Ordered(Ranking::new(&ranks)?));
        }
        match (self.best, self.worst) {
            (Some(best), Some(worst)) => Ok(Answer::BestWorst { best, worst }),
            (Some(_), None) => wrong("worst", "missing"),
            (None, Some(_)) => wrong("best", "missing"),
            (None, None) => wrong(
                "",
                "expected a choice, a rating, best and worst, an order, tie, neither or skip",
            ),
        }
    }
}
