//! What came of a run, and what is to be thought of the memory of its services.

use std::fmt;
use std::time::Duration;

use abide_soak::{Sample, Trend, Verdict, text};
use anyhow::{Context as _, Result};
use example_client::Times;

use crate::load::{Answered, Effort};

/// The warm-up is one of so many parts of a run.
pub(crate) const WARM_UP: usize = 5;

/// How many bytes a service may grow after the warm-up.
pub(crate) const ALLOWED: f64 = 8.0 * 1024.0 * 1024.0;

/// The memory of a service.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name.
    pub service: String,
    /// Whether it has a fault by which it has to grow.
    pub is_faulty: bool,
    /// Its memory.
    pub samples: Vec<Sample>,
    /// The line through the samples after the warm-up.
    pub trend: Trend,
    /// What the memory does.
    pub verdict: Verdict,
}

impl Part {
    fn new(service: String, is_faulty: bool, samples: Vec<Sample>) -> Result<Self> {
        let after = samples.get(samples.len() / WARM_UP..).unwrap_or_default();
        let trend = Trend::of(after).context("there are too few samples")?;
        let calls = trend.calls();
        Ok(Self {
            verdict: Verdict::of(trend.slope * calls, trend.bound * calls, ALLOWED),
            service,
            is_faulty,
            samples,
            trend,
        })
    }

    /// By how much it has grown after the warm-up, and how sure that is.
    pub(crate) fn growth(&self) -> (f64, f64) {
        let calls = self.trend.calls();
        (self.trend.slope * calls, self.trend.bound * calls)
    }

    /// What is wrong, if anything is.
    pub(crate) fn complaint(&self) -> Option<String> {
        let expected = match self.is_faulty {
            true => Verdict::Grows,
            false => Verdict::Flat,
        };
        (self.verdict != expected).then(|| {
            let (growth, bound) = self.growth();
            format!(
                "the memory of `{}` is `{}` and not `{expected}`, by {} ± {}",
                self.service,
                self.verdict,
                text::bytes(growth),
                text::bytes(bound)
            )
        })
    }
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// How much was asked.
    pub effort: Effort,
    /// How long it took.
    pub time: Duration,
    times: Times,
    /// The services.
    pub parts: Vec<Part>,
}

impl Run {
    /// Judges a run, in which the service of that name may have a fault.
    ///
    /// # Errors
    ///
    /// There are too few samples.
    pub fn new(effort: Effort, answered: Answered, faulty: Option<&str>) -> Result<Self> {
        let parts = answered.samples.into_iter().map(|(service, samples)| {
            let is_faulty = faulty == Some(&*service);
            Part::new(service, is_faulty, samples)
        });
        Ok(Self {
            effort,
            time: answered.time,
            times: Times::new(answered.times),
            parts: parts.collect::<Result<_>>()?,
        })
    }

    /// Pictures in a second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        self.effort.pictures as f64 / self.time.as_secs_f64()
    }

    /// The time within which a share of them was answered.
    #[must_use]
    pub fn within(&self, share: f64) -> Duration {
        self.times.within(share)
    }

    /// What is wrong.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.parts.iter().filter_map(Part::complaint).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} pictures in {}, {:.1}/s, p50 {:.0} ms, p99 {:.0} ms; none lost, none wrong",
            text::thousands(self.effort.pictures),
            text::time(self.time),
            self.per_second(),
            self.within(0.5).as_secs_f64() * 1e3,
            self.within(0.99).as_secs_f64() * 1e3,
        )?;
        for part in &self.parts {
            let (growth, bound) = part.growth();
            write!(
                f,
                "\n  {}: memory {}, growth after the warm-up {} ± {}: {}",
                part.service,
                text::bytes(part.samples.last().map_or(0, |sample| sample.bytes) as f64),
                text::bytes(growth),
                text::bytes(bound),
                part.verdict
            )?;
        }
        Ok(())
    }
}
