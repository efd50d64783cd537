//! JSON values to and from JavaScript's.

use crate::error::Error;
use crate::json::{MAX_DEPTH, Value, too_deep};
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::{Array, JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// A fresh object, of which setting a field cannot fail.
    #[wasm_bindgen(js_name = Object)]
    type Fresh;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn put(this: &Fresh, name: &str, value: &JsValue);
}

/// A JavaScript value as a JSON value. Typed arrays count as lists; what JSON has no word for (a function, say) counts
/// as absent.
///
/// # Errors
/// [`Error::Json`] where lists and objects lie too deep in each other, as they do in a value that contains itself.
pub fn from_js(value: &JsValue) -> Result<Value, Error> {
    convert(value, 0)
}

fn convert(value: &JsValue, depth: usize) -> Result<Value, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Json(too_deep()));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Value::Number(number));
    }
    if let Some(text) = value.as_string() {
        return Ok(Value::String(text));
    }
    if let Some(truth) = value.as_bool() {
        return Ok(Value::Bool(truth));
    }
    if Array::is_array(value) || js_sys::ArrayBuffer::is_view(value) {
        let items = Array::from(value);
        let mut list = Vec::with_capacity(items.length() as usize);
        for item in items.iter() {
            list.push(convert(&item, depth + 1)?);
        }
        return Ok(Value::Array(list));
    }
    // By `typeof`, so that a function is none.
    if !value.is_object() {
        return Ok(Value::Null);
    }
    let object: &Object = value.unchecked_ref();
    let mut fields = Vec::new();
    for key in Object::keys(object).iter() {
        let Some(name) = key.as_string() else { continue };
        // A getter that throws counts as absent.
        let field = Reflect::get(object, &key).unwrap_or(JsValue::NULL);
        fields.push((name, convert(&field, depth + 1)?));
    }
    Ok(Value::Object(fields))
}

/// A JSON value as a JavaScript value.
pub fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::String(text) => JsValue::from_str(text),
        Value::Array(items) => items.iter().map(to_js).collect::<Array>().into(),
        Value::Object(fields) => {
            fields.iter().fold(Record::new(), |record, (name, value)| record.set(name, &to_js(value))).into()
        }
    }
}

/// An object that is being filled for the caller.
pub struct Record(pub Object);

impl Record {
    pub fn new() -> Self {
        Record(Object::new())
    }

    pub fn set(self, name: &str, value: &JsValue) -> Self {
        self.0.unchecked_ref::<Fresh>().put(name, value);
        self
    }

    pub fn number(self, name: &str, number: f64) -> Self {
        self.set(name, &JsValue::from_f64(number))
    }

    pub fn count(self, name: &str, count: usize) -> Self {
        self.number(name, count as f64)
    }

    pub fn numbers(self, name: &str, numbers: &[f64]) -> Self {
        self.set(name, &to_js(&Value::numbers(numbers)))
    }

    /// A text, or null.
    pub fn text(self, name: &str, text: Option<&str>) -> Self {
        self.set(name, &text.map_or(JsValue::NULL, JsValue::from_str))
    }
}

impl From<Record> for JsValue {
    fn from(record: Record) -> Self {
        record.0.into()
    }
}

/// Parses a JSON text with the browser's own parser.
///
/// # Errors
/// [`Error::Json`] in the browser's words.
pub fn parse(text: &str) -> Result<Value, Error> {
    match JSON::parse(text) {
        Ok(value) => from_js(&value),
        Err(error) => Err(Error::Json(message(&error))),
    }
}

/// The text of a JSON value.
pub fn stringify(value: &Value) -> JsString {
    JSON::stringify(&to_js(value)).unwrap_or_default()
}

/// JSON handed in as an object or a text.
pub fn read(value: &JsValue) -> Result<Value, Error> {
    if let Some(text) = value.as_string() {
        return parse(&text);
    }
    from_js(value)
}

fn message(error: &JsValue) -> String {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok().and_then(|message| message.as_string());
    message.unwrap_or_default()
}
