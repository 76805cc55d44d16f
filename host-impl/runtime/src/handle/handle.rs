//! The handle on a loaded guest, behind every type that generated code offers to callers.
//!
//! It knows what is shared by its clones and what is its own, and nothing of how a call is made.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::loaded::{Loaded, Opened};
use crate::call::stats::{Counters, Stats};
use crate::code::source::Source;
use crate::error::outcome::Unserved;
use crate::error::{Error, Result};
use crate::guard::breaker::Circuit;
use crate::guard::cancel::{Cancel, CancelHandle};
use crate::guard::fork;
use crate::keep::pool::Pool;
use crate::keep::slot::Slot;
use crate::load::recipe::Recipe;
use crate::load::world::World;

/// A loaded guest of world `W`: cheap to clone, and callable from any thread.
pub struct Handle<W: World> {
    pub(super) shared: Arc<Shared<W>>,
    /// The session whose instance serves the calls, if they are not served as the policy has it.
    pub(super) session: Option<Arc<Opened<W>>>,
    pub(super) cancel: Option<Arc<Cancel>>,
    /// Whether there is something to look at before a call is made.
    pub(super) guarded: bool,
}

/// What all clones of a handle share.
pub(super) struct Shared<W: World> {
    /// The guest that new instances are made of.
    pub(super) current: RwLock<Arc<Loaded<W>>>,
    /// The kept instances, where any are.
    pub(super) pool: Option<Arc<Pool<Arc<Loaded<W>>>>>,
    recipe: Recipe,
    /// One reload at a time.
    reloading: Mutex<()>,
    pub(super) circuit: Option<Circuit>,
    pub(super) counters: Arc<Counters>,
    /// What a call may take of its thread's stack, in bytes.
    pub(super) stack: usize,
}

impl<W: World> Drop for Shared<W> {
    fn drop(&mut self) {
        if let Some(pool) = &self.pool {
            pool.close();
        }
    }
}

impl<W: World> Handle<W> {
    /// Loads a guest.
    pub(crate) fn load(mut recipe: Recipe, source: Source<'_>) -> Result<Self> {
        let (plan, exports) = recipe.prepare(source, W::exports)?;
        // What replaces this guest runs on the same engine.
        recipe.engine = Some(plan.engine.clone());
        let pool = match recipe.warm() {
            None => None,
            Some(warm) => {
                let pool = Arc::new(Pool::new(warm, &plan.engine));
                let parking = Arc::downgrade(&pool);
                plan.engine.reaper().add(parking)?;
                Some(pool)
            }
        };
        let circuit = recipe.breaker.clone().map(Circuit::new);
        Ok(Self {
            guarded: circuit.is_some(),
            shared: Arc::new(Shared {
                stack: plan.engine.kind().stack,
                current: RwLock::new(Arc::new(Loaded {
                    plan,
                    exports,
                    generation: 0,
                })),
                pool,
                recipe,
                reloading: Mutex::new(()),
                circuit,
                counters: Arc::default(),
            }),
            session: None,
            cancel: None,
        })
    }

    /// Replaces the guest by another.
    fn reload_from(&self, source: Source<'_>) -> Result<()> {
        fork::refuse()?;
        let shared = &self.shared;
        let _one_at_a_time = shared.reloading.lock();
        let (plan, exports) = shared.recipe.prepare(source, W::exports)?;
        let mut current = shared.current.write();
        let generation = match &shared.pool {
            Some(pool) => pool.next_generation(),
            None => current.generation + 1,
        };
        let before = std::mem::replace(
            &mut *current,
            Arc::new(Loaded {
                plan,
                exports,
                generation,
            }),
        );
        // The old one goes without the lock: dropping code takes a while, and calls wait for the
        // lock.
        drop(current);
        drop(before);
        shared.counters.reloaded();
        Ok(())
    }

    /// Replaces the guest, for this handle and all its clones, by the component in a file.
    ///
    /// Calls that are running are finished by the guest that they began with, and sessions keep
    /// theirs. Calls that come after this returns are served by the new one.
    ///
    /// # Errors
    /// Those of loading. The guest is not replaced then.
    pub fn reload(&self, path: impl AsRef<Path>) -> Result<()> {
        self.reload_from(Source::File(path.as_ref()))
    }

    /// Replaces the guest by a component. See [`reload`](Self::reload).
    ///
    /// # Errors
    /// Those of loading. The guest is not replaced then.
    pub fn reload_bytes(&self, component: impl AsRef<[u8]>) -> Result<()> {
        self.reload_from(Source::Bytes(component.as_ref()))
    }

    /// What happened so far to this handle and its clones, their sessions included.
    pub fn stats(&self) -> Stats {
        self.shared.counters.read()
    }

    /// A handle whose calls can be ended from another thread, and what ends them. It calls the same
    /// guest, or the same session.
    pub fn cancellable(&self) -> (Self, CancelHandle) {
        let cancel = Arc::<Cancel>::default();
        let mut handle = self.clone();
        handle.cancel = Some(Arc::clone(&cancel));
        handle.guarded = true;
        (handle, CancelHandle(cancel))
    }

    #[cold]
    pub(super) fn failed(&self, unserved: Box<Unserved>) -> Error {
        let error = Error::from(unserved);
        self.shared.counters.failed(&error);
        error
    }

    /// The guest that calls are made to.
    pub(super) fn loaded(&self) -> Arc<Loaded<W>> {
        match &self.session {
            Some(opened) => Arc::clone(&opened.loaded),
            None => Arc::clone(&self.shared.current.read()),
        }
    }

    /// The place of the instance, if it is that of a session.
    pub(crate) fn slot(&self) -> Option<&Slot> {
        self.session.as_ref().map(|opened| &opened.slot)
    }

    /// What ends the calls of this handle, if it can be cancelled.
    pub(crate) fn cancel(&self) -> Option<&Arc<Cancel>> {
        self.cancel.as_ref()
    }
}

impl<W: World> Clone for Handle<W> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            session: self.session.clone(),
            cancel: self.cancel.clone(),
            guarded: self.guarded,
        }
    }
}

impl<W: World> fmt::Debug for Handle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("world", &W::DESCRIPTION.name)
            .field("plan", &self.loaded().plan)
            .field("pool", &self.shared.pool)
            .field("session", &self.slot())
            .finish_non_exhaustive()
    }
}
