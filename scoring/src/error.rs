//! The ways in which a request can fail.

use thiserror::Error;

/// Why a request has no answer. No message holds the key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The server refuses the request, and would do so again.
    #[error("the server refused the request ({status}): {message}")]
    Refused {
        /// 3xx or 4xx.
        status: u16,
        /// The server's own words.
        message: String,
    },
    /// The server's certificate is not accepted: it is expired, of another name, or signed by nobody known.
    #[error("the server's certificate is not accepted: {because}")]
    Untrusted {
        /// The words of TLS.
        because: String,
    },
    /// Each attempt failed in a way that may pass.
    #[error("no answer after {attempts} attempts: {last}")]
    Unanswered {
        /// Their number.
        attempts: u32,
        /// How the last attempt failed.
        last: String,
    },
    /// The reply is none of the protocol.
    #[error("unexpected reply: {0}")]
    Unreadable(String),
}

impl Error {
    /// Whether every other request would fail in the same way: no such address or model, no right to use it.
    pub fn concerns_all(&self) -> bool {
        match self {
            Error::Refused { status, .. } => {
                matches!(status, 300..=399 | 401..=405)
            }
            Error::Untrusted { .. } => true,
            Error::Unanswered { .. } | Error::Unreadable(_) => false,
        }
    }
}
