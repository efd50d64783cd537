//! How far a command is.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that counts people; nothing where that is no terminal.
pub fn progress(people: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(people as u64);
    if let Ok(style) = ProgressStyle::with_template("{msg:<40} {wide_bar} {pos}/{len} people, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}
