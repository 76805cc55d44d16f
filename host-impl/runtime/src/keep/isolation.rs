//! Which instance serves a call: the choice that a host makes, and nothing that carries it out.

use std::time::Duration;

/// Which instance serves a call that is not made through a session.
///
/// ```
/// use abide_host::{Isolation, Warm};
///
/// assert_eq!(Isolation::default(), Isolation::Fresh);
/// assert_eq!(Isolation::from(Warm::new()), Isolation::Warm(Warm::new()));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Isolation {
    /// A new one for each call, whose memory is gone afterwards: nothing that one call leaves
    /// behind is seen by another, and a guest that leaks cannot grow. The default.
    #[default]
    Fresh,
    /// One that served calls before, if there is one. Much faster, and what a guest keeps in its
    /// memory may still be there in a later call: it is a cache that may be gone at any time, never
    /// state to rely on.
    Warm(Warm),
}

impl From<Warm> for Isolation {
    fn from(warm: Warm) -> Self {
        Self::Warm(warm)
    }
}

/// How long instances are kept for further calls.
///
/// An instance is kept only after a call that went well; any error ends it. It belongs to the
/// handle that it was made for and its clones, and is never seen by another, also not by one on the
/// same file. It has its own clone of the host's state, which is kept along with it.
///
/// ```
/// use std::time::Duration;
/// use abide_host::Warm;
///
/// let warm = Warm::new().max_calls(1_000).max_age(Duration::from_secs(60));
/// assert_ne!(warm, Warm::default());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Warm {
    pub(crate) max_calls: u64,
    pub(crate) max_idle: Duration,
    pub(crate) max_age: Duration,
    pub(crate) max_parked: usize,
}

impl Default for Warm {
    fn default() -> Self {
        Self {
            max_calls: 10_000,
            max_idle: Duration::from_secs(10),
            max_age: Duration::from_secs(300),
            max_parked: 16,
        }
    }
}

impl Warm {
    /// The most instances that may be parked.
    pub(crate) const MOST_PARKED: usize = 1024;

    /// The default bounds.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many calls an instance serves before it is replaced. Default: 10,000.
    pub fn max_calls(mut self, calls: u64) -> Self {
        self.max_calls = calls;
        self
    }

    /// How long an instance is kept that nobody calls. Default: 10 seconds.
    ///
    /// It is told to a hundredth of a second when an instance would be used again, and within half
    /// a second when none is.
    pub fn max_idle(mut self, time: Duration) -> Self {
        self.max_idle = time;
        self
    }

    /// How long an instance is kept at all. Default: 5 minutes.
    ///
    /// A call that is running when the time comes is finished.
    pub fn max_age(mut self, time: Duration) -> Self {
        self.max_age = time;
        self
    }

    /// How many instances are kept, from 1 to 1,024. Default: 16.
    ///
    /// More calls than that at the same time are served all the same, the others by instances that
    /// are dropped afterwards. Where an engine runs out of room, kept instances are dropped first.
    pub fn max_parked(mut self, instances: usize) -> Self {
        self.max_parked = instances.clamp(1, Self::MOST_PARKED);
        self
    }
}
