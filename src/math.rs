//! What the standard library has for numbers and `core` has not.

/// The square root, rounded correctly and so the same everywhere.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

/// The square root, rounded correctly and so the same everywhere. WebAssembly has an instruction for it, which `core`
/// offers for two numbers at a time alone (Chrome 91, Firefox 89, Safari 16.4); in software it is slow, and with all that
/// it takes 0.8 kB to download.
#[cfg(target_arch = "wasm32")]
#[inline]
pub(crate) fn sqrt(x: f64) -> f64 {
    use core::arch::wasm32::{f64x2_extract_lane, f64x2_splat, f64x2_sqrt};
    #[target_feature(enable = "simd128")]
    fn by_instruction(x: f64) -> f64 {
        f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(x)))
    }
    by_instruction(x)
}
