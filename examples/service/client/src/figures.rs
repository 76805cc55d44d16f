//! Times, sorted. Knows numbers only.

use std::time::Duration;

/// The times of many requests.
#[derive(Debug, Clone, Default)]
pub struct Times {
    sorted: Vec<Duration>,
}

impl Times {
    /// These times.
    #[must_use]
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { sorted: times }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The time within which a share of the requests was answered; nothing of nothing.
    #[must_use]
    pub fn within(&self, share: f64) -> Duration {
        let last = self.sorted.len().saturating_sub(1);
        let index = (self.sorted.len() as f64 * share).ceil() as usize;
        let time = self.sorted.get(index.saturating_sub(1).min(last));
        time.copied().unwrap_or_default()
    }
}

/// The one in the middle.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Times, median};

    #[test]
    fn shares_are_of_the_count() {
        let times = Times::new((1..=100).rev().map(Duration::from_millis).collect());
        assert_eq!(times.within(0.5), Duration::from_millis(50));
        assert_eq!(times.within(0.99), Duration::from_millis(99));
        assert_eq!(times.within(1.0), Duration::from_millis(100));
        assert_eq!(times.within(0.0), Duration::from_millis(1));
        assert_eq!(Times::default().within(0.5), Duration::ZERO);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
