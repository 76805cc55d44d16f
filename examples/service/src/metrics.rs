//! What Prometheus reads: what others recorded in this process, and its memory.

use std::fmt;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of times, in seconds.
pub const TIMES: [f64; 12] = [
    0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0,
];

/// How often what was recorded is put in order. Nobody may ask for days, and it must not grow.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of this process.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    /// Begins to record, for all of this process, and to keep what is recorded in order. Histograms
    /// have [`TIMES`] for bounds, those of these names others.
    ///
    /// # Errors
    ///
    /// Somebody else records already.
    pub fn start(others: &[(&str, &[f64])]) -> Result<Self> {
        let mut builder = PrometheusBuilder::new().set_buckets(&TIMES)?;
        for (name, bounds) in others {
            let name = Matcher::Full((*name).to_owned());
            builder = builder.set_buckets_for_metric(name, bounds)?;
        }
        let handle = builder
            .install_recorder()
            .context("cannot record metrics")?;
        describe();
        let upkeep = handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                upkeep.run_upkeep();
            }
        });
        Ok(Self(handle))
    }

    /// All of it, as Prometheus reads it.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(bytes) = resident() {
            gauge!("process_resident_memory_bytes").set(bytes as f64);
        }
        self.0.render()
    }
}

fn describe() {
    describe_counter!(
        "http_requests_total",
        "Requests that were answered; 499 where the client went"
    );
    describe_gauge!("http_requests_in_flight", "Requests that are worked on");
    describe_histogram!("http_request_duration_seconds", "Time to answer a request");
    describe_gauge!("process_resident_memory_bytes", "Memory of this process");
}

/// The resident memory of this process in bytes, where the system tells.
#[must_use]
pub fn resident() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
