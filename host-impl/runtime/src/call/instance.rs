//! One instance of a guest: made, called, and dropped after any failure.
//!
//! It knows components and limits. It does not know worlds, and not who keeps an instance or for
//! how long.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use wasmtime::Store;
use wasmtime::component::{ComponentNamedList, Lift, Lower, ResourceAny, TypedFunc};

use super::body::{Body, Pre};
use super::callback::{Callback, CallbackType, RawResult as _, Returned as _};
use super::dropped::Dropped;
use super::export::Export;
#[cfg(feature = "async")]
use super::fibre;
use super::observe::Usage;
use super::passing::Passing;
use super::request::Request;
use super::run::{Budget, run};
use super::stats::{Counters, Tally};
use crate::code::components::Code;
use crate::engine::Engine;
use crate::engine::permits::{Denied, Permit};
use crate::error::Error;
use crate::error::fault::{Fault, Step};
use crate::error::outcome::{Outcome, Unserved};
use crate::error::panic::panicked;
use crate::guard::cancel::Armed;
use crate::guard::clock::ticks;
use crate::store::charter::Charter;
use crate::store::module::watch;
use crate::store::state::{Host, HostState, State};
use crate::wasi::Wasi;

/// Everything that instances of one loaded guest are made from.
pub(crate) struct Plan {
    pub(crate) charter: Arc<Charter>,
    pub(crate) engine: Engine,
    /// How much of the engine an instance takes.
    pub(crate) room: u32,
    /// How many bytes the engine may count of what is handed to the host in one step.
    pub(crate) countable: usize,
    pub(crate) pre: Pre,
    /// What is granted, if the guest imports WASI at all.
    pub(crate) wasi: Option<Wasi>,
    pub(crate) host: Arc<dyn HostState>,
    /// Whether the guest runs on stacks of its own, and its calls are futures.
    pub(crate) on_fibres: bool,
    /// Only held: others that load the same component share it for as long.
    pub(crate) _code: Arc<Code>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("charter", &self.charter)
            .field("engine", &self.engine)
            .field("wasi", &self.wasi)
            .finish_non_exhaustive()
    }
}

/// A running instance and its store.
pub(crate) struct Instance {
    // In the order in which they are dropped: the permit promises a free place in the engine's
    // pool.
    pub(super) store: Store<State>,
    pub(super) body: Body,
    pub(super) budget: Budget,
    /// What destructors may use up until the next call, and how many calls there were when that was
    /// last told.
    releases: (Budget, u64),
    permit: Permit,
    /// How often it was called.
    calls: u64,
    counters: Arc<Counters>,
    /// Its own counts, if it is kept for more than one call.
    tally: Option<Arc<Tally>>,
    /// Where its resources wait to be released, if it is kept for as long as the host has some.
    pub(super) dropped: Option<Arc<Dropped>>,
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("state", self.store.data())
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// A new instance, for a call or to be `kept` for more than one.
    pub(crate) fn instantiate(
        &self,
        request: Request<'_>,
        counters: &Arc<Counters>,
        kept: bool,
    ) -> Outcome<Instance> {
        let wait = self.charter.limits.wait;
        let permit = self
            .engine
            .permit(self.room, wait, || request.is_cancelled());
        let permit = permit.map_err(|denied| self.denied(denied, request))?;
        let (mut store, budget) = self.store(request)?;
        // Start functions run during instantiation: it is a call like any other.
        let body = run(&mut store, budget, request, |store| {
            self.pre.instantiate(store)
        })?;
        Ok(started(store, body, budget, permit, counters, kept))
    }

    /// What comes of a call for which there is no room.
    #[cold]
    pub(super) fn denied(&self, denied: Denied, request: Request<'_>) -> Box<Unserved> {
        let guest = &self.charter.guest;
        Unserved::refused(match denied {
            Denied::Cancelled => request.cancelled(guest),
            Denied::TimedOut { free } => Error::Busy {
                guest: Arc::clone(guest),
                function: request.name(),
                session: false,
                needed: self.room,
                free,
                waited: self.charter.limits.wait,
            },
        })
    }

