//! The lease of an instance for one call: taken before the call, settled after it.
//!
//! It decides which instance serves the call, and whether one does. It knows nothing of how one is
//! made or called.

use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::admission::Admission;
use super::handle::Handle;
use super::loaded::Loaded;
use super::refusals::{cannot_enter, needs_session, no_instance};
use crate::call::export::Export;
use crate::call::instance::Instance;
use crate::call::observe;
use crate::call::passing::Passing;
use crate::call::request::Request;
use crate::error::fault::Step;
use crate::error::outcome::{Outcome, Unserved};
use crate::error::{Error, Result};
use crate::guard::fork;
use crate::guard::nesting::{Nested, Refused};
use crate::keep::held::Held;
use crate::keep::pool::Pool;
use crate::load::world::World;
use crate::values::signature::Function;

/// What a call has, from before it is made until after it. Dropped before it is
/// [settled](Self::settle), also by a panic, it drops the instance.
///
/// It is filled where it stands and is not moved: an instance of its own is large.
pub(super) struct Lease<'h, W: World> {
    // In the order in which they are dropped.
    held: Held<'h, Arc<Loaded<W>>>,
    nested: Option<Nested>,
    admission: Option<Box<Admission>>,
    handle: &'h Handle<W>,
    request: Request<'h>,
}

/// Which instances can serve a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServedBy {
    Any,
    /// That of a session only: the call passes what is of one instance.
    Session,
}

impl<'h, W: World> Lease<'h, W> {
    /// A lease of nothing yet, for the call of an export.
    #[inline(always)]
    pub(super) fn new(handle: &'h Handle<W>, function: Function) -> Self {
        Self {
            held: Held::Nothing,
            nested: None,
            admission: None,
            handle,
            request: Request::new(function, handle.cancel.as_ref()),
        }
    }

    /// Takes the instance that is to serve the call. The lease is to be settled whatever comes of
    /// it.
    pub(super) fn take(&mut self, by: ServedBy) -> Outcome {
        let handle = self.handle;
        if handle.guarded || observe::is_listened_to() {
            self.admit()?;
        }
        // Before there is an instance: a call that is refused here leaves a session's as it is.
        match Nested::enter(handle.shared.stack) {
            Ok(nested) => self.nested = Some(nested),
            Err(refused) => return Err(self.refused(refused)),
        }
        if let Some(opened) = &handle.session {
            let user = opened.slot.enter(self.request)?;
            let made_from = &opened.loaded;
            self.held = Held::Session { user, made_from };
            return Ok(());
        }
        if by == ServedBy::Session {
            return Err(self.refused_without_session());
        }
        match &handle.shared.pool {
            Some(pool) => self.take_kept(pool),
            None => self.make(false),
        }
    }

    fn take_kept(&mut self, pool: &'h Pool<Arc<Loaded<W>>>) -> Outcome {
        let Some(mut kept) = pool.enter() else {
            // All places are in use: this instance will not be kept.
            return self.make(true);
        };
        if kept.is_empty() {
            let loaded = self.handle.loaded();
            let generation = loaded.generation;
            kept.fill(self.instance(&loaded, true)?, loaded, generation);
        }
        self.held = Held::Kept(kept);
        Ok(())
    }

    /// Makes an instance for this call only.
    #[cold]
    fn make(&mut self, kept: bool) -> Outcome {
        let made_from = self.handle.loaded();
        let instance = self.instance(&made_from, kept)?;
        self.held = Held::Fresh {
            instance,
            made_from,
        };
        Ok(())
    }

    fn instance(&self, loaded: &Loaded<W>, kept: bool) -> Outcome<Instance> {
        let counters = &self.handle.shared.counters;
        loaded.plan.instantiate(self.request, counters, kept)
    }

    /// Calls an export on the instance, and puts what it returns into `out`.
    #[inline(always)]
    pub(super) fn call<P, R>(
        &mut self,
        pick: fn(&W::Exports) -> &Export<P, R>,
        params: P,
        out: &mut Option<R>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let request = self.request;
        match self.held.parts() {
            Some((instance, loaded)) => instance.call(pick(&loaded.exports), request, params, out),
            None => Err(self.without_instance()),
        }
    }

    /// Calls an export that passes handles, and puts what `finish` makes of its result into `out`.
    #[inline(always)]
    pub(super) fn call_with<'x, P, R, T>(
        &mut self,
        pick: fn(&W::Exports) -> &Export<P, R>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
        out: &mut Option<T>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let request = self.request;
        match self.held.parts() {
            Some((instance, loaded)) => {
                let export = pick(&loaded.exports);
                instance.call_with(export, request, prepare, finish, out)
            }
            None => Err(self.without_instance()),
        }
    }

    /// The call is over. Its instance is kept or dropped, and whoever wants to know is told.
    pub(super) fn settle(&mut self, outcome: Outcome) -> Result<()> {
        let usage = match &self.admission {
            None => None,
            Some(_) => self.held.parts().map(|(instance, _)| instance.usage()),
        };
        self.held.settle(&outcome, self.request);
        self.nested = None;
        let error = outcome.as_ref().err().map(|unserved| unserved.error());
        if let Some(admission) = self.admission.take() {
            admission.end(self.handle.shared.circuit.as_ref(), error, usage);
        }
        outcome.map_err(|unserved| self.handle.failed(unserved))
    }

    #[cold]
    fn admit(&mut self) -> Outcome {
        fork::refuse().map_err(Unserved::refused)?;
        let charter = &self.handle.loaded().plan.charter;
        let circuit = self.handle.shared.circuit.as_ref();
        self.admission = Some(Admission::begin(charter, circuit, self.request)?);
        Ok(())
    }

    #[cold]
    fn refused(&self, refused: Refused) -> Box<Unserved> {
        // Which guest it is stands behind a lock, and a process that was forked does not know who
        // has it.
        if refused == Refused::Forked {
            return Unserved::refused(Error::Forked);
        }
        let loaded = self.handle.loaded();
        Unserved::refused(cannot_enter(refused, loaded.guest(), self.request.function))
    }

    #[cold]
    fn refused_without_session(&self) -> Box<Unserved> {
        let loaded = self.handle.loaded();
        Unserved::refused(needs_session(loaded.guest(), self.request.function))
    }

    #[cold]
    fn without_instance(&self) -> Box<Unserved> {
        let loaded = self.handle.loaded();
        Unserved::refused(no_instance(loaded.guest(), self.request.function))
    }
}
