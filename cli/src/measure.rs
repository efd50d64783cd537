//! Features of responses by name: columns of the publisher's table, and style measured in the texts.

use crate::basis::STYLE;
use crate::choices::Response;
use leaning_style::{FEATURES, LANGUAGES, Language, Lexicon};
use rayon::prelude::*;

/// Where a feature comes from.
enum Place {
    Column(usize),
    Style(usize),
}

/// The language of this BCP 47 tag, to measure style in; English where there is none.
pub fn language(tag: Option<&str>) -> Result<&'static Language, String> {
    let tag = tag.unwrap_or("en");
    Language::of_tag(tag).ok_or_else(|| {
        let known: Vec<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
        format!("no style is known for {tag:?}, only for {}", known.join(", "))
    })
}

/// These features of each response, whose own are called `columns`; style in the language of a tag.
pub fn measure(
    names: &[String],
    columns: &[String],
    responses: &[Response],
    tag: Option<&str>,
) -> Result<Vec<Vec<f64>>, String> {
    let place = |name: &String| match name.starts_with(STYLE) {
        true => FEATURES.iter().position(|feature| feature.name == name).map(Place::Style),
        false => columns.iter().position(|column| column == name).map(Place::Column),
    };
    let unknown = |name: &String| format!("expected the feature {name:?}, found none of that name");
    let places: Vec<Place> =
        names.iter().map(|name| place(name).ok_or_else(|| unknown(name))).collect::<Result<_, _>>()?;
    let wants_style = places.iter().any(|place| matches!(place, Place::Style(_)));
    let lexicon = wants_style.then(|| language(tag).map(Lexicon::new)).transpose()?;
    let row = |response: &Response| {
        let style = match (&lexicon, &response.text) {
            (Some(lexicon), Some(text)) => Some(lexicon.measure(text)),
            (Some(_), None) => {
                return Err(format!("response {:?}: expected a text to measure style in, found none", response.id));
            }
            (None, _) => None,
        };
        let number = |place: &Place| match *place {
            Place::Column(column) => response.scores[column],
            Place::Style(feature) => style.map_or(0.0, |style| style[feature]),
        };
        Ok(places.iter().map(number).collect())
    };
    responses.par_iter().map(row).collect()
}
