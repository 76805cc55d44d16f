//! Workers, each with a job of the host's.

abide::abi!("test.wit");

use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::workers::GuestWorker;
use guest::jobs::Job;

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(Job);

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestWorker for Own {
    fn new(seed: u64) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(Job::new(seed))
    }

    fn work(&self, rounds: u32) -> u64 {
        (0..rounds).map(|_| self.0.step()).last().unwrap_or(0)
    }
}

impl guest::Workers for Plugin {
    type Worker = Own;

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

export!(Plugin);
