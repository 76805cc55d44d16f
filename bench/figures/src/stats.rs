//! Medians and ratios of what was measured. Knows numbers only.

use std::fmt;

/// The middle of some figures, and how far they go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least of them.
    pub min: f64,
    /// A tenth of the figures is below this.
    pub low: f64,
    /// The middle.
    pub median: f64,
    /// A tenth of the figures is above this.
    pub high: f64,
}

impl Spread {
    /// `None` where there are no figures.
    pub fn of(figures: &[f64]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |index: usize| sorted.get(index).copied();
        Some(Self {
            min: at(0)?,
            low: at(last / 10)?,
            // With an even number of figures there are two in the middle.
            median: (at(last / 2)? + at(last.div_ceil(2))?) / 2.0,
            high: at(last - last / 10)?,
        })
    }

    /// The ratios of `a` to `b`, taken round by round.
    pub fn of_ratios(a: &[f64], b: &[f64]) -> Option<Self> {
        let ratios: Vec<f64> = a.iter().zip(b).map(|(a, b)| a / b).collect();
        Self::of(&ratios)
    }
}

/// A duration in nanoseconds, printed in the unit that fits.
#[derive(Debug, Clone, Copy)]
pub struct Nanos(pub f64);

impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if nanos < 0.0 {
            return f.pad(&format!("-{}", Self(-nanos)));
        }
        let text = if nanos < 999.5 {
            format!("{nanos:.0} ns")
        } else if nanos < 99_950.0 {
            format!("{:.1} µs", nanos / 1e3)
        } else if nanos < 999_500.0 {
            format!("{:.0} µs", nanos / 1e3)
        } else {
            format!("{:.1} ms", nanos / 1e6)
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let median = |figures: &[f64]| Spread::of(figures).map(|spread| spread.median);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 9.0]), Some(3.0));
    }

    #[test]
    fn the_spread_leaves_out_a_tenth_at_each_end() {
        let figures: Vec<f64> = (0..=20).rev().map(f64::from).collect();
        let spread = Spread::of(&figures).map(|spread| (spread.min, spread.low, spread.high));
        assert_eq!(spread, Some((0.0, 2.0, 18.0)));
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The machine was ten times slower in the second round; the ratio does not care.
        let ratios =
            Spread::of_ratios(&[2.0, 20.0], &[1.0, 10.0]).map(|spread| (spread.min, spread.high));
        assert_eq!(ratios, Some((2.0, 2.0)));
    }

    #[test]
    fn units_fit_the_size() {
        let shown = [118.4, 1_500.0, 340_123.0, 2_000_000.0].map(|nanos| Nanos(nanos).to_string());
        assert_eq!(shown, ["118 ns", "1.5 µs", "340 µs", "2.0 ms"]);
    }
}
