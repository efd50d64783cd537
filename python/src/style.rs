//! Style measured in texts.

use crate::error;
use crate::matrix::to_array;
use leaning_style::{FEATURES, LANGUAGES, Language, Lexicon};
use nalgebra::DMatrix;
use numpy::PyArray2;
use pyo3::prelude::*;
use rayon::prelude::*;

/// The style of each text, n × 22, in the language of this BCP 47 tag.
#[pyfunction]
pub fn score_style<'py>(
    py: Python<'py>,
    texts: Vec<String>,
    language: &str,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let Some(language) = Language::of_tag(language) else {
        let known: Vec<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
        let message = format!("expected one of {}, found {language:?}", known.join(", "));
        return Err(error::flaw(py, "options", "language", &message));
    };
    let rows: Vec<f64> = py.detach(|| {
        let lexicon = Lexicon::new(language);
        texts
            .par_iter()
            .flat_map_iter(|text| lexicon.measure(text))
            .collect()
    });
    to_array(
        py,
        &DMatrix::from_row_iterator(texts.len(), FEATURES.len(), rows),
    )
}

/// The names of the style features, in their order.
#[pyfunction]
pub fn style_features() -> Vec<&'static str> {
    FEATURES.iter().map(|feature| feature.name).collect()
}
