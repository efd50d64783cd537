//! The likelihood of one choice by the rewards of the responses shown.

use crate::TIE;
use leaning::AnswerModel;
use leaning::model::OrdinalScale;
use leaning::numeric::softmax;

/// The likelihood of outcomes: a response that was chosen, or a tie.
#[derive(Debug, Clone)]
pub struct OutcomeLikelihood {
    lapse: f64,
    /// Of two responses.
    pair: OrdinalScale,
}

impl OutcomeLikelihood {
    /// The likelihood under this model.
    pub fn new(model: &AnswerModel) -> Self {
        OutcomeLikelihood {
            lapse: model.lapse(),
            pair: model.pair_scale(true),
        }
    }

    /// P of an outcome, the place of the chosen response or [`TIE`]. Replaces `slopes` by the
    /// derivatives of log P by the rewards.
    pub fn probability(&self, rewards: &[f64], outcome: u32, slopes: &mut Vec<f64>) -> f64 {
        slopes.clear();
        if let [first, second] = *rewards {
            let level = match (outcome, self.pair.levels()) {
                (0, levels) => levels - 1,
                (TIE, 3) => 1,
                (TIE, _) => {
                    // A tie tells nothing under a model without ties.
                    slopes.extend([0.0, 0.0]);
                    return 1.0;
                }
                _ => 0,
            };
            let outcome = self.pair.outcome(first - second, level);
            slopes.extend([outcome.slope, -outcome.slope]);
            return outcome.probability;
        }
        let chose = outcome as usize;
        let probabilities = softmax(rewards);
        let meant = (1.0 - self.lapse) * probabilities[chose];
        let probability = meant + self.lapse / rewards.len() as f64;
        let share = meant / probability;
        let slope = |(place, p): (usize, &f64)| share * (f64::from(u8::from(place == chose)) - p);
        slopes.extend(probabilities.iter().enumerate().map(slope));
        probability
    }

    /// log P of an outcome, with the same slopes.
    pub fn log(&self, rewards: &[f64], outcome: u32, slopes: &mut Vec<f64>) -> f64 {
        libm::log(
            self.probability(rewards, outcome, slopes)
                .max(f64::MIN_POSITIVE),
        )
    }
}
