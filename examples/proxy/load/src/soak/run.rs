//! One part of the soak: rounds of requests, reloads among them, and a look at the proxy's memory
//! between rounds.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_soak::Sample;
use anyhow::{Result, ensure};
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::part::{self, Part};
use super::verdict::{Counts, Soak};
use super::worker::{Gate, Tally, Worker};
use super::{Effort, WARM_UP};
use crate::proxy::Proxy;
use crate::upstream::Upstream;

/// Whatever takes longer never happens.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) async fn run(
    folder: &Path,
    part: Part,
    effort: &Effort,
    mut progress: impl FnMut(u64),
) -> Result<Soak> {
    let folder = std::path::absolute(folder)?;
    let filters = folder.with_extension("filters");
    fs::create_dir_all(&filters)?;
    part::lay_out(&filters)?;
    let upstream = Upstream::start().await;
    let reloading = Reloading::new(part, filters, &upstream);
    let proxy = Arc::new(Proxy::start(&folder, &reloading.config(0), &[])?);
    let mut workers = Vec::new();
    for _ in 0..effort.connections {
        let gate = Arc::clone(&reloading.gate);
        let worker = Worker::open(part, proxy.address, gate, part.padding(effort)).await?;
        workers.push(Arc::new(Mutex::new(worker)));
    }
    let requests = effort.of(part);
    let start = Instant::now();
    let (mut samples, mut times, mut total) = (Vec::new(), Vec::new(), Tally::default());
    let (mut done, mut reloads) = (0, 0);
    for round in 1..=effort.samples {
        let end = requests * round / effort.samples;
        let is_reloaded = (round * effort.reloads) % effort.samples < effort.reloads;
        let reload = (is_reloaded && part.has_both()).then(|| {
            reloads += 1;
            let (reloading, proxy) = (reloading.clone(), Arc::clone(&proxy));
            tokio::spawn(async move { reloading.reload(&proxy, reloads).await })
        });
        let tasks: Vec<_> = workers
            .iter()
            .zip(0..)
            .map(|(worker, own)| {
                let (worker, of) = (Arc::clone(worker), effort.connections);
                tokio::spawn(async move { worker.lock().await.round(done..end, own, of).await })
            })
            .collect();
        for task in tasks {
            let (tally, took) = task.await??;
            total += tally;
            times.extend(took);
        }
        if let Some(reload) = reload {
            reload.await??;
        }
        done = end;
        settle(&proxy).await?;
        samples.push(Sample {
            calls: done,
            bytes: proxy.resident_kib() << 10,
        });
        progress(done);
    }
    let time = start.elapsed();
    let counts = Counts::read(&proxy).await;
    counts.check(part, &total, &upstream)?;
    let after = samples.iter().position(|at| at.calls >= requests / WARM_UP);
    Soak::new(part, effort, total, times, time, samples, after, counts)
}

/// Waits until the proxy works on nothing.
async fn settle(proxy: &Proxy) -> Result<()> {
    let start = Instant::now();
    while proxy.metric("proxy_streams", &[]).await != 0.0 {
        ensure!(start.elapsed() < PATIENCE, "streams are left over");
        sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// What a new configuration is made of.
#[derive(Debug, Clone)]
struct Reloading {
    part: Part,
    filters: PathBuf,
    upstream: String,
    gate: Arc<Gate>,
}

impl Reloading {
    fn new(part: Part, filters: PathBuf, upstream: &Upstream) -> Self {
        let address = upstream.address;
        let upstream = format!(
            "[upstreams.up]\naddress = '{address}'\n[upstreams.auth]\naddress = '{address}'\n\
             [[routes]]\nupstream = 'up'\n"
        );
        Self {
            part,
            filters,
            upstream,
            gate: Arc::default(),
        }
    }

    fn config(&self, round: u64) -> String {
        self.part.config(&self.filters, &self.upstream, round)
    }

    /// Puts other filters and another configuration in the place of those that there are, and waits
    /// until the proxy has loaded them.
    async fn reload(&self, proxy: &Proxy, round: u64) -> Result<()> {
        let mut newest = self.gate.newest.lock().await;
        proxy.configure(&self.config(round));
        let reloads = format!("\"reloads\":{round}}}");
        let start = Instant::now();
        while !proxy.told("/healthz").await.contains(&reloads) {
            ensure!(
                start.elapsed() < PATIENCE,
                "it is not loaded: {}",
                proxy.log()
            );
            sleep(Duration::from_millis(20)).await;
        }
        *newest = round;
        Ok(())
    }
}
