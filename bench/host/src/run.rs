//! What a run of the benchmarks found, as data: what is printed, drawn and written down is made of it.

use crate::compare::{Comparison, Outcome, Verdict};
use crate::held::Held;
use crate::measure::Samples;
use crate::proxies::Proxied;
use crate::stats::Spread;

/// A run.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// The machine, in a line.
    pub(crate) machine: String,
    /// Whether wasmtime's default `Config` is here what it is in most programs.
    pub(crate) default_is_concurrent: bool,
    pub(crate) cases: Vec<Made>,
    pub(crate) held: Vec<Held>,
    /// Proxies, of which some of the cases are made.
    pub(crate) proxied: Vec<Proxied>,
}

/// A case that was measured.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) measured: Vec<Samples>,
    pub(crate) outcomes: Vec<Outcome>,
}

impl Made {
    /// Compares what was measured. Whether wasmtime supports concurrency is nothing to it.
    pub(crate) fn new(
        name: &'static str,
        about: &'static str,
        measured: Vec<Samples>,
        comparisons: &[Comparison],
    ) -> Self {
        Self::compared(name, about, measured, comparisons, false)
    }

    /// Compares what was measured, with a wasmtime that supports concurrency or does not.
    pub(crate) fn compared(
        name: &'static str,
        about: &'static str,
        measured: Vec<Samples>,
        comparisons: &[Comparison],
        has_concurrency: bool,
    ) -> Self {
        let compare = |comparison: &Comparison| comparison.make(&measured, has_concurrency);
        Self {
            name,
            about,
            outcomes: comparisons.iter().filter_map(compare).collect(),
            measured,
        }
    }

    pub(crate) fn rounds(&self) -> usize {
        let first = self.measured.first();
        first.map_or(0, |samples| samples.nanos.len())
    }

    /// Each way and its times.
    pub(crate) fn times(&self) -> impl Iterator<Item = (&'static str, Spread)> {
        let spread = |samples: &Samples| Some((samples.name, Spread::of(&samples.nanos)?));
        self.measured.iter().filter_map(spread)
    }
}

/// What a verdict is called.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Missed => "MISSED",
        Verdict::Unknown => "cannot be told in this build",
    }
}
