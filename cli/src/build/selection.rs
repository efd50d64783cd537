//! The features that become dimensions of a deck.

use crate::deck::differences::Differences;
use crate::deck::dimensions::NewDimension;
use crate::guess::did_you_mean;
use leaning_style::{FEATURES, Language};
use serde::Serialize;

/// Of two features whose correlation is stronger than this, either way, the second is redundant.
const REDUNDANT: f64 = 0.95;

/// A feature, and the dimension that it would become.
pub struct CandidateDimension {
    pub dimension: NewDimension,
    /// The name of the feature.
    pub feature: String,
    /// 1, or −1 if high scores stand for low values of the feature.
    pub sign: f64,
}

impl CandidateDimension {
    /// These columns, or all of them.
    pub fn of_columns(wanted: &[String], columns: &[String]) -> Result<Vec<Self>, String> {
        let wanted = if wanted == ["all"] { columns } else { wanted };
        if wanted.is_empty() {
            return Err("expected a column of numbers, found none".to_owned());
        }
        let candidate = |(place, name): (usize, &String)| {
            if !columns.contains(name) {
                let guess = did_you_mean(name, columns.iter().map(String::as_str));
                return Err(format!(
                    "expected a column {name} of numbers, found none{guess}"
                ));
            }
            if wanted[..place].contains(name) {
                return Err(format!("column {name} is asked for twice"));
            }
            let dimension = NewDimension::of_column(name);
            Ok(CandidateDimension {
                dimension,
                feature: name.clone(),
                sign: 1.0,
            })
        };
        wanted.iter().enumerate().map(candidate).collect()
    }

    /// The style features that make these dimensions, or all of them.
    pub fn of_style(wanted: &[String], language: &Language) -> Result<Vec<Self>, String> {
        let is_unknown = |id: &&String| FEATURES.iter().all(|feature| feature.dimension != **id);
        if let Some(unknown) = wanted.iter().find(is_unknown) {
            let known: Vec<&str> = FEATURES.iter().map(|feature| feature.dimension).collect();
            let guess = did_you_mean(unknown, known.iter().copied());
            return Err(format!(
                "there is no {unknown:?}, only {}{guess}",
                known.join(", ")
            ));
        }
        let all = FEATURES
            .iter()
            .enumerate()
            .map(|(place, feature)| CandidateDimension {
                dimension: NewDimension::of_style(place, language),
                feature: feature.name.to_owned(),
                sign: feature.sign,
            });
        let is_wanted = |id: &String| wanted.is_empty() || wanted.contains(id);
        Ok(all
            .filter(|candidate| is_wanted(&candidate.dimension.id))
            .collect())
    }
}

/// A dimension that a deck does without.
#[derive(Debug, Serialize)]
pub struct LeftOut {
    pub id: String,
    pub because: String,
    /// An earlier dimension that says the same, and its correlation with it.
    #[serde(skip)]
    pub twin: Option<(String, f64)>,
}

/// Splits candidates into the places of those that are kept, and those that are left out because
/// they do not vary or, with `drop_redundant`, because they say the same as an earlier one.
pub fn select(
    candidates: &[CandidateDimension],
    differences: &Differences,
    drop_redundant: bool,
) -> (Vec<usize>, Vec<LeftOut>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (j, candidate) in candidates.iter().enumerate() {
        let same = kept
            .iter()
            .copied()
            .find(|&k| drop_redundant && differences.correlation(j, k).abs() > REDUNDANT);
        let (because, twin) = if differences.rms(j) == 0.0 {
            ("it does not vary within any prompt".to_owned(), None)
        } else if let Some(k) = same {
            let (other, correlation) = (&candidates[k].dimension.id, differences.correlation(j, k));
            let because = format!("its correlation with {other} is {correlation:.2}");
            (because, Some((other.clone(), correlation)))
        } else {
            kept.push(j);
            continue;
        };
        left_out.push(LeftOut {
            id: candidate.dimension.id.clone(),
            because,
            twin,
        });
    }
    (kept, left_out)
}
