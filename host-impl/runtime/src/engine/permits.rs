//! How many instances an engine may still hold, and the line of those who wait for one.
//!
//! Some instances take the room of several. Who waits is served in the order of arrival. Who is too
//! large for what is free does not keep smaller ones waiting for nothing: they go before it for as
//! long as it has to wait for others anyway, and after that where they leave enough for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::guard::fork;

/// How often somebody who waits looks whether the reason to wait has gone, besides being told.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The instances that an engine may still hold.
#[derive(Debug)]
pub(crate) struct Permits {
    all: u32,
    line: Mutex<Line>,
    /// How many wait, to be looked at without the lock.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Line {
    free: u32,
    /// How much will be free soon: it is held by what is being dropped.
    leaving: u32,
    /// How often a permit was given. Each has its number.
    given: u64,
    waiting: VecDeque<Waiting>,
}

/// A place in the line.
#[derive(Debug)]
struct Waiting {
    wanted: u32,
    /// The number of the last permit that was given before this one came.
    came: u64,
    /// How much of the permits up to that one is still held.
    older: u32,
    waiter: Arc<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    /// The number of the permit that it was given; 0 for none.
    served: AtomicU64,
    wake: Condvar,
}

/// Why there is no permit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The time is over, with so much still free.
    TimedOut {
        free: u32,
    },
    Cancelled,
}

impl Permits {
    pub(crate) fn new(count: u32) -> Self {
        Self {
            all: count,
            line: Mutex::new(Line {
                free: count,
                leaving: 0,
                given: 0,
                waiting: VecDeque::new(),
            }),
            waiting: AtomicUsize::new(0),
        }
    }

    /// How many instances there is room for where there are none.
    pub(crate) fn all(&self) -> u32 {
        self.all
    }

    /// How many instances there is still room for.
    pub(crate) fn free(&self) -> u32 {
        self.line.lock().free
    }

    /// Whether anybody waits.
    #[inline]
    pub(crate) fn are_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) != 0
    }

    /// The right to hold an instance that takes the room of `wanted`, as soon as there is enough
    /// but not later than after `wait`. Of more than there are [in all](Self::all) there is never
    /// enough.
    ///
    /// While it waits it calls `make_room` now and then, which may have permits given back soon and
    /// says whether it did, and gives up when `cancelled`.
    pub(crate) fn acquire(
        permits: &Arc<Self>,
        wanted: u32,
        wait: Duration,
        make_room: impl Fn() -> bool,
        cancelled: impl Fn() -> bool,
    ) -> Result<Permit, Denied> {
        let mut line = permits.line.lock();
        if line.free >= wanted && line.waiting.is_empty() {
            let number = line.give(wanted);
            return Ok(Self::permit(permits, wanted, number));
        }
        let me = permits.queue(&mut line, wanted);
        let (begun, mut wait) = (Instant::now(), wait);
        loop {
            let served = me.served.load(Ordering::Relaxed);
            if served != 0 {
                return Ok(Self::permit(permits, wanted, served));
            }
            let made_room = MutexGuard::unlocked(&mut line, &make_room);
            if me.served.load(Ordering::Relaxed) != 0 {
                continue;
            }
            if made_room {
                // Also who does not want to wait waits for what is about to be free.
                wait = wait.max(LOOK_AGAIN);
            }
            let left = wait.saturating_sub(begun.elapsed());
            let denied = match (cancelled(), left.is_zero()) {
                (true, _) => Denied::Cancelled,
                (false, true) => Denied::TimedOut { free: line.free },
                // There may be more of it.
                (false, false) if made_room && line.is_short() => continue,
                (false, false) => {
                    me.wake.wait_for(&mut line, left.min(LOOK_AGAIN));
                    continue;
                }
            };
            line.waiting
                .retain(|other| !Arc::ptr_eq(&other.waiter, &me));
            // There may be enough for the next, if not for this one.
            permits.serve(&mut line);
            return Err(denied);
        }
    }

    fn permit(permits: &Arc<Self>, count: u32, number: u64) -> Permit {
        Permit {
            permits: Arc::clone(permits),
            count,
            number,
            leaving: false,
        }
    }

    /// Takes a place in the line, which may be served at once.
    fn queue(&self, line: &mut Line, wanted: u32) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter {
            served: AtomicU64::new(0),
            wake: Condvar::new(),
        });
        line.waiting.push_back(Waiting {
            wanted,
            came: line.given,
            older: self.all - line.free,
            waiter: Arc::clone(&waiter),
        });
        self.serve(line);
        waiter
    }

    /// Gives what there is to those who wait.
    ///
    /// Whoever is passed over because there is too little is kept from nothing by those behind:
    /// either what was held when it came is too much for it by itself, or the others leave free
    /// what it needs.
    fn serve(&self, line: &mut Line) {
        // How much may be held in all.
        let mut most = self.all;
        let mut place = 0;
        while line.free > 0
            && let Some(next) = line.waiting.get(place)
        {
            if self.all - line.free + next.wanted <= most {
                if let Some(next) = line.waiting.remove(place) {
                    // It has the permits from now on, so there is nothing to be had for anybody
                    // faster.
                    let number = line.give(next.wanted);
                    next.waiter.served.store(number, Ordering::Relaxed);
                    next.waiter.wake.notify_one();
                }
                continue;
            }
            let others = self.all.saturating_sub(next.wanted);
            if next.older <= others {
                most = most.min(others);
            }
            place += 1;
        }
        self.waiting.store(line.waiting.len(), Ordering::Relaxed);
    }
}

impl Line {
    /// Gives a permit, and says its number.
    fn give(&mut self, wanted: u32) -> u64 {
        self.free -= wanted;
        self.given += 1;
        self.given
    }

    /// Whether there is too little for those who wait, also with what is about to be free.
    fn is_short(&self) -> bool {
        let wanted = self.waiting.iter().map(|waiting| waiting.wanted);
        let wanted = wanted.fold(0, u32::saturating_add);
        self.free + self.leaving < wanted
    }
}

/// The right to hold one instance, given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    permits: Arc<Permits>,
    count: u32,
    number: u64,
    leaving: bool,
}

impl Permit {
    /// Tells that it is about to be given back.
    pub(crate) fn leaves(&mut self) {
        if !self.leaving {
            self.leaving = true;
            self.permits.line.lock().leaving += self.count;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // Nobody knows who has the lock in a process that was forked, and nobody waits there.
        if fork::has_happened() {
            return;
        }
        let mut line = self.permits.line.lock();
        line.free += self.count;
        if self.leaving {
            line.leaving -= self.count;
        }
        for waiting in &mut line.waiting {
            if self.number <= waiting.came {
                waiting.older -= self.count;
            }
        }
        self.permits.serve(&mut line);
    }
}

#[cfg(test)]
mod tests;
