//! Progress of long commands.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The latest bar, while another program shows it.
static WATCHED: Mutex<Option<ProgressBar>> = Mutex::new(None);
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// A bar on standard error that counts people; nothing if that is no terminal.
pub fn progress(people: usize, message: &str) -> ProgressBar {
    let bar = shown(ProgressBar::new(people as u64));
    let template = "{msg:<40} {wide_bar} {pos}/{len} people, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(message.to_owned());
    bar
}

/// The bar, on standard error or for the program that watches.
pub fn shown(bar: ProgressBar) -> ProgressBar {
    if IS_WATCHED.load(Ordering::Relaxed) {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        *watched() = Some(bar.clone());
    }
    bar
}

/// From now on nothing is written to standard error; [`latest`] tells the progress.
pub fn watch() {
    IS_WATCHED.store(true, Ordering::Relaxed);
}

/// The latest bar that somebody has asked for since [`watch`] or [`forget`].
pub fn latest() -> Option<ProgressBar> {
    watched().clone()
}

/// Forgets the latest bar.
pub fn forget() {
    *watched() = None;
}

fn watched() -> MutexGuard<'static, Option<ProgressBar>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}
