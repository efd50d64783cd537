//! Minimising a function of many numbers by L-BFGS, until it hardly falls any more.

use super::progress::{FitBar, FitProgress};
use crate::interrupt::is_interrupted;
use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{CostFunction, Error, Executor, Gradient, IterState, KV, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};

/// Number of steps that L-BFGS remembers.
const MEMORY: usize = 10;
/// The largest number of steps.
const MAX_STEPS: u64 = 500;
/// When a search has converged: some steps have lowered the loss by less than a fraction.
#[derive(Debug, Clone, Copy)]
pub struct Convergence {
    pub steps: usize,
    pub fraction: f64,
}

impl Convergence {
    /// For a start that may be anywhere.
    pub const USUAL: Self = Convergence {
        steps: 10,
        fraction: 1e-4,
    };
}

/// A function to minimise.
pub trait Objective {
    /// The value at these parameters, and the gradient.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>);
}

/// The end of a search.
pub struct Minimum {
    pub parameters: Vec<f64>,
    /// The lowest value so far, by step.
    pub losses: Vec<f64>,
}

/// Minimises from `start`. Ctrl-C ends the search early, with the state so far.
pub fn minimise(
    objective: impl Objective,
    start: Vec<f64>,
    progress: &FitProgress,
) -> Result<Minimum, Error> {
    minimise_to(Convergence::USUAL, objective, start, progress)
}

/// As [`minimise`], until the search has converged in this sense.
pub fn minimise_to(
    convergence: Convergence,
    objective: impl Objective,
    start: Vec<f64>,
    progress: &FitProgress,
) -> Result<Minimum, Error> {
    let problem = Problem {
        objective,
        last: RefCell::default(),
    };
    let best = Minimum {
        parameters: start.clone(),
        losses: Vec::new(),
    };
    let best = Arc::new(Mutex::new(best));
    let bar = progress.start(MAX_STEPS);
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(1e-6)?;
    let solver = solver.with_tolerance_cost(0.0)?;
    let observer = Observer {
        best: Arc::clone(&best),
        bar: bar.clone(),
        convergence,
    };
    let run = Executor::new(problem, solver)
        .configure(|state| state.param(start).max_iters(MAX_STEPS))
        .add_observer(observer, ObserverMode::Always)
        .run();
    bar.finish();
    let mut best = best.lock().map_err(|_| broke_off())?;
    // An observer can end a run only by an error, and so does a line search that finds nothing
    // lower.
    if let Err(error) = run
        && best.losses.is_empty()
    {
        return Err(error);
    }
    Ok(Minimum {
        parameters: std::mem::take(&mut best.parameters),
        losses: std::mem::take(&mut best.losses),
    })
}

fn broke_off() -> Error {
    Error::msg("the fit broke off")
}

struct Problem<O> {
    objective: O,
    /// The last evaluation: the line search asks for the loss and its gradient one after the other.
    last: RefCell<Option<Evaluation>>,
}

struct Evaluation {
    parameters: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

impl<O: Objective> Problem<O> {
    fn at<T>(&self, parameters: &[f64], read: impl FnOnce(&Evaluation) -> T) -> T {
        let mut last = self.last.borrow_mut();
        let evaluation = match last.take() {
            Some(same) if same.parameters == parameters => last.insert(same),
            _ => {
                let (value, gradient) = self.objective.evaluate(parameters);
                last.insert(Evaluation {
                    parameters: parameters.to_vec(),
                    value,
                    gradient,
                })
            }
        };
        read(evaluation)
    }
}

impl<O: Objective> CostFunction for Problem<O> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Self::Param) -> Result<f64, Error> {
        Ok(self.at(parameters, |evaluation| evaluation.value))
    }
}

impl<O: Objective> Gradient for Problem<O> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Self::Param) -> Result<Vec<f64>, Error> {
        Ok(self.at(parameters, |evaluation| evaluation.gradient.clone()))
    }
}

/// Keeps the best parameters, and ends the run when it has converged or Ctrl-C was pressed.
struct Observer {
    best: Arc<Mutex<Minimum>>,
    bar: FitBar,
    convergence: Convergence,
}

type SearchState = IterState<Vec<f64>, Vec<f64>, (), (), (), f64>;

impl Observe<SearchState> for Observer {
    fn observe_iter(&mut self, state: &SearchState, _: &KV) -> Result<(), Error> {
        let (loss, Some(parameters)) = (state.get_best_cost(), state.get_best_param()) else {
            return Ok(());
        };
        let mut best = self.best.lock().map_err(|_| broke_off())?;
        let before = best
            .losses
            .len()
            .checked_sub(self.convergence.steps)
            .map(|place| best.losses[place]);
        best.parameters.clone_from(parameters);
        best.losses.push(loss);
        self.bar.step(loss);
        if is_interrupted() {
            return Err(Error::msg("interrupted"));
        }
        match before {
            Some(before) if before - loss < self.convergence.fraction * loss.abs() => {
                Err(Error::msg("converged"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Σ k (x_k − k)² over k from 1.
    struct Bowl;

    impl Objective for Bowl {
        fn evaluate(&self, x: &[f64]) -> (f64, Vec<f64>) {
            let terms = x
                .iter()
                .zip(1..)
                .map(|(x, k)| (f64::from(k), x - f64::from(k)));
            let value = terms.clone().map(|(k, away)| k * away * away).sum();
            (value, terms.map(|(k, away)| 2.0 * k * away).collect())
        }
    }

    #[test]
    fn the_minimum_is_found_and_the_loss_only_falls() {
        let minimum = minimise(Bowl, vec![0.0; 5], &FitProgress::hidden()).unwrap();
        for (x, k) in minimum.parameters.iter().zip(1..) {
            assert!((x - f64::from(k)).abs() < 1e-3, "{:?}", minimum.parameters);
        }
        assert!(
            minimum.losses.windows(2).all(|pair| pair[1] <= pair[0]),
            "{:?}",
            minimum.losses
        );
    }

    #[test]
    fn a_start_at_the_minimum_stays_there() {
        let minimum = minimise(Bowl, vec![1.0, 2.0], &FitProgress::hidden()).unwrap();
        assert_eq!(minimum.parameters, [1.0, 2.0]);
    }
}
