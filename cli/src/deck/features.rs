//! Features of responses by name: columns of the publisher's table, and style measured in the
//! texts.

use super::basis::STYLE;
use crate::choices::Response;
use leaning_style::{FEATURES, LANGUAGES, Language, Lexicon};
use nalgebra::DMatrix;
use rayon::prelude::*;

/// The origin of a feature.
enum Origin {
    Column(usize),
    Style(usize),
}

/// The language of this BCP 47 tag, for measuring style; English without a tag.
///
/// # Errors
/// A message with the known languages.
pub fn language(tag: Option<&str>) -> Result<&'static Language, String> {
    let tag = tag.unwrap_or("en");
    Language::of_tag(tag).ok_or_else(|| {
        let known: Vec<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
        format!(
            "style cannot be measured in {tag:?}, only in {}",
            known.join(", ")
        )
    })
}

/// Texts with fewer words say nothing certain about their language.
const FEWEST_WORDS: usize = 20;
/// As many words are enough.
const ENOUGH_WORDS: usize = 20_000;
/// The share of function words is larger in English texts: .43 in the demo deck, and .04 to .06 in
/// German, French and Spanish prose.
const FEW_FUNCTION_WORDS: f64 = 0.2;

/// A note if style is among the features `names`, and these texts do not look like the language of
/// `tag`: if few of their words are articles, prepositions, pronouns or everyday verbs of it.
pub fn note_about_language(
    names: &[String],
    responses: &[Response],
    tag: Option<&str>,
) -> Option<String> {
    if !names.iter().any(|name| name.starts_with(STYLE)) {
        return None;
    }
    let language = language(tag).ok()?;
    let lexicon = Lexicon::new(language);
    let (mut function_words, mut words) = (0, 0);
    for text in responses.iter().filter_map(|of| of.text.as_deref()) {
        let (of_text, all) = lexicon.function_words(text);
        function_words += of_text;
        words += all;
        if words >= ENOUGH_WORDS {
            break;
        }
    }
    let share = function_words as f64 / words.max(1) as f64;
    (words >= FEWEST_WORDS && share < FEW_FUNCTION_WORDS).then(|| {
        format!(
            "the texts do not look {0}: {1:.0}% of their words are {0} articles, prepositions, \
             pronouns or everyday verbs, where about 40% are usual. Style is measured by {0} words, \
             so these scores say little",
            language.name,
            100.0 * share
        )
    })
}

/// The features `names` of each response, n × f: a row per response. `columns` are the names of the
/// responses' own numbers; style is measured in the language of `tag`.
///
/// # Errors
/// A message for an unknown feature or language, or for a response without a text to measure.
pub fn response_features(
    names: &[String],
    columns: &[String],
    responses: &[Response],
    tag: Option<&str>,
) -> Result<DMatrix<f64>, String> {
    let origin = |name: &String| {
        let origin = if name.starts_with(STYLE) {
            FEATURES
                .iter()
                .position(|feature| feature.name == name)
                .map(Origin::Style)
        } else {
            columns
                .iter()
                .position(|column| column == name)
                .map(Origin::Column)
        };
        origin.ok_or_else(|| format!("expected the feature {name:?}, found none of that name"))
    };
    let origins: Vec<Origin> = names.iter().map(origin).collect::<Result<_, _>>()?;
    let needs_style = origins
        .iter()
        .any(|origin| matches!(origin, Origin::Style(_)));
    let lexicon = if needs_style {
        Some(Lexicon::new(language(tag)?))
    } else {
        None
    };
    let row = |response: &Response| -> Result<Vec<f64>, String> {
        let style = match (&lexicon, &response.text) {
            (Some(lexicon), Some(text)) => Some(lexicon.measure(text)),
            (Some(_), None) => {
                let id = &response.id;
                return Err(format!(
                    "response {id:?}: expected a text to measure style in, found none"
                ));
            }
            (None, _) => None,
        };
        let number = |origin: &Origin| match *origin {
            Origin::Column(column) => response.scores[column],
            Origin::Style(feature) => style.map_or(0.0, |style| style[feature]),
        };
        Ok(origins.iter().map(number).collect())
    };
    let rows: Vec<Vec<f64>> = responses.par_iter().map(row).collect::<Result<_, _>>()?;
    Ok(DMatrix::from_row_iterator(
        responses.len(),
        names.len(),
        rows.into_iter().flatten(),
    ))
}
