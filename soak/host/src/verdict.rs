//! The rule by which a part is flat or grows.
//!
//! After the warm-up, the process may have grown by a share of the memory of *one* instance, in all
//! calls together. A runtime that loses an instance, a payload or an error now and then is far
//! beyond that: of a million calls, ten thousand trap and lose their instance. Below it is what
//! allocators do with the pages that they have. The slope's bound counts against the verdict both
//! ways: what is not sure is neither.

use std::fmt;

use anyhow::{Context as _, Result, ensure};

use crate::effort::{Effort, WARM_UP};
use crate::run::{Outcome, Sample};
use crate::trend::Trend;

/// What the slope means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Even the steepest slope within the bound stays below what is allowed.
    Flat,
    /// Even the least slope within the bound is above it.
    Grows,
    /// Neither: the samples are too far apart to tell.
    Unclear,
}

impl Verdict {
    /// What a growth of so many bytes, sure to so many, means.
    #[must_use]
    pub fn of(growth: f64, bound: f64, allowed: f64) -> Self {
        if growth + bound < allowed {
            Self::Flat
        } else if growth - bound > allowed {
            Self::Grows
        } else {
            Self::Unclear
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Flat => "flat",
            Self::Grows => "grows",
            Self::Unclear => "unclear",
        })
    }
}

/// A part, and what is to be thought of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What was measured.
    pub outcome: Outcome,
    /// The line through the samples after the warm-up.
    pub trend: Trend,
    /// How many bytes the process may have grown after the warm-up.
    pub allowed: f64,
    /// What that makes of the slope.
    pub verdict: Verdict,
    /// What the host kept back on purpose, in bytes for each call.
    pub kept: f64,
}

impl Judged {
    /// Judges a part.
    ///
    /// # Errors
    /// There are too few samples, or the guest had no memory.
    pub(crate) fn new(outcome: Outcome, effort: &Effort) -> Result<Self> {
        let warm_up = outcome.calls / WARM_UP;
        let after: Vec<Sample> = outcome
            .samples
            .iter()
            .filter(|sample| sample.calls >= warm_up)
            .copied()
            .collect();
        let trend = Trend::of(&after)
            .with_context(|| format!("{} samples are too few for a slope", after.len()))?;
        ensure!(
            outcome.instance > 0,
            "the guest has no memory to compare with"
        );
        let allowed = outcome.instance as f64 * effort.allowed;
        Ok(Self {
            verdict: Verdict::of(
                trend.slope * trend.calls(),
                trend.bound * trend.calls(),
                allowed,
            ),
            kept: outcome.subject.kept_in_a_call(effort),
            trend,
            allowed,
            outcome,
        })
    }

    /// What is wrong with it, if anything is: a part without a leak has to be flat, and one with a
    /// leak has to grow, by about as much as was kept.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let name = self.outcome.subject.name();
        let (slope, verdict) = (self.trend.slope, self.verdict);
        if self.kept == 0.0 {
            return (verdict != Verdict::Flat).then(|| {
                format!("`{name}` has to be flat and is: {verdict} ({slope:.3} bytes a call)")
            });
        }
        let kept = self.kept;
        (verdict != Verdict::Grows || !(0.5..=2.0).contains(&(slope / kept))).then(|| {
            format!(
                "`{name}` has to grow by the {kept:.3} bytes that are kept back in a call and is: {verdict} \
                 ({slope:.3} bytes a call); this measurement would not see a leak"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Subject;
    use std::time::Duration;

    #[test]
    fn what_is_not_sure_is_neither() {
        assert_eq!(Verdict::of(0.0, 10.0, 100.0), Verdict::Flat);
        assert_eq!(Verdict::of(-500.0, 10.0, 100.0), Verdict::Flat);
        assert_eq!(Verdict::of(95.0, 10.0, 100.0), Verdict::Unclear);
        assert_eq!(Verdict::of(105.0, 10.0, 100.0), Verdict::Unclear);
        assert_eq!(Verdict::of(0.0, 200.0, 100.0), Verdict::Unclear);
        assert_eq!(Verdict::of(111.0, 10.0, 100.0), Verdict::Grows);
        assert_eq!(Verdict::of(f64::NAN, 10.0, 100.0), Verdict::Unclear);
    }

    /// A part that grows by some bytes in every call after a warm-up in which it grows by a
    /// mebibyte.
    fn part(subject: Subject, slope: f64) -> Judged {
        let effort = Effort::FULL;
        let calls = subject.calls(&effort);
        let samples = (0..=effort.samples).map(|round| {
            let calls = calls * round / effort.samples;
            let start = (calls * 100).min(1 << 20);
            Sample {
                calls,
                bytes: start + (slope * calls as f64) as u64,
            }
        });
        let outcome = Outcome {
            subject,
            calls,
            traps: calls / 100,
            time: Duration::from_secs(1),
            samples: samples.collect(),
            instance: 1 << 20,
            instances: 1,
        };
        Judged::new(outcome, &effort).unwrap()
    }

    #[test]
    fn the_warm_up_does_not_count() {
        let judged = part(Subject::Warm, 0.0);
        assert_eq!(judged.verdict, Verdict::Flat);
        assert_eq!(judged.complaint(), None);
    }

    #[test]
    fn a_byte_in_a_call_is_found() {
        let judged = part(Subject::Warm, 1.0);
        assert_eq!(judged.verdict, Verdict::Grows);
        let complaint = judged.complaint().unwrap();
        assert!(complaint.contains("`warm` has to be flat"), "{complaint}");
    }

    #[test]
    fn the_control_has_to_grow_by_what_it_keeps() {
        assert_eq!(part(Subject::Control, 10.5).complaint(), None);
        for slope in [0.0, 2.0, 40.0] {
            let complaint = part(Subject::Control, slope).complaint().unwrap();
            assert!(complaint.contains("would not see a leak"), "{complaint}");
        }
    }
}
