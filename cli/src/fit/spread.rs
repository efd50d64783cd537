//! How far people spread around the mean that fits single answers.

use super::cross_validation::log_evidences;
use super::progress::FitProgress;
use super::single_answers::ScoresAndPrior;
use crate::interrupt::is_interrupted;
use argmin::core::Error;
use leaning::AnswerModel;
use leaning_population::Sample;

/// Factors of the covariance to try, until one is worse than the one before.
const SPREADS: [f64; 6] = [1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125];
/// About as many people are enough to judge by.
const PEOPLE: usize = 1000;

/// A fit, and people to judge it by.
pub struct Judged {
    pub fitted: ScoresAndPrior,
    /// The people it was fitted to.
    pub train: Sample,
    pub people: Sample,
}

/// The spread under which people are most likely, judged by answers of theirs that share no response:
/// others say the same twice, and would rather have people differ too much. `None` without fits.
pub fn most_likely_spread(
    fits: &[Judged],
    model: &AnswerModel,
    progress: &FitProgress,
) -> Result<Option<f64>, Error> {
    if fits.is_empty() {
        return Ok(None);
    }
    let progress = progress.of("spread of people, ");
    let mut best: Option<(f64, f64)> = None;
    for spread in SPREADS {
        let mut log_likelihood = 0.0;
        for Judged {
            fitted,
            train,
            people,
        } in fits
        {
            let fitted = fitted.clone();
            let ScoresAndPrior { scores, prior, .. } =
                fitted.fitted_to_single_answers(train, model, spread, &progress)?;
            let every = people.people().div_ceil(PEOPLE).max(1);
            let some: Vec<usize> = (0..people.people()).step_by(every).collect();
            let answers = people.of_people(&some).without_shared_responses();
            let logs = log_evidences(&answers.evidence(model, &scores), model, &prior)?;
            log_likelihood += logs.iter().sum::<f64>();
        }
        if best.is_some_and(|(_, of)| log_likelihood <= of) || is_interrupted() {
            break;
        }
        best = Some((spread, log_likelihood));
    }
    Ok(best.map(|(spread, _)| spread))
}

#[cfg(test)]
mod tests {
    use super::super::cross_validation::choose_spread;
    use super::super::factors::{FactorShape, Factors, Start};
    use super::super::inputs::Inputs;
    use super::super::pooled::fit_pooled;
    use super::super::prior::fit_prior;
    use super::*;
    use crate::report::Estimate;
    use leaning::numeric::Random;
    use leaning::{Answer, Evidence};
    use leaning_population::People;
    use nalgebra::DMatrix;

    const RESPONSES: usize = 40;
    const MODEL: AnswerModel = AnswerModel::BRADLEY_TERRY;
    const SHAPE: FactorShape = FactorShape {
        dimensions: 3,
        consensus: true,
        penalty: 1.0,
    };

    /// People who compare 8 of the responses 24 times. Besides what they share, they have an opinion
    /// of their own of each response, which no base reward has.
    fn opinionated(people: usize, seed: u64) -> Sample {
        let mut town = Random::new(1, 0);
        let mut random = Random::new(seed, 0);
        let consensus = town.normals(RESPONSES);
        let divide = town.normals(RESPONSES);
        let mut sample = Sample::new(RESPONSES);
        for _ in 0..people {
            let taste = random.normal();
            let rewards = &consensus + taste * &divide + 2.5 * random.normals(RESPONSES);
            // Every fifth of them from somewhere on.
            let start = random.below(RESPONSES);
            let known: Vec<usize> = (0..8).map(|k| (start + 5 * k) % RESPONSES).collect();
            let answers: Vec<([u32; 2], Answer)> = (0..24)
                .map(|_| {
                    let first = random.below(8);
                    let second = (first + 1 + random.below(7)) % 8;
                    let shown = [known[first], known[second]];
                    let first = 1.0 / (1.0 + (rewards[shown[1]] - rewards[shown[0]]).exp());
                    let chose = usize::from(random.uniform() > first);
                    (shown.map(|place| place as u32), Answer::Chose(chose))
                })
                .collect();
            sample.push(answers.iter().map(|(shown, answer)| (&shown[..], *answer)));
        }
        sample
    }

    /// The log-likelihood of a person's answers, each as if it were the first; a person each.
    fn of_first_answers(sample: &Sample, fitted: &ScoresAndPrior) -> Vec<f64> {
        let one_by_one = |answers: &[Evidence]| -> f64 {
            let answers: Vec<Vec<Evidence>> = answers.iter().map(|one| vec![one.clone()]).collect();
            let logs = log_evidences(&answers, &MODEL, &fitted.prior).unwrap();
            logs.iter().sum::<f64>() / logs.len() as f64
        };
        let people = sample.evidence(&MODEL, &fitted.scores);
        (0..people.count())
            .map(|person| one_by_one(&people.evidence(person)))
            .collect()
    }

    fn gain(of: &[f64], over: &[f64]) -> Estimate {
        Estimate::of(of.iter().zip(over).map(|(of, over)| of - over))
    }

    #[test]
    fn opinions_that_repeat_do_not_make_people_differ_too_much() {
        let (some, others) = (opinionated(200, 2), opinionated(200, 3));
        let (inputs, progress) = (Inputs::Table(RESPONSES), FitProgress::hidden());
        let head = Factors::fit(&some, &inputs, &MODEL, SHAPE, (Start::Svd, 1), &progress);
        let scores = head.unwrap().head;
        let prior = fit_prior(&some.evidence(&MODEL, &scores), MODEL, 4, 1).unwrap();
        let before = ScoresAndPrior {
            scores,
            prior,
            consensus: true,
        };
        let spread = choose_spread(&some, &inputs, &MODEL, SHAPE, 1, &progress).unwrap();
        let spread = spread.unwrap();
        assert!(spread < 1.0, "{spread}");
        let fitted = before.clone();
        let after = fitted
            .fitted_to_single_answers(&some, &MODEL, spread, &progress)
            .unwrap();
        let pooled = fit_pooled(&some, &inputs, &MODEL, &progress).unwrap();
        let same = DMatrix::repeat(1, 1, 1.0);
        let pooled: Vec<f64> = (0..others.people())
            .map(|person| {
                let loss = others.of_people(&[person]).loss(&MODEL, &pooled, &same);
                -loss.value / others.count(person) as f64
            })
            .collect();
        // Before the first answer, a fit is as good as one weight for all.
        let level = gain(&of_first_answers(&others, &after), &pooled);
        assert!(level.mean > -0.01, "{level:?}");
        // A row of answers about different responses becomes more likely.
        let thinned = others.without_shared_responses();
        let logs = |of: &ScoresAndPrior| {
            log_evidences(&thinned.evidence(&MODEL, &of.scores), &MODEL, &of.prior).unwrap()
        };
        let gained = gain(&logs(&after), &logs(&before));
        assert!(gained.mean > 2.0 * gained.error, "{gained:?}");
    }
}
