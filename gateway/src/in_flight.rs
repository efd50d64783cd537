//! A request for drafts that is in work.

use crate::metrics::Metrics;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;

/// The outcome of a request whose client has gone before its end.
const CLIENT_GONE: &str = "client_gone";

/// A request in work. However its work ends, it is counted, and gives its room back.
#[derive(Debug)]
pub struct InFlight {
    metrics: Arc<Metrics>,
    started: Instant,
    outcome: &'static str,
    _permit: OwnedSemaphorePermit,
}

impl InFlight {
    pub fn new(metrics: Arc<Metrics>, permit: OwnedSemaphorePermit) -> Self {
        metrics.started();
        InFlight {
            metrics,
            started: Instant::now(),
            outcome: CLIENT_GONE,
            _permit: permit,
        }
    }

    /// Ends the work.
    pub fn end(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.metrics.ended(self.outcome, self.started.elapsed());
    }
}
