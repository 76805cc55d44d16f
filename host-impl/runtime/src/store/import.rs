//! Host functions: how they are offered to guests, and what happens around each call of one.
//!
//! Generated closures name their arguments and call [`call_host`]; everything that must not go
//! wrong is in here.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::component::{
    ComponentNamedList, Lift, LinkerInstance, Lower, ResourceType, WasmList, WasmStr,
};
use wasmtime::{AsContext as _, StoreContext, StoreContextMut};

use super::borrowed::{Borrowed, Memory};
use super::decoded::Decoded;
use super::state::State;
use super::table::Tables;
use crate::error::boxed;
use crate::error::engine_text::chain;
use crate::error::fault::{Fault, Step};
use crate::error::panic::{self, panicked};
use crate::error::untrusted;
use crate::values::floats::{Float, FloatList};
use crate::values::integers::Integer;

/// The interface through which a guest hands over the message of its panic.
pub(crate) const PANIC_INTERFACE: &str = "abide:guest/panic@0.1.0";

/// The store of the instance that calls an import.
pub type Cx<'a> = StoreContextMut<'a, State>;

/// Where a world's imports are offered.
#[derive(Debug)]
pub struct Linker {
    inner: Inner,
}

struct Inner(wasmtime::component::Linker<State>);

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Linker")
    }
}

impl Linker {
    pub(crate) fn new(engine: &wasmtime::Engine) -> Self {
        Self {
            inner: Inner(wasmtime::component::Linker::new(engine)),
        }
    }

    /// An interface to add functions to, or the world itself if `name` is empty.
    ///
    /// # Errors
    /// [`Fault::Misuse`] if the interface was already added.
    pub fn interface(&mut self, name: &str) -> Step<Interface<'_>> {
        let inner = match name {
            "" => self.inner.0.root(),
            name => self
                .inner
                .0
                .instance(name)
                .map_err(|error| refused(name, &error))?,
        };
        Ok(Interface { inner })
    }

    pub(crate) fn wasmtime(&mut self) -> &mut wasmtime::component::Linker<State> {
        &mut self.inner.0
    }

    /// Offers the interface by which guests hand over the messages of their panics.
    pub(crate) fn offer_panic(&mut self) -> Step {
        self.interface(PANIC_INTERFACE)?.func(
            "panicked",
            |mut cx: Cx<'_>, (message,): (WasmStr,)| {
                let text = match message.to_str(cx.as_context()) {
                    Ok(text) => untrusted::lines(text, panic::LONGEST),
                    // The guest is about to stop; what it says last must not hide that.
                    Err(_) => Box::from("(a message that is not UTF-8)"),
                };
                cx.data_mut().panic = Some(text);
                Ok(())
            },
        )
    }
}

/// One interface of a [`Linker`].
pub struct Interface<'a> {
    pub(super) inner: LinkerInstance<'a, State>,
}

impl fmt::Debug for Interface<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interface").finish_non_exhaustive()
    }
}

impl Interface<'_> {
    /// Adds a function.
    ///
    /// # Errors
    /// [`Fault::Misuse`] if the interface already has a function of that name.
    pub fn func<F, P, R>(&mut self, name: &str, func: F) -> Step
    where
        F: Fn(Cx<'_>, P) -> wasmtime::Result<R> + Send + Sync + 'static,
        P: ComponentNamedList + Lift + 'static,
        R: ComponentNamedList + Lower + 'static,
    {
        self.inner
            .func_wrap(name, func)
            .map_err(|error| refused(name, &error))
    }
}

impl Interface<'_> {
    /// Adds a resource: `drop` drops the value of a handle that the guest dropped. `path` is the
    /// resource's name in messages.
    ///
    /// # Errors
    /// [`Fault::Misuse`] if the interface already has something of that name.
    pub fn resource<Tag: 'static, H: Send + 'static, T: Tables>(
        &mut self,
        name: &str,
        path: &'static str,
        drop: fn(&mut T, u32) -> Step,
    ) -> Step {
        let ty = ResourceType::host::<Tag>();
        self.inner
            .resource(name, ty, move |cx, handle| {
                call_host::<H, T, ()>(cx, path, |_, tables, _| drop(tables, handle))
            })
            .map_err(|error| refused(name, &error))
    }
}

