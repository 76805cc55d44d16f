//! What a handle counts of its calls and instances.
//!
//! It knows numbers. An instance that is kept counts in a place of its own, which nobody else
//! writes: a count that all threads shared would cost more than it tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::error::Error;
use crate::error::blame::Blame;

/// What happened to a handle and its clones, their sessions included, since the guest was loaded.
///
/// The numbers are read one after the other while calls go on, so they may be a call apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Calls that reached an instance, those that then failed included. A guest's WIT error is an
    /// answer, not a failure.
    pub calls: u64,
    /// Failures for which the guest is to [blame](Blame::Guest).
    pub failed_by_guest: u64,
    /// Failures for which the host is to [blame](Blame::Host).
    pub failed_by_host: u64,
    /// Calls that the [caller](Blame::Caller) could not make in this way, or cancelled.
    pub failed_by_caller: u64,
    /// Calls for which there was [no room or no time](Blame::Resources).
    pub failed_by_resources: u64,
    /// Calls whose future was dropped before they ended, which hosts of `host_async` may do. Those
    /// that had reached an instance are among the `calls`.
    pub dropped: u64,
    /// Instances that are there now: at work, parked, or of a session.
    pub instances: u64,
    /// Instances that were made in all.
    pub started: u64,
    /// The most linear memory that one instance had when a call was over, in bytes.
    pub memory_peak: u64,
    /// How often the guest was replaced by another.
    pub reloads: u64,
}

/// The counts of one handle and its clones.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Of the instances that are kept and there now.
    kept: Mutex<Vec<Arc<Tally>>>,
    /// Of those that are gone, and of those that serve one call.
    calls: AtomicU64,
    memory_peak: AtomicU64,
    failed: [AtomicU64; 4],
    dropped: AtomicU64,
    started: AtomicU64,
    ended: AtomicU64,
    reloads: AtomicU64,
}

/// The counts of one instance, which only its user writes.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    calls: AtomicU64,
    memory: AtomicU64,
}

impl Counters {
    /// A place to count in for an instance that is kept.
    pub(crate) fn keep(&self) -> Arc<Tally> {
        let tally = Arc::new(Tally::default());
        self.kept.lock().push(Arc::clone(&tally));
        tally
    }

    pub(crate) fn started(&self) {
        self.started.fetch_add(1, Ordering::Relaxed);
    }

    /// An instance has gone that was called `calls` times and had `memory` bytes.
    pub(crate) fn ended(&self, calls: u64, memory: u64, kept: Option<&Arc<Tally>>) {
        // Both under one lock, so that nobody counts the instance twice or not at all.
        let mut all = kept.map(|kept| (self.kept.lock(), kept));
        self.calls.fetch_add(calls, Ordering::Relaxed);
        // Reading is cheaper where several threads do this, and seldom is there more than before.
        if self.memory_peak.load(Ordering::Relaxed) < memory {
            self.memory_peak.fetch_max(memory, Ordering::Relaxed);
        }
        self.ended.fetch_add(1, Ordering::Relaxed);
        if let Some((all, kept)) = &mut all {
            all.retain(|other| !Arc::ptr_eq(other, kept));
        }
    }

    #[cold]
    pub(crate) fn failed(&self, error: &Error) {
        self.failed[error.blame() as usize].fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "async")]
    pub(crate) fn dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reloaded(&self) {
        self.reloads.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Stats {
        let kept = self.kept.lock();
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let failed = |blame: Blame| load(&self.failed[blame as usize]);
        let ended = load(&self.ended);
        let started = load(&self.started);
        Stats {
            calls: load(&self.calls) + kept.iter().map(|tally| load(&tally.calls)).sum::<u64>(),
            failed_by_guest: failed(Blame::Guest),
            failed_by_host: failed(Blame::Host),
            failed_by_caller: failed(Blame::Caller),
            failed_by_resources: failed(Blame::Resources),
            dropped: load(&self.dropped),
            instances: started.saturating_sub(ended),
            started,
            memory_peak: kept
                .iter()
                .map(|tally| load(&tally.memory))
                .fold(load(&self.memory_peak), u64::max),
            reloads: load(&self.reloads),
        }
    }
}

impl Tally {
    #[inline]
    pub(crate) fn set(&self, calls: u64, memory: u64) {
        self.calls.store(calls, Ordering::Relaxed);
        self.memory.store(memory, Ordering::Relaxed);
    }
}
