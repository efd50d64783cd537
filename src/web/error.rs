//! Errors across the boundary: a JavaScript `Error` with `code` and `path`.

use crate::error::Error;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let thrown = js_sys::Error::new(&error.line());
        thrown.set_name("LeaningError");
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&thrown, &"code".into(), &error.code().into());
        if let Some(path) = error.path().filter(|path| !path.is_empty()) {
            let _ = Reflect::set(&thrown, &"path".into(), &path.into());
        }
        thrown.into()
    }
}
