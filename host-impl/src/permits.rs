//! How many instances an engine may still hold, and the line of those who wait for one.
//!
//! It knows nothing of instances. Who waits is served in the order of arrival; nobody who comes later is
//! served before.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// How often somebody who waits looks whether the reason to wait has gone, besides being told.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The instances that an engine may still hold.
#[derive(Debug)]
pub(crate) struct Permits {
    line: Mutex<Line>,
    /// How many wait, to be looked at without the lock.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Line {
    free: u32,
    waiting: VecDeque<Arc<Waiter>>,
}

#[derive(Debug, Default)]
struct Waiter {
    served: AtomicBool,
    wake: Condvar,
}

/// Why there is no permit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    TimedOut,
    Cancelled,
}

impl Permits {
    pub(crate) fn new(count: u32) -> Self {
        Self {
            line: Mutex::new(Line {
                free: count,
                waiting: VecDeque::new(),
            }),
            waiting: AtomicUsize::new(0),
        }
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

    /// The right to hold an instance, as soon as there is one but not later than after `wait`.
    ///
    /// While it waits it calls `make_room` now and then, which may give permits back, and gives up when
    /// `cancelled`.
    pub(crate) fn acquire(
        permits: &Arc<Self>,
        wait: Duration,
        make_room: impl Fn(),
        cancelled: impl Fn() -> bool,
    ) -> Result<Permit, Denied> {
        let mut line = permits.line.lock();
        if line.free > 0 && line.waiting.is_empty() {
            line.free -= 1;
            return Ok(Permit(Arc::clone(permits)));
        }
        let me = Arc::new(Waiter::default());
        line.waiting.push_back(Arc::clone(&me));
        permits.waiting.store(line.waiting.len(), Ordering::Relaxed);
        // A time too far to be told is waited for in slices all the same.
        let until = Instant::now().checked_add(wait);
        loop {
            drop(line);
            make_room();
            line = permits.line.lock();
            if me.served.load(Ordering::Relaxed) {
                return Ok(Permit(Arc::clone(permits)));
            }
            let left = until.map_or(LOOK_AGAIN, |until| {
                until.saturating_duration_since(Instant::now())
            });
            let denied = match (cancelled(), left.is_zero()) {
                (true, _) => Denied::Cancelled,
                (false, true) => Denied::TimedOut,
                (false, false) => {
                    me.wake.wait_for(&mut line, left.min(LOOK_AGAIN));
                    continue;
                }
            };
            line.waiting.retain(|other| !Arc::ptr_eq(other, &me));
            permits.waiting.store(line.waiting.len(), Ordering::Relaxed);
            return Err(denied);
        }
    }
}

/// The right to hold one instance, given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit(Arc<Permits>);

impl Drop for Permit {
    fn drop(&mut self) {
        let mut line = self.0.line.lock();
        match line.waiting.pop_front() {
            // It has the permit from now on, so there is nothing to be had for anybody faster.
            Some(next) => {
                next.served.store(true, Ordering::Relaxed);
                next.wake.notify_one();
                self.0.waiting.store(line.waiting.len(), Ordering::Relaxed);
            }
            None => line.free += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn acquire(permits: &Arc<Permits>, wait: Duration) -> Result<Permit, Denied> {
        Permits::acquire(permits, wait, || (), || false)
    }

    #[test]
    fn permits_run_out_and_come_back() {
        let permits = Arc::new(Permits::new(1));
        let held = acquire(&permits, Duration::ZERO);
        assert!(held.is_ok());
        let denied = acquire(&permits, Duration::from_millis(1));
        assert_eq!(denied.err(), Some(Denied::TimedOut));
        assert!(!permits.are_waited_for());
        drop(held);
        assert!(acquire(&permits, Duration::ZERO).is_ok());
    }

    #[test]
    fn the_line_is_served_in_order_and_the_cancelled_leave_it() {
        let permits = Arc::new(Permits::new(1));
        let held = acquire(&permits, Duration::ZERO);
        let served = Arc::new(AtomicU32::new(0));
        let cancelled = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for place in 0..6_usize {
            let (mine, served) = (Arc::clone(&permits), Arc::clone(&served));
            let cancelled = Arc::clone(&cancelled);
            threads.push(thread::spawn(move || {
                let gives_up = || place % 2 == 1 && cancelled.load(Ordering::Relaxed);
                let permit = Permits::acquire(&mine, LONG, || (), gives_up);
                let turn = served.fetch_add(u32::from(permit.is_ok()), Ordering::Relaxed);
                (permit.is_ok(), turn)
            }));
            while permits.waiting.load(Ordering::Relaxed) != place + 1 {
                thread::yield_now();
            }
        }
        cancelled.store(true, Ordering::Relaxed);
        while permits.waiting.load(Ordering::Relaxed) != 3 {
            thread::yield_now();
        }
        drop(held);
        let ends: Vec<_> = threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect();
        let turns: Vec<_> = ends.iter().filter(|end| end.0).map(|end| end.1).collect();
        assert_eq!(ends.len(), 6);
        assert_eq!(turns, [0, 1, 2]);
        assert!(acquire(&permits, Duration::ZERO).is_ok());
    }

    #[test]
    fn room_made_while_waiting_is_taken() {
        let permits = Arc::new(Permits::new(1));
        let held = Mutex::new(acquire(&permits, Duration::ZERO).ok());
        let make_room = || drop(held.lock().take());
        assert!(Permits::acquire(&permits, LONG, make_room, || false).is_ok());
    }
}
