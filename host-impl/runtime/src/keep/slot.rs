//! One instance that is kept for a session, and who may use it when.
//!
//! It knows nothing of worlds, nor of what is called.

use std::fmt;
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use wasmtime::component::ResourceAny;

use super::exclusive::{Exclusive, Use};
use crate::call::dropped::Dropped;
use crate::call::instance::Instance;
use crate::call::request::Request;
#[cfg(feature = "async")]
use crate::engine::permits::Permits;
use crate::error::Error;
use crate::error::outcome::{Outcome, Unserved};
use crate::guard::cancel::Cancel;
use crate::guard::nesting::Nested;
use crate::values::signature::Function;

/// How often somebody who waits looks whether the instance is free, besides being told.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How often that is tried before the thread sleeps: about as long as a short call takes.
const SPINS: u32 = 100;

#[cfg(feature = "async")]
pub(crate) mod turn;

/// The place of a session's instance.
pub(crate) struct Slot {
    /// In a box, because a task takes it out.
    instance: Exclusive<Option<Box<Instance>>>,
    alive: AtomicBool,
    /// How many wait for the instance.
    waiting: AtomicU32,
    /// How many of them have waited for so long that others are to wait as well.
    hungry: AtomicU32,
    line: Mutex<()>,
    freed: Condvar,
    /// Resources of the guest whose handles were dropped while the instance was in use.
    dropped: Arc<Dropped>,
    /// The line of tasks that wait for the instance, where its guest runs on fibres.
    #[cfg(feature = "async")]
    turns: Option<Arc<Permits>>,
    guest: Arc<str>,
    wait: Duration,
    /// What a call may take of its thread's stack, in bytes.
    stack: usize,
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("alive", &self.alive)
            .finish_non_exhaustive()
    }
}

