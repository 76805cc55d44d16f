//! Host functions that may wait: how they are offered to guests, and what happens around each call
//! of one.
//!
//! A bound on the future of a generic closure cannot be written, so what `call_host` does around a
//! closure is done here in steps: generated code takes the host, awaits its method, and puts it
//! back.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use wasmtime::AsContext as _;
use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::import::{Cx, Guest, Interface, refused, unusable};
use super::state::AnyHost;
use super::table::{Tables, dropped};
use crate::error::fault::Step;
use crate::error::panic::panicked;

/// What an import comes to that was called by a guest on a stack of its own.
pub(crate) type Answer<'a, R> = Box<dyn Future<Output = wasmtime::Result<R>> + Send + 'a>;

impl Interface<'_> {
    /// Adds a function that may wait.
    ///
    /// # Errors
    /// [`Fault::Misuse`](crate::error::fault::Fault::Misuse) if the interface already has a
    /// function of that name.
    pub fn func_async<F, P, R>(&mut self, name: &str, func: F) -> Step
    where
        F: for<'a> Fn(Cx<'a>, P) -> Answer<'a, R> + Send + Sync + 'static,
        P: ComponentNamedList + Lift + 'static,
        R: ComponentNamedList + Lower + 'static,
    {
        self.inner
            .func_wrap_async(name, func)
            .map_err(|error| refused(name, &error))
    }
}

/// The host, taken out of the store for the time of an import.
///
/// Whoever drops the import's future drops the host with it. Then the instance is dropped as well.
pub struct HostCall<H, T> {
    host: Option<Box<dyn AnyHost>>,
    import: &'static str,
    types: PhantomData<fn() -> (H, T)>,
}

impl<H: Send + 'static, T: Tables> HostCall<H, T> {
    /// Takes the host.
    ///
    /// # Errors
    /// That it is in use, which the engine rules out.
    pub fn take(cx: &mut Cx<'_>, import: &'static str) -> wasmtime::Result<Self> {
        let state = cx.data_mut();
        match state.host.get().take() {
            Some(host) => {
                state.awaited = Some(import);
                Ok(Self {
                    host: Some(host),
                    import,
                    types: PhantomData,
                })
            }
            None => Err(unusable(import, "is already running one of its imports")),
        }
    }

    /// The host's state, its tables, and the guest's memory to borrow the arguments from.
    ///
    /// # Errors
    /// That the host is of another type, which generated code rules out.
    pub fn parts<'a>(
        &'a mut self,
        cx: &'a Cx<'_>,
    ) -> wasmtime::Result<(&'a mut H, &'a mut T, Guest<'a>)> {
        let import = self.import;
        match self.host.as_deref_mut().and_then(|host| host.of()) {
            Some(host) => {
                let guest = Guest::new(cx.as_context(), import);
                Ok((&mut host.state, &mut host.tables, guest))
            }
            None => Err(unusable(import, "was linked for a host of another type")),
        }
    }

    /// Puts the host back.
    pub fn put_back(mut self, cx: &mut Cx<'_>) {
        let state = cx.data_mut();
        *state.host.get() = self.host.take();
        state.awaited = None;
    }
}

impl<H, T> Drop for HostCall<H, T> {
    fn drop(&mut self) {
        if let Some(host) = self.host.take() {
            dropped("an instance", AssertUnwindSafe(|| drop(host)));
        }
    }
}

impl<H, T> fmt::Debug for HostCall<H, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostCall")
            .field("import", &self.import)
            .finish_non_exhaustive()
    }
}

/// The future of a host's method, whose panics end at the guest: those on polling it abort the
/// guest that called it, and those on dropping it half-way are logged. Neither unwinds through the
/// guest's stack.
#[derive(Debug)]
pub struct Caught<'a, F> {
    import: &'static str,
    call: Pin<&'a mut Option<F>>,
}

/// Awaits an import that is pinned by the caller.
pub fn caught<'a, F>(import: &'static str, call: Pin<&'a mut Option<F>>) -> Caught<'a, F> {
    Caught { import, call }
}

impl<R, F: Future<Output = Step<R>>> Future for Caught<'_, F> {
    /// An error is what aborts the guest.
    type Output = wasmtime::Result<R>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(call) = self.call.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        // The instance is dropped after a panic and the host with it, so nobody sees either in a
        // state that the panic left broken.
        match catch_unwind(AssertUnwindSafe(|| call.poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(result))) => Poll::Ready(Ok(result)),
            Ok(Poll::Ready(Err(fault))) => Poll::Ready(Err((*fault).into())),
            Err(panic) => Poll::Ready(Err(panicked(self.import, &*panic).into())),
        }
    }
}

impl<F> Drop for Caught<'_, F> {
    fn drop(&mut self) {
        dropped("an import", AssertUnwindSafe(|| self.call.set(None)));
    }
}
