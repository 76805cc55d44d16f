//! How often what failed is tried, and when.

use std::time::Duration;

/// How often an event is tried before it is a dead letter, and how long is waited in between.
#[derive(Debug, Clone)]
pub struct Retries {
    pub(crate) attempts: u32,
    first: Duration,
    most: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: 5,
            first: Duration::from_millis(100),
            most: Duration::from_secs(10),
        }
    }
}

impl Retries {
    /// Five attempts, and between them 100 ms, then twice as long each time, but 10 s at most.
    pub fn new() -> Self {
        Self::default()
    }

    /// How often an event is tried in all, at least once.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The first pause, and the longest.
    #[must_use]
    pub fn backoff(mut self, first: Duration, most: Duration) -> Self {
        (self.first, self.most) = (first, most);
        self
    }

    /// The pause after so many attempts.
    pub(crate) fn pause(&self, after: u32) -> Duration {
        let times = 1_u32
            .checked_shl(after.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.first.saturating_mul(times).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::Retries;
    use std::time::Duration;

    #[test]
    fn pauses_grow_and_have_an_end() {
        let retries = Retries::new();
        let pauses = [1, 2, 3, 7, 8, 1000].map(|after| retries.pause(after).as_millis());
        assert_eq!(pauses, [100, 200, 400, 6400, 10_000, 10_000]);
        assert_eq!(
            retries.backoff(Duration::MAX, Duration::MAX).pause(9),
            Duration::MAX
        );
    }
}
