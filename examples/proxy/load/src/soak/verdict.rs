//! What came of a part, and what is to be thought of it.

use std::fmt;
use std::time::Duration;

use abide_soak::{Sample, Trend, Verdict, text};
use anyhow::{Context as _, Result, ensure};

use super::Effort;
use super::part::Part;
use super::worker::Tally;
use crate::proxy::Proxy;
use crate::upstream::Upstream;

/// What the proxy counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counts {
    requests: u64,
    answered: u64,
    denied: u64,
    refused: u64,
    callouts: u64,
    pub(crate) started: u64,
    pub(crate) failed: u64,
    pub(crate) recycled: u64,
    pub(crate) reloads: u64,
}

impl Counts {
    pub(super) async fn read(proxy: &Proxy) -> Self {
        let requests = "proxy_requests_total";
        let count = async |name: &str, words: &[&str]| proxy.metric(name, words).await as u64;
        Self {
            requests: count(requests, &[]).await,
            answered: count(requests, &["status=\"200\"", "by=\"upstream\""]).await,
            denied: count(requests, &["status=\"403\"", "by=\"filter\""]).await,
            refused: count(requests, &["status=\"503\"", "by=\"filter-failed\""]).await,
            callouts: count("proxy_callouts_total", &["outcome=\"answered\""]).await,
            started: count("proxy_filter_vms_started_total", &[]).await,
            failed: count("proxy_filter_vms_failed_total", &[]).await,
            recycled: count("proxy_filter_vms_recycled_total", &[]).await,
            reloads: count("proxy_reloads_total", &["outcome=\"ok\""]).await,
        }
    }

    /// Whether proxy and upstream counted what was asked.
    pub(super) fn check(&self, part: Part, total: &Tally, upstream: &Upstream) -> Result<()> {
        let all = total.answered + total.denied + total.trapped;
        let (answered, refused) = match part {
            Part::Open => (total.answered + total.trapped, 0),
            _ => (total.answered, total.trapped),
        };
        let is_right = self.requests == all
            && (self.answered, self.denied, self.refused) == (answered, total.denied, refused)
            && self.callouts >= total.callouts
            && upstream.requests() == answered + self.callouts;
        ensure!(
            is_right,
            "{total:?} were asked, the proxy counted {self:?}, and {} came to the upstream",
            upstream.requests()
        );
        // Each trap ends one VM, and nothing else does.
        let is_as_many = match part {
            Part::Open => self.failed > 0,
            _ => self.failed == total.trapped,
        };
        ensure!(is_as_many, "{total:?} were asked, and {self:?} VMs failed");
        let is_recycled = self.recycled > 0;
        match part {
            Part::Recycled => ensure!(is_recycled, "no VM was recycled: {self:?}"),
            Part::Sound | Part::Leaky => ensure!(!is_recycled, "a VM was recycled: {self:?}"),
            Part::Closed | Part::Open => {}
        }
        Ok(())
    }
}

/// What came of a part.
#[derive(Debug, Clone)]
pub struct Soak {
    /// Which one.
    pub part: Part,
    pub(crate) effort: Effort,
    pub(crate) tally: Tally,
    pub(crate) counts: Counts,
    pub(crate) time: Duration,
    /// How long the answers took, sorted.
    times: Vec<Duration>,
    /// The memory of the proxy.
    pub(crate) samples: Vec<Sample>,
    /// The line through the samples after the warm-up.
    pub(crate) trend: Trend,
    /// What the memory does.
    pub verdict: Verdict,
}

impl Soak {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn new(
        part: Part,
        effort: &Effort,
        tally: Tally,
        mut times: Vec<Duration>,
        time: Duration,
        samples: Vec<Sample>,
        after: Option<usize>,
        counts: Counts,
    ) -> Result<Self> {
        let after = after.and_then(|at| samples.get(at..)).unwrap_or_default();
        let trend = Trend::of(after).context("there are too few samples")?;
        times.sort_unstable();
        let calls = trend.calls();
        Ok(Self {
            verdict: Verdict::of(
                trend.slope * calls,
                trend.bound * calls,
                effort.allowed(part) as f64,
            ),
            part,
            effort: *effort,
            tally,
            counts,
            time,
            times,
            samples,
            trend,
        })
    }

    /// How many requests were answered, all as they have to be.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.tally.answered + self.tally.denied + self.tally.trapped
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.requests() as f64 / self.time.as_secs_f64()
    }

    /// The time within which a share of what upstreams answered was here.
    pub(crate) fn within(&self, share: f64) -> Duration {
        let index = (self.times.len() as f64 * share).ceil() as usize;
        let time = self.times.get(index.saturating_sub(1));
        time.or(self.times.last()).copied().unwrap_or_default()
    }

    /// By how much the proxy has grown after the warm-up, and how sure that is.
    pub(crate) fn growth(&self) -> (f64, f64) {
        let calls = self.trend.calls();
        (self.trend.slope * calls, self.trend.bound * calls)
    }

    /// What is wrong, if anything is.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let expected = self.part.expected();
        (self.verdict != expected).then(|| {
            let name = self.part.name();
            let (growth, bound) = self.growth();
            let (growth, bound) = (text::bytes(growth), text::bytes(bound));
            format!(
                "the memory of `{name}` is `{}` and not `{expected}`, by {growth} ± {bound}",
                self.verdict
            )
        })
    }
}

impl fmt::Display for Soak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (growth, bound) = self.growth();
        let Tally {
            answered,
            denied,
            trapped,
            callouts,
        } = self.tally;
        write!(
            f,
            "{}: {} requests in {}, {:.0}/s, p50 {:.2} ms, p99 {:.2} ms\n  \
             {answered} answered, {denied} by filters, {trapped} trapped; {callouts} callouts; \
             {} reloads; VMs: {} started, {} failed, {} recycled; none lost, none wrong\n  \
             memory {}, growth after the warm-up {} ± {}: {}",
            self.part.name(),
            text::thousands(self.requests()),
            text::time(self.time),
            self.per_second(),
            self.within(0.5).as_secs_f64() * 1e3,
            self.within(0.99).as_secs_f64() * 1e3,
            self.counts.reloads,
            self.counts.started,
            self.counts.failed,
            self.counts.recycled,
            text::bytes(self.samples.last().map_or(0, |sample| sample.bytes) as f64),
            text::bytes(growth),
            text::bytes(bound),
            self.verdict
        )
    }
}
