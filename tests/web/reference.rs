//! The numbers of browsers beside the reference, and beside those of the native build.

use crate::golden;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn approximations_agree_with_the_reference() {
    let failures = golden::failures(&golden::cases());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[wasm_bindgen_test]
fn approximations_and_samples_have_the_same_bits_as_natively() {
    let found = golden::bits::lines(&golden::cases());
    assert_eq!(
        found.lines().count(),
        golden::bits::EXPECTED.lines().count()
    );
    for (found, expected) in found.lines().zip(golden::bits::EXPECTED.lines()) {
        assert_eq!(found, expected);
    }
}
