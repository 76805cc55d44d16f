//! A straight line through samples, and how sure its slope is. Knows numbers only.

use crate::run::Sample;

/// How much the memory grows with every call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Bytes for each call.
    pub slope: f64,
    /// The slope is known to so many bytes for each call: two standard errors, but no less than a
    /// page in all the calls.
    pub bound: f64,
    /// The bytes that the line has at `from`.
    pub start: f64,
    /// The calls of the first sample.
    pub from: u64,
    /// The calls of the last sample.
    pub to: u64,
}

/// Memory is counted in pages: what is less than one in the whole run cannot be told.
const PAGE: f64 = 4096.0;

/// With fewer samples than this nothing can be said about how sure a slope is.
const FEWEST: usize = 10;

impl Trend {
    /// The line of least squares through samples; `None` if they are too few.
    ///
    /// Memory that is high in one sample is high in the next one too, so they say less than as many
    /// independent ones would. Their number is corrected for that: with the correlation `r` of each
    /// sample's distance to the line and the next one's, `n` samples count as `n (1 - r) / (1 +
    /// r)`.
    #[must_use]
    pub fn of(samples: &[Sample]) -> Option<Self> {
        let (first, last) = (samples.first()?, samples.last()?);
        let from = first.calls;
        let calls = (last.calls - from) as f64;
        if samples.len() < FEWEST || calls <= 0.0 {
            return None;
        }
        let count = samples.len() as f64;
        // Distances from the first sample: sums of these are exact for longer.
        let x = |sample: &Sample| (sample.calls - from) as f64;
        let y = |sample: &Sample| sample.bytes as f64 - first.bytes as f64;
        let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
        let (mean_x, mean_y) = (mean(&x), mean(&y));
        let spread_x: f64 = samples.iter().map(|s| (x(s) - mean_x).powi(2)).sum();
        let both: f64 = samples
            .iter()
            .map(|s| (x(s) - mean_x) * (y(s) - mean_y))
            .sum();
        let slope = both / spread_x;
        let off: Vec<f64> = samples
            .iter()
            .map(|s| y(s) - mean_y - slope * (x(s) - mean_x))
            .collect();
        let squares: f64 = off.iter().map(|off| off * off).sum();
        let neighbours: f64 = off.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let alike = if squares > 0.0 {
            (neighbours / squares).clamp(0.0, 1.0)
        } else {
            0.0
        };
        // Two of them are used up by the line; one has to be left.
        let independent = (count * (1.0 - alike) / (1.0 + alike)).max(3.0);
        let error = (squares / (independent - 2.0) / spread_x).sqrt();
        Some(Self {
            slope,
            bound: (2.0 * error).max(PAGE / calls),
            start: first.bytes as f64 + mean_y - slope * mean_x,
            from,
            to: last.calls,
        })
    }

    /// How many calls it is about.
    #[must_use]
    pub fn calls(&self) -> f64 {
        (self.to - self.from) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample every hundred calls.
    fn samples(bytes: impl Fn(u64) -> u64) -> Vec<Sample> {
        (100..=400)
            .map(|number| Sample {
                calls: number * 100,
                bytes: bytes(number),
            })
            .collect()
    }

    /// Something that looks like chance, from 0 to 999.
    fn noise(number: u64) -> u64 {
        number.wrapping_mul(6_364_136_223_846_793_005) >> 33 & 1023
    }

    #[test]
    fn a_line_is_found_as_it_is() {
        let trend = Trend::of(&samples(|number| 1_000_000 + number * 700)).unwrap();
        assert!((trend.slope - 7.0).abs() < 1e-9, "{trend:?}");
        assert!((trend.start - 1_070_000.0).abs() < 1e-3, "{trend:?}");
        assert_eq!((trend.from, trend.to), (10_000, 40_000));
        // No noise at all, and still no better than a page in 30,000 calls.
        assert!((trend.bound - 4096.0 / 30_000.0).abs() < 1e-9, "{trend:?}");
    }

    #[test]
    fn noise_is_no_slope_and_hides_none() {
        let flat = Trend::of(&samples(|number| 5_000_000 + noise(number) * 300)).unwrap();
        assert!(flat.slope.abs() < flat.bound, "{flat:?}");
        let grows = Trend::of(&samples(|number| {
            5_000_000 + noise(number) * 300 + number * 1000
        }))
        .unwrap();
        assert!((grows.slope - 10.0).abs() < grows.bound, "{grows:?}");
        assert!(grows.slope > 2.0 * grows.bound, "{grows:?}");
    }

    #[test]
    fn one_step_is_less_sure_than_noise_of_its_size() {
        let step = Trend::of(&samples(|number| if number < 250 { 0 } else { 100_000 })).unwrap();
        let noise = Trend::of(&samples(|number| noise(number) * 100)).unwrap();
        assert!(step.bound > 2.0 * noise.bound, "{step:?}, {noise:?}");
    }

    #[test]
    fn too_few_samples_are_no_line() {
        let all = samples(|number| number);
        assert_eq!(Trend::of(&[]), None);
        assert_eq!(Trend::of(&all[..9]), None);
        assert!(Trend::of(&all[..10]).is_some());
        assert_eq!(Trend::of(&[all[0]; 20]), None);
    }
}
