//! What came of a soak, and what is to be thought of it.

use std::fmt;
use std::time::Duration;

use abide_soak::{Sample, Trend, Verdict};
use anyhow::{Context as _, Result};

use super::Effort;
use super::worker::Tally;
use example_client::Times;

/// One in this many requests is the warm-up, in which the server may grow.
const WARM_UP: u64 = 5;

const MIB: f64 = 1024.0 * 1024.0;

/// What came of a soak.
#[derive(Debug, Clone)]
pub struct Soak {
    effort: Effort,
    tally: Tally,
    times: Times,
    time: Duration,
    reloads: u64,
    given_up: u64,
    trend: Trend,
    resident: u64,
    verdict: Verdict,
}

impl Soak {
    pub(super) fn new(
        effort: Effort,
        tally: Tally,
        times: Vec<Duration>,
        time: Duration,
        samples: Vec<Sample>,
        reloads: u64,
        given_up: u64,
    ) -> Result<Self> {
        let warm_up = effort.requests / WARM_UP;
        let after: Vec<Sample> = samples
            .into_iter()
            .filter(|sample| sample.calls >= warm_up)
            .collect();
        let trend = Trend::of(&after).context("there are too few samples")?;
        Ok(Self {
            verdict: Verdict::of(
                trend.slope * trend.calls(),
                trend.bound * trend.calls(),
                effort.allowed,
            ),
            resident: after.last().map_or(0, |sample| sample.bytes),
            times: Times::new(times),
            effort,
            tally,
            time,
            reloads,
            given_up,
            trend,
        })
    }

    /// What is wrong, if anything is: a server without a leak has to be flat, one with has to grow.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let expected = if self.effort.leak == 0 {
            Verdict::Flat
        } else {
            Verdict::Grows
        };
        if self.verdict != expected {
            let growth = self.trend.slope * self.trend.calls() / MIB;
            return Some(format!(
                "a server that keeps {} bytes of a request on purpose is `{}`, by {growth:.1} MiB",
                self.effort.leak, self.verdict
            ));
        }
        // Replacing it twice in a moment is one reload.
        (self.reloads == 0).then(|| "the guest was never reloaded".to_owned())
    }

    /// The figures, for programs.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "requests": self.effort.requests,
            "leak_bytes": self.effort.leak,
            "answered": self.tally.answered,
            "refused": self.tally.refused,
            "timeouts": self.tally.timeouts,
            "traps": self.tally.traps,
            "gone": self.tally.gone,
            "calls_dropped": self.given_up,
            "reloads": self.reloads,
            "requests_per_second": self.effort.requests as f64 / self.time.as_secs_f64(),
            "p50_us": self.times.within(0.5).as_micros() as u64,
            "p99_us": self.times.within(0.99).as_micros() as u64,
            "longest_us": self.times.within(1.0).as_micros() as u64,
            "resident_bytes": self.resident,
            "growth_bytes": self.trend.slope * self.trend.calls(),
            "growth_bound_bytes": self.trend.bound * self.trend.calls(),
            "verdict": self.verdict.to_string(),
        })
    }
}

impl fmt::Display for Soak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            answered,
            refused,
            timeouts,
            traps,
            gone,
        } = self.tally;
        writeln!(
            f,
            "{} requests in {:.0} s, {} bytes of each kept on purpose",
            self.effort.requests,
            self.time.as_secs_f64(),
            self.effort.leak
        )?;
        writeln!(
            f,
            "  {answered} answered, {refused} refused, {timeouts} timed out, {traps} trapped, \
             {gone} given up ({} calls dropped), {} reloads; none lost, none wrong",
            self.given_up, self.reloads
        )?;
        writeln!(
            f,
            "  {:.0} requests/s, p50 {:.1} ms, p99 {:.1} ms, longest {:.0} ms",
            self.effort.requests as f64 / self.time.as_secs_f64(),
            self.times.within(0.5).as_secs_f64() * 1e3,
            self.times.within(0.99).as_secs_f64() * 1e3,
            self.times.within(1.0).as_secs_f64() * 1e3,
        )?;
        write!(
            f,
            "  memory {:.1} MiB, growth after the warm-up {:.2} ± {:.2} MiB: {}",
            self.resident as f64 / MIB,
            self.trend.slope * self.trend.calls() / MIB,
            self.trend.bound * self.trend.calls() / MIB,
            self.verdict
        )
    }
}
