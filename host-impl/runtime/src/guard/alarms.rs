//! Tasks that are to be woken at a tick of the clock.
//!
//! It knows when, and nothing of what they wait for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;

use parking_lot::Mutex;

use super::fork;
use super::waking::wake;

/// Whom to wake when.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    set: Mutex<Set>,
    /// How many are set, to be looked at without the lock.
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Set {
    /// By the tick, and by a number that tells those of one tick apart.
    wakers: BTreeMap<(u64, u64), Waker>,
    last: u64,
}

/// That a task is to be woken, until this is dropped.
#[derive(Debug)]
pub(crate) struct Alarm {
    alarms: Arc<Alarms>,
    key: (u64, u64),
}

impl Alarms {
    /// Has a task woken at a tick, or at the next one if that is over.
    pub(crate) fn set(self: &Arc<Self>, tick: u64, waker: &Waker) -> Alarm {
        // To clone it runs code of the executor, too.
        let waker = waker.clone();
        let mut set = self.set.lock();
        set.last += 1;
        let key = (tick, set.last);
        set.wakers.insert(key, waker);
        self.count.store(set.wakers.len(), Ordering::Relaxed);
        Alarm {
            alarms: Arc::clone(self),
            key,
        }
    }

    /// Wakes those whose tick has come.
    pub(crate) fn ring(&self, now: u64) {
        // Who sets one this very moment may be missed, and is woken a tick later.
        if self.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut set = self.set.lock();
        let later = set.wakers.split_off(&(now + 1, 0));
        let due = std::mem::replace(&mut set.wakers, later);
        self.count.store(set.wakers.len(), Ordering::Relaxed);
        // Waking runs code of whatever executor it is.
        drop(set);
        due.into_values().for_each(wake);
    }
}

impl Alarm {
    /// Whether it is still to ring, and for this task.
    pub(crate) fn is_set_for(&self, waker: &Waker) -> bool {
        let set = self.alarms.set.lock();
        let mine = set.wakers.get(&self.key);
        mine.is_some_and(|mine| mine.will_wake(waker))
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        // Nobody knows who has the lock in a process that was forked, and nothing rings there.
        if fork::has_happened() {
            return;
        }
        let mut set = self.alarms.set.lock();
        let waker = set.wakers.remove(&self.key);
        self.alarms.count.store(set.wakers.len(), Ordering::Relaxed);
        drop(set);
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Panics when it is woken.
    struct Angry;

    impl Wake for Angry {
        fn wake(self: Arc<Self>) {
            panic!("not now");
        }
    }

    #[test]
    fn one_that_panics_keeps_no_other_from_being_woken() {
        let alarms = Arc::<Alarms>::default();
        let woken = Arc::<Woken>::default();
        let angry = || alarms.set(1, &Waker::from(Arc::new(Angry)));
        let _set = (
            angry(),
            alarms.set(1, &Waker::from(Arc::clone(&woken))),
            angry(),
        );
        alarms.ring(1);
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn those_whose_tick_has_come_are_woken_once() {
        let alarms = Arc::<Alarms>::default();
        let tasks: Vec<_> = (0..4).map(|_| Arc::<Woken>::default()).collect();
        let woken = || -> Vec<u32> {
            let counts = tasks.iter().map(|task| task.0.load(Ordering::Relaxed));
            counts.collect()
        };
        let set = |task: usize, tick| alarms.set(tick, &Waker::from(Arc::clone(&tasks[task])));
        let (a, b, c) = (set(0, 5), set(1, 5), set(2, 7));
        drop(set(3, 5));
        alarms.ring(4);
        assert_eq!(woken(), [0, 0, 0, 0]);
        alarms.ring(5);
        assert_eq!(woken(), [1, 1, 0, 0], "one is gone, and one is not due");
        assert!(!a.is_set_for(&Waker::from(Arc::clone(&tasks[0]))));
        assert!(c.is_set_for(&Waker::from(Arc::clone(&tasks[2]))));
        assert!(!c.is_set_for(&Waker::from(Arc::clone(&tasks[0]))));
        let late = set(3, 1);
        alarms.ring(6);
        assert_eq!(woken(), [1, 1, 0, 1], "its tick was over");
        drop((a, b, c, late));
        alarms.ring(100);
        assert_eq!(woken(), [1, 1, 0, 1]);
        assert_eq!(alarms.count.load(Ordering::Relaxed), 0);
    }
}
