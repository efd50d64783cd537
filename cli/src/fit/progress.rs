//! Progress of fits: a bar with the loss on standard error, nothing if that is no terminal.

use crate::progress::shown;
use indicatif::{ProgressBar, ProgressStyle};

/// The purpose of the next fits, for their bars.
#[derive(Debug, Clone)]
pub struct FitProgress {
    /// `None` if no bar is to be shown.
    purpose: Option<String>,
}

impl FitProgress {
    /// For fits with this purpose.
    pub fn new(purpose: &str) -> Self {
        FitProgress {
            purpose: Some(purpose.to_owned()),
        }
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        FitProgress { purpose: None }
    }

    /// For one of these fits.
    pub fn of(&self, fit: &str) -> Self {
        FitProgress {
            purpose: self
                .purpose
                .as_ref()
                .map(|purpose| format!("{purpose}{fit}")),
        }
    }

    /// Starts the bar of a fit with at most this many steps.
    pub fn start(&self, steps: u64) -> FitBar {
        let Some(purpose) = self.purpose.clone() else {
            return FitBar {
                purpose: String::new(),
                bar: ProgressBar::hidden(),
            };
        };
        let bar = shown(ProgressBar::new(steps));
        let template = "{msg:<56} {wide_bar} {pos}/{len}, {eta} left at most";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        FitBar { purpose, bar }
    }
}

/// The bar of one fit.
#[derive(Debug, Clone)]
pub struct FitBar {
    purpose: String,
    bar: ProgressBar,
}

impl FitBar {
    /// Counts a step that ended at this loss.
    pub fn step(&self, loss: f64) {
        self.bar.inc(1);
        self.bar
            .set_message(format!("{}, loss {loss:.2}", self.purpose));
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
