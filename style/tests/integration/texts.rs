//! The texts whose features are on record in tests/style of the repository.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The texts of tests/style/texts.json, written out or as a piece that is repeated.
pub fn texts() -> Vec<String> {
    let file = fs::read(root().join("tests/style/texts.json")).unwrap();
    let texts: Vec<Value> = serde_json::from_slice(&file).unwrap();
    texts.iter().map(text).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        repeated => {
            let times = usize::try_from(repeated["times"].as_u64().unwrap()).unwrap();
            repeated["repeat"].as_str().unwrap().repeat(times)
        }
    }
}
