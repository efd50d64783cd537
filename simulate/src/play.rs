//! An interview with a simulated person.

use crate::person::Person;
use leaning::{Error, Interview, Question};
use nalgebra::{DMatrix, DVector};

/// Lets a person answer an interview's questions until `answers` answers are given or the interview
/// is over. Calls `after` with the number of answers given so far, 0 first, and the interview, which
/// may be asked for its next question.
///
/// # Errors
/// As [`Interview::question`] and [`Interview::answer`], and any error of `after`.
pub fn play(
    interview: &mut Interview,
    person: &Person,
    answers: usize,
    mut after: impl FnMut(usize, &mut Interview) -> Result<(), Error>,
) -> Result<(), Error> {
    after(0, interview)?;
    for given in 0..answers {
        let Some(question) = interview.question()? else {
            break;
        };
        let scores = shown_scores(question);
        let reference = DVector::from_column_slice(&question.reference);
        let answer = person.rate(&scores, &reference, question.offered, given);
        interview.answer(answer)?;
        after(given + 1, interview)?;
    }
    Ok(())
}

/// The scores of the candidates that a question shows, d × K: a column per candidate.
pub fn shown_scores(question: &Question) -> DMatrix<f64> {
    let scores: Vec<&[f64]> = question
        .candidates
        .iter()
        .map(|candidate| &candidate.scores[..])
        .collect();
    leaning::model::evidence::columns(&scores)
}
