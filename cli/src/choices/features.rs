//! Features in a separate file, keyed by the ids of the responses: safetensors, or a table.

use super::numbers::{MAX_MAGNITUDE, Numbers};
use super::responses::{check_ids, id};
use super::table::{Table, read};
use super::wanted::Wanted;
use crate::failure::Failure;
use crate::input::Source;
use crate::terminal::clean::one_line;
use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};
use std::collections::HashSet;

/// The tensor of a safetensors file that has the numbers: a row per response.
const TENSOR: &str = "features";

/// A matrix of features.
pub struct Features {
    /// The name of the file.
    pub file: String,
    pub names: Vec<String>,
    /// The ids of the responses, each once.
    pub ids: Vec<String>,
    /// For each id as many numbers as names, each finite and of at most 1e100 either way.
    pub rows: Vec<Vec<f64>>,
    /// Notes about the file.
    pub notes: Vec<String>,
}

impl Features {
    /// Reads a safetensors file or a table. A safetensors file has the tensor `features` of n rows;
    /// its metadata has `ids`, a JSON list of n, and optionally `names`, a name per column. A table
    /// has a column `id`, and columns of numbers or of lists of numbers.
    pub fn read(source: &Source, wanted: &Wanted) -> Result<Self, Failure> {
        match source {
            Source::Table(..) => Features::of_table(&Table::open(source)?, wanted),
            _ => Features::of(source.to_string(), read(source)?, wanted),
        }
    }

    /// The features in the decompressed bytes of a file.
    pub fn of(file: String, bytes: Vec<u8>, wanted: &Wanted) -> Result<Self, Failure> {
        if is_safetensors(&bytes) {
            let features = Features::of_tensors(&file, &bytes);
            let features = features.map_err(|message| Failure::new(file, message));
            return features.map(|features| features.only(wanted));
        }
        Features::of_table(&Table::of(file, bytes)?, wanted)
    }

    /// The features that are wanted.
    fn only(mut self, wanted: &Wanted) -> Self {
        let kept: Vec<bool> = self
            .names
            .iter()
            .map(|name| wanted.has_feature(name))
            .collect();
        let mut is_kept = kept.iter();
        self.names.retain(|_| is_kept.next() == Some(&true));
        for row in &mut self.rows {
            let mut is_kept = kept.iter();
            row.retain(|_| is_kept.next() == Some(&true));
        }
        self
    }

    fn of_table(table: &Table, wanted: &Wanted) -> Result<Self, Failure> {
        let id_column = table.column("id")?;
        let others: Vec<usize> = (0..table.header().len())
            .filter(|&place| place != id_column && wanted.has_column(&table.header()[place]))
            .collect();
        let mut numbers = Numbers::of(table, &others)?;
        let columns: Vec<usize> = [id_column].into_iter().chain(others).collect();
        let (mut ids, mut rows, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let skipped = table.each(&columns, |place, cells| {
            ids.push(id(&cells[0]).map_err(|message| (place, message))?);
            let mut row = Vec::with_capacity(numbers.count());
            numbers.read(place, &cells[1..], &mut row)?;
            rows.push(row);
            places.push(place);
            Ok(())
        })?;
        check_ids(table, ids.iter().map(String::as_str), &places)?;
        let names = numbers.names();
        if names.is_empty() && wanted.is_everything() {
            return Err(table.header_flaw("expected a column of numbers, found none"));
        }
        Ok(Features {
            file: table.name().to_owned(),
            names,
            ids,
            rows,
            notes: numbers.notes().into_iter().chain(skipped).collect(),
        })
    }

    fn of_tensors(file: &str, bytes: &[u8]) -> Result<Self, String> {
        let broken = |error: SafeTensorError| {
            // The message may quote the file.
            let message = one_line(&error.to_string());
            format!("expected valid safetensors data, found it broken: {message}")
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(broken)?;
        let tensor = tensors.tensor(TENSOR).map_err(|_| {
            format!(
                "expected a tensor {TENSOR}, found {}",
                if tensors.is_empty() {
                    "none"
                } else {
                    "others only"
                }
            )
        })?;
        let &[count, width] = tensor.shape() else {
            return Err(format!(
                "{TENSOR}: expected a matrix, found the shape {:?}",
                tensor.shape()
            ));
        };
        let list = |key: &str, count: usize| -> Result<Option<Vec<String>>, String> {
            let Some(text) = metadata
                .metadata()
                .as_ref()
                .and_then(|metadata| metadata.get(key))
            else {
                return Ok(None);
            };
            let expected = || format!("metadata: {key}: expected a JSON list of {count} texts");
            let list: Vec<String> = serde_json::from_str(text).map_err(|_| expected())?;
            if list.len() == count {
                Ok(Some(list))
            } else {
                Err(format!("{}, found {}", expected(), list.len()))
            }
        };
        let ids = list("ids", count)?
            .ok_or("metadata: expected ids, a JSON list of the rows' ids, found none")?;
        let names = list("names", width)?
            .unwrap_or_else(|| (0..width).map(|k| format!("{TENSOR}{k}")).collect());
        if width == 0 {
            return Err(format!(
                "{TENSOR}: expected a column for each feature, found none"
            ));
        }
        if names.iter().any(String::is_empty) {
            return Err("metadata: names: expected no empty one".to_owned());
        }
        let mut known = HashSet::with_capacity(width);
        if let Some(again) = names.iter().find(|&name| !known.insert(name)) {
            return Err(format!(
                "metadata: names: expected a new one, found {again:?} again"
            ));
        }
        let numbers = numbers(&tensor)?;
        let mut known = HashSet::with_capacity(count);
        let mut rows = Vec::with_capacity(count);
        for (row, id) in ids.iter().enumerate() {
            let numbers = &numbers[row * width..][..width];
            if let Some(place) = numbers
                .iter()
                .position(|number| number.is_nan() || number.abs() > MAX_MAGNITUDE)
            {
                let (name, found) = (&names[place], numbers[place]);
                let expected = "expected a finite number of at most 1e100 either way";
                return Err(format!(
                    "row {}: {name}: {expected}, found {found}",
                    row + 1
                ));
            }
            if !known.insert(id) {
                return Err(format!(
                    "row {}: ids: expected a new one, found {id:?} again",
                    row + 1
                ));
            }
            rows.push(numbers.to_vec());
        }
        Ok(Features {
            file: file.to_owned(),
            names,
            ids,
            rows,
            notes: Vec::new(),
        })
    }
}

/// Whether these bytes begin like a safetensors file: the length of a header, and its first brace.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = bytes
        .first_chunk()
        .map(|length| u64::from_le_bytes(*length));
    // The longest header that the format allows.
    length.is_some_and(|length| length <= 100_000_000) && bytes.get(8) == Some(&b'{')
}

fn numbers(tensor: &TensorView) -> Result<Vec<f64>, String> {
    /// The bytes as numbers of `N` bytes, the least significant first.
    fn each<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        bytes
            .as_chunks()
            .0
            .iter()
            .map(|bytes| number(*bytes))
            .collect()
    }
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F64 => Ok(each(bytes, f64::from_le_bytes)),
        Dtype::F32 => Ok(each(bytes, |bytes| f32::from_le_bytes(bytes).into())),
        Dtype::F16 => Ok(each(bytes, |bytes| f16::from_le_bytes(bytes).to_f64())),
        Dtype::BF16 => Ok(each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f64())),
        other => Err(format!(
            "{TENSOR}: expected numbers of the type F64, F32, F16 or BF16, found {other:?}"
        )),
    }
}