impl Slot {
    pub(crate) fn new(
        guest: &Arc<str>,
        wait: Duration,
        stack: usize,
        mut instance: Instance,
    ) -> Self {
        Self {
            dropped: instance.keep_resources(),
            instance: Exclusive::new(Some(Box::new(instance))),
            alive: AtomicBool::new(true),
            waiting: AtomicU32::new(0),
            hungry: AtomicU32::new(0),
            line: Mutex::new(()),
            freed: Condvar::new(),
            #[cfg(feature = "async")]
            turns: None,
            guest: Arc::clone(guest),
            wait,
            stack,
        }
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire)
    }

    /// The use of the instance, alone.
    #[inline(always)]
    pub(crate) fn enter(&self, request: Request<'_>) -> Outcome<User<'_>> {
        let instance = if self.hungry.load(Ordering::Relaxed) == 0
            && let Some(instance) = self.instance.try_use()
        {
            instance
        } else {
            self.wait(request)?
        };
        let is_there = instance.is_some();
        let user = User::new(self, instance);
        match is_there {
            true => Ok(user),
            false => {
                drop(user);
                Err(self.discarded(request))
            }
        }
    }

    /// What is due when a call has let go of the instance.
    #[inline]
    pub(crate) fn let_go(&self, request: Request<'_>) {
        // Who began to wait this very moment may be missed here, and looks again by itself.
        if self.waiting.load(Ordering::Relaxed) != 0 {
            self.wake();
        }
        if self.dropped.is_any() {
            self.release_dropped(request.cancel);
        }
    }

    #[cold]
    fn wake(&self) {
        let _line = self.line.lock();
        self.freed.notify_one();
    }

    /// Waits for whoever uses the instance.
    ///
    /// At first whoever comes when it is free may have it, because handing it over costs far more
    /// than a short call. Who has waited for a while is served before others that come.
    #[cold]
    fn wait(&self, request: Request<'_>) -> Outcome<Use<'_, Option<Box<Instance>>>> {
        if self.instance.is_mine() {
            return Err(self.reentrant(request));
        }
        let _waiting = Counted::new(&self.waiting);
        let mut hungry = None;
        let start = Instant::now();
        loop {
            for _ in 0..SPINS {
                if let Some(instance) = self.instance.try_use() {
                    return Ok(instance);
                }
                spin_loop();
            }
            if request.is_cancelled() {
                return Err(Unserved::refused(request.cancelled(&self.guest)));
            }
            let left = self.wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(self.busy(request));
            }
            let mut line = self.line.lock();
            self.freed.wait_for(&mut line, left.min(LOOK_AGAIN));
            drop(line);
            hungry.get_or_insert_with(|| Counted::new(&self.hungry));
        }
    }

    /// Releases a resource of the guest: now, or when the instance is no longer in use.
    pub(crate) fn release(&self, resource: ResourceAny, cancel: Option<&Arc<Cancel>>) {
        self.release_later(resource);
        if self.instance.is_mine() || self.is_on_fibres() {
            return;
        }
        // Whoever uses the instance lets go of it and then looks for what was dropped. It may look
        // too early to see this and be seen letting go too late: for no longer than its processor
        // takes to tell the others what it wrote, which is far less than is tried here. Should it
        // take longer for once, the next use of the instance releases what was dropped.
        fence(Ordering::SeqCst);
        for _ in 0..SPINS {
            if self.instance.looks_free() {
                return self.release_dropped(cancel);
            }
            spin_loop();
        }
    }

    /// Releases a resource of the guest when the instance is no longer in use.
    fn release_later(&self, resource: ResourceAny) {
        if self.is_alive() {
            self.dropped.add(resource);
        }
    }

    /// What tells the resources of the instance from those of others.
    pub(crate) fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    /// Releases what was dropped, unless the instance is in use. Then its user does so afterwards.
    #[cold]
    fn release_dropped(&self, cancel: Option<&Arc<Cancel>>) {
        // Destructors are calls like any other. Where no more of them may be inside of one another,
        // the next use of the instance will do.
        let Ok(_nested) = Nested::enter(self.stack) else {
            return;
        };
        let request = Request::new(Function::RELEASE, cancel);
        // A call that is cancelled before it begins leaves the instance as it is, and so do these.
        while self.dropped.is_any() && !request.is_cancelled() {
            let Some(instance) = self.instance.try_use() else {
                return;
            };
            let mut user = User::new(self, instance);
            let dropped = self.dropped.take();
            if let Some(instance) = user.instance()
                && !self.release_all(instance, dropped, request)
            {
                return;
            }
            // If there is none, the resources went with the instance.
            user.keep();
        }
    }

    /// Releases resources of the guest: whether the instance can be used afterwards.
    fn release_all(
        &self,
        instance: &mut Instance,
        dropped: Vec<ResourceAny>,
        request: Request<'_>,
    ) -> bool {
        let mut dropped = dropped.into_iter();
        while !request.is_cancelled()
            && let Some(resource) = dropped.next()
        {
            if let Err(unserved) = instance.release(resource, request) {
                tracing::warn!(
                    target: "abide::host",
                    "a session of guest `{}` ends: {}", self.guest, unserved.error()
                );
                return false;
            }
        }
        // Only if they are cancelled are some left.
        dropped.for_each(|resource| self.release_later(resource));
        true
    }

    #[cold]
    fn discard(&self, instance: &mut Option<Box<Instance>>) {
        self.alive.store(false, Ordering::Release);
        // While it is still in use: the host's state may call the session again while it is
        // dropped, and has to be told that it cannot.
        *instance = None;
    }

    /// Whether its guest runs on fibres. Nobody but the next call can release its resources then: a
    /// destructor has to be awaited.
    fn is_on_fibres(&self) -> bool {
        #[cfg(feature = "async")]
        return self.turns.is_some();
        #[cfg(not(feature = "async"))]
        return false;
    }

    /// What comes of a call from inside of a call of the same session.
    #[cold]
    fn reentrant(&self, request: Request<'_>) -> Box<Unserved> {
        Unserved::refused(Error::Reentrant {
            guest: Arc::clone(&self.guest),
            function: request.name(),
        })
    }

    /// What comes of a call that waited in vain.
    #[cold]
    fn busy(&self, request: Request<'_>) -> Box<Unserved> {
        Unserved::refused(Error::Busy {
            guest: Arc::clone(&self.guest),
            function: request.name(),
            session: true,
            needed: 0,
            free: 0,
            waited: self.wait,
        })
    }

    /// What comes of the use of an instance that is gone.
    #[cold]
    fn discarded(&self, request: Request<'_>) -> Box<Unserved> {
        Unserved::refused(Error::Discarded {
            guest: Arc::clone(&self.guest),
            function: request.name(),
        })
    }
}

/// The use of a slot's instance by one thread. Dropped before the instance is [kept](Self::keep),
/// also by a panic, it discards the instance.
pub(crate) struct User<'a> {
    slot: &'a Slot,
    instance: Option<Use<'a, Option<Box<Instance>>>>,
}

impl<'a> User<'a> {
    #[inline(always)]
    fn new(slot: &'a Slot, instance: Use<'a, Option<Box<Instance>>>) -> Self {
        Self {
            slot,
            instance: Some(instance),
        }
    }

    /// The instance, unless it was discarded.
    #[inline(always)]
    pub(crate) fn instance(&mut self) -> Option<&mut Instance> {
        self.instance.as_mut()?.as_deref_mut()
    }

    /// Leaves the instance there. Where that is.
    #[inline(always)]
    pub(crate) fn keep(&mut self) -> &'a Slot {
        // What is no longer there cannot be discarded.
        self.instance = None;
        self.slot
    }

    pub(crate) fn slot(&self) -> &'a Slot {
        self.slot
    }
}

impl Drop for User<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(instance) = &mut self.instance {
            self.slot.discard(instance);
        }
    }
}

/// One more in a count, until dropped.
struct Counted<'a>(&'a AtomicU32);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