#[cold]
pub(super) fn refused(name: &str, error: &wasmtime::Error) -> Box<Fault> {
    let error = chain(error);
    Box::new(Fault::Misuse {
        problem: format!(
            "the engine did not accept `{name}` as an import ({error}); offer each import once"
        )
        .into(),
    })
}

/// The memory of the guest that calls an import, to borrow its arguments from.
pub struct Guest<'a> {
    store: StoreContext<'a, State>,
    import: &'static str,
    decoded: Decoded,
}

impl fmt::Debug for Guest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest")
            .field("import", &self.import)
            .finish_non_exhaustive()
    }
}

impl<'a> Guest<'a> {
    pub(super) fn new(store: StoreContext<'a, State>, import: &'static str) -> Self {
        Self {
            store,
            import,
            decoded: Decoded::default(),
        }
    }
}

impl Guest<'_> {
    /// A string argument, borrowed from the guest's memory if the guest's strings are UTF-8.
    ///
    /// # Errors
    /// [`Fault::AbiViolation`] if it is not valid text.
    pub fn string(&self, string: &WasmStr) -> Step<Cow<'_, str>> {
        string.to_str(self.store.as_context()).map_err(|error| {
            Box::new(Fault::AbiViolation {
                import: self.import,
                reason: boxed(&error),
            })
        })
    }

    /// A borrowed argument, and the memory that it is in.
    ///
    /// # Errors
    /// [`Fault::AbiViolation`] if the memory is not where it was when the argument was passed.
    pub fn open<W>(&self, argument: Borrowed<W>) -> Step<(W, Memory<'_>)> {
        argument.open(&self.store, &self.decoded, self.import)
    }

    /// A list of integers, borrowed from the guest's memory.
    pub fn list<T: Integer>(&self, list: &WasmList<T>) -> &[T] {
        T::slice(list, self.store.as_context())
    }

    /// A list of floats, borrowed from the guest's memory.
    pub fn floats<F: Float>(&self, list: &FloatList<F>) -> &[F] {
        list.slice(self.store.as_context())
    }
}

/// Calls the host's implementation of an import, with the host's tables of resources beside it.
///
/// The host is taken out of the store for the time of the call. So the implementation may have it
/// by `&mut` while its arguments are borrowed from the store, and a panic leaves the store as it
/// was.
///
/// # Errors
/// What aborts the guest: an error returned by `call`, or the panic that it ended in.
pub fn call_host<H, T, R>(
    mut cx: Cx<'_>,
    import: &'static str,
    call: impl FnOnce(&mut H, &mut T, Guest<'_>) -> Step<R>,
) -> wasmtime::Result<R>
where
    H: Send + 'static,
    T: Tables,
{
    let Some(mut host) = cx.data_mut().host.get().take() else {
        return Err(unusable(import, "is already running one of its imports"));
    };
    let outcome = match host.of::<H, T>() {
        Some(host) => {
            let guest = Guest::new(cx.as_context(), import);
            // The instance is dropped after a panic and the host with it, so nobody sees either in
            // a state that the panic left broken.
            Some(catch_unwind(AssertUnwindSafe(|| {
                call(&mut host.state, &mut host.tables, guest)
            })))
        }
        None => None,
    };
    *cx.data_mut().host.get() = Some(host);
    match outcome {
        Some(Ok(Ok(result))) => Ok(result),
        Some(Ok(Err(fault))) => Err((*fault).into()),
        Some(Err(panic)) => Err(panicked(import, &*panic).into()),
        None => Err(unusable(import, "was linked for a host of another type")),
    }
}

/// What should not happen, said in a way that can be reported.
#[cold]
pub(super) fn unusable(import: &'static str, what: &str) -> wasmtime::Error {
    let reason = format!("the guest called `{import}` and {what}").into();
    Fault::Internal { reason }.into()
}
