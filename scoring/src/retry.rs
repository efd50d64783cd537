//! When to try again.

use httpdate::parse_http_date;
use std::time::{Duration, SystemTime};

/// The attempts at a request, and the waits between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retry {
    /// Attempts after the first.
    pub limit: u32,
    /// The wait before the second attempt. Each wait is twice as long as the one before.
    pub first: Duration,
    /// No wait is longer, unless the server asks for it.
    pub longest: Duration,
    /// A server that asks for a longer wait is not waited for.
    pub longest_asked: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            limit: 6,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            longest_asked: Duration::from_secs(600),
        }
    }
}

impl Retry {
    /// The wait after the attempt of this number, from 1; `None` if there is to be no other.
    ///
    /// `asked` is what the server asks for. `jitter`, between 0 and 1, takes up to half of the wait away, so that requests
    /// that failed together do not come back together.
    pub(crate) fn wait(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        if attempt > self.limit || asked.is_some_and(|asked| asked > self.longest_asked) {
            return None;
        }
        let doubled = self.first.saturating_mul(1 << (attempt - 1).min(16));
        let own = doubled.min(self.longest).mul_f64(1.0 - 0.5 * jitter);
        Some(own.max(asked.unwrap_or_default()))
    }
}

/// The wait that the header `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3).
pub(crate) fn asked(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Whether a status may pass: a time-out, too early, too many requests, or a server's own failure.
pub(crate) fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599) && status != 501 && status != 505
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_end_at_the_limit() {
        let retry = Retry {
            limit: 4,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(3),
            ..Retry::default()
        };
        let waits: Vec<_> = (1..=5)
            .map(|attempt| retry.wait(attempt, None, 0.0))
            .collect();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(
            waits,
            [seconds(1), seconds(2), seconds(3), seconds(3), None]
        );
        assert_eq!(retry.wait(1, None, 1.0), Some(Duration::from_millis(500)));
    }

    #[test]
    fn the_server_may_ask_for_a_longer_wait_but_not_for_an_hour() {
        let retry = Retry::default();
        let asked = Duration::from_secs(90);
        assert_eq!(retry.wait(1, Some(asked), 0.5), Some(asked));
        assert_eq!(retry.wait(1, Some(Duration::from_secs(3600)), 0.5), None);
        let hasty = Retry {
            longest_asked: Duration::from_secs(5),
            ..retry
        };
        assert_eq!(hasty.wait(1, Some(asked), 0.5), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(asked("120", now), seconds(120));
        assert_eq!(asked("Sun, 06 Nov 1994 08:50:37 GMT", now), seconds(60));
        assert_eq!(asked("Sun, 06 Nov 1994 08:40:00 GMT", now), seconds(0));
        for wrong in ["", "soon", "-1", "NaN"] {
            assert_eq!(asked(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let passing = [408, 429, 500, 502, 503, 504, 529];
        assert!(passing.into_iter().all(may_pass));
        assert!(
            ![200, 301, 400, 401, 403, 404, 413, 422, 501]
                .into_iter()
                .any(may_pass)
        );
    }
}
