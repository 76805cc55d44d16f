//! The handle on a loaded guest, behind every type that generated code offers to callers.
//!
//! It decides which instance serves a call, and whether one does. It knows nothing of how one is
//! made or called.

use std::cell::Cell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Mutex, RwLock};
use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::loaded::{Loaded, Opened};
use super::refusals::{cannot_enter, needs_session, no_result};
use crate::call::export::Export;
use crate::call::instance::Instance;
use crate::call::observe::{self, Observed};
use crate::call::passing::Passing;
use crate::call::request::Request;
use crate::call::stats::{Counters, Stats};
use crate::code::source::Source;
use crate::error::fault::Step;
use crate::error::outcome::{Outcome, Unserved};
use crate::error::{Error, Result};
use crate::guard::breaker::Circuit;
use crate::guard::cancel::{Cancel, CancelHandle};
use crate::guard::fork;
use crate::guard::nesting::{Nested, Refused};
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
    guarded: bool,
}

/// What all clones of a handle share.
pub(super) struct Shared<W: World> {
    /// The guest that new instances are made of.
    pub(super) current: RwLock<Arc<Loaded<W>>>,
    /// The kept instances, where any are.
    pool: Option<Arc<Pool<Arc<Loaded<W>>>>>,
    recipe: Recipe,
    /// One reload at a time.
    reloading: Mutex<()>,
    circuit: Option<Circuit>,
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

