//! Counting what a folder of compiled code was good for.

use std::sync::atomic::{AtomicU64, Ordering};

/// What an [`Artefacts`](crate::Artefacts) found, kept and refused so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArtefactStats {
    /// Components that were found and not compiled.
    pub hits: u64,
    /// Components of which nothing was kept.
    pub misses: u64,
    /// Components whose artefact was there and could not be trusted or used.
    pub refused: u64,
    /// Components whose compiled code was written.
    pub kept: u64,
    /// Components whose compiled code could not be written.
    pub failed: u64,
}

/// The same, while it changes.
#[derive(Debug, Default)]
pub(super) struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    refused: AtomicU64,
    kept: AtomicU64,
    failed: AtomicU64,
}

impl Counters {
    pub(super) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn missed(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn kept(&self) {
        self.kept.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> ArtefactStats {
        ArtefactStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            kept: self.kept.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
        }
    }
}
