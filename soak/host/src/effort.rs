//! How much is done, and how much growth is let pass. Numbers only.

/// The bytes that go into a call, and as many come out of it.
pub(crate) const PAYLOAD: usize = 100 * 1024;

/// How many threads call.
pub(crate) const THREADS: u64 = 2;

/// One call in so many traps.
pub(crate) const TRAPS: u64 = 100;

/// One in this many calls is the warm-up, in which the process may grow: pages of the program are
/// read for the first time, and the allocators of both threads and the engine's pool find their
/// size.
pub(crate) const WARM_UP: u64 = 10;

/// How thorough a soak is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Calls on instances that are kept, and as many in the control.
    pub warm: u64,
    /// Calls on an instance of their own.
    pub fresh: u64,
    /// How often the memory of the process is looked at in each part.
    pub samples: u64,
    /// How many bytes the control keeps back of one call in a hundred.
    pub kept: usize,
    /// How much the process may have grown after the warm-up: a share of the memory of one
    /// instance.
    pub allowed: f64,
}

impl Effort {
    /// What a result is worth writing down after: a leak of a byte in every third warm call is too
    /// much.
    pub const FULL: Self = Self {
        warm: 1_000_000,
        fresh: 100_000,
        samples: 400,
        kept: 1024,
        allowed: 0.25,
    };

    /// A hundredth of the calls, in which the control keeps as much back in all.
    ///
    /// The process needs longer to find its size than this warm-up takes: a thread that the machine
    /// lets start late brings its own instance and its own part of the heap. So more is let pass,
    /// and a third of what the control keeps is still too much.
    pub const QUICK: Self = Self {
        warm: 10_000,
        fresh: 1_000,
        samples: 200,
        kept: 100 * 1024,
        allowed: 2.0,
    };
    /// So many times as many calls.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self {
            warm: self.warm * times,
            fresh: self.fresh * times,
            ..self
        }
    }
}
