//! The cost of an answer.

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::AddAssign;

/// Tokens that a server has counted; 0 where it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Read by the model.
    pub prompt: u64,
    /// Written by it.
    pub completion: u64,
}

impl AddAssign for Tokens {
    fn add_assign(&mut self, other: Self) {
        self.prompt = self.prompt.saturating_add(other.prompt);
        self.completion = self.completion.saturating_add(other.completion);
    }
}

impl Sum for Tokens {
    fn sum<I: Iterator<Item = Self>>(tokens: I) -> Self {
        let mut sum = Tokens::default();
        tokens.for_each(|one| sum += one);
        sum
    }
}

/// `usage` of OpenAI's replies, and of vLLM's.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
    #[serde(default)]
    completion_tokens: Option<u64>,
}

impl From<Option<Usage>> for Tokens {
    fn from(usage: Option<Usage>) -> Self {
        let usage = usage.unwrap_or_default();
        Tokens {
            prompt: usage.prompt_tokens.unwrap_or(0),
            completion: usage.completion_tokens.unwrap_or(0),
        }
    }
}
