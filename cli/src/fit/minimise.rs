//! Lower a function of many numbers: L-BFGS, watched, and ended where it hardly gets any lower.

use super::watch::Watch;
use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{CostFunction, Error, Executor, Gradient, IterState, KV, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};

/// Steps that L-BFGS remembers, and at most makes.
const MEMORY: usize = 10;
pub const STEPS: u64 = 500;
/// It is done when so many steps have lowered the loss by less than this part of it.
const PATIENCE: usize = 10;
const SETTLED_BELOW: f64 = 1e-4;

/// What is lowered.
pub trait Objective {
    /// The value at these parameters, and its derivatives.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>);
}

/// Where it ended.
pub struct Minimum {
    pub parameters: Vec<f64>,
    /// The lowest so far, by step.
    pub losses: Vec<f64>,
}

/// Goes down from `start`. `watch` sees the loss of each step and may end it early: then with what there is.
pub fn minimise(objective: impl Objective, start: Vec<f64>, watch: &Watch) -> Result<Minimum, Error> {
    let problem = Problem { objective, last: RefCell::default() };
    let seen = Arc::new(Mutex::new(Minimum { parameters: start.clone(), losses: Vec::new() }));
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(1e-6)?;
    let solver = solver.with_tolerance_cost(0.0)?;
    let run = Executor::new(problem, solver)
        .configure(|state| state.param(start).max_iters(STEPS))
        .add_observer(Observer { seen: Arc::clone(&seen), watch: watch.clone() }, ObserverMode::Always)
        .run();
    watch.done();
    let mut seen = seen.lock().map_err(|_| broke_off())?;
    // An observer ends a run by an error; a line search that finds nothing lower ends it by one too.
    if let Err(error) = run
        && seen.losses.is_empty()
    {
        return Err(error);
    }
    Ok(Minimum { parameters: std::mem::take(&mut seen.parameters), losses: std::mem::take(&mut seen.losses) })
}

fn broke_off() -> Error {
    Error::msg("the fit broke off")
}

struct Problem<O> {
    objective: O,
    /// The last one: the line search asks for the loss and its derivatives, one after the other.
    last: RefCell<Option<Evaluated>>,
}

/// Parameters, with the loss and its derivatives.
type Evaluated = (Vec<f64>, f64, Vec<f64>);

impl<O: Objective> Problem<O> {
    fn at<T>(&self, parameters: &[f64], read: impl FnOnce(f64, &[f64]) -> T) -> T {
        let mut last = self.last.borrow_mut();
        let (_, value, gradient) = match last.take() {
            Some(same) if same.0 == parameters => last.insert(same),
            _ => {
                let (value, gradient) = self.objective.evaluate(parameters);
                last.insert((parameters.to_vec(), value, gradient))
            }
        };
        read(*value, gradient)
    }
}

impl<O: Objective> CostFunction for Problem<O> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Self::Param) -> Result<f64, Error> {
        Ok(self.at(parameters, |value, _| value))
    }
}

impl<O: Objective> Gradient for Problem<O> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Self::Param) -> Result<Vec<f64>, Error> {
        Ok(self.at(parameters, |_, gradient| gradient.to_vec()))
    }
}

struct Observer {
    seen: Arc<Mutex<Minimum>>,
    watch: Watch,
}

impl Observe<IterState<Vec<f64>, Vec<f64>, (), (), (), f64>> for Observer {
    fn observe_iter(&mut self, state: &IterState<Vec<f64>, Vec<f64>, (), (), (), f64>, _: &KV) -> Result<(), Error> {
        let (loss, Some(best)) = (state.get_best_cost(), state.get_best_param()) else { return Ok(()) };
        let mut seen = self.seen.lock().map_err(|_| broke_off())?;
        let before = seen.losses.len().checked_sub(PATIENCE).map(|place| seen.losses[place]);
        seen.parameters.clone_from(best);
        seen.losses.push(loss);
        if self.watch.step(loss) {
            return Err(Error::msg("stopped"));
        }
        match before {
            Some(before) if before - loss < SETTLED_BELOW * loss.abs() => Err(Error::msg("settled")),
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
            let terms = x.iter().zip(1..).map(|(x, k)| (f64::from(k), x - f64::from(k)));
            (terms.clone().map(|(k, away)| k * away * away).sum(), terms.map(|(k, away)| 2.0 * k * away).collect())
        }
    }

    #[test]
    fn it_finds_the_bottom_and_only_goes_down() {
        let minimum = minimise(Bowl, vec![0.0; 5], &Watch::hidden()).unwrap();
        for (x, k) in minimum.parameters.iter().zip(1..) {
            assert!((x - f64::from(k)).abs() < 1e-3, "{:?}", minimum.parameters);
        }
        assert!(minimum.losses.windows(2).all(|pair| pair[1] <= pair[0]), "{:?}", minimum.losses);
    }

    #[test]
    fn a_start_at_the_bottom_stays_there() {
        let minimum = minimise(Bowl, vec![1.0, 2.0], &Watch::hidden()).unwrap();
        assert_eq!(minimum.parameters, [1.0, 2.0]);
    }
}