    /// Everything of an instance but the instance, and what it may use up.
    pub(super) fn store(&self, request: Request<'_>) -> Outcome<(Store<State>, Budget)> {
        let Charter {
            guest,
            limits,
            quota,
            ..
        } = &*self.charter;
        let wasi = self.wasi.as_ref();
        let wasi = wasi.map(|wasi| Box::new(wasi.instance(guest, limits, quota)));
        // Also runs code of the host, which may panic like an import.
        let host = catch_unwind(AssertUnwindSafe(|| self.host.fresh())).map_err(|panic| {
            Unserved::failed(panicked("", &*panic).during(guest, &request.function))
        })?;
        let state = State::new(&self.charter, host, wasi);
        let mut store = Store::new(self.engine.wasmtime(), state);
        store.limiter(|state| &mut state.meter);
        store.set_hostcall_fuel(self.countable);
        store.set_max_component_handles(limits.handles);
        match self.on_fibres {
            #[cfg(feature = "async")]
            true => store.epoch_deadline_callback(|cx| fibre::at_tick(cx.data())),
            _ => store.epoch_deadline_callback(|cx| Armed::at_tick(cx.data().armed.as_ref())),
        }
        let budget = Budget {
            ticks: ticks(limits.deadline),
            fuel: self
                .engine
                .kind()
                .fuel
                .then(|| limits.fuel.unwrap_or(u64::MAX)),
        };
        Ok((store, budget))
    }
}

/// An instance that was started.
pub(super) fn started(
    store: Store<State>,
    body: Body,
    budget: Budget,
    permit: Permit,
    counters: &Arc<Counters>,
    kept: bool,
) -> Instance {
    counters.started();
    Instance {
        store,
        body,
        budget,
        releases: (budget, 0),
        permit,
        calls: 0,
        counters: Arc::clone(counters),
        tally: kept.then(|| counters.keep()),
        dropped: None,
    }
}

impl Instance {
    /// Calls an export, and puts what it returns into `out`.
    ///
    /// What is returned is not moved on the way up: it is written in small pieces, and a processor
    /// that reads them as one large one waits until all are written.
    #[inline(always)]
    pub(crate) fn call<P, R>(
        &mut self,
        export: &Export<P, R>,
        request: Request<'_>,
        params: P,
        out: &mut Option<R>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let Some(func) = self.func(export) else {
            return Err(foreign(request, self.store.data()));
        };
        let store = &mut self.store;
        let outcome = run(store, self.budget, request, |store| {
            *out = Some(func.call(store, params)?);
            Ok(())
        });
        self.count();
        outcome
    }

