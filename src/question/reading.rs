//! Questions by what they tell per word.
//!
//! A person pays for a question by reading it. With word counts, a question's score under the
//! acquisition rule is divided by the number of words of the candidates that it shows: one that is
//! twice as long is asked first only if it tells more than twice as much. The prompt does not count,
//! since all questions about it share it.

/// The number of words of each candidate of a deck, by prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct WordCounts(Vec<Vec<f64>>);

impl WordCounts {
    /// Counts by prompt and candidate. A candidate without a text costs a look: it counts as 1.
    pub fn new(counts: Vec<Vec<f64>>) -> Self {
        let at_least_one =
            |counts: Vec<f64>| counts.into_iter().map(|count| count.max(1.0)).collect();
        WordCounts(counts.into_iter().map(at_least_one).collect())
    }

    /// The counts of a prompt's candidates.
    pub fn of_prompt(&self, prompt: usize) -> &[f64] {
        &self.0[prompt]
    }

    /// Number of prompts.
    pub fn prompts(&self) -> usize {
        self.0.len()
    }

    /// The words of a question about these candidates of a prompt.
    pub fn of_question(&self, prompt: usize, candidates: &[usize]) -> f64 {
        candidates.iter().map(|&place| self.0[prompt][place]).sum()
    }
}
