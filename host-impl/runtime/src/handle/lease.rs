//! The lease of an instance for one call: taken before the call, settled after it.
//!
//! It decides which instance serves the call, and whether one does. It knows nothing of how one is
//! made or called.

use std::mem;
use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::admission::{Admission, Entered};
use super::handle::Handle;
use super::loaded::Loaded;
use super::refusals;
use crate::call::callback::{Callback, CallbackType};
use crate::call::export::Export;
use crate::call::instance::Instance;
use crate::call::observe;
use crate::call::passing::Passing;
use crate::call::request::Request;
use crate::call::visit::Visit;
use crate::error::Error;
use crate::error::fault::Step;
use crate::error::outcome::{Outcome, Unserved, leaves_whole};
use crate::guard::fork;
use crate::guard::nesting::{Nested, Refused};
use crate::keep::held::Held;
use crate::keep::pool::Pool;
use crate::load::world::World;
use crate::store::module::Stop;
use crate::values::signature::Function;

/// What a call has, from before it is made until after it. Dropped before it is
/// [settled](Self::settle), also by a panic, it drops the instance.
pub(super) struct Lease<'h, W: World> {
    /// Nothing after it is settled.
    taken: Option<Taken<'h, W>>,
    handle: &'h Handle<W>,
    request: Request<'h>,
}

struct Taken<'h, W: World> {
    // In the order in which they are dropped.
    held: Held<'h, Arc<Loaded<W>>>,
    nested: Option<Nested>,
    admission: Option<Box<Entered>>,
}

/// Which instances can serve a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServedBy {
    Any,
    /// That of a session only: the call passes what is of one instance.
    Session,
}

impl<'h, W: World> Lease<'h, W> {
    /// Takes the instance that is to serve the call of an export, or none if the call is refused.
    ///
    /// A lease is large, because it may be all there is of an instance. So it is written where it
    /// stays, at the end, from values that fit into registers: a processor that moves as a whole
    /// what was just written in pieces waits.
    pub(super) fn take(handle: &'h Handle<W>, function: Function, by: ServedBy) -> Self {
        let request = Request::new(function, handle.cancel.as_ref());
        let mut admission = None;
        if handle.guarded || observe::is_listened_to() {
            match admit(handle, request) {
                Ok(admitted) => admission = Some(admitted.entered()),
                Err(unserved) => return Self::refused(handle, request, None, unserved),
            }
        }
        // Before there is an instance: a call that is refused here leaves a session's as it is.
        let nested = match Nested::enter(handle.shared.stack) {
            Ok(nested) => nested,
            Err(refused) => {
                let unserved = cannot_enter(handle, request, refused);
                return Self::refused(handle, request, admission, unserved);
            }
        };
        let held = if let Some(opened) = &handle.session {
            match opened.slot.enter(request) {
                Ok(user) => Held::Session {
                    user,
                    made_from: &opened.loaded,
                },
                Err(unserved) => Held::Refused(unserved),
            }
        } else if by == ServedBy::Session {
            Held::Refused(needs_session(handle, request))
        } else if let Some(pool) = &handle.shared.pool
            && let Some(kept) = pool.enter()
            && !kept.is_empty()
        {
            Held::Kept(kept)
        } else {
            return Self::made(handle, request, nested, admission);
        };
        Self::of(handle, request, held, Some(nested), admission)
    }

    #[inline(always)]
    fn of(
        handle: &'h Handle<W>,
        request: Request<'h>,
        held: Held<'h, Arc<Loaded<W>>>,
        nested: Option<Nested>,
        admission: Option<Box<Entered>>,
    ) -> Self {
        Self {
            taken: Some(Taken {
                held,
                nested,
                admission,
            }),
            handle,
            request,
        }
    }

    #[cold]
    fn refused(
        handle: &'h Handle<W>,
        request: Request<'h>,
        admission: Option<Box<Entered>>,
        unserved: Box<Unserved>,
    ) -> Self {
        Self::of(handle, request, Held::Refused(unserved), None, admission)
    }

    /// Takes a new instance.
    #[cold]
    fn made(
        handle: &'h Handle<W>,
        request: Request<'h>,
        nested: Nested,
        admission: Option<Box<Entered>>,
    ) -> Self {
        let held = make(handle, request).unwrap_or_else(Held::Refused);
        Self::of(handle, request, held, Some(nested), admission)
    }

