//! Server-sent events as they come in, in pieces of any size.
//!
//! Only `data` is read, which is all that the protocol uses. Events are bounded, so a server that
//! never ends one cannot fill the memory; that is why no library's reader is used.

use crate::error::{ApiError, Code};

/// Bytes of an event, at most.
const MAX_EVENT: usize = 1 << 20;

/// Bytes that have come in and are no whole event yet.
#[derive(Debug, Default)]
pub struct Events {
    /// The line that has begun.
    line: Vec<u8>,
    /// The lines of `data` of the event that has begun.
    data: Vec<u8>,
    /// Whether the last byte was a carriage return: a line feed after it begins no other line.
    after_return: bool,
}

impl Events {
    /// The data of all events that these bytes complete.
    ///
    /// # Errors
    /// Fails if an event is too large or no UTF-8 text.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Vec<String>, ApiError> {
        let mut complete = Vec::new();
        for &byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => complete.extend(self.end_line()?),
                _ => {
                    if self.line.len() + self.data.len() >= MAX_EVENT {
                        let message = "the upstream server sent an event that is too large";
                        return Err(ApiError::new(Code::UpstreamTooLarge, message));
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(complete)
    }

    /// The event that the end of this line completes.
    fn end_line(&mut self) -> Result<Option<String>, ApiError> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let mut data = std::mem::take(&mut self.data);
            // Each line of data has added a line break.
            if data.pop().is_none() {
                return Ok(None);
            }
            let invalid = |_| {
                let message = "the upstream server sent an event that is no text";
                ApiError::new(Code::UpstreamInvalid, message)
            };
            return String::from_utf8(data).map(Some).map_err(invalid);
        }
        if let Some(value) = line.strip_prefix(b"data:") {
            self.data
                .extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
            self.data.push(b'\n');
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::{Events, MAX_EVENT};

    const STREAM: &str = ": a comment\r\ndata: {\"a\":1}\r\n\r\nevent: x\ndata:one\ndata: two\n\nid: 3\n\rdata: ü\r\r";

    #[test]
    fn events_are_the_same_however_the_bytes_are_cut() {
        for size in 1..STREAM.len() {
            let mut events = Events::default();
            let pieces = STREAM.as_bytes().chunks(size);
            let found: Vec<String> = pieces
                .flat_map(|piece| events.read(piece).unwrap())
                .collect();
            assert_eq!(found, ["{\"a\":1}", "one\ntwo", "ü"], "{size}");
        }
    }

    #[test]
    fn an_event_that_never_ends_or_is_no_text_is_refused() {
        let mut events = Events::default();
        assert!(events.read(&vec![b'a'; MAX_EVENT]).is_ok());
        assert!(events.read(b"a").is_err());
        let mut lines = Events::default();
        let endless = "data: 12345678\n".repeat(MAX_EVENT / 8);
        assert!(lines.read(endless.as_bytes()).is_err());
        assert!(Events::default().read(b"data: \xff\n\n").is_err());
    }
}
