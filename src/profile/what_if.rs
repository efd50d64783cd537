//! The picks from the deck's prompts if one weight were another.

use crate::decision::ranking::best_of;
use crate::model::Deck;
use nalgebra::DVector;

/// The changes in the picks from the deck's prompts if one weight were another.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// Number of prompts in which another candidate would be the best.
    pub changed: usize,
    /// The changed prompt where keeping today's pick would cost the most.
    pub example: Option<WhatIfExample>,
}

/// A prompt of the deck and two candidates of it, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhatIfExample {
    /// The prompt.
    pub prompt: usize,
    /// The pick under the current weights.
    pub current: usize,
    /// The pick under the alternative weights.
    pub alternative: usize,
}

impl WhatIf {
    /// Compares the picks under `weights` with those under `alternative`.
    pub(crate) fn new(deck: &Deck, weights: &DVector<f64>, alternative: &DVector<f64>) -> Self {
        let mut what_if = WhatIf {
            changed: 0,
            example: None,
        };
        let mut largest_loss = 0.0;
        for place in 0..deck.prompts().len() {
            let scores = deck.prompt_features(place);
            let picks = best_of(weights, &scores).zip(best_of(alternative, &scores));
            let Some((current, other)) = picks.filter(|(a, b)| a != b) else {
                continue;
            };
            what_if.changed += 1;
            let loss = alternative.dot(&(scores.column(other) - scores.column(current)));
            if loss > largest_loss {
                largest_loss = loss;
                what_if.example = Some(WhatIfExample {
                    prompt: place,
                    current,
                    alternative: other,
                });
            }
        }
        what_if
    }
}