    /// The instance, and what is to be known for a call.
    #[inline(always)]
    fn parts(&mut self) -> Option<(&mut Instance, &W::Exports, Request<'h>)> {
        let (instance, loaded) = self.taken.as_mut()?.held.parts()?;
        Some((instance, &loaded.exports, self.request))
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
        match self.parts() {
            Some((instance, exports, request)) => {
                instance.call(pick(exports), request, params, out)
            }
            None => self.refusal(),
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
        match self.parts() {
            Some((instance, exports, request)) => {
                instance.call_with(pick(exports), request, prepare, finish, out)
            }
            None => self.refusal(),
        }
    }

    /// Calls what a module exports on the instance, and puts what it returns into `out`.
    pub(super) fn call_back<F: CallbackType>(
        &mut self,
        pick: fn(&W::Exports) -> &Callback<F>,
        args: F::Args,
        out: &mut Option<F::Result>,
    ) -> Outcome {
        match self.parts() {
            Some((instance, exports, request)) => {
                instance.call_back(pick(exports), request, args, out)
            }
            None => self.refusal(),
        }
    }

    /// Has the instance visited, and puts what comes of it into `out`.
    pub(super) fn visit<R>(
        &mut self,
        visit: impl FnOnce(&mut Visit<'_>) -> Result<R, Stop>,
        out: &mut Option<R>,
    ) -> Outcome {
        match self.parts() {
            Some((instance, _, request)) => instance.visit(request, visit, out),
            None => self.refusal(),
        }
    }

    /// Why there is no instance.
    #[cold]
    fn refusal(&mut self) -> Outcome {
        match &mut self.taken {
            Some(taken) => taken.held.refusal(),
            None => Ok(()),
        }
    }

    /// The call is over. Its instance is kept or dropped, and whoever wants to know is told.
    pub(super) fn settle(&mut self, outcome: Outcome) -> Outcome {
        let request = self.request;
        match &mut self.taken {
            Some(taken) if outcome.is_ok() && taken.admission.is_none() => {
                taken.held.give_back(request);
                taken.nested = None;
                // Nothing in it is left to be dropped, and to find that out would take time too.
                mem::forget(self.taken.take());
                outcome
            }
            _ => self.tell(outcome),
        }
    }

    /// Ends a call that did not go well, or that somebody watches.
    #[cold]
    fn tell(&mut self, outcome: Outcome) -> Outcome {
        let Some(mut taken) = self.taken.take() else {
            return outcome;
        };
        let usage = taken.held.parts().map(|(instance, _)| instance.usage());
        match leaves_whole(&outcome) {
            true => taken.held.give_back(self.request),
            false => taken.held.discard(self.request),
        }
        taken.nested = None;
        let shared = &self.handle.shared;
        let error = outcome.as_ref().err().map(|unserved| unserved.error());
        if let Some(admission) = taken.admission {
            admission.end(shared.circuit.as_ref(), error, usage);
        }
        if let Some(error) = error {
            shared.counters.failed(error);
        }
        outcome
    }
}

#[cold]
pub(super) fn admit<W: World>(handle: &Handle<W>, request: Request<'_>) -> Outcome<Admission> {
    fork::refuse().map_err(Unserved::refused)?;
    let charter = &handle.loaded().plan.charter;
    Admission::begin(charter, handle.shared.circuit.as_ref(), request)
}

/// Makes an instance: one to be kept, where any are and there is a place for it.
fn make<'h, W: World>(
    handle: &'h Handle<W>,
    request: Request<'_>,
) -> Outcome<Held<'h, Arc<Loaded<W>>>> {
    let pool = handle.shared.pool.as_deref();
    let mut place = pool.and_then(Pool::enter);
    if let Some(kept) = place.take_if(|kept| !kept.is_empty()) {
        return Ok(Held::Kept(kept));
    }
    let made_from = handle.loaded();
    let counters = &handle.shared.counters;
    let instance = made_from
        .plan
        .instantiate(request, counters, pool.is_some())?;
    Ok(match place {
        Some(place) => {
            let generation = made_from.generation;
            Held::Kept(place.filled(instance, made_from, generation))
        }
        None => Held::Fresh {
            instance,
            made_from,
        },
    })
}

#[cold]
fn cannot_enter<W: World>(
    handle: &Handle<W>,
    request: Request<'_>,
    refused: Refused,
) -> Box<Unserved> {
    // Which guest it is stands behind a lock, and a process that was forked does not know who has
    // it.
    if refused == Refused::Forked {
        return Unserved::refused(Error::Forked);
    }
    let loaded = handle.loaded();
    Unserved::refused(refusals::cannot_enter(
        refused,
        loaded.guest(),
        request.function,
    ))
}

#[cold]
pub(super) fn needs_session<W: World>(handle: &Handle<W>, request: Request<'_>) -> Box<Unserved> {
    let loaded = handle.loaded();
    Unserved::refused(refusals::needs_session(loaded.guest(), request.function))
}
