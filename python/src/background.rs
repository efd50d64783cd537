//! Long work on a thread of its own, without the GIL, while the thread that called looks for Ctrl-C.

use crate::error;
use pyo3::prelude::*;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How often the thread that called looks up.
pub const LOOK: Duration = Duration::from_millis(50);
/// How long interrupted work is waited for. It then ends by itself, with nobody to hear of it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Fails after Ctrl-C, if this is Python's main thread.
///
/// # Errors
/// The error of the signal's handler, usually `KeyboardInterrupt`.
pub fn look_for_ctrl_c(py: Python<'_>) -> PyResult<()> {
    py.check_signals()
}

/// Does the work, and lets Python run in between. `look` is called every now and then; if it fails, as it does
/// after Ctrl-C, `interrupt` asks the work to end.
///
/// # Errors
/// The error of `look`, or `LeaningError` of the code `internal` if the work panics.
pub fn in_background<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
    look: impl Fn(Python<'_>) -> PyResult<()>,
    interrupt: fn(),
) -> PyResult<T> {
    let (sender, mut receiver) = mpsc::channel();
    let work = move || {
        // Nobody listens any more after an interruption.
        let _ = sender.send(work());
    };
    thread::Builder::new()
        .name("leaning".to_owned())
        .spawn(work)
        .map_err(|problem| error::flaw(py, "internal", "", &problem.to_string()))?;
    let mut interrupted: Option<(PyErr, Instant)> = None;
    loop {
        // A borrow for this thread alone: another one could not share the receiver.
        let waiting = &mut receiver;
        let received = py.detach(move || waiting.recv_timeout(LOOK));
        match (received, interrupted.take()) {
            (Ok(result), None) => return Ok(result),
            (Ok(_) | Err(RecvTimeoutError::Disconnected), Some((error, _))) => return Err(error),
            (Err(RecvTimeoutError::Disconnected), None) => {
                let message = "the work ended without a result";
                return Err(error::flaw(py, "internal", "", message));
            }
            (Err(RecvTimeoutError::Timeout), Some((error, since))) => {
                if since.elapsed() > PATIENCE {
                    return Err(error);
                }
                interrupted = Some((error, since));
            }
            (Err(RecvTimeoutError::Timeout), None) => {
                if let Err(error) = look(py) {
                    interrupt();
                    interrupted = Some((error, Instant::now()));
                }
            }
        }
    }
}
