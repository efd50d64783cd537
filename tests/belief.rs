//! Beliefs against an independent reference, natively; `tests/web.rs` does the same in browsers.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

mod golden;

use leaning::json::Value;

fn reference() -> Value {
    include_str!("golden/belief.json")
        .parse()
        .expect("belief.json is JSON")
}

#[test]
fn beliefs_agree_with_the_reference() {
    let reference = reference();
    assert!(golden::items(golden::get(&reference, "cases")).len() >= 40);
    let failures = golden::failures(&reference);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `LEANING_BLESS=1 cargo test --test belief` writes the file anew, after a change that is meant to change bits.
#[test]
fn beliefs_have_the_bits_that_browsers_are_held_to() {
    let found = golden::bits::lines(&reference());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bits.txt");
    if std::env::var_os("LEANING_BLESS").is_some() {
        std::fs::write(path, &found).expect("tests/golden can be written to");
    }
    let expected = std::fs::read_to_string(path).expect("bits.txt is there");
    assert_eq!(found, expected);
}
