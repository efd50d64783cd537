//! Scores by a basis: features of each draft, measured in its text or asked of a model, and the
//! linear map from them to the dimensions of a deck.

use super::model::{Model, Wanted, unknown};
use crate::deck::basis::{Basis, STYLE};
use leaning::Deck;
use leaning_gateway::{BoxFuture, Conversation, Description, Scorer, Scores};
use leaning_style::{FEATURES, Lexicon};
use nalgebra::DMatrix;
use std::fmt;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Scores drafts on the dimensions of a deck.
pub struct BasisScorer {
    description: Description,
    measure: Arc<Measure>,
    model: Option<Model>,
}

struct Measure {
    basis: Basis,
    /// By feature of the basis.
    origins: Vec<Origin>,
    lexicon: Option<Lexicon>,
}

/// The origin of a feature.
enum Origin {
    /// The place among all features of style.
    Style(usize),
    /// The place among the features that are asked of the model.
    Model(usize),
}

/// The features of a basis that are not measured in the text.
pub fn not_of_style(basis: &Basis) -> Vec<Wanted> {
    let features = basis.features().iter().cloned().enumerate();
    let others = features.filter(|(_, name)| !name.starts_with(STYLE));
    others.collect()
}

impl BasisScorer {
    /// A scorer of a deck's dimensions. The model has the features of the basis that are not of
    /// style, in their order. `lexicon` is there if some are of style.
    ///
    /// # Errors
    /// A message that names the place in the file of the basis.
    pub fn new(
        deck: &Deck,
        basis: Basis,
        lexicon: Option<Lexicon>,
        model: Option<Model>,
    ) -> Result<Self, String> {
        let mut asked = 0;
        let origin = |(k, name): (usize, &String)| {
            if let Some(place) = FEATURES.iter().position(|feature| feature.name == name) {
                return Ok(Origin::Style(place));
            }
            if model.is_none() || name.starts_with(STYLE) {
                let expected = format!("a feature of style such as {STYLE}words");
                return Err(unknown(k, name, &expected));
            }
            asked += 1;
            Ok(Origin::Model(asked - 1))
        };
        let origins = basis.features().iter().enumerate().map(origin);
        let origins = origins.collect::<Result<_, _>>()?;
        let dimensions = deck.dimensions().iter();
        let dimensions = dimensions.map(|dimension| dimension.id.clone());
        Ok(BasisScorer {
            description: Description {
                deck: deck.id().to_owned(),
                version: deck.version().to_owned(),
                dimensions: dimensions.collect(),
            },
            measure: Arc::new(Measure {
                basis,
                origins,
                lexicon,
            }),
            model,
        })
    }
}

impl fmt::Debug for BasisScorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BasisScorer")
            .field(&self.description)
            .finish()
    }
}

impl Scorer for BasisScorer {
    fn description(&self) -> &Description {
        &self.description
    }

    fn score(
        &self,
        conversation: Conversation,
        drafts: Vec<String>,
    ) -> BoxFuture<'_, Result<Scores, String>> {
        Box::pin(async move {
            let asked = match &self.model {
                Some(model) => {
                    let features = model.features(&conversation.prompt(), &drafts).await?;
                    features.into_iter().map(Result::ok).collect()
                }
                None => vec![Some(Vec::new()); drafts.len()],
            };
            let measure = Arc::clone(&self.measure);
            // A long draft takes milliseconds, in which other requests go on.
            let scores = spawn_blocking(move || measure.scores(&drafts, &asked)).await;
            scores.map_err(|_| "the drafts could not be measured".to_owned())
        })
    }
}

impl Measure {
    /// The scores of the drafts for which the model has features.
    fn scores(&self, drafts: &[String], asked: &[Option<Vec<f64>>]) -> Scores {
        let rated = drafts.iter().zip(asked);
        let rated = rated.filter_map(|(draft, asked)| Some((draft, asked.as_ref()?)));
        let row = |(draft, asked): (&String, &Vec<f64>)| {
            let style = self.lexicon.as_ref().map(|lexicon| lexicon.measure(draft));
            let number = |origin: &Origin| match *origin {
                Origin::Style(place) => style.map_or(0.0, |style| style[place]),
                Origin::Model(place) => asked[place],
            };
            self.origins.iter().map(number).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = rated.map(row).collect();
        let (n, f) = (rows.len(), self.origins.len());
        let features = DMatrix::from_row_iterator(n, f, rows.into_iter().flatten());
        let scores = self.basis.scores(&features);
        let mut rows = scores.row_iter();
        let row = |asked: &Option<Vec<f64>>| {
            asked.as_ref()?;
            rows.next().map(|row| row.iter().copied().collect())
        };
        asked.iter().map(row).collect()
    }
}
