//! How much a guest has written in a call, how much more it may, and until when.

use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use wasmtime::Trap;
use wasmtime_wasi::p2::StreamError;

use super::lines::Told;
use crate::error::fault::Fault;
use crate::error::kinds::LimitKind;

/// How much was written to both outputs of an instance, and may be, and until when.
#[derive(Debug)]
pub(crate) struct Written {
    bytes: AtomicUsize,
    limit: usize,
    pub(crate) told: Told,
    /// What `until` is counted from.
    made: Instant,
    /// When the call that runs has to be over, in nanoseconds.
    until: AtomicU64,
}

impl Written {
    /// Nothing is written yet, and `limit` bytes may be.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            bytes: AtomicUsize::new(0),
            limit,
            told: Told::default(),
            made: Instant::now(),
            until: AtomicU64::new(u64::MAX),
        }
    }

    /// A call starts, which has to be over at some time. None is never.
    #[inline]
    pub(crate) fn begin(&self, until: Option<Instant>) {
        let until = until.map_or(u64::MAX, |until| {
            let after = until.saturating_duration_since(self.made);
            u64::try_from(after.as_nanos()).unwrap_or(u64::MAX)
        });
        self.until.store(until, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) != 0
    }

    /// Begins anew, for another call.
    pub(crate) fn forget(&self) {
        self.bytes.store(0, Ordering::Relaxed);
        self.told.forget();
    }

    /// Counts `len` bytes, and says how many of them may be written.
    pub(crate) fn count(&self, len: usize) -> usize {
        let before = self.bytes.load(Ordering::Relaxed);
        // Only the thread that runs the instance writes, so nothing is lost between the two.
        self.bytes
            .store(before.saturating_add(len), Ordering::Relaxed);
        self.limit.saturating_sub(before).min(len)
    }

    /// How long the call may still take.
    pub(crate) fn left(&self) -> Option<Duration> {
        match self.until.load(Ordering::Relaxed) {
            u64::MAX => None,
            until => Some(Duration::from_nanos(until).saturating_sub(self.made.elapsed())),
        }
    }

    /// Whether the call has taken as long as it may.
    pub(crate) fn is_late(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    /// What ends a guest that wants to write more.
    pub(crate) fn full(&self) -> Fault {
        Fault::Limit {
            what: LimitKind::Output,
            limit: self.limit as u64,
            wanted: None,
        }
    }
}

/// Why something was not written.
pub(crate) enum Unwritten {
    Full(Fault),
    Late,
    Io(io::Error),
}

impl From<Unwritten> for StreamError {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Full(fault) => Self::Trap(fault.into()),
            // What the engine itself says to a guest whose time is up.
            Unwritten::Late => Self::Trap(Trap::Interrupt.into()),
            Unwritten::Io(error) => Self::LastOperationFailed(error.into()),
        }
    }
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut => Self::Late,
            _ => Self::Io(error),
        }
    }
}
