//! A guest runs on a stack of its own, a fibre: a call is a future, and whoever polls it has its
//! thread back whenever the guest waits for its host, and at each tick of the clock.
//!
//! It knows a store and what may be used up, and not what is called.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use wasmtime::{Store, Trap, UpdateDeadline};
use wasmtime_wasi::runtime::with_ambient_tokio_runtime;

use super::request::Request;
use super::run::{self, Budget, Returned, arm, make_ready};
use crate::error::fault::Fault;
use crate::error::outcome::Outcome;
use crate::error::panic;
use crate::guard::alarms::Alarm;
use crate::guard::cancel::Cancel;
use crate::guard::nesting::{Inside, Polling};
use crate::guard::{clock, fork};
use crate::store::charter::Charter;
use crate::store::state::State;

/// What is known of an instance beside its store, while a call borrows that.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) charter: &'a Charter,
    /// What a guest may have of its stack, in bytes.
    pub(crate) stack: usize,
    /// The address of the session that the instance is of.
    pub(crate) session: Option<usize>,
}

/// Before a guest runs on a fibre: gives it its budget. From the first tick on it lets others run.
pub(super) fn begin(
    store: &mut Store<State>,
    budget: Budget,
    request: Request<'_>,
) -> Outcome<Deadline> {
    match request.cancel {
        None => store.set_epoch_deadline(1),
        Some(cancel) => arm(store, budget.ticks, cancel),
    }
    let state = store.data_mut();
    state.until = state.charter.clock.now() + budget.ticks;
    let deadline = Deadline {
        until: state.until,
        uses_wasi: state.uses_wasi(),
    };
    make_ready(store, budget, request)?;
    Ok(deadline)
}

/// What a call that [begins](begin) has to end by.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// The tick at which its time is over.
    until: u64,
    uses_wasi: bool,
}

/// Whether a guest on a fibre came back, or why it did not. It fits into registers, as what it returns
/// goes another way.
pub(super) type CameBack = Result<(), Box<Stopped>>;

/// Why a guest did not come back.
pub(super) enum Stopped {
    Error(wasmtime::Error),
    Panic(Box<dyn Any + Send>),
}

/// After a guest ran on a fibre: every way in which it can end becomes a result.
#[inline]
pub(super) fn end(store: &mut Store<State>, request: Request<'_>, came_back: CameBack) -> Outcome {
    let returned: Returned<()> = match came_back {
        Ok(()) => Ok(Ok(())),
        Err(stopped) => match *stopped {
            Stopped::Error(error) => Ok(Err(error)),
            Stopped::Panic(panic) => Err(panic),
        },
    };
    let flushed = match store.data().uses_wasi() {
        // What it wrote may go to a function of the host.
        true => catch_unwind(AssertUnwindSafe(|| store.data_mut().flush())),
        false => Ok(()),
    };
    run::end(store, request, flushed.and(returned))
}

/// What is to happen at a tick while a guest runs: others run, unless its time is over.
pub(super) fn at_tick(state: &State) -> wasmtime::Result<UpdateDeadline> {
    if let Some(armed) = &state.armed
        && armed.cancel.is_cancelled()
    {
        return Err(Fault::Cancelled.into());
    }
    if state.charter.clock.now() >= state.until {
        return Ok(UpdateDeadline::Interrupt);
    }
    // tokio's own way to yield and not wasmtime's, where a task wakes itself: only before the
    // former does a runtime with one thread look at its timers and sockets. On another executor it
    // is the same as wasmtime's.
    let others = Box::pin(tokio::task::yield_now());
    Ok(UpdateDeadline::YieldCustom(1, others))
}

/// A call as it is polled, under watch: its time, its cancellation and its panics. What is over, or
/// dropped half-way, is dropped in here, and its fibre unwound.
///
/// There are no timers of any runtime in this: the engine's clock wakes.
pub(super) struct Watched<'a, F> {
    // Not in groups: what is written in pieces and moved as a whole makes a processor wait.
    charter: &'a Charter,
    stack: usize,
    session: Option<usize>,
    cancel: Option<&'a Cancel>,
    until: u64,
    uses_wasi: bool,
    call: Pin<&'a mut Option<F>>,
    /// Set when the call waits for the first time.
    alarm: Option<Alarm<'a>>,
    is_done: bool,
}

