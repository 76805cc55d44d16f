//! What is chosen of how VMs are kept.

use std::time::Duration;

/// What becomes of a stream whose filter has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OnFailure {
    /// It ends, with the status 503 and the cause.
    #[default]
    Closed,
    /// It goes on without the filter.
    Open,
}

/// How VMs are kept: when one gives way to another.
///
/// ```
/// use std::time::Duration;
/// use abide_proxy_wasm::{Keep, OnFailure};
///
/// let keep = Keep::new()
///     .on_failure(OnFailure::Open)
///     .max_memory(64 << 20)
///     .drain(Duration::from_secs(10));
/// assert_ne!(keep, Keep::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Keep {
    pub(super) on_failure: OnFailure,
    first: Duration,
    longest: Duration,
    pub(super) max_streams: Option<u64>,
    pub(super) max_age: Option<Duration>,
    pub(super) max_memory: Option<usize>,
    pub(super) drain: Duration,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            on_failure: OnFailure::Closed,
            first: Duration::from_millis(100),
            longest: Duration::from_secs(30),
            max_streams: None,
            max_age: None,
            max_memory: None,
            drain: Duration::from_secs(60),
        }
    }
}

impl Keep {
    /// The defaults: closed, from 100 ms to 30 s, no bounds of use, a minute to drain.
    pub fn new() -> Self {
        Self::default()
    }

    /// What becomes of a stream whose filter has failed. Default: it ends.
    pub fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// For how long no VM is started after one failed of which no stream was through: the first time,
    /// and at most; each time twice as long as before. A VM of which a stream was through is replaced
    /// at once. Default: 100 ms and 30 s.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest.max(first);
        self
    }

    /// How many streams a VM serves before another takes its place. Default: any number.
    pub fn max_streams(mut self, streams: u64) -> Self {
        self.max_streams = Some(streams.max(1));
        self
    }

    /// How old a VM gets that takes new streams. Default: as old as it likes.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// With how many bytes of memory a VM takes no new streams, for filters that leak. Default: as
    /// many as its limits allow.
    pub fn max_memory(mut self, bytes: usize) -> Self {
        self.max_memory = Some(bytes);
        self
    }

    /// How long a VM that takes no new streams is kept for those that it has. Default: a minute.
    pub fn drain(mut self, bound: Duration) -> Self {
        self.drain = bound;
        self
    }

    /// For how long no VM is started after so many in a row failed.
    pub(super) fn pause(&self, failures: u32) -> Option<Duration> {
        let doublings = failures.checked_sub(1)?;
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        Some(self.first.saturating_mul(factor).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound() {
        let ms = Duration::from_millis;
        let keep = Keep::new().backoff(ms(10), ms(35));
        let pauses = [0, 1, 2, 3, 40, u32::MAX].map(|failures| keep.pause(failures));
        let bound = Some(ms(35));
        assert_eq!(
            pauses,
            [None, Some(ms(10)), Some(ms(20)), bound, bound, bound]
        );
    }
}
