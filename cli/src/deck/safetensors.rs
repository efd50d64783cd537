//! Decks as safetensors files.
//!
//! A large deck is mostly numbers. Its safetensors file has them as the tensor `scores`, n × d of
//! F64 or F32: a row per candidate, in the order of the deck. Everything else is the JSON of the
//! deck without scores, the text `deck` in the metadata.

use crate::terminal::clean::one_line;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const TENSOR: &str = "scores";
const METADATA: &str = "deck";

/// Whether these bytes begin like a safetensors file: the length of a header, and its first brace.
/// No text does, since the length contains a zero byte.
pub fn is_safetensors(bytes: &[u8]) -> bool {
    bytes.get(7) == Some(&0) && bytes.get(8) == Some(&b'{')
}

/// Reads the JSON of a deck, with all scores in their places. Whether it is a valid deck is not
/// checked.
///
/// # Errors
/// A message with the place of the flaw.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    // The message may quote the file.
    let broken = |error: SafeTensorError| {
        format!(
            "not usable as safetensors: {}",
            one_line(&error.to_string())
        )
    };
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(broken)?;
    let text = header
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get(METADATA));
    let text = text.ok_or_else(|| format!("metadata: {METADATA}: missing"))?;
    let mut deck = leaning::format::parse_json(text)
        .map_err(|error| format!("metadata: {METADATA}: {error}"))?;
    let tensor = tensors
        .tensor(TENSOR)
        .map_err(|_| format!("tensor {TENSOR}: missing"))?;
    let &[rows, width] = tensor.shape() else {
        let shape = tensor.shape();
        return Err(format!(
            "tensor {TENSOR}: expected n×d numbers, found the shape {shape:?}"
        ));
    };
    let numbers = numbers(&tensor)?;
    if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
        let (row, found) = (place / width + 1, numbers[place]);
        return Err(format!(
            "tensor {TENSOR}: row {row}: expected finite numbers, found {found}"
        ));
    }
    let mut candidates = candidates(&mut deck);
    if candidates.len() != rows {
        let count = candidates.len();
        return Err(format!(
            "tensor {TENSOR}: expected {count} rows as candidates, found {rows}"
        ));
    }
    for (row, candidate) in candidates.iter_mut().enumerate() {
        candidate.insert(TENSOR.to_owned(), json!(numbers[row * width..][..width]));
    }
    Ok(deck)
}

fn numbers(tensor: &TensorView) -> Result<Vec<f64>, String> {
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F64 => Ok(bytes
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f64::from_le_bytes(bytes))
            .collect()),
        Dtype::F32 => Ok(bytes
            .as_chunks()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes).into())
            .collect()),
        other => Err(format!(
            "tensor {TENSOR}: expected numbers of the type F64 or F32, found {other:?}"
        )),
    }
}

/// Writes the fields of a valid deck as a safetensors file.
///
/// # Errors
/// A message, if the deck does not fit the format.
pub fn write(fields: Map<String, Value>) -> Result<Vec<u8>, String> {
    let mut deck = Value::Object(fields);
    let mut candidates = candidates(&mut deck);
    let mut bytes = Vec::new();
    for candidate in &mut candidates {
        let scores = candidate.shift_remove(TENSOR).unwrap_or_default();
        let scores = scores
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64);
        bytes.extend(scores.flat_map(f64::to_le_bytes));
    }
    let rows = candidates.len();
    let shape = vec![rows, bytes.len() / size_of::<f64>() / rows.max(1)];
    let failed = |error: SafeTensorError| error.to_string();
    let tensor = TensorView::new(Dtype::F64, shape, &bytes).map_err(failed)?;
    // A single entry: the order of several, and with it the bytes, would vary.
    let metadata = HashMap::from([(METADATA.to_owned(), deck.to_string())]);
    let file = safetensors::serialize([(TENSOR, tensor)], Some(metadata)).map_err(failed)?;
    // The format limits the length of a header, but only readers check it.
    SafeTensors::read_metadata(&file).map_err(failed)?;
    Ok(file)
}

/// All candidates of a deck, in its order.
fn candidates(deck: &mut Value) -> Vec<&mut Map<String, Value>> {
    items(deck, "prompts")
        .iter_mut()
        .flat_map(|prompt| items(prompt, "candidates"))
        .filter_map(Value::as_object_mut)
        .collect()
}

fn items<'v>(value: &'v mut Value, list: &str) -> &'v mut [Value] {
    value
        .get_mut(list)
        .and_then(Value::as_array_mut)
        .map_or(&mut [], Vec::as_mut_slice)
}
