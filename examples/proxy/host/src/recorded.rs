//! What Prometheus reads: counts and times that others recorded.

use std::time::Duration;

use anyhow::{Context, Result};
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::task::spawn_local;

/// Bounds of times, in seconds.
const TIMES: [f64; 12] = [
    0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0,
];

/// How often what was recorded is put in order. Nobody may ask for days, and it must not grow.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to record, for all of this process, and to keep what is recorded in order.
///
/// # Errors
///
/// Somebody else records already.
pub(crate) fn start() -> Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets(&TIMES)?;
    let handle = builder
        .install_recorder()
        .context("cannot record metrics")?;
    describe();
    let upkeep = handle.clone();
    spawn_local(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

fn describe() {
    describe_counter!(
        "proxy_requests_total",
        "Requests, by who answered; 499 where the client went"
    );
    describe_histogram!(
        "proxy_request_duration_seconds",
        "Time until a request was through"
    );
    describe_gauge!("proxy_streams", "Requests that are not through");
    describe_gauge!("proxy_connections", "Connections of clients");
    describe_gauge!(
        "proxy_generations",
        "Configurations that have streams, on all workers"
    );
    describe_counter!(
        "proxy_reloads_total",
        "How often all was loaded anew, by how it went"
    );
    describe_counter!(
        "proxy_callouts_total",
        "Requests of filters' own, by how they went"
    );
    describe_counter!(
        "proxy_upstream_failures_total",
        "Requests that no upstream answered"
    );
    describe_gauge!(
        "proxy_filter_memory_bytes",
        "Linear memory of a filter's VMs, on all workers"
    );
    describe_counter!("proxy_filter_vms_started_total", "VMs that were started");
    describe_counter!("proxy_filter_vms_failed_total", "VMs that failed");
    describe_counter!(
        "proxy_filter_vms_recycled_total",
        "VMs that had served their time"
    );
}
