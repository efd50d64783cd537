//! The browser module in real browsers: `wasm-pack test --headless --chrome`, or `--firefox`.

mod answers;
mod bad_input;
mod interview;
mod reference;
mod retention;
mod storage;
mod tab;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
