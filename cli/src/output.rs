//! Results on standard output.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, ErrorKind, Write};

/// Prints a result as one line of JSON. A reader who has gone away has seen enough: that is no failure.
pub fn print(result: &impl Serialize) -> Result<(), Failure> {
    let failure = |error: io::Error| Failure::new("standard output", error);
    let mut line = serde_json::to_vec(result).map_err(|error| failure(error.into()))?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    match stdout.write_all(&line).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failure(error)),
        _ => Ok(()),
    }
}
