//! Requests for long, with all that can go wrong mixed in, and whether anything is lost, wrong, or
//! kept for ever.
//!
//! `turn` says what each number asks for, `worker` asks, `replaced` has another
//! guest loaded meanwhile, `verdict` says what the memory means.

mod replaced;
mod turn;
mod verdict;
mod worker;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide_soak::Sample;
use anyhow::{Result, ensure};
use example_client::{Scrape, Server};
use tokio::sync::Mutex;

use self::replaced::Replaced;
use self::worker::{Tally, Worker};

pub use self::verdict::Soak;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// How many requests.
    pub requests: u64,
    /// Over how many connections.
    pub workers: u64,
    /// How often the memory is looked at, between requests.
    pub samples: u64,
    /// How often the guest is replaced.
    pub reloads: u64,
    /// How many bytes of each request the server keeps for ever.
    pub leak: u64,
    /// How many bytes the server may have grown after the first fifth.
    pub allowed: f64,
}

impl Effort {
    /// What a result is worth writing down after.
    pub const FULL: Self = Self {
        requests: 200_000,
        workers: 16,
        samples: 200,
        reloads: 50,
        leak: 0,
        allowed: 8.0 * 1024.0 * 1024.0,
    };

    /// A hundredth of it, in which a server has hardly found its size: the compiler that a reload
    /// runs leaves more behind than all of its requests.
    pub const QUICK: Self = Self {
        requests: 2_000,
        workers: 8,
        samples: 40,
        reloads: 4,
        leak: 0,
        allowed: 48.0 * 1024.0 * 1024.0,
    };

    /// The same with a server that keeps, over all requests, several times what it may grow.
    #[must_use]
    pub fn with_a_leak(self) -> Self {
        Self {
            leak: (4.0 * self.allowed) as u64 / self.requests,
            ..self
        }
    }
}

/// Tenants like most, and two whose guests are told bad things. However busy the machine is, what
/// is to be answered is in time.
const CONFIG: &str = "\
guest = \"guest.wasm\"
database = \"notes.redb\"
artefacts = \"artefacts\"

[tenants.steady]
deadline_ms = 30_000
wait_ms = 30_000
notes = 10_000

[tenants.fresh]
fresh = true
deadline_ms = 30_000
wait_ms = 30_000

[tenants.trapping]
deadline_ms = 30_000
wait_ms = 30_000
memory_mib = 16
breaker = 0

[tenants.looping]
deadline_ms = 100
wait_ms = 30_000
breaker = 0
";

/// Asks it all. `guest` is one with faults.
///
/// # Errors
///
/// A request is answered wrongly or not at all, or the server counted others than were asked.
pub async fn soak(program: &Path, guest: &Path, folder: &Path, effort: &Effort) -> Result<Soak> {
    let leak = effort.leak.to_string();
    let folder = std::path::absolute(folder)?;
    let mut replaced = Replaced::new(guest, &folder)?;
    let server = Server::restart(program, &folder, CONFIG, &["--leak", &leak])?;
    let address = server.address;
    let mut workers = Vec::new();
    for number in 0..effort.workers {
        let worker = Worker::open(address, number).await?;
        workers.push(Arc::new(Mutex::new(worker)));
    }
    let start = Instant::now();
    let mut samples = Vec::new();
    let mut total = Tally::default();
    let mut times = Vec::new();
    let mut done = 0;
    for round in 1..=effort.samples {
        let end = effort.requests * round / effort.samples;
        if (round * effort.reloads) % effort.samples < effort.reloads {
            replaced.replace()?;
        }
        let tasks: Vec<_> = workers
            .iter()
            .map(|worker| {
                let (worker, count) = (Arc::clone(worker), effort.workers);
                tokio::spawn(async move { worker.lock().await.round(done..end, count).await })
            })
            .collect();
        for task in tasks {
            let (tally, took) = task.await??;
            total += tally;
            times.extend(took);
        }
        done = end;
        // What was given up is still being put away; nothing else runs.
        settle(address).await?;
        samples.push(Sample {
            calls: done,
            bytes: Scrape::read(address).await?.resident(),
        });
    }
    let time = start.elapsed();
    let scrape = Scrape::read(address).await?;
    check(&scrape, &total, effort)?;
    let reloads = scrape.sum("notes_guest_reloads", &["steady"]) as u64;
    let given_up = scrape.sum("notes_guest_calls_dropped", &[]) as u64;
    Soak::new(*effort, total, times, time, samples, reloads, given_up)
}

/// Waits until the server works on nothing but this question.
async fn settle(address: std::net::SocketAddr) -> Result<()> {
    let start = Instant::now();
    loop {
        let scrape = Scrape::read(address).await?;
        if scrape.sum("http_requests_in_flight", &[]) <= 1.0 {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(30),
            "the server still works on what nobody waits for"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether the server counted what was asked.
fn check(scrape: &Scrape, total: &Tally, effort: &Effort) -> Result<()> {
    let counted = |labels: &[&str]| scrape.sum("http_requests_total", labels) as u64;
    let api = counted(&["route=\"/api/"]);
    // Who goes away may have gone before the server looked, which then has nothing to count.
    let unseen = effort.requests.saturating_sub(api);
    ensure!(
        total.all() == effort.requests && api <= effort.requests && unseen <= total.gone,
        "{} requests were made, {total:?}, and the server counted {api}",
        effort.requests
    );
    // Or may be slower than the deadline, on a busy machine.
    let stopped = counted(&["status=\"504\""]) + counted(&["status=\"499\""]);
    ensure!(
        stopped + unseen == total.timeouts + total.gone,
        "{} requests were to time out and {} were given up, {unseen} of them before the server \
         saw them, and it counted {stopped}",
        total.timeouts,
        total.gone
    );
    let broken = counted(&["status=\"502\""]);
    ensure!(
        broken == total.traps,
        "{} requests were to trap, and the server counted {broken}",
        total.traps
    );
    let answered = counted(&["route=\"/api/", "status=\"200\""]);
    ensure!(
        answered == total.answered,
        "{} requests were answered, and the server counted {answered}",
        total.answered
    );
    Ok(())
}
