//! Decks as safetensors files.
//!
//! A large deck is mostly numbers. Its safetensors file has them as the tensor `scores`, n×d of F64 or F32: a row a
//! candidate, in the order of the deck. Everything else is the deck's JSON without scores, the text `deck` in the file's
//! metadata.

use leaning::json::Value;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};
use std::collections::HashMap;

const TENSOR: &str = "scores";
const METADATA: &str = "deck";

/// Whether these bytes begin like a safetensors file: the length of a header, and its first brace. No text does, as it
/// has no zero byte.
pub fn is_safetensors(bytes: &[u8]) -> bool {
    bytes.get(7) == Some(&0) && bytes.get(8) == Some(&b'{')
}

/// The deck of a safetensors file, with the scores in their places. Fails with the place of what is wrong; whether it is
/// a sound deck is for others to say.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    let broken = |error: SafeTensorError| format!("not usable as safetensors: {error}");
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(broken)?;
    let text = header.metadata().as_ref().and_then(|metadata| metadata.get(METADATA));
    let text = text.ok_or_else(|| format!("metadata: {METADATA}: missing"))?;
    let mut deck: Value = text.parse().map_err(|error| format!("metadata: {METADATA}: {error}"))?;
    let tensor = tensors.tensor(TENSOR).map_err(|_| format!("tensor {TENSOR}: missing"))?;
    let &[rows, width] = tensor.shape() else {
        return Err(format!("tensor {TENSOR}: expected n×d numbers, found the shape {:?}", tensor.shape()));
    };
    let numbers = numbers(&tensor)?;
    let mut candidates = candidates(&mut deck);
    if candidates.len() != rows {
        return Err(format!("tensor {TENSOR}: expected {} rows as candidates, found {rows}", candidates.len()));
    }
    for (row, candidate) in candidates.iter_mut().enumerate() {
        let scores = numbers[row * width..][..width].iter().map(|&number| Value::Number(number)).collect();
        candidate.retain(|(name, _)| name != TENSOR);
        candidate.push((TENSOR.to_owned(), Value::Array(scores)));
    }
    Ok(deck)
}

fn numbers(tensor: &TensorView) -> Result<Vec<f64>, String> {
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F64 => Ok(bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()),
        Dtype::F32 => Ok(bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes).into()).collect()),
        other => Err(format!("tensor {TENSOR}: expected numbers of the type F64 or F32, found {other:?}")),
    }
}

/// The safetensors file of a sound deck.
pub fn write(mut deck: Value) -> Result<Vec<u8>, String> {
    let mut candidates = candidates(&mut deck);
    let mut bytes = Vec::new();
    for candidate in &mut candidates {
        let scores = candidate.iter().position(|(name, _)| name == TENSOR).map(|place| candidate.remove(place).1);
        let Some(Value::Array(scores)) = scores else { continue };
        for score in scores {
            let Value::Number(score) = score else { continue };
            bytes.extend(score.to_le_bytes());
        }
    }
    let rows = candidates.len();
    let shape = vec![rows, bytes.len() / 8 / rows.max(1)];
    let failed = |error: SafeTensorError| error.to_string();
    let tensor = TensorView::new(Dtype::F64, shape, &bytes).map_err(failed)?;
    // One entry only: of several the order, and with it the bytes, would be left to chance.
    let metadata = HashMap::from([(METADATA.to_owned(), deck.to_string())]);
    let file = safetensors::serialize([(TENSOR, tensor)], Some(metadata)).map_err(failed)?;
    // What nobody could read again is not written: the format has a longest header.
    SafeTensors::read_metadata(&file).map_err(failed)?;
    Ok(file)
}

/// The candidates of a deck in its order, wherever there are any.
fn candidates(deck: &mut Value) -> Vec<&mut Vec<(String, Value)>> {
    let prompts = field(deck, "prompts").into_iter().flat_map(items);
    let candidates = prompts.filter_map(|prompt| field(prompt, "candidates")).flat_map(items);
    let objects = candidates.filter_map(|candidate| match candidate {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    objects.collect()
}

fn field<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    let Value::Object(fields) = value else { return None };
    fields.iter_mut().rev().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn items(value: &mut Value) -> &mut [Value] {
    match value {
        Value::Array(items) => items,
        _ => &mut [],
    }
}
