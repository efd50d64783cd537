//! Errors across the boundary: a JavaScript `Error` with `code` and `path`.

use crate::error::Error;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let thrown = js_sys::Error::new(&error.to_string());
        // Setting a property of a fresh error cannot fail.
        let set = |name: &str, value: &str| {
            let _ = Reflect::set(&thrown, &name.into(), &value.into());
        };
        set("code", error.code());
        if let Some(path) = error.path().filter(|path| !path.is_empty()) {
            set("path", path);
        }
        thrown.into()
    }
}
