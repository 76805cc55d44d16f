//! One instance that is kept, and who may use it when.
//!
//! It knows nothing of worlds beyond their handle type.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use wasmtime::component::{ComponentNamedList, Lift, Lower, ResourceAny};

use crate::error::{Error, Result, boxed};
use crate::export::Export;
use crate::instance::Instance;
use crate::nesting::Nested;
use crate::passing::Passing;
use crate::world::World;

/// An instance of one's own: what a guest keeps in its memory lasts from one call to the next.
///
/// It can be used like the handle it came from, also by several threads, of which one at a time is
/// served. After any error of a call but [`Reentrant`](Error::Reentrant), [`TooDeep`](Error::TooDeep) and
/// [`Busy`](Error::Busy) the
/// instance is gone, and its state with it: nobody knows what the guest was in the middle of. Later calls
/// then fail with [`Discarded`](Error::Discarded). The error that a guest returns in a WIT `result` is an
/// answer like any other and ends nothing.
pub struct Session<W: World> {
    world: W,
    slot: Arc<Slot>,
}

impl<W: World> Session<W> {
    pub(crate) fn new(world: W, slot: Arc<Slot>) -> Self {
        Self { world, slot }
    }

    /// Whether the instance is still there to be called.
    pub fn is_alive(&self) -> bool {
        self.slot.alive.load(Ordering::Acquire)
    }
}

impl<W: World> Deref for Session<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.world
    }
}

impl<W: World> fmt::Debug for Session<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("world", &W::NAME)
            .field("guest", &self.slot.guest)
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}

/// The place of a session's instance.
pub(crate) struct Slot {
    instance: Mutex<Option<Instance>>,
    /// The thread that is using the instance, or [`NOBODY`].
    user: AtomicUsize,
    alive: AtomicBool,
    /// Resources of the guest whose handles were dropped while the instance was in use.
    dropped: Mutex<Vec<ResourceAny>>,
    /// Whether there are any: looked at after every use of the instance.
    any_dropped: AtomicBool,
    guest: Arc<str>,
    wait: Duration,
}

/// No thread.
const NOBODY: usize = 0;

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("alive", &self.alive)
            .finish_non_exhaustive()
    }
}

impl Slot {
    pub(crate) fn new(guest: &Arc<str>, wait: Duration, instance: Instance) -> Self {
        Self {
            instance: Mutex::new(Some(instance)),
            user: AtomicUsize::new(NOBODY),
            alive: AtomicBool::new(true),
            dropped: Mutex::new(Vec::new()),
            any_dropped: AtomicBool::new(false),
            guest: Arc::clone(guest),
            wait,
        }
    }

