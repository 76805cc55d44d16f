//! A guest runs: what comes before and after the one line that enters its code.
//!
//! It knows a store and what may be used up, and not what is called.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use wasmtime::Store;

use super::classify::classify;
use super::request::Request;
use crate::error::engine_text::chain;
use crate::error::fault::{Fault, Step};
use crate::error::outcome::{Outcome, Unserved};
use crate::error::panic::panicked;
use crate::guard::cancel::{Armed, Cancel};
use crate::store::state::State;
use crate::values::signature::Function;
use crate::wasi::blocking::may_block;

/// What an instance may use up in one call, or in all destructors between two calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Of the engine's clock.
    pub(crate) ticks: u64,
    /// Instructions, on an engine that counts them.
    pub(crate) fuel: Option<u64>,
}

/// What came of the line that enters a guest: a panic, an error of the engine, or a value.
pub(super) type Returned<R> = thread::Result<wasmtime::Result<R>>;

/// Lets a guest run: within its budget, and with every way in which it can end turned into a
/// result. `line` enters it.
#[inline(always)]
pub(crate) fn run<R>(
    store: &mut Store<State>,
    budget: Budget,
    request: Request<'_>,
    line: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Outcome<R> {
    begin(store, budget, request)?;
    let returned = caught(store, line);
    end(store, request, returned)
}

/// Before a guest runs: gives it its budget.
#[inline(always)]
fn begin(store: &mut Store<State>, budget: Budget, request: Request<'_>) -> Outcome {
    match request.cancel {
        None => store.set_epoch_deadline(budget.ticks),
        Some(cancel) => arm(store, budget.ticks, cancel),
    }
    make_ready(store, budget, request)
}

/// Fills up the fuel, and has the store's data made ready for a call.
#[inline(always)]
pub(super) fn make_ready(
    store: &mut Store<State>,
    budget: Budget,
    request: Request<'_>,
) -> Outcome {
    if let Some(fuel) = budget.fuel
        && let Err(fault) = refuel(store, fuel)
    {
        return Err(failed(*fault, store.data(), request.function));
    }
    store.data_mut().begin();
    Ok(())
}

/// Enters the guest.
///
/// Panics of imports are caught where they happen. What is caught here comes from the host's
/// implementation of WASI, which has no other place for it.
#[inline(always)]
fn caught<R>(
    store: &mut Store<State>,
    line: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Returned<R> {
    catch_unwind(AssertUnwindSafe(|| match store.data().uses_wasi() {
        true => may_block(|| {
            let result = line(store);
            store.data_mut().flush();
            result
        }),
        false => line(store),
    }))
}

/// After a guest ran: every way in which it can end becomes a result.
#[inline(always)]
pub(super) fn end<R>(
    store: &mut Store<State>,
    request: Request<'_>,
    returned: Returned<R>,
) -> Outcome<R> {
    if request.cancel.is_some() {
        disarm(store);
    }
    let result = match returned {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => return Err(stopped(error, store, request.function)),
        Err(panic) => return Err(unwound(&*panic, store, request.function)),
    };
    store.data_mut().settle();
    Ok(result)
}

#[cold]
fn stopped(error: wasmtime::Error, store: &mut Store<State>, function: Function) -> Box<Unserved> {
    failed(classify(error, store.data_mut()), store.data(), function)
}

#[cold]
fn unwound(panic: &(dyn Any + Send), store: &Store<State>, function: Function) -> Box<Unserved> {
    failed(panicked("", panic), store.data(), function)
}

#[cold]
fn disarm(store: &mut Store<State>) {
    store.data_mut().armed = None;
}

/// What comes of a call in which something went wrong after it was begun.
#[cold]
fn failed(fault: Fault, state: &State, function: Function) -> Box<Unserved> {
    Unserved::failed(fault.during(&state.charter.guest, &function))
}

/// Makes the next call look at each tick whether it is cancelled, and end after `ticks`.
#[cold]
pub(super) fn arm(store: &mut Store<State>, ticks: u64, cancel: &Arc<Cancel>) {
    let clock = Arc::clone(&store.data().charter.clock);
    store.data_mut().armed = Some(Armed {
        cancel: Arc::clone(cancel),
        deadline: clock.now() + ticks,
        clock,
    });
    store.set_epoch_deadline(1);
}

/// Fills up the fuel of a store whose engine counts it.
fn refuel(store: &mut Store<State>, fuel: u64) -> Step {
    store.set_fuel(fuel).map_err(|error| {
        let reason = format!("the engine does not count fuel ({})", chain(&error)).into();
        Box::new(Fault::Internal { reason })
    })
}
