//! Everything about a gateway that its publisher decides.

use crate::host::Host;
use crate::origin::Origin;
use crate::scorer::Scorer;
use crate::site::Site;
use crate::upstream::UpstreamUrl;
use leaning_scoring::Key;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// The settings of a gateway.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server that writes the drafts; the embedded stand-in if `None`.
    pub upstream: Option<UpstreamUrl>,
    /// The key for the upstream server. Without one, a request's own `Authorization` is passed on.
    pub key: Option<Key>,
    /// The model to ask for whatever a request names.
    pub model: Option<String>,
    /// Number of drafts where a request has no `n`.
    pub drafts: usize,
    /// How drafts are asked for.
    pub ask: Ask,
    /// Draft k is asked for as entry k says, and plainly if there is none.
    pub unlike: Vec<Unlike>,
    /// Scores the drafts; without it they have no scores.
    pub scorer: Option<Arc<dyn Scorer>>,
    /// Limits of size, number and time.
    pub limits: Limits,
    /// Origins of pages that may use the gateway.
    pub allow_origins: Vec<Origin>,
    /// Hosts that requests may name besides those for this machine. Without any, all may be named
    /// if the gateway listens at an address that others reach.
    pub hosts: Vec<Host>,
    /// Folders of files to serve beside the API, each at a path of its own.
    pub sites: Vec<Site>,
}

/// How the drafts of a message are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// In one upstream request with `n`, so that the conversation is read once.
    Once,
    /// In an upstream request for each draft, as for servers without `n`.
    Parallel,
}

/// A change to an upstream request that makes its draft unlike the others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlike {
    /// A sentence that is added to the system message.
    pub instruction: Option<String>,
    /// The temperature instead of the request's own.
    pub temperature: Option<f64>,
}

/// Limits of size, number and time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Drafts of a request.
    pub drafts: usize,
    /// Requests for drafts that are in work at once.
    pub concurrency: usize,
    /// The time without a byte after which an upstream request, or the body of a client's, is given
    /// up. An answer as a whole may take [`Limits::WHOLE`] times as long.
    pub timeout: Duration,
    /// After a signal to end, the time for what is in work.
    pub grace: Duration,
}

impl Limits {
    /// An answer as a whole may take as many times the time-out.
    pub const WHOLE: u32 = 10;
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 1 << 20,
            drafts: 8,
            concurrency: 256,
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(8),
        }
    }
}