    #[inline]
    pub(crate) fn call<P, R>(&self, export: &Export<P, R>, params: P) -> Result<R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        self.used(export, |instance| instance.call(export, params))
    }

    /// Calls an export that passes handles.
    pub(crate) fn call_with<'x, P, R, T>(
        this: &Arc<Self>,
        export: &Export<P, R>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Result<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Result<T>,
    ) -> Result<T>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        this.used(export, |instance| {
            instance.call_with(Some(this), export, prepare, finish)
        })
    }

    /// Uses the instance, alone, and drops it if that fails.
    #[inline]
    fn used<P, R, T>(
        &self,
        export: &Export<P, R>,
        call: impl FnOnce(&mut Instance) -> Result<T>,
    ) -> Result<T> {
        let mut used = match self.instance.try_lock() {
            Some(instance) => Use::new(self, instance),
            None => self.wait(export)?,
        };
        let Some(instance) = used.instance.as_mut() else {
            return Err(self.discarded(export));
        };
        // Should a panic come past the call, dropping `used` discards the instance like an error does.
        let result = call(instance);
        used.keep = match &result {
            Ok(_) => true,
            Err(error) => error.is_refusal(),
        };
        drop(used);
        if self.any_dropped.load(Ordering::Acquire) {
            self.release_dropped();
        }
        result
    }

    /// Releases a resource of the guest: now, or when the instance is no longer in use.
    pub(crate) fn release(&self, resource: ResourceAny) {
        self.release_later(resource);
        // Whoever uses the instance lets go of it and then looks for what was dropped. This looks whether
        // somebody uses it once it is sure that they would find it.
        fence(Ordering::SeqCst);
        self.release_dropped();
    }

    /// Releases a resource of the guest when the instance is no longer in use: called by its user.
    pub(crate) fn release_later(&self, resource: ResourceAny) {
        if self.alive.load(Ordering::Acquire) {
            self.dropped.lock().push(resource);
            self.any_dropped.store(true, Ordering::Release);
        }
    }

    /// Releases what was dropped, unless the instance is in use. Then its user does so afterwards: it looks
    /// when it has let go of the instance, and so finds whatever was dropped before it did.
    #[cold]
    fn release_dropped(&self) {
        // Destructors are calls like any other. Where no more of them may be inside of one another, the
        // next use of the instance will do.
        let Some(_nested) = Nested::enter() else {
            return;
        };
        while self.any_dropped.load(Ordering::Acquire) {
            let Some(instance) = self.instance.try_lock() else {
                return;
            };
            let mut used = Use::new(self, instance);
            self.any_dropped.store(false, Ordering::Release);
            let dropped = std::mem::take(&mut *self.dropped.lock());
            used.keep = match used.instance.as_mut() {
                Some(instance) => dropped.into_iter().all(|resource| {
                    let released = instance.release(resource);
                    if let Err(error) = &released {
                        tracing::warn!(
                            target: "abide::host",
                            "a session of guest `{}` ends: {error}", self.guest
                        );
                    }
                    released.is_ok()
                }),
                // The resources went with the instance.
                None => true,
            };
        }
    }

    /// Waits for whoever uses the instance.
    #[cold]
    fn wait<P, R>(&self, export: &Export<P, R>) -> Result<Use<'_>> {
        // A thread sees its own mark here if and only if it is the user, whatever others write.
        if self.user.load(Ordering::Relaxed) == this_thread() {
            return Err(Error::Reentrant {
                guest: Arc::clone(&self.guest),
                function: boxed(&export.signature().path()),
            });
        }
        match self.instance.try_lock_for(self.wait) {
            Some(instance) => Ok(Use::new(self, instance)),
            None => Err(Error::Busy {
                guest: Arc::clone(&self.guest),
                function: boxed(&export.signature().path()),
                session: true,
                waited: self.wait,
            }),
        }
    }

    #[cold]
    fn discarded<P, R>(&self, export: &Export<P, R>) -> Error {
        Error::Discarded {
            guest: Arc::clone(&self.guest),
            function: boxed(&export.signature().path()),
        }
    }
}

/// The use of a slot's instance by one thread.
struct Use<'a> {
    slot: &'a Slot,
    instance: MutexGuard<'a, Option<Instance>>,
    keep: bool,
}

impl<'a> Use<'a> {
    #[inline]
    fn new(slot: &'a Slot, instance: MutexGuard<'a, Option<Instance>>) -> Self {
        slot.user.store(this_thread(), Ordering::Relaxed);
        Self {
            slot,
            instance,
            keep: false,
        }
    }
}

impl Drop for Use<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.keep {
            self.slot.alive.store(false, Ordering::Release);
            // Under the lock: the host's state may call the session again while it is dropped, and has
            // to be told that it cannot.
            *self.instance = None;
        }
        self.slot.user.store(NOBODY, Ordering::Relaxed);
    }
}

/// A number that no other living thread has, and that is not [`NOBODY`].
#[inline]
fn this_thread() -> usize {
    thread_local! {
        static MARK: u8 = const { 0 };
    }
    MARK.with(|mark| std::ptr::from_ref(mark).addr())
}
