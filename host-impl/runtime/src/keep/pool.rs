//! The instances of one handle that are kept for further calls.
//!
//! It knows when one may be used and for how long, and nothing of what is called. There is a fixed
//! number of places, each with an instance or none. A thread begins with a place of its own, so
//! that threads that call at the same time do not meet; while it calls, it keeps the place. So does
//! a task, which may have gone on on another thread when its call is over.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::exclusive::{ByThread, Exclusive, Use, User};
use super::isolation::Warm;
use crate::call::instance::Instance;
use crate::engine::Engine;
use crate::engine::permits::Permits;
use crate::engine::reaper::Parking;
use crate::guard::clock::{Clock, ticks};

/// The instances of one handle, each with a `V`: what it was made from.
pub(crate) struct Pool<V> {
    places: Box<[Place<V>]>,
    /// Instances of an earlier generation are not used again.
    generation: AtomicU64,
    clock: Arc<Clock>,
    /// Of the engine: nothing is parked while somebody waits for one.
    permits: Arc<Permits>,
    max_calls: u64,
    /// In ticks, as what follows.
    max_idle: u64,
    max_age: u64,
}

/// Threads do not slow one another down by what lies on one line of the cache, of which processors
/// take two at a time.
#[repr(align(128))]
struct Place<V> {
    parked: Exclusive<Option<Parked<V>>>,
    /// Whether there is an instance, for those who look without using the place.
    taken: AtomicBool,
}

/// An instance that is kept, and what it has behind it.
struct Parked<V> {
    instance: Instance,
    made_from: V,
    generation: u64,
    born: u64,
    last_used: u64,
}

impl<V> Pool<V> {
    pub(crate) fn new(warm: &Warm, engine: &Engine) -> Self {
        Self {
            places: (0..warm.max_parked)
                .map(|_| Place {
                    parked: Exclusive::new(None),
                    taken: AtomicBool::new(false),
                })
                .collect(),
            generation: AtomicU64::new(0),
            clock: Arc::clone(engine.clock()),
            permits: Arc::clone(engine.permits()),
            max_calls: warm.max_calls,
            max_idle: ticks(warm.max_idle),
            max_age: ticks(warm.max_age),
        }
    }

    /// The generation of instances made from now on. Older ones are not used again.
    pub(crate) fn next_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Drops all instances: nobody makes calls any more. Should others look at them for a moment
    /// longer, there is nothing of the host left for them to drop.
    pub(crate) fn close(&self) {
        self.next_generation();
        self.parked::<ByThread>().for_each(|mut at| at.clear());
    }

    /// A place for one call, with a kept instance or none; nothing where all are in use.
    #[inline(always)]
    pub(crate) fn enter<U: User>(&self) -> Option<Kept<'_, V, U>> {
        let place = &self.places[self.first_choice()];
        let at = match place.enter() {
            Some(at) if self.has_fit(&at) => at,
            other => self.other(other)?,
        };
        Some(Kept {
            pool: self,
            at: Some(at),
        })
    }

    /// Another place than one that nobody can enter, or whose instance is not fit.
    #[cold]
    fn other<'a, U: User>(&'a self, first: Option<At<'a, V, U>>) -> Option<At<'a, V, U>> {
        let mut at = match first {
            Some(at) => at,
            None => self.elsewhere()?,
        };
        if !self.has_fit(&at) {
            at.clear();
            at = self.occupied().unwrap_or(at);
        }
        Some(at)
    }

    /// Where a thread begins.
    #[inline]
    fn first_choice(&self) -> usize {
        let (thread, places) = (this_thread(), self.places.len());
        // Most programs have few threads that call, and dividing takes as long as all the rest of
        // this.
        match thread < places {
            true => thread,
            false => thread % places,
        }
    }

    /// Whether an instance may serve another call.
    #[inline]
    fn is_fit(&self, parked: &Parked<V>) -> bool {
        let now = self.clock.now();
        parked.generation == self.generation.load(Ordering::Acquire)
            && parked.instance.calls() < self.max_calls
            && now - parked.last_used <= self.max_idle
            && now - parked.born <= self.max_age
    }

    /// A place that nobody uses: one with an instance that is fit, if there is one.
    #[cold]
    fn elsewhere<U: User>(&self) -> Option<At<'_, V, U>> {
        self.occupied()
            .or_else(|| self.places.iter().find_map(Place::enter))
    }

    /// A place with an instance that is fit and that nobody uses.
    #[cold]
    fn occupied<U: User>(&self) -> Option<At<'_, V, U>> {
        self.parked().find_map(|mut at| {
            if self.has_fit(&at) {
                return Some(at);
            }
            at.clear();
            None
        })
    }

    #[inline(always)]
    fn has_fit<U>(&self, at: &At<'_, V, U>) -> bool {
        at.parked.as_ref().is_some_and(|parked| self.is_fit(parked))
    }

    /// The places that have an instance and that nobody uses.
    fn parked<U: User>(&self) -> impl Iterator<Item = At<'_, V, U>> {
        self.taken().filter_map(Place::enter)
    }

    /// The places whose instances are parked or at work.
    fn taken(&self) -> impl Iterator<Item = &Place<V>> {
        let taken = |place: &&Place<V>| place.taken.load(Ordering::Relaxed);
        self.places.iter().filter(taken)
    }
}

