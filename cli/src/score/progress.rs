//! The progress of a run on standard error; nothing if that is no terminal.

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use leaning_scoring::{Event, Totals};
use std::fmt::Write;

/// A bar that counts requests.
pub struct AskingBar(ProgressBar);

impl AskingBar {
    pub fn new() -> Self {
        let bar = ProgressBar::new(0);
        let template = "{msg} {wide_bar} {pos}/{len} requests, {rate}, {prefix} tokens, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", rate));
        }
        AskingBar(bar)
    }

    pub fn show(&self, event: Event, totals: &Totals) {
        let AskingBar(bar) = self;
        match event {
            Event::Started => {
                bar.set_length((totals.requests - totals.cached) as u64);
                bar.set_message("Asking");
                // The wait for the cache is no part of the rate.
                bar.reset();
            }
            Event::Went => bar.set_position((totals.answered + totals.failed) as u64),
            Event::Stopping(under_way) => {
                bar.set_message(format!(
                    "Waiting for {under_way}; Ctrl-C again ends at once"
                ));
            }
        }
        bar.set_prefix(tokens(totals.tokens.prompt + totals.tokens.completion));
    }

    pub fn finish(&self) {
        let AskingBar(bar) = self;
        bar.finish_and_clear();
    }
}

/// Requests a second.
fn rate(state: &ProgressState, text: &mut dyn Write) {
    // A text takes any number.
    let _ = write!(text, "{:.1}/s", state.per_sec());
}

/// A count in few characters.
pub fn tokens(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{:.1} k", count as f64 / 1e3),
        _ => format!("{:.2} M", count as f64 / 1e6),
    }
}
