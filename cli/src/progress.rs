//! Progress of long commands.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that counts people; nothing if that is no terminal.
pub fn progress(people: usize, message: &str) -> ProgressBar {
    let bar = ProgressBar::new(people as u64);
    let template = "{msg:<40} {wide_bar} {pos}/{len} people, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(message.to_owned());
    bar
}
