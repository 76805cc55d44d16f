//! The lease of an instance for one call that is awaited: taken before the call, settled after it.
//!
//! It decides which instance serves the call, and whether one does. It knows nothing of how one is
//! made or called.

use tracing::Span;
use wasmtime::component::ResourceAny;

use super::held::Held;
use crate::call::fibre::Site;
use crate::call::instance::Instance;
use crate::call::observe;
use crate::call::request::Request;
use crate::error::Error;
use crate::error::outcome::{Outcome, Unserved, leaves_whole};
use crate::guard::fork;
use crate::handle::admission::Admission;
use crate::handle::handle::Handle;
use crate::handle::lease::{ServedBy, admit, needs_session};
use crate::keep::pool::Pool;
use crate::load::world::World;
use crate::values::signature::Function;

/// What a call has, from before it is made until after it. Dropped before it is
/// [settled](Self::settle), it drops the instance, and the call counts as dropped.
pub(super) struct Lease<'h, W: World> {
    handle: &'h Handle<W>,
    request: Request<'h>,
    held: Held<'h, W>,
    admission: Option<Box<Admission>>,
    is_settled: bool,
}

impl<'h, W: World> Lease<'h, W> {
    /// Begins a call, or refuses it. There is no instance yet.
    #[inline(always)]
    pub(super) fn begin(handle: &'h Handle<W>, function: Function) -> Self {
        let request = Request::new(function, handle.cancel.as_ref());
        let mut lease = Self {
            handle,
            request,
            held: Held::Nothing,
            admission: None,
            is_settled: false,
        };
        if handle.guarded || observe::is_listened_to() {
            match admit(handle, request) {
                Ok(admitted) => lease.admission = Some(Box::new(admitted)),
                Err(unserved) => lease.held = Held::Refused(unserved),
            }
        } else if fork::has_happened() {
            lease.held = Held::Refused(Unserved::refused(Error::Forked));
        }
        lease
    }

    /// Takes an instance that is parked, if it may serve the call. Nothing is to be waited for then.
    #[inline(always)]
    pub(super) fn take_parked(&mut self, by: ServedBy) {
        if self.waits()
            && by == ServedBy::Any
            && self.handle.session.is_none()
            && let Some(pool) = &self.handle.shared.pool
            && let Some(kept) = pool.enter()
            && !kept.is_empty()
        {
            self.held = Held::Kept(kept);
        }
    }

    /// Whether the instance has to be [waited for](Self::take) that is to serve the call.
    #[inline(always)]
    pub(super) fn waits(&self) -> bool {
        matches!(self.held, Held::Nothing)
    }

    /// The span that the call runs in, if it has one.
    pub(super) fn span(&self) -> Option<Span> {
        let admission = self.admission.as_ref()?;
        Some(admission.span().clone())
    }

    /// Waits for the instance that is to serve the call.
    pub(super) async fn take(&mut self, by: ServedBy) {
        let held = hold(self.handle, self.request, by).await;
        self.held = held.unwrap_or_else(Held::Refused);
    }

    /// The instance, the guest's exports, and what is to be known for a call.
    #[inline(always)]
    pub(super) fn parts(&mut self) -> Option<(&mut Instance, &W::Exports, Request<'h>, Site<'_>)> {
        let (instance, site, exports) = self.held.parts()?;
        Some((instance, exports, self.request, site))
    }

    /// Why there is no instance.
    #[cold]
    pub(super) fn refusal(&mut self) -> Outcome {
        self.held.refusal()
    }

    /// Runs the destructor of a resource of the guest.
    pub(super) async fn release(&mut self, resource: ResourceAny) -> Outcome {
        match self.held.parts() {
            Some((instance, site, _)) => {
                let release = instance.release_async(resource, self.request, site);
                release.await
            }
            None => self.held.refusal(),
        }
    }

    /// The call is over. Its instance is kept or dropped, and whoever wants to know is told.
    #[inline(always)]
    pub(super) fn settle(&mut self, outcome: Outcome) -> Outcome {
        self.is_settled = true;
        match outcome {
            Ok(()) if self.admission.is_none() => {
                self.held.give_back();
                outcome
            }
            _ => self.tell(outcome),
        }
    }

    /// Ends a call that did not go well, or that somebody watches.
    #[cold]
    fn tell(&mut self, outcome: Outcome) -> Outcome {
        let usage = self.usage();
        match leaves_whole(&outcome) {
            true => self.held.give_back(),
            false => self.held = Held::Nothing,
        }
        let shared = &self.handle.shared;
        let error = outcome.as_ref().err().map(|unserved| unserved.error());
        if let Some(admission) = self.admission.take() {
            admission.end(shared.circuit.as_ref(), error, usage);
        }
        if let Some(error) = error {
            shared.counters.failed(error);
        }
        outcome
    }

    /// What the call used, if somebody watches.
    fn usage(&mut self) -> Option<observe::Usage> {
        self.admission.as_ref()?;
        self.held.parts().map(|(instance, ..)| instance.usage())
    }
}

impl<W: World> Drop for Lease<'_, W> {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        let usage = self.usage();
        self.held = Held::Nothing;
        let shared = &self.handle.shared;
        if let Some(admission) = self.admission.take() {
            admission.abandoned(shared.circuit.as_ref(), usage);
        }
        shared.counters.dropped();
    }
}

/// Gets the instance that serves a call.
async fn hold<'h, W: World>(
    handle: &'h Handle<W>,
    request: Request<'h>,
    by: ServedBy,
) -> Outcome<Held<'h, W>> {
    if let Some(opened) = &handle.session {
        let turn = opened.slot.turn(request, &opened.loaded.plan).await?;
        return Ok(Held::Session(turn, opened));
    }
    if by == ServedBy::Session {
        return Err(needs_session(handle, request));
    }
    let pool = handle.shared.pool.as_deref();
    let mut place = pool.and_then(Pool::enter);
    if let Some(kept) = place.take_if(|kept| !kept.is_empty()) {
        return Ok(Held::Kept(kept));
    }
    let made_from = handle.loaded();
    let counters = &handle.shared.counters;
    let plan = &made_from.plan;
    let made = plan.instantiate_async(request, counters, pool.is_some());
    let instance = made.await?;
    Ok(match place {
        Some(place) => {
            let generation = made_from.generation;
            Held::Kept(place.filled(instance, made_from, generation))
        }
        None => Held::Fresh(Box::new(instance), made_from),
    })
}
