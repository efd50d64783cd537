//! The looks that a deck brings besides its texts: words for buttons, and pictures.
//!
//! In browsers all of it stays on the page, where `js/look.ts` checks the same rules.

use super::{Number, Object, STAYS_ON_PAGE};
use crate::error::Flaw;
#[cfg(feature = "schema")]
use crate::model::answer_model::MAX_MAGNITUDE;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
#[cfg(target_family = "wasm")]
use tsify::Tsify;

/// The words of a deck: by BCP 47 tag and then by key, one of [`WORD_KEYS`].
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// The texts of the elements that a deck may replace.
pub const WORD_KEYS: [&str; 16] = [
    "ask",
    "answer",
    "choose",
    "prefer",
    "tie",
    "neither",
    "none",
    "skip",
    "done",
    "askRating",
    "ratingLow",
    "ratingHigh",
    "askBestWorst",
    "askOrder",
    "much",
    "slightly",
];

/// A picture of a prompt or candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Image")
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "DeckImage"))]
#[serde(expecting = "an object")]
pub struct ImageFile {
    /// Its place relative to the deck's, or a `data:image/…` URL.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = super::schema::SOURCE)))]
    pub src: String,
    /// Its content in words, for whoever cannot see it. May be empty on a prompt.
    pub alt: String,
    /// In pixels, above 0.
    #[cfg_attr(target_family = "wasm", tsify(type = "number"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    pub width: Number,
    /// In pixels, above 0.
    #[cfg_attr(target_family = "wasm", tsify(type = "number"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    pub height: Number,
}

/// Reads an optional value that in browsers stays on the page.
pub(super) fn on_page<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    if STAYS_ON_PAGE {
        IgnoredAny::deserialize(deserializer)?;
        return Ok(None);
    }
    Option::deserialize(deserializer)
}

/// Checks tags and keys.
///
/// # Errors
/// A flaw with its place in the deck.
pub(super) fn check_words(words: &Words) -> Result<(), Flaw> {
    for (tag, texts) in words {
        if !is_language_tag(tag) {
            let message = format!("{tag:?} is no language tag such as en or pt-BR");
            return Err(Flaw::new("words", message));
        }
        if let Some(key) = texts.keys().find(|key| !WORD_KEYS.contains(&key.as_str())) {
            let message = format!("unknown: expected one of {}", WORD_KEYS.join(", "));
            return Err(Flaw::new(format!("words.{tag}.{key}"), message));
        }
    }
    Ok(())
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let is_short = |part: &str, least| (least..=8).contains(&part.len());
    is_short(language, 2)
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts
            .all(|part| is_short(part, 1) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Checks a picture; `needs_alt` unless the text beside it says the same.
///
/// # Errors
/// A flaw with its place in the deck.
pub(super) fn check_image(
    image: Option<&Object<ImageFile>>,
    needs_alt: bool,
    path: &str,
) -> Result<(), Flaw> {
    let Some(Object(image)) = image else {
        return Ok(());
    };
    let wrong = |field: &str, message: &str| Err(Flaw::new(format!("{path}.{field}"), message));
    if !is_source(&image.src) {
        return wrong(
            "src",
            "expected a path relative to the deck, or data:image/…",
        );
    }
    if needs_alt && image.alt.trim().is_empty() {
        return wrong(
            "alt",
            "must not be empty: it stands for the picture in words",
        );
    }
    for (field, Number(size)) in [("width", image.width), ("height", image.height)] {
        if size <= 0.0 {
            return wrong(field, "expected a number above 0");
        }
    }
    Ok(())
}

/// Whether it is a path, with no scheme and no host. A browser skips control characters in URLs, and
/// takes a backslash for a slash.
fn is_source(src: &str) -> bool {
    if src
        .get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:image/"))
    {
        return true;
    }
    let odd = |c: char| c.is_control() || c == '\\';
    let scheme = src
        .find([':', '/', '?', '#'])
        .filter(|&at| src[at..].starts_with(':'));
    !(src.is_empty()
        || src.starts_with("//")
        || src.starts_with(' ')
        || src.contains(odd)
        || scheme.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_path_or_has_its_bytes_in_it() {
        for src in [
            "a.svg",
            "img/a b.png",
            "../a.png",
            "/a.png",
            "./a:b.png",
            "data:image/svg+xml,x",
        ] {
            assert!(is_source(src), "{src}");
        }
        for src in [
            "",
            "https://x/a.png",
            "//x/a.png",
            " //x",
            "h\tttp://x",
            "\\\\x",
            "data:text/html,x",
            "a:b",
        ] {
            assert!(!is_source(src), "{src}");
        }
    }

    #[test]
    fn language_tags_have_a_language_first() {
        for tag in ["en", "pt-BR", "zh-Hant-TW", "sr-Latn", "de-1996"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "e", "en-", "en_US", "1n", "-en", "en us"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