    /// Calls an export, which `pick` picks among those of the guest.
    ///
    /// # Errors
    /// Whatever of [`Error`] can happen after loading.
    #[inline]
    pub fn call<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R> + Copy,
        params: P,
    ) -> Result<R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let mut out = None;
        self.serve(pick, false, |instance, export, request| {
            instance.call(export, request, params, &mut out)
        })?;
        out.ok_or_else(|| self.without_result(pick))
    }

    /// Calls an export that passes handles on resources: `prepare` makes the parameters, `finish`
    /// the result. `in_session` is whether some are on resources of the guest's.
    ///
    /// # Errors
    /// Those of [`call`](Self::call); [`Error::NeedsSession`] without a session where one is
    /// needed; what [`Passing`] finds wrong with the handles.
    #[inline]
    pub fn call_with<'x, P, R, T>(
        &self,
        in_session: bool,
        pick: impl Fn(&W::Exports) -> &Export<P, R> + Copy,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
    ) -> Result<T>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let mut out = None;
        self.serve(pick, in_session, |instance, export, request| {
            instance.call_with(export, request, prepare, finish, &mut out)
        })?;
        out.ok_or_else(|| self.without_result(pick))
    }

    /// Has `work` done by an instance, and tells those who want to know.
    #[inline]
    fn serve<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R> + Copy,
        in_session: bool,
        work: impl FnOnce(&mut Instance, &Export<P, R>, Request<'_>) -> Outcome,
    ) -> Result<()> {
        let result = if self.guarded || observe::is_listened_to() {
            self.guarded(pick, in_session, work)
        } else {
            self.by_policy(pick, in_session, work)
        };
        result.map_err(|unserved| self.failed(unserved))
    }

    #[cold]
    pub(super) fn failed(&self, unserved: Box<Unserved>) -> Error {
        let error = Error::from(unserved);
        self.shared.counters.failed(&error);
        error
    }

    /// Makes a call that somebody watches, that can be cancelled, or that a breaker may refuse.
    #[cold]
    fn guarded<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R> + Copy,
        in_session: bool,
        work: impl FnOnce(&mut Instance, &Export<P, R>, Request<'_>) -> Outcome,
    ) -> Outcome {
        fork::refuse().map_err(Unserved::refused)?;
        let loaded = self.loaded();
        let (guest, function) = (loaded.guest(), pick(&loaded.exports).function());
        let request = Request::new(function, self.cancel.as_ref());
        let (start, name) = (Instant::now(), function.to_string());
        let observed = Observed::new(guest, &name, start);
        let (clock, usage) = (&loaded.plan.terms.clock, Cell::new(None));
        let first_tick = clock.now();
        let admitted = self.admit(guest, request, start);
        let was_admitted = admitted.is_ok();
        let result = admitted.and_then(|()| {
            observed.run(|| {
                self.by_policy(pick, in_session, |instance, export, request| {
                    let result = work(instance, export, request);
                    usage.set(Some(instance.usage()));
                    result
                })
            })
        });
        let now = Instant::now();
        let error = result.as_ref().err().map(|unserved| unserved.error());
        if was_admitted {
            self.record(now, error);
        }
        let usage = usage.get().map(|mut usage| {
            usage.ticks = clock.now().saturating_sub(first_tick);
            usage
        });
        observed.end(now, error, usage);
        result
    }

    /// Whether a call may be made at all.
    pub(super) fn admit(&self, guest: &Arc<str>, request: Request<'_>, now: Instant) -> Outcome {
        if request.is_cancelled() {
            return Err(Unserved::refused(request.cancelled(guest)));
        }
        let Some(circuit) = &self.shared.circuit else {
            return Ok(());
        };
        circuit.admit(now).map_err(|refused| {
            Unserved::refused(Error::BreakerOpen {
                guest: Arc::clone(guest),
                function: request.name(),
                retry_after: refused.retry_after,
            })
        })
    }

    /// Tells the breaker how something ended that was [admitted](Self::admit).
    pub(super) fn record(&self, now: Instant, error: Option<&Error>) {
        if let Some(circuit) = &self.shared.circuit {
            circuit.record(now, error);
        }
    }

    /// Has `work` done by the instance that is to do it.
    #[inline(always)]
    fn by_policy<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R> + Copy,
        in_session: bool,
        work: impl FnOnce(&mut Instance, &Export<P, R>, Request<'_>) -> Outcome,
    ) -> Outcome {
        // Before anything else: a call that is refused here leaves a session's instance as it is.
        let _nested = match Nested::enter(self.shared.stack) {
            Ok(nested) => nested,
            Err(refused) => return Err(self.refused(refused, pick)),
        };
        let cancel = self.cancel.as_ref();
        if let Some(opened) = &self.session {
            let export = pick(&opened.loaded.exports);
            let request = Request::new(export.function(), cancel);
            let slot = &opened.slot;
            return slot.used(request, |instance| work(instance, export, request));
        }
        if in_session {
            return Err(self.refused_without_session(pick));
        }
        let Some(pool) = &self.shared.pool else {
            let loaded = self.loaded();
            let export = pick(&loaded.exports);
            let request = Request::new(export.function(), cancel);
            let counters = &self.shared.counters;
            let mut instance = loaded.plan.instantiate(request, counters, false)?;
            return work(&mut instance, export, request);
        };
        pool.with(
            || self.for_pool(pick),
            |instance, loaded| {
                let export = pick(&loaded.exports);
                work(instance, export, Request::new(export.function(), cancel))
            },
        )
    }

    #[cold]
    fn refused<P, R>(
        &self,
        refused: Refused,
        pick: impl Fn(&W::Exports) -> &Export<P, R>,
    ) -> Box<Unserved> {
        // Which guest it is stands behind a lock, and a process that was forked does not know who
        // has it.
        if refused == Refused::Forked {
            return Unserved::refused(Error::Forked);
        }
        let loaded = self.loaded();
        let function = pick(&loaded.exports).function();
        Unserved::refused(cannot_enter(refused, loaded.guest(), function))
    }

    #[cold]
    fn refused_without_session<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R>,
    ) -> Box<Unserved> {
        let loaded = self.loaded();
        let function = pick(&loaded.exports).function();
        Unserved::refused(needs_session(loaded.guest(), function))
    }

    #[cold]
    fn without_result<P, R>(&self, pick: impl Fn(&W::Exports) -> &Export<P, R>) -> Error {
        let loaded = self.loaded();
        no_result(loaded.guest(), pick(&loaded.exports).function())
    }

    /// A new instance to be kept.
    #[cold]
    fn for_pool<P, R>(
        &self,
        pick: impl Fn(&W::Exports) -> &Export<P, R>,
    ) -> Outcome<(Instance, Arc<Loaded<W>>, u64)> {
        let loaded = self.loaded();
        let request = Request::new(pick(&loaded.exports).function(), self.cancel.as_ref());
        let counters = &self.shared.counters;
        let instance = loaded.plan.instantiate(request, counters, true)?;
        let generation = loaded.generation;
        Ok((instance, loaded, generation))
    }

    /// The guest that calls are made to.
    fn loaded(&self) -> Arc<Loaded<W>> {
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
