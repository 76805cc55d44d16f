//! How many instances an engine may still hold, and the line of those who wait for one.
//!
//! It knows nothing of instances, but that some take the room of several. Who waits is served in the order of
//! arrival; nobody who comes later is served before, also where there would be enough for them.

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
    all: u32,
    line: Mutex<Line>,
    /// How many wait, to be looked at without the lock.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Line {
    free: u32,
    waiting: VecDeque<Arc<Waiter>>,
}

#[derive(Debug)]
struct Waiter {
    wanted: u32,
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
            all: count,
            line: Mutex::new(Line {
                free: count,
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

    /// The right to hold an instance that takes the room of `wanted`, as soon as there is enough but not later
    /// than after `wait`. Of more than there are [in all](Self::all) there is never enough.
    ///
    /// While it waits it calls `make_room` now and then, which may give permits back and says whether it did,
    /// and gives up when `cancelled`.
    pub(crate) fn acquire(
        permits: &Arc<Self>,
        wanted: u32,
        wait: Duration,
        make_room: impl Fn() -> bool,
        cancelled: impl Fn() -> bool,
    ) -> Result<Permit, Denied> {
        let mut line = permits.line.lock();
        let permit = || Permit {
            permits: Arc::clone(permits),
            count: wanted,
        };
        if line.free >= wanted && line.waiting.is_empty() {
            line.free -= wanted;
            return Ok(permit());
        }
        let me = Arc::new(Waiter {
            wanted,
            served: AtomicBool::new(false),
            wake: Condvar::new(),
        });
        line.waiting.push_back(Arc::clone(&me));
        permits.waiting.store(line.waiting.len(), Ordering::Relaxed);
        // A time too far to be told is waited for in slices all the same.
        let until = Instant::now().checked_add(wait);
        loop {
            drop(line);
            let made_room = make_room();
            line = permits.line.lock();
            if me.served.load(Ordering::Relaxed) {
                return Ok(permit());
            }
            let left = until.map_or(LOOK_AGAIN, |until| {
                until.saturating_duration_since(Instant::now())
            });
            let denied = match (cancelled(), left.is_zero()) {
                (true, _) => Denied::Cancelled,
                (false, true) => Denied::TimedOut,
                // There may be more of it.
                (false, false) if made_room => continue,
                (false, false) => {
                    me.wake.wait_for(&mut line, left.min(LOOK_AGAIN));
                    continue;
                }
            };
            line.waiting.retain(|other| !Arc::ptr_eq(other, &me));
            // There may be enough for the next, if not for this one.
            permits.serve(&mut line);
            return Err(denied);
        }
    }

    /// Gives what there is to those who wait, for as long as it is enough for the next in the line.
    fn serve(&self, line: &mut Line) {
        while let Some(next) = line.waiting.pop_front_if(|next| next.wanted <= line.free) {
            line.free -= next.wanted;
            // It has the permits from now on, so there is nothing to be had for anybody faster.
            next.served.store(true, Ordering::Relaxed);
            next.wake.notify_one();
        }
        self.waiting.store(line.waiting.len(), Ordering::Relaxed);
    }
}

/// The right to hold one instance, given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    permits: Arc<Permits>,
    count: u32,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut line = self.permits.line.lock();
        line.free += self.count;
        self.permits.serve(&mut line);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn acquire(permits: &Arc<Permits>, wait: Duration) -> Result<Permit, Denied> {
        Permits::acquire(permits, 1, wait, || false, || false)
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
                let permit = Permits::acquire(&mine, 1, LONG, || false, gives_up);
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
        let make_room = || held.lock().take().is_some();
        assert!(Permits::acquire(&permits, 1, LONG, make_room, || false).is_ok());
    }

    #[test]
    fn who_wants_several_waits_for_all_of_them_and_keeps_the_place_in_the_line() {
        let permits = Arc::new(Permits::new(3));
        assert_eq!(permits.all(), 3);
        let one = acquire(&permits, Duration::ZERO);
        let start = |wanted, wait| {
            let mine = Arc::clone(&permits);
            let waiting = permits.waiting.load(Ordering::Relaxed);
            let thread =
                thread::spawn(move || Permits::acquire(&mine, wanted, wait, || false, || false));
            while permits.waiting.load(Ordering::Relaxed) == waiting {
                thread::yield_now();
            }
            thread
        };
        let three = start(3, LONG);
        // There would be enough for this one, but it came later.
        let two = start(2, LONG);
        assert_eq!(permits.free(), 2);
        drop(one);
        let three = three.join().ok().and_then(Result::ok);
        assert!(three.is_some());
        assert_eq!(permits.free(), 0);
        drop(three);
        let two = two.join().ok().and_then(Result::ok);
        assert!(two.is_some());
        assert_eq!(permits.free(), 1);

        // When the first gives up, there is enough for the next.
        let given_up = start(3, Duration::from_millis(200));
        let last = start(1, LONG);
        assert!(matches!(given_up.join(), Ok(Err(Denied::TimedOut))));
        assert!(matches!(last.join(), Ok(Ok(_))));
        drop(two);
        assert_eq!(permits.free(), 3);
    }

    #[test]
    fn room_is_made_until_there_is_enough() {
        let permits = Arc::new(Permits::new(3));
        let held: Vec<_> = (0..3).map(|_| acquire(&permits, Duration::ZERO)).collect();
        let held = Mutex::new(held);
        let make_room = || held.lock().pop().is_some();
        // Faster than with one for each look.
        let permit = Permits::acquire(&permits, 3, LONG, make_room, || false);
        assert!(permit.is_ok());
    }
}