    /// The function that an export is here.
    #[inline(always)]
    pub(super) fn func<P, R>(&mut self, export: &Export<P, R>) -> Option<TypedFunc<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        match &mut self.body {
            Body::Component(instance, last) => export.lookup(instance, &mut self.store, last),
            Body::Module(..) => None,
        }
    }

    /// Calls what a module exports, and puts what it returns into `out`.
    pub(crate) fn call_back<F: CallbackType>(
        &mut self,
        callback: &Callback<F>,
        request: Request<'_>,
        args: F::Args,
        out: &mut Option<F::Result>,
    ) -> Outcome {
        let store = &mut self.store;
        let func = match &mut self.body {
            Body::Module(instance, found) => callback.lookup(instance, store, found),
            Body::Component(..) => None,
        };
        let Some(func) = func else {
            return Err(foreign(request, store.data()));
        };
        let name = request.function.0.name;
        let core = F::core(args);
        let outcome = run(store, self.budget, request, |store| {
            F::with_bits(&core, |bits| watch::begins(store.data_mut(), name, bits))?;
            let returned = func.call(&mut *store, core)?;
            watch::ended(store.data_mut(), name, returned.bits())?;
            let returned = F::Result::returned(returned);
            let returned = returned.map_err(|bad| {
                let reason = format!("what it returned is no good: {bad}").into();
                Fault::AbiViolation { import: "", reason }
            })?;
            *out = Some(returned);
            Ok(())
        });
        self.count();
        outcome
    }

    /// The host of a guest that is a module, if it is of that type.
    pub(crate) fn host<E: 'static>(&mut self) -> Option<&mut E> {
        let host: &mut dyn Any = &mut **self.store.data_mut().host.get().as_mut()?;
        let host = host.downcast_mut::<Host<E, ()>>()?;
        Some(&mut host.state)
    }

    /// How many bytes of memory it has.
    pub(crate) fn memory(&self) -> usize {
        self.store.data().meter.memory() as usize
    }

    /// From now on the host may have resources of its guest. Where they wait to be released.
    pub(crate) fn keep_resources(&mut self) -> Arc<Dropped> {
        Arc::clone(self.dropped.get_or_insert_default())
    }

    /// Calls an export that passes handles.
    #[inline(always)]
    pub(crate) fn call_with<'x, P, R, T>(
        &mut self,
        export: &Export<P, R>,
        request: Request<'_>,
        prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
        finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
        out: &mut Option<T>,
    ) -> Outcome
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift + 'static,
    {
        let Some(func) = self.func(export) else {
            return Err(foreign(request, self.store.data()));
        };
        let store = &mut self.store;
        let mut passing = Passing::new(store, self.dropped.as_deref());
        let outcome = passed(
            &mut passing,
            func,
            self.budget,
            request,
            prepare,
            finish,
            out,
        );
        drop(passing);
        self.count();
        outcome
    }

    /// Runs the destructor of a resource of the guest, on what those before it have left since the
    /// last call.
    pub(crate) fn release(&mut self, resource: ResourceAny, request: Request<'_>) -> Outcome {
        let (left, begun) = self.left_for_releases();
        let result = run(&mut self.store, left, request, |store| {
            resource.resource_drop(store)
        });
        self.released(begun);
        result
    }

    /// What destructors may still use, and the tick at which the next one begins.
    pub(super) fn left_for_releases(&mut self) -> (Budget, u64) {
        let (left, calls) = &mut self.releases;
        if *calls != self.calls {
            (*left, *calls) = (self.budget, self.calls);
        }
        (*left, self.store.data().charter.clock.now())
    }

    /// A destructor has run that began at a tick.
    pub(super) fn released(&mut self, begun: u64) {
        let left = &mut self.releases.0;
        let now = self.store.data().charter.clock.now();
        left.ticks = left.ticks.saturating_sub(now - begun);
        if left.fuel.is_some() {
            left.fuel = self.store.get_fuel().ok();
        }
    }

    /// Tells that it is about to be dropped, to make room.
    pub(crate) fn leaves(&mut self) {
        self.permit.leaves();
    }

    /// How often it was called.
    #[inline(always)]
    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    #[inline]
    pub(super) fn count(&mut self) {
        self.calls += 1;
        if let Some(tally) = &self.tally {
            tally.set(self.calls, self.store.data().meter.memory());
        }
    }

    /// What the last call used, as far as the store can tell.
    pub(crate) fn usage(&self) -> Usage {
        let left = || self.store.get_fuel().unwrap_or(0);
        Usage {
            fuel: self.budget.fuel.map(|fuel| fuel.saturating_sub(left())),
            ticks: 0,
            memory: self.store.data().meter.memory(),
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let memory = self.store.data().meter.memory();
        self.counters.ended(self.calls, memory, self.tally.as_ref());
    }
}

/// Calls an export with what `prepare` makes, and puts what `finish` makes of its result into
/// `out`.
#[inline(always)]
fn passed<'x, P, R, T>(
    passing: &mut Passing<'_, 'x>,
    func: TypedFunc<P, R>,
    budget: Budget,
    request: Request<'_>,
    prepare: impl FnOnce(&mut Passing<'_, 'x>) -> Step<P>,
    finish: impl FnOnce(&mut Passing<'_, 'x>, R) -> Step<T>,
    out: &mut Option<T>,
) -> Outcome
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift + 'static,
{
    let params = prepare(passing);
    let params = params.map_err(|fault| passing.refused(*fault, request.function))?;
    let mut returned = None;
    run(passing.handed_over(), budget, request, |store| {
        returned = Some(func.call(store, params)?);
        Ok(())
    })?;
    if let Some(returned) = returned {
        let result = finish(passing, returned);
        *out = Some(result.map_err(|fault| passing.failed(*fault, request.function))?);
    }
    Ok(())
}

/// What comes of a call of an export that was looked up in another component, which generated code
/// never makes.
#[cold]
pub(super) fn foreign(request: Request<'_>, state: &State) -> Box<Unserved> {
    let problem = Box::from("it was looked up in another guest; use the handle that it came from");
    let fault = Fault::Misuse { problem };
    Unserved::refused(fault.during(&state.charter.guest, &request.function))
}
