//! The population of a ranker: a prior from many people's comparisons of rows, and each one's weights.

use crate::background::{in_background, look_for_ctrl_c};
use crate::error;
use crate::matrix::{Matrix, Stack, Vector, of_array, to_array, to_stack, to_vector};
use leaning::{AnswerModel, Error, Evidence, LaplaceApproximation, MixtureComponent, Prior};
use leaning_population::FitOptions;
use nalgebra::{DMatrix, DVector};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use rayon::prelude::*;

/// Comparisons of rows, as arrays of one length m.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub struct Comparisons<'py> {
    /// The rows, n × d.
    rows: PyReadonlyArray2<'py, f64>,
    /// The place of each comparison's first row.
    first: PyReadonlyArray1<'py, i64>,
    /// The place of its second row.
    second: PyReadonlyArray1<'py, i64>,
    /// Whether it is a tie; the first one won otherwise.
    tie: PyReadonlyArray1<'py, bool>,
    /// The person, from 0.
    person: PyReadonlyArray1<'py, i64>,
    /// Number of people.
    people: usize,
}

impl Comparisons<'_> {
    /// The evidence of each person.
    ///
    /// # Errors
    /// `LeaningError` if a place is out of range.
    fn evidence(&self, py: Python<'_>, tie: bool) -> PyResult<Vec<Vec<Evidence>>> {
        let rows = of_array(&self.rows);
        let place = |place: i64| {
            usize::try_from(place)
                .ok()
                .filter(|&place| place < rows.nrows())
        };
        let mut people = vec![Vec::new(); self.people];
        let pairs = self
            .first
            .as_array()
            .into_iter()
            .zip(self.second.as_array());
        let answers = self.tie.as_array().into_iter().zip(self.person.as_array());
        for (number, ((&first, &second), (&is_tie, &person))) in pairs.zip(answers).enumerate() {
            let person = usize::try_from(person)
                .ok()
                .and_then(|place| people.get_mut(place));
            let (Some(first), Some(second), Some(person)) = (place(first), place(second), person)
            else {
                let path = format!("[{number}]");
                return Err(error::flaw(
                    py,
                    "candidates",
                    &path,
                    "there is no such row or person",
                ));
            };
            person.push(Evidence::Pair {
                difference: (rows.row(first) - rows.row(second)).transpose(),
                tie,
                outcome: if is_tie { 2 } else { 0 },
            });
        }
        Ok(people)
    }
}

type PriorArrays<'py> = (Vector<'py>, Matrix<'py>, Stack<'py>);

/// The prior of the people: the share, the mean and the covariance of each component.
#[pyfunction]
pub fn fit_population<'py>(
    py: Python<'py>,
    comparisons: Comparisons<'py>,
    lapse: f64,
    indifference: f64,
    components: usize,
    seed: u64,
) -> PyResult<PriorArrays<'py>> {
    let model = model(py, lapse, indifference)?;
    let people = comparisons.evidence(py, indifference > 0.0)?;
    let dimensions = of_array(&comparisons.rows).ncols();
    let options = FitOptions {
        components,
        seed,
        ..FitOptions::default()
    };
    let fit = move || leaning_population::fit(&people, model, dimensions, options);
    // The fit cannot be asked to end.
    let prior = in_background(py, fit, look_for_ctrl_c, || ())?
        .map_err(|problem| error::of_library(py, &problem))?;
    let parts = prior.components();
    let shares = DVector::from_iterator(parts.len(), parts.iter().map(MixtureComponent::weight));
    let means = DMatrix::from_fn(parts.len(), dimensions, |part, j| parts[part].mean()[j]);
    let covariances: Vec<DMatrix<f64>> = parts.iter().map(MixtureComponent::covariance).collect();
    Ok((
        to_vector(py, &shares),
        to_array(py, &means)?,
        to_stack(py, &covariances, dimensions)?,
    ))
}

/// The mean and the covariance of each person's weights under a prior.
#[pyfunction]
pub fn people_posteriors<'py>(
    py: Python<'py>,
    comparisons: Comparisons<'py>,
    lapse: f64,
    indifference: f64,
    shares: PyReadonlyArray1<'py, f64>,
    means: PyReadonlyArray2<'py, f64>,
    covariances: Vec<PyReadonlyArray2<'py, f64>>,
) -> PyResult<(Matrix<'py>, Stack<'py>)> {
    let model = model(py, lapse, indifference)?;
    let people = comparisons.evidence(py, indifference > 0.0)?;
    let means = of_array(&means);
    let parts = shares.as_array();
    let parts = parts.iter().zip(means.row_iter()).zip(&covariances);
    let parts: Result<Vec<MixtureComponent>, Error> = parts
        .map(|((&share, mean), covariance)| {
            MixtureComponent::new(share, mean.transpose(), of_array(covariance))
        })
        .collect();
    let prior = parts
        .and_then(Prior::mixture)
        .map_err(|problem| error::of_library(py, &problem))?;
    let infer = |evidence: &Vec<Evidence>| LaplaceApproximation::infer(&prior, model, evidence);
    let inferred: Result<Vec<LaplaceApproximation>, Error> =
        py.detach(|| people.par_iter().map(infer).collect());
    let inferred = inferred.map_err(|problem| error::of_library(py, &problem))?;
    let d = prior.dimensions();
    let means = DMatrix::from_fn(inferred.len(), d, |person, j| inferred[person].mean()[j]);
    let covariances: Vec<DMatrix<f64>> = inferred
        .iter()
        .map(LaplaceApproximation::covariance)
        .collect();
    Ok((to_array(py, &means)?, to_stack(py, &covariances, d)?))
}

fn model(py: Python<'_>, lapse: f64, indifference: f64) -> PyResult<AnswerModel> {
    AnswerModel::new(lapse, indifference).map_err(|problem| error::of_library(py, &problem))
}
