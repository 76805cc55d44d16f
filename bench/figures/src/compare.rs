//! Which subjects are compared, what their ratio should be, and whether it is.

use std::fmt;

use crate::measure::Samples;
use crate::stats::Spread;

/// What stands for a time of one millisecond where two subjects are compared.
pub const MILLISECOND: &str = "1 ms";

/// The ratio of one subject's time to another's.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// What is compared.
    pub of: &'static str,
    /// With what.
    pub to: &'static str,
    goal: Option<Goal>,
    wants_concurrency: bool,
}

/// What a ratio should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// No more than that.
    AtMost(f64),
    /// No less than that.
    AtLeast(f64),
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
        }
    }
}

/// Whether a goal was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was.
    Met,
    /// It was not.
    Missed,
    /// This build of wasmtime cannot do what the goal is about.
    Unknown,
}

/// A comparison that was made.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// What was compared.
    pub comparison: Comparison,
    /// The ratio, over the rounds.
    pub ratio: Spread,
    /// What it should be, and whether it is.
    pub goal: Option<(Goal, Verdict)>,
}

impl Comparison {
    /// The time of `of`, divided by that of `to`.
    pub const fn new(of: &'static str, to: &'static str) -> Self {
        Self {
            of,
            to,
            goal: None,
            wants_concurrency: false,
        }
    }

    /// What the ratio should be.
    #[must_use]
    pub const fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    /// The goal is about a wasmtime that is built with support for concurrent calls.
    #[must_use]
    pub const fn wants_concurrency(mut self) -> Self {
        self.wants_concurrency = true;
        self
    }

    /// Compares; `None` if one of the two was not measured.
    pub fn make(self, measured: &[Samples], has_concurrency: bool) -> Option<Outcome> {
        let nanos = |name| {
            let samples = measured.iter().find(|samples| samples.name == name)?;
            Some(samples.nanos.as_slice())
        };
        let of = nanos(self.of)?;
        let ratio = match self.to {
            MILLISECOND => Spread::of_ratios(of, &vec![1e6; of.len()])?,
            to => Spread::of_ratios(of, nanos(to)?)?,
        };
        let verdict = |goal| match goal {
            _ if self.wants_concurrency && !has_concurrency => Verdict::Unknown,
            Goal::AtMost(bound) if ratio.median <= bound => Verdict::Met,
            Goal::AtLeast(bound) if ratio.median >= bound => Verdict::Met,
            _ => Verdict::Missed,
        };
        Some(Outcome {
            comparison: self,
            ratio,
            goal: self.goal.map(|goal| (goal, verdict(goal))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(comparison: Comparison, has_concurrency: bool) -> Option<Verdict> {
        let measured = [("a", 30.0), ("b", 10.0)].map(|(name, nanos)| Samples {
            name: name.to_owned(),
            nanos: vec![nanos],
        });
        let (_, verdict) = comparison.make(&measured, has_concurrency)?.goal?;
        Some(verdict)
    }

    #[test]
    fn goals_are_met_or_missed() {
        let three = Comparison::new("a", "b");
        assert_eq!(verdict(three, true), None);
        assert_eq!(
            verdict(three.goal(Goal::AtLeast(3.0)), true),
            Some(Verdict::Met)
        );
        assert_eq!(
            verdict(three.goal(Goal::AtMost(2.9)), true),
            Some(Verdict::Missed)
        );
    }

    #[test]
    fn a_subject_is_compared_with_a_time() {
        let goal = Comparison::new("a", MILLISECOND).goal(Goal::AtMost(1.0));
        assert_eq!(verdict(goal, true), Some(Verdict::Met));
        let goal = Comparison::new("a", MILLISECOND).goal(Goal::AtLeast(1.0));
        assert_eq!(verdict(goal, true), Some(Verdict::Missed));
    }

    #[test]
    fn what_was_not_measured_is_not_judged() {
        let goal = Comparison::new("a", "b").goal(Goal::AtLeast(2.0));
        assert_eq!(
            verdict(goal.wants_concurrency(), false),
            Some(Verdict::Unknown)
        );
        assert_eq!(verdict(goal.wants_concurrency(), true), Some(Verdict::Met));
        assert_eq!(
            verdict(Comparison::new("a", "c").goal(Goal::AtMost(1.0)), true),
            None
        );
    }
}
