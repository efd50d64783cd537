//! Scores by style alone: a deck's basis applied to features that are measured in the drafts.

use crate::deck::basis::{Basis, STYLE};
use leaning::Deck;
use leaning_gateway::{BoxFuture, Conversation, Description, Scorer, Scores};
use leaning_style::{FEATURES, Language, Lexicon};
use nalgebra::DMatrix;
use std::fmt;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Measures drafts and applies the basis of a deck. It needs no model.
pub struct StyleScorer {
    description: Description,
    measure: Arc<Measure>,
}

struct Measure {
    basis: Basis,
    /// The place among all style features of each feature of the basis.
    places: Vec<usize>,
    lexicon: Lexicon,
}

impl StyleScorer {
    /// A scorer of a deck's dimensions by a basis with features of style alone.
    ///
    /// # Errors
    /// A message that names the place in the file of the basis.
    pub fn new(deck: &Deck, basis: Basis, language: &'static Language) -> Result<Self, String> {
        let place = |(k, name): (usize, &String)| {
            let found = FEATURES.iter().position(|feature| feature.name == name);
            found.ok_or_else(|| {
                format!(
                    "basis.features[{k}]: expected a feature of style such as {STYLE}words, found \
                     {name:?}"
                )
            })
        };
        let places = basis.features().iter().enumerate().map(place);
        let places = places.collect::<Result<_, _>>()?;
        let dimensions = deck.dimensions().iter();
        let dimensions = dimensions.map(|dimension| dimension.id.clone());
        Ok(StyleScorer {
            description: Description {
                deck: deck.id().to_owned(),
                version: deck.version().to_owned(),
                dimensions: dimensions.collect(),
            },
            measure: Arc::new(Measure {
                basis,
                places,
                lexicon: Lexicon::new(language),
            }),
        })
    }
}

impl fmt::Debug for StyleScorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StyleScorer")
            .field(&self.description)
            .finish()
    }
}

impl Scorer for StyleScorer {
    fn description(&self) -> &Description {
        &self.description
    }

    fn score(&self, _: Conversation, drafts: Vec<String>) -> BoxFuture<'_, Result<Scores, String>> {
        let measure = Arc::clone(&self.measure);
        Box::pin(async move {
            // A long draft takes milliseconds, in which other requests go on.
            let scores = spawn_blocking(move || measure.scores(&drafts)).await;
            scores.map_err(|_| "the drafts could not be measured".to_owned())
        })
    }
}

impl Measure {
    fn scores(&self, drafts: &[String]) -> Scores {
        let row = |draft: &String| {
            let style = self.lexicon.measure(draft);
            self.places.iter().map(move |&place| style[place])
        };
        let features = drafts.iter().flat_map(row);
        let features = DMatrix::from_row_iterator(drafts.len(), self.places.len(), features);
        let scores = self.basis.scores(&features);
        let rows = scores.row_iter();
        rows.map(|row| row.iter().copied().collect()).collect()
    }
}
