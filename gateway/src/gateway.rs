//! A gateway at work: its settings, its upstream server, and the limits that requests share.

use crate::error::{ApiError, Code};
use crate::in_flight::InFlight;
use crate::metrics::Metrics;
use crate::settings::{Limits, Settings};
use crate::upstream::Upstream;
use axum::http::HeaderValue;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Duration, sleep};

/// After this many seconds a client that was refused for want of room may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

#[derive(Debug)]
pub struct Gateway {
    pub settings: Settings,
    pub upstream: Upstream,
    pub metrics: Arc<Metrics>,
    room: Arc<Semaphore>,
    /// Becomes true once what is in work has to end.
    over: watch::Receiver<bool>,
}

impl Gateway {
    pub fn new(settings: Settings, upstream: Upstream, over: watch::Receiver<bool>) -> Self {
        Gateway {
            room: Arc::new(Semaphore::new(settings.limits.concurrency)),
            metrics: Arc::default(),
            settings,
            upstream,
            over,
        }
    }

    /// Takes a request for drafts into work.
    ///
    /// # Errors
    /// Fails if there are too many at once.
    pub fn take(&self) -> Result<InFlight, ApiError> {
        match Arc::clone(&self.room).try_acquire_owned() {
            Ok(permit) => Ok(InFlight::new(Arc::clone(&self.metrics), permit)),
            Err(_) => {
                let most = self.settings.limits.concurrency;
                let message = format!("{most} requests are in work, which is all that may be");
                let error = ApiError::new(Code::Overloaded, message);
                self.metrics.refused(error.code.name());
                Err(error.with_retry_after(Some(RETRY_AFTER)))
            }
        }
    }

    /// The result of this work, if it comes in time and before the end of the gateway.
    ///
    /// # Errors
    /// Fails as the work does, or if it was given up.
    pub async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        let whole = self.settings.limits.timeout * Limits::WHOLE;
        tokio::select! {
            result = work => result,
            () = self.is_over() => {
                let error = ApiError::new(Code::ShuttingDown, "the gateway is being shut down");
                Err(error.with_retry_after(Some(RETRY_AFTER)))
            }
            () = sleep(whole) => Err(too_long(whole)),
        }
    }

    async fn is_over(&self) {
        let mut over = self.over.clone();
        if over.wait_for(|over| *over).await.is_err() {
            // Nobody is left who could end it.
            std::future::pending::<()>().await;
        }
    }
}

fn too_long(whole: Duration) -> ApiError {
    let seconds = whole.as_secs_f64();
    let message = format!("the upstream server's answer took longer than {seconds} s");
    ApiError::new(Code::UpstreamTimeout, message)
}
