//! How far a model agrees with itself, and how much of a dimension questions can tell about.

/// The reliability of one dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    pub mean: f64,
    /// The standard deviation over texts; 0 of one.
    pub sd: f64,
    /// Σ squares about the means of prompts, over Σ squares about the mean of all; `None` without variance.
    pub within_prompts: Option<f64>,
    /// The mean over pairs of phrasings of the correlation r of their ratings, each about the mean of its prompt: only
    /// differences within prompts count for a deck. `None` if there is one phrasing, or one that does not vary.
    pub agreement: Option<f64>,
    /// The reliability of the mean of m phrasings, m r / (1 + (m − 1) r) (Spearman 1910, Brown 1910).
    pub reliability: Option<f64>,
}

impl Reliability {
    /// Of the ratings of texts, the same by phrasing, and the texts of each prompt.
    pub fn of(ratings: &[f64], phrasings: &[Vec<f64>], prompts: &[&[usize]]) -> Self {
        let mean = mean(ratings);
        let total: f64 = ratings.iter().map(|rating| (rating - mean).powi(2)).sum();
        let within: f64 = about_prompts(ratings, prompts)
            .iter()
            .map(|rating| rating.powi(2))
            .sum();
        let agreement = agreement(phrasings, prompts);
        let m = phrasings.len() as f64;
        Reliability {
            mean,
            sd: (total / (ratings.len() as f64 - 1.0).max(1.0)).sqrt(),
            within_prompts: (total > 0.0).then(|| (within / total).min(1.0)),
            agreement,
            // Of phrasings that disagree the formula says nothing.
            reliability: agreement.map(|r| (m * r / (1.0 + (m - 1.0) * r)).clamp(0.0, 1.0)),
        }
    }
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / (numbers.len() as f64).max(1.0)
}

/// Ratings less the mean of their prompt.
fn about_prompts(ratings: &[f64], prompts: &[&[usize]]) -> Vec<f64> {
    let mut about = ratings.to_vec();
    for members in prompts {
        let of_prompt: Vec<f64> = members.iter().map(|&place| ratings[place]).collect();
        let mean = mean(&of_prompt);
        for &place in *members {
            about[place] -= mean;
        }
    }
    about
}

fn agreement(phrasings: &[Vec<f64>], prompts: &[&[usize]]) -> Option<f64> {
    let about: Vec<Vec<f64>> = phrasings
        .iter()
        .map(|of| about_prompts(of, prompts))
        .collect();
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (place, a) in about.iter().enumerate() {
        for b in &about[..place] {
            sum += correlation(a, b)?;
            pairs += 1.0;
        }
    }
    (pairs > 0.0).then(|| sum / pairs)
}

/// Of numbers whose mean is 0.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scale = (product(a, a) * product(b, b)).sqrt();
    (scale > 1e-12).then(|| (product(a, b) / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: Option<f64>, expected: f64) {
        assert!(
            found.is_some_and(|found| (found - expected).abs() < 1e-12),
            "{found:?}, {expected}"
        );
    }

    #[test]
    fn only_differences_within_prompts_count_for_agreement() {
        // Within {0, 1} and {2, 3} the deviations are ±1, ±1 and ±1, ∓0.5: r = (2 − 1) / √(4 · 2.5).
        let first = vec![1.0, 3.0, 3.0, 5.0];
        let second = vec![2.0, 4.0, 4.5, 3.5];
        let prompts: [&[usize]; 2] = [&[0, 1], &[2, 3]];
        let found = Reliability::of(&first, &[first.clone(), second], &prompts);
        let r = 1.0 / 10f64.sqrt();
        close(found.agreement, r);
        close(found.reliability, 2.0 * r / (1.0 + r));
        // Squares about 2 and 4 are 4, about 3 they are 8.
        close(found.within_prompts, 0.5);
        assert_eq!(found.mean, 3.0);
        close(Some(found.sd), (8f64 / 3.0).sqrt());
    }

    #[test]
    fn nothing_is_said_about_numbers_that_do_not_vary() {
        let same = vec![3.0, 3.0];
        let found = Reliability::of(&same, &[same.clone(), same.clone()], &[&[0, 1]]);
        assert_eq!(
            (found.within_prompts, found.agreement, found.sd),
            (None, None, 0.0)
        );
        let found = Reliability::of(&[1.0, 2.0], &[vec![1.0, 2.0]], &[&[0, 1]]);
        assert_eq!((found.agreement, found.reliability), (None, None));
        let opposed = [vec![1.0, 2.0], vec![2.0, 1.0]];
        let found = Reliability::of(&[1.5, 1.5], &opposed, &[&[0, 1]]);
        assert_eq!(
            (found.agreement, found.reliability),
            (Some(-1.0), Some(0.0))
        );
    }
}
