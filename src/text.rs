//! Putting texts together: `text!["expected ", count, " numbers"]`.
//!
//! Texts and whole numbers are all that has to be said here. For the same, `format!` would bring 4 kB to the browser.

use alloc::string::String;

/// The text made of the given texts and whole numbers.
macro_rules! text {
    ($($piece:expr),+ $(,)?) => {{
        let mut text = alloc::string::String::new();
        $($crate::text::Piece::write(&$piece, &mut text);)+
        text
    }};
}

/// What a text can be made of.
pub(crate) trait Piece {
    /// Appends itself.
    fn write(&self, text: &mut String);
}

impl<T: Piece + ?Sized> Piece for &T {
    fn write(&self, text: &mut String) {
        (**self).write(text);
    }
}

impl Piece for str {
    fn write(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Piece for String {
    fn write(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Piece for u64 {
    fn write(&self, text: &mut String) {
        digits(*self, 10).write(text);
    }
}

impl Piece for usize {
    fn write(&self, text: &mut String) {
        (*self as u64).write(text);
    }
}

/// "one, two, three"
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut list = String::new();
    names.for_each(|name| {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(name);
    });
    list
}

/// A whole number in a base of 2 to 36.
pub(crate) fn digits(mut number: u64, base: u64) -> String {
    let mut digits = String::new();
    loop {
        digits.insert(0, char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % base) as usize]));
        number /= base;
        if number == 0 {
            return digits;
        }
    }
}
