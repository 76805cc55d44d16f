//! Many events to a guest, over which the memory of this process has to stay as it is.

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use abide::Warm;
use abide_figures::stats::Spread;
use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;

use crate::backends::{Backend, Kind};
use crate::events::{Counted, Flow};
use crate::guests;

/// How often memory is looked at.
const SAMPLES: u64 = 100;

/// A look at memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) events: u64,
    pub(crate) resident: u64,
}

/// What many events took.
#[derive(Debug)]
pub(crate) struct Steady {
    pub(crate) kind: Kind,
    pub(crate) events: u64,
    pub(crate) took: Duration,
    pub(crate) samples: Vec<Sample>,
}

impl Steady {
    pub(crate) fn per_second(&self) -> f64 {
        self.events as f64 / self.took.as_secs_f64()
    }

    /// The memory in the second tenth, when all is in use, and in the last; in bytes.
    pub(crate) fn resident(&self) -> Option<(f64, f64)> {
        let tenth = self.samples.len() / 10;
        let median = |samples: &[Sample]| {
            let bytes: Vec<_> = samples.iter().map(|of| of.resident as f64).collect();
            Spread::of(&bytes).map(|spread| spread.median)
        };
        let second = self.samples.get(tenth..2 * tenth)?;
        let last = self.samples.get(self.samples.len() - tenth..)?;
        Some((median(second)?, median(last)?))
    }
}

impl fmt::Display for Steady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, events) = (self.kind.about(), self.events);
        write!(
            f,
            "{kind}: {events} events, {:.0} per second",
            self.per_second()
        )?;
        if let Some((begin, end)) = self.resident() {
            let (begin, end) = (begin / 1_048_576.0, end / 1_048_576.0);
            write!(
                f,
                "; resident {begin:.1} MiB in the second tenth, {end:.1} MiB in the last"
            )?;
        }
        Ok(())
    }
}

/// Sends so many events to a guest.
pub(crate) fn measure(
    backend: &Backend,
    runtime: &Runtime,
    guest: &Path,
    events: u64,
) -> Result<Steady> {
    let each = (events / SAMPLES).max(1);
    runtime.block_on(async {
        let service = guests::load(guest, backend.dapr.host("bench"), Warm::new()).await?;
        let flow = Flow::start(backend, "long", Counted::new(Some(service))).await?;
        let (start, mut samples) = (Instant::now(), Vec::new());
        for number in 1..=events / each {
            flow.send(each).await?;
            samples.push(Sample {
                events: number * each,
                resident: resident()?,
            });
        }
        let took = start.elapsed();
        let events = samples.last().map_or(0, |sample| sample.events);
        // At least once is what is promised; where nothing fails it is once.
        let handled = flow.app.handled();
        ensure!(
            handled == events,
            "{handled} events of {events} were handled"
        );
        Ok(Steady {
            kind: backend.kind,
            events,
            took,
            samples,
        })
    })
}

/// The memory of this process that is there, in bytes.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("this is measured on Linux")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: u64 = number.context("there is no VmRSS")?.parse()?;
    Ok(1_024 * kibibytes)
}
