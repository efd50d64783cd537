//! Rubrics: the scales that a judge rates texts on.

use crate::digits::DIGITS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// At most as many scales as a deck can have dimensions.
const MAX_SCALES: usize = 64;

/// The scales, at least one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Rubric(Vec<Scale>);

/// One scale: a dimension with words for both ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scale {
    /// Unique.
    pub id: String,
    /// A heading; the id if there is none.
    pub label: String,
    /// The end of 1.
    pub low: String,
    /// The end of 5.
    pub high: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// The meanings of some digits.
    pub anchors: BTreeMap<u8, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleFile {
    #[serde(default)]
    label: String,
    #[serde(default)]
    low: String,
    #[serde(default)]
    high: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    anchors: BTreeMap<String, String>,
}

impl Rubric {
    /// A rubric of these scales.
    ///
    /// # Errors
    /// A message with the place of the flaw.
    pub fn new(scales: Vec<Scale>) -> Result<Self, String> {
        if scales.is_empty() || scales.len() > MAX_SCALES {
            let found = scales.len();
            return Err(format!(
                "expected 1 to {MAX_SCALES} dimensions, found {found}"
            ));
        }
        for (place, scale) in scales.iter().enumerate() {
            let id = &scale.id;
            if id.trim().is_empty() {
                return Err(format!("dimension {}: expected an id", place + 1));
            }
            if scales[..place].iter().any(|other| other.id == *id) {
                return Err(format!("{id}: it is there twice"));
            }
            for (name, end) in [("low", &scale.low), ("high", &scale.high)] {
                if end.trim().is_empty() {
                    return Err(format!(
                        "{id}.{name}: expected the words for this end, found none"
                    ));
                }
            }
        }
        Ok(Rubric(scales))
    }

    /// Reads `{"ID": {"low", "high", "label", "description", "anchors": {"1": …, "5": …}}}`. Only the words for both ends
    /// are needed.
    ///
    /// # Errors
    /// A message with the place of the flaw.
    pub fn read(rubric: &Value) -> Result<Self, String> {
        let Value::Object(scales) = rubric else {
            return Err("expected an object with a dimension under each id".to_owned());
        };
        let scales = scales.iter().map(|(id, fields)| scale(id, fields));
        Rubric::new(scales.collect::<Result<_, _>>()?)
    }

    /// The dimensions of a deck, each an object with `id`, `low` and `high`.
    ///
    /// # Errors
    /// A message with the place of the flaw.
    pub fn of_dimensions(dimensions: &[Map<String, Value>]) -> Result<Self, String> {
        let text = |fields: &Map<String, Value>, name: &str| {
            let text = fields.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let scales = dimensions.iter().map(|fields| {
            let (id, label) = (text(fields, "id"), text(fields, "label"));
            Scale {
                label: if label.is_empty() { id.clone() } else { label },
                low: text(fields, "low"),
                high: text(fields, "high"),
                description: text(fields, "description"),
                anchors: BTreeMap::new(),
                id,
            }
        });
        Rubric::new(scales.collect())
    }

    /// The scales.
    pub fn scales(&self) -> &[Scale] {
        let Rubric(scales) = self;
        scales
    }
}

fn scale(id: &str, fields: &Value) -> Result<Scale, String> {
    let file = ScaleFile::deserialize(fields).map_err(|error| format!("{id}: {error}"))?;
    let mut anchors = BTreeMap::new();
    for (digit, text) in file.anchors {
        let digit: u8 = digit
            .parse()
            .ok()
            .filter(|digit| (DIGITS[0]..=DIGITS[1]).contains(digit))
            .ok_or_else(|| format!("{id}.anchors: expected digits from 1 to 5, found {digit:?}"))?;
        anchors.insert(digit, text);
    }
    let label = if file.label.is_empty() {
        id.to_owned()
    } else {
        file.label
    };
    Ok(Scale {
        id: id.to_owned(),
        label,
        low: file.low,
        high: file.high,
        description: file.description,
        anchors,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_words_for_both_ends_are_enough_and_scales_keep_their_order() {
        let rubric = json!({
            "warmth": { "low": "reserved", "high": "warm", "anchors": { "1": "No word to the person." } },
            "brevity": { "label": "Length", "low": "thorough", "high": "brief" }
        });
        let rubric = Rubric::read(&rubric).unwrap();
        let [warmth, brevity] = rubric.scales() else {
            panic!()
        };
        assert_eq!((&*warmth.id, &*warmth.label), ("warmth", "warmth"));
        assert_eq!(warmth.anchors[&1], "No word to the person.");
        assert_eq!((&*brevity.id, &*brevity.label), ("brevity", "Length"));
    }

    #[test]
    fn a_flaw_is_named_with_its_place() {
        let flaw = |rubric: Value| Rubric::read(&rubric).unwrap_err();
        assert_eq!(flaw(json!({})), "expected 1 to 64 dimensions, found 0");
        assert_eq!(
            flaw(json!({ "x": { "low": "a" } })),
            "x.high: expected the words for this end, found none"
        );
        assert_eq!(
            flaw(json!({ "x": { "low": "a", "high": "b", "anchors": { "7": "c" } } })),
            "x.anchors: expected digits from 1 to 5, found \"7\""
        );
        let unknown = flaw(json!({ "x": { "low": "a", "hihg": "b" } }));
        assert!(unknown.starts_with("x: unknown field `hihg`"), "{unknown}");
        assert!(flaw(json!([])).starts_with("expected an object"));
        let dimension = json!({ "id": "x", "low": "a" });
        let flaw = Rubric::of_dimensions(&[dimension.as_object().unwrap().clone()]);
        assert!(flaw.unwrap_err().starts_with("x.high:"));
    }
}
