//! The texts that both sides measure.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The texts of tests/style/texts.json: each as it is, or something repeated.
pub fn texts() -> Vec<String> {
    let file = fs::read(root().join("tests/style/texts.json")).unwrap();
    let texts: Vec<Value> = serde_json::from_slice(&file).unwrap();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other["repeat"].as_str().unwrap().repeat(other["times"].as_u64().unwrap() as usize),
    };
    texts.iter().map(text).collect()
}
