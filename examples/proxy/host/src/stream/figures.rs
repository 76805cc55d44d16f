//! What Prometheus is told of requests. Where it is told is looked up once: for every request that
//! would take longer than to tell it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

/// Figures of requests, of one worker.
pub(crate) struct Figures {
    streams: Gauge,
    durations: Histogram,
    /// By their status, and by who answered.
    requests: RefCell<HashMap<(u16, &'static str), Counter>>,
}

impl Figures {
    /// Those of whatever records by now.
    pub(crate) fn new() -> Self {
        Self {
            streams: gauge!("proxy_streams"),
            durations: histogram!("proxy_request_duration_seconds"),
            requests: RefCell::default(),
        }
    }

    /// A request has begun.
    pub(super) fn begun(&self) {
        self.streams.increment(1);
    }

    /// A request is through.
    pub(super) fn through(&self, status: u16, by: &'static str, took: Duration) {
        self.streams.decrement(1);
        self.durations.record(took.as_secs_f64());
        let mut requests = self.requests.borrow_mut();
        let of_these = requests.entry((status, by)).or_insert_with(|| {
            let status = status.to_string();
            counter!("proxy_requests_total", "status" => status, "by" => by)
        });
        of_these.increment(1);
    }
}
