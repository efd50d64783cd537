//! Errors across the boundary: a JavaScript `Error` with `code` and `path`.

use super::value::Record;
use crate::error::Error;
use wasm_bindgen::JsValue;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let thrown = js_sys::Error::new(&error.line());
        thrown.set_name("LeaningError");
        let mut record = Record(thrown.into()).text("code", Some(error.code()));
        if let Some(path) = error.path().filter(|path| !path.is_empty()) {
            record = record.text("path", Some(path));
        }
        record.into()
    }
}
