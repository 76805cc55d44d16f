//! What a run of the benchmarks found, as data: what is printed, drawn and written down is made of it.

use crate::cases::Case;
use crate::compare::{Outcome, Verdict};
use crate::held::Held;
use crate::measure::Samples;
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
}

/// A case that was measured.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) case: &'static Case,
    pub(crate) measured: Vec<Samples>,
    pub(crate) outcomes: Vec<Outcome>,
}

impl Made {
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
