//! How many instances an engine may still hold, and the line of those who wait for one.
//!
//! Some instances take the room of several. Who waits is served in the order of arrival. Who is too
//! large for what is free does not keep smaller ones waiting for nothing: they go before it for as
//! long as it has to wait for others anyway, and after that where they leave enough for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::Waker;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::guard::fork;
use crate::guard::waking::wake;

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
    /// The task that waits, where it is none that has a thread to itself.
    task: Mutex<Option<Waker>>,
    /// Whether it is the first in the line, and looks for room for all.
    leads: AtomicBool,
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
        // Left after the lock is.
        let mut place;
        let mut line = permits.line.lock();
        if let Some(permit) = Self::at_once(permits, &mut line, wanted) {
            return Ok(permit);
        }
        place = Place::queue(permits, &mut line, wanted, wait);
        loop {
            match place.look(&mut line, &make_room, &cancelled) {
                Next::Over(outcome) => {
                    drop(line);
                    return outcome;
                }
                Next::Wait(left) => {
                    let time = left.min(LOOK_AGAIN);
                    place.waiter.wake.wait_for(&mut line, time);
                }
            }
        }
    }

    /// A permit, if nobody waits and there is enough.
    fn at_once(permits: &Arc<Self>, line: &mut Line, wanted: u32) -> Option<Permit> {
        if line.free < wanted || !line.waiting.is_empty() {
            return None;
        }
        let number = line.give(wanted);
        Some(Self::permit(permits, wanted, number))
    }

    fn permit(permits: &Arc<Self>, count: u32, number: u64) -> Permit {
        Permit {
            permits: Arc::clone(permits),
            count,
            number,
            leaving: false,
        }
    }

    /// Gives what there is to those who wait.
    ///
    /// Whoever is passed over because there is too little is kept from nothing by those behind:
    /// either what was held when it came is too much for it by itself, or the others leave free
    /// what it needs.
    fn serve(&self, line: &mut Line) -> Woken {
        let mut woken = Woken::default();
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
                    woken.0.extend(next.waiter.task.lock().take());
                }
                continue;
            }
            let others = self.all.saturating_sub(next.wanted);
            if next.older <= others {
                most = most.min(others);
            }
            place += 1;
        }
        if let Some(first) = line.waiting.front()
            && !first.waiter.leads.swap(true, Ordering::Relaxed)
        {
            woken.0.extend(first.waiter.task.lock().take());
        }
        self.waiting.store(line.waiting.len(), Ordering::Relaxed);
        woken
    }
}

/// Tasks that were served, or are first now. To wake them runs code of whatever executor it is, so
/// it is done without the lock.
#[derive(Debug, Default)]
#[must_use = "tasks that are not woken wait for nothing"]
struct Woken(Vec<Waker>);

impl Woken {
    fn wake(self) {
        self.0.into_iter().for_each(wake);
    }
}

/// Somebody's place in the line. Who leaves it gives back what it was just served.
struct Place<'a> {
    permits: &'a Arc<Permits>,
    waiter: Arc<Waiter>,
    wanted: u32,
    begun: Instant,
    wait: Duration,
    /// Whether the permit that it was served is somebody's.
    is_taken: bool,
}

/// What is next for somebody who waits.
enum Next {
    Over(Result<Permit, Denied>),
    /// To wait to be told, and in all for no longer than this.
    Wait(Duration),
}

impl<'a> Place<'a> {
    /// Takes a place in the line, which may be served at once.
    fn queue(permits: &'a Arc<Permits>, line: &mut Line, wanted: u32, wait: Duration) -> Self {
        let waiter = Arc::new(Waiter {
            served: AtomicU64::new(0),
            wake: Condvar::new(),
            task: Mutex::new(None),
            leads: AtomicBool::new(false),
        });
        line.waiting.push_back(Waiting {
            wanted,
            came: line.given,
            older: permits.all - line.free,
            waiter: Arc::clone(&waiter),
        });
        // Nothing has become free: there is nobody to be served or to be first but who has just
        // come.
        let _ = permits.serve(line);
        Self {
            permits,
            waiter,
            wanted,
            begun: Instant::now(),
            wait,
            is_taken: false,
        }
    }

    /// Looks whether it was served, or has to give up. The lock is let go for `make_room`.
    fn look(
        &mut self,
        line: &mut MutexGuard<'_, Line>,
        make_room: &impl Fn() -> bool,
        cancelled: &impl Fn() -> bool,
    ) -> Next {
        loop {
            if let Some(permit) = self.served() {
                return Next::Over(Ok(permit));
            }
            let made_room = MutexGuard::unlocked(line, make_room);
            if let Some(permit) = self.served() {
                return Next::Over(Ok(permit));
            }
            if made_room {
                // Also who does not want to wait waits for what is about to be free.
                self.wait = self.wait.max(LOOK_AGAIN);
            }
            let left = self.wait.saturating_sub(self.begun.elapsed());
            let denied = match (cancelled(), left.is_zero()) {
                (true, _) => Denied::Cancelled,
                (false, true) => Denied::TimedOut { free: line.free },
                // There may be more of it.
                (false, false) if made_room && line.is_short() => continue,
                (false, false) => return Next::Wait(left),
            };
            return Next::Over(Err(denied));
        }
    }

    fn served(&mut self) -> Option<Permit> {
        let number = self.waiter.served.load(Ordering::Relaxed);
        if number == 0 || self.is_taken {
            return None;
        }
        self.is_taken = true;
        Some(Permits::permit(self.permits, self.wanted, number))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.is_taken || fork::has_happened() {
            return;
        }
        let mut line = self.permits.line.lock();
        let waiter = &self.waiter;
        line.waiting
            .retain(|other| !Arc::ptr_eq(&other.waiter, waiter));
        // There may be enough for the next, if not for this one.
        let woken = self.permits.serve(&mut line);
        drop(line);
        woken.wake();
        // Served, and not told: it is given back.
        drop(self.served());
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
        let woken = self.permits.serve(&mut line);
        drop(line);
        woken.wake();
    }
}

#[cfg(feature = "async")]
mod task;
#[cfg(test)]
mod tests;
