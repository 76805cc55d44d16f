//! What the store of one instance carries: the host's own state and the runtime's beside it.
//!
//! It knows no types of the host or of the world; both are behind `dyn AnyHost` and closures.

use std::fmt;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use wasmtime_wasi::{WasiCtxView, WasiView};
#[cfg(feature = "http")]
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};

use super::charter::Charter;
use super::module::memory::GuestMemory;
use super::sole::Sole;
use super::table::{AnyTable, Tables, dropped};
use crate::guard::cancel::{Armed, Cancel};
use crate::guard::meter::Meter;
use crate::values::erased::{Erased, restored_mut};
use crate::wasi::{Granted, Grants, Wasi};

/// The data of an instance's store.
#[doc(hidden)]
pub struct State {
    /// The host and its resources. Taken out while an import runs, so that the import may borrow
    /// from the store.
    pub(crate) host: Sole<Option<Box<dyn AnyHost>>>,
    pub(crate) charter: Arc<Charter>,
    pub(crate) meter: Meter,
    /// The message of the guest's last panic, where the guest sent one.
    pub(crate) panic: Option<Box<str>>,
    pub(crate) wasi: Sole<Option<Box<Granted>>>,
    uses_wasi: bool,
    /// The import that is awaited; where none is, nothing.
    pub(crate) awaited: Option<&'static str>,
    /// Of a call on a stack of its own: the tick at which its time is over.
    #[cfg(feature = "async")]
    pub(crate) until: u64,
    /// The memory of a guest that is a module, once it is there.
    pub(crate) module: Option<GuestMemory>,
    /// Set while a call runs that can be cancelled.
    pub(crate) armed: Option<Armed>,
}

impl State {
    pub(crate) fn new(
        charter: &Arc<Charter>,
        host: Box<dyn AnyHost>,
        wasi: Option<Box<Granted>>,
    ) -> Self {
        Self {
            host: Sole::new(Some(host)),
            charter: Arc::clone(charter),
            meter: Meter::new(&charter.limits),
            panic: None,
            uses_wasi: wasi.is_some(),
            wasi: Sole::new(wasi),
            awaited: None,
            #[cfg(feature = "async")]
            until: 0,
            module: None,
            armed: None,
        }
    }

    /// Forgets what only the error of a failed call would have told.
    #[inline]
    pub(crate) fn settle(&mut self) {
        if self.panic.is_some() {
            self.panic = None;
        }
        self.meter.forgive();
        if let Some(wasi) = self.wasi.get() {
            wasi.settle();
        }
    }

    /// Tells what a call has begun to write and not ended.
    #[inline]
    pub(crate) fn flush(&mut self) {
        if let Some(wasi) = self.wasi.get() {
            wasi.flush();
        }
    }

    /// Makes ready for a call.
    #[inline]
    pub(crate) fn begin(&mut self) {
        if let Some(wasi) = self.wasi.get() {
            wasi.begin();
        }
    }

    #[inline]
    pub(crate) fn uses_wasi(&self) -> bool {
        self.uses_wasi
    }
}

impl Grants for State {
    fn granted(&mut self) -> &mut Granted {
        let Self { wasi, charter, .. } = self;
        // Instances of guests that import WASI are made with it. Should one ever not be, it has
        // nothing.
        wasi.get().get_or_insert_with(|| {
            Box::new(Wasi::new().instance(&charter.guest, &charter.limits, &charter.quota))
        })
    }

    fn cancel(&self) -> Option<Arc<Cancel>> {
        self.armed.as_ref().map(|armed| Arc::clone(&armed.cancel))
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.granted().view()
    }
}

#[cfg(feature = "http")]
impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.granted().http()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let host = self.host.get().take();
        dropped("an instance", AssertUnwindSafe(|| drop(host)));
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("guest", &self.charter.guest)
            .finish_non_exhaustive()
    }
}

/// What an instance has of its host: a clone of the host's state, and the values that the guest has
/// handles on.
pub(crate) struct Host<H, T> {
    // Dropped first: these may use what the state keeps.
    pub(crate) tables: T,
    pub(crate) state: H,
}

/// A [`Host`] whose types are not known.
pub(crate) trait AnyHost: Erased + Send {
    /// The table of a resource.
    fn table(&mut self, index: usize) -> Option<&mut dyn AnyTable>;
}

impl<H: Send + 'static, T: Tables> AnyHost for Host<H, T> {
    fn table(&mut self, index: usize) -> Option<&mut dyn AnyTable> {
        self.tables.table(index)
    }
}

impl dyn AnyHost {
    /// The host, if these are its types.
    #[inline(always)]
    pub(crate) fn of<H: 'static, T: 'static>(&mut self) -> Option<&mut Host<H, T>> {
        restored_mut(self)
    }
}

/// A host that instances are made for: each gets a clone of its own.
pub(crate) trait HostState: Send + Sync {
    fn fresh(&self) -> Box<dyn AnyHost>;
}

/// The host that a guest was loaded with.
pub(crate) struct Prototype<H, T> {
    pub(crate) state: H,
    pub(crate) tables: PhantomData<fn() -> T>,
}

impl<H: Clone + Send + Sync + 'static, T: Tables> HostState for Prototype<H, T> {
    fn fresh(&self) -> Box<dyn AnyHost> {
        Box::new(Host {
            tables: T::default(),
            state: self.state.clone(),
        })
    }
}
