//! The clock of an engine: a thread that counts ticks, by which deadlines and ages are measured.
//!
//! Whoever starts it says what happens at each tick.

#[cfg(feature = "async")]
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(feature = "async")]
use std::task::Waker;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

#[cfg(feature = "async")]
use super::alarms::{Alarm, Alarms};
use super::fork;
use crate::error::{Error, Result};

/// How often the clock advances, and so how exact a deadline is.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Counts the ticks since an engine was made.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ticks: AtomicU64,
    #[cfg(feature = "async")]
    alarms: Alarms,
}

impl Clock {
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Has a task woken at a tick, or at the next one if that is over.
    #[cfg(feature = "async")]
    pub(crate) fn wake_at(&self, tick: u64, waker: &Waker) -> Alarm<'_> {
        self.alarms.set(tick, waker)
    }

    /// A tick later. What has to happen at each comes before tasks are woken, which may take a
    /// while.
    fn advance(&self, each_tick: &impl Fn()) {
        self.ticks.fetch_add(1, Ordering::Relaxed);
        each_tick();
        #[cfg(feature = "async")]
        self.alarms.ring(self.now());
    }
}

#[cfg(feature = "async")]
thread_local! {
    static IS_CLOCK: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the thread of a clock. Tasks are woken on it, and nothing else may run there: no
/// time would go by for any guest.
#[cfg(feature = "async")]
#[inline]
pub(crate) fn is_here() -> bool {
    IS_CLOCK.get()
}

/// The thread that advances a clock. It ends when this is dropped.
pub(crate) struct Ticker {
    clock: Arc<Clock>,
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Stop {
    requested: Mutex<bool>,
    changed: Condvar,
}

impl Ticker {
    /// Starts a clock; `each_tick` runs on its thread and must not block.
    pub(crate) fn start(each_tick: impl Fn() + Send + 'static) -> Result<Self> {
        let clock = Arc::new(Clock::default());
        let stop = Arc::new(Stop::default());
        let (told, seen) = (Arc::clone(&clock), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("abide-ticker".to_owned())
            .spawn(move || {
                #[cfg(feature = "async")]
                IS_CLOCK.set(true);
                let mut schedule = Schedule::new(Instant::now());
                let mut requested = seen.requested.lock();
                while !*requested {
                    let next = schedule.next(Instant::now());
                    let timed_out = seen.changed.wait_until(&mut requested, next).timed_out();
                    if timed_out {
                        // The last of an engine may go with a task that is woken, and has to be
                        // able to say so.
                        MutexGuard::unlocked(&mut requested, || told.advance(&each_tick));
                    }
                }
            })
            .map_err(|error| Error::Engine {
                reason: Box::from(
                    "the thread for its deadlines could not be started; \
                     check the limit on threads of this process (`ulimit -u`)",
                ),
                source: Box::new(error),
            })?;
        Ok(Self {
            clock,
            stop,
            thread: Some(thread),
        })
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        // The thread is not in a process that was forked, and would be waited for in vain.
        if fork::has_happened() {
            return std::mem::forget(self.thread.take());
        }
        *self.stop.requested.lock() = true;
        self.stop.changed.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // What it wakes may panic, which is contained there.
            let _ = thread.join();
        }
    }
}

/// When the clock's ticks are due.
///
/// Each is due a tick after the one before was due, and not after it happened, so that a long
/// deadline is as exact as a short one. If the process did not run for a while, the ticks it missed
/// are dropped: they would otherwise come all at once, and end calls that have only begun.
struct Schedule {
    due: Instant,
}

impl Schedule {
    const MOST_LATE: Duration = TICK.saturating_mul(10);

    fn new(now: Instant) -> Self {
        Self { due: now }
    }

    fn next(&mut self, now: Instant) -> Instant {
        self.due += TICK;
        if now.saturating_duration_since(self.due) > Self::MOST_LATE {
            self.due = now + TICK;
        }
        self.due
    }
}

/// A time in ticks of the clock.
///
/// The first tick comes at any time between now and a whole tick from now, hence one more than the
/// time rounded up. The bound keeps the sum with the clock far from overflowing.
pub(crate) fn ticks(time: Duration) -> u64 {
    const LONGEST: u64 = 1 << 40;
    let ticks = time.as_nanos().div_ceil(TICK.as_nanos()) + 1;
    u64::try_from(ticks).unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_round_up_to_ticks() {
        assert_eq!(ticks(Duration::ZERO), 1);
        assert_eq!(ticks(Duration::from_nanos(1)), 2);
        assert_eq!(ticks(Duration::from_millis(10)), 2);
        assert_eq!(ticks(Duration::from_millis(11)), 3);
        assert_eq!(ticks(Duration::MAX), 1 << 40);
    }

    #[test]
    fn ticks_keep_their_rhythm_and_missed_ones_are_dropped() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start);
        assert_eq!(schedule.next(start), start + TICK);
        // A little late: the next is due when it would have been.
        assert_eq!(schedule.next(start + TICK * 3 / 2), start + TICK * 2);
        let long_after = start + TICK * 1000;
        assert_eq!(schedule.next(long_after), long_after + TICK);
    }

    #[cfg(feature = "async")]
    #[test]
    fn the_last_of_it_may_go_with_a_task_that_it_wakes() -> Result<()> {
        use std::sync::mpsc;
        use std::task::Wake;

        /// What an executor that is gone leaves of a task: all of it goes when it is woken.
        struct Last(Mutex<Option<Ticker>>, mpsc::Sender<bool>);

        impl Wake for Last {
            fn wake(self: Arc<Self>) {
                drop(self.0.lock().take());
                let _ = self.1.send(is_here());
            }
        }

        let ticker = Ticker::start(|| ())?;
        let clock = Arc::clone(ticker.clock());
        let (gone, is_gone) = mpsc::channel();
        let last = Arc::new(Last(Mutex::new(Some(ticker)), gone));
        let _alarm = clock.wake_at(0, &Waker::from(last));
        let patience = Duration::from_secs(60);
        assert_eq!(is_gone.recv_timeout(patience), Ok(true));
        Ok(())
    }

    #[test]
    fn the_thread_ends_with_the_ticker() -> Result<()> {
        let ticker = Ticker::start(|| ())?;
        let clock = Arc::downgrade(ticker.clock());
        assert_eq!(clock.strong_count(), 2, "the ticker and its thread");
        drop(ticker);
        assert_eq!(clock.strong_count(), 0);
        Ok(())
    }
}
