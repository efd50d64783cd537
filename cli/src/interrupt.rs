//! Ctrl-C during a long command.

use leaning::Error;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static HANDLER: OnceLock<()> = OnceLock::new();

/// Whether Ctrl-C has been pressed since [`listen`].
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Fails once the command is interrupted, for work that has no state so far to end with. Whoever
/// interrupts it knows why it failed, whatever the error says.
///
/// # Errors
/// [`Error::NotConverged`].
pub fn go_on() -> Result<(), Error> {
    if is_interrupted() {
        Err(Error::NotConverged)
    } else {
        Ok(())
    }
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

/// Leaves Ctrl-C to the program that runs commands, which then calls [`set`].
pub fn leave_to_host() {
    HANDLER.get_or_init(|| ());
}

/// Interrupts the command that runs, or takes that back before the next one.
pub fn set(interrupted: bool) {
    INTERRUPTED.store(interrupted, Ordering::Relaxed);
}
