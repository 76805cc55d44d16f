//! Providers of `abide:common/clock`: the system's clock, and one that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use abide_common::host::Clock;

/// The system's clock.
///
/// Its monotonic time counts from when it was made. Clones count from the same moment, so what
/// several instances of a guest measure can be compared.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_ms(&mut self) -> u64 {
        // A clock set to before 1970 reads as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |time| {
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        })
    }

    fn monotonic_ns(&mut self) -> u64 {
        nanoseconds(self.start.elapsed())
    }
}

/// A clock that stands still until it is told to go on, for tests.
///
/// Clones share their time, so a test can keep one and set it forward while a guest has another:
///
/// ```
/// use std::time::Duration;
///
/// use abide_common::host::Clock;
/// use abide_common_host::FixedClock;
///
/// let clock = FixedClock::at_ms(1_700_000_000_000);
/// let mut given = clock.clone();
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(given.now_ms(), 1_700_000_002_000);
/// assert_eq!(given.monotonic_ns(), 2_000_000_000);
/// ```
#[derive(Debug, Clone, Default)]
pub struct FixedClock {
    start_ms: u64,
    passed_ns: Arc<AtomicU64>,
}

impl FixedClock {
    /// A clock that shows this many milliseconds since the Unix epoch, and 0 as its monotonic time.
    #[must_use]
    pub fn at_ms(start_ms: u64) -> Self {
        Self {
            start_ms,
            passed_ns: Arc::default(),
        }
    }

    /// Sets both times forward, as far as they go: 584 years.
    pub fn advance(&self, by: Duration) {
        let by = nanoseconds(by);
        let forward = |passed: u64| Some(passed.saturating_add(by));
        // It cannot fail: `forward` always gives a value.
        let _ = self
            .passed_ns
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, forward);
    }
}

impl Clock for FixedClock {
    fn now_ms(&mut self) -> u64 {
        let passed = self.passed_ns.load(Ordering::Relaxed) / 1_000_000;
        self.start_ms.saturating_add(passed)
    }

    fn monotonic_ns(&mut self) -> u64 {
        self.passed_ns.load(Ordering::Relaxed)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_clock_goes_on_and_clones_start_together() {
        let mut first = SystemClock::new();
        let mut second = first;
        let before = first.monotonic_ns();
        std::thread::sleep(Duration::from_millis(2));
        assert!(second.monotonic_ns() >= before + 2_000_000);
        // The year 2020: a clock in seconds or microseconds would be far off.
        let now = first.now_ms();
        assert!(
            (1_577_836_800_000..10_000_000_000_000).contains(&now),
            "{now}"
        );
    }

    #[test]
    fn a_fixed_clock_ends_where_its_numbers_end() {
        let mut clock = FixedClock::at_ms(u64::MAX - 1);
        assert_eq!(clock.now_ms(), u64::MAX - 1);
        clock.advance(Duration::from_micros(1_999));
        assert_eq!(
            (clock.now_ms(), clock.monotonic_ns()),
            (u64::MAX, 1_999_000)
        );
        clock.advance(Duration::MAX);
        assert_eq!((clock.now_ms(), clock.monotonic_ns()), (u64::MAX, u64::MAX));
    }
}
