//! The browser side.

use crate::{ENGLISH, Lexicon};
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

/// What measures texts in a browser.
#[wasm_bindgen]
pub struct Style {
    lexicon: Lexicon,
}

#[wasm_bindgen]
#[allow(clippy::new_without_default)]
impl Style {
    /// For texts in English.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Style {
        Style { lexicon: Lexicon::new(&ENGLISH) }
    }

    /// The features of a text.
    pub fn measure(&self, text: &str) -> Vec<f64> {
        self.lexicon.measure(text).to_vec()
    }
}

#[cfg(all(feature = "small", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A panic is a bug, and ends in a trap, as in the library.
#[cfg(feature = "small")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