impl<V> Place<V> {
    #[inline(always)]
    fn enter<U: User>(&self) -> Option<At<'_, V, U>> {
        let parked = self.parked.try_use_by()?;
        Some(At {
            place: self,
            parked,
        })
    }
}

/// The use of a place by one call. Dropped before the instance is [kept](Self::keep), also by a
/// panic, it drops the instance.
pub(crate) struct Kept<'a, V, U> {
    pool: &'a Pool<V>,
    at: Option<At<'a, V, U>>,
}

impl<V, U> Kept<'_, V, U> {
    /// The instance that is there, and what it was made from.
    #[inline(always)]
    pub(crate) fn parts(&mut self) -> Option<(&mut Instance, &V)> {
        let parked = self.at.as_mut()?.parked.as_mut()?;
        Some((&mut parked.instance, &parked.made_from))
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.at.as_ref().is_none_or(|at| at.parked.is_none())
    }

    /// Puts a new instance there.
    pub(crate) fn filled(mut self, instance: Instance, made_from: V, generation: u64) -> Self {
        let now = self.pool.clock.now();
        if let Some(at) = &mut self.at {
            *at.parked = Some(Parked {
                instance,
                made_from,
                generation,
                born: now,
                last_used: now,
            });
        }
        self
    }

    /// Leaves the instance there, unless somebody waits for its room. Whether it may serve another
    /// call is looked at before that, or by who [reaps](Parking::reap).
    #[inline(always)]
    pub(crate) fn keep(&mut self) {
        let at = self.at.take();
        let Some(mut at) = at else { return };
        if self.pool.permits.are_waited_for() {
            at.clear();
        } else if let Some(parked) = &mut *at.parked {
            parked.last_used = self.pool.clock.now();
        }
    }
}

impl<V, U> Drop for Kept<'_, V, U> {
    #[inline]
    fn drop(&mut self) {
        if let Some(at) = &mut self.at {
            at.clear();
        }
    }
}

/// The use of a place. The instance that is there stays.
struct At<'a, V, U> {
    place: &'a Place<V>,
    parked: Use<'a, Option<Parked<V>>, U>,
}

impl<V, U> At<'_, V, U> {
    /// Drops the instance that is there.
    #[cold]
    fn clear(&mut self) {
        *self.parked = None;
    }
}

impl<V: Send + 'static, U> At<'_, V, U> {
    /// Takes out the instance that is there, to be dropped elsewhere.
    fn take(&mut self) -> Option<Box<dyn Send>> {
        let parked = self.parked.take()?;
        Some(Box::new(parked))
    }
}

impl<V, U> Drop for At<'_, V, U> {
    #[inline]
    fn drop(&mut self) {
        let is_taken = self.parked.is_some();
        // Nobody else writes it now. It hardly ever changes, and reading costs less than writing.
        if self.place.taken.load(Ordering::Relaxed) != is_taken {
            self.place.taken.store(is_taken, Ordering::Relaxed);
        }
    }
}

impl<V: Send + Sync + 'static> Parking for Pool<V> {
    fn reap(&self) -> Vec<Box<dyn Send>> {
        let unfit = self.parked::<ByThread>();
        let unfit = unfit.filter(|at| !self.has_fit(at));
        unfit.filter_map(|mut at| at.take()).collect()
    }

    fn evict(&self) -> Option<Box<dyn Send>> {
        self.parked::<ByThread>().find_map(|mut at| {
            if let Some(parked) = &mut *at.parked {
                parked.instance.leaves();
            }
            at.take()
        })
    }
}

impl<V> fmt::Debug for Pool<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("places", &self.places.len())
            .field("taken", &self.taken().count())
            .finish_non_exhaustive()
    }
}

/// A small number for each thread, by which it chooses where to begin. Threads may share one.
#[inline]
fn this_thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    NUMBER.with(|number| {
        if number.get() == usize::MAX {
            number.set(THREADS.fetch_add(1, Ordering::Relaxed));
        }
        number.get()
    })
}
