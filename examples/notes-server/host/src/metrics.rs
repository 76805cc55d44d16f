//! What Prometheus reads: counts and times that others recorded, and what is true when it asks.

use abide::Stats;
use anyhow::Result;
use example_service::Recorder;
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};

use crate::tenants::Tenants;

/// Bounds of memory, in bytes: from 256 KiB in steps of four times.
const MEMORY: [f64; 6] = [
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    268_435_456.0,
];

/// The recorder of this process.
#[derive(Debug, Clone)]
pub(crate) struct Metrics(Recorder);

impl Metrics {
    /// Begins to record, for all of this process.
    ///
    /// # Errors
    ///
    /// Somebody else records already.
    pub(crate) fn start() -> Result<Self> {
        let recorder = Recorder::start(&[("abide_guest_memory_bytes", &MEMORY)])?;
        describe();
        Ok(Self(recorder))
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn text(&self, tenants: &Tenants) -> String {
        for tenant in tenants.values() {
            let stats = tenant.stats();
            for (name, value) in gauges(&stats) {
                gauge!(name, "guest" => tenant.name.to_string()).set(value as f64);
            }
        }
        self.0.text()
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
}
