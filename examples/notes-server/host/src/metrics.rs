//! What Prometheus reads: counts and times that others recorded, and what is true when it asks.

use std::fs;
use std::time::Duration;

use abide::Stats;
use anyhow::{Context, Result};
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::tenants::Tenants;

/// Bounds of times, in seconds.
const TIMES: [f64; 12] = [
    0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0,
];

/// Bounds of memory, in bytes: from 256 KiB in steps of four times.
const MEMORY: [f64; 6] = [
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    268_435_456.0,
];

/// How often what was recorded is put in order. Nobody may ask for days, and it must not grow.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of this process.
#[derive(Clone)]
pub(crate) struct Metrics {
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Begins to record, for all of this process, and to keep what is recorded in order.
    ///
    /// # Errors
    ///
    /// Somebody else records already.
    pub(crate) fn start() -> Result<Self> {
        let builder = PrometheusBuilder::new().set_buckets(&TIMES)?;
        let memory = Matcher::Full("abide_guest_memory_bytes".to_owned());
        let builder = builder.set_buckets_for_metric(memory, &MEMORY)?;
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
        Ok(Self { handle })
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn text(&self, tenants: &Tenants) -> String {
        for tenant in tenants.values() {
            let stats = tenant.stats();
            for (name, value) in gauges(&stats) {
                gauge!(name, "guest" => tenant.name.to_string()).set(value as f64);
            }
        }
        if let Some(bytes) = resident() {
            gauge!("process_resident_memory_bytes").set(bytes as f64);
        }
        self.handle.render()
    }
}

/// What a guest's handle counts by itself.
fn gauges(stats: &Stats) -> [(&'static str, u64); 4] {
    [
        ("notes_guest_instances", stats.instances),
        ("notes_guest_instances_started", stats.started),
        ("notes_guest_calls_dropped", stats.dropped),
        ("notes_guest_reloads", stats.reloads),
    ]
}

fn describe() {
    describe_counter!(
        "http_requests_total",
        "Requests that were answered; 499 where the client went"
    );
    describe_gauge!("http_requests_in_flight", "Requests that are worked on");
    describe_histogram!("http_request_duration_seconds", "Time to answer a request");
    describe_counter!("abide_calls_total", "Calls of guests, by how they ended");
    describe_histogram!("abide_call_duration_seconds", "Time of calls of guests");
    describe_histogram!(
        "abide_guest_memory_bytes",
        "Memory of an instance after a call"
    );
    describe_gauge!("notes_guest_instances", "Instances that are there now");
    describe_gauge!("notes_guest_instances_started", "Instances that were made");
    describe_gauge!("notes_guest_calls_dropped", "Calls whose client went");
    describe_gauge!("notes_guest_reloads", "How often the guest was replaced");
    describe_gauge!("process_resident_memory_bytes", "Memory of this process");
}

/// The resident memory of this process, where the system tells.
fn resident() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
