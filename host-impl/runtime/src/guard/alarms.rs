//! Tasks that are to be woken at a tick of the clock.
//!
//! It knows when, and nothing of what they wait for. Most alarms are taken back long before they ring,
//! so setting one and taking it back is what has to cost little: it allocates nothing, and a tick at
//! which none is due takes no lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;

use parking_lot::Mutex;

use super::fork;
use super::waking::wake;

/// No tick is as late.
const NEVER: u64 = u64::MAX;

/// Whom to wake when.
#[derive(Debug)]
pub(crate) struct Alarms {
    places: Mutex<Places>,
    /// None is due before this tick, to be looked at without the lock.
    earliest: AtomicU64,
}

/// The alarms, each in a place that is used again when it has rung or was taken back.
#[derive(Debug, Default)]
struct Places {
    all: Vec<Place>,
    free: Vec<usize>,
}

#[derive(Debug, Default)]
struct Place {
    tick: u64,
    waker: Option<Waker>,
    /// Tells the alarms apart that have been here.
    number: u64,
}

/// That a task is to be woken, until this is dropped.
#[derive(Debug)]
pub(crate) struct Alarm<'a> {
    alarms: &'a Alarms,
    place: usize,
    number: u64,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            places: Mutex::default(),
            earliest: AtomicU64::new(NEVER),
        }
    }
}

impl Alarms {
    /// Has a task woken at a tick, or at the next one if that is over.
    pub(crate) fn set(&self, tick: u64, waker: &Waker) -> Alarm<'_> {
        // To clone it runs code of the executor, too.
        let waker = Some(waker.clone());
        let mut places = self.places.lock();
        let free = places.free.pop();
        let place = free.unwrap_or_else(|| {
            places.all.push(Place::default());
            places.all.len() - 1
        });
        let here = &mut places.all[place];
        here.tick = tick;
        here.waker = waker;
        here.number += 1;
        let number = here.number;
        // Written under the lock only.
        if tick < self.earliest.load(Ordering::Relaxed) {
            self.earliest.store(tick, Ordering::Relaxed);
        }
        Alarm {
            alarms: self,
            place,
            number,
        }
    }

    /// Wakes those whose tick has come.
    pub(crate) fn ring(&self, now: u64) {
        // Who sets one this very moment may be missed, and is woken a tick later.
        if now < self.earliest.load(Ordering::Relaxed) {
            return;
        }
        let mut due = Vec::new();
        let mut earliest = NEVER;
        let mut places = self.places.lock();
        let Places { all, free } = &mut *places;
        for (place, here) in all.iter_mut().enumerate() {
            if here.waker.is_none() {
                continue;
            }
            if here.tick > now {
                earliest = earliest.min(here.tick);
                continue;
            }
            due.extend(here.waker.take());
            free.push(place);
        }
        self.earliest.store(earliest, Ordering::Relaxed);
        // Waking runs code of whatever executor it is.
        drop(places);
        due.into_iter().for_each(wake);
    }

    /// Does something with an alarm's place, if it has not rung.
    fn with<R>(&self, alarm: &Alarm<'_>, does: impl FnOnce(&mut Places) -> R) -> Option<R> {
        let mut places = self.places.lock();
        let here = &places.all[alarm.place];
        let is_set = here.number == alarm.number && here.waker.is_some();
        is_set.then(|| does(&mut places))
    }
}

impl Alarm<'_> {
    /// Whether it is still to ring, and for this task.
    pub(crate) fn is_set_for(&self, waker: &Waker) -> bool {
        let mine = |places: &mut Places| {
            let mine = places.all[self.place].waker.as_ref();
            mine.is_some_and(|mine| mine.will_wake(waker))
        };
        self.alarms.with(self, mine).unwrap_or(false)
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        // Nobody knows who has the lock in a process that was forked, and nothing rings there.
        if fork::has_happened() {
            return;
        }
        let waker = self.alarms.with(self, |places| {
            places.free.push(self.place);
            places.all[self.place].waker.take()
        });
        // Without the lock: it may be the last of a task.
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
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
        let alarms = Alarms::default();
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
        let alarms = Alarms::default();
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
        let again = set(0, 9);
        drop((a, b, c, late));
        assert!(
            again.is_set_for(&Waker::from(Arc::clone(&tasks[0]))),
            "it has the place of one that has rung"
        );
        drop(again);
        alarms.ring(100);
        assert_eq!(woken(), [1, 1, 0, 1]);
        let places = alarms.places.lock();
        assert_eq!((places.all.len(), places.free.len()), (4, 4));
        assert_eq!(alarms.earliest.load(Ordering::Relaxed), NEVER);
    }
}
