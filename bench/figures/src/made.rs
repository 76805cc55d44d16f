//! A case that was measured, as data: what is printed, drawn and written down is made of it.

use crate::compare::{Comparison, Outcome, Verdict};
use crate::measure::Samples;
use crate::stats::Spread;

/// A case that was measured.
#[derive(Debug)]
pub struct Made {
    /// What it is called.
    pub name: &'static str,
    /// What is done.
    pub about: &'static str,
    /// The ways of doing it.
    pub measured: Vec<Samples>,
    /// How they compare.
    pub outcomes: Vec<Outcome>,
}

impl Made {
    /// Compares what was measured. Whether wasmtime supports concurrency is nothing to it.
    pub fn new(
        name: &'static str,
        about: &'static str,
        measured: Vec<Samples>,
        comparisons: &[Comparison],
    ) -> Self {
        Self::compared(name, about, measured, comparisons, false)
    }

    /// Compares what was measured, with a wasmtime that supports concurrency or does not.
    pub fn compared(
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

    /// How many rounds there were.
    pub fn rounds(&self) -> usize {
        let first = self.measured.first();
        first.map_or(0, |samples| samples.nanos.len())
    }

    /// Each way and its times.
    pub fn times(&self) -> impl Iterator<Item = (&str, Spread)> {
        let all = self.measured.iter();
        all.filter_map(|of| Some((of.name.as_str(), Spread::of(&of.nanos)?)))
    }
}

/// What a verdict is called.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Missed => "MISSED",
        Verdict::Unknown => "cannot be told in this build",
    }
}
