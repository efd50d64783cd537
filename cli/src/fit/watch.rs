//! Progress, and Ctrl-C.

use super::minimise::STEPS;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static HANDLER: OnceLock<()> = OnceLock::new();

/// Whether the person at the keyboard has had enough; asks to be told from the first call on.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// From now on Ctrl-C no longer ends the process at once: the fit ends with what it has. A second one does end it.
pub fn listen() {
    HANDLER.get_or_init(|| {
        // Where no handler can be set, Ctrl-C goes on to end the process.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
    });
}

/// Watches fits: a bar with the loss on standard error, nothing where that is no terminal.
#[derive(Debug, Clone)]
pub struct Watch {
    /// What the fits are for; nothing if nobody watches.
    context: Option<String>,
    what: String,
    bar: ProgressBar,
}

impl Watch {
    /// For fits that are for this.
    pub fn new(context: &str) -> Self {
        Watch { context: Some(context.to_owned()), ..Watch::hidden() }
    }

    /// Nobody watches.
    pub fn hidden() -> Self {
        Watch { context: None, what: String::new(), bar: ProgressBar::hidden() }
    }

    /// For the next fit, with a bar of its own.
    pub fn of(&self, fit: &str) -> Self {
        let Some(context) = &self.context else { return self.clone() };
        let bar = ProgressBar::new(STEPS);
        if let Ok(style) = ProgressStyle::with_template("{msg:<56} {wide_bar} {pos}/{len}, {eta} left at most") {
            bar.set_style(style);
        }
        Watch { context: self.context.clone(), what: format!("{context}{fit}"), bar }
    }

    /// One step further, at this loss. Whether to stop.
    pub fn step(&self, loss: f64) -> bool {
        self.bar.inc(1);
        self.bar.set_message(format!("{}, loss {loss:.2}", self.what));
        is_interrupted()
    }

    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
