//! Short ids.

use crate::text::digits;
use alloc::string::String;
use alloc::vec::Vec;

/// A short id of a number.
pub(crate) fn base36(number: u64) -> String {
    digits(number, 36)
}

/// FNV-1a (Fowler, Noll & Vo): tells contents apart, and is no secret.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Appends the bits of these numbers.
pub(crate) fn push_bits(bytes: &mut Vec<u8>, numbers: &[f64]) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_bits().to_le_bytes());
    }
}
