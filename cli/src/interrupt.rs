//! Ctrl-C during a long command.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static HANDLER: OnceLock<()> = OnceLock::new();

/// Whether Ctrl-C has been pressed since [`listen`].
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// From now on Ctrl-C does not end the process, so that the command can end with its state so far. A
/// second Ctrl-C does end it.
pub fn listen() {
    HANDLER.get_or_init(|| {
        // If no handler can be set, Ctrl-C still ends the process.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
    });
}
