//! Counts for Prometheus. They say how the gateway does, and nothing about anybody.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;

/// Upper ends of the durations that are counted together, in seconds.
const DURATIONS: [f64; 11] = [
    0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

/// Counts by outcome: `ok`, or the code of an error.
type ByOutcome = Family<[(&'static str, &'static str); 1], Counter>;

#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: ByOutcome,
    drafts: ByOutcome,
    scorings: ByOutcome,
    in_flight: Gauge,
    durations: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("leaning_gateway");
        let requests = ByOutcome::default();
        let drafts = ByOutcome::default();
        let scorings = ByOutcome::default();
        let in_flight = Gauge::default();
        let durations = Histogram::new(DURATIONS);
        registry.register(
            "requests",
            "Requests for drafts, by outcome",
            requests.clone(),
        );
        registry.register("drafts", "Drafts, by outcome", drafts.clone());
        registry.register(
            "scorings",
            "Messages whose drafts were scored, by outcome",
            scorings.clone(),
        );
        registry.register(
            "in_flight",
            "Requests for drafts in work",
            in_flight.clone(),
        );
        registry.register(
            "request_duration_seconds",
            "Time that requests for drafts were in work",
            durations.clone(),
        );
        Metrics {
            registry,
            requests,
            drafts,
            scorings,
            in_flight,
            durations,
        }
    }
}

impl Metrics {
    /// A request for drafts was taken into work.
    pub fn started(&self) {
        self.in_flight.inc();
    }

    /// The work of a request has ended.
    pub fn ended(&self, outcome: &'static str, duration: Duration) {
        self.in_flight.dec();
        self.durations.observe(duration.as_secs_f64());
        self.refused(outcome);
    }

    /// A request has ended that was never taken into work.
    pub fn refused(&self, outcome: &'static str) {
        self.requests.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub fn draft(&self, outcome: &'static str) {
        self.drafts.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub fn scoring(&self, outcome: &'static str) {
        self.scorings.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// All of them in the text format of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