/// Watches a call that is pinned by the caller.
#[inline(always)]
pub(super) fn watched<'a, F>(
    site: Site<'a>,
    request: Request<'a>,
    deadline: Deadline,
    call: Pin<&'a mut Option<F>>,
) -> Watched<'a, F> {
    Watched {
        charter: site.charter,
        stack: site.stack,
        session: site.session,
        cancel: request.cancel.map(|cancel| &**cancel),
        until: deadline.until,
        uses_wasi: deadline.uses_wasi,
        call,
        alarm: None,
        is_done: false,
    }
}

impl<F> Watched<'_, F> {
    /// Why to wait no longer.
    fn over(&self) -> Option<wasmtime::Error> {
        if self.cancel.is_some_and(Cancel::is_cancelled) {
            return Some(Fault::Cancelled.into());
        }
        let is_over = self.charter.clock.now() >= self.until;
        is_over.then(|| Trap::Interrupt.into())
    }

    /// Why to go on nowhere near here.
    #[inline]
    fn refusal() -> Option<Fault> {
        if fork::has_happened() {
            return Some(Fault::Forked);
        }
        clock::is_here().then(|| Fault::Misuse {
            problem: Box::from(
                "its future was polled by who woke it, on the thread of the engine's clock, which \
                 measures everybody's time; a waker has to pass its task on to another thread",
            ),
        })
    }

    /// When to look whether there is a reason to wait no longer.
    fn look(&self) -> u64 {
        match self.cancel {
            None => self.until,
            Some(_) => self.until.min(self.charter.clock.now() + 1),
        }
    }

    /// What is true for the guest and its host, and for nobody else on this thread.
    #[inline]
    fn inside(&self) -> (Polling, Option<Inside>) {
        let session = self.session.map(Inside::enter);
        (Polling::enter(self.stack), session)
    }
}

impl<F: Future<Output = wasmtime::Result<()>>> Future for Watched<'_, F> {
    type Output = CameBack;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(refusal) = Self::refusal() {
            return Poll::Ready(Err(Box::new(Stopped::Error(refusal.into()))));
        }
        let inside = self.inside();
        let uses_wasi = self.uses_wasi;
        let Some(call) = self.call.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        // Panics of imports are caught where they happen. What is caught here comes from the host's
        // implementation of WASI, which has no other place for it.
        let polled = catch_unwind(AssertUnwindSafe(|| match uses_wasi {
            // Which has its own runtime, where this executor is none of tokio's.
            true => with_ambient_tokio_runtime(|| call.poll(cx)),
            false => call.poll(cx),
        }));
        drop(inside);
        match polled {
            Ok(Poll::Ready(done)) => {
                self.is_done = true;
                return Poll::Ready(done.map_err(|error| Box::new(Stopped::Error(error))));
            }
            Err(panic) => return Poll::Ready(Err(Box::new(Stopped::Panic(panic)))),
            Ok(Poll::Pending) => {}
        }
        if let Some(over) = self.over() {
            return Poll::Ready(Err(Box::new(Stopped::Error(over))));
        }
        let is_set = |alarm: &Alarm<'_>| alarm.is_set_for(cx.waker());
        if !self.alarm.as_ref().is_some_and(is_set) {
            let clock = &self.charter.clock;
            self.alarm = Some(clock.wake_at(self.look(), cx.waker()));
        }
        Poll::Pending
    }
}

impl<F> Drop for Watched<'_, F> {
    #[inline]
    fn drop(&mut self) {
        // Of a call that returned nothing is left that is anybody's.
        if !self.is_done {
            self.end();
        }
    }
}

impl<F> Watched<'_, F> {
    /// Drops the call half-way.
    #[cold]
    fn end(&mut self) {
        let _inside = self.inside();
        // The futures of the host's functions contain their panics. This is for WASI's.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.call.set(None))) {
            let message = panic::shown(&*panic);
            tracing::error!(target: "abide::host", "dropping a call panicked: {message}");
        }
    }
}
