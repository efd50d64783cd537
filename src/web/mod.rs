//! The browser side: the only place that knows a browser, and the only one without statistics.

mod api;
mod error;
mod store;
mod value;

pub use api::Leaning;
pub use value::{from_js, parse, to_js};

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../../js/types.d.ts");

#[cfg(all(feature = "small", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A panic is a bug, and ends in a trap, as with the standard library. That would also put together a message for
/// nobody to read, and the means for it take 4 kB.
#[cfg(feature = "small")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
