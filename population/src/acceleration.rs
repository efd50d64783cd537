//! Quasi-Newton acceleration of EM: fewer steps to the maximum.

use crate::frame::Frame;
use leaning::Prior;
use nalgebra::DVector;

/// Number of steps that curvature is learned from.
const MEMORY: usize = 20;
/// A move tells about curvature if it made the step of EM shorter by this part of it.
const LEAST_CURVATURE: f64 = 1e-3;

/// The steps of EM from the priors that were visited.
#[derive(Debug, Default)]
pub(crate) struct Acceleration {
    /// Priors, and where EM leads from each.
    steps: Vec<(Prior, Prior)>,
}

impl Acceleration {
    /// Forgets all steps.
    pub fn clear(&mut self) {
        self.steps.clear();
    }

    /// Adds the step of EM from `from` to `to`, and proposes where to go instead, in coordinates of
    /// the `frame` of `from`.
    ///
    /// In these coordinates a step of EM is the gradient of the log-likelihood, divided by the
    /// information of people whose weights are known exactly. The frame estimates how much less is
    /// known, and L-BFGS learns the rest from the steps so far (Jamshidian & Jennrich 1997).
    pub fn propose(&mut self, frame: &Frame, from: &Prior, to: &Prior) -> DVector<f64> {
        if self.steps.len() > MEMORY {
            self.steps.remove(0);
        }
        self.steps.push((from.clone(), to.clone()));
        let (mut places, mut changes) = (Vec::new(), Vec::new());
        for (place, to) in &self.steps {
            let place = frame.coordinates(place);
            changes.push(frame.coordinates(to) - &place);
            places.push(place);
        }
        // Pairs of a move, and how much the step of EM became shorter by it.
        let pairs: Vec<(DVector<f64>, DVector<f64>, f64)> = places
            .windows(2)
            .zip(changes.windows(2))
            .map(|(places, changes)| {
                let (moved, shorter) = (&places[1] - &places[0], &changes[0] - &changes[1]);
                let curvature = moved.dot(&shorter);
                (moved, shorter, curvature)
            })
            .filter(|(moved, _, curvature)| *curvature > LEAST_CURVATURE * moved.norm_squared())
            .collect();
        // The two loops of Nocedal (1980).
        let mut direction = changes[changes.len() - 1].clone();
        let mut parts = Vec::new();
        for (moved, shorter, curvature) in pairs.iter().rev() {
            let part = moved.dot(&direction) / curvature;
            direction.axpy(-part, shorter, 1.0);
            parts.push(part);
        }
        direction.component_div_assign(&frame.information());
        for ((moved, shorter, curvature), part) in pairs.iter().zip(parts.iter().rev()) {
            let other = shorter.dot(&direction) / curvature;
            direction.axpy(part - other, moved, 1.0);
        }
        direction
    }
}
