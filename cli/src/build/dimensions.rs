//! Which dimensions a deck gets, and what they are called.

use super::spread::Spread;
use crate::assembly::{object, text};
use crate::failure::Failure;
use crate::input::Source;
use leaning::json::Value;
use leaning_style::{FEATURES, Language};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of two dimensions that correlate more than this, either way, a deck that was not told which to take has the first.
const SAME: f64 = 0.95;

/// A dimension, and the feature that it is made of.
#[derive(Debug, Clone)]
pub struct Dimension {
    pub id: String,
    /// The feature's name; empty where a basis says what makes the scores.
    pub feature: String,
    /// 1, or −1 where high scores stand for low values of the feature.
    pub sign: f64,
    names: Names,
}

/// What a dimension is called; what is not said is left to whoever reads the deck.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    label: Option<String>,
    low: Option<String>,
    high: Option<String>,
    description: Option<String>,
}

impl Dimension {
    /// One of this name; what its ends are called is a proposal.
    pub fn new(id: &str, label: &str, low: Option<String>, high: Option<String>) -> Self {
        let names = Names { label: Some(label.to_owned()), low, high, description: None };
        Dimension { id: id.to_owned(), feature: String::new(), sign: 1.0, names }
    }

    /// These columns, or all of them.
    pub fn of_columns(wanted: &[String], columns: &[String]) -> Result<Vec<Self>, String> {
        let wanted = if wanted == ["all"] { columns } else { wanted };
        if wanted.is_empty() {
            return Err("expected a column of numbers, found none".to_owned());
        }
        let dimension = |(place, name): (usize, &String)| {
            if !columns.contains(name) {
                return Err(format!("expected a column {name} of numbers, found none"));
            }
            if wanted[..place].contains(name) {
                return Err(format!("column {name} is asked for twice"));
            }
            Ok(Dimension { id: name.clone(), feature: name.clone(), sign: 1.0, names: Names::default() })
        };
        wanted.iter().enumerate().map(dimension).collect()
    }

    /// These dimensions of style, or all of them, as they are called in the language.
    pub fn of_style(wanted: &[String], language: &Language) -> Result<Vec<Self>, String> {
        if let Some(unknown) = wanted.iter().find(|id| FEATURES.iter().all(|feature| feature.dimension != *id)) {
            let known: Vec<&str> = FEATURES.iter().map(|feature| feature.dimension).collect();
            return Err(format!("there is no {unknown:?}, only {}", known.join(", ")));
        }
        let all = FEATURES.iter().zip(&language.words).map(|(feature, words)| Dimension {
            id: feature.dimension.to_owned(),
            feature: feature.name.to_owned(),
            sign: feature.sign,
            names: Names {
                label: Some(words.label.to_owned()),
                low: Some(words.low.to_owned()),
                high: Some(words.high.to_owned()),
                description: Some(words.description.to_owned()),
            },
        });
        Ok(all.filter(|dimension| wanted.is_empty() || wanted.contains(&dimension.id)).collect())
    }

    /// That of a deck, whose basis makes its scores.
    pub fn of_deck(dimension: &leaning::deck::Dimension) -> Self {
        let names = Names {
            label: Some(dimension.label.clone()),
            low: Some(dimension.low.clone()),
            high: Some(dimension.high.clone()),
            description: dimension.description.clone(),
        };
        Dimension { id: dimension.id.clone(), feature: String::new(), sign: 1.0, names }
    }
}

/// A dimension that a deck does without.
#[derive(Debug, Serialize)]
pub struct LeftOut {
    pub id: String,
    pub because: String,
}

/// Which of some dimensions a deck gets.
pub struct Selection {
    /// By place.
    pub kept: Vec<usize>,
    pub left_out: Vec<LeftOut>,
}

impl Selection {
    /// Those that vary; if `may_drop`, without those that say the same as an earlier one.
    pub fn new(dimensions: &[Dimension], spread: &Spread, may_drop: bool) -> Self {
        let mut selection = Selection { kept: Vec::new(), left_out: Vec::new() };
        for (j, dimension) in dimensions.iter().enumerate() {
            let same = |&&k: &&usize| may_drop && spread.correlation(j, k).abs() > SAME;
            let because = if spread.deviation(j) == 0.0 {
                "it does not vary within any prompt".to_owned()
            } else if let Some(&k) = selection.kept.iter().find(same) {
                format!("its correlation with {} is {:.2}", dimensions[k].id, spread.correlation(j, k))
            } else {
                selection.kept.push(j);
                continue;
            };
            selection.left_out.push(LeftOut { id: dimension.id.clone(), because });
        }
        selection
    }
}

/// What a publisher wants dimensions to be called.
#[derive(Default)]
pub struct Labels {
    /// The file's name.
    source: String,
    by_id: BTreeMap<String, Names>,
}

impl Labels {
    /// Reads the file, if there is one.
    pub fn read(source: Option<&Source>) -> Result<Self, Failure> {
        let Some(source) = source else { return Ok(Labels::default()) };
        Ok(Labels { source: source.to_string(), by_id: source.read_json()? })
    }

    /// Fails where they name what is no dimension.
    pub fn check(&self, dimensions: &[Dimension]) -> Result<(), Failure> {
        let unknown = self.by_id.keys().find(|id| dimensions.iter().all(|dimension| dimension.id != **id));
        let Some(id) = unknown else { return Ok(()) };
        let ids: Vec<&str> = dimensions.iter().map(|dimension| dimension.id.as_str()).collect();
        Err(Failure::new(&self.source, format!("{id:?}: the deck has no such dimension, only {}", ids.join(", "))))
    }

    /// A dimension as decks have it.
    pub fn object(&self, dimension: &Dimension) -> Value {
        let own = &dimension.names;
        let given = self.by_id.get(&dimension.id).unwrap_or(own);
        let names = [
            ("label", &given.label, &own.label),
            ("low", &given.low, &own.low),
            ("high", &given.high, &own.high),
            ("description", &given.description, &own.description),
        ];
        let mut fields = vec![("id", text(&dimension.id))];
        let said = names.into_iter().filter_map(|(key, given, own)| Some((key, given.as_ref().or(own.as_ref())?)));
        fields.extend(said.map(|(key, name)| (key, text(name))));
        object(fields)
    }
}
