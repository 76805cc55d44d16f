//! An instance that is taken out of its place for the time of a call: a task that has it may wait,
//! and go on on another thread.
//!
//! Which instances may be used again, and for how long, is the pool's affair.

use std::fmt;
use std::iter;
use std::sync::atomic::Ordering;

use super::{Parked, Place, Pool};
use crate::call::instance::Instance;

/// An instance of a pool while a task has it. Dropped before it is [kept](Self::keep), it drops the
/// instance.
pub(crate) struct Taken<'a, V> {
    pool: &'a Pool<V>,
    parked: Option<Box<Parked<V>>>,
}

impl<V> Pool<V> {
    /// An instance that is fit for another call, if there is one that nobody uses.
    #[inline]
    pub(crate) fn take(&self) -> Option<Taken<'_, V>> {
        let first = self.places[self.first_choice()].enter();
        let mut at = match first.filter(|at| self.has_fit(at)) {
            Some(at) => at,
            None => self.occupied()?,
        };
        let parked = at.parked.take();
        Some(Taken { pool: self, parked })
    }

    /// A new instance, as if it had been taken out of a place.
    pub(crate) fn taken_new(
        &self,
        instance: Instance,
        made_from: V,
        generation: u64,
    ) -> Taken<'_, V> {
        let parked = self.new_one(instance, made_from, generation);
        let parked = Some(parked);
        Taken { pool: self, parked }
    }

    /// Keeps an instance, if there is a place for it and nobody waits for its room.
    fn put(&self, mut parked: Box<Parked<V>>) {
        if self.permits.are_waited_for() {
            return;
        }
        parked.last_used = self.clock.now();
        let is_empty = |place: &&Place<V>| !place.taken.load(Ordering::Relaxed);
        let first = iter::once(&self.places[self.first_choice()]);
        for place in first.chain(&self.places).filter(is_empty) {
            if let Some(mut at) = place.enter()
                && at.parked.is_none()
            {
                *at.parked = Some(parked);
                return;
            }
        }
    }
}

impl<V> Taken<'_, V> {
    /// The instance, and what it was made from.
    #[inline(always)]
    pub(crate) fn parts(&mut self) -> Option<(&mut Instance, &V)> {
        let parked = self.parked.as_mut()?;
        Some((&mut parked.instance, &parked.made_from))
    }

    /// The call is over, and the instance can be used again.
    #[inline]
    pub(crate) fn keep(&mut self) {
        if let Some(parked) = self.parked.take() {
            self.pool.put(parked);
        }
    }
}

impl<V> fmt::Debug for Taken<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taken").finish_non_exhaustive()
    }
}
